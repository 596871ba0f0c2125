"""Files and values that the tests of importers and renderings share; all of it is invented."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    Finding,
    FindingKind,
    LineArticle,
    LineStatus,
    Registry,
    Report,
    ReportLine,
    UnitLevel,
    UnitName,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


# ----------------------------------------------------------- files that clerks type


@pytest.fixture
def sheet_file(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes an .xlsx from rows by sheet name."""

    def write(sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "tep.xlsx") -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def sheet_registry() -> Registry:
    """Give a district and two communes, all invented; one ends in mid-2022."""
    start, merged = dt.date(2021, 1, 1), dt.date(2022, 7, 1)

    def name(unit: str, text: str, level: UnitLevel, end: dt.date | None = None) -> UnitName:
        parent = None if level is UnitLevel.DISTRICT else "ST"
        valid = DayInterval(start, end)
        return UnitName(unit=unit, name=text, level=level, parent=parent, valid=valid)

    return Registry(
        names=(
            name("ST", "UBND huyện Sông Trầm", UnitLevel.DISTRICT),
            name("ST-DONG", "UBND xã Đông Trầm", UnitLevel.COMMUNE),
            name("ST-TAY", "UBND xã Tây Trầm", UnitLevel.COMMUNE, merged),
        )
    )


# ------------------------------------------------------------- reports to be rendered


@pytest.fixture
def rendered_article() -> Callable[..., LineArticle]:
    """Give a function that makes an article of a report line."""

    def make(number: int, **values: Any) -> LineArticle:  # noqa: ANN401 - any field's value
        given: dict[str, Any] = {
            "version_id": number + 100,
            "title": f"Bài số {number} về thủ tục hành chính",
            "url": f"http://dongtram.test/tin/{number}",
            "day": dt.date(2022, 3, number),
            "bucket": None,
        }
        return LineArticle(article_id=number, **{**given, **values})

    return make


@pytest.fixture
def rendered_line() -> Callable[..., ReportLine]:
    """Give a function that makes a report line."""

    def make(**values: Any) -> ReportLine:  # noqa: ANN401 - any field's value
        given: dict[str, Any] = {
            "unit": "ST-DONG",
            "unit_name": "UBND xã Đông Trầm",
            "tag": "TTHC",
            "planned": 4,
            "counted": Counted(2, CoverageState.COMPLETE),
            "reposts": 0,
            "claimed": 5,
            "status": LineStatus.SHORT,
            "coverage_note": "Xem được toàn bộ kỳ.",
            "articles": (),
        }
        return ReportLine(**{**given, **values})

    return make


@pytest.fixture
def rendered_report(
    rendered_article: Callable[..., LineArticle], rendered_line: Callable[..., ReportLine]
) -> Callable[..., Report]:
    """Give a function that makes a report: one exact line, one lower bound, one unknown."""
    article = rendered_article
    exact = (
        article(1),
        article(2, reposted=True),
        article(3, bucket=Exclusion.DUPLICATE, duplicate_of=1),
        article(4, bucket=Exclusion.UNDATED, day=None),
    )
    lines = (
        rendered_line(articles=exact, reposts=1),
        rendered_line(
            tag="CPĐT",
            planned=3,
            claimed=4,
            counted=Counted(1, CoverageState.PARTIAL),
            status=LineStatus.NOT_VERIFIABLE,
            coverage_note="Từ 01/9 đến 07/9/2022 trang không truy cập được.",
            articles=(article(5),),
        ),
        rendered_line(
            unit="ST-TAY",
            unit_name="UBND xã Tây Trầm",
            planned=None,
            claimed=None,
            counted=Counted(0, CoverageState.NONE),
            status=LineStatus.NO_QUOTA,
            coverage_note="Không xem được ngày nào trong kỳ.",
        ),
    )
    finding = Finding(
        kind=FindingKind.OVERCLAIM,
        unit="ST-DONG",
        tag="TTHC",
        expected="5",
        observed="2",
        explanation="Đơn vị báo cáo 5, hệ thống thấy 2. Đề nghị gửi đường dẫn.",
        article_id=1,
        capture_id=77,
        claim_cell="Số liệu!F2",
    )

    def make(**values: Any) -> Report:  # noqa: ANN401 - any field's value
        given: dict[str, Any] = {
            "office": "PHÒNG NỘI VỤ HUYỆN SÔNG TRẦM",
            "period_code": "2022-9M",
            "period_name": "9 tháng năm 2022",
            "period": DayInterval(dt.date(2022, 1, 1), dt.date(2022, 10, 1)),
            "as_of": dt.datetime(2022, 10, 1, 16, 30, tzinfo=dt.UTC),
            "taxonomy_release": "2022.1",
            "tagger": "rules@1#9f2c01ab",
            "rule": "chung@1#12ab",
            "tags": ("TTHC", "CPĐT"),
            "lines": lines,
            "findings": (finding,),
            "notes": ("Đồng hồ được đặt bằng tay.",),
            "unowned": (article(9, title="Bài vô chủ", bucket=Exclusion.NOT_OWNED),),
        }
        return Report(**{**given, **values})

    return make
