"""May tonight's walk over a section stop where it joins what is known? Pure.

A walk that stops early proves only the days that it went through. The days before are those of
the look that it joins, so that the claims of a chain of runs meet without a gap. What was
inserted below the place of joining (late or back-dated posts) is caught by a deep sweep: one
that goes to the window's start, on a schedule and whenever something could have changed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler import ordering
from storage.records import UNDECIDED, CoverageReason, ListOrder, RunOutcome, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.ordering import Pages
    from storage.records import CrawlRun, SectionCoverage

OVERLAP_PAGES = 2
"""Pages in a row that must be wholly known: the same addresses, titles and days as last time.

Late posts are mostly a few days late and stand a little below the top: the second page catches
them in the same night, the deep sweep the others."""
DEEP_EVERY = dt.timedelta(days=7)
"""A late or back-dated post is found after a week at the latest, on an office's weekly round."""
JOIN_WITHIN = dt.timedelta(days=3)
"""Nights in a row. After a longer gap the list is looked at as a whole: a weekend may be lost
to a machine that was off, more than that is no longer a nightly run."""

_BY_DAY = frozenset({ListOrder.NEWEST_FIRST, ListOrder.PINNED_ON_TOP})


@dataclass(frozen=True, kw_only=True, slots=True)
class Join:
    """The look that a walk may go on from instead of walking to the window's start."""

    run_id: int
    until: dt.date
    """The first day that the look had not seen in full (exclusive end of its days)."""
    order: ListOrder
    """How the list stands: as the last deep sweep found it, or the profile says."""


def find_join(
    section: str,
    declared: ListOrder | None,
    *,
    tonight: CrawlRun,
    runs: Sequence[CrawlRun],
    coverage: Sequence[SectionCoverage],
) -> Join | None:
    """Give the look that a section's walk may join; None: it has to be a deep sweep.

    Args:
        section: its name.
        declared: the order that the profile declares; None: what was found counts.
        tonight: the run to come.
        runs: earlier ones of the site, in any order.
        coverage: of these runs.
    """
    last = max(runs, key=lambda run: (run.started_at, run.id or 0), default=None)
    if last is None or last.id is None or not _can_be_joined(last, tonight):
        return None
    rows = {row.run_id: row for row in coverage if row.section == section}
    row, deep = rows.get(last.id), _deep_sweep(rows, last.id)
    if row is None or row.days is None or row.days.end is None or deep is None:
        return None
    if _days_between(deep.run_started_at, tonight.started_at) >= DEEP_EVERY:
        return None
    order = _order(declared, deep.order)
    return Join(run_id=last.id, until=row.days.end, order=order) if order else None


def _can_be_joined(last: CrawlRun, tonight: CrawlRun) -> bool:
    """Tell whether nothing has changed since the last run, and it saw all that it should.

    What the profile leaves undecided is asked by no run: it keeps no list from being joined.
    """
    is_whole = last.outcome is RunOutcome.COMPLETE
    is_whole |= last.outcome is RunOutcome.PARTIAL and (last.reason or "").startswith(UNDECIDED)
    return (
        is_whole
        and last.profile_digest == tonight.profile_digest
        and last.code_version == tonight.code_version
        and last.window.start <= tonight.window.start
        and _days_between(last.started_at, tonight.started_at) <= JOIN_WITHIN
    )


def _deep_sweep(rows: dict[int, SectionCoverage], run_id: int) -> SectionCoverage | None:
    """Follow the chain back to the look that went to the window's start."""
    row = rows.get(run_id)
    seen: set[int] = set()
    while row is not None and row.joins_run_id is not None and row.run_id not in seen:
        seen.add(row.run_id)
        row = rows.get(row.joins_run_id)
    reached = {CoverageReason.REACHED_WINDOW_START, CoverageReason.REACHED_LIST_END}
    return row if row is not None and row.reason in reached else None


def _order(declared: ListOrder | None, found: ListOrder | None) -> ListOrder | None:
    """Give the order to rely on; None: none.

    A declared order must not contradict the days that were found. An order by last change shows
    in no single look, so it has to be declared.
    """
    if found is ListOrder.UNORDERED or declared is ListOrder.UNORDERED:
        return None
    if declared is ListOrder.LAST_CHANGE:
        return ListOrder.LAST_CHANGE
    return found if found in _BY_DAY else None


def has_joined(pages: Pages, join: Join, *, known_pages: int) -> bool:
    """Tell whether a walk has met the look that it may join.

    Args:
        pages: the days of the items walked so far.
        join: the look.
        known_pages: how many of the last pages, in a row, were wholly known.
    """
    if known_pages < OVERLAP_PAGES:
        return False
    if join.order is ListOrder.LAST_CHANGE:
        return True
    if may_all_be_pinned(pages):
        return False
    first = first_day_seen(pages, join.order)
    # A whole day that both have seen: then the claims meet even when both ran on one day.
    return first is not None and first < join.until


def has_passed(pages: Pages, *, past_pages: int, declared: ListOrder | None) -> bool:
    """Tell whether a walk has left the window behind.

    In a list in order the first page that is wholly older proves that nothing newer follows.
    Where a few items stand too high (by last change, or back-dated), two whole pages of them by
    chance cannot be: with a fifth of the items out of place, 20 in a row are one in 10¹⁴. A
    list in no order has to be read to its end, unless the operator vouches for it in the
    profile.

    Args:
        pages: the days of the items walked so far.
        past_pages: how many of the last pages, in a row, were wholly older than the window.
        declared: the order that the profile declares.
    """
    if not past_pages or (past_pages == len(pages) and may_all_be_pinned(pages)):
        return False
    found = ordering.find_order(pages)
    if found in _BY_DAY or found is None:
        return True
    is_vouched_for = declared is not None and declared is not ListOrder.UNORDERED
    may_pass = found is ListOrder.LAST_CHANGE or is_vouched_for
    return may_pass and past_pages >= OVERLAP_PAGES


def may_all_be_pinned(pages: Pages) -> bool:
    """Tell whether nothing but pinned items may have been seen so far."""
    return sum(map(len, pages)) <= ordering.PINNED_AT_MOST


def first_day_seen(pages: Pages, order: ListOrder | None) -> dt.date | None:
    """Give the first day that the pages show in full; None: they do not stand in order.

    The oldest day itself may go on behind the last item. Pinned items are left out where the
    order allows them: they say nothing about what lies further down, and as few items as may
    be pinned show no day in full.
    """
    if order is ListOrder.PINNED_ON_TOP and may_all_be_pinned(pages):
        return None
    on_top = ordering.pinned(pages) if order is ListOrder.PINNED_ON_TOP else 0
    days = ordering.dated(pages)
    if on_top is None or not days[on_top:] or not ordering.descends(days[on_top:]):
        return None
    return days[-1] + dt.timedelta(days=1)


def _days_between(earlier: dt.datetime, later: dt.datetime) -> dt.timedelta:
    """Give whole days: a nightly run must not come a minute too early."""
    return vietnam_day(later) - vietnam_day(earlier)
