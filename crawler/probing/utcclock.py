"""Are the times that a site marks as UTC's really UTC's? Decided once for a site. Pure.

'2026-09-25T18:55:00Z' is 01:55 of the next day in Vietnam, or the evening of the 25th on a site
whose software was never told its zone. One post does not tell; the hours of many do: nobody
writes every fifth post between midnight and five in the morning.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

from crawler.pages.dates import VIETNAM_OFFSET, Clock
from crawler.pages.dating import marked_as_utc
from crawler.probing.clues import Clue

if TYPE_CHECKING:
    from collections.abc import Iterable

LEAST = 20
"""Different instants from which their hours say something."""
# Hours, half-open. Mornings of offices (07:00 to 12:00) are UTC's night.
_NIGHT, _AFTERNOON = range(5), range(11, 17)
_NIGHT_OF_UTC = range(17, 22)
"""The same hours in Vietnam, if the times are UTC's."""
_OFTEN, _RARELY, _USUALLY = 0.2, 0.1, 0.25
_CHANCE, _HOURS = 0.01, 3
"""At most so likely by chance; over so many hours, for a program posts at one or two."""
_MIDNIGHT_HERE = (24 - VIETNAM_OFFSET // dt.timedelta(hours=1), 0)
"""17:00 in UTC: a day without a time, put down in Vietnam."""


@dataclass(frozen=True, slots=True)
class ClockDecision:
    """What the site's marks of UTC mean, and why; None: not decided, or nothing to decide."""

    clock: Clock | None = None
    clues: tuple[Clue, ...] = ()


def decide(printed: Iterable[str]) -> ClockDecision:
    """Decide over the instants of a site: what feeds and pages give for machines."""
    faces = {face for raw in printed if (face := marked_as_utc(raw))}
    times = [face.time for face in faces if face.time and face.time != (0, 0)]
    count = len(times)
    if count < LEAST:
        return ClockDecision()
    hours = [hour for hour, _ in times]
    night = sum(hour in _NIGHT for hour in hours)
    afternoon = sum(hour in _AFTERNOON for hour in hours)
    midnights = sum(time == _MIDNIGHT_HERE for time in times)
    if night >= _OFTEN * count or midnights > count / 2:
        return ClockDecision(Clock.UTC)
    if (night <= _RARELY * count and afternoon >= _USUALLY * count) or _tells_vietnam(hours):
        vi = (
            f"giờ ghi là UTC thực ra là giờ Việt Nam: {night}/{count} bài vào 0–5 giờ, "
            f"{afternoon} bài vào 11–17 giờ"
        )
        en = (
            f"times marked as UTC's are Vietnam's: {night} of {count} posts between 0:00 and 5:00, "
            f"{afternoon} between 11:00 and 17:00"
        )
        return ClockDecision(Clock.VIETNAM, (Clue(vi, en),))
    return ClockDecision()


def _tells_vietnam(hours: list[int]) -> bool:
    """Tell whether as UTC's the times would have many more posts at night than as Vietnam's."""
    as_printed = sum(hour in _NIGHT for hour in hours)
    as_utc = [hour for hour in hours if hour in _NIGHT_OF_UTC]
    both = as_printed + len(as_utc)
    by_chance = sum(comb(both, few) for few in range(as_printed + 1)) / 2**both
    is_often = len(as_utc) >= _OFTEN * len(hours)
    return is_often and len(set(as_utc)) >= _HOURS and by_chance <= _CHANCE
