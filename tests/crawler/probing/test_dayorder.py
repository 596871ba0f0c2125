"""Day before month or after it: decided over all days of a site."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.dates import read_day
from crawler.probing.dayorder import Order, Printed, decide

CAPTURED_AT = dt.datetime(2024, 12, 31, 5, tzinfo=dt.UTC)


def printed(*texts: str) -> list[Printed]:
    return [Printed(text, CAPTURED_AT) for text in texts]


def order_of(*lists: list[Printed], articles: list[Printed] | None = None) -> Order:
    return decide(lists, articles or ()).order


def test_one_day_over_twelve_decides_for_the_whole_site() -> None:
    assert order_of(printed("03/06/2024 09:02", "25/06/2024 10:00")) is Order.DAY_FIRST
    assert order_of(printed("03/06/2024 09:02"), printed("06/25/2024")) is Order.MONTH_FIRST


def test_a_site_that_writes_both_ways_is_not_decided() -> None:
    assert order_of(printed("25/06/2024"), printed("06/25/2024")) is Order.MIXED


def test_without_days_in_digits_there_is_no_order() -> None:
    assert order_of(printed("12 Tháng Chín, 2022", "2022-09-12"), printed("")) is Order.NONE


def test_days_that_fit_both_ways_are_weighed_by_the_order_of_their_list() -> None:
    # Newest first: 5 Dec, 4 Nov, 3 Oct; read month first it would climb and fall.
    assert order_of(printed("05/12/2024", "04/11/2024", "10/10/2024")) is Order.DAY_FIRST
    assert order_of(printed("12/05/2024", "11/04/2024", "10/10/2024")) is Order.MONTH_FIRST


def test_a_day_that_would_lie_after_the_capture_speaks_against_its_reading() -> None:
    early = dt.datetime(2024, 6, 10, 5, tzinfo=dt.UTC)
    assert decide([[Printed("05/12/2024", early)]]).order is Order.MONTH_FIRST
    assert decide([[Printed("12/05/2024", early)]]).order is Order.DAY_FIRST


def test_the_same_article_s_iso_day_speaks_for_its_reading() -> None:
    both = [Printed("03/06/2024", CAPTURED_AT, certain=dt.date(2024, 3, 6))]
    assert order_of(articles=both) is Order.MONTH_FIRST


def test_days_that_nothing_decides_are_left_undecided() -> None:
    assert order_of(printed("03/06/2024")) is Order.UNDECIDED


def test_one_pinned_item_does_not_turn_the_order_round() -> None:
    items = ["01/01/2024", "12/10/2024", "11/09/2024", "10/08/2024", "09/07/2024", "08/06/2024"]
    assert order_of(printed(*items, "12/05/2024", "02/04/2024", "11/03/2024")) is Order.DAY_FIRST


DAYS = st.lists(st.dates(dt.date(2000, 1, 1), dt.date(2024, 12, 30)), min_size=1, max_size=30)


@given(days=DAYS, separator=st.sampled_from("/.-"), is_day_first=st.booleans())
def test_a_decided_order_reads_every_day_of_the_site_right(
    days: list[dt.date], separator: str, *, is_day_first: bool
) -> None:
    first, second = ("%d", "%m") if is_day_first else ("%m", "%d")
    form = separator.join((first, second, "%Y"))
    decision = decide([printed(day.strftime(form)) for day in days])
    if not any(day.day > 12 for day in days):
        assert decision.order is Order.UNDECIDED
        return
    assert decision.order is (Order.DAY_FIRST if is_day_first else Order.MONTH_FIRST)
    for day in days:
        read = read_day(day.strftime(form), formats=decision.formats, captured_at=CAPTURED_AT)
        assert day == read.day


@pytest.mark.parametrize("text", ["192.168.1.2024", "31/02/2024/5", "điện thoại 0233 3 456", "\0"])
def test_what_is_no_day_is_passed_over(text: str) -> None:
    assert order_of(printed(text)) is Order.NONE
