"""Drupal 7 to 11: nodes and views. Pure."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, NAMES_ITSELF, address, generator, header, selector
from crawler.pages.selectors import select

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TYPE = re.compile(r"(?:node--?type|page-node-type)-([\w-]+)")
# Kinds of nodes that are no news, by the core's and the usual modules' names.
_OTHER_TYPES = frozenset({"page", "webform", "landing-page", "panel"})
_NODE = "article.node--view-mode-full, article.node, div.node"


class DrupalPage(ArticlePage):
    """A node shown in full."""

    family = "drupal"
    revision = 3
    parts = Parts(
        headline=(
            *("h1.page-header", "h1.page-title", "h1#page-title", "h1.title"),
            *(".field--name-title", ".node h1", "#block-page-title h1", "main h1"),
        ),
        lead=(".field--name-field-summary", ".field-name-field-summary", ".node .sapo"),
        body=(
            *(".node .field--name-body", ".node .field-name-body", ".node__content"),
            *(".node .content", "article.node .text-formatted"),
        ),
        date=(
            *(".field--name-field-date", ".node__submitted", ".submitted"),
            *(".node__meta", ".node-submitted", ".field--name-created"),
        ),
        author=(".node__submitted .username", ".submitted .username", ".field--name-uid"),
        noise=(".links", ".node__links", ".field--name-field-tags", ".field-name-field-tags"),
    )

    @cached_property
    def date_elements(self) -> list[HtmlElement]:
        """The core prints it in the node's own ``<footer>``, which is no footer of the page."""
        if self.version.select.date:
            return super().date_elements
        places = (
            [one for one in select(node, css) if one is not node]
            for css in self.parts.date
            for node in self._nodes
        )
        return super().date_elements or next(filter(None, places), [])

    @cached_property
    def _nodes(self) -> list[HtmlElement]:
        """The nodes that do not stand in a list."""
        return [
            node
            for node in select(self.tree, _NODE)
            if not any("views-row" in up.classes for up in node.iterancestors())
        ]

    def refusal(self) -> str | None:
        """Refuse the kinds of nodes that are no news."""
        body = next(self.tree.iterdescendants("body"), None)
        classes = " ".join(body.classes) if body is not None else ""
        kinds = set(_TYPE.findall(classes)) & _OTHER_TYPES
        return f"a node of the type {min(kinds)}" if kinds else None

    def is_marked(self) -> bool:
        """Tell it by the container of one node, out of a list."""
        return bool(self._nodes)


FAMILY = Family(
    page=DrupalPage,
    lists=(
        ListParts(
            item=".views-row",
            link=".views-field-title a, .node__title a, h2 a, h3 a, a[rel=bookmark]",
            date=(
                ".views-field-created .field-content, .views-field-field-date, time"
                ", .node__submitted, .submitted"
            ),
        ),
        ListParts(
            item=".view-content tbody tr", link=".views-field-title a", date=".views-field-created"
        ),
        ListParts(
            item="article.node--view-mode-teaser, div.node-teaser",
            link="h2 a, h3 a",
            date=".node__submitted, .submitted, time",
        ),
    ),
    next=(".pager__item--next a", "li.pager-next a", "li.pager__item a[rel=next]"),
    markers=(
        generator(r"^Drupal\b"),
        header(r"^(?:x-generator: drupal|x-drupal-)", NAMES_ITSELF),
        selector("[data-drupal-selector], link[href*='/sites/default/files']"),
        address(r"/sites/(?:default|all)/(?:files|themes|modules)/|/core/(?:misc|themes)/"),
        address(r"/node/\d+(?:$|\?)", FITS),
        selector(".views-row, body[class*=page-node]", FITS),
    ),
)
