"""From a body as it came over the wire to the body that the server meant. Pure."""

from __future__ import annotations

import gzip
import zlib

from storage.errors import EvidenceError
from storage.language import t


def decoded(body: bytes, content_encoding: str) -> bytes:
    """Undo the codings of a Content-Encoding header (RFC 9110 § 8.4), the last one first.

    Raises:
        EvidenceError: an unknown coding, or bytes that do not follow it.

    >>> decoded(gzip.compress(b"mot cua"), "gzip")
    b'mot cua'
    """
    for coding in reversed(content_encoding.lower().split(",")):
        body = _undone(body, coding.strip())
    return body


def _undone(body: bytes, coding: str) -> bytes:
    try:
        if coding in {"gzip", "x-gzip"}:
            return gzip.decompress(body)
        if coding == "deflate":
            return _inflated(body)
    except (OSError, EOFError, zlib.error) as error:
        raise EvidenceError(
            t(
                f"Nội dung nén “{coding}” bị hỏng hoặc thiếu (đúng như trang đã gửi): {error}",
                f"The body's '{coding}' is broken or cut off (as the site sent it): {error}",
            )
        ) from error
    if coding in {"", "identity"}:
        return body
    raise EvidenceError(
        t(
            f"Không giải nén được kiểu “{coding}”. Byte gốc nằm trong tệp WARC.",
            f"The coding '{coding}' cannot be undone. The bytes as they came are in the WARC file.",
        )
    )


def _inflated(body: bytes) -> bytes:
    """Take both readings of 'deflate': with the zlib header of the standard, and without."""
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, wbits=-zlib.MAX_WBITS)
