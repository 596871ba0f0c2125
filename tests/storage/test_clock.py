from __future__ import annotations

import datetime as dt

import pytest

from storage.clock import Clock
from storage.errors import TinbaiError


def test_a_clock_that_was_set_goes_on_from_there_and_says_so() -> None:
    clock = Clock.parse("2022-09-30T23:00+07:00")
    assert clock.is_simulated
    first, second = clock.now(), clock.now()
    start = dt.datetime(2022, 9, 30, 16, tzinfo=dt.UTC)
    assert start <= first <= second < start + dt.timedelta(minutes=5)
    assert first.tzinfo is dt.UTC


def test_without_a_choice_it_is_the_machine_s() -> None:
    clock = Clock.parse(None)
    assert not clock.is_simulated
    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "hôm qua", "2022-09-30", "2022-09-30T23:00", "23:00+07:00"])
def test_what_is_no_instant_with_a_zone_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(TinbaiError, match=r"2022-09-30T23:00\+07:00"):
        Clock.parse(text)
