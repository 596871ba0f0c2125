"""Feeds and sitemaps: where a site announces them, and what they are worth. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.discovery.counted import PAGE
from crawler.discovery.feed import read_feed
from crawler.discovery.json_list import read_rest
from crawler.discovery.sitemap import SitemapIndex, read_sitemap
from crawler.errors import UnreadableList
from crawler.probing.clues import Clue
from crawler.probing.links import MOST_LINKS
from crawler.profiles import Discover
from crawler.urls import belongs, canonical_for, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from crawler.pages.captured import CapturedPage, ListedItem, ListedPage
    from crawler.profiles import SiteProfile

LARGEST_SITEMAP = 2000
"""Addresses up to which a sitemap becomes a channel by itself: all of them are asked once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A feed or sitemap that answered."""

    discover: Discover
    url: str
    items: tuple[ListedItem, ...]
    """Those on the site."""
    further: tuple[str, ...] = ()
    """Sitemaps that an index names."""

    @property
    def clue(self) -> Clue:
        """Say what it holds."""
        dated = sum(item.day is not None for item in self.items)
        more = (
            Clue(f", {len(self.further)} sơ đồ con", f", {len(self.further)} further sitemaps")
            if self.further
            else Clue("", "")
        )
        return Clue(
            f"{len(self.items)} mục, {dated} có ngày{more.vi}",
            f"{len(self.items)} items, {dated} with a day{more.en}",
        )


_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml")
_FEED_HREF = re.compile(r"(?:^|[/.?=&-])(?:rss|feed|atom)(?:$|[/.?=&-])", re.IGNORECASE)
_NO_FEED = re.compile(r"comments?|binh-?luan|opensearch|oembed", re.IGNORECASE)

_USUAL_FEEDS = {
    "wordpress": ("feed/",),
    "nukeviet": ("index.php?language=vi&nv=news&op=rss", "rss/", "news/rss/"),
    "joomla": ("?format=feed&type=rss",),
    "drupal": ("rss.xml",),
    "ghost": ("rss/",),
    "static": ("atom.xml", "index.xml", "feed.xml"),
    "plone": ("RSS",),
}
_ANY_FEED = ("rss.xml", "feed/")
_USUAL_SITEMAPS = {
    "wordpress": ("wp-sitemap.xml", "sitemap_index.xml"),
    "plone": ("sitemap.xml.gz",),
}


def feed_addresses(pages: Iterable[CapturedPage], family: str, base_url: str) -> list[str]:
    """Give where feeds may be: what pages announce, links that say so, what its family has."""
    announced: dict[str, None] = {}
    linked: dict[str, None] = {}
    for page in pages:
        for link in page.tree.iterdescendants("link"):
            if _FEED_TYPE.search(link.get("type") or "") and _may_be_feed(link.get("href")):
                announced[joined(page.url, link.get("href"))] = None
        for anchor in islice(page.tree.iterdescendants("a"), MOST_LINKS):
            href = anchor.get("href") or ""
            if _FEED_HREF.search(_path(href)) and _may_be_feed(href):
                linked[joined(page.url, href)] = None
    usual = [urljoin(base_url, one) for one in _USUAL_FEEDS.get(family, _ANY_FEED)]
    return list(dict.fromkeys([*announced, *linked, *(usual if not announced else ())]))


def _path(href: str) -> str:
    """Give the path of a link as it stands in a page; '' when it is no address."""
    try:
        return urlsplit(href).path
    except ValueError:
        return ""


def _may_be_feed(href: str | None) -> bool:
    return bool(href) and not _NO_FEED.search(href or "")


def sitemap_addresses(named: Iterable[str], family: str, base_url: str) -> list[str]:
    """Give where sitemaps may be: those that robots.txt names, then the usual places."""
    usual = (*_USUAL_SITEMAPS.get(family, ()), "sitemap.xml")
    return list(dict.fromkeys([*named, *(urljoin(base_url, one) for one in usual)]))


def read_channel(page: CapturedPage, discover: Discover, profile: SiteProfile) -> Found | None:
    """Read an answer as a feed or sitemap; None when it is none, or empty."""
    try:
        found = _READERS[discover](page)
    except (UnreadableList, ValueError):
        return None
    if isinstance(found, SitemapIndex):
        own = tuple(url for url in found.urls if belongs(url, profile))
        return Found(discover=discover, url=page.url, items=(), further=own) if own else None
    items = tuple(item for item in found.items if belongs(item.url, profile))
    return Found(discover=discover, url=page.url, items=items) if items else None


_READERS: dict[Discover, Callable[[CapturedPage], ListedPage | SitemapIndex]] = {
    Discover.FEED: read_feed,
    Discover.SITEMAP: read_sitemap,
    Discover.REST: read_rest,
}


def rest_addresses(home: CapturedPage) -> list[str]:
    """Give where WordPress's own interface lists the posts, if the home page announces it."""
    for link in home.tree.iterdescendants("link"):
        if link.get("rel") == "https://api.w.org/" and link.get("href"):
            root = joined(home.url, link.get("href"))
            more = "&" if "?" in root else "?"
            return [f"{root.rstrip('/')}/wp/v2/posts{more}per_page={REST_PAGE}"]
    return []


REST_PAGE = 50
"""Posts asked for at once; WordPress gives up to 100."""


def adds_to(found: Found, known: Collection[str], profile: SiteProfile) -> int:
    """Count the addresses that no list has shown."""
    return sum(canonical_for(item.url, profile) not in known for item in found.items)


# ------------------------------------------------------------- addresses of lists, articles


def page_forms(url: str) -> dict[str, str]:
    """Give the usual forms of the addresses of a list's further pages, by a name for each.

    >>> page_forms("http://a.test/tin.html")["number"]
    'http://a.test/tin{page}.html'
    """
    stem, dot, ending = url.partition("?")[0].rstrip("/").rpartition(".")
    if dot and ending in {"html", "htm"}:
        return {
            "number": f"{stem}{PAGE}.{ending}",
            "dash": f"{stem}-{PAGE}.{ending}",
            "folder": f"{stem}/page/{PAGE}",
        }
    plain = url.partition("?")[0].rstrip("/")
    forms = {"folder": f"{plain}/page/{PAGE}", "query": f"{plain}?page={PAGE}"}
    is_root = urlsplit(url).path in {"", "/"}
    return {**forms, "number": f"{plain}/index{PAGE}.html"} if is_root else forms


def pattern_of(articles: Sequence[str], others: Iterable[str]) -> str | None:
    r"""Give a regular expression that fits all articles' addresses and none of the others.

    None when there is no simple one. The narrowest of a few usual forms is taken.

    >>> pattern_of(["http://a.test/x/bai-mot-12.html", "http://a.test/y/bai-hai-7.html"],
    ...            ["http://a.test/x/"])
    '-\\d+\\.html$'
    """
    if not articles:
        return None
    rest = list(others)
    for form in _forms(articles):
        wanted = re.compile(form)
        if all(wanted.search(url) for url in articles) and not any(map(wanted.search, rest)):
            return form
    return None


def _forms(articles: Sequence[str]) -> Iterator[str]:
    first = urlsplit(articles[0])
    if first.query:
        key = first.query.partition("=")[0]
        yield rf"{re.escape(first.path)}\?(?:.*&)?{re.escape(key)}="
    yield r"/-/[^/]+/\d"
    yield r"/\d{4}/\d\d?/\d\d?/[^/]+"
    yield r"/\d{4}/\d\d?/[^/]+"
    yield r"-\d+\.html$"
    yield r"/node/\d+$"
    folders = first.path.strip("/").split("/")[:-1]
    for depth in range(len(folders), 0, -1):
        yield "/" + "/".join(map(re.escape, folders[:depth])) + "/[^/]+"
