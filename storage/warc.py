"""WARC 1.1 records, from values to bytes and back (ISO 28500:2017). No files' names, no rows.

A record is one gzip member, so that an offset opens it without reading the rest of its file.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import uuid
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING

from isal import isal_zlib
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.records import NOT_MODIFIED, CapturePurpose, TlsCheck

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from storage.records import ArchivedBody

RESPONSE, REVISIT, CONVERSION = "response", "revisit", "conversion"
OF_CAPTURES = frozenset({RESPONSE, REVISIT, CONVERSION})
"""The kinds of record that a capture's row refers to."""
_SERVER_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
"""The profile of a revisit whose body the server itself confirmed (ISO 28500:2017, 6.7.3)."""
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
"""The profile of one whose body came again, with the same digest (6.7.2)."""

_PURPOSE = "WARC-Tinbai-Purpose"
"""Our own field: without it nobody could tell a list from an article after a kill."""
_TLS = "WARC-Tinbai-TLS"
"""Our own field: what the certificate was worth when the answer came."""
_RENDERED_TYPE = "text/html; charset=utf-8"
_OK = 200
_LEVEL = 2
"""Of ISA-L's gzip. measured on real pages of 42 KB: a sixth of the time of zlib's level 4, files
8 % larger; its level 3 takes twice the time of level 2 for 3 %."""
_GZIP = zlib.MAX_WBITS | 16
_CHUNK = 2**16
_RECORD_AT_MOST = 2**27
"""Bytes of one unpacked record: no body over 10 MB is ever fetched; more is damage or a trap."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One HTTP exchange as it came over the wire."""

    url: str
    purpose: CapturePurpose
    captured_at: dt.datetime
    request_method: str
    request_headers: tuple[tuple[bytes, bytes], ...]
    protocol: str
    """Of the answer, e.g. 'HTTP/1.1'."""
    status: int
    reason: str
    """The server's words after the status; empty when they are not known."""
    response_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    """Still packed as the Content-Encoding says; a chunked transfer put together."""
    request_body: bytes = b""
    """What was sent by POST; empty for GET."""
    tls: TlsCheck | None = None
    """None: plain HTTP, or not known."""

    @cached_property
    def body_sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """A page as it stood in a browser when its scripts had filled it."""

    url: str
    purpose: CapturePurpose
    captured_at: dt.datetime
    """When the scripts had come to rest."""
    response_id: str
    """The WARC-Record-ID of the response that it was made of; its status was 200."""
    body: bytes
    """The document as HTML in UTF-8."""
    tls: TlsCheck | None = None
    """Of that response."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedResponse:
    """A response as it lies in the evidence."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    """Still packed as the Content-Encoding says."""

    @property
    def media_type(self) -> str | None:
        """The Content-Type without its parameters, in small letters."""
        named = {name.lower(): value for name, value in self.headers}
        return media_type_of(named.get(b"content-type", b""))


def media_type_of(content_type: bytes) -> str | None:
    """Give a Content-Type without its parameters, in small letters; None when there is none.

    >>> media_type_of(b"Text/HTML; charset=utf-8")
    'text/html'
    """
    return content_type.decode("latin-1").partition(";")[0].strip().lower() or None


# -------------------------------------------------------------------------------- to bytes


def response_record(exchange: Exchange, record_id: str, previous: ArchivedBody | None) -> bytes:
    """Give the record of an answer; a revisit when the address gave the same body before.

    Of a 304, ``previous`` is the body that it confirms, and the record cites its digest.
    """
    first = f"{exchange.protocol} {exchange.status} {exchange.reason}"
    head = _http_head(first, exchange.response_headers)
    fields = [
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", _date(exchange.captured_at)),
        (_PURPOSE, exchange.purpose.value),
    ]
    if exchange.tls is not None:
        fields.append((_TLS, exchange.tls.value))
    is_confirmed = exchange.status == NOT_MODIFIED and not exchange.body
    if previous is not None and (is_confirmed or previous.sha256 == exchange.body_sha256):
        fields += [
            ("WARC-Type", REVISIT),
            ("WARC-Target-URI", exchange.url),
            ("WARC-Profile", _SERVER_NOT_MODIFIED if is_confirmed else _SAME_PAYLOAD),
            ("WARC-Refers-To-Target-URI", previous.url),
            ("WARC-Refers-To-Date", _date(previous.captured_at)),
            ("WARC-Payload-Digest", _as_digest(previous.sha256)),
        ]
        return _packed(fields, "application/http; msgtype=response", head)
    fields += [
        ("WARC-Type", RESPONSE),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Payload-Digest", _as_digest(exchange.body_sha256)),
    ]
    return _packed(fields, "application/http; msgtype=response", head + exchange.body)


def conversion_record(rendering: Rendering, record_id: str) -> bytes:
    """Give the record of a rendered page (ISO 28500:2017, 6.9): another form of a response.

    What its scripts asked for stands before it, in records of its own.
    """
    fields = [
        ("WARC-Record-ID", f"<{record_id}>"),
        ("WARC-Date", _date(rendering.captured_at)),
        ("WARC-Type", CONVERSION),
        ("WARC-Target-URI", rendering.url),
        ("WARC-Refers-To", f"<{rendering.response_id}>"),
        ("WARC-Payload-Digest", _digest(rendering.body)),
        (_PURPOSE, rendering.purpose.value),
    ]
    if rendering.tls is not None:
        fields.append((_TLS, rendering.tls.value))
    return _packed(fields, _RENDERED_TYPE, rendering.body)


def request_record(exchange: Exchange, response_id: str) -> bytes:
    """Give the record of the question that a response answers."""
    _, _, rest = exchange.url.partition("://")
    path = "/" + rest.partition("/")[2].partition("#")[0]
    first = f"{exchange.request_method} {path} {exchange.protocol}"
    fields = [
        ("WARC-Date", _date(exchange.captured_at)),
        ("WARC-Concurrent-To", f"<{response_id}>"),
        ("WARC-Type", "request"),
        ("WARC-Record-ID", _new_id()),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Payload-Digest", _digest(exchange.request_body)),
    ]
    block = _http_head(first, exchange.request_headers) + exchange.request_body
    return _packed(fields, "application/http; msgtype=request", block)


def warcinfo_record(file: str, at: dt.datetime, info: Mapping[str, str]) -> bytes:
    """Give the record that a file opens with."""
    fields = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", _new_id()),
        ("WARC-Filename", file),
        ("WARC-Date", _date(at)),
    ]
    lines = "".join(f"{name}: {value}\r\n" for name, value in info.items())
    return _packed(fields, "application/warc-fields", lines.encode())


def _http_head(first_line: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Give the head of a message, byte for byte as its parts are."""
    lines = [_one_line(first_line.encode("latin-1", "replace"))]
    lines += [_one_line(name) + b": " + _one_line(value) for name, value in headers]
    return b"\r\n".join([*lines, b"", b""])


def _one_line(text: bytes) -> bytes:
    """Keep a header in its line: a line break in it would read as the end of the head."""
    return text.replace(b"\r", b" ").replace(b"\n", b" ")


def _packed(fields: Iterable[tuple[str, str]], content_type: str, block: bytes) -> bytes:
    lines = [b"WARC/1.1"]
    for name, value in (
        *fields,
        ("WARC-Block-Digest", _digest(block)),
        ("Content-Type", content_type),
        ("Content-Length", str(len(block))),
    ):
        lines.append(_one_line(f"{name}: {value}".encode()))
    record = b"\r\n".join([*lines, b"", block, b"", b""])
    return isal_zlib.compress(record, _LEVEL, wbits=_GZIP)


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _digest(data: bytes) -> str:
    return _as_digest(hashlib.sha256(data).hexdigest())


def _as_digest(sha256: str) -> str:
    """Give a hex digest as WARC writes it."""
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode("ascii")


def _date(instant: dt.datetime) -> str:
    utc = instant.astimezone(dt.UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"


# ------------------------------------------------------------------------------ from bytes


class DamagedError(Exception):
    """The file cannot be read from this place on."""

    def __init__(self, offset: int, why: str, *, is_unfinished: bool = False) -> None:
        super().__init__(f"byte {offset}: {why}")
        self.offset = offset
        self.is_unfinished = is_unfinished
        """The file ends within a record: what a program leaves that was stopped while writing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A record and where it lies."""

    offset: int
    kind: str
    """The WARC-Type."""
    id: str
    """The WARC-Record-ID without the angle brackets."""
    url: str
    at: dt.datetime | None
    fields: Mapping[str, str]
    block: bytes

    @property
    def purpose(self) -> CapturePurpose:
        """Why the address was asked."""
        return CapturePurpose(self.fields[_PURPOSE])

    @property
    def tls(self) -> TlsCheck | None:
        """What the certificate was worth; None: plain HTTP, or not noted."""
        noted = self.fields.get(_TLS)
        return None if noted is None else TlsCheck(noted)

    @property
    def refers_to(self) -> tuple[str, dt.datetime | None]:
        """Address and instant of the record that a revisit refers to."""
        url = self.fields.get("WARC-Refers-To-Target-URI", "")
        return url, _instant(self.fields.get("WARC-Refers-To-Date", ""))

    @property
    def is_confirmation(self) -> bool:
        """Tell whether the server confirmed the body that it refers to (304)."""
        return self.fields.get("WARC-Profile") == _SERVER_NOT_MODIFIED

    @property
    def body_sha256(self) -> str | None:
        """Hex digest of the body: of the one that is there, or of the one a revisit refers to."""
        if self.kind != REVISIT:
            return hashlib.sha256(self.response().body).hexdigest()
        name, _, text = self.fields.get("WARC-Payload-Digest", "").partition(":")
        return base64.b32decode(text).hex() if name == "sha256" else None

    @property
    def is_as_written(self) -> bool:
        """Tell whether the block is still the one that the record's own digest was made of."""
        return self.fields.get("WARC-Block-Digest") == _digest(self.block)

    def response(self) -> ArchivedResponse:
        """Read the HTTP message in it; a revisit has no body, a conversion is all body."""
        if self.kind == CONVERSION:
            kind = self.fields.get("Content-Type", "").encode("latin-1", "replace")
            return ArchivedResponse(status=_OK, headers=((b"Content-Type", kind),), body=self.block)
        head, _, body = self.block.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        status = b"".join(first.split(b" ")[1:2])
        split = (line.partition(b": ") for line in lines)
        return ArchivedResponse(
            status=int(status) if status.isdigit() else 0,
            headers=tuple((name, value) for name, _, value in split),
            body=body,
        )


def records(file: IO[bytes], start: int = 0) -> Iterator[Record]:
    """Give the records of an open file from a place on, in constant memory.

    Raises:
        DamagedError: what stands there is no whole record.
    """
    for offset, data in _members(file, start):
        iterator = ArchiveIterator(io.BytesIO(data), no_record_parse=True)
        try:
            raw = next(iterator)
            block = raw.raw_stream.read()
        except (StopIteration, ArchiveLoadFailed, ValueError) as error:
            raise DamagedError(offset, "no WARC record") from error
        if len(block) != raw.length:
            raise DamagedError(offset, "shorter than its head says")
        fields = dict(raw.rec_headers.headers)
        yield Record(
            offset=offset,
            kind=raw.rec_type,
            id=fields.get("WARC-Record-ID", "").strip("<>"),
            url=fields.get("WARC-Target-URI", ""),
            at=_instant(fields.get("WARC-Date", "")),
            fields=fields,
            block=block,
        )


def _members(file: IO[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    """Give each gzip member: where it begins and what is in it."""
    file.seek(start)
    offset, rest = start, b""
    while rest or (rest := file.read(_CHUNK)):
        unpacker = zlib.decompressobj(wbits=_GZIP)
        data, used = bytearray(), 0
        while not unpacker.eof:
            if not rest and not (rest := file.read(_CHUNK)):
                raise DamagedError(offset, "cut off", is_unfinished=True)
            try:
                data += unpacker.decompress(rest, _RECORD_AT_MOST)
            except zlib.error as error:
                raise DamagedError(offset, str(error)) from error
            if len(data) >= _RECORD_AT_MOST:
                raise DamagedError(offset, f"a record of more than {_RECORD_AT_MOST} bytes")
            used += len(rest) - len(unpacker.unused_data)
            rest = unpacker.unused_data
        yield offset, bytes(data)
        offset += used


def _instant(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
    except ValueError:
        return None
