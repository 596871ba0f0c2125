"""NukeViet 3 to 5 and eGovernment: the news module, whose markup most themes keep. Pure.

Read from its source (4.5, 4.6 and 5): ``itemprop="datePublished"`` holds the instant of the last
edit, the same as ``dateModified``; ``article:published_time`` is made with a wrong format, its
day is right; ``Last-Modified`` is always a day ago.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, address, generator, header, selector

# An article's address ends with its number: /vi/news/chuyen-muc/ten-bai-123.html
_ARTICLE_PATH = re.compile(r"-\d+\.html$")


class NukeVietPage(ArticlePage):
    """An article of the news module."""

    family = "nukeviet"
    revision = 4
    parts = Parts(
        headline=(
            *(".news_column h1.title", ".news_column h1", "#news_detail h1", "h1.title"),
            *("h1.detail-title", "h1[itemprop=headline]", "h1"),
        ),
        lead=(".hometext", "#hometext", "[itemprop=description].h3"),
        body=("#news-bodyhtml", ".news_column .bodytext", ".bodytext", "[itemprop=articleBody]"),
        date=(
            *(".news_column span.time", "#news_detail span.time", ".news_column .h5"),
            *(".detail-time", ".news_column em.time", ".post-meta", ".news_column .text-muted"),
        ),
        credits=(".news_column p.text-right", "#news_detail > p", ".news_column p.author"),
        files=(".news-download-file", ".news_column .list-group", "#news_detail .download"),
        noise=(
            *(".copyright", ".alert", ".news-download-file", ".other-news", ".socialicon"),
            *("#idcomment", ".keywords", "#form3B", ".hometext figure"),
        ),
    )

    def structured_days(self) -> list[str]:
        """Give JSON-LD's day; microdata's only where the page does not say the same of a change."""
        day = metadata.text_of(self.structured, "datePublished")
        if day:
            return [day]
        changed = set(metadata.microdata_days(self.tree, "dateModified"))
        return [day for day in metadata.microdata_days(self.tree) if day not in changed]

    def is_marked(self) -> bool:
        """Tell it by Open Graph, or by a numbered address on a site that names its software."""
        is_numbered = _ARTICLE_PATH.search(urlsplit(self.page.url).path) is not None
        is_nukeviet = any(
            "nukeviet" in name.lower() for name in metadata.meta(self.tree, "generator")
        )
        return (is_numbered and is_nukeviet) or "article" in metadata.meta(self.tree, "og:type")


FAMILY = Family(
    page=NukeVietPage,
    lists=(
        ListParts(item=".news_column .panel-body, ul.related li", link="h2 a, h3 a, h4 a, a"),
        ListParts(item=".news_column .items, .news_column > ul > li", link="h2 a, h3 a, h4 a, a"),
        ListParts(item=".news-list .item, .list-news .item, .viewcat .item", link="h2 a, h3 a, a"),
        ListParts(
            item=".list-group a.show.h4",
            title=".list-group-item-heading",
            aside=".label",  # the number in the list
        ),
        ListParts(item=".thumbnail .caption", link="h4 a"),
    ),
    next=(".pagination a[rel=next]", ".pagination li.active + li a"),
    markers=(
        generator(r"nukeviet"),
        header(r"^(?:x-powered-by|set-cookie): .*(?:nukeviet|\bnv\d\w_)"),
        address(r"/themes/[^/]+/(?:js/nukeviet|css/.*nukeviet)|/assets/js/(?:global|nv\w*)\.js"),
        address(r"[?&]nv=\w+&(?:amp;)?op="),
        selector("#timeoutsess, #openidResult, .news_column"),
        address(r"/(?:savefile|print)/[^?]*-\d+\.html$", FITS),
    ),
)
