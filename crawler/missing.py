"""What a site says of an article that is not there, however it says it. Pure.

About half of the sites of state units answer it with a real 404; others send the visitor to
the front page, or show a page with status 200. What that page looks like is learned by asking
for an address that never was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from storage.folding import fold

if TYPE_CHECKING:
    from crawler.pages.captured import CapturedPage

TELLING = 6
"""Letters from which on a line of text may be a headline. measured: of 486 headlines of unit
sites one has fewer (it is a number). In doubt a page is an article's."""

_SEEN = (
    "//body//text()[not(parent::script or parent::style or parent::noscript"
    " or parent::template or parent::option)]"
)
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def unknown_address(base_url: str, token: str) -> str:
    """Give an address below the site's base that nobody has ever used.

    >>> unknown_address("https://xa-a.test/", "abcdefgh")
    'https://xa-a.test/khong-co-abcdefgh'
    """
    return f"{base_url.rstrip('/')}/khong-co-{token}"


def telling_lines(page: CapturedPage) -> frozenset[str]:
    """Give what the page says, a line each: letters only, without its own address.

    Digits are left out: clocks and counters change from page to page.
    """
    path = unquote(urlsplit(page.url).path).strip("/")
    found = set()
    for text in page.tree.xpath(_SEEN):
        said = str(text).replace(page.url, " ")
        if path:
            said = said.replace(path, " ")
        line = _NOT_LETTERS.sub(" ", fold(said)).strip()
        if len(line.replace(" ", "")) >= TELLING:
            found.add(line)
    return frozenset(found)


def says_nothing_else(page: CapturedPage, of_unknown: frozenset[str]) -> bool:
    """Tell whether a page says nothing beyond what the site says of addresses that never were."""
    lines = telling_lines(page)
    return bool(lines) and lines <= of_unknown
