"""Which listed articles are asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.due import ASK_AGAIN_AFTER, in_window, is_due
from storage.known import KnownArticle
from storage.records import Capture, CapturePurpose, Channel, DayInterval, Disposition

NOW = dt.datetime(2022, 10, 1, 18, 0, tzinfo=dt.UTC)
PLACE = ("Tin", Channel.LIST)
ENTRY = ("Bài một", dt.date(2022, 9, 30), "30/09/2022")


def known(
    *, has_version: bool, entry: tuple[str | None, dt.date | None, str | None] = ENTRY
) -> KnownArticle:
    return KnownArticle(
        article_id=1, has_version=has_version, sightings={PLACE: entry}, last_try=None
    )


def tried(disposition: Disposition, *, days_ago: float, status: int | None = None) -> Capture:
    return Capture(
        run_id=1,
        url="http://a.test/1",
        article_id=1,
        purpose=CapturePurpose.ARTICLE,
        captured_at=NOW - dt.timedelta(days=days_ago),
        disposition=disposition,
        status=status,
    )


def due(article: KnownArticle | None, last_try: Capture | None = None) -> bool:
    return is_due(article, ENTRY, place=PLACE, last_try=last_try, now=NOW)


def test_an_article_never_seen_before_is_due() -> None:
    assert due(None)


def test_an_article_that_was_read_and_is_listed_as_before_is_not_due() -> None:
    assert not due(known(has_version=True))


@pytest.mark.parametrize(
    "before",
    [
        ("Bài 1", *ENTRY[1:]),
        (ENTRY[0], dt.date(2022, 9, 29), ENTRY[2]),
        (*ENTRY[:2], "30-09-2022"),
    ],
)
def test_an_article_whose_list_entry_changed_is_due(
    before: tuple[str, dt.date, str],
) -> None:
    assert due(known(has_version=True, entry=before))


def test_a_place_that_lists_a_read_article_for_the_first_time_changes_nothing() -> None:
    entry = ("Bài khác", None, None)
    place = ("Mục khác", Channel.FEED)
    assert not is_due(known(has_version=True), entry, place=place, last_try=None, now=NOW)


@pytest.mark.parametrize(
    ("last_try", "expected"),
    [
        (None, True),
        (tried(Disposition.HTTP_ERROR, status=404, days_ago=1), False),
        (tried(Disposition.HTTP_ERROR, status=410, days_ago=6), False),
        (tried(Disposition.HTTP_ERROR, status=404, days_ago=7), True),
        (tried(Disposition.HTTP_ERROR, status=500, days_ago=1), True),
        (tried(Disposition.HTTP_ERROR, status=200, days_ago=1), True),
        (tried(Disposition.NOT_AN_ARTICLE, status=200, days_ago=1), False),
        (tried(Disposition.UNREADABLE, status=200, days_ago=1), False),
        (tried(Disposition.UNREADABLE, status=200, days_ago=8), True),
        (tried(Disposition.OFF_SITE, status=302, days_ago=1), False),
        (tried(Disposition.NETWORK_ERROR, days_ago=1), True),
        (tried(Disposition.BLOCKED, status=403, days_ago=1), True),
        (tried(Disposition.ROBOTS_DENIED, days_ago=1), True),
        (tried(Disposition.INTERRUPTED, status=200, days_ago=1), True),
    ],
)
def test_an_article_without_a_text_is_due_by_how_its_last_try_ended(
    last_try: Capture | None,
    expected: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert due(known(has_version=False), last_try) is expected


def test_an_answer_that_will_hardly_change_stands_for_a_week() -> None:
    assert dt.timedelta(days=7) == ASK_AGAIN_AFTER


def test_the_window_takes_its_first_day_and_undated_entries_but_not_its_end() -> None:
    window = DayInterval(dt.date(2022, 9, 1), dt.date(2022, 10, 1))
    assert in_window(None, window)
    assert in_window(dt.date(2022, 9, 1), window)
    assert not in_window(dt.date(2022, 10, 1), window)
    assert not in_window(dt.date(2022, 8, 31), window)
