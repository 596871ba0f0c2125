"""``tinbai reports sheet | league | remind``: other views of a report that is frozen already."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from reports.build import chosen_formats, file_stem, of_unit, safe_name
from reports.freezing import headings
from reports.kept import KeptReport, in_force, kept_report
from reports.league import comparable, league
from reports.reminders import over, reminders, without_schedule
from reports.render import pace_tables
from reports.render.league_tables import (
    LeagueView,
    against,
    apart_text,
    how_ranked,
    league_to_docx,
    league_to_html,
    league_to_xlsx,
    short_headers,
    short_row,
    title,
    without_quota_text,
)
from reports.render.reminder_letters import reminder_to_docx, reminder_to_text
from reports.render.unit_sheets import sheet_to_docx
from reports.render.unit_workbooks import sheet_to_html, sheet_to_xlsx
from reports.serial import plain
from reports.sheet import unit_sheet
from storage.captures import capture
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from reports.reminders import Reminder
    from reports.sheet import UnitSheet
    from storage.engine import Connection
    from storage.records import Report
    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
views_app = typer.Typer(no_args_is_help=True)
app.add_typer(views_app, name="reports")
T = TypeVar("T")

SHEET_FORMATS: Mapping[str, Callable[[UnitSheet], bytes]] = {
    "docx": sheet_to_docx,
    "xlsx": sheet_to_xlsx,
    "html": sheet_to_html,
}
LEAGUE_FORMATS: Mapping[str, Callable[[LeagueView], bytes]] = {
    "xlsx": league_to_xlsx,
    "html": league_to_html,
    "docx": league_to_docx,
}
LETTER_FORMATS: Mapping[str, Callable[[Reminder], bytes]] = {
    "txt": lambda reminder: reminder_to_text(reminder).encode(),
    "docx": reminder_to_docx,
}

_Number = Annotated[
    int, typer.Argument(help=t("Số của báo cáo (xem: reports list).", "The report's number."))
]
_Unit = Annotated[
    str | None,
    typer.Option(
        help=t("Mã đơn vị; bỏ trống: mọi đơn vị.", "The unit's code; left out: all units.")
    ),
]
_Out = Annotated[Path | None, typer.Option(help=t("Thư mục ghi tệp.", "Folder for the files."))]


# ----------------------------------------------------------------------------------- sheets


@command(
    views_app,
    "sheet",
    help_vi="Lập phiếu kết quả gửi từng đơn vị: số liệu, bài được tính, bài không tính và vì sao, "
    "kê khai, phát hiện, việc còn lại, cách phản hồi. Không có --unit: mọi đơn vị, vào một thư "
    "mục.",
    help_en="Write the sheet to send to a unit: its numbers, what counts, what does not and why, "
    "claims, findings, what is left, how to dispute. Without --unit: all units, into one folder.",
)
def sheet_command(
    session: Session,
    number: _Number,
    *,
    unit: _Unit = None,
    formats: Annotated[
        str, typer.Option("--format", help=t("Dạng tệp: ", "Kinds: ") + ", ".join(SHEET_FORMATS))
    ] = "docx,xlsx",
    out: _Out = None,
) -> int:
    """Write the sheet of one unit, or of each."""
    chosen = chosen_formats(formats, SHEET_FORMATS)
    workspace = session.workspace()
    with _reading(workspace) as c:
        kept = kept_report(c, number)
        report = kept.report
        units = [unit] if unit else list(dict.fromkeys(line.unit for line in report.lines))
        sheets = [_sheet(c, report, number, u, workspace.settings.contact) for u in units]
    folder = out or workspace.reports / ("" if unit else f"phieu-{file_stem(report)}")
    files = _write(
        folder,
        (
            (f"phieu-{safe_name(sheet.unit)}-{file_stem(report)}.{ending}", sheet, ending)
            for sheet in sheets
            for ending in chosen
        ),
        SHEET_FORMATS,
    )
    data = {
        "report_id": number,
        "files": [str(file) for file in files],
        "sheets": [
            {
                "unit": sheet.unit,
                "unit_name": sheet.unit_name,
                "days": sheet.days,
                "lines": plain(sheet.lines),
                "targets": plain(sheet.targets),
                "counted": plain(sheet.counted),
                "left_out": plain(sheet.left_out),
                "findings": plain(sheet.findings),
            }
            for sheet in sheets
        ],
    }

    def for_people() -> None:
        _print_standing(session, kept)
        _print_files(session, files)

    session.answer(data, for_people)
    return DONE


def _sheet(c: Connection, report: Report, number: int, unit: str, contact: str) -> UnitSheet:
    part = of_unit(report, unit)
    ids = {claim.capture_id for claim in part.claims if claim.capture_id is not None}
    captures = {one: capture(c, one) for one in sorted(ids)}
    return unit_sheet(part, number, unit, captures, contact=contact)


# ----------------------------------------------------------------------------------- league


@command(
    views_app,
    "league",
    help_vi="Xếp hạng đơn vị theo mức hoàn thành kế hoạch, kèm xu hướng so với báo cáo trước; đơn "
    "vị chưa xem đủ đứng riêng, có nêu vì sao.",
    help_en="Rank the units by completion of their plans, with the trend since an earlier report; "
    "units of which not enough was seen stand apart, with the reason.",
)
def league_command(
    session: Session,
    number: _Number,
    *,
    before: Annotated[
        int | None,
        typer.Option(
            "--against",
            help=t(
                "Số của báo cáo để so xu hướng; bỏ trống: báo cáo cùng loại kỳ ngay trước.",
                "The report that the trend is against; left out: the one before on such a period.",
            ),
        ),
    ] = None,
    tag: Annotated[
        str | None, typer.Option(help=t("Chỉ nhóm này: CCHC, TTHC …", "This headline tag only."))
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help=t("Dạng tệp: ", "Kinds: ") + ", ".join(LEAGUE_FORMATS))
    ] = "",
    out: _Out = None,
) -> int:
    """Rank the units."""
    chosen = chosen_formats(formats, LEAGUE_FORMATS)
    workspace = session.workspace()
    with _reading(workspace) as c:
        kept = kept_report(c, number)
        report = kept.report
        if before is None:
            before = comparable(report, in_force(c))
        earlier = None if before is None else kept_report(c, before).report
    if tag is not None and tag not in report.tags:
        raise InputError(
            t(
                f"Báo cáo không có nhóm “{tag}”; có: {', '.join(report.tags)}.",
                f"The report has no tag '{tag}'; there are: {', '.join(report.tags)}.",
            )
        )
    view = LeagueView(
        report=report,
        report_id=number,
        before=earlier,
        before_id=before,
        league=league(report, earlier, tag=tag),
    )
    of_tag = f"-{safe_name(tag)}" if tag else ""
    files = _write(
        out or workspace.reports,
        ((f"xep-hang{of_tag}-{file_stem(report)}.{ending}", view, ending) for ending in chosen),
        LEAGUE_FORMATS,
    )
    data = {
        "report_id": number,
        "against": before,
        "league": plain(view.league),
        "files": [str(file) for file in files],
    }

    def for_people() -> None:
        _print_standing(session, kept)
        _print_league(session, view, files)

    session.answer(data, for_people)
    return DONE


def _print_league(session: Session, view: LeagueView, files: list[Path]) -> None:
    has_trend = view.before is not None
    table = Table(title=escape(f"{title(view)} · {view.report.period_name}"), title_justify="left")
    for place, header in enumerate(short_headers(has_trend=has_trend)):
        table.add_column(header, justify="left" if place == 1 else "right", no_wrap=place > 1)
    for one in view.league.ranked:
        table.add_row(*map(escape, short_row(one, has_trend=has_trend)))
    session.out.print(table)
    if view.league.not_verifiable:
        session.out.print(
            t("Chưa đủ căn cứ để xếp hạng:", "Not enough was seen for a rank:"), style="yellow"
        )
    for one in view.league.not_verifiable:
        session.out.print(f"  • {apart_text(one)}", markup=False, soft_wrap=True)
    told = [without_quota_text(view), how_ranked(), against(view), *view.league.notes]
    for text in (*(one for one in told if one), *map(str, files)):
        session.out.print(text, markup=False, soft_wrap=True)


# -------------------------------------------------------------------------------- reminders


@command(
    views_app,
    "remind",
    help_vi="Soạn văn bản đôn đốc cho đơn vị chậm tiến độ kế hoạch; đơn vị chưa xem đủ thì chỉ "
    "hỏi, không kết luận.",
    help_en="Write reminders to units behind the pace of their plans; units of which not enough "
    "was seen are asked, not told.",
)
def remind_command(
    session: Session,
    number: _Number,
    *,
    unit: _Unit = None,
    formats: Annotated[
        str, typer.Option("--format", help=t("Dạng tệp: ", "Kinds: ") + ", ".join(LETTER_FORMATS))
    ] = "",
    out: _Out = None,
) -> int:
    """Write the reminders; without --format only print them."""
    chosen = chosen_formats(formats, LETTER_FORMATS)
    workspace = session.workspace()
    with _reading(workspace) as c:
        kept = kept_report(c, number)
        report = kept.report
    part = of_unit(report, unit) if unit else report
    letters = reminders(part, number, contact=workspace.settings.contact)
    files = _write(
        out or workspace.reports / f"don-doc-{file_stem(report)}",
        (
            (f"don-doc-{safe_name(letter.unit)}.{ending}", letter, ending)
            for letter in letters
            for ending in chosen
        ),
        LETTER_FORMATS,
    )
    ended, unpaced = (
        [f"{target.unit_name}, {pace_tables.name(target)}" for target in some]
        for some in (over(part), without_schedule(part))
    )
    data = {
        "report_id": number,
        "files": [str(file) for file in files],
        "reminders": [
            {
                "unit": letter.unit,
                "unit_name": letter.unit_name,
                "behind": plain(letter.behind),
                "unclear": plain(letter.unclear),
                "text": reminder_to_text(letter),
            }
            for letter in letters
        ],
        "over": ended,
        "without_schedule": unpaced,
    }

    def for_people() -> None:
        _print_standing(session, kept)
        for letter in letters:
            session.out.rule(escape(f"{letter.unit} — {letter.unit_name}"))
            session.out.print(reminder_to_text(letter), markup=False, soft_wrap=True)
        if not letters:
            session.out.print(
                t("Không soạn văn bản đôn đốc nào.", "No reminder was written.")
                if ended or unpaced
                else t("Không đơn vị nào chậm tiến độ.", "No unit is behind its pace.")
            )
        for lines, told in (
            (ended, t("Kế hoạch đã hết kỳ, không đôn đốc: ", "The plan is over, no reminder: ")),
            (
                unpaced,
                t(
                    "Không tính được tiến độ (kỳ báo cáo không bắt đầu từ đầu kế hoạch, hoặc báo "
                    "cáo do bản cũ lập): ",
                    "No pace can be told (the report does not begin with the plan, or an older "
                    "program made it): ",
                ),
            ),
        ):
            if lines:
                session.out.print(
                    told + "; ".join(lines), markup=False, soft_wrap=True, style="yellow"
                )
        _print_files(session, files)

    session.answer(data, for_people)
    return DONE


@contextmanager
def _reading(workspace: Workspace) -> Iterator[Connection]:
    database = open_database(workspace)
    try:
        with database.read() as c:
            yield c
    finally:
        database.close()


# ------------------------------------------------------------------------------------ files


def _write(
    folder: Path,
    wanted: Iterable[tuple[str, T, str]],
    renderers: Mapping[str, Callable[[T], bytes]],
) -> list[Path]:
    """Write each value under its name, in its format; the folder is made when there is one."""
    files = []
    for name, value, ending in wanted:
        folder.mkdir(parents=True, exist_ok=True)
        files.append(folder / name)
        files[-1].write_bytes(renderers[ending](value))
    return files


def _print_standing(session: Session, kept: KeptReport) -> None:
    """Say first that a report was superseded: what is made of it now misleads."""
    if kept.standing is not None and kept.standing.superseded_by is not None:
        for heading in headings(kept.standing):
            session.out.print(heading, style="bold red", markup=False, soft_wrap=True)


def _print_files(session: Session, files: Iterable[Path]) -> None:
    for file in files:
        session.out.print(str(file), markup=False, soft_wrap=True)
