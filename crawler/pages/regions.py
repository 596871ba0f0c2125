"""The main area of a page: what is left without menus, banners, side columns and footers. Pure."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from crawler.pages.text import is_hidden, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    return MainArea(tree).elements()


class MainArea:
    """The main area of one page: all of it, or whether single elements lie in it."""

    def __init__(self, tree: HtmlElement) -> None:
        self._body = next(tree.iterdescendants("body"), tree)
        self._known: dict[HtmlElement, bool] = {self._body: True}

    def elements(self) -> Iterator[HtmlElement]:
        """Give its visible elements, in the order of the page."""
        return self._inside(self._body)

    def holds(self, element: HtmlElement) -> bool:
        """Tell whether an element is one of them; of the others nothing is looked at."""
        return holds(element, self._known, self._lets_in)

    def _inside(self, element: HtmlElement) -> Iterator[HtmlElement]:
        yield element
        for child in element:
            if self._lets_in(child):
                yield from self._inside(child)

    def _lets_in(self, element: HtmlElement) -> bool:
        """Tell whether an element belongs to the area, if what is around it does."""
        if not isinstance(element.tag, str) or is_hidden(element):
            return False
        return not _is_outside(element) or len(element.text_content()) > self._limit

    @cached_property
    def _limit(self) -> float:
        return len(self._body.text_content()) * _PAGE_SHARE


def holds(
    element: HtmlElement, known: dict[HtmlElement, bool], lets_in: Callable[[HtmlElement], bool]
) -> bool:
    """Tell whether every step down to an element is let in; ``known``: the answers so far.

    From the nearest element around it that is known; one that lies below none is not held.
    """
    path: list[HtmlElement] = []
    here: HtmlElement | None = element
    while here is not None and here not in known:
        path.append(here)
        here = here.getparent()
    is_held = here is not None and known[here]
    for one in reversed(path):
        is_held = is_held and lets_in(one)
        known[one] = is_held
    return is_held


@lru_cache(maxsize=4096)
def _is_outside_name(name: str) -> bool:
    return _OUTSIDE.search(name) is not None


def _is_outside(element: HtmlElement) -> bool:
    if element.tag in _OUTSIDE_TAGS or _is_outside_name(name_of(element)):
        return True
    is_header = element.tag == "header" or not _HEADERS.isdisjoint(name_of(element).split())
    return is_header and not any(one.tag in _CONTENT_TAGS for one in element.iterancestors())
