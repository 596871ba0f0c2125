"""Stopping early where the list is known: what it may claim, night after night."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import coverage
from crawler.coverage import Stop
from crawler.profiles import Section
from crawler.sweep import DEEP_EVERY, Join, find_join
from crawler.walk import Walker
from storage.records import (
    UNDECIDED,
    CoverageReason,
    CrawlRun,
    DayInterval,
    ListOrder,
    RunOutcome,
    SectionCoverage,
    vietnam_day,
)

if TYPE_CHECKING:
    import pytest

FIRST_NIGHT = dt.datetime(2022, 9, 1, 16, tzinfo=dt.UTC)  # 23:00 in Vietnam
START = dt.date(2022, 6, 1)


@dataclass(frozen=True)
class Post:
    """A post as the list shows it."""

    number: int
    day: dt.date
    title: str = "Tin"
    changed: int = 0
    """When it was last touched; for lists that stand by it."""
    shows_day: bool = True


@dataclass
class Nights:
    """A list that is looked at night after night, as the crawler does."""

    order: ListOrder | None = None
    """As the profile declares it."""
    start: dt.date = START
    posts: dict[int, Post] = field(default_factory=dict)
    pins: tuple[int, ...] = ()
    pins_on_every_page: bool = False
    runs: list[CrawlRun] = field(default_factory=list)
    rows: list[SectionCoverage] = field(default_factory=list)
    known: dict[str, tuple[str, dt.date | None]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    """Tonight."""
    asked: int = 0
    """Pages asked tonight."""

    def publish(self, *days: dt.date, shows_day: bool = True) -> None:
        """Add posts."""
        for day in days:
            number = len(self.posts) + 1000
            while number in self.posts:
                number += 1
            self.posts[number] = Post(number, day, changed=number, shows_day=shows_day)

    def pages(self, size: int) -> list[list[Post]]:
        """Give the list as it stands."""
        by_change = self.order is ListOrder.LAST_CHANGE
        listed = sorted(
            (post for post in self.posts.values() if post.number not in self.pins),
            key=lambda post: (post.changed if by_change else post.day.toordinal(), post.number),
            reverse=True,
        )
        pins = [self.posts[number] for number in self.pins if number in self.posts]
        whole = listed if self.pins_on_every_page else [*pins, *listed]
        cut = [whole[i : i + size] for i in range(0, len(whole), size)] or [[]]
        return [[*pins, *page] for page in cut] if self.pins_on_every_page else cut

    def look(
        self, at: dt.datetime, *, size: int, fails_at: int | None = None, digest: str = "p"
    ) -> SectionCoverage:
        """Walk the list; ``fails_at``: the page (0, 1, …) that does not come."""
        tonight = CrawlRun(
            id=len(self.runs) + 1,
            site="xa",
            window=DayInterval(self.start),
            started_at=at,
            profile_digest=digest,
            code_version="1",
            simulated_clock=True,
        )
        join = find_join("Tin", self.order, tonight=tonight, runs=self.runs, coverage=self.rows)
        walker = Walker(
            section=Section(name="Tin", url="tin", order=self.order),
            start=self.start,
            max_pages=99,
            join=join,
        )
        shown = self._walk(walker, self.pages(size), fails_at)
        walk = walker.result(unfinished=Stop.INTERRUPTED)
        row = coverage.of(
            walk, site="xa", run_id=tonight.id or 0, run_started_at=at, window=tonight.window
        )
        outcome, _ = coverage.outcome([walk], start=self.start, is_interrupted=False, fault=None)
        self.runs.append(dataclasses.replace(tonight, outcome=outcome, finished_at=at))
        self.rows.append(row)
        self.known |= shown
        self.seen = set(walker.seen)
        return row

    def _walk(
        self, walker: Walker, pages: list[list[Post]], fails_at: int | None
    ) -> dict[str, tuple[str, dt.date | None]]:
        shown: dict[str, tuple[str, dt.date | None]] = {}
        walker.begin("p0")
        following: str | None = "p0"
        self.asked = 0
        while following is not None:
            self.asked += 1
            number = int(following[1:])
            if number == fails_at:
                walker.miss(Stop.FAILED, "timeout")
                break
            items = {
                str(post.number): (post.title, post.day if post.shows_day else None)
                for post in pages[number]
            }
            following = walker.take(
                [(address, day) for address, (_, day) in items.items()],
                next_address=f"p{number + 1}" if number + 1 < len(pages) else None,
                is_known=all(self.known.get(a) == item for a, item in items.items()),
            )
            shown |= items
        return shown

    def claimed(self) -> set[dt.date]:
        """Give all days that any night claims."""
        return {
            row.days.start + dt.timedelta(days=n)
            for row in self.rows
            if row.days and row.days.end
            for n in range((row.days.end - row.days.start).days)
        }


def night(number: int) -> dt.datetime:
    return FIRST_NIGHT + dt.timedelta(days=number)


def a_long_list(order: ListOrder | None = None) -> Nights:
    nights = Nights(order=order)
    today = vietnam_day(FIRST_NIGHT)
    nights.publish(*(today - dt.timedelta(days=n) for n in range(80, 0, -1)))
    return nights


def test_an_unchanged_list_costs_its_first_pages_and_joins_the_last_look() -> None:
    nights = a_long_list()
    first = nights.look(night(0), size=10)
    assert (first.reason, nights.asked) == (CoverageReason.REACHED_LIST_END, 8)
    second = nights.look(night(1), size=10)
    assert (second.reason, second.joins_run_id, nights.asked) == (
        CoverageReason.REACHED_KNOWN,
        1,
        2,
    )
    assert nights.runs[-1].outcome is RunOutcome.COMPLETE


def test_a_night_that_joins_claims_only_the_days_it_walked_through() -> None:
    nights = a_long_list()
    nights.look(night(0), size=10)
    row = nights.look(night(1), size=10)
    # Twenty posts, one a day, the oldest of 12 August: that day may go on further down.
    assert row.days == DayInterval(dt.date(2022, 8, 13), dt.date(2022, 9, 2))


def test_a_list_that_ends_where_it_would_be_joined_was_seen_to_its_end() -> None:
    nights = a_long_list()
    nights.look(night(0), size=40)
    assert nights.look(night(1), size=40).reason is CoverageReason.REACHED_LIST_END
    assert nights.asked == 2


def test_new_posts_are_seen_before_the_walk_may_stop() -> None:
    nights = a_long_list()
    nights.look(night(0), size=10)
    nights.publish(*[dt.date(2022, 9, 2)] * 13)
    row = nights.look(night(1), size=10)
    assert (row.reason, nights.asked) == (CoverageReason.REACHED_KNOWN, 4)


def test_after_a_week_the_list_is_read_to_the_window_s_start_again() -> None:
    nights = a_long_list()
    reasons = [nights.look(night(n), size=10).reason for n in range(DEEP_EVERY.days + 2)]
    deep = [n for n, reason in enumerate(reasons) if reason is CoverageReason.REACHED_LIST_END]
    assert deep == [0, 7]


def test_a_gap_between_nights_a_new_profile_and_a_failed_night_call_for_a_deep_sweep() -> None:
    for change in ({"digest": "q"}, {}):
        nights = a_long_list()
        nights.look(night(0), size=10)
        at = night(1) if change else night(4)
        assert nights.look(at, size=10, **change).joins_run_id is None  # type: ignore[arg-type]
    nights = a_long_list()
    nights.look(night(0), size=10)
    nights.publish(dt.date(2022, 9, 2))
    assert nights.look(night(1), size=10, fails_at=1).reason is CoverageReason.LIST_FAILED
    assert nights.look(night(2), size=10).reason is CoverageReason.REACHED_LIST_END


def test_what_is_undecided_keeps_no_list_from_being_joined() -> None:
    nights = a_long_list()
    nights.look(night(0), size=10)
    for reason, joins in ((f"{UNDECIDED}Thông báo (http://…)", True), ("tin: page_limit", False)):
        nights.runs[-1] = dataclasses.replace(
            nights.runs[-1], outcome=RunOutcome.PARTIAL, reason=reason
        )
        tonight = dataclasses.replace(nights.runs[-1], id=2, started_at=night(1))
        join = find_join("Tin", None, tonight=tonight, runs=nights.runs, coverage=nights.rows)
        assert (join is not None) == joins


def test_a_list_out_of_order_or_without_days_or_declared_so_is_never_cut_short() -> None:
    unordered, undated, declared = a_long_list(), Nights(), a_long_list(ListOrder.UNORDERED)
    unordered.pins = tuple(range(1000, 1012))
    undated.publish(*[dt.date(2022, 8, 1)] * 80, shows_day=False)
    for nights in (unordered, undated, declared):
        nights.look(night(0), size=10)
        assert nights.look(night(1), size=10).reason is CoverageReason.REACHED_LIST_END


def test_a_wholly_old_first_page_may_be_pinned_and_ends_nothing() -> None:
    nights = a_long_list()
    nights.start = dt.date(2022, 8, 1)
    nights.pins = (1002, 1001, 1000)
    nights.look(night(0), size=3)
    assert str(max(nights.posts)) in nights.seen


def test_known_pages_that_may_all_be_pinned_end_nothing() -> None:
    nights = a_long_list()
    nights.look(night(0), size=3)
    nights.publish(dt.date(2022, 9, 2))
    nights.pins = tuple(range(1005, 999, -1))
    assert nights.look(night(1), size=3).joins_run_id is None
    assert str(max(nights.posts)) in nights.seen


def test_a_list_whose_order_is_broken_tonight_is_read_to_the_end() -> None:
    nights = a_long_list()
    nights.look(night(0), size=10)
    nights.pins = (1000,)
    broken = nights.look(night(1), size=10)
    assert (broken.reason, broken.order) == (
        CoverageReason.REACHED_LIST_END,
        ListOrder.PINNED_ON_TOP,
    )
    assert nights.look(night(2), size=10).joins_run_id == broken.run_id


def test_a_list_by_last_change_is_joined_only_when_declared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for order, reason in (
        (None, CoverageReason.REACHED_LIST_END),
        (ListOrder.LAST_CHANGE, CoverageReason.REACHED_KNOWN),
    ):
        nights = a_long_list(ListOrder.LAST_CHANGE)
        nights.posts[1010] = dataclasses.replace(nights.posts[1010], changed=1075)
        pages = nights.pages(10)
        nights.order = order
        monkeypatch.setattr(nights, "pages", lambda _size, pages=pages: pages)
        assert nights.look(night(0), size=10).order is ListOrder.LAST_CHANGE
        assert nights.look(night(1), size=10).reason is reason


def test_something_new_below_known_pages_takes_the_order_by_last_change_away() -> None:
    nights = a_long_list(ListOrder.LAST_CHANGE)
    nights.look(night(0), size=10)
    nights.posts[900] = Post(900, dt.date(2022, 8, 30), changed=1030)
    row = nights.look(night(8), size=10)
    assert row.order is ListOrder.UNORDERED
    assert nights.look(night(9), size=10).joins_run_id is None


def test_a_chain_that_does_not_lead_back_to_a_deep_sweep_cannot_be_joined() -> None:
    nights = a_long_list()
    nights.look(night(0), size=10)
    nights.look(night(1), size=10)
    join = {
        "tonight": dataclasses.replace(nights.runs[0], started_at=night(2)),
        "runs": nights.runs,
    }
    whole = find_join("Tin", None, coverage=nights.rows, **join)  # type: ignore[arg-type]
    assert whole == Join(run_id=2, until=dt.date(2022, 9, 2), order=ListOrder.NEWEST_FIRST)
    assert find_join("Tin", None, coverage=nights.rows[1:], **join) is None  # type: ignore[arg-type]


# A history of nights: posts are added in time, late or back-dated, pinned, edited and removed;
# now and then a page does not come. Whatever happens, a day that is claimed was seen.


@dataclass(frozen=True)
class Night:
    """What happens until the next look."""

    gap: int
    """Days."""
    new: list[int]
    """Posts, by how many days back they are dated."""
    undated: list[int]
    removed: int
    edited: int
    pins: int | None
    """How many posts are pinned; None: the same as before."""
    fails_at: int | None


@dataclass(frozen=True)
class History:
    """A list and what becomes of it."""

    first: list[int]
    nights: list[Night]
    size: int
    """Items on a page."""
    pins_on_every_page: bool
    start: dt.date


_histories = st.builds(
    History,
    first=st.lists(st.integers(0, 80), min_size=12, max_size=60),
    nights=st.lists(
        st.builds(
            Night,
            gap=st.integers(0, 4),
            new=st.lists(st.integers(0, 2) | st.integers(3, 80), max_size=8),
            undated=st.lists(st.integers(0, 40), max_size=2),
            removed=st.integers(0, 3),
            edited=st.integers(0, 2),
            pins=st.integers(0, 4) | st.none(),
            # Not on the first pages: so short a walk could be all pins and look like a list.
            fails_at=st.none() | st.none() | st.integers(5, 9),
        ),
        min_size=1,
        max_size=10,
    ),
    size=st.integers(3, 12),
    pins_on_every_page=st.booleans(),
    start=st.sampled_from([dt.date(2022, 5, 1), dt.date(2022, 8, 10)]),
)


def _live(nights: Nights, night: Night, at: dt.datetime, data: st.DataObject) -> None:
    """Let the editors work until the next look."""
    today = vietnam_day(at)
    nights.publish(*(today - dt.timedelta(days=back) for back in night.new))
    nights.publish(*(today - dt.timedelta(days=back) for back in night.undated), shows_day=False)
    for _ in range(min(night.removed, len(nights.posts) - 1)):
        del nights.posts[data.draw(st.sampled_from(sorted(nights.posts)))]
    for _ in range(night.edited):
        number = data.draw(st.sampled_from(sorted(nights.posts)))
        change = max(post.changed for post in nights.posts.values()) + 1
        nights.posts[number] = dataclasses.replace(
            nights.posts[number], title=f"Tin {at}", changed=change
        )


@settings(deadline=None, max_examples=150)
@given(history=_histories, data=st.data())
def test_every_day_that_a_night_claims_was_seen_that_night(
    history: History, data: st.DataObject
) -> None:
    nights = Nights(start=history.start, pins_on_every_page=history.pins_on_every_page)
    nights.publish(*(vietnam_day(FIRST_NIGHT) - dt.timedelta(days=n) for n in history.first))
    at = FIRST_NIGHT
    for night in history.nights:
        at += dt.timedelta(days=night.gap, hours=1)
        _live(nights, night, at, data)
        if night.pins is not None:
            nights.pins = tuple(data.draw(st.permutations(sorted(nights.posts)))[: night.pins])
        row = nights.look(at, size=history.size, fails_at=night.fails_at)
        there = {str(post.number) for post in nights.posts.values() if _is_in(post, row)}
        assert there <= nights.seen
    if all(run.outcome is RunOutcome.COMPLETE for run in nights.runs):
        days = (vietnam_day(at) - history.start).days
        assert nights.claimed() == {history.start + dt.timedelta(days=n) for n in range(days)}


@settings(deadline=None, max_examples=100)
@given(history=_histories, data=st.data())
def test_in_a_list_by_last_change_every_post_of_a_claimed_day_is_known(
    history: History, data: st.DataObject
) -> None:
    nights = Nights(order=ListOrder.LAST_CHANGE, start=dt.date(2022, 5, 1))
    nights.publish(*(vietnam_day(FIRST_NIGHT) - dt.timedelta(days=n) for n in history.first))
    at = FIRST_NIGHT
    for night in history.nights:
        at += dt.timedelta(days=night.gap, hours=1)
        _live(nights, night, at, data)
        row = nights.look(at, size=history.size, fails_at=night.fails_at)
        there = {str(post.number) for post in nights.posts.values() if _is_in(post, row)}
        assert there <= nights.known.keys()


def _is_in(post: Post, row: SectionCoverage) -> bool:
    return row.days is not None and post.day in row.days
