"""Lists whose pages are asked for by number, by what was seen, or by the answer's word. Pure.

No link leads on there: the profile names the address, or the text that is sent, and where in it
stands what tells one page from the next.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin

from w3lib.url import safe_url_string

from crawler.pages.captured import URLENCODED, Form
from crawler.urls import joined

if TYPE_CHECKING:
    from crawler.pages.captured import CapturedPage
    from crawler.profiles import Section

PAGE = "{page}"
"""What stands for the page's number in a profile's address or text."""
OFFSET = "{offset}"
"""What stands for the number of entries before the page."""
CURSOR = "{cursor}"
"""What stands for the word by which the answer before named the page."""
PLACES = (PAGE, OFFSET, CURSOR)

LONGEST_CURSOR = 2000
"""Characters of the word by which an answer names the next page; real ones have some hundreds."""
_JSON = "application/json"
_MARK = "0PAGE0"  # keeps its form when an address is encoded


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What is asked: an address, and what is sent there."""

    url: str
    form: Form | None = None
    """None: it is asked by GET."""


def opening(url: str, section: Section) -> PageRequest:
    """Give what is asked for the first page of a section that lies at ``url``."""
    if section.post is None:
        return PageRequest(url)
    place = place_in(section.post)
    first = {PAGE: str(section.first_page), OFFSET: "0", CURSOR: ""}
    return PageRequest(url, _posted(section.post, place, first[place] if place else ""))


def following(url: str, section: Section) -> str | None:
    """Give the address of the page after the one at ``url``; None where pages are not numbered.

    An address that is not of the counted form is that of the first page.
    """
    if section.pages is None or PAGE not in section.pages:
        return None
    number = _in_address(url, section.pages, PAGE)
    after = section.first_page + 1 if number is None else number + 1
    return urljoin(url, section.pages.replace(PAGE, str(after)))


def after(
    page: CapturedPage, section: Section, *, entries: int, named: str | None
) -> PageRequest | None:
    """Give what is asked for the page after one in JSON; None: nothing is, by what is known.

    Args:
        page: the answer, and what was sent to get it.
        section: the profile's.
        entries: how many the answer has: servers give fewer than they were asked for, so the next
            page begins after what came.
        named: what the answer says of the next page: its address, or the word for ``{cursor}``.
    """
    template = section.post or section.pages
    place = place_in(template) if template else None
    if template is None or place is None:
        return PageRequest(joined(page.url, named)) if named else None
    if place == CURSOR:
        value = named
    else:
        first, step = (section.first_page, 1) if place == PAGE else (0, entries)
        here = _here(page, section, place)
        value = str((first if here is None else here) + step)
    if value is None:
        return None
    if section.post is not None:
        return PageRequest(page.url, _posted(section.post, place, value))
    return PageRequest(urljoin(page.url, template.replace(place, quote(value, safe=""))))


def place_in(template: str) -> str | None:
    """Give which of ``PLACES`` stands in an address or text; None: none."""
    return next((place for place in PLACES if place in template), None)


def is_json(post: str) -> bool:
    """Tell whether a text that is sent is JSON; else it is a form: 'trang={page}&muc=5'."""
    return post.lstrip().startswith(("{", "["))


def filled(post: str, place: str | None, value: str) -> str:
    r"""Give the text that is sent, with a value in its place, as its kind writes it.

    >>> filled('{"sau": "{cursor}"}', CURSOR, 'a"b'), filled("sau={cursor}", CURSOR, "a&b")
    ('{"sau": "a\\"b"}', 'sau=a%26b')
    """
    written = json.dumps(value)[1:-1] if is_json(post) else quote(value, safe="")
    return post.replace(place, written) if place else post


def _posted(post: str, place: str | None, value: str) -> Form:
    return Form(
        body=filled(post, place, value),
        click=("post", value),
        media_type=_JSON if is_json(post) else URLENCODED,
        names_page=True,
    )


def _here(page: CapturedPage, section: Section, place: str) -> int | None:
    """Give the number that was asked for; None: that of the first page, as the profile has it."""
    if section.post is None:
        return _in_address(page.url, section.pages or "", place)
    if page.form is None or not page.form.click[1].isdecimal():
        return None
    return int(page.form.click[1])


def _in_address(url: str, template: str, place: str) -> int | None:
    """Give the number that an address has in the place that the profile names."""
    wanted = safe_url_string(urljoin(url, template.replace(place, _MARK)))
    form = re.escape(wanted).replace(_MARK, r"(\d{1,7})")
    end = "/?" if "?" not in wanted else ""  # many servers send a folder's address on to its slash
    found = re.fullmatch(form + end, safe_url_string(url))
    return int(found[1]) if found else None
