"""Days that follow the clock, and articles that are gone, in the count and in the report."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reports import backdating, drifting
from reports.attribution import attribute
from reports.build import build_report
from reports.calendar import parse_period
from reports.counting import sort_out
from reports.explain import explain
from reports.explain_text import to_lines
from reports.render import words
from reports.rules import RULE
from storage.records import (
    CrawlRun,
    DateSource,
    DayInterval,
    DaySignal,
    Exclusion,
    FindingKind,
    Level,
    LineArticle,
    Registry,
    RunOutcome,
    Signal,
    SiteOwner,
    Verdict,
)
from storage.units import record_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Candidate, HeadlineTag, SectionCoverage

    Make = Callable[..., Candidate]
    World = Any  # conftest.World, which cannot be imported here

PERIOD = parse_period("2022-03")
MARCH = PERIOD.days
END = dt.datetime(2022, 4, 2, 15, tzinfo=dt.UTC)
MAIN = (Level.MAIN, Verdict.ASSIGNED)
UNSURE = {"tthc": (Level.MAIN, Verdict.UNCERTAIN)}


def day(month: int, number: int) -> dt.date:
    return dt.date(2022, month, number)


def moving(candidate: Candidate, first: dt.date, last: dt.date) -> Candidate:
    """Give the candidate an interval, both days included, in place of its day."""
    return replace(
        candidate,
        day=None,
        date_source=DateSource.FOLLOWS_CLOCK,
        days=DayInterval(first, last + dt.timedelta(days=1)),
    )


def lines(tag: HeadlineTag, *candidates: Candidate) -> dict[int, LineArticle]:
    ledger = sort_out(candidates, tag=tag, window=MARCH)
    return {article.article_id: article for article in ledger.considered}


@pytest.mark.parametrize(
    ("first", "last", "bucket"),
    [
        (day(3, 1), day(3, 31), None),
        (day(3, 9), day(3, 10), None),
        (day(2, 28), day(3, 1), Exclusion.UNDATED),
        (day(3, 31), day(4, 1), Exclusion.UNDATED),
        (dt.date.min, day(3, 10), Exclusion.UNDATED),
        (day(2, 1), day(2, 28), Exclusion.OUT_OF_PERIOD),
        (day(4, 1), day(4, 2), Exclusion.OUT_OF_PERIOD),
        (dt.date.min, day(2, 28), Exclusion.OUT_OF_PERIOD),
    ],
)
def test_a_moving_day_counts_when_its_whole_interval_lies_in_the_period(
    make_candidate: Make,
    tthc: HeadlineTag,
    first: dt.date,
    last: dt.date,
    bucket: Exclusion | None,
) -> None:
    article = lines(tthc, moving(make_candidate(), first, last))[1]
    assert article.bucket is bucket
    assert article.day is None
    assert article.days == DayInterval(first, last + dt.timedelta(days=1))


def test_a_moving_day_that_is_not_settled_makes_the_count_a_lower_bound(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    straddles = moving(make_candidate(), day(2, 28), day(3, 1))
    assert lines(tthc, straddles)[1].bucket is Exclusion.UNDATED
    assert Exclusion.UNDATED.is_unknown


def test_what_is_counted_by_its_interval_is_marked_so(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    by_day, by_interval = make_candidate(1), moving(make_candidate(2), day(3, 9), day(3, 10))
    found = lines(tthc, by_day, by_interval)
    assert words.fate_word(found[1]) == "Được tính"
    assert words.fate_word(found[2]) == "Được tính (tính theo khoảng ngày)"
    assert words.dated_text(found[2].day, found[2].days) == "09/03/2022–10/03/2022"


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (None, "—"),
        (DayInterval(day(3, 9), day(3, 10)), "09/03/2022"),
        (DayInterval(dt.date.min, day(3, 10)), "đến 09/03/2022"),
    ],
)
def test_an_interval_is_written_as_people_read_it(days: DayInterval | None, text: str) -> None:
    assert words.dated_text(None, days) == text


def test_a_text_under_two_addresses_with_moving_days_counts_once(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    pair = [
        moving(make_candidate(number, text="cùng"), day(3, 9), day(3, 9 + number))
        for number in (1, 2)
    ]
    found = lines(tthc, *pair)
    assert (found[1].bucket, found[2].bucket) == (None, Exclusion.DUPLICATE)
    assert found[2].duplicate_of == 1


def test_a_site_gets_one_finding_with_the_list_of_what_may_be_of_the_period(
    make_candidate: Make,
) -> None:
    candidates = [
        moving(make_candidate(3), day(3, 9), day(3, 10)),
        moving(make_candidate(1), day(2, 28), day(3, 1)),
        moving(make_candidate(2), day(1, 1), day(1, 2)),
        make_candidate(4),
    ]
    (finding,) = drifting.to_findings(candidates, unit="xa-a", window=MARCH)
    assert finding.kind is FindingKind.DAY_FOLLOWS_CLOCK
    assert finding.observed == "2 bài đổi ngày"
    assert "Các bài số: 1, 3." in finding.explanation
    assert "1 bài có cả khoảng" in finding.explanation
    assert words.finding_word(finding.kind) == "Ngày in chạy theo đồng hồ"


def test_a_site_whose_moving_days_all_lie_elsewhere_gets_none(make_candidate: Make) -> None:
    before = moving(make_candidate(), day(1, 1), day(1, 2))
    assert list(drifting.to_findings([before], unit="xa-a", window=MARCH)) == []


def test_an_interval_is_of_who_owned_the_site_then(make_candidate: Make) -> None:
    handover = day(3, 20)
    registry = Registry(
        owners=(
            SiteOwner(
                site="a",
                base_url="http://a.test/",
                unit="old",
                valid=DayInterval(day(1, 1), handover),
            ),
            SiteOwner(site="a", base_url="http://a.test/", unit="new", valid=DayInterval(handover)),
        )
    )
    seen = dt.datetime(2022, 3, 25, tzinfo=dt.UTC)
    after = moving(make_candidate(seen=seen), day(3, 24), day(3, 25))
    across = moving(make_candidate(seen=seen), day(3, 18), day(3, 25))
    assert attribute(after, registry, window=MARCH).owner == "new"
    assert attribute(after, registry, window=MARCH).others == frozenset()
    assert attribute(across, registry, window=MARCH).others == {"old"}


# ------------------------------------------------------------------------------- removed


def test_a_removed_article_is_not_counted_and_nothing_is_unknown_of_it(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    gone = dt.datetime(2022, 3, 20, tzinfo=dt.UTC)
    found = lines(
        tthc,
        replace(make_candidate(1), gone_at=gone),
        replace(make_candidate(2, topics=UNSURE), gone_at=gone),
        replace(make_candidate(3, topics={}), gone_at=gone),
        replace(make_candidate(4, day=day(2, 1)), gone_at=gone),
    )
    assert [found[number].bucket for number in (1, 2, 3, 4)] == [
        Exclusion.WITHDRAWN,
        Exclusion.WITHDRAWN,
        Exclusion.OFF_TOPIC,
        Exclusion.OUT_OF_PERIOD,
    ]
    assert not Exclusion.WITHDRAWN.is_unknown
    assert words.fate_word(found[1]) == "Đã gỡ khỏi trang"


def test_a_copy_of_a_removed_article_counts_in_its_place(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    gone = replace(make_candidate(1, text="cùng"), gone_at=dt.datetime(2022, 3, 20, tzinfo=dt.UTC))
    found = lines(tthc, gone, make_candidate(2, day=day(3, 12), text="cùng"))
    assert (found[1].bucket, found[2].bucket) == (Exclusion.WITHDRAWN, None)


# ------------------------------------------------------------------------ second signals


def _look(row: SectionCoverage) -> list[CrawlRun]:
    run = CrawlRun(
        id=row.run_id,
        site=row.site,
        window=MARCH,
        started_at=row.run_started_at,
        finished_at=row.run_started_at + dt.timedelta(hours=1),
        outcome=RunOutcome.COMPLETE,
        profile_digest="p",
        code_version="0",
        simulated_clock=False,
    )
    return [run]


@pytest.mark.parametrize(
    ("signal", "is_told"),
    [
        (DaySignal(Signal.ADDRESS, day(3, 13)), True),
        (DaySignal(Signal.FEED, day(3, 13)), True),
        (DaySignal(Signal.ADDRESS, day(3, 12)), False),
        (DaySignal(Signal.ADDRESS, day(1, 1)), False),
        (DaySignal(Signal.LAST_MODIFIED, day(3, 30)), False),
    ],
)
def test_a_day_that_the_address_or_the_feed_contradicts_is_told(
    make_candidate: Make,
    make_coverage: Callable[..., SectionCoverage],
    signal: DaySignal,
    *,
    is_told: bool,
) -> None:
    seen = dt.datetime(2022, 3, 14, 15, tzinfo=dt.UTC)
    candidate = replace(make_candidate(seen=seen), signals=(signal,))
    row = make_coverage(day(3, 5), day(3, 1), day(3, 5))
    found = backdating.find_contradiction(candidate, backdating.Looks([row], _look(row)))
    assert found == (signal if is_told else None)
    if found is not None:
        finding = backdating.to_finding_of_signal(candidate, found, unit="xa-a")
        assert finding.kind is FindingKind.BACKDATED
        assert "13/3/2022" in (finding.observed or "")


def test_before_the_first_full_look_a_second_signal_proves_nothing(
    make_candidate: Make, make_coverage: Callable[..., SectionCoverage]
) -> None:
    signal = DaySignal(Signal.ADDRESS, day(3, 30))
    candidate = replace(make_candidate(), signals=(signal,))
    row = make_coverage(day(3, 20), day(3, 1), day(3, 20))
    assert backdating.find_contradiction(candidate, backdating.Looks([row], _look(row))) is None
    assert backdating.find_contradiction(candidate, backdating.Looks([], [])) is None


# ---------------------------------------------------------------------- from the database


def _live_through_a_moving_day(world: World) -> None:
    """A post without a day of its own comes up between the nights of 14 and 15 March."""
    world.run(dt.datetime(2022, 3, 14, 16, tzinfo=dt.UTC))
    for number in (15, 16, 17):
        at = dt.datetime(2022, 3, number, 16, tzinfo=dt.UTC)
        world.run(at, {"path": "troi", "day": day(3, number)})
    world.tag(dt.datetime(2022, 3, 17, 18, tzinfo=dt.UTC), {"troi": MAIN})


@pytest.mark.parametrize("several_tags", [True, False])
def test_a_post_of_the_days_on_which_its_site_changed_hands_makes_neither_count_exact(
    world: World, registry: Registry, *, several_tags: bool
) -> None:
    _live_through_a_moving_day(world)
    first = registry.owners[0]
    seam = day(3, 15)
    handed_over = (
        replace(first, unit="xa-b", valid=DayInterval(first.valid.start, seam)),
        replace(first, unit="xa-a", valid=DayInterval(seam)),
    )
    with world.database.write() as c:
        changed = replace(registry, owners=(*handed_over, *registry.owners[1:]))
        record_registry(c, changed, received_at=dt.datetime(2022, 3, 18, tzinfo=dt.UTC))
    rule = replace(RULE, several_tags=several_tags)
    report = build_report(world.database, office="o", period=PERIOD, as_of=END, rule=rule)
    found = {line.unit: line for line in report.lines if line.tag == "TTHC"}
    fates = {one.article_id: one.bucket for one in found["xa-a"].articles}
    assert fates[world.posts["troi"]] is Exclusion.UNDATED
    assert not any(line.counted.is_exact for line in found.values())


def test_the_report_counts_a_moving_day_by_its_interval_and_opens_down_to_the_looks(
    world: World,
) -> None:
    _live_through_a_moving_day(world)
    report = world.report()
    line = next(one for one in report.lines if (one.unit, one.tag) == ("xa-a", "TTHC"))
    article = next(one for one in line.articles if one.article_id == world.posts["troi"])
    assert article.bucket is None
    assert article.days == DayInterval(day(3, 14), day(3, 16))
    (finding,) = [f for f in report.findings if f.kind is FindingKind.DAY_FOLLOWS_CLOCK]
    assert str(world.posts["troi"]) in finding.explanation
    with world.database.read() as c:
        explanation = explain(c, str(world.posts["troi"]), as_of=report.as_of)
    shown = "\n".join(to_lines(explanation))
    assert "14/03/2022–15/03/2022" in shown
    assert "nội dung như cũ, ngày in nay là “16/03/2022”" in shown
