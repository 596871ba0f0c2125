"""Other views of a stored report, and the office's template, as typed at a keyboard."""

from __future__ import annotations

import datetime as dt
import json
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import docx
import pytest
from typer.testing import CliRunner

import classifier.commands as tagging
import crawler.commands as crawling
import reports.commands as reporting
from reports.render.placeholders import example
from storage import language
from storage.workspace import lay_out
from tinbai import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    World = Any  # conftest.World, which cannot be imported here
    Run = Callable[..., Any]


@pytest.fixture
def run(world: World, tmp_path: Path) -> Iterator[Run]:
    """Give the caller of a command in a workspace with a report on March."""
    world.database.close()
    lay_out(tmp_path, since=dt.date(2022, 1, 1))

    def call(*words: str) -> Any:  # noqa: ANN401 - each command's own JSON
        options = ["--workspace", str(tmp_path), "--clock", "2022-04-02T13:00+00:00"]
        result = CliRunner().invoke(app, [*words, "--json", *options])
        return json.loads(result.stdout) if result.stdout else result

    yield call
    language.use(language.Language.VI)


def test_each_unit_gets_its_sheet_the_table_ranks_and_reminders_say_who_cannot_be_told(
    run: Run, tmp_path: Path
) -> None:
    number = str(run("report", "-p", "2022-03", "--format", "json")["report_id"])
    units = {line["unit"] for line in run("reports", "show", number)["report"]["lines"]}
    made = run("reports", "sheet", number, "--format", "html", "--out", str(tmp_path / "p"))
    assert {one["unit"] for one in made["sheets"]} == units
    assert len(list((tmp_path / "p").iterdir())) == len(units)
    one = run("reports", "sheet", number, "--unit", "xa-a", "--format", "xlsx")
    (file,) = one["files"]
    assert file.rpartition("/")[2].startswith("phieu-xa-a-bao-cao-")
    assert "không có đơn vị" in run("reports", "sheet", number, "--unit", "xa-z")["error"]
    table = run("reports", "league", number, "--format", "html", "--out", str(tmp_path))
    assert table["against"] is None
    placed = (table["league"][part] for part in ("ranked", "not_verifiable", "without_quota"))
    assert {one["unit"] for part in placed for one in part} == units
    assert "không có nhóm" in run("reports", "league", number, "--tag", "X")["error"]
    told = run("reports", "remind", number, "--format", "txt,docx", "--out", str(tmp_path / "d"))
    assert len(told["files"]) == 2 * len(told["reminders"])
    again = run("report", "-p", "2022-03", "--format", "json", "--as-of", "2022-04-01")
    assert run("reports", "league", number)["against"] == again["report_id"]


def test_a_template_is_asked_for_by_option_or_settings_and_tried_before_a_report_is_made(
    run: Run, tmp_path: Path
) -> None:
    made = run("reports", "template", "--to", str(tmp_path / "mau.docx"))
    assert made["placeholders"][0]["name"] == "co_quan"
    assert "đã có" in run("reports", "template", "--to", str(tmp_path / "mau.docx"))["error"]
    wanted = ("report", "-p", "2022-03", "--template", str(tmp_path / "mau.docx"))
    assert "thêm docx" in run(*wanted, "--format", "json")["error"]
    if find_spec("docxtpl") is None:
        assert "pip install" in run(*wanted, "--format", "docx")["error"]
        assert run("reports", "list") == []
        return
    (file,) = run(*wanted, "--format", "docx")["files"]
    assert "I. PHẠM VI, PHƯƠNG PHÁP" in [p.text for p in docx.Document(file).paragraphs]
    settings = tmp_path / "tinbai.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('template = ""', 'template = "khong-co.docx"'), "utf-8"
    )
    made = run("report", "-p", "2022-02", "--format", "docx")
    assert "khong-co.docx" in made["template_problem"]
    assert "I. PHẠM VI, KỲ SỐ LIỆU VÀ PHƯƠNG PHÁP" in [
        paragraph.text for paragraph in docx.Document(made["files"][0]).paragraphs
    ]
    again = run("reports", "show", str(made["report_id"]), "--format", "docx")
    assert "khong-co.docx" in again["template_problem"]
    assert len(run("reports", "list")) == 2


@pytest.mark.skipif(find_spec("docxtpl") is None, reason="docxtpl is an extra")
def test_a_template_that_fails_only_with_a_real_report_costs_nobody_the_report(
    run: Run, tmp_path: Path
) -> None:
    word = docx.Document()
    tried = example()["co_quan"]
    word.add_paragraph(f"{{% if co_quan != '{tried}' %}}{{{{ 1 < co_quan }}}}{{% endif %}}")
    word.save(str(tmp_path / "mau.docx"))
    by = ("--format", "docx,json", "--template", str(tmp_path / "mau.docx"))
    made = run("report", "-p", "2022-03", *by)
    again = run("reports", "show", str(made["report_id"]), *by)
    for told in (made, again):
        assert "không so lớn bé" in told["template_problem"]
        word_file, json_file = told["files"]
        text = [paragraph.text for paragraph in docx.Document(word_file).paragraphs]
        assert "I. PHẠM VI, KỲ SỐ LIỆU VÀ PHƯƠNG PHÁP" in text
        assert json.loads(Path(json_file).read_text("utf-8")) == made["report"]
    assert len(run("reports", "list")) == 1


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(("template", "code"), [("khong-co.docx", 3), ("", 1)])
def test_a_template_that_cannot_be_used_keeps_no_night_from_its_report_and_is_told_by_the_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str, code: int
) -> None:
    settings = tmp_path / "tinbai.toml"
    text = settings.read_text("utf-8").replace('template = ""', f'template = "{template}"')
    settings.write_text(text, "utf-8")
    monkeypatch.setattr(crawling, "crawl_everything", lambda *_: SimpleNamespace(is_complete=True))
    monkeypatch.setattr(crawling, "as_data", lambda _: {})
    monkeypatch.setattr(tagging, "tag_all", lambda *_: None)
    monkeypatch.setattr(tagging, "as_data", lambda _: {})
    monkeypatch.setattr(reporting, "has_alarms", lambda _: True)
    options = ("--workspace", str(tmp_path), "--clock", "2022-04-02T13:00+00:00", "--json")
    ended = CliRunner().invoke(app, ["nightly", "-p", "2022-03", *options])
    made = json.loads(ended.stdout)["report"]
    assert ended.exit_code == code
    assert [file.rpartition(".")[2] for file in made["files"]] == ["docx", "xlsx", "html", "json"]
    assert template in (made["template_problem"] or "")
    assert (made["template_problem"] is None) == (not template)
    alone = CliRunner().invoke(app, ["report", "-p", "2022-03", "--format", "docx", *options])
    assert (alone.exit_code == 3) == bool(template)
