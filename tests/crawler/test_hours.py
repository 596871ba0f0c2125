"""The hours in which a site may be visited."""

from __future__ import annotations

import datetime as dt

import pytest

from crawler.hours import is_open, read_hours
from storage.records import VIETNAM


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2022-09-01T{text}").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("hours", "time", "answer"),
    [
        ("22:00-05:00", "22:00", True),
        ("22:00-05:00", "04:59:59", True),
        ("22:00-05:00", "05:00", False),
        ("22:00-05:00", "12:00", False),
        ("08:00-17:00", "08:00", True),
        ("08:00-17:00", "17:00", False),
        ("08:00 – 17:00", "07:59", False),
        (None, "12:00", True),
    ],
)
def test_a_visit_is_allowed_from_the_first_hour_to_before_the_last(
    hours: str | None,
    time: str,
    answer: bool,  # noqa: FBT001
) -> None:
    assert is_open(hours, at(time)) is answer
    assert is_open(hours, at(time).astimezone(dt.UTC)) is answer


@pytest.mark.parametrize("text", ["", "22-5", "22:00", "25:00-05:00", "22:00-22:00", "tối"])
def test_what_is_no_span_of_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_hours(text)
