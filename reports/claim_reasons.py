"""Why a claim about an article that was found has its verdict, in Vietnamese sentences. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reports.calendar import spell_day, spell_days
from reports.matching import is_same_title
from storage.records import (
    ClaimVerdict,
    Exclusion,
    Level,
    MatchedBy,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.matching import Match
    from storage.records import (
        Candidate,
        Claim,
        DayInterval,
        HeadlineTag,
        LineArticle,
        PastVersion,
    )

_UNKNOWN = {
    Exclusion.UNREAD: "hệ thống thấy bài trong danh sách nhưng chưa đọc được trang bài",
    Exclusion.UNTAGGED: "bài chưa được gắn chủ đề",
    Exclusion.UNDECIDED: "hệ thống chưa chắc bài có đúng chủ đề, cần người xem",
    Exclusion.UNDATED: "trang không in ngày đăng tin cậy được",
}
_RULED_OUT = {
    Exclusion.REPOST: "bài đăng lại của nơi khác không tính",
    Exclusion.OTHER_SECTION: "chuyên mục có bài này không tính",
    Exclusion.TOO_SHORT: "bài ngắn như vậy không tính",
    Exclusion.OTHER_TAG: "mỗi bài chỉ tính cho một thẻ, bài này đã tính cho thẻ khác",
}
_NOT_LISTED = " Bài không có trong danh sách nào của trang, chỉ tìm thấy nhờ đường dẫn đơn vị khai."


def of_counted(claim: Claim, article: LineArticle) -> tuple[ClaimVerdict, str]:
    """Give the verdict on an article that counts."""
    listed = _NOT_LISTED if article.only_claimed else ""
    if article.reposted:
        return (
            ClaimVerdict.REPOST,
            f"Bài đăng lại của đơn vị khác; theo quy tắc vẫn tính và ghi riêng.{listed}",
        )
    if claim.day is not None and article.day is not None and claim.day != article.day:
        printed = f"trang in ngày {spell_day(article.day)}; tính theo ngày in."
        return (
            ClaimVerdict.DAY_DIFFERS,
            f"Đơn vị khai ngày {spell_day(claim.day)}, {printed}{listed}",
        )
    return ClaimVerdict.CONFIRMED, f"Đúng như đơn vị báo cáo.{listed}"


CHANGEABLE = {Exclusion.OUT_OF_PERIOD, Exclusion.OFF_TOPIC, Exclusion.MENTION_ONLY}
"""What an edit after the claim can have made of an article that counted."""


def of_excluded(
    article: LineArticle, candidate: Candidate, tag: HeadlineTag
) -> tuple[ClaimVerdict, str]:
    """Give the verdict on an article that does not count, by its bucket; DUPLICATE apart."""
    match article.bucket:
        case Exclusion.OUT_OF_PERIOD:
            found = ClaimVerdict.OUT_OF_PERIOD, f"Bài đăng {_when(article)}, nằm ngoài kỳ."
        case Exclusion.OFF_TOPIC:
            found = ClaimVerdict.OFF_TOPIC, _off_topic(candidate, tag)
        case Exclusion.MENTION_ONLY:
            found = ClaimVerdict.MENTION_ONLY, _mention(candidate, tag)
        case Exclusion.WITHDRAWN:
            why = f"Đơn vị đã đăng bài này, nhưng {_since(candidate)}; hệ thống còn giữ bản lưu."
            found = ClaimVerdict.REMOVED_OR_CHANGED, why
        case other if other is not None and other.is_unknown:
            found = ClaimVerdict.NOT_VERIFIABLE, f"Có bài này, nhưng {_UNKNOWN[other]}."
        case other:
            why = _RULED_OUT.get(other, "không tính") if other else "không tính"
            found = ClaimVerdict.RULED_OUT, f"Có bài này, nhưng theo quy tắc đếm {why}."
    return found


def how_found(match: Match, claim: Claim) -> str:
    """Say how the article was found, where that is not plain from the claim."""
    match match.by:
        case MatchedBy.CUT_ADDRESS:
            return " Đường dẫn khai bị cắt; chỉ có một bài có địa chỉ bắt đầu như vậy."
        case MatchedBy.FORMER_TITLE:
            return f" Trùng tiêu đề cũ của bài ({match.score} %)."
        case MatchedBy.TITLE if claim.url is not None:
            return f" Không có địa chỉ đã khai; tìm theo tiêu đề ({match.score} %)."
    return ""


def changed_since(
    claim: Claim,
    candidate: Candidate,
    past: Sequence[PastVersion],
    *,
    window: DayInterval,
) -> str:
    """Say what an edit changed so that the claim does not hold any more; empty: nothing did."""
    for version in reversed(past):
        until = spell_day(vietnam_day(version.read_at))
        if version.day is not None and version.day in window and not candidate.lies_in(window):
            day = spell_day(version.day)
            return f"Ngày {until} trang còn in ngày {day}; ngày in đã được sửa sau đó."
        if (
            claim.title is not None
            and is_same_title(claim.title, version.headline)
            and not is_same_title(claim.title, candidate.title)
        ):
            return f"Ngày {until} bài còn mang tiêu đề đã khai; bài đã được sửa sau đó."
    return ""


def _since(candidate: Candidate) -> str:
    since = candidate.gone_at
    return "bài không còn trên trang" + (f" từ {spell_day(vietnam_day(since))}" if since else "")


def _when(article: LineArticle) -> str:
    if article.day is not None:
        return f"ngày {spell_day(article.day)}"
    if article.days is not None and article.days.start != dt.date.min:
        return f"trong khoảng {spell_days(article.days)}"
    return "trước kỳ"


def _off_topic(candidate: Candidate, tag: HeadlineTag) -> str:
    reasons = [
        tagging.reason
        for topic in tag.topics
        if (tagging := (candidate.taggings or {}).get(topic)) is not None
    ]
    said = _joined(reasons) or "không có dấu hiệu nào của các chủ đề thuộc thẻ"
    return f"Nội dung bài không thuộc {tag.code}: {said}."


def _mention(candidate: Candidate, tag: HeadlineTag) -> str:
    reasons = [
        tagging.reason
        for topic in tag.topics
        if (tagging := (candidate.taggings or {}).get(topic)) is not None
        and tagging.level is Level.MENTION
    ]
    return f"Bài chỉ nhắc tới {tag.code}: {_joined(reasons)}."


def _joined(reasons: Iterable[str]) -> str:
    """Give the tagger's sentences as one, without its last full stop."""
    return "; ".join(dict.fromkeys(reason.rstrip(" .") for reason in reasons))
