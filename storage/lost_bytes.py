"""What was removed by decision of the evidence behind a capture, and what stands for it still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.chain import heads, leaf_hashes
from storage.exhibits import exhibits
from storage.merkle import leaf_hash, root_of
from storage.removals import removals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.engine import Connection
    from storage.exhibits import Exhibit
    from storage.records import Capture, Removal


@dataclass(frozen=True, kw_only=True, slots=True)
class LostBytes:
    """A capture whose bytes are there no more."""

    removal: Removal
    """Who decided so, when and why."""
    leaf: int | None
    """The number of its leaf in the chain, from 0; None: it never was in the chain."""
    root: str | None
    """Hex, of the chain's newest head, which the leaf leads to."""
    is_sealed: bool
    """Its row is still what was sealed, and all leaves together still give this root."""


def lost_bytes(c: Connection, captures: Iterable[Capture]) -> dict[int, LostBytes]:
    """Give, by id, which of these captures have lost bytes; of the others nothing.

    The chain is read only where something was removed.
    """
    decided = {one.warc_file: one for one in removals(c)}
    if not decided:
        return {}
    behind = {
        one.id: removal
        for one in captures
        if one.id is not None and (removal := _removal_behind(c, one, decided)) is not None
    }
    if not behind:
        return {}
    sealed = {one.capture.id: one for one in exhibits(c, behind, removed=())}
    newest = max(heads(c), key=lambda one: one.head.size, default=None)
    hashes = [] if newest is None else leaf_hashes(c, newest.head.size)
    root = None if newest is None else newest.head.root
    stands = root is not None and root_of(hashes).hex() == root
    return {
        number: LostBytes(
            removal=removal,
            leaf=None if (leaf := sealed.get(number)) is None else leaf.number,
            root=root,
            is_sealed=stands and leaf is not None and _is_as_sealed(leaf, hashes),
        )
        for number, removal in behind.items()
    }


def _is_as_sealed(exhibit: Exhibit, hashes: list[bytes]) -> bool:
    number = exhibit.number
    return number < len(hashes) and hashes[number] == leaf_hash(exhibit.content)


def _removal_behind(c: Connection, one: Capture, decided: Mapping[str, Removal]) -> Removal | None:
    """Give the decision that took its own bytes, or those that it only refers to.

    A page that was as before is kept as a reference to the first capture of its address with these
    bytes, of those that were there at the time (``captures.last_bodies``).
    """
    if one.warc is None:
        return None
    if (own := decided.get(one.warc.file)) is not None:
        return own
    table = tables.capture
    earlier = c.execute(
        sa.select(table.c.warc_file, table.c.body_sha256)
        .where(
            table.c.url == one.url,
            table.c.id < one.id,
            table.c.warc_file.is_not(None),
            table.c.body_sha256.is_not(None),
        )
        .order_by(table.c.captured_at, table.c.id)
    ).all()
    kept = [
        row
        for row in earlier
        if (removal := decided.get(row.warc_file)) is None or removal.removed_at > one.captured_at
    ]
    if not kept or kept[-1].body_sha256 != one.body_sha256:
        return None
    first = next(row for row in kept if row.body_sha256 == one.body_sha256)
    return decided.get(first.warc_file)
