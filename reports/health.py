"""How well is each site seen, day by day, and is there reason to doubt it? Pure.

A calendar from the stored coverage, the last run, an alarm on a drop of posts, and an estimate
of posts that every channel missed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.capture_recapture import Missed, estimate_missed
from reports.coverage import SiteDay, days_of_site, days_seen
from reports.rates import RECENT_DAYS, REFERENCE_DAYS, RateDrop, find_drop
from storage.records import CoverageReason, CoverageState, DayInterval

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reports.coverage import Why
    from storage.records import Candidate, Channel, CrawlRun, ListOrder, SectionCoverage

HISTORY = dt.timedelta(days=2 * (REFERENCE_DAYS + max(RECENT_DAYS)))
"""How far back the alarm looks for seen days: twice what it needs, for sites seen in part."""

_ALL_THE_WAY = {CoverageReason.REACHED_WINDOW_START, CoverageReason.REACHED_LIST_END}

Places = frozenset[tuple[str, "Channel"]]
"""The sections and channels that showed an article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteFacts:
    """What is known of one site."""

    site: str
    coverage: tuple[SectionCoverage, ...]
    runs: tuple[CrawlRun, ...]
    candidates: tuple[Candidate, ...]
    channels: Mapping[int, Places]
    """By article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Days in a row that were not seen in full for one reason."""

    days: DayInterval
    state: CoverageState
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionHealth:
    """How the newest run that has coverage saw one section."""

    section: str
    is_extra: bool
    order: ListOrder | None
    reason: CoverageReason
    detail: str | None
    undecided: str | None
    """Address and doubt, where nobody has said whether it is a list of posts; None: it is one."""
    deep_at: dt.datetime | None
    """When the last look that went all the way began; None: there was none yet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteHealth:
    """One site's calendar and what speaks against trusting it."""

    site: str
    days: tuple[SiteDay, ...]
    gaps: tuple[Gap, ...]
    sections: tuple[SectionHealth, ...]
    last_run: CrawlRun | None
    """None: never crawled."""
    drop: RateDrop | None
    missed: Missed | None
    """None: the site has one channel only, or no days that two of them saw in full."""

    @property
    def doubts(self) -> list[tuple[str, str]]:
        """What nobody has decided on: name, and address with the doubt."""
        return [(one.section, one.undecided) for one in self.sections if one.undecided]

    @property
    def complete_days(self) -> int:
        """How many of the days were seen in full."""
        return sum(day.state is CoverageState.COMPLETE for day in self.days)


def examine(facts: SiteFacts, *, days: DayInterval, as_of: dt.datetime) -> SiteHealth:
    """Judge one site; ``days`` has an end."""
    calendar = days_of_site(facts.site, facts.coverage, days=days, as_of=as_of)
    return SiteHealth(
        site=facts.site,
        days=tuple(calendar),
        gaps=tuple(_gaps(calendar)),
        sections=tuple(_sections(facts.coverage)),
        last_run=max(facts.runs, key=lambda run: (run.started_at, run.id or 0), default=None),
        drop=_drop(facts, days, as_of),
        missed=missed_by_all(facts, days=days),
    )


def missed_by_all(facts: SiteFacts, *, days: DayInterval) -> Missed | None:
    """Estimate how many posts of the days no channel showed.

    Only of days that every channel saw in full: what a feed no longer reaches is not missed.
    """
    sections: dict[Channel, set[str]] = {}
    for places in facts.channels.values():
        for section, channel in places:
            sections.setdefault(channel, set()).add(section)
    seen = {
        channel: {day for day in days_seen(_of(facts.coverage, names)) if day in days}
        for channel, names in sections.items()
    }
    looking = {channel: found for channel, found in seen.items() if found}
    if not looking:
        return None
    common = set[dt.date].intersection(*looking.values())
    dated = {one.article_id for one in facts.candidates if one.day in common}
    return estimate_missed(
        {
            channel: {
                article
                for article, places in facts.channels.items()
                if article in dated and any(shown is channel for _, shown in places)
            }
            for channel in looking
        }
    )


def _of(rows: Iterable[SectionCoverage], sections: set[str]) -> list[SectionCoverage]:
    return [row for row in rows if row.section in sections]


def _drop(facts: SiteFacts, days: DayInterval, as_of: dt.datetime) -> RateDrop | None:
    """Look for a drop at the end of the days, from what was seen up to then."""
    assert days.end is not None, "the calendar has a last day"  # noqa: S101 - see examine
    history = DayInterval(days.end - HISTORY, days.end)
    calendar = days_of_site(facts.site, facts.coverage, days=history, as_of=as_of)
    seen = [one.day for one in calendar if one.state is CoverageState.COMPLETE]
    return find_drop(seen, Counter(one.day for one in facts.candidates if one.day is not None))


def _sections(rows: Sequence[SectionCoverage]) -> Iterator[SectionHealth]:
    newest = max(rows, key=lambda row: (row.run_started_at, row.run_id), default=None)
    for row in rows:
        if newest is None or row.run_id != newest.run_id:
            continue
        deep = [
            one.run_started_at
            for one in rows
            if one.section == row.section and one.reason in _ALL_THE_WAY
        ]
        yield SectionHealth(
            section=row.section,
            is_extra=row.is_extra,
            order=row.order,
            reason=row.reason,
            detail=row.detail,
            undecided=row.undecided,
            deep_at=max(deep, default=None),
        )


def _gaps(calendar: Sequence[SiteDay]) -> list[Gap]:
    gaps: list[Gap] = []
    for one in calendar:
        if one.why is None:
            continue
        days = DayInterval(one.day, one.day + dt.timedelta(days=1))
        last = gaps[-1] if gaps else None
        if last and (last.days.end, last.state, last.why) == (one.day, one.state, one.why):
            days = DayInterval(last.days.start, days.end)
            gaps.pop()
        gaps.append(Gap(days=days, state=one.state, why=one.why))
    return gaps
