"""Do the rows still give the chain that was written down, and do its roots stand elsewhere too?"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import merge
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import chain, tables
from storage.captures import to_capture
from storage.language import t
from storage.leaves import leaf_content
from storage.merkle import EMPTY_ROOT, Peaks, leaf_hash
from storage.problems import EvidenceProblem, ProblemKind
from storage.records import VIETNAM
from storage.verify_rows import SealedRows, Unsealed, rows_leaves

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from storage.chain import StoredHead
    from storage.engine import Connection

_AT_ONCE = 4096
"""Rows fetched together: memory stays constant, however long the chain is."""


@dataclass
class Chain:
    """The chain as its rows give it: filled while it is verified."""

    roots: dict[int, str] = field(default_factory=lambda: {0: EMPTY_ROOT.hex()})
    """By size of the tree at each head: the root that the leaves give."""
    captures: int = 0
    """How many leaves are of captures."""
    rows: int = 0
    """How many rows the other leaves hold."""
    rows_since: dt.datetime | None = None
    """When rows first came in: older ones are held since then only."""
    unsealed: list[Unsealed] = field(default_factory=list)
    """Rows that came since the last seal."""

    def had(self, root: str) -> bool:
        """Tell whether the chain had this root at one of its heads."""
        return root in self.roots.values()


def verify_chain(c: Connection, found: Chain) -> Iterator[EvidenceProblem]:
    """Make every leaf from its rows and every root from the leaves again, and compare.

    Each head is judged by itself, from the one before it: what is named is where it happened.

    Args:
        c: sees the state of one instant.
        found: is filled with the roots, and with what is told of rows.
    """
    walk, rows = _Walk(c, found), SealedRows(c)
    heads, unreadable = chain.legible_heads(c)
    stored, actual = Peaks(), Peaks()
    for head in heads:
        hashes: list[bytes] = []
        yield from walk.up_to(head, rows, hashes)
        actual, expected = actual.plus(hashes), stored.plus(hashes)
        noted = _stored_peaks(head)
        if (expected.root.hex(), expected) != (head.head.root, noted):
            yield _root_changed(head, expected)
        stored = noted or expected
        found.roots[head.head.size] = actual.root.hex()
    yield from walk.beyond()
    yield from map(_head_unreadable, unreadable)
    yield from _verify_membership(c)
    for one in rows.rest():
        if isinstance(one, Unsealed):
            found.unsealed.append(one)
        else:
            yield one
    found.rows = rows.rows
    found.rows_since = next((one.head.sealed_at for one in heads if one.run_id is None), None)


class _Walk:
    """Passes all leaves once, in the order of their numbers; a capture's comes with its row."""

    def __init__(self, c: Connection, found: Chain) -> None:
        both = _capture_leaves(c), rows_leaves(c)
        self._leaves: Iterator[sa.Row[Any]] = merge(*both, key=lambda leaf: leaf.number)
        self._next = next(self._leaves, None)
        self._number = 0
        self._found = found

    def up_to(
        self, head: StoredHead, rows: SealedRows, hashes: list[bytes]
    ) -> Iterator[EvidenceProblem]:
        """Verify the leaves before a head; their hashes are added to ``hashes``."""
        last_capture = 0
        for leaf in self._before(head.head.size):
            if leaf.number < self._number:
                yield _leaf_inserted(leaf)
                continue
            if leaf.number > self._number:
                yield _leaf_missing(self._number, leaf.number, head)
            self._number = leaf.number + 1
            hashes.append(_bytes_of(leaf.sha256))
            if _is_of_rows(leaf):
                yield from rows.verify(leaf)
                continue
            yield from _verify_leaf(leaf, head, after=last_capture)
            last_capture = max(last_capture, leaf.leaf_capture_id)
            self._found.captures += 1
        if self._number < head.head.size:
            yield _leaf_missing(self._number, head.head.size, head)
            self._number = head.head.size

    def beyond(self) -> Iterator[EvidenceProblem]:
        """Name the leaves behind the last head."""
        yield from map(_leaf_inserted, self._before(None))

    def _before(self, end: int | None) -> Iterator[sa.Row[Any]]:
        while self._next is not None and (end is None or self._next.number < end):
            yield self._next
            self._next = next(self._leaves, None)


def _capture_leaves(c: Connection) -> Iterator[sa.Row[Any]]:
    """Give the leaves of captures in the order of their numbers, each with its capture's row."""
    last: int | None = None
    while page := _page(c, last, _AT_ONCE):
        yield from page
        last = page[-1].number


def _page(c: Connection, after: int | None, at_once: int) -> Sequence[sa.Row[Any]]:
    """Give the next leaves; one whose capture's row is unreadable has only its own columns."""
    leaf, capture, run = tables.tree_leaf, tables.capture, tables.crawl_run
    own = (
        leaf.c.number,
        leaf.c.capture_id.label("leaf_capture_id"),
        leaf.c.sha256,
        leaf.c.warc_bytes,
        leaf.c.warc_sha256,
    )
    joined = (
        sa.select(*own, run.c.site, *capture.c)
        .outerjoin(capture, capture.c.id == leaf.c.capture_id)
        .outerjoin(run, run.c.id == capture.c.run_id)
    )

    def read(query: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        query = query.order_by(leaf.c.number).limit(at_once)
        return c.execute(query if after is None else query.where(leaf.c.number > after)).all()

    try:
        return read(joined)
    except chain.UNREADABLE:
        return _page(c, after, at_once // 2) if at_once > 1 else read(sa.select(*own))


def _is_of_rows(leaf: sa.Row[Any]) -> bool:
    return "digests" in leaf._fields


def _verify_leaf(row: sa.Row[Any], head: StoredHead, *, after: int) -> Iterator[EvidenceProblem]:
    run_id, place = head.run_id, _place(head)
    if "id" not in row._fields:
        yield _row_changed(row.leaf_capture_id, None, row.number, head)
        return
    if row.id is None:
        yield EvidenceProblem(
            kind=ProblemKind.ROW_MISSING,
            message=t(
                f"lần truy cập {row.leaf_capture_id} (mắt xích {row.number}, {place}) "
                "đã bị xóa khỏi cơ sở dữ liệu.",
                f"capture {row.leaf_capture_id} (leaf {row.number}, {place}) was deleted from "
                "the database.",
            ),
            capture_id=row.leaf_capture_id,
            run_id=run_id,
        )
        return
    piece = (row.warc_bytes, row.warc_sha256) if row.warc_sha256 is not None else None
    content = leaf_content(to_capture(row), site=row.site or "", piece=piece)
    if leaf_hash(content).hex() != row.sha256:
        yield _row_changed(row.id, row, row.number, head)
    if row.run_id != run_id or row.id <= after:
        yield EvidenceProblem(
            kind=ProblemKind.REORDERED,
            message=t(
                f"mắt xích {row.number} (lần truy cập {row.id}) không đứng ở chỗ lúc niêm phong "
                f"({place}).",
                f"leaf {row.number} (capture {row.id}) does not stand where it was sealed "
                f"({place}).",
            ),
            capture_id=row.id,
            run_id=run_id,
        )


def _row_changed(
    capture_id: int, row: sa.Row[Any] | None, leaf: int, head: StoredHead
) -> EvidenceProblem:
    url = t("không đọc được", "unreadable") if row is None else row.url
    return EvidenceProblem(
        kind=ProblemKind.ROW_CHANGED,
        message=t(
            f"dòng của lần truy cập {capture_id} ({url}) khác lúc niêm phong (mắt xích {leaf}, "
            f"{_place(head)}).",
            f"the row of capture {capture_id} ({url}) is not as it was sealed (leaf {leaf}, "
            f"{_place(head)}).",
        ),
        capture_id=capture_id,
        record_id=None if row is None else row.warc_record_id,
        run_id=head.run_id,
    )


def _head_unreadable(head_id: int) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.ROW_CHANGED,
        message=t(
            f"mốc số {head_id} của chuỗi (tree_head) không đọc được nữa.",
            f"head {head_id} of the chain (tree_head) cannot be read any more.",
        ),
        table="tree_head",
        first_id=head_id,
        last_id=head_id,
    )


def _bytes_of(sha256: str) -> bytes:
    try:
        return bytes.fromhex(sha256)
    except ValueError:  # it was tampered with: the root will not fit
        return b""


def _stored_peaks(head: StoredHead) -> Peaks | None:
    try:
        return Peaks(head.head.size, tuple(bytes.fromhex(one) for one in head.peaks))
    except ValueError:
        return None


def _place(head: StoredHead) -> str:
    """Say where a head stands."""
    if head.run_id is not None:
        return t(f"lần thu thập {head.run_id}", f"run {head.run_id}")
    at = head.head.sealed_at.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
    return t(f"lần niêm phong dòng dữ liệu lúc {at}", f"rows sealed at {at}")


def _leaf_missing(first: int, end: int, head: StoredHead) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.LEAF_MISSING,
        message=t(
            f"chuỗi thiếu {end - first} mắt xích, từ số {first} ({_place(head)}).",
            f"the chain lacks {end - first} leaves, from number {first} on ({_place(head)}).",
        ),
        run_id=head.run_id,
    )


def _root_changed(head: StoredHead, found: Peaks) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.ROOT_CHANGED,
        message=t(
            f"mã gốc ở cuối {_place(head)} ({head.head.size} mắt xích) ghi là "
            f"{head.head.root}, nhưng các mắt xích cho ra {found.root.hex()}.",
            f"the root at the end of {_place(head)} ({head.head.size} leaves) was noted as "
            f"{head.head.root}, but the leaves give {found.root.hex()}.",
        ),
        run_id=head.run_id,
    )


def _leaf_inserted(leaf: sa.Row[Any]) -> EvidenceProblem:
    if not _is_of_rows(leaf):
        return _inserted(t("mắt xích", "a leaf"), leaf.leaf_capture_id, None)
    return EvidenceProblem(
        kind=ProblemKind.ROW_INSERTED,
        message=t(
            f"mắt xích {leaf.number} ({leaf.table_name}, dòng {leaf.first_row}–{leaf.last_row}) "
            "được thêm vào sau khi niêm phong.",
            f"leaf {leaf.number} ({leaf.table_name}, rows {leaf.first_row}–{leaf.last_row}) was "
            "put in after the sealing.",
        ),
        table=leaf.table_name,
        first_id=leaf.first_row,
        last_id=leaf.last_row,
    )


def _inserted(what: str, capture_id: int, run_id: int | None) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.ROW_INSERTED,
        message=t(
            f"{what} của lần truy cập {capture_id} được thêm vào sau khi niêm phong.",
            f"{what} of capture {capture_id} was put in after the sealing.",
        ),
        capture_id=capture_id,
        run_id=run_id,
    )


def _verify_membership(c: Connection) -> Iterator[EvidenceProblem]:
    """Name captures of sealed runs that have no leaf, and ended runs that are not sealed."""
    leaf, capture, run, head = (
        tables.tree_leaf,
        tables.capture,
        tables.crawl_run,
        tables.tree_head,
    )
    without = (
        sa.select(capture.c.id, capture.c.run_id)
        .join(head, head.c.run_id == capture.c.run_id)
        .outerjoin(leaf, leaf.c.capture_id == capture.c.id)
        .where(leaf.c.number.is_(None))
        .order_by(capture.c.id)
    )
    for row in c.execute(without):
        yield _inserted(t("dòng", "the row"), row.id, row.run_id)
    unsealed = (
        sa.select(run.c.id, run.c.site)
        .where(run.c.finished_at.is_not(None), ~sa.exists().where(head.c.run_id == run.c.id))
        .order_by(run.c.id)
    )
    for row in c.execute(unsealed):
        yield EvidenceProblem(
            kind=ProblemKind.NOT_SEALED,
            message=t(
                f"lần thu thập {row.id} của trang {row.site} đã kết thúc nhưng chưa vào chuỗi. "
                "Chạy: tinbai db upgrade",
                f"run {row.id} of site {row.site} has ended and is not in the chain. Run: "
                "tinbai db upgrade",
            ),
            run_id=row.id,
        )
