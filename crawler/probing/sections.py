"""What a page that was looked at holds: a list of news, of documents, a box, or no list. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.discovery.feed import is_feed
from crawler.discovery.listing import read_list
from crawler.discovery.words import is_next_word
from crawler.pages.families import FAMILIES
from crawler.pages.grouping import find_list
from crawler.pages.text import one_line
from crawler.probing.clues import Clue
from crawler.probing.links import Kind
from crawler.reading import read_article_page
from crawler.urls import belongs, canonical, canonical_for
from storage.folding import strip_accents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from crawler.pages.captured import CapturedPage, ListedItem
    from crawler.probing.links import PageLink
    from crawler.probing.samples import Read
    from crawler.profiles import ProfileVersion, SiteProfile


class Verdict(Enum):
    """What a page is, as a section of the site."""

    NEWS = "news"
    """A list of items with days."""
    UNDATED = "undated"
    """A list of items without days: its articles must show whether it is one of news."""
    DOCUMENTS = "documents"
    """A list of legal texts, forms or files."""
    MEDIA = "media"
    TWIN = "twin"
    """The same items as another page: a box of the layout, or a second address."""
    NO_LIST = "no_list"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A page that was looked at as a section: what stands on it."""

    link: PageLink
    page: CapturedPage
    items: tuple[ListedItem, ...]
    """Those that lie on the site."""
    next_url: str | None
    is_form: bool
    """The next page is asked for by sending a form."""
    is_cut_off: bool
    """More follows, but only a script knows how to ask for it."""
    is_article: bool
    """It reads as an article with a text: its list is of others. Entries of menus only where
    they hardly list anything, and say that they are one."""
    files: int
    """Items that are files (PDF, Word …), not pages."""
    has_document_table: bool
    """It has columns such as 'Số ký hiệu', 'Trích yếu'."""

    @property
    def days(self) -> list[dt.date]:
        """The days of the items, in the order of the list."""
        return [item.day for item in self.items if item.day is not None]

    @property
    def is_dated_list(self) -> bool:
        """Tell whether days are printed beside its items, readable or not."""
        return sum(item.day_raw is not None for item in self.items) >= LEAST_UNDATED

    @property
    def dated_share(self) -> float:
        """Share of the items that have a day; 0 without items."""
        return len(self.days) / len(self.items) if self.items else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A page with its verdict and why."""

    look: Look
    verdict: Verdict
    clues: tuple[Clue, ...]


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar)$", re.IGNORECASE)
_DOCUMENT_COLUMNS = re.compile(
    r"\b(?:so ?/? ?ky hieu|so van ban|trich yeu|ngay ban hanh|loai van)\b"
)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|mp[34])$", re.IGNORECASE)

DATED_SHARE = 0.5
"""Share of dated items from which a list is a dated one: pinned items often lack a day."""
LEAST_UNDATED = 3
"""Items from which a list without days is worth asking for its articles."""


def look_at(
    link: PageLink, page: CapturedPage, version: ProfileVersion, profile: SiteProfile
) -> Look:
    """Read a page as a list of items on the site."""
    listed = read_list(page, version)
    here = {canonical_for(url, profile) for url in (page.url, link.url, profile.base_url)}
    own, seen = [], set()
    for item in listed.items:
        address = canonical_for(item.url, profile)
        if address in seen or address in here:
            continue
        if belongs(item.url, profile) and not _IMAGE.search(urlsplit(item.url).path):
            seen.add(address)
            own.append(item)
    return Look(
        link=link,
        page=page,
        items=tuple(own),
        next_url=listed.next_url,
        is_form=listed.next_form is not None,
        is_cut_off=listed.is_cut_off,
        is_article=(
            _is_post(page, version)
            if link.is_in_menu and len(own) < LEAST_UNDATED
            else not link.is_in_menu and _is_article(page, version)
        ),
        files=sum(1 for item in own if _FILE.search(urlsplit(item.url).path)),
        has_document_table=_has_document_table(page),
    )


def _is_article(page: CapturedPage, version: ProfileVersion) -> bool:
    extraction = read_article_page(page, version).extraction
    return extraction is not None and len(extraction.body) >= ARTICLE_TEXT


def _is_post(page: CapturedPage, version: ProfileVersion) -> bool:
    """Tell whether a page says of itself that it is an article, and has a day.

    Menus that show the whole tree of a site lead to its posts; their only item is an author.
    """
    extraction = read_article_page(page, version).extraction
    is_dated = extraction is not None and extraction.date_published is not None
    return is_dated and FAMILIES[version.family].page(page, version).is_marked()


def may_fill_later(look: Look, version: ProfileVersion) -> bool:
    """Tell whether a page that is called after news shows hardly an item, and is no text itself.

    Its list may be empty today, or filled by a script. A feed is a channel, not a page.
    """
    is_short = look.link.kind is Kind.NEWS and len(look.items) < LEAST_UNDATED
    is_text = look.is_article or _is_article(look.page, version)
    return is_short and not is_text and not is_feed(look.page)


ARTICLE_TEXT = 300
"""Characters of body from which a page is an article; the notes on top of lists are shorter."""


def without(look: Look, sections: Collection[str], profile: SiteProfile) -> Look:
    """Give a look without the items that are sections themselves (canonical addresses)."""
    others = set(sections) - {canonical_for(look.link.url, profile)}
    kept = tuple(one for one in look.items if canonical_for(one.url, profile) not in others)
    return replace(look, items=kept)


def _has_document_table(page: CapturedPage) -> bool:
    """Tell whether a table's first rows name the columns of legal texts."""
    for table in page.tree.iterdescendants("table"):
        for row in list(table.iterdescendants("tr"))[:2]:
            words = {
                found[0]
                for cell in row
                if isinstance(cell.tag, str)
                and (found := _DOCUMENT_COLUMNS.search(strip_accents(one_line(cell)[:60])))
            }
            if len(words) > 1:
                return True
    return False


def judge(
    looks: Sequence[Look], profile: SiteProfile, posts: Collection[str] = ()
) -> list[Section]:
    """Give the verdict on every page, in the order they came.

    One by one, then against each other: of pages with the same items the first is the section.
    A later one that is called after news stays one, too: its list may be the same today only.
    An address that only sends on to a page that was judged is no section of its own, and none is
    one of the ``posts``: canonical addresses that a feed announces.
    """
    shown = {
        canonical_for(item.url, profile)
        for look in looks
        if look.is_dated_list
        for item in look.items
        if item.day is not None
    }
    sections: list[Section] = []
    kept: dict[frozenset[str], str] = {}
    pages: dict[str, str] = {}
    for look in looks:
        is_shown = canonical_for(look.link.url, profile) in shown and not look.is_dated_list
        is_post = is_shown and not look.link.is_in_menu
        is_post |= canonical_for(look.link.url, profile) in posts
        verdict, clues = _alone(replace(look, is_article=look.is_article or is_post))
        own = frozenset(canonical_for(item.url, profile) for item in look.items)
        twin = kept.get(own)
        place = canonical_for(look.page.url, profile)
        if verdict in {Verdict.NEWS, Verdict.UNDATED} and place in pages:
            same = Clue(f"cùng một trang với “{pages[place]}”", f"one page with '{pages[place]}'")
            sections.append(Section(look=look, verdict=Verdict.TWIN, clues=(*clues, same)))
            continue
        pages.setdefault(place, look.link.name)
        if own and twin is not None and verdict in {Verdict.NEWS, Verdict.UNDATED}:
            is_own_list = look.link.kind is Kind.NEWS and verdict is Verdict.NEWS
            verdict = verdict if is_own_list else Verdict.TWIN
            same = Clue(f"nay cùng các mục như “{twin}”", f"now the same items as '{twin}'")
            clues = (*clues, same)
        if verdict is Verdict.NEWS:
            kept.setdefault(own, look.link.name)
        sections.append(Section(look=look, verdict=verdict, clues=clues))
    return sections


def _alone(look: Look) -> tuple[Verdict, tuple[Clue, ...]]:
    count, dated = len(look.items), len(look.days)
    facts = Clue(
        f"{count} mục, {dated} có ngày" + (f" ({_span(look.days)})" if dated else ""),
        f"{count} items, {dated} with a day" + (f" ({_span(look.days)})" if dated else ""),
    )
    if not count or look.is_article:
        nothing = Clue("không có danh sách", "no list on it")
        return Verdict.NO_LIST, (
            Clue("là một bài viết", "an article itself") if look.is_article else nothing,
        )
    if look.has_document_table or 2 * look.files >= count:
        why = (
            Clue("bảng có cột số ký hiệu, trích yếu", "a table of numbers and summaries")
            if look.has_document_table
            else Clue(f"{look.files} mục là tệp", f"{look.files} items are files")
        )
        return Verdict.DOCUMENTS, (facts, why)
    if look.link.kind in _BY_NAME:
        return _BY_NAME[look.link.kind], (facts, Clue("theo tên mục", "by its name"))
    if look.dated_share >= DATED_SHARE:
        return Verdict.NEWS, (facts, *_paging(look))
    if count >= LEAST_UNDATED:
        return Verdict.UNDATED, (facts, *_paging(look))
    return Verdict.NO_LIST, (facts,)


_BY_NAME = {
    Kind.DOCUMENTS: Verdict.DOCUMENTS,
    Kind.MEDIA: Verdict.MEDIA,
    Kind.NO_LIST: Verdict.NO_LIST,
}


def _paging(look: Look) -> Iterable[Clue]:
    if look.is_cut_off:
        yield Clue("trang sau mở bằng script", "its next page opens by script")
    if look.is_form:
        yield Clue("trang sau gửi bằng biểu mẫu", "its next page is asked for by a form")
    elif look.next_url is not None:
        path = look.next_url.removeprefix("{0.scheme}://{0.netloc}".format(urlsplit(look.next_url)))
        yield Clue(f"trang sau: {path[:80]}", f"next page: {path[:80]}")


def _span(days: Sequence[dt.date]) -> str:
    first, last = min(days), max(days)
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y} – {last:%d/%m/%Y}"


def settled_by_articles(section: Section, reads: Sequence[Read]) -> Section:
    """Decide on a list by the articles that it led to.

    Of one without days half must be articles with the titles that the list shows; without any
    article the verdict stays open. One with days is none of news where all are lists themselves.
    """
    if section.verdict is Verdict.NEWS and len(reads) >= LEAST_UNDATED and all(map(is_list, reads)):
        clue = Clue("các mục đều là danh sách, không phải bài", "its items are lists, not articles")
        return Section(look=section.look, verdict=Verdict.NO_LIST, clues=(*section.clues, clue))
    if section.verdict is not Verdict.UNDATED or not reads:
        return section
    good = sum(one.has_its_title for one in reads)
    clue = Clue(
        f"{good}/{len(reads)} bài đọc thử có đúng tiêu đề",
        f"{good} of {len(reads)} sample articles have their title",
    )
    verdict = Verdict.NEWS if 2 * good >= len(reads) else Verdict.NO_LIST
    return Section(look=section.look, verdict=verdict, clues=(*section.clues, clue))


def is_list(one: Read) -> bool:
    """Tell whether a sample that was refused is itself a list of dated links.

    Not one of which only the parts were not found: other articles stand below it, with their days.
    """
    dated = (entry for entry in find_list(one.sample.page.tree) if entry.date)
    return one.is_other_page and len(list(islice(dated, LEAST_UNDATED))) == LEAST_UNDATED


def may_go_on(look: Look) -> bool:
    """Tell whether a list is as long as a page and shows no way to a further one."""
    return look.next_url is None and not look.is_cut_off and len(look.items) >= FULL_PAGE


def promises_more(look: Look) -> bool:
    """Tell whether a list says that there is a next page: 'Trang sau'."""
    return any(is_next_word(one_line(link).lower()) for link in look.page.tree.iterdescendants("a"))


FULL_PAGE = 8
"""Items from which a list may go on. measured: lists of the saved sites show 8 to 20 a page."""


def lists_everything(look: Look, reads: Sequence[Read]) -> bool:
    """Tell whether a dated list shows every sample of other lists that is young enough for it.

    At least three such samples are needed, each younger than the list's oldest item.
    """
    if not look.days:
        return False
    shown, oldest = {canonical(item.url) for item in look.items}, min(look.days)
    young = [
        one.sample.item.url
        for one in reads
        if one.sample.section != look.link.url
        and one.extraction is not None
        and (one.extraction.date_published or oldest) > oldest
    ]
    return len(young) >= LEAST_UNDATED and all(canonical(url) in shown for url in young)
