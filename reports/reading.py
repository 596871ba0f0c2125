"""From the rows to the facts of a report, as known at an instant. The seam to storage."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, ClassVar

from reports.attribution import heirs, inherited, named_sites, scope_of
from reports.counting import is_outside
from reports.facts import Clocks, Facts, late_looking
from reports.promises import self_reports_for
from reports.rules import RULE
from reports.texts import measures_texts, with_texts
from storage.articles import first_sections
from storage.candidates import candidates, of_ids, of_sites
from storage.captures import count_runs, coverage_as_of, runs
from storage.chain import head_as_of
from storage.claims import self_reports_as_of, tries_of_addresses
from storage.engine import in_batches
from storage.errors import TinbaiError
from storage.finding_steps import steps_as_of
from storage.language import t
from storage.outputs import outputs_as_of
from storage.outside import part_by_period, without
from storage.past_versions import past_versions
from storage.plans import plans_as_of
from storage.records import VIETNAM, DateBasis, vietnam_day
from storage.same_texts import with_the_texts_of
from storage.tags import tagger_as_of, taxonomy_as_of
from storage.units import registry_as_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from storage.engine import Connection
    from storage.records import (
        Candidate,
        CountingRule,
        CrawlRun,
        DayInterval,
        Elsewhen,
        Registry,
        SelfReport,
    )


class NotReadyError(TinbaiError):
    """A report cannot be made yet; the message names the step that is missing."""

    exit_code: ClassVar[int] = 3


def read_facts(
    c: Connection,
    as_of: dt.datetime,
    *,
    tagger: str | None = None,
    under: str | None = None,
    window: DayInterval | None = None,
    rules: Sequence[CountingRule] = (RULE,),
) -> Facts:
    """Read all that a report rests on, and what these rules ask of the texts.

    Args:
        c: read from.
        as_of: inclusive.
        tagger: whose tags count; None: of whoever tagged last until ``as_of``.
        under: a unit; only what concerns it and all below it in ``window`` is read. None: all.
        window: the days of the report; needed with ``under``. Of looks that ended before them
            only those are read that matter even then. None: all.
        rules: those by which will be counted.

    Raises:
        InputError: no unit has the code ``under`` in the window.
        NotReadyError: no unit list or no topics yet.
    """
    registry, taxonomy = registry_as_of(c, as_of), taxonomy_as_of(c, as_of)
    if not registry.names:
        raise NotReadyError(
            t(
                "Chưa có danh sách đơn vị. Chạy: tinbai import units TỆP",
                "There is no unit list yet. Run: tinbai import units FILE",
            )
        )
    if taxonomy is None:
        raise NotReadyError(
            t(
                "Chưa có bộ chủ đề nào được dùng. Chạy: tinbai tag",
                "No topics have been used yet. Run: tinbai tag",
            )
        )
    scope = None
    if under is not None and window is not None:
        heir_of = heirs(registry, window=window) if any(one.inherit for one in rules) else {}
        scope = scope_of(inherited(registry, heir_of), under, window=window)
    plans, said = plans_as_of(c, as_of), self_reports_as_of(c, as_of)
    outputs = outputs_as_of(c, as_of)
    if scope is not None:
        plans = [plan for plan in plans if plan.unit in scope.units]
        said = [report for report in said if report.unit in scope.units]
        outputs = [output for output in outputs if output.unit in scope.units]
    claimed = [claim.url for one in said for claim in one.claims if claim.url is not None]
    tries = tries_of_addresses(c, claimed, as_of)
    sites = None if scope is None else scope.sites | named_sites([*claimed, *tries], registry)
    tagger = tagger or tagger_as_of(c, as_of)
    by_printed_day = all(rule.date_basis is DateBasis.PRINTED for rule in rules)
    # Who else has nearly the same text is found by comparing with all.
    compares = any(rule.alike_from is not None for rule in rules)
    since = None if window is None or not by_printed_day else _begin(window)
    coverage = coverage_as_of(c, as_of, sites=sites, since=since)
    looked = {row.run_id for row in coverage}
    walks = runs(c, as_of, sites=sites, since=since, also=sorted(looked))
    whole = _whole_sites(registry, rules, said, walks, tries, window=window) if window else ()
    firsts_suffice = by_printed_day and not any(measures_texts(rule) for rule in rules)
    found, elsewhen = candidates_as_of(
        c,
        as_of,
        tagger=tagger,
        sites=None if compares else sites,
        window=window if by_printed_day and not compares else None,
        whole=whole,
        seams=_seams(registry, sites),
        first_among=_owned(registry) if firsts_suffice else None,
    )
    if sites is not None and not by_printed_day:
        # Of posts elsewhere that have a text of theirs, too, the day is that of the look.
        others = {one.site for one in found} - sites
        coverage += coverage_as_of(c, as_of, sites=others)
        walks += runs(c, as_of, sites=others)
    seen, alike = with_texts(c, found, tags=taxonomy.headline_tags, rules=rules, as_of=as_of)
    return Facts(
        as_of=as_of,
        registry=registry,
        plans=tuple(plans),
        self_reports=tuple(said),
        outputs=tuple(outputs),
        taxonomy=taxonomy,
        tagger=tagger,
        candidates=tuple(seen),
        runs=tuple(walks),
        clocks=Clocks(*count_runs(c, as_of, sites=sites)),
        coverage=tuple(coverage),
        evidence=head_as_of(c, as_of),
        sections=first_sections(c, late_looking(seen, coverage, walks)),
        scope=scope,
        past=past_versions(
            c, as_of, articles=None if window is None else [one.article_id for one in seen]
        ),
        tries=tries,
        steps=tuple(steps_as_of(c, as_of)),
        alike=alike,
        elsewhen=elsewhen,
    )


def candidates_as_of(
    c: Connection,
    as_of: dt.datetime,
    *,
    tagger: str | None,
    sites: Collection[str] | None,
    window: DayInterval | None,
    whole: Collection[str],
    seams: Sequence[dt.date],
    first_among: Callable[[str, dt.date], bool] | None,
) -> tuple[list[Candidate], tuple[Elsewhen, ...]]:
    """Give the articles that matter to a report, as known then, and how many others there are.

    Args:
        c: read from.
        as_of: inclusive.
        tagger: whose tags count.
        sites: the articles of these, and whatever has the same text elsewhere; None: of all.
        window: of them those that can be of these days, and whatever has the same text; the
            others are counted. None: all are given.
        whole: sites of which all are given.
        seams: days on which sites pass to another unit (``part_by_period``).
        first_among: of the same text elsewhere only what may have been first there
            (``with_the_texts_of``); None: all.
    """
    elsewhen: tuple[Elsewhen, ...] = ()
    if window is not None:
        near, elsewhen = part_by_period(
            c, as_of, window=window, sites=sites, whole=whole, seams=seams
        )
        found = _of_ids(c, as_of, near, tagger)
    else:
        among = None if sites is None else of_sites(sites)
        found = candidates(c, as_of, tagger=tagger, among=among)
    if sites is not None or window is not None:
        # Of what is of other days nobody asks who has its text as well.
        asked = [one for one in found if window is None or not is_outside(one, window)]
        same_text = with_the_texts_of(
            c, as_of, asked, sites=sites, window=window, first_among=first_among
        )
        known = {one.article_id for one in found}
        copies = _of_ids(c, as_of, [one for one in same_text if one not in known], tagger)
        elsewhen = without(elsewhen, copies, seams)
        found = sorted([*found, *copies], key=lambda one: one.article_id)
    return found, elsewhen


def _of_ids(
    c: Connection, as_of: dt.datetime, articles: Sequence[int], tagger: str | None
) -> list[Candidate]:
    return [
        one
        for some in in_batches(articles)
        for one in candidates(c, as_of, tagger=tagger, among=of_ids(some))
    ]


def _whole_sites(
    registry: Registry,
    rules: Sequence[CountingRule],
    said: Sequence[SelfReport],
    walks: Sequence[CrawlRun],
    addresses: Iterable[str],
    *,
    window: DayInterval,
) -> set[str]:
    """Give the sites of which articles of other days matter too.

    Those on which units name articles, by whatever address or title; and those first looked at in
    the window, whose posts may all print the day of that look.
    """
    claims = self_reports_for(said, window=window).compared
    naming = {
        unit: [claim for one in reports for claim in one.claims if claim.number is None]
        for unit, reports in claims.items()
    }
    units = {unit for unit, named in naming.items() if named}
    urls = [claim.url for named in naming.values() for claim in named if claim.url is not None]
    heir_of = heirs(registry, window=window) if any(rule.inherit for rule in rules) else {}
    first: dict[str, dt.date] = {}
    for walk in walks:  # oldest first
        first.setdefault(walk.site, vietnam_day(walk.started_at))
    return {
        *(o.site for o in registry.owners if {o.unit, heir_of.get(o.unit)} & units),
        *named_sites([*urls, *addresses], registry),
        *(site for site, day in first.items() if day in window),
    }


def _owned(registry: Registry) -> Callable[[str, dt.date], bool]:
    """Give what tells whether a unit answered for a site on a day: else it is nobody's copy."""
    return lambda site, day: registry.owner_on(site, day) is not None


def _seams(registry: Registry, sites: Collection[str] | None) -> list[dt.date]:
    """Give the days on which sites come to a unit or leave it, in order."""
    days = {
        day
        for owner in registry.owners
        if sites is None or owner.site in sites
        for day in (owner.valid.start, owner.valid.end)
        if day is not None
    }
    return sorted(days)


def _begin(window: DayInterval) -> dt.datetime:
    return dt.datetime.combine(window.start, dt.time(), VIETNAM)
