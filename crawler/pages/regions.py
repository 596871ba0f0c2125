"""The main area of a page: what is left without menus, banners, side columns and footers. Pure."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from crawler.pages.text import WRAPPER_SHARE, box_name, is_hidden, may_be_noise, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_OUTSIDE = re.compile(
    r"(?:^|[-_\s])(?:menu|navi?|navbar|navigation|nav-list|side-?bar|aside|footer|foot-?left|banner"
    r"|breadcrumbs?|copyright|slider|carousel|marquee|login|search-?box|search-form|web-?links?"
    r"|lien-?ket|thong-?ke|counter|hit-count|truy-?cap|polls?|quick-?launch|top-?bar|languages?"
    r"|pagination|pager|paging|page-numbers?|page-nav|phan-?trang|wp-pagenavi|page-iterator"
    r"|wm-ipp|weather|thoi-?tiet|(?<!elementor-)widgets?|(?<!pull-)(?<!text-)(?<!float-)right"
    # Not what places a box ('right-0', 'right-auto'): that is no column.
    r"(?!-(?:\d|\[|auto|full|px)))"
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


class _Area(ABC):
    """What can be reached from an element by steps down that are let in.

    Of a page only the few elements that are asked for, and what is around them, are looked at.
    """

    def __init__(self, start: HtmlElement) -> None:
        self.start = start
        self._known: dict[HtmlElement, bool] = {start: True}

    def holds(self, element: HtmlElement) -> bool:
        """Tell whether an element lies in it."""
        path: list[HtmlElement] = []
        here: HtmlElement | None = element
        while here is not None and here not in self._known:
            path.append(here)
            here = here.getparent()
        is_held = here is not None and self._known[here]
        for one in reversed(path):
            is_held = is_held and self.lets_in(one)
            self._known[one] = is_held
        return is_held

    @abstractmethod
    def lets_in(self, element: HtmlElement) -> bool:
        """Tell whether an element belongs to it, if what is around it does."""

    @cached_property
    def characters(self) -> int:
        """Of the text in all of it, and in what is not let in."""
        return len(self.start.text_content())


class MainArea(_Area):
    """The main area of a page."""

    def __init__(self, tree: HtmlElement) -> None:
        super().__init__(next(tree.iterdescendants("body"), tree))

    def elements(self) -> Iterator[HtmlElement]:
        """Give its visible elements, in the order of the page."""
        return self._inside(self.start)

    def _inside(self, element: HtmlElement) -> Iterator[HtmlElement]:
        yield element
        for child in element:
            if self.lets_in(child):
                yield from self._inside(child)

    def lets_in(self, element: HtmlElement) -> bool:
        """Leave out what is hidden, and menus, banners and the like."""
        if not isinstance(element.tag, str) or is_hidden(element):
            return False
        if not _is_outside(element):
            return True
        return len(element.text_content()) > self.characters * _PAGE_SHARE


class Unboxed(_Area):
    """A page without share bars, lists of other articles, comments and the like."""

    def lets_in(self, element: HtmlElement) -> bool:
        """Leave out what ``noise_in`` gives of the page."""
        if not isinstance(element.tag, str) or not may_be_noise(element):
            return True
        return len(element.text_content()) > self.characters * WRAPPER_SHARE


@lru_cache(maxsize=4096)
def _is_outside_name(name: str) -> bool:
    return _OUTSIDE.search(name) is not None


def _is_outside(element: HtmlElement) -> bool:
    if element.tag in _OUTSIDE_TAGS or _is_outside_name(box_name(element)):
        return True
    is_header = element.tag == "header" or not _HEADERS.isdisjoint(name_of(element).split())
    return is_header and not any(one.tag in _CONTENT_TAGS for one in element.iterancestors())
