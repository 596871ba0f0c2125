"""A captured page → what it is and what stands on it: one named fate for each. Pure."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler import attachments, quality
from crawler.discovery.counted import following
from crawler.discovery.feed import read_feed
from crawler.discovery.json_list import read_json, read_rest
from crawler.discovery.listing import read_list
from crawler.discovery.sitemap import SitemapIndex, read_sitemap
from crawler.errors import LayoutChanged, NotAnArticle, UnreadableList
from crawler.pages import dating
from crawler.pages.captured import MORE
from crawler.pages.families import FAMILIES, read_article
from crawler.profiles import Discover
from storage.records import Channel, DateCandidate, DateSource, Disposition, Extraction

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from crawler.pages.captured import CapturedPage, ListedPage
    from crawler.profiles import DateRules, ProfileVersion, Section

logger = logging.getLogger(__name__)

LINKS_AT_MOST = 5000
"""Links on a page; real ones have some hundreds, and each costs time to look at."""

HEADLINE_AT_MOST = 1000
"""Characters of a headline; the longest of 2 800 real ones has under 400."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The fate of a page, and what was read: an article, a list, or an index of sitemaps."""

    disposition: Disposition
    reason: str | None = None
    extraction: Extraction | None = None
    page: ListedPage | None = None
    further: tuple[str, ...] = ()
    """Addresses of the sitemaps that an index names."""


def read_article_page(
    page: CapturedPage, version: ProfileVersion, *, announced: str | None = None
) -> Reading:
    """Judge and read the page of an article.

    ``announced``: the title by which a list that dates it leads there; None: none does.
    """

    def read() -> Reading:
        _refuse_monsters(page)
        verdict = quality.judge(page)
        if verdict.disposition is not None:
            return Reading(disposition=verdict.disposition, reason=verdict.reason)
        extraction = with_note_of_little(read_article(page, version, announced=announced))
        if len(extraction.headline) > HEADLINE_AT_MOST:
            reason = f"a headline of {len(extraction.headline)} characters"
            return Reading(disposition=Disposition.UNREADABLE, reason=reason)
        return Reading(disposition=Disposition.STORED, extraction=extraction)

    return _with_a_fate(page, read)


def read_list_page(
    page: CapturedPage,
    version: ProfileVersion,
    discover: Discover,
    section: Section | None = None,
) -> Reading:
    """Judge and read a list, feed or sitemap; the section where its profile says more of it."""

    def read() -> Reading:
        if discover is Discover.LISTING:
            _refuse_monsters(page)
        verdict = quality.judge(page)
        # A feed or sitemap is no HTML page and need not look like one.
        is_foreign = verdict.disposition is Disposition.UNREADABLE
        if verdict.disposition is not None and not (is_foreign and discover != Discover.LISTING):
            return Reading(disposition=verdict.disposition, reason=verdict.reason)
        found = _read(page, version, discover, section)
        if isinstance(found, SitemapIndex):
            return Reading(disposition=Disposition.LISTED, further=found.urls)
        return Reading(disposition=Disposition.LISTED, page=found)

    return _with_a_fate(page, read)


def _read(
    page: CapturedPage, version: ProfileVersion, discover: Discover, section: Section | None
) -> ListedPage | SitemapIndex:
    match discover:
        case Discover.FEED:
            return read_feed(page)
        case Discover.SITEMAP:
            return read_sitemap(page)
        case Discover.REST:
            return read_rest(page)
        case Discover.JSON if section is not None:
            return read_json(page, section)
    return _read_listing(page, version, section)


def _read_listing(
    page: CapturedPage, version: ProfileVersion, section: Section | None
) -> ListedPage:
    """Read a list in HTML; the page after it by link, by number, or by what a browser shows."""
    found = read_list(page, version)
    after = following(page.url, section) if section is not None else None
    if after is not None:
        return dataclasses.replace(found, next_url=after, next_form=None, is_cut_off=False)
    if page.is_live and found.next_url is None:
        return dataclasses.replace(found, next_url=page.url, next_form=MORE, is_cut_off=False)
    return found


def _with_a_fate(page: CapturedPage, read: Callable[[], Reading]) -> Reading:
    try:
        return read()
    except NotAnArticle as refusal:
        return Reading(disposition=Disposition.NOT_AN_ARTICLE, reason=str(refusal))
    except (LayoutChanged, UnreadableList) as refusal:
        return Reading(disposition=Disposition.UNREADABLE, reason=str(refusal))
    except Exception as fault:
        # One page of thousands must not end the night: it is named, logged and kept.
        logger.exception("cannot read %s", page.url)
        return Reading(disposition=Disposition.UNREADABLE, reason=f"fault: {type(fault).__name__}")


def _refuse_monsters(page: CapturedPage) -> None:
    """Refuse a page that would take a minute to look at.

    Raises:
        LayoutChanged: it has more links than any real one.
    """
    # To count a letter is far cheaper than to count two, and that than to count elements.
    if page.markup.count(b"<") <= LINKS_AT_MOST:
        return
    may_have = sum(map(page.markup.count, (b"<a", b"<A")))
    if may_have > LINKS_AT_MOST and page.tree.xpath("count(//a)") > LINKS_AT_MOST:
        raise LayoutChanged(f"more than {LINKS_AT_MOST} links")


def with_note_of_little(extraction: Extraction) -> Extraction:
    """Name an article that has a title and no text: only pictures, or nothing at all."""
    is_told = bool(extraction.attachments) and not extraction.images  # its documents say it
    if is_told or not attachments.says_nothing(extraction):
        return extraction
    note = attachments.ONLY_PICTURES if extraction.images else attachments.ONLY_A_TITLE
    notes = ", ".join(filter(None, (extraction.text_note, note)))
    return dataclasses.replace(extraction, text_note=notes)


_OF_CHANNEL = {Channel.LIST: DateSource.LIST, Channel.FEED: DateSource.FEED}


def dated_by_list(
    extraction: Extraction,
    *,
    day: dt.date | None,
    day_raw: str | None,
    channel: Channel,
    version: ProfileVersion,
) -> Extraction:
    """Give the article the day of the list that led to it, if it has none of its own.

    Only where the profile trusts that kind of list. A list that contradicts the page changes
    nothing (it stays what was seen there, a sighting), unless both tell one day by two clocks
    and the list's is Vietnam's.
    """
    source = _OF_CHANNEL.get(channel)
    rules = FAMILIES[version.family].page.date_rules(version)
    if day is None or source is None or source not in rules.trust:
        return extraction
    listed = dating.by_its_clock(
        DateCandidate(source=source, raw=day_raw or day.isoformat(), day=day), rules
    )
    own = DateCandidate(
        source=extraction.date_source,
        raw=extraction.date_published_raw or "",
        day=extraction.date_published,
    )
    if own.day is not None and not dating.is_better_clock(listed, own):
        return extraction
    candidates = (*extraction.date_candidates, listed)
    unsure = [one for one in candidates if dating.is_unsure_of_its_clock(one, rules)]
    if own.day is None and unsure:
        together = dating.chosen(sorted(candidates, key=_trust_in(rules)), rules)
        return dataclasses.replace(
            extraction,
            date_published=together.day,
            date_published_raw=together.raw,
            date_source=together.source,
            date_candidates=candidates,
        )
    return dataclasses.replace(
        extraction,
        date_published=listed.day,
        date_published_raw=day_raw,
        date_source=source,
        date_candidates=candidates,
    )


def _trust_in(rules: DateRules) -> Callable[[DateCandidate], int]:
    """Give a key that sorts candidates by the profile's order of trust, the untrusted last."""
    order = {source: place for place, source in enumerate(rules.trust)}
    return lambda one: order.get(one.source, len(order))
