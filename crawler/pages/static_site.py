"""Static-site generators: Hexo, Hugo, Jekyll and their usual themes. Pure.

Themes share names, not markup; microformats and schema.org come before them.
"""

from __future__ import annotations

import re

from crawler.pages.base import Family, ListParts, Parts
from crawler.pages.markers import FITS, address, generator, selector
from crawler.pages.selectors import select
from crawler.pages.shaped import ShapedPage

_POSTS = "article.post, article.article, article.h-entry, article.post-entry, .post-block"


class StaticPage(ShapedPage):
    """A post of a static site."""

    family = "static"
    revision = 4
    article_address = re.compile(
        r"/(?:19|20)\d\d/\d\d?/(?:\d\d?/)?[^/?]+/?(?:\.html?)?$|/posts?/[^/?]+/?$|/_posts/"
    )
    parts = Parts(
        headline=(
            *("h1.p-name", "[itemprop='name headline']", "h1[itemprop=headline]", "h1.post-title"),
            *("h1.article-title", ".article-header h1", "header.post-header h1", "article h1"),
        ),
        lead=(".post-description", ".article-lead"),
        body=(
            *(".e-content", "[itemprop=articleBody]", ".article-entry", ".post-body"),
            *(".post-content", ".article-content", ".markdown-body", ".content__default"),
        ),
        date=(
            *("time.dt-published", "time[itemprop=datePublished]", ".article-date", ".post-date"),
            *(".post-meta", ".post-time", "article header time", "article time"),
        ),
        author=("[itemprop=author] [itemprop=name]", ".p-author", ".post-author"),
        noise=(
            ".post-info",
            ".article-footer",
            ".post-nav",
            "#article-nav",
            ".toc",
            ".post-footer",
            ".article-more-link",
        ),
    )

    def refusal(self) -> str | None:
        """Refuse pages that print several posts in full or in part, as generators' lists do."""
        posts = len(select(self.tree, _POSTS))
        if not self._is_addressed and posts > 1:
            return f"a list of {posts} posts"
        return super().refusal()


FAMILY = Family(
    page=StaticPage,
    lists=(
        ListParts(
            item=_POSTS,
            link="a.p-name, a.article-title, .post-title a, h1 a, h2 a, a.entry-link",
            title=".p-name, .article-title, .post-title, h1, h2",
            date="time, .post-date, .article-date, .post-meta",
        ),
        ListParts(item="article.hentry, #featured article", link="h1 a, h2 a", date=".published"),
        ListParts(item=".archive-article", link="a.archive-article-title", date="time"),
        ListParts(item="ul.post-list > li, .posts li", link="a.post-link, h3 a, a"),
    ),
    next=("#page-nav a.extend.next", "nav.pagination a.next", ".pager a.next", "a.extend.next"),
    markers=(
        generator(r"^(?:Hexo|Hugo|Jekyll|Eleventy|Gatsby|VuePress|Pelican|Docusaurus)\b"),
        selector("#page-nav .extend, .article-entry, article.h-entry, ul.post-list"),
        address(r"(?<!:)/(?:19|20)\d\d/\d\d/\d\d/[^/?]+/(?:index\.html)?$", FITS),
    ),
)
