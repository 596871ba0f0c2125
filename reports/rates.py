"""Does a site publish less than it did? An alarm made for small counts. Pure.

Units post a handful of times a week: a mean minus some standard deviations goes below zero and
never rings. Here two Poisson rates are compared exactly, given their sum (Przyborowski and
Wilenski 1940): under one rate, the newest days hold their share of all posts, binomially. A
silence is the case of none. Days that were not seen in full are in neither count: not seen is
not silent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

RECENT_DAYS = (14, 28, 56)
"""The newest seen days that are tried. Less than two weeks is shorter than a holiday (Tết)."""
REFERENCE_DAYS = 182
"""Seen days before these that say what is usual: half a year holds the ups and downs of one."""
REFERENCE_AT_LEAST = 28
ALARM_BELOW = 0.001
"""Probability of so few posts, after correction for the three spans that are tried."""
_WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class RateDrop:
    """Fewer posts in the newest days than the days before make likely."""

    first: dt.date
    last: dt.date
    """The newest days, both included; days among them that were not seen are left out."""
    days: int
    posts: int
    expected: float
    """Posts that the usual rate would have given in these days."""
    reference_days: int
    reference_posts: int
    probability: float
    """Of so few or fewer if nothing had changed; corrected for the number of spans tried."""


def find_drop(seen: Collection[dt.date], posts: Mapping[dt.date, int]) -> RateDrop | None:
    """Give the clearest drop at the end of the days seen; None: none is clear enough.

    Args:
        seen: the days that were seen in full.
        posts: how many posts each day has; days that were not seen are ignored.
    """
    days = sorted(seen)
    drops = [
        drop
        for span in RECENT_DAYS
        if (drop := _drop(days, [posts.get(day, 0) for day in days], span)) is not None
    ]
    clearest = min(drops, key=lambda drop: drop.probability, default=None)
    return clearest if clearest is not None and clearest.probability < ALARM_BELOW else None


def _drop(days: Sequence[dt.date], counts: Sequence[int], span: int) -> RateDrop | None:
    reference = counts[max(0, len(counts) - span - REFERENCE_DAYS) : max(0, len(counts) - span)]
    recent = counts[-span:]
    if len(reference) < REFERENCE_AT_LEAST or len(recent) < span or not sum(reference):
        return None
    scale = dispersion(reference)
    probability = share_at_most(
        math.ceil(sum(recent) / scale),
        of=math.ceil(sum(recent) / scale) + round(sum(reference) / scale),
        share=span / (span + len(reference)),
    )
    return RateDrop(
        first=days[-span],
        last=days[-1],
        days=span,
        posts=sum(recent),
        expected=round(sum(reference) * span / len(reference), 1),
        reference_days=len(reference),
        reference_posts=sum(reference),
        probability=min(1.0, probability * len(RECENT_DAYS)),
    )


def dispersion(counts: Sequence[int]) -> float:
    """Tell how much more the weeks differ than Poisson's would: variance over mean, at least 1.

    Offices post in bursts (a campaign, a congress). Counts divided by this number behave like
    Poisson counts again (quasi-Poisson), so that an ordinary lull rings no alarm.
    """
    first = len(counts) % _WEEK
    weeks = [sum(counts[i : i + _WEEK]) for i in range(first, len(counts), _WEEK)]
    mean = sum(weeks) / len(weeks) if weeks else 0
    if len(weeks) < 2 or mean == 0:  # noqa: PLR2004 - one week has no variance
        return 1.0
    variance = sum((week - mean) ** 2 for week in weeks) / (len(weeks) - 1)
    return max(1.0, variance / mean)


def share_at_most(number: int, *, of: int, share: float) -> float:
    """Give the probability that at most ``number`` of ``of`` fall into a ``share``: binomial.

    >>> round(share_at_most(0, of=10, share=0.5), 6)
    0.000977
    """
    return min(1.0, sum(_chance(k, of, share) for k in range(min(number, of) + 1)))


def _chance(k: int, of: int, share: float) -> float:
    ways = math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1)
    return math.exp(ways + k * math.log(share) + (of - k) * math.log1p(-share))
