"""Office files are ZIP packages: what is refused before anything of them is unpacked. Pure."""

from __future__ import annotations

import io
import zipfile
import zlib

from reports.importers import grid
from storage.errors import InputError
from storage.language import t

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""First bytes of an old .xls or .doc, and of a file that a password protects ([MS-CFB] 2.2)."""

DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # both XML parsers' errors are among them
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and zipfile answer a damaged file with (found by damaging files at random)."""


def check_package(file: str, data: bytes) -> None:
    """Look at the ZIP directory before anything is unpacked.

    Raises:
        InputError: protected, of the old kind, damaged, or too large once unpacked.
    """
    if data.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise InputError(_protected(file) if protected else _old(file))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            # zipfile never gives more bytes of a part than its entry here declares.
            unpacked = sum(part.file_size for part in package.infolist())
    except DAMAGE as error:
        raise InputError(damaged(file)) from error
    if unpacked > grid.MAX_UNPACKED_BYTES:
        raise InputError(too_large(file))


def notes_on_package(package: zipfile.ZipFile) -> list[str]:
    """Say what a file carries that is never run and never followed."""
    names = package.namelist()
    notes = []
    if any(name.endswith("vbaProject.bin") for name in names):
        notes.append(t("Tệp có macro; macro không chạy.", "The file has macros; none is run."))
    if any(name.startswith("xl/externalLinks/") for name in names):
        notes.append(
            t(
                "Tệp lấy số từ tệp khác; không mở tệp đó, chỉ đọc giá trị đã lưu.",
                "The file takes values from others; those are not opened, saved values are read.",
            )
        )
    return notes


def _is_word(file: str) -> bool:
    return file.lower().endswith((".docx", ".docm"))


def _protected(file: str) -> str:
    return t(
        f"Tệp {file} có mật khẩu. Mở tệp, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ) rồi lưu lại.",
        f"The file {file} is protected by a password. Remove it and save.",
    )


def _old(file: str) -> str:
    ending = _new_ending(file)
    return t(
        f"{file} thực ra là tệp Office đời cũ ({ending[:-1]}) được đổi đuôi. "
        f"Mở ra, chọn Lưu thành (Save As) → {ending} rồi nhập lại.",
        f"{file} is really an old {ending[:-1]} file. Save As {ending} and import that.",
    )


def _new_ending(file: str) -> str:
    return ".docx" if _is_word(file) else ".xlsx"


def damaged(file: str) -> str:
    """Say that a file cannot be read, and what to do."""
    kind, ending = ("Word" if _is_word(file) else "Excel"), _new_ending(file)
    return t(
        f"Tệp {file} bị hỏng hoặc không phải tệp {kind}. Mở thử bằng {kind}, lưu lại dạng "
        f"{ending}; nếu không mở được, xin lại tệp từ đơn vị gửi.",
        f"The file {file} is damaged or no {kind} file. Try to open it in {kind} and save it "
        f"as {ending}; if that fails, ask the sender for it again.",
    )


def too_large(file: str) -> str:
    """Say that a file is too large, and what to do."""
    return t(
        f"Tệp {file} quá lớn (tối đa {grid.MAX_BYTES // 1_000_000} MB, {grid.MAX_ROWS} dòng); "
        "xóa trang tính, hình ảnh và dòng thừa, hoặc chia thành nhiều tệp, rồi nhập lại.",
        f"The file {file} is too large (at most {grid.MAX_BYTES // 1_000_000} MB, "
        f"{grid.MAX_ROWS} rows); remove what is not needed, or split it, and import again.",
    )
