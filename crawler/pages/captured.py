"""What the page classes read from: a captured page, decoded and parsed once; and lists. Pure."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


_WITH_OWN_CLASS = ("form", "input", "label", "select", "textarea")


def _element_classes() -> lxml.etree.ElementClassLookup:
    """Give the classes that lxml.html gives to elements, found without a call into Python."""
    usual = lxml.etree.ElementDefaultClassLookup(
        element=lxml.html.HtmlElement,
        comment=lxml.html.HtmlComment,
        pi=lxml.html.HtmlProcessingInstruction,
        entity=lxml.html.HtmlEntity,
    )
    classes = lxml.etree.ElementNamespaceClassLookup(usual)
    special = lxml.html.HtmlElementClassLookup()
    for tag in _WITH_OWN_CLASS:
        classes.get_namespace(None)[tag] = special.lookup("element", None, None, tag)
    return classes


_CLASSES = _element_classes()

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# Share of broken characters among the non-ASCII ones below which text is still UTF-8, only
# damaged (cut off, a foreign snippet): any other charset fails as UTF-8 on nearly all of them.
DAMAGE_LIMIT = 0.1

# What Vietnamese text is in when it is not UTF-8 and nothing usable is declared. No detector by
# letter frequency: the same bytes would read differently after an update of that library.
UNDECLARED = ("windows-1258", "windows-1252")

# Python's codecs that are character sets of pages; it has others that may raise or run code on.
CHARSETS = (
    *("utf-8", "utf-16", "utf-32", "ascii", "cp", "iso8859", "koi8", "mac", "tis"),
    *("big5", "gb", "euc", "shift", "iso2022"),
)


URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What is sent by POST, as a browser would send it after a click."""

    body: str
    """Packed as its type asks for."""
    click: tuple[str, str]
    """What tells this click from others of the same page: control and argument."""
    media_type: str = URLENCODED
    names_page: bool = False
    """The click names the page that it leads to; a plain "next" is the same on every page."""


MORE = Form(body="", click=("more", ""))
"""In the place of an address: the browser is to show more of the page that it has open."""


@dataclass(frozen=True, kw_only=True)
class CapturedPage:
    """One answer of a site, as the page classes see it."""

    url: str
    """The address that answered."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Decompressed."""
    captured_at: dt.datetime
    """Aware, UTC."""
    form: Form | None = None
    """What was sent to get it; None: nothing, it was asked by GET."""
    is_live: bool = False
    """It stands open in a browser, which may be able to show more of it."""

    @cached_property
    def media_type(self) -> str | None:
        """The type that the server says it is, e.g. 'text/html'; None when it does not say."""
        declared = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        return declared or None

    @property
    def text(self) -> str:
        """The body as text, whatever it claims to be; without NUL characters. Never raises."""
        return self._decoded.text

    @property
    def charset_note(self) -> str | None:
        """What was odd about the charset, e.g. '2 characters replaced'; None: nothing."""
        return self._decoded.note

    @cached_property
    def _decoded(self) -> _Decoded:
        return _decode(self.body, content_type=self.headers.get("content-type"))

    @cached_property
    def markup(self) -> bytes:
        """The text in UTF-8: for what is looked for letter by letter, much faster than text."""
        is_body = self._decoded.is_body
        return self.body if is_body else self.text.encode("utf-8", errors="replace")

    @property
    def tree(self) -> lxml.html.HtmlElement:
        """The root of the parsed page; an empty page gives an empty root.

        Shared by all who read the page: look, do not change.
        """
        return self._parsed[0]

    @property
    def tree_note(self) -> str | None:
        """Why the tree lacks a part of the page, e.g. 'nested too deep'; None: it is whole."""
        return self._parsed[1]

    @cached_property
    def base_url(self) -> str:
        """What relative links count from: the address, or the page's ``<base>``."""
        bases = (one.get("href") or "" for one in self.tree.iterdescendants("base"))
        try:
            return str(urljoin(self.url, next(filter(None, bases), "")))
        except ValueError:
            return self.url

    @cached_property
    def _parsed(self) -> tuple[lxml.html.HtmlElement, str | None]:
        # huge_tree: without it all that is nested deeper than 256 elements, and all after it, is
        # lost without a word (measured; unclosed <font> tags get there). With it: 2048.
        parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True)
        parser.set_element_class_lookup(_CLASSES)
        # As bytes: lxml refuses text that carries an XML declaration of another encoding.
        try:
            root = lxml.html.document_fromstring(self.markup, parser=parser)
        except lxml.etree.ParserError:  # nothing but space, comments or declarations
            return lxml.html.document_fromstring("<html><body></body></html>"), None
        limits = [e for e in parser.error_log if e.type_name == "ERR_RESOURCE_LIMIT"]
        return root, "nested too deep" if limits else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedItem:
    """An article as a list, feed or sitemap shows it."""

    url: str
    """Absolute, as linked; the caller makes it canonical."""
    title: str | None
    day: dt.date | None
    """Day in Vietnam; None when none is shown or the shown one was refused."""
    day_raw: str | None
    """As printed, kept even when it was refused."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPage:
    """One page of a list."""

    items: tuple[ListedItem, ...]
    """In the order of the page."""
    next_url: str | None
    """Absolute address of the page after it; None when there is none."""
    next_form: Form | None = None
    """What has to be sent there; None: it is asked by GET."""
    is_cut_off: bool = False
    """More follows, but only a script of the page knows how to ask for it."""
    length: Length | None = None
    """How long an answer to a script is; None: it is a page for readers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Length:
    """How much of a list one answer shows, by its own word."""

    entries: int
    """Entries in this answer, whatever becomes of them."""
    total: int | None = None
    """Entries of the whole list, as the answer declares; None: it does not."""
    is_short: bool = False
    """Fewer than the profile says that every page but the last has."""


class _Decoded(NamedTuple):
    """A body as text."""

    text: str
    note: str | None
    """What was odd; None: nothing."""
    is_body: bool = False
    """In UTF-8 the text is the body again, byte for byte."""


def _decode(body: bytes, *, content_type: str | None) -> _Decoded:
    """Give the text and what was odd: byte order mark, then what fits, then what is declared.

    Bytes beyond ASCII that are valid UTF-8 are UTF-8, whatever header and meta say: text in
    another charset practically never is.
    """
    marked, mark = read_bom(body)
    if marked is not None and mark is not None:
        return _finish(body[len(mark) :], marked, note=None)
    declared = _declared(body, content_type)
    if _is_wide(declared) and b"\0" in body:
        return _finish(body, declared or "utf-8", note=None)
    text = body.decode("utf-8", errors="replace")
    if _damage_as_utf8(body, text) <= DAMAGE_LIMIT:
        honest = declared in {None, "utf-8", "ascii"} or body.isascii()
        note = None if honest else f"says {declared}, is utf-8"
        if REPLACEMENT not in text and "\0" not in text:
            return _Decoded(text, note, is_body=True)
        return _finished(text, note=note)
    if declared is not None and _fits(body, declared):
        return _finish(body, declared, note=None)
    charset = next((name for name in UNDECLARED if _fits(body, name)), UNDECLARED[0])
    return _finish(body, charset, note=f"says {declared or 'nothing'}, read as {charset}")


def _declared(body: bytes, content_type: str | None) -> str | None:
    """Give the first charset of header and meta that Python knows."""
    for name in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        resolved = resolve_encoding(name) if name else None
        if resolved is not None and _is_known(resolved):
            return resolved
    return None


def _is_known(charset: str) -> bool:
    """Tell whether it is a character set that pages use ('hex' and 'unicode_escape' are not)."""
    try:
        return codecs.lookup(charset).name.startswith(CHARSETS)
    except LookupError:
        return False


def _is_wide(charset: str | None) -> bool:
    return charset is not None and charset.startswith(("utf-16", "utf-32"))


def _fits(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except ValueError:
        return False
    return True


def _damage_as_utf8(body: bytes, text: str) -> float:
    """Give the share of the characters beyond ASCII that are not valid UTF-8."""
    if REPLACEMENT not in text:
        return 0.0
    beyond_ascii = sum(1 for char in text if char > "\x7f")
    return (text.count(REPLACEMENT) - body.count(codecs.encode(REPLACEMENT))) / (beyond_ascii or 1)


def _finish(body: bytes, charset: str, *, note: str | None) -> _Decoded:
    return _finished(body.decode(charset, errors="replace"), note=note)


def _finished(decoded: str, *, note: str | None) -> _Decoded:
    text = decoded.replace("\0", "").removeprefix("\ufeff")
    replaced = text.count(REPLACEMENT)
    counted = f"{replaced} characters replaced" if replaced else None
    return _Decoded(text, "; ".join(filter(None, (note, counted))) or None)
