"""Posts that every channel missed, estimated from two catches."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.capture_recapture import Missed, chapman, estimate_missed
from storage.records import Channel


def test_the_estimate_is_chapman_s() -> None:
    """Seber (1982), § 3.1: N = (n1 + 1)(n2 + 1) / (m + 1) - 1."""
    found = chapman(by_it=40, by_others=30, by_both=24)
    assert found is not None
    missed, low, high = found
    assert missed == pytest.approx(41 * 31 / 25 - 1 - (40 + 30 - 24))
    assert (low, high) == (1, 14)


def test_a_catch_within_the_other_leaves_a_bound_and_not_a_certainty() -> None:
    found = chapman(by_it=60, by_others=20, by_both=20)
    assert found is not None
    # Twenty of twenty were found again: the larger one shows at least 83 % of all.
    assert found == (0.0, 0, 13)


def test_an_empty_catch_says_nothing() -> None:
    assert chapman(by_it=10, by_others=0, by_both=0) is None


def test_more_in_both_than_in_one_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="5 in both"):
        chapman(by_it=10, by_others=4, by_both=5)


@given(st.integers(0, 300), st.integers(0, 300), st.data())
def test_the_interval_holds_the_estimate_and_no_negative_number(
    first: int, second: int, data: st.DataObject
) -> None:
    both = data.draw(st.integers(0, min(first, second)))
    found = chapman(by_it=first, by_others=second, by_both=both)
    assert (found is None) == (min(first, second) == 0)
    if found is not None:
        estimate, low, high = found
        assert 0 <= low <= estimate <= high
        assert found == chapman(by_it=second, by_others=first, by_both=both)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Two thousand sites of sixty posts; the list shows nine tenths, the feed seven."""
    dice = random.Random(1)  # noqa: S311 - a simulation
    held = 0
    for _ in range(2000):
        by_list = {n for n in range(60) if dice.random() < 0.9}
        by_feed = {n for n in range(60) if dice.random() < 0.7}
        numbers = {"by_it": len(by_list), "by_others": len(by_feed)}
        found = chapman(**numbers, by_both=len(by_list & by_feed))
        assert found is not None
        held += found[1] <= 60 - len(by_list | by_feed) <= found[2]
    assert held >= 0.95 * 2000


def test_the_channel_that_speaks_worst_for_completeness_is_named() -> None:
    everything = set(range(20))
    shown_by = {
        Channel.LIST: everything - {1, 2},
        Channel.FEED: everything - {2, 3, 4, 5},
        Channel.SITEMAP: set[int](),
    }
    assert estimate_missed(shown_by) == Missed(
        channel="list",
        shown=19,
        by_it=18,
        by_others=16,
        by_both=15,
        estimate=0.19,
        low=0,
        high=3,
    )


def test_one_channel_alone_gives_no_estimate() -> None:
    assert estimate_missed({Channel.LIST: {1, 2}}) is None
    assert estimate_missed({Channel.LIST: {1, 2}, Channel.FEED: set()}) is None
    assert estimate_missed({}) is None
