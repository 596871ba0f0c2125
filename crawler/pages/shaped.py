"""Families that are known by their addresses, while every site has its own template. Pure.

The software says in the address that a page is an article; where headline, text and day stand
is the vendor's or the office's own affair. So the parts stand where the family has them, and
else where the shape of the page shows them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from crawler.pages.generic import GenericPage
from crawler.pages.selectors import select_first
from crawler.pages.text import one_line

if TYPE_CHECKING:
    import re

    from lxml.html import HtmlElement


class ShapedPage(GenericPage):
    """An article on software that is told by its addresses."""

    article_address: ClassVar[re.Pattern[str]]
    """Found in the address of every article, and of nothing else."""

    def refusal(self) -> str | None:
        """Take an article's address for what it says; judge all others by their shape."""
        return None if self._is_addressed else super().refusal()

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
