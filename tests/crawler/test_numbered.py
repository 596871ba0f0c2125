"""Clocks in the numbers of articles, and what is no time."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.numbered import created_by_clock
from storage.records import VIETNAM

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)


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


@given(st.integers(10**9, 1_795_000_000))  # 2001 to the day before NOW
def test_an_instant_comes_back_from_its_number(seconds: int) -> None:
    instant = dt.datetime.fromtimestamp(seconds, dt.UTC)
    clock = f"{instant.astimezone(VIETNAM):%y%m%d%H%M%S}"
    assert created_by_clock(f"/tin-102{clock}000.htm", now=NOW) == instant
