"""The order of a list, found out from its days by position."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.ordering import PINNED_AT_MOST, find_order, pinned
from storage.records import ListOrder

TOP = dt.date(2022, 9, 30)


def days(*back: int | None) -> list[dt.date | None]:
    """Give days counted back from the last of September."""
    return [None if one is None else TOP - dt.timedelta(days=one) for one in back]


@pytest.mark.parametrize(
    ("back", "order"),
    [
        ((0, 1, 1, 2, 5, 9), ListOrder.NEWEST_FIRST),
        ((0, None, 1, 2, None, 9), ListOrder.NEWEST_FIRST),
        ((300, 90, 0, 1, 2, 3, 4, 5), ListOrder.PINNED_ON_TOP),
        ((0, 1, 2, 200, 3, 4, 5, 6, 7, 8), ListOrder.LAST_CHANGE),
        ((0, 200, 1, 2, 3, 4, 5, 6, 7, 8), ListOrder.LAST_CHANGE),
        ((5, 4, 3, 2, 1, 0), ListOrder.UNORDERED),
        ((0, 9, 1, 8, 2, 7, 3), ListOrder.UNORDERED),
        # One that stands too low: something newer may lie further down again.
        ((*range(10, 22), 0, *range(22, 28)), ListOrder.UNORDERED),
        # Three in descending order below an old one prove no pin.
        ((300, 0, 1, 2), ListOrder.UNORDERED),
        ((0, 0, 0, 0), None),
        ((0,), None),
        ((), None),
        ((None, None, None, 1, 2), None),
    ],
)
def test_the_order_is_told_by_the_days(back: tuple[int | None, ...], order: ListOrder) -> None:
    assert find_order([days(*back)]) is order


def test_pinned_items_stand_on_the_first_page_only() -> None:
    assert pinned([days(300, 0), days(1, 2, 3, 4, 5)]) == 1
    assert pinned([days(0, 1), days(300, 2, 3, 4, 5)]) is None
    assert pinned([days(0, 1), days(2)]) == 0


_back = st.lists(st.integers(0, 400), min_size=2, max_size=60, unique=True)


@given(_back, st.integers(1, 12))
def test_a_list_in_order_is_in_order_however_it_is_cut_into_pages(
    back: list[int], size: int
) -> None:
    listed = days(*sorted(back))
    pages = [listed[i : i + size] for i in range(0, len(listed), size)]
    assert find_order(pages) is ListOrder.NEWEST_FIRST


@given(st.integers(1, PINNED_AT_MOST), st.integers(0, 40))
def test_old_items_on_top_of_enough_others_are_pinned(count: int, more: int) -> None:
    below = range(max(5, count) + more)
    assert find_order([days(*range(500, 500 + count), *below)]) is ListOrder.PINNED_ON_TOP


@given(st.lists(st.integers(0, 400), max_size=60), st.integers(1, 12))
def test_order_is_only_claimed_for_what_descends_below_the_pinned_ones(
    back: list[int], size: int
) -> None:
    listed = days(*back)
    pages = [listed[i : i + size] for i in range(0, len(listed), size)]
    order, on_top = find_order(pages), pinned(pages)
    if order in {ListOrder.NEWEST_FIRST, ListOrder.PINNED_ON_TOP}:
        assert on_top is not None
        rest = back[on_top:]
        assert rest == sorted(rest)
