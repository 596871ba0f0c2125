"""``tinbai sites health`` and ``tinbai evidence certificate`` as typed at a keyboard."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from reports.health import SiteHealth
from reports.proof_commands import app, health_code
from reports.rates import RateDrop
from storage import language
from storage.list_pages import add_list_pages
from storage.records import Channel, CrawlRun, DayInterval, ListPage, RunOutcome
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    World = Any  # conftest.World, which cannot be imported here
    Run = Callable[..., Result]

CLOCK = "2022-04-02T22:00+07:00"


@pytest.fixture
def run(world: World, tmp_path: Path) -> Iterator[Run]:
    """Give the caller of a command in a workspace whose database holds the world."""
    with world.database.write() as c:
        page = ListPage(
            capture_id=1,
            section="tin",
            channel=Channel.LIST,
            number=1,
            items=2,
            undated=0,
            newest=dt.date(2022, 3, 10),
            oldest=dt.date(2022, 3, 10),
        )
        add_list_pages(c, [page])
    world.database.close()
    lay_out(tmp_path, since=dt.date(2022, 1, 1))

    def call(*words: str) -> Result:
        options = ["--workspace", str(tmp_path), "--clock", CLOCK]
        return CliRunner().invoke(app, [*words, *options], env={"COLUMNS": "160"})

    yield call
    language.use(language.Language.VI)


def test_health_shows_each_site_s_calendar(run: Run) -> None:
    result = run("sites", "health", "--from", "2022-03-25", "--to", "2022-04-01")
    assert result.exit_code == 0
    assert result.stdout.count("███████ ·") == 2
    assert "7/8" in result.stdout
    assert "01/4/2022: chưa thu thập" in result.stdout


def test_health_of_one_site_for_machines(run: Run) -> None:
    result = run("sites", "health", "--site", "a", "--from", "2022-03-31", "--json")
    (site,) = json.loads(result.stdout)
    assert site["site"] == "a"
    assert site["days"] == [
        {"day": "2022-03-31", "state": "complete", "why": None},
        {"day": "2022-04-01", "state": "none", "why": "not_looked"},
    ]
    assert site["last_run"]["outcome"] == "complete"
    assert (site["drop"], site["missed"]) == (None, None)


def test_why_days_were_not_seen_is_said_in_the_language_in_use(world: World, run: Run) -> None:
    world.run(dt.datetime(2022, 4, 2, 1, tzinfo=dt.UTC), seen=False)
    words = ("sites", "health", "--site", "a", "--from", "2022-04-01")
    assert "list failed" in run(*words, "--lang", "en").stdout
    assert "trang không trả lời" in run(*words, "--lang", "vi").stdout


@pytest.mark.parametrize(
    ("outcome", "has_dropped", "code"),
    [
        (RunOutcome.COMPLETE, False, 0),
        (RunOutcome.COMPLETE, True, 1),
        (RunOutcome.FAILED, False, 1),
        (RunOutcome.PARTIAL, False, 3),
        (RunOutcome.INTERRUPTED, False, 3),
        (None, False, 3),
    ],
)
def test_the_exit_code_says_whether_somebody_has_to_look(
    outcome: RunOutcome | None, code: int, *, has_dropped: bool
) -> None:
    drop = RateDrop(
        first=dt.date(2022, 3, 1),
        last=dt.date(2022, 3, 14),
        days=14,
        posts=0,
        expected=14.0,
        reference_days=182,
        reference_posts=182,
        probability=1e-6,
    )
    run = CrawlRun(
        site="a",
        window=DayInterval(dt.date(2022, 1, 1)),
        started_at=dt.datetime(2022, 4, 1, tzinfo=dt.UTC),
        outcome=outcome,
        profile_digest="p",
        code_version="0",
        simulated_clock=False,
    )
    well = SiteHealth(
        site="b", days=(), gaps=(), sections=(), last_run=None, drop=None, missed=None
    )
    seen = replace(well, last_run=run, drop=drop if has_dropped else None)
    assert health_code([seen]) == code
    assert health_code([seen, well]) == (code or 3)  # one was never crawled


@pytest.mark.parametrize(
    "words",
    [
        ("sites", "health", "--site", "nowhere"),
        ("sites", "health", "--from", "2022-04-02", "--to", "2022-04-01"),
        ("evidence", "certificate", "--unit", "nowhere", "-p", "2022-03"),
        ("evidence", "certificate", "--unit", "xa-a", "-p", "2022-03", "--section", "không có"),
    ],
)
def test_what_does_not_exist_is_a_mistake_in_the_command(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2


def test_a_certificate_says_what_was_seen_and_by_which_pages(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "giay.txt"
    result = run("evidence", "certificate", "--unit", "xa-a", "-p", "2022-03", "--out", str(out))
    assert result.exit_code == 0
    text = out.read_text("utf-8")
    assert "ĐÃ XEM TRỌN" in text
    assert "1. http://a.test/ — " in text
    assert "WARC a/1.warc.gz @ 77 <urn:uuid:1>" in text
    assert "Bài two" in text


def test_a_certificate_for_machines_says_whether_it_is_complete(run: Run) -> None:
    made = run("evidence", "certificate", "--unit", "xa-a", "-p", "2022-04", "--json")
    assert made.exit_code == 3
    data = json.loads(made.stdout)
    assert data["is_complete"] is False
    (section,) = data["sites"][0]["sections"]
    assert [gap["why"] for gap in section["missing"]] == ["not_looked", "not_over"]


def test_a_certificate_as_of_an_earlier_day_knows_no_more_than_was_known_then(run: Run) -> None:
    words = ("evidence", "certificate", "--unit", "xa-a", "-p", "2022-03", "--json")
    data = json.loads(run(*words, "--as-of", "2022-03-31").stdout)
    assert data["sites"][0]["found"] == []
    assert data["is_complete"] is False
