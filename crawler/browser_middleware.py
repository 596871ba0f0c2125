"""Scrapy's side of the browser: which answers are rendered, and who asks for their scripts."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, TypedDict, cast
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse

from crawler import browser, quality
from crawler.browser import Given, RenderError, Wanted
from crawler.coverage import Stop
from crawler.errands import Judged, judged
from crawler.middlewares import (
    CAPTURE,
    CONDITION,
    PURPOSE,
    OffSiteError,
    PrivateError,
    SettledError,
)
from crawler.pacing import WalkOverError
from crawler.pages.captured import CapturedPage
from crawler.politeness import user_agent
from crawler.profiles import is_rendered
from storage.evidence import Rendering
from storage.records import Capture, Disposition, vietnam_day

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.errands import Errand
    from crawler.run import SiteRun
    from crawler.spiders.site import SiteSpider

_OK, _FIRST_ERROR = 200, 400
_METHODS = frozenset({"GET", "POST"})
_KEPT_BYTES = 16 * 1024 * 1024
"""Of scripts that are kept for the site's next pages in this run."""
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_TYPE = "text/html; charset=utf-8"


class _How(TypedDict):
    """How the browser is to be used."""

    named: str | None
    agent: str
    timeout_s: float


class RenderMiddleware:
    """Puts the rendered page in the answer's place, where the profile says so.

    The answer as it came has its own capture (fate *support*) and record; the page that is judged
    is a conversion of it, archived before anything is made of it.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._scripts: dict[str, Given] = {}
        self._named: set[str] = set()
        """Foreign hosts that scripts of this site wanted to ask."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RenderMiddleware:
        """Make it, as Scrapy asks for it: one for each site."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ask for the whole page: that it stands says nothing of what its scripts would show."""
        if self._is_rendered(request):
            request.meta[CONDITION] = None
            for name in _CONDITIONS:
                request.headers.pop(name, None)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Show what is a page; a list state by state.

        Raises:
            SettledError: it is a list, and was judged with all that was shown of it.
            RenderError: it cannot be shown; the capture in ``request.meta`` has its fate.
            WalkOverError: the walk ended meanwhile; the section bears the reason.
        """
        raw: Capture | None = request.meta.get(CAPTURE)
        if raw is None or response.status != _OK or not self._is_rendered(request):
            return response
        if _is_in_the_way(response, raw):
            return response
        if _is_list(request):
            await self._show(request, response, raw)
            raise SettledError
        try:
            body = await browser.render(*self._of(request, response), **self._how())
        except RenderError as error:
            self._name(error, request, raw)
            raise
        request.meta[CAPTURE] = self._archived(raw, body)
        self._keep(judged(raw, Disposition.SUPPORT, "rendered in a browser"))
        return HtmlResponse(response.url, body=body, headers={"Content-Type": _TYPE})

    async def _show(self, request: Request, response: Response, raw: Capture) -> None:
        """Show a list as far as the walk wants it; each state is archived and judged as a page.

        Raises:
            RenderError, WalkOverError: nothing could be shown; as above.
        """
        errand, states = _errand(request), 0

        async def show(body: bytes) -> bool:
            nonlocal errand, states
            if not states:
                self._keep(judged(raw, Disposition.SUPPORT, "rendered in a browser"))
            states += 1
            capture = self._archived(raw, body)
            page = CapturedPage(
                url=response.url,
                status=_OK,
                headers={"content-type": _TYPE},
                body=body,
                captured_at=capture.captured_at,
                is_live=True,
            )
            onward = self._spider.shown(capture, page, errand)
            errand = onward or errand
            return onward is not None

        version = self._run.profile.version_on(vietnam_day(self._run.started_at))
        try:
            end = await browser.render_all(
                *self._of(request, response), show, more=version.select.next, **self._how()
            )
        except RenderError as error:
            if not states:
                self._name(error, request, raw)
                raise
            if not self._spider.is_ending:
                reason = f"{response.url}: browser, after state {states}: {error}"
                self._spider.walk.shows_no_more(errand, Stop.FAILED, reason)
            return
        if end is not None:
            stop = Stop.LIST_END if end.is_whole else Stop.PAGE_LIMIT
            self._spider.walk.shows_no_more(errand, stop, end.reason)

    def _of(self, request: Request, response: Response) -> tuple[str, Given, browser.Fetch]:
        async def fetch(wanted: Wanted) -> Given | None:
            return await self._fetch(wanted, request.meta[PURPOSE])

        first = Given(status=_OK, headers=_headers(response), body=response.body)
        return response.url, first, fetch

    def _how(self) -> _How:
        return {
            "named": self._run.settings.browser,
            "agent": user_agent(self._run.profile, self._run.settings),
            "timeout_s": browser.TIMEOUT_S,
        }

    def _name(self, error: RenderError, request: Request, raw: Capture) -> None:
        """Give the answer of what could not be shown its fate.

        Raises:
            WalkOverError: the walk ended meanwhile.
        """
        if self._spider.is_ending:
            self._keep(judged(raw, Disposition.INTERRUPTED, "the walk ended before it was shown"))
            raise WalkOverError from error
        request.meta[CAPTURE] = judged(raw, Disposition.UNREADABLE, f"browser: {error}")

    def _archived(self, raw: Capture, body: bytes) -> Capture:
        assert raw.warc is not None  # noqa: S101 - an answer that came is archived
        rendering = Rendering(
            url=raw.url,
            purpose=raw.purpose,
            captured_at=self._run.clock.now(),
            response_id=raw.warc.record_id,
            body=body,
            tls=raw.tls,
        )
        draft = Capture(
            run_id=raw.run_id,
            url=raw.url,
            purpose=raw.purpose,
            captured_at=rendering.captured_at,
            disposition=Disposition.INTERRUPTED,
            status=_OK,
            media_type="text/html",
            body_sha256=hashlib.sha256(body).hexdigest(),
            body_bytes=len(body),
            tls=raw.tls,
        )
        return self._run.archive_rendering(rendering, draft)

    # ------------------------------------------------------------- what scripts ask for

    async def _fetch(self, wanted: Wanted, purpose: object) -> Given | None:
        """Ask by the crawl's own way; scripts once in a run.

        Raises:
            RenderError: it belongs to the site, and cannot be had.
        """
        url = urldefrag(wanted.url).url
        if url in self._scripts and not wanted.is_call:
            return self._scripts[url]
        version = self._run.profile.version_on(vietnam_day(self._run.started_at))
        if any(re.search(pattern, url) for pattern in version.skip):
            return None
        if wanted.method not in _METHODS:
            raise RenderError(f"{url}: method {wanted.method}")
        request = Request(
            url,
            method=wanted.method,
            headers=dict(wanted.headers),
            body=wanted.body,
            meta={
                PURPOSE: purpose,
                CONDITION: None,
                "dont_redirect": True,
                "dont_retry": True,
                "handle_httpstatus_all": True,
            },
        )
        assert self.crawler.engine is not None  # noqa: S101 - an answer has just come from it
        try:
            response = await self.crawler.engine.download_async(request)
        except (OffSiteError, PrivateError):
            self._name_foreign(url, request)
            return None
        except WalkOverError as error:
            raise RenderError("the walk is over") from error
        except Exception as error:
            capture = self._failed(request, error)
            self._keep(capture)
            raise RenderError(f"{url}: {capture.reason}") from error
        given = self._given(request, response)
        if not wanted.is_call and wanted.method == "GET":
            self._remember(url, given)
        return given

    def _given(self, request: Request, response: Response) -> Given:
        capture: Capture = request.meta[CAPTURE]
        is_error = response.status >= _FIRST_ERROR
        self._keep(
            judged(capture, Disposition.HTTP_ERROR, f"status {response.status}")
            if is_error
            else judged(capture, Disposition.SUPPORT, "asked by a script of the page")
        )
        return Given(status=response.status, headers=_headers(response), body=response.body)

    def _failed(self, request: Request, error: Exception) -> Capture:
        capture: Capture | None = request.meta.get(CAPTURE)
        if capture is None:
            is_forbidden = isinstance(error, IgnoreRequest)
            fate = Disposition.ROBOTS_DENIED if is_forbidden else Disposition.NETWORK_ERROR
            return self._unasked(request, fate, "not asked" if is_forbidden else _name_of(error))
        if capture.disposition is Disposition.INTERRUPTED:
            return judged(capture, Disposition.NETWORK_ERROR, _name_of(error))
        return capture

    def _name_foreign(self, url: str, request: Request) -> None:
        """Note once a host that scripts want and the profile does not list: it may be needed."""
        host = urlsplit(url).hostname or ""
        if host not in self._named:
            self._named.add(host)
            self._keep(self._unasked(request, Disposition.OFF_SITE, "not asked"))

    def _unasked(self, request: Request, fate: Disposition, reason: str) -> Capture:
        return Capture(
            run_id=self._run.id,
            url=request.url,
            purpose=request.meta[PURPOSE],
            captured_at=self._run.clock.now(),
            disposition=fate,
            reason=reason,
        )

    def _remember(self, url: str, given: Given) -> None:
        kept = sum(len(one.body) for one in self._scripts.values())
        if kept + len(given.body) <= _KEPT_BYTES:
            self._scripts[url] = given

    # ------------------------------------------------------------------------- the run

    @property
    def _spider(self) -> SiteSpider:
        return cast("SiteSpider", self.crawler.spider)

    @property
    def _run(self) -> SiteRun:
        return self._spider.run

    def _keep(self, capture: Capture) -> None:
        self._spider.keep(Judged(capture=capture))

    def _is_rendered(self, request: Request) -> bool:
        errand: Errand | None = request.cb_kwargs.get("errand")
        if errand is None or errand.waiting is not None:
            return False
        version = self._run.profile.version_on(vietnam_day(self._run.started_at))
        return is_rendered(version, errand.walker.section if _is_list(request) else None)


def _errand(request: Request) -> Errand:
    return cast("Errand", request.cb_kwargs["errand"])


def _is_list(request: Request) -> bool:
    errand = _errand(request)
    return errand.entry is None and not errand.is_probe and errand.waiting is None


def _is_in_the_way(response: Response, raw: Capture) -> bool:
    """Tell whether something stands in the page's place: that is named, and not got around."""
    page = CapturedPage(
        url=response.url,
        status=response.status,
        headers=_headers(response),
        body=response.body,
        captured_at=raw.captured_at,
    )
    fate = quality.judge(page).disposition
    return fate in {Disposition.BLOCKED, Disposition.HTTP_ERROR}


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def _name_of(error: BaseException) -> str:
    return type(error).__name__
