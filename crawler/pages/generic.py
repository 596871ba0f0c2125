"""Any site: by what the page says of itself, and where its prose stands. Pure.

The fallback family: it marks itself in ``Extraction.extractor``.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from rapidfuzz import fuzz

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, Parts
from crawler.pages.dateline import datelines, is_named_after_change, is_named_after_date
from crawler.pages.dates import is_publication, is_update, read_day
from crawler.pages.grouping import find_list, is_related
from crawler.pages.regions import main_elements
from crawler.pages.selectors import select_first
from crawler.pages.text import blocks, data_rows, name_of, one_line
from storage.folding import fold, strip_accents, tidy
from storage.records import vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

# Text runs shorter than this are labels, not prose (characters).
_RUN = 20
# The body is the smallest element with this share of the main area's prose.
_PROSE_SHARE = 0.7
# A page of links has at least so many dated ones, and less prose of its own than this (characters).
_LIST_ITEMS, _LIST_PROSE = 3, 200
# How many levels above headline and body the day may stand.
_DATE_REACH = 6
# How many boxes around a headline may hold the rest of an article without prose.
_TITLE_REACH = 3
# How many boxes around a headline in the page's banner may hold its day.
_BANNER_REACH = 2
# A paragraph of this length is text: the day stands before the first one (characters).
_PARAGRAPH = 60
_SLUG_START = 14
# Addresses keep the slips of a title's first draft ('don-ua-ba' for 'đơn của bà'); percent.
_SAME_SLUG = 92

_BOXES = frozenset(
    {"div", "td", "tr", "tbody", "table", "article", "section", "main", "form", "body"}
)
_HEADING_RANK = {"h1": 0, "h2": 1, "h3": 2, "p": 2}
_TITLE_NAME = re.compile(r"(?:^|[-_\s])(?:titles?|tieu-?de|headline)(?:$|[-_\s])|title$|tieude$")
# 'Thời gian: 08:00 10/05/2026' in a text is when a meeting will be.
_TIME_OF_EVENT = re.compile(r"\W*(?:vào )?thời gian\s*:", re.IGNORECASE)
_TEXT = frozenset({"p", "li", "td", "th", "dd"})
_TITLE_ONLY = re.compile(r"titles?|tieu-?de|headline")
_ID_IN_SLUG = re.compile(r"^\d+|\d+$")
_SITE_NAME = re.compile(r"\s+[|–—-]\s+")


class GenericPage(ArticlePage):
    """An article on a site of no known family."""

    family = "generic"
    revision = 8
    parts = Parts(
        lead=(".sapo", "[class*=sapo]", ".hometext", ".article-lead", ".lead-text", ".mo-ta"),
        body=("[itemprop=articleBody]",),
    )

    def refusal(self) -> str | None:
        """Refuse pages that are mostly links with days."""
        if self.version.select.body and super().body_elements():
            return None
        is_announced = self._announced_heading is not None
        if not self._prose_total and self.dated().day is None and not is_announced:
            return "no text and no day"
        return self._refusal_as_list()

    def _refusal_as_list(self) -> str | None:
        """Refuse links with days around which stands no text, and no short post with its day."""
        entries = [one for one in find_list(self.tree) if one.date and not is_related(one)]
        if len(entries) < _LIST_ITEMS:
            return None
        listed = {element for entry in entries for element in entry.container.iter()}
        prose = sum(n for element, n in self._prose.items() if element not in listed)
        is_short_post = (
            prose >= _PARAGRAPH
            and self._named_heading is not None
            and any(one not in listed for one, _ in self._datelines)
        )
        is_article = is_short_post or prose >= _LIST_PROSE
        return None if is_article else f"a list of {len(entries)} dated links"

    def is_marked(self) -> bool:
        """Tell it by Open Graph and JSON-LD."""
        return "article" in metadata.meta(self.tree, "og:type") or (
            metadata.is_structured_article(self.structured)
        )

    def headline(self) -> str | None:
        """Give the shown headline; failing that, a marked article's own metadata."""
        shown = super().headline()
        if shown or self.version.select.headline or not self.is_marked():
            return shown
        return next(iter(self._titles), None)

    @cached_property
    def headline_element(self) -> HtmlElement | None:
        """The heading that the page's title or address repeats; else the nearest above the text."""
        if self.version.select.headline:
            return super().headline_element
        if self._named_heading is not None:
            return self._named_heading
        body = self.body_elements()
        above = [one for one in self._headings if body and self._position(one) < self._start(body)]
        if above and self._is_below_text(above[0], body):
            return None
        tops = [one for one in above if one.tag == "h1"]
        if tops:
            return tops[0] if len(tops) == 1 else None
        return above[-1] if above else None

    def _is_below_text(self, heading: HtmlElement, body: list[HtmlElement]) -> bool:
        """Tell whether text of the body stands above a heading in it: then it heads a part."""
        place = self._position(heading)
        return body[0] in set(heading.iterancestors()) and any(
            self._prose.get(one, 0) for one in body[0].iter() if self._position(one) < place
        )

    def body_elements(self) -> list[HtmlElement]:
        """Give the smallest element that holds most of the prose."""
        if self.version.select.body:
            return super().body_elements()
        return self._marked_body or self._densest or self._around_heading

    @cached_property
    def date_elements(self) -> list[HtmlElement]:
        """What prints the day, within what holds headline and text."""
        if self.version.select.date:
            return super().date_elements
        return [element for element, _ in self._datelines]

    def template_days(self) -> list[str]:
        """Give the printed day; days that differ on one line, so that none of them is taken."""
        if self.version.select.date or not self._datelines:
            return super().template_days()
        texts = list(dict.fromkeys(text for _, text in self._datelines))
        return [" | ".join(texts)]

    @cached_property
    def _datelines(self) -> list[tuple[HtmlElement, str]]:
        """What prints the day: above the text, or below it with a label that says so."""
        body, head = self.body_elements(), self.headline_element
        if not body or head is None:
            return []
        beside = self._lines_in_banner() if head is self._named_above else []
        if beside:
            return _of_publication(beside)
        end = max(self._start(body), self._position(head) + 1)
        below: list[tuple[HtmlElement, str]] = []
        for scope in self._scopes(head, body):
            inner = [one for one in scope.iter() if one is not head and self._is_open(one)]
            above = [
                line
                for line in datelines(one for one in inner if self._position(one) < end)
                if not self._is_decoy(*line, head, body)
            ]
            if above:
                return _of_publication(above)
            after = datelines(one for one in inner if self._position(one) >= end)
            below = below or [(one, text) for one, text in after if is_publication(text)]
        return below

    def _is_decoy(
        self, element: HtmlElement, text: str, head: HtmlElement, body: Sequence[HtmlElement]
    ) -> bool:
        """Tell whether a printed day is none of the page's: a clock, an event's, a table's."""
        if is_publication(text):
            return False
        around = list(element.iterancestors())
        table = next((one for one in around if one.tag == "table"), None)
        if table is not None and table not in set(head.iterancestors()) and any(data_rows(table)):
            return True
        if _TIME_OF_EVENT.match(text) and not is_named_after_date(element):
            holders = {element, *takewhile(lambda one: one is not body[0], around)}
            return body[0] in around and any(one.tag in _TEXT for one in holders)
        is_above = self._position(element) < self._position(head)
        day = read_day(text, captured_at=self.page.captured_at).day if is_above else None
        return day is not None and day == vietnam_day(self.page.captured_at)

    def _lines_in_banner(self) -> list[tuple[HtmlElement, str]]:
        """What prints the day below a headline in the page's banner, not far from it.

        There a theme prints day and author too; the site's clock stands above its headline.
        """
        head = self._named_above
        if head is None:
            return []
        end = max(map(self._position, head.iter()))
        around = islice(head.iterancestors(), _BANNER_REACH)
        for holder in takewhile(lambda one: one.tag not in {"header", "body"}, around):
            inner = (one for one in holder.iterdescendants() if self._position(one) > end)
            lines = list(datelines(one for one in inner if self._unboxed.holds(one)))
            if lines:
                return lines
        return []

    def file_elements(self, body: Sequence[HtmlElement]) -> list[HtmlElement]:
        """Give the nearest box that holds headline and text."""
        head = self.headline_element
        return list(self._scopes(head, list(body)))[:1] if head is not None else []

    def _inner_parts(self, body: Sequence[HtmlElement]) -> list[HtmlElement]:
        """Give headline and day inside the body, and what stands above the headline there."""
        inner = {one for part in body for one in part.iterdescendants()}
        head = self.headline_element
        above: list[HtmlElement] = []
        if head is not None and head in inner:
            holders = set(head.iterancestors())
            start = self._position(head)
            above = [one for one in inner if self._position(one) < start and one not in holders]
        days = [one for one in self.date_elements if one in inner]
        return [*super()._inner_parts(body), *days, *above]

    def _scopes(self, head: HtmlElement, body: list[HtmlElement]) -> Iterator[HtmlElement]:
        """Give what holds headline and body, then a few levels above it."""
        around = [body[0], *body[0].iterancestors()]
        held = [one for one in around if one is head or one in set(head.iterancestors())]
        for scope in held[: _DATE_REACH + 1]:
            if scope.tag not in {"body", "html"}:
                yield scope

    def _start(self, body: list[HtmlElement]) -> int:
        """Give the position of the first whole paragraph of the body."""
        long = (
            self._position(one)
            for one in body[0].iter()
            if isinstance(one.tag, str) and self._prose.get(one, 0) >= _PARAGRAPH
        )
        return next(long, self._position(body[0]) + 1)

    @cached_property
    def _marked_body(self) -> list[HtmlElement]:
        # Not below the headline: where that is looked for, the body has to be known.
        return self._first_below(select_first(self.tree, self.parts.body), self._named_heading)

    @cached_property
    def _main(self) -> list[HtmlElement]:
        return list(main_elements(self.tree))

    @cached_property
    def _prose(self) -> dict[HtmlElement, int]:
        """Characters of running text that stand in each element of the main area itself."""
        prose: dict[HtmlElement, int] = {}
        headings = set(self._headings)
        for element in self._main:
            if self.is_boxed(element) or element in headings or _in_link(element):
                continue
            runs = [element.text, *(child.tail for child in element)]
            lengths = [len(tidy(run)) for run in runs if run]
            prose[element] = sum(length for length in lengths if length >= _RUN)
        return prose

    @cached_property
    def _densest(self) -> list[HtmlElement]:
        """The smallest box with most of the prose; empty when the page has none."""
        total: dict[HtmlElement, int] = {}
        for element, prose in self._prose.items():
            for holder in (element, *element.iterancestors()) if prose else ():
                total[holder] = total.get(holder, 0) + prose
        here = next((one for one in self._main if one.tag == "body"), None)
        if here is None or total.get(here, 0) < _PARAGRAPH:
            return []
        while True:
            # Of its children one at most can have that share.
            least = _PROSE_SHARE * total[here]
            best = next((one for one in here if total.get(one, 0) >= least), None)
            if best is None or best.tag not in _BOXES or not _is_text_box(best, here):
                return [here]
            if best.tag == "section" and self._goes_before(best):
                return [here]
            here = best

    def _goes_before(self, part: HtmlElement) -> bool:
        """Tell whether whole paragraphs stand before a part: it is a chapter, not the text."""
        before = part.itersiblings(preceding=True)
        return any(one.tag == "p" and self._prose.get(one, 0) >= _PARAGRAPH for one in before)

    @cached_property
    def _prose_total(self) -> int:
        return sum(self._prose.values())

    @cached_property
    def _around_heading(self) -> list[HtmlElement]:
        """The nearest box around the heading, with more text if possible: a title without prose."""
        head = self._named_heading
        around = [] if head is None else [one for one in head.iterancestors() if one.tag in _BOXES]
        more = [one for one in around[:_TITLE_REACH] if one_line(one) != one_line(head)]
        return (more or around)[:1]

    @cached_property
    def _headings(self) -> list[HtmlElement]:
        return [one for one in self._main if _is_heading(one) and one_line(one)]

    @cached_property
    def _announced_heading(self) -> HtmlElement | None:
        """On a page without text, the heading that is the title by which a dated list leads here.

        A list's word for it, and not the page's, so the title has to be the whole of it.
        """
        if self.announced is None or self._prose_total:
            return None
        title = fold(self.announced)
        return next((one for one in self._headings if fold(one_line(one)) == title), None)

    @cached_property
    def _named_heading(self) -> HtmlElement | None:
        """The heading that says what the page's title or address says; else the only 'title'."""
        if self._announced_heading is not None:
            return self._announced_heading
        named = [one for one in self._headings if self._is_named(one_line(one))]
        titles = [one for one in self._headings if _TITLE_ONLY.fullmatch(name_of(one))]
        # A section's name is often a post's whole address: '/dac-san'.
        is_sure = any(len(_plain(one_line(one))) >= _SLUG_START for one in named)
        if not is_sure and self._named_above is not None:
            return self._named_above
        if len(titles) == 1 and not is_sure:
            return titles[0]
        return min(
            named or islice(self._title_boxes(), 1),
            key=lambda one: (_HEADING_RANK.get(one.tag, 3), self._position(one)),
            default=None,
        )

    def _title_boxes(self) -> Iterator[HtmlElement]:
        """Give what shows a marked article's whole title though it is no heading."""
        if not self.is_marked():
            return
        titles = {fold(one) for one in self._titles if len(_plain(one)) >= _SLUG_START}
        for one in self._main:
            if one.text and fold(tidy(one.text)) in titles and not _in_link(one):
                yield one

    @cached_property
    def _named_above(self) -> HtmlElement | None:
        """A heading in the page's banner that is both its title and its address: wikis have it."""
        slug, titles = _plain(_last_segment(self.page.url)), set(map(fold, self._titles))
        is_short = len(slug) < _SLUG_START
        if is_short and not self.is_marked():
            return None
        inside = set(self._main)
        return next(
            (
                one
                for one in self.tree.iterdescendants()
                if isinstance(one.tag, str) and one not in inside and _is_heading(one)
                if fold(text := one_line(one)) in titles and _same_start(_plain(text), slug)
                if one.tag == "h1" or not is_short
            ),
            None,
        )

    @cached_property
    def _titles(self) -> list[str]:
        """What the page calls itself for machines, without the site's name."""
        named = [
            metadata.text_of(self.structured, "headline"),
            *metadata.meta(self.tree, "og:title", "twitter:title"),
            *(tidy(title.text_content()) for title in self.tree.iterdescendants("title")),
        ]
        whole = [name for name in named if name]
        shorter = (name[: end.start()] for name in whole for end in _SITE_NAME.finditer(name))
        return [*whole, *shorter]

    def _is_named(self, text: str) -> bool:
        """Tell whether a heading is what the page's title or its address says."""
        plain, slug = _plain(text), _plain(unquote(_last_segment(self.page.url)))
        by_address = any(_same_start(plain, one) for one in (slug, _ID_IN_SLUG.sub("", slug)))
        return by_address or fold(text) in map(fold, self._titles)


def _of_publication(lines: Sequence[tuple[HtmlElement, str]]) -> list[tuple[HtmlElement, str]]:
    """Give the datelines that say so, else those that do not say that they are of a change."""
    named = [(one, text) for one, text in lines if is_publication(text)]
    others = [
        (one, text) for one, text in lines if not is_update(text) and not is_named_after_change(one)
    ]
    return named or others or list(lines)


def _same_start(plain: str, slug: str) -> bool:
    """Tell whether two titles are the same but for a slip; one of them perhaps cut off."""
    shorter = min(len(plain), len(slug))
    if shorter < _SLUG_START:
        return plain == slug
    return fuzz.ratio(plain[:shorter], slug[:shorter]) >= _SAME_SLUG


def _plain(text: str) -> str:
    """Give letters and digits only, without marks."""
    return re.sub(r"[^a-z0-9]", "", strip_accents(text))


def _last_segment(url: str) -> str:
    segment = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return re.sub(r"\.(?:html?|php|aspx?|jsp)$", "", segment)


def _is_heading(element: HtmlElement) -> bool:
    if (
        _in_link(element)
        or next(element.iterdescendants("p", "h1", "h2", "table"), None) is not None
    ):
        return False
    if element.tag in {"table", "tbody", "tr", "ul", "li", "form"}:
        return False
    return element.tag in {"h1", "h2", "h3"} or bool(_TITLE_NAME.search(name_of(element)))


def _in_link(element: HtmlElement) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _is_text_box(element: HtmlElement, holder: HtmlElement) -> bool:
    """Tell whether an element may be the body: several blocks, or all that its holder has."""
    return len(blocks(element, limit=2)) > 1 or one_line(element) == one_line(holder)


FAMILY = Family(page=GenericPage)
