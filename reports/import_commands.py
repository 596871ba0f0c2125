"""``tinbai import``: unit list, plans and self-reports, from Excel or CSV."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from reports.importers import summary
from reports.importers.plan import read_plans
from reports.importers.self_report import read_self_reports
from reports.importers.sheets import read_book
from reports.importers.units import read_units
from storage.claims import record_self_reports
from storage.console import DONE, Session, command
from storage.engine import Connection, open_database
from storage.language import t
from storage.plans import record_plans
from storage.units import record_registry, registry_as_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reports.importers.grid import Book
    from reports.importers.summary import Summary
    from storage.records import Registry

import_app = typer.Typer(
    no_args_is_help=True,
    help=t(
        "Nhập danh sách đơn vị, kế hoạch, báo cáo tự đánh giá (.xlsx, .csv).",
        "Import unit list, plans, self-reports (.xlsx, .csv).",
    ),
)

_File = Annotated[Path, typer.Argument(help=t("Tệp .xlsx hoặc .csv.", "An .xlsx or .csv file."))]
_DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help=t("Chỉ kiểm tra và in những gì hiểu được.", "Only check and print what was read."),
    ),
]


@dataclass(frozen=True, slots=True)
class _Understood:
    """What a file says, and how to keep it."""

    tables: Sequence[Summary]
    notes: tuple[str, ...]
    record: Callable[[Connection], None]


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
def import_plan(session: Session, file: _File, *, dry_run: _DryRun = False) -> int:
    """Import plans."""
    received_at = session.clock.now()

    def understand(book: Book, registry: Registry) -> _Understood:
        read = read_plans(book, registry, received_at=received_at)
        return _Understood(
            (summary.of_plans(read.value, registry),),
            read.notes,
            lambda c: record_plans(c, read.value),
        )

    return _import(session, file, understand, dry_run=dry_run)


@command(
    import_app,
    "self-report",
    help_vi="Nhập báo cáo tự đánh giá của đơn vị.",
    help_en="Import the units' self-reports.",
)
def import_self_report(session: Session, file: _File, *, dry_run: _DryRun = False) -> int:
    """Import self-reports."""
    received_at = session.clock.now()

    def understand(book: Book, registry: Registry) -> _Understood:
        read = read_self_reports(book, registry, received_at=received_at)
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
) -> int:
    database = open_database(session.workspace())
    try:
        with database.read() as connection:
            registry = registry_as_of(connection, session.clock.now())
        book = read_book(file)
        understood = understand(book, registry)
        if not dry_run:
            with database.write() as connection:
                understood.record(connection)
    finally:
        database.close()
    data = {
        "file": book.name,
        "sha256": book.sha256,
        "recorded": not dry_run,
        "tables": [table.as_data() for table in understood.tables],
        "notes": list(understood.notes),
    }
    session.answer(data, lambda: _print(session, book, understood, dry_run=dry_run))
    return DONE


def _print(session: Session, book: Book, understood: _Understood, *, dry_run: bool) -> None:
    for table in understood.tables:
        if table.lines:
            session.out.print(_rich_table(table))
    for note in understood.notes:
        session.out.print(t("Lưu ý: ", "Note: ") + note, markup=False, style="yellow")
    counts = ", ".join(f"{table.title}: {len(table.lines)}" for table in understood.tables)
    session.out.print(
        t(
            f"Đọc được từ {book.name} — {counts}. Chưa nhập (--dry-run).",
            f"Read from {book.name} — {counts}. Not imported (--dry-run).",
        )
        if dry_run
        else t(f"Đã nhập {book.name} — {counts}.", f"Imported {book.name} — {counts}."),
        markup=False,
    )


def _rich_table(table: Summary) -> Table:
    shown = Table(title=table.title, title_justify="left")
    for key, header in table.columns:
        shown.add_column(header, overflow="fold", no_wrap=key not in {"name", "base_url"})
    for line in table.lines:
        shown.add_row(*(cell.replace("[", "\\[") for cell in line))
    return shown
