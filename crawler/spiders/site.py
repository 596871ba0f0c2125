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
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urlencode

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest

from crawler import second_look
from crawler.attachments import to_ask
from crawler.coverage import Stop, is_deep
from crawler.discovery.counted import following
from crawler.due import in_window, is_due
from crawler.errands import PRIVATE, TOO_LARGE, Errand, Judged, Listed, is_final, is_silence, judged
from crawler.identity import identity_of
from crawler.middlewares import (
    CAPTURE,
    CONDITION,
    PURPOSE,
    CutOffError,
    NoRobotsError,
    OffSiteError,
    PrivateError,
)
from crawler.missing import says_nothing_else, telling_lines, unknown_address
from crawler.pacing import WalkOverError
from crawler.pages.captured import CapturedPage, ListedItem
from crawler.reading import Reading, dated_by_list, read_article_page, read_list_page
from crawler.urls import belongs, canonical_for, joined
from crawler.waiting import AttachmentFate, Waiting, read_attachment
from crawler.walk import Walker
from storage.decoding import decoded
from storage.errors import EvidenceError
from storage.gone import SENT_HOME, SOFT_404, tells
from storage.records import (
    NOT_MODIFIED,
    Capture,
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

    from crawler.pages.captured import ListedPage
    from crawler.run import SiteRun
    from storage.known import KnownArticle
    from storage.records import Validators

Step = Request | Judged

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEP_THE_FORM = frozenset({307, 308})
WORTH_A_RETRY = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
RETRIES = 2
HOPS = 5
SILENT_AFTER = 3
"""Addresses in a row without any answer: the site is down, and is left alone."""

_STOPS = {Disposition.BLOCKED: Stop.BLOCKED, Disposition.ROBOTS_DENIED: Stop.ROBOTS_DENIED}


class SiteSpider(Spider):
    """Walks one site."""

    name = "site"

    def __init__(self, *, run: SiteRun, tell: Callable[[SiteSpider], None]) -> None:
        super().__init__()
        self.run = run
        self.version = run.profile.version_on(vietnam_day(run.started_at))
        self.walkers = [
            Walker(
                section=run.profile.located(one),
                start=run.window.start,
                max_pages=self.version.max_pages,
                join=run.joins.get(one.name),
            )
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
        self._known: dict[str, str] = {}
        """The address of each article by its identity; the one that was seen first."""
        for address in run.known:
            self._known.setdefault(identity_of(address, run.profile), address)
        self._silent, self._answers = 0, 0
        self.robots_fault: str | None = None
        """Why robots.txt could not be had; then nothing is asked."""
        self.no_robots: dict[str, str] = {}
        """Likewise by host (with its port): robots.txt could not be reached at all."""
        self._end: tuple[Stop, str] | None = None
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
            listed={url: day for walker in self.walkers for url, day in walker.seen.items()},
        )
        self.tell()

    def _left_unread(self) -> str | None:
        """Say why articles were left unasked; None when none were."""
        left = len(self.asked) - self.answered_articles
        if self._end is None or left <= 0:
            return None
        return f"{self._end[0].value}: {self._end[1]}; {left} articles were not asked"

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
        return {walk.section for walk in walks if is_deep(walk, self.run.window.start)}

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
        self._answers += 1
        if response.status in REDIRECTS and (response.headers.get("Location") or b"").strip():
            yield from self._follow(capture, response, errand)
            return
        again = self._again(errand) if response.status in WORTH_A_RETRY else None
        try:
            page = self._captured(response, capture, errand)
        except EvidenceError:
            reason = "the page that it confirms cannot be read from the evidence"
            yield Judged(
                capture=judged(capture, Disposition.UNREADABLE, reason),
                article=errand.article,
                list_page=errand.unread_page(),
            )
            yield self._request(dataclasses.replace(errand, attempt=errand.attempt + 1))
            return
        if errand.is_probe:
            if page.status < 400:  # noqa: PLR2004 - HTTP's first class of errors
                self._of_unknown = telling_lines(page)
            yield Judged(capture=judged(capture, Disposition.SUPPORT, None))
        elif errand.entry is not None and self._is_soft_404(page, errand):
            self.answered_articles += 1
            reason = f"{SOFT_404}: says what it says of unknown addresses"
            yield Judged(
                capture=judged(capture, Disposition.HTTP_ERROR, reason), article=errand.article
            )
        elif errand.entry is not None:
            yield from self._take_article(
                capture, read_article_page(page, self.version), errand, again
            )
        else:
            section = errand.walker.section
            reading = read_list_page(page, self.version, section.discover, section)
            yield from self._take_list(capture, reading, errand, again)

    async def attached(self, response: Response, errand: Errand) -> AsyncIterator[Step]:
        """Read an attachment, and go on with the article that waits for it."""
        capture: Capture = response.meta[CAPTURE]
        self._silent = 0
        if response.status in REDIRECTS and response.headers.get("Location"):
            for step in self._follow(capture, response, errand):
                yield step
            return
        again = self._again(errand) if response.status in WORTH_A_RETRY else None
        page = self._captured(response, capture, errand)
        # In a thread that waits for a process: other sites go on meanwhile.
        fate = await asyncio.to_thread(read_attachment, page)
        settled = judged(capture, fate.disposition, fate.reason)
        yield Judged(capture=settled, article=errand.article)
        for step in [again] if again is not None else self._resume(errand, fate, capture):
            yield step

    def _captured(self, response: Response, capture: Capture, errand: Errand) -> CapturedPage:
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
            form=errand.form,
        )

    def _is_soft_404(self, page: CapturedPage, errand: Errand) -> bool:
        if not self._of_unknown or errand.is_probe or page.status != 200:  # noqa: PLR2004 - HTTP
            return False
        return says_nothing_else(page, self._of_unknown)

    def failed(self, failure: Failure) -> Iterator[Step]:
        """Name why there is no answer to judge."""
        request: Request = failure.request  # type: ignore[attr-defined]
        errand: Errand = request.cb_kwargs["errand"]
        if isinstance(failure.value, EvidenceError | WalkOverError):
            return
        capture = self._named(failure.value, request)
        again = None
        if capture.disposition is Disposition.NETWORK_ERROR:
            again = None if is_final(capture.reason) else self._again(errand)
        yield Judged(capture=capture, article=errand.article, list_page=errand.unread_page())
        if again is not None:
            yield again
            return
        # Of an address whose attempts lie apart it is known whether others were answered.
        before = errand.answers if errand.attempt else self._answers
        self._silent += is_silence(capture) and self._answers == before
        yield from self._miss(errand, capture.disposition, capture.reason)
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
            elif isinstance(error, NoRobotsError):
                self.robots_fault = str(error)
                disposition, reason = Disposition.ROBOTS_DENIED, self.robots_fault
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
            return judged(capture, Disposition.NETWORK_ERROR, reason)
        return judged(capture, Disposition.UNREADABLE, f"packing: {type(error).__name__}")

    def _follow(self, capture: Capture, response: Response, errand: Errand) -> Iterator[Step]:
        location = (response.headers.get("Location") or b"").decode("utf-8", errors="replace")
        target = urldefrag(joined(response.url, location.strip())).url
        hops = (*errand.hops, errand.url)
        disposition, reason = Disposition.REDIRECTED, f"to {target}"
        if not belongs(target, self.run.profile):
            disposition = Disposition.OFF_SITE
        elif target in hops:
            disposition, reason = Disposition.HTTP_ERROR, f"redirect loop: {target}"
        elif len(hops) > HOPS:
            disposition, reason = Disposition.HTTP_ERROR, f"more than {HOPS} redirects: {target}"
        elif errand.entry is not None and errand.waiting is None and self._is_front(target):
            disposition, reason = Disposition.HTTP_ERROR, f"{SENT_HOME}: {target}"
        elif errand.is_probe:
            disposition = Disposition.SUPPORT
        yield Judged(
            capture=judged(capture, disposition, reason),
            article=errand.article,
            list_page=errand.unread_page(),
        )
        if disposition is Disposition.REDIRECTED:
            # RFC 9110 § 15.4: only 307 and 308 want the form again.
            form = errand.form if response.status in KEEP_THE_FORM else None
            yield self._request(
                dataclasses.replace(errand, url=target, hops=hops, attempt=0, form=form)
            )
        else:
            yield from self._miss(errand, disposition, reason)

    # ---------------------------------------------------------------------- lists, articles

    def _take_list(
        self, capture: Capture, reading: Reading, errand: Errand, again: Request | None
    ) -> Iterator[Step]:
        settled = judged(capture, reading.disposition, reading.reason)
        walker = errand.walker
        if reading.disposition is not Disposition.LISTED:
            yield Judged(capture=settled, list_page=errand.unread_page())
            if again is not None:
                yield again
            else:
                yield from self._miss(errand, reading.disposition, reading.reason, capture.status)
            return
        if reading.page is None:
            inside = [url for url in reading.further if self._is_ours(url)]
            yield Judged(capture=settled, list_page=errand.list_page(()))
            for number, url in enumerate(walker.take_index(inside), start=errand.number + 1):
                yield self._request(Errand(url=url, walker=walker, number=number))
            return
        found = self._entries(reading.page.items, walker)
        for url, entry in found.items():
            self._shown.setdefault(entry.address, []).append((url, entry))
        fresh = {url: entry for url, entry in found.items() if entry.address not in walker.seen}
        yield Judged(
            capture=settled,
            listed=tuple(fresh.values()),
            list_page=errand.list_page([entry.day for entry in found.values()]),
        )
        for url, entry in fresh.items():
            if self._is_wanted(entry):
                self.asked.add(entry.address)
                yield self._request(Errand(url=url, walker=walker, entry=entry))
        yield from self._go_on(reading.page, list(found.values()), errand)

    def _go_on(self, page: ListedPage, entries: list[Listed], errand: Errand) -> Iterator[Request]:
        """Ask for the next page, if the walk wants it and it lies inside the site."""
        walker, next_url = errand.walker, page.next_url
        after = walker.take(
            [(entry.address, self.run.day_of(entry)) for entry in entries],
            next_address=self._place_of(page, len(walker.seen)),
            is_cut_off=page.is_cut_off,
            is_known=all(self.run.is_known(entry) for entry in entries),
        )
        if walker.is_joined:
            yield from self._ask_for_the_unread(walker)
        if after is None or next_url is None:
            return
        if self._is_ours(next_url):
            errand = Errand(
                url=urldefrag(next_url).url,
                walker=walker,
                form=page.next_form,
                number=errand.number + 1,
            )
            yield self._request(errand)
        else:
            walker.miss(Stop.FAILED, f"the next page lies outside the site: {next_url}")

    def _place_of(self, page: ListedPage, seen: int) -> str | None:
        """Give what tells the next page from those that were asked.

        A form is sent to one address again and again, and a plain "next" is one click on every
        page: what was seen so far tells the clicks apart, and no new item ends the walk.
        """
        if page.next_url is None:
            return None
        address = self._canonical(page.next_url)
        click = page.next_form.click if page.next_form else None
        return address if click is None else f"{address}#{click[0]}:{click[1]}:{seen}"

    def _ask_for_the_unread(self, walker: Walker) -> Iterator[Request]:
        """Ask for what the list showed before, further down than this walk goes, and is due."""
        for entry in self.run.known_entries(walker.section.name, walker.channel):
            if entry.address not in walker.seen and self._is_wanted(entry):
                self.asked.add(entry.address)
                url = self.run.last_address(entry.address)
                yield self._request(Errand(url=url, walker=walker, entry=entry))

    def _entries(self, items: tuple[ListedItem, ...], walker: Walker) -> dict[str, Listed]:
        """Give the articles of a list by the address to ask; the first of two alike."""
        pattern = walker.section.article
        entries: dict[str, Listed] = {}
        taken: set[str] = set()
        for item in items:
            found_at = self._canonical(item.url)
            address = self._article_address(found_at)
            if not self._is_ours(item.url) or found_at in self._lists:
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
        settled = judged(capture, reading.disposition, reading.reason)
        extraction = reading.extraction
        if extraction is not None and errand.entry is not None:
            extraction = dated_by_list(
                extraction,
                day=errand.entry.day,
                day_raw=errand.entry.day_raw,
                channel=errand.entry.channel,
                version=self.version,
            )
        wanted = to_ask(extraction, is_ours=self._is_ours) if extraction is not None else ()
        if extraction is not None and wanted:
            # The article's own capture is judged when its attachments are here.
            waiting = Waiting(capture=settled, extraction=extraction, left=wanted)
            yield self._request(errand.for_attachment(waiting))
            return
        retried = again if extraction is None else None
        self.answered_articles += retried is None
        yield Judged(capture=settled, article=errand.article, extraction=extraction)
        if retried is not None:
            yield retried

    def _resume(
        self, errand: Errand, fate: AttachmentFate, capture: Capture | None
    ) -> Iterator[Step]:
        """Go on with the article that waits: its next attachment, or its end."""
        if errand.waiting is None:
            return
        waiting = errand.waiting.after(fate, capture)
        if waiting.left:
            yield self._request(errand.for_attachment(waiting))
            return
        self.answered_articles += 1
        known = self.run.known.get(errand.article or "")
        yield waiting.judged(errand.article, has_version=known is not None and known.has_version)

    # ----------------------------------------------------------------------------- requests

    def _request(self, errand: Errand) -> Request:
        form, condition = errand.form, self._condition(errand)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        headers |= second_look.condition_headers(condition) if condition else {}
        return Request(
            errand.url,
            method="POST" if form else "GET",
            headers=headers or None,
            body=urlencode(form.fields) if form else None,
            callback=self.answered if errand.waiting is None else self.attached,
            errback=self.failed,
            cb_kwargs={"errand": errand},
            priority=errand.priority,
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
        is_plain = errand.form is None and errand.waiting is None and not errand.is_probe
        if validators is None or errand.attempt or not is_plain:
            return None
        is_list = errand.entry is None
        now = self.run.started_at
        may = second_look.may_ask_if_modified(validators, is_list=is_list, now=now)
        return validators if may else None

    def _again(self, errand: Errand) -> Request | None:
        if errand.attempt >= RETRIES:
            return None
        answers = errand.answers if errand.attempt else self._answers
        return self._request(
            dataclasses.replace(errand, attempt=errand.attempt + 1, answers=answers)
        )

    def _miss(
        self,
        errand: Errand,
        disposition: Disposition,
        reason: str | None,
        status: int | None = None,
    ) -> Iterator[Step]:
        if errand.is_probe:
            return
        if errand.waiting is not None:
            is_passing = disposition is Disposition.NETWORK_ERROR and not is_final(reason)
            fate = AttachmentFate.missing(disposition, reason, is_passing=is_passing)
            yield from self._resume(errand, fate, None)
            return
        if errand.entry is not None:
            self.answered_articles += 1
            return
        stop = _STOPS.get(disposition, Stop.FAILED)
        if stop is Stop.ROBOTS_DENIED and self.robots_fault:
            stop = Stop.FAILED
        is_absent = tells(disposition, status=status, reason=reason) is False
        beyond = following(errand.url, errand.walker.section) if is_absent else None
        asked_next = errand.walker.miss(
            stop,
            f"{errand.url}: {reason or disposition.value}",
            beyond=self._canonical(beyond) if beyond else None,
        )
        if beyond and asked_next:
            errand = Errand(url=beyond, walker=errand.walker, number=errand.number + 1)
            yield self._request(errand)

    def _is_ours(self, url: str) -> bool:
        is_skipped = any(pattern.search(url) for pattern in self._skip)
        return not is_skipped and belongs(url, self.run.profile)

    def _is_front(self, url: str) -> bool:
        """Tell whether an address is that of the front page or of a list."""
        address = self._canonical(url)
        return address in self._lists or address == self._canonical(self.run.profile.base_url)

    def _canonical(self, url: str) -> str:
        return canonical_for(url, self.run.profile)

    def _article_address(self, found_at: str) -> str:
        """Give the address under which an article is known, by whichever it was found."""
        return self._known.setdefault(identity_of(found_at, self.run.profile), found_at)

    def _close(self, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason=reason)
            )
