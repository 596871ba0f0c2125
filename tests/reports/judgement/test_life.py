"""What people say of findings, and the answer to a unit, as typed at a keyboard."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from typer.testing import CliRunner

from reports.answers import result_word
from reports.life import KEY_LENGTH, carried_on, is_recognised, key_of, recognised
from storage import language
from storage.records import (
    CheckedClaim,
    Claim,
    ClaimVerdict,
    DayInterval,
    Finding,
    FindingKind,
    FindingState,
    FindingStep,
)
from storage.workspace import lay_out
from tinbai import app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    World = Any  # conftest.World, which cannot be imported here
    Run = Callable[..., Any]

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
QUARTER = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 4, 1))
NOW = dt.datetime(2022, 4, 2, 12, tzinfo=dt.UTC)


def finding(**changes: Any) -> Finding:  # noqa: ANN401 - any field's value
    given: dict[str, Any] = {
        "kind": FindingKind.CLAIM_NOT_FOUND,
        "unit": "xa-a",
        "tag": "TTHC",
        "expected": "http://a.test/tin/9",
        "observed": None,
        "explanation": "Không thấy.",
        "claim_cell": "D!F2",
    }
    return Finding(**{**given, **changes})


def step(key: str, state: FindingState, hour: int = 1) -> FindingStep:
    noted_at = dt.datetime(2022, 4, 3, hour, tzinfo=dt.UTC)
    return FindingStep(
        key=key, state=state, who="Lò Thị Duyên", note="Có bản in", noted_at=noted_at
    )


def test_a_finding_is_the_same_one_whatever_words_and_numbers_it_comes_with() -> None:
    key = key_of(finding(), MARCH)
    assert len(key) == KEY_LENGTH
    assert key_of(finding(explanation="Nói khác", capture_id=7), MARCH) == key
    short = finding(kind=FindingKind.SHORTFALL, expected="4", observed="2", claim_cell=None)
    assert key_of(short, MARCH) == key_of(replace(short, observed="ít nhất 3"), MARCH)
    late = finding(kind=FindingKind.BACKDATED, tag=None, claim_cell=None, article_id=5)
    assert key_of(late, MARCH) == key_of(late, QUARTER)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": FindingKind.CLAIM_OFF_TOPIC},
        {"unit": "xa-b"},
        {"tag": "CCHC"},
        {"expected": "http://a.test/tin/8"},
        {"claim_cell": "D!F3"},
    ],
)
def test_a_finding_about_something_else_is_another_one(changes: dict[str, Any]) -> None:
    assert key_of(finding(**changes), MARCH) != key_of(finding(), MARCH)
    assert key_of(finding(), QUARTER) != key_of(finding(), MARCH)


def test_the_newest_step_gives_the_state() -> None:
    key = key_of(finding(), MARCH)
    said = [
        step(key, FindingState.UPHELD, 3),
        step(key, FindingState.EXPLAINED, 1),
        step(key, FindingState.ACCEPTED, 2),
        step("0" * KEY_LENGTH, FindingState.ACCEPTED, 9),
    ]
    (carried,) = carried_on([finding()], said, period=MARCH)
    assert carried.state is FindingState.UPHELD
    assert [one.state for one in carried.steps] == [
        FindingState.EXPLAINED,
        FindingState.ACCEPTED,
        FindingState.UPHELD,
    ]
    (open_one,) = carried_on([finding()], said[3:], period=MARCH)
    assert open_one.state is FindingState.OPEN


@pytest.mark.parametrize(
    ("changes", "state", "is_one"),
    [
        ({}, FindingState.ACCEPTED, True),
        ({"kind": FindingKind.CLAIM_REMOVED}, FindingState.ACCEPTED, True),
        ({"kind": FindingKind.NOT_VERIFIABLE}, FindingState.ACCEPTED, True),
        ({}, FindingState.EXPLAINED, False),
        ({}, FindingState.UPHELD, False),
        ({"kind": FindingKind.CLAIM_OFF_TOPIC}, FindingState.ACCEPTED, False),
        ({"kind": FindingKind.CLAIM_DUPLICATED}, FindingState.ACCEPTED, False),
        # A number is no claim of an article, whatever is said of it.
        ({"kind": FindingKind.NOT_VERIFIABLE, "expected": "4"}, FindingState.ACCEPTED, False),
        ({"kind": FindingKind.NOT_VERIFIABLE, "claim_cell": None}, FindingState.ACCEPTED, False),
    ],
)
def test_only_an_accepted_claim_that_could_not_be_seen_is_recognised(
    changes: dict[str, Any], state: FindingState, *, is_one: bool
) -> None:
    one = finding(**changes)
    (carried,) = carried_on([one], [step(key_of(one, MARCH), state)], period=MARCH)
    assert is_recognised(carried) is is_one
    assert recognised([carried]) == ({("xa-a", "TTHC"): 1} if is_one else {})


@pytest.mark.parametrize(
    ("verdict", "day", "capture", "word"),
    [
        (ClaimVerdict.OUT_OF_PERIOD, dt.date(2022, 4, 1), 1, "đăng sau hạn"),
        (ClaimVerdict.OUT_OF_PERIOD, dt.date(2022, 2, 28), 1, "ngoài kỳ"),
        (ClaimVerdict.OUT_OF_PERIOD, None, 1, "ngoài kỳ"),
        (ClaimVerdict.NOT_FOUND, None, 1, "không mở được"),
        (ClaimVerdict.NOT_FOUND, None, None, "không tìm thấy"),
        (ClaimVerdict.MENTION_ONLY, None, 1, "chỉ nhắc tới"),
    ],
)
def test_the_answer_is_in_the_words_of_offices(
    verdict: ClaimVerdict, day: dt.date | None, capture: int | None, word: str
) -> None:
    claim = CheckedClaim(
        unit="xa-a", tag="TTHC", cell="D!A2", number=None, url=None, title="Bài", day=None,
        verdict=verdict, reason="", found_day=day, capture_id=capture,
    )  # fmt: skip
    assert result_word(claim, MARCH) == word


@pytest.mark.parametrize("verdict", ClaimVerdict)
def test_every_verdict_has_an_answer(verdict: ClaimVerdict) -> None:
    claim = CheckedClaim(
        unit="xa-a", tag="TTHC", cell="D!A2", number=None, url=None, title="Bài", day=None,
        verdict=verdict, reason="",
    )  # fmt: skip
    assert result_word(claim, MARCH)


@pytest.fixture
def run(world: World, tmp_path: Path) -> Iterator[Run]:
    """Give the caller of a command in a workspace whose commune A claims a page and a ghost."""
    claims = [
        Claim(tag="TTHC", url="http://a.test/one", title="Bài one", cell="D!F2"),
        Claim(tag="TTHC", url="http://a.test/ma", title="Bài ma", cell="D!F3"),
    ]
    world.claim(NOW, *claims)
    world.database.close()
    lay_out(tmp_path, since=dt.date(2022, 1, 1))

    def call(*words: str, hour: int = 13) -> Any:  # noqa: ANN401 - each command's own JSON
        options = ["--workspace", str(tmp_path), "--clock", f"2022-04-02T{hour}:00+00:00"]
        result = CliRunner().invoke(app, [*words, "--json", *options])
        if "Error" in result.stderr or not result.stdout:
            return result
        return json.loads(result.stdout)

    yield call
    language.use(language.Language.VI)


def line_of(report: Any) -> Any:  # noqa: ANN401 - JSON
    return next(ln for ln in report["report"]["lines"] if (ln["unit"], ln["tag"]) == KEY)


KEY = ("xa-a", "TTHC")


def test_an_accepted_claim_stands_beside_the_count_from_the_next_report_on(
    run: Run, tmp_path: Path
) -> None:
    first: Any = run("report", "-p", "2022-03", "--format", "json")
    (ghost,) = [
        one for one in run("findings", "list")["findings"] if one["kind"] == "claim_not_found"
    ]
    assert ghost["state"] == "open"
    short, note = ghost["key"][:6], "Bài đăng trên trang cũ, có bản in kèm theo"
    run("findings", "explain", short, "--who", "Xã A", "--note", note, hour=14)
    run("findings", "accept", short, "--who", "Lò Thị Duyên", "--note", "Đã xem bản in", hour=15)
    (now,) = run("findings", "list", "--state", "accepted", hour=16)["findings"]
    assert [(said["who"], said["state"]) for said in now["steps"]] == [
        ("Xã A", "explained"),
        ("Lò Thị Duyên", "accepted"),
    ]
    second: Any = run("report", "-p", "2022-03", "--format", "json", hour=16)
    before, after = line_of(first), line_of(second)
    assert (before["recognised"], after["recognised"]) == (0, 1)
    for name in ("counted", "percent", "status", "difference", "articles"):
        assert before[name] == after[name], name
    assert any("Đã xem bản in" in text for text in second["report"]["notes"])
    as_of = ("--as-of", first["report"]["as_of"], "--out", str(tmp_path / "lại"))
    again: Any = run("report", "-p", "2022-03", "--format", "json", *as_of, hour=17)
    assert again["report"] == first["report"]


def test_nothing_is_recorded_of_a_finding_that_is_not_known_or_without_a_reason(run: Run) -> None:
    run("report", "-p", "2022-03", "--format", "json")
    (ghost, *_) = run("findings", "list")["findings"]
    for words in (
        ("accept", "ffffffffffff", "--note", "x"),
        ("accept", "", "--note", "x"),
        ("uphold", ghost["key"], "--note", " "),
    ):
        run("findings", *words)
    assert {one["state"] for one in run("findings", "list")["findings"]} == {"open"}


def test_the_answer_tells_each_line_with_the_page_as_archived(run: Run) -> None:
    made: Any = run("report", "-p", "2022-03", "--format", "json")
    told: Any = run("reports", "answer", str(made["report_id"]), "--unit", "xa-a")
    assert [line["result"] for line in told["claims"]] == ["đúng", "không tìm thấy"]
    assert told["claims"][0]["capture"]["body_sha256"] == "b" * 64
    assert [one["title"] for one in told["unclaimed"]] == ["Bài two"]
    sheet = openpyxl.load_workbook(told["files"][0])["Trả lời"]
    rows: list[Any] = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [(row[1], row[6]) for row in rows] == [("D!F2", "đúng"), ("D!F3", "không tìm thấy")]
    assert rows[0][12] == "b" * 64
    word = docx.Document(told["files"][1])
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "THÔNG BÁO" in text
    assert "Trong 2 bài đã khai: đúng 1; không tìm thấy 1." in text
    cells = [[cell.text for cell in row.cells] for row in word.tables[-1].rows]
    assert any("không tìm thấy" in cell for row in cells for cell in row)
