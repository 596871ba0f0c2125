"""Self-reports and their claims: what units say that they did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows, in_batches
from storage.history import what_is_new
from storage.records import AddressTry, Claim, DayInterval, SelfReport, is_cut
from storage.units import require_units

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from storage.engine import Connection


def record_self_reports(c: Connection, reports: Sequence[SelfReport]) -> None:
    """Store self-reports as received; one that says the same as the one in force adds nothing.

    Raises:
        InputError: a unit is in no unit list; nothing is stored.
    """
    require_units(c, [report.unit for report in reports])
    new = what_is_new(
        reports,
        _self_reports(c, sa.true(), order=[tables.self_report.c.id]),
        about=lambda report: (report.unit, report.period),
        at=lambda report: report.received_at,
        content=_content,
    )
    ids = add_rows(c, tables.self_report, [_report_row(report) for report in new])
    add_rows(
        c,
        tables.claim,
        [
            _claim_row(report_id, claim)
            for report_id, report in zip(ids, new, strict=True)
            for claim in report.claims
        ],
    )


def _content(report: SelfReport) -> object:
    claims = tuple(replace(claim, id=None) for claim in report.claims)
    return (report.source_sha256, report.source_name, claims)


def _report_row(report: SelfReport) -> dict[str, object]:
    return {
        "unit": report.unit,
        "period_from": report.period.start,
        "period_to": report.period.end,
        "source_sha256": report.source_sha256,
        "source_name": report.source_name,
        "received_at": report.received_at,
    }


def _claim_row(report_id: int, claim: Claim) -> dict[str, object]:
    return {
        "self_report_id": report_id,
        "tag": claim.tag,
        "number": claim.number,
        "url": claim.url,
        "title": claim.title,
        "day": claim.day,
        "cell": claim.cell,
        "shown_url": claim.shown_url,
    }


def self_reports_as_of(c: Connection, as_of: dt.datetime) -> list[SelfReport]:
    """Give the self-report in force of each unit and period: the newest until ``as_of``.

    Inclusive; of two received at the same instant the one recorded later. By unit and period.
    """
    table = tables.self_report
    order: list[sa.ColumnElement[Any]] = [table.c.unit, table.c.period_from, table.c.period_to]
    return _self_reports(c, _in_force(as_of), order=order)


def _in_force(as_of: dt.datetime) -> sa.ColumnElement[bool]:
    table = tables.self_report
    newest_first = sa.func.row_number().over(
        partition_by=(table.c.unit, table.c.period_from, table.c.period_to),
        order_by=(table.c.received_at.desc(), table.c.id.desc()),
    )
    ranked = (
        sa.select(table.c.id, newest_first.label("place"))
        .where(table.c.received_at <= as_of)
        .subquery()
    )
    return table.c.id.in_(sa.select(ranked.c.id).where(ranked.c.place == 1))


def _self_reports(
    c: Connection, which: sa.ColumnElement[bool], *, order: list[sa.ColumnElement[Any]]
) -> list[SelfReport]:
    table, claim = tables.self_report, tables.claim
    claims: dict[int, list[Claim]] = {}
    for row in c.execute(
        sa.select(claim)
        .join(table, table.c.id == claim.c.self_report_id)
        .where(which)
        .order_by(claim.c.id)
    ):
        claims.setdefault(row.self_report_id, []).append(
            Claim(
                id=row.id,
                tag=row.tag,
                number=row.number,
                url=row.url,
                title=row.title,
                day=row.day,
                cell=row.cell,
                shown_url=row.shown_url,
            )
        )
    return [
        SelfReport(
            id=row.id,
            unit=row.unit,
            period=DayInterval(row.period_from, row.period_to),
            source_sha256=row.source_sha256,
            source_name=row.source_name,
            received_at=row.received_at,
            claims=tuple(claims.get(row.id, ())),
        )
        for row in c.execute(sa.select(table).where(which).order_by(*order))
    ]


HOPS_FOLLOWED = 6
"""How far a chain of redirects is followed: one more than the crawler goes."""


def claimed_addresses(
    c: Connection, as_of: dt.datetime, *, hosts: Collection[str] | None = None
) -> list[str]:
    """Give the whole addresses that the self-reports in force name, each once, in their order.

    ``hosts``: only those that hold one of these names; whose they are is for the caller to tell.
    """
    table, claim = tables.self_report, tables.claim
    named = sa.select(claim.c.url).join(table, table.c.id == claim.c.self_report_id)
    named = named.where(_in_force(as_of), claim.c.url.is_not(None)).order_by(claim.c.id)
    if hosts is not None:
        on_hosts = (claim.c.url.icontains(host, autoescape=True) for host in sorted(hosts))
        named = named.where(sa.or_(sa.false(), *on_hosts))
    whole = (url for url in c.scalars(named) if not is_cut(url))
    return list(dict.fromkeys(whole))


def tries_of_addresses(
    c: Connection, addresses: Iterable[str], as_of: dt.datetime
) -> Mapping[str, AddressTry]:
    """Give, by address, how the newest attempt until ``as_of`` (inclusive) ended.

    Where an address sent us on, the one that it named is among them.
    """
    found: dict[str, AddressTry] = {}
    wanted = set(addresses)
    for _ in range(HOPS_FOLLOWED):
        new = _newest_tries(c, wanted - found.keys(), as_of)
        found |= new
        wanted = {
            (one.reason or "").removeprefix("to ")
            for one in new.values()
            if (one.reason or "").startswith("to ")
        }
        if not wanted:
            break
    return found


def _newest_tries(
    c: Connection, addresses: Iterable[str], as_of: dt.datetime
) -> dict[str, AddressTry]:
    table = tables.capture
    tries = {}
    for batch in in_batches(sorted(addresses)):
        rows = c.execute(
            sa.select(table)
            .where(table.c.url.in_(batch), table.c.captured_at <= as_of)
            .order_by(table.c.captured_at, table.c.id)
        )
        for row in rows:
            tries[row.url] = AddressTry(
                url=row.url,
                capture_id=row.id,
                tried_at=row.captured_at,
                disposition=row.disposition,
                reason=row.reason,
                status=row.status,
            )
    return tries
