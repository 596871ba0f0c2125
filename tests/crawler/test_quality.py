"""Is it the real page? The names in ``quality/<disposition>-<case>.html`` are the answers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.captured import CapturedPage
from crawler.quality import judge
from storage.records import Disposition

CORPUS = sorted((Path(__file__).parent / "quality").glob("*.html"))
ARTICLE = next(path for path in CORPUS if path.stem == "real-article").read_bytes()


def _page(
    body: bytes, *, status: int = 200, content_type: str | None = "text/html"
) -> CapturedPage:
    return CapturedPage(
        url="https://xa.test/tin/1",
        status=status,
        headers={} if content_type is None else {"content-type": content_type},
        body=body,
        captured_at=dt.datetime(2022, 6, 1, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_page_of_the_corpus_is_what_its_file_name_says(path: Path) -> None:
    named = path.stem.split("-", maxsplit=1)[0]
    verdict = judge(_page(path.read_bytes()))
    found = verdict.disposition.value if verdict.disposition else "real"
    assert (found, verdict.reason is None) == (named, named == "real")


@pytest.mark.parametrize(
    ("after", "is_real"),
    [
        ("<!-- 1 --><p>2<!-- 3 --></p><?php 4 ?><b>5</b><!-- 6 --> ngày 02/05/2022", True),
        ("<p>Không có ngày</p><!-- 02/05/2022 -->", False),
    ],
)
def test_a_day_right_below_the_only_heading_is_seen_past_comments_and_not_in_them(
    *, after: str, is_real: bool
) -> None:
    page = f"<html><body><div><h1>Yêu cầu bị chặn</h1></div>{after}</body></html>"
    body = page.replace("</body>", "<p>The requested URL was rejected.</p></body>").encode()
    assert (judge(_page(body)).disposition is None) is is_real


def test_the_corpus_has_every_verdict() -> None:
    named = {path.stem.split("-", maxsplit=1)[0] for path in CORPUS}
    assert named == {"real", "blocked", "http_error", "unreadable"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
def test_an_error_status_is_an_error_whatever_the_page_looks_like(status: int) -> None:
    verdict = judge(_page(ARTICLE, status=status))
    assert verdict.disposition is Disposition.HTTP_ERROR
    assert verdict.reason == f"status {status}"


def test_an_error_status_with_an_empty_or_binary_body_is_an_error() -> None:
    for body in (b"", b"%PDF-1.4", bytes(range(256))):
        assert judge(_page(body, status=500)).disposition is Disposition.HTTP_ERROR


def test_a_firewall_is_named_even_when_it_answers_with_an_error_status() -> None:
    body = b"<title>Just a moment...</title><body></body>"
    verdict = judge(_page(body, status=403))
    assert verdict.disposition is Disposition.BLOCKED
    assert verdict.reason == "browser challenge, status 403"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    ],
)
def test_a_binary_is_known_by_its_first_bytes_even_when_it_says_html(
    body: bytes, kind: str
) -> None:
    verdict = judge(_page(body))
    assert (verdict.disposition, verdict.reason) == (Disposition.UNREADABLE, f"binary: {kind}")


def test_unknown_binary_is_unreadable() -> None:
    verdict = judge(_page(bytes(range(1, 256)) * 4, content_type="application/octet-stream"))
    assert verdict.reason == "binary: application/octet-stream"


@pytest.mark.parametrize("media_type", ["application/json", "text/css", "text/plain"])
def test_text_that_is_no_page_is_unreadable(media_type: str) -> None:
    verdict = judge(_page(b'{"items": []}', content_type=media_type))
    assert verdict.disposition is Disposition.UNREADABLE
    assert verdict.reason == f"not a page: {media_type}"


@pytest.mark.parametrize("media_type", [None, "application/octet-stream", "text/plain"])
def test_a_page_is_a_page_whatever_type_the_server_gives_it(media_type: str | None) -> None:
    assert judge(_page(ARTICLE, content_type=media_type)).disposition is None


def test_a_page_of_which_a_part_is_lost_is_unreadable() -> None:
    verdict = judge(_page(ARTICLE + b"<div>" * 5000 + b"x"))
    assert (verdict.disposition, verdict.reason) == (Disposition.UNREADABLE, "nested too deep")


@given(st.binary(max_size=300), st.sampled_from(["text/html", "text/html; charset=utf-16", "x"]))
def test_any_bytes_get_a_verdict(body: bytes, content_type: str) -> None:
    verdict = judge(_page(body, content_type=content_type))
    assert (verdict.disposition is None) == (verdict.reason is None)
