"""The page after this one in a list. Pure.

A "next" that leads to the front page, back to page 1, to the page itself or off the host is
none: such links stand on real sites and would walk in circles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlsplit

from lxml.etree import XPath

from crawler.discovery.postback import is_postback
from crawler.discovery.words import ARROWS, is_more_word, is_next_word, place_of
from crawler.pages.selectors import select
from crawler.pages.text import is_hidden, name_of, one_line
from crawler.urls import canonical, joined, path_in
from storage.folding import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage

_NEXT_NAME = re.compile(r"(?:^|[-_\s])next(?:$|[-_\s])")
_PAGER_NAME = re.compile(
    r"(?:^|[-_\s])(?:pagination|pager|paging|page-?numbers|page-?nav|phan-?trang|wp-pagenavi"
    r"|nav-links|page-iterator|paginat(?:e|or)|page-navigator|generate-?page)(?:$|[-_\s])"
)
# Parameters and folders that count pages; Liferay's end in _cur.
_PAGE_PARAMETER = re.compile(
    r"(?:p|page|paged|trang|pg|pageindex|pageno|pagenumber|\w*_?cur)", re.IGNORECASE
)
_PAGE_IN_PATH = re.compile(
    r"/(?:page|trang|p)[-/]?(\d+)(?=/|\.html?$|$)|/index-?(\d+)(?=\.html?$)", re.IGNORECASE
)
# Longest page number; longer ones are articles or years (digits).
_DIGITS = 5
_MORE_NAME = re.compile(r"(?:^|[-_\s])(?:load-?more|view-?more|btn-?more|xem-?them)(?:$|[-_\s])")
_BUTTON_ADDRESSES = ("data-url", "data-href", "data-next", "data-next-url", "data-ajax-url")
# What begins a whole page, within so many characters.
_WHOLE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
_HEAD = 1000
# A line that counts pages is shorter (characters), and stands this near to the pager's links
# (levels up, and children of each).
_LINE, _BESIDE, _FEW = 60, 3, 12
# A link named "next" with more text than this is a teaser of the next article (characters).
_LABEL = 20
_CURRENT = (
    ".pagination .active, .page-numbers.current, .current-page"
    ", .current-page-menu .lfr-icon-menu-text, .wp-pagenavi .current, .pager .current"
)
# What is asked by classes alone is found without a search through the page.
_ROLE = re.compile(rb"aria-current", re.IGNORECASE)
_CURRENT_OR_ROLE = f"[aria-current=page], {_CURRENT}"
_TEXTS = XPath("//body//text()", smart_strings=False)
_DIGIT = re.compile(r"\d")


def find_next(page: CapturedPage, chosen: str | None, family: Sequence[str]) -> str | None:
    """Give the absolute address of the next page of a list; None when this is the last.

    Args:
        page: a page of the list.
        chosen: the profile's selector; then nothing else is tried.
        family: the family's selectors.
    """
    here = _place(page)
    candidates = (
        _marked(page, (chosen,))
        if chosen
        else chain(_marked(page, family), _related(page, here), _by_shape(page, here))
    )
    found = next((url for link in candidates if (url := _usable(link, page.url, here))), None)
    return found or (None if chosen else _by_button(page, here) or _by_last(page, here))


def _by_last(page: CapturedPage, here: _Place) -> str | None:
    """Give where the last page is, on the page before it: some pagers name it so alone.

    The line 'Trang 3 / 4' says that it is, and the link's address ends in that number.
    """
    last = next((number for at, number in _places(page) if at + 1 == number), None)
    if last is None:
        return None
    ends = re.compile(rf"(?<!\d){last}(?:/|\.html?)?$")
    links = (one for one in page.tree.iterdescendants("a") if ends.search(one.get("href") or ""))
    return next(
        (url for one in links if in_pager(one) and (url := _usable(one, page.url, here))), None
    )


def _by_button(page: CapturedPage, here: _Place) -> str | None:
    """Give the address that a button 'Xem thêm' carries for its script, with the next number.

    In ``data-page`` software writes the page that is shown, or the next one.
    """
    for button in page.tree.iterdescendants("a", "button"):
        is_off = not _is_shown(button) or button.get("disabled") is not None
        if is_off or _leads(button) or not is_more_word(tidy(button.text_content()).lower()):
            continue
        address = next(filter(None, map(button.get, _BUTTON_ADDRESSES)), "").strip()
        number = button.get("data-page") or ""
        if address.endswith("=") and number in {str(here.shown), str(here.shown + 1)}:
            address += str(here.shown + 1)
        url = joined(page.url, address) if address else ""
        if page_number(url) is not None and _goes_on(url, page.url, here):
            return url
    return None


def next_of_fragment(page: CapturedPage) -> str | None:
    """Give the address after a piece of a list that a script would put into its page.

    Such a piece has a number in its address, and no pager; what has items is not the last. None:
    it is a whole page, and says itself whether it is.
    """
    number = page_number(page.url)
    if number is None or _WHOLE.search(page.text[:_HEAD]):
        return None
    places = list(re.finditer(rf"(?<!\w)0*{number}(?!\w)", page.url))
    if not places:
        return None
    return page.url[: places[-1].start()] + str(number + 1) + page.url[places[-1].end() :]


def _marked(page: CapturedPage, selectors: Sequence[str]) -> Iterator[HtmlElement]:
    for css in selectors:
        for element in select(page.tree, css):
            yield from _links(element)


def _related(page: CapturedPage, here: _Place) -> Iterator[HtmlElement]:
    """Give what says 'next': the pager that readers use, or else the head; then other links.

    Some software puts addresses into the head that it does not serve.
    """
    links = list(_marked(page, ("a[rel~=next]",)))
    head = list(_marked(page, ("link[rel~=next]",)))
    yield from filter(in_pager, links)
    if head:
        turns = _turns(page, here)
        yield from (link for link, step in turns if step > 0)
        if not turns and not any(map(in_pager, _marked(page, ("a[rel~=prev]",)))):
            yield from head
    yield from links


def _turns(page: CapturedPage, here: _Place) -> list[tuple[HtmlElement, int]]:
    """Give the pager's links to the page after this one and before it, by their numbers."""
    own = here.number if here.number is not None else here.shown - _counts_from_zero(page)
    return [
        (link, number - own)
        for link in page.tree.iterdescendants("a")
        if (number := page_number(joined(page.url, link.get("href") or ""))) is not None
        if abs(number - own) == 1 and in_pager(link)
    ]


def is_scripted(page: CapturedPage) -> bool:
    """Tell whether a page offers a next one that no link leads to: only a script can turn it.

    By a pager without addresses, a button "xem thêm", or a line such as "Trang 1 / 4". Nor does
    a first page end its list that calls itself the last, as software does that counts downwards.
    """
    if any(at < number for at, number in _places(page)) or _counts_down(page):
        return True
    following = str(_place(page).shown + 1)
    turns = (
        link
        for link in page.tree.iterdescendants("a")
        if not _leads(link) and not is_postback(link) and not _is_off(link) and in_pager(link)
    )
    return any(
        is_next_word(text := one_line(link).lower()) or text == following for link in turns
    ) or any(map(_loads_more, page.tree.iterdescendants("a", "button")))


def _places(page: CapturedPage) -> Iterator[tuple[int, int]]:
    """Give the page and the number of pages of each line such as 'Trang 1 / 4'."""
    yield from filter(None, map(_place_in, _TEXTS(page.tree)))


def _place_in(text: str | None) -> tuple[int, int] | None:
    if text is None or len(text) >= _LINE or _DIGIT.search(text) is None:
        return None
    return place_of(tidy(text).lower().partition(",")[0])  # 'Page 2 of 9, totaling 90 entries'


def _counts_down(page: CapturedPage) -> bool:
    """Tell whether a page without a number calls itself the last of several, and leads to one less.

    The address of the page after it is known, but not on that one, which way the list goes on.
    """
    if page_number(page.url) is not None:
        return False
    last = {at for at, number in _places(page) if at == number > 1}
    links = filter(in_pager, page.tree.iterdescendants("a") if last else ())
    numbers = (page_number(joined(page.url, one.get("href") or "")) for one in links)
    return any(number is not None and number + 1 in last for number in numbers)


def _loads_more(element: HtmlElement) -> bool:
    """Tell it for a shown button or link without an address, by its name and its words."""
    is_named = not _leads(element) and bool(_MORE_NAME.search(name_of(element)))
    is_shown = is_named and _is_shown(element)
    return is_shown and is_more_word(tidy(element.text_content()).lower())


def _is_shown(button: HtmlElement) -> bool:
    return button.get("hidden") is None and "none" not in (button.get("style") or "")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page stands in its list."""

    number: int | None
    """As addresses count; None when neither address nor pager tells."""
    shown: int
    """As readers count: from 1."""


def _place(page: CapturedPage) -> _Place:
    """Tell it by the page's address, else by what the pager marks; else it is the first."""
    offset = 1 if _counts_from_zero(page) else 0
    number = page_number(page.url)
    if number is not None:
        return _Place(number, number + offset)
    current = _CURRENT_OR_ROLE if _ROLE.search(page.markup) else _CURRENT
    marked = (one_line(element) for element in select(page.tree, current))
    shown = next((int(one) for one in marked if one.isdecimal() and len(one) <= _DIGITS), None)
    return _Place(None if shown is None else shown - offset, shown or 1)


def _counts_from_zero(page: CapturedPage) -> bool:
    """Tell whether the pager's "2" asks for page 1, as Drupal's does."""
    steps = {
        int(text) - number
        for link in page.tree.iterdescendants("a")
        if (text := link.text_content().strip()).isdecimal() and len(text) <= _DIGITS
        if in_pager(link)
        if (number := page_number(joined(page.url, link.get("href") or ""))) is not None
    }
    return steps == {1}


def _by_shape(page: CapturedPage, here: _Place) -> Iterator[HtmlElement]:
    """Give the links that look like a next page, the surest kind first."""
    links = [link for link in page.tree.iterdescendants("a") if link.get("href")]
    shown = {link: one_line(link).lower() for link in links}
    yield from (link for link in links if is_next_word(shown[link]) and _stands_apart(link))
    yield from (link for link in links if _is_named_next(link) and len(shown[link]) < _LABEL)
    following = str(here.shown + 1)
    yield from (link for link in links if shown[link] == following and in_pager(link))
    for arrow in ARROWS:
        yield from (link for link in links if shown[link] == arrow and in_pager(link))
    yield from (link for link in links if is_more_word(shown[link]) and _counts(link, page.url))
    # Blogs that think in time call their second page 'Previous'.
    yield from (link for link, step in _turns(page, here) if step > 0)


def _links(element: HtmlElement) -> list[HtmlElement]:
    return [element] if element.get("href") else list(element.iterdescendants("a"))


def _usable(link: HtmlElement, current: str, here: _Place) -> str | None:
    """Give where a link leads when that can be the next page."""
    if _is_off(link) or not _leads(link):
        return None
    url = joined(current, (link.get("href") or "").strip())
    return url if _goes_on(url, current, here) else None


def _goes_on(url: str, current: str, here: _Place) -> bool:
    """Tell whether an address can be that of the page after this one."""
    target, source = _parts(canonical(url)), urlsplit(canonical(current))
    if target is None or target.netloc != source.netloc or target == source:
        return False
    is_front_page = target.path in {"", "/"} and not target.query
    number = page_number(url)
    if number is None:
        goes_on = page_number(current) is None
    else:  # on a first page that does not say its number, 1 may be the second
        goes_on = number > (here.number if here.number is not None else 0)
    return goes_on and not is_front_page


def _leads(link: HtmlElement) -> bool:
    """Tell whether a link has an address, not a script or a place in the page."""
    href = (link.get("href") or "").strip().lower()
    return bool(href) and not href.startswith(("#", "javascript:"))


def _is_off(link: HtmlElement) -> bool:
    around = [link, *link.iterancestors("li")][:2]
    return any("disabled" in one.classes or is_hidden(one) for one in around if one.tag != "link")


def _parts(url: str) -> SplitResult | None:
    """Give the parts of what a page has for an address; None when it is none."""
    try:
        return urlsplit(url)
    except ValueError:  # an unclosed bracket
        return None


def page_number(url: str) -> int | None:
    """Give the page that an address asks for; None when it names none, or is no address."""
    parts = _parts(url)
    if parts is None:
        return None
    numbers = [
        value
        for key, value in parse_qsl(parts.query)
        if _PAGE_PARAMETER.fullmatch(key) and value.isdecimal() and len(value) <= _DIGITS
    ]
    paths = [parts.path, f"/{path_in(parts.query)[0]}"]
    in_path = (folder or file for path in paths for folder, file in _PAGE_IN_PATH.findall(path))
    found = numbers or [n for n in in_path if len(n) <= _DIGITS]
    return int(found[-1]) if found else None


def _is_named_next(link: HtmlElement) -> bool:
    """Tell it for the link, or for the list entry that it stands in."""
    parent = link.getparent()
    named = [link] if parent is None or parent.tag != "li" else [link, parent]
    return any(_NEXT_NAME.search(name_of(one)) for one in named)


def _counts(link: HtmlElement, current: str) -> bool:
    return page_number(joined(current, link.get("href") or "")) is not None


def in_pager(link: HtmlElement) -> bool:
    """Tell it by the names around a link, or by a line 'Trang 1 / 4' beside it."""
    if any(_PAGER_NAME.search(name_of(one)) for one in (link, *link.iterancestors())):
        return True
    beside = (child for up in islice(link.iterancestors(), _BESIDE) for child in islice(up, _FEW))
    places = filter(None, (_place_in(child.text) for child in beside))
    return any(at < number for at, number in places)


def _stands_apart(link: HtmlElement) -> bool:
    """Tell whether a worded link stands among others of its kind, not in a text or menu."""
    return not any(one.tag in {"nav", "p"} for one in link.iterancestors()) or in_pager(link)
