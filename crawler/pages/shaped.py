"""Families that are known by their addresses, while every site has its own template. Pure.

The software says in the address that a page is an article; where headline, text and day stand
is the vendor's or the office's own affair. So the parts stand where the family has them, and
else where the shape of the page shows them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urljoin

from crawler.pages.generic import GenericPage
from crawler.pages.selectors import select_first
from crawler.pages.text import one_line
from crawler.urls import canonical

if TYPE_CHECKING:
    import re

    from lxml.html import HtmlElement


class ShapedPage(GenericPage):
    """An article on software that is told by its addresses."""

    article_address: ClassVar[re.Pattern[str]]
    """Found in the address of every article, and of nothing else."""

    def refusal(self) -> str | None:
        """Take an article's address for what it says; judge all others by their shape."""
        if self._is_addressed:
            return None
        head = None if self.version.select.headline else self._named_heading
        if head is not None and self._leads_elsewhere(head):
            return "its headline is a link to another page"
        return super().refusal()

    def _leads_elsewhere(self, head: HtmlElement) -> bool:
        """Tell whether a headline is a link, and not to this page: a list shows it."""
        links = [*head.iter("a"), *head.iterancestors("a")]
        targets = (urljoin(self.page.url, link.get("href") or "") for link in links)
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
        known = [] if self.version.select.date else self._near(self.parts.date)
        return known or super().date_elements
