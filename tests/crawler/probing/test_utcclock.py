"""What a site's marks of UTC mean, told by the hours of its posts."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.dates import Clock
from crawler.probing.utcclock import LEAST, ClockDecision, decide
from storage.records import VIETNAM

DAY = dt.datetime(2026, 9, 1, tzinfo=VIETNAM)
OFFICE = (7, 8, 9, 10, 11, 14, 15, 16, 17, 20)
"""Hours at which offices post, in Vietnam's time."""


def posted(hours: tuple[int, ...], count: int = 40) -> list[dt.datetime]:
    return [
        DAY + dt.timedelta(days=n, hours=hours[n % len(hours)], minutes=7 * n % 60)
        for n in range(count)
    ]


def honest(posts: list[dt.datetime]) -> list[str]:
    return [f"{one.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" for one in posts]


def mistaken(posts: list[dt.datetime]) -> list[str]:
    return [f"{one:%a, %d %b %Y %H:%M:%S} +0000" for one in posts]


def test_office_hours_tell_utc_from_vietnams_time_that_is_marked_as_utcs() -> None:
    assert decide(honest(posted(OFFICE))).clock is Clock.UTC
    assert decide(mistaken(posted(OFFICE))).clock is Clock.VIETNAM
    assert "Vietnam" in decide(mistaken(posted(OFFICE))).clues[0].en


def test_a_day_put_down_without_a_time_is_midnight_in_vietnam() -> None:
    assert decide(honest(posted((0,)))).clock is None  # with the minutes of the others
    assert decide(honest([DAY + dt.timedelta(days=n) for n in range(30)])).clock is Clock.UTC


@pytest.mark.parametrize(
    "printed",
    [
        mistaken(posted(OFFICE, LEAST - 1)),
        mistaken(posted(OFFICE, 1)) * 40,
        [f"{one:%Y-%m-%dT%H:%M:%S+07:00}" for one in posted(OFFICE)],
        [f"{one:%Y-%m-%dT00:00:00Z}" for one in posted(OFFICE)],
        mistaken(posted((6, 18, 22))),
        ["", "hôm qua", "09/05/2024"] * 20,
    ],
)
def test_too_few_or_ambiguous_instants_decide_nothing(printed: list[str]) -> None:
    assert decide(printed) == ClockDecision()


def test_many_posts_at_vietnams_night_say_that_times_marked_as_utcs_are_not() -> None:
    evenings = (0, 6, 7, 9, 10, 17, 18, 19, 21, 23)
    assert decide(mistaken(posted(evenings))).clock is Clock.VIETNAM
    assert decide(honest(posted(evenings))).clock is Clock.UTC


def test_a_program_that_posts_every_night_at_one_hour_says_nothing() -> None:
    assert decide(mistaken(posted((6, 7, 9, 10, 18)))).clock is None


@given(st.lists(st.text(max_size=40), max_size=40))
def test_whatever_is_printed_it_never_raises(printed: list[str]) -> None:
    decide(printed)
