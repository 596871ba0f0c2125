"""What an article carries beside its words: pictures, attached documents, its section. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from crawler.pages import metadata
from crawler.pages.selectors import select
from crawler.pages.text import one_line
from storage.folding import fold, tidy
from storage.records import Attachment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

MOST = 50
"""Pictures and documents that are noted of one article, at most."""

# Liferay puts an id behind the name: '/documents/10180/0/Ke hoach.pdf/5d0c…?version=1.0'.
_DOCUMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|rtf|od[ts]|zip|rar|7z)(?=$|[/?#&])", re.IGNORECASE
)
_FRAMES = {"iframe": "src", "embed": "src", "object": "data"}
# Parameters in which viewers name the document: pdf.js, Google's, Microsoft's.
_VIEWERS = frozenset({"file", "url", "src", "link"})
_CRUMBS = "[class*=breadcrumb] a, [class*=Breadcrumb] a, [id*=breadcrumb] a"
_HOME = frozenset({"trang chủ", "home", "trang nhất", "pages", ""})
_NO_PICTURE = re.compile(
    r"^(?:data:|about:|javascript:)|(?:spacer|blank|pixel)\.gif", re.IGNORECASE
)


def pictures(
    elements: Iterable[HtmlElement], base: str, *, without: Collection[HtmlElement]
) -> tuple[str, ...]:
    """Give the absolute addresses of the pictures in the text, each once."""
    found: dict[str, None] = {}
    for element in _inside(elements, ("img",), without):
        if len(found) < MOST and not _is_control(element):
            source = element.get("data-src") or element.get("src") or ""
            if source.strip() and not _NO_PICTURE.search(source.strip()):
                _note(found, base, source)
    return tuple(found)


def documents(
    elements: Iterable[HtmlElement], base: str, *, without: Collection[HtmlElement]
) -> tuple[Attachment, ...]:
    """Give the documents that the text links or shows in a frame, each once, in order."""
    found: dict[str, Attachment] = {}
    for element in _inside(elements, ("a", *_FRAMES), without):
        address = _document(element)
        url = _absolute(base, address) if address else None
        if url is None or len(found) >= MOST:
            continue
        title = (one_line(element) or tidy(element.get("title") or "")) or None
        if url not in found or found[url].title is None:
            found[url] = Attachment(url=url, title=title)
    return tuple(found.values())


def section_of(tree: HtmlElement, structured: metadata.Thing, *, headline: str) -> str | None:
    """Give the section as metadata or the last breadcrumb before the headline name it."""
    named = [
        metadata.text_of(structured, "articleSection"),
        *metadata.meta(tree, "article:section"),
        *reversed([one_line(link) for link in select(tree, _CRUMBS)]),
    ]
    return next((one for one in named if one and _is_section(one, headline)), None)


def _is_section(name: str, headline: str) -> bool:
    return fold(name) not in _HOME and fold(name) != fold(headline)


def _inside(
    elements: Iterable[HtmlElement], tags: Sequence[str], without: Collection[HtmlElement]
) -> Iterator[HtmlElement]:
    left_out = {inner for box in without for inner in box.iter(*tags)}
    for element in elements:
        for inner in element.iter(*tags):
            if inner not in left_out:
                yield inner


def _is_control(image: HtmlElement) -> bool:
    """Tell whether a picture is a button of the template: 'Xem tiếp', 'In trang'."""
    link = next(image.iterancestors("a"), None)
    address = (link.get("href") or "").strip().lower() if link is not None else ""
    return address.startswith(("#", "javascript:"))


def _document(element: HtmlElement) -> str | None:
    """Give the address of the document that an element links or shows; None: it does not."""
    name = "href" if element.tag == "a" else _FRAMES.get(element.tag)
    address = (element.get(name) or "").strip() if name else ""
    if not address or address.lower().startswith(("javascript:", "mailto:", "data:")):
        return None
    shown = [value for key, value in _parameters(address) if key.lower() in _VIEWERS]
    inner = next((value for value in shown if _names_document(value)), None)
    return inner or (address if _names_document(address) else None)


def _parameters(address: str) -> Sequence[tuple[str, str]]:
    try:
        parts = urlsplit(address)
        return [*parse_qsl(parts.query, max_num_fields=50), *parse_qsl(parts.fragment)]
    except ValueError:
        return ()


def _names_document(address: str) -> bool:
    try:
        return _DOCUMENT.search(unquote(urlsplit(address).path)) is not None
    except ValueError:
        return False


def _note(found: dict[str, None], base: str, address: str) -> None:
    url = _absolute(base, address)
    if url is not None:
        found.setdefault(url)


def _absolute(base: str, address: str) -> str | None:
    try:
        url = urljoin(base, address.strip())
    except ValueError:
        return None
    return url if url.startswith(("http://", "https://")) else None
