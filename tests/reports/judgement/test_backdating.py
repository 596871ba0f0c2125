"""Posts that appeared after a look at their printed day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from reports.backdating import Looks, find_earlier_look, moved, to_finding
from storage.records import CrawlRun, DayInterval, FindingKind, RunOutcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Candidate, SectionCoverage

    Make = Callable[..., Candidate]
    MakeRow = Callable[..., SectionCoverage]

DAY = dt.date(2022, 9, 10)


def on(day: int, hour: int = 13) -> dt.datetime:
    return dt.datetime(2022, 9, day, hour, tzinfo=dt.UTC)


def run_of(row: SectionCoverage, *, finished: dt.datetime | None) -> list[CrawlRun]:
    return [
        CrawlRun(
            id=row.run_id,
            site=row.site,
            window=DayInterval(dt.date(2022, 1, 1)),
            started_at=row.run_started_at,
            finished_at=finished,
            outcome=RunOutcome.COMPLETE if finished else None,
            profile_digest="p",
            code_version="0",
            simulated_clock=False,
        )
    ]


def look(
    candidate: Candidate,
    row: SectionCoverage,
    *,
    sections: frozenset[str] | None = frozenset({"tin"}),
    finished: dt.datetime | None = None,
) -> bool:
    runs = run_of(row, finished=finished or row.run_started_at + dt.timedelta(minutes=9))
    return find_earlier_look(candidate, Looks([row], runs), sections=sections) is not None


def test_a_post_that_a_full_look_at_its_day_did_not_show_is_late(
    make_candidate: Make, make_coverage: MakeRow
) -> None:
    row = make_coverage(dt.date(2022, 9, 20), dt.date(2022, 9, 1), dt.date(2022, 9, 20), run_id=7)
    late = make_candidate(1, day=DAY, seen=on(25))
    runs = run_of(row, finished=on(20, 14))
    found = find_earlier_look(late, Looks([row], runs), sections=frozenset({"tin"}))
    assert found is not None
    finding = to_finding(late, found, unit="xa-a")
    assert (finding.kind, finding.article_id, finding.capture_id) == (FindingKind.BACKDATED, 1, 100)
    assert "in ngày 10/9/2022 nhưng 15 ngày sau mới xuất hiện" in finding.explanation
    assert "số 7 lúc 19:00 ngày 20/9/2022" in finding.explanation
    assert finding.observed == "thấy lần đầu 20:00 ngày 25/9/2022"


@pytest.mark.parametrize(
    ("started_on", "late"),
    [(11, False), (12, True), (13, True)],
)
def test_a_look_within_one_interval_after_the_day_proves_nothing(
    make_candidate: Make, make_coverage: MakeRow, started_on: int, *, late: bool
) -> None:
    """Runs start at 19:00 in Vietnam; the day is over at midnight, the interval a day later."""
    start = dt.date(2022, 9, started_on)
    row = make_coverage(start, dt.date(2022, 9, 1), start)
    assert look(make_candidate(day=DAY, seen=on(25)), row) is late


def test_the_look_must_have_ended_before_the_post_was_seen(
    make_candidate: Make, make_coverage: MakeRow
) -> None:
    row = make_coverage(dt.date(2022, 9, 20), dt.date(2022, 9, 1), dt.date(2022, 9, 20))
    assert look(make_candidate(day=DAY, seen=on(20, 13)), row, finished=on(20, 12))
    assert not look(make_candidate(day=DAY, seen=on(20, 13)), row, finished=on(20, 13))
    assert not look(make_candidate(day=DAY, seen=on(20, 13)), row, finished=on(20, 14))


def test_a_run_that_never_ended_proves_nothing(
    make_candidate: Make, make_coverage: MakeRow
) -> None:
    row = make_coverage(dt.date(2022, 9, 20), dt.date(2022, 9, 1), dt.date(2022, 9, 20))
    late = make_candidate(day=DAY, seen=on(25))
    runs = run_of(row, finished=None)
    assert find_earlier_look(late, Looks([row], runs), sections=None) is None


def test_looks_at_other_sections_sites_and_days_prove_nothing(
    make_candidate: Make, make_coverage: MakeRow
) -> None:
    late = make_candidate(day=DAY, seen=on(25))
    first, run_day = dt.date(2022, 9, 1), dt.date(2022, 9, 20)
    other_section = make_coverage(run_day, first, run_day, section="thông báo")
    assert not look(late, other_section)
    assert look(late, other_section, sections=None)
    assert not look(late, make_coverage(run_day, first, run_day, site="b"))
    assert not look(late, make_coverage(run_day, first, DAY))
    assert not look(late, make_coverage(run_day, DAY + dt.timedelta(days=1), run_day))
    assert not look(late, make_coverage(run_day, None, None))


def test_a_post_without_a_day_cannot_be_late(make_candidate: Make, make_coverage: MakeRow) -> None:
    row = make_coverage(dt.date(2022, 9, 20), dt.date(2022, 9, 1), dt.date(2022, 9, 20))
    assert not look(make_candidate(day=None, seen=on(25)), row)


def test_the_newest_of_several_looks_is_the_evidence(
    make_candidate: Make, make_coverage: MakeRow
) -> None:
    rows = [
        make_coverage(dt.date(2022, 9, day), dt.date(2022, 9, 1), dt.date(2022, 9, day), run_id=day)
        for day in (18, 22, 20)
    ]
    runs: list[CrawlRun] = []
    for row in rows:
        runs += run_of(row, finished=row.run_started_at)
    late = make_candidate(day=DAY, seen=on(25))
    found = find_earlier_look(late, Looks(rows, runs), sections=None)
    assert found is not None
    assert found.run.id == 22


def test_an_old_text_at_a_new_address_of_the_site_has_only_moved(make_candidate: Make) -> None:
    new = make_candidate(2, text="x", seen=on(25))
    assert moved(new, [new, make_candidate(1, text="x", seen=on(1))])
    assert not moved(new, [new, make_candidate(1, text="x", seen=on(25))])
    assert not moved(new, [new, make_candidate(1, text="x", seen=on(1), site="b")])
    assert not moved(new, [new, make_candidate(1, text="y", seen=on(1))])
