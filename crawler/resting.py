"""When is a site tried again that seems dead? Pure.

Every failed night has a weight; the heavier they have become since the last night on which the
site showed something, the longer it is left alone. For a month it is tried less and less often,
then once a month, as long as its profile is there: nobody else would notice its return. A night
without a try is a night on which nothing was seen, and is noted as such.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from storage.records import Disposition, RunOutcome, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from storage.records import CrawlRun

SKIPPED = "skip/resting"
"""The counter by which a night without a try is known."""

GAPS = (1, 1, 1, 2, 2, 3, 4, 5, 6, 7)
"""Days from one try to the next, by the weight of the failures so far: a month in all."""

MONTH = 30
"""Days between two tries of a site that has been silent for a month."""


_SILENCE = {Disposition.NETWORK_ERROR.value, Disposition.ROBOTS_DENIED.value}
"""All that a host shows which answers nothing: robots.txt cannot be reached, the rest is not asked.
One that forbids by its robots.txt has answered that."""


def weight(counters: Mapping[str, int]) -> float:
    """Give how much a night on which nothing was seen speaks for a site that is dead.

    No answer at all weighs most; a server that answers lives, even if only with errors; one
    that turns us away may be quite well.
    """
    seen = {name.removeprefix("capture/") for name in counters if name.startswith("capture/")}
    if not seen:
        return 0.0  # stopped before it asked: says nothing of the site
    if Disposition.NETWORK_ERROR.value in seen and seen <= _SILENCE:
        return 1.0
    if Disposition.BLOCKED.value in seen or Disposition.ROBOTS_DENIED.value in seen:
        return 0.25
    return 0.5


def next_try(runs: Sequence[CrawlRun]) -> dt.date | None:
    """Give the first day in Vietnam on which a site is to be tried; None: nothing speaks for rest.

    Args:
        runs: the site's, oldest first; those that have not ended say nothing.
    """
    tries: list[tuple[dt.date, float]] = []
    for run in runs:
        if run.outcome in {None, RunOutcome.INTERRUPTED} or SKIPPED in run.counters:
            continue
        if run.outcome is not RunOutcome.FAILED or _showed_something(run):
            tries.clear()
            continue
        tries.append((vietnam_day(run.started_at), weight(run.counters)))
    heavy = sum(kilos for _, kilos in tries)
    if heavy < 1:
        return None
    step = min(int(heavy), len(GAPS)) - 1
    silent = (tries[-1][0] - tries[0][0]).days
    return tries[-1][0] + dt.timedelta(days=MONTH if silent >= MONTH else GAPS[step])


def _showed_something(run: CrawlRun) -> bool:
    """Tell whether a failed run read anything: then it broke an expectation, and is no silence."""
    read = (Disposition.STORED, Disposition.UNCHANGED, Disposition.LISTED)
    return any(run.counters.get(f"capture/{one.value}", 0) for one in read)
