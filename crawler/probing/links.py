"""The links of a page as a newcomer reads them: which may lead to a list of news. Pure.

Only a ranking for what to look at first. What a page holds decides (see ``sections``): words
in a menu promise a list, or they do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crawler.discovery.paging import in_pager, page_number
from crawler.discovery.words import is_next_word
from crawler.pages.grouping import leads_to_page, shown_text
from crawler.pages.text import name_of, one_line
from crawler.probing.clues import shortened
from crawler.urls import canonical, joined
from storage.folding import strip_accents, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage, ListedItem

MOST_LINKS = 3000
"""Links of one page that are looked at: the largest front pages have some hundreds."""

TITLE = 60
"""Characters from which the text of a link is an article's title, not the name of a section.
measured: of the sections of the saved portals the longest has 52."""


class Kind(Enum):
    """What the words of a link promise."""

    NEWS = "news"
    OTHER = "other"
    """Nothing is known."""
    DOCUMENTS = "documents"
    """Legal texts, procedures, forms, bids: lists with days that are no posts."""
    MEDIA = "media"
    """Galleries and films."""
    NO_LIST = "no_list"
    """Contact, introduction, log-in, search and their like."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link that may lead to a section."""

    url: str
    """Absolute, canonical."""
    name: str
    """What the link says; for one without words, the last part of its address."""
    kind: Kind
    is_in_menu: bool
    is_titled: bool
    """It stands as the title of a box, or says 'Xem tất cả'."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """Give the order in which links are looked at; the smallest first."""
        depth = len([part for part in urlsplit(self.url).path.split("/") if part])
        return _ORDER[self.kind], 0 if self.is_in_menu or self.is_titled else 1, depth

    @property
    def promises_news(self) -> bool:
        """Tell whether a section of news is likely behind it: by its words, or its place."""
        return self.kind is Kind.NEWS or (self.kind is Kind.OTHER and self.is_in_menu)


_ORDER = {Kind.NEWS: 0, Kind.OTHER: 1, Kind.DOCUMENTS: 2, Kind.MEDIA: 3, Kind.NO_LIST: 9}

# All words without marks, in small letters, as ``strip_accents`` gives them; in an address the
# dashes are spaces. The first list that knows a word decides.
_LEGAL = re.compile(r"\b(?:van ban|vbpl|vbqppl|vbqp|cong bao|du thao|dau thau|mua sam cong)\b")
_SURELY_NEWS = re.compile(
    r"\b(?:tin tuc|su kien|thoi su|hoat dong|thong bao|cai cach|cchc|chuyen doi so|tuyen truyen"
    r"|chi dao|dieu hanh|tiep cong dan|news|ban tin)\b"
)
_NO_LIST = re.compile(
    r"\b(?:lien he|gioi thieu|so do|site ?map|dang nhap|dang ky|dang xuat|log ?in|sign ?in|register"
    r"|tim kiem|search|hoi d?ap|gop y|y kien cong dan|danh ba|so dien thoai|co cau to chuc"
    r"|to chuc bo may|bo may to chuc|chuc nang|lanh d?ao|phong ban|don vi su nghiep|dich vu cong"
    r"|mot cua|tra cuu|ban do|trang chu|trang nhat|home|english|tieng anh|rss|atom|feed|lien ket"
    r"|contact|about|hom thu|thu dien tu|e?mail|webmail|dieu khoan|chinh sach bao mat|privacy"
    r"|trang vang|thoi tiet|khao sat|tham do|binh chon|duong day nong|nguoi phat ngon"
    r"|lich lam viec|lich cong tac|lich truc|facebook|zalo|youtube|quang cao|phan mem|gio hang"
    r"|wp admin|wp login|xmlrpc|tags?|authors?|users?)\b"
)
_DOCUMENTS = re.compile(
    r"\b(?:phap quy|thu tuc hanh chinh|tthc|bieu mau|mau don|tai lieu|download|ho so|bao gia)\b"
)
_MEDIA = re.compile(
    r"\b(?:video|hinh anh|thu vien|tin anh|album|gallery|multimedia|media|audio|photo|podcast"
    r"|infographic)\b"
)
_NEWS = re.compile(
    r"\b(?:tin|bai viet|bai|kinh te|van hoa|xa hoi|chinh tri|quoc phong|an ninh|giao duc|y te"
    r"|suc khoe|xay dung dang|cong tac dang|doan the|nong thon moi|nong nghiep|chinh quyen"
    r"|pho bien|nguoi tot viec tot|guong|du lich|doanh nghiep|dan van|mat tran|thanh nien"
    r"|phu nu|khoa hoc|cong nghe|moi truong|phap luat|covid|dich benh|blog|posts?|archives?"
    r"|the thao|dau tu|tieu diem|noi bat|dia phuong|co so|nghien cuu|trao doi)\b"
)
_MORE = re.compile(
    r"(?:xem|doc|chi tiet|tat ca|toan bo|view|see|read|more|all)"
    r"(?: (?:them|tiep|tat ca|toan bo|chi tiet|tin|bai|khac|more|all|posts|news))*\W*"
)
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|zip|rar|7z|jpe?g|png|gif|webp|svg|mp[34]|avi|css|js|ico|xml|txt"
    r"|ashx|axd)$",
    re.IGNORECASE,
)
# Addresses of one article: ids and days that only articles have.
_ARTICLE = re.compile(
    r"/-/(?:asset_publisher|view[_-])|/\d{4}/\d\d/(?:\d\d/)?[^/]+|/view-article/"
    r"|(?:itemid|newsid|articleid|tintuc_?id|[?&]id)=\d|/(?:19|20)\d\d-\d\d?-\d\d?/",
    re.IGNORECASE,
)
# '/tin-tuc/2/', '?trang=2' beside an arrow or in a pager: a further page of a list.
_PAGE = re.compile(r"[/=_-]\d{1,4}(?:/|\.[a-z]{3,5})?$", re.IGNORECASE)
_ARROW = re.compile(r"^[«»‹›←→⟵⟶<>]|[«»‹›←→⟵⟶<>]$")
_NUMBERED = re.compile(r"-\d{2,}\.html?$")
_MENU = re.compile(r"(?:^|[-_\s])(?:menus?|navi?|navbar|navigation|tmenu|sub-?menu)(?:$|[-_\s\d])")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SLUG, _NUMBERED_SLUG = 8, 5
"""Words from which an address reads as a title; with a number at its end."""


def is_of_a_size(page: CapturedPage) -> bool:
    """Tell whether a page has no more links than one that is made for people."""
    return sum(1 for _ in islice(page.tree.iterdescendants("a"), MOST_LINKS + 1)) <= MOST_LINKS


def links_of(page: CapturedPage) -> Iterator[PageLink]:
    """Give the links of a page that may lead to sections, each address once."""
    found: dict[str, PageLink] = {}
    base = next((one.get("href") for one in page.tree.iterdescendants("base")), None)
    for link in islice(page.tree.iterdescendants("a"), MOST_LINKS):
        if not leads_to_page(link):
            continue
        url = canonical(tidy(link.get("href") or ""), joined(page.url, base or ""))
        one = _link(link, url, is_in_menu=_is_in_menu(link))
        known = found.get(url)
        if one is not None and (known is None or _says_more(one, known)):
            found[url] = one
    yield from found.values()


def _link(link: HtmlElement, url: str, *, is_in_menu: bool) -> PageLink | None:
    """Give a link as a candidate; None when it cannot lead to a section."""
    path = urlsplit(url).path
    if _FILE.search(path):
        return None
    shown = shortened(_words(link) or shown_text(link) or _image_text(link))
    words = strip_accents(shown)
    is_more = _MORE.fullmatch(words) is not None
    is_titled = is_more or any(up.tag in _HEADINGS for up in link.iterancestors())
    is_banner = not shown and next(link.iter("img"), None) is not None
    is_wordless = bool(shown) and not any(map(str.isalpha, shown))  # '2', '»' of a pager
    leads_on = page_number(url) is not None or is_next_word(shown.lower())
    is_numbered = _PAGE.search(url) is not None
    leads_on |= in_pager(link) if not shown or is_numbered else False
    leads_on |= is_numbered and not is_more and _ARROW.search(shown) is not None
    if is_wordless or len(shown) >= TITLE or leads_on:
        return None
    if not is_in_menu and not is_more and _is_article(url, is_banner=is_banner):
        return None
    name = slug_name(url) if is_more or not shown else shown
    return PageLink(url, name or "/", kind_of(name, url), is_in_menu, is_titled)


def section_of(item: ListedItem) -> PageLink:
    """Give an item of a list of lists as a link that may lead to a section."""
    url = canonical(item.url)
    name = shortened(item.title or "") or slug_name(url)
    return PageLink(url, name or "/", kind_of(name, url), is_in_menu=True, is_titled=True)


def kind_of(name: str, url: str = "") -> Kind:
    """Tell what the words of a link promise: those it shows go before those of its address."""
    parts = urlsplit(url)
    if _NEVER_IN_PATH.search(parts.path) or _NEVER_IN_QUERY.search(parts.query):
        return Kind.NO_LIST
    for text in (strip_accents(name), slug_words(url.rstrip("/").rpartition("/")[2])):
        for pattern, kind in _KINDS:
            if text and pattern.search(text):
                return kind
    return Kind.NEWS if _CATEGORY_PATH.search(url) else Kind.OTHER


_KINDS = (
    (_LEGAL, Kind.DOCUMENTS),
    (_SURELY_NEWS, Kind.NEWS),
    (_NO_LIST, Kind.NO_LIST),
    (_DOCUMENTS, Kind.DOCUMENTS),
    (_MEDIA, Kind.MEDIA),
    (_NEWS, Kind.NEWS),
)
_NEVER_IN_PATH = re.compile(
    r"/(?:tags?|authors?|users?|wp-admin|wp-json|feed)(?:[/:]|$)|/https?:/"
    r"|/(?:archives?/)?(?:19|20)\d\d(?:/\d\d?)?/?$"  # the posts of one month, listed elsewhere too
)
# WordPress without pretty addresses: months, authors, tags, feeds, searches. Pages for printing;
# what carries its page along to come back to it (log-in, another theme): new on every page.
_NEVER_IN_QUERY = re.compile(
    r"(?:^|&)(?:m=(?:19|20)\d{4,6}(?:&|$)|(?:author|tag|feed|s)=|author\d+(?:/|%2F)"
    r"|print=(?:1|true|yes)\b|tmpl=(?:component|print)\b"
    r"|(?:nv_)?redirect(?:_to|_?url)?=|return(?:_?url|_?to)?=|destination=|replytocom=)",
    re.IGNORECASE,
)
_CATEGORY_PATH = re.compile(r"/(?:category|categories|chuyen-muc|danh-muc|topic)/")


def slug_words(url: str) -> str:
    """Give the words of an address's path, without marks and endings.

    >>> slug_words("http://xa.test/tin-tuc/Hoat_dong.html?page=2")
    'tin tuc hoat dong'
    """
    path = re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", unquote(urlsplit(url).path))
    return " ".join(re.findall(r"[a-z0-9]+", strip_accents(path)))


def slug_name(url: str) -> str:
    """Give a name for a section from the last part of its address."""
    path = unquote(urlsplit(url).path).rstrip("/")
    last = re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", path.rpartition("/")[2])
    return shortened(last, TITLE)


def _is_article(url: str, *, is_banner: bool) -> bool:
    """Tell it by the address; banners lead to campaigns with a number: '…-covid-19.html'."""
    if _ARTICLE.search(url):
        return True
    words = slug_words(url.rstrip("/").rpartition("/")[2]).split()
    is_numbered = not is_banner and _NUMBERED.search(url)
    return len(words) >= (_NUMBERED_SLUG if is_numbered else _SLUG)


def _words(link: HtmlElement) -> str:
    """Give a link's text without the counter that may stand in it: 'Kinh tế 14'."""
    inner = [one for one in link.iterdescendants() if isinstance(one.tag, str)]
    counters = [one for one in inner if _COUNTER.fullmatch(tidy(one.text_content()))]
    return one_line(link, without=counters)


_COUNTER = re.compile(r"\(?\d+\)?")


def _says_more(one: PageLink, known: PageLink) -> bool:
    """Tell whether a link says more of its address than another: 'RSS' hides a list."""
    if known.kind is Kind.NO_LIST and one.kind is not Kind.NO_LIST:
        return not known.is_in_menu
    return one.is_in_menu and not known.is_in_menu


def _is_in_menu(link: HtmlElement) -> bool:
    """Tell whether a link stands in a menu: what a theme calls so has three links at least.

    'Previous' and 'next' at a post's foot are no menu, nor is a whole page ('nav-below-header').
    """
    around = [one for one in (link, *link.iterancestors()) if one.tag not in _WHOLE]
    menus = [one for one in around if one.tag == "nav" or _MENU.search(name_of(one))]
    if not menus:
        return False
    targets = {one.get("href") for one in menus[-1].iter("a")}
    return len(targets) >= _LEAST_OF_MENU


_WHOLE = frozenset({"html", "body", "main"})
_LEAST_OF_MENU = 3


def _image_text(link: HtmlElement) -> str:
    return next((tidy(image.get("alt") or "") for image in link.iter("img")), "")


_REFRESH_URL = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)


def refreshed_to(page: CapturedPage) -> str | None:
    """Give where a page sends its visitors by ``<meta http-equiv=refresh>``; None: nowhere."""
    for element in page.tree.iterdescendants("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            found = _REFRESH_URL.search(element.get("content") or "")
            if found:
                return joined(page.url, found[1].strip())
    return None


def base_of(home: CapturedPage) -> str:
    """Give the address below which the site lies: with a path where its links keep to it.

    Many units share a host, each in a folder (/web/xa-a/); but /trang-chu and /index.php are
    pages of a whole host.
    """
    parts = urlsplit(canonical(home.url))
    root = f"{parts.scheme}://{parts.netloc}/"
    folder = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    if folder == "/" or "." in parts.path.rstrip("/").rpartition("/")[2]:
        return root
    links = [urlsplit(link.url) for link in links_of(home)]
    own = [link.path for link in links if link.netloc == parts.netloc]
    below = [path for path in own if f"{path}/".startswith(folder)]
    return root.rstrip("/") + folder if len(below) > _BELOW * max(1, len(own)) else root


_BELOW = 0.5
"""Share of the own host's links from which a folder is a site of its own."""
