"""The text that a reader sees in a part of a page: blocks, tables, no controls. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml.etree import XPath

from crawler.pages.legacy import repair
from storage.folding import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lxml.html import HtmlElement

_BLOCKS_WORDS = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table"
    " tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split(None))
_UNSEEN_WORDS = (
    "audio button canvas embed head iframe input link meta noscript object script select style svg"
    " template textarea title video"
)
_UNSEEN = frozenset(_UNSEEN_WORDS.split(None))
_ASIDE = frozenset({"nav", "aside"})
_EMPHASIS = frozenset({"b", "strong", "em", "i"})
_STYLED = _EMPHASIS | {"a"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_RIGHT = re.compile(r"text-align\s*:\s*(?:right|end)", re.IGNORECASE)
_RIGHT_CLASSES = frozenset({"text-right", "text-end", "has-text-align-right"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

# Words of class and id names that mark boxes around a text, not the text.
_NOISE = re.compile(
    r"(?:^|[-_\s])(?:share|sharing|sharedaddy|socials?|socialicon|addthis|addtoany|a2a|fb|zalo"
    r"|related|relatedposts|yarpp|comments?|respond|breadcrumbs?|pagination|pager|rating|stars"
    r"|toolbar|tin-?lien-?quan|lien-?quan|tin-?khac|bai-?viet-?khac|other-?news|others"
    r"|binh-?luan|luot-?xem|post-?views|view-?count|hit-?count|tags?|tagcloud|keywords?"
    r"|newsletter|print-action|print-button|mailto-action|sr-only|screen-reader-text"
    r"|visually-hidden|noprint|headerlink|header-?anchor|heading-?anchor|hash-?link)(?:$|[-_\s])"
)

# A box that holds more than this share of the text is its wrapper, whatever its name says.
WRAPPER_SHARE = 0.5
# Cells longer than this are columns of a page layout, not fields of a table (characters).
_CELL_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, caption, list entry or table row as a reader sees it."""

    text: str
    linked: int
    """How many of its characters are link text."""
    signed: bool
    """Set apart as a signature is: to the right, or bold or italic throughout."""
    note: str | None = None
    """What was wrong with its letters, e.g. 'TCVN3'; None: nothing."""


def one_line(element: HtmlElement, *, without: Collection[HtmlElement] = ()) -> str:
    """Give all visible text of an element on one line."""
    return tidy(" ".join(block.text for block in blocks(element, without=without)))


def paragraphs(element: HtmlElement, *, without: Collection[HtmlElement] = ()) -> list[str]:
    """Give the visible text of an element, one string for each block."""
    return [block.text for block in blocks(element, without=without)]


def blocks(
    element: HtmlElement, *, without: Collection[HtmlElement] = (), limit: int | None = None
) -> list[Block]:
    """Give the visible blocks of an element in order, without the given parts of it.

    With a limit, not many more than the first so many: enough to see whether there are any.
    """
    writer = _Writer(frozenset(without), limit)
    writer.walk(element, _Style())
    writer.end_block()
    return writer.done


def noise_in(element: HtmlElement) -> list[HtmlElement]:
    """Give the boxes inside an element that are not its text: share bar, related, comments."""
    suspects = [child for child in _named_or_apart(element) if may_be_noise(child)]
    if not suspects:
        return []
    limit = len(element.text_content()) * WRAPPER_SHARE
    return [child for child in suspects if len(child.text_content()) <= limit]


# All that can be a box: without class and id only these three tags can.
_named_or_apart = XPath("descendant::*[@class or @id or self::nav or self::aside or self::form]")


def may_be_noise(element: HtmlElement) -> bool:
    """Tell whether an element is named or built like such a box, whatever it holds."""
    return element.tag in _ASIDE or _is_noise(box_name(element)) or _is_comment_form(element)


def _is_comment_form(element: HtmlElement) -> bool:
    return element.tag == "form" and next(element.iterdescendants("textarea"), None) is not None


def name_of(element: HtmlElement) -> str:
    """Give class and id in lower case, words apart: 'snRight' reads 'sn-right'."""
    return _name(element.get("class") or "", element.get("id") or "")


def box_name(element: HtmlElement) -> str:
    """Give class and id as ``name_of`` does, without what says nothing of the box itself.

    That is a post's own tags and sections, which WordPress writes as classes of its box
    ('tag-an-sinh', 'category-thong-ke'), and measures ('min-h-[calc(100vh-var(--navbar-height))]').
    """
    is_post = element.tag == "article" or not _POST.isdisjoint(element.classes)
    return _box_name(name_of(element), is_post=is_post)


_POST = frozenset({"hentry", "type-post"})
_OF_POST = re.compile(r"(?<!\S)(?:category|tag|format|status|type)-\S+")
_MEASURE = re.compile(r"\S*[\[(]\S*")


@lru_cache(maxsize=4096)
def _box_name(name: str, *, is_post: bool) -> str:
    name = _MEASURE.sub("", name)
    return _OF_POST.sub("", name) if is_post else name


# A page has thousands of elements and a few dozen names: most of the time of a page went here.
@lru_cache(maxsize=4096)
def _name(class_: str, id_: str) -> str:
    return _CAMEL.sub("-", f"{class_} {id_}").lower().strip()


@lru_cache(maxsize=4096)
def _is_noise(name: str) -> bool:
    return _NOISE.search(name) is not None


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether the page itself says that the element is not shown."""
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    style = element.get("style")
    return style is not None and _HIDDEN.search(style) is not None


@dataclass(frozen=True, slots=True)
class _Style:
    linked: bool = False
    emphasised: bool = False
    right: bool = False

    def inside(self, element: HtmlElement, *, is_plain: bool) -> _Style:
        """Give the style of an element's own text; ``is_plain``: it has no attributes."""
        if is_plain and element.tag not in _STYLED:
            return self
        inner = (
            self.linked or element.tag == "a",
            self.emphasised or element.tag in _EMPHASIS,
            self.right or _is_right(element),
        )
        return self if inner == (self.linked, self.emphasised, self.right) else _Style(*inner)


def _is_right(element: HtmlElement) -> bool:
    return (
        element.get("align") == "right"
        or bool(_RIGHT.search(element.get("style") or ""))
        or not _RIGHT_CLASSES.isdisjoint((element.get("class") or "").split())
    )


@dataclass(slots=True)
class _Writer:
    """Collects runs of text into blocks while it walks down."""

    without: frozenset[HtmlElement]
    limit: int | None = None
    done: list[Block] = field(default_factory=list)
    runs: list[tuple[str, _Style]] = field(default_factory=list)

    def walk(self, element: HtmlElement, outer: _Style) -> None:
        tag, is_plain = element.tag, not element.keys()  # most paragraphs have no attributes
        if not isinstance(tag, str) or element in self.without:
            return
        if tag in _UNSEEN if is_plain else is_hidden(element):
            return
        if tag == "br":
            self.end_block()
            return
        if tag == "table" and (rows := list(data_rows(element))):
            self.write_table(rows)
            return
        style, is_block = outer.inside(element, is_plain=is_plain), tag in _BLOCKS
        if is_block:
            self.end_block()
        self.write(element.text, style)
        for child in element:
            if self.limit is not None and len(self.done) >= self.limit:
                return
            self.walk(child, style)
            self.write(child.tail, style)
        if is_block:
            self.end_block()

    def write(self, text: str | None, style: _Style) -> None:
        if text:
            self.runs.append((text, style))

    def write_table(self, rows: list[list[HtmlElement]]) -> None:
        self.end_block()
        for row in rows:
            cells = [one_line(cell, without=self.without) for cell in row]
            if any(cells):
                self.done.append(Block(" | ".join(filter(None, cells)), linked=0, signed=False))

    def end_block(self) -> None:
        if not self.runs:
            return
        # Before it is tidied: that would drop the soft hyphens of old encodings.
        repaired = repair("".join([run for run, _ in self.runs]))
        text = tidy(repaired.text)
        if text:
            linked, signed = 0, True
            for run, style in self.runs:
                if style.linked:
                    linked += len(tidy(run))
                if signed and not (style.emphasised or style.right) and not run.isspace():
                    signed = False
            self.done.append(Block(text, linked, signed, repaired.note))
        self.runs.clear()


def data_rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Give the rows of a table of data; nothing when the table only lays out the page."""
    rows = [
        [cell for cell in row if cell.tag in {"td", "th"}] for row in table.iterdescendants("tr")
    ]
    is_data = (
        sum(len(row) > 1 for row in rows) > 1
        and next(table.iterdescendants("table"), None) is None
        and all(len(cell.text_content()) <= _CELL_LIMIT for row in rows for cell in row)
    )
    if is_data:
        yield from rows
