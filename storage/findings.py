"""Stored reports: their lines, the articles behind each line, and the findings."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows
from storage.errors import DatabaseError
from storage.language import t
from storage.records import DayInterval, StoredReport

if TYPE_CHECKING:
    import datetime as dt

    from storage.engine import Connection
    from storage.records import LineArticle, Report, ReportLine


def store_report(
    c: Connection, report: Report, *, content: str, made_at: dt.datetime, code_version: str
) -> int:
    """Store a report as it was given out, with its canonical JSON and digest; give its id."""
    row = {
        "period_code": report.period_code,
        "period_from": report.period.start,
        "period_to": report.period.end,
        "as_of": report.as_of,
        "taxonomy": report.taxonomy_release,
        "tagger": report.tagger,
        "rule": report.rule,
        "code_version": code_version,
        "made_at": made_at,
        "content_sha256": hashlib.sha256(content.encode()).hexdigest(),
        "content": content,
        "under": report.under,
    }
    (report_id,) = add_rows(c, tables.report, [row])
    line_ids = add_rows(
        c, tables.report_line, [_line_row(report_id, line) for line in report.lines]
    )
    articles = [
        _article_row(line_id, article)
        for line_id, line in zip(line_ids, report.lines, strict=True)
        for article in line.articles
    ]
    if articles:  # tens of thousands: nobody asks for their ids
        c.execute(sa.insert(tables.report_line_article), articles)
    _add_findings(c, report_id, report)
    _add_claims(c, report_id, report)
    return report_id


def _line_row(report_id: int, line: ReportLine) -> dict[str, object]:
    return {
        "report_id": report_id,
        "unit": line.unit,
        "tag": line.tag,
        "planned": line.planned,
        "counted": line.counted.posts,
        "coverage": line.counted.coverage,
        "reposts": line.reposts,
        "claimed": line.claimed,
        "status": line.status,
    }


def _article_row(line_id: int, article: LineArticle) -> dict[str, object]:
    return {
        "line_id": line_id,
        "article_id": article.article_id,
        "version_id": article.version_id,
        "bucket": article.bucket,
        "reposted": article.reposted,
        "duplicate_of": article.duplicate_of,
    }


def _add_findings(c: Connection, report_id: int, report: Report) -> None:
    add_rows(
        c,
        tables.finding,
        [
            {
                "report_id": report_id,
                "kind": finding.kind,
                "unit": finding.unit,
                "tag": finding.tag,
                "expected": finding.expected,
                "observed": finding.observed,
                "explanation": finding.explanation,
                "article_id": finding.article_id,
                "capture_id": finding.capture_id,
                "claim_cell": finding.claim_cell,
                "finding_key": finding.key or None,
            }
            for finding in report.findings
        ],
    )


_CLAIM_COLUMNS = (
    "unit", "tag", "cell", "number", "url", "title", "day", "verdict", "reason", "is_counted",
    "matched_by", "score", "article_id", "version_id", "capture_id",
)  # fmt: skip


def _add_claims(c: Connection, report_id: int, report: Report) -> None:
    add_rows(
        c,
        tables.checked_claim,
        [
            {"report_id": report_id, **{name: getattr(claim, name) for name in _CLAIM_COLUMNS}}
            for claim in report.claims
        ],
    )


def stored_reports(c: Connection) -> list[StoredReport]:
    """Give all stored reports, the newest first."""
    table = tables.report
    rows = c.execute(
        sa.select(*(column for column in table.c if column.name != "content")).order_by(
            table.c.made_at.desc(), table.c.id.desc()
        )
    )
    return [
        StoredReport(
            id=row.id,
            period_code=row.period_code,
            period=DayInterval(row.period_from, row.period_to),
            as_of=row.as_of,
            made_at=row.made_at,
            rule=row.rule,
            tagger=row.tagger,
            code_version=row.code_version,
            content_sha256=row.content_sha256,
            under=row.under,
        )
        for row in rows
    ]


def latest_report(c: Connection, period: DayInterval, *, under: str | None = None) -> int | None:
    """Give the id of the report that was made last for exactly this period and these units."""
    table = tables.report
    return c.scalar(
        sa.select(table.c.id)
        .where(
            table.c.period_from == period.start,
            table.c.period_to == period.end,
            table.c.under.is_not_distinct_from(under),
        )
        .order_by(table.c.made_at.desc(), table.c.id.desc())
        .limit(1)
    )


def report_content(c: Connection, report_id: int) -> str:
    """Give a report's canonical JSON, byte for byte as it was given out.

    Raises:
        DatabaseError: there is none with this id, or its text no longer matches its digest.
    """
    table = tables.report
    row = c.execute(
        sa.select(table.c.content, table.c.content_sha256).where(table.c.id == report_id)
    ).one_or_none()
    if row is None:
        raise DatabaseError(
            t(
                f"Không có báo cáo số {report_id}. Lập báo cáo bằng tinbai report.",
                f"There is no report {report_id}. Make one with tinbai report.",
            )
        )
    content: str = row.content
    if hashlib.sha256(content.encode()).hexdigest() != row.content_sha256:
        raise DatabaseError(
            t(
                f"Báo cáo số {report_id} đã bị sửa trong cơ sở dữ liệu: không khớp mã kiểm tra. "
                "Khôi phục từ bản sao lưu.",
                f"Report {report_id} was changed inside the database: its digest does not match. "
                "Restore it from a backup.",
            )
        )
    return content
