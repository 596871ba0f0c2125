"""The indexes of a WACZ bundle (WACZ 1.1.1): CDXJ, pages, the package and its digest. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from storage import warc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WACZ_VERSION = "1.1.1"
_WWW = re.compile(r"^www\d*\.")
_PORTS = {"http": 80, "https": 443}
_UNNAMED = re.compile(r"[^-a-z0-9._/]")
"""What a resource's name may not have (Data Package 1.0)."""
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Indexed:
    """A response or revisit in an archive of the bundle."""

    url: str
    at: dt.datetime
    mime: str
    status: int
    digest: str
    """As the record's WARC-Payload-Digest has it."""
    offset: int
    """In the bundle's file."""
    size: int
    filename: str

    def line(self) -> str:
        """Give its line of the index."""
        data = {
            "url": self.url,
            "mime": self.mime,
            "status": str(self.status),
            "digest": self.digest,
            "length": str(self.size),
            "offset": str(self.offset),
            "filename": self.filename,
        }
        return f"{surt(self.url)} {self.at:%Y%m%d%H%M%S} {json.dumps(data, ensure_ascii=True)}"


def index_piece(data: bytes, *, offset: int, filename: str) -> Iterator[Indexed]:
    """Give the answers in the bytes of one capture.

    Args:
        data: whole records.
        offset: where they begin in the bundle's file.
        filename: of that file, without its folder.
    """
    found = list(warc.records(io.BytesIO(data)))
    ends = [*(record.offset for record in found[1:]), len(data)]
    for record, end in zip(found, ends, strict=True):
        if record.kind not in warc.OF_CAPTURES or record.at is None:
            continue
        response = record.response()
        is_revisit = record.kind == warc.REVISIT
        yield Indexed(
            url=record.url,
            at=record.at.astimezone(dt.UTC),
            mime="warc/revisit" if is_revisit else response.media_type or "unk",
            status=response.status,
            digest=record.fields.get("WARC-Payload-Digest", "-"),
            offset=offset + record.offset,
            size=end - record.offset,
            filename=filename,
        )


def cdxj(indexed: Iterable[Indexed]) -> bytes:
    """Give the index: a line an answer, sorted as readers search it (by bytes)."""
    return b"".join(sorted(f"{one.line()}\n".encode() for one in indexed))


def surt(url: str) -> str:
    """Give an address in the order in which archives sort: host backwards, then path and query.

    >>> surt("https://www.Xa-A.example:443/Tin/?b=2&a=1#x")
    'example,xa-a)/tin?a=1&b=2'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url.lower()
    labels = ",".join(reversed(_WWW.sub("", host).split(".")))
    number = "" if port is None or port == _PORTS.get(parts.scheme) else f":{port}"
    path = (parts.path.rstrip("/") or "/").lower()
    query = "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    key = f"{labels}{number}){path}" + (f"?{query}" if query else "")
    return quote(key, safe=_ASCII).lower()


def pages(title: str, entries: Iterable[tuple[int, str, dt.datetime, str]]) -> bytes:
    """Give the list of pages that a viewer opens with: number, address, instant, title of each."""
    head = {"format": "json-pages-1.0", "id": "pages", "title": title}
    lines = [
        head,
        *(
            {"id": str(number), "url": url, "ts": _rfc3339(at), "title": name}
            for number, url, at, name in entries
        ),
    ]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines).encode()


@dataclass(frozen=True, slots=True)
class Resource:
    """A file of the bundle."""

    path: str
    sha256: str
    size: int


def sums(resources: Iterable[Resource]) -> bytes:
    """Give the list that ``sha256sum --check`` reads."""
    return "".join(f"{one.sha256}  {one.path}\n" for one in resources).encode()


def package(
    resources: Iterable[Resource], *, title: str, about: str, made_at: dt.datetime, software: str
) -> bytes:
    """Give ``datapackage.json``: every file of the bundle with its digest."""
    data: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": WACZ_VERSION,
        "title": title,
        "description": about,
        "created": _rfc3339(made_at),
        "software": software,
        "resources": [
            {
                "name": f"{number}-{_UNNAMED.sub('-', one.path.lower())}",
                "path": one.path,
                "hash": f"sha256:{one.sha256}",
                "bytes": one.size,
            }
            for number, one in enumerate(resources, start=1)
        ],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def package_digest(data: bytes) -> bytes:
    """Give ``datapackage-digest.json``: the digest of the package, which has all others."""
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
    return (json.dumps(digest, indent=2) + "\n").encode()


def _rfc3339(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
