"""Lists of articles: a page → its items and the page after it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from crawler.discovery.paging import find_next, is_scripted, next_of_fragment, page_number
from crawler.discovery.postback import find_click, is_lost
from crawler.pages.base import ListParts
from crawler.pages.captured import Length, ListedItem, ListedPage
from crawler.pages.dateline import (
    datelines,
    has_day,
    is_for_change,
    is_named_after_change,
    is_only_of_change,
    is_relative,
)
from crawler.pages.dates import read_day
from crawler.pages.families import FAMILIES
from crawler.pages.grouping import find_list, leads_to_page, shown_text, usable_links
from crawler.pages.selectors import select
from crawler.pages.text import noise_in, one_line
from crawler.urls import joined
from storage.folding import fold, tidy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage
    from crawler.profiles import ProfileVersion

    Printed: TypeAlias = tuple[HtmlElement, str]

_CUT = ("…", "...")
_EMPTY_BRACKETS = re.compile(r"\s*(?:\(\s*\)|\[\s*\])$")  # where a day should stand
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def read_list(page: CapturedPage, version: ProfileVersion) -> ListedPage:
    """Give the items of a list in the order of the page, one for each address.

    By the profile's selectors; without one for items, by the family's; where those find
    nothing, by the shape of the page. A profile's own selector that finds nothing gives no
    items: a redesign must show.
    """
    chosen, family = version.select.next, FAMILIES[version.family].next
    items = tuple(_one_each(_all_items(page, version)))
    next_url = find_next(page, chosen, family)
    if next_url is not None:
        return ListedPage(items=items, next_url=next_url)
    fragment = next_of_fragment(page)
    if fragment is not None:
        return ListedPage(
            items=items,
            next_url=fragment if items else None,
            length=Length(entries=len(items)),
        )
    click = find_click(page, (chosen,) if chosen else family)
    if click is not None:
        return ListedPage(items=items, next_url=click[0], next_form=click[1])
    is_cut_off = chosen is None and (is_scripted(page) or is_lost(page))
    return ListedPage(items=items, next_url=None, is_cut_off=is_cut_off)


def _all_items(page: CapturedPage, version: ProfileVersion) -> list[ListedItem]:
    chosen = version.select
    ways = (ListParts(item=chosen.item),) if chosen.item else FAMILIES[version.family].lists
    for way in ways:
        parts = replace(
            way,
            link=chosen.item_link or way.link,
            title=chosen.item_title or way.title,
            date=chosen.item_date or way.date,
        )
        items = list(_items(page, version, parts))
        if items or chosen.item:
            return items
    return [
        _item(page, version, entry.link, title=entry.link, dates=filter(None, [entry.date]))
        for entry in find_list(page.tree, is_further_page=(page_number(page.url) or 1) > 1)
    ]


def _items(page: CapturedPage, version: ProfileVersion, parts: ListParts) -> Iterator[ListedItem]:
    found = select(page.tree, parts.item)
    known = set(found)
    for element in found:
        if not known.isdisjoint(element.iterancestors()) and parts.link is None:
            continue
        link = _link_of(element, parts.link)
        if link is None:
            continue
        titles = select(element, parts.title) if parts.title else []
        yield _item(
            page,
            version,
            link,
            title=(titles or [link])[0],
            dates=_dates(element, parts.date),
            aside=select(element, parts.aside) if parts.aside else (),
        )


def _link_of(item: HtmlElement, selector: str | None) -> HtmlElement | None:
    """Give an item's link: by the selector, in its heading, or the one with the longest text."""
    if selector:
        chosen = (link for link in select(item, selector) if leads_to_page(link))
        return max(islice(chosen, 2), key=lambda link: bool(shown_text(link)), default=None)
    links = usable_links(item)
    headed = [one for one in links if any(up.tag in _HEADINGS for up in one.iterancestors())]
    return max(headed or links, key=lambda link: len(shown_text(link)), default=None)


def _dates(item: HtmlElement, selector: str | None) -> Iterable[Printed]:
    if selector and (named := select(item, selector)):
        return ((element, one_line(element)) for element in named)
    return datelines(item.iter())


def _item(
    page: CapturedPage,
    version: ProfileVersion,
    link: HtmlElement,
    *,
    title: HtmlElement,
    dates: Iterable[Printed],
    aside: Sequence[HtmlElement] = (),
) -> ListedItem:
    printed = list(dates)
    day, raw = _day(page, version, printed)
    around = {title, *title.iterancestors()}
    inner = [element for element, _ in printed if element not in around]
    return ListedItem(
        url=joined(page.base_url, tidy(link.get("href") or "")),
        title=_title(title, link, without=[*inner, *aside, *noise_in(title)]) or None,
        day=day,
        day_raw=raw,
    )


def _title(element: HtmlElement, link: HtmlElement, *, without: Sequence[HtmlElement]) -> str:
    """Give the shown title, or the whole of it from the title attribute when it was cut."""
    shown = one_line(element, without=without)
    shown = _EMPTY_BRACKETS.sub("", shown)
    whole = tidy(link.get("title") or element.get("title") or "")
    if not shown:
        return whole
    is_cut = shown.endswith(_CUT) and fold(whole).startswith(fold(shown.rstrip("…. ")))
    return whole if is_cut and len(whole) >= len(shown.rstrip("…. ")) else shown


def _day(
    page: CapturedPage, version: ProfileVersion, printed: Iterable[Printed]
) -> tuple[dt.date | None, str | None]:
    """Give the first readable day and its text; else the first text, refused."""
    refused: str | None = None
    for element, shown in sorted(printed, key=lambda one: is_named_after_change(one[0])):
        if is_for_change(element) or is_only_of_change(shown):
            refused = refused or shown
            continue
        # '4 days ago' is another text every night, and may be one day off: the instant goes first.
        is_clear = not is_relative(shown)
        texts = (shown, *_instants(element)) if is_clear else (*_instants(element), shown)
        for text in texts:
            dated = read_day(text, formats=version.dates.formats, captured_at=page.captured_at)
            if dated.day:
                return dated.day, (shown if is_clear else text) or text
        refused = refused or (shown if any(map(str.isalnum, shown)) else None)
    return None, refused


def _instants(element: HtmlElement) -> Iterator[str]:
    """Give what an element's attributes say of its day; scripts fill in 'two hours ago' later."""
    for time in element.iter("time"):
        if time.get("datetime"):
            yield time.get("datetime")
    title = tidy(element.get("title") or "")
    if has_day(title):
        yield title


def _one_each(items: Iterable[ListedItem]) -> Iterator[ListedItem]:
    """Give one item for each address: the first with a day, in the place of the first."""
    best: dict[str, ListedItem] = {}
    for item in items:
        known = best.setdefault(item.url, item)
        if known.day is None and item.day is not None:
            best[item.url] = item
    yield from best.values()
