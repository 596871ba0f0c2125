"""``tinbai report | articles | explain`` as typed at a keyboard."""

from __future__ import annotations

import csv
import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

import tinbai
from reports.commands import exit_code
from reports.serial import to_json
from storage import language
from storage.findings import report_content
from storage.plans import record_plans
from storage.records import (
    Claim,
    DayInterval,
    Finding,
    FindingKind,
    OutputForm,
    Plan,
    PlanLine,
    Quantity,
    Quota,
)
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    World = Any  # conftest.World, which cannot be imported here
    Run = Callable[..., Result]

CLOCK = "2022-04-02T22:00+07:00"
EARLY = dt.datetime(2022, 3, 1, tzinfo=dt.UTC)


@pytest.fixture
def run(world: World, tmp_path: Path) -> Iterator[Run]:
    """Give the caller of a command in a workspace whose database holds the world."""
    world.database.close()
    lay_out(tmp_path, since=dt.date(2022, 1, 1))

    def call(*words: str) -> Result:
        runner = CliRunner()
        return runner.invoke(tinbai.app, [*words, "--workspace", str(tmp_path), "--clock", CLOCK])

    yield call
    language.use(language.Language.VI)


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ([], 0),
        ([FindingKind.UNCLAIMED], 0),
        ([FindingKind.NOT_VERIFIABLE, FindingKind.UNCLAIMED], 3),
        ([FindingKind.NOT_VERIFIABLE, FindingKind.SHORTFALL], 1),
        ([FindingKind.OVERCLAIM], 1),
        ([FindingKind.CLAIM_NOT_FOUND], 1),
        ([FindingKind.CLAIM_OFF_TOPIC], 1),
        ([FindingKind.CLAIM_OUT_OF_PERIOD], 1),
        ([FindingKind.CLAIM_DUPLICATED], 1),
        ([FindingKind.CLAIM_OTHER_UNIT], 1),
        ([FindingKind.BACKDATED], 1),
    ],
)
def test_the_exit_code_says_whether_somebody_has_to_act(
    world: World, kinds: list[FindingKind], code: int
) -> None:
    findings = tuple(
        Finding(kind=kind, unit="xa-a", tag=None, expected=None, observed=None, explanation="x")
        for kind in kinds
    )
    assert exit_code(replace(world.report(), findings=findings)) == code


def test_a_report_is_printed_written_and_kept(world: World, run: Run, tmp_path: Path) -> None:
    world.plan(EARLY, 5)
    result = run("report", "--period", "2022-03")
    assert result.exit_code == 1
    assert "Xã A" in result.stdout
    (frozen,) = (tmp_path / "reports").glob("*.json")
    assert frozen.name.startswith("bao-cao-2022-03-chot-2022-04-02-2200")
    assert {file.suffix for file in (tmp_path / "reports").iterdir()} == {
        ".docx", ".json", ".html", ".xlsx",
    }  # fmt: skip
    with world.database.read() as c:
        assert report_content(c, 1) == frozen.read_text(encoding="utf-8")


def test_a_report_as_json_carries_everything(world: World, run: Run, tmp_path: Path) -> None:
    result = run(
        "report", "-p", "2022-03", "--as-of", "2022-04-01", "--format", "json", "--json",
        "--out", str(tmp_path / "o"),
    )  # fmt: skip
    data = json.loads(result.stdout)
    assert [file.rsplit(".", 1)[1] for file in data["files"]] == ["json"]
    assert data["report"]["as_of"] == "2022-04-01T16:59:59.999999+00:00"
    made = world.report(dt.datetime.fromisoformat(data["report"]["as_of"]))
    same_office = replace(made, office=data["report"]["office"])
    assert data["report"] == json.loads(to_json(same_office))


def test_a_report_on_one_unit_is_judged_by_that_unit(world: World, run: Run) -> None:
    world.plan(EARLY, 5)
    assert run("report", "-p", "2022-03", "--unit", "xa-b", "--format", "json").exit_code == 0
    result = run("report", "-p", "2022-03", "--unit", "xa-a", "--format", "json")
    assert result.exit_code == 1
    assert "Xã B" not in result.stdout


def test_only_what_cannot_be_verified_ends_with_3(world: World, run: Run) -> None:
    world.plan(EARLY, 5, unit="xa-b")
    world.claim(EARLY, Claim(tag="TTHC", number=2, cell="S!D2"))
    assert run("report", "-p", "2022-03", "--format", "json").exit_code == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["report", "-p", "quý 3"], "2022-Q3"),
        (["report", "-p", "2022-03", "--format", "odt"], "docx, xlsx, pdf, html, json, csv"),
        (["report", "-p", "2022-03", "--as-of", "nay"], "múi giờ"),
        (["report", "-p", "2022-03", "--unit", "xa-z"], "xa-a: Xã A"),
        (["articles", "--fate", "lost"], "out_of_period"),
        (["articles", "--from", "2022-03-02", "--to", "2022-03-01"], "--from"),
        (["articles", "--export", "a.doc"], ".jsonl"),
        (["explain", "999"], "--search"),
    ],
)
def test_wrong_input_ends_with_2_and_advice(run: Run, words: list[str], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.stderr.replace("\n", " ")


def test_a_report_as_of_the_future_ends_with_3(run: Run) -> None:
    result = run("report", "-p", "2022-03", "--as-of", "2023-01-01")
    assert result.exit_code == 3
    assert "chưa tới" in result.stderr


def test_articles_are_listed_for_people_and_machines(run: Run) -> None:
    found = run("articles", "--period", "2022-03", "--json")
    assert [article["fates"]["TTHC"] for article in json.loads(found.stdout)] == [
        "counted", "counted", "untagged", "unread",
    ]  # fmt: skip
    shown = run("articles", "--period", "2022-03", "--to", "2022-03-10").stdout
    assert "4 bài." in shown
    assert "Chưa đọc được bài" in shown
    assert "0 bài." in run("articles", "--from", "2022-03-11").stdout
    assert "0 bài." in run("articles", "--as-of", "2022-03-31").stdout, "before the first look"


@pytest.mark.parametrize(("ending", "lines"), [(".csv", 3), (".jsonl", 2)])
def test_articles_are_exported(run: Run, tmp_path: Path, ending: str, lines: int) -> None:
    file = tmp_path / f"bài{ending}"
    assert run("articles", "--site", "a", "--export", str(file)).exit_code == 0
    assert len(file.read_text(encoding="utf-8-sig").splitlines()) == lines


def test_an_article_is_explained_for_people_and_machines(run: Run) -> None:
    shown = run("explain", "http://a.test/one", "-p", "2022-03")
    assert shown.exit_code == 0
    assert "CCHC: Được tính" in shown.stdout
    data = json.loads(run("explain", "http://a.test/one", "--json").stdout)
    assert data["versions"][0]["capture"]["warc"]["offset"] == 77
    assert "Counted" in run("explain", "1", "--lang", "en").stdout


def test_an_explanation_is_written_as_a_page_with_nothing_from_outside(
    run: Run, tmp_path: Path
) -> None:
    page = tmp_path / "bai.html"
    assert run("explain", "1", "--html", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert '<mark class="for"' in text
    assert "CCHC: Được tính" in text


def test_stored_reports_are_listed_shown_and_written_again_as_they_were(
    world: World, run: Run, tmp_path: Path
) -> None:
    world.plan(EARLY, 5)
    made = json.loads(run("report", "-p", "2022-03", "--json").stdout)
    (listed,) = json.loads(run("reports", "list", "--json").stdout)
    assert (listed["id"], listed["period_code"]) == (made["report_id"], "2022-03")
    assert "2022-03" in run("reports", "list").stdout
    again = run("reports", "show", "1", "--format", "json,docx", "--out", str(tmp_path / "again"))
    assert again.exit_code == 0
    assert "Xã A" in again.stdout
    for ending in ("json", "docx"):
        (first,) = (tmp_path / "reports").glob(f"*.{ending}")
        assert (tmp_path / "again" / first.name).read_bytes() == first.read_bytes()


def test_two_stored_reports_are_compared_for_people_and_machines(world: World, run: Run) -> None:
    run("report", "-p", "2022-03", "--format", "json", "--as-of", "2022-03-31")
    world.plan(EARLY + dt.timedelta(days=31, hours=12), 5)
    run("report", "-p", "2022-03", "--format", "json")
    assert "Hai báo cáo như nhau." in run("reports", "diff", "1", "1").stdout
    shown = run("reports", "diff", "1", "2").stdout
    assert "chỉ tiêu: — → 5" in shown
    data = json.loads(run("reports", "diff", "1", "2", "--json").stdout)
    assert any(change["unit"] == "xa-a" for change in data["changes"])
    assert run("reports", "diff", "1", "9").exit_code != 0


# ------------------------------------------------------------------------ counting rules


def test_two_rules_are_held_against_each_other_on_the_same_facts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quy-tac.yml").write_text("rules:\n  dai:\n    least_syllables: 50\n", "utf-8")
    listed = json.loads(run("reports", "rules", "--json").stdout)
    assert [rule["in_force"] for rule in listed] == [True, False]
    assert "Bài dưới 50 tiếng" in " ".join(listed[1]["sentences"])
    found = run("reports", "what-if", "--period", "2022-03", "--against", "dai", "--json")
    data = json.loads(found.stdout)
    assert data["against"] == listed[1]["identity"]
    changed = {(x["unit"], x["tag"]): x["change"] for x in data["lines"]}
    assert changed == {("xa-a", "CCHC"): -1, ("xa-a", "TTHC"): -1}
    (article,) = data["lines"][0]["articles"]
    assert (article["before"]["bucket"], article["after"]["bucket"]) == (None, "too_short")
    told = run("reports", "what-if", "-p", "2022-03", "--against", "dai").stdout
    assert "nay: Quá ngắn (đổi quy tắc đếm)" in told
    assert run("reports", "list", "--json").stdout.strip() == "[]"


def test_a_rule_with_lengths_judges_lines_by_form_and_what_if_says_which(
    world: World, run: Run, tmp_path: Path
) -> None:
    line = PlanLine(
        place=1,
        content="Tuyên truyền TTHC",
        tags=("TTHC",),
        quantity=Quantity(form=OutputForm.NEWS, measure="tin", number=2),
        planned=2,
        on_web=True,
        text="02 tin",
        cell="KH!C2",
    )
    plan = Plan(
        unit="xa-a",
        period=DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1)),
        document_ref=None,
        source_sha256="k" * 64,
        source_name="kh.docx",
        received_at=EARLY,
        quotas=(Quota(tag="TTHC", planned=2, cell="KH!C2"),),
        lines=(line,),
    )
    with world.database.write() as c:
        record_plans(c, [plan])
    rules = "rules:\n  dai:\n    news_below: 50\n    article_from: 50\n"
    (tmp_path / "quy-tac.yml").write_text(rules, "utf-8")
    told = run("reports", "what-if", "-p", "2022-03", "--against", "dai").stdout
    assert (
        "dòng 1 “Tuyên truyền TTHC (TTHC)”: cách xét gộp tin, bài → riêng tin, bài; xác minh 2 → "
        "1; kết quả Đạt → Chưa đạt [kh.docx, KH!C2]"
    ) in told
    assert "hình thức: — → 1 tin, 1 bài" in told
    shown = run("report", "-p", "2022-03", "--rule", "dai", "--format", "plan-lines.csv")
    assert "Xã A: dòng kế hoạch (kh.docx)" in shown.stdout
    (file,) = (tmp_path / "reports").glob("*.plan-lines.csv")
    (row,) = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert (row["by_form"], row["counted"], row["at_most"], row["status"]) == (
        "1", "1", "1", "short",
    )  # fmt: skip
    data = json.loads(run("report", "-p", "2022-03", "--rule", "dai", "--json").stdout)
    forms = {(x["unit"], x["tag"]): x["forms"] for x in data["report"]["lines"]}
    assert forms["xa-a", "TTHC"] == {"news": 1, "article": 1, "either": 0}
    assert any("xét riêng theo hình thức" in note for note in data["report"]["notes"])


def test_a_frozen_report_is_made_again_by_its_own_rule(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "quy-tac.yml"
    rules.write_text("default: dai\nrules:\n  dai:\n    least_syllables: 50\n", "utf-8")
    made = json.loads(run("report", "-p", "2022-03", "--format", "json", "--json").stdout)
    assert made["report"]["rule"].startswith("dai#")
    assert made["report"]["counting"]["least_syllables"] == 50
    rules.write_text("rules: {}\n", "utf-8")  # the office has changed its mind since
    again = run("reports", "remake", str(made["report_id"]), "--json")
    assert (again.exit_code, json.loads(again.stdout)["same"]) == (0, True)
    plain = json.loads(run("report", "-p", "2022-03", "--format", "json", "--json").stdout)
    assert plain["report"]["rule"] != made["report"]["rule"]
