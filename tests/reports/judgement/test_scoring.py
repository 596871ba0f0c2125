"""Points by an office's scale: boundaries, rounding, and nothing for what is not known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rule_file import EXAMPLE, FILE_NAME, load_rules
from reports.rules import RULE, identity, sentences
from reports.scoring import falls, points, scores
from storage.errors import InputError
from storage.records import (
    Counted,
    CountingRule,
    CoverageState,
    DayInterval,
    LineStatus,
    Report,
    ReportLine,
    Rounding,
    Schedule,
    ScoreAgainst,
    ScoreOf,
    ScoreScale,
    ScoreStep,
)

if TYPE_CHECKING:
    from pathlib import Path

    World = Any  # conftest.World, which cannot be imported here

LETTER = ScoreScale(
    name="Công văn 244/PNV",
    most=100,
    steps=(ScoreStep(at=100, points=100), ScoreStep(at=90, points=None)),
)
"""Văn bản 244/PNV, 4.1: 100 % → 1; 90–100 % → share × 1; below 90 % → 0."""


def _with(**values: Any) -> ScoreScale:  # noqa: ANN401 - any field's value
    return replace(LETTER, **values)


@pytest.mark.parametrize(
    ("scale", "done", "asked", "expected"),
    [
        (LETTER, 5, 5, 100),
        (LETTER, 7, 5, 100),  # more than asked is worth no more
        (LETTER, 9, 10, 90),
        (LETTER, 4, 5, 0),  # as the letter says …
        (_with(steps=(ScoreStep(at=80, points=None),)), 4, 5, 80),  # … and as its example does
        (_with(steps=(ScoreStep(at=90, inclusive=False, points=None),)), 9, 10, 0),
        (_with(steps=(ScoreStep(at=90, inclusive=False, points=None),)), 91, 100, 91),
        (LETTER, 899, 1000, 0),
        (_with(percent_decimals=0), 899, 1000, 90),  # 89.9 % is rounded to 90 % first
        (_with(percent_decimals=0, rounding=Rounding.DOWN), 899, 1000, 0),
        (_with(decimals=1), 19, 20, 100),  # 0.95 → 1.0
        (_with(decimals=1, rounding=Rounding.DOWN), 19, 20, 90),
        (_with(below=25), 1, 2, 25),
    ],
)
def test_boundaries_and_rounding_are_as_the_office_says(
    scale: ScoreScale, done: int, asked: int, expected: int
) -> None:
    assert points(scale, Fraction(done, asked)) == expected


SCALES = st.builds(
    ScoreScale,
    name=st.just("x"),
    most=st.integers(0, 200),
    steps=st.lists(
        st.builds(
            ScoreStep,
            at=st.integers(0, 120),
            inclusive=st.booleans(),
            points=st.none() | st.integers(0, 200),
        ),
        max_size=3,
    ).map(tuple),
    below=st.integers(0, 50),
    percent_decimals=st.none() | st.integers(0, 1),
    decimals=st.integers(0, 2),
    rounding=st.sampled_from(Rounding),
).filter(lambda scale: not falls(scale))


def test_a_scale_that_falls_a_whole_step_of_rounding_above_its_mark_is_told() -> None:
    step = ScoreStep(at=100, inclusive=False, points=None)
    scale = ScoreScale(name="x", most=1, steps=(step,), below=1, percent_decimals=0, decimals=0)
    assert points(scale, Fraction(100, 100)) == 1
    assert points(scale, Fraction(101, 100)) == 0
    assert falls(scale)


@given(scale=SCALES, first=st.integers(0, 60), second=st.integers(0, 60))
def test_more_is_never_worth_less_by_a_scale_that_is_let_in(
    scale: ScoreScale, first: int, second: int
) -> None:
    less, more = sorted((first, second))
    least, most = points(scale, Fraction(less, 40)), points(scale, Fraction(more, 40))
    assert 0 <= least <= most <= max(scale.most, scale.below)


def _line(tag: str, planned: int | None, counted: Counted, due: int | None = None) -> ReportLine:
    year = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
    return ReportLine(
        unit="xa-a",
        unit_name="Xã A",
        tag=tag,
        planned=planned,
        counted=counted,
        reposts=0,
        claimed=None,
        status=LineStatus.SHORT if planned else LineStatus.NO_QUOTA,
        coverage_note="",
        articles=(),
        schedule=None if due is None else Schedule(days=year, on=dt.date(2022, 6, 30), due=due),
    )


def _report(scale: ScoreScale | None, *lines: ReportLine) -> Report:
    return Report(
        office="x",
        period_code="x",
        period_name="x",
        period=DayInterval(dt.date(2022, 1, 1)),
        as_of=dt.datetime(2022, 7, 1, tzinfo=dt.UTC),
        taxonomy_release="1",
        tagger=None,
        rule="r",
        tags=("A", "B", "C"),
        lines=lines,
        findings=(),
        counting=CountingRule(name="r", score=scale),
    )


def _exact(posts: int) -> Counted:
    return Counted(posts, CoverageState.COMPLETE)


def _least(posts: int) -> Counted:
    return Counted(posts, CoverageState.PARTIAL)


def test_what_is_not_known_gets_no_points_unless_it_could_not_change_them() -> None:
    report = _report(
        LETTER,
        _line("A", 10, _exact(9)),
        _line("B", 10, _least(9)),  # may be ten
        _line("C", 10, _least(10)),  # cannot be worth more
        _line("D", None, _exact(3)),
    )
    assert [(one.tag, one.points, one.is_lower_bound) for one in scores(report)] == [
        ("A", 90, False),
        ("B", None, True),
        ("C", 100, True),
    ]
    assert scores(replace(report, counting=None)) == ()
    assert scores(_report(None, *report.lines)) == ()


def test_a_units_points_are_by_its_numbers_reached() -> None:
    scale = _with(of=ScoreOf.UNIT, steps=(ScoreStep(at=50, points=None),))
    short = _line("A", 10, _exact(9))
    (one,) = scores(_report(scale, short, _line("B", 2, _exact(2))))
    assert (one.tag, one.done, one.asked, one.points) == (None, 1, 2, 50)
    (unsure,) = scores(_report(scale, short, _line("B", 2, _least(1))))
    assert (unsure.done, unsure.points) == (0, None)


def test_points_can_be_by_what_is_due() -> None:
    scale = _with(against=ScoreAgainst.DUE)
    lines = (
        _line("A", 10, _exact(5), due=5),
        _line("B", 10, _exact(0), due=0),
        _line("C", 4, _exact(1)),
    )
    assert [(one.tag, one.points) for one in scores(_report(scale, *lines))] == [("A", 100)]


def test_the_scale_is_said_in_the_report_and_is_part_of_the_rules_identity() -> None:
    rule = replace(RULE, score=LETTER)
    said = " ".join(sentences(rule))
    assert "“Công văn 244/PNV”, tối đa 1 điểm" in said
    assert (
        "từ 100 % trở lên: 1 điểm; từ 90 % đến dưới 100 %: tỷ lệ × 1 điểm; dưới 90 %: 0 điểm"
        in said
    )
    assert "chưa đủ căn cứ" in said
    other = replace(rule, score=_with(steps=(ScoreStep(at=80, points=None),)))
    assert len({identity(one) for one in (RULE, rule, other)}) == 3
    above = _with(steps=(ScoreStep(at=90, inclusive=False, points=None),), below=25)
    assert "trên 90 %: tỷ lệ × 1 điểm; từ 90 % trở xuống: 0,25 điểm" in " ".join(
        sentences(replace(RULE, score=above))
    )


def test_the_example_of_the_file_can_be_used(tmp_path: Path) -> None:
    used = EXAMPLE.replace("    # score:", "    score:").replace("    #   ", "      ")
    (tmp_path / FILE_NAME).write_text(used, encoding="utf-8")
    rule = next(iter(load_rules(tmp_path).values()))
    assert rule.score == replace(
        LETTER, name="Công văn 244/PNV ngày 08/8/2022, tiêu chí 4.1", of=ScoreOf.UNIT
    )


@pytest.mark.parametrize(
    "steps",
    [
        "[{at: 90, points: share}, {at: 100, points: 1}]",
        "[{at: 90, points: 0.5}, {at: 50, points: 0.8}]",
        "[{at: 90, points: 2}]",
        "[{at: 90, points: lots}]",
        "[]",
    ],
)
def test_a_scale_that_falls_is_refused_with_its_line(tmp_path: Path, steps: str) -> None:
    text = f"rules:\n  a:\n    score:\n      name: x\n      most: 1\n      steps: {steps}\n"
    (tmp_path / FILE_NAME).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=FILE_NAME):
        load_rules(tmp_path)
