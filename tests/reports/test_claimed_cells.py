"""What units write into self-reports, as it really looks."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from reports.importers.cells import Complaints
from reports.importers.claimed_cells import claimed_day, claimed_link, claimed_number
from reports.importers.grid import Cell
from reports.importers.self_report import Given, read_self_reports
from reports.importers.sheets import read_book
from storage.errors import InputError
from storage.folding import strip_accents
from storage.records import DayInterval

if TYPE_CHECKING:
    from pathlib import Path

    from storage.records import Registry

DAY = dt.date(2022, 7, 5)
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
NOW = dt.datetime(2022, 10, 5, tzinfo=dt.UTC)


def cell(value: Any, link: str | None = None) -> Cell:  # noqa: ANN401 - any cell's value
    return Cell("S", 2, 3, value, link=link)


def understood(read: Any, value: Any) -> Any:  # noqa: ANN401 - any reader and value
    complaints = Complaints("tệp")
    found = read(cell(value), complaints)
    complaints.raise_if_any()
    return found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (12, 12),
        ("mười hai", 12),
        ("12 (mười hai) bài", 12),
        ("Hai mươi mốt tin, bài", 21),
        ("02 tin, bài", 2),
        ("một trăm linh năm", 105),
        ("1.200 (một nghìn hai trăm)", 1200),
        ("hai mươi tư", 24),
        ("không", 0),
        (None, None),
    ],
)
def test_a_total_is_read_in_figures_and_in_words(text: object, number: int | None) -> None:
    assert understood(claimed_number, text) == number


@pytest.mark.parametrize(
    "text", ["12 (mười ba) bài", "5 tin, 7 bài", "vài bài", "-3", "2,5", "80 %"]
)
def test_a_total_that_may_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        understood(claimed_number, text)


_ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def spelled(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = [f"{_ONES[hundreds]} trăm"] if hundreds else []
    if tens:
        said.append("mười" if tens == 1 else f"{_ONES[tens]} mươi")
    elif hundreds and ones:
        said.append("linh")
    last = {1: "mốt" if tens > 1 else "một", 5: "lăm" if tens else "năm"}.get(ones, _ONES[ones])
    return " ".join([*said, last]).strip()


@given(st.integers(1, 999))
def test_every_number_below_a_thousand_is_read_as_it_is_spelled(number: int) -> None:
    assert understood(claimed_number, spelled(number)) == number
    assert understood(claimed_number, f"{number} ({strip_accents(spelled(number))})") == number


@pytest.mark.parametrize(
    "text",
    ["05/07/2022", "5-7-22", "5.7.2022", "2022-07-05", "08:15 ngày 05/07/2022",
     "Thứ Ba, 05/07/2022 | 08:15", "ngày 5 tháng 7 năm 2022", 44747, DAY],
)  # fmt: skip
def test_a_day_is_read_in_any_way_that_can_mean_one_day_only(text: object) -> None:
    assert understood(claimed_day, text) == DAY


@pytest.mark.parametrize("text", ["32/01/2022", "từ 01/7/2022 đến 05/7/2022", "tháng 7"])
def test_a_day_that_is_none_or_two_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        understood(claimed_day, text)


def link_of(url: Cell, title: Cell) -> tuple[str | None, str | None]:
    complaints = Complaints("tệp")
    found = claimed_link(url, title, complaints)
    complaints.raise_if_any()
    return found.url, found.shown


def test_an_address_that_word_has_broken_is_put_together() -> None:
    broken = cell("http://dongtram.test/tin- tuc/mot-cua- 12.html")
    assert link_of(broken, cell(None)) == ("http://dongtram.test/tin-tuc/mot-cua-12.html", None)


def test_the_target_of_a_link_goes_before_the_text_that_shows_another() -> None:
    target, shown = "http://dongtram.test/that", "http://dongtram.test/hien"
    assert link_of(cell(shown, target), cell("Bài")) == (target, shown)
    assert link_of(cell("Xem bài", target), cell("Bài")) == (target, None)
    assert link_of(cell(None), cell("Bài", target)) == (target, None)
    assert link_of(cell(shown, "mailto:xa@test"), cell("Bài")) == (shown, None)


@pytest.mark.parametrize(
    "text", ["Xem bài", "javascript:alert(1)", "http://a.test/1 http://a.test/2"]
)
def test_what_is_not_one_address_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        link_of(cell(text), cell("Bài"))


def test_an_excel_list_without_codes_is_read_with_what_is_said_beside_it(
    tmp_path: Path, sheet_registry: Registry
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["BÁO CÁO KẾT QUẢ TUYÊN TRUYỀN"])
    sheet.append(["Ngày đăng", "TT", "Tên bài viết"])
    sheet.append(["5/7/22", 1, "Bộ phận một cửa"])
    sheet["C3"].hyperlink = "http://dongtram.test/tin/1"
    file = tmp_path / "bc.xlsx"
    book.save(file)
    given = Given(unit="ST-DONG", period=YEAR, tag="TTHC")
    read = read_self_reports(read_book(file), sheet_registry, received_at=NOW, given=given)
    (report,) = read.value
    (claim,) = report.claims
    assert (report.unit, report.period, claim.tag) == ("ST-DONG", YEAR, "TTHC")
    assert (claim.title, claim.url, claim.day) == (
        "Bộ phận một cửa", "http://dongtram.test/tin/1", DAY,
    )  # fmt: skip
    assert claim.cell == "Sheet!C3"


def test_a_word_table_gives_totals_by_topic_in_words_and_links_behind_titles(
    tmp_path: Path, sheet_registry: Registry
) -> None:
    word = Document()
    totals = word.add_table(rows=2, cols=2)
    for place, text in enumerate(["Nội dung", "Số lượng", "Cải cách hành chính", "12 (mười hai)"]):
        totals.cell(*divmod(place, 2)).text = text
    word.add_paragraph("Danh sách kèm theo")
    articles = word.add_table(rows=2, cols=3)
    for place, text in enumerate(["Nhóm", "Tiêu đề", "Ngày đăng", "TTHC", "", "05/07/2022"]):
        articles.cell(*divmod(place, 3)).text = text
    _link(articles.cell(1, 1).paragraphs[0], "Bộ phận một cửa", "http://dongtram.test/tin/1")
    file = tmp_path / "bc.docx"
    word.save(str(file))
    given = Given(unit="ST-DONG", period=YEAR)
    (report,) = read_self_reports(
        read_book(file), sheet_registry, received_at=NOW, given=given
    ).value
    total, article = report.claims
    assert (total.tag, total.number) == ("CCHC", 12)
    assert (article.tag, article.url) == ("TTHC", "http://dongtram.test/tin/1")


def _link(paragraph: Any, text: str, url: str) -> None:  # noqa: ANN401 - python-docx's
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(url, kind, is_external=True))
    link.append(paragraph.add_run(text)._element)  # noqa: SLF001 - python-docx has no links
    paragraph._element.append(link)  # noqa: SLF001 - as above


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        (Given(unit="ST-DOGN", period=YEAR, tag="TTHC"), "“ST-DOGN”; có phải “ST-DONG”"),
        (Given(unit="ST-DONG", tag="X"), "“X”; ghi CCHC, TTHC, CPĐT"),
    ],
)
def test_a_unit_or_group_that_is_not_known_is_named_with_what_may_have_been_meant(
    tmp_path: Path, sheet_registry: Registry, wrong: Given, advice: str
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Tiêu đề"])
    book.active.append(["Bài"])
    file = tmp_path / "bc.xlsx"
    book.save(file)
    with pytest.raises(InputError, match=advice):
        read_self_reports(read_book(file), sheet_registry, received_at=NOW, given=wrong)
