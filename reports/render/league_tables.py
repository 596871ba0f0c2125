"""The league table for the terminal, as an Excel file, a Word document (thông báo) and a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.calendar import spell_days
from reports.render import notices, prose, words
from reports.render.document import (
    Cell,
    Column,
    Item,
    Paragraph,
    Part,
    Row,
    Side,
    Table,
)
from reports.render.docx import document_to_docx
from reports.render.pages import page
from reports.workbook import TableSheet, new_book, number_or_text, to_bytes
from storage.language import Language, speaking, t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.league import League, Place
    from reports.render.document import Block, OfficialDocument
    from storage.records import Report


@dataclass(frozen=True, kw_only=True, slots=True)
class LeagueView:
    """A league table with the reports that it is of."""

    report: Report
    report_id: int
    before: Report | None
    before_id: int | None
    """Of the report that the trend is against; None: there is none."""
    league: League


def title(view: LeagueView) -> str:
    """Give what the table is about."""
    tag = view.league.tag
    of_tag = "" if tag is None else f" — {tag}"
    return t("Xếp hạng mức hoàn thành kế hoạch tin, bài", "Units by completion of plan") + of_tag


def how_ranked() -> str:
    """Say how the rank comes about."""
    return t(
        "Mức hoàn thành = số xác minh (mỗi nhóm lấy nhiều nhất bằng chỉ tiêu) chia cho chỉ tiêu: "
        "phần vượt ở nhóm này không bù cho nhóm khác. Bằng nhau thì đồng hạng. Đơn vị chưa xem đủ "
        "để biết đã đạt hay chưa thì không xếp hạng.",
        "Completion = verified (of each tag at most its number) over planned: what is beyond one "
        "number does not make up for another. Equal units share a rank. Units of which not enough "
        "was seen have no rank.",
    )


def against(view: LeagueView) -> str:
    """Say which report the trend is against."""
    if view.before is None or view.before_id is None:
        return t(
            "Chưa có báo cáo cùng loại kỳ để so xu hướng.",
            "No earlier report on such a period: no trend.",
        )
    as_of = words.instant_text(view.before.as_of)
    before = words.cited(view.before, view.before_id)
    return t(
        f"Xu hướng so với {before} ({view.before.period_code}, số liệu đến {as_of}).",
        f"Trend against {before} ({view.before.period_code}, as of {as_of}).",
    )


def ranked_headers(*, has_trend: bool) -> tuple[str, ...]:
    """Give the headers of ``ranked_row``."""
    headers = (
        t("Hạng", "Rank"),
        t("Đơn vị", "Unit"),
        t("Chỉ tiêu", "Planned"),
        t("Xác minh", "Verified"),
        t("Ngày xem trọn", "Days seen"),
        t("Tỷ lệ thô", "Raw share"),
        t("Mức hoàn thành", "Completed"),
        t("Nhóm đạt", "Tags reached"),
    )
    trend = (t("Xu hướng", "Trend"), t("± điểm %", "± points"))
    return headers + trend if has_trend else headers


def ranked_row(one: Place, *, has_trend: bool) -> tuple[str, ...]:
    """Give a ranked unit's row."""
    cells = (
        words.number_text(one.rank),
        one.unit_name,
        words.number_text(one.planned),
        words.count_text(one.counted),
        words.seen_text(one.days),
        words.bounded(words.percentage(one.percent), one.counted),
        words.percentage(one.completed),
        f"{one.reached}/{one.with_quota}",
    )
    if not has_trend:
        return cells
    gained = words.NOTHING if one.gained is None else words.points(one.gained)
    return (*cells, trend_text(one), gained)


def short_headers(*, has_trend: bool) -> tuple[str, ...]:
    """Give the headers of ``short_row``."""
    headers = (
        t("Hạng", "Rank"),
        t("Đơn vị", "Unit"),
        t("Hoàn thành", "Completed"),
        t("Xác minh/KH", "Of planned"),
        t("Nhóm đạt", "Reached"),
    )
    return (*headers, t("Xu hướng", "Trend")) if has_trend else headers


def short_row(one: Place, *, has_trend: bool) -> tuple[str, ...]:
    """Give a ranked unit's row for a terminal: fewer and narrower columns."""
    cells = (
        words.number_text(one.rank),
        one.unit_name,
        words.percentage(one.completed),
        f"{words.count_text(one.counted)}/{words.number_text(one.planned)}",
        f"{one.reached}/{one.with_quota}",
    )
    if not has_trend:
        return cells
    gained = "" if one.gained is None else f" ({words.points(one.gained)})"
    return (*cells, f"{trend_text(one)}{gained}")


def trend_text(one: Place) -> str:
    """Give '▲ 2', '▼ 1', '=', or that there was no rank before."""
    if one.rank_before is None or one.climbed is None:
        return t("mới xếp", "new")
    if not one.climbed:
        return "="
    return f"▲ {one.climbed}" if one.climbed > 0 else f"▼ {-one.climbed}"


def apart_headers() -> tuple[str, ...]:
    """Give the headers of ``apart_row``."""
    return (
        t("Đơn vị", "Unit"),
        t("Chỉ tiêu", "Planned"),
        t("Xác minh", "Verified"),
        t("Ngày xem trọn", "Days seen"),
        t("Tỷ lệ thô", "Raw share"),
        t("Nhóm đạt", "Tags reached"),
        t("Vì sao chưa xếp hạng", "Why there is no rank"),
    )


def apart_row(one: Place) -> tuple[str, ...]:
    """Give the row of a unit that has no rank."""
    share = words.bounded(words.percentage(one.percent), one.counted)
    return (
        one.unit_name,
        words.number_text(one.planned),
        words.count_text(one.counted),
        words.seen_text(one.days),
        words.NOTHING if one.percent is None else share,
        f"{one.reached}/{one.with_quota}",
        one.note,
    )


def apart_text(one: Place) -> str:
    """Say of a unit without a rank what was seen, and why there is none."""
    verified = t("xác minh", "verified")
    of_planned = f"{words.count_text(one.counted)}/{words.number_text(one.planned)}"
    return f"{one.unit_name}: {verified} {of_planned}. {one.note}"


def without_quota_text(view: LeagueView) -> str | None:
    """Name the units that were given no number; None when there is none."""
    names = ", ".join(
        f"{one.unit_name} ({words.count_text(one.counted)})" for one in view.league.without_quota
    )
    label = t("Không giao chỉ tiêu, không xếp hạng (số xác minh)", "No number (verified)")
    return f"{label}: {names}." if names else None


# ------------------------------------------------------------------------------------ files


def league_to_xlsx(view: LeagueView) -> bytes:
    """Give the Excel file; the same table gives the same bytes (in the same language)."""
    report, has_trend = view.report, view.before is not None
    book = new_book(f"{report.office} — {title(view)}")
    titles = (*notices.titles(report, view.report_id, title(view)), against(view))
    widths = (7, 40, 10, 10, 12, 12, 12, 10, 11, 10)
    table = TableSheet(
        book,
        t("Xếp hạng", "Ranks"),
        titles=titles,
        columns=tuple(zip(ranked_headers(has_trend=has_trend), widths, strict=False)),
    )
    for one in view.league.ranked:
        table.add(tuple(map(number_or_text, ranked_row(one, has_trend=has_trend))))
    table.close()
    apart = TableSheet(
        book,
        t("Chưa xếp hạng", "Not ranked"),
        titles=titles,
        columns=tuple(zip(apart_headers(), (40, 10, 10, 12, 12, 10, 90), strict=True)),
    )
    for one in (*view.league.not_verifiable, *view.league.without_quota):
        apart.add(tuple(map(number_or_text, apart_row(one))))
    apart.close()
    method = TableSheet(
        book, t("Phương pháp", "Method"), columns=((t("Mục", "Item"), 30), ("", 110))
    )
    for told in (how_ranked(), *view.league.notes):
        method.add((t("Xếp hạng", "Ranks"), told))
    for line in words.method_lines(report):
        method.add(line)
    method.close()
    return to_bytes(book, made_at=report.as_of)


def league_to_html(view: LeagueView) -> bytes:
    """Give the page; the same table gives the same text (in the same language)."""
    has_trend = view.before is not None
    return page(
        "league.html.j2",
        view=view,
        words=words,
        title=title(view),
        how=how_ranked(),
        against=against(view),
        headers=ranked_headers(has_trend=has_trend),
        rows=[(one, ranked_row(one, has_trend=has_trend)) for one in view.league.ranked],
        apart_headers=apart_headers(),
        apart=[apart_row(one) for one in view.league.not_verifiable],
        without_quota=without_quota_text(view),
    ).encode()


def league_to_docx(view: LeagueView) -> bytes:
    """Give the Word file; the same table gives the same bytes, in Vietnamese."""
    return document_to_docx(compose_league(view), made_at=view.report.as_of)


def compose_league(view: LeagueView) -> OfficialDocument:
    """Give the table as an official document (thông báo)."""
    report = view.report
    with speaking(Language.VI):
        of_tag = "" if view.league.tag is None else f", nhóm {view.league.tag},"
        return notices.notice(
            report,
            view.report_id,
            subject=(
                "Xếp hạng mức hoàn thành kế hoạch thông tin, tuyên truyền cải cách hành chính"
                f"{of_tag} {prose.short_period(report)}"
            ),
            body=tuple(_body(view)),
            recipients=prose.recipients(report)[bool(report.letterhead.addressees) :],
        )


_RANKED_WIDTHS = (13, 33, 12, 13, 17, 18, 18, 15, 14, 12)
_RANKED_SIDES = (Side.CENTRE, Side.LEFT, *(Side.CENTRE,) * 8)
_APART_WIDTHS = (30, 12, 14, 17, 19, 15, 58)
_APART_SIDES = (Side.LEFT, *(Side.CENTRE,) * 5, Side.LEFT)
"""Widths in millimetres."""


def _body(view: LeagueView) -> Iterator[Block]:
    report, has_trend = view.report, view.before is not None
    yield Paragraph(
        f"Căn cứ kết quả kiểm tra, xác minh tin, bài đăng trên trang thông tin điện tử của các đơn "
        f"vị, kỳ {spell_days(report.period)}, số liệu chốt lúc {words.instant_text(report.as_of)} "
        f"({words.cited(report, view.report_id)}), {report.office} thông báo mức hoàn thành kế "
        "hoạch như sau:"
    )
    yield Part("I. XẾP HẠNG")
    columns = tuple(map(Column, ranked_headers(has_trend=has_trend), _RANKED_WIDTHS, _RANKED_SIDES))
    rows = (ranked_row(one, has_trend=has_trend) for one in view.league.ranked)
    yield Table(columns, tuple(Row(tuple(map(Cell, row))) for row in rows))
    yield Paragraph(how_ranked())
    yield Paragraph(against(view))
    yield from map(Item, view.league.notes)
    yield Part("II. ĐƠN VỊ CHƯA XẾP HẠNG")
    if view.league.not_verifiable:
        yield Paragraph(
            "Các đơn vị sau chưa đủ căn cứ để xếp hạng; việc chưa xếp hạng không có nghĩa là đơn "
            "vị chưa hoàn thành:"
        )
        yield Table(
            tuple(map(Column, apart_headers(), _APART_WIDTHS, _APART_SIDES)),
            tuple(Row(tuple(map(Cell, apart_row(one)))) for one in view.league.not_verifiable),
        )
    told = without_quota_text(view)
    if told:
        yield Paragraph(told)
    if not view.league.not_verifiable and not told:
        yield Paragraph("Không có.")
    yield Paragraph(
        f"{report.office} thông báo để các đơn vị biết; ý kiến về số liệu gửi kèm đường dẫn bài "
        "hoặc bản lưu để kiểm tra lại./."
    )
