"""Word files: their tables give the rows that a sheet would give."""

from __future__ import annotations

import contextlib
import functools
import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.importers import grid
from reports.importers.packages import OLE
from reports.importers.sheets import read_book
from reports.importers.tables import Column, Form, find_tables
from storage.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FORM = Form("Bảng", (Column("unit", "Mã đơn vị"), Column("posts", "Số tin, bài")))
ROWS = (("Mã đơn vị", "Số tin, bài"), ("ST-DONG", "12"), ("ST-TAY", " 7 "))


def _document(*tables: Sequence[Sequence[str]]) -> Any:  # noqa: ANN401 - python-docx's factory
    document = docx.Document()
    document.add_paragraph("KẾ HOẠCH tuyên truyền năm 2022")
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    return document


@pytest.fixture
def saved(tmp_path: Path) -> Callable[[Any], Path]:
    def save(document: Any) -> Path:  # noqa: ANN401
        document.save(str(tmp_path / "a.docx"))
        return tmp_path / "a.docx"

    return save


def test_every_table_is_a_sheet_and_its_cells_are_named_as_people_count_them(
    saved: Callable[[Any], Path],
) -> None:
    book = read_book(saved(_document((("UBND XÃ", "CỘNG HÒA"),), ROWS)))
    assert [sheet.name for sheet in book.sheets] == ["Bảng 1", "Bảng 2"]
    last = book.sheets[1].rows[2][1]
    assert (last.address, last.value) == ("Bảng 2, hàng 3, cột 2", "7")
    assert book.prose == ("KẾ HOẠCH tuyên truyền năm 2022",)


def test_a_form_is_found_among_the_tables_and_an_empty_cell_has_its_address(
    saved: Callable[[Any], Path],
) -> None:
    found = find_tables(read_book(saved(_document((*ROWS, ("ST", ""))))), (FORM,))
    rows = found.value[FORM.title]
    assert [row["unit"].value for row in rows] == ["ST-DONG", "ST-TAY", "ST"]
    assert (rows[2]["posts"].value, rows[2]["posts"].address) == (None, "Bảng 1, hàng 4, cột 2")


def test_merged_cells_go_on_downwards_and_keep_the_columns_in_place(
    saved: Callable[[Any], Path],
) -> None:
    document = _document((("A", "B", "C"), ("", "1", "2"), ("x", "", "3")))
    table = document.tables[0]
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 0).merge(table.cell(2, 1))
    rows = read_book(saved(document)).sheets[0].rows
    assert [[(c.column, c.value, c.continues) for c in row] for row in rows] == [
        [(1, "A", False), (2, "B", False), (3, "C", False)],
        [(1, "A", True), (2, "1", False), (3, "2", False)],
        [(1, "x", False), (3, "3", False)],
    ]


def test_a_link_behind_a_text_is_told_and_removed_text_is_not(
    saved: Callable[[Any], Path],
) -> None:
    document = _document((("Tiêu đề",), ("",)))
    relation = document.part.relate_to(
        "http://dongtram.test/tin/1",
        RELATIONSHIP_TYPE.HYPERLINK,
        is_external=True,
    )
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    paragraph = parse_xml(
        f'<w:p xmlns:w="{main}" xmlns:r="{office}"><w:del><w:r><w:t>cũ </w:t></w:r></w:del>'
        f'<w:hyperlink r:id="{relation}"><w:r><w:t>Bài một</w:t></w:r></w:hyperlink></w:p>'
    )
    document.tables[0].cell(1, 0).paragraphs[0]._p.addnext(paragraph)  # noqa: SLF001
    cell = read_book(saved(document)).sheets[0].rows[1][0]
    assert (cell.value, cell.link) == ("Bài một", "http://dongtram.test/tin/1")


def test_too_many_rows_are_refused(
    saved: Callable[[Any], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_ROWS", 2)
    with pytest.raises(InputError, match="quá lớn"):
        read_book(saved(_document(ROWS)))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "bỏ mật khẩu"),
        (OLE + b"\0" * 99, "Lưu thành (Save As) → .docx"),
        (b"PK\x03\x04 broken", "xin lại tệp"),
    ],
)
def test_protected_old_and_broken_documents_are_refused_with_advice(
    tmp_path: Path, content: bytes, advice: str
) -> None:
    for name in ("a.docx", "a.docm"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_book(tmp_path / name)
        assert name in str(caught.value)
        assert advice in str(caught.value)


@pytest.mark.parametrize("ending", [".doc", ".odt", ".rtf"])
def test_other_kinds_of_documents_are_to_be_saved_by_word(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"a{ending}").write_bytes(b"x")
    with pytest.raises(InputError, match=r"Mở trong Word.*\.docx"):
        read_book(tmp_path / f"a{ending}")


def test_a_document_that_unpacks_beyond_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "MAX_UNPACKED_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 1_000_001)
    with pytest.raises(InputError, match="quá lớn"):
        read_book(tmp_path / "a.docx")


def test_a_document_with_macros_is_read_and_none_is_run(saved: Callable[[Any], Path]) -> None:
    path = saved(_document(ROWS))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    book = read_book(path.rename(path.with_suffix(".docm")))
    assert len(book.sheets) == 1
    assert any("macro không chạy" in note for note in book.notes)


def test_outside_entities_are_never_read(tmp_path: Path) -> None:
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        b"<w:body><w:p><w:r><w:t>x&e;</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("word/document.xml", xml)
    assert read_book(tmp_path / "a.docx").prose == ("x",)


@functools.cache
def _xml_of_a_good_document() -> bytes:
    good = io.BytesIO()
    _document(ROWS).save(good)
    with zipfile.ZipFile(good) as package:
        return package.read("word/document.xml")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    xml = _xml_of_a_good_document()
    start, length = data.draw(st.integers(0, len(xml))), data.draw(st.integers(0, 60))
    noise = data.draw(st.binary(max_size=8))
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("word/document.xml", xml[:start] + noise + xml[start + length :])
    with contextlib.suppress(InputError):
        read_book(tmp_path / "a.docx")
