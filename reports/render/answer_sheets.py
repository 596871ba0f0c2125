"""The answer to a unit as an Excel file and as a Word document (thông báo)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.calendar import spell_day, spell_days
from reports.render import notices, words
from reports.render.claim_sheets import BAD, FILLS, linked
from reports.render.document import (
    Annex,
    Cell,
    Column,
    Item,
    Paragraph,
    Row,
    Side,
    Table,
)
from reports.render.docx import document_to_docx
from reports.workbook import Link, Styled, TableSheet, new_book, to_bytes
from storage.language import Language, speaking, t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openpyxl import Workbook

    from reports.answers import Answer, AnsweredLine
    from reports.render.document import Block, OfficialDocument
    from reports.workbook import Value
    from storage.records import Capture

CLAIM_HEADERS = ("TT", "Nội dung đơn vị khai", "Nhóm", "Kết quả", "Lý do, bản lưu")


def answer_to_xlsx(answer: Answer) -> bytes:
    """Give the Excel file; the same answer gives the same bytes (in the same language)."""
    report = answer.report
    book = new_book(f"{report.office} — {answer.unit_name}")
    titles = notices.titles(report, answer.report_id, answer.unit_name)
    answered_sheet(book, answer, titles)
    if answer.unclaimed:
        not_claimed_sheet(book, answer, titles)
    return to_bytes(book, made_at=report.as_of)


def answered_sheet(book: Workbook, answer: Answer, titles: tuple[str, ...]) -> None:
    """Add the sheet of all that the unit claims, with the answer to each."""
    sheet = TableSheet(
        book,
        t("Trả lời", "Answer"),
        titles=titles,
        columns=(
            (t("TT", "No."), 5),
            (t("Ô trong tệp", "Cell"), 24),
            (t("Nhóm", "Tag"), 8),
            (t("Tiêu đề hoặc số đã khai", "Claimed title or number"), 38),
            (t("Đường dẫn khai", "Claimed address"), 30),
            (t("Ngày khai", "Claimed day"), 12),
            (t("Kết quả", "Result"), 18),
            (t("Lý do", "Reason"), 50),
            (t("Ngày in trên trang", "Printed day"), 12),
            (t("Bài trên trang", "Article"), 32),
            (t("Bản chụp số", "Capture"), 9),
            (t("Chụp lúc", "Captured at"), 16),
            ("SHA-256", 34),
            (t("Giải trình, ý kiến", "What was said"), 30),
        ),
    )
    for number, line in enumerate(answer.claims, start=1):
        url = line.claim.url
        sheet.add((number if url is None else Link(number, url), *_claim(line)))
    sheet.close()


def _claim(line: AnsweredLine) -> tuple[Value, ...]:
    claim, capture = line.claim, line.capture
    return (
        claim.cell,
        claim.tag,
        claim.title if claim.number is None else claim.number,
        linked(claim.url),
        claim.day,
        Styled(line.result, fill=FILLS.get(claim.verdict, BAD)),
        claim.reason,
        claim.found_day,
        None if claim.found_url is None else Link(claim.found_title or "", claim.found_url),
        None if capture is None else capture.id,
        None if capture is None else words.instant_text(capture.captured_at),
        None if capture is None else capture.body_sha256,
        None if line.finding is None else words.said_of(line.finding) or None,
    )


def not_claimed_sheet(book: Workbook, answer: Answer, titles: tuple[str, ...]) -> None:
    """Add the sheet of what the unit published and did not claim."""
    sheet = TableSheet(
        book,
        t("Đã đăng, chưa khai", "Not claimed"),
        titles=titles,
        columns=(
            (t("Nhóm", "Tag"), 8),
            (t("Tiêu đề", "Title"), 60),
            (t("Ngày đăng", "Day"), 12),
            (t("Đường dẫn", "Address"), 60),
        ),
    )
    for tag, article in answer.unclaimed:
        day = words.dated_text(article.day, article.days)
        sheet.add((tag, article.title, day, Link(article.url, article.url)))
    sheet.close()


# ------------------------------------------------------------------------------------ Word


def answer_to_docx(answer: Answer) -> bytes:
    """Give the Word file; the same answer gives the same bytes, in Vietnamese."""
    return document_to_docx(compose_answer(answer), made_at=answer.report.as_of)


def compose_answer(answer: Answer) -> OfficialDocument:
    """Give the answer as an official document (thông báo)."""
    report = answer.report
    with speaking(Language.VI):
        return notices.notice(
            report,
            answer.report_id,
            subject=(
                "Kết quả đối chiếu báo cáo tự đánh giá về thông tin, tuyên truyền cải cách hành "
                f"chính của {answer.unit_name}"
            ),
            body=tuple(_body(answer)),
            recipients=(f"- {answer.unit_name};", "- Lưu: VT."),
            annexes=(
                Annex("PHỤ LỤC", "Kết quả đối chiếu từng mục đã khai", (claims_table(answer),)),
            ),
        )


def _body(answer: Answer) -> Iterator[Block]:
    report = answer.report
    yield Paragraph(
        f"{report.office} đã đối chiếu báo cáo tự đánh giá của {answer.unit_name} với tin, bài "
        f"trên trang thông tin điện tử, kỳ {spell_days(report.period)}, số liệu đến "
        f"{words.instant_text(report.as_of)}. Kết quả như sau:"
    )
    yield Paragraph(" ".join(dict.fromkeys(line.coverage_note for line in answer.lines)))
    yield from what_became_of_claims(answer)
    yield Paragraph(
        "Đề nghị đơn vị rà soát; nếu không thống nhất, gửi giải trình kèm đường dẫn hoặc bản lưu, "
        f"ghi rõ số thứ tự trong Phụ lục, về {report.office}./."
    )


def what_became_of_claims(answer: Answer, annex: str = "Phụ lục") -> Iterator[Block]:
    """Give the sums, the results and what was not claimed; ``annex`` holds the lines."""
    for line in answer.lines:
        if line.claimed is not None:
            apart = f", công nhận theo giải trình {line.recognised}" if line.recognised else ""
            yield Item(
                f"{line.tag}: đơn vị khai {line.claimed}, xác minh "
                f"{words.count_text(line.counted)}{apart}."
            )
    results = [line.result for line in answer.claims if line.claim.number is None]
    if results:
        counted = "; ".join(f"{word} {results.count(word)}" for word in dict.fromkeys(results))
        yield Paragraph(f"Trong {len(results)} bài đã khai: {counted}. Chi tiết tại {annex}.")
    if answer.unclaimed:
        yield Paragraph(f"Tin, bài đã đăng và được tính nhưng chưa khai: {len(answer.unclaimed)}.")
        yield from (
            Item(f"{tag}: {article.title} ({words.dated_text(article.day, article.days)})")
            for tag, article in answer.unclaimed
        )


def claims_table(answer: Answer) -> Table:
    """Give the table of all that the unit claims, as it stands in an annex."""
    widths, left = (10, 62, 14, 24, 55), Side.LEFT
    sides = (Side.CENTRE, left, Side.CENTRE, Side.CENTRE, left)
    rows = tuple(
        Row(
            (
                Cell(str(number)),
                Cell(_claimed(line), link=line.claim.url, small=line.claim.url),
                Cell(line.claim.tag),
                Cell(line.result),
                Cell(line.claim.reason, small=_archived(line.capture)),
            )
        )
        for number, line in enumerate(answer.claims, start=1)
    )
    return Table(tuple(map(Column, CLAIM_HEADERS, widths, sides)), rows)


def _claimed(line: AnsweredLine) -> str:
    claim = line.claim
    if claim.number is not None:
        return f"Tổng số: {claim.number}"
    day = "" if claim.day is None else f" ({spell_day(claim.day)})"
    return f"{claim.title or '(không ghi tiêu đề)'}{day}"


def _archived(capture: Capture | None) -> str | None:
    if capture is None:
        return None
    digest = f", SHA-256 {capture.body_sha256[:16]}…" if capture.body_sha256 else ""
    return f"Bản chụp số {capture.id}, {words.instant_text(capture.captured_at)}{digest}"
