"""Writing a bundle: a folder, or one .wacz file. The same evidence gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from reports import bundle_index, bundle_text
from reports.bundle_index import Resource
from reports.bundle_text import PAPERS
from reports.certificate_text import to_lines
from reports.serial import plain
from storage.errors import InputError
from storage.language import Language, speaking, t
from storage.leaves import head_content
from storage.version import code_version

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from reports.bundle import Bundle
    from reports.bundle_index import Indexed
    from storage.exhibits import Exhibit

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The only time that a ZIP entry is given: of its own it would make every bundle another one."""


class Target(Protocol):
    """Where files go."""

    def open(self, path: str) -> IO[bytes]:
        """Begin a file; it ends when it is closed."""


@dataclass
class Folder:
    """A folder of files."""

    root: Path

    def open(self, path: str) -> IO[bytes]:
        """Begin a file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("wb")


@dataclass
class Zip:
    """One ZIP file; nothing is packed, so that readers can ask for any place in it."""

    zip: zipfile.ZipFile

    def open(self, path: str) -> IO[bytes]:
        """Begin a file."""
        info = zipfile.ZipInfo(path, _EPOCH)
        info.external_attr = 0o644 << 16
        return self.zip.open(info, "w", force_zip64=True)


@dataclass
class _Writing:
    """Files as they are written, with their digests."""

    target: Target
    resources: list[Resource] = field(default_factory=list)

    def add(self, path: str, data: bytes) -> None:
        with self.begin(path) as write:
            write(data)

    @contextmanager
    def begin(self, path: str) -> Iterator[_Write]:
        digest, size = hashlib.sha256(), 0
        with self.target.open(path) as file:

            def write(data: bytes) -> None:
                nonlocal size
                file.write(data)
                digest.update(data)
                size += len(data)

            yield write
        self.resources.append(Resource(path, digest.hexdigest(), size))


class _Write(Protocol):
    def __call__(self, data: bytes, /) -> None: ...


def write_bundle(
    bundle: Bundle, evidence: Path, to: Path, *, certificates: bytes | None
) -> list[Resource]:
    """Write a bundle into a folder that is new or empty, or into a new .wacz file.

    Args:
        bundle: what is written.
        evidence: the folder that its bytes are read from.
        to: ends in ``.wacz`` for one file.
        certificates: whose time stamps are trusted, in PEM.

    Raises:
        InputError: there is something already; nothing was written.
        EvidenceError: bytes are not as they were sealed; nothing stays.
    """
    is_file = to.suffix.lower() == ".wacz"
    if to.exists() and (is_file or not to.is_dir() or any(to.iterdir())):
        raise InputError(
            t(
                f"{to} đã có. Chọn tên khác, hoặc thư mục trống.",
                f"{to} is there already. Choose another name, or an empty folder.",
            )
        )
    to.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, and moved there whole: what fails half-way leaves nothing behind.
    with tempfile.TemporaryDirectory(prefix=".goi-", dir=to.parent) as beside:
        made = Path(beside) / "goi"
        if is_file:
            with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as packed:
                resources = _write(bundle, evidence, Zip(packed), certificates)
        else:
            resources = _write(bundle, evidence, Folder(made), certificates)
            if to.exists():
                to.rmdir()
        made.replace(to)
    return resources


def _write(
    bundle: Bundle, evidence: Path, target: Target, certificates: bytes | None
) -> list[Resource]:
    writing = _Writing(target)
    places, indexed = _write_archives(bundle, evidence, writing)
    title = f"Gói bằng chứng, báo cáo số {bundle.report_id}: {bundle.report.period_name}"
    writing.add("indexes/index.cdx", bundle_index.cdxj(indexed))
    writing.add("pages/pages.jsonl", bundle_index.pages(title, _pages(bundle)))
    writing.add(f"{PAPERS}/bao-cao.json", bundle.content.encode())
    for one in bundle.certificates:
        with speaking(Language.VI):
            text = "\n".join(to_lines(one)) + "\n"
        name = bundle_text.certificate_name(one.unit)
        writing.add(f"{name}.txt", text.encode())
        writing.add(f"{name}.json", _json(plain(one)))
    writing.add(f"{PAPERS}/chuoi.json", _json(_chain(bundle)))
    head = bundle.report.evidence or bundle.head
    writing.add(bundle_text.HEAD, head_content(head.size, head.root))
    writing.add(bundle_text.PROOFS, bundle_text.proof_lines(bundle, places))
    if bundle.stamp is not None:
        stamped = bundle.stamp.head
        writing.add(bundle_text.STAMPED, head_content(stamped.size, stamped.root))
        writing.add(bundle_text.TOKEN, bundle.stamp.token)
        if certificates is not None:
            writing.add(bundle_text.TRUSTED, certificates)
    with speaking(Language.VI):
        writing.add(f"{PAPERS}/HUONG-DAN-KIEM-TRA.txt", bundle_text.instruction(bundle))
    writing.add(f"{PAPERS}/KHONG-CHUNG-MINH.txt", bundle_text.limits())
    writing.add(f"{PAPERS}/index.html", bundle_text.front_page(bundle, places))
    writing.add("DOC-TRUOC", bundle_text.read_first())
    writing.add("SHA256SUMS", bundle_index.sums(writing.resources))
    package = bundle_index.package(
        writing.resources,
        title=title,
        about=f"Bản lưu, số liệu và chứng minh; bắt đầu từ {PAPERS}/index.html.",
        made_at=bundle.made_at,
        software=f"tinbai {code_version()}",
    )
    writing.add("datapackage.json", package)
    writing.add("datapackage-digest.json", bundle_index.package_digest(package))
    return writing.resources


def _write_archives(
    bundle: Bundle, evidence: Path, writing: _Writing
) -> tuple[dict[int, tuple[str, int]], list[Indexed]]:
    """Copy the bytes of every capture, by WARC file in the order in which they stand there.

    Gives where each capture's bytes are now, by its id, and what the index has of them.
    """
    files: dict[str, list[Exhibit]] = {}
    for one in bundle.exhibits:
        if one.capture.warc is not None and one.size is not None and one.removal is None:
            files.setdefault(one.capture.warc.file, []).append(one)
    places: dict[int, tuple[str, int]] = {}
    indexed: list[Indexed] = []
    for file in sorted(files):
        name = file.replace("/", "-")
        offset = 0
        with writing.begin(f"archive/{name}") as write:
            for one in sorted(files[file], key=lambda one: one.start):
                data = one.read(evidence)
                write(data)
                places[one.capture.id or 0] = (f"archive/{name}", offset)
                indexed += bundle_index.index_piece(data, offset=offset, filename=name)
                offset += len(data)
    return places, indexed


def _pages(bundle: Bundle) -> Iterator[tuple[int, str, dt.datetime, str]]:
    captures = {one.capture.id: one.capture for one in bundle.exhibits}
    for one in bundle.articles:
        capture = captures.get(one.version_capture)
        if capture is not None:
            yield one.article.article_id, capture.url, capture.captured_at, one.article.title


def _chain(bundle: Bundle) -> dict[str, object]:
    stamp = bundle.stamp
    return {
        "format": "tinbai-chain/1",
        "report_head": plain(bundle.report.evidence),
        "head": plain(bundle.head),
        "consistency": list(bundle.consistency),
        "time_stamp": None
        if stamp is None
        else {
            "authority": stamp.authority,
            "head": plain(stamp.head),
            "consistency": list(bundle.stamp_consistency),
        },
        "removed": [
            plain(one)
            for one in dict.fromkeys(e.removal for e in bundle.exhibits if e.removal is not None)
        ],
    }


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()
