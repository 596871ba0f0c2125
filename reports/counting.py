"""The count: each article of a unit in exactly one bucket of a headline tag. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reports.duplicates import NOTHING_ALIKE, earlier_copies
from reports.rules import RULE, form_of, is_in_section
from storage.records import (
    Counted,
    CoverageState,
    Exclusion,
    Level,
    LineArticle,
    RepostTreatment,
    Verdict,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reports.duplicates import Alike, Copy
    from storage.records import Candidate, CountingRule, DayInterval, HeadlineTag

_NONE: Mapping[int, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where each article of one unit went for one headline tag."""

    articles: tuple[LineArticle, ...]
    """Those that can be of the period, by day (undated last), then id."""
    outside: tuple[LineArticle, ...] = ()
    """Those that are known not to be (OUT_OF_PERIOD), by day."""
    doubtful: int = 0
    """Articles counted with another unit that may be this one's: they have no day, or an interval
    in which the site changed hands."""

    @property
    def considered(self) -> tuple[LineArticle, ...]:
        """All of them."""
        return (*self.articles, *self.outside)

    @property
    def posts(self) -> int:
        """How many are counted."""
        return sum(article.bucket is None for article in self.articles)

    @property
    def reposts(self) -> int:
        """How many of the counted ones were taken over from elsewhere."""
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
    rule: CountingRule = RULE,
    reposted: Mapping[int, Copy | None] = _NONE,
    alike: Alike = NOTHING_ALIKE,
    elsewhere: Mapping[int, Exclusion] = _NONE,
    doubtful: Sequence[Candidate] = (),
) -> Ledger:
    """Put each of one unit's articles into exactly one bucket, in the order of the tests.

    OUT_OF_PERIOD · OTHER_SECTION · UNREAD · OFF_TOPIC · MENTION_ONLY · WITHDRAWN · UNTAGGED ·
    UNDECIDED · TOO_SHORT · REPOST · DUPLICATE · UNDATED · OTHER_TAG · counted. (What is removed
    does not count, whatever a person would say of its topic. What the rule leaves out is left
    out before copies are looked for: they take nobody's place. DUPLICATE before UNDATED: a copy
    of what is counted adds nothing, whatever its day. All of these are knowledge, not doubt.)

    Args:
        candidates: the articles that the unit owns, of all days; their order does not matter.
        tag: counted is what has one of its topics as subject.
        window: the days of the period.
        rule: how the office counts.
        reposted: articles that were taken over, with the article that was first, if it is known.
        alike: which texts are the same but for a few words.
        elsewhere: articles that an earlier tag of a rule that counts each once has taken
            (OTHER_TAG), or may yet take (UNDECIDED), or that may be another unit's (UNDATED).
        doubtful: another unit's articles without a day that may be this unit's.
    """
    arranged = Arranged.of(candidates, window=window, rule=rule, reposted=reposted)
    return arranged.ledger(tag, alike=alike, elsewhere=elsewhere, doubtful=doubtful)


def sort_out_once(
    candidates: Sequence[Candidate],
    tags: Sequence[HeadlineTag],
    *,
    window: DayInterval,
    rule: CountingRule,
    reposted: Mapping[int, Copy | None] = _NONE,
    alike: Alike = NOTHING_ALIKE,
    elsewhere: Mapping[int, Exclusion] = _NONE,
    doubtful: Sequence[Candidate] = (),
) -> dict[str, Ledger]:
    """Give the ledgers by tag under a rule that counts each article for one tag only.

    The tags are asked in the order of ``rule.tag_order``, then as given. An article that an
    earlier tag may yet take is UNDECIDED for the later ones: their counts stay lower bounds.
    """
    arranged = Arranged.of(candidates, window=window, rule=rule, reposted=reposted)
    ledgers: dict[str, Ledger] = {}
    elsewhere = dict(elsewhere)
    for tag in sorted(tags, key=lambda tag: _place(tag.code, rule.tag_order)):
        ledger = arranged.ledger(tag, alike=alike, elsewhere=elsewhere, doubtful=doubtful)
        ledgers[tag.code] = ledger
        for article in ledger.articles:
            if article.bucket is None:
                elsewhere[article.article_id] = Exclusion.OTHER_TAG
            elif article.bucket is Exclusion.UNDECIDED:
                elsewhere.setdefault(article.article_id, Exclusion.UNDECIDED)
    return ledgers


def _place(code: str, order: Sequence[str]) -> int:
    return order.index(code) if code in order else len(order)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arranged:
    """One unit's articles, arranged once for the ledgers of all tags.

    What lies outside of the period is in every ledger the same.
    """

    ordered: tuple[Candidate, ...]
    """By day (undated last), then id."""
    repeating: tuple[Candidate, ...]
    """Those of ``ordered`` whose text occurs again among them: no other repeats an equal text."""
    inside: tuple[Candidate, ...]
    """Those of ``ordered`` that can be of the period."""
    outside: tuple[LineArticle, ...]
    """The others, in that order."""
    window: DayInterval
    rule: CountingRule
    reposted: Mapping[int, Copy | None]

    @classmethod
    def of(
        cls,
        candidates: Iterable[Candidate],
        *,
        window: DayInterval,
        rule: CountingRule,
        reposted: Mapping[int, Copy | None] = _NONE,
    ) -> Arranged:
        """Arrange the articles that a unit owns, of all days, in whatever order they come."""
        ordered = tuple(sorted(candidates, key=_order))
        texts = Counter(candidate.text_sha256 for candidate in ordered)
        return cls(
            ordered=ordered,
            repeating=tuple(one for one in ordered if texts[one.text_sha256] > 1),
            inside=tuple(one for one in ordered if not is_outside(one, window)),
            outside=tuple(
                _line_article(one, Exclusion.OUT_OF_PERIOD, rule=rule, reposted=reposted)
                for one in ordered
                if is_outside(one, window)
            ),
            window=window,
            rule=rule,
            reposted=reposted,
        )

    def ledger(
        self,
        tag: HeadlineTag,
        *,
        alike: Alike = NOTHING_ALIKE,
        elsewhere: Mapping[int, Exclusion] = _NONE,
        doubtful: Sequence[Candidate] = (),
    ) -> Ledger:
        """Give where each article goes for a tag; the arguments are those of ``sort_out``."""
        sorting = _Sorting(
            tag=tag,
            window=self.window,
            rule=self.rule,
            reposted=self.reposted,
            elsewhere=elsewhere,
        )
        compared = self.ordered if alike else self.repeating
        copies = earlier_copies((c for c in compared if sorting.may_be_first(c)), alike)
        return Ledger(
            articles=tuple(sorting.line_article(candidate, copies) for candidate in self.inside),
            outside=self.outside,
            doubtful=sum(
                bucket is None or bucket.is_unknown  # None: it counts for one of the two
                for bucket in (sorting.bucket_of(candidate, {}) for candidate in doubtful)
            ),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sorting:
    """The tests for one tag under one rule."""

    tag: HeadlineTag
    window: DayInterval
    rule: CountingRule
    reposted: Mapping[int, Copy | None]
    elsewhere: Mapping[int, Exclusion]

    def bucket_of(self, candidate: Candidate, copies: Mapping[int, Copy]) -> Exclusion | None:
        """Give the one reason why an article is not counted, or None when it is.

        ``copies`` gives the first publication of the texts that occur again.
        """
        if is_outside(candidate, self.window):
            return Exclusion.OUT_OF_PERIOD
        if not is_in_section(self.rule, candidate.sections):
            return Exclusion.OTHER_SECTION
        bucket = topic_bucket(candidate, self.tag)
        if candidate.gone_at is not None and bucket in _REMOVABLE:
            return Exclusion.WITHDRAWN
        return bucket or self._left_out(candidate) or self._left_over(candidate, copies)

    def may_be_first(self, candidate: Candidate) -> bool:
        """Tell whether copies of an article would repeat something that counts, at some time."""
        return (
            candidate.gone_at is None
            and is_in_section(self.rule, candidate.sections)
            and topic_bucket(candidate, self.tag) is None
            and self._left_out(candidate) is None
        )

    def line_article(self, candidate: Candidate, copies: Mapping[int, Copy]) -> LineArticle:
        """Give an article with its bucket."""
        bucket = self.bucket_of(candidate, copies)
        copy = copies[candidate.article_id] if bucket is Exclusion.DUPLICATE else None
        return _line_article(candidate, bucket, rule=self.rule, reposted=self.reposted, copy=copy)

    def _left_over(self, candidate: Candidate, copies: Mapping[int, Copy]) -> Exclusion | None:
        """Give why an article that could count does not."""
        if _is_copy(candidate, self.window, copies):
            return Exclusion.DUPLICATE
        if not candidate.lies_in(self.window):
            return Exclusion.UNDATED
        return self.elsewhere.get(candidate.article_id)

    def _left_out(self, candidate: Candidate) -> Exclusion | None:
        """Give why the rule leaves out an article that is on the topic."""
        length = candidate.text_syllables
        if length is not None and length < self.rule.least_syllables:
            return Exclusion.TOO_SHORT
        taken_over = candidate.article_id in self.reposted
        if taken_over and self.rule.reposts is RepostTreatment.EXCLUDE:
            return Exclusion.REPOST
        return None


def _line_article(
    candidate: Candidate,
    bucket: Exclusion | None,
    *,
    rule: CountingRule,
    reposted: Mapping[int, Copy | None],
    copy: Copy | None = None,
) -> LineArticle:
    """Give an article as a line lists it; ``copy``: what it repeats, of a duplicate."""
    origin = reposted.get(candidate.article_id)
    likeness = copy or origin
    length = candidate.text_syllables  # what does not count was perhaps never measured
    return LineArticle(
        article_id=candidate.article_id,
        version_id=candidate.version_id,
        title=candidate.title,
        url=candidate.url,
        day=candidate.day,
        days=candidate.days,
        bucket=bucket,
        reposted=candidate.article_id in reposted,
        duplicate_of=copy.first.article_id if copy else None,
        repost_of=origin.first.article_id if origin else None,
        likeness=likeness.likeness if likeness else None,
        form=form_of(rule, length) if bucket is None or length is not None else None,
        only_claimed=candidate.only_claimed,
        first_seen_at=candidate.first_seen_at,
    )


_REMOVABLE = frozenset({None, Exclusion.UNTAGGED, Exclusion.UNDECIDED})
"""What the topic says of an article that would count, or might."""


def is_outside(candidate: Candidate, window: DayInterval) -> bool:
    """Tell whether an article is known not to be of the period.

    What was seen before the window began was published before it.
    """
    if candidate.day is not None:
        return candidate.day not in window
    if candidate.days is not None:
        return not candidate.days.overlaps(window)
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


def _is_copy(candidate: Candidate, window: DayInterval, copies: Mapping[int, Copy]) -> bool:
    """Tell whether the text is counted elsewhere for this unit, in this period or before.

    A copy without a day of its own (undated, or with an interval across the window's end) of a text
    that is first dated after the window may itself be the first.
    """
    copy = copies.get(candidate.article_id)
    if copy is None or copy.first.latest_day is None:
        return False
    return candidate.day is not None or window.end is None or copy.first.latest_day < window.end


def _order(candidate: Candidate) -> tuple[dt.date, int]:
    return candidate.latest_day or dt.date.max, candidate.article_id
