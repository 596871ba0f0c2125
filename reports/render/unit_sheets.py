"""One unit's sheet as a Word document (thông báo). Vietnamese."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.calendar import spell_days
from reports.render import (
    notices,
    pace_tables,
    pace_words,
    plan_tables,
    prose,
    score_tables,
    words,
)
from reports.render.answer_sheets import claims_table, what_became_of_claims
from reports.render.document import (
    Annex,
    Cell,
    Clause,
    Column,
    Item,
    Paragraph,
    Part,
    Row,
    Side,
    Table,
)
from reports.render.docx import document_to_docx
from reports.render.lookup import Lookup
from storage.language import Language, speaking, t
from storage.records import LineStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reports.render.document import Block, OfficialDocument
    from reports.sheet import SheetArticle, UnitSheet
    from storage.records import ReportLine

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII")
RESULT_HEADERS = (
    "Nhóm",
    "Chỉ tiêu",
    "Xác minh",
    "Số ngày xem trọn danh sách",
    "Tỷ lệ",
    "Kết quả",
    "Còn lại",
    "Chưa đủ căn cứ",
    "Đơn vị tự báo cáo",
    "Chênh lệch",
)
_RESULT_WIDTHS = (14, 14, 16, 21, 18, 23, 14, 14, 16, 15)
_OUTPUT_WIDTHS = (25, 14, 36, 26, 26, 38)
_SCORE_WIDTHS = (33, 33, 33, 33, 33)
_PLAN_WIDTHS = (8, 35, 22, 13, 15, 18, 13, 18, 23)
"""Millimetres."""
ARTICLE_HEADERS = ("TT", "Tiêu đề, địa chỉ", "Ngày đăng", "Tính cho nhóm", "Mã bài")
LEFT_OUT_HEADERS = ("TT", "Tiêu đề, địa chỉ", "Ngày đăng", "Lý do không tính", "Mã bài")


# ------------------------------------------------------------------------------------ Word


def sheet_to_docx(sheet: UnitSheet) -> bytes:
    """Give the Word file; the same sheet gives the same bytes, in Vietnamese."""
    return document_to_docx(compose_sheet(sheet), made_at=sheet.report.as_of)


def compose_sheet(sheet: UnitSheet) -> OfficialDocument:
    """Give the sheet as an official document (thông báo)."""
    report = sheet.report
    with speaking(Language.VI):
        annexes = _annexes(sheet)
        return notices.notice(
            report,
            sheet.report_id,
            subject=(
                "Kết quả kiểm tra tin, bài về cải cách hành chính trên trang thông tin điện tử của "
                f"{sheet.unit_name} {prose.short_period(report)}"
            ),
            body=tuple(_body(sheet, {title: annex.label for title, annex in annexes.items()})),
            recipients=(f"- {sheet.unit_name};", "- Lưu: VT."),
            annexes=tuple(annexes.values()),
        )


_COUNTED, _LEFT_OUT, _CLAIMED = "TIN, BÀI ĐƯỢC TÍNH", "TIN, BÀI KHÔNG ĐƯỢC TÍNH", "KÊ KHAI"


def _annexes(sheet: UnitSheet) -> dict[str, Annex]:
    """Give the annexes that have something in them, by title."""
    tables = {
        _COUNTED: (ARTICLE_HEADERS, sheet.counted, tags_of),
        _LEFT_OUT: (LEFT_OUT_HEADERS, sheet.named, reasons_of),
    }
    blocks: dict[str, Block] = {
        title: _articles(headers, articles, said_of)
        for title, (headers, articles, said_of) in tables.items()
        if articles
    }
    if sheet.answer is not None:
        blocks[_CLAIMED] = claims_table(sheet.answer)
    return {
        title: Annex(f"PHỤ LỤC {roman}", title, (block,))
        for roman, (title, block) in zip(_ROMAN, blocks.items(), strict=False)
    }


def _body(sheet: UnitSheet, annexes: dict[str, str]) -> Iterator[Block]:
    parts = (
        ("KẾT QUẢ", _results(sheet)),
        ("TIN, BÀI ĐÃ XÉT", _considered(sheet, annexes)),
        ("ĐỐI CHIẾU BÁO CÁO TỰ ĐÁNH GIÁ", _claims(sheet, annexes)),
        ("ĐIỂM CẦN ĐƠN VỊ XEM XÉT", _findings(sheet)),
        ("VIỆC CÒN LẠI", _left(sheet)),
        ("NẾU ĐƠN VỊ KHÔNG THỐNG NHẤT", _dispute(sheet, annexes)),
    )
    yield Paragraph(
        f"{sheet.report.office} thông báo kết quả kiểm tra, xác minh tin, bài về cải cách hành "
        f"chính đăng trên trang thông tin điện tử của {sheet.unit_name}, kỳ "
        f"{spell_days(sheet.report.period)}, số liệu chốt lúc "
        f"{words.instant_text(sheet.report.as_of)} "
        f"({words.cited(sheet.report, sheet.report_id)}). Số liệu có thể kiểm tra lại tới từng "
        "bài theo các phụ lục kèm theo."
    )
    for roman, (title, blocks) in zip(_ROMAN, parts, strict=False):
        yield Part(f"{roman}. {title}")
        yield from blocks


def _results(sheet: UnitSheet) -> Iterator[Block]:
    yield _table(RESULT_HEADERS, _RESULT_WIDTHS, [_result(line, sheet) for line in sheet.lines])
    yield Paragraph(prose.seen(sheet.lines))
    if not all(line.counted.is_exact for line in sheet.lines):
        yield Paragraph(
            "Dấu ≥ là “ít nhất”: hệ thống chưa xem được hết hoặc còn bài chưa đủ căn cứ, nên số "
            "này không dùng để kết luận đơn vị chưa đạt."
        )
    for line in sheet.lines:
        if line.recognised:
            yield Item(
                f"{line.tag}: công nhận theo giải trình {line.recognised} bài, ngoài số xác minh."
            )
    for title, headers, widths, groups in (
        (
            "Theo từng dòng kế hoạch",
            plan_tables.line_headers(plan_tables.BRIEF),
            _PLAN_WIDTHS,
            plan_tables.line_rows(sheet.report, plan_tables.BRIEF),
        ),
        (
            f"Kết quả ngoài trang web ({plan_tables.UNCHECKED[0]})",
            plan_tables.output_headers(),
            _OUTPUT_WIDTHS,
            plan_tables.output_rows(sheet.report),
        ),
        (
            score_tables.title(),
            score_tables.headers(),
            _SCORE_WIDTHS,
            score_tables.rows(sheet.report),
        ),
    ):
        for _, lines in groups:
            yield Clause(title)
            yield _table(headers, widths, lines)
    yield from map(Item, plan_tables.completions(sheet.report))


def _table(
    headers: tuple[str, ...], widths: tuple[float, ...], rows: Iterable[tuple[str, ...]]
) -> Table:
    columns = tuple(map(Column, headers, widths))
    return Table(columns, tuple(Row(tuple(map(Cell, row))) for row in rows))


def _result(line: ReportLine, sheet: UnitSheet) -> tuple[str, ...]:
    return (
        line.tag,
        words.number_text(line.planned),
        words.count_text(line.counted),
        words.seen_text(sheet.days),
        words.percent_text(line),
        words.status_word(line.status),
        words.remaining_text(line),
        str(line.unsettled),
        words.number_text(line.claimed),
        words.difference_text(line),
    )


def _considered(sheet: UnitSheet, annexes: dict[str, str]) -> Iterator[Block]:
    if not sheet.counted:
        yield Paragraph("Không có tin, bài nào được tính.")
    else:
        yield Paragraph(
            f"Được tính: {len(sheet.counted)} bài, danh mục tại {_annex(annexes, _COUNTED)}. Một "
            "bài có thể được tính cho nhiều nhóm."
        )
    if sheet.named:
        yield Paragraph(
            f"Không được tính hoặc chưa đủ căn cứ: {len(sheet.named)} bài, kèm lý do từng bài tại "
            f"{_annex(annexes, _LEFT_OUT)}."
        )
    if sheet.unnamed:
        yield Paragraph(
            f"Ngoài ra đã xét {sheet.unnamed} bài không thuộc nội dung; danh mục đầy đủ ở tệp "
            "Excel của phiếu này."
        )
    if outside := max((one.outside for one in sheet.lines), default=0):
        yield Paragraph(f"{outside} bài khác của đơn vị đăng ngoài kỳ, không liệt kê.")


def _claims(sheet: UnitSheet, annexes: dict[str, str]) -> Iterator[Block]:
    if sheet.answer is None:
        yield Paragraph("Không có báo cáo tự đánh giá của kỳ này để đối chiếu.")
    else:
        yield from what_became_of_claims(sheet.answer, _annex(annexes, _CLAIMED))


def _findings(sheet: UnitSheet) -> Iterator[Block]:
    # Its own name need not be said to it in every line.
    lookup = replace(Lookup.of(sheet.report), unit_names={sheet.unit: ""})
    if not sheet.findings:
        yield Paragraph("Không có.")
    for finding in sheet.findings:
        code = f" Mã phát hiện: {finding.key}." if finding.key else ""
        yield Item(
            f"{words.finding_word(finding.kind)}: {prose.finding_sentence(finding, lookup)}{code}"
        )


def _left(sheet: UnitSheet) -> Iterator[Block]:
    told = False
    for target in sheet.targets:
        if target.pace is not None:
            told = True
            yield Item(f"{pace_tables.name(target)}: {pace_words.told(target.pace)}.")
        elif target.remaining and not words.is_unknown(target.counted):
            told = True
            yield Item(
                f"{pace_tables.name(target)}: so với chỉ tiêu còn "
                f"{words.at_most(target.remaining, target.counted)} tin, bài."
            )
    if not told:
        yield Paragraph(
            "Không còn việc theo chỉ tiêu."
            if all(line.status is not LineStatus.NOT_VERIFIABLE for line in sheet.lines)
            else "Chưa xác định được phần còn lại vì chưa xem đủ danh sách bài đăng."
        )


def _dispute(sheet: UnitSheet, annexes: dict[str, str]) -> Iterator[Block]:
    yield Item("Bài đã đăng mà không có trong các phụ lục: gửi tiêu đề, đường dẫn, ngày đăng.")
    if sheet.named:
        yield Item(
            f"Bài không được tính: ghi mã bài tại {_annex(annexes, _LEFT_OUT)} và lý do đề nghị "
            "tính; bài chưa rõ ngày hoặc nội dung thì bổ sung ngay trên trang."
        )
    if sheet.answer is not None:
        yield Item(
            f"Mục kê khai: ghi số thứ tự tại {_annex(annexes, _CLAIMED)}, kèm bản lưu (bản in, ảnh "
            "chụp màn hình thấy rõ địa chỉ và ngày)."
        )
    if any(finding.key for finding in sheet.findings):
        yield Item(
            "Phát hiện: ghi mã phát hiện và giải trình; giải trình được lưu nguyên văn cạnh phát "
            "hiện và in trong báo cáo sau."
        )
    yield Item(
        "Muốn xem căn cứ: yêu cầu bản chụp trang đã lưu của từng bài theo mã bài, hoặc gói bằng "
        "chứng tự kiểm tra được."
    )
    contact = f" ({sheet.contact})" if sheet.contact else ""
    yield Paragraph(
        f"Ý kiến gửi về {sheet.report.office}{contact} trước ngày ..... tháng ..... năm ....../."
    )


def _annex(annexes: dict[str, str], title: str) -> str:
    return f"Phụ lục {annexes[title].removeprefix('PHỤ LỤC ')}"


def _articles(
    headers: tuple[str, ...],
    articles: Iterable[SheetArticle],
    said_of: Callable[[SheetArticle], str],
) -> Table:
    widths, sides = (11, 80, 23, 35, 16), (Side.CENTRE, Side.LEFT, *(Side.CENTRE,) * 3)
    rows = tuple(
        Row(
            (
                Cell(str(number)),
                Cell(one.article.title, link=one.article.url, small=one.article.url),
                Cell(words.dated_text(one.article.day, one.article.days)),
                Cell(said_of(one)),
                Cell(str(one.article.article_id)),
            )
        )
        for number, one in enumerate(articles, start=1)
    )
    return Table(tuple(map(Column, headers, widths, sides)), rows)


def tags_of(one: SheetArticle) -> str:
    """Give the tags that an article counts for."""
    repost = t(" (đăng lại)", " (repost)") if one.article.reposted else ""
    return ", ".join(one.tags) + repost


def reasons_of(one: SheetArticle) -> str:
    """Give why an article does not count, by tag."""
    told = "; ".join(
        f"{', '.join(tags)}: {words.exclusion_word(reason)}" for reason, tags in one.reasons
    )
    again = one.article.duplicate_of
    return told if again is None else f"{told} ({t('tính ở bài', 'counted as')} {again})"
