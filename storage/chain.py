"""The evidence chain in rows: a leaf for every capture, one for many rows of the other tables.

Captures come into the tree when their run has ended, in the order of their ids, run after run, and
each run's end has a head. Rows of all other tables come in right behind: those since the last
time, table after table, in the order of their ids; then there is a head of no run. What a command
writes is sealed in the transaction that writes it; for a run under way nothing is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.captures import captures_of_run
from storage.engine import add_rows, lock_out_writers
from storage.leaves import leaf_content, pieces, starts
from storage.merkle import Peaks, leaf_hash
from storage.records import TreeHead
from storage.row_chain import add_row_leaves

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from storage.engine import Connection
    from storage.leaves import Piece
    from storage.records import Capture


UNREADABLE = (LookupError, TypeError, ValueError)
"""What reading a row raises that holds what no program of ours can have written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredHead:
    """A head with what is needed to go on from it."""

    id: int
    run_id: int | None
    """At whose end it stands; None: rows came in."""
    head: TreeHead
    peaks: tuple[str, ...]
    """Hex; the largest sub-tree first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sealed:
    """What came into the chain."""

    captures: int
    rows: int


def seal(c: Connection, folder: Path, *, at: dt.datetime) -> Sealed:
    """Put in the captures of every run that has ended and is not in the chain, and all new rows.

    Reads the runs' WARC files once. What cannot be read gets a leaf without the digest of its
    bytes: that is for ``verify`` to name, and keeps no run from ending.

    Args:
        c: writes, and no other program does (``Database.write(alone=True)``).
        folder: the evidence folder.
        at: the present instant.
    """
    lock_out_writers(c)
    run, head = tables.crawl_run, tables.tree_head
    waiting = c.execute(
        sa.select(run.c.id, run.c.site)
        .where(
            run.c.finished_at.is_not(None),
            ~sa.exists().where(head.c.run_id == run.c.id),
        )
        .order_by(run.c.id)
    ).all()
    peaks = _peaks(c) if waiting else Peaks()
    before = peaks.size
    for run_id, site in waiting:
        peaks = _add_leaves(c, folder, captures_of_run(c, run_id), site=site, peaks=peaks)
        _add_head(c, peaks, at=at, run_id=run_id)
    return Sealed(captures=peaks.size - before, rows=seal_rows(c, at=at))


def seal_rows(c: Connection, *, at: dt.datetime, of_reports: bool = False) -> int:
    """Put new rows in, and give how many they are.

    Args:
        c: writes, and no other program does (``Database.write(alone=True)``).
        at: the present instant.
        of_reports: only what reports left behind, no fact; else all.
    """
    lock_out_writers(c)
    added = add_row_leaves(c, _peaks(c), of_reports=of_reports)
    if added.rows:
        _add_head(c, added.peaks, at=at, of_reports=of_reports)
    return added.rows


def _add_head(
    c: Connection,
    peaks: Peaks,
    *,
    at: dt.datetime,
    run_id: int | None = None,
    of_reports: bool = False,
) -> None:
    row = {
        "run_id": run_id,
        "of_reports": of_reports,
        "size": peaks.size,
        "root": peaks.root.hex(),
        "peaks": [one.hex() for one in peaks.hashes],
        "sealed_at": at,
    }
    add_rows(c, tables.tree_head, [row])


def _add_leaves(
    c: Connection, folder: Path, captures: list[Capture], *, site: str, peaks: Peaks
) -> Peaks:
    digests = measure(folder, captures)
    hashes, rows = [], []
    for number, capture in enumerate(captures, start=peaks.size):
        found = digests.get(capture.id or 0)
        piece = (found.size, found.sha256) if found else None
        hashes.append(leaf_hash(leaf_content(capture, site=site, piece=piece)))
        rows.append(
            {
                "number": number,
                "capture_id": capture.id,
                "sha256": hashes[-1].hex(),
                "warc_bytes": piece[0] if piece else None,
                "warc_sha256": piece[1] if piece else None,
            }
        )
    if rows:
        c.execute(sa.insert(tables.tree_leaf), rows)
    return peaks.plus(hashes)


def measure(folder: Path, captures: Iterable[Capture]) -> dict[int, Piece]:
    """Give the piece of each capture, by its id; those of files that cannot be read are left out.

    Args:
        folder: the evidence folder.
        captures: all of the files that they lie in.
    """
    found: dict[int, Piece] = {}
    for file, begins in starts(captures).items():
        try:
            with (folder / file).open("rb") as opened:
                found.update(pieces(opened, begins))
        except OSError:
            continue
    return found


def head_as_of(c: Connection, as_of: dt.datetime) -> TreeHead | None:
    """Give the state of the chain at an instant (inclusive); None: nothing was in it.

    Where only what reports left behind came in, no fact did: such a head is passed over, so that
    a report that is made again has the root that it had, be it the same instant by the clock.
    """
    table = tables.tree_head
    row = c.execute(
        _heads()
        .where(table.c.sealed_at <= as_of, ~table.c.of_reports)
        .order_by(table.c.size.desc(), table.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _head(row).head


def heads(c: Connection) -> list[StoredHead]:
    """Give all heads, in the order in which the tree grew."""
    table = tables.tree_head
    return [_head(row) for row in c.execute(_heads().order_by(table.c.size, table.c.id))]


def legible_heads(c: Connection) -> tuple[list[StoredHead], list[int]]:
    """Give all heads, and the ids of those whose rows were made unreadable: not among them."""
    try:
        return heads(c), []
    except UNREADABLE:
        table, found, unreadable = tables.tree_head, [], []
        for head_id in c.scalars(sa.select(table.c.id).order_by(table.c.size, table.c.id)).all():
            try:
                found.append(_head(c.execute(_heads().where(table.c.id == head_id)).one()))
            except UNREADABLE:
                unreadable.append(head_id)
        return found, unreadable


def leaf_hashes(c: Connection, size: int) -> list[bytes]:
    """Give the hashes of the first ``size`` leaves, in order."""
    found = sa.union_all(
        *(
            sa.select(table.c.number, table.c.sha256).where(table.c.number < size)
            for table in (tables.tree_leaf, tables.sealed_rows)
        )
    ).subquery()
    return [
        bytes.fromhex(one) for one in c.scalars(sa.select(found.c.sha256).order_by(found.c.number))
    ]


def _peaks(c: Connection) -> Peaks:
    table = tables.tree_head
    row = c.execute(
        sa.select(table.c.size, table.c.peaks)
        .order_by(table.c.size.desc(), table.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Peaks() if row is None else Peaks(row.size, tuple(map(bytes.fromhex, row.peaks)))


def _heads() -> sa.Select[Any]:
    table = tables.tree_head
    first = table.alias()
    first_of_rows = (
        sa.select(first.c.size).where(first.c.run_id.is_(None)).order_by(first.c.id).limit(1)
    )
    return sa.select(table, first_of_rows.scalar_subquery().label("first_of_rows"))


def _head(row: sa.Row[Any]) -> StoredHead:
    return StoredHead(
        id=row.id,
        run_id=row.run_id,
        head=TreeHead(
            size=row.size,
            root=row.root,
            sealed_at=row.sealed_at,
            holds_rows=row.first_of_rows is not None and row.size >= row.first_of_rows,
        ),
        peaks=tuple(row.peaks),
    )
