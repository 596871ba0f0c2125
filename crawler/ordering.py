"""How do the items of a list stand? Found out from their days by position. Pure.

Only an order that is known lets a walk end early, and only what stands in descending order
says that nothing newer lies further down (Juriscraper #2152: years of documents were lost by
stopping at the first known item of a list that was not in order).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from storage.records import ListOrder

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    Pages = Sequence[Sequence[dt.date | None]]
    """The items' days (None: undated), page by page, in the order of the list."""

PINNED_AT_MOST = 10
"""More items than this on top are no longer a few chosen ones: the list is in no order."""
_PROOF = 5
# Dated items in descending order below the pinned ones. By chance, five stand so once in
# 5! = 120 lists; a list that shows fewer has to be taken as unordered.
_RAISED_AT_MOST = 0.2
# Judgement, not measured: a list in which more than every fifth item was edited out of its
# place is called unordered, and is then read to its end. An order by last change that is only
# found lets no walk join an earlier look; that has to be declared.
_DATED_AT_LEAST = 0.5
# Fewer days than that say little about the items between them.


def find_order(pages: Pages) -> ListOrder | None:
    """Tell the order of the items seen.

    None: it cannot be told, because most items show no day, or all show the same one.

    >>> from datetime import date as d
    >>> find_order([[d(2022, 9, 5), d(2022, 9, 4)], [d(2022, 9, 4)]]).value
    'newest_first'
    """
    days = dated(pages)
    if len(set(days)) < 2 or len(days) < _DATED_AT_LEAST * sum(map(len, pages)):  # noqa: PLR2004
        return None
    if descends(days):
        return ListOrder.NEWEST_FIRST
    if pinned(pages) is not None:
        return ListOrder.PINNED_ON_TOP
    return ListOrder.LAST_CHANGE if _some_were_raised(days) else ListOrder.UNORDERED


def pinned(pages: Pages) -> int | None:
    """Give how many dated items stand pinned on top of the first page; None: it is not so.

    All of them must be older than what follows: an old item that stands between newer ones was
    raised there by a change and will move, so it is no pin. 0: none, the whole list descends.
    """
    days = dated(pages)
    first = sum(day is not None for day in pages[0]) if pages else 0
    for count in range(min(PINNED_AT_MOST, first) + 1):
        if descends(days[count:]):
            return count if count == 0 or _are_old(days[:count], days[count:]) else None
    return None


def _are_old(on_top: Sequence[dt.date], below: Sequence[dt.date]) -> bool:
    return len(below) >= max(_PROOF, len(on_top)) and max(on_top) <= below[0]


def dated(pages: Pages) -> list[dt.date]:
    """Give the days there are, in the order of the list."""
    return [day for day in chain.from_iterable(pages) if day is not None]


def descends(days: Sequence[dt.date]) -> bool:
    """Tell whether no day is newer than the one before it."""
    return all(newer >= older for newer, older in pairwise(days))


def _some_were_raised(days: Sequence[dt.date]) -> bool:
    """Tell whether the list descends but for a few items that stand too high, none too low."""
    kept = _longest_descent(days)
    raised = set(range(len(days))) - set(kept)
    if len(raised) > _RAISED_AT_MOST * len(days):
        return False
    below: dt.date | None = None
    for place in range(len(days) - 1, -1, -1):
        if place not in raised:
            below = days[place]
        elif below is None or days[place] >= below:
            return False
    return True


def _longest_descent(days: Sequence[dt.date]) -> list[int]:
    """Give the places of a longest part in which no day is newer than the one before it."""
    tails: list[int] = []  # negated ordinals: the best last day of a descent of each length
    ends: list[int] = []
    before: list[int] = []
    for place, day in enumerate(days):
        length = bisect_right(tails, -day.toordinal())
        tails[length : length + 1] = [-day.toordinal()]
        ends[length : length + 1] = [place]
        before.append(ends[length - 1] if length else -1)
    places: list[int] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        places.append(place)
        place = before[place]
    return places[::-1]
