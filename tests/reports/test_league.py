"""The league table: who is ranked, who stands apart, and what the trend is against."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.calendar import kind_of_period
from reports.league import comparable, league
from reports.render.league_tables import (
    LeagueView,
    league_to_docx,
    league_to_html,
    league_to_xlsx,
    trend_text,
)
from reports.verification import status_of
from storage.records import Counted, CoverageState, DayInterval, Report, StoredReport

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import ReportLine

    MakeReport = Callable[..., Report]
    MakeLine = Callable[..., ReportLine]

FULL, PART = CoverageState.COMPLETE, CoverageState.PARTIAL


def lines(make: MakeLine, **units: list[tuple[int | None, int, CoverageState]]) -> Any:  # noqa: ANN401 - lines
    """Give lines by unit: for each tag what was planned and seen, and how much of it."""
    return tuple(
        make(
            unit=unit,
            unit_name=f"Xã {unit}",
            tag=tag,
            planned=planned,
            counted=Counted(posts, state),
            status=status_of(planned, Counted(posts, state)),
        )
        for unit, numbers in units.items()
        for tag, (planned, posts, state) in zip(("TTHC", "CPĐT"), numbers, strict=True)
    )


def test_what_is_beyond_one_number_does_not_make_up_for_another_and_ties_share_a_rank(
    rendered_report: MakeReport, rendered_line: MakeLine
) -> None:
    report = rendered_report(
        lines=lines(
            rendered_line,
            a=[(4, 40, FULL), (4, 2, FULL)],
            b=[(4, 4, FULL), (4, 3, FULL)],
            c=[(4, 2, FULL), (4, 4, FULL)],
            d=[(4, 4, FULL), (4, 9, FULL)],
        )
    )
    ranks = [(one.unit, one.rank, one.completed) for one in league(report).ranked]
    assert ranks == [("d", 1, 100.0), ("b", 2, 87.5), ("a", 3, 75.0), ("c", 3, 75.0)]
    of_one = league(report, tag="TTHC").ranked
    assert [one.percent for one in of_one] == [1000.0, 100.0, 100.0, 50.0]


def test_who_was_not_seen_in_full_has_no_rank_unless_it_reached_its_numbers_all_the_same(
    rendered_report: MakeReport, rendered_line: MakeLine
) -> None:
    report = rendered_report(
        lines=lines(
            rendered_line,
            dark=[(4, 0, CoverageState.NONE), (4, 4, FULL)],
            sure=[(4, 5, PART), (4, 4, PART)],
            short=[(4, 0, FULL), (4, 0, FULL)],
            free=[(None, 3, FULL), (0, 1, FULL)],
        )
    )
    table = league(report)
    assert [(one.unit, one.rank) for one in table.ranked] == [("sure", 1), ("short", 2)]
    (dark,) = table.not_verifiable
    assert (dark.unit, dark.completed) == ("dark", None)
    assert "TTHC" in dark.note
    assert [one.unit for one in table.without_quota] == ["free"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(data=st.data())
def test_every_unit_stands_in_one_place_and_only_what_is_known_is_ranked(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report)
    table = league(report, report)
    placed = [*table.ranked, *table.not_verifiable, *table.without_quota]
    assert sorted(one.unit for one in placed) == sorted({line.unit for line in report.lines})
    assert all(one.rank is None and one.completed is None for one in table.not_verifiable)
    shares = [one.completed or 0 for one in table.ranked]
    assert shares == sorted(shares, reverse=True)
    pairs = {(one.rank, one.completed) for one in table.ranked}
    assert len(pairs) == len({one.rank for one in table.ranked}), "equal units share a rank"
    assert all(one.climbed == 0 and one.gained == 0 for one in table.ranked)


def test_the_trend_is_against_the_same_unit_and_says_what_makes_the_reports_unlike(
    rendered_report: MakeReport, rendered_line: MakeLine
) -> None:
    before = rendered_report(
        lines=lines(rendered_line, a=[(4, 4, FULL), (4, 1, FULL)], b=[(4, 2, FULL), (4, 2, FULL)]),
        rule="cũ@1#00",
        period_code="2022-H1",
        under="ST",
    )
    now = rendered_report(
        lines=lines(
            rendered_line,
            a=[(4, 4, FULL), (4, 1, FULL)],
            b=[(4, 4, FULL), (4, 2, FULL)],
            c=[(4, 4, FULL), (4, 4, FULL)],
        )
    )
    table = league(now, before)
    told = [(one.unit, one.rank_before, trend_text(one), one.gained) for one in table.ranked]
    assert told == [("c", None, "mới xếp", None), ("b", 2, "=", 25.0), ("a", 1, "▼ 2", 0.0)]
    assert any("cũ@1#00" in note for note in table.notes)
    assert any("trước 2, nay 3" in note for note in table.notes)
    assert any("khác loại kỳ (2022-H1 và 2022-9M)" in note for note in table.notes)
    assert any("khác phạm vi" in note for note in table.notes)


def stored(number: int, code: str, start: dt.date, **values: Any) -> StoredReport:  # noqa: ANN401
    given: dict[str, Any] = {
        "as_of": dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
        "under": None,
        "made_at": dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
        "rule": "r",
        "tagger": None,
        "code_version": "1",
        "content_sha256": "0" * 64,
    }
    period = DayInterval(start, start + dt.timedelta(days=1))
    return StoredReport(id=number, period_code=code, period=period, **{**given, **values})


def test_the_report_before_is_the_nearest_one_on_such_a_period_and_rather_a_frozen_one(
    rendered_report: MakeReport,
) -> None:
    quarter = rendered_report(
        period_code="2022-Q3", period=DayInterval(dt.date(2022, 7, 1), dt.date(2022, 10, 1))
    )
    april, january = dt.date(2022, 4, 1), dt.date(2022, 1, 1)
    later = quarter.as_of + dt.timedelta(days=1)
    second = (stored(3, "2022-Q2", april), True)
    others = [
        (stored(1, "2022-Q1", january), True),
        (stored(2, "2022-Q2", april, as_of=quarter.as_of - dt.timedelta(hours=1)), False),
        second,
        (stored(4, "2022-Q2", april, under="ST"), True),
        (stored(5, "2022-09", dt.date(2022, 9, 1)), True),
        (stored(6, "2022-Q3", dt.date(2022, 7, 1)), True),
        (stored(7, "2022-Q2", april, as_of=later), True),
    ]
    assert comparable(quarter, others) == 3
    assert comparable(quarter, [one for one in others if one is not second]) == 2
    assert comparable(quarter, [others[5]]) == 6
    assert comparable(quarter, [others[4]]) is None
    assert kind_of_period("2021-Q4") == kind_of_period("2022-Q1") != kind_of_period("BC-2022-Q1")


def test_every_format_of_the_table_says_the_same_and_is_made_alike_twice(
    rendered_report: MakeReport, rendered_line: MakeLine
) -> None:
    report = rendered_report(
        lines=lines(
            rendered_line,
            a=[(4, 4, FULL), (3, 1, FULL)],
            dark=[(4, 0, PART), (4, 4, FULL)],
            free=[(None, 3, FULL), (None, 1, FULL)],
        )
    )
    before = replace(report, period_code="2021-9M")
    view = LeagueView(
        report=report, report_id=8, before=before, before_id=3, league=league(report, before)
    )
    book = openpyxl.load_workbook(io.BytesIO(league_to_xlsx(view)))
    (row,) = list(book["Xếp hạng"].iter_rows(min_row=5, values_only=True))
    assert row[:3] == (1, "Xã a", 7)
    assert "71,4 %" in row
    assert book["Chưa xếp hạng"]["A5"].value == "Xã dark"
    page = league_to_html(view).decode()
    assert "71,4 %" in page
    assert "Xã dark" in page
    word = docx.Document(io.BytesIO(league_to_docx(view)))
    ranked, apart = word.tables[1:3]
    assert [cell.text for cell in ranked.rows[1].cells][:2] == ["1", "Xã a"]
    assert apart.rows[1].cells[0].text == "Xã dark"
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "không có nghĩa là đơn vị chưa hoàn thành" in text
    assert "bản làm việc số 3 (2021-9M" in text
    assert league_to_docx(view) == league_to_docx(view)
    assert league_to_xlsx(view) == league_to_xlsx(view)
