"""The last step before the network: whether a request may go at all, and when."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.exceptions import IgnoreRequest

from crawler.coverage import Stop
from crawler.hours import is_open
from crawler.pace import ASKS_FOR_PATIENCE, Pace, retry_after_s
from crawler.politeness import delay_s, request_limit

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    from crawler.spiders.site import SiteSpider

_NAP_S = 0.5
"""The longest sleep before it is looked whether the walk has been stopped."""


class WalkOverError(IgnoreRequest):
    """The walk is over, and the request does not go: it has no capture, as those that follow."""


class PaceMiddleware:
    """Holds requests to the pace, the hours and the limit of their host.

    Stands behind the one that asks for robots.txt, so that each request that goes is held once.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._paces: dict[str, Pace] = {}
        self._asked: dict[str, int] = {}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PaceMiddleware:
        """Make it, as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request go in its time.

        Raises:
            WalkOverError: it must not go any more.
        """
        host = _host(request)
        pace = self._pace_of(host)
        # In naps: no event tells when the walk is stopped, only Scrapy's flag.
        while (wait_s := pace.wait_s(time.monotonic())) > 0 and not self._is_over():  # noqa: ASYNC110
            await asyncio.sleep(min(wait_s, _NAP_S))
        self._let_go(host)
        pace.asked(time.monotonic())

    def process_response(self, request: Request, response: Response) -> Response:
        """Learn from an answer how fast its host may be asked."""
        pace = self._pace_of(_host(request))
        pace.answered(latency_s=request.meta.get("download_latency", 0.0))
        if response.status in ASKS_FOR_PATIENCE:
            asked_s = self._asked_patience_s(response)
            if not pace.grant(time.monotonic(), asked_s):
                self._spider.stop_early(
                    Stop.FAILED, f"the server asks not to come back for {asked_s:.0f} s"
                )
        return response

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Keep the delay that robots.txt asks for (no standard, but a wish)."""
        wished = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        if wished:
            self._pace_of(_host(request)).promise(wished)

    @property
    def _spider(self) -> SiteSpider:
        return cast("SiteSpider", self.crawler.spider)

    def _is_over(self) -> bool:
        return not self.crawler.crawling or self._spider.is_ending

    def _let_go(self, host: str) -> None:
        run = self._spider.run
        if not self._is_over():
            if not is_open(run.profile.hours, run.clock.now()):
                self._spider.stop_early(Stop.OUTSIDE_HOURS, f"hours: {run.profile.hours}")
            elif (asked := self._asked_of(host)) >= request_limit(run.profile, run.settings):
                self._spider.stop_early(Stop.REQUEST_LIMIT, f"{asked} requests to {host}")
        if self._is_over():
            raise WalkOverError
        self._asked[host] += 1

    def _asked_of(self, host: str) -> int:
        """Give how often a host has been asked this night, by earlier runs as well."""
        if host not in self._asked:
            self._asked[host] = self._spider.run.asked_before(host)
        return self._asked[host]

    def _pace_of(self, host: str) -> Pace:
        if host not in self._paces:
            run = self._spider.run
            self._paces[host] = Pace(floor_s=delay_s(run.profile, run.settings))
        return self._paces[host]

    @staticmethod
    def _asked_patience_s(response: Response) -> float | None:
        wanted = response.headers.get("Retry-After")
        told = None if wanted is None else wanted.decode("latin-1")
        return retry_after_s(told, now=dt.datetime.now(dt.UTC))


def _host(request: Request) -> str:
    return (urlsplit(request.url).hostname or "").lower()
