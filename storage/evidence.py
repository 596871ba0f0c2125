"""Evidence: every HTTP exchange in a WARC file, written before the row that refers to it.

One folder a site, one file a run (a further one past ``ROLL_OVER_BYTES``)::

    evidence/<site>/<start of the run, UTC>-<run>-<serial>.warc.gz

A body that the address gave before, or that the server confirms (304), is not written again: a
``revisit`` record names the record that holds it. What the crawler cannot know is never made
up: what the records leave out of the exchange is said at the head of each file.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections import Counter
from typing import IO, TYPE_CHECKING

from storage import captures, chain, warc
from storage.errors import EvidenceError
from storage.language import t
from storage.records import Capture, Disposition, RunOutcome, WarcPlace
from storage.warc import ArchivedResponse, DamagedError, Exchange, Record, Rendering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.engine import Connection
    from storage.records import ArchivedBody, CrawlRun

__all__ = [
    "ArchivedResponse",
    "EvidenceWriter",
    "Exchange",
    "Rendering",
    "files_of",
    "read_record",
    "recover",
]

ROLL_OVER_BYTES = 10**9
"""A file that has grown past this size is closed; the web archives' usual size."""

FOUND_AGAIN = "found in the evidence after the run was stopped"
"""The reason of a capture that a killed run had archived and not stored."""

_STAMP = "%Y%m%dT%H%M%SZ"
_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)

# -------------------------------------------------------------------------------- writing


class EvidenceWriter:
    """Writes the exchanges of one run. Nothing half written stays behind an error."""

    def __init__(
        self,
        folder: Path,
        *,
        site: str,
        run_id: int,
        started_at: dt.datetime,
        software: str,
        simulated_clock: bool,
    ) -> None:
        self._folder, self._site, self._run_id = folder, site, run_id
        self._started_at, self._software = started_at, software
        self._simulated_clock = simulated_clock
        self._file: IO[bytes] | None = None
        self._name = f"{site}/"
        self._serial = 0
        self._size = 0

    def write(self, exchange: Exchange, *, previous: ArchivedBody | None) -> WarcPlace:
        """Append an exchange, and give the place of its response.

        Args:
            exchange: what was asked and answered.
            previous: the body that this address gave last. When it is the same, the record
                refers to the one that holds it.

        Raises:
            EvidenceError: it cannot be written; the file is as it was before.
        """
        return self._place(
            exchange.captured_at,
            lambda record_id: (
                warc.response_record(exchange, record_id, previous)
                + warc.request_record(exchange, record_id)
            ),
        )

    def write_rendering(self, rendering: Rendering) -> WarcPlace:
        """Append a rendered page behind the response that it was made of, and give its place.

        Raises:
            EvidenceError: it cannot be written; the file is as it was before.
        """
        return self._place(
            rendering.captured_at, lambda record_id: warc.conversion_record(rendering, record_id)
        )

    def _place(self, at: dt.datetime, record: Callable[[str], bytes]) -> WarcPlace:
        record_id = f"urn:uuid:{uuid.uuid4()}"
        try:
            if self._file is None or self._size >= ROLL_OVER_BYTES:
                self._open_next(at)
            offset = self._size
            self._append(record(record_id))
        except OSError as error:
            raise EvidenceError(self._advice(error)) from error
        return WarcPlace(file=self._name, offset=offset, record_id=record_id)

    def sync(self) -> None:
        """See that what was written outlives a power cut: called before rows refer to it.

        Raises:
            EvidenceError: the disk does not confirm it.
        """
        try:
            if self._file is not None:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise EvidenceError(self._advice(error)) from error

    def close(self) -> None:
        """Let the file go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _advice(self, error: OSError) -> str:
        path, cause = self._folder / self._name, error.strerror or error
        return t(
            f"Không ghi được bằng chứng vào {path}: {cause}. Kiểm tra dung lượng và quyền ghi của "
            "ổ đĩa, rồi chạy lại tinbai crawl.",
            f"The evidence cannot be written to {path}: {cause}. Check the disk's free space and "
            "permissions, then run tinbai crawl again.",
        )

    def _open_next(self, at: dt.datetime) -> None:
        self.close()
        folder = self._folder / self._site
        folder.mkdir(parents=True, exist_ok=True)
        while self._file is None:
            self._serial += 1
            name = f"{_stem(self._started_at, self._run_id)}{self._serial:03d}.warc.gz"
            try:
                self._file = (folder / name).open("xb", buffering=0)
            except FileExistsError:
                continue  # of a database that was put back to an older state; never overwritten
        self._name, self._size = f"{self._site}/{name}", 0
        _sync_folder(folder)
        self._append(warc.warcinfo_record(name, at, self._info()))

    def _append(self, data: bytes) -> None:
        assert self._file is not None  # noqa: S101 - opened just before
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            self._file.truncate(self._size)
            self._file.seek(self._size)
            raise
        self._size += len(data)

    def _info(self) -> dict[str, str]:
        clock = "set by hand (demo, replay or test)" if self._simulated_clock else "the machine's"
        return {
            "software": self._software,
            "format": "WARC File Format 1.1",
            "isPartOf": f"{self._site}, run {self._run_id}",
            "robots": "obey",
            "clock": clock,
            "description": (
                "Bodies are as received, still packed as their Content-Encoding says; chunked "
                "transfers are put together. Header names are in the crawler's spelling and "
                "order, lines of one name stand together. Where the server's reason phrase is "
                "not known it is left empty. WARC-Tinbai-TLS says of each answer over TLS whether "
                "the server's certificate was verified. A conversion is a page as it stood in a "
                "browser when its scripts had come to rest; what they asked for stands before it."
            ),
        }


def _stem(started_at: dt.datetime, run_id: int) -> str:
    return f"{started_at.astimezone(dt.UTC).strftime(_STAMP)}-{run_id:06d}-"


def _sync_folder(folder: Path) -> None:
    """Make a new file's name outlive a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# -------------------------------------------------------------------------------- reading


def read_record(folder: Path, place: WarcPlace) -> ArchivedResponse:
    """Give the response that was archived at a place, a revisit's body from where it lies.

    A 304 has neither body nor the heads that describe one: given is the response it confirms.

    Raises:
        EvidenceError: there is no such record, or it cannot be read.
    """
    path = folder / place.file
    try:
        with path.open("rb") as file:
            record = next(warc.records(file, place.offset), None)
    except (OSError, DamagedError) as error:
        raise EvidenceError(_advice_on_place(place, str(error))) from error
    if record is None or record.id != place.record_id:
        raise EvidenceError(_advice_on_place(place, t("bản ghi không ở đó", "it is not there")))
    found = record.response()
    if record.kind != warc.REVISIT:
        return found
    original = _original(path.parent, record)
    if original is None:
        why = t("không tìm thấy bản ghi chứa nội dung", "the record with its body is not there")
        raise EvidenceError(_advice_on_place(place, why))
    if record.is_confirmation:
        return original.response()
    body = original.response().body
    return ArchivedResponse(status=found.status, headers=found.headers, body=body)


def _advice_on_place(place: WarcPlace, why: str) -> str:
    return t(
        f"Không đọc được bản ghi {place.record_id} trong {place.file} tại byte {place.offset}: "
        f"{why}. Chạy: tinbai evidence verify",
        f"Record {place.record_id} of {place.file} at byte {place.offset} cannot be read: {why}. "
        "Run: tinbai evidence verify",
    )


def _original(folder: Path, revisit: Record) -> Record | None:
    """Find the record that a revisit refers to, among the files of its site.

    A file's name begins with the start of its run: the newest that is not too young has it.
    """
    url, at = revisit.refers_to
    if at is None:
        return None
    too_young = at.strftime(_STAMP) + "~"  # after all names that begin with this instant
    for path in sorted(folder.glob("*.warc.gz"), reverse=True):
        if path.name > too_young:
            continue
        try:
            with path.open("rb") as file:
                for record in warc.records(file):
                    if record.kind == warc.RESPONSE and (record.url, record.at) == (url, at):
                        return record
        except (OSError, DamagedError):
            continue  # verify names it
    return None


# ----------------------------------------------------------------------------- recovering


def recover(c: Connection, folder: Path, run: CrawlRun, *, recovered_at: dt.datetime) -> None:
    """Put in order what a killed run left: each archived exchange gets its row, the run its end.

    A record that was half written when the program died is cut off: no row can refer to it. The
    caller holds the site's lock, so nobody is still writing.

    Raises:
        EvidenceError: the run's files cannot be read or mended.
    """
    run_id = _stored(run)
    stored = captures.captures_of_run(c, run_id)
    named = {capture.warc.record_id for capture in stored if capture.warc}
    found = [
        _found_again(run_id, f"{run.site}/{path.name}", record)
        for path in files_of(folder, run)
        for record in _whole_records(path)
        if record.kind in warc.OF_CAPTURES and record.id not in named
    ]
    captures.add_captures(c, found)
    captures.finish_run(
        c,
        run_id,
        finished_at=recovered_at,
        outcome=RunOutcome.INTERRUPTED,
        reason="stopped from outside; put in order by the next run",
        counters=Counter(f"capture/{one.disposition.value}" for one in (*stored, *found)),
    )
    chain.seal(c, folder, at=recovered_at)


def _stored(run: CrawlRun) -> int:
    if run.id is None:
        raise ValueError("the run was never stored")
    return run.id


def files_of(folder: Path, run: CrawlRun) -> list[Path]:
    """Give the WARC files of a run that are there, in the order in which they were written."""
    return sorted((folder / run.site).glob(f"{_stem(run.started_at, _stored(run))}*.warc.gz"))


def _whole_records(path: Path) -> Iterator[Record]:
    """Give the file's records, and cut off what is half written at its end."""
    try:
        with path.open("r+b") as file:
            try:
                yield from warc.records(file)
            except DamagedError as damage:
                if damage.is_unfinished:  # other damage is left for verify to name
                    file.truncate(damage.offset)
    except OSError as error:
        raise EvidenceError(
            t(
                f"Không đọc được bằng chứng {path} của lần thu thập bị ngắt: {error.strerror}.",
                f"The evidence {path} of the interrupted run cannot be read: {error.strerror}.",
            )
        ) from error


def _found_again(run_id: int, file: str, record: Record) -> Capture:
    response = record.response()
    return Capture(
        run_id=run_id,
        url=record.url,
        purpose=record.purpose,
        captured_at=record.at or _EVER,
        disposition=Disposition.INTERRUPTED,
        reason=FOUND_AGAIN,
        status=response.status,
        media_type=response.media_type,
        body_sha256=record.body_sha256,
        body_bytes=None if record.kind == warc.REVISIT else len(response.body),
        tls=record.tls,
        warc=WarcPlace(file=file, offset=record.offset, record_id=record.id),
    )
