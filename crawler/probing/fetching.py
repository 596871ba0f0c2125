"""A bounded visit to one site: few requests, one after the other, as polite as a crawl.

The only module here that asks a site. It keeps robots.txt, the pause between requests and the
office's contact and proxy; it asks the site's own hosts only, reads bodies up to the crawl's
limit, and ends each exchange after a fixed time, however slowly the server drips.
"""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from protego import Protego
from w3lib.url import safe_url_string

from crawler.pages.captured import CapturedPage
from crawler.politeness import delay_s, user_agent
from crawler.redirects import KEEP_THE_FORM, REDIRECTS
from crawler.settings import DEFAULT_REQUEST_HEADERS, DOWNLOAD_MAXSIZE, ROBOTSTXT_USER_AGENT
from crawler.urls import belongs
from storage.language import t
from storage.records import Disposition

if TYPE_CHECKING:
    from collections.abc import Callable
    from urllib.parse import SplitResult

    from crawler.pages.captured import Form
    from crawler.profiles import SiteProfile
    from storage.clock import Clock
    from storage.workspace import Settings

REQUESTS = 60
"""Requests of one visit, unless the operator allows more."""
BYTES = 96 * 1024 * 1024
"""Bytes of bodies that one visit takes in at most; its pages are held in memory."""
HOPS = 4
"""Redirects that are followed for one address."""
LONGEST_WAIT_S = 30.0
"""Longest pause that a robots.txt or a Retry-After gets; beyond that the visit goes on without."""
_PORTION = 64 * 1024
_BUSY = frozenset({429, 503})


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back for an address."""

    asked: str
    page: CapturedPage
    """``page.url`` is the address that answered in the end."""
    seconds: float
    """From the question to the whole body, the last hop only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """Why nothing came back: one named fate."""

    asked: str
    fate: Disposition
    reason: str
    """Short, in English, as captures have it."""


@dataclass(kw_only=True)
class TlsState:
    """What the connection's certificates were like."""

    is_used: bool = False
    problem: str | None = None
    """Why the certificate could not be verified; None: it was, or nothing was asked by https."""


class Pause(Protocol):
    """Waits."""

    def __call__(self, seconds: float, /) -> None:
        """Wait so many seconds."""


@dataclass(kw_only=True)
class Visit:
    """One visit to a site, with its memory of what was asked."""

    profile: SiteProfile
    """Whose addresses may be asked, and how."""
    settings: Settings
    clock: Clock
    requests: int = REQUESTS
    pause: Pause = time.sleep
    tell: Callable[[int, str], None] = lambda _number, _url: None
    """Told the number and the address of each request."""
    asked: int = 0
    """Requests so far, robots.txt and redirects included."""
    tls: TlsState = field(default_factory=TlsState)
    seconds: list[float] = field(default_factory=list)
    """How long each answer took."""
    answers: dict[str, Answer | Miss] = field(default_factory=dict)
    """All that was asked, by address."""
    robots: dict[str, Robots] = field(default_factory=dict)
    """What each host's robots.txt says, by scheme and host."""
    _bytes: int = 0
    _last_s: float | None = None
    _is_unverified: bool = False

    @property
    def is_spent(self) -> bool:
        """Tell whether no further request may be made."""
        return self.asked >= self.requests or self._bytes >= BYTES

    def get(self, url: str, form: Form | None = None) -> Answer | Miss:
        """Ask for a page, once; a second call gives the first answer. Never raises.

        ``form``: what is sent there by POST.
        """
        key = url if form is None else f"{url} {form.body}"
        if key not in self.answers:
            try:
                self.answers[key] = self._get(url, form)
            except ValueError:  # an unclosed bracket, a port that is none …
                fate, reason = Disposition.NETWORK_ERROR, "no web address"
                self.answers[key] = Miss(asked=url, fate=fate, reason=reason)
        return self.answers[key]

    def _get(self, url: str, form: Form | None) -> Answer | Miss:
        current = safe_url_string(url)
        for _ in range(HOPS + 1):
            refusal = self._refusal(url, current)
            if refusal is not None:
                return refusal
            got = self._ask(url, current, form)
            location = got.page.headers.get("location") if isinstance(got, Answer) else None
            if isinstance(got, Miss) or got.page.status not in REDIRECTS or not location:
                return got
            current = safe_url_string(urljoin(current, location.strip()))
            form = form if got.page.status in KEEP_THE_FORM else None
        return Miss(asked=url, fate=Disposition.HTTP_ERROR, reason="too many redirects")

    def _refusal(self, url: str, current: str) -> Miss | None:
        """Say why an address may not be asked; None: it may."""
        if not belongs(current, self.profile):
            return Miss(asked=url, fate=Disposition.OFF_SITE, reason=f"leads to {current}")
        if not self.robots_of(current).allows(current):
            return Miss(asked=url, fate=Disposition.ROBOTS_DENIED, reason="robots.txt")
        return None

    def robots_of(self, url: str) -> Robots:
        """Give what robots.txt of the address's host says; asked once."""
        parts = urlsplit(url)
        key = f"{parts.scheme}://{parts.netloc}"
        if key not in self.robots:
            self.robots[key] = Robots(None, "not read")  # while it is asked, nothing is barred
            got = self._ask(f"{key}/robots.txt", f"{key}/robots.txt")
            self.robots[key] = _robots(got)
        return self.robots[key]

    def _ask(self, url: str, current: str, form: Form | None = None) -> Answer | Miss:
        """Make one request, and a second one when the server was busy and said until when."""
        got = self._exchange(url, current, form)
        if not isinstance(got, Answer) or got.page.status not in _BUSY:
            return got
        wait = got.page.headers.get("retry-after", "")
        if not wait.isdecimal() or int(wait) > LONGEST_WAIT_S:
            return got
        self.pause(float(wait))
        return self._exchange(url, current, form)

    def _exchange(self, url: str, current: str, form: Form | None) -> Answer | Miss:
        if self.is_spent:
            return Miss(asked=url, fate=Disposition.INTERRUPTED, reason="no requests left")
        self._keep_distance(current)
        self.asked += 1
        self.tell(self.asked, current)
        began = time.monotonic()
        try:
            page = self._read(current, form)
        except ssl.SSLCertVerificationError as error:
            if self._is_unverified:
                return _miss(url, error)
            # Many state sites send an incomplete chain: read all the same, and say so.
            self._is_unverified = True
            self.tls.problem = error.verify_message or str(error)
            return self._exchange(url, current, form)
        except (OSError, http.client.HTTPException, zlib.error, ValueError) as error:
            return _miss(url, error)
        finally:
            self._last_s = time.monotonic()
        seconds = time.monotonic() - began
        self.seconds.append(seconds)
        self._bytes += len(page.body)
        return Answer(asked=url, page=page, seconds=seconds)

    def _keep_distance(self, current: str) -> None:
        parts = urlsplit(current)
        rules = self.robots.get(f"{parts.scheme}://{parts.netloc}")
        wanted = max(delay_s(self.profile, self.settings), rules.delay_s if rules else 0.0)
        if self._last_s is not None:
            left = min(wanted, LONGEST_WAIT_S) - (time.monotonic() - self._last_s)
            if left > 0:
                self.pause(left)

    def _read(self, current: str, form: Form | None) -> CapturedPage:
        """Make one exchange with a fixed end.

        Raises:
            OSError, HTTPException, zlib.error, ValueError: there is no whole answer.
        """
        parts = urlsplit(current)
        connection, target = self._connection(parts)
        end = _End(self.settings.timeout_s * 2)
        try:
            connection.connect()
            end.watch(connection.sock)
            self.tls.is_used = self.tls.is_used or parts.scheme == "https"
            said = self._headers(parts)
            if form is None:
                connection.request("GET", target, headers=said)
            else:
                said["Content-Type"] = form.media_type
                connection.request("POST", target, body=form.body.encode(), headers=said)
            response = connection.getresponse()
            body = _body(response)
            end.check()
        except (OSError, http.client.HTTPException):
            end.check()
            raise
        finally:
            end.cancel()
            connection.close()
        headers: dict[str, str] = {}
        for name, value in response.getheaders():
            known = headers.get(name.lower())
            headers[name.lower()] = value if known is None else f"{known}, {value}"
        return CapturedPage(
            url=current,
            status=response.status,
            headers=headers,
            body=body,
            captured_at=self.clock.now(),
            form=form,
        )

    def _headers(self, parts: SplitResult) -> dict[str, str]:
        own = {"User-Agent": user_agent(self.profile, self.settings), "Connection": "close"}
        proxy = urlsplit(self.settings.proxy or "")
        if proxy.username and parts.scheme == "http":
            own["Proxy-Authorization"] = _credentials(proxy)
        return {**DEFAULT_REQUEST_HEADERS, **own}

    def _connection(self, parts: SplitResult) -> tuple[http.client.HTTPConnection, str]:
        """Give a connection to the server or the office's proxy, and what to ask it for."""
        path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
        timeout = self.settings.timeout_s
        proxy = urlsplit(self.settings.proxy or "")
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "https":
            context = _context(is_verified=not self._is_unverified)
            if proxy.hostname:
                secure = http.client.HTTPSConnection(
                    proxy.hostname, proxy.port, timeout=timeout, context=context
                )
                credentials = (
                    {"Proxy-Authorization": _credentials(proxy)} if proxy.username else None
                )
                secure.set_tunnel(host, port or 443, headers=credentials)
                return secure, path
            return (
                http.client.HTTPSConnection(host, port, timeout=timeout, context=context),
                path,
            )
        if proxy.hostname:
            whole = urlunsplit(parts._replace(path=parts.path or "/", fragment=""))
            return http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=timeout), whole
        return http.client.HTTPConnection(host, port, timeout=timeout), path


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says."""

    rules: Protego | None
    """None: there is none that can be read, so nothing is forbidden."""
    state: str
    """Short, in English: 'read', 'status 404', 'timeout' …"""

    def allows(self, url: str) -> bool:
        """Tell whether an address may be asked."""
        return self.rules is None or bool(self.rules.can_fetch(url, ROBOTSTXT_USER_AGENT))

    @property
    def delay_s(self) -> float:
        """The pause that it asks for, in seconds; 0 without one."""
        delay = self.rules.crawl_delay(ROBOTSTXT_USER_AGENT) if self.rules else None
        return float(delay or 0.0)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that it names."""
        return [str(url) for url in self.rules.sitemaps] if self.rules else []


def _robots(got: Answer | Miss) -> Robots:
    if isinstance(got, Miss):
        return Robots(None, got.reason)
    if got.page.status != http.HTTPStatus.OK:
        return Robots(None, f"status {got.page.status}")
    return Robots(Protego.parse(got.page.text), "read")


def _body(response: http.client.HTTPResponse) -> bytes:
    """Read a body up to the limit, and unpack it up to the limit.

    Raises:
        ValueError: it is longer.
        IncompleteRead, zlib.error: it is cut off or broken.
    """
    packed = bytearray()
    while portion := response.read(_PORTION):
        packed += portion
        if len(packed) > DOWNLOAD_MAXSIZE:
            raise ValueError("too large")
    if response.length:  # what was announced and did not come
        raise http.client.IncompleteRead(bytes(packed), response.length)
    encoding = (response.getheader("Content-Encoding") or "").strip().lower()
    if encoding not in {"gzip", "x-gzip", "deflate"} or not packed:
        return bytes(packed)
    return _unpacked(bytes(packed), encoding)


def _unpacked(packed: bytes, encoding: str) -> bytes:
    is_gzip = packed.startswith(b"\x1f\x8b")
    if encoding != "deflate" and not is_gzip:
        return packed  # says gzip, is plain: seen behind broken proxies
    # Servers send 'deflate' with and without zlib's frame.
    wbits = zlib.MAX_WBITS | 32 if is_gzip or packed[:1] == b"\x78" else -zlib.MAX_WBITS
    unpacker = zlib.decompressobj(wbits)
    body = unpacker.decompress(packed, DOWNLOAD_MAXSIZE)
    if unpacker.unconsumed_tail:
        raise ValueError("too large")
    if not unpacker.eof:
        raise zlib.error("cut off")
    return body


def _context(*, is_verified: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not is_verified:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _credentials(proxy: SplitResult) -> str:
    pair = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")


class _End:
    """The fixed end of an exchange: then its socket is shut, and reads that hang in it fail.

    A server that sends a byte now and then never runs into the time-out of one read.
    """

    def __init__(self, seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._is_over = threading.Event()
        self._timer = threading.Timer(seconds, self._come)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connected: socket.socket) -> None:
        """Take the socket that is to be shut."""
        self._socket = connected

    def check(self) -> None:
        """Refuse what came, if the end came first: it is not whole.

        Raises:
            TimeoutError: it did.
        """
        if self._is_over.is_set():
            raise TimeoutError

    def cancel(self) -> None:
        """Let the exchange be: it has ended by itself."""
        self._timer.cancel()

    def _come(self) -> None:
        self._is_over.set()
        if self._socket is not None:
            with suppress(OSError):  # it has ended meanwhile
                self._socket.shutdown(socket.SHUT_RDWR)


def _miss(url: str, error: Exception) -> Miss:
    return Miss(asked=url, fate=Disposition.NETWORK_ERROR, reason=_reason(error))


def _reason(error: Exception) -> str:
    """Name it as captures do."""
    if isinstance(error, ssl.SSLError):
        return f"TLS: {getattr(error, 'verify_message', None) or error.reason or 'failed'}"
    named = next((name for kind, name in _REASONS if isinstance(error, kind)), None)
    return named or (str(error)[:80] if isinstance(error, ValueError) else type(error).__name__)


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timeout"),
    (socket.gaierror, "unknown host"),
    (ConnectionRefusedError, "connection refused"),
    (ConnectionError, "connection lost"),
    (http.client.IncompleteRead, "cut off"),
    (zlib.error, "cut off"),
)


def in_words(miss: Miss) -> str:
    """Give why an address could not be had, for people."""
    reasons = {
        Disposition.ROBOTS_DENIED: t("robots.txt không cho phép", "robots.txt forbids it"),
        Disposition.OFF_SITE: t(
            f"ra ngoài trang: {miss.reason}", f"leaves the site: {miss.reason}"
        ),
        Disposition.INTERRUPTED: t("đã hết số lượt hỏi", "no requests left"),
    }
    return reasons.get(miss.fate, miss.reason)
