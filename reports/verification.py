"""Numbers held against each other: planned, counted and claimed totals. Pure.

Unknown accuses nobody: a count that is only a lower bound gives NOT_VERIFIABLE where an exact
one gives SHORTFALL or OVERCLAIM.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.records import Finding, FindingKind, LineStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import Claim, Counted, Plan, ReportLine

ALARMS = frozenset(FindingKind) - {
    FindingKind.UNCLAIMED,
    FindingKind.NOT_VERIFIABLE,
    FindingKind.CLAIM_DAY_DIFFERS,
}
"""Findings that a person has to act on; the others are for the record, or for another night."""


def planned_posts(plans: Iterable[Plan], tag: str) -> int | None:
    """Give the posts that the plans promise on a tag; None when no number was set."""
    numbers = [
        quota.planned
        for plan in plans
        for quota in plan.quotas
        if quota.tag == tag and quota.planned is not None
    ]
    return sum(numbers) if numbers else None


def claimed_posts(claims: Iterable[Claim], tag: str) -> int | None:
    """Give the posts that a unit claims on a tag; None when it says nothing of it.

    Its totals, if it gives any; else the number of articles that it names.
    """
    of_tag = [claim for claim in claims if claim.tag == tag]
    totals = [claim.number for claim in of_tag if claim.number is not None]
    if totals:
        return sum(totals)
    return len(of_tag) or None


def status_of(planned: int | None, counted: Counted) -> LineStatus:
    """Give the result of a line in one word. A plan of 0 sets no number."""
    if not planned:
        return LineStatus.NO_QUOTA
    short = counted.falls_short_of(planned)
    if short is None:
        return LineStatus.NOT_VERIFIABLE
    return LineStatus.SHORT if short else LineStatus.REACHED


def check_plan(line: ReportLine) -> Finding | None:
    """Give the finding on a line's plan: SHORTFALL, NOT_VERIFIABLE or none."""
    if line.status is LineStatus.SHORT:
        kind = FindingKind.SHORTFALL
        sentence = (
            f"{line.unit_name} còn thiếu {line.remaining} bài {line.tag} so với kế hoạch, trong "
            "khi danh sách bài đăng đã được xem trọn. Đề nghị đơn vị nêu giải pháp hoàn thành."
        )
    elif line.status is LineStatus.NOT_VERIFIABLE:
        kind = FindingKind.NOT_VERIFIABLE
        sentence = (
            f"Chưa kết luận được {line.unit_name} có đạt kế hoạch {line.tag} hay không. "
            f"{unseen(line)}"
        )
    else:
        return None
    return Finding(
        kind=kind,
        unit=line.unit,
        tag=line.tag,
        expected=str(line.planned),
        observed=spell_count(line.counted),
        explanation=sentence,
    )


def check_total(line: ReportLine, claims: Iterable[Claim]) -> Finding | None:
    """Give the finding on the totals that a unit claims: one for all of a tag, or none.

    OVERCLAIM, UNCLAIMED, NOT_VERIFIABLE; none when the total agrees or there is none.
    """
    cells = [claim.cell for claim in claims if claim.tag == line.tag and claim.number is not None]
    if not cells or line.claimed is None or line.claimed == line.counted.posts:
        return None
    difference = abs(line.claimed - line.counted.posts)
    over = line.counted.falls_short_of(line.claimed)
    if over is None:
        kind = FindingKind.NOT_VERIFIABLE
        sentence = f"Chưa kiểm được số {line.unit_name} tự báo cáo về {line.tag}. {unseen(line)}"
    elif over:
        kind = FindingKind.OVERCLAIM
        sentence = (
            f"{line.unit_name} báo cáo nhiều hơn {difference} bài {line.tag} so với số thấy được, "
            "trong khi danh sách bài đăng đã được xem trọn. Đề nghị đơn vị gửi danh mục bài."
        )
    else:
        kind = FindingKind.UNCLAIMED
        sentence = (
            f"Trên trang có nhiều hơn số {line.unit_name} tự báo cáo {difference} bài {line.tag}. "
            "Đề nghị đơn vị rà soát lại số liệu."
        )
    return Finding(
        kind=kind,
        unit=line.unit,
        tag=line.tag,
        expected=str(line.claimed),
        observed=spell_count(line.counted),
        explanation=sentence,
        claim_cell=", ".join(cells),
    )


def spell_count(counted: Counted) -> str:
    """Give a count in Vietnamese: exact, or as a lower bound.

    >>> from storage.records import Counted, CoverageState
    >>> spell_count(Counted(3, CoverageState.PARTIAL))
    'ít nhất 3'
    """
    return str(counted.posts) if counted.is_exact else f"ít nhất {counted.posts}"


def unseen(line: ReportLine) -> str:
    """Say in a sentence or two what keeps a count from being exact."""
    unknown = sum(n for bucket, n in line.excluded.items() if bucket.is_unknown)
    if not unknown:
        return line.coverage_note
    return f"{line.coverage_note} Có {unknown} bài chưa rõ nội dung hoặc ngày đăng, cần xem."
