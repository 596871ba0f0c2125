"""SharePoint: publishing pages, list items, and the news parts that vendors build on it. Pure.

Many provinces run Tân Dân's portal on it: ``/portal/Pages/2024-8-28/…``, classes ``tandan-…``.

Rich text stands in an element whose class begins with ``ExternalClass``; the server makes up the
beginnings of ids, only their endings are the template's.
"""

from __future__ import annotations

import re

from crawler.pages.base import Family, ListParts, Parts
from crawler.pages.markers import FITS, NAMES_ITSELF, address, generator, header, selector
from crawler.pages.shaped import ShapedPage

_RICH = "[id$=__ControlWrapper_RichHtmlField], .ms-rtestate-field"


class SharePointPage(ShapedPage):
    """A page or list item that holds an article."""

    family = "sharepoint"
    revision = 3
    article_address = re.compile(
        r"/pages/(?:\d{4}-\d{1,2}-\d{1,2}/[^/?]+\.aspx"
        r"|[\w-]*(?:detail|chi-?tiet|view|tin-?bai)[\w-]*\.aspx\?(?:.*&)?(?:news|item|article)?id=\d"
        r"|[\w-]+\.aspx\?(?:.*&)?(?:itemid|newsid)=\d)"
        r"|/(?:dispform|view_detail|detail)\.aspx\?(?:.*&)?(?:item)?id=\d",
        re.IGNORECASE,
    )
    parts = Parts(
        headline=(
            *(".tandan-p-article-news-title", ".tandan-title-view"),
            *("[id$=_lblTitle]", "[id$=_lbTitle]", "[id$=_lblTieuDe]", "[id$=_TitleLabel]"),
            *(".article-header h1", ".ArticleHeader", ".news-title-detail", ".title-detail"),
            *(".newsdetail h1", ".tieude-tin", "h1.title-news", ".detail-news h1"),
        ),
        lead=(
            *(".tandan-p-article-news-summary", ".summary-news"),
            *("[id$=_lblSummary]", "[id$=_lblTrichDan]", "[id$=_lblDescription]"),
            *(".ArticleSummary", ".article-summary", ".news-sapo", ".sapo"),
        ),
        body=(
            *(".tandan-p-article-news-content", ".tandan-content-view", ".tandan-p-article-main"),
            "#art-content",
            *("[id$=_divContent]", "[id$=_lblContent]", "[id$=_lblNoiDung]", "[id$=_ContentLabel]"),
            *(".article-content", ".ArticleBody", ".news-content-detail", ".noidung-tin"),
            *(_RICH, "[class^=ExternalClass], [class*=' ExternalClass']"),
        ),
        date=(
            *(".tandan-span-date-publish", ".tandan-date-view", ".date-news"),
            *("[id$=_lblDate]", "[id$=_lblNgayDang]", "[id$=_lblPublishedDate]", "[id$=_lbDate]"),
            *("[id$=_lblCreated]", ".ArticleDate", ".article-date", ".date-time", ".ngaydang"),
        ),
        author=("[id$=_lblAuthor]", "[id$=_lblTacGia]", ".article-author"),
        noise=(
            *(".tandan-div-article-other", ".td-tags"),
            *(".ms-hide", ".ms-webpart-chrome-title", ".tinlienquan", ".news-other"),
        ),
    )


FAMILY = Family(
    page=SharePointPage,
    lists=(
        ListParts(
            item=".tandan-div-article-item, .tandan-article-item, .channel-news-item",
            link=".tandan-p-article-news-title a, .channel-news-title a, .title-news a",
            date=".tandan-span-date-publish, .date-news",
        ),
        ListParts(
            item="[id$=_pnListNews] > div, [id$=_pnlListNews] > div",
            link="h1 a, h2 a, h3 a, h4 a, a",
        ),
        ListParts(
            item=".news-item, .list-news-item, .item-news, ul.dfwp-list > li.dfwp-item",
            link="h2 a, h3 a, h4 a, .title a, .link-item a, a",
        ),
        ListParts(item="table.ms-listviewtable tr[class*=ms-itmhover]", link="a.ms-listlink, td a"),
    ),
    next=("a[id$=_lnkNext]", "a[id$=_lbtnNext]", "td.ms-paging a[id$=next]", ".ms-promlink-root a"),
    markers=(
        generator(r"Microsoft SharePoint"),
        header(
            r"^(?:microsoftsharepointteamservices|sprequestguid|x-sharepointhealthscore):",
            NAMES_ITSELF,
        ),
        selector("[class^=ExternalClass], [class*=' ExternalClass'], #s4-workspace"),
        selector("[class*=tandan-]"),
        selector("#MSOZoneCell_WebPartWPQ1, [id^=WebPartWPQ], .ms-core-overlay"),
        address(
            r"(?i)/_layouts/|/_catalogs/|/(?:portal/)?pages/[^/?]+\.aspx|/lists/[^/]+/dispform\.aspx"
        ),
        address(r"(?i)/portal/pages/\d{4}-\d{1,2}-\d{1,2}/"),
        selector("input[name=__REQUESTDIGEST], #aspnetForm", FITS),
    ),
)
