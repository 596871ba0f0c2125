"""The rule of an append-only record: what is said again adds nothing. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Hashable, Iterable

T = TypeVar("T")


def what_is_new(
    told: Iterable[T],
    known: Iterable[T],
    *,
    about: Callable[[T], Hashable],
    at: Callable[[T], dt.datetime],
    content: Callable[[T], object],
) -> list[T]:
    """Give those of ``told`` that say something new ``about`` their subject, in their order.

    A record says nothing new when the one in force just before its instant has the same
    content, or one of that very instant has. ``known`` comes in the order in which it was
    recorded: the later of two with the same instant is in force. Things that were told in the
    order of their instants can be told again in any order: nothing is new.
    """
    histories: dict[Hashable, list[T]] = {}

    def add(record: T) -> None:
        history = histories.setdefault(about(record), [])
        history.insert(bisect_right(history, at(record), key=at), record)

    for record in known:
        add(record)
    new = []
    for record in told:
        history = histories.get(about(record), [])
        start = max(0, bisect_left(history, at(record), key=at) - 1)
        end = bisect_right(history, at(record), key=at)
        if content(record) not in [content(earlier) for earlier in history[start:end]]:
            new.append(record)
            add(record)
    return new
