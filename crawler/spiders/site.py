"""The only spider: walks one site as its profile says, lists first, then articles.

Each answer ends in exactly one ``Judged`` capture. Redirects and retries of pages are decided
here and not in Scrapy's middlewares, because each hop and each attempt has a fate of its own.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest

from crawler.coverage import Stop
from crawler.due import in_window, is_due
from crawler.middlewares import (
    CAPTURE,
    PRIVATE,
    PURPOSE,
    TOO_LARGE,
    CutOffError,
    OffSiteError,
    PrivateError,
)
from crawler.pacing import WalkOverError
from crawler.pages.captured import CapturedPage, ListedItem
from crawler.profiles import Discover
from crawler.reading import Reading, dated_by_list, read_article_page, read_list_page
from crawler.run import Judged, Listed
from crawler.urls import belongs, canonical_for
from crawler.walk import Walker
from storage.errors import EvidenceError
from storage.records import Capture, CapturePurpose, Disposition, vietnam_day

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.run import SiteRun

Step = Request | Judged

REDIRECTS = frozenset({301, 302, 303, 307, 308})
WORTH_A_RETRY = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
RETRIES = 2
HOPS = 5
SILENT_AFTER = 3
"""Addresses in a row without any answer: the site is down, and is left alone."""

_PURPOSES = {
    Discover.LISTING: CapturePurpose.LIST,
    Discover.FEED: CapturePurpose.FEED,
    Discover.SITEMAP: CapturePurpose.SITEMAP,
}
_STOPS = {Disposition.BLOCKED: Stop.BLOCKED, Disposition.ROBOTS_DENIED: Stop.ROBOTS_DENIED}


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

    @property
    def purpose(self) -> CapturePurpose:
        """Why the address is asked."""
        return CapturePurpose.ARTICLE if self.entry else _PURPOSES[self.walker.section.discover]


class SiteSpider(Spider):
    """Walks one site."""

    name = "site"

    def __init__(self, *, run: SiteRun, tell: Callable[[SiteSpider], None]) -> None:
        super().__init__()
        self.run = run
        self.version = run.profile.version_on(vietnam_day(run.started_at))
        self.walkers = [
            Walker(section=one, start=run.window.start, max_pages=self.version.max_pages)
            for one in self.version.sections
        ]
        self.asked: set[str] = set()
        """Canonical addresses of the articles asked in this run."""
        self.answered_articles = 0
        self._tell = tell
        self._skip = [re.compile(pattern) for pattern in self.version.skip]
        self._lists = {
            canonical_for(run.profile.address_of(one), run.profile) for one in self.version.sections
        }
        self._silent, self._answers = 0, 0
        self.robots_fault: str | None = None
        """Why robots.txt could not be had; then nothing is asked."""
        self._end: tuple[Stop, str] | None = None
        self._closing: asyncio.Future[None] | None = None

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of each section."""
        for walker in self.walkers:
            url = self.run.profile.address_of(walker.section)
            walker.begin(self._canonical(url))
            yield self._request(Errand(url=url, walker=walker))

    def give_up(self, fault: str) -> None:
        """End the run because nothing can be kept any more."""
        self.run.fault = self.run.fault or fault
        self._close(fault)

    def stop_early(self, stop: Stop, reason: str) -> None:
        """End the walk in order, for a reason that the unfinished sections bear."""
        if self._end is None:
            self._end = stop, reason
            self._close(reason)

    @property
    def is_ending(self) -> bool:
        """Tell whether nothing more is to be asked."""
        return self._closing is not None

    def tell(self) -> None:
        """Report how far it is."""
        self._tell(self)

    def closed(self, reason: str) -> None:
        """Give the run its end; Scrapy calls it when all is done or was stopped."""
        unfinished, detail = Stop.INTERRUPTED, self.run.fault
        if self._end is not None and self.run.fault is None:
            unfinished, detail = self._end
        self.run.finish(
            [walker.result(unfinished=unfinished, detail=detail) for walker in self.walkers],
            is_interrupted=reason == "shutdown",
            cut_short=self._left_unread(),
            listed=len(set().union(*(walker.seen for walker in self.walkers))),
        )
        self.tell()

    def _left_unread(self) -> str | None:
        """Say why articles were left unasked; None when none were."""
        left = len(self.asked) - self.answered_articles
        if self._end is None or left <= 0:
            return None
        return f"{self._end[0].value}: {self._end[1]}; {left} articles were not asked"

    # ------------------------------------------------------------------------------ answers

    def answered(self, response: Response, errand: Errand) -> Iterator[Step]:
        """Judge an answer, and go on from it."""
        capture: Capture = response.meta[CAPTURE]
        self._silent = 0
        self._answers += 1
        if response.status in REDIRECTS and (response.headers.get("Location") or b"").strip():
            yield from self._follow(capture, response, errand)
            return
        again = self._again(errand) if response.status in WORTH_A_RETRY else None
        page = CapturedPage(
            url=response.url,
            status=response.status,
            headers={
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            },
            body=response.body,
            captured_at=capture.captured_at,
        )
        if errand.entry is not None:
            yield from self._take_article(
                capture, read_article_page(page, self.version), errand, again
            )
        else:
            discover = errand.walker.section.discover
            reading = read_list_page(page, self.version, discover)
            yield from self._take_list(capture, reading, errand, again)

    def failed(self, failure: Failure) -> Iterator[Step]:
        """Name why there is no answer to judge."""
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.cb_kwargs["errand"]
        if isinstance(failure.value, EvidenceError | WalkOverError):
            return
        capture = self._named(failure.value, request)
        again = None
        if capture.disposition is Disposition.NETWORK_ERROR:
            again = None if _is_final(capture.reason) else self._again(errand)
        yield Judged(capture=capture, article=_article(errand))
        if again is not None:
            yield again
            return
        # Of an address whose attempts lie apart it is known whether others were answered.
        before = errand.answers if errand.attempt else self._answers
        self._silent += _is_silence(capture) and self._answers == before
        self._miss(errand, capture.disposition, capture.reason)
        if self._silent >= SILENT_AFTER:
            self.stop_early(Stop.FAILED, f"no answer from {SILENT_AFTER} addresses in a row")

    def _named(self, error: BaseException | None, request: Request) -> Capture:
        capture: Capture | None = request.meta.get(CAPTURE)
        if capture is None:  # stopped on its way out
            disposition, reason = Disposition.NETWORK_ERROR, type(error).__name__
            if isinstance(error, OffSiteError):
                disposition, reason = Disposition.OFF_SITE, "not asked"
            elif isinstance(error, PrivateError):
                reason = f"{PRIVATE}: {error}"
            elif isinstance(error, IgnoreRequest):
                disposition = Disposition.ROBOTS_DENIED
                reason = self.robots_fault or "not asked"
            return Capture(
                run_id=self.run.id,
                url=request.url,
                purpose=request.meta[PURPOSE],
                captured_at=self.run.clock.now(),
                disposition=disposition,
                reason=reason,
            )
        if capture.disposition is Disposition.NETWORK_ERROR:
            return capture
        if isinstance(error, CutOffError | IgnoreRequest):
            reason = "cut off" if isinstance(error, CutOffError) else TOO_LARGE
            return _judged(capture, Disposition.NETWORK_ERROR, reason)
        return _judged(capture, Disposition.UNREADABLE, f"packing: {type(error).__name__}")

    def _follow(self, capture: Capture, response: Response, errand: Errand) -> Iterator[Step]:
        location = (response.headers.get("Location") or b"").decode("utf-8", errors="replace")
        target = urldefrag(urljoin(response.url, location.strip())).url
        hops = (*errand.hops, errand.url)
        disposition, reason = Disposition.REDIRECTED, f"to {target}"
        if not belongs(target, self.run.profile):
            disposition = Disposition.OFF_SITE
        elif target in hops:
            disposition, reason = Disposition.HTTP_ERROR, f"redirect loop: {target}"
        elif len(hops) > HOPS:
            disposition, reason = Disposition.HTTP_ERROR, f"more than {HOPS} redirects: {target}"
        yield Judged(capture=_judged(capture, disposition, reason), article=_article(errand))
        if disposition is Disposition.REDIRECTED:
            yield self._request(dataclasses.replace(errand, url=target, hops=hops, attempt=0))
        else:
            self._miss(errand, disposition, reason)

    # ---------------------------------------------------------------------- lists, articles

    def _take_list(
        self, capture: Capture, reading: Reading, errand: Errand, again: Request | None
    ) -> Iterator[Step]:
        settled = _judged(capture, reading.disposition, reading.reason)
        walker = errand.walker
        if reading.disposition is not Disposition.LISTED:
            yield Judged(capture=settled)
            if again is not None:
                yield again
            else:
                self._miss(errand, reading.disposition, reading.reason)
            return
        if reading.page is None:
            inside = [url for url in reading.further if self._is_ours(url)]
            yield Judged(capture=settled)
            for url in walker.take_index(inside):
                yield self._request(Errand(url=url, walker=walker))
            return
        found = self._entries(reading.page.items, walker)
        fresh = {url: entry for url, entry in found.items() if entry.address not in walker.seen}
        yield Judged(capture=settled, listed=tuple(fresh.values()))
        for url, entry in fresh.items():
            if self._is_wanted(entry):
                self.asked.add(entry.address)
                yield self._request(Errand(url=url, walker=walker, entry=entry))
        yield from self._go_on(reading.page.next_url, list(found.values()), walker)

    def _go_on(
        self, next_url: str | None, entries: list[Listed], walker: Walker
    ) -> Iterator[Request]:
        """Ask for the next page, if the walk wants it and it lies inside the site."""
        after = walker.take(
            [(entry.address, entry.day) for entry in entries],
            next_address=self._canonical(next_url) if next_url else None,
        )
        if after is None or next_url is None:
            return
        if self._is_ours(next_url):
            yield self._request(Errand(url=urldefrag(next_url).url, walker=walker))
        else:
            walker.miss(Stop.FAILED, f"the next page lies outside the site: {next_url}")

    def _entries(self, items: tuple[ListedItem, ...], walker: Walker) -> dict[str, Listed]:
        """Give the articles of a list by the address to ask; the first of two alike."""
        pattern = walker.section.article
        entries: dict[str, Listed] = {}
        taken: set[str] = set()
        for item in items:
            address = self._canonical(item.url)
            if not self._is_ours(item.url) or address in self._lists:
                continue
            if pattern and not re.search(pattern, item.url):
                continue
            if address in taken:
                continue
            taken.add(address)
            entries[urldefrag(item.url).url] = Listed(
                address=address,
                section=walker.section.name,
                channel=walker.channel,
                title=item.title,
                day=item.day,
                day_raw=item.day_raw,
            )
        return entries

    def _is_wanted(self, entry: Listed) -> bool:
        if entry.address in self.asked or not in_window(entry.day, self.run.window):
            return False
        known = self.run.known.get(entry.address)
        return is_due(
            known,
            (entry.title, entry.day, entry.day_raw),
            place=(entry.section, entry.channel),
            last_try=self.run.tries.get(known.article_id) if known else None,
            now=self.run.started_at,
        )

    def _take_article(
        self, capture: Capture, reading: Reading, errand: Errand, again: Request | None
    ) -> Iterator[Step]:
        settled = _judged(capture, reading.disposition, reading.reason)
        extraction = reading.extraction
        if extraction is not None and errand.entry is not None:
            extraction = dated_by_list(
                extraction,
                day=errand.entry.day,
                day_raw=errand.entry.day_raw,
                channel=errand.entry.channel,
                version=self.version,
            )
        retried = again if extraction is None else None
        self.answered_articles += retried is None
        yield Judged(capture=settled, article=_article(errand), extraction=extraction)
        if retried is not None:
            yield retried

    # ----------------------------------------------------------------------------- requests

    def _request(self, errand: Errand) -> Request:
        return Request(
            errand.url,
            callback=self.answered,
            errback=self.failed,
            cb_kwargs={"errand": errand},
            priority=0 if errand.entry else 10,  # lists first: they say what there is
            meta={
                PURPOSE: errand.purpose,
                "dont_redirect": True,
                "dont_retry": True,
                "handle_httpstatus_all": True,
            },
        )

    def _again(self, errand: Errand) -> Request | None:
        if errand.attempt >= RETRIES:
            return None
        answers = errand.answers if errand.attempt else self._answers
        return self._request(
            dataclasses.replace(errand, attempt=errand.attempt + 1, answers=answers)
        )

    def _miss(self, errand: Errand, disposition: Disposition, reason: str | None) -> None:
        if errand.entry is not None:
            self.answered_articles += 1
            return
        stop = _STOPS.get(disposition, Stop.FAILED)
        if stop is Stop.ROBOTS_DENIED and self.robots_fault:
            stop = Stop.FAILED
        errand.walker.miss(stop, f"{errand.url}: {reason or disposition.value}")

    def _is_ours(self, url: str) -> bool:
        is_skipped = any(pattern.search(url) for pattern in self._skip)
        return not is_skipped and belongs(url, self.run.profile)

    def _canonical(self, url: str) -> str:
        return canonical_for(url, self.run.profile)

    def _close(self, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason=reason)
            )


def _judged(capture: Capture, disposition: Disposition, reason: str | None) -> Capture:
    return dataclasses.replace(capture, disposition=disposition, reason=reason)


def _is_silence(capture: Capture) -> bool:
    """Tell whether no answer came at all; one that was cut off or too large was one."""
    return capture.status is None and not (capture.reason or "").startswith(("cut off", TOO_LARGE))


def _is_final(reason: str | None) -> bool:
    """Tell whether asking again would give the same, or would press a server for nothing."""
    return (reason or "").startswith((TOO_LARGE, PRIVATE, "TLS:"))


def _article(errand: Errand) -> str | None:
    return errand.entry.address if errand.entry else None
