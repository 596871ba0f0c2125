"""``tinbai reports list | show | diff | answer``: what is frozen already.

``tinbai report`` makes one; these only read. A group of their own, since a command that is also
a group would take the maker's options in front of ``diff`` and ignore them.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from reports.answer_commands import add_answer
from reports.build import chosen_formats, write_files
from reports.difference import compare
from reports.render import words
from reports.render.terminal import findings_summary, plan_lines, report_table
from reports.serial import from_json, plain, to_data
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.findings import frozen_reports, report_content
from storage.language import t
from storage.removals import removals_behind_report, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.difference import Change
    from storage.findings import FrozenReport
    from storage.records import Removal, Report

reports_app = typer.Typer(
    no_args_is_help=True,
    help=t("Các báo cáo đã chốt: liệt kê, xem, so sánh.", "Frozen reports: list, show, compare."),
)

add_answer(reports_app)

_Number = typer.Argument(help=t("Số của báo cáo (xem: reports list).", "Its number (see list)."))


@command(
    reports_app,
    "list",
    help_vi="Liệt kê các báo cáo đã chốt, mới nhất trước.",
    help_en="List the frozen reports, the newest first.",
)
def list_command(session: Session) -> int:
    """List them."""
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            found = frozen_reports(c)
    finally:
        database.close()
    session.answer(plain(found), lambda: session.out.print(_table(found)))
    return DONE


@command(
    reports_app,
    "show",
    help_vi="In lại một báo cáo đã chốt; có --format thì ghi tệp, đúng số liệu đã chốt.",
    help_en="Show a frozen report again; with --format write its files, with the frozen numbers.",
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
) -> int:
    """Show one."""
    (report,) = _load(session, number)
    removed = _removed(session, number)
    chosen = chosen_formats(formats)
    files = write_files(report, out or session.workspace().reports, chosen) if chosen else ()
    data = {
        "report_id": number,
        "files": [str(f) for f in files],
        "removed": [plain(removal) | {"articles": articles} for removal, articles in removed],
        "report": to_data(report),
    }

    def for_people() -> None:
        session.out.print(report_table(report))
        for part in plan_lines(report):
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

    session.answer(data, for_people)
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
    help_vi="Giải thích từng thay đổi giữa hai báo cáo đã chốt.",
    help_en="Explain every change between two frozen reports.",
)
def diff_command(
    session: Session, before: Annotated[int, _Number], after: Annotated[int, _Number]
) -> int:
    """Compare two."""
    changes = compare(*_load(session, before, after))
    data = {"before": before, "after": after, "changes": plain(changes)}
    session.answer(
        data,
        lambda: session.out.print("\n".join(told(changes)), markup=False, soft_wrap=True),
    )
    return DONE


def _load(session: Session, *numbers: int) -> list[Report]:
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            contents = [report_content(c, number) for number in numbers]
    finally:
        database.close()
    return [from_json(content) for content in contents]


def told(changes: Sequence[Change]) -> list[str]:
    """Give the changes in lines for people, each followed by its articles."""
    if not changes:
        return [t("Hai báo cáo như nhau.", "The reports are equal.")]
    return [
        line
        for change in changes
        for line in (f"• {change.sentence}", *(f"    {detail}" for detail in change.details))
    ]


def _table(found: Sequence[FrozenReport]) -> Table:
    table = Table()
    table.add_column(t("Số", "No."), justify="right")
    table.add_column(t("Kỳ", "Period"))
    table.add_column(t("Đơn vị", "Units"))
    table.add_column(t("Số liệu đến", "As known at"), no_wrap=True)
    table.add_column(t("Lập lúc", "Made at"), no_wrap=True)
    table.add_column("SHA-256")
    for report in found:
        table.add_row(
            str(report.id),
            report.period_code,
            escape(report.under or t("tất cả", "all")),
            words.instant_text(report.as_of),
            words.instant_text(report.made_at),
            report.content_sha256[:12],
        )
    return table
