"""Plone 4 to 6 (classic): news items, pages, collections. Pure."""

from __future__ import annotations

import re

from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, address, generator, selector

_TYPE = re.compile(r"portaltype-([\w.-]+)")
_LISTS = frozenset(
    {"collection", "topic", "folder", "plone-site", "event", "file", "image", "link"}
)


class PlonePage(ArticlePage):
    """A news item or page."""

    family = "plone"
    revision = 1
    parts = Parts(
        headline=("h1.documentFirstHeading", "#content h1", "article#content header h1"),
        lead=(".documentDescription", "#content .lead"),
        body=(
            *("#parent-fieldname-text", "#content-core .newsItemText", "#content-core"),
            "article#content #content-core",
        ),
        date=(
            *(".documentByLine .documentPublished", ".documentPublished", "#plone-document-byline"),
            ".documentByLine",
        ),
        author=(".documentAuthor a", ".documentAuthor"),
        noise=(".leadImage", ".newsImageContainer", "#document-action-rss", ".documentActions"),
    )

    def refusal(self) -> str | None:
        """Refuse what the body's class says is a folder, a collection or a file."""
        kinds = self._types() & _LISTS
        return f"a {min(kinds)}" if kinds else None

    def is_marked(self) -> bool:
        """Tell it by the type of content that the body's class names."""
        return bool({"news-item", "document"} & self._types())

    def _types(self) -> set[str]:
        body = next(self.tree.iterdescendants("body"), None)
        return set(_TYPE.findall(body.get("class") or "")) if body is not None else set()


FAMILY = Family(
    page=PlonePage,
    lists=(
        ListParts(
            item="#content-core article.entry, article.entry, .tileItem",
            link=".summary.url, .tileHeadline a, h2 a, a.contenttype-news-item",
            date=".documentPublished, .documentByLine, .documentModified",
        ),
        ListParts(item=".listingBar + .list-group li, #content-core dt", link="a"),
        ListParts(item="#content-core table.listing tbody tr", link="td a"),
    ),
    next=(".pagination li.next a", ".listingBar .next a", ".listingBar a.next"),
    markers=(
        generator(r"^Plone\b"),
        selector("body[class*=portaltype-]"),
        selector("[data-portal-url], #portal-column-content, .documentFirstHeading"),
        address(r"/\+\+(?:plone|resource|theme)\+\+|/@@|b_start:int="),
        selector("#portal-top, #portal-footer, #content-core", FITS),
    ),
)
