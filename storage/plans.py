"""Plans, their lines and quotas: what units promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows
from storage.history import what_is_new
from storage.records import DayInterval, Plan, PlanLine, Quantity, Quota
from storage.units import require_units

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from storage.engine import Connection


def record_plans(c: Connection, plans: Sequence[Plan]) -> None:
    """Store plans as received; one that says the same as the one in force adds nothing.

    Raises:
        InputError: a unit is in no unit list; nothing is stored.
    """
    require_units(c, [plan.unit for plan in plans])
    new = what_is_new(
        plans,
        _plans(c, sa.true(), order=[tables.unit_plan.c.id]),
        about=lambda plan: (plan.unit, plan.period),
        at=lambda plan: plan.received_at,
        content=lambda plan: (
            plan.document_ref,
            plan.source_sha256,
            plan.source_name,
            plan.quotas,
            plan.lines,
        ),
    )
    ids = add_rows(c, tables.unit_plan, [_plan_row(plan) for plan in new])
    add_rows(
        c,
        tables.quota,
        [
            {"plan_id": plan_id, "tag": quota.tag, "planned": quota.planned, "cell": quota.cell}
            for plan_id, plan in zip(ids, new, strict=True)
            for quota in plan.quotas
        ],
    )
    add_rows(
        c,
        tables.plan_line,
        [
            {"plan_id": plan_id, **_line_row(line)}
            for plan_id, plan in zip(ids, new, strict=True)
            for line in plan.lines
        ],
    )


def _line_row(line: PlanLine) -> dict[str, object]:
    quantity = line.quantity
    return {
        "place": line.place,
        "content": line.content,
        "tags": list(line.tags),
        "form": quantity.form,
        "measure": quantity.measure,
        "number": quantity.number,
        "every": quantity.every,
        "at_least": quantity.at_least,
        "percent": quantity.percent,
        "due": line.due,
        "lead": line.lead,
        "planned": line.planned,
        "on_web": line.on_web,
        "text": line.text,
        "cell": line.cell,
    }


def _line(row: sa.Row[Any]) -> PlanLine:
    return PlanLine(
        place=row.place,
        content=row.content,
        tags=tuple(row.tags),
        quantity=Quantity(
            form=row.form,
            measure=row.measure,
            number=row.number,
            every=row.every,
            at_least=row.at_least,
            percent=row.percent,
        ),
        due=row.due,
        lead=row.lead,
        planned=row.planned,
        on_web=row.on_web,
        text=row.text,
        cell=row.cell,
    )


def _plan_row(plan: Plan) -> dict[str, object]:
    return {
        "unit": plan.unit,
        "period_from": plan.period.start,
        "period_to": plan.period.end,
        "document_ref": plan.document_ref,
        "source_sha256": plan.source_sha256,
        "source_name": plan.source_name,
        "received_at": plan.received_at,
    }


def plans_as_of(c: Connection, as_of: dt.datetime) -> list[Plan]:
    """Give the plan in force of each unit and period: the newest received until ``as_of``.

    Inclusive; of two received at the same instant the one recorded later. By unit and period.
    """
    table = tables.unit_plan
    newest_first = sa.func.row_number().over(
        partition_by=(table.c.unit, table.c.period_from, table.c.period_to),
        order_by=(table.c.received_at.desc(), table.c.id.desc()),
    )
    ranked = (
        sa.select(table.c.id, newest_first.label("place"))
        .where(table.c.received_at <= as_of)
        .subquery()
    )
    in_force = table.c.id.in_(sa.select(ranked.c.id).where(ranked.c.place == 1))
    return _plans(c, in_force, order=[table.c.unit, table.c.period_from, table.c.period_to])


def plans_received(c: Connection, as_of: dt.datetime) -> list[Plan]:
    """Give every plan received until ``as_of`` (inclusive), with those that were replaced since.

    By unit and period, then as they came.
    """
    table = tables.unit_plan
    order = [table.c.unit, table.c.period_from, table.c.period_to, table.c.received_at, table.c.id]
    return _plans(c, table.c.received_at <= as_of, order=order)


def _plans(
    c: Connection, which: sa.ColumnElement[bool], *, order: Sequence[sa.ColumnElement[Any]]
) -> list[Plan]:
    table, quota = tables.unit_plan, tables.quota
    quotas: dict[int, list[Quota]] = {}
    for row in c.execute(
        sa.select(quota)
        .join(table, table.c.id == quota.c.plan_id)
        .where(which)
        .order_by(quota.c.id)
    ):
        quotas.setdefault(row.plan_id, []).append(
            Quota(tag=row.tag, planned=row.planned, cell=row.cell)
        )
    line = tables.plan_line
    lines: dict[int, list[PlanLine]] = {}
    for row in c.execute(
        sa.select(line)
        .join(table, table.c.id == line.c.plan_id)
        .where(which)
        .order_by(line.c.place)
    ):
        lines.setdefault(row.plan_id, []).append(_line(row))
    return [
        Plan(
            id=row.id,
            unit=row.unit,
            period=DayInterval(row.period_from, row.period_to),
            document_ref=row.document_ref,
            source_sha256=row.source_sha256,
            source_name=row.source_name,
            received_at=row.received_at,
            quotas=tuple(quotas.get(row.id, ())),
            lines=tuple(lines.get(row.id, ())),
        )
        for row in c.execute(sa.select(table).where(which).order_by(*order))
    ]
