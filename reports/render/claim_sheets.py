"""What units claim, in the Excel file: each claim with its verdict, and what was not claimed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.links import is_web_address
from reports.render import words
from reports.render.lookup import Lookup
from reports.totals import claim_tallies
from reports.workbook import Link, Styled, TableSheet
from storage.language import t
from storage.records import ClaimVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook

    from reports.workbook import Value
    from storage.records import CheckedClaim, Report

GOOD, BAD, OPEN = "E2EFDA", "FCE4D6", "FFF2CC"
FILLS = {
    ClaimVerdict.CONFIRMED: GOOD,
    ClaimVerdict.REPOST: GOOD,
    ClaimVerdict.DAY_DIFFERS: GOOD,
    ClaimVerdict.NOT_VERIFIABLE: OPEN,
    ClaimVerdict.OFF_LIST: OPEN,
    ClaimVerdict.TOO_FEW: OPEN,
}
"""Behind each verdict; the others are ``BAD``."""


def claims_sheet(book: Workbook, report: Report, titles: Iterable[str]) -> None:
    """Add the sheet of all claims."""
    lookup = Lookup.of(report)
    sheet = TableSheet(
        book,
        t("Kê khai", "Claims"),
        titles=tuple(titles),
        columns=(
            (t("TT", "No."), 5),
            (t("Mã đơn vị", "Unit code"), 12),
            (t("Đơn vị", "Unit"), 24),
            (t("Nhóm", "Tag"), 8),
            (t("Ô trong tệp", "Cell"), 16),
            (t("Tiêu đề hoặc số đơn vị khai", "Claimed title or number"), 40),
            (t("Đường dẫn khai", "Claimed address"), 40),
            (t("Ngày khai", "Claimed day"), 12),
            (t("Kết luận", "Verdict"), 18),
            (t("Có tính", "Counted"), 8),
            (t("Lý do", "Reason"), 60),
            (t("Tìm theo", "Found by"), 12),
            (t("Giống tiêu đề %", "Title alike %"), 9),
            (t("Bài tìm thấy", "Article found"), 44),
            (t("Ngày in", "Printed day"), 12),
            (t("Mã bài", "Article"), 9),
            (t("Mã bản lưu", "Version"), 9),
            (t("Mã bản chụp", "Capture"), 9),
        ),
    )
    for number, claim in enumerate(report.claims, start=1):
        first = number if claim.url is None else Link(number, claim.url)
        sheet.add((first, claim.unit, lookup.unit_name(claim.unit), claim.tag, *_claim(claim)))
    sheet.close()


def _claim(claim: CheckedClaim) -> tuple[Value, ...]:
    found: Value = claim.found_title
    if claim.found_url is not None:
        found = Link(claim.found_title or claim.found_url, claim.found_url)
    return (
        claim.cell,
        claim.title if claim.number is None else claim.number,
        linked(claim.url),
        claim.day,
        Styled(words.verdict_word(claim.verdict), fill=FILLS.get(claim.verdict, BAD)),
        None if claim.number is not None else yes_no(is_yes=claim.is_counted),
        claim.reason,
        words.match_word(claim.matched_by),
        claim.score,
        found,
        claim.found_day,
        claim.article_id
        if claim.article_id is None or claim.found_url is None
        else Link(claim.article_id, claim.found_url),
        claim.version_id,
        claim.capture_id,
    )


def unclaimed_sheet(book: Workbook, report: Report, titles: Iterable[str]) -> None:
    """Add the sheet of counted articles that units which name articles did not name."""
    lookup = Lookup.of(report)
    sheet = TableSheet(
        book,
        t("Chưa kê khai", "Not claimed"),
        titles=tuple(titles),
        columns=(
            (t("Mã đơn vị", "Unit code"), 12),
            (t("Đơn vị", "Unit"), 26),
            (t("Nhóm", "Tag"), 8),
            (t("Tiêu đề", "Title"), 60),
            (t("Ngày đăng", "Day"), 12),
            (t("Đường dẫn", "Address"), 56),
            (t("Mã bài", "Article"), 9),
            (t("Mã bản lưu", "Version"), 9),
        ),
    )
    for tally in claim_tallies(report):
        for article_id in tally.unclaimed:
            article = lookup.articles[article_id]
            sheet.add(
                (
                    tally.unit,
                    lookup.unit_name(tally.unit),
                    tally.tag,
                    article.title,
                    article.day if article.days is None else words.dated_text(None, article.days),
                    Link(article.url, article.url),
                    Link(article.article_id, article.url),
                    article.version_id,
                )
            )
    sheet.close()


def linked(url: str | None) -> Value:
    """Give an address as a link that can be followed, or as text when it is none."""
    return Link(url, url) if url is not None and is_web_address(url) else url


def yes_no(*, is_yes: bool) -> str:
    """Give yes or no."""
    return t("có", "yes") if is_yes else t("không", "no")
