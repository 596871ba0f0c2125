"""Which links of a page may lead to a section, and where a site lies."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from crawler.pages.captured import CapturedPage
from crawler.probing.links import Kind, base_of, kind_of, links_of, refreshed_to

URL = "http://xa.test/"


def page_of(body: str, url: str = URL, head: str = "") -> CapturedPage:
    return CapturedPage(
        url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=f"<html><head>{head}</head><body>{body}</body></html>".encode(),
        captured_at=dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
    )


def named(body: str) -> dict[str, str]:
    return {link.url.removeprefix(URL): link.name for link in links_of(page_of(body))}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Tin tức - Sự kiện", Kind.NEWS),
        ("Cải cách thủ tục hành chính", Kind.NEWS),
        ("Hoạt động của lãnh đạo", Kind.NEWS),
        ("Kinh tế", Kind.NEWS),
        ("Ti\u0301n tu\u031b\u0301c Tin tu\u031b\u0301c", Kind.NEWS),
        ("Văn bản pháp quy", Kind.DOCUMENTS),
        ("Thủ tục hành chính", Kind.DOCUMENTS),
        ("Thông báo đấu thầu", Kind.DOCUMENTS),
        ("Thư viện ảnh", Kind.MEDIA),
        ("Liên hệ", Kind.NO_LIST),
        ("Giới thiệu", Kind.NO_LIST),
        ("Hỏi đáp", Kind.NO_LIST),
        ("Lịch trực", Kind.NO_LIST),
        ("Bưu chính", Kind.OTHER),
    ],
)
def test_the_words_of_a_link_promise_a_kind_of_page(name: str, kind: Kind) -> None:
    assert kind is kind_of(name)


def test_what_a_link_shows_goes_before_its_address() -> None:
    assert kind_of("Kinh tế", "http://xa.test/home/muc-7") is Kind.NEWS
    assert kind_of("", "http://xa.test/lien-he.html") is Kind.NO_LIST
    assert kind_of("May 2026", "http://xa.test/?m=202605") is Kind.NO_LIST
    assert kind_of("Kinh tế", "http://xa.test/?cat=4&m=1") is Kind.NEWS
    assert kind_of("Trần Thị Mai", "http://xa.test/tin/author:mai/") is Kind.NO_LIST
    assert kind_of("admin", "http://xa.test/index.php?author001%2Fadmin=") is Kind.NO_LIST
    assert kind_of("Authors", "http://xa.test/authors-list.html") is Kind.NO_LIST
    assert kind_of("Admin", "http://xa.test/authors/1-Admin") is Kind.NO_LIST


@pytest.mark.parametrize(
    "query",
    [
        "layout=default&print=1&tmpl=component",
        "nvvithemever=r&nv_redirect=0S6QLHzWB-5pJcBBBBUx97VeCLXCXdMG",
        "option=login&return=aHR0cDovL3hhLnRlc3Qv",
        "destination=node/71",
    ],
)
def test_pages_for_printing_and_ways_back_to_a_page_are_no_sections(query: str) -> None:
    assert kind_of("Kinh tế", f"http://xa.test/index.php?{query}") is Kind.NO_LIST
    assert kind_of("Kinh tế", "http://xa.test/index.php?printer=1&redirection=2") is Kind.NEWS


def test_articles_files_pages_of_lists_and_scripts_are_no_candidates() -> None:
    body = """<a href="/tin-tuc">Tin tức</a> <a href="/tin-tuc?page=2">2</a>
    <a href="/mot-bai-viet-rat-dai-ve-chuyen-doi-so-12.html">Một bài viết</a>
    <a href="/x">Ủy ban nhân dân xã tổ chức hội nghị sơ kết công tác cải cách hành chính</a>
    <a href="/a.pdf">Tin tức bằng PDF</a> <a href="javascript:void(0)">Tin</a>
    <a href="#tin">Tin</a>"""
    assert named(body) == {"tin-tuc": "Tin tức"}


def test_a_link_to_a_next_page_is_no_section_and_a_counter_no_part_of_a_name() -> None:
    body = """<a href="/tin2.html">Trang sau »</a>
    <ul class="pagination"><li><a href="/cchc2.html"><i class="fa fa-arrow"></i></a></li></ul>
    <a href="/kinh-te">Kinh tế<span class="count">14</span></a>
    <a href="/archives"><span>Bài viết</span> <b>(60)</b></a>"""
    assert named(body) == {"kinh-te": "Kinh tế", "archives": "Bài viết"}


def test_a_list_that_a_box_links_as_a_feed_too_is_still_a_candidate() -> None:
    body = """<a href="/chi-dao-dieu-hanh" class="rss">RSS</a>
    <a href="/chi-dao-dieu-hanh">Xem tiếp</a>"""
    (link,) = links_of(page_of(body))
    assert (link.name, link.kind) == ("chi-dao-dieu-hanh", Kind.NEWS)


def test_a_link_without_words_is_named_after_its_image_or_its_address() -> None:
    body = """<a href="/covid-19.html"><img src="b.png" alt=""></a>
    <a href="/cchc"><img src="c.png" alt="Cải cách hành chính"></a>"""
    assert named(body) == {"covid-19.html": "covid-19", "cchc": "Cải cách hành chính"}


def test_a_link_that_says_see_all_is_named_after_its_address() -> None:
    (link,) = links_of(page_of('<a href="/su-kien">Xem tất cả</a>'))
    assert (link.name, link.is_titled, link.kind) == ("su-kien", True, Kind.NEWS)


def test_news_in_the_menu_come_first_and_contact_last() -> None:
    body = """<nav><a href="/lien-he">Liên hệ</a><a href="/muc">Mục khác</a>
    <a href="/tin">Tin tức</a></nav><p><a href="/tin-khac">Tin khác</a></p>"""
    ordered = sorted(links_of(page_of(body)), key=lambda link: link.rank)
    assert [link.url.removeprefix(URL) for link in ordered] == ["tin", "tin-khac", "muc", "lien-he"]


def test_names_are_one_short_line_whatever_the_page_says() -> None:
    (link,) = links_of(page_of('<nav><a href="/tin">Tin\x1b[31m\n\n   tức\u202e</a></nav>'))
    assert link.name == "Tin [31m tức"


FOLDER = '<a href="/web/a/tin">Tin</a><a href="/web/a/bai">Bài</a><a href="/web/b/">Xã B</a>'


@pytest.mark.parametrize(
    ("url", "body", "base"),
    [
        ("http://xa.test/web/a", FOLDER, "http://xa.test/web/a/"),
        ("http://xa.test/web/a/", FOLDER, "http://xa.test/web/a/"),
        ("http://xa.test/trang-chu", FOLDER, "http://xa.test/"),
        ("http://xa.test/Pages/default.aspx", FOLDER, "http://xa.test/"),
        ("http://xa.test/", FOLDER, "http://xa.test/"),
    ],
)
def test_a_site_lies_in_a_folder_where_its_links_keep_to_it(url: str, body: str, base: str) -> None:
    assert base == base_of(page_of(body, url))


def test_a_page_may_send_its_visitors_on() -> None:
    head = '<meta http-equiv="Refresh" content="0; URL=\'/Pages/home.aspx\'">'
    assert refreshed_to(page_of("", head=head)) == "http://xa.test/Pages/home.aspx"
    assert refreshed_to(page_of("")) is None


def test_further_pages_of_a_list_are_no_sections_in_whatever_language_their_links_are() -> None:
    markup = """<nav><a href="/chuyen-muc/tin/">Tin tức</a></nav>
    <p><a href="/chuyen-muc/tin/2/">后一页 »</a> <a href="/chuyen-muc/tin/1/">« 前一页</a>
    <a href="/chuyen-muc/tin?cp=3">Cũ hơn →</a></p>
    <ol class="page-navigator"><li><a href="/chuyen-muc/tin/4/">Cuối</a></li></ol>
    <h3><a href="/chuyen-muc/12">Xem tất cả »</a></h3>"""
    assert list(named(markup)) == ["chuyen-muc/tin/", "chuyen-muc/12"]


def test_a_menu_has_three_links_and_is_no_whole_page() -> None:
    menu = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(3))
    foot = '<nav class="post-navigation"><a rel="prev" href="/cu">Tin cũ</a></nav>'
    body = f'<div id="menu">{menu}</div><p><a href="/y-te">Y tế</a></p>{foot}'
    page = page_of(body)
    whole = page.body.replace(b"<body>", b'<body class="single nav-below-header">')
    for one in (page, dataclasses.replace(page, body=whole)):
        in_menus = {link.url.removeprefix(URL): link.is_in_menu for link in links_of(one)}
        assert in_menus == {
            **{f"muc-{n}": True for n in range(3)},
            "y-te": False,
            "cu": False,
        }
