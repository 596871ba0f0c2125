"""What earlier runs over a site left, read from rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from crawler import sweep
from crawler.due import ASK_AGAIN_AFTER
from crawler.politeness import hosts_of
from crawler.remembered import Remembered
from crawler.urls import belongs
from storage import articles, captures, claims
from storage.records import CapturePurpose, vietnam_day

if TYPE_CHECKING:
    from crawler.profiles import SiteProfile
    from storage.engine import Connection
    from storage.records import AddressTry, Capture, CrawlRun

CLAIMED_ONLY = "run/claimed_only"
"""The counter that marks a run which asked for claimed addresses and for no list."""


def recollect(
    c: Connection, profile: SiteProfile, tonight: CrawlRun, run_id: int, *, may_join: bool
) -> Remembered:
    """Give what earlier runs left.

    Args:
        c: read from.
        profile: of the site.
        tonight: the run that begins.
        run_id: its id.
        may_join: its walks may end where they meet an earlier look.
    """
    site, now = profile.site, tonight.started_at
    return Remembered(
        known=articles.known_articles(c, site),
        tries=_recent_tries(c, site, now),
        joins=_joins(c, profile, tonight, run_id) if may_join else {},
        validators=captures.validators(c, site),
        claimed=_claimed(c, profile, now),
    )


def _joins(
    c: Connection, profile: SiteProfile, tonight: CrawlRun, run_id: int
) -> dict[str, sweep.Join]:
    """Find what the walks may join: nothing, unless the last run was a night like this."""
    site, now = profile.site, tonight.started_at
    earlier = [
        run
        for run in captures.runs(c, now, sites=[site])
        if run.id != run_id and CLAIMED_ONLY not in run.counters
    ]
    version = profile.version_on(vietnam_day(now))
    if earlier and version != profile.version_on(vietnam_day(earlier[-1].started_at)):
        return {}  # the site was redesigned between the two nights
    rows = captures.coverage_as_of(c, now, sites=[site])
    found = {
        section.name: sweep.find_join(
            section.name, section.order, tonight=tonight, runs=earlier, coverage=rows
        )
        for section in version.sections
    }
    return {name: join for name, join in found.items() if join is not None}


def _claimed(c: Connection, profile: SiteProfile, now: dt.datetime) -> dict[str, AddressTry | None]:
    """Give the addresses on a site that units claim, with the newest attempt at each."""
    named = claims.claimed_addresses(c, now, hosts=hosts_of(profile))
    addresses = [address for address in named if belongs(address, profile)]
    tries = claims.tries_of_addresses(c, addresses, now)
    return {address: tries.get(address) for address in addresses}


def _recent_tries(c: Connection, site: str, now: dt.datetime) -> dict[int, Capture]:
    """Give the newest capture of each article that was asked for lately."""
    return {
        capture.article_id: capture
        for run in captures.runs(c, now, sites=[site])
        if run.id is not None and now - run.started_at <= ASK_AGAIN_AFTER + dt.timedelta(days=1)
        for capture in captures.captures_of_run(c, run.id)
        if capture.article_id is not None and capture.purpose is CapturePurpose.ARTICLE
    }
