"""The tables that plans of lines come in: headers in the words that offices use."""

from __future__ import annotations

from reports.importers.tables import Column, Form

_BESIDE = (
    Column("place", "TT", ("STT", "Số TT", "Số thứ tự"), required=False),
    Column("unit", "Mã đơn vị", required=False),
    Column("name", "Tên đơn vị", ("Đơn vị",), required=False),
    Column("start", "Từ ngày", required=False),
    Column("end", "Đến ngày", required=False),
    Column("year", "Năm", required=False),
    Column("tag", "Nhóm", ("Nhóm nội dung", "Lĩnh vực"), required=False),
    Column("form", "Hình thức", ("Hình thức tuyên truyền", "Hình thức thực hiện"), required=False),
    Column("measure", "Đơn vị tính", ("ĐVT",), required=False),
    Column(
        "time",
        "Thời gian",
        ("Thời gian thực hiện", "Thời gian hoàn thành", "Tần suất", "Thời hạn", "Tiến độ"),
        required=False,
    ),
    Column(
        "lead",
        "Cơ quan chủ trì",
        ("Đơn vị chủ trì", "Chủ trì", "Đơn vị thực hiện", "Cơ quan thực hiện", "Phụ trách"),
        required=False,
    ),
)
_CONTENT = Column(
    "content",
    "Nội dung",
    (
        "Nội dung tuyên truyền",
        "Nội dung công việc",
        "Nội dung thực hiện",
        "Nội dung nhiệm vụ",
        "Nhiệm vụ",
        "Tên nhiệm vụ",
        "Công việc",
        "Chủ đề",
        "Chủ đề tuyên truyền",
    ),
)
_PRODUCTS = (
    "Sản phẩm đầu ra",
    "Kết quả đầu ra",
    "Sản phẩm, số lượng",
    "Sản phẩm dự kiến",
    "Dự kiến sản phẩm",
    "Kết quả, sản phẩm",
)
_NUMBERS = ("Số lượng tin, bài", "Chỉ tiêu", "Số lượng, tần suất", "Khối lượng")
LINE_FORMS = (
    Form(
        "Kế hoạch theo dòng",
        (
            _CONTENT,
            Column("quantity", "Số lượng", _NUMBERS),
            Column("product", "Sản phẩm", _PRODUCTS, required=False),
            *_BESIDE,
        ),
    ),
    Form("Kế hoạch theo sản phẩm", (_CONTENT, Column("quantity", "Sản phẩm", _PRODUCTS), *_BESIDE)),
)
"""A number of its own beside the product, or all in one phrase."""

_IN_TEMPLATE = ("unit", "year", "content", "form", "quantity", "time", "lead", "tag")
LINES_TEMPLATE = Form(
    LINE_FORMS[0].title,
    tuple(column for key in _IN_TEMPLATE for column in LINE_FORMS[1].columns if column.key == key),
)
"""What a new file needs; the readers know more columns."""
