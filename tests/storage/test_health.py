from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from storage.captures import start_run
from storage.engine import Database, schema_state
from storage.health import examine
from storage.workspace import Workspace, lay_out

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from storage.records import CrawlRun


def _workspace(folder: Path, url: str) -> Workspace:
    workspace = lay_out(folder, since=dt.date(2022, 1, 1))
    return Workspace(folder, replace(workspace.settings, database_url=url))


def test_a_healthy_database_tells_its_rows_and_open_runs(
    db: Database, url: str, run_id: int, run: CrawlRun, tmp_path: Path
) -> None:
    with db.write() as c:
        other = start_run(c, replace(run, site="xa-b"))
    health = examine(_workspace(tmp_path, url))
    assert health.is_usable
    assert health.rows["unit_name"] == 2
    assert health.rows["finding"] == 0
    assert [open_run.id for open_run in health.open_runs] == [run_id, other]


def test_a_check_makes_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TINBAI_DATABASE_URL", raising=False)
    health = examine(lay_out(tmp_path, since=dt.date(2022, 1, 1)))
    assert not health.is_usable
    assert health.schema is None
    assert health.rows == {}
    assert not (tmp_path / "tinbai.db").exists()


def test_an_empty_database_is_not_usable(empty_url: str, tmp_path: Path) -> None:
    health = examine(_workspace(tmp_path, empty_url))
    assert (health.schema, health.schema_wanted) == schema_state(empty_url)
    assert not health.is_usable
