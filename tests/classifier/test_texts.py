"""Texts in no database: every line its verdict or its reason, in order, however often stopped."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from classifier import texts as job
from classifier.errors import TextsError
from classifier.shipped import load_tagger
from classifier.tagger import RuleTagger
from classifier.taxonomy import parse_taxonomy
from classifier.texts import Work, tag_texts
from storage.records import HeadlineTag

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.text import Document
    from storage.records import Tagging

TAGS = (HeadlineTag(code="CCHC", name="Cải cách hành chính", topics=("tthc", "chi_so")),)
ROWS: list[dict[str, Any]] = [
    {"id": "a", "title": "Bộ phận một cửa", "text": "", "day": "2024-01-02"},
    {"id": "b", "title": "Bóng đá", "text": "Đội nhà thắng."},
    {"id": "c", "title": None, "text": None},
    {"id": 4, "title": "", "text": "<p>Một cửa</p> " * 30},
]


@pytest.fixture
def work(small_tagger: RuleTagger) -> Work:
    return Work(tagger=small_tagger, tags=TAGS, make_tagger=lambda: small_tagger)


def write(path: Path, rows: list[Any]) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_text_gets_a_verdict_in_its_order(tmp_path: Path, work: Work) -> None:
    source, target = write(tmp_path / "vào.jsonl", ROWS), tmp_path / "ra.jsonl"
    summary = tag_texts(source, target, work)
    verdicts = read(target)
    assert (summary.tagged, summary.kept, summary.bad_lines) == (4, 0, 0)
    assert [verdict["id"] for verdict in verdicts] == ["a", "b", "c", 4]
    assert [verdict["headline"] for verdict in verdicts[:3]] == [["CCHC"], [], []]
    assert list(verdicts[0]) >= ["id", "headline", "uncertain"]
    topic = verdicts[0]["topics"]["tthc"]
    assert (topic["level"], topic["probability"]) == ("main", 0.9)
    span = topic["spans"][0]
    assert ROWS[0][span["field"]][span["start"] : span["end"]] == span["text"] == "một cửa"
    assert {verdict["tagger"] for verdict in verdicts} == {work.tagger.identity}


def test_a_wrong_line_is_told_and_the_others_are_tagged(tmp_path: Path, work: Work) -> None:
    rows = [ROWS[0], "{", "[]", '{"title": "x"}', '{"id": 1, "title": 2}', "[" * 9000, ROWS[1]]
    source, target = write(tmp_path / "vào.jsonl", rows), tmp_path / "ra.jsonl"
    summary = tag_texts(source, target, work)
    assert [verdict["id"] for verdict in read(target)] == ["a", "b"]
    assert [bad.number for bad in summary.bad] == [2, 3, 4, 5, 6]
    assert (summary.tagged, summary.bad_lines) == (2, 5)


def test_a_line_too_long_is_left_out_whole(
    tmp_path: Path, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "MAX_LINE_BYTES", 200)
    rows = [ROWS[0], {"id": "dài", "title": "x" * 999, "text": ""}, ROWS[1]]
    target = tmp_path / "ra.jsonl"
    summary = tag_texts(write(tmp_path / "vào.jsonl", rows), target, work)
    assert [verdict["id"] for verdict in read(target)] == ["a", "b"]
    assert [bad.number for bad in summary.bad] == [2]


class StoppedTagger:
    """Answers like the rules until it is stopped from outside."""

    def __init__(self, rules: RuleTagger, *, after: int) -> None:
        self.identity = rules.identity
        self._rules, self._left = rules, after

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Answer, or be stopped."""
        if self._left == 0:
            raise KeyboardInterrupt
        self._left -= 1
        return self._rules.tag(document)


def test_after_a_stop_it_goes_on_and_gives_the_same_file(
    tmp_path: Path, work: Work, small_tagger: RuleTagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "_CHUNK", 2)
    source, whole, target = write(tmp_path / "v", ROWS), tmp_path / "w", tmp_path / "t"
    tag_texts(source, whole, work)
    stopped = Work(
        tagger=StoppedTagger(small_tagger, after=3), tags=TAGS, make_tagger=work.make_tagger
    )
    with pytest.raises(KeyboardInterrupt):
        tag_texts(source, target, stopped)
    part = tmp_path / "t.part"
    with part.open("ab") as half:
        half.write(b'{"id": "c", "headl')
    summary = tag_texts(source, target, work)
    assert (summary.kept, summary.tagged) == (2, 2)
    assert target.read_bytes() == whole.read_bytes()
    assert not part.exists()


def test_the_unfinished_work_of_another_tagger_is_not_mixed_in(
    tmp_path: Path, work: Work, small: str
) -> None:
    source, target = write(tmp_path / "v", ROWS), tmp_path / "t"
    (tmp_path / "t.part").write_text('{"id": "a", "tagger": "x", "line": 1}\n', encoding="utf-8")
    with pytest.raises(TextsError, match=r"t\.part"):
        tag_texts(source, target, work)
    assert RuleTagger(parse_taxonomy(small, name="n")).identity == work.tagger.identity


def test_a_missing_file_leaves_nothing_behind(tmp_path: Path, work: Work) -> None:
    with pytest.raises(TextsError, match="không"):
        tag_texts(tmp_path / "không", tmp_path / "t", work)
    assert list(tmp_path.iterdir()) == []


def test_several_processes_give_the_same_file(tmp_path: Path) -> None:
    source = write(tmp_path / "v", ROWS * 40)
    alone, together = tmp_path / "1", tmp_path / "2"
    one = Work(tagger=load_tagger(), tags=TAGS, make_tagger=load_tagger)
    tag_texts(source, alone, one)
    summary = tag_texts(source, together, dataclasses.replace(one, jobs=2))
    assert summary.tagged == 160
    assert together.read_bytes() == alone.read_bytes()
