"""Reminders: who is told to be behind, who is only asked, and in which words."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest

from reports.reminders import over, reminders, without_schedule
from reports.render.reminder_letters import reminder_to_docx, reminder_to_text
from reports.verification import status_of
from storage.language import Language, speaking
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    Letterhead,
    Schedule,
    UnitDays,
    UnseenDays,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.reminders import Reminder
    from storage.records import LineArticle, Report, ReportLine

    MakeReport = Callable[..., Report]
    MakeLine = Callable[..., ReportLine]

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
SEPTEMBER = dt.date(2022, 9, 30)
NINE_MONTHS = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 10, 1))


@pytest.fixture
def letters(
    rendered_report: MakeReport, rendered_line: MakeLine
) -> Callable[..., tuple[Reminder, ...]]:
    """Give a function from lines (unit, tag, planned, seen, coverage, values) to the letters."""

    def make(
        *given: tuple[str, str, int, int, CoverageState, dict[str, Any]], gap: bool = False
    ) -> tuple[Reminder, ...]:
        made = [
            rendered_line(
                unit=unit,
                unit_name=f"UBND xã {unit}",
                tag=tag,
                planned=planned,
                counted=Counted(seen, state),
                status=status_of(planned, Counted(seen, state)),
                **{
                    "schedule": Schedule(days=YEAR, on=SEPTEMBER, due=planned * 9 // 12),
                    "coverage_note": "Thấy trọn danh sách bài đăng cả 273 ngày.",
                    **values,
                },
            )
            for unit, tag, planned, seen, state, values in given
        ]
        unseen = (UnseenDays(days=NINE_MONTHS, reason="trang không trả lời"),) if gap else ()
        days = [
            UnitDays(unit=unit, held=(NINE_MONTHS,), unseen=unseen)
            for unit in dict.fromkeys(line.unit for line in made)
        ]
        head = Letterhead(name="PHÒNG NỘI VỤ", symbol="PNV", addressees=("UBND huyện",))
        report = rendered_report(lines=tuple(made), days_seen=tuple(days), letterhead=head)
        return reminders(report, 6, contact="noivu@songtram.test")

    return make


def test_who_is_behind_is_told_its_figures_what_is_left_the_pace_and_the_days(
    letters: Callable[..., tuple[Reminder, ...]],
) -> None:
    full = CoverageState.COMPLETE
    (letter,) = letters(
        ("Đông", "TTHC", 12, 3, full, {}),
        ("Đông", "CPĐT", 12, 9, full, {}),
        ("Tây", "TTHC", 12, 12, full, {}),
    )
    assert [one.target.tags[0] for one in letter.behind] == ["TTHC"]
    text = reminder_to_text(letter).replace("\n  ", " ").replace("\n", " ")
    assert "Kính gửi: UBND xã Đông" in text
    assert "kế hoạch 12 tin, bài đến hết ngày 31/12/2022" in text
    assert "đến hết ngày 30/9/2022 cần có 9; xác minh được 3 (bằng 25 % kế hoạch), chậm 6" in text
    assert "còn phải đăng 9 tin, bài trong 92 ngày còn lại, bình quân 3 tin, bài một tháng" in text
    assert "Thấy trọn danh sách bài đăng cả 273 ngày." in text
    assert "noivu@songtram.test" in text
    assert "?" not in text
    assert max(map(len, reminder_to_text(letter).splitlines())) <= 78


def test_who_was_not_seen_in_full_is_asked_and_never_told_to_be_late(
    letters: Callable[..., tuple[Reminder, ...]],
) -> None:
    for state in (CoverageState.PARTIAL, CoverageState.NONE):
        seen = 3 if state is CoverageState.PARTIAL else 0
        (letter,) = letters(("Đông", "TTHC", 12, seen, state, {}), gap=True)
        assert letter.behind == ()
        text = " ".join(reminder_to_text(letter).split())
        assert "hệ thống chưa xem đủ danh sách bài đăng của đơn vị, nên chưa biết" in text
        assert "trang có lúc nào không truy cập được không?" in text
        assert "đang chậm" not in text
        assert "đôn đốc" not in text
        assert "xác minh được 0" not in text


def test_where_only_articles_are_open_they_are_named_and_the_lists_are_not_doubted(
    letters: Callable[..., tuple[Reminder, ...]], rendered_article: Callable[..., LineArticle]
) -> None:
    open_one = rendered_article(7, bucket=Exclusion.UNDATED, day=None)
    (letter,) = letters(
        ("Đông", "TTHC", 12, 3, CoverageState.PARTIAL, {"articles": (open_one,)}),
        ("Đông", "CPĐT", 12, 2, CoverageState.COMPLETE, {}),
    )
    assert [one.target.tags for one in letter.behind] == [("CPĐT",)]
    assert [one.target.tags for one in letter.unclear] == [("TTHC",)]
    text = " ".join(reminder_to_text(letter).split())
    assert "Riêng các nội dung sau, hệ thống đã xem đủ danh sách bài đăng" in text
    assert f"“{open_one.title}” ({open_one.url}): không rõ ngày đăng" in text
    assert "không truy cập được không" not in text


def test_of_a_plan_that_is_over_or_whose_pace_is_not_known_nobody_is_reminded(
    rendered_report: MakeReport, rendered_line: MakeLine
) -> None:
    half = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 7, 1))
    ended = Schedule(days=half, on=dt.date(2022, 6, 30), due=4)
    report = rendered_report(
        lines=(rendered_line(schedule=ended), rendered_line(tag="CPĐT", schedule=None))
    )
    assert reminders(report, 1) == ()
    assert [target.tags for target in over(report)] == [("TTHC",)]
    assert [target.tags for target in without_schedule(report)] == [("CPĐT",)]


def test_the_letter_is_a_cong_van_to_the_unit_the_same_bytes_in_any_language(
    letters: Callable[..., tuple[Reminder, ...]],
) -> None:
    (letter,) = letters(("Đông", "TTHC", 12, 3, CoverageState.COMPLETE, {}))
    data = reminder_to_docx(letter)
    word = docx.Document(io.BytesIO(data))
    head = [p.text for p in word.tables[0].rows[0].cells[0].paragraphs]
    assert "Số: ...../PNV" in head
    assert head[-1].startswith("V/v đôn đốc")
    text = [p.text for p in word.paragraphs]
    assert "Kính gửi: UBND xã Đông" in text
    assert "UBND huyện" not in " ".join(text)
    with speaking(Language.EN):
        assert reminder_to_docx(letter) == data


def test_where_a_plan_has_lines_the_letter_names_the_line_and_not_the_tag(
    planned_report: Report,
) -> None:
    (letter,) = reminders(_on_lines(planned_report, CoverageState.COMPLETE), 6)
    text = " ".join(reminder_to_text(letter).split())
    assert "- Dòng 1. Nội dung 1 (TTHC): 02 tin, bài/tháng: kế hoạch 24 tin, bài" in text
    assert "cần có 18; xác minh được 15 (bằng 62,5 % kế hoạch), chậm 3 tin, bài" in text
    assert "- TTHC:" not in text
    assert "Loa" not in text


def test_a_line_that_was_not_seen_in_full_is_asked_about(planned_report: Report) -> None:
    (letter,) = reminders(_on_lines(planned_report, CoverageState.PARTIAL), 6)
    assert letter.behind == ()
    text = " ".join(reminder_to_text(letter).split())
    assert "Dòng 1. Nội dung 1 (TTHC)" in text
    assert "đang chậm" not in text


def _on_lines(report: Report, coverage: CoverageState) -> Report:
    """Give the report whose unit's whole number on the tag is that of its plan's first line."""
    first, outside, *_ = report.plan_results
    asked = Schedule(days=YEAR, on=SEPTEMBER, due=18)
    seen = replace(
        first, counted=Counted(15, coverage), shared=1, shared_planned=24, schedule=asked
    )
    tag = replace(report.lines[0], planned=24, counted=Counted(15, coverage), schedule=asked)
    return replace(report, lines=(tag,), plan_results=(seen, outside))
