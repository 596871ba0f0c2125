"""Which days of a section did one walk see in full? Pure.

A count is exact only for days that are claimed here, so nothing is claimed that the pages do
not prove. What proves a day, for a walk that did not reach its goal: the list stood in
descending order of days, and went on to an older day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from crawler import ordering
from crawler.sweep import first_day_seen, may_all_be_pinned
from storage.records import (
    UNDECIDED,
    Channel,
    CoverageReason,
    CoverageState,
    DayInterval,
    ListOrder,
    RunOutcome,
    SectionCoverage,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.profiles import Bounds, Expect, SiteProfile
    from crawler.sweep import Join


class Stop(Enum):
    """Why a walk over one section ended."""

    WINDOW_START = "window_start"
    """A whole page of items was older than the window."""
    LIST_END = "list_end"
    """The page has no next one, or the next one brings no address that is new."""
    KNOWN = "known"
    """It met the look of an earlier run, which it may join."""
    PAGE_LIMIT = "page_limit"
    FAILED = "failed"
    """A page could not be had, or its next one lies outside the site."""
    BLOCKED = "blocked"
    EMPTY = "empty"
    """A page without an item."""
    ROBOTS_DENIED = "robots_denied"
    REQUEST_LIMIT = "request_limit"
    OUTSIDE_HOURS = "outside_hours"
    RESTING = "resting"
    """The site was not asked at all this night."""
    INTERRUPTED = "interrupted"
    """The run ended first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionWalk:
    """What one run saw of a section."""

    section: str
    channel: Channel
    pages: tuple[tuple[dt.date | None, ...], ...]
    """The items' days (None: undated), page by page, in the order of the list. Items that an
    earlier page had shown already are left out."""
    stop: Stop
    detail: str | None = None
    """e.g. the address and status of the page that failed."""
    is_extra: bool = False
    """The outcome of the run and its expectations do not depend on it."""
    join: Join | None = None
    """The look that it could join; None: a deep sweep."""
    declared: ListOrder | None = None
    """The order that the profile declares."""
    is_late: bool = False
    """Something new stood below pages that were wholly known."""
    shows_newest_only: bool = False
    """It is a front page that leads to no second one: what is older stands elsewhere, if at all."""


_REASONS = {
    Stop.WINDOW_START: CoverageReason.REACHED_WINDOW_START,
    Stop.LIST_END: CoverageReason.REACHED_LIST_END,
    Stop.KNOWN: CoverageReason.REACHED_KNOWN,
    Stop.PAGE_LIMIT: CoverageReason.PAGE_LIMIT,
    Stop.FAILED: CoverageReason.LIST_FAILED,
    Stop.BLOCKED: CoverageReason.LIST_BLOCKED,
    Stop.EMPTY: CoverageReason.LIST_EMPTY,
    Stop.ROBOTS_DENIED: CoverageReason.ROBOTS_DENIED,
    Stop.REQUEST_LIMIT: CoverageReason.REQUEST_LIMIT,
    Stop.OUTSIDE_HOURS: CoverageReason.OUTSIDE_HOURS,
    Stop.RESTING: CoverageReason.RESTING,
    Stop.INTERRUPTED: CoverageReason.INTERRUPTED,
}


def is_past(days: Sequence[dt.date | None], start: dt.date) -> bool:
    """Tell whether a page is wholly older than ``start``: the rule that ends a walk.

    An item without a day may be new, so its page is never past.

    >>> is_past([dt.date(2022, 1, 3), None], dt.date(2022, 6, 1))
    False
    """
    return bool(days) and all(day is not None and day < start for day in days)


def reached(walk: SectionWalk, start: dt.date) -> CoverageReason | None:
    """Tell how the walk saw everything from ``start`` on; None when it did not.

    A walk that met an earlier look saw the newest days itself and goes on from that look. The
    end of a feed or sitemap proves nothing, it holds the newest items only, and so does a front
    page without a second one: it must go back past ``start``, and all but a sitemap must do so
    in order (one old item pinned on top is no proof).
    """
    if walk.stop is Stop.WINDOW_START:
        return CoverageReason.REACHED_WINDOW_START
    if walk.stop is Stop.KNOWN and walk.join is not None:
        return CoverageReason.REACHED_KNOWN
    if walk.stop is not Stop.LIST_END:
        return None
    if walk.channel is Channel.LIST and not walk.shows_newest_only:
        return CoverageReason.REACHED_LIST_END
    days = ordering.dated(walk.pages)
    ordered = walk.channel is Channel.SITEMAP or ordering.descends(days)
    if days and ordered and min(days) < start:
        return CoverageReason.REACHED_WINDOW_START
    return None


def is_deep(walk: SectionWalk, start: dt.date) -> bool:
    """Tell whether the walk itself saw everything from ``start`` on."""
    return reached(walk, start) not in {None, CoverageReason.REACHED_KNOWN}


def of(
    walk: SectionWalk,
    *,
    site: str,
    run_id: int,
    run_started_at: dt.datetime,
    window: DayInterval,
    is_trusted: bool = True,
) -> SectionCoverage:
    """Give what is known of the section's days after the walk.

    Days lie in the window, before the run's own day in Vietnam, which is not over. None is
    claimed when the run is not trusted because it broke an expectation of its profile: what
    looks complete may then be a redesign. A walk that joined an earlier look claims the days
    that it went through; those before stay that look's.
    """
    end = min(filter(None, (window.end, vietnam_day(run_started_at))))
    first, reason, detail = _claim(walk, window.start)
    if not is_trusted:
        first, reason = None, CoverageReason.EXPECTATION_BROKEN
    if first is not None and first >= end:
        first = None
        detail = detail or "no whole day lies between what was seen and the day of the run"
    whole = first == window.start and reached(walk, window.start) is not None
    seen = CoverageState.COMPLETE if whole else CoverageState.PARTIAL
    return SectionCoverage(
        site=site,
        section=walk.section,
        run_id=run_id,
        run_started_at=run_started_at,
        state=CoverageState.NONE if first is None else seen,
        days=None if first is None else DayInterval(first, end),
        reason=reason,
        detail=detail,
        is_extra=walk.is_extra,
        order=order_of(walk),
        joins_run_id=walk.join.run_id
        if walk.join and reason is CoverageReason.REACHED_KNOWN
        else None,
    )


def of_undecided(
    profile: SiteProfile, *, run_id: int, run_started_at: dt.datetime
) -> list[SectionCoverage]:
    """Give what the profile in force names as not decided on: sections of which no day was seen.

    Each may list posts that nothing else shows, so the site is not seen in full without them.
    """
    undecided = profile.version_on(vietnam_day(run_started_at)).undecided
    doubts = {
        one.name: ": ".join(filter(None, (profile.address_of(one), one.why)))
        for one in undecided[:MOST_UNDECIDED]
    }
    if len(undecided) > MOST_UNDECIDED:
        doubts[f"+{len(undecided) - MOST_UNDECIDED}"] = f"undecided in {profile.site}.yml"
    return [
        SectionCoverage(
            site=profile.site,
            section=name,
            run_id=run_id,
            run_started_at=run_started_at,
            state=CoverageState.NONE,
            days=None,
            reason=CoverageReason.LIST_FAILED,
            detail=UNDECIDED + doubt,
        )
        for name, doubt in doubts.items()
    ]


MOST_UNDECIDED = 20
"""Rows a night for what nobody has decided on: menus of portals have hundreds of links. The
others stand in the profile, and are one row together."""


def order_of(walk: SectionWalk) -> ListOrder | None:
    """Tell how the section's items stood; None: it cannot be told.

    A list by last change puts all that is new on top: one that had something new below known
    pages is in no order, whatever the profile declares.
    """
    if walk.channel is Channel.SITEMAP:
        return None
    found = ordering.find_order(walk.pages)
    if walk.declared is ListOrder.LAST_CHANGE and found is not ListOrder.UNORDERED:
        return ListOrder.UNORDERED if walk.is_late else ListOrder.LAST_CHANGE
    return found


def outcome(
    walks: Sequence[SectionWalk],
    *,
    start: dt.date,
    is_interrupted: bool,
    fault: str | None,
    cut_short: str | None = None,
    undecided: Sequence[SectionCoverage] = (),
) -> tuple[RunOutcome, str | None]:
    """Give how the run ended, and why when it is not complete.

    What is ``undecided`` keeps it from being complete, and is the reason when nothing else is.
    ``fault`` is what made the whole run worthless or stopped it: a full disk, a locked
    database, a broken expectation. ``cut_short`` is what ended it in order, but early: even
    when all lists were seen, articles may have been left unread.
    """
    if fault is not None:
        return RunOutcome.FAILED, fault
    if is_interrupted:
        return RunOutcome.INTERRUPTED, "stopped from outside"
    missed = [walk for walk in walks if not walk.is_extra and reached(walk, start) is None]
    if not missed and (cut_short or not undecided):
        return (RunOutcome.PARTIAL if cut_short else RunOutcome.COMPLETE), cut_short
    if not missed:
        return RunOutcome.PARTIAL, UNDECIDED + _names_of(undecided)
    first = missed[0]
    reason = f"{first.section}: {_claim(first, start)[1].value}"
    reason += f" ({first.detail})" if first.detail else ""
    if len(missed) > 1:
        reason += f", and {len(missed) - 1} more"
    saw_something = any(any(walk.pages) for walk in walks)
    return RunOutcome.PARTIAL if saw_something else RunOutcome.FAILED, reason


def _names_of(undecided: Sequence[SectionCoverage]) -> str:
    named = [f"{one.section} ({one.undecided})" for one in undecided[:_NAMED]]
    more = f", and {len(undecided) - _NAMED} more" if len(undecided) > _NAMED else ""
    return f"{'; '.join(named)}{more}; name each under sections or not_news of its profile"


_NAMED = 3


DATED_AFTER = 10
"""Articles that a run must have read before their share of days says anything."""


def broken_expectation(expect: Expect, *, listed: int, read: int, dated: int) -> str | None:
    """Say which expectation of its profile a complete run broke; None: none.

    Args:
        expect: the profile's.
        listed: different articles on the lists.
        read: articles read in this run.
        dated: of these, how many have a day.
    """
    if listed < expect.articles_min:
        return f"expected at least {expect.articles_min} articles, the lists show {listed}"
    if read >= DATED_AFTER and dated < expect.dated_min * read:
        return (
            f"expected {expect.dated_min:.0%} of the articles with a day, found {dated} of {read}"
        )
    return None


THIRTY_DAYS = dt.timedelta(days=30)


def recent_days(window: DayInterval, run_day: dt.date) -> DayInterval | None:
    """Give the thirty whole days before the run's own; None: the window does not hold them."""
    recent = DayInterval(run_day - THIRTY_DAYS, run_day)
    return recent if window.end is None and window.start <= recent.start else None


def too_few(bounds: Bounds, days: Iterable[dt.date | None], recent: DayInterval) -> str | None:
    """Say that the lists show fewer articles of these days than the profile expects; None: no.

    Articles without a day may be of these days: they count, so that an unknown day is no lack.
    """
    number = sum(day is None or day in recent for day in days)
    if bounds.min is None or number >= bounds.min:
        return None
    return f"expected at least {bounds.min} articles in 30 days, the lists show {number}"


def too_many(bounds: Bounds, days: Iterable[dt.date | None], recent: DayInterval) -> str | None:
    """Say that the lists show more articles of these days than the profile expects; None: no."""
    number = sum(day is not None and day in recent for day in days)
    if bounds.max is None or number <= bounds.max:
        return None
    return f"warning: expected at most {bounds.max} articles in 30 days, the lists show {number}"


def _claim(walk: SectionWalk, start: dt.date) -> tuple[dt.date | None, CoverageReason, str | None]:
    """Give the first day seen in full (None: no day was), why, and more on it."""
    how = reached(walk, start)
    if how is CoverageReason.REACHED_KNOWN and walk.join is not None:
        return max(start, _first_since(walk, walk.join)), how, walk.detail
    if how is not None:
        return start, how, walk.detail
    reason = _REASONS[walk.stop]
    if walk.stop is Stop.LIST_END:
        reason = CoverageReason.FEED_TOO_SHORT if any(walk.pages) else CoverageReason.LIST_EMPTY
    if not ordering.dated(walk.pages):
        return None, reason, walk.detail
    first = None
    if walk.channel is not Channel.SITEMAP and not _may_be_pins_alone(walk):
        first = first_day_seen(walk.pages, walk.join.order if walk.join else walk.declared)
    if first is None:
        return None, reason, walk.detail or "the items do not stand in order of their days"
    return max(start, first), reason, walk.detail


def _may_be_pins_alone(walk: SectionWalk) -> bool:
    """Tell whether a walk saw so few items of a list that all may be pinned to its top.

    Newer ones then follow below. An earlier look or the profile may know that nothing is pinned
    there; feeds pin nothing.
    """
    is_order_known = walk.join is not None or walk.declared is not None
    return walk.channel is Channel.LIST and not is_order_known and may_all_be_pinned(walk.pages)


def _first_since(walk: SectionWalk, join: Join) -> dt.date:
    """Give the first day that a walk saw in full before it met the look that it joins.

    By last change, all that came after that look stands above the place of meeting, whatever
    its day: the walk goes on where the look ended, with a day that both claim.
    """
    first = first_day_seen(walk.pages, join.order)
    if join.order is ListOrder.LAST_CHANGE or first is None:
        return join.until - dt.timedelta(days=1)
    return first
