"""Reading files: what comes through whatever clerks do, and what is refused with advice."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.importers import grid
from reports.importers.cells import Complaints, day_of, day_text, whole_of
from reports.importers.excel_rows import filled_rows
from reports.importers.grid import Cell, CellValue, Fault
from reports.importers.sheets import read_book
from reports.importers.tables import Column, Form, find_tables
from storage.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

FORM = Form(
    "Bảng",
    (Column("unit", "Mã đơn vị"), Column("start", "Từ ngày"), Column("posts", "Số tin, bài")),
)


def _values(path: Path) -> list[list[CellValue]]:
    return [[cell.value for cell in row] for row in read_book(path).sheets[0].rows]


def _refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_book(path)
    return str(caught.value)


# --------------------------------------------------------------------------- .xlsx


def test_cells_come_with_their_address_and_empty_rows_are_skipped(
    sheet_file: Callable[..., Path],
) -> None:
    book = read_book(sheet_file({"Kế hoạch": [["Mã"], [], [None, None, None, 12]]}))
    cells = [cell for row in book.sheets[0].rows for cell in row]
    assert [(cell.address, cell.value) for cell in cells] == [
        ("Kế hoạch!A1", "Mã"),
        ("Kế hoạch!D3", 12),
    ]


def test_text_is_composed_and_trimmed_and_whole_numbers_are_whole(
    sheet_file: Callable[..., Path],
) -> None:
    instant = dt.datetime(2022, 7, 1, 8)  # noqa: DTZ001 - Excel knows no zones
    row = ["\xa0 Ca\u0309i\u200b cách \n hành chính ", 12.0, 2.5, instant]
    values = _values(sheet_file({"A": [row]}))
    assert values == [["Cải cách hành chính", 12, 2.5, dt.date(2022, 7, 1)]]


def test_an_address_is_not_decoded_as_if_it_were_html(sheet_file: Callable[..., Path]) -> None:
    assert _values(sheet_file({"A": [["http://x.test/?a=1&copy=2"]]})) == [
        ["http://x.test/?a=1&copy=2"]
    ]


def test_a_formula_without_a_result_is_a_fault_and_so_is_an_error(
    sheet_file: Callable[..., Path],
) -> None:
    assert _values(sheet_file({"A": [["=1+1", "#N/A"]]})) == [[Fault.NOT_COMPUTED, Fault.ERROR]]


def test_hidden_sheets_are_named_and_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].title = "Hiện"
    book.create_sheet("Ẩn").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    read = read_book(tmp_path / "a.xlsx")
    assert ([sheet.name for sheet in read.sheets], read.hidden) == (["Hiện"], ("Ẩn",))


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.xlsx", b"", "trống"),
        ("a.xlsx", b"PK\x03\x04 broken", "hỏng"),
        ("a.xlsx", "chữ thường".encode(), "hỏng"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 99, ".xls"),
        (
            "a.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "mật khẩu",
        ),
        ("a.xls", b"x", "đời cũ"),
        ("a.docx", b"x", "Word"),
        ("a.pdf", b"x", "PDF"),
        ("a.txt", b"x", "Lưu thành"),
        ("a.csv", b"PK\x03\x04", "đổi đuôi"),
        ("a.csv", b"   \n", "trống"),
    ],
)
def test_files_of_the_wrong_kind_are_refused_with_advice(
    tmp_path: Path, name: str, content: bytes, advice: str
) -> None:
    (tmp_path / name).write_bytes(content)
    message = _refusal(tmp_path / name)
    assert name in message
    assert advice in message


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "Không có tệp" in _refusal(tmp_path / "không có.xlsx")
    (tmp_path / "thư mục.xlsx").mkdir()
    assert "là thư mục" in _refusal(tmp_path / "thư mục.xlsx")


def _package(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    assert "hỏng" in _refusal(_package(tmp_path / "a.xlsx", {"readme.txt": b"x"}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_UNPACKED_BYTES", 1_000_000)
    path = _package(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": b" " * 1_000_001})
    assert path.stat().st_size < 10_000
    assert "quá lớn" in _refusal(path)


def _with_sheet_xml(path: Path, xml: bytes) -> Path:
    """Write a good workbook whose sheet is the given XML."""
    good = io.BytesIO()
    openpyxl.Workbook().save(good)
    with zipfile.ZipFile(good) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return _package(path, {**parts, "xl/worksheets/sheet1.xml": xml})


def test_expanding_xml_entities_are_not_followed(tmp_path: Path) -> None:
    entities = b"".join(
        b'<!ENTITY e%d "%s">' % (n, (b"&e%d;" % (n - 1)) * 10 if n else b"lol") for n in range(10)
    )
    xml = (
        b"<?xml version='1.0'?><!DOCTYPE w [" + entities + b"]>"
        b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        b"<sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>&e9;</t></is></c></row>"
        b"</sheetData></worksheet>"
    )
    assert "hỏng" in _refusal(_with_sheet_xml(tmp_path / "a.xlsx", xml))


def test_a_sheet_cut_off_in_the_middle_is_refused(tmp_path: Path) -> None:
    xml = (
        b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        b"<sheetData><row r='1'><c r='A1'><v>1</v>"
    )
    assert "hỏng" in _refusal(_with_sheet_xml(tmp_path / "a.xlsx", xml))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks_the_program(
    tmp_path: Path, data: st.DataObject
) -> None:
    good = io.BytesIO()
    openpyxl.Workbook().save(good)
    with zipfile.ZipFile(good) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    start = data.draw(st.integers(0, len(parts[name])))
    length, noise = data.draw(st.integers(0, 40)), data.draw(st.binary(max_size=8))
    parts[name] = parts[name][:start] + noise + parts[name][start + length :]
    path = _package(tmp_path / "a.xlsx", parts)
    torn = path.read_bytes()
    path.write_bytes(torn[: data.draw(st.integers(0, 400))] + torn[400:])
    with contextlib.suppress(InputError):
        read_book(path)


@given(content=st.binary(min_size=1, max_size=200))
def test_any_bytes_as_csv_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(content)
        read_book(path)


def test_too_many_rows_and_too_large_a_file_are_refused(
    sheet_file: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_ROWS", 3)
    path = sheet_file({"A": [[1], [2]], "B": [[3], [4]]})
    assert "quá lớn" in _refusal(path)
    (tmp_path / "a.csv").write_text("1\n2\n3\n4\n")
    assert "quá lớn" in _refusal(tmp_path / "a.csv")
    monkeypatch.setattr(grid, "MAX_BYTES", 7)
    assert "quá lớn" in _refusal(tmp_path / "a.csv")


def test_a_file_with_too_many_rows_is_refused_before_it_is_read(
    sheet_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sheet_file({"A": [[1], ["=1+1"]], "B": [["chữ"], [None], [4]]})
    with zipfile.ZipFile(path) as package:
        assert [filled_rows(package, at_most=most) for most in (9, 4, 3, 1)] == [4, 4, 4, 2]
    monkeypatch.setattr(grid, "MAX_ROWS", 3)
    monkeypatch.setattr(openpyxl, "load_workbook", pytest.fail)
    assert "quá lớn" in _refusal(path)


def test_rows_of_hidden_sheets_do_not_count(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "thấy"
    hidden = book.create_sheet("Ẩn")
    hidden["A1"], hidden.sheet_state = "ẩn", "hidden"
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        assert filled_rows(package, at_most=9) == 1


def test_formatted_but_empty_rows_do_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_ROWS", 2)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"], sheet["A900"] = "đầu", "cuối"
    for row in range(2, 900):
        sheet.cell(row, 1).number_format = "0.00"
    book.save(tmp_path / "a.xlsx")
    assert _values(tmp_path / "a.xlsx") == [["đầu"], ["cuối"]]


# ---------------------------------------------------------------------------- .csv


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter_of_excel(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    text = (
        f'Mã đơn vị{delimiter}Tên{delimiter}"Số, ký hiệu; văn bản"\nX{delimiter}Đông{delimiter}\n'
    )
    (tmp_path / "Đơn vị.csv").write_bytes(text.encode(encoding))
    book = read_book(tmp_path / "Đơn vị.csv")
    assert [[c.value for c in row] for row in book.sheets[0].rows] == [
        ["Mã đơn vị", "Tên", "Số, ký hiệu; văn bản"],
        ["X", "Đông"],
    ]
    assert book.sheets[0].rows[1][1].address == "Đơn vị!B2"


@pytest.mark.parametrize("encoding", ["cp1258", "utf-16-le", "cp1252"])
def test_other_encodings_are_refused_with_the_line(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes("unit;name\nX;à la â\n".encode(encoding))
    message = _refusal(tmp_path / "a.csv")
    assert "UTF-8" in message
    assert "dòng" in message


def test_a_cell_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x" * 200_000, encoding="utf-8")
    assert "quá dài" in _refusal(tmp_path / "a.csv")


def test_an_unclosed_quote_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a;b\n1;"2\n3;4\n', encoding="utf-8")
    assert "ngoặc kép" in _refusal(tmp_path / "a.csv")


# -------------------------------------------------------------------------- headers


@pytest.mark.parametrize(
    "header",
    [
        ["Mã đơn vị", "Từ ngày", "Số tin, bài"],
        ["SO TIN BAI", "TT", "MÃ ĐƠN VỊ (*)", "Từ ngày\n(dd/mm/yyyy)"],
        ["Ma\u0303 đơn vi\u0323", "TỪ NGÀY *", "số tin,bài"],
    ],
)
def test_headers_are_found_in_any_order_case_accent_and_normal_form(
    sheet_file: Callable[..., Path], header: list[str]
) -> None:
    rows = [["BẢNG SỐ LIỆU"], ["Từ ngày", "Đến ngày"], header, ["X"] * len(header)]
    table = find_tables(read_book(sheet_file({"A": rows})), (FORM,)).value["Bảng"]
    assert [[cell.value for cell in row.cells.values()] for row in table] == [["X", "X", "X"]]
    assert {cell.address for cell in table[0].cells.values()} <= {"A!A4", "A!B4", "A!C4", "A!D4"}


def test_a_header_of_two_rows_with_merged_cells_is_understood(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Mã đơn vị", "Thông tin"])
    sheet.append([None, "Từ ngày", "Số tin, bài"])
    sheet.append(["X", "01/07/2022", "12"])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    book.save(tmp_path / "a.xlsx")
    (row,) = find_tables(read_book(tmp_path / "a.xlsx"), (FORM,)).value["Bảng"]
    assert {key: cell.value for key, cell in row.cells.items()} == {
        "unit": "X",
        "start": "01/07/2022",
        "posts": "12",
    }


def test_total_lines_and_column_numbers_hold_no_record(sheet_file: Callable[..., Path]) -> None:
    rows = [
        ["TT", "Mã đơn vị", "Từ ngày", "Số tin, bài"],
        ["(1)", "(2)", "(3)", "(4)"],
        [1, "X", "01/07/2022", 12],
        [None, "Tổng cộng", None, 12],
        ["Tổng số:", None, None, 12],
    ]
    table = find_tables(read_book(sheet_file({"A": rows})), (FORM,)).value["Bảng"]
    assert [row["unit"].value for row in table] == ["X"]


def test_headers_without_any_row_are_refused(sheet_file: Callable[..., Path]) -> None:
    rows = [["Mã đơn vị", "Từ ngày", "Số tin, bài"]]
    with pytest.raises(InputError, match="chưa có dòng số liệu"):
        find_tables(read_book(sheet_file({"A": rows})), (FORM,))


def test_a_header_below_the_fifteenth_row_is_not_looked_for(
    sheet_file: Callable[..., Path],
) -> None:
    header = ["Mã đơn vị", "Từ ngày", "Số tin, bài"]
    near = sheet_file({"A": [["chữ"]] * 14 + [header, ["X"]]}, "near.xlsx")
    far = sheet_file({"A": [["chữ"]] * 15 + [header, ["X"]]}, "far.xlsx")
    assert len(find_tables(read_book(near), (FORM,)).value["Bảng"]) == 1
    with pytest.raises(InputError, match="không có bảng cần nhập"):
        find_tables(read_book(far), (FORM,))


def test_a_wrong_header_says_what_was_found_and_what_is_needed(
    sheet_file: Callable[..., Path],
) -> None:
    with pytest.raises(InputError) as caught:
        find_tables(read_book(sheet_file({"A": [["Họ tên", "Năm sinh"]]})), (FORM,))
    for said in ("Họ tên", "Năm sinh", "Mã đơn vị", "Từ ngày", "Số tin, bài"):
        assert said in str(caught.value)


def test_a_table_that_lacks_one_header_is_not_passed_over_in_silence(
    sheet_file: Callable[..., Path],
) -> None:
    rows = [["Mã đơn vị", "Từ ngày", "Số bài"]]
    with pytest.raises(InputError) as caught:
        find_tables(read_book(sheet_file({"Quý I": rows})), (FORM,))
    assert caught.value.problems[0].startswith("Quý I: bảng “Bảng” thiếu cột “Số tin, bài”")


def test_a_header_that_stands_twice_is_named_with_its_cell(
    sheet_file: Callable[..., Path],
) -> None:
    rows = [["Mã đơn vị", "Từ ngày", "Số tin, bài", "Từ ngày"], ["X", 1, 2, 3]]
    with pytest.raises(InputError) as caught:
        find_tables(read_book(sheet_file({"A": rows})), (FORM,))
    assert caught.value.problems[0].startswith("A!D1: cột “Từ ngày” có hai lần")


# ---------------------------------------------------------------------------- cells


def _complaint(value: CellValue, read: Callable[[Cell, Complaints], object]) -> str:
    complaints = Complaints("tep.xlsx")
    assert read(Cell("Kế hoạch", 7, 4, value), complaints) is None
    with pytest.raises(InputError) as caught:
        complaints.raise_if_any()
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("mười hai", "“mười hai” không phải số; ghi 12"),
        ("Hai mươi mốt bài", "“Hai mươi mốt bài” không phải số; ghi 21"),
        ("12 tin, bài", "“12 tin, bài” không phải số; ghi 12"),
        ("nhiều", "“nhiều” không phải số; ghi bằng chữ số, ví dụ 12"),
        ("2 hoặc 3", "“2 hoặc 3” không phải số; ghi bằng chữ số, ví dụ 12"),
        (-3, "số âm “-3”; ghi từ 0 trở lên"),
        ("-3", "số âm “-3”; ghi từ 0 trở lên"),
        (2.5, "“2,5” không phải số nguyên; ghi số tin, bài tròn"),
        ("2,5", "“2,5” không phải số nguyên; ghi số tin, bài tròn"),
        (10**9, "“1000000000” lớn bất thường; kiểm tra lại"),
        ("-", "“-” không rõ nghĩa; ghi 0 nếu không có bài nào, để trống nếu không có số"),
        (dt.date(2022, 1, 12), "“12/01/2022” không phải số; ghi bằng chữ số, ví dụ 12"),
        (
            Fault.NOT_COMPUTED,
            "công thức chưa có kết quả; mở bằng Excel, lưu lại, hoặc ghi thẳng giá trị",
        ),
        (Fault.ERROR, "công thức báo lỗi (#…); ghi thẳng giá trị"),
    ],
)
def test_what_is_no_whole_number_is_refused_with_what_to_write(
    value: CellValue, problem: str
) -> None:
    assert _complaint(value, whole_of) == f"Kế hoạch!D7: {problem}"


@pytest.mark.parametrize(
    ("value", "number"),
    [(0, 0), ("0", 0), ("12", 12), ("02", 2), ("1.200", 1200), ("1 200", 1200), ("12,0", 12)],
)
def test_whole_numbers_are_read_as_typed(value: CellValue, number: int) -> None:
    complaints = Complaints("tep.xlsx")
    assert whole_of(Cell("A", 1, 1, value), complaints) == number
    complaints.raise_if_any()


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("31/02/2022", "“31/02/2022” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022"),
        ("7/13/2022", "“7/13/2022” không phải ngày; ghi ngày/tháng/năm, ví dụ 13/07/2022"),
        ("1/7/22", "“1/7/22” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022"),
        (44743, "“44743” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022"),
        (
            "ngày 1 tháng 9 năm 2022",
            "“ngày 1 tháng 9 năm 2022” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/09/2022",
        ),
        (
            "Sep 1, 2022",
            "“Sep 1, 2022” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/09/2022",
        ),
        (
            "31 tháng 2 năm 2022",
            "“31 tháng 2 năm 2022” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022",
        ),
        ("hôm qua", "“hôm qua” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022"),
        ("quý I", "“quý I” không phải ngày; ghi ngày/tháng/năm, ví dụ 01/07/2022"),
        (
            dt.date(9999, 12, 31),
            "năm 9999 không hợp lý; để trống nếu chưa có ngày kết thúc",
        ),
    ],
)
def test_what_is_no_day_is_refused_with_what_to_write(value: CellValue, problem: str) -> None:
    assert _complaint(value, day_of) == f"Kế hoạch!D7: {problem}"


@given(
    st.dates(dt.date(1945, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["{d:02}/{m:02}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}"]),
)
def test_a_day_comes_back_however_it_is_written(day: dt.date, pattern: str) -> None:
    complaints = Complaints("tep.xlsx")
    written = pattern.format(d=day.day, m=day.month, y=day.year)
    assert day_of(Cell("A", 1, 1, written), complaints) == day
    assert day_of(Cell("A", 1, 1, day_text(day)), complaints) == day
    complaints.raise_if_any()


def test_complaints_come_in_the_order_of_sheets_rows_and_columns() -> None:
    complaints = Complaints("tep.xlsx")
    for sheet, row, column in [("B", 2, 1), ("A", 9, 2), ("B", 1, 3), ("A", 10, 1), ("A", 9, 1)]:
        complaints.at(Cell(sheet, row, column, "x"), "sai")
    with pytest.raises(InputError) as caught:
        complaints.raise_if_any()
    addresses = [problem.partition(":")[0] for problem in caught.value.problems]
    assert addresses == ["B!C1", "B!A2", "A!A9", "A!B9", "A!A10"]
    assert "tep.xlsx có 5 lỗi; chưa có gì được thay đổi" in str(caught.value)
