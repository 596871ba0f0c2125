"""How connections to strangers are made.

To public addresses only, with certificates checked, and with an end to what may be sent before
an answer begins: the pieces that Scrapy has no setting for; it loads both classes by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from OpenSSL.SSL import Error as TlsError
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadFailedError
from scrapy.resolver import CachingThreadedResolver
from service_identity import VerificationError
from twisted.internet.error import DNSLookupError
from twisted.web.client import BrowserLikePolicyForHTTPS, ResponseFailed

from crawler.addresses import is_private
from storage.records import TlsCheck

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

HEAD_BYTES = 256 * 1024
"""Bytes from the status line to the end of the headers, at most; browsers stop at that, too."""

PRIVATE_HOSTS = "TINBAI_PRIVATE_HOSTS"
"""The setting that names the hosts which may lie on private addresses."""

ACCEPT_BROKEN = "TINBAI_ACCEPT_BROKEN_TLS"
"""The setting that lets a site be read whose certificate fails the check."""

TLS = "tinbai_tls"
"""Where ``request.meta`` holds what the certificate was worth."""

refused_addresses: dict[str, str] = {}
"""By host, the private address that the resolver refused: the error itself is lost in Twisted."""


class PublicResolver(CachingThreadedResolver):
    """Looks names up, and refuses what lies on a private address.

    The address that is looked at is the one that is connected to, so that a name which answers
    otherwise the next time (DNS rebinding) gains nothing.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PublicResolver:  # noqa: ANN401
        """Make it, as Scrapy asks for it: one for all sites of the process."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset(crawler.settings.getlist(PRIVATE_HOSTS))
        return resolver

    def getHostByName(  # noqa: N802 - Twisted's name
        self,
        name: str,
        timeout: Any = (),  # noqa: ANN401
    ) -> Deferred[str]:
        """Give a public address.

        Raises:
            DNSLookupError: there is none.
        """
        return super().getHostByName(name, timeout).addCallback(self._refuse_private, name)

    def _refuse_private(self, address: str, name: str) -> str:
        if name.lower() not in self.allowed and is_private(address):
            refused_addresses[name.lower()] = address
            raise DNSLookupError(f"private address: {address}")
        return address


class HeadTooLargeError(Exception):
    """The headers of an answer have no end."""


class CarefulHandler(HTTP11DownloadHandler):
    """Scrapy's own handler, with an end to headers and a word on certificates."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        _limit_heads(self._pool)
        self._unverified: HTTP11DownloadHandler | None = None
        self._broken: set[str] = set()
        """Hosts whose certificate failed the check in this run."""
        if crawler.settings.getbool(ACCEPT_BROKEN):
            # Connections of their own: a checked one is never taken for an unchecked one.
            self._unverified = HTTP11DownloadHandler(crawler)
            _limit_heads(self._unverified._pool)  # noqa: SLF001 - Scrapy has no setting for it
        policy: Any = BrowserLikePolicyForHTTPS  # published without types
        self._contextFactory = policy()

    async def download_request(self, request: Request) -> Response:
        """Ask; once more without the check when that failed and the profile allows it."""
        host = request.url.partition("://")[2].partition("/")[0]
        if not request.url.startswith("https:"):
            return await super().download_request(request)
        if host not in self._broken:
            try:
                response = await super().download_request(request)
            except DownloadFailedError as error:
                if self._unverified is None or certificate_fault(error) is None:
                    raise
                self._broken.add(host)
            else:
                request.meta[TLS] = TlsCheck.VERIFIED
                return response
        assert self._unverified is not None  # noqa: S101 - only then is a host called broken
        response = await self._unverified.download_request(request)
        request.meta[TLS] = TlsCheck.UNVERIFIED
        return response

    async def close(self) -> None:
        """Let all connections go."""
        if self._unverified is not None:
            await self._unverified.close()
        await super().close()


def certificate_fault(error: BaseException) -> str | None:
    """Say what is wrong with a server's certificate; None when that was not the error."""
    cause = error.__cause__
    if not isinstance(cause, ResponseFailed):
        return None
    for failure in cause.reasons:
        if isinstance(failure.value, VerificationError):
            return "certificate of another host"
        if isinstance(failure.value, TlsError) and failure.value.args:
            said = " ".join(str(part) for one in failure.value.args[0] for part in one)
            if "certificate verify failed" in said:
                return "certificate verify failed"
    return None


def _limit_heads(pool: Any) -> None:  # noqa: ANN401 - Twisted's, without types
    """See that each connection of a pool hangs up when a head has no end."""
    make_factory = pool._factory  # noqa: SLF001 - as Scrapy itself replaces it

    def limited(*args: Any) -> Any:  # noqa: ANN401
        factory = make_factory(*args)
        build = factory.buildProtocol
        factory.buildProtocol = lambda address: _limited(build(address))
        return factory

    pool._factory = limited  # noqa: SLF001 - as above


def _limited(protocol: Any) -> Any:  # noqa: ANN401 - Twisted's, without types
    """Count what a connection receives between a request and the end of its answer's head."""
    received: list[int] | None = None
    ask: Callable[[Any], Any] = protocol.request
    take: Callable[[bytes], None] = protocol.dataReceived

    def request(what: Any) -> Any:  # noqa: ANN401
        nonlocal received
        received = count = [0]

        def over(result: Any) -> Any:  # noqa: ANN401
            nonlocal received
            received = None
            if count[0] > HEAD_BYTES:
                raise HeadTooLargeError
            return result

        return ask(what).addBoth(over)

    def data_received(data: bytes) -> None:
        if received is not None:
            received[0] += len(data)
            if received[0] > HEAD_BYTES:
                protocol.transport.abortConnection()
                return
        take(data)

    protocol.request, protocol.dataReceived = request, data_received
    return protocol
