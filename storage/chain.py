"""The evidence chain in rows: a leaf for every capture, a head at the end of every run.

Captures come into the tree when their run has ended, in the order of their ids, run after run.
Nothing is done for it while a run is under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.captures import captures_of_run
from storage.engine import add_rows
from storage.leaves import leaf_content, pieces, starts
from storage.merkle import Peaks, leaf_hash
from storage.records import TreeHead

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable
    from pathlib import Path

    from storage.engine import Connection
    from storage.leaves import Piece
    from storage.records import Capture


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredHead:
    """A head with what is needed to go on from it."""

    id: int
    run_id: int
    head: TreeHead
    peaks: tuple[str, ...]
    """Hex; the largest sub-tree first."""


def seal(c: Connection, folder: Path, *, at: dt.datetime) -> int:
    """Put the captures of every run that has ended, and is not in the chain, into it.

    Reads the runs' WARC files once. What cannot be read gets a leaf without the digest of its
    bytes: that is for ``verify`` to name, and keeps no run from ending.

    Args:
        c: writes; on PostgreSQL other programs' sealing waits until the transaction ends.
        folder: the evidence folder.
        at: the present instant.

    Returns:
        How many captures came in.
    """
    if c.dialect.name == "postgresql":  # SQLite has one writer at a time as it is
        c.execute(sa.text("LOCK TABLE tree_head IN EXCLUSIVE MODE"))
    run, head = tables.crawl_run, tables.tree_head
    waiting = c.execute(
        sa.select(run.c.id, run.c.site)
        .where(run.c.finished_at.is_not(None), run.c.id.not_in(sa.select(head.c.run_id)))
        .order_by(run.c.id)
    ).all()
    newest = _newest(c) if waiting else None
    peaks = Peaks(newest.head.size, tuple(map(bytes.fromhex, newest.peaks))) if newest else Peaks()
    before = peaks.size
    for run_id, site in waiting:
        peaks = _add_leaves(c, folder, captures_of_run(c, run_id), site=site, peaks=peaks)
        row = {
            "run_id": run_id,
            "size": peaks.size,
            "root": peaks.root.hex(),
            "peaks": [one.hex() for one in peaks.hashes],
            "sealed_at": at,
        }
        add_rows(c, head, [row])
    return peaks.size - before


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
    """Give the state of the chain at an instant (inclusive); None: no run was in it."""
    table = tables.tree_head
    row = c.execute(
        sa.select(table)
        .where(table.c.sealed_at <= as_of)
        .order_by(table.c.size.desc(), table.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _head(row).head


def heads(c: Connection) -> list[StoredHead]:
    """Give all heads, in the order in which the tree grew."""
    table = tables.tree_head
    return [_head(row) for row in c.execute(sa.select(table).order_by(table.c.size, table.c.id))]


def leaf_hashes(c: Connection, size: int) -> list[bytes]:
    """Give the hashes of the first ``size`` leaves, in order."""
    table = tables.tree_leaf
    found = c.scalars(
        sa.select(table.c.sha256).where(table.c.number < size).order_by(table.c.number)
    )
    return [bytes.fromhex(one) for one in found]


def _newest(c: Connection) -> StoredHead | None:
    table = tables.tree_head
    row = c.execute(
        sa.select(table).order_by(table.c.size.desc(), table.c.id.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _head(row)


def _head(row: sa.Row[Any]) -> StoredHead:
    return StoredHead(
        id=row.id,
        run_id=row.run_id,
        head=TreeHead(size=row.size, root=row.root, sealed_at=row.sealed_at),
        peaks=tuple(row.peaks),
    )
