"""CSS selectors, compiled once for all pages. Pure.

A family asks each page for dozens of them, nearly all by class, and most pages have few of those
classes: an index by class answers most questions without a search through the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from lxml.cssselect import CSSSelector
from lxml.etree import XPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

_PLAIN = re.compile(r"(?:[\w .,>+~#-]|\[(?:class|id)\*=[\w-]+\])+")
_SIMPLE = re.compile(r"(\w+)?((?:\.[\w-]+)+)")
_CLASS = re.compile(r"\.([\w-]+)")
_WITHIN = re.compile(r"\[(class|id)\*=([\w-]+)\]")

# By way of the attribute: a condition on each element takes twice the time.
_WITH_CLASS = XPath("descendant-or-self::*/@class/parent::*")
_IDS = XPath("descendant-or-self::*/@id", smart_strings=False)
_TOKEN = re.compile(r"[^ \t\r\n]+")  # what separates classes for CSS; str.split() knows more


@dataclass(frozen=True, slots=True)
class _Way:
    """One of a selector's alternatives, and what it cannot do without."""

    css: str
    classes: tuple[str, ...]
    within: tuple[tuple[str, str], ...]
    """'class' or 'id', and letters that stand in some element's."""
    simple: bool
    """Nothing but classes of one element, and perhaps its tag."""
    tag: str | None


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


@cache
def _ways(css: str) -> tuple[_Way, ...] | None:
    """Take a selector apart; None: it is not plain enough."""
    return tuple(map(_way, css.split(","))) if _PLAIN.fullmatch(css) else None


def _way(css: str) -> _Way:
    simple = _SIMPLE.fullmatch(css.strip())
    return _Way(
        css=css,
        classes=tuple(_CLASS.findall(css)),
        within=tuple(_WITHIN.findall(css)),
        simple=simple is not None,
        tag=simple[1].lower() if simple and simple[1] else None,
    )


class _Index:
    """What stands in the class and id attributes of one page."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.by_class: dict[str, list[HtmlElement]] = {}
        """The elements of each class, in the order of the page."""
        found = [(element, element.get("class")) for element in _WITH_CLASS(root)]
        for element, value in found:
            for token in _tokens(value):
                self.by_class.setdefault(token, []).append(element)
        self._values = {
            "class": "\n".join(dict.fromkeys(value for _, value in found)),
            "id": "\n".join(_IDS(root)),
        }
        self._searches: dict[str, _Way | CSSSelector | None] = {}

    def search(self, css: str, ways: Iterable[_Way]) -> _Way | CSSSelector | None:
        """Give what is left of a selector on this page; None: it can find nothing."""
        if css not in self._searches:
            self._searches[css] = self._search([way for way in ways if self.may_have(way)])
        return self._searches[css]

    def _search(self, living: Sequence[_Way]) -> _Way | CSSSelector | None:
        if len(living) == 1 and living[0].simple:
            return living[0]
        return _compiled(",".join(way.css for way in living)) if living else None

    def may_have(self, way: _Way) -> bool:
        """Tell whether an alternative can find anything."""
        return all(one in self.by_class for one in way.classes) and all(
            letters in self._values[name] for name, letters in way.within
        )

    def find(self, way: _Way) -> list[HtmlElement]:
        """Give what a simple alternative finds."""
        first, *others = way.classes
        found = self.by_class[first]
        if way.tag is not None:
            found = [one for one in found if one.tag == way.tag]
        if others:
            found = [one for one in found if not set(others) - set(_tokens(one.get("class")))]
        return list(found)


@lru_cache(maxsize=4096)
def _tokens(value: str) -> tuple[str, ...]:
    """Give the classes, each once."""
    tokens = value.split() if value.isprintable() else _TOKEN.findall(value)
    return tuple(dict.fromkeys(tokens))


class _Seen:
    """The page that was looked at last."""

    index: _Index | None = None

    @classmethod
    def of(cls, root: HtmlElement) -> _Index:
        if cls.index is None or cls.index.root is not root:
            cls.index = _Index(root)
        return cls.index


def select(root: HtmlElement, css: str) -> list[HtmlElement]:
    """Give what matches in the root or below it, in the order of the page."""
    ways = _ways(css)
    if ways is None:
        return list(_compiled(css)(root))
    is_page = root.getparent() is None
    index = _Seen.of(root if is_page else root.getroottree().getroot())
    search = index.search(css, ways)
    if search is None:
        return []
    if isinstance(search, _Way):
        return index.find(search) if is_page else list(_compiled(search.css)(root))
    return list(search(root))


def select_first(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Give the matches of the first selector that has any; an empty list when none has."""
    return next((found for css in selectors if (found := select(root, css))), [])
