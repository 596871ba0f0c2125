"""The count: each article of a unit in exactly one bucket of a headline tag. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.duplicates import earlier_copies
from storage.records import (
    Counted,
    CoverageState,
    Exclusion,
    Level,
    LineArticle,
    Verdict,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import Candidate, DayInterval, HeadlineTag


@dataclass(frozen=True, slots=True)
class CountingRule:
    """How posts are counted, in sentences that every report prints.

    The digest in its identity is over the sentences: a rule that counts otherwise must say so.
    """

    name: str
    sentences: tuple[str, ...]

    @property
    def identity(self) -> str:
        """Give name and digest, e.g. 'ngày-in@1#3f2a9c01'."""
        text = "\n".join((self.name, *self.sentences))
        return f"{self.name}#{hashlib.sha256(text.encode()).hexdigest()[:8]}"


RULE = CountingRule(
    "ngày-in@2",
    (
        "Ngày tính là ngày đăng in trên trang, theo giờ Việt Nam.",
        (
            "Ngày in chạy theo ngày dựng trang hay ngày truy cập không phải ngày đăng: bài chỉ "
            "được tính khi cả khoảng từ lần xem trọn gần nhất chưa có bài đến lần đầu thấy bài nằm "
            "trong kỳ, và được ghi rõ là tính theo khoảng."
        ),
        "Bài đã bị gỡ khỏi trang trước lúc chốt số liệu không được tính.",
        "Bài tính cho đơn vị phụ trách trang vào ngày đăng.",
        "Bài được tính khi nội dung thẻ là chủ đề chính của bài; chỉ nhắc tới thì không tính.",
        "Một bài có thể tính cho nhiều thẻ, vì TTHC và CPĐT là nội dung của CCHC.",
        "Cùng một bài đăng nhiều lần trên trang của một đơn vị chỉ tính lần đăng đầu tiên.",
        "Bài đăng lại từ đơn vị khác vẫn tính, và ghi riêng ở cột “trong đó đăng lại”.",
    ),
)
"""The rule in force. What it settles is the auditing office's choice, not a fact of law."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where each article of one unit went for one headline tag."""

    articles: tuple[LineArticle, ...]
    """By day (undated last), then id."""
    doubtful: int = 0
    """Undated articles counted with another unit that may be this one's."""

    @property
    def posts(self) -> int:
        """How many are counted."""
        return sum(article.bucket is None for article in self.articles)

    @property
    def reposts(self) -> int:
        """How many of the counted ones another unit had published before."""
        return sum(article.bucket is None and article.reposted for article in self.articles)

    def counted(self, coverage: CoverageState) -> Counted:
        """Give the count, a lower bound when an article's fate or a list's day is unknown."""
        unknown = self.doubtful > 0 or any(
            article.bucket is not None and article.bucket.is_unknown for article in self.articles
        )
        if unknown and coverage is CoverageState.COMPLETE:
            coverage = CoverageState.PARTIAL
        return Counted(self.posts, coverage)


def sort_out(
    candidates: Iterable[Candidate],
    *,
    tag: HeadlineTag,
    window: DayInterval,
    reposted: frozenset[int] = frozenset(),
    doubtful: Sequence[Candidate] = (),
) -> Ledger:
    """Put each of one unit's articles into exactly one bucket, in the order of the tests.

    OUT_OF_PERIOD · UNREAD · OFF_TOPIC · MENTION_ONLY · WITHDRAWN · UNTAGGED · UNDECIDED ·
    DUPLICATE · UNDATED · counted. (What is removed does not count, whatever a person would say
    of its topic. DUPLICATE before UNDATED: a copy of what is counted adds nothing, whatever its
    day. Both are knowledge, not doubt.)

    Args:
        candidates: the articles that the unit owns, of all days; their order does not matter.
        tag: counted is what has one of its topics as subject.
        window: the days of the period.
        reposted: ids of articles that another unit published before.
        doubtful: another unit's articles without a day that may be this unit's.
    """
    ordered = sorted(candidates, key=_order)
    on_topic = [
        candidate
        for candidate in ordered
        if candidate.gone_at is None and topic_bucket(candidate, tag) is None
    ]
    copies = earlier_copies(on_topic)
    return Ledger(
        articles=tuple(
            _line_article(
                candidate,
                bucket=bucket_of(candidate, tag=tag, window=window, copies=copies),
                reposted=candidate.article_id in reposted,
                copies=copies,
            )
            for candidate in ordered
        ),
        doubtful=sum(
            bucket is not None and bucket.is_unknown
            for bucket in (bucket_of(c, tag=tag, window=window, copies={}) for c in doubtful)
        ),
    )


def bucket_of(
    candidate: Candidate, *, tag: HeadlineTag, window: DayInterval, copies: dict[int, Candidate]
) -> Exclusion | None:
    """Give the one reason why an article is not counted, or None when it is.

    ``copies`` gives the first publication of the texts that occur again.
    """
    if is_outside(candidate, window):
        return Exclusion.OUT_OF_PERIOD
    bucket = topic_bucket(candidate, tag)
    if candidate.gone_at is not None and bucket in _REMOVABLE:
        return Exclusion.WITHDRAWN
    if bucket is not None:
        return bucket
    if _is_copy(candidate, window, copies):
        return Exclusion.DUPLICATE
    return None if candidate.lies_in(window) else Exclusion.UNDATED


_REMOVABLE = frozenset({None, Exclusion.UNTAGGED, Exclusion.UNDECIDED})
"""What the topic says of an article that would count, or might."""


def is_outside(candidate: Candidate, window: DayInterval) -> bool:
    """Tell whether an article is known not to be of the period.

    What was seen before the window began was published before it.
    """
    if candidate.day is not None:
        return candidate.day not in window
    if candidate.days is not None:
        return candidate.days.intersection(window) is None
    return vietnam_day(candidate.first_seen_at) < window.start


def topic_bucket(candidate: Candidate, tag: HeadlineTag) -> Exclusion | None:
    """Give why the article is not (known to be) about the tag; None when it is."""
    if candidate.version_id is None:
        return Exclusion.UNREAD
    if candidate.taggings is None:
        return Exclusion.UNTAGGED
    taggings = [candidate.taggings[topic] for topic in tag.topics if topic in candidate.taggings]
    if any(t.level is Level.MAIN and t.verdict is Verdict.ASSIGNED for t in taggings):
        return None
    if any(t.verdict is Verdict.UNCERTAIN for t in taggings):
        return Exclusion.UNDECIDED
    if any(t.level is Level.MENTION for t in taggings):
        return Exclusion.MENTION_ONLY
    return Exclusion.OFF_TOPIC


def _is_copy(candidate: Candidate, window: DayInterval, copies: dict[int, Candidate]) -> bool:
    """Tell whether the text is counted elsewhere for this unit, in this period or before.

    An undated copy of a text that is first dated after the window may itself be the first.
    """
    first = copies.get(candidate.article_id)
    if first is None or first.latest_day is None:
        return False
    return candidate.latest_day is not None or window.end is None or first.latest_day < window.end


def _line_article(
    candidate: Candidate,
    *,
    bucket: Exclusion | None,
    reposted: bool,
    copies: dict[int, Candidate],
) -> LineArticle:
    is_copy = bucket is Exclusion.DUPLICATE
    return LineArticle(
        article_id=candidate.article_id,
        version_id=candidate.version_id,
        title=candidate.title,
        url=candidate.url,
        day=candidate.day,
        days=candidate.days,
        bucket=bucket,
        reposted=reposted,
        duplicate_of=copies[candidate.article_id].article_id if is_copy else None,
        only_claimed=candidate.only_claimed,
    )


def _order(candidate: Candidate) -> tuple[dt.date, int]:
    return candidate.latest_day or dt.date.max, candidate.article_id
