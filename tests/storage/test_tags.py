from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.articles import ensure_articles, record_version, versions_of
from storage.errors import DatabaseError
from storage.records import (
    ArticleVersion,
    Field,
    Level,
    Span,
    TaggedVersion,
    Tagging,
    Taxonomy,
    Verdict,
)
from storage.tags import (
    record_tags,
    register_taxonomy,
    tagger_as_of,
    tags_of,
    taxonomy_as_of,
    untagged_versions,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Database
    from storage.records import Extraction

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
URL = "http://xa-a.test/bai-1"


def _tagging(topic: str = "mot-cua", **changes: object) -> Tagging:
    fields: dict[str, object] = {
        "topic": topic,
        "level": Level.MAIN,
        "verdict": Verdict.ASSIGNED,
        "score": 0.9,
        "reason": "chủ đề nằm ở tiêu đề",
        "spans": (
            Span(field=Field.HEADLINE, start=19, end=26, text="một cửa", cue="một cửa", weight=2.5),
            Span(field=Field.BODY, start=0, end=3, text="Bộ ", cue="x", weight=-1.0),
        ),
    }
    return Tagging(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def _tagged(
    version: ArticleVersion, *taggings: Tagging, tagger: str = "rules@1", hour: int = 1
) -> TaggedVersion:
    return TaggedVersion(
        version_id=version.id,
        tagger=tagger,
        taxonomy_release="2022.1",
        tagged_at=START + hour * HOUR,
        taggings=taggings,
    )


@pytest.fixture
def versions(
    db: Database, capture_id: int, make_extraction: Callable[..., Extraction]
) -> list[ArticleVersion]:
    """Three versions of one article."""
    with db.write() as c:
        key = ensure_articles(c, "xa-a", [URL], first_seen_at=START)[URL]
        for hour in range(3):
            record_version(
                c,
                key,
                capture_id=capture_id,
                extraction=make_extraction(f"Tin {hour}"),
                extracted_at=START + hour * HOUR,
            )
        return versions_of(c, key)


# ------------------------------------------------------------------------------ taxonomies


def test_a_taxonomy_comes_back_as_it_was_in_its_order(db: Database, taxonomy: Taxonomy) -> None:
    with db.write() as c:
        assert taxonomy_as_of(c, START) is None
        register_taxonomy(c, taxonomy, registered_at=START)
        register_taxonomy(c, taxonomy, registered_at=START + HOUR)
        assert taxonomy_as_of(c, START) == taxonomy
        assert taxonomy_as_of(c, START - HOUR) is None


def test_the_taxonomy_registered_last_is_in_use(db: Database, taxonomy: Taxonomy) -> None:
    newer = replace(taxonomy, release="2022.2", digest="d2", headline_tags=())
    with db.write() as c:
        register_taxonomy(c, taxonomy, registered_at=START)
        register_taxonomy(c, newer, registered_at=START + HOUR)
        assert taxonomy_as_of(c, START) == taxonomy
        assert taxonomy_as_of(c, START + HOUR) == newer


def test_a_release_in_use_cannot_be_edited(db: Database, taxonomy: Taxonomy) -> None:
    with db.write() as c:
        register_taxonomy(c, taxonomy, registered_at=START)
    with pytest.raises(DatabaseError, match=r"2022\.1"), db.write() as c:
        register_taxonomy(c, replace(taxonomy, digest="other"), registered_at=START + HOUR)


# ------------------------------------------------------------------------------------ tags


def test_tags_come_back_as_they_were(db: Database, versions: list[ArticleVersion]) -> None:
    told = _tagged(
        versions[0],
        _tagging(),
        _tagging("chuyen-doi-so", level=Level.MENTION, verdict=Verdict.UNCERTAIN, spans=()),
    )
    with db.write() as c:
        record_tags(c, [told])
        assert tags_of(c, versions[0].id, "rules@1") == told
        assert tags_of(c, versions[0].id, "rules@2") is None
        assert tags_of(c, versions[1].id, "rules@1") is None


def test_a_version_about_nothing_is_tagged_all_the_same(
    db: Database, versions: list[ArticleVersion]
) -> None:
    none = _tagging(level=Level.NONE, verdict=Verdict.REJECTED, spans=())
    with db.write() as c:
        record_tags(c, [_tagged(versions[0], none)])
        assert tags_of(c, versions[0].id, "rules@1") == _tagged(versions[0])
        assert versions[0] not in untagged_versions(c, "rules@1", limit=9)


def test_untagged_versions_are_those_this_tagger_has_not_read(
    db: Database, versions: list[ArticleVersion]
) -> None:
    with db.write() as c:
        assert untagged_versions(c, "rules@1", limit=9) == versions
        assert untagged_versions(c, "rules@1", limit=2) == versions[:2]
        record_tags(c, [_tagged(versions[1], _tagging(), _tagging("chuyen-doi-so"))])
        assert untagged_versions(c, "rules@1", limit=9) == [versions[0], versions[2]]
        assert untagged_versions(c, "rules@2", limit=9) == versions


def test_what_a_tagger_said_first_stays(db: Database, versions: list[ArticleVersion]) -> None:
    first = _tagged(versions[0], _tagging())
    second = _tagged(versions[0], _tagging("chuyen-doi-so"), hour=2)
    with db.write() as c:
        record_tags(c, [first, second])
        record_tags(c, [second, _tagged(versions[1])])
        assert tags_of(c, versions[0].id, "rules@1") == first
        assert tags_of(c, versions[1].id, "rules@1") == _tagged(versions[1])


def test_the_tagger_that_tagged_last_is_the_one_in_use(
    db: Database, versions: list[ArticleVersion]
) -> None:
    with db.write() as c:
        record_tags(c, [_tagged(versions[0], tagger="rules@2", hour=5)])
        record_tags(c, [_tagged(versions[0], hour=1), _tagged(versions[1], tagger="b", hour=5)])
        assert tagger_as_of(c, START) is None
        assert tagger_as_of(c, START + HOUR) == "rules@1"
        assert tagger_as_of(c, START + 5 * HOUR) == "b"


@pytest.mark.parametrize("wrong", [_tagging("khong-co"), _tagging(score=1.5), _tagging(score=-0.1)])
def test_an_unknown_topic_or_an_impossible_score_is_refused(
    db: Database, versions: list[ArticleVersion], wrong: Tagging
) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        record_tags(c, [_tagged(versions[0], wrong)])
    with db.read() as c:
        assert tags_of(c, versions[0].id, "rules@1") is None
