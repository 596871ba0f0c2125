"""CSS selectors, compiled once for all pages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lxml.cssselect import CSSSelector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement


@cache
def _compiled(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def select(root: HtmlElement, css: str) -> list[HtmlElement]:
    """Give what matches in the root or below it, in the order of the page."""
    return list(_compiled(css)(root))


def select_first(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Give the matches of the first selector that has any; an empty list when none has."""
    return next((found for css in selectors if (found := select(root, css))), [])
