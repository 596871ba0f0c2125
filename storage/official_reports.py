"""Reports that their office has frozen (chốt). Rows are added, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows
from storage.records import OfficialReport

if TYPE_CHECKING:
    import datetime as dt

    from storage.engine import Connection


def record_official(c: Connection, official: OfficialReport) -> None:
    """Add one; the table refuses what was frozen, superseded or numbered so before."""
    issuer_key, year, number_key = official.key
    row = {
        "report_id": official.report_id,
        "issuer": official.issuer,
        "issuer_key": issuer_key,
        "number": official.number,
        "number_key": number_key,
        "year": year,
        "signed_on": official.signed_on,
        "supersedes": official.supersedes,
        "why": official.why,
        "who": official.who,
        "recorded_at": official.recorded_at,
    }
    add_rows(c, tables.official_report, [row])


def official_reports(c: Connection, as_of: dt.datetime | None = None) -> list[OfficialReport]:
    """Give what was frozen until ``as_of`` (inclusive; None: ever), in the order of recording."""
    table = tables.official_report
    known = sa.true() if as_of is None else table.c.recorded_at <= as_of
    rows = c.execute(sa.select(table).where(known).order_by(table.c.recorded_at, table.c.id))
    return [
        OfficialReport(
            report_id=row.report_id,
            issuer=row.issuer,
            number=row.number,
            signed_on=row.signed_on,
            supersedes=row.supersedes,
            why=row.why,
            who=row.who,
            recorded_at=row.recorded_at,
        )
        for row in rows
    ]
