"""What speaks for a family: marks of site software in a page, its address and its headers. Pure.

A mark is evidence, not proof: sites name software that they no longer run, and vendors build on
each other's. Who guesses a site's family adds up weights over several of its pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from crawler.pages import metadata
from crawler.pages.selectors import select
from storage.folding import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage

NAMES_ITSELF, OWN_MARKUP, FITS = 5, 3, 1
"""Weights: the software says its name; markup or addresses that only it makes; what it shares
with others."""

# Evidence is shown to people: no more of an address or a header than this (characters).
_SHOWN = 160


class MarkerKind(StrEnum):
    """Where a mark stands."""

    SELECTOR = "selector"
    """A CSS selector that finds something in the page."""
    ADDRESS = "address"
    """A regular expression found in the page's own address or in one of its links."""
    HEADER = "header"
    """A regular expression found in a line 'name: value' of the answer's headers, names small."""
    GENERATOR = "generator"
    """A regular expression found in ``<meta name="generator">``, in any case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """One mark of a family."""

    kind: MarkerKind
    pattern: str
    weight: int = OWN_MARKUP
    """How much it says; ``NAMES_ITSELF``, ``OWN_MARKUP`` or ``FITS``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A marker that was found, and where."""

    marker: Marker
    found: str
    """What was found, cut to one short line: an address, a header, an opening tag."""


def selector(css: str, weight: int = OWN_MARKUP) -> Marker:
    """Give a marker that stands in the page's markup."""
    return Marker(kind=MarkerKind.SELECTOR, pattern=css, weight=weight)


def address(regex: str, weight: int = OWN_MARKUP) -> Marker:
    """Give a marker that stands in addresses."""
    return Marker(kind=MarkerKind.ADDRESS, pattern=regex, weight=weight)


def header(regex: str, weight: int = OWN_MARKUP) -> Marker:
    """Give a marker that stands in the headers of answers."""
    return Marker(kind=MarkerKind.HEADER, pattern=regex, weight=weight)


def generator(regex: str, weight: int = NAMES_ITSELF) -> Marker:
    """Give a marker that stands in the page's word about its generator."""
    return Marker(kind=MarkerKind.GENERATOR, pattern=regex, weight=weight)


def marks_on(page: CapturedPage, markers: Iterable[Marker]) -> Iterator[Mark]:
    """Give the markers that a page shows, each once, with what was found."""
    texts = {
        MarkerKind.ADDRESS: [page.url, *_addresses(page.tree)],
        MarkerKind.HEADER: [f"{name}: {value}" for name, value in page.headers.items()],
        MarkerKind.GENERATOR: metadata.meta(page.tree, "generator"),
    }
    for marker in markers:
        if marker.kind is MarkerKind.SELECTOR:
            found = next((_opening(one) for one in select(page.tree, marker.pattern)), None)
        else:
            regex = _compiled(marker.pattern, marker.kind)
            found = next((text for text in texts[marker.kind] if regex.search(text)), None)
        if found is not None:
            yield Mark(marker=marker, found=tidy(found)[:_SHOWN])


@cache
def _compiled(pattern: str, kind: MarkerKind) -> re.Pattern[str]:
    return re.compile(pattern, 0 if kind is MarkerKind.ADDRESS else re.IGNORECASE)


def _addresses(tree: HtmlElement) -> list[str]:
    """Give what the page links, loads and sends to."""
    names = (("a", "href"), ("link", "href"), ("script", "src"), ("form", "action"))
    return [
        value
        for tag, name in names
        for one in tree.iterdescendants(tag)
        if (value := one.get(name))
    ]


def _opening(element: HtmlElement) -> str:
    """Give an element's opening tag, without the noise of its other attributes."""
    kept = (
        f' {name}="{element.get(name)}"' for name in ("id", "class", "name") if element.get(name)
    )
    return f"<{element.tag}{''.join(kept)}>"
