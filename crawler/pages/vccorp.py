"""VCCorp's publishing system, as chinhphu.vn and its special pages run it. Pure.

An address ends with the article's number, which is the clock of its creation:
``…-102220412093012345.htm``.
"""

from __future__ import annotations

import re

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, address, selector
from crawler.pages.numbered import created_by_clock
from storage.records import vietnam_day

_ARTICLE = re.compile(r"-\d{14,20}\.htm(?:$|[?#])")


class VcCorpPage(ArticlePage):
    """An article of the system."""

    family = "vccorp"
    revision = 3
    parts = Parts(
        headline=("[data-role=title]", "h1.detail-title", ".detail__title", "h1.article-title"),
        lead=("[data-role=sapo]", ".detail-sapo", ".detail__sapo", "h2.sapo"),
        body=("[data-role=content]", ".detail-content", ".detail__content", ".detail-cmain"),
        date=("[data-role=publishdate]", ".detail-time", ".detail__time", ".article-date"),
        author=("[data-role=author]", ".detail-author", ".detail__author"),
        noise=(
            *(
                "[type=RelatedOneNews]",
                ".VCSortableInPreviewMode[type=RelatedNews]",
                ".link-source",
            ),
            *("[type=SimpleQuote] .icon", "#ContentRelated", ".detail-tag", ".detail-social"),
        ),
    )

    def is_marked(self) -> bool:
        """Tell it by the number in the address, or by Open Graph."""
        is_numbered = _ARTICLE.search(self.page.url) is not None
        return is_numbered or "article" in metadata.meta(self.tree, "og:type")

    def address_days(self) -> list[str]:
        """Give the day on which the article was created, which its number tells."""
        created = created_by_clock(self.page.url, now=self.page.captured_at)
        return [vietnam_day(created).isoformat()] if created else []


FAMILY = Family(
    page=VcCorpPage,
    lists=(
        ListParts(
            item=".box-stream-item, .box-category-item, .box-focus-item, .box-item-stream",
            link=".box-category-link-title, .box-stream-link-title, h3 a, a",
            date=".box-category-time, .box-stream-time, .time-ago, time",
        ),
        ListParts(
            item=".timeline-item, .list__item", link="h3 a, .title a, a", date=".time, .time-ago"
        ),
    ),
    next=("a.btn-viewmore, .view-more a, a.load-more, .list__viewmore a",),
    markers=(
        selector("[data-role=publishdate], [data-role=sapo], [data-linktype=newsdetail]"),
        address(r"-1\d{2}\d{12}\d{3}\.htm"),
        address(r"mediacdn\.vn/|/timelinelist/|\bchinhphu\.vn/"),
        selector(".box-stream-item, .box-category-item, .VCSortableInPreviewMode", FITS),
    ),
)
