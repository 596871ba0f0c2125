"""What an office's own Word template can show of a report: names, and their plain values. Pure.

Text, yes or no, and lists of these: nothing of the program itself gets into a template. Numbers are
text as the reports print them ('≥ 12', '66,7 %', '—'), so that a template cannot lose the '≥'.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from reports.calendar import spell_days
from reports.office_package import xml_text
from reports.pace import pace_of
from reports.render import pace_words, plan_tables, prose, words
from reports.render.form import date_words, number_line
from reports.render.lookup import Lookup
from reports.targets import targets
from reports.totals import totals
from storage.language import Language, speaking
from storage.records import Exclusion, LineStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reports.totals import TagTotal
    from storage.records import LineArticle, Report, ReportLine

T = TypeVar("T")
Value: TypeAlias = "str | bool | list[str] | list[dict[str, Value]]"


class Kind(Enum):
    """What stands in a placeholder's place."""

    TEXT = "chữ"
    FLAG = "đúng/sai"
    TEXTS = "các đoạn chữ"
    ROWS = "các hàng"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A name that a template may use."""

    name: str
    meaning: str
    """Vietnamese: it is read by who writes the office's template."""
    kind: Kind = Kind.TEXT
    parts: tuple[Placeholder, ...] = ()
    """Of ``ROWS``: what each row has."""


_LINE = (
    Placeholder("tt", "số thứ tự"),
    Placeholder("don_vi", "tên đơn vị"),
    Placeholder("nhom", "nhóm: CCHC, TTHC …"),
    Placeholder("chi_tieu", "số tin, bài theo kế hoạch"),
    Placeholder("tu_bao_cao", "số đơn vị tự báo cáo"),
    Placeholder("xac_minh", "số xác minh (“≥” là ít nhất)"),
    Placeholder("chenh_lech", "tự báo cáo trừ xác minh"),
    Placeholder("ty_le_tu_bao_cao", "tự báo cáo trên kế hoạch"),
    Placeholder("ty_le", "xác minh trên kế hoạch"),
    Placeholder("con_lai", "còn lại theo kế hoạch (“≤” là nhiều nhất)"),
    Placeholder("ket_qua", "Đạt, Chưa đạt, Không xác minh được, Không giao chỉ tiêu"),
    Placeholder("dat", "đạt chỉ tiêu", Kind.FLAG),
    Placeholder("chua_dat", "chưa đạt, và đã xem đủ", Kind.FLAG),
    Placeholder("khong_xac_minh", "chưa xem đủ để kết luận", Kind.FLAG),
    Placeholder("chua_du_can_cu", "số bài chưa đủ căn cứ"),
    Placeholder("trung", "số bài trùng, không tính"),
    Placeholder("dang_lai", "số bài đăng lại, có tính"),
    Placeholder("cong_nhan", "số bài công nhận theo giải trình"),
    Placeholder("tien_do", "câu về tiến độ kế hoạch (để trống khi không có)"),
    Placeholder("da_xem", "câu nói đã xem được gì"),
)
_ARTICLE = (
    Placeholder("tt", "số thứ tự"),
    Placeholder("don_vi", "tên đơn vị"),
    Placeholder("tieu_de", "tiêu đề"),
    Placeholder("dia_chi", "đường dẫn"),
    Placeholder("ngay", "ngày đăng"),
    Placeholder("nhom", "các nhóm được tính"),
    Placeholder("ma_bai", "mã bài, để tra bằng chứng"),
)

PLACEHOLDERS: tuple[Placeholder, ...] = (
    Placeholder("co_quan", "cơ quan kiểm tra"),
    Placeholder("ten_o_dau", "tên cơ quan ban hành ở đầu văn bản"),
    Placeholder("co_quan_chu_quan", "cơ quan chủ quản"),
    Placeholder("so", "số, ký hiệu của báo cáo đã chốt (chưa chốt thì để chấm)"),
    Placeholder("ky_hieu", "chữ viết tắt tên cơ quan"),
    Placeholder("dia_danh", "địa danh"),
    Placeholder("ngay_ky", "“ngày … tháng … năm …” của báo cáo đã chốt"),
    Placeholder("nguoi_ky", "họ tên người ký"),
    Placeholder("chuc_vu", "quyền hạn, chức vụ người ký, từng dòng", Kind.TEXTS),
    Placeholder("kinh_gui", "nơi kính gửi", Kind.TEXTS),
    Placeholder("can_cu", "các căn cứ", Kind.TEXTS),
    Placeholder("noi_nhan", "nơi nhận, từng dòng", Kind.TEXTS),
    Placeholder("trich_yeu", "trích yếu"),
    Placeholder("ky", "kỳ: “9 tháng đầu năm 2022”"),
    Placeholder("ma_ky", "mã kỳ: 2022-9M"),
    Placeholder("tu_den", "“từ … đến hết …”"),
    Placeholder("chot_luc", "giờ và ngày lấy số liệu"),
    Placeholder("quy_tac", "tên và mã của quy tắc đếm"),
    Placeholder("bo_chu_de", "bộ chủ đề"),
    Placeholder("bo_phan_loai", "bộ phân loại"),
    Placeholder("ma_goc", "mã gốc của chuỗi bằng chứng"),
    Placeholder("so_don_vi", "số đơn vị"),
    Placeholder("so_phat_hien", "số phát hiện"),
    Placeholder("mo_dau", "đoạn mở đầu"),
    Placeholder("pham_vi", "phạm vi, thời điểm lấy số liệu", Kind.TEXTS),
    Placeholder("phuong_phap", "quy tắc tính và điểm cần lưu ý", Kind.TEXTS),
    Placeholder("ket_qua_chung", "kết quả chung", Kind.TEXTS),
    Placeholder("de_xuat", "đề xuất, kiến nghị", Kind.TEXTS),
    Placeholder("ket_thuc", "đoạn kết"),
    Placeholder(
        "tong",
        "kết quả chung, mỗi nhóm một hàng",
        Kind.ROWS,
        (
            Placeholder("nhom", "nhóm"),
            Placeholder("co_chi_tieu", "số đơn vị có chỉ tiêu"),
            Placeholder("chi_tieu", "tổng chỉ tiêu"),
            Placeholder("xac_minh", "xác minh của các đơn vị đó"),
            Placeholder("ty_le", "tỷ lệ xác minh"),
            Placeholder("den_nay", "tổng phải đạt đến nay"),
            Placeholder("ty_le_den_nay", "xác minh trên số phải đạt đến nay"),
            Placeholder("dat", "số đơn vị đạt"),
            Placeholder("chua_dat", "số đơn vị chưa đạt"),
            Placeholder("khong_xac_minh", "số đơn vị không xác minh được"),
            Placeholder("xac_minh_tat_ca", "xác minh của mọi đơn vị"),
            Placeholder("tu_bao_cao", "tổng tự báo cáo"),
        ),
    ),
    Placeholder("dong", "mỗi đơn vị, mỗi nhóm một hàng", Kind.ROWS, _LINE),
    Placeholder(
        "don_vi",
        "từng đơn vị, có các hàng và bài của nó",
        Kind.ROWS,
        (
            Placeholder("tt", "số thứ tự"),
            Placeholder("ten", "tên đơn vị"),
            Placeholder("ma", "mã đơn vị"),
            Placeholder("da_xem", "câu nói đã xem được gì"),
            Placeholder("ket_qua", "mỗi nhóm một câu, rồi các dòng kế hoạch chậm", Kind.TEXTS),
            Placeholder("dong", "mỗi nhóm một hàng", Kind.ROWS, _LINE),
            Placeholder("bai", "bài được tính", Kind.ROWS, _ARTICLE),
        ),
    ),
    Placeholder("bai", "mọi bài được tính", Kind.ROWS, _ARTICLE),
    Placeholder(
        "phat_hien",
        "các phát hiện",
        Kind.ROWS,
        (
            Placeholder("tt", "số thứ tự"),
            Placeholder("ma", "mã phát hiện"),
            Placeholder("loai", "loại"),
            Placeholder("don_vi", "tên đơn vị"),
            Placeholder("nhom", "nhóm"),
            Placeholder("noi_dung", "nội dung, kèm bài và ô trong báo cáo của đơn vị"),
            Placeholder("nguyen_nhan", "nguyên nhân có thể"),
            Placeholder("tinh_trang", "đã giải trình, chấp nhận, giữ nguyên"),
        ),
    ),
    Placeholder(
        "dong_ke_hoach",
        "các dòng kế hoạch (khi kế hoạch nhập theo dòng)",
        Kind.ROWS,
        (
            Placeholder("don_vi", "tên đơn vị"),
            Placeholder("tt", "số thứ tự trong kế hoạch"),
            Placeholder("noi_dung", "nội dung"),
            Placeholder("chi_tieu", "chỉ tiêu bằng chữ: “02 tin, bài/tháng”"),
            Placeholder("ca_ky", "cả kỳ kế hoạch"),
            Placeholder("den_nay", "đến hết kỳ số liệu"),
            Placeholder("xac_minh", "xác minh"),
            Placeholder("ke_khai", "đơn vị tự kê khai (ngoài trang web)"),
            Placeholder("ty_le", "tỷ lệ"),
            Placeholder("ket_qua", "kết quả"),
            Placeholder("tien_do", "câu về tiến độ (để trống khi không có)"),
        ),
    ),
)
"""All names, in the order in which the guide lists them."""


def example(*, flag: bool = True, rows: int = 1) -> dict[str, Value]:
    """Give a value for every name: what a template is tried on.

    Args:
        flag: what all of yes or no are.
        rows: how many every list has.
    """
    return _example(PLACEHOLDERS, flag=flag, rows=rows)


def _example(placeholders: Iterable[Placeholder], *, flag: bool, rows: int) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for one in placeholders:
        match one.kind:
            case Kind.TEXT:
                values[one.name] = one.meaning
            case Kind.FLAG:
                values[one.name] = flag
            case Kind.TEXTS:
                values[one.name] = [one.meaning] * rows
            case Kind.ROWS:
                values[one.name] = [_example(one.parts, flag=flag, rows=rows)] * rows
    return values


# ----------------------------------------------------------------------- of a report


def values(report: Report) -> dict[str, Value]:
    """Give what a report has in the place of each name; Vietnamese, as the official report is."""
    with speaking(Language.VI):
        return _clean(
            {
                **_head(report),
                **_texts(report),
                "tong": [_total(total) for total in totals(report)],
                "dong": [_line(number, line) for number, line in _numbered(report.lines)],
                "don_vi": list(_units(report)),
                "bai": _articles(report.lines),
                "phat_hien": list(_findings(report)),
                "dong_ke_hoach": list(_plan_lines(report)),
            }
        )


def _clean(values: Mapping[str, Value]) -> dict[str, Value]:
    """Leave out what XML cannot hold, and breaks of lines."""
    return {name: _clean_value(value) for name, value in values.items()}


def _clean_value(value: Value) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return xml_text(value)
    rows = [_clean(one) for one in value if isinstance(one, dict)]
    return rows or [xml_text(one) for one in value if isinstance(one, str)]


def _head(report: Report) -> dict[str, Value]:
    head = report.letterhead
    return {
        "co_quan": report.office,
        "ten_o_dau": head.name or report.office,
        "co_quan_chu_quan": head.superior,
        "so": number_line(head, "BC").removeprefix("Số: "),
        "ky_hieu": head.symbol,
        "dia_danh": head.place,
        "ngay_ky": date_words(head.signed_on),
        "nguoi_ky": head.signer,
        "chuc_vu": list(head.position),
        "kinh_gui": list(head.addressees),
        "can_cu": list(head.grounds),
        "noi_nhan": list(prose.recipients(report)),
    }


def _texts(report: Report) -> dict[str, Value]:
    return {
        "trich_yeu": prose.subject(report),
        "ky": prose.short_period(report),
        "ma_ky": report.period_code,
        "tu_den": spell_days(report.period),
        "chot_luc": words.instant_text(report.as_of),
        "quy_tac": report.rule,
        "bo_chu_de": report.taxonomy_release,
        "bo_phan_loai": report.tagger or "chưa phân loại",
        "ma_goc": words.NOTHING if report.evidence is None else report.evidence.root,
        "so_don_vi": str(len({line.unit for line in report.lines})),
        "so_phat_hien": str(len(report.findings)),
        "mo_dau": prose.opening(report),
        "pham_vi": list(prose.scope(report)),
        "phuong_phap": list(prose.method(report)),
        "ket_qua_chung": list(prose.general(report)),
        "de_xuat": list(prose.proposals(report)),
        "ket_thuc": prose.closing(report),
    }


def _total(total: TagTotal) -> dict[str, Value]:
    verified, share, share_of_due = words.shares_of(total)
    return {
        "nhom": total.tag,
        "co_chi_tieu": str(total.with_quota),
        "chi_tieu": words.number_text(total.planned),
        "xac_minh": verified,
        "ty_le": share,
        "den_nay": words.number_text(total.due),
        "ty_le_den_nay": share_of_due,
        "dat": str(total.reached),
        "chua_dat": str(total.short),
        "khong_xac_minh": str(total.not_verifiable),
        "xac_minh_tat_ca": words.count_text(total.counted),
        "tu_bao_cao": words.number_text(total.claimed),
    }


def _line(number: int, line: ReportLine) -> dict[str, Value]:
    pace = pace_of(line)
    return {
        "tt": str(number),
        "don_vi": line.unit_name,
        "nhom": line.tag,
        "chi_tieu": words.number_text(line.planned),
        "tu_bao_cao": words.number_text(line.claimed),
        "xac_minh": words.count_text(line.counted),
        "chenh_lech": words.difference_text(line),
        "ty_le_tu_bao_cao": words.percentage(line.claimed_percent),
        "ty_le": words.percent_text(line),
        "con_lai": words.remaining_text(line),
        "ket_qua": words.status_word(line.status),
        "dat": line.status is LineStatus.REACHED,
        "chua_dat": line.status is LineStatus.SHORT,
        "khong_xac_minh": line.status is LineStatus.NOT_VERIFIABLE,
        "chua_du_can_cu": str(line.unsettled),
        "trung": str(line.excluded.get(Exclusion.DUPLICATE, 0)),
        "dang_lai": str(line.reposts),
        "cong_nhan": str(line.recognised),
        "tien_do": "" if pace is None else pace_words.told(pace),
        "da_xem": line.coverage_note,
    }


def _units(report: Report) -> Iterator[dict[str, Value]]:
    of_units = [list(lines) for _, lines in groupby(report.lines, key=lambda line: line.unit)]
    grouped = groupby(targets(report), key=lambda target: target.unit)
    of_plans = {unit: list(of_unit) for unit, of_unit in grouped}
    for number, lines in _numbered(of_units):
        yield {
            "tt": str(number),
            "ten": lines[0].unit_name,
            "ma": lines[0].unit,
            "da_xem": prose.seen(lines),
            "ket_qua": list(prose.of_unit(lines, of_plans.get(lines[0].unit, ()))),
            "dong": [_line(place, line) for place, line in _numbered(lines)],
            "bai": _articles(lines),
        }


def _articles(lines: Iterable[ReportLine]) -> list[dict[str, Value]]:
    """Give each counted article once, with the tags that it counts for."""
    tags: dict[tuple[str, int], list[str]] = {}
    articles: dict[tuple[str, int], tuple[str, LineArticle]] = {}
    for line in lines:
        for article in line.articles:
            if article.bucket is None:
                key = line.unit, article.article_id
                tags.setdefault(key, []).append(line.tag)
                articles.setdefault(key, (line.unit_name, article))
    return [
        {
            "tt": str(number),
            "don_vi": unit_name,
            "tieu_de": article.title,
            "dia_chi": article.url,
            "ngay": words.dated_text(article.day, article.days),
            "nhom": ", ".join(tags[key]),
            "ma_bai": str(article.article_id),
        }
        for number, (key, (unit_name, article)) in _numbered(articles.items())
    ]


def _findings(report: Report) -> Iterator[dict[str, Value]]:
    lookup = Lookup.of(report)
    for number, finding in _numbered(report.findings):
        yield {
            "tt": str(number),
            "ma": finding.key,
            "loai": words.finding_word(finding.kind),
            "don_vi": lookup.unit_name(finding.unit),
            "nhom": finding.tag or "",
            "noi_dung": prose.finding_sentence(finding, lookup),
            "nguyen_nhan": prose.causes(finding.kind) or "",
            "tinh_trang": words.state_word(finding.state),
        }


def _plan_lines(report: Report) -> Iterator[dict[str, Value]]:
    names = (
        "tt", "noi_dung", "chi_tieu", "ca_ky", "den_nay", "xac_minh", "ke_khai", "ty_le", "ket_qua",
    )  # fmt: skip
    lookup = Lookup.of(report)
    for result in report.plan_results:
        pace, row = pace_of(result), plan_tables.line_row(result, plan_tables.BRIEF)
        yield {
            "don_vi": lookup.unit_name(result.unit),
            **dict(zip(names, row, strict=True)),
            "tien_do": "" if pace is None else pace_words.told(pace),
        }


def _numbered(items: Iterable[T]) -> Iterator[tuple[int, T]]:
    return enumerate(items, start=1)
