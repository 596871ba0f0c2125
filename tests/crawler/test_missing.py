from __future__ import annotations

import datetime as dt

from crawler.missing import says_nothing_else, telling_lines, unknown_address
from crawler.pages.captured import CapturedPage

MENU = "<nav><a href=/>Cổng thông tin điện tử xã A</a> <a href=/tin>Tin tức</a></nav>"
BASE = "http://xa-a.test/"


def page(path: str, body: str) -> CapturedPage:
    return CapturedPage(
        url=BASE + path,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=f"<html><body>{MENU}{body}</body></html>".encode(),
        captured_at=dt.datetime(2022, 9, 1, tzinfo=dt.UTC),
    )


def unknown(body: str) -> frozenset[str]:
    path = unknown_address(BASE, "abcdefgh").removeprefix(BASE)
    return telling_lines(page(path, body.replace("{path}", path)))


def test_a_page_that_says_what_unknown_addresses_get_is_missing() -> None:
    sorry = "<p>Xin lỗi, bài viết này không có trên trang.</p>"
    assert says_nothing_else(page("bai-1", sorry), unknown(sorry))


def test_the_asked_address_counters_and_clocks_make_no_difference() -> None:
    text = "<p>Không có bài viết /{path}.</p><p>Lượt truy cập trong ngày hôm nay: %d</p>"
    gone = page("bai-1", text.replace("{path}", "bai-1") % 17)
    assert says_nothing_else(gone, unknown(text % 4))


def test_an_article_says_something_of_its_own_however_short() -> None:
    headline = "<h1>Xã A khai trương bộ phận một cửa</h1>"
    assert not says_nothing_else(page("bai-1", headline), unknown("<p>Không có bài này</p>"))


def test_a_page_without_a_word_is_not_called_missing() -> None:
    bare = CapturedPage(
        url=BASE + "bai-1",
        status=200,
        headers={},
        body=b"<html><body>x</body></html>",
        captured_at=dt.datetime(2022, 9, 1, tzinfo=dt.UTC),
    )
    assert not says_nothing_else(bare, unknown("<p>Không có bài này ở đây</p>"))
