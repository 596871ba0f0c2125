"""Is a capture the page that was asked for, or something that stands in its place? Pure.

Judged by what stands on the page, not by words in it: an article about a captcha, a 404 or an
error has links around it and text in it; the thing itself is bare, or says so in its title.
In doubt a page whose whole title is an error text counts as one: read as an article it would
become a new, wrong version of the real one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import XPath

from storage.folding import strip_accents, tidy
from storage.records import Disposition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage

PARTIAL_CONTENT = 206
"""A part of the page, which nobody asked for."""

BARE_CHARS = 600
"""Visible characters up to which a page without navigation is no more than a message."""

BARE_LINKS = 5
"""Links up to which a page has no navigation. measured: of some 2 800 real pages of three unit
sites those with a template have 12 and more."""

PROSE_CHARS = 1200
"""Visible characters outside links from which a page holds a text of its own."""

SNIFFED = 4096
"""Characters at the start of a body that tell what it is."""

ODD_SHARE = 0.1
"""Share of control and broken characters from which a body is no text."""


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """What a capture is: a real page (disposition None), or its fate and the reason."""

    disposition: Disposition | None
    reason: str | None
    """Short, in English, e.g. 'status 404', 'error text: loi 404', 'login'."""


REAL = PageVerdict(None, None)


def judge(page: CapturedPage) -> PageVerdict:
    """Tell whether a capture is a real page. Whether it is an *article* is not asked here."""
    return _failed(page) or _unreadable(page) or _stand_in(page) or REAL


def _failed(page: CapturedPage) -> PageVerdict | None:
    if page.status // 100 == 2 and page.status != PARTIAL_CONTENT:  # noqa: PLR2004 - HTTP's class
        return None
    status = f"status {page.status}"
    wall = _firewall(_Look(page)) if _is_text(page) else None
    if wall is not None:
        return PageVerdict(Disposition.BLOCKED, f"{wall}, {status}")
    return PageVerdict(Disposition.HTTP_ERROR, status)


def _stand_in(page: CapturedPage) -> PageVerdict | None:
    if _FEED.match(page.text):
        return None
    look = _Look(page)
    wall = _firewall(look) or _wall(look)
    if wall is not None:
        return PageVerdict(Disposition.BLOCKED, wall)
    error = _error_text(look)
    if error is not None:
        return PageVerdict(Disposition.HTTP_ERROR, f"error text: {error}")
    if page.tree_note is not None:
        return PageVerdict(Disposition.UNREADABLE, page.tree_note)
    if not look.links and not look.text:
        return PageVerdict(Disposition.UNREADABLE, "no visible text")
    return None


# ------------------------------------------------------------------- not a page at all

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG", "png"),
    (b"GIF8", "gif"),
    (b"RIFF", "riff"),
    (b"PK\x03\x04", "zip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x00\x00\x00", "video"),
)
_PAGE_TYPES = re.compile(r"text/html|(?:text|application)/(?:[\w.-]+\+)?xml")
_MARKUP = re.compile(
    r"<\s*(?:!doctype|\?xml|html|head|body|title|meta|div|p|h1|rss|feed|urlset|sitemapindex)\b",
    re.IGNORECASE,
)
_FEED = re.compile(
    r"(?>\s+|<\?.*?>|<!--.*?-->)*+<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b",
    re.IGNORECASE | re.DOTALL,
)
_ODD = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffd]")


def _unreadable(page: CapturedPage) -> PageVerdict | None:
    reason = None
    said_to_be_page = page.media_type is None or _PAGE_TYPES.fullmatch(page.media_type)
    if not page.body.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        reason = "empty"
    elif not _is_text(page):
        kind = next((name for magic, name in _MAGIC if page.body.startswith(magic)), None)
        reason = f"binary: {kind or page.media_type or 'unknown'}"
    elif not said_to_be_page and not _MARKUP.search(page.text[:SNIFFED]):
        reason = f"not a page: {page.media_type}"
    return None if reason is None else PageVerdict(Disposition.UNREADABLE, reason)


def _is_text(page: CapturedPage) -> bool:
    if page.body.startswith(tuple(magic for magic, _ in _MAGIC)):
        return False
    start = page.text[:SNIFFED]
    one_line = start.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    if one_line.isprintable() and "\ufffd" not in start:  # nearly always, and told in no time
        return True
    return len(_ODD.findall(start)) <= ODD_SHARE * len(start)


# ------------------------------------------------------------------------ what is on it


_TITLES = XPath("//head/title//text()", smart_strings=False)
_HEADINGS = XPath("//h1")
_TEXTS = XPath("descendant::text()", smart_strings=False)


class _Look:
    """What a judge looks at; texts are folded, without marks, in small letters."""

    def __init__(self, page: CapturedPage) -> None:
        self._page = page
        self._tree = page.tree

    @cached_property
    def text(self) -> str:
        """All that a visitor sees."""
        seen = self._tree.xpath(
            "//body//text()[not(parent::script or parent::style or parent::noscript"
            " or parent::template or parent::option)]"
        )
        return strip_accents(tidy(" ".join(seen)))

    @cached_property
    def links(self) -> int:
        """How many links there are; of many it is only said that they are too many to be bare."""
        found = (link for link in self._tree.iter("a") if link.get("href") is not None)
        return sum(1 for _ in islice(found, BARE_LINKS + 1))

    @cached_property
    def sayings(self) -> tuple[str, ...]:
        """What the page calls itself: its title, that title's first and last part, its only h1."""
        title = strip_accents(tidy(" ".join(_TITLES(self._tree))))
        parts = _TITLE_PARTS.split(title)
        headings = _HEADINGS(self._tree)
        only = [strip_accents(h.text_content()) for h in headings] if len(headings) == 1 else []
        return tuple(dict.fromkeys(filter(None, (title, parts[0], parts[-1], *only))))

    @cached_property
    def is_bare(self) -> bool:
        """A message and little else."""
        # Links first: they are told in no time, and most pages have many.
        short = self.links <= BARE_LINKS and len(self.text) <= BARE_CHARS
        return short and not self.is_marked_as_article

    @cached_property
    def is_marked_as_article(self) -> bool:
        """It says so in its metadata, or prints a day right below its only heading."""
        if any(time.get("datetime") is not None for time in self._tree.iter("time")):
            return True
        if any(map(_names_article, self._tree.iter("meta"))):
            return True
        # To look for a word is far cheaper than to walk over all elements of a page.
        if b"articleBody" in self._page.markup and _WITH_ARTICLE_BODY(self._tree):
            return True
        if _ARTICLE_IN_JSON.search(self._page.text):
            return True
        return bool(
            self._tree.xpath("count(//h1) = 1")
            and _DAY.search(self.text_after_heading[:HEADING_TO_DAY])
        )

    @cached_property
    def text_after_heading(self) -> str:
        heading = next(self._tree.iter("h1"))
        return tidy(" ".join(islice(filter(_is_shown, _texts_after(heading)), 8)))

    @cached_property
    def holds_a_text(self) -> bool:
        if self.is_marked_as_article:
            return True
        linked = tidy(" ".join(self._tree.xpath("//text()[ancestor::a[@href]]")))
        return len(self.text) - len(linked) >= PROSE_CHARS

    @cached_property
    def asks_for_password(self) -> bool:
        return any(field.get("type") == "password" for field in self._tree.iter("input"))

    @cached_property
    def scripts(self) -> str:
        return " ".join(self._tree.xpath("//script//text() | //script/@src | //iframe/@src"))

    def calls_itself(self, pattern: re.Pattern[str]) -> str | None:
        """Give the saying that is wholly such a text."""
        return next((saying for saying in self.sayings if pattern.fullmatch(saying)), None)


def _texts_after(element: HtmlElement) -> Iterator[str]:
    """Give the texts that follow an element, one by one: the first of them is all that is asked."""
    for one in (element, *element.iterancestors()):
        yield one.tail or ""
        for sibling in one.itersiblings():
            if isinstance(sibling.tag, str):  # a comment has no text that is seen
                yield from _TEXTS(sibling)
            yield sibling.tail or ""


def _is_shown(text: str) -> bool:
    return bool(text.strip(" \t\r\n"))


HEADING_TO_DAY = 150
"""Characters below the heading in which templates print the day."""

_TITLE_PARTS = re.compile(r"\s+[-|:]+\s+|\s*[|»]\s*")
_DAY = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}|\d{4}-\d{2}-\d{2}")
_WITH_ARTICLE_BODY = XPath("boolean(//*[@itemprop='articleBody'])")
_ARTICLE_IN_JSON = re.compile(r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting)"')


def _names_article(meta: HtmlElement) -> bool:
    name: str | None = meta.get("property")
    if name == "og:type":
        return bool(meta.get("content") == "article")
    return name == "article:published_time"


# ------------------------------------------------------------------ walls: BLOCKED

_CHALLENGE = re.compile(
    r"just a moment\W*|attention required!.*|ddos-guard|checking your browser.*"
)
_REJECTED = re.compile(
    r"the requested url was rejected|your support id is|request rejected"
    r"|yeu cau (?:cua ban )?(?:da )?bi (?:chan|tu choi)"
    r"|web application firewall|sucuri website firewall"
    r"|access denied .{0,80}(?:firewall|security policy|incident id)"
)
_HUMAN = re.compile(
    r"captcha|(?:verify|confirm) (?:that )?you are (?:a )?human|are you a robot|not a robot"
    r"|(?:khong phai la|toi la) (?:nguoi may|robot)|xac minh (?:rang )?ban la (?:con )?nguoi"
    r"|unusual traffic"
)
_RELOADS = re.compile(r"location\.(?:reload|href|replace)|location\s*=")
_LOGIN = re.compile(r"(?:trang )?dang nhap(?: he thong| vao he thong)?|log ?in|sign ?in")
_CLOSED = re.compile(
    r"bao tri|nang cap (?:he thong|website|trang)|tam (?:ngung|dung) (?:hoat dong|phuc vu|truy cap)"
    r"|under maintenance|scheduled maintenance|maintenance mode|down for maintenance"
)


def _firewall(look: _Look) -> str | None:
    if look.is_marked_as_article:
        return None
    if look.calls_itself(_CHALLENGE):
        return "browser challenge"
    if look.is_bare and _REJECTED.search(look.text):
        return "firewall"
    if look.is_bare and _HUMAN.search(" ".join((*look.sayings, look.text))):
        return "captcha"
    if "document.cookie" in look.scripts and _RELOADS.search(look.scripts) and not look.text:
        return "browser challenge"
    return None


def _wall(look: _Look) -> str | None:
    if look.asks_for_password and not look.holds_a_text:
        by_name = look.calls_itself(_LOGIN)
        if by_name or (look.is_bare and _LOGIN.search(look.text)):
            return "login"
    if look.is_bare and _CLOSED.search(" ".join((*look.sayings, look.text))):
        return "maintenance"
    return None


# --------------------------------------------------- error texts in a 200: HTTP_ERROR

# Words of machines: no editor gives an article such a title.
_MACHINE = re.compile(
    r"server error in '.*|runtime error|error establishing a database connection"
    r"|(?:http )?(?:status |error )?[45]\d\d\W+(?:not found|forbidden|unauthori[sz]ed|bad gateway"
    r"|internal server error|service (?:temporarily )?unavailable|gateway time-?out|bad request"
    r"|.*(?:access is denied|resource cannot be found)).*"
    r"|http status [45]\d\d.*|whitelabel error page|iis .*detailed error.*"
    r"|(?:service (?:temporarily )?unavailable|internal server error|bad gateway|bad request)\W*"
    r"|default 404 not found page|the resource cannot be found\W*|there has been a critical error.*"
)
# Words of people: believed when the whole title says so and there is no text below it.
_HUMAN_ERROR = re.compile(
    r"(?:trang )?(?:thong )?(?:bao )?loi(?: trang)?(?:\W+[45]\d\d)?\W*"
    r"|(?:error\W*)?[45]\d\d(?: error)?(?: page)?\W*|error\W*"
    r"|(?:loi |error )?[45]\d\d\W+(?:khong tim thay|khong ton tai).*"
    r"|(?:page|file)? ?not found\W*|khong tim thay (?:trang|noi dung|duong dan|bai viet|ket qua)\W*"
    r"|khong tim thay (?:trang|noi dung|duong dan) (?:ban|quy vi|yeu cau|nay|ma ban).*"
    r"|(?:trang|noi dung|duong dan|lien ket|bai viet|tin bai|dia chi)(?: \w+){0,6}? khong (?:con )?"
    r"(?:ton tai|tim thay|duoc tim thay)\W*|oops\W*.{0,60}|sorry, something went wrong\W*"
)
_IN_BARE = re.compile(
    r"\b(?:khong tim thay|khong ton tai|khong con ton tai|khong duoc tim thay|da (?:xay ra|co) loi"
    r"|not found|could not be found|something went wrong|database error|internal server error"
    r"|service unavailable|server error|runtime error|fatal error|unhandled exception"
    r"|error establishing|bad gateway|gateway time-?out|access forbidden|403 forbidden)\b"
    r"|\bloi [45]\d\d\b|\berror [45]\d\d\b|\b(?:404|500|502|503) (?:error|loi)\b"
)
SHOWN = 80
"""Characters of the text that go into the reason."""


def _error_text(look: _Look) -> str | None:
    said = None if look.is_marked_as_article else look.calls_itself(_MACHINE)
    if said is None and not look.holds_a_text:
        said = look.calls_itself(_HUMAN_ERROR)
    if said is None and look.is_bare:
        found = _IN_BARE.search(look.text)
        said = found[0] if found else None
    return said[:SHOWN] if said else None
