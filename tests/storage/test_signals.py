from __future__ import annotations

import datetime as dt

import pytest

from storage.records import vietnam_day
from storage.signals import instant_in_address, instant_of_header

NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
PORTAL = "https://www.quangtri.example/chi-tiet-tin/-/view-article/1/"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("1606723345443/1606789034635", dt.date(2020, 12, 1)),
        ("1651151768064/1686917710478", dt.date(2023, 6, 16)),
        ("1647698331609/1728459917456", dt.date(2024, 10, 9)),
        ("13729062791727/1772526953007", dt.date(2026, 3, 3)),
    ],
)
def test_the_last_time_in_an_address_is_that_of_the_article(path: str, expected: dt.date) -> None:
    made = instant_in_address(PORTAL + path, before=NOW)
    assert made is not None
    assert vietnam_day(made) == expected


@pytest.mark.parametrize("number", ["13729062791727", "0999999999999", "1999999999999", "43677"])
def test_numbers_that_are_no_times_of_the_past_are_left_alone(number: str) -> None:
    assert instant_in_address(PORTAL + number, before=NOW) is None


def test_a_server_s_date_is_read_and_nonsense_is_none() -> None:
    assert instant_of_header("Mon, 30 Sep 2019 17:30:00 GMT") == dt.datetime(
        2019, 9, 30, 17, 30, tzinfo=dt.UTC
    )
    for wrong in (None, "", "gestern", "Mon, 99 Sep 2019 17:30:00 GMT"):
        assert instant_of_header(wrong) is None
