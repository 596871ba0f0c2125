"""What an outsider is given of a capture: its leaf, its place in the chain, its very bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables, warc
from storage.captures import to_capture
from storage.engine import in_batches
from storage.errors import EvidenceError
from storage.language import t
from storage.leaves import leaf_content
from storage.warc import DamagedError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from storage.engine import Connection
    from storage.records import Capture, Removal


@dataclass(frozen=True, kw_only=True, slots=True)
class Exhibit:
    """A capture that is in the chain."""

    capture: Capture
    site: str
    number: int
    """Of its leaf, from 0."""
    leaf_sha256: str
    start: int
    """Where its bytes begin in the WARC file: at the file's start for the first of a file."""
    size: int | None
    """How many bytes were written for it; None: nothing was archived, or it could not be read."""
    sha256: str | None
    """Of these bytes."""
    removal: Removal | None = None
    """The decision by which they were deleted."""

    @property
    def content(self) -> bytes:
        """The leaf."""
        piece = None if self.size is None or self.sha256 is None else (self.size, self.sha256)
        return leaf_content(self.capture, site=self.site, piece=piece)

    def read(self, folder: Path) -> bytes:
        """Read the bytes that were written for it.

        Raises:
            EvidenceError: they are not there, or not what was sealed.
        """
        place, data = self.capture.warc, b""
        if place is not None and self.size is not None:
            try:
                with (folder / place.file).open("rb") as file:
                    file.seek(self.start)
                    data = file.read(self.size)
            except OSError as error:
                raise self._unlike(str(error.strerror)) from error
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise self._unlike("SHA-256 ≠")
        return data

    def _unlike(self, why: str) -> EvidenceError:
        file = self.capture.warc.file if self.capture.warc else "–"
        return EvidenceError(
            t(
                f"Bằng chứng của lần truy cập {self.capture.id} ({file}) không còn như lúc niêm "
                f"phong ({why}). Chạy: tinbai evidence verify",
                f"The evidence of capture {self.capture.id} ({file}) is not as it was sealed "
                f"({why}). Run: tinbai evidence verify",
            )
        )


def exhibits(
    c: Connection, capture_ids: Iterable[int], *, removed: Sequence[Removal]
) -> list[Exhibit]:
    """Give what is in the chain of these captures, in the order of the chain."""
    leaf, capture, run = tables.tree_leaf, tables.capture, tables.crawl_run
    gone = {one.warc_file: one for one in removed}
    rows: list[Any] = []
    for some in in_batches(sorted(set(capture_ids))):
        query = (
            sa.select(leaf, run.c.site, *capture.c)
            .join(capture, capture.c.id == leaf.c.capture_id)
            .join(run, run.c.id == capture.c.run_id)
            .where(capture.c.id.in_(some))
        )
        rows += c.execute(query).all()
    firsts = first_captures(c, {row.warc_file for row in rows if row.warc_file})
    return [
        Exhibit(
            capture=to_capture(row),
            site=row.site,
            number=row.number,
            leaf_sha256=row.sha256,
            start=0 if firsts.get(row.warc_file) == row.id else row.warc_offset or 0,
            size=row.warc_bytes,
            sha256=row.warc_sha256,
            removal=gone.get(row.warc_file),
        )
        for row in sorted(rows, key=lambda row: row.number)
    ]


def first_captures(c: Connection, files: Iterable[str]) -> dict[str, int]:
    """Give, by WARC file, the capture that stands first in it: its bytes have the file's head."""
    capture = tables.capture
    found: dict[str, int] = {}
    for some in in_batches(sorted(files)):
        query = (
            sa.select(capture.c.warc_file, capture.c.id)
            .where(capture.c.warc_file.in_(some))
            .order_by(capture.c.warc_file, capture.c.warc_offset, capture.c.id)
        )
        for row in c.execute(query):
            found.setdefault(row.warc_file, row.id)
    return found


def captures_of_articles(
    c: Connection, articles: Iterable[int], as_of: dt.datetime
) -> dict[int, list[int]]:
    """Give, by article, its captures until ``as_of``: redirects, looks, and its attachments'."""
    capture, version, attached = tables.capture, tables.article_version, tables.attachment
    found: dict[int, list[int]] = {}
    for some in in_batches(sorted(set(articles))):
        own = sa.select(capture.c.article_id, capture.c.id).where(
            capture.c.article_id.in_(some), capture.c.captured_at <= as_of
        )
        read = sa.select(version.c.article_id, version.c.capture_id).where(
            version.c.article_id.in_(some), version.c.extracted_at <= as_of
        )
        files = (
            sa.select(version.c.article_id, attached.c.capture_id)
            .join(version, version.c.id == attached.c.version_id)
            .where(
                version.c.article_id.in_(some),
                version.c.extracted_at <= as_of,
                attached.c.capture_id.is_not(None),
            )
        )
        for article_id, capture_id in c.execute(sa.union(own, read, files)):
            found.setdefault(article_id, []).append(capture_id)
    return {article: sorted(ids) for article, ids in found.items()}


def captures_of_versions(c: Connection, versions: Iterable[int]) -> dict[int, int]:
    """Give, by article version, the capture that it was read from."""
    table = tables.article_version
    found: dict[int, int] = {}
    for some in in_batches(sorted(set(versions))):
        rows = c.execute(sa.select(table.c.id, table.c.capture_id).where(table.c.id.in_(some)))
        found.update((row.id, row.capture_id) for row in rows)
    return found


def originals(c: Connection, folder: Path, revisits: Sequence[Exhibit]) -> set[int]:
    """Give the captures whose records hold the bodies that others only refer to."""
    wanted: dict[str, set[dt.datetime]] = {}
    for one in revisits:
        if one.capture.warc is None or one.removal is not None:
            continue
        url, at = _refers_to(folder, one)
        if at is not None:
            wanted.setdefault(url, set()).add(at)
    capture = tables.capture
    found: set[int] = set()
    for some in in_batches(sorted(wanted)):
        query = sa.select(capture.c.id, capture.c.url, capture.c.captured_at).where(
            capture.c.url.in_(some), capture.c.warc_file.is_not(None)
        )
        found |= {row.id for row in c.execute(query) if row.captured_at in wanted[row.url]}
    return found


def _refers_to(folder: Path, one: Exhibit) -> tuple[str, dt.datetime | None]:
    place = one.capture.warc
    assert place is not None  # noqa: S101 - chosen so
    try:
        with (folder / place.file).open("rb") as file:
            record = next(warc.records(file, place.offset), None)
    except (OSError, DamagedError):
        return "", None  # reading its bytes names what is wrong
    if record is None or record.kind != warc.REVISIT:
        return "", None
    return record.refers_to
