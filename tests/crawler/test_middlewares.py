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
    IgnoreRequest,
    ResponseDataLossError,
)

from crawler.middlewares import CutOffError, is_gzip, reason_of, unpacked
from crawler.settings import DOWNLOAD_MAXSIZE


@given(st.binary(max_size=300), st.data())
def test_a_packed_body_is_cut_off_exactly_when_a_part_of_its_end_is_missing(
    body: bytes, data: st.DataObject
) -> None:
    packed = gzip.compress(body)
    assert unpacked(packed) == body
    kept = data.draw(st.integers(2, len(packed) - 1))
    with pytest.raises(CutOffError):
        unpacked(packed[:kept])


def test_a_body_of_several_members_is_whole_and_what_follows_them_is_nothing() -> None:
    packed = gzip.compress(b"mot ") + gzip.compress(b"cua")
    assert unpacked(packed + b"\r\n") == b"mot cua"
    with pytest.raises(CutOffError):
        unpacked(packed[:-1])


@pytest.mark.parametrize(
    ("body", "packing"), [(b"<html>", b""), (b"<html>", b"gzip"), (b"", b"gzip")]
)
def test_a_body_that_is_not_packed_is_left_alone(body: bytes, packing: bytes) -> None:
    assert not is_gzip(body, packing)


def test_damage_in_the_middle_counts_as_cut_off() -> None:
    packed = bytearray(gzip.compress(bytes(range(256)) * 20))
    packed[40] ^= 0xFF
    packed[41] ^= 0xFF
    with pytest.raises(CutOffError):
        unpacked(bytes(packed))


def test_a_page_that_unpacks_beyond_the_limit_is_too_large_and_not_cut_off() -> None:
    assert len(unpacked(gzip.compress(b"0" * DOWNLOAD_MAXSIZE))) == DOWNLOAD_MAXSIZE
    with pytest.raises(IgnoreRequest, match="too large"):
        unpacked(gzip.compress(b"0" * (DOWNLOAD_MAXSIZE + 1)))


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
