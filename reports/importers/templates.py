"""The Excel templates that ``tinbai init`` lays out: one example line each, and a guide."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reports.importers.outputs import OUTPUTS
from reports.importers.plan import PLAN
from reports.importers.plan_forms import LINES_TEMPLATE
from reports.importers.self_report import ARTICLES, TOTALS
from reports.importers.units import SITES, SUCCESSIONS, UNITS
from reports.workbook import Styled, TableSheet, new_book, to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from reports.importers.tables import Form

_MADE_AT = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
"""Printed in the files' properties; fixed, so that the templates are always the same bytes."""
_WIDTHS = {
    "name": 30.0,
    "parent": 16.0,
    "address": 36.0,
    "decision": 22.0,
    "document": 22.0,
    "title": 52.0,
    "url": 56.0,
    "content": 52.0,
    "description": 40.0,
    "form": 26.0,
    "quantity": 22.0,
    "lead": 26.0,
    "proof": 26.0,
}
_WIDTH = 14.0

Line = tuple[str | int | dt.date | None, ...]

_NEW_YEAR, _YEAR_END = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
_MERGED = dt.date(2022, 7, 1)
_NINE_MONTHS = (_NEW_YEAR, dt.date(2022, 9, 30))
_RESOLUTION = "12/NQ-HĐND"
_EXAMPLES: Mapping[str, Sequence[Line]] = {
    # An invented district: nobody's numbers, and the three files fit together.
    UNITS.title: (
        ("ST", "UBND huyện Sông Trầm", "huyện", None, _NEW_YEAR, None, None),
        ("ST-DONG", "UBND xã Đông Trầm", "xã", "ST", _NEW_YEAR, None, None),
        ("ST-TAY", "UBND xã Tây Trầm", "xã", "ST", _NEW_YEAR, dt.date(2022, 6, 30), None),
    ),
    SUCCESSIONS.title: (("ST-TAY", "ST-DONG", "sáp nhập", _MERGED, _RESOLUTION),),
    SITES.title: (("dong-tram", "http://dongtram.songtram.example", "ST-DONG", _NEW_YEAR, None),),
    PLAN.title: (
        ("ST-DONG", "UBND xã Đông Trầm", _NEW_YEAR, _YEAR_END, None, 24, 12, 6, "05/KH-UBND"),
    ),
    TOTALS.title: (("ST-DONG", "UBND xã Đông Trầm", *_NINE_MONTHS, 19, 1, 4),),
    ARTICLES.title: (
        (
            "ST-DONG",
            "UBND xã Đông Trầm",
            *_NINE_MONTHS,
            "TTHC",
            "Xã Đông Trầm rút ngắn thời gian giải quyết thủ tục hành chính",
            "http://dongtram.songtram.example/tin-tuc/rut-ngan-thoi-gian-giai-quyet",
            dt.date(2022, 3, 15),
        ),
    ),
    LINES_TEMPLATE.title: (
        (
            "ST-DONG",
            2022,
            "Tuyên truyền thủ tục hành chính, dịch vụ công trực tuyến",
            "Tin, bài trên Trang TTĐT",
            "02 tin, bài/tháng",
            "Hằng tháng",
            "Văn phòng HĐND và UBND",
            "TTHC",
        ),
    ),
    OUTPUTS.title: (
        (
            "ST-DONG",
            "UBND xã Đông Trầm",
            "Lượt phát thanh",
            24,
            "Thủ tục hành chính cấp xã",
            None,
            *_NINE_MONTHS,
            None,
        ),
    ),
}

_DAYS = (
    "Từ ngày, Đến ngày",
    "Ghi ngày/tháng/năm, ví dụ 01/07/2022. “Đến ngày” là ngày cuối cùng còn tính.",
)
_REPLACE = (
    "Dòng chữ nghiêng",
    "Ví dụ về một huyện không có thật. Xóa hoặc ghi đè trước khi nhập số liệu của đơn vị.",
)
_STAR = (
    "Tiêu đề cột",
    "Giữ nguyên tên cột ở dòng đầu; có thể đổi thứ tự, thêm cột khác (sẽ không dùng đến).",
)
_ANY_NUMBER = (
    "CCHC, TTHC, CPĐT",
    (
        "Số tin, bài đăng trên trang: CCHC (mọi nội dung cải cách hành chính), TTHC (cải cách thủ "
        "tục hành chính), CPĐT (Chính phủ điện tử, chính quyền số, chuyển đổi số). "
        "Một bài có thể tính ở nhiều nhóm."
    ),
)
_CODE = (
    "Mã đơn vị",
    (
        "Mã do cơ quan kiểm tra tự đặt trong danh sách đơn vị, ví dụ ST-DONG. Không dùng mã thống "
        "kê, vì mã thống kê đã từng được cấp lại cho đơn vị khác."
    ),
)

Guide = tuple[tuple[str, str], ...]
_UNITS_GUIDE: Guide = (
    _REPLACE,
    _STAR,
    _CODE,
    (
        "Bảng Đơn vị",
        (
            "Mỗi tên, cấp hoặc đơn vị cấp trên của một đơn vị là một dòng, kèm thời gian có hiệu "
            "lực. Đổi tên: kết thúc dòng cũ, thêm dòng mới cùng mã."
        ),
    ),
    ("Cấp", "tỉnh; huyện (quận, thị xã); xã (phường, thị trấn, đặc khu); phòng ban (sở, ban)."),
    ("Mã đơn vị cấp trên", "Mã của đơn vị quản lý trực tiếp; để trống nếu không theo dõi."),
    _DAYS,
    ("Đến ngày để trống", "Đơn vị, tên hoặc trang web vẫn còn hiệu lực."),
    ("Văn bản", "Số, ký hiệu nghị quyết hoặc quyết định, nếu có."),
    (
        "Bảng Kế thừa",
        (
            "Khi sáp nhập, chia tách, đổi tên, giải thể: đơn vị cũ, đơn vị nhận nhiệm vụ và ngày "
            "đầu tiên của đơn vị mới. Chia một thành hai: hai dòng."
        ),
    ),
    (
        "Bảng Trang web",
        (
            "Trang nào thuộc đơn vị nào, từ ngày nào. “Mã trang” trùng tên tệp hồ sơ trong thư mục "
            "sites (dong-tram ứng với sites/dong-tram.yml)."
        ),
    ),
    ("Nhập", "tinbai import units mau-don-vi.xlsx (thêm --dry-run để xem thử trước)."),
)
_PLAN_GUIDE: Guide = (
    _REPLACE,
    _STAR,
    _CODE,
    ("Tên đơn vị", "Để người đọc dễ nhận ra; phần mềm căn cứ vào mã."),
    _DAYS,
    ("Năm", "Thay cho hai cột ngày khi kế hoạch tính cho cả năm dương lịch, ví dụ 2022."),
    _ANY_NUMBER,
    (
        "Không có chỉ tiêu",
        (
            "Để trống hoặc ghi “thường xuyên”: vẫn đếm nhưng không tính tỷ lệ. Ghi 0 chỉ khi kế "
            "hoạch giao 0 tin, bài."
        ),
    ),
    ("Số, ký hiệu kế hoạch", "Ví dụ 05/KH-UBND."),
    (
        "Điều chỉnh kế hoạch",
        "Nhập lại dòng của đơn vị và kỳ đó; bản nhận sau cùng được dùng, bản trước vẫn lưu.",
    ),
    ("Nhập", "tinbai import plan mau-ke-hoach.xlsx (thêm --dry-run để xem thử trước)."),
)
_SELF_REPORT_GUIDE: Guide = (
    _REPLACE,
    _STAR,
    _CODE,
    _DAYS,
    ("Bảng Số liệu", "Số tin, bài đơn vị tự báo cáo trong kỳ, mỗi đơn vị và kỳ một dòng."),
    _ANY_NUMBER,
    ("Ô để trống", "Đơn vị không báo cáo nội dung đó. Ghi 0 nếu đơn vị báo cáo không có bài nào."),
    (
        "Bảng Danh sách",
        (
            "Từng tin, bài mà đơn vị kê khai; không bắt buộc. Bỏ trống hai cột ngày khi bảng Số "
            "liệu chỉ có một kỳ của đơn vị."
        ),
    ),
    ("Nhóm", "CCHC, TTHC hoặc CPĐT; nhiều nhóm thì ghi cách nhau bằng dấu phẩy."),
    ("Đường dẫn", "Địa chỉ đầy đủ của bài, chép từ thanh địa chỉ của trình duyệt."),
    ("Nhập", "tinbai import self-report mau-tu-bao-cao.xlsx (thêm --dry-run để xem thử trước)."),
)

_LINES_GUIDE: Guide = (
    _REPLACE,
    _STAR,
    (
        "Kế hoạch sẵn có",
        (
            "Không cần chép sang biểu này: tệp Excel hoặc Word (.docx) của cơ quan có cột “Nội "
            "dung” và “Sản phẩm” hoặc “Số lượng” là nhập được; thêm --unit MÃ, --year NĂM khi tệp "
            "không ghi."
        ),
    ),
    _CODE,
    (
        "Sản phẩm",
        (
            "Ghi như trong kế hoạch: “02 tin, bài/tháng”; “04 tin và 02 bài mỗi quý”; “ít nhất 01 "
            "bài/tuần”; “12 tin, bài/năm”; “thường xuyên” (không có số). Tỷ lệ “100%” không đếm "
            "được từ trang web."
        ),
    ),
    ("Hình thức", "Nơi đăng, phát: Trang TTĐT, loa truyền thanh, pano … Chỉ trang web được đếm."),
    ("Thời gian", "“Hằng tháng”, “Quý II”, “trước 30/6” …; để trống nếu đã ghi ở “Sản phẩm”."),
    ("Nhóm", "CCHC, TTHC hoặc CPĐT; để trống thì lấy theo nội dung."),
    ("Nhập", "tinbai import plan mau-ke-hoach-theo-dong.xlsx (thêm --dry-run để xem thử trước)."),
)
_OUTPUTS_GUIDE: Guide = (
    _REPLACE,
    _STAR,
    _CODE,
    ("Hình thức", "Lượt phát thanh, pano, băng rôn, cuộc họp, tờ rơi … như trong kế hoạch."),
    ("Ngày; Từ ngày, Đến ngày", "Một ngày, hoặc ngày đầu và ngày cuối cùng còn tính."),
    (
        "Minh chứng",
        (
            "Tên tệp ảnh, biên bản … để cùng thư mục với tệp này; tệp được chép vào thư mục proofs "
            "và không bị sửa nữa."
        ),
    ),
    ("Điều chỉnh", "Nhập lại dòng cũ với số mới; ghi 0 để bỏ."),
    ("Trong báo cáo", "Các kết quả này đứng riêng, ghi “chưa kiểm chứng tự động”."),
    ("Nhập", "tinbai import outputs mau-ngoai-trang-web.xlsx (thêm --dry-run để xem thử trước)."),
)

TEMPLATES: Mapping[str, tuple[tuple[Form, ...], Guide]] = {
    "mau-don-vi.xlsx": ((UNITS, SUCCESSIONS, SITES), _UNITS_GUIDE),
    "mau-ke-hoach.xlsx": ((PLAN,), _PLAN_GUIDE),
    "mau-tu-bao-cao.xlsx": ((TOTALS, ARTICLES), _SELF_REPORT_GUIDE),
    "mau-ke-hoach-theo-dong.xlsx": ((LINES_TEMPLATE,), _LINES_GUIDE),
    "mau-ngoai-trang-web.xlsx": ((OUTPUTS,), _OUTPUTS_GUIDE),
}


def write_templates(folder: Path) -> tuple[Path, ...]:
    """Write the templates that the folder does not have yet; give the paths of all.

    A file that is there may already hold an office's own numbers: it is left alone.
    """
    paths = tuple(folder / name for name in TEMPLATES)
    for path, (forms, guide) in zip(paths, TEMPLATES.values(), strict=True):
        if not path.exists():
            path.write_bytes(_template(path.stem, forms, guide))
    return paths


def _template(title: str, forms: tuple[Form, ...], guide: Guide) -> bytes:
    book = new_book(title)
    for form in forms:
        columns = [(column.header, _WIDTHS.get(column.key, _WIDTH)) for column in form.columns]
        sheet = TableSheet(book, form.title, columns=columns)
        for line in _EXAMPLES[form.title]:
            sheet.add([Styled(value, italic=True) for value in line])
        sheet.close()
    sheet = TableSheet(book, "Hướng dẫn", columns=(("Mục", 28.0), ("Cách ghi", 96.0)))
    for line in guide:
        sheet.add(line)
    sheet.close()
    return to_bytes(book, made_at=_MADE_AT)
