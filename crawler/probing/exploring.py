"""Looks at the pages of a site that may be sections: the likeliest first, and few of the others."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import quality
from crawler.probing import links, sections
from crawler.probing.clues import Clue
from crawler.probing.fetching import Answer, Miss
from crawler.probing.links import Kind, PageLink
from crawler.urls import belongs, canonical, canonical_for
from storage.gone import tells
from storage.records import Disposition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.pages.captured import CapturedPage
    from crawler.probing.fetching import Visit
    from crawler.probing.sections import Look
    from crawler.profiles import ProfileVersion, SiteProfile

KEPT_BACK = 21
"""Requests that are left for samples, second pages, feeds and sitemaps."""
PATIENCE = 8
"""Links of which nothing is known that may lead nowhere, one after the other."""
SIBLINGS = 8
"""Pages of one folder that are all articles, from which its others are taken for articles as well:
some menus show the whole tree of a site."""
FRUITLESS = {Kind.OTHER: 16, Kind.DOCUMENTS: 5, Kind.MEDIA: 3}
"""Pages of a menu without a list of dated posts that are asked for, by what their links promise:
the menus of portals have hundreds. What promises news has no such bound."""


@dataclass
class Explorer:
    """Goes from the home page to what may be sections, and remembers what it met."""

    visit: Visit
    home: CapturedPage
    profile: SiteProfile
    pages: dict[str, tuple[PageLink, CapturedPage]] = field(default_factory=dict)
    """The pages that were looked at as sections, by canonical address."""
    misses: list[Miss] = field(default_factory=list)
    missed: list[tuple[PageLink, Miss]] = field(default_factory=list)
    """Of these, links that may lead to sections: all but those that the site says are not there."""
    unseen: list[PageLink] = field(default_factory=list)
    """Links of menus that may lead to sections, and were not looked at."""
    passed_over: list[tuple[PageLink, Clue]] = field(default_factory=list)
    """Links of menus that were not looked at, and why they are no sections."""
    lists_of_lists: set[str] = field(default_factory=set)
    """Canonical addresses of pages whose items are sections."""
    _folders: dict[str, list[bool]] = field(default_factory=dict)
    """By folder, whether each page that was looked at is an article."""
    is_spent: bool = False
    """No request was left for them; else too many like them were fruitless."""

    def explore(self, version: ProfileVersion) -> None:
        """Look at the likeliest sections, and at those to which they lead."""
        waiting = {link.url: link for link in self._links(self.home)}
        asked, idle = {canonical(self.home.url), canonical(self.profile.base_url)}, 0
        articles: set[str] = set()
        fruitless: Counter[Kind] = Counter()
        while True:
            waited = [one for url, one in waiting.items() if url not in asked | articles]
            left = [one for one in waited if not self._is_of_articles(one.url)]
            open_ones = [one for one in left if fruitless[one.kind] < _bound(one.kind)]
            link = min(open_ones, key=lambda one: one.rank, default=None)
            self.unseen = [one for one in left if one.promises_news]
            self.passed_over = [
                *((one, OF_ARTICLES) for one in waited if one.promises_news and one not in left),
                *((one, BY_NAME) for one in left if one.is_in_menu and one.kind in _NOT_BY_NAME),
            ]
            self.is_spent = link is not None and not self.has_room(KEPT_BACK)
            if link is None or link.kind is Kind.NO_LIST or self.is_spent:
                return
            if idle >= PATIENCE and not link.promises_news:
                return
            asked.add(link.url)
            page = self._opened(link)
            if page is None:
                fruitless[link.kind] += 1
                continue
            look = sections.look_at(link, page, version, self.profile)
            self.pages[link.url] = (link, page)
            self._folders.setdefault(_folder(link.url), []).append(look.is_article)
            is_found = any(item.day_raw for item in look.items)
            fruitless[link.kind] += not is_found or link.kind is not Kind.OTHER
            idle = 0 if is_found or link.kind is not Kind.OTHER or link.is_in_menu else idle + 1
            named = {url for url, one in waiting.items() if one.is_in_menu}
            listed = {canonical(item.url): item for item in look.items}
            articles |= {url for url, item in listed.items() if item.day_raw or url not in named}
            for further in self._links(page) if look.items else ():
                waiting.setdefault(further.url, further)

    def _is_of_articles(self, url: str) -> bool:
        return self.is_among_articles(url, least=SIBLINGS) and urlsplit(url).path.count("/") > 1

    def is_among_articles(self, url: str, *, least: int) -> bool:
        """Tell whether so many pages of an address's folder were seen, all of them articles."""
        seen = self._folders.get(_folder(url), ())
        return len(seen) >= least and all(seen)

    def look_at_listed(self, look: Look) -> None:
        """Look at the items of a list of lists as at sections; those without room are unseen."""
        self.lists_of_lists.add(canonical_for(look.page.url, self.profile))
        for item in look.items:
            link = links.section_of(item)
            if not self.has_room(KEPT_BACK):
                self.unseen.append(link)
                self.is_spent = True
            elif (page := self._opened(link)) is not None:
                self.pages.setdefault(link.url, (link, page))

    def has_room(self, kept_back: int) -> bool:
        """Tell whether more requests are left than are kept back."""
        return self.visit.asked < max(self.visit.requests - kept_back, self.visit.requests // 2)

    def _links(self, page: CapturedPage) -> Iterator[PageLink]:
        return (link for link in links.links_of(page) if belongs(link.url, self.profile))

    def page(self, url: str) -> CapturedPage | None:
        """Ask for a page; None when it is no real one, which is kept as a miss."""
        got = self._asked(url)
        if isinstance(got, Miss):
            self.misses.append(got)
            return None
        return got if belongs(got.url, self.profile) else None

    def _opened(self, link: PageLink) -> CapturedPage | None:
        """Ask for what may be a section; a miss is told apart when it may be one all the same."""
        page, got = self.page(link.url), self._asked(link.url)
        if isinstance(got, Miss) and link.promises_news and got.fate is not Disposition.OFF_SITE:
            answer = self.visit.get(link.url)
            status = answer.page.status if isinstance(answer, Answer) else None
            if tells(got.fate, status=status, reason=got.reason) is not False:
                self.missed.append((link, got))
        return page

    def _asked(self, url: str) -> CapturedPage | Miss:
        """Ask for a page, each address once, and judge what came."""
        got = self.visit.get(url)
        if isinstance(got, Miss):
            return got
        if not links.is_of_a_size(got.page):
            reason = f"more than {links.MOST_LINKS} links"
            return Miss(asked=url, fate=Disposition.UNREADABLE, reason=reason)
        verdict = quality.judge(got.page)
        if verdict.disposition is not None:
            reason = verdict.reason or verdict.disposition.value
            return Miss(asked=url, fate=verdict.disposition, reason=reason)
        return got.page


_NOT_BY_NAME = frozenset({Kind.DOCUMENTS, Kind.MEDIA})
BY_NAME = Clue("theo tên mục, chưa mở", "by its name, not looked at")
OF_ARTICLES = Clue(
    "chưa mở: các trang cùng thư mục đã xem đều là bài viết",
    "not looked at: all pages of its folder that were looked at are articles",
)


def _folder(url: str) -> str:
    return url.rstrip("/").rpartition("/")[0]


def _bound(kind: Kind) -> float:
    return FRUITLESS.get(kind, float("inf"))
