"""The portal of Quảng Trị and Quảng Bình: provinces, districts, communes and departments. Pure.

Its addresses name everything: ``[/vi]/chi-tiet-tin/-/view-article/1/<category>/<article>``; the
article's number is the millisecond in which it was created. Templates differ by office.
"""

from __future__ import annotations

import re

from crawler.pages.base import Family, ListParts, Parts
from crawler.pages.markers import FITS, address, selector
from crawler.pages.shaped import ShapedPage

_BREADCRUMB = re.compile(r"^(?:chi tiết(?: tin)?)\s+[-–|]\s+", re.IGNORECASE)


class QuangTriPage(ShapedPage):
    """An article of the portal."""

    family = "quangtri"
    revision = 3
    article_address = re.compile(r"/-/view-article/\d+/\d+/\d+")
    parts = Parts(
        headline=(".view-article .article-title", ".article-detail .title", ".view-article h1"),
        lead=(".view-article .article-summary", ".view-article .sapo", ".article-detail .summary"),
        body=(".view-article .article-content", ".article-detail .content", "#article-content"),
        date=(
            *(".view-article .article-date", ".view-article .date", ".article-detail .date"),
            ".article-detail .time",
        ),
        author=(".view-article .article-author", ".article-detail .author"),
        noise=(".article-tools", ".article-other", ".article-related", ".article-attach"),
    )

    def headline(self) -> str | None:
        """Give the headline without the name of the page that shows it."""
        shown = super().headline()
        return _BREADCRUMB.sub("", shown) or None if shown else None


FAMILY = Family(
    page=QuangTriPage,
    lists=(
        ListParts(
            item=".list-article .article-item, .view-category .article-item, .news-list .item",
            link="a[href*='/view-article/']",
            date=".article-date, .date, .time",
        ),
    ),
    next=(".pagination li.active + li a", ".taglib-page-iterator a.next"),
    markers=(
        address(r"/-/view-article/\d+/\d+/\d+"),
        address(r"/-/view-category/|/chi-tiet(?:-tin)?/-/"),
        address(r"\bquang(?:tri|binh)\.gov\.vn", FITS),
        selector(".view-article, .list-article .article-item", FITS),
    ),
)
