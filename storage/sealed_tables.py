"""Which tables are in the evidence chain row by row, and which are not, and why.

Every table stands in exactly one of the two lists. A new column of a sealed table has to be empty
in the rows that are there already: their digests stay what they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import NullType

from storage import tables
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.engine import Connection


class WrittenBy(Enum):
    """Who writes a table: that says when its rows are sealed."""

    A_JOB = auto()
    """In many transactions (crawl, tag, sketches): its rows come in at its end, or with the next
    seal; until then ``verify`` counts them."""
    AN_ACT = auto()
    """In one transaction, which seals them: a row outside of the chain was put in by another."""


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are sealed in the order of their ids."""

    table: sa.Table
    vi: str
    """One of its rows, in Vietnamese."""
    en: str
    written_by: WrittenBy = WrittenBy.AN_ACT
    is_of_reports: bool = False
    """Its rows are made from facts and are none themselves."""
    at_once: int = 500
    """How many rows are read together: some megabytes, however long the table is."""

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return self.table.name

    @property
    def row(self) -> str:
        """What one of its rows is, in the language in use."""
        return t(self.vi, self.en)

    @cached_property
    def columns(self) -> Sequence[sa.ColumnElement[Any]]:
        """What is sealed of a row beside its id, by name, as it lies in the database."""
        own = {column.name: column for column in self.table.c if column.name != "id"}
        if self.table is tables.topic:  # whose release has no number of its own
            release = tables.taxonomy
            own |= {f"taxonomy.{column.name}": column for column in release.c}
        return [sa.type_coerce(own[name], NullType()).label(name) for name in sorted(own)]

    @cached_property
    def names(self) -> Sequence[str]:
        """The names of ``columns``."""
        return [column.name for column in self.columns]

    def rows(
        self, c: Connection, *, after: int | None, until: int | None
    ) -> Iterator[tuple[int, Sequence[Any]]]:
        """Give id and columns of the rows between two ids, in order.

        Args:
            c: sees the state of one instant.
            after: exclusive; None: from the first row on.
            until: inclusive; None: to the last one.
        """
        key = self.table.c.id
        query = self._query.order_by(key).limit(self.at_once)
        if until is not None:
            query = query.where(key <= until)
        while True:
            found = c.execute(query if after is None else query.where(key > after)).all()
            for row in found:
                yield row[0], row[1:]
            if len(found) < self.at_once:
                return
            after = found[-1][0]

    def rows_with(self, c: Connection, ids: Sequence[int]) -> Iterator[tuple[int, Sequence[Any]]]:
        """Give id and columns of the rows with these ids, in order; of those that are there."""
        key = self.table.c.id
        for start in range(0, len(ids), self.at_once):
            some = ids[start : start + self.at_once]
            for row in c.execute(self._query.where(key.in_(some)).order_by(key)):
                yield row[0], row[1:]

    @cached_property
    def _query(self) -> sa.Select[Any]:
        query = sa.select(self.table.c.id, *self.columns)
        if self.table is tables.topic:
            release = tables.taxonomy
            query = query.outerjoin(release, release.c.release == tables.topic.c.taxonomy)
        return query


_JOB = WrittenBy.A_JOB

RUNS = SealedTable(tables.crawl_run, "lần thu thập", "run", _JOB)
"""Sealed when it has ended: until then a run's row is not yet what it will be."""

HEADS = SealedTable(tables.tree_head, "mốc của chuỗi", "head of the chain", _JOB)
"""Each comes in with the rows after it, so that none can be taken out or dated otherwise."""

SEALED = (
    SealedTable(tables.registry_edition, "lần nhập danh sách đơn vị", "edition of the unit list"),
    SealedTable(tables.unit_name, "tên đơn vị", "unit's name"),
    SealedTable(tables.succession, "việc sáp nhập", "succession"),
    SealedTable(tables.site_owner, "chủ của trang", "site's owner"),
    SealedTable(tables.article, "bài", "article", _JOB),
    SealedTable(tables.coverage, "mức độ xem trọn", "coverage", _JOB),
    SealedTable(tables.list_page, "trang danh sách", "list page", _JOB),
    SealedTable(tables.article_version, "bản của bài", "article version", _JOB, at_once=100),
    SealedTable(tables.attachment, "tài liệu kèm", "attachment", _JOB),
    SealedTable(tables.sighting, "lần thấy trong danh sách", "sighting", _JOB),
    SealedTable(tables.dated_look, "lần xem thấy ngày khác", "dated look", _JOB),
    SealedTable(tables.topic, "chủ đề", "topic", _JOB),
    SealedTable(tables.headline_tag, "nhãn", "headline tag", _JOB),
    SealedTable(tables.headline_tag_topic, "chủ đề của nhãn", "topic of a headline tag", _JOB),
    SealedTable(tables.tagged_version, "lần gắn chủ đề", "tagged version", _JOB),
    SealedTable(tables.tagging, "chủ đề đã gắn", "tagging", _JOB),
    SealedTable(tables.review, "quyết định về chủ đề", "review"),
    SealedTable(tables.unit_plan, "kế hoạch", "plan"),
    SealedTable(tables.quota, "chỉ tiêu", "quota"),
    SealedTable(tables.plan_line, "dòng kế hoạch", "line of a plan"),
    SealedTable(tables.output, "kết quả ngoài trang web", "output outside the web"),
    SealedTable(tables.self_report, "báo cáo tự đánh giá", "self-report"),
    SealedTable(tables.claim, "dòng kê khai", "claim"),
    SealedTable(tables.finding_step, "ý kiến về phát hiện", "word on a finding"),
    SealedTable(tables.removed_file, "quyết định xóa tệp", "decision to remove a file"),
    SealedTable(tables.text_sketch, "phác của văn bản", "text sketch", _JOB, is_of_reports=True),
    SealedTable(tables.report, "báo cáo", "report", is_of_reports=True, at_once=5),
    SealedTable(tables.report_line, "dòng báo cáo", "line of a report", is_of_reports=True),
    SealedTable(
        tables.report_line_article, "bài của dòng báo cáo", "article of a line", is_of_reports=True
    ),
    SealedTable(tables.finding, "phát hiện", "finding", is_of_reports=True),
    SealedTable(tables.checked_claim, "kết luận về dòng kê khai", "verdict", is_of_reports=True),
    SealedTable(tables.official_report, "việc chốt báo cáo", "frozen report", is_of_reports=True),
)
"""In the order in which their leaves come: what is referred to first."""

BY_NAME = {one.name: one for one in (RUNS, *SEALED, HEADS)}

NOT_SEALED = {
    "capture": "has a leaf of its own, with the digest of its bytes",
    "taxonomy": "its facts stand in the lines of its topics",
    "unit": "a code, and no more; it stands in every sealed row about the unit",
    "site": "a code, and no more; it stands in every sealed row about the site",
    "tree_leaf": "is the chain",
    "sealed_rows": "is the chain",
    "time_stamp": "an authority has signed it; sealed, it would need a stamp itself",
}
"""Tables outside, each with the reason."""
