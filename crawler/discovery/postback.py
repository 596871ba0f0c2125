"""The page after this one where ASP.NET WebForms pages by script: ``__doPostBack``. Pure.

A click sends the page's own form back to it, with all hidden fields (the view state), and the
control and argument that were clicked. So can we.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlencode

from crawler.discovery.words import ARROWS, is_next_word
from crawler.pages.captured import Form
from crawler.pages.selectors import select
from crawler.pages.text import is_hidden, one_line
from crawler.urls import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage

_CLICK = re.compile(
    r"""javascript:\s*(?:__doPostBack\(\s*|WebForm_DoPostBackWithOptions\(\s*new\s+
    WebForm_PostBackOptions\(\s*)(?P<q>['"])(?P<target>[^'"]{1,200})(?P=q)\s*,
    \s*(?P<r>['"])(?P<argument>[^'"]{0,200})(?P=r)""",
    re.IGNORECASE | re.VERBOSE,
)
# Pagers print '1 2 3 … Last': the dots stand for the next ten.
_DOTS = frozenset({"...", "…", "…."})
_LONGEST_NUMBER = 5
# How many levels above a page's number the other numbers stand: link, cell, row, body, table.
_PAGER_REACH = 4
# A form with more fields than this is none of a list (10^5 links are one of the traps).
_MOST_FIELDS = 2000


@dataclass(frozen=True, slots=True)
class _Click:
    link: HtmlElement
    shown: str
    target: str
    argument: str

    @property
    def key(self) -> tuple[str, str]:
        return self.target, self.argument


def find_click(page: CapturedPage, selectors: Sequence[str]) -> tuple[str, Form] | None:
    """Give where the click on "next" is sent to, and what it sends; None when there is none.

    Args:
        page: a page of the list; its ``form`` tells which click led here.
        selectors: links to the next page by profile or family, tried before their words.
    """
    clicks = [one for link in page.tree.iterdescendants("a") if (one := _click(link))]
    chosen = {link for css in selectors for link in select(page.tree, css)}
    following = next(
        (one for one in _candidates(page, clicks, chosen) if one.key != _asked(page)), None
    )
    form = _form_of(following.link) if following is not None else None
    if following is None or form is None:
        return None
    fields = _fields(form, following)
    if fields is None:
        return None
    action = joined(page.url, (form.get("action") or "").strip() or page.url)
    return urldefrag(action).url, Form(body=urlencode(fields), click=following.key)


def is_lost(page: CapturedPage) -> bool:
    """Tell whether a pager of clicks stands on the page, and does not tell which page this is."""
    pager = _pager([one for link in page.tree.iterdescendants("a") if (one := _click(link))])
    return bool(pager) and _current(page, pager) is None


def is_postback(link: HtmlElement) -> bool:
    """Tell whether a link sends its page's form when it is clicked."""
    return _CLICK.match((link.get("href") or "").strip()) is not None


def _click(link: HtmlElement) -> _Click | None:
    found = _CLICK.match((link.get("href") or "").strip())
    if found is None or is_hidden(link) or _is_off(link):
        return None
    return _Click(link, one_line(link).lower(), found["target"], found["argument"])


def _candidates(
    page: CapturedPage, clicks: Sequence[_Click], chosen: set[HtmlElement]
) -> Iterator[_Click]:
    """Give the clicks that may lead on, the surest kind first."""
    yield from (one for one in clicks if one.link in chosen)
    yield from (one for one in clicks if is_next_word(one.shown))
    pager = _pager(clicks)
    here = _current(page, pager)
    if here is not None:
        yield from (one for one in pager if one.shown == str(here + 1))
        after = [one for one in clicks if one.shown in _DOTS]
        if pager and after and _number(pager[-1].shown) <= here:
            yield after[-1]
    for arrow in ARROWS:
        yield from (one for one in clicks if one.shown == arrow and pager)


def _pager(clicks: Sequence[_Click]) -> list[_Click]:
    return [one for one in clicks if one.shown.isdecimal() and len(one.shown) <= _LONGEST_NUMBER]


def _number(shown: str) -> int:
    return int(shown) if shown.isdecimal() else 0


def _current(page: CapturedPage, pager: Sequence[_Click]) -> int | None:
    """Give the number of this page: the one that stands among the links and is none.

    Where all numbers are links: the one that led here, on the first page 1.
    """
    if not pager:
        return None
    links = {one.link for one in pager}
    around = pager[0].link.getparent()
    for _ in range(_PAGER_REACH):
        if around is None:
            break
        plain = [text for text in _unlinked(around, links) if text.isdecimal()]
        if len(plain) == 1 and len(plain[0]) <= _LONGEST_NUMBER:
            return int(plain[0])
        around = around.getparent()
    if page.form is None:
        return 1
    return next((int(one.shown) for one in pager if one.key == page.form.click), None)


def _unlinked(around: HtmlElement, links: set[HtmlElement]) -> Iterator[str]:
    for element in around.iter():
        if not isinstance(element.tag, str) or element in links:
            continue
        if links.isdisjoint(element.iterancestors()) and (text := (element.text or "").strip()):
            yield text.strip("[] ")
    for link in links:
        if tail := (link.tail or "").strip():
            yield tail.strip("[] ")


def _asked(page: CapturedPage) -> tuple[str, str] | None:
    """Give the click that led here where it names a page: asking it again leads nowhere.

    A plain "next" is the same control on every page.
    """
    click = page.form.click if page.form else None
    return click if click and any(map(str.isdigit, click[1])) else None


def _is_off(link: HtmlElement) -> bool:
    around = [link, *link.iterancestors("li")][:2]
    return any({"disabled", "aspNetDisabled"} & set(one.classes) for one in around) or (
        link.get("disabled") is not None
    )


def _form_of(link: HtmlElement) -> HtmlElement | None:
    form = next(link.iterancestors("form"), None)
    if form is None:  # broken nesting: the parser closed it early
        form = next(iter(link.getroottree().getroot().iterdescendants("form")), None)
    is_post = form is not None and (form.get("method") or "").lower() == "post"
    return form if is_post else None


def _fields(form: HtmlElement, click: _Click) -> tuple[tuple[str, str], ...] | None:
    """Give all fields as a browser sends them after the click; no passwords, no buttons."""
    secret = {one.get("name") for one in form.iterdescendants("input") if one.type == "password"}
    event = {"__EVENTTARGET": click.target, "__EVENTARGUMENT": click.argument}
    kept = [
        (name, value)
        for name, value in form.form_values()
        if name not in secret and name not in event
    ]
    return (*event.items(), *kept) if len(kept) <= _MOST_FIELDS else None
