"""Sitemaps (sitemaps.org 0.9, Google's news extension) → items, or further sitemaps. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from crawler.discovery.safe_xml import children, name, parse_xml, text_of
from crawler.errors import UnreadableList
from crawler.pages.captured import ListedItem, ListedPage
from crawler.pages.dates import read_day
from crawler.urls import joined
from storage.folding import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    import lxml.etree

    from crawler.pages.captured import CapturedPage

# sitemaps.org: "no more than 50,000 URLs and must be no larger than 50MB".
MOST_URLS = 50_000
MOST_BYTES = 50 * 1024 * 1024

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class SitemapIndex:
    """A sitemap of sitemaps."""

    urls: tuple[str, ...]
    """Absolute, in the order of the file."""


def read_sitemap(page: CapturedPage) -> ListedPage | SitemapIndex:
    """Give the items of a sitemap, or the sitemaps of an index.

    ``lastmod`` is when a page was changed, not when it was published: an item has a day only
    where the news extension gives one.

    Raises:
        UnreadableList: no sitemap, or one that is not safe to parse.
    """
    root = parse_xml(_unpacked(page))
    if name(root) == "sitemapindex":
        urls = (_address(entry, page) for entry in islice(children(root, "sitemap"), MOST_URLS))
        return SitemapIndex(tuple(filter(None, urls)))
    if name(root) != "urlset":
        raise UnreadableList(f"a <{name(root)}>, not a sitemap")
    return ListedPage(items=tuple(_items(root, page)), next_url=None)


def _items(root: lxml.etree._Element, page: CapturedPage) -> Iterator[ListedItem]:
    for entry in islice(children(root, "url"), MOST_URLS):
        url = _address(entry, page)
        if url is None:
            continue
        news = next(children(entry, "news"), entry)
        raw = text_of(news, "publication_date")
        yield ListedItem(
            url=url,
            title=clean(text_of(news, "title") or "") or None,
            day=read_day(raw, captured_at=page.captured_at).day if raw else None,
            day_raw=clean(raw) if raw else None,
        )


def _address(entry: lxml.etree._Element, page: CapturedPage) -> str | None:
    loc = text_of(entry, "loc")
    return joined(page.url, loc) if loc else None


def _unpacked(page: CapturedPage) -> CapturedPage:
    """Unpack a file that is itself compressed ('sitemap.xml.gz'), up to the protocol's limit."""
    if not page.body.startswith(_GZIP):
        return page
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        body = unpacker.decompress(page.body, MOST_BYTES)
    except zlib.error as error:
        raise UnreadableList("broken gzip") from error
    if unpacker.unconsumed_tail:
        raise UnreadableList(f"more than {MOST_BYTES} bytes unpacked")
    if not unpacker.eof:
        raise UnreadableList("gzip cut off")
    return replace(page, body=body)
