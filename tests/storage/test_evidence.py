"""Evidence is written whole or not at all, found again after a kill, and compared both ways."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import resource
from typing import TYPE_CHECKING

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from storage import chain, evidence, warc
from storage.captures import add_captures, captures_of_run, finish_run, open_runs, runs, start_run
from storage.errors import EvidenceError
from storage.evidence import (
    FOUND_AGAIN,
    EvidenceWriter,
    Exchange,
    read_record,
    recover,
)
from storage.problems import ProblemKind
from storage.records import (
    ArchivedBody,
    Capture,
    CapturePurpose,
    Disposition,
    RunOutcome,
    WarcPlace,
)
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.engine import Database
    from storage.problems import EvidenceProblem
    from storage.records import CrawlRun

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
BODY = "<title>Bộ phận một cửa</title>".encode()


def exchange(number: int = 1, body: bytes = BODY, **changes: object) -> Exchange:
    fields: dict[str, object] = {
        "url": f"http://xa-a.test/bai-{number}",
        "purpose": CapturePurpose.ARTICLE,
        "captured_at": START + dt.timedelta(seconds=number, microseconds=7),
        "request_method": "GET",
        "request_headers": ((b"Host", b"xa-a.test"), (b"User-Agent", b"tinbai/test")),
        "protocol": "HTTP/1.1",
        "status": 200,
        "reason": "",
        "response_headers": ((b"Content-Type", b"text/html; charset=utf-8"),),
        "body": body,
    }
    return Exchange(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def capture_of(asked: Exchange, place: WarcPlace | None, run_id: int) -> Capture:
    return Capture(
        run_id=run_id,
        url=asked.url,
        purpose=asked.purpose,
        captured_at=asked.captured_at,
        disposition=Disposition.STORED,
        status=asked.status,
        media_type="text/html",
        body_sha256=hashlib.sha256(asked.body).hexdigest(),
        body_bytes=len(asked.body),
        warc=place,
    )


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[EvidenceWriter]:
    """Writes the evidence of run 1 into ``tmp_path``."""
    made = new_writer(tmp_path, 1)
    yield made
    made.close()


def new_writer(folder: Path, run_id: int, started_at: dt.datetime = START) -> EvidenceWriter:
    return EvidenceWriter(
        folder,
        site="xa-a",
        run_id=run_id,
        started_at=started_at,
        software="tinbai/test",
        simulated_clock=True,
    )


def again(asked: Exchange) -> ArchivedBody:
    digest = hashlib.sha256(asked.body).hexdigest()
    return ArchivedBody(sha256=digest, captured_at=asked.captured_at, url=asked.url)


# ----------------------------------------------------------------------------- writing


def test_what_was_written_is_read_back_to_the_byte(writer: EvidenceWriter, tmp_path: Path) -> None:
    odd = ((b"X-Ten", "Xã".encode()), (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2"))
    asked = exchange(response_headers=odd, body=bytes(range(256)) * 300)
    place = writer.write(asked, previous=None)
    found = read_record(tmp_path, place)
    assert (found.status, found.headers, found.body) == (200, odd, asked.body)


def test_two_other_readers_find_the_same_records(writer: EvidenceWriter, tmp_path: Path) -> None:
    first = exchange(1)
    place = writer.write(first, previous=None)
    writer.write(exchange(2, b"", status=404), previous=None)
    writer.write(dataclasses.replace(first, captured_at=START + dt.timedelta(days=1)),
                 previous=again(first))  # fmt: skip
    writer.close()
    path = tmp_path / place.file
    with path.open("rb") as file:
        by_warcio = [record.rec_type for record in WarcioIterator(file, check_digests="raise")]
    with path.open("rb") as file:
        by_fastwarc = [record.headers["WARC-Type"] for record in ArchiveIterator(file)]
    kinds = ["warcinfo", *["response", "request"] * 2, "revisit", "request"]
    assert by_warcio == kinds
    assert by_fastwarc == kinds


def test_the_file_says_what_is_left_out_of_it(writer: EvidenceWriter, tmp_path: Path) -> None:
    place = writer.write(exchange(), previous=None)
    with (tmp_path / place.file).open("rb") as file:
        info = next(warc.records(file)).block.decode()
    assert "clock: set by hand" in info
    assert "software: tinbai/test" in info
    assert "reason phrase" in info


def test_a_body_that_came_before_is_referred_to_and_not_written_again(
    writer: EvidenceWriter, tmp_path: Path
) -> None:
    first = exchange(body=b"x" * 100_000 + BODY)
    writer.write(first, previous=None)
    later = dataclasses.replace(
        first, captured_at=START + dt.timedelta(days=1), status=203, response_headers=()
    )
    tomorrow = new_writer(tmp_path, 2, START + dt.timedelta(days=1))
    place = tomorrow.write(later, previous=again(first))
    tomorrow.close()
    found = read_record(tmp_path, place)
    assert (found.status, found.headers, found.body) == (203, (), first.body)
    assert (tmp_path / place.file).stat().st_size < 3000


def test_the_body_of_a_revisit_that_is_gone_is_an_error(
    writer: EvidenceWriter, tmp_path: Path
) -> None:
    place = writer.write(exchange(2), previous=again(exchange(1)))
    with pytest.raises(EvidenceError, match="tinbai evidence verify"):
        read_record(tmp_path, place)


def test_a_header_cannot_break_out_of_its_line(writer: EvidenceWriter, tmp_path: Path) -> None:
    place = writer.write(exchange(response_headers=((b"X", b"a\r\n\r\nb"),)), previous=None)
    assert read_record(tmp_path, place).headers == ((b"X", b"a    b"),)
    assert read_record(tmp_path, place).body == BODY


@given(
    body=st.binary(max_size=300_000),
    headers=st.lists(
        st.tuples(
            st.from_regex(rb"[A-Za-z-]{1,20}", fullmatch=True),
            st.binary(max_size=50).map(lambda b: b.replace(b"\r", b"").replace(b"\n", b"")),
        ),
        max_size=5,
    ),
)
def test_any_exchange_survives_the_way_into_a_record_and_back(
    body: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    asked = exchange(body=body, response_headers=tuple(headers))
    data = warc.response_record(asked, "urn:uuid:1", None)
    (record,) = warc.records(io.BytesIO(data))
    found = record.response()
    assert (found.headers, found.body) == (tuple(headers), body)
    assert record.is_as_written
    assert record.at == asked.captured_at
    assert record.purpose is CapturePurpose.ARTICLE
    assert record.body_sha256 == hashlib.sha256(body).hexdigest()


def test_a_file_that_has_grown_large_is_followed_by_another(
    writer: EvidenceWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "ROLL_OVER_BYTES", 1500)
    places = [writer.write(exchange(n), previous=None) for n in range(6)]
    assert len({place.file for place in places}) > 1
    assert all(read_record(tmp_path, place).body == BODY for place in places)


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    first, second = new_writer(tmp_path, 1), new_writer(tmp_path, 1)
    one, other = first.write(exchange(1), previous=None), second.write(exchange(2), previous=None)
    first.close()
    second.close()
    assert one.file != other.file
    assert read_record(tmp_path, one).status == read_record(tmp_path, other).status == 200


def test_nothing_half_written_stays_when_the_disk_is_full(
    writer: EvidenceWriter, tmp_path: Path
) -> None:
    place = writer.write(exchange(1), previous=None)
    path = tmp_path / place.file
    before = path.read_bytes()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 500, limits[1]))
    noise = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(256))
    try:
        with pytest.raises(EvidenceError, match="dung lượng"):
            writer.write(exchange(2, noise), previous=None)
        assert path.read_bytes() == before
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    after = writer.write(exchange(3), previous=None)
    assert after.offset == len(before)
    assert read_record(tmp_path, after).body == BODY


def test_a_folder_that_cannot_be_made_is_an_error_for_people(tmp_path: Path) -> None:
    (tmp_path / "xa-a").write_text("a file stands where the folder should be")
    with pytest.raises(EvidenceError, match="tinbai crawl"):
        new_writer(tmp_path, 1).write(exchange(), previous=None)


# -------------------------------------------------------------------- recovering, verifying


@pytest.fixture
def archive(
    db: Database, run_id: int, run: CrawlRun, tmp_path: Path
) -> Callable[..., list[Capture]]:
    """Give a function that archives exchanges and stores the rows of the first of them."""

    def make(*asked: Exchange, rows: int | None = None) -> list[Capture]:
        writer = EvidenceWriter(
            tmp_path,
            site=run.site,
            run_id=run_id,
            started_at=run.started_at,
            software="tinbai/test",
            simulated_clock=True,
        )
        bodies: dict[str, ArchivedBody] = {}
        captures = []
        for one in asked:
            place = writer.write(one, previous=bodies.get(one.url))
            bodies.setdefault(one.url, again(one))
            captures.append(capture_of(one, place, run_id))
        writer.close()
        with db.write() as c:
            add_captures(c, captures[:rows])
        return captures

    return make


def end(db: Database, run_id: int, folder: Path) -> None:
    with db.write() as c:
        finish_run(
            c,
            run_id,
            finished_at=START + dt.timedelta(hours=1),
            outcome=RunOutcome.COMPLETE,
            reason=None,
            counters={},
        )
        chain.seal(c, folder, at=START + dt.timedelta(hours=1))


def problems(db: Database, folder: Path) -> list[EvidenceProblem]:
    with db.read() as c:
        return list(verify(c, folder))


def kinds(found: list[EvidenceProblem]) -> list[str]:
    return [problem.kind.value for problem in found]


def the_file(folder: Path) -> Path:
    (file,) = folder.rglob("*.warc.gz")
    return file


SAME_LATER = dataclasses.replace(exchange(1), captured_at=START + dt.timedelta(minutes=5))


def test_evidence_that_matches_has_no_problem(
    db: Database, run_id: int, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    archive(exchange(1), exchange(2, b""), SAME_LATER)
    end(db, run_id, tmp_path)
    told: list[tuple[int, int]] = []
    with db.read() as c:
        found = list(verify(c, tmp_path, progress=lambda *how_far: told.append(how_far)))
    assert found == []
    assert told == [(0, 1), (1, 1)]


def test_after_a_kill_every_archived_exchange_gets_its_row(
    db: Database, run_id: int, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    listed = exchange(3, purpose=CapturePurpose.LIST)
    captures = archive(exchange(1), exchange(2), listed, SAME_LATER, rows=1)
    (left_open,) = _open(db)
    with db.write() as c:
        recover(c, tmp_path, left_open, recovered_at=START + dt.timedelta(days=1))
    with db.read() as c:
        stored = captures_of_run(c, run_id)
        (ended,) = runs(c, START + dt.timedelta(days=2))
    found = [
        dataclasses.replace(one, disposition=Disposition.INTERRUPTED, reason=FOUND_AGAIN)
        for one in captures[1:]
    ]
    # A revisit does not say how long the body is that it refers to.
    found[-1] = dataclasses.replace(found[-1], body_bytes=None)
    assert [dataclasses.replace(one, id=None) for one in stored] == [captures[0], *found]
    assert ended.outcome is RunOutcome.INTERRUPTED
    assert ended.counters == {"capture/stored": 1, "capture/interrupted": 3}
    assert problems(db, tmp_path) == []


def _open(db: Database) -> list[CrawlRun]:
    with db.read() as c:
        return open_runs(c)


def test_a_record_that_was_half_written_at_a_kill_is_cut_off(
    db: Database, run_id: int, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    captures = archive(exchange(1), exchange(2), rows=0)
    assert captures[1].warc
    file = the_file(tmp_path)
    with file.open("r+b") as opened:
        opened.truncate(captures[1].warc.offset + 40)
    assert problems(db, tmp_path) == []  # it is under way, as far as anybody can tell
    (left_open,) = _open(db)
    with db.write() as c:
        recover(c, tmp_path, left_open, recovered_at=START + dt.timedelta(days=1))
    assert file.stat().st_size == captures[1].warc.offset
    with db.read() as c:
        assert [capture.url for capture in captures_of_run(c, run_id)] == [captures[0].url]
    assert problems(db, tmp_path) == []


def test_recovering_never_cuts_into_a_file_that_is_damaged_in_its_middle(
    db: Database, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    captures = archive(*(exchange(n) for n in range(1, 6)), rows=0)
    file = the_file(tmp_path)
    assert captures[2].warc
    _flip(file, captures[2].warc.offset + 30)
    size = file.stat().st_size
    (left_open,) = _open(db)
    with db.write() as c:
        recover(c, tmp_path, left_open, recovered_at=START + dt.timedelta(days=1))
    assert file.stat().st_size == size
    assert kinds(problems(db, tmp_path)) == ["damaged"]


def _flip(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 0xFF
    file.write_bytes(bytes(data))


def test_every_changed_byte_is_noticed(
    db: Database, run_id: int, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    archive(exchange(1))
    end(db, run_id, tmp_path)
    file = the_file(tmp_path)
    whole = file.read_bytes()
    for place in range(0, len(whole), 29):
        _flip(file, place)
        assert problems(db, tmp_path), place
        file.write_bytes(whole)


def test_a_revisit_whose_original_is_not_archived_is_named(
    db: Database, run_id: int, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    archive(exchange(1), SAME_LATER, rows=0)
    with db.write() as c:
        # Only the revisit has a row; the record that it refers to has none.
        (_, revisit) = _captures(tmp_path, run_id)
        add_captures(c, [revisit])
    end(db, run_id, tmp_path)
    assert kinds(problems(db, tmp_path)) == ["record_unknown", "original_missing"]


def _captures(folder: Path, run_id: int) -> list[Capture]:
    file = the_file(folder)
    with file.open("rb") as opened:
        return [
            capture_of(
                asked,
                WarcPlace(file=f"xa-a/{file.name}", offset=record.offset, record_id=record.id),
                run_id,
            )
            for record in warc.records(opened)
            if record.kind in {"response", "revisit"}
            for asked in [exchange(1) if record.kind == "response" else SAME_LATER]
        ]


def test_a_row_that_was_changed_is_noticed(
    db: Database, run_id: int, run: CrawlRun, tmp_path: Path
) -> None:
    writer = EvidenceWriter(
        tmp_path,
        site=run.site,
        run_id=run_id,
        started_at=run.started_at,
        software="tinbai/test",
        simulated_clock=True,
    )
    asked = exchange(1)
    true = capture_of(asked, writer.write(asked, previous=None), run_id)
    writer.close()
    false = dataclasses.replace(true, captured_at=START, status=500, body_sha256="0" * 64)
    with db.write() as c:
        add_captures(c, [false])
    end(db, run_id, tmp_path)
    found = problems(db, tmp_path)
    assert kinds(found) == ["changed"] * 3
    assert all(problem.capture_id for problem in found)
    assert {problem.kind for problem in found} == {ProblemKind.CHANGED}
    assert "SHA-256" in str(found[-1])


def test_two_runs_of_one_site_have_files_of_their_own(
    db: Database, run_id: int, run: CrawlRun, archive: Callable[..., list[Capture]], tmp_path: Path
) -> None:
    archive(exchange(1))
    end(db, run_id, tmp_path)
    later = dataclasses.replace(run, started_at=START + dt.timedelta(days=1))
    with db.write() as c:
        second = start_run(c, later)
    writer = new_writer(tmp_path, second, later.started_at)
    asked = exchange(1, captured_at=later.started_at)
    capture = capture_of(asked, writer.write(asked, previous=again(exchange(1))), second)
    writer.close()
    with db.write() as c:
        add_captures(c, [capture])
    end(db, second, tmp_path)
    assert problems(db, tmp_path) == []
    assert len(list(tmp_path.rglob("*.warc.gz"))) == 2
