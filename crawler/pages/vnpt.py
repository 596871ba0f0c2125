"""VNPT's portals: news portlets on Liferay (``dsnews_WAR_vnpteportal…``), and their heirs. Pure.

The portlet's name stands in ids and parameters; what it prints differs from office to office.
"""

from __future__ import annotations

import re

from crawler.pages.base import Family, ListParts, Parts
from crawler.pages.markers import FITS, NAMES_ITSELF, address, selector
from crawler.pages.shaped import ShapedPage

_DETAILS = ("viewnews", "newsdetail", "ctnews")


class VnptPage(ShapedPage):
    """An article of the news portlet."""

    family = "vnpt"
    revision = 3
    article_address = re.compile(
        r"/-/chi-tiet/[^/?]+-\d+-\d+\.html|[?&]_\w+_WAR_vnpt\w+_(?:articleId|newsId|itemId|id)=\d|/-/(?:tin|bai-viet)/[^?]+-\d{4,}"
        r"|/[\w-]+-(?:chuyen-muc-)?\d+/[\w-]+-\d{4,}(?:\.html?)?(?:$|[?#])"
    )
    parts = Parts(
        headline=(
            *(".news-detail-title", ".detail-news-title", ".title-detail", ".titleDetail"),
            *(f"[id*={name}_WAR_vnpt] h1" for name in _DETAILS),
            *(".news-detail h1", ".chitiet-tieude"),
        ),
        lead=(
            ".news-detail-sapo",
            ".detail-news-sapo",
            ".sapo",
            ".news-summary",
            ".chitiet-trichdan",
        ),
        body=(
            *(".news-detail-content", ".detail-news-content", ".content-detail", ".contentDetail"),
            *(".chitiet-noidung", "#contentDetail"),
        ),
        date=(
            *(".news-detail-date", ".detail-news-date", ".date-detail", ".publishDate"),
            *(".chitiet-ngay", ".news-date"),
        ),
        author=(".news-detail-author", ".author-detail", ".chitiet-tacgia"),
        noise=(".news-relation", ".tin-lien-quan", ".news-other", ".detail-tool"),
    )


FAMILY = Family(
    page=VnptPage,
    lists=(
        ListParts(
            item="[id*=dsnews_WAR_] .item-news, [id*=dsnews_WAR_] .news-item",
            link="h2 a, h3 a, h4 a, a",
            date=".date, .time, .news-date",
        ),
        ListParts(
            item=".list-news .item-news, .list-news > li, .news-list .news-item",
            link="h2 a, h3 a, h4 a, .title a, a",
            date=".date, .time, .news-date",
        ),
    ),
    next=(
        *(
            ".lfr-pagination-buttons li:nth-child(3):not(.disabled) a",
            ".taglib-page-iterator a.next",
        ),
        ".pagination li.active + li a",
    ),
    markers=(
        address(r"_WAR_vnpt\w+", NAMES_ITSELF),
        address(r"/tin-chi-tiet/-/chi-tiet/[^/?]+-\d+-\d+\.html", NAMES_ITSELF),
        selector("[id*=_WAR_vnpt]", NAMES_ITSELF),
        address(r"/[\w-]+-chuyen-muc-\d+(?:/|$)"),
        selector("a[href*='vnpt.vn'], .vnpt-copyright", FITS),
    ),
)
