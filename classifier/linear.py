"""Linear classifiers, trained in plain Python so that every machine gives the same bytes. Pure.

Dual coordinate descent for the linear SVM with squared hinge loss: Hsieh et al., "A Dual
Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1 (what LIBLINEAR
runs). It needs only + − × ÷ and comparisons, which IEEE 754 fixes to the last bit; a numerical
library would add 100 MB and differ between processors.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Row = tuple[Sequence[int], Sequence[float]]
"""A sparse vector: column numbers, each once, and their values."""

COST: Final = 0.3
"""What an example on the wrong side costs. Tried 0.15, 0.3 and logistic loss with 0.5 … 5: micro F1
of the headline tags 0.840, 0.846, and 0.829 … 0.839, cross-validated."""
_MOST_ROUNDS: Final = 40
_TOLERANCE: Final = 0.1
"""Violation of the optimum at which the rounds end: LIBLINEAR's own default."""
_NEWTON_STEPS: Final = 30
_RIDGE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Hyperplane:
    """A trained classifier: the margin of a row is ``weights · row + bias``."""

    weights: Sequence[float]
    bias: float

    def margin(self, row: Row) -> float:
        """Give the signed distance: above 0 for the class."""
        total = self.bias
        for column, value in zip(*row, strict=True):
            total += self.weights[column] * value
        return total


def fit_hyperplane(
    rows: Sequence[Row],
    labels: Sequence[bool],
    weights: Sequence[float],
    *,
    columns: int,
    seed: int,
) -> Hyperplane:
    """Train on rows with their labels; an example's weight scales what a mistake on it costs."""
    descent = _Descent(rows, labels, weights, columns)
    order = random.Random(seed)  # noqa: S311 - a repeatable order, nothing secret
    active, bound = list(range(len(rows))), math.inf
    for _ in range(_MOST_ROUNDS):
        order.shuffle(active)
        active, highest, lowest = descent.round(active, bound)
        if highest - lowest < _TOLERANCE:
            if len(active) == len(rows):
                break
            active, bound = list(range(len(rows))), math.inf  # look once more at all
        else:
            bound = highest if highest > 0 else math.inf
    return Hyperplane(descent.w[:columns], descent.w[columns])


class _Descent:
    """The dual variables of the examples, and the hyperplane that follows from them."""

    def __init__(
        self,
        rows: Sequence[Row],
        labels: Sequence[bool],
        weights: Sequence[float],
        columns: int,
    ) -> None:
        self.w = [0.0] * (columns + 1)  # the last is the bias: a column that is 1 everywhere
        self._rows = [(*zip(*row, strict=True), (columns, 1.0)) for row in rows]
        self._signs = [1.0 if label else -1.0 for label in labels]
        self._alpha = [0.0] * len(rows)
        self._diagonal = [0.5 / (COST * weight) for weight in weights]
        self._squares = [
            _square(values) + 1.0 + d for (_, values), d in zip(rows, self._diagonal, strict=True)
        ]

    def round(self, active: Sequence[int], bound: float) -> tuple[list[int], float, float]:
        """Improve one variable after the other.

        Give those still in play (the others have stood at 0 with a gradient above ``bound``), and
        the greatest and the least projected gradient met.
        """
        w, alpha, kept = self.w, self._alpha, []
        highest, lowest = -math.inf, math.inf
        for i in active:
            sign, row = self._signs[i], self._rows[i]
            margin = 0.0
            for column, value in row:
                margin += w[column] * value
            gradient = sign * margin - 1.0 + self._diagonal[i] * alpha[i]
            if alpha[i] == 0.0 and gradient > bound:
                continue
            kept.append(i)
            projected = min(gradient, 0.0) if alpha[i] == 0.0 else gradient
            highest, lowest = max(highest, projected), min(lowest, projected)
            if projected != 0.0:
                before, alpha[i] = alpha[i], max(alpha[i] - gradient / self._squares[i], 0.0)
                step = (alpha[i] - before) * sign
                for column, value in row:
                    w[column] += step * value
        return kept, highest, lowest


def _square(values: Sequence[float]) -> float:
    total = 0.0
    for value in values:
        total += value * value
    return total


def fit_logistic(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], weights: Sequence[float]
) -> tuple[float, ...]:
    """Fit a logistic model of a few columns: one coefficient a column, then the constant.

    Newton's method with a small ridge, so that a column without variation does no harm. Rounded
    to three decimals: beyond them the exponential differs between machines.
    """
    full = [(*row, 1.0) for row in rows]
    beta = [0.0] * len(full[0])
    for _ in range(_NEWTON_STEPS):
        gradient = [-_RIDGE * b for b in beta]
        hessian = [[_RIDGE if i == j else 0.0 for j in range(len(beta))] for i in range(len(beta))]
        for row, label, weight in zip(full, labels, weights, strict=True):
            p = sigmoid(_dot(beta, row))
            for i, x in enumerate(row):
                gradient[i] += weight * (label - p) * x
                for j, other in enumerate(row):
                    hessian[i][j] += weight * p * (1 - p) * x * other
        step = _solve(hessian, gradient)
        beta = [b + s for b, s in zip(beta, step, strict=True)]
    return tuple(round(b, 3) for b in beta)


def sigmoid(x: float) -> float:
    """Give the probability for log-odds, for any size of them.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    if x < 0:
        e = math.exp(max(x, -700.0)) if x > -700.0 else 0.0  # noqa: PLR2004 - exp underflows
        return e / (1 + e)
    return 1 / (1 + math.exp(-min(x, 700.0)))


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    total = 0.0
    for x, y in zip(a, b, strict=True):
        total += x * y
    return total


def _solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a small positive definite system by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    n = len(rows)
    for i in range(n):
        pivot = rows[i][i]
        for j in range(i + 1, n):
            factor = rows[j][i] / pivot
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    solution = [0.0] * n
    for i in reversed(range(n)):
        known = _dot(rows[i][i + 1 : n], solution[i + 1 :])
        solution[i] = (rows[i][n] - known) / rows[i][i]
    return solution
