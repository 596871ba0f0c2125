from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from storage.captures import add_captures, start_run
from storage.commands import app
from storage.engine import Database
from storage.evidence import EvidenceWriter, Exchange
from storage.records import Capture, CapturePurpose, Disposition
from storage.workspace import Workspace, lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from storage.records import CrawlRun

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
PAGE = "<title>Bộ phận một cửa</title>".encode()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("TINBAI_DATABASE_URL", raising=False)
    return lay_out(tmp_path / "phòng nội vụ", since=dt.date(2022, 1, 1))


def _call(workspace: Workspace, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [*words, "-w", str(workspace.folder)])
    assert not isinstance(result.exception, Exception), result.exception
    return result.exit_code, result.output


def _json(workspace: Workspace, *words: str) -> tuple[int, Any]:
    code, output = _call(workspace, *words, "--json")
    return code, json.loads(output)


@pytest.fixture
def archived(workspace: Workspace, run: CrawlRun) -> int:
    """A gzipped page in the evidence and its capture; gives the capture's id."""
    assert _call(workspace, "db", "upgrade")[0] == 0
    body = gzip.compress(PAGE, mtime=0)
    database = Database.open(workspace.database_url)
    with database.write() as c:
        run_id = start_run(c, run)
    writer = EvidenceWriter(
        workspace.evidence,
        site="xa-a",
        run_id=run_id,
        started_at=START,
        software="tinbai/test",
        simulated_clock=True,
    )
    exchange = Exchange(
        url="http://xa-a.test/bai-1",
        purpose=CapturePurpose.ARTICLE,
        captured_at=START,
        request_method="GET",
        request_headers=((b"Host", b"xa-a.test"),),
        protocol="HTTP/1.1",
        status=200,
        reason="OK",
        response_headers=((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip")),
        body=body,
    )
    place = writer.write(exchange, previous=None)
    writer.close()
    capture = Capture(
        run_id=run_id,
        url=exchange.url,
        purpose=CapturePurpose.ARTICLE,
        captured_at=START,
        disposition=Disposition.STORED,
        status=200,
        media_type="text/html",
        body_sha256=hashlib.sha256(body).hexdigest(),
        body_bytes=len(body),
        warc=place,
    )
    unasked = Capture(
        run_id=run_id,
        url="http://xa-a.test/cam",
        purpose=CapturePurpose.ARTICLE,
        captured_at=START,
        disposition=Disposition.ROBOTS_DENIED,
        reason="not asked",
    )
    with database.write() as c:
        capture_id, _ = add_captures(c, [capture, unasked])
    database.close()
    return capture_id


def test_a_new_workspace_is_told_to_upgrade_and_is_usable_afterwards(workspace: Workspace) -> None:
    code, output = _call(workspace, "db", "check")
    assert code == 3
    assert "tinbai db upgrade" in output
    assert not (workspace.folder / "tinbai.db").exists()
    assert _call(workspace, "db", "upgrade")[0] == 0
    code, output = _call(workspace, "db", "check")
    assert code == 0
    assert "article_version" in output


def test_a_check_counts_rows_and_names_open_runs(workspace: Workspace, archived: int) -> None:
    assert archived
    code, found = _json(workspace, "db", "check")
    assert code == 0
    assert found["rows"]["capture"] == 2
    assert found["schema"] == found["schema_wanted"]
    assert [run["site"] for run in found["open_runs"]] == ["xa-a"]
    assert "xa-a" in _call(workspace, "db", "check")[1]


def test_wrong_settings_are_said_by_the_check(workspace: Workspace) -> None:
    settings = workspace.folder / "tinbai.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[databse]\n", "utf-8")
    code, output = _call(workspace, "db", "check")
    assert code == 2
    assert "databse" in output


def test_evidence_that_matches_is_said_to_match(workspace: Workspace, archived: int) -> None:
    assert archived
    code, found = _json(workspace, "evidence", "verify")
    assert (code, found["problems"]) == (0, [])
    assert "khớp" in _call(workspace, "evidence", "verify")[1]


def test_evidence_that_was_changed_is_listed(workspace: Workspace, archived: int) -> None:
    assert archived
    (file,) = workspace.evidence.rglob("*.warc.gz")
    file.unlink()
    code, found = _json(workspace, "evidence", "verify")
    assert code == 1
    assert found["problems"]
    code, output = _call(workspace, "evidence", "verify")
    assert code == 1
    assert file.name in output


def test_a_capture_is_shown_with_its_place_and_head(workspace: Workspace, archived: int) -> None:
    code, output = _call(workspace, "evidence", "show", str(archived))
    assert code == 0
    assert "http://xa-a.test/bai-1" in output
    assert "HTTP 200" in output
    assert "Content-Encoding: gzip" in output
    code, found = _json(workspace, "evidence", "show", str(archived))
    assert code == 0
    assert found["warc"]["file"].endswith(".warc.gz")
    assert ["Content-Encoding", "gzip"] in found["response"]["headers"]


def test_the_body_is_saved_unpacked(workspace: Workspace, archived: int, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    code, _ = _call(workspace, "evidence", "show", str(archived), "--body", str(target))
    assert code == 0
    assert target.read_bytes() == PAGE


def test_what_was_not_archived_cannot_be_shown(workspace: Workspace, archived: int) -> None:
    code, output = _call(workspace, "evidence", "show", str(archived + 1))
    assert code == 3
    assert "robots_denied" in output
    assert _call(workspace, "evidence", "show", "999")[0] == 3
