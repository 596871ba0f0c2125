"""Families that are known by their addresses, while every site has its own template. Pure.

The software says in the address that a page is an article; where headline, text and day stand
is the vendor's or the office's own affair. So the parts stand where the family has them, and
else where the shape of the page shows them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from crawler.pages.base import ArticlePage
from crawler.pages.generic import GenericPage
from crawler.pages.selectors import select_first
from crawler.pages.text import one_line
from crawler.urls import canonical, joined

if TYPE_CHECKING:
    import re

    from lxml.html import HtmlElement


class ShapedPage(GenericPage):
    """An article on software that is told by its addresses."""

    article_address: ClassVar[re.Pattern[str]]
    """Found in the address of every article, and of nothing else."""

    def refusal(self) -> str | None:
        """Take an article's address for what it says; judge all others by their shape.

        Where an article was taken down, its address may show a list of others.
        """
        if self._is_addressed:
            return None if select_first(self.tree, self.parts.body) else self._refusal_as_list()
        head = None if self.version.select.headline else self._named_heading
        if head is not None and self._leads_elsewhere(head):
            return "its headline is a link to another page"
        return super().refusal()

    def _leads_elsewhere(self, head: HtmlElement) -> bool:
        """Tell whether a headline is a link, and not to this page: a list shows it."""
        links = [*head.iter("a"), *head.iterancestors("a")]
        targets = (joined(self.page.url, link.get("href") or "") for link in links)
        return any(canonical(target) != canonical(self.page.url) for target in targets)

    def is_marked(self) -> bool:
        """Tell it by the address."""
        return self._is_addressed or super().is_marked()

    @property
    def _is_addressed(self) -> bool:
        return self.article_address.search(self.page.url) is not None

    @cached_property
    def _named_heading(self) -> HtmlElement | None:
        """Where the family has the headline; else the heading that title or address repeats."""
        known = select_first(self.tree, self.parts.headline)
        named = next((one for one in known if one_line(one)), None)
        return named if named is not None else super()._named_heading

    @cached_property
    def date_elements(self) -> list[HtmlElement]:
        """Where the family has it; else the dateline nearest above the text."""
        return self._known_dates or super().date_elements

    def template_days(self) -> list[str]:
        """Give what is printed where the family has the day; else what the shape shows."""
        return ArticlePage.template_days(self) if self._known_dates else super().template_days()

    @cached_property
    def _known_dates(self) -> list[HtmlElement]:
        return [] if self.version.select.date else self._near(self.parts.date)
