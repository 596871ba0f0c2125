"""The command line as a whole: what it offers, how it is laid out, what it exits with."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main
from typer.testing import CliRunner

import tinbai

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import click

ROOT = Path(__file__).resolve().parents[1]
CLOCK = "2022-10-10T08:00+07:00"


def start(*words: str, lang: str = "vi") -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TINBAI")}
    return subprocess.run(
        [sys.executable, "-m", "tinbai", *words],
        cwd=ROOT,
        env=environment | {"TINBAI_LANG": lang, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def commands() -> Iterator[tuple[str, click.Command]]:
    def walk(name: str, one: Any) -> Iterator[tuple[str, click.Command]]:  # noqa: ANN401
        if not hasattr(one, "commands"):
            yield name.strip(), one
        for child in sorted(getattr(one, "commands", {})):
            yield from walk(f"{name} {child}", one.commands[child])

    yield from walk("", typer.main.get_command(tinbai.app))


COMMANDS = dict(commands())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "phòng nội vụ"
    result = CliRunner().invoke(tinbai.app, ["init", str(made), "--clock", CLOCK])
    assert result.exit_code == 0, result.output
    return made


def test_each_command_of_a_room_is_mounted_and_no_other() -> None:
    modules = {module for room in tinbai.ROOMS.values() for module in room.modules}
    made = {(name, module) for module in modules for name in _names(import_module(module).app)}
    assert made == {(n, module) for n, room in tinbai.ROOMS.items() for module in room.modules}


def test_the_list_of_commands_says_what_their_own_help_begins_with() -> None:
    root = typer.main.get_command(tinbai.app)
    for name, room in tinbai.ROOMS.items():
        assert (root.commands[name].help or "").startswith(room.about), name  # type: ignore[attr-defined]


def _names(app: typer.Typer) -> list[str]:
    return list(getattr(typer.main.get_command(app), "commands", {}))


def test_a_command_of_one_room_does_not_load_another() -> None:
    """All rooms together take seconds to load."""
    look = "import sys, tinbai; rooms = {'scrapy', 'openpyxl', 'sqlalchemy'} & set(sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", f"{look}; print(sorted(rooms))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_everything_that_was_promised_is_there() -> None:
    assert set(COMMANDS) >= {
        "init",
        "nightly",
        "crawl",
        "tag",
        "report",
        "articles",
        "explain",
        "import units",
        "import plan",
        "import self-report",
        "evidence verify",
        "evidence show",
        "db upgrade",
        "db check",
        "sites check",
        "taxonomy check",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_the_four_shared_options_and_a_help_text(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert options >= {"--workspace", "--json", "--lang", "--clock"}
    assert len(COMMANDS[name].help or "") > 20
    assert all(getattr(parameter, "help", None) for parameter in COMMANDS[name].params)


def test_help_speaks_vietnamese_and_on_request_english() -> None:
    assert "Thu thập" in start("--help").stdout
    assert "Walk the sites" in start("--lang", "en", "--help").stdout
    assert "The workspace folder." in start("db", "check", "--help", lang="en").stdout
    assert "The workspace folder." in start("db", "check", "--help", "--lang", "en").stdout


def test_the_version_is_told() -> None:
    ended = start("--version")
    assert ended.returncode == 0
    assert re.fullmatch(r"tinbai \d[\w.]*\n", ended.stdout)


def test_a_new_workspace_can_be_used_at_once(folder: Path) -> None:
    assert (folder / "sites" / "vi-du.yml.mau").is_file()
    assert {path.name for path in (folder / "templates").iterdir()} == {
        "mau-don-vi.xlsx",
        "mau-ke-hoach.xlsx",
        "mau-ke-hoach-theo-dong.xlsx",
        "mau-ngoai-trang-web.xlsx",
        "mau-tu-bao-cao.xlsx",
    }
    assert "since = 2022-01-01" in (folder / "tinbai.toml").read_text("utf-8")
    checked = CliRunner().invoke(tinbai.app, ["db", "check", "-w", str(folder), "--json"])
    assert checked.exit_code == 0
    imports = {"units": "mau-don-vi", "plan": "mau-ke-hoach", "self-report": "mau-tu-bao-cao"}
    for minute, (kind, name) in enumerate(imports.items()):
        words = ["import", kind, str(folder / "templates" / f"{name}.xlsx"), "-w", str(folder)]
        clock = f"2022-10-10T09:{minute:02}+07:00"
        result = CliRunner().invoke(tinbai.app, [*words, "--clock", clock])
        assert result.exit_code == 0, result.output


def test_init_again_leaves_the_office_s_files_alone(folder: Path) -> None:
    mine = folder / "sites" / "vi-du.yml.mau"
    mine.write_text("# của tôi", encoding="utf-8")
    result = CliRunner().invoke(tinbai.app, ["init", str(folder)])
    assert result.exit_code == 0
    assert mine.read_text("utf-8") == "# của tôi"


@cache
def _in_no_workspace() -> subprocess.CompletedProcess[str]:
    return start("nightly", "-w", str(ROOT / "tests"), "--json")


def test_a_wrong_workspace_is_a_usage_error_that_says_what_to_do() -> None:
    assert _in_no_workspace().returncode == 2
    assert "tinbai init" in json.loads(_in_no_workspace().stdout)["error"]


def test_a_night_without_a_unit_list_keeps_what_it_saw_and_exits_with_3(
    folder: Path, call: Callable[[Sequence[str]], subprocess.CompletedProcess[str]]
) -> None:
    (folder / "tinbai.toml").write_text(
        '[office]\nname = "Phòng"\ncontact = "a@b.test"\n[crawl]\nsince = 2022-01-01\n'
        "delay_s = 0\ntimeout_s = 2\nallow_private = true\n",
        encoding="utf-8",
    )
    (folder / "sites" / "xa.yml").write_text(
        "site: xa\nbase_url: http://127.0.0.1:9/\nversions:\n  - family: wordpress\n"
        "    sections: [{name: Tin, url: tin}]\n",
        encoding="utf-8",
    )
    ended = call(["nightly", "-w", str(folder), "--json", "--clock", CLOCK])
    assert ended.returncode == 3, ended.stderr
    summary = json.loads(ended.stdout)
    assert summary["crawl"]["sites"][0]["outcome"] == "failed"
    assert summary["tag"]["versions"] == 0
    assert "tinbai import units" in summary["report"]["error"]
