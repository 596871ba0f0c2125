"""The job: walk many sites side by side, once in a process, and say how it went.

Scrapy's reactor cannot be started twice: a second call in the same process is refused.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings as ScrapySettings

from crawler.connections import ACCEPT_BROKEN, PRIVATE_HOSTS
from crawler.politeness import hosts_of, lanes, may_be_private, user_agent
from crawler.profiles import Tls, needs_browser
from crawler.run import SiteRun
from crawler.spiders.site import SiteSpider
from storage.errors import TinbaiError
from storage.records import Disposition, RunOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crawler.advice import Advice
    from crawler.profiles import SiteProfile
    from storage.clock import Clock
    from storage.engine import Database
    from storage.records import DayInterval
    from storage.workspace import Settings, Workspace

_FAILURES = (
    Disposition.BLOCKED,
    Disposition.HTTP_ERROR,
    Disposition.NETWORK_ERROR,
    Disposition.ROBOTS_DENIED,
    Disposition.UNREADABLE,
    Disposition.OFF_SITE,
    Disposition.NOT_AN_ARTICLE,
    Disposition.INTERRUPTED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteProgress:
    """How far the walk over one site is."""

    site: str
    requests: int
    articles: int
    """Articles asked for and answered."""
    articles_wanted: int
    """Articles to ask for, as far as the lists have been read."""
    outcome: RunOutcome | None
    """None while it is under way."""


class Progress(Protocol):
    """Is told of each step."""

    def __call__(self, state: SiteProgress) -> None:
        """Take the newest state of one site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteSummary:
    """How the walk over one site went."""

    site: str
    outcome: RunOutcome | None
    """None: not begun."""
    reason: str | None
    counters: Mapping[str, int]
    seconds: float
    advice: tuple[tuple[Advice, int], ...] = ()
    """What the site's owner should be told, and how many captures say so; the most first."""

    @property
    def is_skipped(self) -> bool:
        """Tell whether it was not asked at all: outside its hours, or left to rest."""
        return any(name.startswith("skip/") for name in self.counters)

    @property
    def requests(self) -> int:
        """Exchanges and attempts; addresses that robots.txt forbids were not asked."""
        asked = sum(number for name, number in self.counters.items() if name.startswith("capture/"))
        return asked - self.counters.get(f"capture/{Disposition.ROBOTS_DENIED.value}", 0)

    @property
    def failures(self) -> dict[str, int]:
        """Captures that gave no article and no list, by reason."""
        named = {one.value: self.counters.get(f"capture/{one.value}", 0) for one in _FAILURES}
        return {name: number for name, number in named.items() if number}


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlSummary:
    """How the night went."""

    sites: tuple[SiteSummary, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether every site was seen in full."""
        return all(site.outcome is RunOutcome.COMPLETE for site in self.sites)


def crawl_sites(
    workspace: Workspace,
    database: Database,
    profiles: Sequence[SiteProfile],
    *,
    window: DayInterval,
    clock: Clock,
    progress: Progress,
    deep: bool = False,
    insist: bool = False,
) -> CrawlSummary:
    """Walk the sites and store what they show. Blocks until all have ended.

    ``deep``: no list is cut short where it joins what is known. A site that seems dead is left
    alone on some nights, unless ``insist``.

    The first Ctrl-C ends all walks in order, a second one at once; what that leaves open is
    put in order by the next run.
    """
    process = _quiet_process(_process_settings(profiles, workspace.settings))
    walks = [
        _Walk(
            SiteRun(workspace, database, profile, window=window, clock=clock, deep=deep),
            progress,
            insist=insist,
        )
        for profile in profiles
    ]
    by_site = {walk.run.profile.site: walk for walk in walks}
    for lane in lanes(profiles):
        process.drive([by_site[profile.site] for profile in lane], workspace.settings)
    if process.crawlers:
        with _own_signals():
            process.start()
    return CrawlSummary(sites=tuple(walk.summary() for walk in walks))


@contextmanager
def _own_signals() -> Iterator[None]:
    """Give Ctrl-C back to the program when Scrapy, which takes it for itself, has ended."""
    signals = [signal.SIGINT, signal.SIGTERM]
    before = [signal.getsignal(one) for one in signals]
    try:
        yield
    finally:
        for one, handler in zip(signals, before, strict=True):
            signal.signal(one, handler)


class _Walk:
    """One site on its way from profile to summary."""

    def __init__(self, run: SiteRun, progress: Progress, *, insist: bool) -> None:
        self.run = run
        self._insist = insist
        self._progress = progress
        self._began_s: float | None = None
        self._seconds = 0.0
        self._refusal: str | None = None

    def open(self) -> bool:
        """Open the run; False when that cannot or must not be, and the summary says why."""
        self._began_s = time.monotonic()
        try:
            self.run.open()
            return not self.run.skip_tonight(insist=self._insist)
        except TinbaiError as error:
            self._refusal = str(error)
            return False

    def tell(self, spider: SiteSpider) -> None:
        """Report the spider's state."""
        run = self.run
        if run.outcome is not None:
            self._seconds = time.monotonic() - (self._began_s or 0.0)
        self._progress(
            SiteProgress(
                site=run.profile.site,
                requests=run.kept,
                articles=spider.walk.answered_articles,
                articles_wanted=len(spider.walk.asked),
                outcome=run.outcome,
            )
        )

    def summary(self) -> SiteSummary:
        """Say how it went."""
        return SiteSummary(
            site=self.run.profile.site,
            outcome=self.run.outcome,
            reason=self._refusal or self.run.reason,
            counters=+Counter(self.run.counters),  # without those that are 0
            seconds=self._seconds,
            advice=tuple(self.run.advice.most_common()),
        )


class _Process(AsyncCrawlerProcess):
    """Runs the walks of each lane one after the other, the lanes side by side."""

    is_stopping = False

    def drive(self, lane: list[_Walk], settings: Settings) -> None:
        """Start the first walk of a lane that can be opened, and the rest when it has ended."""
        while lane and not self.is_stopping:
            walk = lane.pop(0)
            if not walk.open():
                continue
            crawler = Crawler(SiteSpider, _settings_for(walk.run.profile, settings))
            task = self.crawl(crawler, run=walk.run, tell=walk.tell)
            # Added before ``join`` adds its own, so that the lane goes on before it looks.
            task.add_done_callback(lambda _: self.drive(lane, settings))
            return

    async def stop(self) -> None:
        """Stop all walks in order and start no more (the first Ctrl-C)."""
        self.is_stopping = True
        await super().stop()


def _process_settings(profiles: Sequence[SiteProfile], settings: Settings) -> ScrapySettings:
    """Give what holds for all sites: names are looked up for the whole process."""
    ours = _scrapy_settings()
    private = {
        host
        for profile in profiles
        if may_be_private(profile, settings)
        for host in hosts_of(profile)
    }
    if settings.proxy:  # the office's own, wherever it stands
        private.add(urlsplit(settings.proxy).hostname or "")
    ours.update(
        {PRIVATE_HOSTS: sorted(private), "DNS_TIMEOUT": settings.timeout_s}, priority="cmdline"
    )
    return ours


def _scrapy_settings() -> ScrapySettings:
    settings = ScrapySettings()
    settings.setmodule("crawler.settings", priority="project")
    return settings


def _settings_for(profile: SiteProfile, settings: Settings) -> ScrapySettings:
    ours = _scrapy_settings()
    ours.update(
        {
            "USER_AGENT": user_agent(profile, settings),
            ACCEPT_BROKEN: profile.tls is Tls.ACCEPT_BROKEN,
            "DOWNLOAD_TIMEOUT": settings.timeout_s,
        },
        priority="spider",
    )
    if any(needs_browser(version) for version in profile.versions):
        chain = ours.getdict("DOWNLOADER_MIDDLEWARES")
        ours.set("DOWNLOADER_MIDDLEWARES", {**chain, **_RENDERED}, priority="spider")
    return ours


_RENDERED = {"crawler.browser_middleware.RenderMiddleware": 60}
"""For sites that need it only; nearly outermost: it sees what all others have made of an answer."""


def _quiet_process(settings: ScrapySettings) -> _Process:
    """Make it without Scrapy's log: what goes wrong with a page is a row. TINBAI_LOG shows all."""
    if "TINBAI_LOG" in os.environ:
        return _Process(settings)
    logging.disable(logging.ERROR)  # it announces itself before its level can be set
    try:
        return _Process(settings)
    finally:
        logging.disable(logging.NOTSET)
        logging.getLogger("scrapy").setLevel(logging.ERROR)
        for name in ("robotstxt", "retry"):  # what they call errors are rows
            logger = logging.getLogger(f"scrapy.downloadermiddlewares.{name}")
            logger.setLevel(logging.CRITICAL)
