"""What a request is sent for, and what follows for the captures that answer it. Pure."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from crawler.profiles import Discover
from storage.records import CapturePurpose, ListPage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from crawler.pages.captured import Form
    from crawler.waiting import Waiting
    from crawler.walk import Walker
    from storage.records import Capture, Channel, Disposition, Extraction

PRIVATE = "private address"
"""The reason for a host that lies where no stranger may send us."""
TOO_LARGE = "too large"
"""The reason for a body over the limit: asking again would give the same."""

_PURPOSES = {
    Discover.LISTING: CapturePurpose.LIST,
    Discover.FEED: CapturePurpose.FEED,
    Discover.SITEMAP: CapturePurpose.SITEMAP,
    Discover.REST: CapturePurpose.LIST,
    Discover.JSON: CapturePurpose.LIST,
}
_PRIORITIES = {CapturePurpose.ARTICLE: 0, CapturePurpose.ATTACHMENT: 5}


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An entry of a list, feed or sitemap, under the article's canonical address."""

    address: str
    section: str
    channel: Channel
    title: str | None
    day: dt.date | None
    day_raw: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A capture with its fate, and what was read from it."""

    capture: Capture
    """For a page that was read: STORED; whether it is UNCHANGED is found when it is kept."""
    listed: tuple[Listed, ...] = ()
    article: str | None = None
    """Canonical address of the article that it was asked for."""
    extraction: Extraction | None = None
    list_page: ListPage | None = None
    """For a page of a list, feed or sitemap: which one; its capture's id is filled in later."""
    attached: Mapping[str, str] = field(default_factory=dict)
    """By address of an attachment: the WARC-Record-ID of the capture that it was read from."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """What a request is sent for."""

    url: str
    walker: Walker
    """The walk that it belongs to, or that found the article."""
    entry: Listed | None = None
    """The article as listed; None for a list."""
    attempt: int = 0
    answers: int = 0
    """Answers of the site when the first attempt failed."""
    hops: tuple[str, ...] = ()
    """Addresses that sent us on, the first one first."""
    form: Form | None = None
    """What is sent by POST; None: the address is asked by GET."""
    number: int = 1
    """Of a list page: which one of the walk (see ``ListPage``)."""
    waiting: Waiting | None = None
    """The article that waits for this attachment; None for a list or article."""
    is_probe: bool = False
    """Asks for an address that never was, to learn how the site answers such a question."""

    @property
    def purpose(self) -> CapturePurpose:
        """Why the address is asked."""
        if self.waiting is not None:
            return CapturePurpose.ATTACHMENT
        if self.is_probe:
            return CapturePurpose.PROBE
        return CapturePurpose.ARTICLE if self.entry else _PURPOSES[self.walker.section.discover]

    @property
    def article(self) -> str | None:
        """Canonical address of the article that it is about; None for a list."""
        return self.entry.address if self.entry else None

    @property
    def priority(self) -> int:
        """Lists first: they say what there is; then attachments, for which an article waits."""
        return _PRIORITIES.get(self.purpose, 10)

    def for_attachment(self, waiting: Waiting) -> Errand:
        """Give the errand for the next document that an article waits for."""
        url = urldefrag(waiting.left[0].url).url
        return dataclasses.replace(self, url=url, attempt=0, hops=(), waiting=waiting)

    def list_page(self, days: Sequence[dt.date | None]) -> ListPage:
        """Say which page of which list was read, and the days that it showed."""
        dated = [day for day in days if day is not None]
        return dataclasses.replace(
            self._page(),
            items=len(days),
            undated=len(days) - len(dated),
            newest=max(dated, default=None),
            oldest=min(dated, default=None),
        )

    def unread_page(self) -> ListPage | None:
        """Say which page of which list could not be read; None when it was none of a list."""
        return None if self.entry or self.is_probe else self._page()

    def _page(self) -> ListPage:
        walker = self.walker
        return ListPage(section=walker.section.name, channel=walker.channel, number=self.number)


Step = Errand | Judged
"""What a walk does next: it asks, or it has settled what a capture is."""


def judged(capture: Capture, disposition: Disposition, reason: str | None) -> Capture:
    """Give a capture its fate."""
    return dataclasses.replace(capture, disposition=disposition, reason=reason)


def is_silence(capture: Capture) -> bool:
    """Tell whether no answer came at all; one that was cut off or too large was one."""
    return capture.status is None and not (capture.reason or "").startswith(("cut off", TOO_LARGE))


def is_final(reason: str | None) -> bool:
    """Tell whether asking again would give the same, or would press a server for nothing."""
    return (reason or "").startswith((TOO_LARGE, PRIVATE, "TLS:"))
