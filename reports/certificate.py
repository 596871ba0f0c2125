"""What was looked at, when "not found" is said: a certificate for a unit and a period. Pure.

For each section: the newest look at each day, with every page of the list that it went through:
address, instant, order, first and last day, items, digest, place in the WARC. Who doubts the
absence can open the pages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.coverage import Why, days_seen, each_day, gaps_of_section, join_days, needed_sections
from storage.records import vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reports.calendar import Period
    from reports.capture_recapture import Missed
    from reports.health import SiteFacts
    from storage.list_pages import LookedAt
    from storage.records import (
        Candidate,
        Capture,
        CoverageReason,
        CrawlRun,
        DayInterval,
        ListOrder,
        ListPage,
        Registry,
        SectionCoverage,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of a list as it was looked at."""

    page: ListPage
    capture: Capture


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One run's look at a section."""

    run_id: int
    started_at: dt.datetime
    simulated_clock: bool
    reason: CoverageReason
    detail: str | None
    order: ListOrder | None
    joins_run_id: int | None
    claims: DayInterval
    """The days that it saw in full."""
    proves: tuple[DayInterval, ...]
    """Of these, the days of the period for which it is the newest look."""
    pages: tuple[Page, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NotSeenDays:
    """Days of the period that no look saw in full."""

    days: DayInterval
    why: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionProof:
    """What shows that a section was seen."""

    section: str
    doubt: str | None
    """Address and doubt, where nobody has said whether it is a list of posts; None: it is one."""
    missing: tuple[NotSeenDays, ...]
    looks: tuple[Look, ...]
    """Newest first; together they prove every day that is not missing."""
    further_looks: int
    """Looks at days of the period that are not needed for the proof."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An article that was there."""

    article_id: int
    title: str
    url: str
    day: dt.date | None
    first_seen_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteProof:
    """What shows that a site was seen, on the days that the unit owned it."""

    site: str
    base_url: str
    days: DayInterval
    sections: tuple[SectionProof, ...]
    """Empty: the site was never crawled."""
    found: tuple[Found, ...]
    """All articles dated on these days, of all sections: there is no other one."""
    undated: tuple[Found, ...]
    """Articles without a trusted day, first seen after the first of these days: may be of them."""
    missed: Missed | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What is known of a unit's lists in a period, as of an instant."""

    unit: str
    unit_name: str
    period: Period
    as_of: dt.datetime
    section: str | None
    """The one section that it is about; None: all that have to be seen."""
    sites: tuple[SiteProof, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether every day of every section was seen in full."""
        return bool(self.sites) and all(
            site.sections and not any(section.missing for section in site.sections)
            for site in self.sites
        )


def owned_days(
    unit: str, registry: Registry, days: DayInterval
) -> list[tuple[str, str, DayInterval]]:
    """Give the sites that the unit owned in these days: code, address, and which of the days."""
    return [
        (owner.site, owner.base_url, held)
        for owner in registry.owned_by(unit)
        if (held := owner.valid.intersection(days)) is not None
    ]


def proofs(
    rows: Sequence[SectionCoverage], *, days: DayInterval
) -> list[tuple[SectionCoverage, list[dt.date]]]:
    """Give the looks at one section that prove its days, newest first, each with its days.

    A later look at a day is the better one: it would have shown what was added afterwards.
    """
    open_days = set(each_day(days))
    chosen = []
    for row in sorted(rows, key=lambda row: (row.run_started_at, row.run_id), reverse=True):
        own = sorted(days_seen([row]) & open_days)
        if own:
            chosen.append((row, own))
            open_days.difference_update(own)
    return chosen


def prove_site(
    facts: SiteFacts,
    pages: Mapping[int, Sequence[LookedAt]],
    *,
    base_url: str,
    days: DayInterval,
    as_of: dt.datetime,
    section: str | None,
    missed: Missed | None,
) -> SiteProof:
    """Put together what shows that a site was seen; ``pages`` by run, ``days`` has an end."""
    names = [section] if section is not None else needed_sections(facts.coverage)
    shown = [one for one in facts.candidates if _is_of(one, facts, section)]
    since = days.start
    return SiteProof(
        site=facts.site,
        base_url=base_url,
        days=days,
        sections=tuple(
            _prove_section(name, facts, pages, days=days, as_of=as_of) for name in names
        ),
        found=tuple(_found(one for one in shown if one.day is not None and one.day in days)),
        undated=tuple(
            _found(
                one for one in shown if one.day is None and vietnam_day(one.first_seen_at) >= since
            )
        ),
        missed=missed,
    )


def _is_of(candidate: Candidate, facts: SiteFacts, section: str | None) -> bool:
    """Tell whether the section had shown the article; without a section all articles count."""
    places = facts.channels.get(candidate.article_id, ())
    return section is None or any(name == section for name, _ in places)


def _prove_section(
    name: str,
    facts: SiteFacts,
    pages: Mapping[int, Sequence[LookedAt]],
    *,
    days: DayInterval,
    as_of: dt.datetime,
) -> SectionProof:
    rows = [row for row in facts.coverage if row.section == name]
    runs = {run.id: run for run in facts.runs if run.id is not None}
    chosen = proofs(rows, days=days)
    looking = sum(row.days is not None and row.days.overlaps(days) for row in rows)
    newest = max(rows, key=lambda row: (row.run_started_at, row.run_id), default=None)
    return SectionProof(
        section=name,
        doubt=newest.undecided if newest else None,
        missing=tuple(
            NotSeenDays(days=gap, why=why)
            for gap, why in gaps_of_section(name, facts.coverage, days=days, as_of=as_of)
        ),
        looks=tuple(_look(row, own, runs[row.run_id], pages) for row, own in chosen),
        further_looks=looking - len(chosen),
    )


def _look(
    row: SectionCoverage,
    own: Sequence[dt.date],
    run: CrawlRun,
    pages: Mapping[int, Sequence[LookedAt]],
) -> Look:
    assert row.days is not None, "it saw days"  # noqa: S101 - see proofs
    return Look(
        run_id=row.run_id,
        started_at=row.run_started_at,
        simulated_clock=run.simulated_clock,
        reason=row.reason,
        detail=row.detail,
        order=row.order,
        joins_run_id=row.joins_run_id,
        claims=row.days,
        proves=tuple(join_days(own, split_at=vietnam_day(row.run_started_at))),
        pages=tuple(
            Page(page=one.page, capture=one.capture)
            for one in pages.get(row.run_id, ())
            if one.page.section == row.section
        ),
    )


def _found(candidates: Iterable[Candidate]) -> list[Found]:
    found = [
        Found(
            article_id=one.article_id,
            title=one.title,
            url=one.url,
            day=one.day,
            first_seen_at=one.first_seen_at,
        )
        for one in candidates
    ]
    return sorted(found, key=lambda one: (one.day or dt.date.max, one.article_id))
