"""Instants in the numbers of articles: the table of real ones, and what is no time."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.numbered import created_by_clock, created_by_epoch
from storage.records import VIETNAM

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("number", "local"),
    [
        ("1606789034635", "2020-12-01 09:17:14"),
        ("1686917710478", "2023-06-16 19:15:10"),
        ("1728459917456", "2024-10-09 14:45:17"),
        ("1772526953007", "2026-03-03 15:35:53"),
    ],
)
def test_a_real_portals_number_is_the_millisecond_of_creation(number: str, local: str) -> None:
    url = f"http://xa.test/vi/chi-tiet-tin/-/view-article/1/1651151768064/{number}"
    created = created_by_epoch(url, now=NOW)
    assert created is not None
    assert f"{created.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}" == local


@pytest.mark.parametrize("number", ["13729062791727", "13848241113627", "1900000000000", "58", "x"])
def test_older_numbers_and_times_to_come_are_no_instants(number: str) -> None:
    assert created_by_epoch(f"/-/view-article/1/1606723345443/{number}", now=NOW) is None


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("tin-102220412093012345.htm", "2022-04-12 09:30:12"),
        ("toan-van-119250618161434371.htm", "2025-06-18 16:14:34"),
        ("tin-20240412233012345.htm", "2024-04-12 23:30:12"),
        ("tin-20240412233012.htm?a=1", "2024-04-12 23:30:12"),
    ],
)
def test_a_clock_at_the_end_of_an_address_is_vietnams(name: str, local: str) -> None:
    created = created_by_clock(f"https://xa.test/{name}", now=NOW)
    assert created is not None
    assert f"{created.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}" == local


@pytest.mark.parametrize(
    "name",
    [
        "tin-10259924.htm",
        "tin-102221312093012345.htm",
        "tin-102990412093012345.htm",
        "tin-2024.htm",
        "",
    ],
)
def test_a_number_that_is_no_time_gives_none(name: str) -> None:
    assert created_by_clock(f"https://xa.test/{name}", now=NOW) is None


@given(
    st.integers(10**12, 1_795_000_000_000),  # 2001 to the day before NOW
)
def test_an_instant_comes_back_from_its_number(number: int) -> None:
    instant = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=number)
    assert created_by_epoch(f"/-/view-article/1/2/{number}", now=NOW) == instant
    clock = f"{instant.astimezone(VIETNAM):%y%m%d%H%M%S}"
    found = created_by_clock(f"/tin-102{clock}000.htm", now=NOW)
    assert found == instant.replace(microsecond=0)
