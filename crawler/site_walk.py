"""One walk over a site: what an answer means, and what is asked next. Pure.

Lists first, then articles, then second looks at what is known. Each answer ends in exactly one
``Judged`` capture. Redirects and retries of pages are decided here and not by the framework,
because each hop and each attempt has a fate of its own. Who asks is ``crawler.spiders.site``.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from crawler.attachments import to_ask
from crawler.claimed import unmet
from crawler.coverage import Stop, is_deep
from crawler.discovery.counted import following, opening
from crawler.due import in_window, is_due
from crawler.errands import Errand, Judged, Listed, is_final, is_silence, judged
from crawler.looking_again import SecondLooks
from crawler.missing import unknown_address
from crawler.reading import Reading, dated_by_list, read_article_page, read_list_page
from crawler.redirects import KEEP_THE_FORM, fate_of_redirect, target_of
from crawler.second_look import may_ask_if_modified
from crawler.site_addresses import SiteAddresses
from crawler.urls import canonical
from crawler.waiting import AttachmentFate, Waiting
from crawler.walk import Walker
from storage.gone import SOFT_404, tells
from storage.records import Disposition, vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from crawler.coverage import SectionWalk
    from crawler.errands import Step
    from crawler.pages.captured import CapturedPage, ListedPage
    from crawler.profiles import SiteProfile
    from crawler.remembered import Remembered
    from storage.records import Attachment, Capture, DayInterval, Validators

WORTH_A_RETRY = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
RETRIES = 2
SILENT_AFTER = 3
"""Addresses in a row without any answer: the site is down, and is left alone."""

_STOPS = {Disposition.BLOCKED: Stop.BLOCKED, Disposition.ROBOTS_DENIED: Stop.ROBOTS_DENIED}


class SiteWalk:
    """Keeps what a walk has seen of its site, and decides how it goes on."""

    def __init__(
        self,
        profile: SiteProfile,
        *,
        window: DayInterval,
        started_at: dt.datetime,
        before: Remembered,
        claimed_only: bool = False,
        reads_pictures: Callable[[], bool] = lambda: False,
    ) -> None:
        self.reads_pictures = reads_pictures
        """Whether this machine can make out what is written in a picture."""
        self.claimed_only = claimed_only
        """No list is asked: only the addresses that units claim."""
        self.profile, self.window, self.started_at = profile, window, started_at
        self.before = before
        self.version = profile.version_on(vietnam_day(started_at))
        front = canonical(profile.base_url)
        self.walkers = [
            Walker(
                section=profile.located(one),
                start=window.start,
                max_pages=self.version.max_pages,
                join=before.joins.get(one.name),
                is_front=canonical(profile.address_of(one)) == front,
            )
            for one in self.version.sections
        ]
        self.asked: set[str] = set()
        """Canonical addresses of the articles asked in this run."""
        self.answered_articles = 0
        self._dated: dict[str, Listed] = {}
        """By canonical address, the first entry of a list or feed that shows an article's day."""
        self.robots_fault: str | None = None
        """Why robots.txt could not be had; then nothing is asked."""
        self.no_robots: dict[str, str] = {}
        """Likewise by host (with its port): robots.txt could not be reached at all."""
        self.end: tuple[Stop, str] | None = None
        """Why it was ended early; the unfinished sections bear it."""
        self._addresses = SiteAddresses(profile, self.version, before.known)
        self._silent, self._answers = 0, 0
        self._second_looks = SecondLooks(before.known)

    def begin(self) -> Iterator[Errand]:
        """Ask for the first page of each section."""
        for walker in () if self.claimed_only else self.walkers:
            first = opening(self.profile.address_of(walker.section), walker.section)
            walker.begin(self._addresses.place_of(first.url, first.form, 0))
            yield Errand(url=first.url, walker=walker, form=first.form)

    def stop(self, stop: Stop, reason: str) -> None:
        """End it early; the first reason stays."""
        if self.end is None:
            self.end = stop, reason

    def results(self, fault: str | None) -> list[SectionWalk]:
        """Give what was seen of each section, now that nothing more is asked.

        Args:
            fault: why nothing could be kept any more; None when that was not so.
        """
        if self.claimed_only:
            return []
        unfinished, detail = Stop.INTERRUPTED, fault
        if self.end is not None and fault is None:
            unfinished, detail = self.end
        return [walker.result(unfinished=unfinished, detail=detail) for walker in self.walkers]

    def listed(self) -> dict[str, dt.date | None]:
        """Give the articles that the lists showed, by canonical address, with their days."""
        return {url: day for walker in self.walkers for url, day in walker.seen.items()}

    def left_unread(self) -> str | None:
        """Say why articles were left unasked; None when none were."""
        left = len(self.asked) - self.answered_articles
        if self.end is None or left <= 0:
            return None
        return f"{self.end[0].value}: {self.end[1]}; {left} articles were not asked"

    def condition(self, errand: Errand) -> Validators | None:
        """Give the archived body that the server is asked to confirm, if it can be."""
        validators = self.before.validators.get(errand.url)
        is_plain = errand.form is None and errand.waiting is None and not errand.is_probe
        if validators is None or errand.attempt or not is_plain:
            return None
        is_list = errand.entry is None
        may = may_ask_if_modified(validators, is_list=is_list, now=self.started_at)
        return validators if may else None

    # ------------------------------------------------------------------- looking again

    def look_again(self, token: str) -> Iterator[Errand]:
        """Once the lists are done, ask for known articles that are due, and for claimed ones.

        Claimed ones that no list has shown. Once only.

        Args:
            token: letters for an address that never was: how the site answers that is asked first.
        """
        walks = [walker.result(unfinished=Stop.INTERRUPTED) for walker in self.walkers]
        addresses = self._second_looks.due(
            asked=self.asked,
            seen_in_full={walk.section for walk in walks if is_deep(walk, self.window.start)},
            window=self.window,
            now=self.started_at,
        )
        met = {*self.before.known, *self.listed(), *self.asked}
        claimed = unmet(self.before.claimed, self._addresses, met=met, now=self.started_at)
        named = list(claimed)
        if addresses or named:
            probe = unknown_address(self.profile.base_url, token)
            yield Errand(url=probe, walker=self.walkers[0], is_probe=True)
        for address in addresses:
            url, entry = self._second_looks.entry_of(address)
            self.asked.add(address)
            yield Errand(url=url, walker=self.walkers[0], entry=entry)
        for url, entry in named:
            self.asked.add(entry.address)
            yield Errand(url=url, walker=self.walkers[0], entry=entry)

    # ------------------------------------------------------------------------------ answers

    def answered(self, capture: Capture, page: CapturedPage, errand: Errand) -> Iterator[Step]:
        """Judge an answer that sends nobody on, and go on from it.

        ``page`` is what it says: for a 304, what it confirms.
        """
        self._hear(errand)
        again = self._again(errand) if capture.status in WORTH_A_RETRY else None
        if errand.is_probe:
            self._second_looks.learn(page)
            yield Judged(capture=judged(capture, Disposition.SUPPORT, None))
        elif errand.entry is None:
            section = errand.walker.section
            reading = read_list_page(page, self.version, section.discover, section)
            yield from self._take_list(capture, reading, errand, again)
        elif self._second_looks.is_soft_404(page):
            self.answered_articles += 1
            reason = f"{SOFT_404}: says what it says of unknown addresses"
            yield Judged(
                capture=judged(capture, Disposition.HTTP_ERROR, reason), article=errand.article
            )
        else:
            titles = (one.title for one in self._entries_of(errand) if one.day is not None)
            announced = next(filter(None, titles), None)
            reading = read_article_page(page, self.version, announced=announced)
            yield from self._take_article(capture, reading, errand, again)

    def attached(self, capture: Capture, fate: AttachmentFate, errand: Errand) -> Iterator[Step]:
        """Take an attachment that was read, and go on with the article that waits for it."""
        self._hear(errand)
        again = self._again(errand) if capture.status in WORTH_A_RETRY else None
        settled = judged(capture, fate.disposition, fate.reason)
        yield Judged(capture=settled, article=errand.article)
        yield from [again] if again is not None else self._resume(errand, fate, capture)

    def unconfirmed(self, capture: Capture, errand: Errand) -> Iterator[Step]:
        """Ask again, without condition, for a page whose archived body is not there any more."""
        self._hear(errand)
        reason = "the page that it confirms cannot be read from the evidence"
        yield Judged(
            capture=judged(capture, Disposition.UNREADABLE, reason),
            article=errand.article,
            list_page=errand.unread_page(),
        )
        yield dataclasses.replace(errand, attempt=errand.attempt + 1)

    def shows_no_more(self, errand: Errand, stop: Stop, reason: str) -> None:
        """Note why a browser shows nothing beyond what it has shown of a list."""
        errand.walker.miss(stop, reason)

    def failed(self, capture: Capture, errand: Errand) -> Iterator[Step]:
        """Take an errand that got no answer to judge; its capture has its fate."""
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
            self.stop(Stop.FAILED, f"no answer from {SILENT_AFTER} addresses in a row")

    def sent_on(self, capture: Capture, location: str, errand: Errand) -> Iterator[Step]:
        """Follow a redirect, inside the site and so far.

        Args:
            capture: of the answer.
            location: where it sends us, as it says.
            errand: what was asked.
        """
        self._hear(errand)
        target = target_of(capture.url, location)
        disposition, reason = fate_of_redirect(target, errand, self._addresses)
        yield Judged(
            capture=judged(capture, disposition, reason),
            article=errand.article,
            list_page=errand.unread_page(),
        )
        if disposition is Disposition.REDIRECTED and not self._leads_to_known(errand, target):
            hops = (*errand.hops, errand.url)
            form = errand.form if capture.status in KEEP_THE_FORM else None
            yield dataclasses.replace(errand, url=target, hops=hops, attempt=0, form=form)
        else:
            yield from self._miss(errand, disposition, reason)

    def _leads_to_known(self, errand: Errand, target: str) -> bool:
        """Tell whether a claimed address is only another way to an article that is known."""
        address = self._addresses.of_article(self._addresses.canonical(target))
        return errand.is_claimed and address in self.before.known

    def _hear(self, errand: Errand) -> None:
        """Note that the site is there."""
        self._silent = 0
        self._answers += errand.waiting is None

    # ---------------------------------------------------------------------- lists, articles

    def _take_list(
        self, capture: Capture, reading: Reading, errand: Errand, again: Errand | None
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
            inside = [url for url in reading.further if self._addresses.is_ours(url)]
            yield Judged(capture=settled, list_page=errand.list_page(()))
            for number, url in enumerate(walker.take_index(inside), start=errand.number + 1):
                yield Errand(url=url, walker=walker, number=number)
            return
        found = self._addresses.entries(reading.page.items, walker)
        self._second_looks.saw(found)
        for entry in found.values():
            if entry.day is not None:
                self._dated.setdefault(entry.address, entry)
        fresh = {url: entry for url, entry in found.items() if entry.address not in walker.seen}
        yield Judged(
            capture=settled,
            listed=tuple(fresh.values()),
            list_page=errand.list_page([entry.day for entry in found.values()]),
        )
        for url, entry in fresh.items():
            if self._is_wanted(entry):
                self.asked.add(entry.address)
                yield Errand(url=url, walker=walker, entry=entry)
        yield from self._go_on(reading.page, list(found.values()), errand)

    def _go_on(self, page: ListedPage, entries: list[Listed], errand: Errand) -> Iterator[Errand]:
        """Ask for the next page, if the walk wants it and it lies inside the site."""
        walker, next_url = errand.walker, page.next_url
        if errand.hops and next_url:  # what it was sent on to may not tell its number
            next_url = following(errand.hops[0], walker.section) or next_url
        place = None
        if next_url is not None:
            place = self._addresses.place_of(next_url, page.next_form, len(walker.seen))
        after = walker.take(
            [(entry.address, self.before.day_of(entry)) for entry in entries],
            next_address=place,
            is_cut_off=page.is_cut_off,
            is_known=all(self.before.is_known(entry) for entry in entries),
            length=page.length,
        )
        if walker.is_joined:
            yield from self._ask_for_the_unread(walker)
        if after is None or next_url is None:
            return
        if self._addresses.is_ours(next_url):
            yield Errand(
                url=urldefrag(next_url).url,
                walker=walker,
                form=page.next_form,
                number=errand.number + 1,
            )
        else:
            walker.miss(Stop.FAILED, f"the next page lies outside the site: {next_url}")

    def _ask_for_the_unread(self, walker: Walker) -> Iterator[Errand]:
        """Ask for what the list showed before, further down than this walk goes, and is due."""
        for entry in self.before.entries(walker.section.name, walker.channel):
            if entry.address not in walker.seen and self._is_wanted(entry):
                self.asked.add(entry.address)
                url = self.before.last_address(entry.address)
                yield Errand(url=url, walker=walker, entry=entry)

    def _is_wanted(self, entry: Listed) -> bool:
        if entry.address in self.asked or not in_window(entry.day, self.window):
            return False
        return is_due(
            self.before.known.get(entry.address),
            (entry.title, entry.day, entry.day_raw),
            place=(entry.section, entry.channel),
            last_try=self.before.last_try(entry.address),
            now=self.started_at,
        )

    def _take_article(
        self, capture: Capture, reading: Reading, errand: Errand, again: Errand | None
    ) -> Iterator[Step]:
        settled = judged(capture, reading.disposition, reading.reason)
        extraction = reading.extraction
        for entry in self._entries_of(errand):
            if extraction is None:
                break
            extraction = dated_by_list(
                extraction,
                day=entry.day,
                day_raw=entry.day_raw,
                channel=entry.channel,
                version=self.version,
            )
        wanted: tuple[Attachment, ...] = ()
        if extraction is not None:
            wanted = to_ask(
                extraction, is_ours=self._addresses.is_ours, reads_pictures=self.reads_pictures
            )
        if extraction is not None and wanted:
            # The article's own capture is judged when its attachments are here.
            waiting = Waiting(capture=settled, extraction=extraction, left=wanted)
            yield errand.for_attachment(waiting)
            return
        retried = again if extraction is None else None
        self.answered_articles += retried is None
        yield errand.settled(Judged(capture=settled, article=errand.article, extraction=extraction))
        if retried is not None:
            yield retried

    def _entries_of(self, errand: Errand) -> Iterator[Listed]:
        """Give the entry that led to an article; without a day, also the one that shows it."""
        if errand.entry is None:
            return
        yield errand.entry
        other = self._dated.get(errand.entry.address)
        if errand.entry.day is None and other is not None:
            yield other

    def _resume(
        self, errand: Errand, fate: AttachmentFate, capture: Capture | None
    ) -> Iterator[Step]:
        """Go on with the article that waits: its next attachment, or its end."""
        if errand.waiting is None:
            return
        waiting = errand.waiting.after(fate, capture)
        if waiting.left:
            yield errand.for_attachment(waiting)
            return
        self.answered_articles += 1
        has_version = self.before.has_version(errand.article or "")
        yield errand.settled(waiting.judged(errand.article, has_version=has_version))

    def _again(self, errand: Errand) -> Errand | None:
        if errand.attempt >= RETRIES:
            return None
        answers = errand.answers if errand.attempt else self._answers
        return dataclasses.replace(errand, attempt=errand.attempt + 1, answers=answers)

    def _miss(
        self,
        errand: Errand,
        disposition: Disposition,
        reason: str | None,
        status: int | None = None,
    ) -> Iterator[Step]:
        """Note that what an errand was sent for will not come; ask beyond a counted list's end."""
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
            beyond=self._addresses.canonical(beyond) if beyond else None,
        )
        if beyond and asked_next:
            yield Errand(url=beyond, walker=errand.walker, number=errand.number + 1)
