"""The multi-level portal of Huế (HueCIT): everything is named by ``?gd=&cn=&tc=``. Pure.

``tc`` is the article; ``gd`` and ``cn`` are the layout and section that show it, so that one
article has as many addresses as sections.
"""

from __future__ import annotations

import re

from crawler.pages.base import Family, ListParts, Parts
from crawler.pages.markers import FITS, address, selector
from crawler.pages.shaped import ShapedPage


class HueCitPage(ShapedPage):
    """An article of the portal."""

    family = "huecit"
    revision = 3
    article_address = re.compile(r"[?&]tc=[1-9]\d*(?:&|$)")
    parts = Parts(
        headline=("[id$=_lblTieuDe]", ".tieude_chitiet", ".TieuDeTin", ".title-detail"),
        lead=("[id$=_lblTomTat]", ".tomtat_chitiet", ".TomTatTin"),
        body=("[id$=_lblNoiDung]", ".noidung_chitiet", ".NoiDungTin", "#noidungchitiet"),
        date=("[id$=_lblNgayCapNhat]", ".ngaycapnhat", ".NgayCapNhat", ".ngay_chitiet"),
        author=("[id$=_lblTacGia]", ".tacgia_chitiet"),
        credits=("[id$=_lblNguon]", ".nguon_chitiet"),
        noise=(".tinlienquan", ".cactinkhac", ".congcu"),
    )


FAMILY = Family(
    page=HueCitPage,
    lists=(
        ListParts(item=".danhsachtin > li, .DanhSachTin > li", link="a[href*='tc=']"),
        ListParts(item=".tin_item, .TinItem", link=".tieude a[href*='tc='], a[href*='tc=']"),
    ),
    next=(".phantrang a.tieptheo", ".phantrang .hientai + a"),
    markers=(
        address(r"[?&]gd=\d+&(?:amp;)?cn=\d+|[?&]cn=\d+&(?:amp;)?gd=\d+"),
        address(r"[?&]tc=\d+"),
        address(r"\bthuathienhue\.gov\.vn|\bhue\.gov\.vn", FITS),
        selector("a[href*='huecit'], .huecit", FITS),
    ),
)
