"""What a page says about itself for machines: JSON-LD, microdata, meta elements. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from lxml.etree import XPath

from storage.folding import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

Thing: TypeAlias = dict[str, object]

# schema.org types of a published text.
_ARTICLE_TYPES_WORDS = (
    "Article NewsArticle BlogPosting Report AdvertiserContentArticle ReportageNewsArticle"
)
_ARTICLE_TYPES = frozenset(_ARTICLE_TYPES_WORDS.split(None))
# Where other articles are named, not this one.
_ELSEWHERE_WORDS = "itemListElement hasPart relatedLink citation comment isPartOf mentions blogPost"
_ELSEWHERE = frozenset(_ELSEWHERE_WORDS.split(None))
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/[/*]\s*<!\[CDATA\[\s*\*?/?)|(?:-->|/?[/*]?\s*\]\]>\s*\*?/?)\s*$"
)


def structured_article(tree: HtmlElement) -> Thing:
    """Give the JSON-LD object that describes this page's article; an empty one without."""
    things = list(_things(tree))
    articles = [thing for thing in things if _types(thing) & _ARTICLE_TYPES]
    pages = [thing for thing in things if "WebPage" in _types(thing)]
    return next(iter([*articles, *pages]), {})


def is_structured_article(thing: Thing) -> bool:
    """Tell whether the object says that the page is an article, not merely a page."""
    return bool(_types(thing) & _ARTICLE_TYPES)


def text_of(thing: Thing, key: str) -> str | None:
    """Give a property as tidy text; None when it is missing or no text."""
    value = thing.get(key)
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        first = first.get("name")
    return (tidy(first) or None) if isinstance(first, str) else None


def meta(tree: HtmlElement, *names: str) -> list[str]:
    """Give the contents of the meta elements of these names, in the order of the names."""
    contents: dict[str, list[str]] = {}
    for element in tree.iterdescendants("meta"):
        name = element.get("property") or element.get("name") or ""
        content = tidy(element.get("content") or "")
        if content:
            contents.setdefault(name.lower(), []).append(content)
    return [content for name in names for content in contents.get(name.lower(), [])]


def microdata_days(tree: HtmlElement, name: str = "datePublished") -> list[str]:
    """Give the one value of an ``itemprop``; none where articles of a list have different ones."""
    values: list[str] = []
    for element in _with_itemprop(tree):
        if name in (element.get("itemprop") or "").split():
            value = element.get("content") or element.get("datetime") or element.text_content()
            values.append(tidy(value))
    return [value for value in values if value] if len(set(values)) == 1 else []


# By way of the attribute: a condition on each element takes twice the time.
_with_itemprop = XPath("descendant::*/@itemprop/parent::*")


def _things(tree: HtmlElement) -> Iterator[Thing]:
    for script in tree.iterdescendants("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            yield from _objects(_parsed(script.text or ""))


def _parsed(text: str) -> object:
    """Read JSON as pages write it: raw line breaks in strings, wrapped in comments."""
    try:
        value: object = json.loads(_WRAPPING.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return None
    return value


def _objects(value: object) -> Iterator[Thing]:
    """Give all objects that may describe this page, the outer before the inner."""
    if isinstance(value, list):
        for entry in value:
            yield from _objects(entry)
    elif isinstance(value, dict):
        yield value
        for key, entry in value.items():
            if key not in _ELSEWHERE and isinstance(entry, dict | list):
                yield from _objects(entry)


def _types(thing: Thing) -> set[str]:
    kind = thing.get("@type")
    names = kind if isinstance(kind, list) else [kind]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}
