"""Sketches and sections of versions, in both databases."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from storage.articles import ensure_articles, record_sightings, record_version, versions_of
from storage.records import (
    Channel,
    Level,
    Review,
    Sighting,
    TaggedVersion,
    Tagging,
    Verdict,
)
from storage.reviews import add_reviews
from storage.sections import sections_as_of
from storage.sketches import TextSketch, add_sketches, sketches_of, source_lines_of, unsketched
from storage.tags import record_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Connection, Database
    from storage.records import Extraction

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
METHOD = "giống@1/thử"


@pytest.fixture
def versions(
    db: Database, capture_id: int, make_extraction: Callable[..., Extraction]
) -> list[int]:
    """Four articles with a version each; the second names a source and a section."""
    with db.write() as c:
        urls = [f"http://xa-a.test/{number}" for number in range(4)]
        ids = list(ensure_articles(c, "xa-a", urls, first_seen_at=START).values())
        for number, article in enumerate(ids):
            named = {"source_line": "Nguồn: Báo", "section": "Tin"} if number == 1 else {}
            record_version(
                c,
                article,
                capture_id=capture_id,
                extraction=make_extraction(f"Tin {number}", **named),
                extracted_at=START + HOUR,
            )
        return [versions_of(c, article)[0].id for article in ids]


def sketch(version: int, method: str = METHOD, data: bytes | None = b"\x00\xff") -> TextSketch:
    return TextSketch(version_id=version, method=method, letters=200, syllables=50, sketch=data)


def tag(c: Connection, version: int, level: Level, verdict: Verdict) -> None:
    tagging = Tagging(topic="mot-cua", level=level, verdict=verdict, score=0.5, reason="lý do")
    tagged = TaggedVersion(
        version_id=version,
        tagger="rules@1",
        taxonomy_release="2022.1",
        tagged_at=START + HOUR,
        taggings=(tagging,),
    )
    record_tags(c, [tagged])


def test_sketches_come_back_by_version_and_method(db: Database, versions: list[int]) -> None:
    first, second, third, _ = versions
    with db.write() as c:
        stored = [sketch(first), sketch(second, data=None), sketch(third, "khác")]
        add_sketches(c, stored)
        assert sketches_of(c, versions, method=METHOD) == {first: stored[0], second: stored[1]}
        assert sketches_of(c, [], method=METHOD) == {}


def test_asked_for_a_sketch_is_what_is_about_a_topic_and_has_none_of_this_method(
    db: Database, versions: list[int]
) -> None:
    first, second, third, fourth = versions
    with db.write() as c:
        tag(c, first, Level.MAIN, Verdict.UNCERTAIN)
        tag(c, second, Level.MAIN, Verdict.REJECTED)
        tag(c, third, Level.MENTION, Verdict.ASSIGNED)
        tag(c, fourth, Level.MAIN, Verdict.ASSIGNED)
        assert unsketched(c, method=METHOD, most=9) == [first, fourth]
        review = Review(
            version_id=third,
            taxonomy_release="2022.1",
            topic="mot-cua",
            level=Level.MAIN,
            reviewer="cán bộ",
            reason="đúng",
            reviewed_at=START + 2 * HOUR,
        )
        add_reviews(c, [review])
        assert unsketched(c, method=METHOD, most=9) == [first, third, fourth]
        assert unsketched(c, method=METHOD, most=1) == [first]
        add_sketches(c, [sketch(first), sketch(fourth, "khác")])
        assert unsketched(c, method=METHOD, most=9) == [third, fourth]


def test_the_line_that_names_a_source_is_given_by_version(
    db: Database, versions: list[int]
) -> None:
    with db.read() as c:
        assert source_lines_of(c, versions) == {versions[1]: "Nguồn: Báo"}


def test_sections_are_those_of_lists_and_pages_as_known_then(
    db: Database, versions: list[int], capture_id: int
) -> None:
    with db.write() as c:
        listed = [
            Sighting(
                article_id=2,
                capture_id=capture_id,
                section=section,
                channel=Channel.LIST,
                title="Tin",
                date_published=None,
                date_published_raw=None,
                seen_at=START + hour * HOUR,
            )
            for section, hour in (("Cải cách", 0), ("Lịch", 3))
        ]
        record_sightings(c, listed)
        assert len(versions) == 4
        assert sections_as_of(c, START) == {2: ("Cải cách",)}
        assert sections_as_of(c, START + HOUR) == {2: ("Cải cách", "Tin")}
        assert sections_as_of(c, START + 3 * HOUR) == {2: ("Cải cách", "Lịch", "Tin")}
