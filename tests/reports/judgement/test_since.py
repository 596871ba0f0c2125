"""What came to light after a frozen report: beside its number, never in it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import lxml.html
import openpyxl
import pytest
from typer.testing import CliRunner

import tinbai
from reports.freezing import Standing
from reports.since import reports_to_hold_against, since_frozen
from storage import language
from storage.articles import versions_of
from storage.records import (
    Cause,
    Claim,
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    Finding,
    FindingKind,
    FindingState,
    FindingStep,
    Level,
    LineArticle,
    LineStatus,
    OfficialReport,
    Report,
    ReportLine,
    Review,
    StoredReport,
    Verdict,
)
from storage.reviews import add_reviews
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    World = Any  # conftest.World, which cannot be imported here
    Run = Callable[..., Result]

MAIN = (Level.MAIN, Verdict.ASSIGNED)
UNSURE = (Level.MAIN, Verdict.UNCERTAIN)
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
LATE = "Xã công bố danh mục thủ tục hành chính mới tại trụ sở và trên trang thông tin. " * 4
AT = dt.datetime(2022, 4, 2, 15, tzinfo=dt.UTC)


def _night(month: int, day: int, hour: int = 15) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=dt.UTC)


@pytest.fixture
def run(world: World, tmp_path: Path) -> Iterator[Run]:
    """Give the caller of a command; facts can still be recorded beside it."""
    assert world.database
    lay_out(tmp_path, since=dt.date(2022, 1, 1))

    def call(*words: str, clock: str) -> Result:
        here = ["--workspace", str(tmp_path), "--clock", clock]
        return CliRunner().invoke(tinbai.app, [*words, *here])

    yield call
    language.use(language.Language.VI)


def _later_facts(world: World) -> None:
    """Record a post found later, one that a person decides, an amended plan, a new self-report."""
    world.run(_night(4, 5), {"path": "one"}, {"path": "late", "body": LATE})
    world.tag(_night(4, 5, 18), {"late": MAIN})
    world.plan(_night(4, 5), 9)
    world.claim(_night(4, 5), Claim(tag="TTHC", number=7, cell="S!D2"))
    with world.database.write() as c:
        version = versions_of(c, world.posts["doubt"])[-1]
        review = Review(
            version_id=version.id,
            taxonomy_release="2022.1",
            topic="tthc",
            level=Level.MAIN,
            reviewer="Lan",
            reason="rõ",
            reviewed_at=_night(4, 6),
        )
        add_reviews(c, [review])


def test_later_facts_are_told_beside_the_frozen_number_and_both_reports_can_be_made_again(
    world: World, run: Run, tmp_path: Path
) -> None:
    world.plan(_night(1, 5), 5)
    world.run(_night(4, 1, 16), {"path": "doubt"})
    world.tag(_night(4, 1, 18), {"doubt": UNSURE})
    out = str(tmp_path / "o")
    first = run("report", "-p", "2022-03", "--format", "json", "--out", out,
                clock="2022-04-02T22:00+07:00")  # fmt: skip
    assert first.exit_code in {0, 1, 3}, first.output
    frozen = run("report", "freeze", "1", "--number", "12/BC", "--signed", "2022-04-03",
                 clock="2022-04-03T09:00+07:00")  # fmt: skip
    assert frozen.exit_code == 0, frozen.output
    _later_facts(world)
    again = run("report", "-p", "2022-03", "--format", "json,docx,xlsx,html", "--out", out,
                "--json", clock="2022-04-07T22:00+07:00")  # fmt: skip
    report = json.loads(again.stdout)["report"]
    (since,) = report["since"]
    assert (since["number"], since["report_id"]) == ("12/BC", 1)
    line = next(one for one in since["lines"] if one["tag"] == "TTHC")
    causes = {world_path(world, one["article_id"]): one["cause"] for one in line["articles"]}
    assert causes == {"late": "backdated", "doubt": "decided"}
    assert line["now"]["posts"] - line["was"]["posts"] == 2
    _assert_shown_everywhere(tmp_path / "o", again, "nghi lùi hoặc sửa ngày đăng")
    for number in ("1", "2"):
        remade = run("reports", "remake", number, clock="2022-05-01T09:00+07:00")
        assert remade.exit_code == 0, remade.output
        assert "y nguyên từng byte" in remade.stdout
    told = run("reports", "diff", "1", "2", clock="2022-05-01T09:00+07:00").stdout
    assert "(+2, vì một bài xuất hiện sau, nghi lùi hoặc sửa ngày đăng và một bài theo" in told
    assert "chỉ tiêu: 5 → 9 (kế hoạch được sửa đổi)" in told


def world_path(world: World, article: int) -> str:
    return {number: path for path, number in world.posts.items()}[article]  # type: ignore[no-any-return]


def _assert_shown_everywhere(folder: Path, made: Result, said: str) -> None:
    assert made.exit_code in {0, 1, 3}
    (word,) = folder.glob("*-04-07-*.docx")
    document = docx.Document(str(word))
    assert any(said in paragraph.text for paragraph in document.paragraphs)
    assert any(said in cell.text for table in document.tables for cell in table._cells)  # noqa: SLF001
    (book,) = folder.glob("*-04-07-*.xlsx")
    rows = list(openpyxl.load_workbook(book)["Phát sinh sau chốt"].iter_rows(values_only=True))
    assert any(said in str(cell) for row in rows for cell in row)
    (page,) = folder.glob("*-04-07-*.html")
    html = lxml.html.fromstring(page.read_bytes())
    assert html.cssselect('a[href="#sau-chot"]')
    assert said in html.text_content()


def test_the_terminal_shows_it_too(world: World, run: Run, tmp_path: Path) -> None:
    out = ("--format", "json", "--out", str(tmp_path / "o"))
    run("report", "-p", "2022-03", *out, clock="2022-04-02T22:00+07:00")
    run("report", "freeze", "1", "--number", "1/BC", "--signed", "2022-04-03",
        clock="2022-04-03T09:00+07:00")  # fmt: skip
    nothing = run("report", "-p", "2022-03", *out, clock="2022-04-04T09:00+07:00").stdout
    assert "Không có gì phát sinh." in nothing
    world.run(_night(4, 5), {"path": "late", "body": LATE})
    world.tag(_night(4, 5, 18), {"late": MAIN})
    shown = run("report", "-p", "2022", *out, clock="2022-04-07T22:00+07:00").stdout
    flat = " ".join(shown.split())
    assert "Phát sinh sau chốt So với báo cáo số 1/BC ngày 03/04/2022" in flat
    assert "Xã A, TTHC: đã chốt 2, nay ít nhất 3 (+1, vì một bài" in flat


# ------------------------------------------------------------------------- by itself


def _article(number: int, day: dt.date, bucket: Exclusion | None = None) -> LineArticle:
    return LineArticle(
        article_id=number, version_id=number, title=f"Bài {number}", url="http://a.test/", day=day,
        bucket=bucket,
    )  # fmt: skip


def _report(
    *articles: LineArticle,
    period: DayInterval = MARCH,
    as_of: dt.datetime = AT,
    **values: Any,  # noqa: ANN401 - any field's value
) -> Report:
    line = ReportLine(
        unit="xa-a",
        unit_name="Xã A",
        tag="TTHC",
        planned=None,
        counted=Counted(sum(a.bucket is None for a in articles), CoverageState.COMPLETE),
        reposts=0,
        claimed=None,
        status=LineStatus.NO_QUOTA,
        coverage_note="",
        articles=articles,
    )
    given: dict[str, Any] = {
        "office": "Phòng",
        "period_code": "x",
        "period_name": "x",
        "period": period,
        "as_of": as_of,
        "taxonomy_release": "1",
        "tagger": None,
        "rule": "r",
        "tags": ("TTHC",),
        "lines": (line,),
        "findings": (),
    }
    return Report(**{**given, **values})


OFFICIAL = OfficialReport(
    report_id=1,
    issuer="Phòng",
    number="1/BC",
    signed_on=dt.date(2022, 4, 3),
    who="Lan",
    recorded_at=AT,
)
LATER = AT + dt.timedelta(days=30)


def test_a_year_is_held_against_the_frozen_month_on_the_days_of_that_month_only() -> None:
    march, april = dt.date(2022, 3, 5), dt.date(2022, 4, 20)
    frozen = _report(_article(1, march), _article(2, march))
    year = _report(
        _article(1, march), _article(2, april), _article(3, march), _article(4, april),
        period=YEAR, as_of=LATER,
    )  # fmt: skip
    since = since_frozen(OFFICIAL, frozen, year)
    assert since is not None
    (line,) = since.lines
    assert (since.days, line.was, line.now.posts, line.change) == (
        MARCH,
        frozen.lines[0].counted,
        2,
        0,
    )
    assert [(one.article_id, one.cause, one.change) for one in line.articles] == [
        (2, Cause.DAY_CHANGED, -1),
        (3, Cause.FOUND_LATER, 1),
    ]
    assert since_frozen(OFFICIAL, frozen, replace(year, period=DayInterval(april))) is None


def test_only_claims_accepted_after_the_frozen_report_are_named() -> None:
    def finding(cell: str, noted_at: dt.datetime) -> Finding:
        step = FindingStep(
            key=cell, state=FindingState.ACCEPTED, who="Lan", note="có bản in", noted_at=noted_at
        )
        return Finding(
            kind=FindingKind.CLAIM_NOT_FOUND, unit="xa-a", tag="TTHC", expected="http://a.test/9",
            observed=None, explanation="", claim_cell=cell, key=cell, steps=(step,),
        )  # fmt: skip

    findings = (finding("C2", AT - dt.timedelta(days=1)), finding("C3", AT + dt.timedelta(days=1)))
    since = since_frozen(OFFICIAL, _report(), _report(as_of=LATER, findings=findings))
    assert since is not None
    assert [line.accepted for line in since.lines] == [("C3",)]


def test_the_frozen_reports_in_force_are_chosen_and_no_day_twice() -> None:
    def stored(number: int, code: str, first: int, end: int, **values: object) -> StoredReport:
        days = DayInterval(dt.date(2022, first, 1), dt.date(2022, end, 1))
        given: dict[str, Any] = {
            "made_at": AT, "as_of": AT, "rule": "r", "tagger": None, "code_version": "0",
            "content_sha256": "", "under": None, **values,
        }  # fmt: skip
        return StoredReport(id=number, period_code=code, period=days, **given)

    all_stored = [
        stored(1, "Q1", 1, 4), stored(2, "Q1", 1, 4), stored(3, "H1", 1, 7),
        stored(4, "Q3", 7, 10), stored(5, "Q3", 7, 10, under="xa-b"),
        stored(6, "Q3", 7, 10, as_of=LATER), stored(7, "9M", 1, 10),
    ]  # fmt: skip
    one = {n: replace(OFFICIAL, report_id=n) for n in range(1, 7)}
    standing = {n: Standing(official) for n, official in one.items()}
    standing[1] = Standing(one[1], one[2])

    def chosen(period: DayInterval, under: str | None = None) -> list[int]:
        found = reports_to_hold_against(
            standing, all_stored, period=period, as_of=LATER, under=under
        )
        return [official.report_id for official in found]

    assert chosen(YEAR) == [3, 4]
    assert chosen(DayInterval(dt.date(2022, 1, 1), dt.date(2022, 4, 1))) == [2]
    assert chosen(DayInterval(dt.date(2022, 7, 1), dt.date(2022, 10, 1)), "xa-b") in ([5], [4])
    assert chosen(DayInterval(dt.date(2023, 1, 1), dt.date(2024, 1, 1))) == []
