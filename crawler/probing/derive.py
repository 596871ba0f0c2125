"""Selectors that a site needs and nobody should have to write: found from what its lists say. Pure.

A list tells an article's title and day, so the page can be searched for them: what holds the
title on every sample is the headline's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.pages.dateline import datelines
from crawler.pages.dates import read_day
from crawler.pages.regions import main_elements
from crawler.pages.selectors import select
from crawler.pages.text import one_line
from crawler.probing.places import css_path, same_title
from crawler.urls import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage
    from crawler.probing.places import Sample
    from crawler.profiles import DateRules

LEAST = 3
"""Samples that a selector must have been tried on."""
_DAYS = 2
"""Different days that the samples must have before a selector is learned from them."""
SHARE = 0.8
"""Share of the samples on which its first match must be the right one."""
_LONGEST = 400
"""Characters of markup text beyond which an element is no headline."""


def headline_selector(samples: Sequence[Sample]) -> str | None:
    """Give the selector of the elements that hold the titles which the lists show."""
    return _common(samples, _titles, _is_title)


def date_selector(samples: Sequence[Sample], rules: DateRules) -> str | None:
    """Give the selector of the datelines that print the days which the lists print.

    A single day on all of them tells nothing: that of a rebuild stands on every page.
    """
    if len({one.item.day for one in samples if one.item.day}) < _DAYS:
        return None

    def days(sample: Sample) -> list[HtmlElement]:
        wanted, at = sample.item.day, sample.page.captured_at
        main, whole = main_elements(sample.page.tree), sample.page.tree.iter()
        for elements in (main, whole):  # some themes print the day in a footer
            found = [
                element
                for element, text in datelines(elements)
                if wanted and read_day(text, formats=rules.formats, captured_at=at).day == wanted
            ]
            if found:
                return found
        return []

    return _common(samples, days, lambda element, sample: element in days(sample))


def item_link_selector(
    samples: Sequence[tuple[Sample, str]], lists: Mapping[str, CapturedPage]
) -> str | None:
    """Give the selector of the links that show the articles' headlines on their lists.

    For lists whose items have several links: a day, a title, 'read on'.

    Args:
        samples: articles with the headlines that their pages have.
        lists: the pages of the lists by the names that the samples have for them.
    """
    found: dict[str, int] = {}
    for sample, headline in samples:
        page = lists.get(sample.section)
        for link in page.tree.iterdescendants("a") if page is not None else ():
            target = canonical(link.get("href") or "", lists[sample.section].url)
            is_it = target == canonical(sample.item.url) and bool(link.classes)
            if is_it and same_title(one_line(link), headline):
                found[css_path(link)] = found.get(css_path(link), 0) + 1
                break
    enough = sum(found.values()) >= max(LEAST, SHARE * len(samples))
    return ", ".join(sorted(found)) if enough and len(found) <= _MOST_PATHS else None


_MOST_PATHS = 3
"""Kinds of lists that a site may have, each with a place of its own for titles."""


def _titles(sample: Sample) -> Iterator[HtmlElement]:
    """Give the innermost elements with the title as their whole text, out of links."""
    for element in main_elements(sample.page.tree):
        if _is_title(element, sample) and not any(_is_title(one, sample) for one in element):
            yield element


def _is_title(element: HtmlElement, sample: Sample) -> bool:
    if not isinstance(element.tag, str) or element.tag in {"a", "title", "script"}:
        return False
    if any(one.tag == "a" for one in element.iterancestors()) or sample.item.title is None:
        return False
    length = len(element.text_content())
    return 0 < length <= _LONGEST and same_title(one_line(element), sample.item.title)


def _common(
    samples: Sequence[Sample],
    wanted: Callable[[Sample], Iterable[HtmlElement]],
    is_right: Callable[[HtmlElement, Sample], bool],
) -> str | None:
    """Give the path that leads to the right element first on most samples; None: there is none."""
    paths: dict[str, int] = {}
    for sample in samples:
        for path in dict.fromkeys(map(css_path, wanted(sample))):
            paths[path] = paths.get(path, 0) + 1
    for path in sorted(paths, key=lambda path: -paths[path]):
        firsts = [(select(sample.page.tree, path)[:1], sample) for sample in samples]
        right = sum(1 for found, sample in firsts if found and is_right(found[0], sample))
        if right >= max(LEAST, SHARE * len(samples)):
            return path
    return None
