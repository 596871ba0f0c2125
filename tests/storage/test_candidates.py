from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from storage.articles import (
    ensure_articles,
    record_sightings,
    record_version,
    versions_of,
)
from storage.candidates import candidates
from storage.captures import add_captures
from storage.digests import FoldedText, text_digest
from storage.records import (
    Capture,
    CapturePurpose,
    Channel,
    DateSource,
    Disposition,
    Extraction,
    Level,
    Sighting,
    TaggedVersion,
    Tagging,
    Verdict,
)
from storage.tags import record_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Connection, Database
    from storage.records import Candidate

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
INSTANT = dt.timedelta(microseconds=1)
URL = "http://xa-a.test/bai-1"
DAY = dt.date(2022, 9, 5)


def _the_only(c: Connection, hours: float = 99, *, tagger: str | None = None) -> Candidate:
    (candidate,) = candidates(c, START + hours * HOUR, tagger=tagger)
    return candidate


def _sight(c: Connection, article_id: int, capture_id: int, **changes: object) -> None:
    fields: dict[str, object] = {
        "article_id": article_id,
        "capture_id": capture_id,
        "section": "Tin tức",
        "channel": Channel.LIST,
        "title": "Trên danh sách",
        "date_published": DAY,
        "date_published_raw": "05/09",
        "seen_at": START,
    }
    record_sightings(c, [Sighting(**(fields | changes))])  # type: ignore[arg-type]  # any field


@pytest.fixture
def article_id(db: Database, capture_id: int) -> int:
    assert capture_id
    with db.write() as c:
        return ensure_articles(c, "xa-a", [URL], first_seen_at=START)[URL]


def test_an_article_is_a_candidate_from_the_instant_it_was_first_seen(
    db: Database, article_id: int
) -> None:
    with db.read() as c:
        assert candidates(c, START - INSTANT, tagger=None) == []
        assert _the_only(c, 0).article_id == article_id


def test_an_article_of_which_nothing_is_known_but_its_address(db: Database, run_id: int) -> None:
    assert run_id
    with db.write() as c:
        ensure_articles(c, "xa-a", [URL], first_seen_at=START)
        candidate = _the_only(c, tagger="rules@1")
    assert (candidate.site, candidate.url, candidate.title) == ("xa-a", URL, URL)
    assert candidate.first_seen_at == START
    assert candidate.date_source is DateSource.NONE
    assert [
        candidate.version_id,
        candidate.capture_id,
        candidate.day,
        candidate.day_raw,
        candidate.text_sha256,
        candidate.unread,
        candidate.taggings,
    ] == [None] * 7


def test_the_newest_version_of_that_instant_is_what_counts(
    db: Database, article_id: int, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    old = make_extraction("Cũ")
    new = make_extraction("Mới", body="Khác.", date_published=dt.date(2022, 9, 6))
    with db.write() as c:
        for hour, extraction in ((1, old), (3, new)):
            record_version(
                c,
                article_id,
                capture_id=capture_id,
                extraction=extraction,
                extracted_at=START + hour * HOUR,
            )
        first, second = versions_of(c, article_id)
        assert _the_only(c, 0).version_id is None
        then, now = _the_only(c, 1), _the_only(c, 3)
    assert (then.version_id, then.title, then.day) == (first.id, "Cũ", DAY)
    assert (now.version_id, now.title, now.day) == (second.id, "Mới", dt.date(2022, 9, 6))
    assert now.capture_id == capture_id
    assert now.date_source is DateSource.META
    assert now.day_raw == "05/09/2022"
    assert now.text_sha256 == text_digest(FoldedText.of(new)) != then.text_sha256


@pytest.mark.parametrize(
    ("channel", "source"),
    [
        (Channel.LIST, DateSource.LIST),
        (Channel.FEED, DateSource.FEED),
        (Channel.SITEMAP, DateSource.FEED),
    ],
)
def test_an_unread_article_has_the_day_and_title_of_its_list(
    db: Database, article_id: int, capture_id: int, channel: Channel, source: DateSource
) -> None:
    with db.write() as c:
        _sight(c, article_id, capture_id, channel=channel)
        candidate = _the_only(c)
    assert (candidate.title, candidate.day, candidate.day_raw, candidate.date_source) == (
        "Trên danh sách",
        DAY,
        "05/09",
        source,
    )


def test_the_newest_sighting_that_has_a_title_and_the_newest_that_has_a_day(
    db: Database, article_id: int, capture_id: int
) -> None:
    with db.write() as c:
        _sight(c, article_id, capture_id, title="1", date_published_raw="một")
        _sight(
            c,
            article_id,
            capture_id,
            title="2",
            date_published=None,
            date_published_raw=None,
            seen_at=START + HOUR,
        )
        _sight(
            c,
            article_id,
            capture_id,
            channel=Channel.FEED,
            title=None,
            date_published=None,
            date_published_raw="hôm qua",
            seen_at=START + 2 * HOUR,
        )
        now, then = _the_only(c), _the_only(c, 0)
    assert (now.title, now.day, now.day_raw) == ("2", DAY, "một")
    assert now.date_source is DateSource.LIST
    assert then.title == "1"


def test_an_undated_version_borrows_the_day_of_the_list(
    db: Database, article_id: int, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    undated = make_extraction(
        date_published=None, date_source=DateSource.NONE, date_published_raw="32/13"
    )
    with db.write() as c:
        record_version(c, article_id, capture_id=capture_id, extraction=undated, extracted_at=START)
        refused = _the_only(c)
        _sight(c, article_id, capture_id, seen_at=START + HOUR)
        borrowed = _the_only(c)
    assert (refused.day, refused.day_raw, refused.date_source) == (None, "32/13", DateSource.NONE)
    assert (borrowed.day, borrowed.day_raw, borrowed.date_source) == (DAY, "05/09", DateSource.LIST)
    assert borrowed.title == undated.headline


def test_without_any_day_the_raw_text_of_the_list_is_kept(
    db: Database, article_id: int, capture_id: int
) -> None:
    with db.write() as c:
        _sight(c, article_id, capture_id, date_published=None, date_published_raw="hôm qua")
        candidate = _the_only(c)
    assert (candidate.day, candidate.day_raw) == (None, "hôm qua")
    assert candidate.date_source is DateSource.NONE


def test_an_unread_article_says_how_the_newest_try_ended(
    db: Database,
    run_id: int,
    make_capture: Callable[..., Capture],
    make_extraction: Callable[..., Extraction],
) -> None:
    assert run_id
    with db.write() as c:
        key = ensure_articles(c, "xa-a", [URL], first_seen_at=START)[URL]
        ids = add_captures(
            c,
            [
                make_capture(URL, disposition=Disposition.BLOCKED, captured_at=START + 2 * HOUR),
                make_capture(URL, disposition=Disposition.HTTP_ERROR, captured_at=START + HOUR),
                make_capture(
                    URL,
                    disposition=Disposition.LISTED,
                    purpose=CapturePurpose.LIST,
                    captured_at=START + 3 * HOUR,
                ),
                make_capture(URL + "2", disposition=Disposition.UNREADABLE),
            ],
        )
        assert [_the_only(c, hours).unread for hours in (0, 1, 2, 3)] == [
            None,
            Disposition.HTTP_ERROR,
            Disposition.BLOCKED,
            Disposition.BLOCKED,
        ]
        record_version(
            c,
            key,
            capture_id=ids[0],
            extraction=make_extraction(),
            extracted_at=START + 4 * HOUR,
        )
        assert _the_only(c).unread is None


def test_a_try_belongs_to_the_article_it_was_for_whatever_address_was_asked(
    db: Database, run_id: int, make_capture: Callable[..., Capture]
) -> None:
    assert run_id
    with db.write() as c:
        keys = ensure_articles(c, "xa-a", [URL, URL + "2"], first_seen_at=START)
        add_captures(
            c,
            [
                make_capture(
                    URL + "2",
                    article_id=keys[URL],
                    disposition=Disposition.NOT_AN_ARTICLE,
                ),
                make_capture(
                    URL,
                    disposition=Disposition.INTERRUPTED,
                    captured_at=START - HOUR,
                ),
            ],
        )
        found = [candidate.unread for candidate in candidates(c, START, tagger=None)]
    assert found == [Disposition.NOT_AN_ARTICLE, None]


def test_untagged_and_tagged_with_nothing_are_two_things(
    db: Database, article_id: int, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    main = Tagging(
        topic="mot-cua", level=Level.MAIN, verdict=Verdict.ASSIGNED, score=0.9, reason="ở tiêu đề"
    )
    with db.write() as c:
        for hour in (0, 2):
            record_version(
                c,
                article_id,
                capture_id=capture_id,
                extraction=make_extraction(f"Tin {hour}"),
                extracted_at=START + hour * HOUR,
            )
        first, second = versions_of(c, article_id)
        record_tags(
            c,
            [
                TaggedVersion(
                    version_id=version_id,
                    tagger=tagger,
                    taxonomy_release="2022.1",
                    tagged_at=START + hour * HOUR,
                    taggings=taggings,
                )
                for version_id, tagger, hour, taggings in (
                    (first.id, "rules@1", 1, (main,)),
                    (second.id, "rules@1", 3, ()),
                    (second.id, "rules@2", 4, (main,)),
                )
            ],
        )
        seen = [_the_only(c, hours, tagger="rules@1").taggings for hours in (0, 1, 2, 3)]
        assert seen == [None, {"mot-cua": main}, None, {}]
        assert _the_only(c, 4, tagger="rules@2").taggings == {"mot-cua": main}
        assert _the_only(c, 4, tagger="rules@3").taggings is None
        assert _the_only(c, 4, tagger=None).taggings is None


def test_candidates_take_the_same_few_questions_however_many_there_are(
    db: Database, run_id: int, make_extraction: Callable[..., Extraction], capture_id: int
) -> None:
    assert run_id
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    def questions() -> int:
        asked.clear()
        with db.read() as c:
            candidates(c, START + HOUR, tagger="rules@1")
        assert not any("body" in q.split("FROM")[0] for q in asked if "article_version" in q)
        return len([question for question in asked if question.lstrip().startswith("SELECT")])

    before = questions()
    with db.write() as c:
        urls = [f"{URL}-{n}" for n in range(30)]
        for key in ensure_articles(c, "xa-a", urls, first_seen_at=START).values():
            record_version(
                c,
                key,
                capture_id=capture_id,
                extraction=make_extraction(),
                extracted_at=START,
            )
            _sight(c, key, capture_id)
    assert questions() == before
