"""``tinbai reports list | show | freeze | diff | answer``: what was made already.

``tinbai report`` makes one, and takes no word after it: ``tinbai report freeze`` is
``tinbai reports freeze`` (``storage.console.new_app``).
"""

from __future__ import annotations

import getpass
from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from reports.answer_commands import add_answer
from reports.build import chosen_formats, write_files
from reports.calendar import parse_day
from reports.difference import compare
from reports.freezing import (
    Standing,
    headings,
    issuer,
    read_number,
    refusals,
    standings,
    state_text,
)
from reports.render import words
from reports.render.terminal import findings_summary, further_tables, plan_lines, report_table
from reports.serial import from_json, plain, to_data
from reports.template_commands import TemplateOption, add_template, chosen_template
from storage.chain import seal_rows
from storage.console import DONE, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.findings import report_content, stored_reports
from storage.language import t
from storage.official_reports import official_reports, record_official
from storage.records import OfficialReport, vietnam_day
from storage.removals import removals_behind_report, said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.difference import Change
    from storage.records import Removal, StoredReport

reports_app = typer.Typer(
    no_args_is_help=True,
    help=t(
        "Các báo cáo đã lập: liệt kê, xem, chốt, so sánh.",
        "Reports made: list, show, freeze, compare.",
    ),
)

add_answer(reports_app)
add_template(reports_app)

_Number = typer.Argument(help=t("Số của báo cáo (xem: reports list).", "Its number (see list)."))


@command(
    reports_app,
    "list",
    help_vi="Liệt kê các báo cáo đã lập, mới nhất trước: bản làm việc, đã chốt, đã thay.",
    help_en="List the reports made, the newest first: working copies, frozen, superseded.",
)
def list_command(session: Session) -> int:
    """List them."""
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            found, standing = stored_reports(c), standings(official_reports(c))
    finally:
        database.close()
    data = [plain(one) | _standing_data(standing.get(one.id)) for one in found]
    session.answer(data, lambda: session.out.print(_table(found, standing)))
    return DONE


@command(
    reports_app,
    "show",
    help_vi="In lại một báo cáo đã lập; có --format thì ghi tệp, đúng số liệu đã lưu; báo cáo đã "
    "chốt thì ghi cả số, ngày.",
    help_en="Show a report again; with --format write its files, with the stored numbers; of a "
    "frozen one with its number and day.",
)
def show_command(
    session: Session,
    number: Annotated[int, _Number],
    *,
    formats: Annotated[
        str, typer.Option("--format", help=t("Dạng tệp, cách nhau dấu phẩy.", "Kinds of files."))
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help=t("Thư mục ghi tệp.", "Folder for the files."))
    ] = None,
    template: TemplateOption = None,
) -> int:
    """Show one."""
    content = _content(session, number)
    report = from_json(content)
    removed, standing = _removed(session, number), _standing(session, number)
    chosen = chosen_formats(formats)
    workspace = session.workspace()
    by = chosen_template(workspace, template, chosen)
    folder = out or workspace.reports
    files: tuple[Path, ...] = ()
    problem = by.problem
    if chosen:
        written = write_files(
            report, folder, chosen, content=content, standing=standing, template=by.template
        )
        files, problem = written.files, problem or written.template_problem
    data = {
        "report_id": number,
        **_standing_data(standing),
        "files": [str(f) for f in files],
        "template_problem": problem,
        "removed": [plain(removal) | {"articles": articles} for removal, articles in removed],
        "report": to_data(report),
    }

    def for_people() -> None:
        superseded = standing is not None and standing.superseded_by is not None
        for place, heading in enumerate(headings(standing)):
            style = "bold red" if superseded and not place else "bold"
            session.out.print(heading, style=style, markup=False, soft_wrap=True)
        session.out.print(report_table(report))
        for part in (*further_tables(report), *plan_lines(report)):
            session.out.print(part)
        session.out.print(findings_summary(report))
        for removal, articles in removed:
            told = t(
                f"Số liệu giữ nguyên; bản lưu của {articles} bài không còn: {said(removal)}",
                f"The numbers stand; the archived bytes of {articles} articles are gone: "
                f"{said(removal)}",
            )
            session.out.print(told, markup=False, soft_wrap=True)
        for file in files:
            session.out.print(str(file), markup=False, soft_wrap=True)
        if problem is not None:
            session.out.print(problem, style="red", markup=False, soft_wrap=True)

    session.answer(data, for_people)
    return DONE if problem is None else INCOMPLETE


def _standing(session: Session, number: int) -> Standing | None:
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            return standings(official_reports(c)).get(number)
    finally:
        database.close()


def _standing_data(standing: Standing | None) -> dict[str, Any]:
    return {
        "official": None if standing is None else plain(standing.official),
        "superseded_by": None if standing is None else plain(standing.superseded_by),
    }


_NUMBER_HELP = t("Số, ký hiệu trong sổ văn thư, ví dụ 123/BC-SNV.", "Its number, e.g. 123/BC-SNV.")


@command(
    reports_app,
    "freeze",
    help_vi="Chốt một báo cáo đã lập: ghi số, ngày ký mà cơ quan đã cấp. Không sửa, không gỡ được; "
    "muốn thay thì chốt báo cáo mới với --supersedes. Cũng gọi được: tinbai report freeze.",
    help_en="Freeze a report that was made: with the number and the day that the office gave it. "
    "It cannot be changed or undone; a new report may supersede it. Also: tinbai report freeze.",
)
def freeze_command(
    session: Session,
    report: Annotated[int, _Number],
    *,
    number: Annotated[str, typer.Option(help=_NUMBER_HELP)],
    signed: Annotated[
        str, typer.Option(help=t("Ngày ký, 2026-07-16.", "Day of signing, 2026-07-16."))
    ],
    supersedes: Annotated[
        int | None,
        typer.Option(
            help=t("Thay báo cáo đã chốt này (số ở reports list).", "Takes this one's place.")
        ),
    ] = None,
    why: Annotated[str | None, typer.Option(help=t("Vì sao thay.", "Why it does."))] = None,
    who: Annotated[
        str | None,
        typer.Option(help=t("Ai ghi (mặc định: tài khoản máy).", "Who says so (else: account).")),
    ] = None,
) -> int:
    """Freeze one."""
    now, day = session.clock.now(), parse_day(signed)
    database = open_database(session.workspace())
    try:
        with database.write(alone=True) as c:
            content = from_json(report_content(c, report))
            official = OfficialReport(
                report_id=report,
                issuer=issuer(content),
                number=read_number(number),
                signed_on=day,
                supersedes=supersedes,
                why=(why or "").strip() or None,
                who=(who or getpass.getuser()).strip(),
                recorded_at=now,
            )
            problems = refusals(
                official,
                stored={one.id: one for one in stored_reports(c)},
                standing=standings(official_reports(c)),
                today=vietnam_day(now),
            )
            if problems:
                raise InputError(
                    t(
                        f"Không chốt được báo cáo {report}; chưa ghi gì:",
                        f"Report {report} cannot be frozen; nothing was stored:",
                    ),
                    problems,
                )
            record_official(c, official)
            seal_rows(c, at=now, of_reports=True)
    finally:
        database.close()
    standing = Standing(official)

    def for_people() -> None:
        for heading in headings(standing):
            session.out.print(heading, markup=False, soft_wrap=True)
        session.out.print(
            t(
                f"Bản có số, ngày: tinbai reports show {report} --format docx",
                f"With number and day: tinbai reports show {report} --format docx",
            ),
            markup=False,
            soft_wrap=True,
        )

    session.answer({"report_id": report, **_standing_data(standing)}, for_people)
    return DONE


def _removed(session: Session, number: int) -> list[tuple[Removal, int]]:
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            return removals_behind_report(c, number)
    finally:
        database.close()


@command(
    reports_app,
    "diff",
    help_vi="Giải thích từng thay đổi giữa hai báo cáo đã lập.",
    help_en="Explain every change between two reports.",
)
def diff_command(
    session: Session, before: Annotated[int, _Number], after: Annotated[int, _Number]
) -> int:
    """Compare two."""
    changes = compare(*(from_json(_content(session, number)) for number in (before, after)))
    data = {"before": before, "after": after, "changes": plain(changes)}
    session.answer(
        data,
        lambda: session.out.print("\n".join(told(changes)), markup=False, soft_wrap=True),
    )
    return DONE


def _content(session: Session, number: int) -> str:
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            return report_content(c, number)
    finally:
        database.close()


def told(changes: Sequence[Change]) -> list[str]:
    """Give the changes in lines for people, each followed by its articles."""
    if not changes:
        return [t("Hai báo cáo như nhau.", "The reports are equal.")]
    return [
        line
        for change in changes
        for line in (f"• {change.sentence}", *(f"    {detail}" for detail in change.details))
    ]


def _table(found: Sequence[StoredReport], standing: Mapping[int, Standing]) -> Table:
    table = Table()
    table.add_column(t("Báo cáo", "Report"), justify="right")
    table.add_column(t("Kỳ", "Period"), overflow="fold")
    table.add_column(t("Đơn vị", "Units"), overflow="fold")
    table.add_column(t("Số liệu đến", "As known at"), no_wrap=True)
    table.add_column(t("Số, ngày; tình trạng", "Number, day; state"), overflow="fold", ratio=1)
    table.add_column("SHA-256", no_wrap=True)
    for report in found:
        own = standing.get(report.id)
        superseded = own is not None and own.superseded_by is not None
        table.add_row(
            str(report.id),
            report.period_code,
            escape(report.under or t("tất cả", "all")),
            words.instant_text(report.as_of),
            escape(state_text(own)),
            report.content_sha256[:12],
            style="dim" if superseded else "",
        )
    return table
