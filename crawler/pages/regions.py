"""The main area of a page: what is left without menus, banners, side columns and footers. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.pages.text import is_hidden, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_OUTSIDE = re.compile(
    r"(?:^|[-_\s])(?:menu|navi?|navbar|navigation|nav-list|side-?bar|aside|footer|foot-?left|banner"
    r"|breadcrumbs?|copyright|slider|carousel|marquee|login|search-?box|search-form|web-?links?"
    r"|lien-?ket|thong-?ke|counter|hit-count|truy-?cap|polls?|quick-?launch|top-?bar|languages?"
    r"|pagination|pager|paging|page-numbers?|page-nav|phan-?trang|wp-pagenavi|page-iterator"
    r"|wm-ipp|weather|thoi-?tiet|(?<!elementor-)widgets?|(?<!pull-)(?<!text-)(?<!float-)right)"
    r"(?:$|[-_\s])"
)
_HEADERS = frozenset({"header", "site-header", "main-header", "top-header", "masthead"})
_OUTSIDE_TAGS = frozenset({"nav", "aside", "footer", "menu"})
_CONTENT_TAGS = frozenset({"article", "main", "li"})

# A region with more than this share of the page's text is the page, whatever its name.
_PAGE_SHARE = 0.8


def main_elements(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Give the visible elements of the main area, in the order of the page."""
    body = next(tree.iterdescendants("body"), tree)
    limit = len(body.text_content()) * _PAGE_SHARE
    yield from _inside(body, limit)


def _inside(element: HtmlElement, limit: float) -> Iterator[HtmlElement]:
    yield element
    for child in element:
        if not isinstance(child.tag, str) or is_hidden(child):
            continue
        if _is_outside(child) and len(child.text_content()) <= limit:
            continue
        yield from _inside(child, limit)


@lru_cache(maxsize=4096)
def _is_outside_name(name: str) -> bool:
    return _OUTSIDE.search(name) is not None


def _is_outside(element: HtmlElement) -> bool:
    if element.tag in _OUTSIDE_TAGS or _is_outside_name(name_of(element)):
        return True
    is_header = element.tag == "header" or not _HEADERS.isdisjoint(name_of(element).split())
    return is_header and not any(one.tag in _CONTENT_TAGS for one in element.iterancestors())
