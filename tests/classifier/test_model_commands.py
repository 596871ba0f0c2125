"""tinbai model train and evaluate, on few articles: files, gate, figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml
from typer.testing import CliRunner

from classifier import model_commands
from classifier.commands import app
from classifier.shipped import CURRENT_MODEL
from storage import language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TAGS = ("CCHC", "TTHC", "CPĐT")
ABOUT = ("Xã mở bộ phận một cửa", "Nộp hồ sơ trực tuyến ở phường", "Cắt giảm thủ tục hành chính")
OTHER = ("Hội hoa xuân ở huyện", "Bóng đá: đội nhà thắng", "Giá lúa tăng nhẹ", "Khai giảng năm học")


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave out the articles that ship: training on them takes a minute."""
    monkeypatch.setattr(model_commands, "shipped_articles", lambda _: [])
    before = language.current()
    yield
    language.use(before)


def labelled(path: Path, *, wrong: int = 0) -> Path:
    rows = []
    for i in range(28):
        about = i % 7 < 3
        title = ABOUT[i % 7] if about else OTHER[i % 7 - 3]
        main = ["tthc"] if about is not (i < wrong) else []
        site = "xã" if about else "báo"
        rows.append(
            {"id": f"{i:02}", "title": f"{title} {i}", "text": "", "main": main, "site": site}
        )
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["model", *map(str, arguments), "--json"])
    return result.exit_code, result.stdout


def test_training_twice_writes_the_same_files(tmp_path: Path) -> None:
    source = labelled(tmp_path / "nhãn.jsonl")
    files = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        code, out = run("train", "--labelled", source, "--to", folder)
        assert code == 0
        assert json.loads(out)["articles"] == 28
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        files.append([(path.name, path.read_bytes()) for path in paths])
    assert files[0] == files[1]
    assert [name for name, _ in files[0]] == [f"{CURRENT_MODEL}.yml", f"{CURRENT_MODEL}.jsonl"]


def test_a_worse_model_is_not_installed(tmp_path: Path) -> None:
    folder = tmp_path / "mô hình"
    source = labelled(tmp_path / "a.jsonl")
    run("train", "--labelled", source, "--to", folder)
    card = folder / "cards" / f"{CURRENT_MODEL}.yml"
    data = yaml.safe_load(card.read_text(encoding="utf-8"))
    data["quality"]["reviewed_precision"] = 1.1  # of the model in use; its floors stay
    card.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    before = [path.read_bytes() for path in sorted(folder.rglob("*.*")) if path.is_file()]
    code, out = run("train", "--labelled", source, "--to", folder, "--name", "khác")
    assert code == 2
    assert "1.100" in out
    other = labelled(tmp_path / "b.jsonl", wrong=9)
    code, out = run("train", "--labelled", other, "--to", folder)
    assert code == 2
    assert "--lower-floors" in json.loads(out)["error"]
    after = [path.read_bytes() for path in sorted(folder.rglob("*.*")) if path.is_file()]
    assert after == before
    code, _ = run("train", "--labelled", other, "--to", folder, "--lower-floors")
    assert code == 0


def test_an_evaluation_is_shown_to_people_by_topic_and_by_site(tmp_path: Path) -> None:
    source = labelled(tmp_path / "a.jsonl")
    arguments = ["model", "evaluate", "--labelled", str(source), "--lang", "en"]
    shown = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"}).stdout
    assert "no comparison" in shown
    assert "main→mention" in shown
    assert [line.split()[1:3] for line in shown.splitlines() if "báo" in line] == [["báo", "│"]]


def test_an_evaluation_gives_figures_and_verdicts_for_score_py(tmp_path: Path) -> None:
    verdicts = tmp_path / "kq.jsonl"
    code, out = run("evaluate", "--labelled", labelled(tmp_path / "a.jsonl"), "--to", verdicts)
    answer = json.loads(out)
    assert code == 0
    assert answer["rules+model"]["forced TTHC"]["f1"] > 0.9
    assert answer["topics"]["tthc"]["main->main"] >= 10
    assert [(row["name"], row["articles"]) for row in answer["sources"]] == [
        ("báo", 16),
        ("xã", 12),
    ]
    assert answer["in_use"] is None
    figures = answer["rules+model"]
    wrong = sum(figures[f"forced {tag}"][kind] for tag in TAGS for kind in ("too_many", "missed"))
    assert len(answer["worst"]) == min(wrong, 20)
    rows = [json.loads(line) for line in verdicts.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [f"{i:02}" for i in range(28)]
    assert all(set(row) == {"id", "headline", "uncertain"} for row in rows)
