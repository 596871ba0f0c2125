"""Reminders as text ready to send, and as Word documents (công văn). Vietnamese; no arithmetic.

Who was not seen in full is asked, never told to be behind.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from reports.calendar import spell_day
from reports.render import notices, pace_tables, prose, words
from reports.render.document import Item, OfficialDocument, Paragraph, addressed_to
from reports.render.docx import document_to_docx
from reports.verification import spell_count
from storage.language import Language, speaking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.pace import Pace
    from reports.reminders import Paced, Reminder

_WIDTH = 78
"""Characters a line of plain text: what e-mail programs show without breaking it again."""


def reminder_to_docx(reminder: Reminder) -> bytes:
    """Give the Word file; the same reminder gives the same bytes."""
    return document_to_docx(compose_reminder(reminder), made_at=reminder.report.as_of)


def reminder_to_text(reminder: Reminder) -> str:
    """Give the text of an e-mail: subject, greeting, body; lines of 78 characters at most."""
    with speaking(Language.VI):
        body = tuple(_body(reminder))
    texts = [
        *notices.warning(reminder.report),
        _subject(reminder),
        f"Kính gửi: {reminder.unit_name}",
        *(f"- {one.text}" if isinstance(one, Item) else one.text for one in body),
        reminder.report.office,
    ]
    return "\n\n".join(map(_wrapped, texts)) + "\n"


def _wrapped(text: str) -> str:
    behind = "  " if text.startswith("- ") else ""
    lines = textwrap.wrap(
        text, _WIDTH, subsequent_indent=behind, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(lines)


def compose_reminder(reminder: Reminder) -> OfficialDocument:
    """Give the reminder as an official letter to the unit."""
    report, letterhead = reminder.report, reminder.report.letterhead
    with speaking(Language.VI):
        body = tuple(_body(reminder))
    return OfficialDocument(
        letterhead=addressed_to(letterhead, reminder.unit_name),
        issuer=letterhead.name or report.office,
        name="",
        abbreviation="",
        subject=_subject(reminder),
        body=body,
        recipients=("- Như trên;", prose.recipients(report)[-1]),
        annexes=(),
        attached_to="",
        footnote=words.footnote(report, reminder.report_id),
    )


def _subject(reminder: Reminder) -> str:
    asked = "đôn đốc tiến độ" if reminder.behind else "đề nghị xác nhận số"
    return f"V/v {asked} tin, bài tuyên truyền cải cách hành chính"


def _body(reminder: Reminder) -> Iterator[Paragraph | Item]:
    report = reminder.report
    yield Paragraph(
        f"{report.office} theo dõi tin, bài về cải cách hành chính đăng trên trang thông tin điện "
        f"tử của các đơn vị {prose.short_period(report)}; số liệu chốt lúc "
        f"{words.instant_text(report.as_of)} ({words.cited(reminder.report, reminder.report_id)})."
    )
    if reminder.behind:
        yield Paragraph(f"So với tiến độ kế hoạch, {reminder.unit_name} đang chậm ở các nội dung:")
        yield from (Item(_behind(one)) for one in reminder.behind)
        yield Paragraph(
            "Đề nghị đơn vị bố trí đăng đủ số tin, bài còn lại trước thời hạn nêu trên, chia đều "
            "trong thời gian còn lại, không dồn vào những ngày cuối kỳ."
        )
    if reminder.unclear:
        yield Paragraph(_not_known(reminder))
        yield from (Item(_unclear(one)) for one in reminder.unclear)
        asked = "" if reminder.is_seen else ", và trang có lúc nào không truy cập được không"
        yield Paragraph(
            "Xin đơn vị cho biết đến nay đã đăng bao nhiêu tin, bài về các nội dung này (kèm đường "
            f"dẫn){asked}?"
        )
    contact = f" ({reminder.contact})" if reminder.contact else ""
    yield Paragraph(
        "Tin, bài đã đăng mà chưa được tính, đề nghị gửi tiêu đề, đường dẫn, ngày đăng về "
        f"{report.office}{contact} để kiểm tra, bổ sung./."
    )


def _not_known(reminder: Reminder) -> str:
    why = (
        "hệ thống đã xem đủ danh sách bài đăng nhưng còn bài chưa rõ ngày đăng hoặc nội dung"
        if reminder.is_seen
        else "hệ thống chưa xem đủ danh sách bài đăng của đơn vị"
    )
    which = "Riêng các nội dung sau" if reminder.behind else "Đối với các nội dung sau"
    return f"{which}, {why}, nên chưa biết đơn vị có chậm tiến độ hay không:"


def _name(one: Paced) -> str:
    name = pace_tables.name(one.target)
    return f"Dòng {name}" if one.target.results else name


def _behind(one: Paced) -> str:
    pace = one.pace
    return f"{_name(one)}: {_done(pace)}, chậm {pace.behind} tin, bài; {_left(pace)}. {one.seen}"


def _unclear(one: Paced) -> str:
    named = "; ".join(
        f"“{article.title}” ({article.url}): {words.exclusion_word(article.bucket).lower()}"
        for article in one.unsettled
        if article.bucket
    )
    told = f" Bài chưa rõ: {named}." if named else ""
    return f"{_name(one)}: {_done(one.pace)}. {one.seen}{told}{_doubt(one)}"


def _doubt(one: Paced) -> str:
    """Say that a line on one form may have more than is known to be of it."""
    if not any(result.by_form for result in one.target.results):
        return ""
    return " Chỉ tính bài đã rõ là tin hay bài theo độ dài."


def _done(pace: Pace) -> str:
    """Say what was planned, what is due by when, and what was seen."""
    due = (
        f"theo tiến độ đến hết ngày {spell_day(pace.on)} cần có {pace.due}"
        if pace.months_over
        else "chưa đến kỳ thực hiện"
    )
    return (
        f"kế hoạch {pace.planned} tin, bài đến hết ngày {spell_day(pace.until)}; {due}; xác minh "
        f"được {_verified(pace)}"
    )


def _verified(pace: Pace) -> str:
    if words.is_unknown(pace.counted):
        return words.unknown_word()
    least = "" if pace.counted.is_exact else "ít nhất "
    return f"{spell_count(pace.counted)} (bằng {least}{words.percentage(pace.percent)} kế hoạch)"


def _left(pace: Pace) -> str:
    """Say what is left, until when, and how much a month that asks for."""
    if not pace.remaining:
        return "đã đủ số lượng của cả kỳ kế hoạch"
    most = "" if pace.counted.is_exact else "nhiều nhất "
    if pace.needed is None:
        return f"kỳ kế hoạch đã hết, còn thiếu {most}{pace.remaining} tin, bài"
    text = f"còn phải đăng {most}{pace.remaining} tin, bài trong {pace.days_left} ngày còn lại"
    if pace.months_left > 1:
        text += f", bình quân {most}{words.decimal(pace.needed)} tin, bài một tháng"
    return text
