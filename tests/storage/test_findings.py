from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from storage import tables
from storage.articles import ensure_articles
from storage.errors import DatabaseError
from storage.findings import latest_report, report_content, store_report, stored_reports
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    Finding,
    FindingKind,
    LineArticle,
    LineStatus,
    Report,
    ReportLine,
)

if TYPE_CHECKING:
    from storage.engine import Database

START = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
QUARTER = DayInterval(dt.date(2022, 7, 1), dt.date(2022, 10, 1))
URLS = ["http://xa-a.test/1", "http://xa-a.test/2"]
CONTENT = '{"kết quả": "đạt"}\n'


@pytest.fixture
def report(db: Database, capture_id: int) -> Report:
    with db.write() as c:
        one, two = ensure_articles(c, "xa-a", URLS, first_seen_at=START).values()
    return Report(
        office="Phòng Nội vụ",
        period_code="2022-Q3",
        period_name="Quý III năm 2022",
        period=QUARTER,
        as_of=START,
        taxonomy_release="2022.1",
        tagger=None,
        rule="default#1",
        tags=("CCHC", "TTHC"),
        lines=(
            ReportLine(
                unit="xa-a",
                unit_name="Xã A",
                tag="CCHC",
                planned=None,
                counted=Counted(1, CoverageState.PARTIAL),
                reposts=1,
                claimed=3,
                status=LineStatus.NO_QUOTA,
                coverage_note="Xem được một phần.",
                articles=(
                    LineArticle(
                        article_id=one,
                        version_id=None,
                        title="1",
                        url=URLS[0],
                        day=dt.date(2022, 9, 5),
                        bucket=None,
                        reposted=True,
                    ),
                    LineArticle(
                        article_id=two,
                        version_id=None,
                        title="2",
                        url=URLS[1],
                        day=None,
                        bucket=Exclusion.DUPLICATE,
                        duplicate_of=one,
                    ),
                ),
            ),
        ),
        findings=(
            Finding(
                kind=FindingKind.NOT_VERIFIABLE,
                unit="xa-a",
                tag="CCHC",
                expected="3",
                observed="1",
                explanation="Chưa xem hết.",
                article_id=one,
                capture_id=capture_id,
                claim_cell="B2",
            ),
        ),
    )


def test_a_frozen_report_is_given_back_byte_for_byte(db: Database, report: Report) -> None:
    with db.write() as c:
        key = store_report(c, report, content=CONTENT, made_at=START, code_version="0.1.0")
        assert report_content(c, key) == CONTENT
        stored = c.scalar(sa.select(tables.report.c.content_sha256))
    assert stored == hashlib.sha256(CONTENT.encode()).hexdigest()


def test_every_number_of_a_frozen_report_opens(db: Database, report: Report) -> None:
    line, behind = tables.report_line, tables.report_line_article
    with db.write() as c:
        store_report(c, report, content=CONTENT, made_at=START, code_version="0.1.0")
        (row,) = c.execute(sa.select(line)).all()
        opened = c.execute(sa.select(behind).order_by(behind.c.id)).all()
        (found,) = c.execute(sa.select(tables.finding)).all()
    assert (row.planned, row.counted, row.coverage) == (None, 1, CoverageState.PARTIAL)
    assert (row.claimed, row.reposts, row.status) == (3, 1, LineStatus.NO_QUOTA)
    assert [(a.bucket, a.reposted) for a in opened] == [
        (None, True),
        (Exclusion.DUPLICATE, False),
    ]
    assert opened[1].duplicate_of == opened[0].article_id
    assert {a.line_id for a in opened} == {row.id}
    assert found.kind is FindingKind.NOT_VERIFIABLE
    assert (found.expected, found.observed, found.claim_cell) == ("3", "1", "B2")


def test_the_report_made_last_for_a_period_is_found(db: Database, report: Report) -> None:
    def make(hour: int) -> int:
        return store_report(
            c, report, content=f"{hour}", made_at=START + hour * HOUR, code_version="0.1.0"
        )

    with db.write() as c:
        assert latest_report(c, QUARTER) is None
        later, _earlier = make(2), make(1)
        assert latest_report(c, QUARTER) == later
        assert latest_report(c, DayInterval(dt.date(2022, 7, 1), dt.date(2022, 8, 1))) is None


def test_a_report_that_was_tampered_with_is_not_given_out(db: Database, report: Report) -> None:
    with db.write() as c:
        key = store_report(c, report, content=CONTENT, made_at=START, code_version="0.1.0")
        c.execute(sa.update(tables.report).values(content="{}"))
        with pytest.raises(DatabaseError, match="mã kiểm tra"):
            report_content(c, key)
        with pytest.raises(DatabaseError, match="4711"):
            report_content(c, 4711)


def test_an_article_stands_in_a_line_once(db: Database, report: Report) -> None:
    twice = (*report.lines[0].articles, report.lines[0].articles[0])
    lines = (replace(report.lines[0], articles=twice),)
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        store_report(
            c,
            replace(report, lines=lines),
            content=CONTENT,
            made_at=START,
            code_version="0.1.0",
        )
    with db.read() as c:
        assert latest_report(c, QUARTER) is None


def test_stored_reports_are_listed_the_newest_first(db: Database, report: Report) -> None:
    with db.write() as c:
        for hours in (2, 1):
            store_report(
                c, report, content=CONTENT, made_at=START + hours * HOUR, code_version="0.1.0"
            )
    with db.read() as c:
        newest, oldest = stored_reports(c)
    assert (newest.id, oldest.id) == (1, 2)
    assert newest.made_at == START + 2 * HOUR
    assert newest.content_sha256 == hashlib.sha256(CONTENT.encode()).hexdigest()
