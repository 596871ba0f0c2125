from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.articles import (
    attachments_of,
    ensure_articles,
    find_article,
    known_articles,
    record_sightings,
    record_version,
    sightings_of,
    version,
    versions_of,
)
from storage.captures import add_captures, finish_run, start_run
from storage.digests import content_digest
from storage.errors import DatabaseError
from storage.records import (
    Attachment,
    AttachmentState,
    Capture,
    CapturePurpose,
    Channel,
    CrawlRun,
    DateCandidate,
    DateSource,
    Disposition,
    Extraction,
    RunOutcome,
    Sighting,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Connection, Database

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
URL = "http://xa-a.test/bai-1"
DAY = dt.date(2022, 9, 5)


def _article(c: Connection, url: str = URL) -> int:
    return ensure_articles(c, "xa-a", [url], first_seen_at=START)[url]


def _sighting(article_id: int, capture_id: int, **changes: object) -> Sighting:
    fields: dict[str, object] = {
        "article_id": article_id,
        "capture_id": capture_id,
        "section": "Tin tức",
        "channel": Channel.LIST,
        "title": "Khai trương",
        "date_published": DAY,
        "date_published_raw": "05/09",
        "seen_at": START,
    }
    return Sighting(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


# ------------------------------------------------------------------------------ articles


def test_an_address_is_one_article_first_seen_once(db: Database, capture_id: int) -> None:
    assert capture_id
    with db.write() as c:
        first = ensure_articles(c, "xa-a", [URL, URL, URL + "2"], first_seen_at=START)
        again = ensure_articles(c, "xa-a", [URL + "3", URL], first_seen_at=START + HOUR)
        assert again[URL] == first[URL]
        assert len({*first.values(), *again.values()}) == 3
        found = find_article(c, URL)
        assert found is not None
        assert found.first_seen_at == START
        assert ensure_articles(c, "xa-a", [], first_seen_at=START) == {}


def test_ten_thousand_addresses_fit_in_one_call(db: Database, run_id: int) -> None:
    assert run_id
    urls = [f"http://xa-a.test/{n}" for n in range(10_000)]
    with db.write() as c:
        first = ensure_articles(c, "xa-a", urls, first_seen_at=START)
        assert ensure_articles(c, "xa-a", urls, first_seen_at=START) == first
    assert list(first) == urls
    assert sorted(first.values()) == list(first.values())


def test_the_same_address_on_two_sites_is_two_articles(
    db: Database, run_id: int, run: CrawlRun
) -> None:
    assert run_id
    with db.write() as c:
        start_run(c, replace(run, site="xa-b"))
        a = ensure_articles(c, "xa-a", [URL], first_seen_at=START)
        b = ensure_articles(c, "xa-b", [URL], first_seen_at=START)
        assert a[URL] != b[URL]


def test_an_article_is_found_by_id_address_and_the_address_of_a_capture(
    db: Database,
    make_capture: Callable[..., Capture],
    make_extraction: Callable[..., Extraction],
) -> None:
    printed = "http://xa-a.test/index.php?id=1&utm_source=x"
    with db.write() as c:
        key = _article(c)
        other = _article(c, URL + "2")
        (capture_id,) = add_captures(c, [make_capture(printed)])
        record_version(
            c, key, capture_id=capture_id, extraction=make_extraction(), extracted_at=START
        )
        for text in (str(key), f" {URL} ", printed):
            found = find_article(c, text)
            assert found is not None
            assert (found.id, found.site, found.canonical_url) == (key, "xa-a", URL)
        add_captures(c, [make_capture(printed + "2", article_id=other)])
        for text in (URL + "2", printed + "2"):
            found = find_article(c, text)
            assert found is not None
            assert found.id == other
        assert find_article(c, "http://xa-a.test/khong-co") is None
        assert find_article(c, "999") is None
        assert find_article(c, "99999999999999999999") is None


# ----------------------------------------------------------------------------- sightings


def test_a_sighting_is_stored_when_new_or_different(db: Database, capture_id: int) -> None:
    changes: list[dict[str, object]] = [
        {"title": "Sửa"},
        {"date_published": DAY + dt.timedelta(days=1)},
        {"date_published_raw": "5/9"},
        {"title": None},
        {"date_published": None},
        {"date_published_raw": None},
    ]
    with db.write() as c:
        key = _article(c)
        assert record_sightings(c, [_sighting(key, capture_id)]) == 1
        same = _sighting(key, capture_id, seen_at=START + HOUR)
        assert record_sightings(c, [same]) == 0
        for number, change in enumerate(changes, start=2):
            changed = _sighting(key, capture_id, seen_at=START + number * HOUR, **change)
            assert record_sightings(c, [changed]) == 1


def test_each_section_and_channel_is_compared_with_itself(db: Database, capture_id: int) -> None:
    with db.write() as c:
        key, other = _article(c), _article(c, URL + "2")
        given = [
            _sighting(key, capture_id),
            _sighting(key, capture_id, section="Một cửa"),
            _sighting(key, capture_id, channel=Channel.FEED),
            _sighting(other, capture_id),
            _sighting(key, capture_id),
        ]
        assert record_sightings(c, given) == 4
        assert sightings_of(c, key) == given[:3]
        assert sightings_of(c, other) == given[3:4]


# ------------------------------------------------------------------------------ versions


def test_a_version_comes_back_as_it_was(
    db: Database, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    extraction = make_extraction(byline="Lan", source_line="Nguồn: Cổng TTĐT")
    with db.write() as c:
        key = _article(c)
        assert record_version(
            c, key, capture_id=capture_id, extraction=extraction, extracted_at=START
        )
        (stored,) = versions_of(c, key)
        assert version(c, stored.id) == stored
    assert stored.extraction == extraction
    assert (stored.article_id, stored.number, stored.capture_id) == (key, 1, capture_id)
    assert stored.extracted_at == START
    assert stored.content_sha256 == content_digest(extraction)
    assert stored.search_text.splitlines() == [
        "xã a khai trương một cửa",
        "sáng nay.",
        "bộ phận một cửa hoạt động. người dân hài lòng.",
    ]


def test_a_version_that_does_not_exist_is_said_so(db: Database) -> None:
    with pytest.raises(DatabaseError, match="4711"), db.read() as c:
        version(c, 4711)


def test_the_same_content_is_no_new_version_and_a_change_back_is(
    db: Database, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    old, new = make_extraction(), make_extraction(body="Khác.")

    def record(extraction: Extraction, hour: int) -> bool:
        return record_version(
            c, key, capture_id=capture_id, extraction=extraction, extracted_at=START + hour * HOUR
        )

    with db.write() as c:
        key = _article(c)
        told = [record(old, 0), record(old, 1), record(new, 2), record(new, 3), record(old, 4)]
        assert told == [True, False, True, False, True]
        assert [v.number for v in versions_of(c, key)] == [1, 2, 3]


# -------------------------------------------------------------------------------- known


def test_a_crawl_learns_what_is_known(
    db: Database,
    run_id: int,
    run: CrawlRun,
    make_capture: Callable[..., Capture],
    make_extraction: Callable[..., Extraction],
) -> None:
    gone, unseen = URL + "-gone", URL + "-unseen"
    with db.write() as c:
        keys = ensure_articles(c, "xa-a", [URL, gone, unseen], first_seen_at=START)
        listed, read, *_ = add_captures(
            c,
            [
                make_capture("http://xa-a.test/", purpose=CapturePurpose.LIST),
                make_capture(URL),
                make_capture(gone, disposition=Disposition.STORED),
                make_capture(
                    gone, disposition=Disposition.HTTP_ERROR, captured_at=START + 2 * HOUR
                ),
                make_capture(gone, disposition=Disposition.BLOCKED, captured_at=START + HOUR),
                make_capture(unseen, purpose=CapturePurpose.LIST),
            ],
        )
        record_version(
            c, keys[URL], capture_id=read, extraction=make_extraction(), extracted_at=START
        )
        record_sightings(
            c,
            [
                _sighting(keys[URL], listed, title="cũ"),
                _sighting(keys[URL], listed, title="mới", seen_at=START + HOUR),
                _sighting(keys[URL], listed, channel=Channel.FEED, date_published=None),
            ],
        )
        finish_run(
            c,
            run_id,
            finished_at=START + HOUR,
            outcome=RunOutcome.COMPLETE,
            reason=None,
            counters={},
        )
        known = known_articles(c, "xa-a")
        assert known_articles(c, "xa-b") == {}
    assert set(known) == {URL, gone, unseen}
    assert [known[url].has_version for url in (URL, gone, unseen)] == [True, False, False]
    assert [known[url].day for url in (URL, gone, unseen)] == [DAY, None, None]
    assert known[URL].article_id == keys[URL]
    assert known[URL].sightings == {
        ("Tin tức", Channel.LIST): ("mới", DAY, "05/09"),
        ("Tin tức", Channel.FEED): ("Khai trương", None, "05/09"),
    }
    assert known[URL].last_try == (START, Disposition.STORED)
    assert known[gone].last_try == (START + 2 * HOUR, Disposition.HTTP_ERROR)
    assert known[unseen].last_try is None
    assert run.started_at == START


def test_section_days_pictures_and_documents_come_back_as_they_were(
    db: Database, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    extraction = replace(
        make_extraction(),
        section="Cải cách hành chính",
        images=("http://xa-a.test/1.jpg", "http://xa-a.test/2.jpg"),
        text_note="TCVN3",
        date_candidates=(
            DateCandidate(source=DateSource.META, raw="2022-09-04", day=dt.date(2022, 9, 4)),
            DateCandidate(source=DateSource.TEMPLATE, raw="(05/09)", day=None, refusal="no year"),
        ),
        attachments=(
            Attachment(
                url="http://xa-a.test/a.pdf",
                title="Tại đây",
                state=AttachmentState.READ,
                capture_id=capture_id,
            ),
            Attachment(url="http://xa-a.test/b.xlsx", title=None),
        ),
    )
    with db.write() as c:
        article_id = _article(c)
        record_version(
            c, article_id, capture_id=capture_id, extraction=extraction, extracted_at=START
        )
    with db.read() as c:
        (stored,) = versions_of(c, article_id)
        assert attachments_of(c, stored.id) == extraction.attachments
        assert replace(stored.extraction, attachments=extraction.attachments) == extraction


def test_a_document_that_was_read_has_a_capture(
    db: Database, capture_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    unlinked = Attachment(url="http://a.test/a.pdf", title=None, state=AttachmentState.READ)
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        record_version(
            c,
            _article(c),
            capture_id=capture_id,
            extraction=replace(make_extraction(), attachments=(unlinked,)),
            extracted_at=START,
        )
