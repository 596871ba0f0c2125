"""The contract of the page families: one capture of an article page → ``Extraction``. Pure.

A family knows where one kind of site software puts things; a profile's selectors replace its
own. Nothing is guessed, and a page that is no article, or no longer looks as it should, is
refused with a reason.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote, urlsplit

from crawler.errors import LayoutChanged, NotAnArticle
from crawler.pages import dating, metadata
from crawler.pages.body import tell_apart
from crawler.pages.dateline import datelines, is_for_change, is_named_after_change
from crawler.pages.enclosed import documents, pictures, section_of
from crawler.pages.regions import MainArea, Unboxed
from crawler.pages.selectors import select, select_first
from crawler.pages.text import noise_in, one_line
from storage.folding import tidy
from storage.records import DateSource, Extraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from crawler.pages.captured import CapturedPage
    from crawler.pages.dates import Clock
    from crawler.pages.dating import Dated
    from crawler.pages.markers import Marker
    from crawler.profiles import DateRules, ProfileVersion

# Last segments of addresses that never hold an article.
_NO_ARTICLE_WORDS = (
    "lien-he lienhe contact contact-us dang-nhap login dang-ky register tim-kiem search"
    " so-do-site so-do-trang so-do-website sitemap trang-chu home index default rss"
)
_NO_ARTICLE = frozenset(_NO_ARTICLE_WORDS.split(None))
_META_DAYS = (
    *("article:published_time", "og:article:published_time", "DC.date.issued", "DC.date"),
    *("DC.date.created", "dcterms.issued", "dcterms.date", "dcterms.created"),
    *("publishdate", "publish-date", "publish_date", "pubdate", "parsely-pub-date"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Where a family has the parts of an article: CSS selectors, tried in order."""

    headline: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    """Who wrote it, or whose account posted it; a signature in the text goes before it."""
    credits: tuple[str, ...] = ()
    """Lines that say 'Tác giả: …', 'Nguồn: …' beside the body."""
    files: tuple[str, ...] = ()
    """Boxes beside the body that list the article's attached files."""
    noise: tuple[str, ...] = ()
    """Boxes inside the body that do not belong to it, beyond what ``text.noise_in`` knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListParts:
    """Where a family has the parts of a list's items: one way in which it prints lists.

    What is None is looked for inside the item.
    """

    item: str
    link: str | None = None
    title: str | None = None
    """None: the link's own text."""
    date: str | None = None
    aside: str | None = None
    """Parts of the title's element that are not the title: a number, a mark 'new'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """All that is known of one kind of site software."""

    page: type[ArticlePage]
    lists: tuple[ListParts, ...] = ()
    """The ways in which it prints lists; the first that fits a page is taken."""
    next: tuple[str, ...] = ()
    """Links to the next page of a list, tried in order."""
    markers: tuple[Marker, ...] = ()
    """What in a page, an address or a header speaks for it."""


class ArticlePage(ABC):
    """Reads one capture of an article page. Pure: same capture, same answer."""

    family: ClassVar[str]
    revision: ClassVar[int]
    """Raised when the same capture would read differently."""
    parts: ClassVar[Parts]
    clock: ClassVar[Clock | None] = None
    """UTC where the software stamps its posts itself, so that what it marks as UTC's is."""

    @classmethod
    def date_rules(cls, version: ProfileVersion) -> DateRules:
        """Give the profile's rules for days, with what the family knows of its clock."""
        rules = version.dates
        if rules.clock is not None or cls.clock is None:
            return rules
        return rules.model_copy(update={"clock": cls.clock})

    def __init__(
        self, page: CapturedPage, version: ProfileVersion, *, announced: str | None = None
    ) -> None:
        self.page = page
        self.version = version
        self.announced = announced
        """The title by which a list announces the page beside a day; None: it says none."""
        self.tree: HtmlElement = page.tree

    def refusal(self) -> str | None:
        """Say why this is no article although it may look like one; None: it may be one."""
        return None

    @abstractmethod
    def is_marked(self) -> bool:
        """Tell whether the page says that it is one of this family's articles.

        If it is, a missing part means a changed layout; if not, it is no article.
        """

    def read(self) -> Extraction:
        """Give all that the page says of the article.

        Raises:
            NotAnArticle: a list, home page, form or other page.
            LayoutChanged: an article of this family, but headline or body is not in its place.
        """
        refusal = _refusal_by_address(self.page.url) or self.refusal()
        if refusal:
            raise NotAnArticle(refusal)
        headline, body = self.headline(), self.body_elements()
        if not headline or not body:
            missing = "no body" if headline else "no headline" if body else "no headline, no body"
            raise (LayoutChanged if self._is_ours(headline) else NotAnArticle)(missing)
        return self._extraction(headline, body, self.dated())

    def headline(self) -> str | None:
        """Give the headline; None when it is not in its place."""
        element = self.headline_element
        return (
            (one_line(element, without=noise_in(element)) or None) if element is not None else None
        )

    @cached_property
    def headline_element(self) -> HtmlElement | None:
        """The first element with text among those that hold the headline."""
        found = self._part(self.version.select.headline, self.parts.headline)
        return next((element for element in found if one_line(element)), None)

    def body_elements(self) -> list[HtmlElement]:
        """Give the element that holds the text, with its like siblings; empty: not in its place.

        Of several, the first that holds or follows the headline: boxes above it use the same
        names.
        """
        found = self._part(self.version.select.body, self.parts.body)
        return self._first_below(found, self.headline_element) if found else []

    def _first_below(self, found: list[HtmlElement], head: HtmlElement | None) -> list[HtmlElement]:
        """Give the first element that holds or follows the headline, with its like siblings."""
        if len(found) <= 1:
            return found
        start = self._position(head) if head is not None else 0
        below = [one for one in found if self._position(one) > start or _holds(one, head)] or found
        return [below[0], *(one for one in below[1:] if _are_siblings(one, below[0]))]

    def dated(self) -> Dated:
        """Give the day by the profile's order of trust."""
        return dating.published(
            {
                DateSource.STRUCTURED: self.structured_days(),
                DateSource.META: self.meta_days(),
                DateSource.TEMPLATE: self.template_days(),
                DateSource.URL: self.address_days(),
            },
            self.date_rules(self.version),
            captured_at=self.page.captured_at,
        )

    def structured_days(self) -> list[str]:
        """Give the days that JSON-LD or microdata gives for this article."""
        day = metadata.text_of(self.structured, "datePublished")
        return [day] if day else metadata.microdata_days(self.tree)

    def meta_days(self) -> list[str]:
        """Give the days of meta elements, then of ``<time datetime>`` where the day stands."""
        times = [
            time.get("datetime")
            for element in self.date_elements
            for time in element.iter("time")
            if time.get("datetime") is not None and not is_for_change(time)
        ]
        return [*metadata.meta(self.tree, *_META_DAYS), *filter(None, map(tidy, times))]

    def template_days(self) -> list[str]:
        """Give the days that the template prints, as printed."""
        found = [line for element in self.date_elements for line in datelines(element.iter())]
        found.sort(key=lambda line: is_named_after_change(line[0]))
        return [text for _, text in found] or [
            text for element in self.date_elements if (text := one_line(element))
        ]

    def address_days(self) -> list[str]:
        """Give the days that the address tells, as ISO days."""
        url = self.page.url
        return [
            *dating.days_in_path(url),
            *dating.instants_in_path(url, captured_at=self.page.captured_at),
        ]

    @cached_property
    def structured(self) -> metadata.Thing:
        """The JSON-LD object of this article; empty without."""
        return metadata.structured_article(self.tree)

    @cached_property
    def date_elements(self) -> list[HtmlElement]:
        """Where the template prints the day: never in a side box or a list of others."""
        chosen = self.version.select.date
        if chosen:
            found, body = select(self.tree, chosen), self.body_elements()
            return [one for one in found if not any(_holds(part, one) for part in body)] or found
        return self._near(self.parts.date)

    def lead_elements(self, body: Sequence[HtmlElement]) -> list[HtmlElement]:
        """Give the lead: below the headline, not in a box, and not all of the body."""
        if self.version.select.lead:
            return select(self.tree, self.version.select.lead)
        near = self._near(self.parts.lead)
        head = self.headline_element if near else None
        start = self._position(head) if head is not None else 0
        return [one for one in near if self._position(one) > start and not _holds(one, body[0])]

    def file_elements(self, body: Sequence[HtmlElement]) -> list[HtmlElement]:
        """Give what may list the article's files beside its body."""
        del body
        return self._every(self.parts.files)

    def _near(self, selectors: Sequence[str]) -> list[HtmlElement]:
        """Give the matches of the first selector that has any in the main area, out of boxes."""
        places = (
            [one for one in select(self.tree, css) if self._is_open(one)] for css in selectors
        )
        return next(filter(None, places), [])

    def _is_open(self, element: HtmlElement) -> bool:
        return self._main_area.holds(element) and self._unboxed.holds(element)

    def is_boxed(self, element: HtmlElement) -> bool:
        """Tell whether it lies in a share bar, a list of other articles, comments or the like."""
        return not self._unboxed.holds(element)

    @cached_property
    def _main_area(self) -> MainArea:
        return MainArea(self.tree)

    @cached_property
    def _unboxed(self) -> Unboxed:
        return Unboxed(self.tree)

    def _part(self, override: str | None, selectors: Sequence[str]) -> list[HtmlElement]:
        return select(self.tree, override) if override else select_first(self.tree, selectors)

    def _every(self, selectors: Sequence[str]) -> list[HtmlElement]:
        return [element for css in selectors for element in select(self.tree, css)]

    def _is_ours(self, headline: str | None) -> bool:
        """Tell it by the page's marks, or by the operator's selector for the headline."""
        return self.is_marked() or bool(headline and self.version.select.headline)

    def _position(self, element: HtmlElement) -> int:
        return self._order.get(element, 0)

    @cached_property
    def _order(self) -> dict[HtmlElement, int]:
        return {element: index for index, element in enumerate(self.tree.iter())}

    def _extraction(self, headline: str, body: Sequence[HtmlElement], dated: Dated) -> Extraction:
        without = [*self._inner_parts(body), *self._every(self.parts.noise)]
        boxes = [box for part in body for box in noise_in(part)]
        text = tell_apart(
            body,
            headline=headline,
            leads=self.lead_elements(body),
            without=[*without, *boxes],
            authors=self._every(self.parts.author),
            credit_lines=self._every(self.parts.credits),
        )
        files, base = self.file_elements(body), self.page.base_url
        boxes += [box for part in files for box in noise_in(part)]
        return Extraction(
            headline=headline,
            lead=text.lead,
            body=text.body,
            date_published=dated.day,
            date_published_raw=dated.raw,
            date_source=dated.source,
            date_candidates=dated.candidates,
            byline=text.byline,
            source_line=text.source_line,
            section=section_of(self.tree, self.structured, headline=headline),
            images=pictures(body, base, without=[*without, *boxes]),
            attachments=documents([*body, *files], base, without=boxes),
            text_note=text.note,
            extractor=f"{self.family}@{self.revision}",
        )

    def _inner_parts(self, body: Sequence[HtmlElement]) -> list[HtmlElement]:
        """Give headline and day where they stand inside the body's element."""
        parts = [self.headline_element, *self._part(self.version.select.date, self.parts.date)]
        return [part for part in parts if part is not None and part not in body]


def _refusal_by_address(url: str) -> str | None:
    parts = urlsplit(url)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2].lower()
    if parts.query:
        return None
    if not last:
        return "the site's front page"
    name = re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", last)
    return f"address of a service page: {name}" if name in _NO_ARTICLE else None


def _holds(outer: HtmlElement, inner: HtmlElement | None) -> bool:
    return inner is not None and (inner is outer or outer in inner.iterancestors())


def _are_siblings(one: HtmlElement, other: HtmlElement) -> bool:
    return one.getparent() is not None and one.getparent() is other.getparent()
