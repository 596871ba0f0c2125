"""Whatever is changed, taken out, put in or moved, in rows or files, is found and named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import sqlite3
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from storage import chain, removals, tables, warc
from storage.captures import add_captures, captures_of_run, finish_run, runs, start_run
from storage.engine import Database
from storage.evidence import EvidenceWriter, Exchange, recover
from storage.leaves import head_content, leaf_content, pieces
from storage.lost_bytes import lost_bytes
from storage.merkle import leaf_hash, root_of
from storage.records import (
    Capture,
    CapturePurpose,
    CrawlRun,
    DayInterval,
    Disposition,
    RunOutcome,
    WarcPlace,
)
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from storage.problems import EvidenceProblem

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
EVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def exchange(number: int) -> Exchange:
    return Exchange(
        url=f"http://xa-a.test/bai-{number}",
        purpose=CapturePurpose.ARTICLE,
        captured_at=START + dt.timedelta(hours=number),
        request_method="GET",
        request_headers=((b"Host", b"xa-a.test"),),
        protocol="HTTP/1.1",
        status=200,
        reason="",
        response_headers=((b"Content-Type", b"text/html"),),
        body=f"<title>Bài số {number}</title>".encode() + hashlib.sha256(bytes([number])).digest(),
    )


def archive(folder: Path, run_id: int, run: CrawlRun, numbers: range) -> list[Capture]:
    """Write the evidence of a run: the exchanges with these numbers."""
    writer = EvidenceWriter(
        folder,
        site=run.site,
        run_id=run_id,
        started_at=run.started_at,
        software="tinbai/test",
        simulated_clock=True,
    )
    found = []
    for asked in map(exchange, numbers):
        place = writer.write(asked, previous=None)
        found.append(
            Capture(
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
        )
    writer.close()
    return found


def new_run(number: int) -> CrawlRun:
    return CrawlRun(
        site="xa-a",
        window=DayInterval(dt.date(2022, 8, 1)),
        started_at=START + dt.timedelta(days=number),
        profile_digest="p" * 64,
        code_version="0.1.0",
        simulated_clock=True,
    )


def fill(db: Database, folder: Path) -> None:
    """Two nights of three captures each, and one that was never archived."""
    for number in (0, 1):
        run = new_run(number)
        with db.write() as c:
            run_id = start_run(c, run)
            lost = Capture(
                run_id=run_id,
                url="http://xa-a.test/mất",
                purpose=CapturePurpose.LIST,
                captured_at=run.started_at,
                disposition=Disposition.NETWORK_ERROR,
                reason="timeout",
            )
            found = archive(folder, run_id, run, range(3 * number + 1, 3 * number + 4))
            add_captures(c, [*found, lost])
            at = run.started_at + dt.timedelta(hours=8)
            finish_run(
                c,
                run_id,
                finished_at=at,
                outcome=RunOutcome.COMPLETE,
                reason=None,
                counters={},
            )
            chain.seal(c, folder, at=at)


@dataclass
class Kept:
    """A workspace with two nights in it."""

    folder: Path
    root: str

    @property
    def database(self) -> str:
        """Its address."""
        return f"sqlite:///{self.folder / 'tinbai.db'}"

    def sql(self, *statements: str) -> None:
        """Change rows as somebody would who has the file: no rule of the tables stops them."""
        with sqlite3.connect(self.folder / "tinbai.db") as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def file(self, night: int = 0) -> Path:
        """Give the WARC file of a night."""
        return sorted(self.folder.rglob("*.warc.gz"))[night]

    def cut(self, night: int = 0) -> list[bytes]:
        """Give the file of a night in its pieces: its head with the first capture's, and so on."""
        data = self.file(night).read_bytes()
        with self.file(night).open("rb") as opened:
            places = [r.offset for r in warc.records(opened) if r.kind == "response"]
        ends = [*places[1:], len(data)]
        return [data[start:end] for start, end in zip([0, *places[1:]], ends, strict=True)]

    def seal(self) -> None:
        """Seal the rows that are new."""
        db = Database.open(self.database)
        try:
            with db.write(alone=True) as c:
                chain.seal_rows(c, at=EVER)
        finally:
            db.close()

    def problems(self, root: str | None = None) -> list[EvidenceProblem]:
        """Give all that ``tinbai evidence verify`` finds."""
        db = Database.open(self.database)
        try:
            with db.read() as c:
                return list(verify(c, self.folder / "evidence", root=root))
        finally:
            db.close()


@pytest.fixture(scope="module")
def original(
    tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path
) -> tuple[Path, str]:
    """Made once; each test tampers with a copy."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copyfile(empty_database_file, folder / "tinbai.db")
    db = Database.open(f"sqlite:///{folder / 'tinbai.db'}")
    fill(db, folder / "evidence")
    with db.read() as c:
        head = chain.head_as_of(c, EVER)
    db.close()
    assert head is not None
    return folder, head.root


@pytest.fixture
def kept(original: tuple[Path, str], tmp_path: Path) -> Kept:
    folder = tmp_path / "copy"
    shutil.copytree(original[0], folder)
    return Kept(folder, original[1])


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x01
    path.write_bytes(bytes(data))


def rewrite(order: Callable[[list[bytes]], list[bytes]]) -> Callable[[Kept], object]:
    return lambda kept: kept.file().write_bytes(b"".join(order(kept.cut())))


def insert_record(kept: Kept) -> None:
    extra = warc.response_record(exchange(9), "urn:uuid:inserted", None)
    first, second, third = kept.cut()
    kept.file().write_bytes(first + second + extra + third)


def change_row_and_leaf(kept: Kept) -> None:
    """Somebody who knows the form of a leaf makes it fit the row that was changed."""
    kept.sql("UPDATE capture SET reason = 'tampered' WHERE id = 4")
    db = Database.open(kept.database)
    with db.write() as c:
        (capture,) = [one for one in captures_of_run(c, 1) if one.id == 4]
        made = leaf_hash(leaf_content(capture, site="xa-a", piece=None)).hex()
        c.execute(
            sa.update(tables.tree_leaf)
            .where(tables.tree_leaf.c.capture_id == 4)
            .values(sha256=made)
        )
    db.close()


# what is done · kinds that must be named · captures that must be named · a run that must be named
TAMPERING: dict[str, tuple[Callable[[Kept], object], set[str], set[int], set[int]]] = {
    "a byte of a body is flipped": (
        lambda k: flip(k.file(), len(k.cut()[0]) + 300), {"damaged", "changed"}, {2}, set()),
    "a byte of gzip's head that nobody reads is flipped": (
        lambda k: flip(k.file(), len(k.cut()[0]) + 9), {"changed"}, {2}, set()),
    "a byte of the file's first record is flipped": (
        lambda k: flip(k.file(), 9), {"changed"}, {1}, set()),
    "a byte of a question is flipped": (
        lambda k: flip(k.file(), len(b"".join(k.cut())) - 20), {"damaged", "changed"}, {3}, set()),
    "a record is taken out": (
        rewrite(lambda p: [p[0], p[2]]), {"record_missing", "changed"}, {2, 3}, set()),
    "two records are swapped": (
        rewrite(lambda p: [p[0], p[2], p[1]]), {"changed"}, {2, 3}, set()),
    "a record is put in": (insert_record, {"record_unknown", "changed"}, {3}, set()),
    "a record is written twice": (
        rewrite(lambda p: [*p, p[2]]), {"record_unknown", "changed"}, {3}, set()),
    "the file is cut short": (
        rewrite(lambda p: [*p[:2], p[2][:-20]]), {"damaged", "changed"}, {3}, set()),
    "the file ends a record early": (
        rewrite(lambda p: p[:2]), {"record_missing"}, {3}, set()),
    "something is written behind the end": (
        rewrite(lambda p: [*p, b"x"]), {"damaged", "changed"}, {3}, set()),
    "the file is deleted": (lambda k: k.file().unlink(), {"file_missing"}, set(), set()),
    "a file is put in": (
        lambda k: shutil.copy(k.file(), k.file().with_name("20220101T000000Z-000099-001.warc.gz")),
        {"file_unknown"}, set(), set()),
    "a row's address is changed": (
        lambda k: k.sql("UPDATE capture SET url = 'http://xa-a.test/x' WHERE id = 2"),
        {"changed", "row_changed"}, {2}, {1}),
    "a row's time is changed": (
        lambda k: k.sql("UPDATE capture SET captured_at = '2022-08-01 00:00:00' WHERE id = 6"),
        {"changed", "row_changed"}, {6}, {2}),
    "a row's digest is changed": (
        lambda k: k.sql("UPDATE capture SET body_sha256 = printf('%064d', 1) WHERE id = 3"),
        {"changed", "row_changed"}, {3}, {1}),
    "what no record shows is changed in a row": (
        lambda k: k.sql("UPDATE capture SET disposition = 'unchanged' WHERE id = 4"),
        {"row_changed"}, {4}, {1}),
    "a row holds what is no value": (
        lambda k: k.sql("PRAGMA ignore_check_constraints = ON",
                        "UPDATE capture SET disposition = 'x' WHERE id = 4"),
        {"row_changed", "unreadable"}, {4}, {1}),
    "a run's row is changed": (
        lambda k: k.sql("UPDATE crawl_run SET reason = 'x' WHERE id = 2"),
        {"row_changed"}, set(), set()),
    "a run and a head are put in": (
        lambda k: k.sql("INSERT INTO crawl_run SELECT 9, site, window_from, window_to, started_at, "
                        "finished_at, outcome, reason, profile_digest, code_version, "
                        "simulated_clock, counters FROM crawl_run WHERE id = 1",
                        "INSERT INTO tree_head SELECT 0, 9, size, root, peaks, sealed_at, 0 "
                        "FROM tree_head WHERE id = 2"),
        {"row_inserted"}, set(), set()),
    "two rows change places": (
        lambda k: k.sql("UPDATE capture SET id = 99 WHERE id = 2",
                        "UPDATE capture SET id = 2 WHERE id = 3",
                        "UPDATE capture SET id = 3 WHERE id = 99"),
        {"changed", "row_changed"}, {2, 3}, {1}),
    "a row is moved to another run": (
        lambda k: k.sql("UPDATE capture SET run_id = 2 WHERE id = 4"),
        {"row_changed", "reordered"}, {4}, {1}),
    "a row is deleted": (
        lambda k: k.sql("DELETE FROM capture WHERE id = 2"),
        {"row_missing", "record_unknown", "changed"}, {1, 2}, {1}),
    "a row and its leaf are deleted": (
        lambda k: k.sql("DELETE FROM capture WHERE id = 4",
                        "DELETE FROM tree_leaf WHERE number = 3"),
        {"leaf_missing", "root_changed"}, set(), {1}),
    "a row is put in": (
        lambda k: k.sql("INSERT INTO capture (run_id, url, purpose, captured_at, disposition) "
                        "VALUES (1, 'http://xa-a.test/y', 'list', '2022-09-01', 'network_error')"),
        {"row_inserted"}, {9}, {1}),
    "a row and a leaf are put in": (
        lambda k: k.sql("INSERT INTO capture (run_id, url, purpose, captured_at, disposition) "
                        "VALUES (2, 'http://xa-a.test/y', 'list', '2022-09-01', 'network_error')",
                        "INSERT INTO tree_leaf VALUES (12, 9, printf('%064d', 1), NULL, NULL)"),
        {"row_inserted"}, {9}, set()),
    "a row is changed, and its leaf made to fit": (
        change_row_and_leaf, {"root_changed"}, set(), {1}),
    "two leaves change places": (
        lambda k: k.sql("UPDATE tree_leaf SET number = 99 WHERE number = 1",
                        "UPDATE tree_leaf SET number = 1 WHERE number = 2",
                        "UPDATE tree_leaf SET number = 2 WHERE number = 99"),
        {"reordered", "root_changed"}, {2}, {1}),
    "a stored root is changed": (
        lambda k: k.sql("UPDATE tree_head SET root = printf('%064d', 1) WHERE id = 1"),
        {"root_changed", "row_changed"}, set(), {1}),
    "what the tree goes on from is changed": (
        lambda k: k.sql("UPDATE tree_head SET peaks = '[]' WHERE id = 3"),
        {"root_changed", "row_changed"}, set(), {2}),
    "the newest head is changed": (
        lambda k: k.sql("UPDATE tree_head SET root = printf('%064d', 1) WHERE id = 4"),
        {"root_changed"}, set(), set()),
    "the instant of a head is changed": (
        lambda k: k.sql("UPDATE tree_head SET sealed_at = '2022-08-01' WHERE id = 2"),
        {"row_changed"}, set(), set()),
    "a head of a run is deleted": (
        lambda k: k.sql("DELETE FROM tree_head WHERE id = 3"),
        {"row_missing", "not_sealed", "reordered"}, {5, 6, 7, 8}, {2}),
    "a head of rows is deleted": (
        lambda k: k.sql("DELETE FROM tree_head WHERE id = 2"), {"row_missing"}, set(), set()),
    "the newest head is deleted": (
        lambda k: k.sql("DELETE FROM tree_head WHERE id = 4"), {"row_inserted"}, set(), set()),
}  # fmt: skip


def test_nothing_is_found_where_nothing_was_done(kept: Kept) -> None:
    assert kept.problems(root=kept.root) == []


@pytest.mark.parametrize("what", TAMPERING)
def test_each_kind_of_tampering_is_found_and_named(kept: Kept, what: str) -> None:
    tamper, kinds, captures, of_runs = TAMPERING[what]
    tamper(kept)
    found = kept.problems()
    assert {problem.kind.value for problem in found} == kinds
    assert captures <= {problem.capture_id for problem in found}
    assert of_runs <= {problem.run_id for problem in found}
    assert all(str(problem) for problem in found)


def test_only_what_stands_elsewhere_shows_that_the_last_night_was_taken_away(kept: Kept) -> None:
    kept.file(1).unlink()
    kept.sql(
        "DELETE FROM tree_head WHERE id > 2",
        "DELETE FROM tree_leaf WHERE number >= 6",
        "DELETE FROM sealed_rows WHERE number >= 6",
        "DELETE FROM capture WHERE run_id = 2",
        "DELETE FROM crawl_run WHERE id = 2",
    )
    assert kept.problems() == []
    (found,) = kept.problems(root=kept.root)
    assert found.kind.value == "given_root"


def test_a_frozen_report_pins_the_chain_that_it_was_made_from(kept: Kept) -> None:
    def freeze(size: int, root: str) -> str:
        content = json.dumps({"evidence": {"size": size, "root": root}})
        values = ["2022", "2022-01-01", "2023-01-01", "2022-09-09 00:00:00", "t", "r", "0"]
        values += ["2022-09-09 00:00:00", hashlib.sha256(content.encode()).hexdigest(), content]
        columns = "period_code, period_from, period_to, as_of, taxonomy, rule, code_version"
        return (
            f"INSERT INTO report ({columns}, made_at, content_sha256, content) "  # noqa: S608
            f"VALUES ({', '.join(map(repr, values))})"
        )

    kept.sql(freeze(12, kept.root), freeze(6, kept.root))
    kept.seal()
    (found,) = kept.problems()
    assert found.kind.value == "report_root"
    assert " 2 " in found.message
    kept.sql("UPDATE report SET content = content || ' ' WHERE id = 1")
    kinds = {one.kind.value for one in kept.problems()}
    assert kinds == {"report_changed", "report_root", "row_changed"}


# ------------------------------------------------------------------------------- the chain


def test_each_end_of_a_run_has_a_head_and_an_old_root_can_be_made_again(
    db: Database, tmp_path: Path
) -> None:
    fill(db, tmp_path)
    with db.read() as c:
        heads = chain.heads(c)
        leaves = chain.leaf_hashes(c, 12)
        then = chain.head_as_of(c, heads[0].head.sealed_at)
        before = chain.head_as_of(c, START)
    # Four captures, then the rows: the run's own and the heads that are not in yet.
    assert [(one.run_id, one.head.size) for one in heads] == [
        (1, 4),
        (None, 6),
        (2, 10),
        (None, 12),
    ]
    for one in heads:
        assert one.head.root == root_of(leaves[: one.head.size]).hex()
    assert then == heads[1].head
    assert before is None


def test_what_was_stored_before_there_was_a_chain_comes_in_once(
    db: Database, tmp_path: Path
) -> None:
    fill(db, tmp_path)
    with db.write() as c:
        before = chain.heads(c)
        for table in (tables.tree_leaf, tables.sealed_rows, tables.tree_head):
            c.execute(sa.delete(table))
        assert chain.seal(c, tmp_path, at=EVER) == chain.Sealed(captures=8, rows=2)
        assert chain.seal(c, tmp_path, at=EVER) == chain.Sealed(captures=0, rows=0)
        after = chain.heads(c)
    assert [one.head.size for one in after] == [4, 8, 10]
    assert after[0].head.root == before[0].head.root
    assert {one.head.sealed_at for one in after} == {EVER}


def test_a_run_that_was_killed_is_sealed_when_it_is_put_in_order(
    db: Database, tmp_path: Path
) -> None:
    fill(db, tmp_path)
    run = new_run(2)
    with db.write() as c:
        run_id = start_run(c, run)
    archive(tmp_path, run_id, run, range(7, 10))
    with db.write() as c:
        (left_open,) = [one for one in runs(c, EVER) if one.finished_at is None]
        recover(c, tmp_path, left_open, recovered_at=EVER)
        assert chain.heads(c)[-1].head.size == 17
    with db.read() as c:
        assert list(verify(c, tmp_path)) == []


def test_evidence_that_is_lost_keeps_no_run_from_ending(db: Database, tmp_path: Path) -> None:
    run = new_run(0)
    place = WarcPlace(file="xa-a/gone.warc.gz", offset=0, record_id="urn:uuid:1")
    capture = Capture(
        run_id=1,
        url="http://xa-a.test/",
        purpose=CapturePurpose.LIST,
        captured_at=START,
        disposition=Disposition.LISTED,
        warc=place,
    )
    with db.write() as c:
        run_id = start_run(c, run)
        add_captures(c, [capture])
        finish_run(
            c, run_id, finished_at=START, outcome=RunOutcome.FAILED, reason=None, counters={}
        )
        chain.seal(c, tmp_path, at=START)
    with db.read() as c:
        assert [one.kind.value for one in verify(c, tmp_path)] == ["file_missing"]


def test_the_pieces_of_a_file_are_the_whole_of_it(kept: Kept) -> None:
    cut = kept.cut()
    begins = {1: 0, 2: len(cut[0]), 3: len(cut[0] + cut[1])}
    with kept.file().open("rb") as opened:
        found = dict(pieces(opened, begins))
    assert [found[n].sha256 for n in begins] == [hashlib.sha256(p).hexdigest() for p in cut]
    assert sum(piece.size for piece in found.values()) == kept.file().stat().st_size


def test_a_leaf_is_one_line_that_anybody_can_hash() -> None:
    capture = Capture(
        id=7,
        run_id=3,
        url="http://xa-a.test/bài\n\udcff",
        purpose=CapturePurpose.ARTICLE,
        captured_at=START,
        disposition=Disposition.STORED,
        warc=WarcPlace(file="xa-a/x.warc.gz", offset=10, record_id="urn:uuid:1"),
    )
    content = leaf_content(capture, site="xa-a", piece=(5, "ab"))
    assert b"\n" not in content
    assert json.loads(content)["url"] == capture.url
    assert json.loads(content)["captured_at"] == "2022-09-01T00:00:00.000000Z"
    assert content.startswith(b'{"article_id":null,"body_bytes":null,')
    assert head_content(3, "ab") == b"tinbai-tree-head/1\n3\nab\n"


# ------------------------------------------------------------------------------- retention


def test_bytes_that_were_removed_by_decision_are_told_from_lost_ones(
    db: Database, tmp_path: Path
) -> None:
    fill(db, tmp_path)
    with db.write() as c:
        files = removals.removable(c, tmp_path, before=START + dt.timedelta(hours=20))
        decided = removals.decide(c, files, by="Bà A", reason="Hết hạn lưu", at=EVER)
        chain.seal_rows(c, at=EVER)
    assert len(files) == 1
    with db.read() as c:
        assert [one.kind.value for one in verify(c, tmp_path)] == ["not_removed"]
    removals.delete(tmp_path, decided)
    removals.delete(tmp_path, decided)  # once more does no harm
    with db.read() as c:
        assert list(verify(c, tmp_path)) == []
        assert removals.removable(c, tmp_path, before=START + dt.timedelta(hours=20)) == []
        (one,) = removals.removals(c)
        assert removals.removal_of(c, one.warc_file) == one
        assert "Bà A" in removals.said(one)
        assert "Hết hạn lưu" in removals.said(one)
        assert chain.heads(c)[-1].head.size == 14


def test_what_a_capture_lost_is_told_with_the_chain_that_still_holds_its_digest(
    db: Database, tmp_path: Path
) -> None:
    fill(db, tmp_path)
    with db.read() as c:
        assert lost_bytes(c, captures_of_run(c, 1)) == {}
    _remove_the_first_night(db, tmp_path)
    with db.read() as c:
        first = lost_bytes(c, captures_of_run(c, 1))
        assert lost_bytes(c, captures_of_run(c, 2)) == {}
        head = chain.heads(c)[-1].head
    assert [one.leaf for one in first.values()] == [0, 1, 2]
    assert {(one.root, one.is_sealed, one.removal.removed_by) for one in first.values()} == {
        (head.root, True, "Bà A")
    }


@pytest.mark.parametrize(
    ("statement", "holding"),
    [
        ("UPDATE capture SET status = 404 WHERE id = 2", [True, False, True]),
        ("UPDATE tree_leaf SET sha256 = warc_sha256 WHERE number = 7", [False] * 3),
        ("DELETE FROM tree_leaf WHERE number = 2", [False] * 3),
    ],
)
def test_a_chain_that_was_tampered_with_is_not_said_to_hold(
    kept: Kept, statement: str, holding: list[bool]
) -> None:
    db = Database.open(kept.database)
    _remove_the_first_night(db, kept.folder / "evidence")
    kept.sql(statement)
    with db.read() as c:
        found = lost_bytes(c, captures_of_run(c, 1))
    db.close()
    assert [one.is_sealed for one in found.values()] == holding


def test_a_page_that_was_as_before_has_lost_the_bytes_of_the_look_that_it_refers_to(
    db: Database, tmp_path: Path
) -> None:
    fill(db, tmp_path)
    _remove_the_first_night(db, tmp_path)
    with db.read() as c:
        before, later = captures_of_run(c, 1)[0], captures_of_run(c, 2)[0]
        same = replace(later, url=before.url, body_sha256=before.body_sha256)
        other = replace(later, url=before.url, body_sha256="ff")
        after_removal = replace(same, captured_at=EVER)
        assert list(lost_bytes(c, [same])) == [later.id]
        assert lost_bytes(c, [other, after_removal]) == {}


def _remove_the_first_night(db: Database, folder: Path) -> None:
    at = START + dt.timedelta(days=30)
    with db.write() as c:
        files = removals.removable(c, folder, before=START + dt.timedelta(hours=20))
        removals.delete(folder, removals.decide(c, files, by="Bà A", reason="Hết hạn", at=at))
