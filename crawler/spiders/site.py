"""The only spider: walks one site as its profile says, lists first, then articles.

Each answer ends in exactly one ``Judged`` capture. Redirects and retries of pages are decided
here and not in Scrapy's middlewares, because each hop and each attempt has a fate of its own.
"""

from __future__ import annotations

import asyncio
import dataclasses
import re
import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest

from crawler import second_look
from crawler.coverage import Stop, reached
from crawler.due import in_window, is_due
from crawler.middlewares import (
    CAPTURE,
    CONDITION,
    PURPOSE,
    TOO_LARGE,
    CutOffError,
    OffSiteError,
)
from crawler.missing import says_nothing_else, telling_lines, unknown_address
from crawler.pages.captured import CapturedPage, ListedItem
from crawler.profiles import Discover
from crawler.reading import Reading, dated_by_list, read_article_page, read_list_page
from crawler.run import Judged, Listed
from crawler.urls import belongs, canonical_for
from crawler.walk import Walker
from storage.decoding import decoded
from storage.errors import EvidenceError
from storage.gone import SENT_HOME, SOFT_404
from storage.records import (
    NOT_MODIFIED,
    Capture,
    CapturePurpose,
    Channel,
    DateSource,
    Disposition,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.run import SiteRun
    from storage.articles import KnownArticle
    from storage.records import Validators

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
    hops: tuple[str, ...] = ()
    """Addresses that sent us on, the first one first."""
    is_probe: bool = False
    """Asks for an address that never was, to learn how the site answers such a question."""

    @property
    def purpose(self) -> CapturePurpose:
        """Why the address is asked."""
        if self.is_probe:
            return CapturePurpose.PROBE
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
        self._silent = 0
        self._end: str | None = None
        self._closing: asyncio.Future[None] | None = None
        self._shown: dict[str, list[tuple[str, Listed]]] = {}
        """By canonical address: where this run saw the article listed."""
        self._of_unknown: frozenset[str] = frozenset()
        """What the site says, with status 200, of addresses that never were."""
        self._looked_again = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:  # noqa: ANN401
        """Make it, as Scrapy asks for it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look_again, signal=signals.spider_idle)
        return spider

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

    def tell(self) -> None:
        """Report how far it is."""
        self._tell(self)

    def closed(self, reason: str) -> None:
        """Give the run its end; Scrapy calls it when all is done or was stopped."""
        unfinished, detail = Stop.INTERRUPTED, self.run.fault
        if self._end is not None and self.run.fault is None:
            unfinished, detail = Stop.FAILED, self._end
        self.run.finish(
            [walker.result(unfinished=unfinished, detail=detail) for walker in self.walkers],
            is_interrupted=reason == "shutdown",
            listed=len(set().union(*(walker.seen for walker in self.walkers))),
        )
        self.tell()

    # ------------------------------------------------------------------- looking again

    def look_again(self) -> None:
        """Once the lists are done, ask for the known articles that are due.

        Raises:
            DontCloseSpider: there are some.
        """
        if self._looked_again or self._closing is not None or self.run.fault is not None:
            return
        self._looked_again = True
        shown = set(self._shown)
        if not shown:
            return  # nothing was seen of the site: an outage tells nothing of its articles
        addresses = second_look.due_again(
            self.run.known,
            asked=self.asked,
            shown=shown,
            seen_in_full=self._sections_seen_in_full(),
            window=self.run.window,
            now=self.run.started_at,
        )
        if not addresses or self.crawler.engine is None:
            return
        token = "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))
        probe = unknown_address(self.run.profile.base_url, token)
        self.crawler.engine.crawl(
            self._request(Errand(url=probe, walker=self.walkers[0], is_probe=True))
        )
        for address in addresses:
            url, entry = self._entry_of(address, self.run.known[address])
            self.asked.add(address)
            errand = Errand(url=url, walker=self.walkers[0], entry=entry)
            self.crawler.engine.crawl(self._request(errand))
        raise DontCloseSpider

    def _sections_seen_in_full(self) -> set[str]:
        walks = [walker.result(unfinished=Stop.INTERRUPTED) for walker in self.walkers]
        return {walk.section for walk in walks if reached(walk, self.run.window.start)}

    def _entry_of(self, address: str, known: KnownArticle) -> tuple[str, Listed]:
        """Give the address to ask and the entry to date it by: of a list now, else as before."""
        shown = self._shown.get(address, [])
        same_day = [one for one in shown if one[1].day == known.day]
        if shown:
            return (same_day or shown)[0]
        channel = Channel.FEED if known.date_source is DateSource.FEED else Channel.LIST
        is_of_list = second_look.is_of_list(known)
        answered = (look.url for look in reversed(known.looks) if look.is_there)
        return next(answered, address), Listed(
            address=address,
            section="",
            channel=channel,
            title=None,
            day=known.day if is_of_list else None,
            day_raw=known.day_raw if is_of_list else None,
        )

    # ------------------------------------------------------------------------------ answers

    def answered(self, response: Response, errand: Errand) -> Iterator[Step]:
        """Judge an answer, and go on from it."""
        capture: Capture = response.meta[CAPTURE]
        self._silent = 0
        if response.status in REDIRECTS and response.headers.get("Location"):
            yield from self._follow(capture, response, errand)
            return
        again = self._again(errand) if response.status in WORTH_A_RETRY else None
        try:
            page = self._page(response, capture)
        except EvidenceError as error:
            yield Judged(
                capture=_judged(capture, Disposition.UNREADABLE, str(error)),
                article=_article(errand),
            )
            yield self._request(dataclasses.replace(errand, attempt=errand.attempt + 1))
            return
        if errand.is_probe:
            if page.status < 400:  # noqa: PLR2004 - HTTP's first class of errors
                self._of_unknown = telling_lines(page)
            yield Judged(capture=_judged(capture, Disposition.SUPPORT, None))
        elif errand.entry is not None and self._is_soft_404(page, errand):
            self.answered_articles += 1
            reason = f"{SOFT_404}: says what it says of unknown addresses"
            yield Judged(
                capture=_judged(capture, Disposition.HTTP_ERROR, reason), article=_article(errand)
            )
        elif errand.entry is not None:
            yield from self._take_article(
                capture, read_article_page(page, self.version), errand, again
            )
        else:
            discover = errand.walker.section.discover
            reading = read_list_page(page, self.version, discover)
            yield from self._take_list(capture, reading, errand, again)

    def _page(self, response: Response, capture: Capture) -> CapturedPage:
        """Give what was answered; of a 304 the archived page that it confirms.

        Raises:
            EvidenceError: that page is not there any more.
        """
        status, body = response.status, response.body
        headers = {
            name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
            for name, values in response.headers.items()
        }
        condition: Validators | None = response.meta.get(CONDITION)
        if status == NOT_MODIFIED and condition is not None:
            archived = self.run.confirmed(condition)
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in archived.headers
            }
            status = archived.status
            body = decoded(archived.body, headers.get("content-encoding", ""))
        return CapturedPage(
            url=response.url,
            status=status,
            headers=headers,
            body=body,
            captured_at=capture.captured_at,
        )

    def _is_soft_404(self, page: CapturedPage, errand: Errand) -> bool:
        if not self._of_unknown or errand.is_probe or page.status != 200:  # noqa: PLR2004 - HTTP
            return False
        return says_nothing_else(page, self._of_unknown)

    def failed(self, failure: Failure) -> Iterator[Step]:
        """Name why there is no answer to judge."""
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.cb_kwargs["errand"]
        if isinstance(failure.value, EvidenceError):
            return
        capture = self._named(failure.value, request)
        again = None
        if capture.disposition is Disposition.NETWORK_ERROR:
            self._silent += capture.status is None
            again = self._again(errand) if capture.reason != TOO_LARGE else None
        yield Judged(capture=capture, article=_article(errand))
        if again is not None:
            self._silent -= capture.status is None
            yield again
            return
        self._miss(errand, capture.disposition, capture.reason)
        if self._silent >= SILENT_AFTER:
            self._end = f"no answer from {SILENT_AFTER} addresses in a row"
            self._close(self._end)

    def _named(self, error: BaseException | None, request: Request) -> Capture:
        capture: Capture | None = request.meta.get(CAPTURE)
        if capture is None:  # stopped on its way out
            disposition, reason = Disposition.NETWORK_ERROR, type(error).__name__
            if isinstance(error, IgnoreRequest):
                is_outside = isinstance(error, OffSiteError)
                disposition = Disposition.OFF_SITE if is_outside else Disposition.ROBOTS_DENIED
                reason = "not asked"
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
        elif target in hops or len(hops) > HOPS:
            disposition, reason = Disposition.HTTP_ERROR, f"redirect loop: {target}"
        elif errand.entry is not None and self._is_front(target):
            disposition, reason = Disposition.HTTP_ERROR, f"{SENT_HOME}: {target}"
        elif errand.is_probe:
            disposition = Disposition.SUPPORT
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
        for url, entry in found.items():
            self._shown.setdefault(entry.address, []).append((url, entry))
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
        for item in items:
            address = self._canonical(item.url)
            if not self._is_ours(item.url) or address in self._lists:
                continue
            if pattern and not re.search(pattern, item.url):
                continue
            if any(address == entry.address for entry in entries.values()):
                continue
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
        condition = self._condition(errand)
        return Request(
            errand.url,
            headers=second_look.condition_headers(condition) if condition else None,
            callback=self.answered,
            errback=self.failed,
            cb_kwargs={"errand": errand},
            priority=0 if errand.entry else 10,  # lists first: they say what there is
            meta={
                PURPOSE: errand.purpose,
                CONDITION: condition,
                "dont_redirect": True,
                "dont_retry": True,
                "handle_httpstatus_all": True,
            },
        )

    def _condition(self, errand: Errand) -> Validators | None:
        """Give the archived body that the server is asked to confirm, if it can be."""
        validators = self.run.validators.get(errand.url)
        if validators is None or errand.attempt or errand.is_probe:
            return None
        is_list = errand.entry is None
        now = self.run.started_at
        may = second_look.may_ask_if_modified(validators, is_list=is_list, now=now)
        return validators if may else None

    def _again(self, errand: Errand) -> Request | None:
        if errand.attempt >= RETRIES:
            return None
        return self._request(dataclasses.replace(errand, attempt=errand.attempt + 1))

    def _miss(self, errand: Errand, disposition: Disposition, reason: str | None) -> None:
        if errand.is_probe:
            return
        if errand.entry is not None:
            self.answered_articles += 1
            return
        stop = _STOPS.get(disposition, Stop.FAILED)
        errand.walker.miss(stop, f"{errand.url}: {reason or disposition.value}")

    def _is_ours(self, url: str) -> bool:
        is_skipped = any(pattern.search(url) for pattern in self._skip)
        return not is_skipped and belongs(url, self.run.profile)

    def _is_front(self, url: str) -> bool:
        """Tell whether an address is that of the front page or of a list."""
        address = self._canonical(url)
        return address in self._lists or address == self._canonical(self.run.profile.base_url)

    def _canonical(self, url: str) -> str:
        return canonical_for(url, self.run.profile)

    def _close(self, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason=reason)
            )


def _judged(capture: Capture, disposition: Disposition, reason: str | None) -> Capture:
    return dataclasses.replace(capture, disposition=disposition, reason=reason)


def _article(errand: Errand) -> str | None:
    return errand.entry.address if errand.entry else None
