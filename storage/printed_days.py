"""Printed days that follow the clock. Pure.

Sites that are rebuilt print the day of the build on posts that have no day of their own. One
look cannot tell such a day from a real one, two looks on different days can. All is derived
from looks that were stored, so it can be told as of any instant.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.records import vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Hashable, Iterable, Sequence

LOOKS = 2
"""Days on which a post has to print the day of the look: one is a post of that very day."""

_TIME = r"\d{1,2}\s*[:hg]\s*\d{2}(?:\s*:\s*\d{2})?"


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDay:
    """What one place, a list or an article's page, printed at one look."""

    seen_at: dt.datetime
    day: dt.date | None
    words: Hashable
    """What stood there beside the day: who changes that, edits."""


def follows_clock(looks: Iterable[PrintedDay], *, first_seen: dt.date) -> bool:
    """Tell whether the day that a place prints follows the clock, as of the last of its looks.

    It does when on two days it was the day of the look: printed on the first look's own day,
    and later moved past a look at which the post was there already, with no other word changed.
    From then on any day that is not before the post was first seen is the clock's; an earlier
    one is a day again.

    Args:
        looks: of one place, oldest first; looks at which nothing changed may be left out.
        first_seen: the day in Vietnam on which the article was first seen anywhere.
    """
    follows = False
    by_clock: set[dt.date] = set()
    before: PrintedDay | None = None
    for look in looks:
        if look.day is None:
            continue
        if follows and look.day < first_seen:
            follows, by_clock = False, set()
        if has_moved(look, before):
            by_clock.add(vietnam_day(look.seen_at))
        follows = follows or len(by_clock) >= LOOKS
        before = look
    return follows


def has_moved(look: PrintedDay, before: PrintedDay | None) -> bool:
    """Tell whether a day was printed by the clock at this look, given the look before it."""
    if look.day is None:
        return False
    seen = vietnam_day(look.seen_at)
    if before is None or before.day is None:
        return look.day == seen
    passed = before.day < look.day and vietnam_day(before.seen_at) <= look.day <= seen
    return passed and before.words == look.words


def adds_nothing(look: PrintedDay, looks: Sequence[PrintedDay], *, first_seen: dt.date) -> bool:
    """Tell whether a look shows only that the clock goes on.

    Args:
        look: the new one.
        looks: those before it, of the same place, oldest first.
        first_seen: as above.
    """
    return (
        look.day is not None
        and look.day >= first_seen
        and bool(looks)
        and looks[-1].words == look.words
        and follows_clock(looks, first_seen=first_seen)
    )


def without_day(text: str | None, *, day: dt.date | None, raw: str | None) -> str | None:
    """Give a text without the printed day: pages repeat it above their first line.

    Taken out are the day as it was read, and its usual forms with a time beside them.
    """
    if text is None or day is None:
        return text
    text = unicodedata.normalize("NFC", text)
    if raw:
        text = text.replace(unicodedata.normalize("NFC", raw), "")
    by_number = rf"0?{day.day}\s*[./-]\s*0?{day.month}\s*[./-]\s*{day.year}"
    forms = rf"(?<!\d)(?:{by_number}|{day.isoformat()})(?!\d)"
    around = rf"(?:{_TIME}[\s,|-]*)?{forms}(?:[\s,|-]*{_TIME})?"
    return re.sub(around, "", text)
