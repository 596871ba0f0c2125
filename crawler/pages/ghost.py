"""Ghost 3 to 6: Casper, Source and what is made after them. Pure."""

from __future__ import annotations

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.dates import Clock
from crawler.pages.markers import FITS, address, generator, header, selector

_OTHER_PAGES = frozenset({"home-template", "tag-template", "author-template", "page-template"})


class GhostPage(ArticlePage):
    """A post."""

    family = "ghost"
    revision = 3
    clock = Clock.UTC
    parts = Parts(
        headline=("h1.article-title", "h1.gh-article-title", "h1.post-full-title", "article h1"),
        lead=(".article-excerpt", ".gh-article-excerpt", ".post-full-custom-excerpt"),
        body=(".gh-content", ".post-full-content .post-content", ".post-content", ".kg-canvas"),
        date=(
            *("time.byline-meta-date", ".gh-article-meta-date", ".byline-meta-content time"),
            *(".post-full-meta-date", ".gh-article-meta time", "header time"),
        ),
        author=(".author-name", ".gh-article-author-name", ".post-full-author-header-name"),
        noise=(
            *(".kg-bookmark-card", ".kg-signup-card", ".gh-post-upgrade-cta", ".gh-comments"),
            *(".kg-callout-emoji", ".read-more", ".subscribe-form"),
        ),
    )

    def refusal(self) -> str | None:
        """Refuse what the body's class says is a list or a page."""
        other = sorted(_OTHER_PAGES & self._body_classes())
        return f"body class {other[0]}" if other else None

    def is_marked(self) -> bool:
        """Tell it by the body's class, Open Graph or JSON-LD."""
        return (
            "post-template" in self._body_classes()
            or "article" in metadata.meta(self.tree, "og:type")
            or metadata.is_structured_article(self.structured)
        )

    def _body_classes(self) -> set[str]:
        body = next(self.tree.iterdescendants("body"), None)
        return set() if body is None else set(body.classes)


FAMILY = Family(
    page=GhostPage,
    lists=(
        ListParts(
            item="article.post-card, article.gh-card",
            link="a.post-card-content-link, a.gh-card-link, h2 a",
            title=".post-card-title, .gh-card-title",
            date="time",
        ),
        ListParts(item="article.post", link="h2 a, h1 a", date="time"),
    ),
    next=("a.older-posts", ".gh-more a", "link[rel=next]"),
    markers=(
        generator(r"^Ghost\b"),
        header(r"^x-ghost-"),
        address(r"/ghost/api/|/content/images/|/public/ghost-|/assets/built/"),
        selector(".gh-content, .gh-card, article.post-card, .kg-card"),
        selector("body.post-template, body.home-template", FITS),
    ),
)
