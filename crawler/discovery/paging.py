"""The page after this one in a list. Pure.

A "next" that leads to the front page, back to page 1, to the page itself or off the host is
none: such links stand on real sites and would walk in circles.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from crawler.pages.selectors import select
from crawler.pages.text import is_hidden, name_of, one_line
from crawler.urls import canonical, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage

_WORDS_WORDS = (
    "trang sau|trang tiếp|trang tiếp theo|trang kế|trang kế tiếp|tiếp|tiếp theo|sau|kế tiếp|next"
    "|next page|older posts|older|bài cũ hơn|các bài cũ hơn|bài viết cũ hơn|tin cũ hơn|cũ hơn"
)
_WORDS = frozenset(_WORDS_WORDS.split("|"))
_ARROWS = (">", "›", "→", "»", ">>")
_TRIM = " \t›»>→<«‹←.…"
_NEXT_NAME = re.compile(r"(?:^|[-_\s])next(?:$|[-_\s])")
_PAGER_NAME = re.compile(
    r"(?:^|[-_\s])(?:pagination|pager|paging|page-?numbers|page-?nav|phan-?trang|wp-pagenavi"
    r"|nav-links|page-iterator|paginate|generate-?page)(?:$|[-_\s])"
)
# Parameters and folders that count pages; Liferay's end in _cur.
_PAGE_PARAMETER = re.compile(
    r"(?:p|page|paged|trang|pg|pageindex|pageno|pagenumber|\w*_?cur)", re.IGNORECASE
)
_PAGE_IN_PATH = re.compile(r"/(?:page|trang|p)[-/]?(\d+)(?=/|\.html?$|$)", re.IGNORECASE)
_LONGEST_NUMBER = 5
# A link named "next" with more text than this is a teaser of the next article (characters).
_LABEL = 20
_CURRENT = (
    "[aria-current=page], .pagination .active, .page-numbers.current, .current-page"
    ", .current-page-menu .lfr-icon-menu-text, .wp-pagenavi .current, .pager .current"
)


def find_next(page: CapturedPage, chosen: str | None, family: Sequence[str]) -> str | None:
    """Give the absolute address of the next page of a list; None when this is the last.

    Args:
        page: a page of the list.
        chosen: the profile's selector; then nothing else is tried.
        family: the family's selectors.
    """
    selectors = (chosen,) if chosen else (*family, "link[rel~=next]", "a[rel~=next]")
    marked = (
        link for css in selectors for element in select(page.tree, css) for link in _links(element)
    )
    candidates = marked if chosen else (*marked, *_by_shape(page))
    here = _current_number(page)
    return next((url for link in candidates if (url := _usable(link, page.url, here))), None)


def _by_shape(page: CapturedPage) -> Iterator[HtmlElement]:
    """Give the links that look like a next page, the surest kind first."""
    links = [link for link in page.tree.iterdescendants("a") if link.get("href")]
    shown = {link: one_line(link).lower() for link in links}
    yield from (
        link for link in links if shown[link].strip(_TRIM) in _WORDS and _stands_apart(link)
    )
    yield from (link for link in links if _is_named_next(link) and len(shown[link]) < _LABEL)
    following = str(_current_number(page) + 1)
    yield from (link for link in links if shown[link] == following and _in_pager(link))
    for arrow in _ARROWS:
        yield from (link for link in links if shown[link] == arrow and _in_pager(link))


def _links(element: HtmlElement) -> list[HtmlElement]:
    return [element] if element.get("href") else list(element.iterdescendants("a"))


def _usable(link: HtmlElement, current: str, here: int) -> str | None:
    """Give where a link leads when that can be the next page."""
    href = (link.get("href") or "").strip()
    around = [link, *link.iterancestors("li")][:2]
    is_off = any("disabled" in one.classes or is_hidden(one) for one in around if one.tag != "link")
    if is_off or not href or href.startswith("#") or href.lower().startswith("javascript:"):
        return None
    url = joined(current, href)
    target, source = urlsplit(canonical(url)), urlsplit(canonical(current))
    if target.netloc != source.netloc or target == source:
        return None
    is_front_page = target.path in {"", "/"} and not target.query
    number = page_number(url)
    goes_on = number > here if number is not None else page_number(current) is None
    return url if goes_on and not is_front_page else None


def page_number(url: str) -> int | None:
    """Give the page that an address asks for; None when it names none."""
    parts = urlsplit(url)
    numbers = [
        value
        for key, value in parse_qsl(parts.query)
        if _PAGE_PARAMETER.fullmatch(key) and value.isdecimal() and len(value) <= _LONGEST_NUMBER
    ]
    found = numbers or [n for n in _PAGE_IN_PATH.findall(parts.path) if len(n) <= _LONGEST_NUMBER]
    return int(found[-1]) if found else None


def _current_number(page: CapturedPage) -> int:
    """Give the number of this page: from its address, else from what the pager marks."""
    number = page_number(page.url)
    if number is not None:
        return number
    marked = select(page.tree, _CURRENT)
    shown = [one_line(element) for element in marked]
    return next(
        (int(text) for text in shown if text.isdecimal() and len(text) <= _LONGEST_NUMBER), 1
    )


def _is_named_next(link: HtmlElement) -> bool:
    """Tell it for the link, or for the list entry that it stands in."""
    parent = link.getparent()
    named = [link] if parent is None or parent.tag != "li" else [link, parent]
    return any(_NEXT_NAME.search(name_of(one)) for one in named)


def _in_pager(link: HtmlElement) -> bool:
    return any(_PAGER_NAME.search(name_of(one)) for one in (link, *link.iterancestors()))


def _stands_apart(link: HtmlElement) -> bool:
    """Tell whether a worded link stands among others of its kind, not in a text or menu."""
    return not any(one.tag in {"nav", "p"} for one in link.iterancestors()) or _in_pager(link)
