"""The check of a profile against the live site: its lists, some articles, its markers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.discovery.counted import opening
from crawler.probing import dayorder, drift, markers, samples
from crawler.probing.browsing import as_shown
from crawler.probing.clues import Clue
from crawler.probing.dayorder import Order, Printed
from crawler.probing.drift import Drift, Kind, SectionCheck
from crawler.probing.fetching import Answer, Miss, in_words
from crawler.probing.places import Sample
from crawler.profiles import Discover, is_rendered
from crawler.reading import read_list_page
from storage.records import Disposition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.pages.captured import ListedItem
    from crawler.probing.fetching import Robots, TlsState, Visit
    from crawler.probing.samples import Read
    from crawler.profiles import ProfileVersion, Section, SiteProfile

ARTICLES = 5
"""Sample articles that are read of one site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteCheck:
    """What was seen of a site, and where its profile no longer fits."""

    site: str
    sections: tuple[SectionCheck, ...]
    reads: tuple[Read, ...]
    drifts: tuple[Drift, ...]
    robots: Robots
    tls: TlsState
    requests: int

    @property
    def is_reached(self) -> bool:
        """Tell whether any section answered."""
        return any(one.fate is Disposition.LISTED for one in self.sections)

    @property
    def is_whole(self) -> bool:
        """Tell whether every section could be asked; if not, the rest is unknown, not fine."""
        return all(one.kind is not Kind.NOT_CHECKED for one in self.drifts)


def check_site(visit: Visit, profile: SiteProfile, version: ProfileVersion) -> SiteCheck:
    """Ask for every section's first page and some articles, and compare. Never raises."""
    room = max(1, visit.requests - ARTICLES)
    seen = tuple(
        _section(visit, profile, version, one) if visit.asked < room else _not_asked(profile, one)
        for one in version.sections
    )
    reads = tuple(_articles(visit, version, seen))
    pages = [one.page for one in seen if one.page is not None]
    lists = [one.page for one in seen if one.page and one.section.discover is Discover.LISTING]
    articles = [one.sample.page for one in reads]
    drifts = (
        *(found for one in seen for found in drift.of_section(one)),
        *drift.of_selectors(version, lists, articles),
        *drift.of_articles(reads),
        *drift.of_family(version, markers.guesses([*pages, *articles])),
        *_day_order(version, seen, reads),
        *drift.of_undecided(profile, version),
    )
    return SiteCheck(
        site=profile.site,
        sections=seen,
        reads=reads,
        drifts=drifts,
        robots=visit.robots_of(profile.base_url),
        tls=visit.tls,
        requests=visit.asked,
    )


def _section(
    visit: Visit, profile: SiteProfile, version: ProfileVersion, section: Section
) -> SectionCheck:
    url = profile.address_of(section)
    section = profile.located(section)
    first = opening(url, section)
    got = visit.get(first.url, first.form)
    if isinstance(got, Answer) and is_rendered(version, section):
        got = as_shown(visit, got)
    if isinstance(got, Miss):
        return SectionCheck(section=section, url=url, fate=got.fate, reason=in_words(got))
    reading = read_list_page(got.page, version, section.discover, section)
    if reading.page is None:
        return SectionCheck(
            section=section,
            url=url,
            fate=reading.disposition,
            reason=reading.reason,
            page=got.page,
            further=len(reading.further),
        )
    items, others = drift.taken_items(reading.page, section, version, profile)
    return SectionCheck(
        section=section,
        url=url,
        fate=reading.disposition,
        page=got.page,
        items=items,
        others=others,
        next_url=reading.page.next_url,
        is_cut_off=reading.page.is_cut_off,
    )


def _not_asked(profile: SiteProfile, section: Section) -> SectionCheck:
    return SectionCheck(
        section=section,
        url=profile.address_of(section),
        fate=Disposition.INTERRUPTED,
        reason="no requests left",
    )


def _articles(
    visit: Visit, version: ProfileVersion, seen: Sequence[SectionCheck]
) -> Iterator[Read]:
    """Read the first articles of the sections in turn."""
    asked: set[str] = set()
    for section, item in _in_turn(seen):
        if len(asked) >= ARTICLES:
            return
        if item.url in asked:
            continue
        asked.add(item.url)
        got = visit.get(item.url)
        if isinstance(got, Answer) and is_rendered(version, None):
            got = as_shown(visit, got)
        if isinstance(got, Miss):
            continue
        yield samples.read(Sample(section=section, item=item, page=got.page), version)


def _in_turn(seen: Sequence[SectionCheck]) -> Iterator[tuple[str, ListedItem]]:
    for turn in range(ARTICLES):
        for one in seen:
            if turn < len(one.items):
                yield one.section.name, one.items[turn]


def _day_order(
    version: ProfileVersion, seen: Sequence[SectionCheck], reads: Sequence[Read]
) -> Iterator[Drift]:
    """Tell when the site's days can only be read month first, and the profile does not say so."""
    rows = [
        [Printed(i.day_raw, one.page.captured_at) for i in one.items if i.day_raw]
        for one in seen
        if one.page is not None and one.section.discover is Discover.LISTING
    ]
    single = [
        Printed(one.extraction.date_published_raw, one.sample.page.captured_at)
        for one in reads
        if one.extraction and one.extraction.date_published_raw
    ]
    found = dayorder.decide(rows, single)
    if found.order in {Order.MONTH_FIRST, Order.MIXED} and not version.dates.formats:
        clue = found.clues[0]
        yield Drift(Kind.DAY_ORDER, None, Clue(clue.vi, clue.en))
