"""CSS selectors, compiled once for all pages."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lxml.cssselect import CSSSelector
from lxml.etree import XPath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

_PLAIN = re.compile(r"[\w .,>+~#-]+")
_CLASS_VALUES = XPath("descendant-or-self::*/@class", smart_strings=False)
_CLASS = re.compile(r"\.([\w-]+)")


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


@cache
def _classes_needed(css: str) -> tuple[frozenset[str], ...] | None:
    """Give the classes that each of the alternatives cannot do without; None: not plain enough."""
    if not _PLAIN.fullmatch(css):
        return None
    needed = tuple(frozenset(_CLASS.findall(way)) for way in css.split(","))
    return needed if all(needed) else None


class _Seen:
    """The classes of the page that was looked at last: a family asks for dozens, one by one."""

    root: HtmlElement | None = None
    classes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, root: HtmlElement) -> frozenset[str]:
        if cls.root is not root:
            cls.classes = frozenset(" ".join(_CLASS_VALUES(root)).split())
            cls.root = root
        return cls.classes


def select(root: HtmlElement, css: str) -> list[HtmlElement]:
    """Give what matches in the root or below it, in the order of the page."""
    needed = _classes_needed(css)
    if needed is not None and root.getparent() is None:
        present = _Seen.of(root)
        if not any(classes <= present for classes in needed):
            return []
    return list(_compiled(css)(root))


def select_first(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Give the matches of the first selector that has any; an empty list when none has."""
    return next((found for css in selectors if (found := select(root, css))), [])
