"""tinbai tag and tinbai taxonomy check, as a person or a script calls them."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from classifier.commands import app
from storage import language
from storage.engine import Database
from storage.schema import upgrade
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


@pytest.fixture(autouse=True)
def _language_restored() -> Iterator[None]:
    before = language.current()
    yield
    language.use(before)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout


def test_the_taxonomy_that_ships_passes_its_check() -> None:
    code, out = run("taxonomy", "check", "--json")
    answer = json.loads(out)
    assert (code, answer["failures"], answer["topics"]) == (0, [], 8)
    assert answer["examples"] > 40


def test_a_wrong_example_ends_the_check_with_findings(small: str, tmp_path: Path) -> None:
    path = tmp_path / "thử.yml"
    path.write_text(small.replace('"no": [Một cửa hàng]', '"no": [Qua một cửa]'), encoding="utf-8")
    code, out = run("taxonomy", "check", str(path))
    assert code == 1
    assert "tthc: “Qua một cửa” không được là chủ đề chính" in out.replace("\n", " ")


def test_a_broken_taxonomy_ends_the_check_with_usage(small: str, tmp_path: Path) -> None:
    path = tmp_path / "hỏng.yml"
    path.write_text(small.replace("source:", "nguồn:"), encoding="utf-8")
    code, out = run("taxonomy", "check", str(path), "--json")
    assert code == 2
    assert "hỏng.yml:3: nguồn" in json.loads(out)["error"]


@pytest.fixture
def workspace(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    add_articles: Callable[[Database, Sequence[str]], None],
) -> Path:
    """A workspace with two articles that nobody has tagged."""
    monkeypatch.delenv("TINBAI_DATABASE_URL", raising=False)
    workspace = lay_out(tmp_path / "làm việc", since=dt.date(2022, 1, 1))
    upgrade(workspace.database_url)
    database = Database.open(workspace.database_url)
    add_articles(database, ["Huyện tuyên truyền cải cách hành chính", "Hội thao mùa xuân"])
    database.close()
    return workspace.folder


def test_tag_tags_once_and_says_what_it_gave(workspace: Path) -> None:
    code, out = run("tag", "--workspace", str(workspace), "--json")
    answer = json.loads(out)
    assert (code, answer["versions"]) == (0, 2)
    assert answer["headline_tags"]["CCHC"] == {"assigned": 1, "rejected": 1, "uncertain": 0}
    code, out = run("tag", "--workspace", str(workspace), "--json")
    assert (code, json.loads(out)["versions"]) == (0, 0)


@pytest.mark.parametrize(("lang", "heading"), [("vi", "Đúng chủ đề"), ("en", "On topic")])
def test_tag_prints_a_table_for_people(workspace: Path, lang: str, heading: str) -> None:
    code, out = run("tag", "--workspace", str(workspace), "--lang", lang)
    assert code == 0
    assert heading in out
    assert "rules@2+model@" in out


def test_tag_without_a_workspace_says_what_to_do(tmp_path: Path) -> None:
    code, out = run("tag", "--workspace", str(tmp_path), "--json")
    assert code == 2
    assert "tinbai init" in json.loads(out)["error"]
