r"""What stands in a leaf of the evidence chain, and the text of a head: bytes for outsiders. Pure.

A leaf is one line of JSON (keys in the order of the alphabet, no spaces, UTF-8 letters as they
are), so that anybody can hash it: ``printf '\000%s' LINE | sha256sum``. It has every fact of a
capture's row, and the length and SHA-256 of the bytes that were written to the WARC file for it:
those from the end of the capture before it in that file (of the first: from the file's start, so
that its warcinfo record is pinned as well) to the end of its own request record. The pieces of a
file make up the whole of it: no byte stands outside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from storage.records import Capture

FORMAT = "tinbai-leaf/1"
"""Names the fields below; a change of any is a new number, and old leaves keep the old one."""
HEAD_FORMAT = "tinbai-tree-head/1"
_AS_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_CHUNK = 2**20


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of a WARC file that were written for one capture."""

    start: int
    """Bytes from the file's start."""
    size: int
    sha256: str


def leaf_content(capture: Capture, *, site: str, piece: tuple[int, str] | None) -> bytes:
    """Give the bytes of a leaf; ``piece`` is its length and digest, None: nothing was archived."""
    place = capture.warc
    size, sha256 = piece or (None, None)
    facts = {
        "article_id": capture.article_id,
        "body_bytes": capture.body_bytes,
        "body_sha256": capture.body_sha256,
        "capture_id": capture.id,
        "captured_at": _instant(capture.captured_at),
        "disposition": capture.disposition.value,
        "etag": capture.etag,
        "format": FORMAT,
        "last_modified": capture.last_modified,
        "media_type": capture.media_type,
        "purpose": capture.purpose.value,
        "reason": capture.reason,
        "run_id": capture.run_id,
        "site": site,
        "status": capture.status,
        "tls": capture.tls.value if capture.tls else None,
        "url": capture.url,
        "warc_bytes": size,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
        "warc_record_id": place.record_id if place else None,
        "warc_sha256": sha256,
    }
    text = _AS_JSON.encode(facts)
    # What cannot be UTF-8 (a lone surrogate in an address) is written as JSON's own escape.
    return text.encode("utf-8", "backslashreplace")


def head_content(size: int, root: str) -> bytes:
    """Give the text that a time stamp is asked for, and that a report prints the root of."""
    return f"{HEAD_FORMAT}\n{size}\n{root}\n".encode("ascii")


def starts(captures: Iterable[Capture]) -> dict[str, dict[int, int]]:
    """Give, by WARC file, where the piece of each capture (by its id) begins, in order."""
    found: dict[str, dict[int, int]] = {}
    for capture in sorted(
        (one for one in captures if one.warc is not None and one.id is not None),
        key=lambda one: (one.warc.file, one.warc.offset, one.id) if one.warc else ("", 0, 0),
    ):
        assert capture.warc is not None  # noqa: S101 - chosen so
        assert capture.id is not None  # noqa: S101 - chosen so
        of_file = found.setdefault(capture.warc.file, {})
        of_file[capture.id] = capture.warc.offset if of_file else 0
    return found


def pieces(file: IO[bytes], begins: Mapping[int, int]) -> Iterator[tuple[int, Piece]]:
    """Give the piece of each capture of an open file, by its id; reads the file once.

    Args:
        file: read from its start to its end.
        begins: where each piece begins, in order; the last one ends with the file.
    """
    numbers = list(begins)
    ends = [*list(begins.values())[1:], None]
    file.seek(0)
    for number, start, end in zip(numbers, begins.values(), ends, strict=True):
        digest, size = hashlib.sha256(), 0
        while chunk := file.read(_CHUNK if end is None else min(_CHUNK, end - start - size)):
            digest.update(chunk)
            size += len(chunk)
        yield number, Piece(start, size, digest.hexdigest())


def _instant(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
