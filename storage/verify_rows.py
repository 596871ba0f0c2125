"""Are the rows what they were when they were sealed, all of them, and no others?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.language import t
from storage.merkle import leaf_hash
from storage.problems import EvidenceProblem, ProblemKind
from storage.row_chain import runs_since_last_rows
from storage.row_digests import row_sha256, rows_leaf_content, unpack
from storage.sealed_tables import BY_NAME, HEADS, RUNS, SEALED, WrittenBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.engine import Connection
    from storage.sealed_tables import SealedTable


@dataclass(frozen=True, kw_only=True, slots=True)
class Unsealed:
    """Rows of a table that came since the last seal: nothing holds them yet."""

    table: str
    rows: int
    first_id: int
    last_id: int
    """Inclusive."""


@dataclass
class SealedRows:
    """What the leaves of rows, passed in the order of the tree, were found to hold."""

    c: Connection
    """Sees the state of one instant."""
    rows: int = 0
    """How many the leaves hold, without heads of the chain."""
    _last: dict[str, int] = field(default_factory=dict)
    _runs_found: int = 0

    def verify(self, leaf: sa.Row[Any]) -> Iterator[EvidenceProblem]:
        """Compare the rows of a leaf with its list, and the list with the leaf's hash."""
        sealed = BY_NAME.get(leaf.table_name)
        digests = leaf.digests
        if isinstance(digests, str):  # somebody wrote text there
            digests = digests.encode("utf-8", "surrogateescape")
        content = rows_leaf_content(
            leaf.table_name, first_id=leaf.first_row, last_id=leaf.last_row, digests=digests
        )
        if sealed is None or leaf_hash(content).hex() != leaf.sha256:
            yield _leaf_changed(leaf)
        noted = dict(unpack(digests))
        if sealed is None or not noted:
            return
        if sealed is not HEADS:
            self.rows += len(noted)
        last = max(noted)
        rows = (
            sealed.rows_with(self.c, sorted(noted))
            if sealed is RUNS
            else sealed.rows(self.c, after=self._last.get(sealed.name), until=last)
        )
        unlike: dict[int, bytes] = {}
        missing = set(noted)
        for row_id, values in rows:
            digest = row_sha256(sealed.names, values)
            missing.discard(row_id)
            if noted.get(row_id) != digest:
                unlike[row_id] = digest
        if sealed is RUNS:
            self._runs_found += len(noted) - len(missing)
        self._last[sealed.name] = last
        yield from _named(sealed, leaf.number, noted, unlike, missing)

    def rest(self) -> Iterator[EvidenceProblem | Unsealed]:
        """Give what no leaf holds: rows that wait for a seal, or that were put in."""
        yield from self._runs()
        for sealed in SEALED:
            key = sealed.table.c.id
            query = sa.select(sa.func.count(), sa.func.min(key), sa.func.max(key))
            if (last := self._last.get(sealed.name)) is not None:
                query = query.where(key > last)
            rows, first, newest = self.c.execute(query).one()
            if not rows:
                continue
            unsealed = Unsealed(table=sealed.name, rows=rows, first_id=first, last_id=newest)
            yield unsealed
            if sealed.written_by is WrittenBy.AN_ACT:
                yield _not_sealed(sealed, unsealed)

    def _runs(self) -> Iterator[EvidenceProblem | Unsealed]:
        """Name the runs whose end has a head and whose row no leaf holds.

        Their numbers are compared first: only when these differ are all of them read.
        """
        head, run = tables.tree_head, tables.crawl_run
        if waiting := runs_since_last_rows(self.c):
            yield Unsealed(
                table=RUNS.name, rows=len(waiting), first_id=waiting[0], last_id=waiting[-1]
            )
        ended = sa.select(run.c.id).join(head, head.c.run_id == run.c.id)
        number = self.c.scalar(sa.select(sa.func.count()).select_from(ended.subquery()))
        if number == self._runs_found + len(waiting):
            return
        leaf = tables.sealed_rows
        held = {
            row_id
            for packed in self.c.scalars(
                sa.select(leaf.c.digests).where(leaf.c.table_name == RUNS.name)
            )
            for row_id, _ in unpack(packed)
        }
        for row_id in self.c.scalars(ended.order_by(run.c.id)):
            if row_id not in held and row_id not in waiting:
                yield _row_problem(RUNS, ProblemKind.ROW_INSERTED, row_id, row_id, leaf=None)


def rows_leaves(c: Connection) -> Iterator[sa.Row[Any]]:
    """Give all leaves of rows in the order of their numbers; a few at a time, they are long."""
    leaf, at_once = tables.sealed_rows, 8
    query = sa.select(leaf).order_by(leaf.c.number).limit(at_once)
    found = c.execute(query).all()
    while found:
        yield from found
        found = c.execute(query.where(leaf.c.number > found[-1].number)).all()


def _named(
    sealed: SealedTable,
    leaf: int,
    noted: dict[int, bytes],
    unlike: dict[int, bytes],
    missing: set[int],
) -> Iterator[EvidenceProblem]:
    """Tell rows that changed places from rows that were changed, lost or put in."""
    home = {noted[row_id]: row_id for row_id in (*missing, *unlike) if row_id in noted}
    moved = {row_id for row_id, digest in unlike.items() if digest in home}
    kinds = {
        ProblemKind.ROW_CHANGED: {one for one in unlike if one in noted and one not in moved},
        ProblemKind.ROW_INSERTED: {one for one in unlike if one not in noted and one not in moved},
        ProblemKind.REORDERED: moved,
        ProblemKind.ROW_MISSING: missing,
    }
    for kind, ids in kinds.items():
        for first, last in _ranges(ids):
            yield _row_problem(sealed, kind, first, last, leaf=leaf)


def _ranges(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give ids that follow one another as first and last, inclusive."""
    start = end = None
    for one in sorted(ids):
        if end is not None and one == end + 1:
            end = one
            continue
        if start is not None and end is not None:
            yield start, end
        start = end = one
    if start is not None and end is not None:
        yield start, end


def _row_problem(
    sealed: SealedTable, kind: ProblemKind, first: int, last: int, *, leaf: int | None
) -> EvidenceProblem:
    what = {
        ProblemKind.ROW_CHANGED: t("khác lúc niêm phong", "not as it was sealed"),
        ProblemKind.ROW_INSERTED: t("được thêm vào sau khi niêm phong", "put in after the sealing"),
        ProblemKind.REORDERED: t(
            "mang nội dung niêm phong ở dòng khác", "has what was sealed in another row"
        ),
        ProblemKind.ROW_MISSING: t("đã bị xóa", "deleted"),
    }[kind]
    where = sealed.name if leaf is None else f"{sealed.name}, {t('mắt xích', 'leaf')} {leaf}"
    return EvidenceProblem(
        kind=kind,
        message=f"{sealed.row} {_numbers(first, last)} ({where}): {what}.",
        table=sealed.name,
        first_id=first,
        last_id=last,
    )


def _numbers(first: int, last: int) -> str:
    return (
        t(f"số {first}", f"{first}")
        if first == last
        else t(
            f"số {first}–{last} ({last - first + 1} dòng)",
            f"{first}–{last} ({last - first + 1} rows)",
        )
    )


def _leaf_changed(leaf: sa.Row[Any]) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.LEAF_CHANGED,
        message=t(
            f"danh sách mã băm của mắt xích {leaf.number} ({leaf.table_name}, dòng "
            f"{leaf.first_row}–{leaf.last_row}) khác lúc niêm phong.",
            f"the list of digests of leaf {leaf.number} ({leaf.table_name}, rows "
            f"{leaf.first_row}–{leaf.last_row}) is not as it was sealed.",
        ),
        table=leaf.table_name,
        first_id=leaf.first_row,
        last_id=leaf.last_row,
    )


def _not_sealed(sealed: SealedTable, unsealed: Unsealed) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.NOT_SEALED,
        message=t(
            f"{unsealed.rows} dòng của bảng {sealed.name} (từ số {unsealed.first_id}) không có "
            "trong chuỗi: lệnh ghi chúng luôn niêm phong ngay, nên chúng được ghi bằng cách khác "
            "hoặc từ bản tinbai cũ. Xem các dòng ấy, rồi chạy: tinbai db upgrade",
            f"{unsealed.rows} rows of table {sealed.name} (from {unsealed.first_id} on) are not "
            "in the chain: the command that writes them seals them at once, so something else "
            "wrote them, or an older tinbai. Look at them, then run: tinbai db upgrade",
        ),
        table=sealed.name,
        first_id=unsealed.first_id,
        last_id=unsealed.last_id,
    )
