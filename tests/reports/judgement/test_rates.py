"""An alarm on fewer posts, for counts that are small."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rates import RateDrop, dispersion, find_drop, share_at_most

FIRST = dt.date(2022, 1, 1)


def site(*counts: int) -> tuple[list[dt.date], dict[dt.date, int]]:
    """Give a site's days and its posts a day, from New Year on."""
    days = [FIRST + dt.timedelta(days=n) for n in range(len(counts))]
    return days, dict(zip(days, counts, strict=True))


def test_a_daily_site_that_falls_silent_rings_after_two_weeks() -> None:
    days, posts = site(*[1] * 180, *[0] * 14)
    drop = find_drop(days, posts)
    assert drop is not None
    assert (drop.days, drop.posts, drop.expected) == (14, 0, 14.0)
    assert (drop.first, drop.last) == (days[-14], days[-1])
    assert (drop.reference_days, drop.reference_posts) == (180, 180)
    # Of 180 posts, none in 14 of 194 days, and three spans were tried.
    assert drop.probability == pytest.approx(3 * (180 / 194) ** 180)


def test_a_week_of_silence_rings_nothing_on_a_site_that_posts_twice_a_week() -> None:
    twice = (0, 1, 0, 0, 1, 0, 0)
    assert find_drop(*site(*twice * 25, *[0] * 14)) is None


def test_a_site_that_posts_twice_a_week_rings_when_it_is_silent_for_long() -> None:
    twice = (0, 1, 0, 0, 1, 0, 0)
    drop = find_drop(*site(*twice * 25, *[0] * 56))
    assert isinstance(drop, RateDrop)
    assert drop.posts == 0


def test_days_that_were_not_seen_are_not_silent() -> None:
    days, posts = site(*[1] * 240)
    outage = set(days[-60:])
    assert find_drop([day for day in days if day not in outage], posts) is None
    silent = {day: 0 if day in outage else 1 for day in days}
    assert find_drop([day for day in days if day not in outage], silent) is None
    assert find_drop(days, silent) is not None


def test_too_little_is_known_of_a_new_site() -> None:
    assert find_drop(*site(*[3] * 27, *[0] * 14)) is None
    assert find_drop([], {}) is None
    assert find_drop(*site(*[0] * 300)) is None


def test_bursts_make_a_lull_ordinary() -> None:
    """The same number of posts, spread evenly or in a campaign of ten days every two months."""
    even = site(*[1] * 182, *[0] * 14)
    bursts = site(*([6] * 10 + [0] * 50) * 3, 0, 0, *[0] * 14)
    assert find_drop(*even) is not None
    assert find_drop(*bursts) is None


def test_weeks_that_differ_as_chance_has_it_need_no_correction() -> None:
    assert dispersion([1] * 70) == 1.0
    assert dispersion([]) == 1.0
    assert dispersion([0] * 70) == 1.0
    assert dispersion(([7] * 7 + [0] * 7) * 5) == pytest.approx(27.222, abs=0.001)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.01, 0.99))
def test_the_binomial_share_is_exact(number: int, of: int, share: float) -> None:
    exact = sum(
        math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(min(number, of) + 1)
    )
    assert share_at_most(number, of=of, share=share) == pytest.approx(min(1.0, exact))


@given(st.lists(st.integers(0, 5), max_size=120), st.integers(0, 60))
def test_more_posts_never_make_an_alarm(counts: list[int], more: int) -> None:
    days, posts = site(*counts)
    if find_drop(days, posts) is None and days:
        busier = posts | {days[-1]: posts[days[-1]] + more}
        assert find_drop(days, busier) is None
