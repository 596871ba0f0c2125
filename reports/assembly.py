"""From all that is known at one instant to the report. Pure.

``reports.build`` reads the facts; here they are judged, in the order attribution, duplicates,
counting, verification.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from reports import drifting, notes
from reports.attribution import (
    Attribution,
    attribute,
    heirs,
    inherited,
    only_superior,
    unit_names,
    units_shown,
)
from reports.claims import Checking, to_finding
from reports.counting import Arranged, Ledger, is_outside, sort_out_once
from reports.coverage import UnitCoverage, cover
from reports.dating import dated, first_looks
from reports.doubted_days import DoubtedDays
from reports.duplicates import Alike, Copy, reposts
from reports.facts import Clocks, Facts
from reports.life import carried_on, recognised
from reports.matching import Seen
from reports.origin import names_another_source
from reports.pace import schedule_of
from reports.plan_results import judge_plan
from reports.promises import SelfReports, plans_for, self_reports_for
from reports.rules import identity, tells_forms
from reports.since import since_frozen
from reports.verification import check_plan, check_total, claimed_posts, planned_posts, status_of
from storage.records import (
    OPEN_LETTERHEAD,
    CheckedClaim,
    DateBasis,
    Exclusion,
    Finding,
    HeadlineTag,
    LineArticle,
    Report,
    ReportLine,
    RepostTreatment,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.calendar import Period
    from storage.records import (
        Candidate,
        CountingRule,
        Letterhead,
        Output,
        Plan,
        PlanResult,
        Registry,
        SectionCoverage,
    )


@dataclass(frozen=True)
class Assembly:
    """One report in the making; its parts are also what ``tinbai explain`` shows.

    The same facts give an equal report, in whatever order they come.
    """

    facts: Facts
    office: str
    period: Period
    rule: CountingRule
    letterhead: Letterhead = OPEN_LETTERHEAD

    def report(self) -> Report:
        """Give the whole."""
        report = self._report()
        since = (since_frozen(official, one, report) for official, one in self.facts.frozen)
        return replace(report, since=tuple(one for one in since if one is not None))

    def _report(self) -> Report:
        facts = self.facts
        return Report(
            office=self.office,
            period_code=self.period.code,
            period_name=self.period.name,
            period=self.period.days,
            as_of=facts.as_of,
            taxonomy_release=facts.taxonomy.release,
            tagger=facts.tagger,
            rule=identity(self.rule),
            tags=tuple(tag.code for tag in facts.taxonomy.headline_tags),
            lines=self.lines,
            findings=self.findings,
            notes=self.notes,
            unowned=self.unowned,
            days_seen=tuple(self.coverage[unit].days for unit in self.units),
            under=None if self.facts.scope is None else self.facts.scope.top,
            letterhead=self.letterhead,
            claims=self.checked_claims,
            evidence=facts.evidence,
            counting=self.rule,
            plan_results=self.plan_results,
            outputs=self.outputs,
        )

    # ------------------------------------------------------------------------------- whose

    @cached_property
    def candidates(self) -> dict[int, Candidate]:
        """All articles by id, with the day that the rule counts by."""
        found = sorted(self.facts.candidates, key=lambda c: c.article_id)
        if self.rule.date_basis is DateBasis.FIRST_SEEN:
            looks = first_looks(self.facts.coverage, self.facts.runs)
            found = [dated(candidate, looks) for candidate in found]
        return {candidate.article_id: candidate for candidate in found}

    @cached_property
    def heirs(self) -> dict[str, str]:
        """The units whose posts count for another, by the rule."""
        if not self.rule.inherit:
            return {}
        return heirs(self.facts.registry, window=self.period.days)

    @cached_property
    def registry(self) -> Registry:
        """The unit list as the rule reads it."""
        return inherited(self.facts.registry, self.heirs)

    @cached_property
    def attributions(self) -> dict[int, Attribution]:
        """Whose each article is."""
        return {
            article: attribute(candidate, self.registry, window=self.period.days)
            for article, candidate in self.candidates.items()
        }

    @cached_property
    def owners(self) -> dict[int, str | None]:
        """The owner of each article."""
        return {article: found.owner for article, found in self.attributions.items()}

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units shown."""
        shown = units_shown(self.registry, window=self.period.days, also=self._with_something)
        return tuple(unit for unit in shown if self._is_in_scope(unit))

    def _is_in_scope(self, unit: str) -> bool:
        return self.facts.scope is None or unit in self.facts.scope.units

    def _is_of_scope(self, candidate: Candidate) -> bool:
        return self.facts.scope is None or candidate.site in self.facts.scope.sites

    @cached_property
    def _with_something(self) -> frozenset[str]:
        """The units that have an article, a plan, a self-report or stated outputs."""
        with_articles = {
            owner
            for article, owner in self.owners.items()
            if owner is not None and article in self._inside
        }
        stating = {output.unit for output in self._outputs_of_period}
        return frozenset(with_articles).union(self.plans, self.claimed.compared, stating)

    @cached_property
    def _inside(self) -> frozenset[int]:
        """The articles that can be of the period."""
        window = self.period.days
        return frozenset(
            article
            for article, candidate in self.candidates.items()
            if not is_outside(candidate, window)
        )

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each unit that the list or the report knows."""
        return unit_names(self.facts.registry, self.units, window=self.period.days)

    @cached_property
    def unowned(self) -> tuple[LineArticle, ...]:
        """The articles that can be of the period and that no unit owned."""
        return tuple(
            LineArticle(
                article_id=article,
                version_id=candidate.version_id,
                title=candidate.title,
                url=candidate.url,
                day=candidate.day,
                days=candidate.days,
                bucket=Exclusion.NOT_OWNED,
                only_claimed=candidate.only_claimed,
                first_seen_at=candidate.first_seen_at,
            )
            for article, candidate in self.candidates.items()
            if self.owners[article] is None
            and article in self._inside
            and self._is_of_scope(candidate)
        )

    # --------------------------------------------------------------------- promised, claimed

    @cached_property
    def plans(self) -> dict[str, list[Plan]]:
        """The plans that each unit is held against; who has an heir is held against none."""
        plans = [plan for plan in self.facts.plans if plan.unit not in self.heirs]
        return plans_for(plans, window=self.period.days)

    @cached_property
    def claimed(self) -> SelfReports:
        """The self-reports that are about the same days, and those that are not."""
        reports = [one for one in self.facts.self_reports if one.unit not in self.heirs]
        return self_reports_for(reports, window=self.period.days)

    @cached_property
    def outputs(self) -> tuple[Output, ...]:
        """What the units state of work outside the web, of days that touch the period."""
        return tuple(output for output in self._outputs_of_period if output.unit in self.units)

    @cached_property
    def _outputs_of_period(self) -> list[Output]:
        days = self.period.days
        return [output for output in self.facts.outputs if output.period.overlaps(days)]

    @cached_property
    def plan_results(self) -> tuple[PlanResult, ...]:
        """By unit, then in the order of its plans' lines."""
        lines: dict[str, dict[str, ReportLine]] = defaultdict(dict)
        for line in self.lines:
            lines[line.unit][line.tag] = line
        return tuple(
            result
            for unit in self.units
            for plan in self.plans.get(unit, ())
            for result in judge_plan(
                plan,
                lines=lines[unit],
                outputs=self.outputs,
                window=self.period.days,
                as_of=self.facts.as_of,
                by_form=tells_forms(self.rule),
            )
        )

    # ------------------------------------------------------------------------------ counted

    @cached_property
    def coverage(self) -> dict[str, UnitCoverage]:
        """What was seen of each unit."""
        rows: dict[str, list[SectionCoverage]] = defaultdict(list)
        for row in self.facts.coverage:
            for unit in {owner.unit for owner in self.facts.registry.owners_of(row.site)}:
                rows[unit].append(row)
        return {
            unit: cover(
                unit,
                self.registry,
                rows[unit],
                window=self.period.days,
                as_of=self.facts.as_of,
            )
            for unit in self.units
        }

    @cached_property
    def reposted(self) -> dict[int, Copy | None]:
        """The articles that were taken over, with the one of another unit that was first.

        None: the post only says so itself, and the rule believes it.
        """
        if self.rule.reposts is RepostTreatment.COUNT:
            return {}
        copies = reposts(self.candidates.values(), self.owners, self.alike)
        return {**dict.fromkeys(self._credited), **copies}

    @cached_property
    def alike(self) -> Alike:
        """The texts that the rule takes for one although they differ in a few words."""
        least = self.rule.alike_from
        if least is None:
            return {}
        return {
            text: {other: percent for other, percent in others.items() if percent >= least}
            for text, others in self.facts.alike.items()
        }

    @cached_property
    def _credited(self) -> list[int]:
        """The articles that name another source, if the rule asks."""
        if not self.rule.credited_is_repost:
            return []
        names: dict[str, list[str]] = defaultdict(list)
        for row in self.facts.registry.names:
            names[self.heirs.get(row.unit, row.unit)].append(row.name)
        return [
            article
            for article, owner in self.owners.items()
            if owner is not None
            and names_another_source(self.candidates[article].source_line, names[owner])
        ]

    def ledger(self, unit: str, tag: HeadlineTag) -> Ledger:
        """Sort a unit's articles into the buckets of a tag."""
        if unit not in self._ledgers:
            self._ledgers[unit] = self._ledgers_of(unit)
        return self._ledgers[unit][tag.code]

    @cached_property
    def _ledgers(self) -> dict[str, dict[str, Ledger]]:
        """By unit and tag, filled when a unit is first asked for."""
        return {}

    def _ledgers_of(self, unit: str) -> dict[str, Ledger]:
        tags = self.facts.taxonomy.headline_tags
        own = [self.candidates[article] for article in self._owned.get(unit, ())]
        doubtful = [self.candidates[article] for article in self._doubtful.get(unit, ())]
        # Of days on which the site changed hands: whose it is, its owner does not know either.
        elsewhere = {
            article: Exclusion.UNDATED
            for article in self._owned.get(unit, ())
            if self.attributions[article].others
        }
        if not self.rule.several_tags:
            return sort_out_once(
                own,
                tags,
                window=self.period.days,
                rule=self.rule,
                reposted=self.reposted,
                alike=self.alike,
                elsewhere=elsewhere,
                doubtful=doubtful,
            )
        arranged = Arranged.of(own, window=self.period.days, rule=self.rule, reposted=self.reposted)
        return {
            tag.code: arranged.ledger(tag, alike=self.alike, elsewhere=elsewhere, doubtful=doubtful)
            for tag in tags
        }

    @cached_property
    def _elsewhen(self) -> Counter[str | None]:
        """By owner: how many articles of days outside of the period were not read."""
        found = Counter[str | None]()
        for some in self.facts.elsewhen:
            found[self.registry.owner_on(some.site, some.day)] += some.posts
        return found

    @cached_property
    def _doubtful(self) -> dict[str, list[int]]:
        doubtful: dict[str, list[int]] = defaultdict(list)
        for article, found in self.attributions.items():
            for unit in found.others:
                doubtful[unit].append(article)
        return doubtful

    @cached_property
    def _owned(self) -> dict[str, list[int]]:
        owned: dict[str, list[int]] = defaultdict(list)
        for article, owner in self.owners.items():
            if owner is not None:
                owned[owner].append(article)
        return owned

    @cached_property
    def lines(self) -> tuple[ReportLine, ...]:
        """By unit, then tag, with what the auditor has accepted beside what was counted."""
        accepted = recognised(self.findings)
        return tuple(
            replace(line, recognised=accepted.get((line.unit, line.tag), 0))
            for unit in self.units
            for line in self._lines_of[unit].values()
        )

    @cached_property
    def _lines_of(self) -> dict[str, dict[str, ReportLine]]:
        """By unit and tag."""
        tags = self.facts.taxonomy.headline_tags
        return {unit: {tag.code: self._line(unit, tag) for tag in tags} for unit in self.units}

    def _line(self, unit: str, tag: HeadlineTag) -> ReportLine:
        ledger = self.ledger(unit, tag)
        coverage = self.coverage[unit]
        counted = ledger.counted(coverage.state)
        planned = planned_posts(self.plans.get(unit, ()), tag.code)
        note = coverage.note
        if ledger.doubtful:
            note += (
                f" Có {ledger.doubtful} bài không rõ ngày trên trang đã bàn giao cho đơn vị khác."
            )
        return ReportLine(
            unit=unit,
            unit_name=self.names[unit],
            tag=tag.code,
            planned=planned,
            counted=counted,
            reposts=ledger.reposts,
            claimed=claimed_posts(self.claimed.claims(unit), tag.code),
            status=status_of(planned, counted),
            coverage_note=note,
            articles=ledger.articles,
            schedule=schedule_of(
                self.plans.get(unit, ()),
                tag.code,
                window=self.period.days,
                as_of=self.facts.as_of,
            ),
            outside=len(ledger.outside) + self._elsewhen[unit],
        )

    # ----------------------------------------------------------------------------- verified

    @cached_property
    def checked_claims(self) -> tuple[CheckedClaim, ...]:
        """By unit, in the order of its self-reports."""
        return tuple(checked for unit in self.units for checked in self._checked[unit])

    @cached_property
    def _checked(self) -> dict[str, list[CheckedClaim]]:
        seen = Seen(
            candidates=self.candidates,
            owners=self.owners,
            registry=self.registry,
            window=self.period.days,
            past=self.facts.past,
            tries=self.facts.tries,
        )
        tags = {tag.code: tag for tag in self.facts.taxonomy.headline_tags}
        return {
            unit: Checking(
                unit=unit,
                lines=self._lines_of[unit],
                tags=tags,
                coverage=self.coverage[unit].state,
                coverage_note=self.coverage[unit].note,
                outside=self._outside(unit),
                seen=seen,
            ).check(self.claimed.claims(unit))
            for unit in self.units
        }

    def _outside(self, unit: str) -> Sequence[LineArticle]:
        """Give what was read of a unit and is of other days: the same for all tags."""
        tags = self.facts.taxonomy.headline_tags
        return self.ledger(unit, tags[0]).outside if tags else ()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """By unit: plans and totals by tag, named articles, late ones, days that move."""
        found = [finding for unit in self.units for finding in self._findings_of(unit)]
        return carried_on(found, self.facts.steps, period=self.period.days)

    def _findings_of(self, unit: str) -> list[Finding]:
        lines = self._lines_of[unit]
        claims = self.claimed.claims(unit)
        counted = {a.article_id for line in lines.values() for a in line.articles if not a.bucket}
        found = [
            *(check_plan(line) for line in lines.values()),
            *(check_total(line, claims) for line in lines.values()),
            *(to_finding(checked) for checked in self._checked[unit]),
            *self._doubted_days.of_unit(unit, sorted(counted)),
            *drifting.to_findings(
                [self.candidates[article] for article in self._owned.get(unit, ())],
                unit=unit,
                window=self.period.days,
            ),
        ]
        return [finding for finding in found if finding is not None]

    @cached_property
    def _doubted_days(self) -> DoubtedDays:
        return DoubtedDays(self.facts, candidates=self.candidates, window=self.period.days)

    @cached_property
    def _inherited(self) -> dict[tuple[str, str], int]:
        """How many of the counted articles each predecessor published, by its code and tag."""
        if not self.heirs:
            return {}
        window, found = self.period.days, Counter[tuple[str, str]]()
        for line in self.lines:
            for article in line.articles:
                candidate = self.candidates[article.article_id]
                owner = attribute(candidate, self.facts.registry, window=window).owner
                if article.bucket is None and owner in self.heirs:
                    found[owner, line.tag] += 1
        return dict(found)

    @property
    def _clocks(self) -> Clocks:
        by_set_clock = sum(run.simulated_clock for run in self.facts.runs)
        return self.facts.clocks or Clocks(len(self.facts.runs), by_set_clock)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """Method first, then reservations."""
        facts, window = self.facts, self.period.days
        plans = [plan for of_unit in self.plans.values() for plan in of_unit]
        above = only_superior(self.registry, window=window, also=self._with_something)
        return (
            *notes.on_method(self.period, self.rule, plans),
            *notes.on_plan_lines(plans, self.rule),
            *notes.on_scope(facts.scope, self.names),
            *notes.on_superiors(filter(self._is_in_scope, above), self.names),
            *notes.on_successions(
                facts.registry,
                self.names,
                window=window,
                units=None if facts.scope is None else facts.scope.units,
                heirs=self.heirs,
            ),
            *notes.on_inherited(self._inherited, self.heirs, self.names),
            *notes.on_self_reports_left_out(self.claimed.left_out, self.names),
            *notes.on_time(
                self.period,
                facts.as_of,
                runs=self._clocks.runs,
                simulated=self._clocks.by_set_clock,
                tagger=facts.tagger,
            ),
            *notes.on_first_looks(
                [one for one in facts.candidates if self._is_of_scope(one)],
                facts.runs,
                window=window,
            ),
            *notes.on_claimed_addresses(self.lines),
            *notes.on_recognised(self.findings, self.names),
            *notes.on_evidence(facts.evidence),
        )
