"""How long a host is left in peace between two requests."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pace import (
    LONGEST_PAUSE_S,
    PATIENCE_A_NIGHT_S,
    PATIENCE_S,
    Pace,
    retry_after_s,
)

NOW = dt.datetime(2022, 9, 1, 0, 0, tzinfo=dt.UTC)
SECONDS = st.floats(0, 1000)


def test_the_first_request_goes_at_once_and_the_next_after_the_pause() -> None:
    pace = Pace(floor_s=2)
    assert pace.wait_s(100) == 0
    pace.asked(100)
    assert pace.wait_s(100.5) == 1.5
    assert pace.wait_s(102) == 0


def test_a_slow_server_is_given_twice_the_time_that_it_took() -> None:
    pace = Pace(floor_s=1)
    pace.answered(latency_s=4)
    assert pace.pause_s == 8
    pace.answered(latency_s=0)
    assert pace.pause_s == 4


def test_our_own_server_without_a_pause_is_never_slowed_down() -> None:
    pace = Pace(floor_s=0)
    pace.answered(latency_s=60)
    assert pace.pause_s == 0


@given(st.floats(0.01, 30), st.lists(SECONDS, max_size=20))
def test_the_pause_is_never_shorter_than_promised_nor_longer_than_the_longest(
    floor_s: float, latencies: list[float]
) -> None:
    pace = Pace(floor_s=floor_s)
    for latency_s in latencies:
        pace.answered(latency_s=latency_s)
        assert floor_s <= pace.pause_s <= max(floor_s, LONGEST_PAUSE_S)


def test_the_wish_of_robots_txt_is_kept_up_to_a_bound_and_never_shortens_the_pause() -> None:
    pace = Pace(floor_s=2)
    pace.promise(1)
    assert pace.pause_s == 2
    pace.promise(10)
    assert pace.pause_s == 10
    pace.promise(86_400)
    assert pace.pause_s == LONGEST_PAUSE_S


def test_a_host_that_asks_for_patience_gets_it() -> None:
    pace = Pace(floor_s=0)
    assert pace.grant(100, 60)
    assert pace.wait_s(130) == 30


def test_without_a_time_of_its_own_it_gets_twice_the_pause() -> None:
    pace = Pace(floor_s=1)
    assert pace.grant(0, None)
    assert pace.pause_s == 2
    assert pace.grant(0, None)
    assert pace.pause_s == 4


def test_a_host_that_asks_for_too_much_patience_is_left_alone() -> None:
    assert not Pace(floor_s=0).grant(0, PATIENCE_S + 1)


@given(st.lists(st.floats(0, PATIENCE_S), max_size=40))
def test_all_waits_of_a_night_together_are_bounded(waits: list[float]) -> None:
    pace, granted = Pace(floor_s=0), 0.0
    for wait_s in waits:
        if not pace.grant(0, wait_s):
            break
        granted += wait_s
    assert granted <= PATIENCE_A_NIGHT_S


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Thu, 01 Sep 2022 00:01:30 GMT", 90),
        ("Wed, 31 Aug 2022 00:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("Thu, 01 Sep 99999 00:00:00 GMT", None),
    ],
)
def test_a_retry_after_is_seconds_or_an_instant(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, now=NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_is_ever_negative_or_a_fault(text: str) -> None:
    read = retry_after_s(text, now=NOW)
    assert read is None or read >= 0
