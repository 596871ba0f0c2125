"""The job: what is known at an instant, and a period, become a report. The seam to storage."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from reports.assembly import Assembly, Clocks, Facts, late_looking
from reports.attribution import heirs, inherited, named_sites, scope_of
from reports.freezing import as_copy, standings
from reports.promises import self_reports_for
from reports.render.csv import claims_to_csv, plan_lines_to_csv, to_csv
from reports.render.docx import to_docx
from reports.render.html import to_html
from reports.render.pdf import to_pdf
from reports.render.xlsx import to_xlsx
from reports.rules import RULE
from reports.serial import from_json, to_json
from reports.since import reports_to_hold_against
from reports.texts import measures_texts, sketch_texts, with_texts
from storage.articles import first_sections
from storage.candidates import candidates, of_ids, of_sites
from storage.captures import count_runs, coverage_as_of, runs
from storage.chain import head_as_of
from storage.claims import self_reports_as_of, tries_of_addresses
from storage.engine import in_batches
from storage.errors import InputError, TinbaiError
from storage.finding_steps import steps_as_of
from storage.findings import report_content, store_report, stored_reports
from storage.language import t
from storage.official_reports import official_reports
from storage.outputs import outputs_as_of
from storage.outside import part_by_period, without
from storage.past_versions import past_versions
from storage.plans import plans_as_of
from storage.records import OPEN_LETTERHEAD, VIETNAM, DateBasis, vietnam_day
from storage.same_texts import with_the_texts_of
from storage.tags import tagger_as_of, taxonomy_as_of
from storage.units import registry_as_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from reports.calendar import Period
    from reports.freezing import Standing
    from reports.render.word_template import WordTemplate
    from storage.engine import Connection, Database
    from storage.records import (
        Candidate,
        CountingRule,
        CrawlRun,
        DayInterval,
        Elsewhen,
        Letterhead,
        OfficialReport,
        Registry,
        Report,
        SelfReport,
    )


class NotReadyError(TinbaiError):
    """A report cannot be made yet; the message names the step that is missing."""

    exit_code: ClassVar[int] = 3


FORMATS: Mapping[str, Callable[[Report], bytes]] = {
    "docx": to_docx,
    "xlsx": to_xlsx,
    "pdf": to_pdf,
    "html": lambda report: to_html(report).encode(),
    "json": lambda report: to_json(report).encode(),
    "csv": lambda report: to_csv(report).encode(),
    "claims.csv": lambda report: claims_to_csv(report).encode(),
    "plan-lines.csv": lambda report: plan_lines_to_csv(report).encode(),
}
"""How a report can be written to a file, by the file's ending."""

EXACT_FORMATS = frozenset({"json", "csv", "claims.csv", "plan-lines.csv"})
"""For machines: always what was stored, also of a report that has got its number since."""

USUAL_FORMATS = ("docx", "xlsx", "html", "json")
"""Written when nobody chooses: to sign, to calculate with, to read, to keep."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report that was frozen and written."""

    report: Report
    report_id: int
    """Of its frozen content in the database."""
    files: tuple[Path, ...]
    template_problem: str | None = None
    """Why the office's template was not used; None: it was, or none is set."""


def make_report(
    database: Database,
    *,
    office: str,
    period: Period,
    as_of: dt.datetime,
    made_at: dt.datetime,
    code_version: str,
    folder: Path,
    formats: Sequence[str] = USUAL_FORMATS,
    rule: CountingRule = RULE,
    under: str | None = None,
    letterhead: Letterhead = OPEN_LETTERHEAD,
    template: WordTemplate | None = None,
) -> MadeReport:
    """Build a report, freeze it and write its files.

    Args:
        database: read in one transaction, then written to in another.
        office: the office that checks, for the head.
        period: the days of the report.
        as_of: only what was known until then (inclusive) is used.
        made_at: the present instant; not part of the report's content.
        code_version: of this program.
        folder: made when it is missing; files of the same name are replaced.
        formats: keys of ``FORMATS``.
        rule: how posts are counted.
        under: a unit; the report is about it and all below it. None: about all units.
        letterhead: how the office signs.
        template: the office's own, for the Word file.

    Raises:
        InputError: no unit has the code ``under`` in the period.
        NotReadyError: no unit list or no topics yet, or ``as_of`` is still to come.
    """
    if as_of > made_at:
        raise NotReadyError(
            t(
                f"Thời điểm chốt số liệu {as_of.isoformat()} chưa tới: khi đó số liệu còn đổi. "
                "Bỏ --as-of để chốt vào lúc này.",
                f"The instant {as_of.isoformat()} is still to come: the facts may change until "
                "then. Leave out --as-of to report as of now.",
            )
        )
    sketch_texts(database, [rule])
    report = build_report(
        database,
        office=office,
        period=period,
        as_of=as_of,
        rule=rule,
        under=under,
        letterhead=letterhead,
    )
    content = to_json(report)
    with database.write() as c:
        report_id = store_report(
            c, report, content=content, made_at=made_at, code_version=code_version
        )
    files = write_files(report, folder, formats, content=content, template=template)
    return MadeReport(report, report_id, files)


def write_files(
    report: Report,
    folder: Path,
    formats: Sequence[str],
    *,
    content: str,
    standing: Standing | None = None,
    template: WordTemplate | None = None,
) -> tuple[Path, ...]:
    """Write a report's files; files of the same name are replaced, the folder is made.

    Args:
        report: as it is stored.
        folder: made when it is missing.
        formats: keys of ``FORMATS``.
        content: its JSON as it is stored, which is what is written of it.
        standing: what became of it; None: a working copy. Files for people say so.
        template: the Word file is made by it; None: in the form of the decree.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{file_stem(report)}.{ending}" for ending in formats)
    shown = as_copy(report, standing)
    for file, ending in zip(files, formats, strict=True):
        if ending == "json":
            file.write_bytes(content.encode())
        elif ending in EXACT_FORMATS:
            file.write_bytes(FORMATS[ending](report))
        elif template is not None and ending == "docx":
            file.write_bytes(template.fill(shown))
        else:
            file.write_bytes(FORMATS[ending](shown))
    return files


def chosen_formats(text: str, among: Collection[str] = FORMATS) -> list[str]:
    """Read names of formats, with commas between them.

    Raises:
        InputError: there is no such format.
    """
    chosen = [word.strip().lower() for word in text.split(",") if word.strip()]
    if unknown := [word for word in chosen if word not in among]:
        raise InputError(
            t(
                f"Không có dạng tệp {', '.join(unknown)}; có: {', '.join(among)}.",
                f"No such kind of file: {', '.join(unknown)}; there are: {', '.join(among)}.",
            )
        )
    return list(dict.fromkeys(chosen))


def build_report(
    database: Database,
    *,
    office: str,
    period: Period,
    as_of: dt.datetime,
    rule: CountingRule = RULE,
    tagger: str | None = None,
    under: str | None = None,
    letterhead: Letterhead = OPEN_LETTERHEAD,
) -> Report:
    """Build the report on a period from what was known at an instant.

    The same facts give an equal report; what was recorded later changes nothing.

    Args:
        database: read in one transaction.
        office: the office that checks.
        period: the days of the report.
        as_of: inclusive.
        rule: how posts are counted.
        tagger: whose tags count; None: of whoever tagged last until ``as_of``.
        under: a unit; its lines and those of all below it are as in the report about all units.
        letterhead: how the office signs.

    Raises:
        InputError: no unit has the code ``under`` in the period.
        NotReadyError: no unit list or no topics yet.
    """
    with database.read() as c:
        facts = replace(
            read_facts(c, as_of, tagger=tagger, under=under, window=period.days, rules=[rule]),
            frozen=_frozen(c, as_of, period=period.days, under=under),
        )
    return Assembly(facts, office=office, period=period, rule=rule, letterhead=letterhead).report()


def _frozen(
    c: Connection, as_of: dt.datetime, *, period: DayInterval, under: str | None
) -> tuple[tuple[OfficialReport, Report], ...]:
    """Read the frozen reports that one on this period is held against, as known then."""
    officials = official_reports(c, as_of)
    if not officials:
        return ()
    chosen = reports_to_hold_against(
        standings(officials), stored_reports(c), period=period, as_of=as_of, under=under
    )
    return tuple((one, from_json(report_content(c, one.report_id))) for one in chosen)


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
    found, elsewhen = candidates_as_of(
        c,
        as_of,
        tagger=tagger,
        sites=None if compares else sites,
        window=window if by_printed_day and not compares else None,
        whole=whole,
        seams=_seams(registry, sites),
        only_earlier=by_printed_day and not any(measures_texts(rule) for rule in rules),
    )
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
    only_earlier: bool,
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
        only_earlier: of the same text only what may have had it before.
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
        same_text = with_the_texts_of(
            c, as_of, found, sites=sites, window=window, only_earlier=only_earlier
        )
        copies = _of_ids(c, as_of, same_text, tagger)
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


def of_unit(report: Report, unit: str) -> Report:
    """Give the part of a report that is about one unit.

    Raises:
        InputError: the report has no such unit.
    """
    names = {line.unit: line.unit_name for line in report.lines}
    if unit not in names:
        raise InputError(
            t(
                f"Báo cáo không có đơn vị “{unit}”. Các mã đơn vị:",
                f"The report has no unit '{unit}'. The units' codes:",
            ),
            tuple(f"{code}: {name}" for code, name in names.items()),
        )
    return replace(
        report,
        lines=tuple(line for line in report.lines if line.unit == unit),
        findings=tuple(finding for finding in report.findings if finding.unit == unit),
        claims=tuple(claim for claim in report.claims if claim.unit == unit),
        plan_results=tuple(result for result in report.plan_results if result.unit == unit),
        outputs=tuple(output for output in report.outputs if output.unit == unit),
        days_seen=tuple(days for days in report.days_seen if days.unit == unit),
        since=tuple(
            replace(one, lines=tuple(line for line in one.lines if line.unit == unit))
            for one in report.since
        ),
    )


def file_stem(report: Report) -> str:
    """Give the name of a report's files without their ending: period, units, instant of its facts.

    The instant is in Vietnam's time, without a colon, which Windows refuses.
    """
    instant = report.as_of.astimezone(VIETNAM)
    about = report.period_code.replace("..", "_")
    if report.under is not None:
        about += f"-{safe_name(report.under)}"
    return f"bao-cao-{about}-chot-{instant:%Y-%m-%d-%H%M}"


def safe_name(text: str) -> str:
    """Give a code as a part of a file's name, without what a file system may refuse."""
    return re.sub(r"[^\w-]", "_", text)
