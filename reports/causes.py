"""Why an article counts in one of two reports and not in the other: one cause each. Pure.

So a change of a count is the sum of its causes, and each of them names its articles.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.quantities import spelled
from storage.language import t
from storage.records import Cause, Exclusion, FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import LineArticle, Report, ReportLine

TOPIC_BUCKETS = frozenset(
    {None, Exclusion.UNDECIDED, Exclusion.OFF_TOPIC, Exclusion.MENTION_ONLY, Exclusion.OTHER_TAG}
)
"""Which of these an article is in depends on what it is about."""
_DAY_BUCKETS = frozenset({Exclusion.OUT_OF_PERIOD, Exclusion.UNDATED})
_NOT_KNOWN_YET = frozenset({Exclusion.UNREAD, Exclusion.UNTAGGED})
_COPIES = frozenset({Exclusion.DUPLICATE, Exclusion.REPOST})
_BACKDATED = frozenset({FindingKind.BACKDATED, FindingKind.DAY_CHANGED})
_IN_WORDS = 20
"""Numbers below are written out."""


@dataclass(frozen=True, slots=True)
class Moved:
    """An article whose place in a line changed; None: it was not, or is no longer, in the line."""

    before: LineArticle | None
    after: LineArticle | None

    @property
    def gain(self) -> int:
        """1 when it counts now and did not, -1 the other way round, else 0."""
        return _counts(self.after) - _counts(self.before)

    @property
    def article(self) -> LineArticle:
        """The article, as it stands now if it does."""
        shown = self.after or self.before
        assert shown is not None  # noqa: S101 - a move has at least one side
        return shown


@dataclass(frozen=True, slots=True)
class Effect:
    """What one cause does to a count."""

    cause: Cause
    change: int
    """Never 0: what one cause gained and what it lost are two effects."""


def moved(before: ReportLine | None, after: ReportLine | None) -> tuple[Moved, ...]:
    """Give the articles of a line that are not as they were, by id; None: there is no such line."""
    was = {article.article_id: article for article in before.articles} if before else {}
    now = {article.article_id: article for article in after.articles} if after else {}
    return tuple(
        Moved(was.get(article), now.get(article))
        for article in sorted(was | now)
        if was.get(article) != now.get(article)
    )


class Comparison:
    """Two reports, and what tells why an article moved: the other lines, the tagger, the rule."""

    def __init__(self, before: Report, after: Report) -> None:
        self._report_before, self._report_after = before, after
        self._before, self._after = _places(before), _places(after)
        self._backdated = {
            finding.article_id for finding in after.findings if finding.kind in _BACKDATED
        }
        self.same_tagging = (before.tagger, before.taxonomy_release) == (
            after.tagger,
            after.taxonomy_release,
        )
        self.same_rule = before.rule == after.rule
        self.same_period = before.period == after.period

    def cause(self, move: Moved, unit: str) -> Cause:
        """Give why an article counts on one side of a unit's line only (``gain`` is not 0)."""
        was, now = move.before, move.after
        if was is None or now is None:
            return self._of_one_side(move, unit)
        bucket = was.bucket or now.bucket
        by_topic, by_day = bucket in TOPIC_BUCKETS, bucket in _DAY_BUCKETS
        removed, unread = bucket is Exclusion.WITHDRAWN, bucket in _NOT_KNOWN_YET
        lost = now.bucket is bucket
        other_day = (was.day, was.days) != (now.day, now.days)
        causes = (  # the first that holds
            (removed, Cause.GONE if lost else Cause.BACK),
            (unread and not lost, Cause.READ_LATER),
            (by_day and other_day, Cause.DAY_CHANGED),
            (by_day and not self.same_period, Cause.PERIOD),
            (bucket in _COPIES and self.same_rule, Cause.COPY),
            (by_topic and not self.same_tagging, Cause.RETAGGED),
            (was.version_id != now.version_id, Cause.EDITED),
            (not self.same_rule, Cause.RULE),
            (by_topic, Cause.DECIDED),
        )
        return next((cause for holds, cause in causes if holds), Cause.OTHER)

    def _of_one_side(self, move: Moved, unit: str) -> Cause:
        article = move.article
        place = self.place_before(article) if move.before is None else self.place_after(article)
        if place is not None and place[0] != unit:
            return Cause.OTHER_UNIT
        other = self._report_before if move.before is None else self._report_after
        if not self.same_period and article.day is not None and article.day not in other.period:
            return Cause.PERIOD
        if _knew(other, article, unit):  # and yet its line has not got it: its day was another
            return Cause.DAY_CHANGED
        if move.before is not None:
            return Cause.UNLISTED
        return Cause.BACKDATED if article.article_id in self._backdated else Cause.FOUND_LATER

    def effects(self, moves: Iterable[Moved], unit: str) -> tuple[Effect, ...]:
        """Give what each cause does to the count of a unit's line; their sum is the change."""
        return effects_of((self.cause(move, unit), move.gain) for move in moves if move.gain)

    def place_before(self, article: LineArticle) -> tuple[str, str] | None:
        """Give whose an article was: code and name, both empty for nobody's; None: not seen."""
        return self._before.get(article.article_id)

    def place_after(self, article: LineArticle) -> tuple[str, str] | None:
        """Give whose it is now."""
        return self._after.get(article.article_id)


def effects_of(changes: Iterable[tuple[Cause, int]]) -> tuple[Effect, ...]:
    """Add up what moved, each with its cause and 1 or -1; gains first, causes in their order."""
    order = list(Cause)
    found = sorted(
        Counter(changes).items(), key=lambda item: (-item[0][1], order.index(item[0][0]))
    )
    return tuple(Effect(cause, gain * number) for (cause, gain), number in found)


def because(effects: Sequence[Effect]) -> str:
    """Say what made a count change.

    >>> because([Effect(Cause.FOUND_LATER, 2), Effect(Cause.DECIDED, 1)])
    'hai bài tìm thấy sau và một bài theo ý kiến người xem'
    """
    gained = _listed([effect for effect in effects if effect.change > 0])
    lost = _listed([effect for effect in effects if effect.change < 0])
    if gained and lost:
        return t(f"thêm {gained}; bớt {lost}", f"gained: {gained}; lost: {lost}")
    return gained or lost


def _listed(effects: Sequence[Effect]) -> str:
    said = [f"{in_words(abs(one.change))} {cause_word(one.cause, one.change)}" for one in effects]
    return _and(said)


def _and(said: Sequence[str]) -> str:
    return t(" và ", " and ").join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)


def in_words(number: int) -> str:
    """Give a small number in words, a larger one in figures; in English always in figures."""
    return t(spelled(number) if number < _IN_WORDS else str(number), str(number))


def cause_word(cause: Cause, change: int = 1) -> str:
    """Give a cause in a few words, after a number of articles gained or (below 0) lost."""
    if change < 0 and cause in _LOST:
        return t(*_LOST[cause])
    return t(*_GAINED[cause])


_GAINED: dict[Cause, tuple[str, str]] = {
    Cause.FOUND_LATER: ("bài tìm thấy sau", "found later"),
    Cause.BACKDATED: (
        "bài xuất hiện sau, nghi lùi hoặc sửa ngày đăng",
        "appeared later, possibly backdated",
    ),
    Cause.READ_LATER: (
        "bài trước chưa đọc hoặc chưa phân loại được",
        "not read or not tagged before",
    ),
    Cause.DAY_CHANGED: ("bài đổi ngày đăng", "whose day has changed"),
    Cause.DECIDED: ("bài theo ý kiến người xem", "by a person's verdict"),
    Cause.RETAGGED: ("bài do đổi bộ phân loại hoặc bộ chủ đề", "by another tagger or taxonomy"),
    Cause.EDITED: ("bài được sửa nội dung", "whose text has changed"),
    Cause.RULE: ("bài do đổi quy tắc đếm", "by another counting rule"),
    Cause.PERIOD: ("bài do khác kỳ", "by another period"),
    Cause.OTHER_UNIT: (
        "bài nhận từ đơn vị khác (sáp nhập hoặc đổi đơn vị phụ trách trang)",
        "from another unit (merger or another owner of the site)",
    ),
    Cause.COPY: ("bài được tính thay bản trùng", "counted in place of a copy"),
    Cause.BACK: ("bài đã gỡ nay có lại", "removed and back again"),
    Cause.GONE: ("bài đã gỡ khỏi trang", "removed from the site"),
    Cause.UNLISTED: ("bài không còn trong danh sách xét", "no longer considered"),
    Cause.OTHER: ("bài vì lý do khác", "for another reason"),
}
_LOST: dict[Cause, tuple[str, str]] = {
    Cause.OTHER_UNIT: (
        "bài chuyển sang đơn vị khác (sáp nhập hoặc đổi đơn vị phụ trách trang)",
        "to another unit (merger or another owner of the site)",
    ),
    Cause.COPY: ("bài nay là bản trùng", "now a copy of another"),
}


def _counts(article: LineArticle | None) -> int:
    return int(article is not None and article.bucket is None)


def _knew(report: Report, article: LineArticle, unit: str) -> bool:
    """Tell whether a unit's article had been seen when the report was made, by what it says."""
    seen_at = article.first_seen_at
    has_lines = any(line.unit == unit for line in report.lines)
    return has_lines and seen_at is not None and seen_at <= report.as_of


def _places(report: Report) -> dict[int, tuple[str, str]]:
    places = {article.article_id: ("", "") for article in report.unowned}
    for line in report.lines:
        places |= {a.article_id: (line.unit, line.unit_name) for a in line.articles}
    return places
