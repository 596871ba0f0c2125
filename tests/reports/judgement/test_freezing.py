"""``tinbai reports freeze``: the office's number and day, superseding, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import tinbai
from reports.freezing import read_number, refusals, standings
from storage import language
from storage.records import DayInterval, OfficialReport, StoredReport
from storage.workspace import lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from typer.testing import Result

    World = Any  # conftest.World, which cannot be imported here
    Run = Callable[..., Result]

AT = dt.datetime(2022, 4, 2, 15, tzinfo=dt.UTC)
TODAY = dt.date(2022, 4, 20)


@pytest.fixture
def run(world: World, tmp_path: Path) -> Iterator[Run]:
    """Give the caller of a command; three working copies: March twice, then the year."""
    world.database.close()
    lay_out(tmp_path, since=dt.date(2022, 1, 1))

    def call(*words: str, clock: str = "2022-04-20T09:00+07:00") -> Result:
        here = ["--workspace", str(tmp_path), "--clock", clock]
        return CliRunner().invoke(tinbai.app, [*words, *here])

    for period, clock in (("2022-03", "02"), ("2022-03", "12"), ("2022", "12")):
        out = ("--format", "json", "--out", str(tmp_path / "o"))
        made = call("report", "-p", period, *out, clock=f"2022-04-{clock}T22:00+07:00")
        assert made.exit_code in {0, 1, 3}
    yield call
    language.use(language.Language.VI)


FREEZE = ("--number", "123/BC-SNV", "--signed", "2022-04-16")


def test_a_report_is_frozen_numbered_superseded_and_never_overwritten(
    run: Run, tmp_path: Path
) -> None:
    frozen = run("report", "freeze", "1", *FREEZE)  # the spelling of the office's request
    assert frozen.exit_code == 0, frozen.output
    assert "số 123/BC-SNV ngày 16/04/2022" in frozen.stdout
    again = run("reports", "freeze", "1", "--number", "124/BC-SNV", "--signed", "2022-04-16")
    assert again.exit_code == 2
    assert "đã chốt (số 123/BC-SNV" in again.stderr
    later = run(
        "reports", "freeze", "2", "--number", "130/BC-SNV", "--signed", "2022-04-18",
        "--supersedes", "1", "--why", "Xã A bổ sung bài", "--who", "Lan", "--json",
    )  # fmt: skip
    data = json.loads(later.stdout)
    assert (data["official"]["supersedes"], data["official"]["who"]) == (1, "Lan")
    listed = json.loads(run("reports", "list", "--json").stdout)
    states = {one["id"]: (bool(one["official"]), bool(one["superseded_by"])) for one in listed}
    assert states == {3: (False, False), 2: (True, False), 1: (True, True)}
    table = " ".join(run("reports", "list").stdout.split())
    assert "bản làm việc" in table
    shown = run("reports", "show", "1", "--format", "docx,json", "--out", str(tmp_path / "again"))
    first, second = shown.stdout.splitlines()[:2]
    assert first.startswith("BÁO CÁO NÀY ĐÃ ĐƯỢC THAY bằng báo cáo 2 (số 130/BC-SNV")
    assert first.endswith("Lý do: Xã A bổ sung bài")
    assert second.startswith("Đã chốt: ")
    assert "Thay báo cáo 1" in run("reports", "show", "2").stdout
    assert run("reports", "show", "3").stdout.startswith("Bản làm việc, chưa chốt.")
    (word,) = (tmp_path / "again").glob("*.docx")
    head = "\n".join(cell.text for cell in docx.Document(str(word)).tables[0].rows[0].cells)
    assert "Số: 123/BC-SNV" in head
    assert "ngày 16 tháng 4 năm 2022" in head
    assert _warning(word).startswith("BÁO CÁO NÀY ĐÃ ĐƯỢC THAY bằng báo cáo 2 (số 130/BC-SNV")
    for number, warns in (("2", False), ("3", True)):
        folder = tmp_path / number
        run("reports", "show", number, "--format", "docx,html", "--out", str(folder))
        (to_sign,), (page,) = folder.glob("*.docx"), folder.glob("*.html")
        assert _warning(to_sign) == ""
        assert ("BẢN LÀM VIỆC, CHƯA CHỐT" in page.read_text(encoding="utf-8")) is warns
    (data_file,) = (tmp_path / "again").glob("*.json")
    (as_made,) = (tmp_path / "o").glob(data_file.name)
    assert data_file.read_bytes() == as_made.read_bytes()


def _warning(word: Path) -> str:
    """Give what stands in the header of the first page."""
    return "".join(
        paragraph.text
        for paragraph in docx.Document(str(word)).sections[0].first_page_header.paragraphs
    )


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_stored(run: Run) -> None:
    refused = run("reports", "freeze", "2", "--number", "không số", "--signed", "2022-05-01",
                  "--supersedes", "3")  # fmt: skip
    assert refused.exit_code == 2
    for said in (
        "không phải số, ký hiệu", "Ngày ký 01/05/2022 chưa tới", "--supersedes và --why",
        "Báo cáo 3 chưa chốt",
    ):  # fmt: skip
        assert said in refused.stderr
    assert run("reports", "freeze", "9", *FREEZE).exit_code == 3
    assert all(
        one["official"] is None for one in json.loads(run("reports", "list", "--json").stdout)
    )


def test_a_word_after_report_is_a_command_of_reports_and_options_stay_its_own(run: Run) -> None:
    assert run("report", "list").stdout == run("reports", "list").stdout
    assert run("report", "froze").exit_code == 2
    assert run("report", "--help").exit_code == 0


def _stored(number: int, **values: Any) -> StoredReport:  # noqa: ANN401 - any field's value
    given: dict[str, Any] = {
        "period_code": "2022-03",
        "period": DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1)),
        "as_of": AT,
        "made_at": AT,
        "rule": "r",
        "tagger": None,
        "code_version": "0",
        "content_sha256": "s",
        "under": None,
    }
    return StoredReport(id=number, **{**given, **values})


def _official(report: int, **values: Any) -> OfficialReport:  # noqa: ANN401 - as above
    given: dict[str, Any] = {
        "issuer": "Sở Nội vụ",
        "number": f"{report}/BC",
        "signed_on": dt.date(2022, 4, 16),
        "who": "Lan",
        "recorded_at": AT,
    }
    return OfficialReport(report_id=report, **{**given, **values})


APRIL = DayInterval(dt.date(2022, 4, 1), dt.date(2022, 5, 1))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"number": "01 / bc", "report_id": 4}, "đã cấp cho báo cáo 1"),
        ({"number": "1/BC", "report_id": 4, "issuer": "UBND huyện"}, None),
        ({"number": "1/BC", "report_id": 4, "signed_on": dt.date(2023, 1, 2)}, None),
        ({"report_id": 5}, "đã có báo cáo 2 chốt"),
        ({"report_id": 5, "supersedes": 1, "why": "x"}, "đã thay bằng báo cáo 2"),
        ({"report_id": 5, "supersedes": 2, "why": "x"}, None),
        ({"report_id": 6, "supersedes": 2, "why": "x"}, "cũ hơn"),
        ({"report_id": 4, "supersedes": 2, "why": "x"}, "không cùng kỳ"),
        ({"report_id": 7, "supersedes": 2, "why": "x"}, "không cùng kỳ hoặc không cùng phạm vi"),
        ({"report_id": 5, "supersedes": 2, "why": "x", "signed_on": dt.date(2022, 4, 1)}, "trước"),
        ({"report_id": 5, "supersedes": 9, "why": "x"}, "chưa chốt"),
        ({"report_id": 5, "why": "x"}, "đi cùng nhau"),
    ],
)  # fmt: skip
def test_what_would_confuse_two_reports_is_refused(asked: dict[str, Any], said: str | None) -> None:
    stored = {
        **{number: _stored(number) for number in (1, 2, 5)},
        4: _stored(4, period=APRIL, period_code="2022-04"),
        6: _stored(6, as_of=AT - dt.timedelta(days=1)),
        7: _stored(7, under="xa-a"),
    }
    known = [_official(1), _official(2, supersedes=1, why="y")]
    one = _official(asked.pop("report_id"), **{"number": "99/BC", **asked})
    problems = refusals(one, stored=stored, standing=standings(known), today=dt.date(2023, 2, 1))
    assert (said is None and not problems) or any(said in p for p in problems if said), problems


@given(asks=st.lists(st.tuples(st.integers(1, 4), st.none() | st.integers(1, 4)), max_size=8))
def test_at_any_time_one_report_at_most_is_in_force_for_the_same_days(
    asks: list[tuple[int, int | None]],
) -> None:
    stored = {number: _stored(number) for number in range(1, 5)}
    done: list[OfficialReport] = []
    for place, (number, old) in enumerate(asks):
        why = None if old is None else "vì sửa"
        one = _official(number, number=f"{place + 1}/BC", supersedes=old, why=why)
        known = standings(done)
        if not refusals(one, stored=stored, standing=known, today=TODAY):
            done.append(one)
    after = standings(done)
    assert len(after) == len(done)
    assert sum(one.superseded_by is None for one in after.values()) == min(1, len(done))


@pytest.mark.parametrize("text", ["Số: 123/BC-SNV", "số 123/BC-SNV", " 123/BC-SNV "])
def test_a_number_is_kept_without_its_label(text: str) -> None:
    assert read_number(text) == "123/BC-SNV"
