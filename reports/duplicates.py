"""The same text twice: once on one unit's sites (a duplicate), or at another unit (a repost).

Pure. Texts are compared by digest: equal, or not; and, where the counting rule asks for it, by
what they have in common (``reports.likeness``). A digest over few letters proves little: a body
that says 'Xem tệp đính kèm' is the same under many different headlines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from storage.records import Candidate

LONG_ENOUGH = 150
"""Letters and digits from which on an equal text alone shows that it was taken over.

Two sentences. Below it lie the headlines and captions that offices write alike without copying,
the longest met: 'Báo cáo kết quả thực hiện công tác cải cách hành chính 9 tháng đầu năm, phương
hướng nhiệm vụ 3 tháng cuối năm 2022' with 90.
"""

Alike = Mapping[str, Mapping[str, int]]
"""Texts (by digest) that are the same but for a few words, with the percent in common; both ways
round."""

NOTHING_ALIKE: Alike = MappingProxyType({})


class FirstBy(Enum):
    """What tells which of two publications came first; weighed in this order."""

    DAY = "day"
    """The printed day."""
    INTERVAL = "interval"
    """The days in which it must have appeared, where the printed one follows the clock."""
    FIRST_SEEN = "first_seen"
    """Of one day: the look that showed it first."""
    NUMBER = "number"
    """Nothing: both were first seen by one look, and one of them has to be named."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article's text stood in another article before."""

    first: Candidate
    likeness: int | None = None
    """Percent in common; None: the texts are equal."""


def earlier_copies(
    candidates: Iterable[Candidate], alike: Alike = NOTHING_ALIKE
) -> dict[int, Copy]:
    """Give for each article that repeats one of the others the first of them.

    The first is the one with the earliest day (of an interval the last), then first seen, then
    the lowest id; it is always dated, for nothing can be called a copy of what may be younger.
    Short texts repeat each other only under one headline and on one day.
    """
    return _copies(candidates, _key, alike)


def reposts(
    candidates: Iterable[Candidate],
    owners: Mapping[int, str | None],
    alike: Alike = NOTHING_ALIKE,
) -> dict[int, Copy]:
    """Give the articles whose text another unit had published before, with the first of them.

    Of the dated articles with an owner; short texts are left out, whatever their headline.
    """
    comparable = [
        candidate
        for candidate in candidates
        if _is_long(candidate)
        and candidate.latest_day is not None
        and owners.get(candidate.article_id) is not None
    ]
    return {
        article: copy
        for article, copy in _copies(comparable, lambda c: c.text_sha256, alike).items()
        if owners[article] != owners[copy.first.article_id]
    }


def first_by(first: Candidate, copy: Candidate) -> FirstBy:
    """Tell by which evidence one article is taken for the first of two."""
    if first.latest_day != copy.latest_day:
        by_clock = first.day is None or (copy.day is None and copy.days is not None)
        return FirstBy.INTERVAL if by_clock else FirstBy.DAY
    return FirstBy.FIRST_SEEN if first.first_seen_at != copy.first_seen_at else FirstBy.NUMBER


def letters(text: str) -> str:
    """Give the folded letters and digits of a text: what is left when only words count."""
    folded = fold(text)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


def _copies(
    candidates: Iterable[Candidate], key: Callable[[Candidate], Hashable | None], alike: Alike
) -> dict[int, Copy]:
    """Compare each text, oldest first, with those that repeat nothing before them.

    So a chain of small changes does not make its two ends one text.
    """
    firsts: dict[Hashable, Copy] = {}
    by_text: dict[str, Copy] = {}  # the long ones among them
    copies: dict[int, Copy] = {}
    for candidate in sorted(candidates, key=_order):
        of_text = key(candidate)
        if of_text is None:
            continue
        found = firsts.get(of_text) or _likest(candidate, by_text, alike)
        if found is not None:
            copies[candidate.article_id] = found
            firsts[of_text] = found
        elif candidate.latest_day is not None:
            firsts[of_text] = Copy(candidate)
            if candidate.text_sha256 is not None and _is_long(candidate):
                by_text[candidate.text_sha256] = Copy(candidate)
    return copies


def _likest(candidate: Candidate, firsts: Mapping[str, Copy], alike: Alike) -> Copy | None:
    """Give the first text that a long one is most like; of equally like ones the earliest."""
    if candidate.text_sha256 is None or not _is_long(candidate):
        return None
    found = [
        Copy(firsts[text].first, percent)
        for text, percent in alike.get(candidate.text_sha256, {}).items()
        if text in firsts
    ]
    return min(found, key=lambda copy: (-(copy.likeness or 0), _order(copy.first)), default=None)


def _key(candidate: Candidate) -> tuple[object, ...] | None:
    if candidate.text_sha256 is None:
        return None
    if _is_long(candidate):
        return (candidate.text_sha256,)
    if candidate.latest_day is None:
        return None
    return candidate.text_sha256, letters(candidate.title), candidate.latest_day


def _is_long(candidate: Candidate) -> bool:
    return candidate.text_letters is not None and candidate.text_letters >= LONG_ENOUGH


def _order(candidate: Candidate) -> tuple[dt.date, dt.datetime, int]:
    return candidate.latest_day or dt.date.max, candidate.first_seen_at, candidate.article_id
