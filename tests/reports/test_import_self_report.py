"""Self-reports as clerks type them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from reports.importers.self_report import read_self_reports
from reports.importers.sheets import read_book
from storage.errors import InputError
from storage.records import DayInterval

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.tables import Reading
    from storage.records import Registry, SelfReport

    ReportsOf = Callable[..., Reading[tuple[SelfReport, ...]]]

NOW = dt.datetime(2022, 10, 5, tzinfo=dt.UTC)
TOTALS = ["Mã đơn vị", "Từ ngày", "Đến ngày", "CCHC", "TTHC", "CPĐT"]
LIST = ["Mã đơn vị", "Từ ngày", "Đến ngày", "Nhóm", "Tiêu đề", "Đường dẫn", "Ngày đăng"]
NINE_MONTHS = ["01/01/2022", "30/09/2022"]
URL = "http://dongtram.test/tin/1"


@pytest.fixture
def reports_of(sheet_file: Callable[..., Path], sheet_registry: Registry) -> ReportsOf:
    def read(
        totals: list[list[Any]] | None = None, articles: list[list[Any]] | None = None
    ) -> Reading[tuple[SelfReport, ...]]:
        sheets = {}
        if totals is not None:
            sheets["Số liệu"] = [TOTALS, *totals]
        if articles is not None:
            sheets["Danh sách"] = [LIST, *articles]
        book = read_book(sheet_file(sheets))
        return read_self_reports(book, sheet_registry, received_at=NOW)

    return read


def _problems(read: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        read()
    return caught.value.problems


def test_an_empty_number_claims_nothing_and_zero_claims_none(reports_of: ReportsOf) -> None:
    (report,) = reports_of([["ST-DONG", *NINE_MONTHS, 19, None, 0]]).value
    assert report.period == DayInterval(dt.date(2022, 1, 1), dt.date(2022, 10, 1))
    assert [(claim.tag, claim.number, claim.cell) for claim in report.claims] == [
        ("CCHC", 19, "Số liệu!D2"),
        ("CPĐT", 0, "Số liệu!F2"),
    ]


def test_listed_articles_join_the_totals_of_their_unit(reports_of: ReportsOf) -> None:
    (report,) = reports_of(
        [["ST-DONG", *NINE_MONTHS, 1, None, None]],
        [["ST-DONG", None, None, "CCHC", "Một bài", URL, "15/03/2022"]],
    ).value
    total, article = report.claims
    assert total.number == 1
    assert (article.number, article.tag, article.title, article.url, article.day, article.cell) == (
        None,
        "CCHC",
        "Một bài",
        URL,
        dt.date(2022, 3, 15),
        "Danh sách!F2",
    )


def test_an_article_may_speak_for_several_tags(reports_of: ReportsOf) -> None:
    articles = [["ST-DONG", *NINE_MONTHS, "cchc, TTHC; CPDT/CPS", None, URL]]
    (report,) = reports_of(articles=articles).value
    assert [claim.tag for claim in report.claims] == ["CCHC", "TTHC", "CPĐT"]


def test_the_same_article_twice_is_kept_for_the_verification_to_find(
    reports_of: ReportsOf,
) -> None:
    articles = [["ST-DONG", *NINE_MONTHS, "CCHC", None, URL]] * 2
    (report,) = reports_of(articles=articles).value
    assert [claim.cell for claim in report.claims] == ["Danh sách!F2", "Danh sách!F3"]


def test_an_address_without_scheme_gets_one(reports_of: ReportsOf) -> None:
    articles = [["ST-DONG", *NINE_MONTHS, "CCHC", None, "dongtram.test/tin/1"]]
    (report,) = reports_of(articles=articles).value
    assert report.claims[0].url == URL


def test_articles_without_days_need_exactly_one_period_of_their_unit(
    reports_of: ReportsOf,
) -> None:
    article = ["ST-DONG", None, None, "CCHC", "Một bài", URL]
    quarter = ["ST-DONG", "01/01/2022", "31/03/2022", 1, 1, 1]
    year = ["ST-DONG", "01/01/2022", "31/12/2022", 1, 1, 1]
    assert _problems(lambda: reports_of([quarter, year], [article])) == (
        "Danh sách!B2: ghi “Từ ngày”, “Đến ngày”: bảng “Số liệu” có 2 kỳ của đơn vị này",
    )
    assert "có 0 kỳ" in _problems(lambda: reports_of(articles=[article]))[0]
    first, second = reports_of([quarter, year], [[*year[:3], "CCHC", "Một bài", URL]]).value
    assert (len(first.claims), len(second.claims)) == (3, 4)


def test_every_error_is_told_at_once_with_its_cell(reports_of: ReportsOf) -> None:
    problems = _problems(
        lambda: reports_of(
            [
                ["ST-DONG", *NINE_MONTHS, "vài bài", 1, 1],
                ["ST-DONG", *NINE_MONTHS, 1, 1, 1],
            ],
            [
                ["ST-DONG", *NINE_MONTHS, "Thể thao", "Một bài", "Xem bài", "32/01/2022"],
                ["ST-DONG", *NINE_MONTHS, None, None, None],
                ["ST-XA", *NINE_MONTHS, "CCHC", None, "javascript:alert(1)"],
            ],
        )
    )
    assert problems == (
        "Số liệu!D2: “vài bài” không phải số; ghi bằng chữ số, ví dụ 12",
        "Số liệu!A3: trùng đơn vị và kỳ 01/01/2022–30/09/2022 với Số liệu!A2; giữ lại một dòng",
        "Danh sách!D2: nhóm “Thể thao” không có; ghi CCHC, TTHC, CPĐT",
        (
            "Danh sách!F2: “Xem bài” không phải đường dẫn; dán địa chỉ đầy đủ của bài, "
            "bắt đầu bằng http"
        ),
        "Danh sách!G2: “32/01/2022” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022",
        "Danh sách!D3: thiếu “Nhóm”",
        "Danh sách!E3: cần “Tiêu đề” hoặc “Đường dẫn” của bài",
        (
            "Danh sách!A4: mã đơn vị “ST-XA” không có trong danh sách đơn vị; "
            "có phải “ST-TAY” (UBND xã Tây Trầm)?"
        ),
        (
            "Danh sách!F4: “javascript:alert(1)” không phải đường dẫn; dán địa chỉ đầy đủ của bài, "
            "bắt đầu bằng http"
        ),
    )


def test_a_total_that_differs_from_its_list_is_noted(reports_of: ReportsOf) -> None:
    reading = reports_of(
        [["ST-DONG", *NINE_MONTHS, 3, 1, None]],
        [["ST-DONG", None, None, tag, "Một bài", URL] for tag in ("CCHC", "CCHC", "TTHC")],
    )
    assert reading.notes == ("Số liệu!D2: ST-DONG ghi 3 tin, bài CCHC nhưng danh sách có 2.",)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_holds_one_of_the_tables(
    tmp_path: Path, sheet_registry: Registry, delimiter: str
) -> None:
    rows = [LIST, ["ST-DONG", *NINE_MONTHS, "CCHC", "Một bài", URL, "15/3/2022"]]
    path = tmp_path / "danh sach.csv"
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    reading = read_self_reports(read_book(path), sheet_registry, received_at=NOW)
    ((claim,),) = (report.claims for report in reading.value)
    assert (claim.cell, claim.day) == ("danh sach!F2", dt.date(2022, 3, 15))
