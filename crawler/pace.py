"""How long a host is left in peace between two requests. Pure: instants are monotonic seconds.

The pause is never shorter than what was promised (the profile's, or robots.txt's) and grows
with the time that the server takes to answer, so that it has more rest than work from us.
A host that asks for patience (429, 503 with Retry-After) gets it, within bounds.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

LATENCIES = 2.0
"""Pause for each second that an answer took: at most a third of the time is a server ours."""

LONGEST_PAUSE_S = 30.0
"""However slow a server is, and however long a robots.txt would have us wait."""

PATIENCE_S = 120.0
"""The longest single wait that a server is granted; NukeViet's flood limit asks for 60 s."""

PATIENCE_A_NIGHT_S = 900.0
"""All waits of a night together; then the host is left alone until the next one."""

ASKS_FOR_PATIENCE = frozenset({429, 503})


@dataclass(kw_only=True)
class Pace:
    """The pace at which one host is asked."""

    floor_s: float
    """The shortest pause, from request to request. 0: our own server, never slowed down unless
    it asks for it."""
    _pause_s: float = 0.0
    _asked_at_s: float | None = None
    _ready_at_s: float = 0.0
    _granted_s: float = 0.0

    @property
    def pause_s(self) -> float:
        """The pause from one request to the next."""
        return max(self.floor_s, min(self._pause_s, LONGEST_PAUSE_S))

    def wait_s(self, now_s: float) -> float:
        """Give how long to wait before the next request; 0 when it may go."""
        after_last = 0.0 if self._asked_at_s is None else self._asked_at_s + self.pause_s
        return max(0.0, after_last - now_s, self._ready_at_s - now_s)

    def asked(self, now_s: float) -> None:
        """Note that a request goes."""
        self._asked_at_s = now_s

    def answered(self, *, latency_s: float) -> None:
        """Note how long the server took; it is slowed down at once and sped up by halves."""
        if self.floor_s > 0:
            wanted = LATENCIES * latency_s
            self._pause_s = max(wanted, (self._pause_s + wanted) / 2)

    def promise(self, crawl_delay_s: float) -> None:
        """Keep the delay that robots.txt asks for, up to the longest pause."""
        self.floor_s = max(self.floor_s, min(crawl_delay_s, LONGEST_PAUSE_S))

    def grant(self, now_s: float, retry_after_s: float | None) -> bool:
        """Wait as a server asks that is asked too much; False when that would be too long.

        Without a time of its own it gets twice the pause.
        """
        self._pause_s = min(2 * self.pause_s, LONGEST_PAUSE_S)
        if retry_after_s is None:
            return True
        self._granted_s += retry_after_s
        if retry_after_s > PATIENCE_S or self._granted_s > PATIENCE_A_NIGHT_S:
            return False
        self._ready_at_s = max(self._ready_at_s, now_s + retry_after_s)
        return True


def retry_after_s(value: str | None, *, now: dt.datetime) -> float | None:
    """Read a Retry-After: seconds, or an instant (RFC 9110 § 10.2.3); None when it says neither.

    >>> retry_after_s("60", now=dt.datetime(2022, 9, 1, tzinfo=dt.UTC))
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=dt.UTC)
    return max(0.0, (at - now).total_seconds())
