"""Liferay 6.2 and 7 (asset publisher), and portals that Vietnamese vendors built on it. Pure."""

from __future__ import annotations

import re

from crawler.pages.base import ArticlePage, Family, ListParts, Parts
from crawler.pages.markers import FITS, NAMES_ITSELF, address, header, selector
from crawler.pages.selectors import select

# Addresses of one article: friendly ones, and those of the asset publisher's portlet.
_ARTICLE_URL = re.compile(
    r"/-/(?:view_content|view-article|asset_publisher/\w+/(?:content|document))/|/content/id/\d"
    r"|extAssetPublisher/content/|_assetEntryId=|_urlTitle=|/-/(?:[\w%]+-){3,}[\w%]+$"
)
_FULL = ".asset-full-content, .asset-publisher-detail"


class LiferayPage(ArticlePage):
    """An article shown in full by the asset publisher."""

    family = "liferay"
    revision = 4
    parts = Parts(
        headline=(
            *(".asset-full-content-title", ".asset-full-content .asset-title"),
            *(".asset-full-content .component-title", ".asset-full-content h1"),
            *(".view-article .article-title", ".view-article h1", ".view-article .title"),
            *(".article-detail h1", ".article-detail .title", ".news-detail h1"),
            *(".news-detail .title", ".detail-title", ".taglib-header .header-title"),
            *("h1.header-title", ".title-news-detail", ".content-news-detail h1"),
        ),
        lead=(
            *(
                ".asset-full-content .sapo",
                ".asset-full-content .asset-summary",
                ".view-article .sapo",
            ),
            *(
                ".view-article .summary",
                ".article-detail .summary",
                ".news-detail .summary",
                ".sapo",
            ),
        ),
        body=(
            *(".asset-full-content .asset-content", ".asset-full-content .journal-content-article"),
            *(".view-article .article-content", ".view-article .content-detail"),
            *(".article-detail .content", ".article-detail .article-content"),
            *(".news-detail .content", ".content-news-detail", ".detail-content"),
            _FULL,
        ),
        date=(
            *(
                ".assetPublishDate",
                ".asset-publish-date",
                ".asset-full-content .metadata-publish-date",
            ),
            *(".view-article .date", ".view-article .time", ".article-detail .date"),
            *(".article-detail .time", ".news-detail .date", ".news-detail .time", ".date-time"),
            *(".asset-full-content .text-secondary", ".asset-full-content .metadata-entry"),
        ),
        author=(
            *(".view-content-author", ".asset-full-content .metadata-author"),
            ".view-article .author",
        ),
        files=(".asset-full-content", ".view-article", ".article-detail", ".news-detail"),
        noise=(
            *(".asset-actions", ".asset-control-detail", ".related_asset", ".asset-links"),
            *(".taglib-social-bookmarks", ".asset-ratings", ".taglib-ratings", ".asset-metadata"),
            *(".asset-discussion", ".asset-flag", ".autofit-row .lfr-portal-tooltip"),
            *(".asset-tags-list", ".asset-categories", ".pager", ".print-action"),
        ),
    )

    def headline(self) -> str | None:
        """Give the headline, without the 'null' that a broken template puts before it."""
        shown = super().headline()
        return shown.removeprefix("null").strip() or None if shown else None

    def is_marked(self) -> bool:
        """Tell it by the address, or by the container of an article in full."""
        return bool(_ARTICLE_URL.search(self.page.url) or select(self.tree, _FULL))


FAMILY = Family(
    page=LiferayPage,
    lists=(
        ListParts(
            item=".asset-abstract",
            link=".asset-title a, h3 a, h4 a, a",
            date=(
                ".assetPublishDate, .asset-publish-date, .metadata-publish-date"
                ", .date, .text-secondary"
            ),
        ),
        ListParts(
            item=".portlet-asset-publisher .title-list, .portlet-asset-publisher .table-data tr",
            link="a",
        ),
        ListParts(
            item=".list-news .item, .list-news li, .news-list .news-item, .list-article .item",
            link=".title a, .news-title a, h2 a, h3 a, h4 a, a",
        ),
    ),
    next=(
        ".lfr-pagination-buttons li:nth-child(3):not(.disabled) a",
        ".taglib-page-iterator a.next",
    ),
    markers=(
        header(r"^liferay-portal:", NAMES_ITSELF),
        address(
            r"[?&]p_p_id=|/-/asset_publisher/|/html/js/(?:barebone|everything)\.jsp|/o/frontend-"
        ),
        selector(".lfr-layout-structure, .lfr-column, .taglib-header"),
        selector(".portlet-boundary, .portlet-asset-publisher"),
        address(r"/-/|/web/guest/", FITS),
    ),
)
