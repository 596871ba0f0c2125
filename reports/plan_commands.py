"""``tinbai plans``: what was understood of the plans, line by line, with file and cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from reports.calendar import parse_as_of
from reports.importers.cells import FIRST_YEAR, LAST_YEAR
from reports.importers.plan import whole_year
from reports.quantities import quantity_text
from reports.render import words
from reports.serial import plain
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.language import t
from storage.plans import plans_as_of, plans_received
from storage.units import registry_as_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.records import Plan, PlanLine

app = typer.Typer()


@app.callback()
def _one_of_several() -> None:
    """Keep Typer from taking the one command for the whole: the root looks it up by its name."""


@command(
    app,
    "plans",
    help_vi="Liệt kê kế hoạch đã nhập: mỗi dòng ghi gì, phần mềm hiểu là gì, ở tệp nào, ô nào.",
    help_en="List the plans: what each line says, what it was read as, in which file and cell.",
)
def plans_command(
    session: Session,
    *,
    unit: Annotated[str | None, typer.Option(help=t("Mã đơn vị.", "Unit's code."))] = None,
    year: Annotated[
        int | None,
        typer.Option(
            min=FIRST_YEAR,
            max=LAST_YEAR,
            help=t("Chỉ kế hoạch có ngày trong năm này.", "Plans with days in this year only."),
        ),
    ] = None,
    replaced: Annotated[
        bool,
        typer.Option(
            "--replaced",
            help=t("Kể cả kế hoạch đã được thay.", "With those that were replaced since."),
        ),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(help=t("Như đã biết đến lúc này.", "As known by then.")),
    ] = None,
) -> int:
    """List plans."""
    instant = parse_as_of(as_of) if as_of else session.clock.now()
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            in_force = plans_as_of(c, instant)
            received = plans_received(c, instant) if replaced else in_force
            names = {name.unit: name.name for name in registry_as_of(c, instant).names}
    finally:
        database.close()
    if unit is not None and unit not in names:
        raise InputError(
            t(
                f"Danh sách đơn vị không có mã “{unit}”. Các mã:",
                f"The unit list has no code '{unit}'. The codes:",
            ),
            tuple(f"{code}: {name}" for code, name in names.items()),
        )
    current = {plan.id for plan in in_force}
    found = [
        plan
        for plan in received
        if (unit is None or plan.unit == unit) and (year is None or _is_of(plan, year))
    ]
    data = [
        {
            **plain(plan),
            "unit_name": names.get(plan.unit, plan.unit),
            "in_force": plan.id in current,
            "lines": [{**plain(line), "read_as": _read_as(line)} for line in plan.lines],
        }
        for plan in found
    ]

    def for_people() -> None:
        for plan in found:
            title = _title(plan, names.get(plan.unit, plan.unit), is_current=plan.id in current)
            session.out.print(_table(plan, title))
        if not found:
            session.out.print(
                t(
                    "Chưa có kế hoạch nào. Nhập: tinbai import plan TỆP",
                    "There is no plan. Import one: tinbai import plan FILE",
                )
            )

    session.answer(data, for_people)
    return DONE


def _is_of(plan: Plan, year: int) -> bool:
    return plan.period.overlaps(whole_year(year))


def _title(plan: Plan, name: str, *, is_current: bool) -> Text:
    parts = [
        f"{name} ({plan.unit})",
        words.days_text(plan.period),
        plan.document_ref or "",
        plan.source_name,
        t("nhận ", "received ") + words.instant_text(plan.received_at),
        "" if is_current else t("ĐÃ ĐƯỢC THAY", "REPLACED"),
    ]
    return Text(" · ".join(part for part in parts if part), style="table.title")


def _table(plan: Plan, title: Text) -> Table:
    table = Table(title=title, title_justify="left")
    if plan.lines:
        _fill(table, _line_headers(), _line_rows(plan.lines))
    else:
        headers = (t("Nhóm", "Tag"), t("Chỉ tiêu", "Planned"), t("Ô", "Cell"))
        _fill(table, headers, ((q.tag, words.number_text(q.planned), q.cell) for q in plan.quotas))
    return table


def _line_headers() -> tuple[str, ...]:
    return (
        t("TT", "No."),
        t("Nội dung, chủ trì", "Content, lead"),
        t("Ghi là", "It says"),
        t("Hiểu là", "Read as"),
        t("Cả kỳ", "In all"),
        t("Hạn", "By"),
        t("Kiểm đếm", "Counted"),
        t("Ô", "Cell"),
    )


def _fill(table: Table, headers: Sequence[str], rows: Iterator[tuple[str, ...]]) -> None:
    for header in headers:
        table.add_column(header)
    for row in rows:
        table.add_row(*map(Text, row))


def _line_rows(lines: Sequence[PlanLine]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        yield (
            str(line.place),
            f"{line.content}\n{line.lead}" if line.lead else line.content,
            line.text,
            _read_as(line),
            words.number_text(line.planned),
            words.day_text(line.due),
            _counted(line),
            line.cell,
        )


def _read_as(line: PlanLine) -> str:
    return quantity_text((line.quantity,))


def _counted(line: PlanLine) -> str:
    if line.on_web:
        return t("trên trang web, nhóm ", "on the website, ") + ", ".join(line.tags)
    if line.quantity.percent is not None:
        return t("tỷ lệ, không đếm được", "a share, not countable")
    return t("ngoài trang web", "outside the web")
