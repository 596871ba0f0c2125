"""DNN (DotNetNuke), its usual news modules, and kindred portals on ASP.NET WebForms. Pure.

Ids begin with the number of a module (``dnn_ctr1891_…``); only their endings are stable. Lists
page by ``__doPostBack``, which ``discovery.postback`` follows for every family.
"""

from __future__ import annotations

import re

from crawler.pages.base import Family, ListParts, Parts
from crawler.pages.markers import FITS, NAMES_ITSELF, address, generator, header, selector
from crawler.pages.shaped import ShapedPage


class DnnPage(ShapedPage):
    """An article shown by a news module."""

    family = "dnn"
    revision = 3
    article_address = re.compile(
        r"/(?:itemid|articleid|newsid|artmid/\d+/articleid|itemindex/\d+/itemid)/\d+"
        r"|[?&](?:itemid|articleid|newsid|artid)=\d|/artid/\d|/ctl/(?:details?|view)/mid/\d",
        re.IGNORECASE,
    )
    parts = Parts(
        headline=(
            *("[id$=_lblTitle]", "[id$=_lblTieuDe]", "[id$=_lblHeadline]", ".edn_articleTitle"),
            *(".article_title", ".newsDetailTitle", ".title_detail", ".DNNModuleContent h1"),
        ),
        lead=(
            *("[id$=_lblSummary]", "[id$=_lblTomTat]", "[id$=_lblDescription]"),
            *(".edn_articleSummary", ".newsDetailSummary", ".sapo"),
        ),
        body=(
            *("[id$=_lblContent]", "[id$=_lblNoiDung]", "[id$=_lblDetail]", "[id$=_divContent]"),
            *(".edn_articleContent", ".article_content", ".newsDetailContent", ".content_detail"),
        ),
        date=(
            *("[id$=_lblDate]", "[id$=_lblNgayDang]", "[id$=_lblPublishDate]"),
            *("[id$=_lblNgayCapNhat]", ".edn_publishDate", ".edn_metaDetails", ".newsDetailDate"),
        ),
        author=("[id$=_lblAuthor]", "[id$=_lblTacGia]", ".edn_authorDisplayName"),
        credits=("[id$=_lblSource]", "[id$=_lblNguon]"),
        noise=(".edn_relatedArticles", ".edn_socialButtons", ".otherNews", ".newsOther"),
    )


FAMILY = Family(
    page=DnnPage,
    lists=(
        ListParts(item=".edn_article, article.edn_clearFix", link=".edn_articleTitle a, h2 a"),
        ListParts(
            item="[id$=_dlNews] > tbody > tr, [id$=_dtlNews] > tbody > tr, [id$=_grvNews] tr",
            link="a[id*=_hplTitle], a[id*=_lnkTitle], a[id*=Title], h3 a, a",
        ),
        ListParts(item=".DNNModuleContent .news-item, .DNNModuleContent .newsItem", link="h3 a, a"),
    ),
    next=("a[id$=_lnkNext]", "a[id$=_lbtNext]", "a[id$=_cmdNext]", ".edn_pager a.next"),
    markers=(
        generator(r"DotNetNuke|\bDNN\b"),
        header(r"^set-cookie: .*(?:dnn_|\.dotnetnuke)", NAMES_ITSELF),
        selector("input[name=__dnnVariable], #dnn_ContentPane, [id^=dnn_ctr]"),
        address(r"(?i)/desktopmodules/|/portals/\d+/|/tabid/\d+"),
        selector("input[name=__VIEWSTATE]", FITS),
    ),
)
