"""One run over one site: its lock, its evidence, its rows, its end.

The crawler's one seam to storage. Evidence is written first, rows follow in short
transactions; what a kill leaves between the two is put in order by the next run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import fcntl
from collections import Counter
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from crawler import coverage
from crawler.due import ASK_AGAIN_AFTER
from storage import articles, captures, evidence
from storage.errors import DatabaseError, EvidenceError, TinbaiError
from storage.language import t
from storage.records import (
    NOT_MODIFIED,
    ArchivedBody,
    Capture,
    Channel,
    CrawlRun,
    DayInterval,
    Disposition,
    Extraction,
    RunOutcome,
    Sighting,
    Validators,
)
from storage.version import code_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.coverage import SectionWalk
    from crawler.profiles import SiteProfile
    from storage.clock import Clock
    from storage.engine import Connection, Database
    from storage.evidence import ArchivedResponse, Exchange
    from storage.workspace import Workspace

FLUSH_EVERY = 20
"""Captures in one transaction: what a kill can cost in rows (never in evidence)."""


class SiteBusyError(TinbaiError):
    """Another program is crawling this site."""

    exit_code = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """An entry of a list, feed or sitemap, under the article's canonical address."""

    address: str
    section: str
    channel: Channel
    title: str | None
    day: dt.date | None
    day_raw: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A capture with its fate, and what was read from it."""

    capture: Capture
    """For a page that was read: STORED; whether it is UNCHANGED is found when it is kept."""
    listed: tuple[Listed, ...] = ()
    article: str | None = None
    """Canonical address of the article that it was asked for."""
    extraction: Extraction | None = None


class SiteRun:
    """A run under way."""

    def __init__(
        self,
        workspace: Workspace,
        database: Database,
        profile: SiteProfile,
        *,
        window: DayInterval,
        clock: Clock,
    ) -> None:
        self.profile, self.window, self.clock = profile, window, clock
        self.settings = workspace.settings
        self.started_at = clock.now()
        self.counters: Counter[str] = Counter()
        self.kept = 0
        """Captures so far."""
        self.fault: str | None = None
        """Why the run has to end: evidence or rows cannot be written."""
        self.outcome: RunOutcome | None = None
        self.reason: str | None = None
        self._folder, self._database = workspace.evidence, database
        self._buffer: list[Judged] = []
        self._unjudged: dict[str, Capture] = {}
        self._is_stored = True

    def open(self) -> None:
        """Take the site's lock, put an interrupted run in order, and start.

        Raises:
            SiteBusyError: another program is at it.
            DatabaseError, EvidenceError: nothing can be written.
        """
        self.started_at = self.clock.now()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self._folder / f"{self.profile.site}.lock", self.profile.site)
        try:
            self._start()
        except BaseException:
            self._lock.close()
            raise

    def _start(self) -> None:
        site = self.profile.site
        record = CrawlRun(
            site=site,
            window=self.window,
            started_at=self.started_at,
            profile_digest=self.profile.digest,
            code_version=code_version(),
            simulated_clock=self.clock.is_simulated,
        )
        with self._database.write() as c:
            # The lock is ours, so nobody lives who could still finish these.
            for left_open in captures.open_runs(c, site):
                evidence.recover(c, self._folder, left_open, recovered_at=self.started_at)
            self.id = captures.start_run(c, record)
        with self._database.read() as c:
            self.known = articles.known_articles(c, site)
            self.tries = _recent_tries(c, site, self.started_at)
            self._bodies = captures.last_bodies(c, site)
            self.validators = captures.validators(c, site)
        self._writer = evidence.EvidenceWriter(
            self._folder,
            site=site,
            run_id=self.id,
            started_at=self.started_at,
            software=f"tinbai/{code_version()}",
            simulated_clock=self.clock.is_simulated,
        )

    # ------------------------------------------------------------------ while it is under way

    def archive(
        self, exchange: Exchange, draft: Capture, *, confirms: Validators | None = None
    ) -> Capture:
        """Write an exchange into the evidence, and give its capture with digest and place.

        ``confirms`` is what the server was asked about, when it answered that it still stands.

        Raises:
            EvidenceError: it cannot be written; nothing half written stays.
        """
        if confirms is not None:
            place = self._writer.write(exchange, previous=confirms.body)
            return self._noted(
                dataclasses.replace(
                    draft,
                    warc=place,
                    body_sha256=confirms.body.sha256,
                    body_bytes=None,
                    etag=draft.etag or confirms.etag,
                    last_modified=draft.last_modified or confirms.last_modified,
                )
            )
        is_empty_answer = exchange.status == NOT_MODIFIED  # nobody asked: it confirms nothing
        previous = None if is_empty_answer else self._bodies.get(exchange.url)
        place = self._writer.write(exchange, previous=previous)
        capture = dataclasses.replace(draft, warc=place)
        if capture.body_sha256 is not None:
            last = self._bodies.get(exchange.url)
            if last is None or last.sha256 != capture.body_sha256:
                self._bodies[exchange.url] = ArchivedBody(
                    sha256=capture.body_sha256, captured_at=exchange.captured_at, url=exchange.url
                )
        return self._noted(capture)

    def _noted(self, capture: Capture) -> Capture:
        assert capture.warc is not None  # noqa: S101 - just written
        self._unjudged[capture.warc.record_id] = capture
        return capture

    def confirmed(self, validators: Validators) -> ArchivedResponse:
        """Give the archived response that the server has confirmed.

        Raises:
            EvidenceError: it is not there any more.
        """
        return evidence.read_record(self._folder, validators.place)

    def keep(self, judged: Judged) -> None:
        """Take what was made of a capture; it is stored with the next batch.

        Raises:
            DatabaseError, EvidenceError: the batch cannot be stored; it stays for the next attempt.
        """
        if judged.capture.warc is not None:
            self._unjudged.pop(judged.capture.warc.record_id, None)
        self._buffer.append(judged)
        self.kept += 1
        if len(self._buffer) >= FLUSH_EVERY and self._is_stored:
            self.flush()

    def flush(self) -> None:
        """Store what was kept, in one transaction."""
        if not self._buffer:
            return
        self._is_stored = False
        self._writer.sync()
        with self._database.write() as c:
            counted = self._store(c, self._buffer)
        self._is_stored = True
        self._buffer = []
        self.counters.update(counted)

    def _store(self, c: Connection, batch: Sequence[Judged]) -> Counter[str]:
        ids = self._ensure_articles(c, batch)
        fates = [_settled(c, judged, ids) for judged in batch]
        capture_ids = captures.add_captures(c, fates)
        counted = Counter(f"capture/{capture.disposition.value}" for capture in fates)
        for judged, capture, capture_id in zip(batch, fates, capture_ids, strict=True):
            seen = [_sighting(entry, capture, capture_id, ids) for entry in judged.listed]
            counted["sighting/new"] += articles.record_sightings(c, seen)
            if judged.article and judged.extraction:
                is_new = articles.record_version(
                    c,
                    ids[judged.article],
                    capture_id=capture_id,
                    extraction=judged.extraction,
                    extracted_at=capture.captured_at,
                )
                if is_new:
                    known = self.known.get(judged.article)
                    is_change = known is not None and known.has_version
                    counted["version/changed" if is_change else "version/new"] += 1
                    counted["version/dated"] += judged.extraction.date_published is not None
        return counted

    def _ensure_articles(self, c: Connection, batch: Sequence[Judged]) -> dict[str, int]:
        ids: dict[str, int] = {}
        for judged in batch:
            named = [entry.address for entry in judged.listed]
            if judged.article:
                named.append(judged.article)
            ids |= articles.ensure_articles(
                c, self.profile.site, named, first_seen_at=judged.capture.captured_at
            )
        return ids

    # ------------------------------------------------------------------------------- its end

    def finish(self, walks: Sequence[SectionWalk], *, is_interrupted: bool, listed: int) -> None:
        """Store the rest, the coverage and the outcome, and let the site go. Never raises.

        A run whose rows cannot be stored stays open: the next one finds its evidence and puts
        it in order.

        Args:
            walks: what was seen of each section.
            is_interrupted: stopped from outside.
            listed: how many different articles the lists showed.
        """
        try:
            self._leave_nothing_unjudged()
            self.flush()
            self._end(walks, is_interrupted=is_interrupted, listed=listed)
        except (DatabaseError, EvidenceError) as error:
            self.fault = self.fault or str(error)
            self.outcome, self.reason = RunOutcome.FAILED, self.fault
        finally:
            self._writer.close()
            self._lock.close()

    def _leave_nothing_unjudged(self) -> None:
        for capture in list(self._unjudged.values()):
            self._buffer.append(Judged(capture=capture))
        self._unjudged.clear()

    def _end(self, walks: Sequence[SectionWalk], *, is_interrupted: bool, listed: int) -> None:
        broken = None if is_interrupted or self.fault else self._broken_expectation(walks, listed)
        self.outcome, self.reason = coverage.outcome(
            walks,
            start=self.window.start,
            is_interrupted=is_interrupted,
            fault=self.fault or broken,
        )
        rows = [
            coverage.of(
                walk,
                site=self.profile.site,
                run_id=self.id,
                run_started_at=self.started_at,
                window=self.window,
                is_trusted=broken is None,
            )
            for walk in walks
        ]
        with self._database.write() as c:
            captures.add_coverage(c, rows)
            captures.finish_run(
                c,
                self.id,
                finished_at=self.clock.now(),
                outcome=self.outcome,
                reason=self.reason,
                counters={name: number for name, number in self.counters.items() if number},
            )

    def _broken_expectation(self, walks: Sequence[SectionWalk], listed: int) -> str | None:
        """Check the profile's expectations, which are about the office's whole window."""
        whole = self.window.start <= self.settings.since and self.window.end is None
        needed = [walk for walk in walks if not walk.is_extra]
        if not whole or not all(coverage.reached(walk, self.window.start) for walk in needed):
            return None
        read = self.counters["version/new"] + self.counters["version/changed"]
        return coverage.broken_expectation(
            self.profile.expect, listed=listed, read=read, dated=self.counters["version/dated"]
        )


def _settled(c: Connection, judged: Judged, ids: dict[str, int]) -> Capture:
    """Give the capture with its article and final fate.

    A text that is known is UNCHANGED, whatever day the clock has put beside it.
    """
    if judged.article is None:
        return judged.capture
    capture = dataclasses.replace(judged.capture, article_id=ids[judged.article])
    if judged.extraction is None:
        return capture
    kept = articles.weigh_version(
        c,
        ids[judged.article],
        extraction=judged.extraction,
        extracted_at=capture.captured_at,
    )
    if kept is not articles.Kept.VERSION:
        return dataclasses.replace(capture, disposition=Disposition.UNCHANGED)
    return capture


def _sighting(entry: Listed, capture: Capture, capture_id: int, ids: dict[str, int]) -> Sighting:
    return Sighting(
        article_id=ids[entry.address],
        capture_id=capture_id,
        section=entry.section,
        channel=entry.channel,
        title=entry.title,
        date_published=entry.day,
        date_published_raw=entry.day_raw,
        seen_at=capture.captured_at,
    )


def _recent_tries(c: Connection, site: str, now: dt.datetime) -> dict[int, Capture]:
    """Give the newest capture of each article that was asked for lately."""
    return {
        capture.article_id: capture
        for run in captures.runs(c, now, site=site)
        if run.id is not None and now - run.started_at <= ASK_AGAIN_AFTER + dt.timedelta(days=1)
        for capture in captures.captures_of_run(c, run.id)
        if capture.article_id is not None
    }


def _lock(path: Path, site: str) -> IO[str]:
    """Take the site's lock, which the system lets go when the program ends, however it does."""
    handle = path.open("a")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise SiteBusyError(
            t(
                f"Trang {site} đang được một lệnh tinbai khác thu thập; đợi lệnh đó chạy xong.",
                f"Another tinbai command is crawling {site}; wait for it to end.",
            )
        ) from error
    return handle
