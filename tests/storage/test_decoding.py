from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.decoding import decoded
from storage.errors import EvidenceError

TEXT = "Bộ phận một cửa".encode() * 9


def _bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (gzip.compress(TEXT, mtime=0), " GZIP "),
        (gzip.compress(TEXT[:50], mtime=0) + gzip.compress(TEXT[50:], mtime=0), "x-gzip"),
        (zlib.compress(TEXT), "deflate"),
        (_bare(TEXT), "deflate"),
        (gzip.compress(zlib.compress(TEXT), mtime=0), "deflate, gzip"),
    ],
)
def test_a_body_is_unpacked_as_its_header_says(body: bytes, coding: str) -> None:
    assert decoded(body, coding) == TEXT


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (gzip.compress(TEXT, mtime=0)[:-9], "gzip"),
        (b"not packed at all", "gzip"),
        (b"not packed at all", "deflate"),
        (zlib.compress(TEXT)[:-5], "deflate"),
        (TEXT, "br"),
    ],
)
def test_a_body_that_does_not_follow_its_header_is_said_so(body: bytes, coding: str) -> None:
    with pytest.raises(EvidenceError, match=coding):
        decoded(body, coding)


@given(st.binary(), st.lists(st.sampled_from(["gzip", "deflate", "identity"]), max_size=3))
def test_what_was_packed_is_unpacked(body: bytes, codings: list[str]) -> None:
    packed = body
    for coding in codings:
        if coding == "gzip":
            packed = gzip.compress(packed, mtime=0)
        elif coding == "deflate":
            packed = zlib.compress(packed)
    assert decoded(packed, ",".join(codings)) == body
