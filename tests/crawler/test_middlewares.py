"""What the middlewares make of bytes and errors; the rest is seen in whole crawls."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from crawler.middlewares import is_cut_off, reason_of


@given(st.binary(max_size=300), st.data())
def test_a_packed_body_is_cut_off_exactly_when_a_part_of_its_end_is_missing(
    body: bytes, data: st.DataObject
) -> None:
    packed = gzip.compress(body)
    assert not is_cut_off(packed, b"gzip")
    kept = data.draw(st.integers(2, len(packed) - 1))
    assert is_cut_off(packed[:kept], b"gzip")


def test_a_body_that_is_not_packed_is_never_cut_off() -> None:
    assert not is_cut_off(b"<html>", b"")
    assert not is_cut_off(b"<html>", b"gzip")
    assert not is_cut_off(b"", b"gzip")


def test_damage_in_the_middle_counts_as_cut_off() -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 20))
    packed[40] ^= 0xFF
    packed[41] ^= 0xFF
    assert is_cut_off(bytes(packed), b"gzip")


def test_a_page_that_unpacks_beyond_the_limit_is_not_called_cut_off() -> None:
    assert not is_cut_off(gzip.compress(b"0" * (11 * 2**20)), b"gzip")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotResolveHostError(), "unknown host"),
        (DownloadTimeoutError(), "timeout"),
        (ResponseDataLossError(), "cut off"),
        (DownloadCancelledError(), "too large"),
        (DownloadFailedError(), "DownloadFailedError"),
        (ValueError(), "ValueError"),
    ],
)
def test_every_network_error_has_a_short_name(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason


def test_speaking_tls_to_a_server_that_does_not_is_named(
    start_website: Any,  # noqa: ANN401
    open_office: Any,  # noqa: ANN401
) -> None:
    website, office = start_website(), open_office(timeout_s=5)
    base = website.url.replace("http:", "https:")
    office.profile(
        f"site: xa\nbase_url: {base}\nversions:\n  - family: generic\n"
        "    sections: [{name: Tin, url: tin}]\n"
    )
    assert office.crawl().code == 3
    assert set(office.fates("xa")["/tin"]) == {("robots_denied", "robots.txt: TLS")}
