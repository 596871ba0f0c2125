"""What people say of findings. Added, never changed; the newest gives a finding's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows
from storage.records import FindingStep

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from storage.engine import Connection


def add_step(c: Connection, step: FindingStep) -> None:
    """Add what somebody says of a finding; what was said before stays."""
    add_rows(
        c,
        tables.finding_step,
        [
            {
                "finding_key": step.key,
                "state": step.state,
                "who": step.who,
                "note": step.note,
                "noted_at": step.noted_at,
            }
        ],
    )


def steps_as_of(c: Connection, as_of: dt.datetime) -> list[FindingStep]:
    """Give everything that was said until ``as_of`` (inclusive), oldest first."""
    table = tables.finding_step
    rows = c.execute(
        sa.select(table).where(table.c.noted_at <= as_of).order_by(table.c.noted_at, table.c.id)
    )
    return [
        FindingStep(
            key=row.finding_key, state=row.state, who=row.who, note=row.note, noted_at=row.noted_at
        )
        for row in rows
    ]


def keys_that_begin(c: Connection, beginning: str) -> Sequence[str]:
    """Give the keys of findings in frozen reports that begin so, in their order."""
    column = tables.finding.c.finding_key
    found = c.scalars(
        sa.select(column).where(column.startswith(beginning, autoescape=True)).distinct()
    )
    return sorted(found)
