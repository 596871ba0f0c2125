"""Feeds: RSS 0.9 to 2.0, RDF and Atom → items. Pure."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from crawler.discovery.safe_xml import children, name, parse_xml, text_of
from crawler.errors import UnreadableList
from crawler.pages.captured import ListedItem, ListedPage
from crawler.pages.dates import read_day
from crawler.pages.legacy import repair
from crawler.urls import joined
from storage.folding import clean
from storage.records import vietnam_day

if TYPE_CHECKING:
    import datetime as dt

    import lxml.etree

    from crawler.pages.captured import CapturedPage

# Characters; what is longer is no title, and not worth a parse.
_LONGEST_TITLE = 2000
_ROOTS = frozenset({"rss", "rdf", "feed"})
# Publication first; Atom's 'updated' and RSS's 'lastBuildDate' are none.
_DAYS = ("pubdate", "published", "date", "issued")


def read_feed(page: CapturedPage) -> ListedPage:
    """Give the items of a feed in its order; days are those of publication.

    Raises:
        UnreadableList: no feed, or one that is not safe to parse.
    """
    root = parse_xml(page)
    if name(root) not in _ROOTS:
        raise UnreadableList(f"a <{name(root)}>, not a feed")
    channels = [root, *children(root, "channel")]
    entries = [one for channel in channels for one in children(channel, "item", "entry")]
    items = (_item(entry, page) for entry in entries)
    following = (url for channel in channels if (url := _link(channel, page, rel="next")))
    return ListedPage(
        items=tuple(item for item in items if item is not None), next_url=next(following, None)
    )


def is_feed(page: CapturedPage) -> bool:
    """Tell whether an answer is a feed, whatever its server calls it."""
    try:
        return name(parse_xml(page)) in _ROOTS
    except UnreadableList:
        return False


def _item(entry: lxml.etree._Element, page: CapturedPage) -> ListedItem | None:
    """Give an entry; None when it links nowhere."""
    url = _link(entry, page, rel="alternate") or _permalink(entry)
    if url is None:
        return None
    raw = text_of(entry, *_DAYS)
    return ListedItem(
        url=url,
        title=_title(text_of(entry, "title") or "") or None,
        day=_day(raw, page) if raw else None,
        day_raw=clean(raw) if raw else None,
    )


def _title(text: str) -> str:
    """Give a title without the markup that some feeds put into it, escaped: '<b>Tin</b>'."""
    if "<" in text and len(text) <= _LONGEST_TITLE:
        text = BeautifulSoup(text, "html.parser").get_text()
    return clean(repair(text).text)


def _link(element: lxml.etree._Element, page: CapturedPage, *, rel: str) -> str | None:
    """Give the address of RSS's ``<link>`` or of Atom's with that relation."""
    for link in children(element, "link"):
        href = link.get("href")
        if href and link.get("rel", "alternate") == rel:
            return joined(page.url, str(href).strip())
        text = "".join(link.itertext()).strip()
        if text and not href and rel == "alternate":
            return joined(page.url, text)
    return None


def _permalink(entry: lxml.etree._Element) -> str | None:
    """Give RSS's guid where it is an address."""
    for guid in children(entry, "guid"):
        text = "".join(guid.itertext()).strip()
        if guid.get("isPermaLink", "true").lower() == "true" and text.startswith("http"):
            return text
    return None


def _day(raw: str, page: CapturedPage) -> dt.date | None:
    """Read RFC 822 with a zone as the instant that it is; all else as pages print it."""
    try:
        instant = parsedate_to_datetime(raw)
    except ValueError:
        instant = None
    if instant is not None and instant.tzinfo is not None:
        raw = vietnam_day(instant).isoformat()
    return read_day(raw, captured_at=page.captured_at).day
