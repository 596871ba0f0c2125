"""From evidence to level and verdict: each ground, its thresholds and its reason."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.decide import ASSIGNED_FROM, UNCERTAIN_FROM, Ground, decide, ground_of
from classifier.rules import Course, Evidence
from storage.records import Field, Level, Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING: Mapping[str, Any] = {
    "topic": "tthc",
    "headline": 0.0,
    "near_miss": False,
    "opening": 0.0,
    "share": 0.0,
    "carrying": 0,
    "named": False,
    "course": Course(),
    "spans": (),
}


def evidence(**known: Any) -> Evidence:  # noqa: ANN401 - whatever a case is about
    return Evidence(**{**NOTHING, **known})


@pytest.mark.parametrize(
    ("known", "ground"),
    [
        ({"headline": 1.0}, Ground.TITLE),
        ({"headline": 0.25, "opening": 1.0, "carrying": 1}, Ground.TITLE_CONFIRMED),
        ({"headline": 0.5, "share": 0.2, "carrying": 1}, Ground.TITLE_CONFIRMED),
        ({"headline": 0.25, "share": 0.2, "carrying": 1}, Ground.PASSING),
        ({"opening": 1.5, "carrying": 1}, Ground.OPENING),
        ({"opening": 1.0, "carrying": 3}, Ground.OPENING),
        ({"share": 0.5, "carrying": 3}, Ground.BODY),
        ({"share": 0.49, "carrying": 3}, Ground.PASSING),
        ({"share": 0.9, "carrying": 2}, Ground.PASSING),
        ({"headline": 0.5}, Ground.TITLE_HINT),
        ({"opening": 1.25, "carrying": 2}, Ground.OPENING_ONCE),
        ({"named": True}, Ground.PASSING),
        ({"headline": 0.25, "opening": 0.75}, Ground.NOTHING),
        ({"near_miss": True, "headline": 1.0}, Ground.TITLE_NEAR_MISS),
        ({"near_miss": True, "opening": 2.0, "carrying": 5, "named": True}, Ground.NEAR_MISS),
        ({"near_miss": True, "headline": 0.5}, Ground.NOTHING),
        ({}, Ground.NOTHING),
    ],
)
def test_the_best_ground_is_chosen(known: Mapping[str, Any], ground: Ground) -> None:
    assert ground_of(evidence(**known)) is ground


def test_a_certain_main_is_assigned_a_doubtful_one_asked_and_a_mention_rejected() -> None:
    for ground in Ground:
        if ground.level is not Level.MAIN:
            assert ground.verdict is Verdict.REJECTED
        elif ground.certainty >= ASSIGNED_FROM:
            assert ground.verdict is Verdict.ASSIGNED
        else:
            assert ground.certainty >= UNCERTAIN_FROM
            assert ground.verdict is Verdict.UNCERTAIN


def test_the_reason_says_where_and_names_the_heaviest_cues_once() -> None:
    def span(text: str, weight: float) -> Span:
        return Span(field=Field.BODY, start=0, end=1, text=text, cue=text, weight=weight)

    spans = (span("giấy tờ", 0.25), span("một cửa", 1.0), span("một cửa", 1.0), span("hồ sơ", 0.5))
    tagging = decide(evidence(headline=1.0, spans=spans))
    assert tagging.reason == ("Chủ đề nằm ở tiêu đề. Dấu hiệu: “một cửa”, “hồ sơ”, “giấy tờ”.")
    assert (tagging.score, tagging.spans) == (Ground.TITLE.certainty, spans)


WEIGHTS = st.floats(0, 5)
EVIDENCE = st.builds(
    evidence,
    headline=WEIGHTS,
    opening=WEIGHTS,
    share=st.floats(0, 1),
    carrying=st.integers(0, 9),
    near_miss=st.booleans(),
    named=st.booleans(),
)


@given(EVIDENCE, WEIGHTS)
def test_a_heavier_title_never_makes_a_topic_less_certain(lighter: Evidence, more: float) -> None:
    heavier = dataclasses.replace(lighter, headline=lighter.headline + more)
    assert ground_of(heavier).certainty >= ground_of(lighter).certainty
