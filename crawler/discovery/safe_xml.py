"""XML from strangers: no DTD, no entities, no network, forgiving about charset and space. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import lxml.etree

from crawler.errors import UnreadableList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.pages.captured import CapturedPage

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#x[0-9a-fA-F]+;|(?:amp|lt|gt|quot|apos);)")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_xml(page: CapturedPage, text: str | None = None) -> lxml.etree._Element:
    """Parse an answer (or the text taken from it) and give the root.

    Raises:
        UnreadableList: not XML, or a document type with declarations of its own.
    """
    content = _DECLARATION.sub("", (page.text if text is None else text).lstrip("\ufeff \t\r\n"))
    if re.search(r"<!ENTITY", content) or re.search(r"<!DOCTYPE[^>]*\[", content):
        raise UnreadableList("a document type with declarations")
    parser = lxml.etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=True,
    )
    markup = _BARE_AMPERSAND.sub("&amp;", _NOT_XML.sub("", content))
    root = lxml.etree.fromstring(markup.encode("utf-8"), parser=parser) if markup else None
    if root is None:
        raise UnreadableList("not XML")
    return root


def name(element: lxml.etree._Element) -> str:
    """Give an element's name without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()


def children(element: lxml.etree._Element, *names: str) -> Iterator[lxml.etree._Element]:
    """Give the child elements of these names, whatever their namespace, in the order of names."""
    for wanted in names:
        yield from (one for one in element if isinstance(one.tag, str) and name(one) == wanted)


def text_of(element: lxml.etree._Element, *names: str) -> str | None:
    """Give the text of the first child of these names that has one."""
    texts = ("".join(one.itertext()).strip() for one in children(element, *names))
    return next(filter(None, texts), None)
