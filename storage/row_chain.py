"""The leaves of rows: what came into each table since the last time, in the order of ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.merkle import leaf_hash
from storage.row_digests import pack, row_sha256, rows_leaf_content
from storage.sealed_tables import HEADS, RUNS, SEALED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storage.engine import Connection
    from storage.merkle import Peaks
    from storage.sealed_tables import SealedTable

PER_LEAF = 10_000
"""Rows at most: their list has 400 KB, so that old bases come in, and are verified, in pieces."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedRows:
    """What came in."""

    peaks: Peaks
    """Of the tree with it."""
    rows: int


def add_row_leaves(c: Connection, peaks: Peaks, *, of_reports: bool) -> AddedRows:
    """Put the leaves of new rows behind those of the tree.

    Args:
        c: writes, and no other program does.
        peaks: of the tree as it is.
        of_reports: only what reports left behind, no fact; else all.
    """
    rows = 0
    for sealed, found in _new_rows(c, of_reports=of_reports):
        peaks, number = _add_leaves(c, peaks, sealed, found)
        rows += number
    if rows:  # heads alone bring no new head
        peaks, _ = _add_leaves(c, peaks, HEADS, HEADS.rows(c, after=_last(c, HEADS), until=None))
    return AddedRows(peaks=peaks, rows=rows)


def _add_leaves(
    c: Connection,
    peaks: Peaks,
    sealed: SealedTable,
    rows: Iterable[tuple[int, Sequence[Any]]],
) -> tuple[Peaks, int]:
    digests = ((row_id, row_sha256(sealed.names, values)) for row_id, values in rows)
    number = 0
    while some := list(islice(digests, PER_LEAF)):
        peaks = _add_leaf(c, peaks, sealed.name, some)
        number += len(some)
    return peaks, number


def _add_leaf(c: Connection, peaks: Peaks, table: str, digests: list[tuple[int, bytes]]) -> Peaks:
    first, last, packed = digests[0][0], digests[-1][0], pack(digests)
    content = rows_leaf_content(table, first_id=first, last_id=last, digests=packed)
    hashed = leaf_hash(content)
    row = {
        "number": peaks.size,
        "table_name": table,
        "first_row": first,
        "last_row": last,
        "sha256": hashed.hex(),
        "digests": packed,
    }
    c.execute(sa.insert(tables.sealed_rows), row)
    return peaks.plus([hashed])


def _last(c: Connection, sealed: SealedTable) -> int | None:
    return c.scalar(sa.select(_last_sealed(sealed)))


def _last_sealed(sealed: SealedTable) -> sa.ScalarSelect[int]:
    leaf = tables.sealed_rows
    return (
        sa.select(sa.func.max(leaf.c.last_row))
        .where(leaf.c.table_name == sealed.name)
        .scalar_subquery()
    )


def _new_rows(
    c: Connection, *, of_reports: bool
) -> Iterator[tuple[SealedTable, Iterable[tuple[int, Sequence[Any]]]]]:
    if not of_reports and (ended := runs_since_last_rows(c)):
        yield RUNS, (row for some in in_batches(ended) for row in RUNS.rows_with(c, some))
    for sealed, end in _ends(c):
        if of_reports and not sealed.is_of_reports:
            continue
        if end.newest is not None and (end.sealed is None or end.newest > end.sealed):
            yield sealed, sealed.rows(c, after=end.sealed, until=end.newest)


def runs_since_last_rows(c: Connection) -> list[int]:
    """Give the runs, by id, whose end is in the chain and whose row is not."""
    head = tables.tree_head
    last = sa.select(sa.func.max(head.c.id)).where(head.c.run_id.is_(None)).scalar_subquery()
    return list(
        c.scalars(
            sa.select(head.c.run_id)
            .where(head.c.run_id.is_not(None), head.c.id > sa.func.coalesce(last, 0))
            .order_by(head.c.run_id)
        )
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _End:
    """How far a table goes, and how far it is sealed; None: not at all."""

    newest: int | None
    sealed: int | None


def _ends(c: Connection) -> list[tuple[SealedTable, _End]]:
    """Give the last id of each sealed table, and the last one that is in the chain."""
    return [
        (SEALED[row.place], _End(newest=row.newest, sealed=row.sealed))
        for row in sorted(c.execute(_query_of_ends()), key=lambda row: row.place)
    ]


@cache
def _query_of_ends() -> sa.CompoundSelect[Any]:
    """Make it once: to put it together takes as long as to seal hundreds of rows."""
    return sa.union_all(
        *(
            sa.select(
                sa.literal(place).label("place"),
                sa.select(sa.func.max(one.table.c.id)).scalar_subquery().label("newest"),
                _last_sealed(one).label("sealed"),
            )
            for place, one in enumerate(SEALED)
        )
    )
