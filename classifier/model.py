"""A trained model: how its file is read, and what it says of an article's features. Pure.

The file is JSON: it can be read by anyone, cannot run anything, and is the same on every machine.
Every number in it is a whole number of thousandths.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from typing import TYPE_CHECKING, Any, Final

from classifier.decide import REFORM, Opinion
from classifier.errors import ModelError
from classifier.features import CUES, OPENING, RULES, TITLE
from classifier.linear import sigmoid
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMAT: Final = "tinbai-model-1"
DOUBT: Final = "?"
"""The question whether a careful reader would hesitate over the article."""
MAX_BYTES: Final = 32_000_000
"""Ten times what the shipped model takes: a larger file is none of ours."""

_SCALE: Final = 1000
_RISK_NUMBERS: Final = 4
_KIND_WEIGHT: Final = {TITLE: 1.0, OPENING: 1.0, CUES: 2.0}
"""Length of each kind's part of the vector; the rules' findings come as they are, times this:"""
_RULES_WEIGHT: Final = 0.6
"""Tried with half and twice each: micro F1 of the headline tags 0.850 … 0.886, cross-validated."""
_LOGS: Final = tuple(round(1 + math.log(n), 6) for n in range(1, 200))


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A trained model. Two of the same digest give the same answers."""

    name: str
    taxonomy_release: str
    questions: tuple[str, ...]
    """``REFORM``, the topics, ``DOUBT``: the order of every row of weights."""
    idf: Mapping[str, float]
    """By feature: greater for a rare one."""
    weights: Mapping[str, Sequence[float]]
    """By feature: one weight for each question."""
    biases: tuple[float, ...]
    calibration: Mapping[str, tuple[float, float]]
    """By question: probability = sigmoid(a · margin + b)."""
    asked: tuple[str, ...]
    """Questions that decide a headline tag alone: over these a person may be asked."""
    risk: tuple[float, ...]
    """Of an answer: coefficients of ``risk_columns``, and the constant."""
    risk_limit: float
    digest: str = ""
    """SHA-256 of the file; empty for a model that was never written."""

    @property
    def topics(self) -> tuple[str, ...]:
        """Give the topics that it has learned, in the taxonomy's order."""
        return tuple(q for q in self.questions if q not in (REFORM, DOUBT))

    def weigh(self, features: Mapping[str, float]) -> dict[str, float]:
        """Give the vector of the features that the model knows."""
        return weigh_features(features, self.idf)

    def judge(self, vector: Mapping[str, float]) -> Opinion:
        """Give the model's opinion of an article with this vector."""
        values = list(vector.values())
        columns = zip(*[self.weights[name] for name in vector], strict=True)
        sums = [math.fsum(map(mul, column, values)) for column in columns]
        by_question = {
            question: bias + total
            for question, bias, total in zip(
                self.questions, self.biases, sums or [0.0] * len(self.biases), strict=True
            )
        }
        doubt = by_question[DOUBT]
        chances = {q: self._chance(q, by_question[q]) for q in self.questions if q != DOUBT}
        return Opinion(
            reform=chances[REFORM],
            topics={q: chance for q, chance in chances.items() if q != REFORM},
            risks={q: self._risk(by_question[q], doubt) for q in self.asked},
            risk_limit=self.risk_limit,
        )

    def contributions(self, vector: Mapping[str, float], question: str) -> dict[str, float]:
        """Give what each feature adds to the margin of one question."""
        at = self.questions.index(question)
        return {name: value * self.weights[name][at] for name, value in vector.items()}

    def _chance(self, question: str, margin: float) -> float:
        slope, constant = self.calibration[question]
        return sigmoid(slope * margin + constant)

    def _risk(self, margin: float, doubt: float) -> float:
        total = self.risk[-1]
        for coefficient, value in zip(self.risk, risk_columns(margin, doubt), strict=False):
            total += coefficient * value
        return sigmoid(total)


def risk_columns(margin: float, doubt: float) -> tuple[float, ...]:
    """Give what the risk of an answer is estimated from.

    How near it was to the other answer, whether it was yes, and whether a careful reader would
    hesitate over the article. That the rules alone say otherwise adds nothing (F1 with review
    0.914, without it 0.920).
    """
    return (abs(margin), float(margin > 0), doubt)


def weigh_features(features: Mapping[str, float], idf: Mapping[str, float]) -> dict[str, float]:
    """Turn counts into the vector that is weighed; features without an idf are unknown: left out.

    Within each kind: (1 + ln count) · idf, scaled to the kind's length; so a long text speaks no
    louder than a short one.
    """
    parts: dict[str, dict[str, float]] = {kind: {} for kind in _KIND_WEIGHT}
    squares = dict.fromkeys(_KIND_WEIGHT, 0.0)
    vector: dict[str, float] = {}
    for name, value in features.items():
        if (rarity := idf.get(name)) is None:
            continue
        if (kind := name[0]) == RULES:
            vector[name] = _RULES_WEIGHT * value
            continue
        weighed = rarity if value == 1 else _LOGS[min(int(value), len(_LOGS)) - 1] * rarity
        parts[kind][name] = weighed
        squares[kind] += weighed * weighed
    for kind, part in parts.items():
        if part:
            scale = _KIND_WEIGHT[kind] / math.sqrt(squares[kind])
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
        row = [name, *_whole([model.idf[name]]), *_whole(model.weights[name])]
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
    if REFORM not in questions or DOUBT not in questions or len(set(questions)) != len(questions):
        raise ValueError(f"questions: {questions}")
    idf: dict[str, float] = {}
    weights: dict[str, Sequence[float]] = {}
    for name, rarity, *row in rows:
        if not isinstance(name, str) or len(row) != len(questions):
            raise ValueError(f"feature {name}: {len(row)} weights")
        idf[name] = _real(rarity)
        weights[name] = tuple(map(_real, row))
    biases = tuple(map(_real, head["biases"]))
    calibration = {q: _pair(head["calibration"][q]) for q in questions if q != DOUBT}
    risk = tuple(map(_real, head["risk"]))
    asked = tuple(str(q) for q in head["asked"])
    if not set(asked) <= set(calibration):
        raise ValueError(f"asked: {asked}")
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


def _real(whole: Any) -> float:  # noqa: ANN401 - read from a file
    if type(whole) is not int:
        raise ValueError(f"not a whole number: {str(whole)[:50]}")
    return _thousandths(whole)


@lru_cache(maxsize=20_000)
def _thousandths(whole: int) -> float:
    """Give the one number of this size: 200,000 weights take 2,000 values, which then stay near."""
    return whole / _SCALE


def _pair(wholes: Any) -> tuple[float, float]:  # noqa: ANN401 - read from a file
    slope, constant = map(_real, wholes)
    return slope, constant


def _whole(numbers: Iterable[float]) -> list[int]:
    return [round(number * _SCALE) for number in numbers]
