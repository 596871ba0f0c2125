from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.printed_days import PrintedDay, adds_nothing, follows_clock, without_day

FIRST = dt.date(2019, 4, 8)


def day(number: int) -> dt.date:
    """Give the day so many days after the article was first seen."""
    return FIRST + dt.timedelta(days=number)


def look(seen: int, printed: int | None, words: object = "text", *, hour: int = 16) -> PrintedDay:
    """Make a look; the hour is UTC, 16 is 23:00 in Vietnam."""
    at = dt.datetime.combine(day(seen), dt.time(hour), dt.UTC)
    return PrintedDay(seen_at=at, day=None if printed is None else day(printed), words=words)


def follows(*looks: PrintedDay) -> bool:
    return follows_clock(looks, first_seen=FIRST)


def test_one_look_cannot_tell_a_moving_day() -> None:
    assert not follows(look(0, 0))


def test_the_day_of_the_look_on_two_days_follows_the_clock() -> None:
    assert follows(look(0, 0), look(1, 1))


def test_two_looks_on_one_day_are_one_look() -> None:
    assert not follows(look(0, 0, hour=1), look(0, 0, hour=16))


def test_a_day_that_stands_still_is_a_day() -> None:
    assert not follows(look(0, 0), look(1, 0), look(9, 0))


def test_a_day_that_moves_while_the_words_are_edited_is_an_edit() -> None:
    assert not follows(look(0, 0, "a"), look(1, 1, "b"))
    assert follows(look(0, 0, "a"), look(1, 1, "b"), look(2, 2, "b"))


def test_a_site_that_is_built_in_the_afternoon_and_seen_after_midnight_is_recognised() -> None:
    nights = [look(seen, seen - 1) for seen in range(3)]
    assert not follows(*nights[:2])
    assert follows(*nights)


def test_a_day_that_was_corrected_backwards_does_not_follow_the_clock() -> None:
    assert not follows(look(0, 0), look(1, -4))


def test_a_day_before_the_article_was_seen_is_a_day_again() -> None:
    moving = (look(0, 0), look(1, 1))
    assert not follows(*moving, look(5, -2))
    assert follows(*moving, look(5, 3))


def test_a_look_without_a_day_says_nothing() -> None:
    assert follows(look(0, 0), look(1, None), look(2, 2))
    assert not follows(look(0, None), look(1, 1))


def test_only_a_day_of_a_clock_that_is_known_adds_nothing() -> None:
    moving = [look(0, 0), look(1, 1)]
    assert adds_nothing(look(2, 2), moving, first_seen=FIRST)
    assert not adds_nothing(look(2, 2, "edited"), moving, first_seen=FIRST)
    assert not adds_nothing(look(2, -1), moving, first_seen=FIRST)
    assert not adds_nothing(look(2, None), moving, first_seen=FIRST)
    assert not adds_nothing(look(1, 1), moving[:1], first_seen=FIRST)
    assert not adds_nothing(look(0, 0), [], first_seen=FIRST)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8, unique=True))
def test_whatever_nights_are_looked_at_a_moving_day_needs_two_rows_and_no_more(
    nights: list[int],
) -> None:
    stored = [look(0, 0)]
    for night in sorted(nights):
        new = look(night, night)
        if not adds_nothing(new, stored, first_seen=FIRST):
            stored.append(new)
    assert len(stored) == 2
    assert follows(*stored)


@given(st.integers(-500, 0), st.lists(st.integers(1, 60), max_size=8))
def test_a_day_that_never_moves_never_follows_the_clock(printed: int, nights: list[int]) -> None:
    assert not follows(*(look(night, printed) for night in [0, *sorted(nights)]))


@pytest.mark.parametrize(
    "printed",
    [
        "08/04/2019",
        "8.4.2019",
        "08-04-2019 15:07",
        "15:07 | 08/04/2019",
        "2019-04-08",
        "Đăng lúc 8 giờ, thứ Hai",
    ],
)
def test_a_text_is_the_same_without_its_printed_day(printed: str) -> None:
    body = "Tin\n{}\nỦy ban nhân dân họp ngày 07/04/2019."
    left = without_day(body.format(printed), day=FIRST, raw="Đăng lúc 8 giờ, thứ Hai")
    assert left == body.format("")


def test_other_days_and_longer_numbers_stay_in_the_text() -> None:
    text = "Số 108/04/2019, 08/04/20190 và 09/04/2019"
    assert without_day(text, day=FIRST, raw=None) == text
    assert without_day(text, day=None, raw="x") == text
    assert without_day(None, day=FIRST, raw=None) is None
