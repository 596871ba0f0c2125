"""``tinbai import``: unit list, plans, self-reports, outputs, from Excel, Word or CSV."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from reports.calendar import parse_period
from reports.importers import summary
from reports.importers.cells import FIRST_YEAR, LAST_YEAR
from reports.importers.outputs import read_outputs
from reports.importers.plan import read_plans, whole_year
from reports.importers.plan_lines import Whose
from reports.importers.self_report import Given, read_self_reports
from reports.importers.sheets import read_book
from reports.importers.units import read_units
from storage.chain import seal_rows
from storage.claims import record_self_reports
from storage.console import DONE, Session, command
from storage.engine import Connection, open_database
from storage.language import t
from storage.outputs import keep_proof, record_outputs
from storage.plans import record_plans
from storage.units import record_registry, registry_as_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.importers.grid import Book
    from reports.importers.summary import Summary
    from storage.records import Registry

app = typer.Typer()
import_app = typer.Typer(
    no_args_is_help=True,
    help=t(
        "Nhập danh sách đơn vị, kế hoạch, báo cáo tự đánh giá, kết quả ngoài trang web "
        "(.xlsx, .docx, .csv).",
        "Import unit list, plans, self-reports, work outside the web (.xlsx, .docx, .csv).",
    ),
)
app.add_typer(import_app, name="import")

_File = Annotated[
    Path,
    typer.Argument(help=t("Tệp .xlsx, .docx hoặc .csv.", "An .xlsx, .docx or .csv file.")),
]
_DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help=t("Chỉ kiểm tra và in những gì hiểu được.", "Only check and print what was read."),
    ),
]
_Yes = Annotated[
    bool,
    typer.Option(
        "--yes",
        "-y",
        help=t("Nhập luôn, không hỏi lại.", "Import without asking."),
    ),
]
_Unit = Annotated[
    str | None,
    typer.Option(
        help=t(
            "Mã đơn vị của kế hoạch, khi tệp không ghi.",
            "Code of the unit whose plan it is, when the file does not say.",
        )
    ),
]
_Year = Annotated[
    int | None,
    typer.Option(
        min=FIRST_YEAR,
        max=LAST_YEAR,
        help=t(
            "Năm của kế hoạch, khi tệp không ghi.", "Year of the plan, when the file does not say."
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class _Understood:
    """What a file says, and how to keep it."""

    tables: Sequence[Summary]
    notes: tuple[str, ...]
    record: Callable[[Connection], None]
    is_interpreted: bool = False
    """Phrases were made into numbers: a person should look before they are kept."""


@command(
    import_app,
    "units",
    help_vi="Nhập danh sách đơn vị, kế thừa, trang web.",
    help_en="Import units, successions and sites.",
)
def import_units(session: Session, file: _File, *, dry_run: _DryRun = False) -> int:
    """Import a unit list."""
    received_at = session.clock.now()

    def understand(book: Book, in_force: Registry) -> _Understood:
        read = read_units(book, in_force)
        return _Understood(
            summary.of_registry(read.value),
            read.notes,
            lambda c: record_registry(c, read.value, received_at=received_at),
        )

    return _import(session, file, understand, dry_run=dry_run)


@command(
    import_app,
    "plan",
    help_vi="Nhập kế hoạch tuyên truyền (chỉ tiêu tin, bài).",
    help_en="Import publicity plans (quotas).",
)
def import_plan(
    session: Session,
    file: _File,
    *,
    unit: _Unit = None,
    year: _Year = None,
    dry_run: _DryRun = False,
    yes: _Yes = False,
) -> int:
    """Import plans."""
    received_at = session.clock.now()
    whose = Whose(unit=unit, period=None if year is None else whole_year(year))

    def understand(book: Book, registry: Registry) -> _Understood:
        read = read_plans(book, registry, received_at=received_at, whose=whose)
        return _Understood(
            summary.of_plans(read.value, registry),
            read.notes,
            lambda c: record_plans(c, read.value),
            is_interpreted=any(plan.lines for plan in read.value),
        )

    return _import(session, file, understand, dry_run=dry_run, ask=not yes)


@command(
    import_app,
    "outputs",
    help_vi="Nhập kết quả ngoài trang web (loa, pano, hội nghị …) kèm tệp minh chứng.",
    help_en="Import work outside the web (loudspeakers, panels, meetings …) with its proofs.",
)
def import_outputs(session: Session, file: _File, *, dry_run: _DryRun = False) -> int:
    """Import work outside the web; its proofs are copied into the workspace."""
    received_at = session.clock.now()
    proofs = session.workspace().proofs

    def understand(book: Book, registry: Registry) -> _Understood:
        read = read_outputs(book, file.parent, registry, received_at=received_at)

        def record(c: Connection) -> None:
            for proof in read.value.proofs:
                keep_proof(proofs, proof)
            record_outputs(c, read.value.outputs)

        return _Understood((summary.of_outputs(read.value.outputs),), read.notes, record)

    return _import(session, file, understand, dry_run=dry_run)


@command(
    import_app,
    "self-report",
    help_vi="Nhập báo cáo tự đánh giá của đơn vị.",
    help_en="Import the units' self-reports.",
)
def import_self_report(
    session: Session,
    file: _File,
    *,
    unit: Annotated[
        str | None,
        typer.Option(
            help=t("Mã đơn vị, khi tệp không ghi.", "The unit's code, when the file has none.")
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            help=t("Kỳ, khi tệp không ghi ngày.", "The period, when the file has no days."),
        ),
    ] = None,
    tag: Annotated[
        str | None,
        typer.Option(help=t("Nhóm, khi tệp không ghi.", "The group, when the file has none.")),
    ] = None,
    dry_run: _DryRun = False,
) -> int:
    """Import self-reports."""
    received_at = session.clock.now()
    given = Given(unit=unit, period=parse_period(period).days if period else None, tag=tag)

    def understand(book: Book, registry: Registry) -> _Understood:
        read = read_self_reports(book, registry, received_at=received_at, given=given)
        return _Understood(
            (summary.of_self_reports(read.value, registry),),
            read.notes,
            lambda c: record_self_reports(c, read.value),
        )

    return _import(session, file, understand, dry_run=dry_run)


def _import(
    session: Session,
    file: Path,
    understand: Callable[[Book, Registry], _Understood],
    *,
    dry_run: bool,
    ask: bool = False,
) -> int:
    """Read a file, show what was understood, and keep it.

    Args:
        session: the command's.
        file: as typed.
        understand: what kind of file it is.
        dry_run: keep nothing.
        ask: show first and ask, where phrases were interpreted and a person can answer.
    """
    database = open_database(session.workspace())
    try:
        with database.read() as connection:
            registry = registry_as_of(connection, session.clock.now())
        book = read_book(file)
        understood = understand(book, registry)
        shown = (
            ask
            and understood.is_interpreted
            and not (dry_run or session.as_json)
            and sys.stdin.isatty()
        )
        if shown:
            _print_tables(session, understood)
            dry_run = not typer.confirm(
                t("Hiểu như trên đã đúng chưa? Nhập vào?", "Is this right? Import it?")
            )
        if not dry_run:
            with database.write(alone=True) as connection:
                understood.record(connection)
                seal_rows(connection, at=session.clock.now())
    finally:
        database.close()
    data = {
        "file": book.name,
        "sha256": book.sha256,
        "recorded": not dry_run,
        "tables": [table.as_data() for table in understood.tables],
        "notes": list(understood.notes),
    }

    def show() -> None:
        if not shown:
            _print_tables(session, understood)
        _print_end(session, book, understood, recorded=not dry_run, asked=shown)

    session.answer(data, show)
    return DONE


def _print_tables(session: Session, understood: _Understood) -> None:
    for table in understood.tables:
        if table.lines:
            session.out.print(_rich_table(table))
    for note in understood.notes:
        session.out.print(t("Lưu ý: ", "Note: ") + note, markup=False, style="yellow")


def _print_end(
    session: Session, book: Book, understood: _Understood, *, recorded: bool, asked: bool
) -> None:
    why = "" if asked else " (--dry-run)"
    counts = ", ".join(f"{table.title}: {len(table.lines)}" for table in understood.tables)
    session.out.print(
        t(
            f"Đọc được từ {book.name} — {counts}. Chưa nhập{why}.",
            f"Read from {book.name} — {counts}. Not imported{why}.",
        )
        if not recorded
        else t(f"Đã nhập {book.name} — {counts}.", f"Imported {book.name} — {counts}."),
        markup=False,
    )


_LONG = frozenset({"name", "base_url", "quantity", "counted", "cell", "proof", "form"})
"""Columns that may break their lines."""


def _rich_table(table: Summary) -> Table:
    shown = Table(title=table.title, title_justify="left")
    for key, header in table.columns:
        shown.add_column(header, overflow="fold", no_wrap=key not in _LONG)
    for line in table.lines:
        shown.add_row(*(cell.replace("[", "\\[") for cell in line))
    return shown
