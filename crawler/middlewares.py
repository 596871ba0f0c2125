"""Between spider and network: the guard of the site's borders, and the evidence.

``EvidenceMiddleware`` stands next to the downloader and sees every exchange as it came:
robots.txt, redirects, bodies still packed. It hands the capture on in ``request.meta``, the
one place that a Scrapy response carries things in.
"""

from __future__ import annotations

import dataclasses
import zlib
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.web.client import ResponseFailed

from crawler.addresses import is_private_host
from crawler.connections import TLS, HeadTooLargeError, certificate_fault, refused_addresses
from crawler.errands import PRIVATE, TOO_LARGE, Judged, is_final
from crawler.politeness import hosts_of, may_be_private
from crawler.profiles import Robots
from crawler.settings import DOWNLOAD_MAXSIZE
from crawler.urls import belongs, joined
from storage.errors import EvidenceError
from storage.records import NOT_MODIFIED, Capture, CapturePurpose, Disposition
from storage.warc import Exchange, media_type_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.spiders.site import SiteSpider

CAPTURE = "tinbai_capture"
"""Where ``request.meta`` holds the capture of an exchange until it is judged."""
PURPOSE = "tinbai_purpose"
"""Where it holds why the address was asked."""
CONDITION = "tinbai_condition"
"""Where it holds the archived body that the server was asked to confirm."""


_HEADER_AT_MOST = 200
"""Bytes of an ETag or date that are worth keeping."""

_GZIP = b"\x1f\x8b"
_ROBOTS_BYTES = 500 * 1024
"""What is read of a robots.txt; RFC 9309 § 2.5 asks for no more."""


class OffSiteError(IgnoreRequest):
    """The address does not belong to the site; it is never asked."""


class PrivateError(IgnoreRequest):
    """The address is a private one; it is never asked."""


class NoRobotsError(IgnoreRequest):
    """The host's robots.txt cannot be reached, so nothing of it is asked."""


class SettledError(IgnoreRequest):
    """The answer was judged on its way, state by state: nothing more is to be made of it."""


class CutOffError(Exception):
    """The body came as long as announced, but its packing has no end."""


class HostGuard:
    """The last line: no request leaves the site, and all go by the office's proxy or by none."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostGuard:
        """Make it, as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse what lies outside."""
        run = _spider(self.crawler).run
        # Set even when there is none: otherwise Scrapy takes one from the environment.
        request.meta["proxy"] = run.settings.proxy
        parts = urlsplit(request.url)
        is_robots = parts.path == "/robots.txt" and parts.hostname in hosts_of(run.profile)
        if not is_robots and not belongs(request.url, run.profile):
            raise OffSiteError(request.url)
        if is_private_host(parts.hostname or "") and not may_be_private(run.profile, run.settings):
            raise PrivateError(parts.hostname)


class EvidenceMiddleware:
    """Writes every exchange into the evidence before anything is made of it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> EvidenceMiddleware:
        """Make it, as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ask nothing of a host whose robots.txt cannot be reached (RFC 9309 § 2.3.1.4).

        Raises:
            NoRobotsError: it cannot.
        """
        fault = _spider(self.crawler).walk.no_robots.get(urlsplit(request.url).netloc)
        if fault is not None and not _is_robots(request):
            raise NoRobotsError(fault)

    def process_response(self, request: Request, response: Response) -> Response:
        """Archive the response as it came.

        Raises:
            EvidenceError: it cannot be written; the run ends.
            CutOffError: it was archived, but is not whole.
            IgnoreRequest: it was archived, and unpacks to too much.
        """
        spider = _spider(self.crawler)
        exchange = Exchange(
            url=response.url,
            purpose=request.meta.get(PURPOSE, CapturePurpose.ROBOTS),
            captured_at=spider.run.clock.now(),
            request_method=request.method,
            request_headers=_headers(request),
            request_body=request.body,
            protocol=response.protocol or "HTTP/1.1",
            status=response.status,
            reason="",  # Scrapy does not tell the server's words, and they are not invented
            response_headers=_headers(response),
            body=response.body,
            tls=request.meta.get(TLS),
        )
        asked = request.meta.get(CONDITION)
        confirms = asked if response.status == NOT_MODIFIED else None
        try:
            capture = spider.run.archive(exchange, _draft(spider, exchange), confirms=confirms)
        except EvidenceError as error:
            spider.give_up(str(error))
            raise
        if _is_robots(request):
            spider.walk.no_robots.pop(urlsplit(request.url).netloc, None)
            self._keep_robots(capture, response)
            if response.status >= 500:  # noqa: PLR2004 - HTTP's class of server errors
                return self._without_robots(response)
            return response if _is_packed(response) else _beginning(response)
        request.meta[CAPTURE] = capture
        packing = response.headers.get("Content-Encoding", b"") or b""
        return _unpacked(response) if is_gzip(response.body, packing) else response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Note an attempt that gave no response."""
        if isinstance(exception, IgnoreRequest):
            return  # it was never asked
        spider = _spider(self.crawler)
        capture = Capture(
            run_id=spider.run.id,
            url=request.url,
            purpose=request.meta.get(PURPOSE, CapturePurpose.ROBOTS),
            captured_at=spider.run.clock.now(),
            disposition=Disposition.NETWORK_ERROR,
            reason=self._reason_of(exception, request),
        )
        if _is_robots(request):
            self._keep(capture)
            self._note_no_robots(request, capture.reason or "")
        else:
            request.meta[CAPTURE] = capture

    def _note_no_robots(self, request: Request, reason: str) -> None:
        """Remember that a host's robots.txt cannot be reached, until a further try has it.

        Where every connection must fail alike (certificate, private address), the page says why.
        """
        spider = _spider(self.crawler)
        may_go_on = spider.run.profile.robots is Robots.OBEY_UNLESS_BROKEN
        if not may_go_on and not is_final(reason):
            spider.walk.no_robots[urlsplit(request.url).netloc] = f"robots.txt: {reason}"

    def _reason_of(self, exception: Exception, request: Request) -> str:
        address = refused_addresses.get((urlsplit(request.url).hostname or "").lower())
        if address is not None and isinstance(exception, CannotResolveHostError):
            return f"{PRIVATE}: {address}"
        return reason_of(exception)

    def _without_robots(self, response: Response) -> Response:
        """Forbid everything while it is not known what is forbidden (RFC 9309 § 2.3.1.4)."""
        spider = _spider(self.crawler)
        rules = b""
        if spider.run.profile.robots is not Robots.OBEY_UNLESS_BROKEN:
            spider.walk.robots_fault = f"robots.txt: status {response.status}"
            rules = b"User-agent: *\nDisallow: /\n"
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)  # it was that of the body that is in the evidence
        return response.replace(body=rules, headers=headers)

    def _keep_robots(self, capture: Capture, response: Response) -> None:
        run = _spider(self.crawler).run
        disposition, reason = Disposition.SUPPORT, None
        if 300 <= response.status < 400:  # noqa: PLR2004 - HTTP's class of redirects
            target = joined(
                response.url, (response.headers.get("Location") or b"").decode("latin-1")
            )
            inside = urlsplit(target).hostname in hosts_of(run.profile)
            disposition = Disposition.REDIRECTED if inside else Disposition.OFF_SITE
            reason = f"to {target}"
        elif response.status >= 500:  # noqa: PLR2004 - HTTP's class of server errors
            disposition, reason = Disposition.HTTP_ERROR, f"status {response.status}"
        self._keep(dataclasses.replace(capture, disposition=disposition, reason=reason))

    def _keep(self, capture: Capture) -> None:
        _spider(self.crawler).keep(Judged(capture=capture))


def _spider(crawler: Crawler) -> SiteSpider:
    return cast("SiteSpider", crawler.spider)


def _is_robots(request: Request) -> bool:
    """Tell it by the mark that Scrapy's own robots.txt requests carry."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def _is_packed(response: Response) -> bool:
    return bool(response.headers.get("Content-Encoding"))


def _beginning(response: Response) -> Response:
    """Give what is read of a robots.txt; one that is packed is bounded when it is unpacked."""
    return response.replace(body=response.body[:_ROBOTS_BYTES])


def _headers(message: Request | Response) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in message.headers.items() for value in values)


def _draft(spider: SiteSpider, exchange: Exchange) -> Capture:
    """Give the capture before it is judged: if nothing follows, the run was interrupted."""
    headers = dict(exchange.response_headers)
    # What answers a form has the address of the list's first page, and is not it.
    is_asked_plainly = exchange.request_method == "GET"
    return Capture(
        run_id=spider.run.id,
        url=exchange.url,
        purpose=exchange.purpose,
        captured_at=exchange.captured_at,
        disposition=Disposition.INTERRUPTED,
        status=exchange.status,
        media_type=media_type_of(headers.get(b"Content-Type", b"")),
        body_sha256=exchange.body_sha256,
        body_bytes=len(exchange.body),
        tls=exchange.tls,
        etag=_said(headers.get(b"Etag") or headers.get(b"ETag")) if is_asked_plainly else None,
        last_modified=_said(headers.get(b"Last-Modified")) if is_asked_plainly else None,
    )


def _said(header: bytes | None) -> str | None:
    """Give a header's value; None when it is missing or too long to be sent back."""
    if not header or len(header) > _HEADER_AT_MOST:
        return None
    return header.decode("latin-1").strip() or None


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (CannotResolveHostError, "unknown host"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "cut off"),
    (DownloadCancelledError, TOO_LARGE),
    (HeadTooLargeError, f"{TOO_LARGE}: headers"),
)


def reason_of(error: BaseException) -> str:
    """Name why no complete answer came."""
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    fault = certificate_fault(error)
    if fault is not None:
        return f"TLS: {fault}"
    cause = error.__cause__
    if isinstance(error, DownloadFailedError) and isinstance(cause, ResponseFailed):
        names = {failure.type.__name__ for failure in cause.reasons if failure.type}
        return "TLS" if "Error" in names or "SSLError" in names else "connection lost"
    return type(error).__name__


def is_gzip(body: bytes, packing: bytes) -> bool:
    """Tell whether a body is packed as its header says: some say gzip and are plain."""
    return packing.strip().lower() in {b"gzip", b"x-gzip"} and body.startswith(_GZIP)


def _unpacked(response: Response) -> Response:
    """Give the answer unpacked, so that Scrapy has nothing to unpack.

    Raises:
        CutOffError, IgnoreRequest: as ``unpacked``.
    """
    headers = response.headers.copy()
    headers.pop("Content-Encoding", None)
    return response.replace(body=unpacked(response.body), headers=headers)


def unpacked(body: bytes) -> bytes:
    """Unpack a gzip body, of one member or several; what follows the last one counts for nothing.

    Raises:
        CutOffError: it ends before its own end (Scrapy would take what there is), or is damaged.
        IgnoreRequest: it unpacks to more than a page may have.
    """
    whole = b""
    while body.startswith(_GZIP):
        unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            whole += unpacker.decompress(body, DOWNLOAD_MAXSIZE + 1 - len(whole))
        except zlib.error as error:
            raise CutOffError from error
        if len(whole) > DOWNLOAD_MAXSIZE:
            raise IgnoreRequest(TOO_LARGE)
        if not unpacker.eof:
            raise CutOffError
        body = unpacker.unused_data
    return whole
