"""A Word template to begin with: the official report's layout, with names where figures go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.render.document import (
    Annex,
    Cell,
    Clause,
    Column,
    Item,
    OfficialDocument,
    Paragraph,
    Part,
    Row,
    Side,
    Table,
)
from reports.render.docx import document_to_docx

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from reports.render.document import Block
    from storage.records import Letterhead


def sample_template(letterhead: Letterhead, office: str, *, made_at: dt.datetime) -> bytes:
    """Give the file, with the office's own head; the same head and instant give the same bytes."""
    return document_to_docx(_compose(letterhead, office), made_at=made_at)


def _compose(letterhead: Letterhead, office: str) -> OfficialDocument:
    return OfficialDocument(
        letterhead=replace(letterhead, number="{{ so }}"),
        dated="{{ dia_danh }}, {{ ngay_ky }}",
        issuer=letterhead.name or office,
        subject="{{ trich_yeu }}",
        body=_body(),
        recipients=("{%p for noi in noi_nhan %}", "{{ noi }}", "{%p endfor %}"),
        annexes=(
            Annex("PHỤ LỤC I", "KẾT QUẢ TỪNG ĐƠN VỊ", (_lines(),)),
            Annex("PHỤ LỤC II", "DANH MỤC TIN, BÀI ĐƯỢC TÍNH", (_articles(),)),
        ),
        attached_to="(Kèm theo Báo cáo số {{ so }} {{ ngay_ky }} của {{ co_quan }})",
        footnote="",
    )


def _body() -> tuple[Block, ...]:
    return (
        Paragraph("{{ mo_dau }}"),
        Part("I. PHẠM VI, PHƯƠNG PHÁP"),
        *_each("doan", "pham_vi", Paragraph("{{ doan }}")),
        *_each("doan", "phuong_phap", Item("{{ doan }}")),
        Part("II. KẾT QUẢ CHUNG"),
        *_each("doan", "ket_qua_chung", Paragraph("{{ doan }}")),
        _totals(),
        Part("III. KẾT QUẢ TỪNG ĐƠN VỊ"),
        *_each(
            "dv",
            "don_vi",
            Clause("{{ dv.tt }}. {{ dv.ten }}"),
            Paragraph("{{ dv.da_xem }}"),
            *_each("cau", "dv.ket_qua", Item("{{ cau }}")),
        ),
        Part("IV. CHÊNH LỆCH CẦN XEM XÉT"),
        Paragraph("{%p if phat_hien %}"),
        *_each("ph", "phat_hien", Item("{{ ph.loai }}: {{ ph.noi_dung }}")),
        Paragraph("{%p else %}"),
        Paragraph("Không phát hiện chênh lệch."),
        Paragraph("{%p endif %}"),
        Part("V. ĐỀ XUẤT, KIẾN NGHỊ"),
        *_each("doan", "de_xuat", Paragraph("{{ loop.index }}. {{ doan }}")),
        Paragraph("{{ ket_thuc }}"),
    )


def _each(name: str, of: str, *blocks: Block) -> tuple[Block, ...]:
    return (Paragraph(f"{{%p for {name} in {of} %}}"), *blocks, Paragraph("{%p endfor %}"))


def _table(of: str, columns: Sequence[tuple[str, float, str]], left: int) -> Table:
    """Repeat one row for each item; ``left``: the number of the column of running text."""
    sides = [Side.LEFT if place == left else Side.CENTRE for place in range(len(columns))]
    return Table(
        tuple(
            Column(header, width, side)
            for (header, width, _), side in zip(columns, sides, strict=True)
        ),
        (
            Row((Cell(f"{{%tr for d in {of} %}}"),), is_group=True),
            Row(tuple(Cell(f"{{{{ d.{name} }}}}") for _, _, name in columns)),
            Row((Cell("{%tr endfor %}"),), is_group=True),
        ),
    )


def _totals() -> Table:
    columns = (
        ("Nhóm", 17, "nhom"),
        ("Chỉ tiêu", 20, "chi_tieu"),
        ("Xác minh", 22, "xac_minh"),
        ("Tỷ lệ", 24, "ty_le"),
        ("Đạt", 16, "dat"),
        ("Chưa đạt", 18, "chua_dat"),
        ("Không xác minh được", 24, "khong_xac_minh"),
        ("Tự báo cáo", 24, "tu_bao_cao"),
    )
    return _table("tong", columns, left=-1)


def _lines() -> Table:
    columns = (
        ("Đơn vị", 46, "don_vi"),
        ("Nhóm", 15, "nhom"),
        ("Chỉ tiêu", 15, "chi_tieu"),
        ("Tự báo cáo", 16, "tu_bao_cao"),
        ("Xác minh", 18, "xac_minh"),
        ("Tỷ lệ", 20, "ty_le"),
        ("Còn lại", 13, "con_lai"),
        ("Kết quả", 22, "ket_qua"),
    )
    return _table("dong", columns, left=0)


def _articles() -> Table:
    columns = (
        ("TT", 11, "tt"),
        ("Tiêu đề", 66, "tieu_de"),
        ("Đơn vị", 32, "don_vi"),
        ("Ngày đăng", 22, "ngay"),
        ("Nhóm", 18, "nhom"),
        ("Mã bài", 16, "ma_bai"),
    )
    return _table("bai", columns, left=1)
