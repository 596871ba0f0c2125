"""A report as an official document (báo cáo) of blocks. Vietnamese whoever sits at the keyboard."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

from reports.calendar import spell_day
from reports.render import form, later_tables, pace_tables, plan_tables, prose, score_tables, words
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
from reports.render.lookup import Lookup
from reports.targets import targets
from reports.totals import totals
from storage.language import Language, speaking
from storage.records import Exclusion, FindingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from reports.render.document import Block
    from reports.totals import TagTotal
    from storage.records import Finding, LineArticle, Report, ReportLine

TOTALS_HEADERS = (
    "Nhóm",
    "Đơn vị có chỉ tiêu",
    "Chỉ tiêu",
    "Xác minh của các đơn vị đó",
    "Tỷ lệ xác minh",
    "Phải đạt đến nay",
    "Tỷ lệ theo tiến độ",
    "Đạt",
    "Chưa đạt",
    "Không xác minh được",
    "Xác minh của mọi đơn vị",
    "Tự báo cáo",
)
LINES_HEADERS = (
    "Nhóm",
    "Chỉ tiêu",
    "Đơn vị tự báo cáo",
    "Hệ thống xác minh",
    "Chênh lệch",
    "Tỷ lệ tự báo cáo",
    "Tỷ lệ xác minh",
    "Kết quả",
    "Chưa đủ căn cứ",
    "Trùng, không tính",
    "Đăng lại, có tính",
)
COUNTED_HEADERS = ("TT", "Tiêu đề, địa chỉ", "Ngày đăng", "Tính cho nhóm", "Mã bài")
OPEN_HEADERS = ("TT", "Tiêu đề, địa chỉ", "Ngày đăng", "Lý do", "Mã bài")

Fate: TypeAlias = "tuple[str, LineArticle]"
"""A tag, and an article as it stands in that tag's line."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
_LISTED = frozenset(bucket for bucket in Exclusion if bucket.is_unknown) | {
    Exclusion.DUPLICATE,
    Exclusion.REPOST,
    Exclusion.TOO_SHORT,
    Exclusion.OTHER_TAG,
}
"""Excluded articles that the annex names: those that may still count, copies, and what the rule
leaves out."""


def compose(report: Report) -> OfficialDocument:
    """Give the document; the same report gives an equal one."""
    with speaking(Language.VI):
        return OfficialDocument(
            letterhead=report.letterhead,
            issuer=report.letterhead.name or report.office,
            subject=prose.subject(report),
            body=tuple(_body(report)),
            recipients=prose.recipients(report),
            annexes=tuple(_annexes(report)),
            attached_to=_attached_to(report),
            footnote=(
                f"{report.period_code} · số liệu đến {words.instant_text(report.as_of)} · "
                f"{report.rule}"
            ),
        )


def _body(report: Report) -> Iterator[Block]:
    yield Paragraph(prose.opening(report))
    yield Part("I. PHẠM VI, KỲ SỐ LIỆU VÀ PHƯƠNG PHÁP")
    yield Clause("1. Phạm vi, thời điểm chốt số liệu")
    yield from map(Paragraph, prose.scope(report))
    yield Clause("2. Quy tắc tính và điểm cần lưu ý")
    yield from map(Item, prose.method(report))
    yield Part("II. KẾT QUẢ CHUNG")
    yield from map(Paragraph, prose.general(report))
    yield _totals_table(totals(report))
    yield from map(Item, plan_tables.completions(report))
    for since in report.since:
        yield Clause(later_tables.title())
        yield Paragraph(later_tables.against(since))
        yield from map(Item, later_tables.sentences(since))
        yield from map(Item, later_tables.accepted(report, since))
    yield Paragraph(_where_annexes_are(report))
    yield Part("III. KẾT QUẢ TỪNG ĐƠN VỊ")
    held_against = targets(report)
    for number, lines in enumerate(_by_unit(report.lines), start=1):
        yield Clause(f"{number}. {lines[0].unit_name}")
        yield Paragraph(prose.seen(lines))
        of_plan = [target for target in held_against if target.unit == lines[0].unit]
        yield from map(Item, prose.of_unit(lines, of_plan))
    yield Part("IV. CHÊNH LỆCH VÀ NGUYÊN NHÂN CÓ THỂ")
    yield from _differences(report)
    yield Part("V. ĐỀ XUẤT, KIẾN NGHỊ")
    asked = list(prose.proposals(report))
    if asked:
        yield Paragraph(f"Từ kết quả kiểm tra, {report.office} đề nghị:")
    yield from (Paragraph(f"{number}. {text}") for number, text in enumerate(asked, start=1))
    if not asked:
        yield Paragraph("Không có.")
    yield Paragraph(prose.closing(report))


def _differences(report: Report) -> Iterator[Block]:
    lookup, number = Lookup.of(report), 0
    for kind in FindingKind:
        of_kind = [finding for finding in report.findings if finding.kind is kind]
        if not of_kind:
            continue
        number += 1
        yield Clause(f"{number}. {words.finding_word(kind)} ({len(of_kind)} trường hợp)")
        yield from _findings(kind, of_kind, lookup)
        if said := prose.causes(kind):
            yield Paragraph(said)
    if not number:
        yield Paragraph("Không phát hiện chênh lệch.")


def _findings(kind: FindingKind, findings: list[Finding], lookup: Lookup) -> Iterator[Block]:
    """Numbers held against numbers are said together, by unit; what is about an article, apart."""
    numbers = [finding for finding in findings if prose.compares_numbers(finding)]
    if numbers and (lead := prose.lead(kind)):
        yield Paragraph(lead)
    yield from map(Item, prose.compared(numbers, lookup))
    for finding in findings:
        if finding not in numbers:
            yield Item(prose.finding_sentence(finding, lookup))


def _by_unit(lines: Iterable[ReportLine]) -> Iterator[list[ReportLine]]:
    for _, of_unit in groupby(lines, key=lambda line: line.unit):
        yield list(of_unit)


# ---------------------------------------------------------------------------- totals


def _totals_table(rows: Iterable[TagTotal]) -> Table:
    widths = (15, 12, 12, 14, 18, 12, 20, 9, 12, 15, 14, 12)
    columns = tuple(map(Column, TOTALS_HEADERS, widths))
    return Table(columns, tuple(Row(tuple(map(Cell, _total(total)))) for total in rows))


def _total(total: TagTotal) -> tuple[str, ...]:
    verified, share, share_of_due = words.shares_of(total)
    return (
        total.tag,
        str(total.with_quota),
        words.number_text(total.planned),
        verified,
        share,
        words.number_text(total.due),
        share_of_due,
        str(total.reached),
        str(total.short),
        str(total.not_verifiable),
        words.count_text(total.counted),
        words.number_text(total.claimed),
    )


# --------------------------------------------------------------------------- annexes


def _annexes(report: Report) -> Iterator[Annex]:
    for roman, (title, _, blocks) in zip(_ROMAN, _titled(report), strict=False):
        yield Annex(f"PHỤ LỤC {roman}", title, blocks)


def _where_annexes_are(report: Report) -> str:
    said = (
        f"{spoken} tại Phụ lục {roman}"
        for roman, (_, spoken, _) in zip(_ROMAN, _titled(report), strict=False)
    )
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _titled(report: Report) -> list[tuple[str, str, tuple[Block, ...]]]:
    """Give each annex's title, how the text speaks of it, and what stands in it."""
    counted = _list_table(report, COUNTED_HEADERS, _counted_tags)
    titled: list[tuple[str, str, tuple[Block, ...]]] = [
        ("KẾT QUẢ TỪNG ĐƠN VỊ", "kết quả từng đơn vị", (_lines_table(report),)),
        (
            "DANH MỤC TIN, BÀI ĐƯỢC TÍNH",
            "danh mục tin, bài được tính",
            (counted, Paragraph(_ELSEWHERE)),
        ),
    ]
    rest = _list_table(report, OPEN_HEADERS, _reasons, unowned=report.unowned)
    if rest.rows:
        title = "TIN, BÀI CHƯA ĐỦ CĂN CỨ HOẶC KHÔNG TÍNH VÌ TRÙNG"
        titled.append((title, "tin, bài chưa đủ căn cứ hoặc trùng", (rest,)))
    if paces := pace_tables.rows(report):
        table = _text_table(pace_tables.headers(), _PACE_WIDTHS, paces)
        titled.append(
            (
                "TIẾN ĐỘ THỰC HIỆN CHỈ TIÊU",
                "tiến độ thực hiện chỉ tiêu",
                (Paragraph(pace_tables.on(report)), table),
            )
        )
    if points := score_tables.rows(report):
        table = _text_table(score_tables.headers(), _SCORE_WIDTHS, points)
        titled.append(("ĐIỂM THEO THANG ĐIỂM", "điểm theo thang điểm", (table,)))
    if any(later_tables.rows(since) for since in report.since):
        table = _later_table(report)
        titled.append(("TIN, BÀI PHÁT SINH SAU CHỐT", "tin, bài phát sinh sau chốt", (table,)))
    if lines := plan_tables.line_rows(report, plan_tables.BRIEF):
        table = _text_table(plan_tables.line_headers(plan_tables.BRIEF), _PLAN_WIDTHS, lines)
        titled.append(("KẾT QUẢ THEO DÒNG KẾ HOẠCH", "kết quả theo dòng kế hoạch", (table,)))
    if outputs := plan_tables.output_rows(report):
        table = _text_table(plan_tables.output_headers(), _OUTPUT_WIDTHS, outputs)
        titled.append(
            (
                "KẾT QUẢ NGOÀI TRANG WEB (CHƯA KIỂM CHỨNG TỰ ĐỘNG)",
                "kết quả ngoài trang web, chưa kiểm chứng tự động",
                (table,),
            )
        )
    return titled


def _later_table(report: Report) -> Table:
    widths, left = (10, 14, 60, 20, 14, 33, 14), {2, 5}
    columns = tuple(
        Column(header, width, Side.LEFT if place in left else Side.CENTRE)
        for place, (header, width) in enumerate(zip(later_tables.headers(), widths, strict=True))
    )
    rows: list[Row] = []
    for since in report.since:
        for name, articles in later_tables.rows(since):
            rows.append(Row((Cell(f"{name} (so với báo cáo số {since.number})"),), is_group=True))
            rows += [
                Row(
                    tuple(
                        Cell(text, link=article.url, small=article.url)
                        if place == _TITLE
                        else Cell(text)
                        for place, text in enumerate(row)
                    )
                )
                for article, row in articles
            ]
    return Table(columns, tuple(rows))


_TITLE = 2
"""Place of the title in a row of ``later_tables``."""

_PACE_WIDTHS = (33, 12, 14, 17, 13, 19, 13, 16, 14, 14)
_SCORE_WIDTHS = (45, 25, 25, 30, 40)
_PLAN_WIDTHS = (8, 35, 22, 13, 15, 18, 13, 18, 23)
_OUTPUT_WIDTHS = (25, 14, 36, 26, 26, 38)
"""Millimetres."""


def _text_table(
    headers: tuple[str, ...], widths: tuple[float, ...], groups: list[tuple[str, plan_tables.Rows]]
) -> Table:
    rows: list[Row] = []
    for name, lines in groups:
        rows.append(Row((Cell(name),), is_group=True))
        rows += [Row(tuple(map(Cell, line))) for line in lines]
    return Table(tuple(map(Column, headers, widths)), tuple(rows))


_ELSEWHERE = (
    "Tin, bài trong kỳ đã xét nhưng không thuộc nội dung hoặc chỉ nhắc đến được liệt kê trong bảng "
    "tính và trang HTML lập cùng báo cáo này. Mỗi mã bài tra được bản lưu trang gốc."
)


def _attached_to(report: Report) -> str:
    head = report.letterhead
    number = head.number or f"{form.BLANK}/BC-{head.symbol or form.BLANK}"
    day = form.date_words(head.signed_on)
    return f"(Kèm theo Báo cáo số {number} {day} của {report.office})"


def _lines_table(report: Report) -> Table:
    widths = (14, 12, 14, 14, 14, 17, 18, 22, 13, 14, 13)
    columns = tuple(map(Column, LINES_HEADERS, widths))
    rows = []
    for number, lines in enumerate(_by_unit(report.lines), start=1):
        rows.append(Row((Cell(f"{number}. {lines[0].unit_name}"),), is_group=True))
        rows += [Row(tuple(map(Cell, _line(line)))) for line in lines]
    return Table(columns, tuple(rows))


def _line(line: ReportLine) -> tuple[str, ...]:
    return (
        line.tag,
        words.number_text(line.planned),
        words.number_text(line.claimed),
        words.count_text(line.counted),
        words.difference_text(line),
        words.percentage(line.claimed_percent),
        words.percent_text(line),
        words.status_word(line.status),
        str(line.unsettled),
        str(line.excluded.get(Exclusion.DUPLICATE, 0)),
        str(line.reposts),
    )


def _list_table(
    report: Report,
    headers: tuple[str, ...],
    said_of: Callable[[list[Fate]], str],
    *,
    unowned: tuple[LineArticle, ...] = (),
) -> Table:
    """List, unit by unit, each article of which there is something to say."""
    widths = (11, 80, 23, 35, 16)
    sides = (Side.CENTRE, Side.LEFT, Side.CENTRE, Side.CENTRE, Side.CENTRE)
    rows: list[Row] = []
    for lines in _by_unit(report.lines):
        fates: dict[int, list[Fate]] = {}
        for line in lines:
            for article in line.articles:
                fates.setdefault(article.article_id, []).append((line.tag, article))
        said = [(of_article[0][1], said_of(of_article)) for of_article in fates.values()]
        rows += _group(lines[0].unit_name, [pair for pair in said if pair[1]])
    reason = words.exclusion_word(Exclusion.NOT_OWNED)
    rows += _group(reason, [(article, reason) for article in unowned])
    return Table(tuple(map(Column, headers, widths, sides)), tuple(rows))


def _group(title: str, articles: list[tuple[LineArticle, str]]) -> list[Row]:
    if not articles:
        return []
    rows = [
        Row(
            (
                Cell(str(number)),
                Cell(article.title, link=article.url, small=article.url),
                Cell(words.NOTHING if article.day is None else spell_day(article.day)),
                Cell(said),
                Cell(str(article.article_id)),
            )
        )
        for number, (article, said) in enumerate(articles, start=1)
    ]
    return [Row((Cell(f"{title} ({len(articles)} bài)"),), is_group=True), *rows]


def _counted_tags(fates: list[Fate]) -> str:
    """Give the tags that an article is counted for."""
    return ", ".join(tag for tag, article in fates if article.bucket is None)


def _reasons(fates: list[Fate]) -> str:
    """Give why an article is not (or not yet) counted, by tag."""
    tags: dict[Exclusion, list[str]] = {}
    for tag, article in fates:
        if article.bucket is not None and article.bucket in _LISTED:
            tags.setdefault(article.bucket, []).append(tag)
    return "; ".join(
        f"{', '.join(of_reason)}: {words.exclusion_word(reason)}"
        for reason, of_reason in tags.items()
    )
