"""Do the WARC files hold what the rows and the chain say, byte for byte?"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import captures, chain, tables, warc
from storage.evidence import files_of
from storage.language import t
from storage.problems import EvidenceProblem, ProblemKind
from storage.removals import removals
from storage.warc import DamagedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

    from storage.engine import Connection
    from storage.records import Capture, Removal
    from storage.warc import Record

_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)


def verify_files(
    c: Connection,
    folder: Path,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[EvidenceProblem]:
    """Compare every record with the database, both ways; reads all files.

    Of a run that is under way, or was killed and waits for the next one to put it in order,
    only what its rows refer to is compared. Files that were removed by decision are not missed.

    Args:
        c: sees the state of one instant.
        folder: the evidence folder.
        progress: told how many runs of how many are done.
    """
    runs = captures.runs(c, _EVER)
    removed = {one.warc_file: one for one in removals(c)}
    of_runs: set[str] = set(removed)
    for done, run in enumerate(runs):
        progress(done, len(runs))
        rows: dict[str, list[Capture]] = defaultdict(list)
        for path in files_of(folder, run):
            rows[f"{run.site}/{path.name}"] = []
        of_run = captures.captures_of_run(c, run.id or 0)
        for capture in of_run:
            if capture.warc is not None:
                rows[capture.warc.file].append(capture)
        of_runs.update(rows)
        sealed = _sealed(c, run.id or 0)
        for file, expected in rows.items():
            if (removal := removed.get(file)) is not None:
                yield from _verify_removed(folder, removal)
                continue
            found = list(_verify_file(c, folder, file, expected, is_open=run.finished_at is None))
            yield from _with_bytes(found, _verify_bytes(folder, file, expected, sealed), sealed)
    progress(len(runs), len(runs))
    for path in sorted(folder.rglob("*.warc.gz")):
        if (name := path.relative_to(folder).as_posix()) not in of_runs:
            yield EvidenceProblem(
                kind=ProblemKind.FILE_UNKNOWN,
                file=name,
                message=t(
                    "tệp này không thuộc lần thu thập nào trong cơ sở dữ liệu.",
                    "no run in the database wrote this file.",
                ),
            )


def _sealed(c: Connection, run_id: int) -> dict[int, tuple[int, str]]:
    """Give length and digest of the bytes of a run's captures as they were sealed, by id."""
    leaf, capture = tables.tree_leaf, tables.capture
    found = c.execute(
        sa.select(leaf.c.capture_id, leaf.c.warc_bytes, leaf.c.warc_sha256)
        .join(capture, capture.c.id == leaf.c.capture_id)
        .where(capture.c.run_id == run_id, leaf.c.warc_sha256.is_not(None))
    )
    return {row.capture_id: (row.warc_bytes, row.warc_sha256) for row in found}


def _with_bytes(
    found: list[EvidenceProblem],
    altered: Iterator[EvidenceProblem],
    sealed: Collection[int],
) -> Iterator[EvidenceProblem]:
    """Put together what the records show and what the sealed digests show, each thing once.

    Behind a place that cannot be read no record can be told from a lost one, but its bytes can.
    """
    if any(one.kind is ProblemKind.DAMAGED for one in found):
        found = [
            one
            for one in found
            if one.kind is not ProblemKind.RECORD_MISSING or one.capture_id not in sealed
        ]
    yield from found
    named = {one.capture_id for one in found}
    yield from (one for one in altered if one.capture_id not in named)


def _verify_bytes(
    folder: Path, file: str, rows: list[Capture], sealed: Mapping[int, tuple[int, str]]
) -> Iterator[EvidenceProblem]:
    """Compare the bytes of each capture with those that were sealed."""
    there = chain.measure(folder, rows)
    for row in rows:
        piece, noted = there.get(row.id or 0), sealed.get(row.id or 0)
        if piece is not None and noted is not None and (piece.size, piece.sha256) != noted:
            yield EvidenceProblem(
                kind=ProblemKind.CHANGED,
                file=file,
                message=t(
                    f"các byte từ {piece.start} đến {piece.start + piece.size} (lần truy cập "
                    f"{row.id}, {row.url}) khác lúc niêm phong ({noted[0]} byte).",
                    f"bytes {piece.start} to {piece.start + piece.size} (capture {row.id}, "
                    f"{row.url}) are not as they were sealed ({noted[0]} bytes).",
                ),
                capture_id=row.id,
                record_id=row.warc.record_id if row.warc else None,
            )


def _verify_removed(folder: Path, removal: Removal) -> Iterator[EvidenceProblem]:
    if (folder / removal.warc_file).exists():
        yield EvidenceProblem(
            kind=ProblemKind.NOT_REMOVED,
            file=removal.warc_file,
            message=t(
                f"{removal.removed_by} đã quyết định xóa tệp này ({removal.reason}) nhưng tệp "
                "vẫn còn. Chạy lại: tinbai evidence remove",
                f"{removal.removed_by} decided to remove this file ({removal.reason}), but it is "
                "still there. Run again: tinbai evidence remove",
            ),
        )


def _verify_file(
    c: Connection, folder: Path, file: str, rows: list[Capture], *, is_open: bool
) -> Iterator[EvidenceProblem]:
    missing = {row.warc.record_id: row for row in rows if row.warc}
    revisits: list[tuple[Capture, Record]] = []
    try:
        with (folder / file).open("rb") as opened:
            for record in warc.records(opened):
                row = missing.pop(record.id, None)
                if not record.is_as_written:
                    yield _changed(file, record, row, t("nội dung", "its block"))
                if row is not None:
                    yield from _verify_record(file, record, row)
                    if record.kind == warc.REVISIT:
                        revisits.append((row, record))
                elif record.kind in warc.OF_CAPTURES and not is_open:
                    yield _unknown(file, record)
    except FileNotFoundError:
        yield EvidenceProblem(
            kind=ProblemKind.FILE_MISSING,
            file=file,
            message=t(
                f"mất tệp; {len(rows)} lần truy cập không còn bằng chứng.",
                f"the file is gone; {len(rows)} captures have lost their evidence.",
            ),
        )
        return
    except (OSError, DamagedError) as error:
        if not (is_open and isinstance(error, DamagedError) and error.is_unfinished):
            yield EvidenceProblem(
                kind=ProblemKind.DAMAGED,
                file=file,
                message=t(f"không đọc tiếp được ({error}).", f"cannot be read on ({error})."),
            )
    for row in missing.values():
        yield _missing(file, row)
    yield from _verify_revisits(c, file, revisits)


def _verify_record(file: str, record: Record, row: Capture) -> Iterator[EvidenceProblem]:
    response = record.response()
    compared = {
        t("vị trí", "place"): (record.offset, row.warc.offset if row.warc else None),
        t("địa chỉ", "address"): (record.url, row.url),
        t("thời điểm", "instant"): (record.at, row.captured_at),
        t("mã trả lời", "status"): (response.status, row.status),
        "SHA-256": (record.body_sha256, row.body_sha256),
        "TLS": (record.tls, row.tls),
    }
    for what, (archived, noted) in compared.items():
        if archived != noted:
            yield _changed(file, record, row, f"{what}: {archived} ≠ {noted}")


def _verify_revisits(
    c: Connection, file: str, revisits: list[tuple[Capture, Record]]
) -> Iterator[EvidenceProblem]:
    wanted = {record.refers_to[0] for _, record in revisits}
    archived = captures.archived_bodies(c, sorted(wanted))
    for row, record in revisits:
        url, at = record.refers_to
        if at is None or archived.get((url, at)) != record.body_sha256:
            yield EvidenceProblem(
                kind=ProblemKind.ORIGINAL_MISSING,
                file=file,
                message=t(
                    f"lần truy cập {row.id} nhắc tới nội dung của {url} lúc {at}, không tìm thấy.",
                    f"capture {row.id} refers to the body of {url} at {at}, which is not there.",
                ),
                capture_id=row.id,
                record_id=record.id,
            )


def _changed(file: str, record: Record, row: Capture | None, what: str) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.CHANGED,
        file=file,
        message=t(
            f"bản ghi tại byte {record.offset} khác lúc lưu: {what}.",
            f"the record at byte {record.offset} is not as it was stored: {what}.",
        ),
        capture_id=row.id if row else None,
        record_id=record.id,
    )


def _unknown(file: str, record: Record) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.RECORD_UNKNOWN,
        file=file,
        message=t(
            f"bản ghi tại byte {record.offset} ({record.url}) không có trong cơ sở dữ liệu.",
            f"the record at byte {record.offset} ({record.url}) is not in the database.",
        ),
        record_id=record.id,
    )


def _missing(file: str, row: Capture) -> EvidenceProblem:
    return EvidenceProblem(
        kind=ProblemKind.RECORD_MISSING,
        file=file,
        message=t(
            f"không có bản ghi của lần truy cập {row.id} ({row.url}).",
            f"the record of capture {row.id} ({row.url}) is not there.",
        ),
        capture_id=row.id,
        record_id=row.warc.record_id if row.warc else None,
    )
