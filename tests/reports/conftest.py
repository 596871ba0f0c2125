"""Files and values that the tests of importers and renderings share; all of it is invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import strategies as st

from reports.verification import status_of
from storage.records import (
    CheckedClaim,
    ClaimVerdict,
    Counted,
    CoverageState,
    DayInterval,
    Every,
    Exclusion,
    Finding,
    FindingKind,
    FindingState,
    FindingStep,
    Letterhead,
    LineArticle,
    LineStatus,
    MatchedBy,
    Output,
    OutputForm,
    PlanLine,
    PlanResult,
    Quantity,
    Registry,
    Report,
    ReportLine,
    Schedule,
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
            "day": dt.date(2022, 3, 1 + (number - 1) % 31),
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


@pytest.fixture
def planned_report(rendered_report: Callable[..., Report]) -> Report:
    """Give the report with lines of a plan, one of each kind, and work outside the web."""

    def line(place: int, **values: Any) -> PlanLine:  # noqa: ANN401 - any field's value
        given: dict[str, Any] = {
            "content": f"Nội dung {place}",
            "tags": ("TTHC",),
            "quantity": Quantity(
                form=OutputForm.POST, measure="tin, bài", number=2, every=Every.MONTH
            ),
            "planned": 24,
            "on_web": True,
            "text": "02 tin, bài/tháng",
            "cell": f"Bảng 1, hàng {place}, cột 4",
        }
        return PlanLine(place=place, **{**given, **values})

    year = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
    loud = Quantity(form=OutputForm.BROADCAST, measure="lượt phát thanh", number=12)
    share = Quantity(form=OutputForm.OTHER, measure="%", number=None, percent=100)
    result = partial(
        PlanResult, unit="ST-DONG", period=year, source_name="kh.docx", source_sha256="k" * 64
    )
    news = Quantity(form=OutputForm.NEWS, measure="tin", number=4, every=Every.QUARTER)
    results = (
        result(
            line=line(1),
            counted=Counted(15, CoverageState.PARTIAL),
            shared=2,
            shared_planned=30,
            due=18,
            status=LineStatus.NOT_VERIFIABLE,
        ),
        result(
            line=line(2, quantity=loud, planned=12, on_web=False),
            counted=None,
            stated=14,
            shared_planned=12,
            due=9,
            status=LineStatus.NOT_VERIFIABLE,
        ),
        result(
            line=line(3, quantity=share, planned=None, on_web=False),
            counted=None,
            status=LineStatus.NO_QUOTA,
        ),
        result(
            line=line(
                4,
                quantity=news,
                planned=16,
                lead="Văn phòng",
                due=dt.date(2022, 6, 30),
                text="=4 tin",
            ),
            counted=Counted(12, CoverageState.PARTIAL),
            shared_planned=16,
            due=12,
            status=LineStatus.NOT_VERIFIABLE,
            by_form=True,
            at_most=17,
            lacking=2,
        ),
    )
    output = Output(
        unit="ST-DONG",
        period=year,
        form=OutputForm.BROADCAST,
        measure="Lượt phát thanh",
        number=14,
        description="=Loa thôn",
        proof_name="loa.jpg",
        proof_sha256="ab" * 32,
        cell="KQ!C2",
        source_sha256="s" * 64,
        source_name="kq.xlsx",
        received_at=dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
    )
    return rendered_report(plan_results=results, outputs=(output,))


# ------------------------------------------------------------------- any report at all


@pytest.fixture(scope="session")
def any_report() -> st.SearchStrategy[Report]:
    """Give a strategy for reports whose numbers are those of their articles."""
    return _reports()


UNITS = {"ST-DONG": "UBND xã Đông Trầm", "ST-TAY": "UBND xã Tây Trầm", "ST-X": "=Đơn vị + lạ"}
TITLES = st.sampled_from(["Một cửa", "=1+1", "+84", "-5 %", "@xã", "Chữ “đậm” & <b>", "Thủ tục 🎉"])
DAYS = st.dates(dt.date(2022, 1, 1), dt.date(2022, 9, 30))

SCHEDULES = st.none() | st.builds(
    Schedule,
    days=st.just(DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))),
    on=st.dates(dt.date(2021, 12, 31), dt.date(2022, 12, 31)),
    due=st.integers(0, 7),
)


@st.composite
def _reports(draw: st.DrawFn) -> Report:
    tags = draw(st.sampled_from([("CCHC",), ("CCHC", "TTHC"), ("TTHC", "CPĐT", "CCHC")]))
    lines: list[ReportLine] = []
    first = 1
    for unit in draw(st.lists(st.sampled_from(sorted(UNITS)), unique=True, max_size=3)):
        seen = draw(st.lists(_articles(first), max_size=4, unique_by=lambda a: a.article_id))
        first += 100
        lines += [draw(_lines(unit, tag, seen)) for tag in tags]
    findings = [draw(_findings(line)) for line in lines if draw(st.booleans())]
    return Report(
        office=draw(st.sampled_from(["Phòng Nội vụ huyện Sông Trầm", "Sở <Nội vụ>"])),
        period_code="2022-9M",
        period_name="9 tháng đầu năm 2022 theo dương lịch (từ 01/01/2022 đến hết 30/9/2022)",
        period=DayInterval(
            dt.date(2022, 1, 1), draw(st.sampled_from([dt.date(2022, 10, 1), None]))
        ),
        as_of=draw(st.datetimes(dt.datetime(2022, 10, 1), dt.datetime(2022, 12, 1))).replace(  # noqa: DTZ001
            tzinfo=dt.UTC
        ),
        taxonomy_release="2022.1",
        tagger=draw(st.sampled_from([None, "rules@1#9f2c01ab"])),
        rule=draw(st.sampled_from(["ngày-in@1#12ab", "ngày-in@2#34cd"])),
        tags=tags,
        lines=tuple(lines),
        findings=tuple(findings),
        claims=tuple(draw(_claims(line)) for line in lines if draw(st.booleans())),
        notes=tuple(draw(st.lists(TITLES, max_size=2))),
        unowned=tuple(draw(st.lists(_articles(900), max_size=2, unique_by=lambda a: a.article_id))),
        letterhead=draw(
            st.builds(
                Letterhead,
                superior=st.sampled_from(["", "UBND HUYỆN SÔNG TRẦM"]),
                addressees=st.sampled_from([(), ("UBND huyện",), ("Sở Nội vụ", "UBND huyện")]),
                position=st.sampled_from([(), ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG")]),
            )
        ),
    )


def _articles(first: int) -> st.SearchStrategy[LineArticle]:
    number = st.integers(first, first + 6)
    return st.builds(
        LineArticle,
        article_id=number,
        version_id=st.none() | st.integers(1, 3),
        title=TITLES,
        url=st.sampled_from(["http://dongtram.test/tin/1", "javascript:alert(1)"]),
        day=st.none() | DAYS,
        bucket=st.none() | st.sampled_from(Exclusion),
        reposted=st.booleans(),
        duplicate_of=st.none() | number,
    )


@st.composite
def _lines(draw: st.DrawFn, unit: str, tag: str, seen: Sequence[LineArticle]) -> ReportLine:
    buckets = st.none() | st.sampled_from(Exclusion)
    articles = tuple(replace(article, bucket=draw(buckets)) for article in seen)
    counted = [article for article in articles if article.bucket is None]
    count = Counted(len(counted), draw(st.sampled_from(CoverageState)))
    planned = draw(st.none() | st.integers(0, 7))
    return ReportLine(
        unit=unit,
        unit_name=UNITS[unit],
        tag=tag,
        planned=planned,
        counted=count,
        reposts=sum(article.reposted for article in counted),
        claimed=draw(st.none() | st.integers(0, 9)),
        status=status_of(planned, count),
        schedule=draw(SCHEDULES) if planned else None,
        coverage_note=draw(st.sampled_from(["Thấy trọn cả 273 ngày.", "Không xem được ngày nào."])),
        articles=articles,
    )


def _findings(line: ReportLine) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        kind=st.sampled_from(FindingKind),
        unit=st.just(line.unit),
        tag=st.none() | st.just(line.tag),
        expected=st.none() | st.just("5"),
        observed=st.none() | st.just("ít nhất 2"),
        explanation=st.just("Đề nghị đơn vị rà soát."),
        article_id=st.none() | st.integers(1, 300),
        claim_cell=st.none() | st.just("S!D2"),
        key=st.sampled_from(["", "0123456789ab"]),
        steps=st.sampled_from([(), (STEP,)]),
    )


STEP = FindingStep(
    key="0123456789ab",
    state=FindingState.EXPLAINED,
    who="=Xã <Đông>",
    note="Trang chuyển địa chỉ",
    noted_at=dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
)


def _claims(line: ReportLine) -> st.SearchStrategy[CheckedClaim]:
    """Give a claim about an article of the line, or about none."""
    articles = [article.article_id for article in line.articles]
    return st.builds(
        CheckedClaim,
        unit=st.just(line.unit),
        tag=st.just(line.tag),
        cell=st.just("D!C2"),
        number=st.none() | st.integers(0, 9),
        url=st.none() | st.sampled_from(["http://dongtram.test/1", "javascript:alert(1)"]),
        title=st.none() | TITLES,
        day=st.none() | DAYS,
        verdict=st.sampled_from(ClaimVerdict),
        reason=TITLES,
        is_counted=st.booleans(),
        matched_by=st.none() | st.sampled_from(MatchedBy),
        score=st.none() | st.integers(0, 100),
        article_id=st.none() | st.sampled_from(articles) if articles else st.none(),
        found_title=st.none() | TITLES,
        found_url=st.none() | st.just("javascript:alert(1)"),
    )
