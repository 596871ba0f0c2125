"""A site's calendar, and what speaks against trusting it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from reports.coverage import NotSeen
from reports.health import Gap, SiteFacts, examine
from storage.records import (
    Channel,
    CoverageReason,
    CoverageState,
    CrawlRun,
    DayInterval,
    RunOutcome,
    SectionCoverage,
)

if TYPE_CHECKING:
    MakeCandidate = Any  # conftest's, which cannot be imported here
    MakeCoverage = Any

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
AS_OF = dt.datetime(2022, 4, 2, 15, tzinfo=dt.UTC)
ALL, SOME, NONE = CoverageState.COMPLETE, CoverageState.PARTIAL, CoverageState.NONE


def march(day: int) -> dt.date:
    return dt.date(2022, 3, day)


def facts(*rows: SectionCoverage, **more: Any) -> SiteFacts:  # noqa: ANN401 - fields of facts
    fields: dict[str, Any] = {"runs": (), "candidates": (), "channels": {}}
    return SiteFacts(site="a", coverage=rows, **(fields | more))


def test_a_site_that_was_never_crawled_has_an_empty_calendar() -> None:
    found = examine(facts(), days=MARCH, as_of=AS_OF)
    assert [day.state for day in found.days] == [NONE] * 31
    assert found.gaps == (Gap(days=MARCH, state=NONE, why=NotSeen.NOT_LOOKED),)
    assert (found.last_run, found.drop, found.missed) == (None, None, None)


def test_a_day_is_complete_when_some_run_saw_each_list_in_full(make_coverage: MakeCoverage) -> None:
    found = examine(
        facts(
            make_coverage(march(10), march(1), march(10)),
            make_coverage(march(10), march(1), march(10), section="khac"),
            make_coverage(march(20), march(15), march(20)),
            make_coverage(
                march(20), None, None, section="khac", reason=CoverageReason.LIST_BLOCKED
            ),
        ),
        days=DayInterval(march(1), march(21)),
        as_of=AS_OF,
    )
    states = [day.state for day in found.days]
    assert states == [ALL] * 9 + [NONE] * 5 + [SOME] * 5 + [NONE]
    assert found.complete_days == 9
    blocked = CoverageReason.LIST_BLOCKED
    assert found.gaps == (
        Gap(days=DayInterval(march(10), march(15)), state=NONE, why=blocked),
        Gap(days=DayInterval(march(15), march(20)), state=SOME, why=blocked),
        Gap(days=DayInterval(march(20), march(21)), state=NONE, why=NotSeen.NOT_LOOKED),
    )


def test_a_day_that_is_not_over_says_so(make_coverage: MakeCoverage) -> None:
    as_of = dt.datetime(2022, 3, 10, 12, tzinfo=dt.UTC)
    seen = make_coverage(march(10), march(1), march(10))
    found = examine(facts(seen), days=DayInterval(march(9), march(12)), as_of=as_of)
    assert [day.why for day in found.days] == [None, NotSeen.NOT_OVER, NotSeen.NOT_OVER]


def test_the_newest_run_is_told_whatever_came_of_it() -> None:
    runs = tuple(
        CrawlRun(
            id=n,
            site="a",
            window=MARCH,
            started_at=AS_OF - dt.timedelta(days=n),
            finished_at=AS_OF,
            outcome=outcome,
            profile_digest="p",
            code_version="0",
            simulated_clock=False,
        )
        for n, outcome in ((1, RunOutcome.FAILED), (2, RunOutcome.COMPLETE))
    )
    assert examine(facts(runs=runs), days=MARCH, as_of=AS_OF).last_run == runs[0]


def test_each_section_says_how_it_stood_and_when_it_was_last_read_all_the_way(
    make_coverage: MakeCoverage,
) -> None:
    rows = (
        make_coverage(march(3), march(1), march(3)),
        make_coverage(march(4), march(1), march(4), reason=CoverageReason.REACHED_KNOWN),
        make_coverage(march(4), None, None, section="khac", reason=CoverageReason.LIST_EMPTY),
    )
    tin, khac = examine(facts(*rows), days=MARCH, as_of=AS_OF).sections
    assert (tin.section, tin.reason) == ("tin", CoverageReason.REACHED_KNOWN)
    assert tin.deep_at == dt.datetime(2022, 3, 3, 12, tzinfo=dt.UTC)
    assert (khac.reason, khac.deep_at) == (CoverageReason.LIST_EMPTY, None)


def test_posts_missed_are_estimated_on_the_days_that_every_channel_saw(
    make_candidate: MakeCandidate, make_coverage: MakeCoverage
) -> None:
    lists, feed = ("tin", Channel.LIST), ("rss", Channel.FEED)
    candidates = tuple(make_candidate(n, day=march(n)) for n in range(1, 31))
    channels = {
        # Before the twentieth the feed had forgotten everything: nothing was missed there.
        n: frozenset({lists} if n < 20 or n == 25 else {feed} if n == 22 else {lists, feed})
        for n in range(1, 31)
    }
    found = examine(
        facts(
            make_coverage(dt.date(2022, 4, 1), march(1), dt.date(2022, 4, 1)),
            make_coverage(dt.date(2022, 4, 1), march(20), dt.date(2022, 4, 1), section="rss"),
            candidates=candidates,
            channels=channels,
        ),
        days=MARCH,
        as_of=AS_OF,
    )
    assert found.missed is not None
    assert (found.missed.by_it, found.missed.by_others, found.missed.by_both) == (10, 10, 9)
    assert found.missed.estimate == 0.1
    assert found.missed.shown == 11


def test_a_site_that_falls_silent_rings_only_for_days_that_were_seen(
    make_candidate: MakeCandidate, make_coverage: MakeCoverage
) -> None:
    first, end = dt.date(2021, 9, 1), dt.date(2022, 4, 1)
    candidates = tuple(
        make_candidate(n, day=first + dt.timedelta(days=n)) for n in range((march(1) - first).days)
    )
    silent = facts(make_coverage(end, first, end), candidates=candidates)
    outage = facts(make_coverage(march(1), first, march(1)), candidates=candidates)
    ringing = examine(silent, days=MARCH, as_of=AS_OF).drop
    assert ringing is not None
    assert ringing.posts == 0
    assert examine(outage, days=MARCH, as_of=AS_OF).drop is None


_intervals = st.tuples(st.integers(1, 30), st.integers(1, 15)).map(
    lambda span: DayInterval(march(span[0]), march(span[0]) + dt.timedelta(days=span[1]))
)


@given(st.lists(st.tuples(st.integers(2, 31), _intervals, st.booleans()), max_size=8))
def test_gaps_and_complete_days_make_up_the_calendar(
    looks: list[tuple[int, DayInterval, bool]],
) -> None:
    rows = [
        SectionCoverage(
            site="a",
            section="tin" if is_first else "khac",
            run_id=n,
            run_started_at=dt.datetime(2022, 3, on, 12, tzinfo=dt.UTC),
            state=SOME,
            days=days,
            reason=CoverageReason.PAGE_LIMIT,
        )
        for n, (on, days, is_first) in enumerate(looks)
    ]
    found = examine(facts(*rows), days=MARCH, as_of=AS_OF)
    open_days = {
        gap.days.start + dt.timedelta(days=n)
        for gap in found.gaps
        for n in range(((gap.days.end or gap.days.start) - gap.days.start).days)
    }
    complete = {day.day for day in found.days if day.state is ALL}
    assert open_days.isdisjoint(complete)
    assert open_days | complete == {day.day for day in found.days}
    assert len(found.days) == 31
