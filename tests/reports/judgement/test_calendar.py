"""Periods: the windows of Nghị định 09/2019/NĐ-CP, and which plans belong to them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.calendar import (
    Scheme,
    applies,
    best_fit,
    nominal,
    parse_as_of,
    parse_day,
    parse_period,
    same_period,
    spell_days,
)
from storage.errors import InputError
from storage.records import DayInterval, vietnam_day

PARTS = (*(f"-{m:02d}" for m in range(1, 13)), "-Q1", "-Q2", "-Q3", "-Q4", "-H1", "-H2", "-9M", "")

DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2098, 12, 31))


def days(text: str) -> DayInterval:
    return parse_period(text).days


@pytest.mark.parametrize(
    ("posted", "codes"),
    [
        ("2022-12-14T23:59+07:00", ["2022-12", "2022-Q4", "2022-H2", "2022"]),
        ("2022-12-15T00:00+07:00", ["2023-01", "2023-Q1", "2023-H1", "2023"]),
        ("2022-06-14T12:00+07:00", ["2022-06", "2022-Q2", "2022-H1", "2022"]),
        ("2022-06-15T00:00+07:00", ["2022-07", "2022-Q3", "2022-H2", "2022"]),
        ("2021-12-31T17:30+00:00", ["2022-01", "2022-Q1", "2022-H1", "2022"]),
    ],
)
def test_a_post_lies_in_the_reporting_windows_that_the_decree_says(
    posted: str, codes: list[str]
) -> None:
    day = vietnam_day(dt.datetime.fromisoformat(posted))
    years = {day.year, day.year + 1}
    parts = [part for part in PARTS if part != "-9M"]
    found = [f"{year}{part}" for year in years for part in parts if day in days(f"BC-{year}{part}")]
    assert sorted(found) == sorted(codes)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("BC-2022-09", "2022-08-15", "2022-09-14"),
        ("BC-2022-01", "2021-12-15", "2022-01-14"),
        ("BC-2022-Q1", "2021-12-15", "2022-03-14"),
        ("BC-2022-Q2", "2022-03-15", "2022-06-14"),
        ("BC-2022-Q3", "2022-06-15", "2022-09-14"),
        ("BC-2022-Q4", "2022-09-15", "2022-12-14"),
        ("BC-2022-H1", "2021-12-15", "2022-06-14"),
        ("BC-2022-H2", "2022-06-15", "2022-12-14"),
        ("BC-2022-9M", "2021-12-15", "2022-09-14"),
        ("BC-2022", "2021-12-15", "2022-12-14"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2022-12", "2022-12-01", "2022-12-31"),
        ("2022-Q3", "2022-07-01", "2022-09-30"),
        ("2022-H2", "2022-07-01", "2022-12-31"),
        ("2022-9M", "2022-01-01", "2022-09-30"),
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-01-01..2022-10-10", "2022-01-01", "2022-10-10"),
        ("2022-01-01..2022-01-01", "2022-01-01", "2022-01-01"),
    ],
)
def test_a_period_has_these_two_ends_both_included(code: str, first: str, last: str) -> None:
    period = parse_period(code)
    one_day = dt.timedelta(days=1)
    expected = DayInterval(dt.date.fromisoformat(first), dt.date.fromisoformat(last) + one_day)
    assert (period.code, period.days) == (code, expected)
    assert (period.scheme is Scheme.ADMINISTRATIVE) == code.startswith("BC-")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("2022-09", "Tháng 9/2022 theo dương lịch (từ 01/9/2022 đến hết 30/9/2022)"),
        ("BC-2022-Q3", "Quý III/2022 theo kỳ báo cáo (từ 15/6/2022 đến hết 14/9/2022)"),
        ("BC-2022-9M", "9 tháng đầu năm 2022 theo kỳ báo cáo (từ 15/12/2021 đến hết 14/9/2022)"),
        ("2022-H1", "6 tháng đầu năm 2022 theo dương lịch (từ 01/01/2022 đến hết 30/6/2022)"),
        ("2022-H2", "6 tháng cuối năm 2022 theo dương lịch (từ 01/7/2022 đến hết 31/12/2022)"),
        ("2022", "Năm 2022 theo dương lịch (từ 01/01/2022 đến hết 31/12/2022)"),
        ("2022-01-01..2022-10-10", "Từ 01/01/2022 đến hết 10/10/2022"),
    ],
)
def test_a_name_says_the_scheme_and_both_ends(code: str, name: str) -> None:
    assert parse_period(code).name == name


@pytest.mark.parametrize(
    "text",
    [
        "", "2022-13", "2022-Q5", "2022-H3", "22-09", "1999", "BC", "BC-", "2022-q3x", "2022-9",
        "BC-2022-01-01..2022-02-01", "2022-02-30..2022-03-01", "2022-03-01..2022-02-01",
        "2022-Q3..2022-Q4", "２０２２",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_the_forms_that_are(text: str) -> None:
    with pytest.raises(InputError, match=r"2022-9M|ngày đầu trước"):
        parse_period(text)


def test_case_and_blanks_do_not_matter() -> None:
    assert parse_period(" bc-2022-q3 ") == parse_period("BC-2022-Q3")


@given(DAYS, st.sampled_from(["month", "quarter", "half", "year"]))
def test_every_day_lies_in_exactly_one_reporting_window_of_each_length(
    day: dt.date, length: str
) -> None:
    parts = {
        "month": [f"-{m:02d}" for m in range(1, 13)],
        "quarter": ["-Q1", "-Q2", "-Q3", "-Q4"],
        "half": ["-H1", "-H2"],
        "year": [""],
    }[length]
    windows = [days(f"BC-{year}{part}") for year in (day.year, day.year + 1) for part in parts]
    assert sum(day in window for window in windows) == 1


@given(st.integers(2001, 2098), st.sampled_from(PARTS))
def test_a_reporting_window_stands_for_the_calendar_period_of_its_name(
    year: int, part: str
) -> None:
    assert nominal(days(f"BC-{year}{part}")) == days(f"{year}{part}")


@given(st.integers(2001, 2098), st.sampled_from(PARTS), st.sampled_from(["", "BC-"]))
def test_a_code_is_read_back_as_the_same_period(year: int, part: str, prefix: str) -> None:
    period = parse_period(f"{prefix}{year}{part}")
    assert parse_period(period.code) == period


@pytest.mark.parametrize(
    ("plan", "window", "belongs"),
    [
        ("2022-09", "BC-2022-09", True),
        ("2022-09", "BC-2022-10", False),  # shares 16 of its days, but is September's plan
        ("2022-08", "BC-2022-09", False),
        ("2022-Q2", "BC-2022-Q2", True),
        ("2022-Q1", "BC-2022-Q2", False),
        ("BC-2022-Q2", "2022-Q2", True),
        ("2022", "2022-Q3", True),
        ("2022-Q3", "2022-9M", True),
        ("2022-Q4", "2022-9M", False),
        ("2022-H2", "2022-9M", True),  # exactly half of it
        ("2021", "BC-2022", False),
        ("2022", "2022-01-01..2022-10-10", True),
    ],
)
def test_a_plan_belongs_to_a_window_that_shares_half_of_the_shorter(
    plan: str, window: str, *, belongs: bool
) -> None:
    assert applies(days(plan), days(window)) is belongs


def test_a_plan_without_an_end_belongs_to_every_later_window() -> None:
    assert applies(DayInterval(dt.date(2022, 1, 1)), days("2023-Q2"))


@pytest.mark.parametrize(
    ("plans", "window", "chosen"),
    [
        (["2022", "2022-Q3"], "2022-Q3", ["2022-Q3"]),
        (["2022", "2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"], "2022-9M", ["2022"]),
        (["2022-Q3", "2022-Q1", "2022-Q2"], "2022-9M", ["2022-Q1", "2022-Q2", "2022-Q3"]),
        (["2022-H1", "2022-Q1", "2022-Q3"], "2022-9M", ["2022-H1", "2022-Q3"]),
        (["2021"], "2022-9M", []),
    ],
)
def test_plans_for_the_same_days_are_not_added_up(
    plans: list[str], window: str, chosen: list[str]
) -> None:
    found = best_fit([days(plan) for plan in plans], days(window))
    assert [plans[index] for index in found] == chosen


@pytest.mark.parametrize(
    ("reports", "window", "same"),
    [
        (["2022-9M"], "2022-9M", True),
        (["2022-9M"], "BC-2022-9M", True),
        (["2022-9M"], "2022-01-01..2022-10-10", True),
        (["2022-Q1", "2022-Q2", "2022-Q3"], "2022-9M", True),
        (["2022-Q1", "2022-Q2"], "2022-9M", False),
        (["2022-H1"], "2022-Q2", False),
        (["2022"], "2022-9M", False),
        ([], "2022-9M", False),
    ],
)
def test_a_self_report_on_other_days_is_not_the_same_period(
    reports: list[str], window: str, *, same: bool
) -> None:
    assert same_period([days(report) for report in reports], days(window)) is same


def test_open_days_are_spelt_without_an_end() -> None:
    assert spell_days(DayInterval(dt.date(2022, 2, 1))) == "từ 01/02/2022"


def test_a_day_as_of_means_its_last_instant_in_vietnam() -> None:
    assert parse_as_of("2022-09-30") == dt.datetime(2022, 9, 30, 16, 59, 59, 999999, tzinfo=dt.UTC)
    assert parse_as_of("2022-09-30T23:00+07:00") == dt.datetime(2022, 9, 30, 16, tzinfo=dt.UTC)


@pytest.mark.parametrize("text", ["", "hôm qua", "2022-09-30T23:00", "2022-02-30"])
def test_an_instant_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="múi giờ"):
        parse_as_of(text)


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InputError, match="2022-02-30"):
        parse_day("2022-02-30")
