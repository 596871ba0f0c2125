"""The trainer: right on what can be checked by hand, and the same bytes every time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.linear import fit_hyperplane, fit_logistic, sigmoid

ROWS = [([0], [1.0]), ([0, 1], [1.0, 0.2]), ([1], [1.0]), ([1], [0.9])]
LABELS = [True, True, False, False]


def test_what_can_be_separated_is_separated() -> None:
    plane = fit_hyperplane(ROWS, LABELS, [1.0] * 4, columns=2, seed=1)
    assert [plane.margin(row) > 0 for row in ROWS] == LABELS


def test_the_same_examples_give_the_same_numbers() -> None:
    first, second = (fit_hyperplane(ROWS, LABELS, [1.0] * 4, columns=2, seed=1) for _ in range(2))
    assert first == second


def test_an_example_of_little_weight_gives_way() -> None:
    rows = [([0], [1.0])] * 3
    labels = [True, False, False]
    heavy = fit_hyperplane(rows, labels, [9.0, 1.0, 1.0], columns=1, seed=1)
    light = fit_hyperplane(rows, labels, [0.1, 1.0, 1.0], columns=1, seed=1)
    assert heavy.margin(rows[0]) > 0 > light.margin(rows[0])


def test_a_logistic_model_finds_the_odds() -> None:
    rows = [[0.0]] * 10 + [[1.0]] * 10
    labels = [True] * 2 + [False] * 8 + [True] * 8 + [False] * 2
    slope, constant = fit_logistic(rows, labels, [1.0] * 20)
    assert sigmoid(constant) == pytest.approx(0.2, abs=0.01)
    assert sigmoid(slope + constant) == pytest.approx(0.8, abs=0.01)


@given(st.floats(allow_nan=False))
def test_a_probability_is_one_for_any_log_odds(x: float) -> None:
    assert 0.0 <= sigmoid(x) <= 1.0
    assert sigmoid(x) + sigmoid(-x) == pytest.approx(1.0)


def test_a_probability_is_the_logistic_of_the_log_odds() -> None:
    assert sigmoid(2.0) == pytest.approx(1 / (1 + math.exp(-2.0)))
