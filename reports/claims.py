"""What became of each thing that a unit claims: exactly one verdict, with its reason. Pure.

A verdict never changes a count: what is counted is what was seen. Finding the article that a
claim is about is the business of ``matching``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from reports.calendar import spell_day
from reports.claim_reasons import (
    CHANGEABLE,
    changed_since,
    how_found,
    of_counted,
    of_excluded,
)
from reports.duplicates import letters
from reports.matching import url_key
from reports.verification import spell_count, unseen
from storage.records import (
    CheckedClaim,
    ClaimVerdict,
    CoverageState,
    Disposition,
    Exclusion,
    Finding,
    FindingKind,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reports.matching import Match, Seen
    from storage.records import (
        Claim,
        HeadlineTag,
        LineArticle,
        ReportLine,
    )

FINDINGS = {
    ClaimVerdict.DAY_DIFFERS: FindingKind.CLAIM_DAY_DIFFERS,
    ClaimVerdict.COUNTED_ALREADY: FindingKind.CLAIM_DUPLICATED,
    ClaimVerdict.OUT_OF_PERIOD: FindingKind.CLAIM_OUT_OF_PERIOD,
    ClaimVerdict.OFF_TOPIC: FindingKind.CLAIM_OFF_TOPIC,
    ClaimVerdict.MENTION_ONLY: FindingKind.CLAIM_OFF_TOPIC,
    ClaimVerdict.RULED_OUT: FindingKind.CLAIM_RULED_OUT,
    ClaimVerdict.OTHER_UNIT: FindingKind.CLAIM_OTHER_UNIT,
    ClaimVerdict.OFF_LIST: FindingKind.NOT_VERIFIABLE,
    ClaimVerdict.NOT_FOUND: FindingKind.CLAIM_NOT_FOUND,
    ClaimVerdict.REMOVED_OR_CHANGED: FindingKind.CLAIM_REMOVED,
    ClaimVerdict.NOT_VERIFIABLE: FindingKind.NOT_VERIFIABLE,
}
"""What each verdict on a named article is a finding of; the others are none."""

_NOT_THERE = {404, 410}  # RFC 9110, 15.5.5 and 15.5.11


@dataclass(frozen=True, kw_only=True)
class Checking:
    """What one unit's claims are held against."""

    unit: str
    lines: Mapping[str, ReportLine]
    """The unit's, by headline tag."""
    tags: Mapping[str, HeadlineTag]
    coverage: CoverageState
    """Whether the unit's lists were seen in full in the window."""
    coverage_note: str
    """What was not seen, and why: one Vietnamese sentence."""
    outside: Sequence[LineArticle] = ()
    """The unit's articles that are known to be of other days, in no line."""
    seen: Seen

    def check(self, claims: Sequence[Claim]) -> list[CheckedClaim]:
        """Give one verdict for each claim, in their order."""
        used: dict[str, set[object]] = defaultdict(set)
        checked = []
        for claim in claims:
            if claim.number is not None:
                checked.append(self._total(claim))
                continue
            match = self.seen.match(claim, self.unit)
            found = self._missing(claim) if match is None else self._found(claim, match)
            key = self._identity(claim, match)
            if key in used[claim.tag]:
                found = _again(found)
            used[claim.tag].add(key)
            checked.append(found)
        return checked

    # ----------------------------------------------------------------------------- totals

    def _total(self, claim: Claim) -> CheckedClaim:
        """Hold a total against the count; several totals of a tag are one, by their sum."""
        line = self.lines.get(claim.tag)
        if line is None or line.claimed is None:
            return _checked(self.unit, claim, ClaimVerdict.NOT_VERIFIABLE, _no_tag(claim))
        counted, over = line.counted, line.counted.falls_short_of(line.claimed)
        held = f"Báo cáo {line.claimed}, hệ thống xác minh {spell_count(counted)}."
        if over is None:
            return _checked(self.unit, claim, ClaimVerdict.NOT_VERIFIABLE, f"{held} {unseen(line)}")
        if over:
            return _checked(self.unit, claim, ClaimVerdict.TOO_MANY, held)
        if line.claimed < counted.posts:
            return _checked(self.unit, claim, ClaimVerdict.TOO_FEW, held)
        return _checked(self.unit, claim, ClaimVerdict.CONFIRMED, held)

    # ------------------------------------------------------------- of what no article was found

    def _missing(self, claim: Claim) -> CheckedClaim:
        def verdict(kind: ClaimVerdict, reason: str) -> CheckedClaim:
            last = self.seen.last_try(claim.url)
            capture = None if last is None else last.capture_id
            return replace(_checked(self.unit, claim, kind, reason), capture_id=capture)

        owners = None if claim.url is None else self.seen.site_owners(claim.url)
        if owners is not None and not owners:
            return verdict(
                ClaimVerdict.OFF_LIST,
                "Địa chỉ không thuộc trang của đơn vị: không thuộc trang nào trong danh sách, nên "
                "không được phép truy cập để kiểm. Nếu là trang của đơn vị, hãy bổ sung vào danh "
                "sách.",
            )
        if owners and self.unit not in owners:
            return verdict(
                ClaimVerdict.OTHER_UNIT,
                "Địa chỉ thuộc trang của đơn vị khác trong kỳ, không thuộc trang của đơn vị này.",
            )
        if claim.day is not None and claim.day not in self.seen.window:
            return verdict(
                ClaimVerdict.OUT_OF_PERIOD,
                f"Ngày đăng do đơn vị khai ({spell_day(claim.day)}) nằm ngoài kỳ.",
            )
        asked, could_not = self._asked(claim.url)
        if self.coverage is CoverageState.COMPLETE and not could_not:
            return verdict(
                ClaimVerdict.NOT_FOUND,
                "Không thấy bài này, trong khi danh sách bài đăng của đơn vị đã được xem trọn."
                f"{asked} Đề nghị đơn vị cung cấp bản lưu (bài có thể đã bị gỡ trước khi hệ thống "
                "xem).",
            )
        return verdict(
            ClaimVerdict.NOT_VERIFIABLE,
            f"Không thấy bài này, nhưng chưa kết luận được.{asked} {self.coverage_note}",
        )

    def _asked(self, url: str | None) -> tuple[str, bool]:
        """Say how the claimed address answered; and whether its answer is still to come."""
        last = self.seen.last_try(url)
        if last is None:
            return "", False
        day = spell_day(vietnam_day(last.tried_at))
        if last.status in _NOT_THERE or last.disposition is Disposition.HTTP_ERROR:
            shown = f" (mã {last.status})" if last.status else ""
            return f" Đường dẫn được mở ngày {day}: trang báo không có bài{shown}.", False
        if last.disposition is Disposition.NOT_AN_ARTICLE:
            return f" Đường dẫn được mở ngày {day}: là trang thật nhưng không phải bài viết.", False
        if last.disposition is Disposition.ROBOTS_DENIED:
            return " Trang không cho phép truy cập đường dẫn này (robots.txt).", True
        return f" Đường dẫn được thử ngày {day} nhưng chưa đọc được ({last.disposition.value}).", (
            True
        )

    # ----------------------------------------------------------------- of what was found

    def _found(self, claim: Claim, match: Match) -> CheckedClaim:
        candidate = match.candidate
        owner, line = self.seen.owners[candidate.article_id], self.lines.get(claim.tag)
        article = self._article(claim.tag, candidate.article_id)
        is_counted = False
        if owner is None:
            kind = ClaimVerdict.NOT_VERIFIABLE
            reason = "Có bài này, nhưng không rõ đơn vị nào phụ trách trang vào ngày đăng."
        elif owner != self.unit:
            kind = ClaimVerdict.OTHER_UNIT
            reason = (
                "Bài nằm trên trang do đơn vị khác phụ trách vào ngày đăng, nên tính cho đơn vị đó."
            )
        elif line is None or article is None:
            kind, reason = ClaimVerdict.NOT_VERIFIABLE, _no_tag(claim)
        else:
            kind, reason = self._bucket(claim, match, article)
            is_counted = self._counts(article, line)
        return CheckedClaim(
            unit=self.unit,
            tag=claim.tag,
            cell=claim.cell,
            number=None,
            url=claim.url,
            title=claim.title,
            day=claim.day,
            verdict=kind,
            reason=reason + how_found(match, claim),
            is_counted=is_counted,
            matched_by=match.by,
            score=match.score,
            article_id=candidate.article_id,
            version_id=candidate.version_id,
            capture_id=candidate.capture_id,
            found_url=candidate.url,
            found_title=candidate.title,
            found_day=candidate.day,
        )

    def _bucket(self, claim: Claim, match: Match, article: LineArticle) -> tuple[ClaimVerdict, str]:
        """Give the verdict on one of the unit's own articles."""
        if article.bucket is None:
            return of_counted(claim, article)
        if article.bucket is Exclusion.DUPLICATE:
            return self._copy(claim, article)
        past = self.seen.past.get(article.article_id, ())
        changed = changed_since(claim, match.candidate, past, window=self.seen.window)
        if changed and article.bucket in CHANGEABLE:
            return ClaimVerdict.REMOVED_OR_CHANGED, changed
        return of_excluded(article, match.candidate, self.tags[claim.tag])

    def _copy(self, claim: Claim, article: LineArticle) -> tuple[ClaimVerdict, str]:
        first = self._article(claim.tag, article.duplicate_of)
        if first is not None and first.bucket is None:
            return (
                ClaimVerdict.CONFIRMED,
                "Cùng nội dung với một bài đã tính của đơn vị, ở địa chỉ khác.",
            )
        return (
            ClaimVerdict.COUNTED_ALREADY,
            "Đăng lại nguyên văn một bài mà chính đơn vị đã đăng trước kỳ này.",
        )

    # ------------------------------------------------------------------------------ looking up

    def _article(self, tag: str, article_id: int | None) -> LineArticle | None:
        return self._articles.get((tag, article_id or 0))

    @cached_property
    def _articles(self) -> dict[tuple[str, int], LineArticle]:
        return {
            (tag, article.article_id): article
            for tag, line in self.lines.items()
            for article in (*line.articles, *self.outside)
        }

    def _counts(self, article: LineArticle, line: ReportLine) -> bool:
        first = self._article(line.tag, article.duplicate_of)
        return article.bucket is None or (first is not None and first.bucket is None)

    def _identity(self, claim: Claim, match: Match | None) -> object:
        """Give what a claim is about: a text counts once, wherever it stands."""
        if match is None:
            return url_key(claim.url) if claim.url else (letters(claim.title or ""), claim.day)
        article = self._article(claim.tag, match.candidate.article_id)
        return (article.duplicate_of if article else None) or match.candidate.article_id


def to_finding(checked: CheckedClaim) -> Finding | None:
    """Make the finding of a verdict on a named article; None when there is nothing to settle.

    A total is left to ``verification.check_total``: it holds all totals of a tag together.
    """
    kind = FINDINGS.get(checked.verdict)
    if kind is None or checked.number is not None:
        return None
    return Finding(
        kind=kind,
        unit=checked.unit,
        tag=checked.tag,
        expected=checked.url or checked.title,
        observed=checked.found_url,
        explanation=checked.reason,
        article_id=checked.article_id,
        capture_id=checked.capture_id,
        claim_cell=checked.cell,
    )


def _checked(unit: str, claim: Claim, verdict: ClaimVerdict, reason: str) -> CheckedClaim:
    return CheckedClaim(
        unit=unit,
        tag=claim.tag,
        cell=claim.cell,
        number=claim.number,
        url=claim.url,
        title=claim.title,
        day=claim.day,
        verdict=verdict,
        reason=reason,
    )


def _again(first: CheckedClaim) -> CheckedClaim:
    return replace(
        first,
        verdict=ClaimVerdict.COUNTED_ALREADY,
        reason="Bài này đã được đơn vị kê ở dòng khác của cùng thẻ, nên chỉ tính một lần.",
        is_counted=False,
    )


def _no_tag(claim: Claim) -> str:
    return f"Thẻ {claim.tag} không có trong bộ chủ đề đang dùng."
