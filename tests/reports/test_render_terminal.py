"""The report on the terminal, and the words that all renderings share."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from reports.render import words
from reports.render.terminal import findings_summary, report_table
from storage import language
from storage.language import Language
from storage.records import (
    Counted,
    CoverageState,
    Exclusion,
    FindingKind,
    LineStatus,
    Report,
    ReportLine,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from enum import Enum

    from rich.console import RenderableType


@pytest.fixture
def in_english() -> Iterator[None]:
    before = language.current()
    language.use(Language.EN)
    yield
    language.use(before)


def _printed(value: RenderableType, width: int = 100) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(value)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def _cells(lines: list[str]) -> list[list[str]]:
    """Give the first printed line of each row of the table."""
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if "│" in line]
    return [row for row in rows if row[1]]


def test_the_table_shows_a_row_for_each_unit_and_tag_and_fits_100_columns(
    rendered_report: Callable[..., Report],
) -> None:
    lines = _printed(report_table(rendered_report()))
    assert max(len(line) for line in lines) <= 100
    table = _cells(lines)
    assert [row[1:7] for row in table] == [
        ["TTHC", "4", "2", "5", "+3", "50 %"],
        ["CPĐT", "3", "≥ 1", "4", "≤ +3", "≥ 33,3 %"],
        ["TTHC", "—", "không rõ", "—", "—", "—"],
    ]
    text = " ".join(" ".join(lines).split())
    for said in ("Chưa đạt", "Không xác", "9 tháng năm 2022", "23:30 01/10/2022", "≥: ít nhất"):
        assert said in text


def test_the_names_of_units_are_never_taken_for_markup(
    rendered_report: Callable[..., Report], rendered_line: Callable[..., ReportLine]
) -> None:
    report = rendered_report(lines=(rendered_line(unit_name="[red]Đông[/x]"),))
    assert "[red]Đông" in "".join(_printed(report_table(report)))


def test_the_findings_are_counted_by_kind(rendered_report: Callable[..., Report]) -> None:
    report = rendered_report()
    (finding,) = report.findings
    assert _printed(findings_summary(rendered_report(findings=(finding, finding)))) == [
        "Phát hiện: 2",
        "     2  Báo cáo nhiều hơn xác minh",
    ]
    assert _printed(findings_summary(rendered_report(findings=()))) == ["Phát hiện: 0"]


@pytest.mark.usefixtures("in_english")
def test_the_table_speaks_english_on_request(rendered_report: Callable[..., Report]) -> None:
    text = "\n".join(_printed(report_table(rendered_report())))
    assert "Verified" in text
    assert "≥ 33.3 %" in text
    assert "unknown" in text


# -------------------------------------------------------------------------- words


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize(
    ("members", "word"),
    [
        (LineStatus, words.status_word),
        (Exclusion, words.exclusion_word),
        (FindingKind, words.finding_word),
        (CoverageState, words.coverage_word),
    ],
)
def test_every_member_has_its_own_word_in_both_languages(
    lang: Language, members: type[Enum], word: Callable[[Enum], str]
) -> None:
    before = language.current()
    language.use(lang)
    try:
        assert len({word(member) for member in members}) == len(members)
    finally:
        language.use(before)


@pytest.mark.parametrize(
    ("counted", "text"),
    [
        (Counted(12, CoverageState.COMPLETE), "12"),
        (Counted(0, CoverageState.COMPLETE), "0"),
        (Counted(12, CoverageState.PARTIAL), "≥ 12"),
        (Counted(0, CoverageState.PARTIAL), "≥ 0"),
        (Counted(3, CoverageState.NONE), "≥ 3"),
        (Counted(0, CoverageState.NONE), "không rõ"),
    ],
)
def test_a_number_that_is_not_known_is_never_shown_as_zero(counted: Counted, text: str) -> None:
    assert words.count_text(counted) == text


@pytest.mark.parametrize(
    ("claimed", "counted", "text"),
    [
        (None, Counted(2, CoverageState.COMPLETE), "—"),
        (2, Counted(2, CoverageState.COMPLETE), "0"),
        (1, Counted(2, CoverageState.COMPLETE), "−1"),
        (5, Counted(2, CoverageState.PARTIAL), "≤ +3"),
        (5, Counted(0, CoverageState.NONE), "không rõ"),
    ],
)
def test_a_difference_says_how_sure_it_is(
    rendered_line: Callable[..., ReportLine], claimed: int | None, counted: Counted, text: str
) -> None:
    assert words.difference_text(rendered_line(claimed=claimed, counted=counted)) == text


@pytest.mark.parametrize(
    ("planned", "counted", "text"),
    [
        (None, Counted(2, CoverageState.COMPLETE), "—"),
        (0, Counted(2, CoverageState.COMPLETE), "—"),
        (3, Counted(2, CoverageState.COMPLETE), "66,7 %"),
        (2, Counted(3, CoverageState.COMPLETE), "150 %"),
        (3, Counted(1, CoverageState.PARTIAL), "≥ 33,3 %"),
        (3, Counted(0, CoverageState.NONE), "không rõ"),
    ],
)
def test_a_share_is_given_only_where_there_is_a_quota(
    rendered_line: Callable[..., ReportLine], planned: int | None, counted: Counted, text: str
) -> None:
    assert words.percent_text(rendered_line(planned=planned, counted=counted)) == text
