"""Finding the list on a page that no selector describes: repeated links, each with a day. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.pages.body import continues_list
from crawler.pages.dateline import datelines, is_dateline
from crawler.pages.regions import main_elements
from crawler.pages.text import name_of, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

_LINK = re.compile(r"(?!javascript:|mailto:|tel:|#|data:)\S", re.IGNORECASE)
_STATE = re.compile(
    r"\d|^(?:first|last|odd|even|active|alt|sticky|clearfix|has-post-thumbnail)$"
    r"|^(?:category|tag|format|status)-"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# How many ancestors of a link are told apart by their classes, beyond their tags.
_NAMED_ANCESTORS = 3
# How far a link may reach for its day (levels).
_REACH = 8
# Longest title of a list, with the white space of its markup (characters).
_TITLE_LIMIT = 200
# A list without days must look like one: at least so many titles, of so many characters.
_UNDATED_ITEMS, _UNDATED_TITLE = 4, 25
# Of so many entries one alone does not have a printed day.
_MANY = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One link of a list, with the part of the page that speaks of it."""

    link: HtmlElement
    container: HtmlElement
    date: tuple[HtmlElement, str] | None
    """The element that prints the day, and its text."""


def find_list(tree: HtmlElement, *, is_further_page: bool = False) -> list[Entry]:
    """Give the entries of the main list, in the order of the page; empty: there is none.

    The largest group of like links with days wins, and takes in other links with days beside
    it (a larger first item) and under 'Các tin khác'; of equals the one whose links are headings
    (an excerpt may be a link, too). Without days, the group with the longest titles; on a further
    page of a list, which may be its last, also a few or one if they are headings.
    """
    kinds = list(_like_links(tree))
    everywhere = _holders(link for links in kinds for link in links)
    held = (_holders(links) if len(links) > 1 else everywhere for links in kinds)
    groups = [_without_stray_day(_entries(*one)) for one in zip(kinds, held, strict=True)]
    dated = [found for group in groups if (found := [one for one in group if one.date is not None])]
    if is_further_page:  # 'RSS' beside a day is no item, where the list has one alone
        dated = [one for one in dated if len(one) > 1 or _has_titles(one)]
    if not dated:
        plain = list(filter(_is_plain_list, groups))
        if not plain and is_further_page:
            plain = [one for one in groups if _has_headings(one) and _has_titles(one)]
        return max(plain, key=_weight, default=[])
    own = [found for group in dated if (found := [one for one in group if not is_related(one)])]
    best = max(own or dated, key=lambda group: (len(group), _has_headings(group), _weight(group)))
    scope = _surroundings([entry.container for entry in best])
    taken = {entry.container for entry in best}
    beside = [
        entry
        for group in dated
        for entry in group
        if taken.isdisjoint((entry.link, *entry.link.iterancestors()))
        and (scope in entry.link.iterancestors() or is_related(entry))
    ]
    return _in_order(tree, [*best, *beside])


def _without_stray_day(group: list[Entry]) -> list[Entry]:
    """Take away the day of the only one of many that has one: an excerpt quotes it."""
    has_one = sum(entry.date is not None for entry in group) == 1
    is_stray = has_one and len(group) >= _MANY and _is_plain_list(group)
    return [replace(entry, date=None) for entry in group] if is_stray else group


def is_related(entry: Entry) -> bool:
    """Tell whether an entry stands under a title such as 'Tin liên quan', 'Các tin khác'."""
    for element in (entry.link, *entry.link.iterancestors()):
        before = element.getprevious()
        if before is not None and isinstance(before.tag, str) and continues_list(_title(before)):
            return True
    return False


def _title(element: HtmlElement) -> str:
    """Give the text of a short element; nothing of a long one, which is no title."""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > _TITLE_LIMIT:
            return ""
    return text


def usable_links(element: HtmlElement) -> list[HtmlElement]:
    """Give the links in an element that lead to a page and show a text."""
    return [
        link
        for link in element.iter("a")
        if leads_to_page(link)
        and any(map(str.isalpha, shown := shown_text(link)))
        and not is_dateline(shown)
    ]


def leads_to_page(link: HtmlElement) -> bool:
    """Tell whether a link has an address that can be asked."""
    return _LINK.match((link.get("href") or "").strip()) is not None


def shown_text(link: HtmlElement) -> str:
    """Give what a link says: its text, else its title attribute."""
    return one_line(link) or (link.get("title") or "").strip()


def _like_links(tree: HtmlElement) -> Iterable[list[HtmlElement]]:
    groups: dict[tuple[str, ...], list[HtmlElement]] = {}
    for element in main_elements(tree):
        if element.tag == "a" and usable_links(element)[:1] == [element]:
            groups.setdefault(_kind(element), []).append(element)
    return groups.values()


def _kind(link: HtmlElement) -> tuple[str, ...]:
    """Give what like links have in common: tags up to the root, classes of the nearest."""
    ancestors = list(link.iterancestors())
    named = [f"{one.tag}.{_stable_classes(one)}" for one in ancestors[:_NAMED_ANCESTORS]]
    return (*named, *(str(one.tag) for one in ancestors[_NAMED_ANCESTORS:]))


def _stable_classes(element: HtmlElement) -> str:
    tokens = name_of(element).split()[: len(element.classes)]
    return ".".join(sorted(token for token in tokens if not _STATE.search(token)))


def _holders(links: Iterable[HtmlElement]) -> dict[HtmlElement, set[str]]:
    """Give which of the links' addresses each element above them holds."""
    held: dict[HtmlElement, set[str]] = {}
    for link in links:
        for ancestor in link.iterancestors():
            held.setdefault(ancestor, set()).add(link.get("href"))
    return held


def _entries(links: Sequence[HtmlElement], held: dict[HtmlElement, set[str]]) -> list[Entry]:
    """Give one entry for each address of a group, with all that lies around it."""
    seen: dict[str, Entry] = {}
    for link in links:
        container = _container(link, held)
        date = next(_dates_of(container, held), None)
        known = seen.get(link.get("href"))
        if known is None or (known.date is None and date is not None):
            seen[link.get("href")] = Entry(link, container, date)
    return list(seen.values())


def _container(link: HtmlElement, held: dict[HtmlElement, set[str]]) -> HtmlElement:
    """Give the largest part of the page around a link that holds no other."""
    container = link
    for level, ancestor in enumerate(link.iterancestors()):
        if len(held[ancestor]) > 1 or ancestor.tag == "body" or level >= _REACH:
            break
        container = ancestor
    return container


def _dates_of(
    container: HtmlElement, held: dict[HtmlElement, set[str]]
) -> Iterator[tuple[HtmlElement, str]]:
    """Give the datelines of a container, then of what follows it up to the next entry."""
    yield from datelines(container.iter())
    for following in container.itersiblings():
        if following in held or following.tag == "a":
            return
        yield from datelines(following.iter())


def _has_headings(group: Sequence[Entry]) -> bool:
    """Tell whether the first entry's link stands in a heading, as those like it do."""
    return any(one.tag in _HEADINGS for one in group[0].link.iterancestors())


def _weight(group: Sequence[Entry]) -> int:
    """Give how much the links say: 'Đọc tiếp' under every article counts once."""
    return sum(map(len, {shown_text(entry.link) for entry in group}))


def _is_plain_list(group: Sequence[Entry]) -> bool:
    return len(group) >= _UNDATED_ITEMS and _has_titles(group)


def _has_titles(group: Sequence[Entry]) -> bool:
    return _weight(group) >= _UNDATED_TITLE * len(group)


def _surroundings(elements: Sequence[HtmlElement]) -> HtmlElement | None:
    """Give what holds all of them and one level more; None for one element alone."""
    if len(elements) < 2:  # noqa: PLR2004 - nothing in common to speak of
        return None
    shared = set(elements[0].iterancestors())
    for element in elements[1:]:
        shared &= set(element.iterancestors())
    nearest = [one for one in elements[0].iterancestors() if one in shared]
    return next((one for one in nearest[1:2] if one.tag != "body"), nearest[0])


def _in_order(tree: HtmlElement, entries: Iterable[Entry]) -> list[Entry]:
    places = {element: place for place, element in enumerate(tree.iter("a"))}
    return sorted(entries, key=lambda entry: places[entry.link])
