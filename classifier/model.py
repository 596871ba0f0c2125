"""A trained model: how its file is read, and what it says of an article's features. Pure.

The file is JSON: it can be read by anyone, cannot run anything, and is the same on every machine.
Every number in it is a whole number of thousandths.

Each question has a margin, a weighed sum of the article's features. A few margins together give
the chance of an answer, and how likely it is to be wrong.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from classifier.decide import MAIN_FROM, REFORM, Opinion
from classifier.errors import ModelError
from classifier.features import CUES, OPENING, RULES, TITLE, WORDS
from classifier.linear import sigmoid
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifier.features import Features

FORMAT: Final = "tinbai-model-2"
DOUBT: Final = "?"
"""The question whether a careful reader would hesitate over the article."""
SECOND: Final = "~"
"""Before a question: the same, answered by the article's own words alone, without the taxonomy.
Where the two disagree, a person is asked: F1 with review 0.934 without it, 0.949 with it."""
BY_WORDS: Final = frozenset({TITLE, OPENING, WORDS})
"""Kinds of features that second opinions rest on."""
MAX_BYTES: Final = 32_000_000
"""Twenty times what the shipped model takes: a larger file is none of ours."""

SCALE: Final = 1000
"""All numbers are whole thousandths in the file, and weights everywhere."""
_RISK_NUMBERS: Final = 5
_SUREST: Final = 9.0
"""Log-odds beyond which nothing is surer."""
_LANE: Final = 60
"""Bits for one question's sum in a packed row: weight below 2¹⁵, rarity 2¹⁵, logarithm of a count
2¹³, 2¹⁴ features of a kind at their most, and the sign; two of Python's own digits, so that they
are cut without shifting."""
_MOST_WEIGHT: Final = 1 << 15
"""Thousandths; those of the shipped model stay below 3,000."""
_MOST_RARITY: Final = 32.0
"""A feature of one article in 10¹³ would have it."""
_KIND_WEIGHT: Final = {TITLE: 1.0, OPENING: 1.0, WORDS: 0.7, CUES: 2.0}
"""Length of each kind's part of the vector; the rules' findings come as they are, times this:"""
_RULES_WEIGHT: Final = 0.6
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
        """Give what each feature of some kinds, by whole name, adds to each question's margin."""
        vector = weigh_features(features.named(kinds), self.idf)
        found: dict[str, dict[str, float]] = {}
        for question in questions:
            at = self.questions.index(question)
            found[question] = {
                name: value * self.weights[name][at] / SCALE for name, value in vector.items()
            }
        return found

    def margins(self, features: Features) -> dict[str, float]:
        """Sum what each feature adds to each question, all questions of a feature at once.

        In whole numbers as long as features are added, so that no order of them and no machine
        gives another sum. The same as ``weigh_features`` times the weights, but for their rounding.
        """
        totals = list(self.biases)
        parts = [(self._findings_sum(features.findings), _RULES_WEIGHT / SCALE)]
        for kind, length in _KIND_WEIGHT.items():
            total, square = self._counts_sum(kind, features.counts)
            if square:
                parts.append((total, length / math.sqrt(square)))
        for total, scale in parts:
            for i, whole in enumerate(_unpacked(total, len(totals))):
                totals[i] += scale * (whole / (SCALE * SCALE))
        return dict(zip(self.questions, totals, strict=True))

    def _findings_sum(self, findings: Mapping[str, float]) -> int:
        rows = self._rows.get(RULES, {})
        return sum(
            [rows[name] * round(SCALE * value) for name, value in findings.items() if name in rows]
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
        if (kind := name[0]) == RULES:
            vector[name] = _RULES_WEIGHT * value
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


# --------------------------------------------------------------------------- the file


def write_model(model: Model) -> bytes:
    """Give the file of a model: one feature a line, sorted, so that two can be compared."""
    head = {
        "format": FORMAT,
        "name": model.name,
        "taxonomy": model.taxonomy_release,
        "questions": list(model.questions),
        "biases": _whole(model.biases),
        "calibration": {q: _whole(model.calibration[q]) for q in sorted(model.calibration)},
        "asked": list(model.asked),
        "risk": _whole(model.risk),
        "risk_limit": _whole([model.risk_limit])[0],
    }
    lines = [json.dumps(head, ensure_ascii=False, sort_keys=True)]
    for name in sorted(model.idf):
        row = [name, *_whole([model.idf[name]]), *model.weights[name]]
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    return ("\n".join(lines) + "\n").encode()


def read_model(data: bytes, *, name: str) -> Model:
    """Read a model from its file's bytes; ``name`` stands in the messages.

    Raises:
        ModelError: it is damaged, or no model of this program.
    """
    try:
        head, *rows = [json.loads(line) for line in _lines(data)]
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise ValueError(f"format is not {FORMAT}")  # noqa: TRY301 - one way out below
        return _parsed(head, rows, hashlib.sha256(data).hexdigest())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        why = str(error)[:200]
        raise ModelError(
            t(
                f"Tệp mô hình {name} hỏng hoặc không phải mô hình của tinbai ({why}). Chưa ghi gì. "
                "Hãy cài lại tinbai, hoặc huấn luyện lại bằng “tinbai model train”.",
                f"The model file {name} is damaged or no model of tinbai ({why}). Nothing was "
                "written. Reinstall tinbai, or train again with 'tinbai model train'.",
            )
        ) from error


def _lines(data: bytes) -> list[str]:
    if len(data) > MAX_BYTES:
        raise ValueError(f"{len(data)} bytes")
    if not data.endswith(b"\n"):
        raise ValueError("cut short")
    return data.decode().splitlines()


def _parsed(head: Mapping[str, Any], rows: Iterable[Any], digest: str) -> Model:
    questions = tuple(str(q) for q in head["questions"])
    asked = tuple(str(q) for q in head["asked"])
    topics = topics_of(questions)
    expected = {REFORM, *topics, DOUBT, *(SECOND + q for q in asked)}
    if not topics or set(questions) != expected or len(questions) != len(expected):
        raise ValueError(f"questions: {questions}")
    if not set(asked) <= {REFORM, *topics}:
        raise ValueError(f"asked: {asked}")
    idf: dict[str, float] = {}
    weights: dict[str, Sequence[int]] = {}
    one_of_a_size: dict[int, int] = {}  # 300,000 weights take 2,000 values, which then stay near
    for name, rarity, *row in rows:
        if not isinstance(name, str) or len(row) != len(questions) or not _are_weights(row):
            raise ValueError(f"feature {str(name)[:50]}: {str(row)[:50]}")
        idf[name] = _rarity(rarity)
        weights[name] = tuple([one_of_a_size.setdefault(weight, weight) for weight in row])
    biases = tuple(map(_real, head["biases"]))
    calibration = {
        q: _coefficients(head["calibration"][q], q, questions, asked) for q in (REFORM, *topics)
    }
    risk = tuple(map(_real, head["risk"]))
    if len(biases) != len(questions) or len(risk) != _RISK_NUMBERS:
        raise ValueError("biases or risk")
    return Model(
        name=str(head["name"]),
        taxonomy_release=str(head["taxonomy"]),
        questions=questions,
        idf=idf,
        weights=weights,
        biases=biases,
        calibration=calibration,
        asked=asked,
        risk=risk,
        risk_limit=_real(head["risk_limit"]),
        digest=digest,
    )


def _are_weights(row: Sequence[Any]) -> bool:
    return {*map(type, row)} == {int} and max(map(abs, row)) < _MOST_WEIGHT


def _coefficients(
    wholes: Sequence[Any], question: str, questions: Sequence[str], asked: Sequence[str]
) -> tuple[float, ...]:
    columns = chance_columns(question, dict.fromkeys(questions, 0.0), asked)
    if len(wholes) != len(columns) + 1:
        raise ValueError(f"calibration {question}: {str(wholes)[:50]}")
    return tuple(map(_real, wholes))


def _rarity(whole: Any) -> float:  # noqa: ANN401 - read from a file
    rarity = _real(whole)
    if not 0 <= rarity < _MOST_RARITY:
        raise ValueError(f"no rarity: {str(whole)[:50]}")
    return rarity


def _real(whole: Any) -> float:  # noqa: ANN401 - read from a file
    if type(whole) is not int:
        raise ValueError(f"not a whole number: {str(whole)[:50]}")
    return whole / SCALE


def _whole(numbers: Iterable[float]) -> list[int]:
    return [round(number * SCALE) for number in numbers]
