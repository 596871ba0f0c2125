"""One run over one site: its lock, its evidence, its rows, its end.

The crawler's one seam to storage. Evidence is written first, rows follow in short
transactions; what a kill leaves between the two is put in order by the next run.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import fcntl
from collections import Counter
from typing import IO, TYPE_CHECKING

from crawler import advice, coverage, resting
from crawler.batch import BatchStore
from crawler.coverage import SectionWalk, Stop
from crawler.errands import Judged
from crawler.hours import is_open
from crawler.recollection import CLAIMED_ONLY, recollect
from crawler.remembered import Remembered
from crawler.walk import CHANNELS
from storage import captures, chain, evidence
from storage.errors import DatabaseError, EvidenceError, TinbaiError
from storage.language import t
from storage.records import (
    NOT_MODIFIED,
    ArchivedBody,
    Capture,
    CapturePurpose,
    CrawlRun,
    DayInterval,
    RunOutcome,
    Validators,
    vietnam_day,
)
from storage.version import code_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from crawler.advice import Advice
    from crawler.profiles import SiteProfile
    from storage.clock import Clock
    from storage.engine import Database
    from storage.evidence import ArchivedResponse, Exchange, Rendering
    from storage.workspace import Workspace

NIGHT = dt.timedelta(hours=12)
"""How far back requests to a host count as this night's."""

FLUSH_EVERY = 20
"""Captures in one transaction: what a kill can cost in rows (never in evidence)."""


class SiteBusyError(TinbaiError):
    """Another program is crawling this site."""

    exit_code = 3


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
        deep: bool = False,
        claimed_only: bool = False,
    ) -> None:
        self.claimed_only = claimed_only
        """Only the addresses that units claim are asked for; no list is."""
        self.before = Remembered()
        """What earlier runs left; known once it is open."""
        self._may_join = not deep
        self.profile, self.window, self.clock = profile, window, clock
        self.settings = workspace.settings
        self.started_at = clock.now()
        self.counters: Counter[str] = Counter({CLAIMED_ONLY: 1} if claimed_only else {})
        self.advice: Counter[Advice] = Counter()
        """What the site's owner should be told, by how many captures say so."""
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
        self._ids: dict[str, int] = {}
        """Articles that this run has stored or found, by address."""

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
        with self._database.write(alone=True) as c:
            # The lock is ours, so nobody lives who could still finish these.
            for left_open in captures.open_runs(c, site):
                evidence.recover(c, self._folder, left_open, recovered_at=self.started_at)
            self.id = captures.start_run(c, record)
        with self._database.read() as c:
            self.before = recollect(c, self.profile, record, self.id, may_join=self._may_join)
            self._bodies = captures.last_bodies(c, site)
        self._ids = {address: one.article_id for address, one in self.before.known.items()}
        self._store = BatchStore(run_id=self.id, site=site, before=self.before, ids=self._ids)
        self._writer = evidence.EvidenceWriter(
            self._folder,
            site=site,
            run_id=self.id,
            started_at=self.started_at,
            software=f"tinbai/{code_version()}",
            simulated_clock=self.clock.is_simulated,
        )

    def skip_tonight(self, *, insist: bool) -> bool:
        """End the run before it begins when the site is not to be asked now; tell whether.

        The night is stored as one on which nothing was seen.

        Args:
            insist: the site was named by the operator: then even a dead one is tried.
        """
        why = self._closed() or (None if insist else self._resting())
        if why is None:
            return False
        stop, reason = why
        self.counters[f"skip/{stop.value}"] += 1
        version = self.profile.version_on(vietnam_day(self.started_at))
        walks = [
            SectionWalk(
                section=one.name,
                channel=CHANNELS[one.discover],
                pages=(),
                stop=stop,
                detail=reason,
                is_extra=one.extra,
            )
            for one in version.sections
            if not self.claimed_only
        ]
        self.finish(walks, is_interrupted=False, listed={})
        return True

    def _closed(self) -> tuple[Stop, str] | None:
        if is_open(self.profile.hours, self.started_at):
            return None
        return Stop.OUTSIDE_HOURS, f"hours: {self.profile.hours}"

    def _resting(self) -> tuple[Stop, str] | None:
        with self._database.read() as c:
            earlier = captures.runs(c, self.started_at, sites=[self.profile.site])
        again = resting.next_try(earlier)
        if again is None or vietnam_day(self.started_at) >= again:
            return None
        return Stop.RESTING, f"to be tried again on {again}"

    def asked_before(self, host: str) -> int:
        """Give how often a host was asked this night before this run, by walks over any site."""
        with self._database.read() as c:
            return captures.asked_of_host(
                c, host, since=self.started_at - NIGHT, until=self.started_at
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

    def archive_rendering(self, rendering: Rendering, draft: Capture) -> Capture:
        """Write a rendered page into the evidence, and give its capture with its place.

        Raises:
            EvidenceError: it cannot be written; nothing half written stays.
        """
        place = self._writer.write_rendering(rendering)
        return self._noted(dataclasses.replace(draft, warc=place))

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
        if (told := _advice_on(judged)) is not None:
            self.advice[told] += 1
        if len(self._buffer) >= FLUSH_EVERY and self._is_stored:
            self.flush()

    def flush(self) -> None:
        """Store what was kept, in one transaction."""
        if not self._buffer:
            return
        self._is_stored = False
        self._writer.sync()
        with self._database.write() as c:
            counted, ids = self._store.store(c, self._buffer)
        self._is_stored = True
        self._ids |= ids
        self._buffer = []
        self.counters.update(counted)

    # ------------------------------------------------------------------------------- its end

    def finish(
        self,
        walks: Sequence[SectionWalk],
        *,
        is_interrupted: bool,
        listed: Mapping[str, dt.date | None],
        cut_short: str | None = None,
    ) -> None:
        """Store the rest, the coverage and the outcome, and let the site go. Never raises.

        A run whose rows cannot be stored stays open: the next one finds its evidence and puts
        it in order.

        Args:
            walks: what was seen of each section.
            is_interrupted: stopped from outside.
            listed: the articles that the lists showed, by address, with their days.
            cut_short: what ended it in order, but early.
        """
        try:
            self._leave_nothing_unjudged()
            self.flush()
            self._end(walks, is_interrupted=is_interrupted, listed=listed, cut_short=cut_short)
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

    def _end(
        self,
        walks: Sequence[SectionWalk],
        *,
        is_interrupted: bool,
        listed: Mapping[str, dt.date | None],
        cut_short: str | None,
    ) -> None:
        broken, warning = None, None
        if self._is_deep(walks) and not is_interrupted and self.fault is None:
            broken, warning = self._broken_expectation(listed), self._warning(listed)
        undecided = []
        if not self.claimed_only:
            undecided = coverage.of_undecided(
                self.profile, run_id=self.id, run_started_at=self.started_at
            )
        self.outcome, self.reason = coverage.outcome(
            walks,
            start=self.window.start,
            is_interrupted=is_interrupted,
            fault=self.fault or broken,
            cut_short=cut_short,
            undecided=undecided,
        )
        self.reason = "; ".join(filter(None, (self.reason, warning))) or None
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
        with self._database.write(alone=True) as c:
            captures.add_coverage(c, [*rows, *undecided])
            captures.finish_run(
                c,
                self.id,
                finished_at=self.clock.now(),
                outcome=self.outcome,
                reason=self.reason,
                counters={name: number for name, number in self.counters.items() if number},
            )
            chain.seal(c, self._folder, at=self.clock.now())

    def _is_deep(self, walks: Sequence[SectionWalk]) -> bool:
        """Tell whether the run saw the office's whole window: what expectations are about."""
        if self.claimed_only:
            return False
        whole = self.window.start <= self.settings.since and self.window.end is None
        needed = [walk for walk in walks if not walk.is_extra]
        return whole and all(coverage.is_deep(walk, self.window.start) for walk in needed)

    def _broken_expectation(self, listed: Mapping[str, dt.date | None]) -> str | None:
        expect, recent = self.profile.expect, self._recent_days()
        read = self.counters["version/new"] + self.counters["version/changed"]
        broken = coverage.broken_expectation(
            expect, listed=len(listed), read=read, dated=self.counters["version/dated"]
        )
        if broken is None and recent is not None:
            broken = coverage.too_few(expect.articles_per_30_days, listed.values(), recent)
        return broken

    def _warning(self, listed: Mapping[str, dt.date | None]) -> str | None:
        recent = self._recent_days()
        if recent is None:
            return None
        return coverage.too_many(self.profile.expect.articles_per_30_days, listed.values(), recent)

    def _recent_days(self) -> DayInterval | None:
        return coverage.recent_days(self.window, vietnam_day(self.started_at))


def _advice_on(judged: Judged) -> Advice | None:
    """Give what the site's owner should be told; of what only a unit's claim led to: nothing."""
    capture = judged.capture
    is_article = capture.purpose is CapturePurpose.ARTICLE
    if is_article and judged.article is None:
        return None
    return advice.of(capture.disposition, capture.reason, of_list=not is_article)


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
