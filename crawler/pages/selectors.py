"""CSS selectors, compiled once for all pages. Pure.

A family asks each page for dozens of them, nearly all by class, and most pages have few of those
classes: an index by class answers most questions without a search through the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from lxml.cssselect import CSSSelector
from lxml.etree import XPath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

_PLAIN = re.compile(r"(?:[\w .,>+~#-]|\[(?:class|id)\*=[\w-]+\])+")
_SIMPLE = re.compile(r"(\w+)?((?:\.[\w-]+)+)")
_CLASS = re.compile(r"\.([\w-]+)")
_WITHIN = re.compile(r"\[(class|id)\*=([\w-]+)\]")

_WITH_CLASS = XPath("descendant-or-self::*[@class]")
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
            for token in dict.fromkeys(_tokens(value)):
                self.by_class.setdefault(token, []).append(element)
        self._values = {
            "class": "\n".join(dict.fromkeys(value for _, value in found)),
            "id": "\n".join(_IDS(root)),
        }

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


def _tokens(value: str) -> list[str]:
    return value.split() if value.isprintable() else _TOKEN.findall(value)


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
    if ways is None or root.getparent() is not None:
        return list(_compiled(css)(root))
    index = _Seen.of(root)
    living = [way for way in ways if index.may_have(way)]
    if len(living) == 1 and living[0].simple:
        return index.find(living[0])
    return list(_compiled(",".join(way.css for way in living))(root)) if living else []


def select_first(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Give the matches of the first selector that has any; an empty list when none has."""
    return next((found for css in selectors if (found := select(root, css))), [])
