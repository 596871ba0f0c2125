"""A model's file, read and written. Pure.

The file is JSON: it can be read by anyone, cannot run anything, and is the same on every machine.
Every number in it is a whole number of thousandths.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from classifier.decide import REFORM
from classifier.errors import ModelError
from classifier.model import (
    DOUBT,
    MOST_RARITY,
    MOST_WEIGHT,
    SCALE,
    SECOND,
    Model,
    chance_columns,
    topics_of,
)
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FORMAT: Final = "tinbai-model-2"
MAX_BYTES: Final = 32_000_000
"""Twenty times what the shipped model takes: a larger file is none of ours."""

_RISK_NUMBERS: Final = 5


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
    return {*map(type, row)} == {int} and max(map(abs, row)) < MOST_WEIGHT


def _coefficients(
    wholes: Sequence[Any], question: str, questions: Sequence[str], asked: Sequence[str]
) -> tuple[float, ...]:
    columns = chance_columns(question, dict.fromkeys(questions, 0.0), asked)
    if len(wholes) != len(columns) + 1:
        raise ValueError(f"calibration {question}: {str(wholes)[:50]}")
    return tuple(map(_real, wholes))


def _rarity(whole: Any) -> float:  # noqa: ANN401 - read from a file
    rarity = _real(whole)
    if not 0 <= rarity < MOST_RARITY:
        raise ValueError(f"no rarity: {str(whole)[:50]}")
    return rarity


def _real(whole: Any) -> float:  # noqa: ANN401 - read from a file
    if type(whole) is not int:
        raise ValueError(f"not a whole number: {str(whole)[:50]}")
    return whole / SCALE


def _whole(numbers: Iterable[float]) -> list[int]:
    return [round(number * SCALE) for number in numbers]
