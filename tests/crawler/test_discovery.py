"""Lists, feeds and sitemaps: what is on them, and the page after."""

# ruff: noqa: E501 - markup reads best on one line

from __future__ import annotations

import datetime as dt
import gzip
import json
import tarfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.feed import read_feed
from crawler.discovery.listing import read_list
from crawler.discovery.paging import find_next, is_scripted, next_of_fragment
from crawler.discovery.sitemap import MOST_BYTES, SitemapIndex, read_sitemap
from crawler.errors import UnreadableList
from crawler.pages.captured import CapturedPage, Length, ListedItem, ListedPage
from crawler.pages.families import read_article
from crawler.profiles import ProfileVersion

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
CAPTURED_AT = dt.datetime(2022, 10, 12, 13, tzinfo=dt.UTC)


def version_of(family: str, **select: str) -> ProfileVersion:
    sections = [{"name": "Tin tức", "url": "/"}]
    return ProfileVersion.model_validate({"family": family, "sections": sections, "select": select})


def page_of(
    body: str | bytes,
    url: str = "http://xa.test/tin-tuc",
    *,
    content_type: str = "text/html; charset=utf-8",
    captured_at: dt.datetime = CAPTURED_AT,
) -> CapturedPage:
    return CapturedPage(
        url=url,
        status=200,
        headers={"content-type": content_type},
        body=body if isinstance(body, bytes) else body.encode(),
        captured_at=captured_at,
    )


def item(url: str, title: str | None, day: str | None, raw: str | None) -> ListedItem:
    return ListedItem(
        url=url, title=title, day=dt.date.fromisoformat(day) if day else None, day_raw=raw
    )


# ---------------------------------------------------------------------------- lists


def row(n: int, day: str, title: str = "Tin hoạt động số") -> str:
    return f'<li><h3><a href="/tin/{n}">{title} {n}</a></h3><span>{day}</span><p>Tóm tắt ngày 01/01/2020 của tin.</p></li>'


def test_a_list_without_selectors_is_its_largest_dated_group_outside_the_side_boxes() -> None:
    side = "".join(f'<li><a href="/vb/{n}">Văn bản {n}</a> 0{n}/09/2022</li>' for n in range(1, 9))
    markup = f"""<div class="menu"><a href="/a">Giới thiệu</a></div>
    <div class="noi-dung"><ul>{row(1, "11/10/2022")}{row(2, "10/10/2022")}</ul></div>
    <div class="cot-phai sidebar"><ul>{side}</ul></div>"""
    found = read_list(page_of(markup), version_of("generic"))
    assert found.items == (
        item("http://xa.test/tin/1", "Tin hoạt động số 1", "2022-10-11", "11/10/2022"),
        item("http://xa.test/tin/2", "Tin hoạt động số 2", "2022-10-10", "10/10/2022"),
    )


def test_links_to_categories_authors_and_days_are_no_items() -> None:
    def entry(n: int) -> str:
        return f"""<article class="article type-post"><div class="article-meta"><a class="article-date"
        href="/2022/10/{n}/bai/"><time datetime="2022-10-0{n}T08:00:00+07:00">Oct {n}, 2022</time></a>
        <a class="article-category-link" href="/categories/muc-{n}/">Cải cách hành chính</a>
        <a href="/author/{n}/">Văn phòng</a></div><h1><a class="article-title" href="/2022/10/{n}/bai/">
        Tin {n}</a></h1><p>Tóm tắt.</p><a href="/2022/10/{n}/bai/#more">Đọc tiếp</a></article>"""

    found = read_list(page_of(f"<main>{entry(2)}{entry(1)}</main>"), version_of("generic"))
    assert found.items == (
        item("http://xa.test/2022/10/2/bai/", "Tin 2", "2022-10-02", "Oct 2, 2022"),
        item("http://xa.test/2022/10/1/bai/", "Tin 1", "2022-10-01", "Oct 1, 2022"),
    )


def test_older_articles_under_a_title_of_their_own_belong_to_the_list() -> None:
    older = '<h4>Các tin khác</h4><ul><li><a href="/tin/9">Tin cũ</a> <i>(01/09/2022)</i></li></ul>'
    markup = f"<div><ul>{row(1, '11/10/2022')}{row(2, '10/10/2022')}</ul></div><div>{older}</div>"
    found = read_list(page_of(markup), version_of("generic"))
    assert [one.day_raw for one in found.items] == ["11/10/2022", "10/10/2022", "(01/09/2022)"]


def test_a_menu_and_a_footer_are_no_list() -> None:
    links = "".join(f'<li><a href="/m/{n}">Mục số {n}</a></li>' for n in range(12))
    markup = f"<nav><ul>{links}</ul></nav><p>Đang cập nhật</p><footer><ul>{links}</ul> 01/10/2022</footer>"
    assert read_list(page_of(markup), version_of("generic")).items == ()


def test_a_list_without_days_is_its_longest_titles() -> None:
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/tin/{n}">Kế hoạch tuyên truyền cải cách hành chính {n}</a></td></tr>'
        for n in range(5)
    )
    found = read_list(page_of(f"<table>{rows}</table>"), version_of("generic"))
    assert [(one.day, one.day_raw) for one in found.items] == [(None, None)] * 5


def test_a_day_in_a_table_that_an_excerpt_shows_is_no_day_of_its_item() -> None:
    table = "".join(f"<tr><td>{n}</td><td>Đất đai</td><td>0{n}/09/2022</td></tr>" for n in (1, 2))
    excerpts = {1: f"<table>{table}</table>", 2: f"<p>Kết quả:</p><table>{table}</table>"}
    entries = "".join(
        f'<article><h2><a href="/tin/{n}">Kết quả giải quyết thủ tục hành chính kỳ {n}</a></h2>'
        f"<div>{excerpts.get(n, '<p>Tóm tắt.</p>')}</div></article>"
        for n in range(1, 6)
    )
    found = read_list(page_of(f"<main>{entries}</main>"), version_of("generic"))
    assert [one.day_raw for one in found.items] == [None] * 5


def test_a_day_in_the_row_of_a_table_that_is_the_list_is_the_day_of_its_item() -> None:
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/tin/{n}">Tin hoạt động {n}</a></td><td>0{n}/09/2022</td></tr>'
        for n in (3, 2, 1)
    )
    found = read_list(page_of(f"<main><table>{rows}</table></main>"), version_of("generic"))
    assert [one.day_raw for one in found.items] == ["03/09/2022", "02/09/2022", "01/09/2022"]


def test_a_pinned_item_without_a_day_does_not_take_that_of_the_next() -> None:
    def entry(n: int, kind: str, day: str) -> str:
        link = f'<h2><a href="/tin/{n}">Hội nghị triển khai nhiệm vụ lần {n}</a></h2>'
        return f'<article class="post text{kind}">{link}<footer><a href="/tin/{n}">{day}</a></footer></article>'

    pinned = entry(9, " pinned", "Đã ghim") + entry(8, " pinned", "Đã ghim")
    dated = [entry(n, "", f"<time>0{n}/09/2022</time>") for n in (3, 2, 1)]
    found = read_list(page_of(f"<main>{pinned}{''.join(dated)}</main>"), version_of("generic"))
    days = {one.url.rpartition("/")[2]: one.day_raw for one in found.items}
    assert {days.get("9"), days.get("8")} == {None}
    assert [days["3"], days["2"], days["1"]] == ["03/09/2022", "02/09/2022", "01/09/2022"]


def test_a_list_in_boxes_that_are_called_by_their_measures_is_found() -> None:
    boxed = "min-h-[calc(100vh-var(--navbar-height))] pr-[calc(env(safe-area-inset-right)-1.5rem)]"
    rows = row(2, "11/10/2022") + row(1, "10/10/2022")
    menu = "".join(f'<li><a href="/m/{n}">Chuyên mục số {n} của trang</a></li>' for n in range(30))
    markup = f'<nav>{menu}</nav><article class="{boxed}"><ul>{rows}</ul></article>'
    found = read_list(page_of(markup), version_of("generic"))
    assert [one.day_raw for one in found.items] == ["11/10/2022", "10/10/2022"]


def test_a_profiles_selector_that_finds_nothing_gives_no_items() -> None:
    markup = f"<ul>{row(1, '11/10/2022')}{row(2, '10/10/2022')}</ul>"
    assert read_list(page_of(markup), version_of("generic", item=".da-doi")).items == ()


def test_a_profile_may_name_every_part_of_an_item() -> None:
    markup = """<div class="o"><b>Cải cách</b><a class="x" href="anh.html">Ảnh của bài viết rất dài</a>
    <a class="y" href="bai.html">…</a><i>Ngày ban hành 01/02/2022</i><u>Đăng 03/02/2022</u></div>"""
    version = version_of("generic", item=".o", item_link="a.y", item_title="b", item_date="u")
    found = read_list(page_of(markup, "http://xa.test/muc/index.html"), version)
    assert found.items == (
        item("http://xa.test/muc/bai.html", "Cải cách", "2022-02-03", "Đăng 03/02/2022"),
    )


def test_a_profile_may_replace_one_part_of_what_its_family_looks_for() -> None:
    markup = """<article class="post"><h2 class="entry-title"><a href="/1">Một</a></h2>
    <time class="published" datetime="2022-10-11">11/10/2022</time><i>Đăng 03/02/2022</i></article>"""
    plain = read_list(page_of(markup), version_of("wordpress")).items[0]
    chosen = read_list(page_of(markup), version_of("wordpress", item_date="i")).items[0]
    assert (plain.day_raw, chosen.day_raw) == ("11/10/2022", "Đăng 03/02/2022")


def test_a_title_that_was_cut_is_completed_from_its_attribute() -> None:
    markup = f"""<ul>{row(1, "11/10/2022")}<li><h3><a href="/tin/2"
    title="Hội nghị sơ kết công tác cải cách hành chính">Hội nghị sơ kết…</a></h3>10/10/2022</li></ul>"""
    titles = [one.title for one in read_list(page_of(markup), version_of("generic")).items]
    assert titles[1] == "Hội nghị sơ kết công tác cải cách hành chính"


def test_an_address_is_listed_once_with_its_first_day() -> None:
    markup = (
        f"<ul>{row(1, '')}{row(1, '11/10/2022')}{row(1, '09/10/2022')}{row(2, '10/10/2022')}</ul>"
    )
    found = read_list(page_of(markup), version_of("generic", item="li", item_date="span"))
    assert [one.day_raw for one in found.items] == ["11/10/2022", "10/10/2022"]


def test_a_refused_day_is_kept_as_printed() -> None:
    markup = f"<ul>{row(1, '31/02/2022')}{row(2, '10/10/2022')}</ul>"
    found = read_list(page_of(markup), version_of("generic", item="li", item_date="span"))
    assert (found.items[0].day, found.items[0].day_raw) == (None, "31/02/2022")


def test_relative_addresses_count_from_the_base_element() -> None:
    markup = f'<base href="/muc/"><ul>{row(1, "11/10/2022").replace("/tin/", "tin/")}</ul>'
    found = read_list(page_of(markup), version_of("generic"))
    assert [one.url for one in found.items] == ["http://xa.test/muc/tin/1"]


# --------------------------------------------------------------------------- paging


ZERO = (
    '<ul class="pager"><li class="pager-current">{0}</li><li><a href="?page=0">1</a></li>'
    '<li><a href="?page=1">2</a></li><li><a href="?page=2">3</a></li></ul>'
)


@pytest.mark.parametrize(
    ("url", "markup", "following"),
    [
        ("/tin", '<link rel="next" href="/tin/page/2">', "/tin/page/2"),
        ("/tin", '<ul class="pagination"><a href="/tin?page=2">Trang sau</a></ul>', "/tin?page=2"),
        ("/tin", '<div class="pager"><a href="/tin?p=2">Tiếp »</a></div>', "/tin?p=2"),
        ("/tin", '<div class="phan-trang"><b>1</b><a href="?trang=2">2</a></div>', "/tin?trang=2"),
        ("/tin?trang=9", '<div class="paging"><a href="?trang=10">10</a></div>', "/tin?trang=10"),
        ("/tin?_101_cur=2", '<a class="next" href="/tin?_101_cur=3">&gt;</a>', "/tin?_101_cur=3"),
        (
            "/tin",
            '<div class="pagination"><a href="?page=2">2</a><a href="?page=9">»</a></div>',
            "/tin?page=2",
        ),
        (
            "/tin",
            '<ul><li class="next"><a href="/tin?b=20">Next 20 items »</a></li></ul>',
            "/tin?b=20",
        ),
        ("/tin?page=2", '<div class="pagination"><a href="/tin">Trang sau</a></div>', None),
        ("/tin?page=3", '<div class="pagination"><a href="/tin?page=1">Tiếp</a></div>', None),
        ("/tin?page=3", '<div class="pagination"><a href="/tin?page=3">Tiếp</a></div>', None),
        ("/tin", '<ul class="pagination"><a href="/">Trang sau</a></ul>', None),
        (
            "/tin",
            '<ul class="pager"><li class="disabled"><a href="?page=2">Next</a></li></ul>',
            None,
        ),
        ("/tin", '<div class="pager"><a href="javascript:next()">Next</a></div>', None),
        ("/tin", '<div class="pager"><a href="#">Tiếp</a></div>', None),
        ("/tin", '<div class="pager"><a href="http://khac.test/tin?page=2">Tiếp</a></div>', None),
        ("/tin", '<p>Xem <a href="/gioi-thieu">tiếp</a></p>', None),
        ("/tin", '<table><tr><td><a href="/van-ban?id=2">2</a></td></tr></table>', None),
        # addresses that count from 0, as Drupal's
        ("/tin", f"{ZERO.format(0)}", "/tin?page=1"),
        ("/tin?page=0", f"{ZERO.format(0)}", "/tin?page=1"),
        ("/tin?page=1", f"{ZERO.format(1)}", "/tin?page=2"),
        (
            "/tin",
            '<ul class="pager"><li><a href="?page=1">Trang sau ›</a></li></ul>',
            "/tin?page=1",
        ),
        # "xem thêm" leads on where its address counts, and not into a section
        ("/tin", '<div class="xt"><a href="/tin?page=2">Xem thêm »</a></div>', "/tin?page=2"),
        ("/tin?page=2", '<div><a href="/tin?page=3">Tải thêm</a></div>', "/tin?page=3"),
        ("/tin", '<div><a href="/tin/the-thao">Xem thêm</a></div>', None),
        # what its button carries for a script, with a page's number
        ("/tin", '<button data-url="/tin/them?page=2">Xem thêm</button>', "/tin/them?page=2"),
        ("/tin", '<a href="#" data-url="/them?p=" data-page="1">Tải thêm</a>', "/them?p=2"),
        ("/tin", '<a href="#" data-url="/them?p=" data-page="2">Tải thêm</a>', "/them?p=2"),
        ("/tin", '<button data-url="/them?p=" data-page="9">Xem thêm</button>', None),
        ("/tin", '<button data-url="/tin/them" data-page="2">Xem thêm</button>', None),
        ("/tin", '<button data-url="http://khac.test/?p=2">Xem thêm</button>', None),
        ("/them?p=3", '<button data-url="/them?p=2">Xem thêm</button>', None),
        # what is no address is passed over
        ("/tin", '<div class="pager"><a href="http://[::1">2</a></div>', None),
        (
            "/tin",
            '<html><head><link rel="next" href="/tin/p/2/"></head><body></body></html>',
            "/tin/p/2/",
        ),
        (
            "/",
            '<nav><ul><li>Page 1 / 4</li><li><a href="/index2.html">&rang;</a></li></ul></nav>',
            "/index2.html",
        ),
        *(
            ("/tin", f'<div class="pager"><a href="/tin/page/2/">{sign}</a></div>', "/tin/page/2/")
            for sign in (
                "⟩",
                "❯",
                "▶",
                "▸",
                "➔",
                "≫",
                "Bài đăng Cũ hơn",
                "Older Entries",
                "Trang tới",
            )
        ),
        (
            "/index.php?tin/page/2",
            '<p class="pagination"><a href="?tin">Newer</a><a href="?tin/page/3">Earlier</a></p>',
            "/index.php?tin/page/3",
        ),
    ],
)
def test_the_next_page_is_one_that_goes_on(url: str, markup: str, following: str | None) -> None:
    found = find_next(page_of(markup, f"http://xa.test{url}"), None, ())
    assert (following and f"http://xa.test{following}") == found


@pytest.mark.parametrize(
    ("url", "following"),
    [
        ("/them?page=2", "/them?page=3"),
        ("/them/page/02", "/them/page/3"),
        ("/them?page=%32", None),
        ("/them", None),
    ],
)
def test_a_piece_of_a_list_is_followed_by_the_next_number(url: str, following: str | None) -> None:
    piece = replace(page_of(""), url=f"http://xa.test{url}", body=b"<li><a href='/1'>Tin</a></li>")
    assert next_of_fragment(piece) == (following and f"http://xa.test{following}")


def test_a_piece_of_a_list_is_not_its_last_page_while_it_has_items() -> None:
    rows = "".join(row(n, "11/10/2022") for n in (1, 2, 3))
    piece = page_of(f"<ul>{rows}</ul>", "http://xa.test/them?muc=2&p=2")
    found = read_list(piece, version_of("generic"))
    assert (len(found.items), found.next_url) == (3, "http://xa.test/them?muc=2&p=3")
    none = read_list(page_of("<ul></ul>", "http://xa.test/them?p=3"), version_of("generic"))
    assert (none.next_url, none.length) == (None, Length(entries=0))
    whole = page_of(f"<!DOCTYPE html><body><ul>{rows}</ul></body>", "http://xa.test/tin?p=2")
    assert read_list(whole, version_of("generic")).next_url is None


@pytest.mark.parametrize(
    ("markup", "is_one"),
    [
        ('<ul class="pagination"><a href="javascript:tai(2)">2</a></ul>', True),
        ('<ul class="pagination"><a href="#" onclick="tai(2)">Trang sau</a></ul>', True),
        ('<button class="btn-load-more">Xem thêm</button>', True),
        ('<a class="view-more" href="javascript:;">Tải thêm +</a>', True),
        ('<ul class="pagination"><li class="active"><a href="#">1</a></li></ul>', False),
        ('<ul class="pagination"><li class="disabled"><a href="#">Trang sau</a></li></ul>', False),
        ('<ul class="pagination"><a href="?page=2">2</a></ul>', False),
        ('<div class="slide"><a href="#">Next</a></div>', False),
        ('<button class="menu">Xem thêm</button>', False),
        ("<div><span>Trang 1/12</span></div>", True),
        ("<div><span>Trang 12/12</span></div>", False),
        ("<p>Trang 1/12 của báo cáo nêu rõ nội dung này.</p>", False),
        ('<a class="view-more" href="/tin">Xem thêm</a>', False),
        ("<p>Hết</p>", False),
        ('<ul class="pager"><li>Page 9 of 9, of 90</li><a href="/tin/P8.html">Cũ</a></ul>', True),
        ('<ul class="pager"><li>Page 9 of 9, of 90</li><a href="/tin/P1.html">Đầu</a></ul>', False),
    ],
)
def test_a_pager_that_only_a_script_can_turn_is_told(markup: str, *, is_one: bool) -> None:
    assert is_scripted(page_of(markup)) == is_one


def test_a_profiles_selector_says_that_the_list_ends() -> None:
    markup = f'<ul>{row(1, "11/10/2022")}</ul><ul class="pager"><a href="#">Trang sau</a></ul>'
    assert read_list(page_of(markup), version_of("generic", item="li")).is_cut_off
    assert not read_list(page_of(markup), version_of("generic", next="#khong-co")).is_cut_off


def test_a_page_number_that_the_pager_marks_counts_as_the_current_one() -> None:
    markup = '<ul class="pagination"><li class="active">2</li><li><a href="t?cur=1">1</a></li><li><a href="t?cur=3">3</a></li></ul>'
    assert find_next(page_of(markup), None, ()) == "http://xa.test/t?cur=3"


@pytest.mark.parametrize(
    ("at", "following"),
    [(3, "http://xa.test/index.php?muc4/kinh-te/trang4"), (2, None), (4, None)],
)
def test_on_the_page_before_the_last_the_way_to_the_last_leads_on(
    at: int, following: str | None
) -> None:
    """A pager that has no 'next' there; where more pages lie between, a script would know."""
    link = '<a class="{}" href="/index.php?muc4/kinh-te{}">{}</a>'
    last = link.format("cuoi", "/trang4", "Trang cuối") if at < 4 else ""
    markup = (
        f'<nav class="pagination">{link.format("dau", "", "Trang đầu")}'
        f"<span>Trang {at} / 4</span>{last}</nav>"
    )
    here = page_of(markup, f"http://xa.test/index.php?muc4/kinh-te/trang{at}")
    assert find_next(here, None, ()) == following
    assert is_scripted(here) == (at < 4)


def test_a_profiles_selector_for_the_next_page_is_the_only_one_tried() -> None:
    markup = (
        '<div class="pager"><a href="?page=2">Tiếp</a></div><a id="xa-hon" href="?page=5">…</a>'
    )
    assert find_next(page_of(markup), "#xa-hon", ()) == "http://xa.test/tin-tuc?page=5"
    assert find_next(page_of(markup), "#khong-co", ()) is None


@given(current=st.integers(1, 60), linked=st.lists(st.integers(1, 60), max_size=8))
def test_walking_by_next_never_goes_back(current: int, linked: list[int]) -> None:
    links = "".join(f'<a class="next" href="?page={n}">{n}</a>' for n in linked)
    page = page_of(f'<div class="pager">{links}</div>', f"http://xa.test/tin?page={current}")
    found = find_next(page, None, ())
    later = [n for n in linked if n > current]
    assert (found is None) == (not later)
    assert found is None or int(found.rpartition("=")[2]) in later


# ---------------------------------------------------------------------------- feeds


def test_an_rss_feed_gives_title_address_and_day_in_vietnam() -> None:
    feed = """
      <?xml version="1.0" encoding="us-ascii"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
      <title>Tin</title><lastBuildDate>Wed, 12 Oct 2022 01:00:00 +0000</lastBuildDate>
      <item><title>Cải cách &amp;amp; chuyển đổi số</title><link> /tin/1 </link><pubDate>Mon, 10 Oct 2022 18:30:00 +0000</pubDate></item>
      <item><title><![CDATA[Một &#8211; cửa]]></title><guid>http://xa.test/tin/2</guid><dc:date>2022-10-09T08:00:00+07:00</dc:date></item>
      <item><title>Không ngày</title><link>http://xa.test/tin/3?a=1&b=2</link></item>
      <item><title>Không địa chỉ</title><guid isPermaLink="false">x</guid></item></channel></rss>"""
    assert read_feed(page_of(feed, "http://xa.test/rss")).items == (
        item(
            "http://xa.test/tin/1",
            "Cải cách & chuyển đổi số",
            "2022-10-11",
            "Mon, 10 Oct 2022 18:30:00 +0000",
        ),
        item("http://xa.test/tin/2", "Một – cửa", "2022-10-09", "2022-10-09T08:00:00+07:00"),
        item("http://xa.test/tin/3?a=1&b=2", "Không ngày", None, None),
    )


def test_an_atom_feed_gives_the_day_of_publication_and_its_next_page() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/atom?page=2"/>
      <entry><title type="html">Ngày hội</title><link rel="self" href="/api/1"/><link href="/tin/1"/>
      <published>2022-10-10T17:30:00Z</published><updated>2022-10-12T00:00:00Z</updated></entry>
      <entry><title>Chỉ sửa</title><link href="/tin/2"/><updated>2022-10-12T00:00:00Z</updated></entry></feed>"""
    assert read_feed(page_of(feed)) == ListedPage(
        items=(
            item("http://xa.test/tin/1", "Ngày hội", "2022-10-11", "2022-10-10T17:30:00Z"),
            item("http://xa.test/tin/2", "Chỉ sửa", None, None),
        ),
        next_url="http://xa.test/atom?page=2",
    )


def test_an_rdf_feed_has_its_items_beside_the_channel() -> None:
    feed = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel><title>Tin</title></channel><item><title>Một</title><link>http://xa.test/1</link></item></rdf:RDF>"""
    assert read_feed(page_of(feed)).items == (item("http://xa.test/1", "Một", None, None),)


def test_a_feed_that_prints_the_month_for_the_minutes_has_its_day_right() -> None:
    # NukeViet to 5: gmdate('D, j M Y H:m:s'); Vietnam's midnight is 17:00 there, a whole hour.
    days = {
        hour: f"<rss><channel><item><link>/1</link><pubDate>Mon, 10 Oct 2022 {hour}:10:59 GMT"
        "</pubDate></item></channel></rss>"
        for hour in ("16", "17")
    }
    assert [read_feed(page_of(feed)).items[0].day for feed in days.values()] == [
        dt.date(2022, 10, 10),
        dt.date(2022, 10, 11),
    ]


@pytest.mark.parametrize("zone", ["UT", "GMT", "+0000", "EST"])
def test_a_feed_day_with_a_zone_of_rfc_822_is_an_instant(zone: str) -> None:
    feed = f"<rss><channel><item><link>/1</link><pubDate>Mon, 10 Oct 22 18:30:00 {zone}</pubDate></item></channel></rss>"
    assert read_feed(page_of(feed)).items[0].day == dt.date(2022, 10, 11)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&lt;b&gt;Một cửa&lt;/b&gt; điện tử", "Một cửa điện tử"),
        ("<![CDATA[<p>Tin &amp; bài</p>]]>", "Tin & bài"),
        ('<![CDATA[<a href="/x" title="a > b">Họp</a><img src="m.gif">]]>', "Họp"),
        ("Chỉ số hài lòng &lt; 90 %", "Chỉ số hài lòng < 90 %"),
        ("Tin &amp;amp; bài", "Tin & bài"),
        ("Th«ng b¸o lÞch tiÕp d©n", "Thông báo lịch tiếp dân"),
    ],
)
def test_markup_in_a_feeds_title_is_no_part_of_it(written: str, title: str) -> None:
    feed = f"<rss><channel><item><title>{written}</title><link>/1</link></item></channel></rss>"
    assert read_feed(page_of(feed)).items[0].title == title


def test_a_feed_day_of_ours_is_read_day_first() -> None:
    feed = "<rss><channel><item><title>A</title><link>/1</link><pubDate>03/10/2022 09:02:23 SA</pubDate></item></channel></rss>"
    assert read_feed(page_of(feed)).items[0].day == dt.date(2022, 10, 3)


def test_a_feed_in_a_charset_that_it_does_not_name_reads_right() -> None:
    feed = '<?xml version="1.0" encoding="utf-16"?><rss><channel><item><title>Xã Đông Hòa</title><link>/1</link></item></channel></rss>'
    page = page_of(feed, content_type="text/xml; charset=iso-8859-1")
    assert read_feed(page).items[0].title == "Xã Đông Hòa"


BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title><link>/1</link></item></channel></rss>'
EXTERNAL = '<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/hostname">%x;]><rss><channel/></rss>'


@pytest.mark.parametrize(
    "markup", [BOMB, EXTERNAL, "", "  ", "không phải XML", "<html><p>404</p></html>"]
)
def test_what_is_no_feed_or_not_safe_is_refused(markup: str) -> None:
    with pytest.raises(UnreadableList):
        read_feed(page_of(markup))


def test_a_plain_document_type_does_no_harm() -> None:
    feed = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://khac.test/rss.dtd"><rss><channel><item><title>A</title><link>/1</link></item></channel></rss>'
    assert [one.title for one in read_feed(page_of(feed)).items] == ["A"]


@given(st.binary(max_size=200), st.sampled_from([b"", b"<rss>", b"<urlset>", b"\x1f\x8b"]))
def test_any_bytes_are_read_or_refused(tail: bytes, start: bytes) -> None:
    for reader in (read_feed, read_sitemap):
        try:
            reader(page_of(start + tail))
        except UnreadableList:
            continue


# ------------------------------------------------------------------------- sitemaps


SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> http://xa.test/tin/1 </loc><lastmod>2022-10-12T01:00:00+07:00</lastmod></url>
<url><loc>http://xa.test/tin/2</loc><lastmod>2022-10-12</lastmod><news:news><news:publication><news:name>Xã</news:name></news:publication>
<news:publication_date>2022-10-10T17:30:00Z</news:publication_date><news:title>Ngày hội</news:title></news:news></url><url/></urlset>"""


def test_a_sitemaps_lastmod_is_no_day_of_publication() -> None:
    assert read_sitemap(page_of(SITEMAP)) == ListedPage(
        items=(
            item("http://xa.test/tin/1", None, None, None),
            item("http://xa.test/tin/2", "Ngày hội", "2022-10-11", "2022-10-10T17:30:00Z"),
        ),
        next_url=None,
    )


def test_a_compressed_sitemap_reads_the_same() -> None:
    packed = page_of(gzip.compress(SITEMAP.encode(), mtime=0), content_type="application/gzip")
    assert read_sitemap(packed) == read_sitemap(page_of(SITEMAP))


def test_a_sitemap_index_gives_its_sitemaps() -> None:
    index = "<sitemapindex><sitemap><loc>/post-sitemap.xml</loc></sitemap><sitemap><loc>http://xa.test/2.xml.gz</loc></sitemap></sitemapindex>"
    assert read_sitemap(page_of(index)) == SitemapIndex(
        ("http://xa.test/post-sitemap.xml", "http://xa.test/2.xml.gz")
    )


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b" " * (MOST_BYTES + 1), mtime=0),
        gzip.compress(SITEMAP.encode(), mtime=0)[:-20] + b"hong",
        b"<html><body>404</body></html>",
        BOMB.encode(),
    ],
    ids=["too large when unpacked", "torn", "html", "entities"],
)
def test_what_is_no_sitemap_or_not_safe_is_refused(body: bytes) -> None:
    with pytest.raises(UnreadableList):
        read_sitemap(page_of(body))


# ----------------------------------------------------------------------- real pages


def rows_of(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        pytest.skip("the shared test data are not here")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("family", ["liferay", "generic"])
def test_every_item_of_a_real_portals_lists_is_found(family: str) -> None:
    portal = SHARED / "sotttt-hanoi"
    wanted: dict[str, set[object]] = defaultdict(set)
    for one in rows_of(portal / "expected-items.jsonl"):
        wanted[one["page"]].add((one["title"], one["day"], one["date_raw"]))
    found: dict[str, set[object]] = {}
    for name in wanted:
        page = page_of((portal / "site" / name).read_bytes(), f"http://127.0.0.1/{name}")
        items = read_list(page, version_of(family)).items
        found[name] = {(one.title, str(one.day), one.day_raw) for one in items}
    assert sum(map(len, wanted.values())) == 326
    assert wanted == found


def unpack(name: str, nights: set[str]) -> Mapping[str, Mapping[str, bytes]]:
    """Give the pages of some nights: night → path → bytes."""
    archive = SHARED / "daknong" / f"{name}.tar.xz"
    if not archive.exists():
        pytest.skip("the shared test data are not here")
    pages: dict[str, dict[str, bytes]] = defaultdict(dict)
    with tarfile.open(archive, "r:xz") as tar:
        for member in tar:
            night, _, rest = member.name.removeprefix("./").partition("/")
            content = tar.extractfile(member) if night in nights else None
            if content is not None:
                path = "/" + rest.removesuffix("index.html").rstrip("/")
                pages[night][path] = content.read()
    return pages


STATIC_SITE = {"headline": "p.Title", "body": "div[class^=ExternalClass]", "date": "td.Time"}


def check_night(name: str, night: str, pages: Mapping[str, bytes], select: dict[str, str]) -> None:
    """Every expected post is on a list with its title and one of its days, and reads as one."""
    captured_at = dt.datetime.fromisoformat(f"{night}T20:00:00+07:00").astimezone(dt.UTC)
    posts = {
        one["path"]: one
        for one in rows_of(SHARED / "daknong" / f"{name}.expected.jsonl")
        if one["night"] == night
    }
    sections = {section for post in posts.values() for section in post["sections"]}
    lists = [path for path in pages if path.partition("/page/")[0] in sections - set(posts)]
    found: set[str] = set()
    for path in lists:
        page = page_of(pages[path], f"http://h.test{path}", captured_at=captured_at)
        for one in read_list(page, version_of("generic", **select)).items:
            post = posts.get("/" + unquote(urlsplit(one.url).path).strip("/"))
            if post and one.title == post["title"] and str(one.day) in post["days"]:
                found.add(post["path"])
    assert set(posts) == found
    saved = [path for path in posts if len(pages.get(path, b"")) > 1000]  # some are empty files
    for path in saved:
        page = page_of(pages[path], f"http://h.test{path}", captured_at=captured_at)
        extraction = read_article(page, version_of("generic", **STATIC_SITE))
        assert extraction.headline.casefold() == posts[path]["title"].casefold()
        assert extraction.date_published is not None


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("select", [{"item": "td.TitleFront"}, {}], ids=["profile", "no selectors"])
def test_every_post_of_a_real_site_is_found_on_its_first_and_last_night(
    krongno: Mapping[str, Mapping[str, bytes]], select: dict[str, str]
) -> None:
    for night, pages in krongno.items():
        check_night("krongno", night, pages, select)


@pytest.fixture(scope="module")
def krongno() -> Mapping[str, Mapping[str, bytes]]:
    return unpack("krongno", {"2019-04-08", "2019-07-30"})


def test_every_post_of_a_second_real_site_is_found() -> None:
    check_night("stp", "2019-08-05", unpack("stp", {"2019-08-05"})["2019-08-05"], {})


def test_the_pager_that_readers_use_goes_before_an_address_in_the_head() -> None:
    head = '<head><link rel="prev" href="/"><link rel="next" href="/page/3/"></head>'
    pager = '<ul class="pagination"><li><a {}href="/tin?page=1">Trang A</a></li>{}</ul>'
    following = '<li><a {}href="/tin?page=3">Trang C</a></li>'
    for before, after in (('rel="prev" ', 'rel="next" '), ("", "")):
        for link, wanted in ((following.format(after), "http://xa.test/tin?page=3"), ("", None)):
            markup = f"<html>{head}{pager.format(before, link)}</html>"
            page = page_of(markup, "http://xa.test/tin?page=2")
            assert read_list(page, version_of("generic")).next_url == wanted
    alone = page_of(f"<html>{head}</html>", "http://xa.test/tin?page=2")
    assert read_list(alone, version_of("generic")).next_url == "http://xa.test/page/3/"


def test_the_last_page_of_a_list_without_days_may_have_one_item_alone() -> None:
    markup = """<main><div><span>Kinh tế</span><h2><a href="/bai-cuoi">Bàn giao nhà đại đoàn kết
    cho hộ nghèo</a></h2><p>Xã bàn giao.</p></div></main><div class="chan">
    <a href="/feed">RSS</a> <span>11/10/2022</span></div>"""
    last = page_of(markup, "http://xa.test/kinh-te/page/3/")
    assert [one.url for one in read_list(last, version_of("generic")).items] == [
        "http://xa.test/bai-cuoi"
    ]
    alone = markup[: markup.index("</main>")] + "</main>"
    assert read_list(page_of(alone, "http://xa.test/kinh-te"), version_of("generic")).items == ()


def test_an_item_that_says_how_long_ago_has_the_day_that_it_gives_to_machines() -> None:
    entries = "".join(
        f'<article><h2><a href="/b{n}">Tiêu đề của bài viết thứ {n}</a></h2><footer><small>'
        f'<time datetime="2022-10-0{n} 23:30:00">{8 - n} days ago</time></small></footer></article>'
        for n in (7, 6, 5, 4)
    )
    found = read_list(page_of(f"<main>{entries}</main>"), version_of("generic"))
    assert [(one.day, one.day_raw) for one in found.items] == [
        (dt.date(2022, 10, n), f"2022-10-0{n} 23:30:00") for n in (7, 6, 5, 4)
    ]
