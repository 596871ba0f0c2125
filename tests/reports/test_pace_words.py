"""What is left of a plan, in words: exact, at most, unknown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from reports.pace import pace
from reports.render import pace_words
from storage import language
from storage.language import Language
from storage.records import Counted, CoverageState, DayInterval, Schedule

if TYPE_CHECKING:
    from reports.pace import Pace

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))


def _pace(
    planned: int,
    posts: int,
    coverage: CoverageState = CoverageState.COMPLETE,
    on: dt.date = dt.date(2022, 7, 31),
) -> Pace:
    return pace(planned, Counted(posts, coverage), Schedule(days=YEAR, on=on, due=14))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (_pace(25, 13), "còn 12 bài trong 5 tháng: cần 2,4 bài/tháng; nhịp đến nay 1,9"),
        (
            _pace(25, 13, CoverageState.PARTIAL),
            (
                "còn nhiều nhất 12 bài trong 5 tháng: cần nhiều nhất 2,4 bài/tháng; nhịp đến nay "
                "ít nhất 1,9"
            ),
        ),
        (_pace(25, 0, CoverageState.NONE), "chưa xem được nên chưa rõ còn bao nhiêu"),
        (_pace(25, 25, CoverageState.PARTIAL), "đã đủ số của cả kế hoạch"),
        (_pace(25, 20, on=dt.date(2022, 12, 20)), "còn 5 bài trong 11 ngày; nhịp đến nay 1,7"),
        (_pace(25, 20, on=dt.date(2022, 12, 31)), "hết kỳ kế hoạch, còn 5 bài"),
        (
            _pace(25, 1, on=dt.date(2021, 12, 31)),
            "còn 24 bài trong 12 tháng: cần 2 bài/tháng",
        ),
    ],
)
def test_what_is_left_is_said_with_its_bounds(told: Pace, said: str) -> None:
    assert pace_words.sentence(told) == said


def test_what_is_due_is_said_unless_nothing_was_seen() -> None:
    assert pace_words.course(_pace(25, 7)) == "đến hết 31/07/2022 phải đạt 14, đạt 50 % tiến độ"
    assert "ít nhất 50 %" in pace_words.course(_pace(25, 7, CoverageState.PARTIAL))
    assert pace_words.course(_pace(25, 0, CoverageState.NONE)) == ""


def test_a_pace_is_said_in_english_on_request() -> None:
    with language.speaking(Language.EN):
        assert pace_words.sentence(_pace(25, 13)) == (
            "12 left in 5 months: 2.4 a month needed; so far 1.9"
        )
