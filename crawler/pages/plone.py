"""Plone 4 to 6 (classic): news items, pages, collections. Pure.

Seen on a running 6.1: no day is shown to visitors unless the office switches it on, and then a
list prints that of the last change. Among the meta elements ``DC.date.created`` is the draft's;
``DC.date.valid_range`` begins with the day of publication.
"""

from __future__ import annotations

import re

from crawler.pages import metadata
from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, address, generator, selector

_TYPE = re.compile(r"portaltype-([\w.-]+)")
_LISTS = frozenset(
    {"collection", "topic", "folder", "plone-site", "event", "file", "image", "link"}
)


class PlonePage(ArticlePage):
    """A news item or page."""

    family = "plone"
    revision = 3
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

    def meta_days(self) -> list[str]:
        """Give the day from which the item is public, '2022/09/05 - '; not that of its draft."""
        ranges = metadata.meta(self.tree, "DC.date.valid_range")
        starts = [start for one in ranges if (start := one.partition(" - ")[0].strip(" -"))]
        return [*metadata.meta(self.tree, "DC.date.issued", "article:published_time"), *starts]

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
            item="#content-core .entries > article, article.entry, .tileItem",
            link=".summary.url, .tileHeadline a, h2 a, a.contenttype-news-item, a.url",
            date=".documentPublished, .documentByLine, .col > .mb-1 + .mb-1",
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
