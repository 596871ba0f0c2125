"""The office's folder: laid out without touching what is there, its settings checked as a whole."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from storage.errors import WorkspaceError
from storage.workspace import lay_out, open_workspace

if TYPE_CHECKING:
    from pathlib import Path

SINCE = dt.date(2022, 1, 1)


@pytest.fixture(autouse=True)
def _no_database_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TINBAI_DATABASE_URL", raising=False)


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "tinbai.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_new_workspace_has_its_folders_and_settings_that_can_be_read(tmp_path: Path) -> None:
    workspace = lay_out(tmp_path / "Phòng Nội vụ", since=SINCE)
    assert {path.name for path in workspace.folder.iterdir()} == {
        "tinbai.toml",
        "sites",
        "evidence",
        "reports",
        "templates",
    }
    assert workspace.settings.since == SINCE
    assert workspace.settings.proxy is None
    assert workspace.database_url == f"sqlite:///{workspace.folder / 'tinbai.db'}"


def test_laying_out_again_leaves_the_office_s_settings_alone(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, since=SINCE).folder
    changed = (folder / "tinbai.toml").read_text("utf-8").replace("delay_s = 1.0", "delay_s = 7")
    write(folder, changed)
    assert lay_out(folder, since=dt.date(2030, 1, 1)).settings.delay_s == 7
    assert (folder / "tinbai.toml").read_text("utf-8") == changed


def test_a_folder_without_settings_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="tinbai init"):
        open_workspace(tmp_path)


def test_all_errors_of_the_settings_come_at_once_with_their_lines(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        '[office]\nname = 5\n\n[crawl]\nsince = "1/1/2022"\ndelay_s = -1\nspeed = 2\n\n[mail]\n',
    )
    with pytest.raises(WorkspaceError) as caught:
        open_workspace(folder)
    text = str(caught.value)
    for part in (":2: office.name", ":5: crawl.since", ":6: crawl.delay_s", ":7: crawl.speed"):
        assert part in text
    assert ":9: [mail]" in text
    assert "office.contact" in text


@pytest.mark.parametrize("broken", [b"[office\n", b"\xff\xfe[\x00o"])
def test_settings_that_are_no_toml_name_the_file(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "tinbai.toml").write_bytes(broken)
    with pytest.raises(WorkspaceError, match=r"tinbai\.toml"):
        open_workspace(tmp_path)


def test_settings_written_by_windows_notepad_are_read(tmp_path: Path) -> None:
    text = '[office]\r\nname = "Sở"\r\ncontact = "a@b"\r\n[crawl]\r\nsince = 2022-01-01\r\n'
    (tmp_path / "tinbai.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert open_workspace(tmp_path).settings.office_name == "Sở"


def test_the_environment_goes_before_the_settings_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = lay_out(tmp_path, since=SINCE)
    monkeypatch.setenv("TINBAI_DATABASE_URL", "postgresql://may/csdl")
    assert workspace.database_url == "postgresql://may/csdl"
