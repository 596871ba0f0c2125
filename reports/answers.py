"""What a unit is told of its self-report, line by line, with the page as it was archived. Pure.

The parts come from a frozen report, so that the answer can be made again unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.totals import unclaimed
from storage.language import t
from storage.records import ClaimVerdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.records import (
        Capture,
        CheckedClaim,
        DayInterval,
        Finding,
        LineArticle,
        Report,
        ReportLine,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class AnsweredLine:
    """One claim with its answer."""

    claim: CheckedClaim
    result: str
    """đúng, trùng, ngoài kỳ, sai chủ đề … in the language in use."""
    capture: Capture | None
    """The page as archived; None: none was found, or it is a total."""
    finding: Finding | None
    """What was said of it, if anything; None: there is nothing to settle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The answer to one unit."""

    report: Report
    report_id: int
    unit: str
    unit_name: str
    lines: tuple[ReportLine, ...]
    """The unit's, by tag."""
    claims: tuple[AnsweredLine, ...]
    unclaimed: tuple[tuple[str, LineArticle], ...]
    """By tag, for the tags on which it names articles: what it published and did not claim."""


def answer(report: Report, report_id: int, unit: str, captures: Mapping[int, Capture]) -> Answer:
    """Give the answer to a unit that the report has lines of.

    Args:
        report: frozen.
        report_id: its number.
        unit: whose claims.
        captures: by id; of all claims' captures.
    """
    lines = tuple(line for line in report.lines if line.unit == unit)
    claims = [claim for claim in report.claims if claim.unit == unit]
    findings = {
        (finding.tag, finding.claim_cell, finding.expected): finding
        for finding in report.findings
        if finding.unit == unit and finding.claim_cell is not None
    }
    named = {claim.tag for claim in claims if claim.number is None}
    return Answer(
        report=report,
        report_id=report_id,
        unit=unit,
        unit_name=lines[0].unit_name,
        lines=lines,
        claims=tuple(
            AnsweredLine(
                claim=claim,
                result=result_word(claim, report.period),
                capture=captures.get(claim.capture_id or 0),
                finding=findings.get((claim.tag, claim.cell, claim.url or claim.title)),
            )
            for claim in claims
        ),
        unclaimed=tuple(
            (line.tag, article)
            for line in lines
            if line.tag in named
            for article in unclaimed(line, claims)
        ),
    )


def result_word(claim: CheckedClaim, period: DayInterval) -> str:
    """Give the answer to a claim in the words that offices use."""
    if claim.verdict is ClaimVerdict.OUT_OF_PERIOD:
        day = claim.found_day or claim.day
        if day is not None and period.end is not None and day >= period.end:
            return t("đăng sau hạn", "published after the deadline")
        return t("ngoài kỳ", "out of the period")
    if claim.verdict is ClaimVerdict.NOT_FOUND and claim.capture_id is not None:
        return t("không mở được", "does not open")
    return {
        ClaimVerdict.CONFIRMED: t("đúng", "right"),
        ClaimVerdict.REPOST: t("đăng lại", "repost"),
        ClaimVerdict.DAY_DIFFERS: t("đúng, khác ngày", "right, another day"),
        ClaimVerdict.COUNTED_ALREADY: t("trùng", "double"),
        ClaimVerdict.OFF_TOPIC: t("sai chủ đề", "off topic"),
        ClaimVerdict.MENTION_ONLY: t("chỉ nhắc tới", "mentioned in passing"),
        ClaimVerdict.RULED_OUT: t("không tính theo quy tắc", "ruled out"),
        ClaimVerdict.OTHER_UNIT: t("trang của đơn vị khác", "another unit's site"),
        ClaimVerdict.OFF_LIST: t("không thuộc trang của đơn vị", "on no listed site"),
        ClaimVerdict.NOT_FOUND: t("không tìm thấy", "not found"),
        ClaimVerdict.REMOVED_OR_CHANGED: t("đã gỡ hoặc đã sửa", "removed or changed"),
        ClaimVerdict.NOT_VERIFIABLE: t("không xác minh được", "not verifiable"),
        ClaimVerdict.TOO_MANY: t("khai nhiều hơn", "more than was seen"),
        ClaimVerdict.TOO_FEW: t("khai ít hơn", "less than was seen"),
    }[claim.verdict]
