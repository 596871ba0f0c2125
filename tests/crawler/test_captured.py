"""Decoding and parsing, whatever the server says of the charset."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.captured import CapturedPage
from storage.folding import tidy

TEXT = "<p>Cải cách hành chính ở xã</p>"
DECOMPOSED = unicodedata.normalize("NFD", "<p>Chuyen đôi sô ơ xa</p>")
VIETNAMESE_1258 = "<p>Ca\u0309i ca\u0301ch ha\u0300nh chi\u0301nh</p>"


def _page(body: bytes, content_type: str | None = None) -> CapturedPage:
    return CapturedPage(
        url="https://xa.test/tin/1",
        status=200,
        headers={} if content_type is None else {"content-type": content_type},
        body=body,
        captured_at=dt.datetime(2022, 6, 1, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    "content_type",
    [None, "text/html", "text/html; charset=UTF-8", "text/html; charset=", "text/html;;charset='x"],
)
def test_utf8_is_read_without_a_note(content_type: str | None) -> None:
    page = _page(TEXT.encode(), content_type)
    assert (page.text, page.charset_note) == (TEXT, None)


@pytest.mark.parametrize("lie", ["iso-8859-1", "windows-1258", "windows-1252", "gb2312"])
def test_utf8_is_read_as_such_when_header_or_meta_lie(lie: str) -> None:
    by_header = _page(TEXT.encode(), f"text/html; charset={lie}")
    by_meta = _page(f'<meta charset="{lie}">{TEXT}'.encode())
    assert by_header.text == TEXT
    assert by_meta.text.endswith(TEXT)
    assert "is utf-8" in str(by_header.charset_note)
    assert "is utf-8" in str(by_meta.charset_note)


@pytest.mark.parametrize("name", ["blah", "hex", "rot13", "unicode_escape", "utf-7", "undefined"])
def test_an_invalid_charset_does_no_harm(name: str) -> None:
    assert _page(TEXT.encode(), f"text/html; charset={name}").text == TEXT
    assert isinstance(_page(b"\xc3\xec\xff\\x", f"text/html; charset={name}").text, str)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_comes_before_what_is_said(charset: str) -> None:
    page = _page(TEXT.encode(charset), "text/html; charset=iso-8859-1")
    assert page.text == TEXT


def test_wide_text_without_a_mark_is_read_when_the_header_says_so() -> None:
    assert _page(TEXT.encode("utf-16-le"), "text/html; charset=utf-16le").text == TEXT


@pytest.mark.parametrize("content_type", [None, "text/html; charset=windows-1258", "text/html"])
def test_windows_1258_is_read_when_declared_and_when_not(content_type: str | None) -> None:
    page = _page(VIETNAMESE_1258.encode("windows-1258"), content_type)
    assert tidy(page.text) == tidy("<p>Cải cách hành chính</p>")


def test_header_comes_before_meta() -> None:
    body = b'<meta charset="windows-1258"><p>caf\xc3</p>'
    assert _page(body, "text/html; charset=iso-8859-1").text.endswith("<p>cafÃ</p>")
    assert _page(body).text.endswith("<p>cafĂ</p>")


def test_a_page_cut_in_the_middle_of_a_letter_stays_utf8() -> None:
    page = _page((TEXT * 20).encode() + b"\xe1\xbb", "text/html; charset=utf-8")
    assert page.text.startswith(TEXT * 20)
    assert page.charset_note == "1 characters replaced"


def test_a_replacement_sign_that_the_page_itself_prints_is_not_damage() -> None:
    page = _page("<p>L?y l?i m\ufffdt kh\ufffdu</p>".encode())
    assert "L?y l?i m\ufffdt" in page.text


def test_nul_characters_are_dropped() -> None:
    page = _page(b"<p>a\0b</p>")
    assert page.text == "<p>ab</p>"
    assert page.tree.text_content() == "ab"


def test_decomposed_letters_are_left_for_the_cleaning() -> None:
    assert _page(DECOMPOSED.encode()).text == DECOMPOSED


@pytest.mark.parametrize("body", [b"", b"\0\0", b" \n", b"<!-- -->", b"<?xml version='1.0'?>"])
def test_a_page_without_anything_has_an_empty_root(body: bytes) -> None:
    assert _page(body).tree.tag == "html"
    assert not _page(body).tree.text_content().strip()


def test_an_xml_declaration_of_another_charset_does_not_confuse_the_parser() -> None:
    body = b"<?xml version='1.0' encoding='utf-16'?><html><p>" + "xã".encode()
    assert _page(body).tree.text_content() == "xã"


def test_a_page_is_parsed_once() -> None:
    page = _page(TEXT.encode())
    assert page.tree is page.tree


def test_hundreds_of_unclosed_tags_lose_nothing() -> None:
    page = _page(b"<font>" * 1500 + b"x<p>y</p>")
    assert page.tree.text_content() == "xy"
    assert page.tree_note is None


def test_a_tree_that_had_to_be_cut_says_so() -> None:
    assert _page(b"x" + b"<div>" * 50_000 + b"y").tree_note == "nested too deep"


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        ("Text/HTML; charset=utf-8", "text/html"),
        ("application/pdf", "application/pdf"),
        ("", None),
        (None, None),
    ],
)
def test_the_media_type_is_small_and_bare(content_type: str | None, media_type: str | None) -> None:
    assert _page(b"", content_type).media_type == media_type


def _in_utf_8(text: str) -> bytes:
    return text.encode(errors="replace")


@given(st.binary(max_size=200) | st.text(max_size=200).map(_in_utf_8), st.text(max_size=30))
def test_any_bytes_under_any_declaration_give_text_and_a_root(body: bytes, declared: str) -> None:
    page = _page(body, f"text/html; charset={declared}")
    assert "\0" not in page.text
    assert page.markup == page.text.encode(errors="replace")
    assert page.tree.tag == "html"


@given(
    st.binary(max_size=60),
    st.sampled_from(["utf-16", "utf-32", "big5", "gb18030", "shift_jis", "iso-2022-jp", "cp037"]),
)
def test_any_bytes_under_a_known_charset_give_text(body: bytes, charset: str) -> None:
    assert isinstance(_page(body, f"text/html; charset={charset}").text, str)
    assert _page(f'<meta charset="{charset}">'.encode() + body).tree.tag == "html"
