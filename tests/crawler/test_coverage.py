"""What a walk may claim to have seen."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import (
    SectionWalk,
    Stop,
    broken_expectation,
    is_past,
    of,
    of_undecided,
    outcome,
    reached,
    recent_days,
    too_few,
    too_many,
)
from crawler.profiles import Bounds, Expect, Noticed, ProfileVersion, Section, SiteProfile
from storage.records import (
    Channel,
    CoverageReason,
    CoverageState,
    DayInterval,
    ListOrder,
    RunOutcome,
    SectionCoverage,
)

START = dt.date(2022, 1, 1)
RUN = dt.datetime(2022, 9, 30, 18, 0, tzinfo=dt.UTC)  # 1 October in Vietnam
RUN_DAY = dt.date(2022, 10, 1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(f"2022-{text}")


def walk(
    *pages: tuple[dt.date | None, ...],
    stop: Stop = Stop.LIST_END,
    channel: Channel = Channel.LIST,
    detail: str | None = None,
) -> SectionWalk:
    return SectionWalk(section="Tin", channel=channel, pages=pages, stop=stop, detail=detail)


def claimed(
    seen: SectionWalk,
    *,
    window: DayInterval | None = None,
    is_trusted: bool = True,
    run_started_at: dt.datetime = RUN,
) -> SectionCoverage:
    return of(
        seen,
        site="a",
        run_id=1,
        run_started_at=run_started_at,
        window=window or DayInterval(START),
        is_trusted=is_trusted,
    )


def test_a_front_page_without_a_second_one_shows_the_newest_only() -> None:
    front = replace(walk((day("09-30"), day("09-01"))), shows_newest_only=True)
    assert (claimed(front).state, claimed(front).reason) == (
        CoverageState.NONE,
        CoverageReason.FEED_TOO_SHORT,
    )
    back = replace(front, pages=((day("09-30"), dt.date(2021, 12, 31)),))
    assert claimed(back).reason is CoverageReason.REACHED_WINDOW_START
    assert claimed(back).state is CoverageState.COMPLETE


def test_a_list_read_to_its_end_covers_the_window_up_to_the_day_of_the_run() -> None:
    seen = claimed(walk((day("09-30"), day("09-01")), (day("03-01"),)))
    assert (seen.state, seen.reason) == (CoverageState.COMPLETE, CoverageReason.REACHED_LIST_END)
    assert seen.days == DayInterval(START, RUN_DAY)


def test_the_run_s_own_day_is_that_of_vietnam_and_is_never_covered() -> None:
    before_midnight = dt.datetime(2022, 9, 30, 16, 59, tzinfo=dt.UTC)
    seen = claimed(walk((day("09-30"),)), run_started_at=before_midnight)
    assert seen.days == DayInterval(START, dt.date(2022, 9, 30))


def test_a_page_that_is_wholly_older_than_the_window_ends_it_completely() -> None:
    seen = claimed(walk((day("09-30"),), (dt.date(2021, 12, 31),), stop=Stop.WINDOW_START))
    assert seen.state is CoverageState.COMPLETE
    assert seen.reason is CoverageReason.REACHED_WINDOW_START


def test_the_window_s_own_end_limits_what_is_covered() -> None:
    window = DayInterval(day("03-01"), day("04-01"))
    assert claimed(walk((day("09-30"),)), window=window).days == window


def test_a_list_without_days_is_covered_only_by_its_end() -> None:
    undated = ((None, None), (None,))
    assert claimed(walk(*undated)).state is CoverageState.COMPLETE
    assert claimed(walk(*undated, stop=Stop.FAILED)).state is CoverageState.NONE


def test_a_walk_that_failed_later_covers_the_days_after_the_oldest_that_it_saw() -> None:
    first = (day("09-30"), *[day("09-20")] * 8)
    seen = claimed(walk(first, (day("09-20"), day("09-10")), stop=Stop.FAILED))
    assert (seen.state, seen.reason) == (CoverageState.PARTIAL, CoverageReason.LIST_FAILED)
    assert seen.days == DayInterval(day("09-11"), RUN_DAY)


def test_so_few_items_that_all_may_be_pinned_prove_no_day_unless_it_is_known_better() -> None:
    few = walk((day("09-30"), day("09-20")), (day("09-10"),), stop=Stop.FAILED)
    assert claimed(few).days is None
    after_the_oldest = DayInterval(day("09-11"), RUN_DAY)
    declared = dataclasses.replace(few, declared=ListOrder.NEWEST_FIRST)
    assert claimed(declared).days == after_the_oldest
    assert claimed(dataclasses.replace(few, channel=Channel.FEED)).days == after_the_oldest


def test_a_failed_walk_over_a_list_out_of_order_covers_nothing() -> None:
    seen = claimed(walk((day("01-05"), day("09-30"), day("09-29")), stop=Stop.FAILED))
    assert seen.state is CoverageState.NONE
    assert seen.detail == "the items do not stand in order of their days"


def test_where_items_are_pinned_a_few_prove_no_day_and_the_pins_are_left_out() -> None:
    pins = (day("02-03"), day("02-01"))
    few = walk((*pins, day("09-30"), day("09-29")), stop=Stop.FAILED)
    many = walk((*pins, *(day(f"09-{n}") for n in range(30, 20, -1))), stop=Stop.FAILED)
    pinned = ListOrder.PINNED_ON_TOP
    assert claimed(dataclasses.replace(few, declared=pinned)).days is None
    assert claimed(many).days is None
    assert claimed(dataclasses.replace(many, declared=pinned)).days == DayInterval(
        day("09-22"), RUN_DAY
    )


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (Stop.FAILED, CoverageReason.LIST_FAILED),
        (Stop.BLOCKED, CoverageReason.LIST_BLOCKED),
        (Stop.EMPTY, CoverageReason.LIST_EMPTY),
        (Stop.ROBOTS_DENIED, CoverageReason.ROBOTS_DENIED),
        (Stop.INTERRUPTED, CoverageReason.INTERRUPTED),
    ],
)
def test_a_walk_without_a_first_page_covers_nothing_and_says_why(
    stop: Stop, reason: CoverageReason
) -> None:
    seen = claimed(walk(stop=stop, detail="http://a.test/tin: status 503"))
    assert (seen.state, seen.days, seen.reason) == (CoverageState.NONE, None, reason)
    assert seen.detail == "http://a.test/tin: status 503"


def test_the_limit_of_pages_leaves_the_rest_open() -> None:
    seen = claimed(walk((day("09-30"), *[day("09-20")] * 10), stop=Stop.PAGE_LIMIT))
    assert (seen.state, seen.reason) == (CoverageState.PARTIAL, CoverageReason.PAGE_LIMIT)


def test_a_feed_that_does_not_reach_back_covers_the_days_after_its_oldest_item() -> None:
    seen = claimed(walk((day("09-30"), day("09-10")), channel=Channel.FEED))
    assert (seen.state, seen.reason) == (CoverageState.PARTIAL, CoverageReason.FEED_TOO_SHORT)
    assert seen.days == DayInterval(day("09-11"), RUN_DAY)


def test_a_feed_that_reaches_back_past_the_window_s_start_covers_it() -> None:
    feed = walk((day("09-30"), dt.date(2021, 12, 31)), channel=Channel.FEED)
    assert claimed(feed).state is CoverageState.COMPLETE
    assert reached(feed, START) is CoverageReason.REACHED_WINDOW_START


def test_an_old_item_pinned_on_top_of_a_feed_proves_nothing() -> None:
    feed = walk((dt.date(2020, 1, 1), day("09-30"), day("09-29")), channel=Channel.FEED)
    assert claimed(feed).state is CoverageState.NONE


def test_an_empty_feed_covers_nothing() -> None:
    seen = claimed(walk((), channel=Channel.FEED))
    assert (seen.state, seen.reason) == (CoverageState.NONE, CoverageReason.LIST_EMPTY)


def test_a_sitemap_without_days_covers_nothing() -> None:
    seen = claimed(walk((None, None), channel=Channel.SITEMAP))
    assert (seen.state, seen.reason) == (CoverageState.NONE, CoverageReason.FEED_TOO_SHORT)


def test_a_broken_expectation_takes_all_claims_back() -> None:
    seen = claimed(walk((day("09-30"),)), is_trusted=False)
    assert (seen.state, seen.days) == (CoverageState.NONE, None)
    assert seen.reason is CoverageReason.EXPECTATION_BROKEN


def test_a_window_that_begins_on_the_day_of_the_run_holds_no_whole_day() -> None:
    seen = claimed(walk((RUN_DAY,)), window=DayInterval(RUN_DAY))
    assert (seen.state, seen.days) == (CoverageState.NONE, None)
    assert seen.detail == "no whole day lies between what was seen and the day of the run"


def test_a_page_with_an_item_without_a_day_is_not_past() -> None:
    assert is_past([dt.date(2021, 12, 31)], START)
    assert not is_past([dt.date(2021, 12, 31), None], START)
    assert not is_past([dt.date(2021, 12, 31), START], START)
    assert not is_past([], START)


def test_a_run_is_complete_only_when_every_section_was_seen_to_its_goal() -> None:
    whole, cut = walk((day("09-30"),)), walk((day("09-30"),), stop=Stop.FAILED, detail="timeout")
    end = {"start": START, "is_interrupted": False, "fault": None}
    assert outcome([whole, whole], **end) == (RunOutcome.COMPLETE, None)  # type: ignore[arg-type]
    partial = outcome([whole, cut], **end)  # type: ignore[arg-type]
    assert partial == (RunOutcome.PARTIAL, "Tin: list_failed (timeout)")
    nothing = outcome([walk(stop=Stop.FAILED)], **end)  # type: ignore[arg-type]
    assert nothing[0] is RunOutcome.FAILED


def test_a_fault_and_an_interruption_outweigh_what_was_seen() -> None:
    whole = [walk((day("09-30"),))]
    stopped = outcome(whole, start=START, is_interrupted=True, fault=None)
    assert stopped[0] is RunOutcome.INTERRUPTED
    faulty = outcome(whole, start=START, is_interrupted=True, fault="disk full")
    assert faulty == (RunOutcome.FAILED, "disk full")


def test_expectations_are_about_articles_and_their_days() -> None:
    expect = Expect(articles_min=20, dated_min=0.9)
    assert broken_expectation(expect, listed=20, read=10, dated=9) is None
    assert broken_expectation(expect, listed=19, read=0, dated=0) is not None
    assert broken_expectation(expect, listed=20, read=10, dated=8) is not None
    # A handful of articles says nothing about the share.
    assert broken_expectation(expect, listed=20, read=9, dated=0) is None


def test_thirty_days_are_judged_only_when_the_window_holds_them() -> None:
    recent = DayInterval(day("09-01"), RUN_DAY)
    assert recent_days(DayInterval(START), RUN_DAY) == recent
    assert recent_days(DayInterval(day("09-02")), RUN_DAY) is None
    assert recent_days(DayInterval(START, RUN_DAY), RUN_DAY) is None


def test_too_few_articles_in_thirty_days_are_a_fault_and_too_many_a_warning() -> None:
    recent = DayInterval(day("09-01"), RUN_DAY)
    days = [day("09-30"), day("09-01"), day("08-31"), RUN_DAY]
    assert too_few(Bounds(min=2), days, recent) is None
    assert too_few(Bounds(), [], recent) is None
    assert too_few(Bounds(min=3), days, recent) == (
        "expected at least 3 articles in 30 days, the lists show 2"
    )
    # One without a day may be of these days.
    assert too_few(Bounds(min=3), [*days, None], recent) is None
    assert too_many(Bounds(max=2), [*days, None], recent) is None
    assert too_many(Bounds(max=1), days, recent) == (
        "warning: expected at most 1 articles in 30 days, the lists show 2"
    )


# A site is a list of days, newest first; a walk sees a beginning of it and misses the rest.
_days = st.dates(dt.date(2021, 11, 1), RUN_DAY)


@given(
    published=st.lists(_days, min_size=1, max_size=30).map(lambda d: sorted(d, reverse=True)),
    data=st.data(),
)
def test_no_post_that_was_missed_lies_on_a_day_that_is_claimed(
    published: list[dt.date], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(published)))
    size = data.draw(st.integers(1, 5))
    stop = data.draw(st.sampled_from([one for one in Stop if one is not Stop.WINDOW_START]))
    channel = data.draw(st.sampled_from([Channel.LIST, Channel.FEED]))
    is_whole = stop is Stop.LIST_END and channel is Channel.LIST
    shown = published if is_whole else published[:cut]
    pages = tuple(tuple(shown[i : i + size]) for i in range(0, len(shown), size))
    seen = claimed(walk(*pages, stop=stop, channel=channel))
    missed = published[len(shown) :]
    assert seen.days is None or not [one for one in missed if one in seen.days]
    assert seen.days is None or RUN_DAY not in seen.days


@given(
    st.lists(st.lists(st.none() | _days, max_size=5).map(tuple), max_size=6), st.sampled_from(Stop)
)
def test_complete_means_the_whole_window_and_none_means_no_day(
    pages: list[tuple[dt.date | None, ...]], stop: Stop
) -> None:
    seen = claimed(walk(*pages, stop=stop))
    assert (seen.state is CoverageState.NONE) == (seen.days is None)
    if seen.state is CoverageState.COMPLETE:
        assert seen.days == DayInterval(START, RUN_DAY)
        assert seen.reason in {
            CoverageReason.REACHED_WINDOW_START,
            CoverageReason.REACHED_LIST_END,
        }


def test_an_extra_channel_neither_completes_a_run_nor_spoils_it() -> None:
    whole = walk((day("09-30"),))
    sitemap = replace(walk((None,), channel=Channel.SITEMAP), is_extra=True)
    assert claimed(sitemap).is_extra
    for walks in ([whole, sitemap], [whole, replace(sitemap, stop=Stop.FAILED)]):
        found, _ = outcome(walks, start=START, is_interrupted=False, fault=None)
        assert found is RunOutcome.COMPLETE
    failed = walk(stop=Stop.FAILED)
    found, _ = outcome([failed, sitemap], start=START, is_interrupted=False, fault=None)
    assert found is not RunOutcome.COMPLETE


def test_what_a_profile_leaves_undecided_is_a_section_without_a_day_and_many_are_bounded() -> None:
    names = tuple(Noticed(name=f"Mục {n}", url=f"muc-{n}", why="chưa mở") for n in range(25))
    version = ProfileVersion(
        family="generic", sections=(Section(name="Tin", url="tin"),), undecided=names
    )
    profile = SiteProfile(site="a", base_url="http://a.test/", versions=(version,), digest="")
    rows = of_undecided(profile, run_id=1, run_started_at=RUN)
    assert {row.state for row in rows} == {CoverageState.NONE}
    assert (rows[0].section, rows[0].undecided) == ("Mục 0", "http://a.test/muc-0: chưa mở")
    assert [row.section for row in rows[-2:]] == ["Mục 19", "+5"]
    whole = walk((day("09-30"),))
    found, reason = outcome([whole], start=START, is_interrupted=False, fault=None, undecided=rows)
    assert (found, (reason or "").partition(";")[0]) == (
        RunOutcome.PARTIAL,
        "undecided: Mục 0 (http://a.test/muc-0: chưa mở)",
    )
    failed = walk((day("09-30"),), stop=Stop.FAILED)
    _, reason = outcome([failed], start=START, is_interrupted=False, fault=None, undecided=rows)
    assert reason == "Tin: list_failed"
