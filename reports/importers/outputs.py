"""Work outside the web as units state it, with its proofs → ``Output`` records."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from reports.importers.cells import Complaints, day_of, interval_of, text_of, whole_of
from reports.importers.tables import Column, Form, Reading, find_tables
from reports.importers.unit_cells import UnitNames, check_lifetime, check_list_exists, unit_of
from reports.quantities import form_of
from storage.folding import fold
from storage.language import t
from storage.records import DayInterval, Output

if TYPE_CHECKING:
    from reports.importers.grid import Book, Cell
    from reports.importers.tables import Row
    from storage.records import Registry

OUTPUTS = Form(
    "Kết quả ngoài trang web",
    (
        Column("unit", "Mã đơn vị"),
        Column("name", "Tên đơn vị", ("Đơn vị",), required=False),
        Column("form", "Hình thức", ("Hình thức tuyên truyền", "Sản phẩm")),
        Column("number", "Số lượng", ("Kết quả", "Số lượng đạt được")),
        Column("description", "Nội dung", ("Nội dung tuyên truyền", "Mô tả"), required=False),
        Column("day", "Ngày", ("Ngày thực hiện",), required=False),
        Column("start", "Từ ngày", required=False),
        Column("end", "Đến ngày", required=False),
        Column("proof", "Minh chứng", ("Tệp minh chứng", "Tài liệu kiểm chứng"), required=False),
    ),
)
_ONE_DAY = dt.timedelta(days=1)
MAX_PROOF_BYTES = 200_000_000
"""Largest proof that is kept: a few minutes of video."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file states, and the proofs that go with it."""

    outputs: tuple[Output, ...]
    proofs: tuple[Path, ...]


def read_outputs(
    book: Book, folder: Path, registry: Registry, *, received_at: dt.datetime
) -> Reading[Stated]:
    """Read the statements of a book; proofs are looked for in ``folder`` and below.

    Raises:
        InputError: every problem of the file at once, with its cells.
    """
    check_list_exists(registry)
    found = find_tables(book, (OUTPUTS,))
    complaints, units = Complaints(book.name), UnitNames.of(registry)
    outputs: list[Output] = []
    proofs: dict[Path, str] = {}
    first_rows: dict[tuple[object, ...], Row] = {}
    for row in found.value[OUTPUTS.title]:
        unit = unit_of(row["unit"], units.by_code, complaints, header=OUTPUTS.header("unit"))
        said = text_of(row["form"], complaints, required=OUTPUTS.header("form"))
        number = whole_of(row["number"], complaints)
        if row["number"].value is None:
            complaints.missing(row["number"], OUTPUTS.header("number"))
        period = _period(row, complaints)
        description = text_of(row["description"], complaints) or ""
        proof = _proof(row["proof"], folder, complaints)
        if unit is None or said is None or number is None or period is None:
            continue
        check_lifetime(row["unit"], unit, period, registry, complaints)
        key = unit, period, fold(said), fold(description)
        if first_rows.setdefault(key, row) is not row:
            complaints.at(row["unit"], _twice(first_rows[key]))
        if proof is not None and proof not in proofs:
            proofs[proof] = hashlib.sha256(proof.read_bytes()).hexdigest()
        form, _ = form_of(said)
        outputs.append(
            Output(
                unit=unit,
                period=period,
                form=form,
                measure=said,
                number=number,
                description=description,
                proof_name=None if proof is None else proof.name,
                proof_sha256=None if proof is None else proofs[proof],
                cell=row["number"].address,
                source_sha256=book.sha256,
                source_name=book.name,
                received_at=received_at,
            )
        )
    complaints.raise_if_any()
    without = sum(output.proof_name is None and output.number > 0 for output in outputs)
    return Reading(Stated(tuple(outputs), tuple(proofs)), (*found.notes, *_without_proof(without)))


def _twice(first: Row) -> str:
    return t(
        f"trùng đơn vị, hình thức, nội dung và ngày với {first['unit'].address}; cộng lại thành "
        "một dòng hoặc ghi rõ nội dung khác nhau",
        f"the same unit, form, content and days as {first['unit'].address}; add them up in one "
        "row or tell them apart",
    )


def _without_proof(number: int) -> tuple[str, ...]:
    if not number:
        return ()
    return (
        t(
            f"{number} dòng không có tệp minh chứng.",
            f"{number} row(s) come without a proof.",
        ),
    )


def _period(row: Row, complaints: Complaints) -> DayInterval | None:
    """Give the one day, or the days from the first to the last (inclusive as typed)."""
    if row["day"].value is None:
        return interval_of(
            row["start"],
            row["end"],
            complaints,
            required=(OUTPUTS.header("start"), OUTPUTS.header("end")),
        )
    day = day_of(row["day"], complaints)
    return None if day is None else DayInterval(day, day + _ONE_DAY)


def _proof(cell: Cell, folder: Path, complaints: Complaints) -> Path | None:
    """Give the file that a cell names, when it lies in the folder or below.

    A file typed by somebody else names nothing outside of what came with it.
    """
    text = text_of(cell, complaints)
    if text is None:
        return None
    windows = PureWindowsPath(text)
    if windows.is_absolute() or PurePosixPath(text).is_absolute() or ".." in windows.parts:
        complaints.at(
            cell,
            t(
                f"“{text}” phải nằm cùng thư mục với tệp nhập; chép tệp vào đó rồi ghi tên tệp",
                f"'{text}' must lie beside the imported file; copy it there and write its name",
            ),
        )
        return None
    path = folder.joinpath(*windows.parts)
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        complaints.at(
            cell,
            t(
                f"không thấy tệp minh chứng “{text}” trong thư mục {folder}",
                f"there is no proof '{text}' in the folder {folder}",
            ),
        )
        return None
    if path.stat().st_size > MAX_PROOF_BYTES:
        complaints.at(
            cell,
            t(
                f"tệp minh chứng “{text}” lớn hơn {MAX_PROOF_BYTES // 1_000_000} MB; nén hoặc "
                "trích phần cần thiết",
                f"the proof '{text}' is larger than {MAX_PROOF_BYTES // 1_000_000} MB",
            ),
        )
        return None
    return path
