"""Do the rows still give the chain that was written down, and do its roots stand elsewhere too?"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import chain, tables
from storage.captures import to_capture
from storage.language import t
from storage.leaves import leaf_content
from storage.merkle import EMPTY_ROOT, Peaks, leaf_hash
from storage.problems import EvidenceProblem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.chain import StoredHead
    from storage.engine import Connection

_AT_ONCE = 5000
"""Rows fetched together: memory stays constant, however long the chain is."""


@dataclass
class Chain:
    """The chain as its rows give it: filled while it is verified."""

    roots: dict[int, str] = field(default_factory=lambda: {0: EMPTY_ROOT.hex()})
    """By size of the tree at each head: the root that the leaves give."""

    def had(self, root: str) -> bool:
        """Tell whether the chain had this root at the end of some run."""
        return root in self.roots.values()


def verify_chain(c: Connection, found: Chain) -> Iterator[EvidenceProblem]:
    """Make every leaf from its row and every root from the leaves again, and compare.

    Each head is judged by itself, from the one before it: what is named is where it happened.

    Args:
        c: sees the state of one instant.
        found: is filled with the roots.
    """
    leaves, number = _Leaves(c), 0
    stored, actual = Peaks(), Peaks()
    for head in chain.heads(c):
        hashes: list[bytes] = []
        last_capture = 0
        for row in leaves.before(head.head.size):
            if row.number != number:
                yield _leaf_missing(number, row.number, head.run_id)
            number = row.number + 1
            yield from _verify_leaf(row, head.run_id, after=last_capture)
            last_capture = max(last_capture, row.leaf_capture_id)
            hashes.append(bytes.fromhex(row.leaf_sha256))
        if number < head.head.size:
            yield _leaf_missing(number, head.head.size, head.run_id)
            number = head.head.size
        actual, expected = actual.plus(hashes), stored.plus(hashes)
        noted = _stored_peaks(head)
        if (expected.root.hex(), expected) != (head.head.root, noted):
            yield _root_changed(head, expected)
        stored = noted or expected
        found.roots[head.head.size] = actual.root.hex()
    for row in leaves.before(None):
        yield _inserted(t("mắt xích", "a leaf"), row.leaf_capture_id, None)
    yield from _verify_membership(c)


class _Leaves:
    """All leaves in the order of their numbers, each with its capture's row if there is one."""

    def __init__(self, c: Connection) -> None:
        self._rows = _read_leaves(c)
        self._next = next(self._rows, None)

    def before(self, end: int | None) -> Iterator[sa.Row[Any]]:
        """Give those that were not given yet, up to a number (exclusive; None: all)."""
        while self._next is not None and (end is None or self._next.number < end):
            yield self._next
            self._next = next(self._rows, None)


def _read_leaves(c: Connection) -> Iterator[sa.Row[Any]]:
    leaf, capture, run = tables.tree_leaf, tables.capture, tables.crawl_run
    query = (
        sa.select(
            leaf.c.number,
            leaf.c.capture_id.label("leaf_capture_id"),
            leaf.c.sha256.label("leaf_sha256"),
            leaf.c.warc_bytes,
            leaf.c.warc_sha256,
            run.c.site,
            *capture.c,
        )
        .outerjoin(capture, capture.c.id == leaf.c.capture_id)
        .outerjoin(run, run.c.id == capture.c.run_id)
        .order_by(leaf.c.number)
    )
    return iter(c.execute(query.execution_options(yield_per=_AT_ONCE)))


def _verify_leaf(row: sa.Row[Any], run_id: int, *, after: int) -> Iterator[EvidenceProblem]:
    if row.id is None:
        yield EvidenceProblem(
            kind=ProblemKind.ROW_MISSING,
            message=t(
                f"lần truy cập {row.leaf_capture_id} (mắt xích {row.number}, lần thu thập "
                f"{run_id}) đã bị xóa khỏi cơ sở dữ liệu.",
                f"capture {row.leaf_capture_id} (leaf {row.number}, run {run_id}) was deleted "
                "from the database.",
            ),
            capture_id=row.leaf_capture_id,
            run_id=run_id,
        )
        return
    piece = (row.warc_bytes, row.warc_sha256) if row.warc_sha256 is not None else None
    content = leaf_content(to_capture(row), site=row.site or "", piece=piece)
    if leaf_hash(content).hex() != row.leaf_sha256:
        yield EvidenceProblem(
            kind=ProblemKind.ROW_CHANGED,
            message=t(
                f"dòng của lần truy cập {row.id} ({row.url}) khác lúc niêm phong (mắt xích "
                f"{row.number}, lần thu thập {run_id}).",
                f"the row of capture {row.id} ({row.url}) is not as it was sealed (leaf "
                f"{row.number}, run {run_id}).",
            ),
            capture_id=row.id,
            record_id=row.warc_record_id,
            run_id=run_id,
        )
    if row.run_id != run_id or row.id <= after:
        yield EvidenceProblem(
            kind=ProblemKind.REORDERED,
            message=t(
                f"mắt xích {row.number} (lần truy cập {row.id}) không đứng đúng thứ tự lúc niêm "
                f"phong của lần thu thập {run_id}.",
                f"leaf {row.number} (capture {row.id}) does not stand where it stood when run "
                f"{run_id} was sealed.",
            ),
            capture_id=row.id,
            run_id=run_id,
        )


def _stored_peaks(head: StoredHead) -> Peaks | None:
    try:
        return Peaks(head.head.size, tuple(bytes.fromhex(one) for one in head.peaks))
    except ValueError:
        return None


def _leaf_missing(first: int, end: int, run_id: int) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.LEAF_MISSING,
        message=t(
            f"chuỗi thiếu {end - first} mắt xích, từ số {first} (lần thu thập {run_id}).",
            f"the chain lacks {end - first} leaves, from number {first} on (run {run_id}).",
        ),
        run_id=run_id,
    )


def _root_changed(head: StoredHead, found: Peaks) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.ROOT_CHANGED,
        message=t(
            f"mã gốc ở cuối lần thu thập {head.run_id} ({head.head.size} mắt xích) ghi là "
            f"{head.head.root}, nhưng các mắt xích cho ra {found.root.hex()}.",
            f"the root at the end of run {head.run_id} ({head.head.size} leaves) was noted as "
            f"{head.head.root}, but the leaves give {found.root.hex()}.",
        ),
        run_id=head.run_id,
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
        .where(run.c.finished_at.is_not(None), run.c.id.not_in(sa.select(head.c.run_id)))
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


# ------------------------------------------------------------------- roots that stand elsewhere


def verify_reports(c: Connection, found: Chain) -> Iterator[EvidenceProblem]:
    """Compare the roots in frozen reports with those that the leaves give.

    Args:
        c: sees the state of one instant.
        found: the chain, verified before.
    """
    table = tables.report
    query = sa.select(table.c.id, table.c.content, table.c.content_sha256).order_by(table.c.id)
    for row in c.execute(query.execution_options(yield_per=10)):
        if hashlib.sha256(row.content.encode()).hexdigest() != row.content_sha256:
            yield EvidenceProblem(
                kind=ProblemKind.REPORT_CHANGED,
                message=t(
                    f"nội dung báo cáo số {row.id} không khớp mã kiểm tra của nó.",
                    f"the content of report {row.id} does not match its digest.",
                ),
            )
            continue
        noted = json.loads(row.content).get("evidence")
        if noted and found.roots.get(noted["size"]) != noted["root"]:
            yield EvidenceProblem(
                kind=ProblemKind.REPORT_ROOT,
                message=t(
                    f"báo cáo số {row.id} được lập từ chuỗi {noted['size']} mắt xích có mã gốc "
                    f"{noted['root']}; chuỗi hiện nay không có mã gốc đó.",
                    f"report {row.id} was made from a chain of {noted['size']} leaves with root "
                    f"{noted['root']}; the chain of today never had it.",
                ),
            )


def verify_root(root: str, found: Chain) -> Iterator[EvidenceProblem]:
    """Compare a root that the caller holds with those that the leaves give."""
    if not found.had(root.strip().lower()):
        yield EvidenceProblem(
            kind=ProblemKind.GIVEN_ROOT,
            message=t(
                f"chuỗi chưa lần nào có mã gốc {root}: bằng chứng đã bị thay đổi, hoặc mã gốc "
                "không phải của không gian làm việc này.",
                f"the chain never had the root {root}: the evidence was changed, or the root is "
                "of another workspace.",
            ),
        )
