"""The job: what is known at an instant, and a period, become a report. The seam to storage."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reports.assembly import Assembly
from reports.freezing import as_copy, standings
from reports.reading import NotReadyError, read_facts
from reports.render.csv import claims_to_csv, plan_lines_to_csv, to_csv
from reports.render.docx import to_docx
from reports.render.html import to_html
from reports.render.pdf import to_pdf
from reports.render.xlsx import to_xlsx
from reports.rules import RULE
from reports.serial import from_json, to_json
from reports.since import reports_to_hold_against
from reports.texts import sketch_texts
from storage.chain import seal_rows
from storage.errors import InputError
from storage.findings import report_content, store_report, stored_reports
from storage.language import t
from storage.official_reports import official_reports
from storage.records import OPEN_LETTERHEAD, VIETNAM

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from reports.calendar import Period
    from reports.freezing import Standing
    from reports.render.word_template import WordTemplate
    from storage.engine import Connection, Database
    from storage.records import (
        CountingRule,
        DayInterval,
        Letterhead,
        OfficialReport,
        Report,
    )


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
class WrittenFiles:
    """A report's files."""

    files: tuple[Path, ...]
    template_problem: str | None = None
    """Why the office's template could not be filled, and the decree's form was; None: it was."""


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
    with database.write(alone=True) as c:
        report_id = store_report(
            c, report, content=content, made_at=made_at, code_version=code_version
        )
        seal_rows(c, at=made_at, of_reports=True)
    written = write_files(report, folder, formats, content=content, template=template)
    return MadeReport(report, report_id, written.files, written.template_problem)


def write_files(
    report: Report,
    folder: Path,
    formats: Sequence[str],
    *,
    content: str,
    standing: Standing | None = None,
    template: WordTemplate | None = None,
) -> WrittenFiles:
    """Write a report's files; files of the same name are replaced, the folder is made.

    A template that fails only with this report costs nobody the report, which is stored already:
    the Word file is made in the form of the decree, and the problem told.

    Args:
        report: as it is stored.
        folder: made when it is missing.
        formats: keys of ``FORMATS``.
        content: its JSON as it is stored, which is what is written of it.
        standing: what became of it; None: a working copy. Files for people say so, but Word's,
            which is what is signed, only that another report stands in its place.
        template: the Word file is made by it; None: in the form of the decree.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = tuple(folder / f"{file_stem(report)}.{ending}" for ending in formats)
    problem: str | None = None
    shown = as_copy(report, standing)
    to_sign = as_copy(report, standing, is_to_sign=True)
    for file, ending in zip(files, formats, strict=True):
        if ending == "json":
            file.write_bytes(content.encode())
        elif ending in EXACT_FORMATS:
            file.write_bytes(FORMATS[ending](report))
        elif ending == "docx":
            word, problem = _word_file(to_sign, template)
            file.write_bytes(word)
        else:
            file.write_bytes(FORMATS[ending](shown))
    return WrittenFiles(files, problem)


def _word_file(report: Report, template: WordTemplate | None) -> tuple[bytes, str | None]:
    """Give the Word file, and why it is not by the template, if it should have been."""
    problem: str | None = None
    if template is not None:
        try:
            return template.fill(report), None
        except InputError as error:
            problem = t(
                "Tệp Word lập theo thể thức sẵn có, vì mẫu của cơ quan không điền được với báo "
                f"cáo này; sửa mẫu rồi ghi lại bằng tinbai reports show SỐ --format docx. {error}",
                "The Word file was made in the built-in form, for the office's template cannot be "
                "filled with this report; mend it, then write the file again with tinbai reports "
                f"show NUMBER --format docx. {error}",
            )
    return FORMATS["docx"](report), problem


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
