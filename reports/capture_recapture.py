"""How many posts did every channel miss? Chapman's capture–recapture estimate. Pure.

A site's list and its feed (or sitemap) are two catches of the same posts. What one shows and
the other does not tells how many neither shows. The estimate supposes that the channels miss
posts independently; a list and a feed that are made by one query miss together, and then it
comes out too low. It is a warning light, not a proof that nothing was missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from storage.records import Channel

_Z = 1.96  # two-sided 95 %
_TAIL = 0.025


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """Posts that no channel showed, estimated from two catches."""

    channel: str
    """The channel that is held against all the others together, e.g. 'feed'."""
    shown: int
    """Posts that any channel showed."""
    by_it: int
    by_others: int
    by_both: int
    estimate: float
    low: int
    """Lower end of the 95 % interval."""
    high: int


def chapman(*, by_it: int, by_others: int, by_both: int) -> tuple[float, int, int] | None:
    """Estimate how many are in neither catch: the estimate and its 95 % interval.

    Chapman (1951): N = (n1+1)(n2+1)/(m+1) − 1, of which N − (n1+n2−m) were never caught;
    variance by Seber (1970); interval by Chao (1987) on the logarithm of the number missed, so
    that it never falls below 0, widened to whole posts. When one catch lies wholly within the
    other, the variance is 0 whatever the numbers: then the upper end is that of the binomial
    share (Clopper, Pearson 1934) of the larger catch. None: a catch is empty, nothing can be
    said.

    >>> chapman(by_it=40, by_others=30, by_both=24)[0]
    3.84

    Raises:
        ValueError: more in both than in one.
    """
    first, second, both = by_it, by_others, by_both
    if both > min(first, second) or both < 0:
        raise ValueError(f"{both} in both, but only {first} and {second} in each")
    if min(first, second) == 0:
        return None
    missed = (first - both) * (second - both) / (both + 1)
    if missed == 0:
        least_share = _TAIL ** (1 / both)
        return 0.0, 0, math.ceil(max(first, second) * (1 / least_share - 1))
    variance = missed * (first + 1) * (second + 1) / ((both + 1) * (both + 2))
    factor = math.exp(_Z * math.sqrt(math.log(1 + variance / missed**2)))
    return missed, math.floor(missed / factor), math.ceil(missed * factor)


def estimate_missed(shown_by: Mapping[Channel, AbstractSet[int]]) -> Missed | None:
    """Hold each channel against all the others, and give the estimate that is worst.

    Args:
        shown_by: the articles of each channel, all of days that every channel saw in full.

    None: there are fewer than two channels that showed something.
    """
    catches = {channel: found for channel, found in shown_by.items() if found}
    if len(catches) < 2:  # noqa: PLR2004 - it takes two
        return None
    estimates = [_against_others(channel, catches) for channel in catches]
    return max(estimates, key=lambda missed: (missed.estimate, missed.high, missed.channel))


def _against_others(channel: Channel, catches: Mapping[Channel, AbstractSet[int]]) -> Missed:
    mine = set(catches[channel])
    others = set[int]().union(*(found for one, found in catches.items() if one is not channel))
    numbers = {"by_it": len(mine), "by_others": len(others), "by_both": len(mine & others)}
    found = chapman(**numbers)
    assert found is not None, "no catch is empty here"  # noqa: S101 - see estimate_missed
    estimate, low, high = found
    return Missed(
        channel=channel.value,
        shown=len(mine | others),
        **numbers,
        estimate=round(estimate, 2),
        low=low,
        high=high,
    )
