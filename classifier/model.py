"""A trained model: what it says of an article's features. Pure.

Each question has a margin, a weighed sum of the article's features. A few margins together give
the chance of an answer, and how likely it is to be wrong.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from classifier.decide import MAIN_FROM, REFORM, Opinion
from classifier.features import CUES, OPENING, RULES, TITLE, WORDS
from classifier.linear import sigmoid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifier.features import Features

DOUBT: Final = "?"
"""The question whether a careful reader would hesitate over the article."""
SECOND: Final = "~"
"""Before a question: the same, answered by the article's own words alone, without the taxonomy.
Where the two disagree, a person is asked: F1 with review 0.934 without it, 0.949 with it."""
BY_WORDS: Final = frozenset({TITLE, OPENING, WORDS})
"""Kinds of features that second opinions rest on."""
SCALE: Final = 1000
"""All numbers are whole thousandths in the file, and weights everywhere."""
_SUREST: Final = 9.0
"""Log-odds beyond which nothing is surer."""
_LANE: Final = 60
"""Bits for one question's sum in a packed row: weight below 2¹⁵, rarity 2¹⁵, logarithm of a count
2¹³, 2¹⁴ features of a kind at their most, and the sign; two of Python's own digits, so that they
are cut without shifting."""
MOST_WEIGHT: Final = 1 << 15
"""Thousandths; those of the shipped model stay below 3,000."""
MOST_RARITY: Final = 32.0
"""A feature of one article in 10¹³ would have it."""
_KIND_WEIGHT: Final = {TITLE: 1.0, OPENING: 1.0, WORDS: 0.7, CUES: 2.0}
"""Length of each kind's part of the vector; findings come as they are, times this:"""
_FINDING_WEIGHT: Final = {RULES: 0.6}
"""Tried with half and twice each: micro F1 of the headline tags 0.850 … 0.886, cross-validated."""
_LOGS: Final = tuple(round(1 + math.log(n), 3) for n in range(1, 200))
"""What a count weighs, from 1 on; more is no more certain."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A trained model. Two of the same digest give the same answers."""

    name: str
    taxonomy_release: str
    questions: tuple[str, ...]
    """``REFORM``, the topics, ``DOUBT``, second opinions: the order of every row of weights."""
    idf: Mapping[str, float]
    """By feature: greater for a rare one."""
    weights: Mapping[str, Sequence[int]]
    """By feature: one weight for each question, in thousandths."""
    biases: tuple[float, ...]
    calibration: Mapping[str, Sequence[float]]
    """By question: coefficients of ``chance_columns``, and the constant."""
    asked: tuple[str, ...]
    """Questions that decide a headline tag alone: over these a person may be asked."""
    risk: tuple[float, ...]
    """Of an answer: coefficients of ``risk_columns``, and the constant."""
    risk_limit: float
    """Sum of the risks of an article's answers from which a person is asked about it."""
    digest: str = ""
    """SHA-256 of the file; empty for a model that was never written."""

    @cached_property
    def topics(self) -> tuple[str, ...]:
        """Give the topics that it has learned, in the taxonomy's order."""
        return topics_of(self.questions)

    def judge(self, features: Features) -> Opinion:
        """Give the model's opinion of an article with these features."""
        margins = self.margins(features)
        odds = {
            q: log_odds(self.calibration[q], chance_columns(q, margins, self.asked))
            for q in (REFORM, *self.topics)
        }
        chances = {q: sigmoid(total) for q, total in odds.items()}
        given = answers(chances, self.asked)
        return Opinion(
            reform=chances[REFORM],
            topics={topic: chances[topic] for topic in self.topics},
            risks={
                q: sigmoid(log_odds(self.risk, risk_columns(q, odds[q], margins, given=given[q])))
                for q in self.asked
            },
            risk_limit=self.risk_limit,
        )

    def contributions(
        self, features: Features, kinds: Sequence[str], questions: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """Give what each syllable or pair adds to each question's margin, in all of some kinds.

        By question and what stands in the text: 'một cửa' of title and opening is one thing there.
        """
        found: dict[str, dict[str, float]] = {
            question: defaultdict(float) for question in questions
        }
        parts = [(found[question], self.questions.index(question)) for question in questions]
        for kind in kinds:
            known: list[tuple[str, Sequence[int], float]] = []
            square = 0.0
            for spelling, count in features.counts.get(kind, {}).items():
                if (row := self.weights.get(name := f"{kind}:{spelling}")) is not None:
                    value = _LOGS[min(count, len(_LOGS)) - 1] * self.idf[name]
                    square += value * value
                    known.append((spelling, row, value))
            scale = _KIND_WEIGHT[kind] / (SCALE * math.sqrt(square)) if square else 0.0
            for part, at in parts:
                for spelling, row, value in known:
                    part[spelling] += scale * value * row[at]
        return found

    def margins(self, features: Features) -> dict[str, float]:
        """Sum what each feature adds to each question, all questions of a feature at once.

        In whole numbers as long as features are added, so that no order of them and no machine
        gives another sum. The same as ``weigh_features`` times the weights, but for their rounding.
        """
        totals = list(self.biases)
        parts = [
            (self._findings_sum(kind, features.findings), weight / SCALE)
            for kind, weight in _FINDING_WEIGHT.items()
        ]
        for kind, length in _KIND_WEIGHT.items():
            total, square = self._counts_sum(kind, features.counts)
            if square:
                parts.append((total, length / math.sqrt(square)))
        for total, scale in parts:
            for i, whole in enumerate(_unpacked(total, len(totals))):
                totals[i] += scale * (whole / (SCALE * SCALE))
        return dict(zip(self.questions, totals, strict=True))

    def _findings_sum(self, kind: str, findings: Mapping[str, Mapping[str, float]]) -> int:
        rows, values = self._rows.get(kind, {}), findings.get(kind, {})
        return sum(
            [rows[name] * round(SCALE * value) for name, value in values.items() if name in rows]
        )

    def _counts_sum(self, kind: str, counts: Mapping[str, Mapping[str, int]]) -> tuple[int, float]:
        """Give the packed sum of one kind's features and its squared length, in thousandths."""
        by_count: dict[int, list[int]] = defaultdict(list)
        for place, found in counts.items():
            if place[0] == kind:
                rows = self._rows.get(place, {})
                for name, count in found.items():
                    if (row := rows.get(name)) is not None:
                        by_count[count].append(row)
        total, square, lanes = 0, 0.0, _LANE * len(self.questions)
        for count in sorted(by_count):
            log = round(SCALE * _LOGS[min(count, len(_LOGS)) - 1])
            packed = sum(by_count[count])
            squares = (packed + (1 << (lanes - 1))) >> lanes
            total += log * (packed - (squares << lanes))
            square += log * log * (squares / (SCALE * SCALE))
        return total, square

    @cached_property
    def _rows(self) -> Mapping[str, Mapping[str, int]]:
        """By kind, for cues with their place, and name: the feature's row as one number.

        A lane for each question with weight times rarity, and above them rarity squared.
        """
        rows: dict[str, dict[str, int]] = defaultdict(dict)
        for name, row in self.weights.items():
            kind, _, rest = name.partition(":")
            rarity = round(SCALE * self.idf[name])
            rows[kind][rest] = _pack([*(rarity * weight for weight in row), rarity * rarity])
        return rows


@cache
def topics_of(questions: tuple[str, ...]) -> tuple[str, ...]:
    """Give the questions that are topics, in their order."""
    return tuple(q for q in questions if q not in (REFORM, DOUBT) and not q.startswith(SECOND))


def chance_columns(
    question: str, margins: Mapping[str, float], asked: Sequence[str]
) -> tuple[float, ...]:
    """Give the margins that the chance of an answer is estimated from: its own first.

    Whether the article is about reform at all is also seen from its topics, and the other way
    round. A topic too rare to be measured alone stands on its own margin.
    """
    if question == REFORM:
        best = max([margins[topic] for topic in topics_of(tuple(margins))])
        return (margins[REFORM], best, *[margins[q] for q in asked if q != REFORM])
    return (margins[question], margins[REFORM]) if question in asked else (margins[question],)


def answers(chances: Mapping[str, float], asked: Iterable[str]) -> dict[str, bool]:
    """Give the answer to each asked question; a topic that is a tag of its own settles reform."""
    given = {q: chances[q] >= MAIN_FROM for q in asked}
    return {q: yes or (q == REFORM and any(given.values())) for q, yes in given.items()}


def risk_columns(
    question: str, odds: float, margins: Mapping[str, float], *, given: bool
) -> tuple[float, ...]:
    """Give what the risk of an answer is estimated from.

    How sure it is, whether it was yes, whether a careful reader would hesitate over the article,
    and how far the article's words alone speak for the other answer. That the rules alone say
    otherwise adds nothing (F1 with review 0.914, without it 0.920).
    """
    second = margins[SECOND + question]
    sureness = min(abs(odds), _SUREST)
    return (sureness, float(given), margins[DOUBT], -second if given else second)


def log_odds(coefficients: Sequence[float], columns: Sequence[float]) -> float:
    """Give the log-odds of columns: each weighed, and the constant, which stands last."""
    total = coefficients[-1]
    for coefficient, value in zip(coefficients, columns, strict=False):
        total += coefficient * value
    return total


def _pack(row: Sequence[int]) -> int:
    packed = 0
    for weight in reversed(row):
        packed = (packed << _LANE) + weight
    return packed


def _unpacked(packed: int, lanes: int) -> Iterator[int]:
    """Give the sums of the lanes; a negative one has borrowed from the next."""
    half, mask = 1 << (_LANE - 1), (1 << _LANE) - 1
    for _ in range(lanes):
        total = ((packed + half) & mask) - half
        yield total
        packed = (packed - total) >> _LANE


def weigh_features(features: Mapping[str, float], idf: Mapping[str, float]) -> dict[str, float]:
    """Turn counts into the vector that is weighed; features without an idf are unknown: left out.

    Within each kind: (1 + ln count) · idf, scaled to the kind's length; so a long text speaks no
    louder than a short one.
    """
    parts: dict[str, dict[str, float]] = {kind: {} for kind in _KIND_WEIGHT}
    vector: dict[str, float] = {}
    for name, value in features.items():
        if (rarity := idf.get(name)) is None:
            continue
        if (kind := name[0]) in _FINDING_WEIGHT:
            vector[name] = _FINDING_WEIGHT[kind] * value
        elif value == 1:
            parts[kind][name] = rarity
        else:
            parts[kind][name] = _LOGS[min(int(value), len(_LOGS)) - 1] * rarity
    for kind, part in parts.items():
        squares = 0.0
        for weighed in part.values():
            squares += weighed * weighed
        if squares:
            scale = _KIND_WEIGHT[kind] / math.sqrt(squares)
            vector.update({name: weighed * scale for name, weighed in part.items()})
    return vector
