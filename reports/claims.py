"""Articles that a unit names in its self-report: found, counted, or why not. Pure.

Each named article ends in exactly one verdict: confirmed, or one finding.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from rapidfuzz import fuzz

from reports.calendar import spell_day, spell_days
from reports.duplicates import letters
from storage.folding import fold
from storage.records import (
    CoverageState,
    Exclusion,
    Finding,
    FindingKind,
    Level,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from storage.records import (
        Candidate,
        Claim,
        DayInterval,
        HeadlineTag,
        LineArticle,
        Registry,
        ReportLine,
    )

_SAME_TITLE = 95
# measured: 666,543 pairs of different titles within one site (11 sites, gold set and mirrors).
# Seven pairs have the same numbers and a ratio from 95 on; six are one post typed twice, one
# names another post ('công chức' for 'viên chức'). From 90 on there are 18, half of them wrong.
_NUMBER = re.compile(r"\b(?:\d+|[ivx]+)\b")  # '… tháng 8' is not '… tháng 9', nor quý I quý II
_NOISE = re.compile(r"utm_\w+|fbclid|gclid|zarsrc")  # added by whoever shared the address

_UNKNOWN = {
    Exclusion.UNREAD: "hệ thống thấy bài trong danh sách nhưng chưa đọc được trang bài",
    Exclusion.UNTAGGED: "bài chưa được gắn chủ đề",
    Exclusion.UNDECIDED: "hệ thống chưa chắc bài có đúng chủ đề, cần người xem",
    Exclusion.UNDATED: "trang không in ngày đăng tin cậy được",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimVerdict:
    """What became of one named article."""

    claim: Claim
    kind: FindingKind | None
    """None: confirmed."""
    reason: str
    """One or two Vietnamese sentences."""
    candidate: Candidate | None = None
    """The article that was found for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """All that was seen, arranged for looking up what units name."""

    candidates: Mapping[int, Candidate]
    owners: Mapping[int, str | None]
    """By article id."""
    registry: Registry
    window: DayInterval
    by_url: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        ids = sorted(self.candidates)
        keys = {url_key(self.candidates[article].url): article for article in reversed(ids)}
        object.__setattr__(self, "by_url", keys)  # frozen: derived once, here


def judge_claims(
    claims: Sequence[Claim],
    *,
    unit: str,
    lines: Mapping[str, ReportLine],
    tags: Mapping[str, HeadlineTag],
    coverage: CoverageState,
    seen: Seen,
) -> list[ClaimVerdict]:
    """Judge the articles that a unit names, in the order of its report.

    Args:
        claims: the unit's; totals among them are left to ``verification.check_total``.
        unit: who claims.
        lines: the unit's lines, by headline tag.
        tags: the headline tags, by code.
        coverage: whether the unit's lists were seen in full in the window.
        seen: everything that was seen.
    """
    used: dict[str, set[object]] = defaultdict(set)
    verdicts = []
    for claim in claims:
        if claim.number is not None:
            continue
        candidate = _find(claim, unit, seen)
        if candidate is None:
            verdict = _judge_missing(claim, unit, coverage, seen)
        else:
            verdict = _judge_found(claim, candidate, unit=unit, lines=lines, tags=tags, seen=seen)
        verdicts.append(_once(verdict, used[claim.tag], lines.get(claim.tag)))
    return verdicts


def to_finding(verdict: ClaimVerdict, unit: str) -> Finding | None:
    """Make the finding of a verdict; None when the claim is confirmed."""
    if verdict.kind is None:
        return None
    candidate = verdict.candidate
    return Finding(
        kind=verdict.kind,
        unit=unit,
        tag=verdict.claim.tag,
        expected=verdict.claim.url or verdict.claim.title,
        observed=None if candidate is None else candidate.url,
        explanation=verdict.reason,
        article_id=None if candidate is None else candidate.article_id,
        capture_id=None if candidate is None else candidate.capture_id,
        claim_cell=verdict.claim.cell,
    )


def url_key(url: str) -> str:
    """Give what two addresses of one article have in common.

    >>> url_key("https://www.xa.test:443/tin/1/?utm_source=zalo#top") == url_key("xa.test/tin/1")
    True
    """
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return fold(text)
    query = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _NOISE.fullmatch(pair[0])
    ]
    path = unquote(parts.path).rstrip("/")
    return f"{host}{port}{path}" + (f"?{urlencode(sorted(query))}" if query else "")


# ------------------------------------------------------------------------------ looking up


def _find(claim: Claim, unit: str, seen: Seen) -> Candidate | None:
    """Find the article by its address anywhere, else by its title among the unit's own."""
    if claim.url is not None and (article := seen.by_url.get(url_key(claim.url))) is not None:
        return seen.candidates[article]
    if claim.title is None:
        return None
    title = fold(claim.title)
    alike = [
        (ratio, candidate)
        for article, candidate in seen.candidates.items()
        if seen.owners[article] == unit
        and (ratio := _likeness(title, fold(candidate.title))) is not None
    ]
    if not alike:
        return None
    # Of equally alike titles: the claimed day, then a day in the window, then the oldest.
    return max(
        alike,
        key=lambda pair: (
            pair[0],
            claim.day is not None and pair[1].day == claim.day,
            pair[1].lies_in(seen.window),
            -pair[1].article_id,
        ),
    )[1]


def _likeness(first: str, second: str) -> float | None:
    """Give how alike two folded titles are, 95 … 100; None when they are different ones."""
    if _NUMBER.findall(first) != _NUMBER.findall(second):
        return None
    ratio = fuzz.ratio(letters(first), letters(second), score_cutoff=_SAME_TITLE)
    return ratio or None


def _site_owners(url: str, seen: Seen) -> set[str]:
    """Give who owned, in the window, the site that an address lies on: the longest base."""
    key = url_key(url)
    fitting = [
        (len(base), owner.unit)
        for owner in seen.registry.owners
        if owner.valid.intersection(seen.window) is not None
        and (key == (base := url_key(owner.base_url)) or key.startswith((f"{base}/", f"{base}?")))
    ]
    longest = max((length for length, _ in fitting), default=0)
    return {unit for length, unit in fitting if length == longest}


# --------------------------------------------------------------------------------- judging


def _judge_missing(claim: Claim, unit: str, coverage: CoverageState, seen: Seen) -> ClaimVerdict:
    def verdict(kind: FindingKind, reason: str) -> ClaimVerdict:
        return ClaimVerdict(claim=claim, kind=kind, reason=reason)

    if claim.url is not None:
        owners = _site_owners(claim.url, seen)
        if not owners:
            return verdict(
                FindingKind.NOT_VERIFIABLE,
                "Địa chỉ không thuộc trang nào trong danh sách trang của các đơn vị, nên không "
                "kiểm được. Nếu đây là trang của đơn vị, hãy bổ sung vào danh sách.",
            )
        if unit not in owners:
            return verdict(
                FindingKind.CLAIM_OTHER_UNIT,
                "Địa chỉ thuộc trang của đơn vị khác trong kỳ, không thuộc trang của đơn vị này.",
            )
    if claim.day is not None and claim.day not in seen.window:
        return verdict(
            FindingKind.CLAIM_OUT_OF_PERIOD,
            f"Ngày đăng do đơn vị khai ({spell_day(claim.day)}) nằm ngoài kỳ.",
        )
    if coverage is CoverageState.COMPLETE:
        return verdict(
            FindingKind.CLAIM_NOT_FOUND,
            "Không thấy bài này, trong khi danh sách bài đăng của đơn vị đã được xem trọn. Đề nghị "
            "đơn vị cung cấp bản lưu (bài có thể đã bị gỡ trước khi hệ thống xem).",
        )
    return verdict(
        FindingKind.NOT_VERIFIABLE,
        "Không thấy bài này, nhưng danh sách bài đăng của đơn vị chưa được xem trọn nên chưa kết "
        "luận được.",
    )


def _judge_found(
    claim: Claim,
    candidate: Candidate,
    *,
    unit: str,
    lines: Mapping[str, ReportLine],
    tags: Mapping[str, HeadlineTag],
    seen: Seen,
) -> ClaimVerdict:
    owner = seen.owners[candidate.article_id]
    line = lines.get(claim.tag)
    kind: FindingKind | None
    if owner is None:
        kind = FindingKind.NOT_VERIFIABLE
        reason = "Có bài này, nhưng không rõ đơn vị nào phụ trách trang vào ngày đăng."
    elif owner != unit:
        kind = FindingKind.CLAIM_OTHER_UNIT
        reason = (
            "Bài nằm trên trang do đơn vị khác phụ trách vào ngày đăng, nên tính cho đơn vị đó."
        )
    elif line is None:
        kind = FindingKind.NOT_VERIFIABLE
        reason = f"Thẻ {claim.tag} không có trong bộ chủ đề đang dùng."
    else:
        article = next(a for a in line.articles if a.article_id == candidate.article_id)
        kind, reason = _judge_bucket(article, candidate, tag=tags[claim.tag], line=line)
    return ClaimVerdict(claim=claim, kind=kind, reason=reason, candidate=candidate)


def _judge_bucket(
    article: LineArticle, candidate: Candidate, *, tag: HeadlineTag, line: ReportLine
) -> tuple[FindingKind | None, str]:
    match article.bucket:
        case None:
            return None, "Đúng như đơn vị báo cáo."
        case Exclusion.OUT_OF_PERIOD:
            return FindingKind.CLAIM_OUT_OF_PERIOD, f"Bài đăng {_when(article)}, nằm ngoài kỳ."
        case Exclusion.OFF_TOPIC | Exclusion.MENTION_ONLY:
            return FindingKind.CLAIM_OFF_TOPIC, _off_topic(article.bucket, candidate, tag)
        case Exclusion.DUPLICATE:
            return _judge_copy(article, line)
        case Exclusion.WITHDRAWN:
            return (
                FindingKind.CLAIM_NOT_FOUND,
                f"Đơn vị đã đăng bài này, nhưng {_since(candidate)}; hệ thống còn giữ bản lưu.",
            )
        case unknown:
            why = _UNKNOWN.get(unknown, "chưa rõ")
            return FindingKind.NOT_VERIFIABLE, f"Có bài này, nhưng {why}."


def _judge_copy(article: LineArticle, line: ReportLine) -> tuple[FindingKind | None, str]:
    if _is_counted(article.duplicate_of, line):
        return None, "Cùng nội dung với một bài đã tính của đơn vị, ở địa chỉ khác."
    return (
        FindingKind.CLAIM_DUPLICATED,
        "Đăng lại nguyên văn một bài mà chính đơn vị đã đăng trước kỳ này.",
    )


def _since(candidate: Candidate) -> str:
    since = candidate.gone_at
    return "bài không còn trên trang" + (f" từ {spell_day(vietnam_day(since))}" if since else "")


def _when(article: LineArticle) -> str:
    if article.day is not None:
        return f"ngày {spell_day(article.day)}"
    if article.days is not None and article.days.start != dt.date.min:
        return f"trong khoảng {spell_days(article.days)}"
    return "trước kỳ"


def _off_topic(bucket: Exclusion, candidate: Candidate, tag: HeadlineTag) -> str:
    if bucket is Exclusion.OFF_TOPIC:
        return f"Nội dung bài không thuộc {tag.code}."
    reasons = [
        tagging.reason
        for topic in tag.topics
        if (tagging := (candidate.taggings or {}).get(topic)) is not None
        and tagging.level is Level.MENTION
    ]
    return f"Bài chỉ nhắc tới {tag.code}: {'; '.join(dict.fromkeys(reasons))}."


def _is_counted(article_id: int | None, line: ReportLine) -> bool:
    return any(a.article_id == article_id and a.bucket is None for a in line.articles)


def _once(verdict: ClaimVerdict, used: set[object], line: ReportLine | None) -> ClaimVerdict:
    """Let each article confirm one claim of a tag only; the text counts once, too."""
    key = _identity(verdict, line.articles if line else ())
    if key not in used:
        used.add(key)
        return verdict
    return ClaimVerdict(
        claim=verdict.claim,
        kind=FindingKind.CLAIM_DUPLICATED,
        reason="Bài này đã được đơn vị kê ở dòng khác của cùng thẻ, nên chỉ tính một lần.",
        candidate=verdict.candidate,
    )


def _identity(verdict: ClaimVerdict, articles: Iterable[LineArticle]) -> object:
    if verdict.candidate is None:
        claim = verdict.claim
        return url_key(claim.url) if claim.url else (letters(claim.title or ""), claim.day)
    article_id = verdict.candidate.article_id
    article = next((a for a in articles if a.article_id == article_id), None)
    return article.duplicate_of or article_id if article else article_id
