"""The day on which an article was first seen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from reports.dating import dated, first_looks
from storage.records import CrawlRun, DayInterval

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Candidate, SectionCoverage

PRINTED = dt.date(2022, 3, 10)
LOOKED = dt.datetime(2022, 3, 1, 13, tzinfo=dt.UTC)


def run(number: int, day: dt.date) -> CrawlRun:
    start = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return CrawlRun(
        id=number,
        site="a",
        window=DayInterval(dt.date(2022, 1, 1)),
        started_at=start,
        finished_at=start + dt.timedelta(hours=1),
        profile_digest="p",
        code_version="0",
        simulated_clock=False,
    )


def test_what_came_after_the_first_complete_look_counts_by_the_day_it_was_seen(
    make_candidate: Callable[..., Candidate],
) -> None:
    """23:00 UTC on 30 March is the 31st in Vietnam."""
    late = make_candidate(day=PRINTED, seen=dt.datetime(2022, 3, 30, 23, tzinfo=dt.UTC))
    undated = replace(late, day=None, days=DayInterval(PRINTED, dt.date(2022, 4, 2)))
    assert dated(late, {"a": LOOKED}).day == dt.date(2022, 3, 31)
    assert dated(undated, {"a": LOOKED}).day == dt.date(2022, 3, 31)
    assert dated(undated, {"a": LOOKED}).days is None


def test_what_the_first_look_showed_keeps_its_printed_day(
    make_candidate: Callable[..., Candidate],
) -> None:
    then = make_candidate(day=PRINTED, seen=LOOKED)
    assert dated(then, {"a": LOOKED}) is then
    assert dated(then, {}) is then
    before = LOOKED - dt.timedelta(seconds=1)
    assert dated(then, {"a": before}).day == dt.date(2022, 3, 1)


def test_the_first_look_is_the_end_of_the_first_run_that_saw_a_list_in_full(
    make_coverage: Callable[..., SectionCoverage],
) -> None:
    days = [dt.date(2022, 3, day) for day in (1, 2, 3)]
    rows = [
        make_coverage(days[0], None, None, run_id=1),
        make_coverage(days[2], dt.date(2022, 1, 1), days[2], run_id=3),
        make_coverage(days[1], dt.date(2022, 1, 1), days[1], run_id=2),
    ]
    runs = [run(number, day) for number, day in enumerate(days, start=1)]
    assert first_looks(rows, runs) == {"a": dt.datetime(2022, 3, 2, 13, tzinfo=dt.UTC)}
    assert first_looks(rows[:1], runs) == {}
