"""An article that a list led to, its title recognised, and where on its page things stand. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.folding import strip_accents

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage, ListedItem


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """An article that a list led to."""

    section: str
    item: ListedItem
    page: CapturedPage


def same_title(one: str, other: str) -> bool:
    """Tell whether two titles are the same, one of them perhaps cut off or with its number.

    >>> same_title("3 Tiếp xúc cử tri tại tổ dân phố số 7", "Tiếp xúc cử tri tại tổ dân phố số 7")
    True
    """
    short, long = sorted((_letters(one), _letters(other)), key=len)
    if short == long:
        return True
    numbered = _NUMBER.sub("", long)
    return len(short) >= _CUT and (long.startswith(short) or numbered == short)


_NUMBER = re.compile(r"^\d{1,3}")
"""The place of an item in its list, which may stand before its title."""
_CUT = 20
"""Letters from which a title that another one begins with is that one, cut off."""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", strip_accents(text))


def css_path(element: HtmlElement) -> str:
    """Give a short CSS path: the element, below the nearest one around it that has a name.

    >>> import lxml.html
    >>> page = lxml.html.fromstring("<div id=main><p class='Title item-12'>A</p></div>")
    >>> css_path(page[0])
    'div#main > p.Title'
    """
    parts = [_step(element)]
    here = element
    while not re.search(r"[.#]", parts[0]) or len(parts) == 1:
        parent = here.getparent()
        if parent is None or parent.tag in {"html", "body"} or len(parts) >= _STEPS:
            break
        parts.insert(0, _step(parent))
        here = parent
    named = next((n for n, part in enumerate(parts) if re.search(r"[.#]", part)), 0)
    return " > ".join(parts[named:])


_STEPS = 3
_NAME = re.compile(r"(?!(?:category|tag|format|status|type|has|is)-)-?[A-Za-z_][A-Za-z_-]*")
"""Class names with digits name one post or column, and some its section: not a place."""


def _step(element: HtmlElement) -> str:
    identity = element.get("id") or ""
    name = f"#{identity}" if _NAME.fullmatch(identity) else ""
    classes = [one for one in sorted(element.classes) if _NAME.fullmatch(one)][:2]
    return f"{element.tag}{name}" + "".join(f".{one}" for one in classes if not name)
