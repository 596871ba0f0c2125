"""The pages of lists, with their captures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.articles import ensure_articles, record_sightings
from storage.captures import add_captures
from storage.errors import DatabaseError
from storage.list_pages import LookedAt, add_list_pages, channels_of, pages_of_runs
from storage.records import CapturePurpose, Channel, Disposition, ListPage, Sighting, WarcPlace

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Database
    from storage.records import Capture

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)


def _page(capture_id: int, **changes: object) -> ListPage:
    fields: dict[str, object] = {
        "capture_id": capture_id,
        "section": "Tin tức",
        "channel": Channel.LIST,
        "number": 1,
    }
    return ListPage(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def test_pages_come_back_with_their_captures_in_their_order(
    db: Database, run_id: int, make_capture: Callable[..., Capture]
) -> None:
    given = [
        make_capture(
            f"http://xa-a.test/tin?p={n}",
            purpose=CapturePurpose.LIST,
            disposition=Disposition.LISTED,
            body_sha256="b" * 64,
            warc=WarcPlace(file="xa-a/1.warc.gz", offset=n, record_id=f"urn:uuid:{n}"),
        )
        for n in (1, 2)
    ]
    read = {"items": 10, "undated": 1}
    days = {"newest": dt.date(2022, 8, 31), "oldest": dt.date(2022, 8, 1)}
    with db.write() as c:
        first, second = add_captures(c, given)
        pages = [_page(first, **read, **days), _page(second, number=2)]
        add_list_pages(c, pages)
        assert pages_of_runs(c, [run_id, 77]) == {
            run_id: [
                LookedAt(page=page, capture=replace(capture, id=page.capture_id))
                for page, capture in zip(pages, given, strict=True)
            ],
            77: [],
        }


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"items": 3},
        {"items": 3, "undated": 4},
        {"newest": dt.date(2022, 8, 1)},
        {"newest": dt.date(2022, 8, 1), "oldest": dt.date(2022, 8, 2)},
    ],
)
def test_a_page_that_cannot_be_is_refused(
    db: Database, capture_id: int, wrong: dict[str, object]
) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        add_list_pages(c, [_page(capture_id, **wrong)])


def test_a_capture_is_one_page_only(db: Database, capture_id: int) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        add_list_pages(c, [_page(capture_id), _page(capture_id, number=2)])


def test_the_channels_of_an_article_are_those_that_had_shown_it_by_then(
    db: Database, capture_id: int
) -> None:
    with db.write() as c:
        ids = ensure_articles(
            c, "xa-a", ["http://xa-a.test/1", "http://xa-a.test/2"], first_seen_at=START
        )
        one, two = ids.values()
        sightings = [
            Sighting(
                article_id=article,
                capture_id=capture_id,
                section=section,
                channel=channel,
                title=title,
                date_published=None,
                date_published_raw=None,
                seen_at=START + dt.timedelta(hours=hours),
            )
            for article, section, channel, title, hours in (
                (one, "Tin tức", Channel.LIST, "Tin", 0),
                (one, "Tin tức", Channel.LIST, "Tin mới", 1),
                (one, "RSS", Channel.FEED, "Tin", 2),
                (two, "RSS", Channel.FEED, "Tin", 9),
            )
        ]
        record_sightings(c, sightings)
        assert channels_of(c, "xa-a", START + dt.timedelta(hours=2)) == {
            one: {("Tin tức", Channel.LIST), ("RSS", Channel.FEED)}
        }
        assert channels_of(c, "xa-b", START + dt.timedelta(hours=20)) == {}
