"""Do the roots that stand elsewhere, in reports and on paper, still come out of the leaves?"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.language import t
from storage.problems import EvidenceProblem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.engine import Connection
    from storage.verify_chain import Chain


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
