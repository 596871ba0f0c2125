"""Rendered pages in the evidence: records of their own, that name what they were made of."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from storage import warc
from storage.captures import captures_of_run, open_runs
from storage.evidence import FOUND_AGAIN, EvidenceWriter, Exchange, read_record, recover
from storage.records import CapturePurpose, TlsCheck
from storage.verify import verify
from storage.warc import Rendering

if TYPE_CHECKING:
    from pathlib import Path

    from storage.engine import Database
    from storage.records import CrawlRun, WarcPlace

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
SHOWN = "<html><body><a href='/bai'>Bộ phận một cửa</a></body></html>".encode()


def archived(folder: Path, run: CrawlRun, run_id: int) -> tuple[WarcPlace, WarcPlace]:
    """Archive an answer and what a browser made of it; give both places."""
    writer = EvidenceWriter(
        folder,
        site=run.site,
        run_id=run_id,
        started_at=run.started_at,
        software="tinbai/test",
        simulated_clock=True,
    )
    answer = Exchange(
        url="http://xa-a.test/tin",
        purpose=CapturePurpose.LIST,
        captured_at=START,
        request_method="GET",
        request_headers=(),
        protocol="HTTP/1.1",
        status=200,
        reason="",
        response_headers=((b"Content-Type", b"text/html"),),
        body=b"<div id=ds></div><script src=a.js></script>",
        tls=TlsCheck.UNVERIFIED,
    )
    raw = writer.write(answer, previous=None)
    rendering = Rendering(
        url=answer.url,
        purpose=answer.purpose,
        captured_at=START + dt.timedelta(seconds=3, microseconds=5),
        response_id=raw.record_id,
        body=SHOWN,
        tls=answer.tls,
    )
    shown = writer.write_rendering(rendering)
    writer.close()
    return raw, shown


def test_what_was_shown_is_a_conversion_of_what_was_sent(tmp_path: Path, run: CrawlRun) -> None:
    raw, shown = archived(tmp_path, run, 1)
    with (tmp_path / shown.file).open("rb") as file:
        (record,) = warc.records(file, shown.offset)
    assert record.kind == "conversion"
    assert record.fields["WARC-Refers-To"] == f"<{raw.record_id}>"
    assert (record.purpose, record.tls) == (CapturePurpose.LIST, TlsCheck.UNVERIFIED)
    assert record.body_sha256 == hashlib.sha256(SHOWN).hexdigest()
    assert record.is_as_written
    found = read_record(tmp_path, shown)
    assert (found.status, found.media_type, found.body) == (200, "text/html", SHOWN)


def test_two_other_readers_find_the_conversion(tmp_path: Path, run: CrawlRun) -> None:
    _, shown = archived(tmp_path, run, 1)
    with (tmp_path / shown.file).open("rb") as file:
        by_warcio = [record.rec_type for record in WarcioIterator(file, check_digests="raise")]
    with (tmp_path / shown.file).open("rb") as file:
        by_fastwarc = [record.headers["WARC-Type"] for record in ArchiveIterator(file)]
    assert by_warcio == by_fastwarc == ["warcinfo", "response", "request", "conversion"]


def test_after_a_kill_what_was_shown_gets_its_row_as_well(
    db: Database, run_id: int, run: CrawlRun, tmp_path: Path
) -> None:
    raw, shown = archived(tmp_path, run, run_id)
    with db.read() as c:
        assert list(verify(c, tmp_path)) == []  # under way: what has no row yet is no problem
        (left_open,) = open_runs(c)
    with db.write() as c:
        recover(c, tmp_path, left_open, recovered_at=START + dt.timedelta(days=1))
    with db.read() as c:
        stored = captures_of_run(c, run_id)
        assert list(verify(c, tmp_path)) == []
    assert [(one.warc, one.reason) for one in stored] == [(raw, FOUND_AGAIN), (shown, FOUND_AGAIN)]
    assert stored[1].body_bytes == len(SHOWN)
