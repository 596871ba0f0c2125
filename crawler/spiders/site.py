"""The only spider: turns a walk's errands into requests, and what comes back into pages.

What an answer means and what is asked next is decided in ``crawler.site_walk``.
"""

from __future__ import annotations

import asyncio
import secrets
import string
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.exceptions import DontCloseSpider, IgnoreRequest

from crawler import ocr
from crawler.errands import PRIVATE, TOO_LARGE, Errand, judged
from crawler.middlewares import (
    CAPTURE,
    CONDITION,
    PURPOSE,
    CutOffError,
    NoRobotsError,
    OffSiteError,
    PrivateError,
    SettledError,
)
from crawler.pacing import WalkOverError
from crawler.pages.captured import MORE, CapturedPage
from crawler.redirects import REDIRECTS
from crawler.second_look import condition_headers
from crawler.site_walk import SiteWalk
from crawler.waiting import read_attachment
from storage.decoding import decoded
from storage.errors import DatabaseError, EvidenceError
from storage.records import NOT_MODIFIED, Capture, Disposition

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.coverage import Stop
    from crawler.errands import Judged, Step
    from crawler.run import SiteRun
    from storage.records import Validators


class SiteSpider(Spider):
    """Walks one site."""

    name = "site"

    def __init__(self, *, run: SiteRun, tell: Callable[[SiteSpider], None]) -> None:
        super().__init__()
        self.run = run
        self.walk = SiteWalk(
            run.profile,
            window=run.window,
            started_at=run.started_at,
            before=run.before,
            claimed_only=run.claimed_only,
            reads_pictures=lambda: ocr.reader() is not None,
        )
        self._tell = tell
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SiteSpider:  # noqa: ANN401
        """Make it, as Scrapy asks for it."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look_again, signal=signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of each section."""
        for errand in self.walk.begin():
            yield self._request(errand)

    def keep(self, judged: Judged) -> None:
        """Take a capture: from here on it is stored or, after a kill, found in the evidence."""
        try:
            self.run.keep(judged)
        except (DatabaseError, EvidenceError) as error:
            self.give_up(str(error))
        self.tell()

    def give_up(self, fault: str) -> None:
        """End the run because nothing can be kept any more."""
        self.run.fault = self.run.fault or fault
        self._close(fault)

    def stop_early(self, stop: Stop, reason: str) -> None:
        """End the walk in order, for a reason that the unfinished sections bear."""
        if self.walk.end is None:
            self.walk.stop(stop, reason)
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
        self.run.finish(
            self.walk.results(self.run.fault),
            is_interrupted=reason == "shutdown",
            cut_short=self.walk.left_unread(),
            listed=self.walk.listed(),
        )
        self.tell()

    def look_again(self) -> None:
        """Once the lists are done, ask for the known articles that are due.

        Raises:
            DontCloseSpider: there are some.
        """
        if self.is_ending or self.run.fault is not None or self.crawler.engine is None:
            return
        token = "".join(secrets.choice(string.ascii_lowercase) for _ in range(16))
        errands = list(self.walk.look_again(token))
        for errand in errands:
            self.crawler.engine.crawl(self._request(errand))
        if errands:
            raise DontCloseSpider

    # ------------------------------------------------------------------------------ answers

    def answered(self, response: Response, errand: Errand) -> Iterator[Request]:
        """Take the answer to a request for a list or an article."""
        capture: Capture = response.meta[CAPTURE]
        location = _location(response)
        if location is not None:
            yield from self._asked(self.walk.sent_on(capture, location, errand))
            return
        try:
            page = self._captured(response, capture, errand)
        except EvidenceError:
            yield from self._asked(self.walk.unconfirmed(capture, errand))
            return
        yield from self._asked(self.walk.answered(capture, page, errand))

    def shown(self, capture: Capture, page: CapturedPage, errand: Errand) -> Errand | None:
        """Take what a browser shows of a list; give what it is to show more for, None: nothing."""
        onward: Errand | None = None
        for step in self.walk.answered(capture, page, errand):
            if isinstance(step, Errand) and step.form == MORE:
                onward = step
            elif isinstance(step, Errand):
                assert self.crawler.engine is not None  # noqa: S101 - it has just answered
                self.crawler.engine.crawl(self._request(step))
            else:
                self.keep(step)
        return onward

    async def attached(self, response: Response, errand: Errand) -> AsyncIterator[Request]:
        """Take the answer to a request for an attachment."""
        capture: Capture = response.meta[CAPTURE]
        location = _location(response)
        if location is not None:
            steps = self.walk.sent_on(capture, location, errand)
        else:
            page = self._captured(response, capture, errand)
            # In a thread that waits for a process: other sites go on meanwhile.
            fate = await asyncio.to_thread(read_attachment, page)
            steps = self.walk.attached(capture, fate, errand)
        for request in self._asked(steps):
            yield request

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Name why there is no answer to judge."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, EvidenceError | WalkOverError | SettledError):
            return
        capture = self._named(failure.value, request)
        yield from self._asked(self.walk.failed(capture, request.cb_kwargs["errand"]))
        if self.walk.end is not None:
            self._close(self.walk.end[1])

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

    def _named(self, error: BaseException | None, request: Request) -> Capture:
        """Give the capture of a request that got no answer to judge, with its fate."""
        capture: Capture | None = request.meta.get(CAPTURE)
        if capture is None:  # stopped on its way out
            disposition, reason = Disposition.NETWORK_ERROR, type(error).__name__
            if isinstance(error, OffSiteError):
                disposition, reason = Disposition.OFF_SITE, "not asked"
            elif isinstance(error, PrivateError):
                reason = f"{PRIVATE}: {error}"
            elif isinstance(error, NoRobotsError):
                self.walk.robots_fault = str(error)
                disposition, reason = Disposition.ROBOTS_DENIED, self.walk.robots_fault
            elif isinstance(error, IgnoreRequest):
                disposition = Disposition.ROBOTS_DENIED
                reason = self.walk.robots_fault or "not asked"
            return Capture(
                run_id=self.run.id,
                url=request.url,
                purpose=request.meta[PURPOSE],
                captured_at=self.run.clock.now(),
                disposition=disposition,
                reason=reason,
            )
        if capture.disposition is not Disposition.INTERRUPTED:
            return capture  # whoever stopped it has named why
        if isinstance(error, CutOffError | IgnoreRequest):
            reason = "cut off" if isinstance(error, CutOffError) else TOO_LARGE
            return judged(capture, Disposition.NETWORK_ERROR, reason)
        return judged(capture, Disposition.UNREADABLE, f"packing: {type(error).__name__}")

    # ----------------------------------------------------------------------------- requests

    def _asked(self, steps: Iterable[Step]) -> Iterator[Request]:
        """Give the errands among the steps as requests, and keep what was judged.

        Not as Scrapy's items: it would send each through a queue and tasks of its own.
        """
        for step in steps:
            if isinstance(step, Errand):
                yield self._request(step)
            else:
                self.keep(step)

    def _request(self, errand: Errand) -> Request:
        form, condition = errand.form, self.walk.condition(errand)
        headers = {"Content-Type": form.media_type} if form else {}
        headers |= condition_headers(condition) if condition else {}
        return Request(
            errand.url,
            method="POST" if form else "GET",
            headers=headers or None,
            body=form.body if form else None,
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

    def _close(self, reason: str) -> None:
        if self._closing is None:
            self._closing = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason=reason)
            )


def _location(response: Response) -> str | None:
    """Give where an answer sends us; None when it sends nobody on."""
    if response.status not in REDIRECTS:
        return None
    location = response.headers.get("Location") or b""
    return location.decode("utf-8", errors="replace").strip() or None
