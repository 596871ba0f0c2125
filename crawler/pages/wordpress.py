"""WordPress: classic themes, block themes, and the news themes common on Vietnamese sites. Pure.

``post_class()`` and ``body_class()`` of the core name what a page is, in nearly every theme.
"""

from __future__ import annotations

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.dates import Clock
from crawler.pages.markers import FITS, NAMES_ITSELF, address, generator, header, selector

_CONTENT = (
    *(".entry-content", ".wp-block-post-content", ".td-post-content", ".post-content"),
    *(".elementor-widget-theme-post-content", ".single-content", ".the-content"),
)
# body_class() of pages that hold no single post.
_OTHER_PAGES_WORDS = (
    "home blog archive category tag author date search search-results error404 attachment"
    " page-template-default post-type-archive"
)
_OTHER_PAGES = frozenset(_OTHER_PAGES_WORDS.split(None))


class WordPressPage(ArticlePage):
    """A single post of WordPress."""

    family = "wordpress"
    revision = 4
    clock = Clock.UTC
    parts = Parts(
        headline=(
            *(".single-post .entry-title", "h1.wp-block-post-title", "h1.entry-title"),
            *("h1.td-post-title", "h1.post-title", ".elementor-widget-theme-post-title h1"),
            *(".entry-title", ".wp-block-post-title", "h1.page-title", "article h1"),
        ),
        lead=(".entry-summary", ".td-post-sub-title", ".wp-block-post-excerpt__excerpt", ".sapo"),
        body=_CONTENT,
        date=(
            "time.published, .wp-block-post-date time",
            "time.entry-date:not(.updated), time.td-module-date",
            ".posted-on, .entry-date, .post-date, .wp-block-post-date, .entry-meta time",
            ".entry-meta, .post-meta, .td-post-date",
        ),
        author=(".entry-meta .author.vcard", ".byline .author", ".wp-block-post-author-name"),
        noise=(
            *(".entry-footer", ".jp-relatedposts", ".wp-block-comments", ".wp-block-post-terms"),
            *(".post-navigation", ".wp-block-post-navigation-link", ".wp-block-latest-posts"),
            *(".wp-block-query", ".td-post-sharing", ".kk-star-ratings", ".ez-toc-container"),
            ".heateor_sss_sharing_container",
        ),
    )

    def refusal(self) -> str | None:
        """Refuse what ``body_class()`` says is a list, a page or an error."""
        classes = self._body_classes()
        other = sorted(_OTHER_PAGES & classes)
        if other and not (classes & {"single", "single-post"} and "attachment" not in classes):
            return f"body class {other[0]}"
        if {"page", "page-id"} & classes and "single" not in classes:
            return "body class page"
        return None

    def is_marked(self) -> bool:
        """Tell it by ``body_class()``, Open Graph or JSON-LD."""
        return (
            not {"single", "single-post"}.isdisjoint(self._body_classes())
            or "article" in metadata.meta(self.tree, "og:type")
            or metadata.is_structured_article(self.structured)
        )

    def _body_classes(self) -> set[str]:
        body = next(self.tree.iterdescendants("body"), None)
        return set() if body is None else set(body.classes)


FAMILY = Family(
    page=WordPressPage,
    lists=(
        ListParts(
            item="li.wp-block-post",
            link=".wp-block-post-title a",
            date=".wp-block-post-date",
        ),
        ListParts(
            item="article.post, article.type-post, div.post.hentry",
            link=".entry-title a, .post-title a, h2 a, h3 a",
            date="time.published, time.entry-date, .entry-date, .post-date, .posted-on",
        ),
        ListParts(
            item=".td_module_wrap, .td-block-span6",
            link=".td-module-title a",
            date=".td-module-date, .td-post-date",
        ),
        ListParts(
            item=".post-item, .blog-post, .elementor-post",
            link=".post-title a, .elementor-post__title a, h5 a, h3 a, h2 a",
            date=".post-date, .elementor-post-date, .post-meta, time",
        ),
        ListParts(
            item=".wp-block-latest-posts li",
            link="a.wp-block-latest-posts__post-title, a",
            date="time",
        ),
    ),
    next=(
        "a.wp-block-query-pagination-next",
        ".nav-links a.next, a.next.page-numbers",
        ".nav-previous a",  # classic themes: "previous" are the older posts
        ".page-nav a[aria-label=next-page]",
    ),
    markers=(
        generator(r"^WordPress\b"),
        header(r"^link: .*api\.w\.org", NAMES_ITSELF),
        selector("link[rel='https://api.w.org/']", NAMES_ITSELF),
        address(r"/wp-(?:content|includes|json)/"),
        selector("body.single-post, body.wp-singular, body.archive.category", FITS),
    ),
)
