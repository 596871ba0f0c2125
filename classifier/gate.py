"""The gate: a model that is worse than what was promised is not installed.

Floors are pinned beside the data that they were measured on, by its fingerprint: other data gives
other figures, and comparing them would say nothing. The idea is trafilatura's
``tests/eval_gate.py``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifier.errors import GateError
from classifier.evaluation import asked_share, score
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from classifier.evaluation import Judged
    from classifier.training import Example
    from storage.records import HeadlineTag


@dataclass(frozen=True, kw_only=True, slots=True)
class Quality:
    """The figures of one cross-validation that the gate watches. Shares 0 … 1."""

    fingerprint: str
    """Of the articles that were judged, with their labels."""
    articles: int
    forced_f1: float
    reviewed_f1: float
    reviewed_precision: float
    asked: float
    tags_f1: dict[str, float]


def measure(
    judged: Sequence[Judged], measured: Iterable[Example], tags: Sequence[HeadlineTag]
) -> Quality:
    """Give the figures, rounded down to thousandths, so that a floor taken from them holds."""
    codes = [tag.code for tag in tags]
    reviewed = score(judged, codes, with_review=True)
    return Quality(
        fingerprint=fingerprint(measured),
        articles=len(judged),
        forced_f1=_down(score(judged, codes, with_review=False).f1),
        reviewed_f1=_down(reviewed.f1),
        reviewed_precision=_down(reviewed.precision),
        asked=round(asked_share(judged), 3),
        tags_f1={code: _down(score(judged, [code], with_review=False).f1) for code in codes},
    )


def fingerprint(examples: Iterable[Example]) -> str:
    """Digest the articles and their labels, whatever order they come in."""
    rows = sorted(
        json.dumps(
            [
                example.id,
                example.group,
                example.document.headline,
                example.document.body,
                sorted(example.main),
                sorted(example.mention),
            ],
            ensure_ascii=False,
        )
        for example in examples
    )
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


def check(new: Quality, floor: Quality | None) -> None:
    """Let a model pass that reaches every floor.

    Raises:
        GateError: it falls short, or the floors belong to other data; each shortfall is named.
    """
    if floor is None:
        return
    if floor.fingerprint != new.fingerprint:
        raise GateError(
            t(
                f"Dữ liệu đo ({new.fingerprint}) khác dữ liệu của ngưỡng đã ghim "
                f"({floor.fingerprint}): không so sánh được. Dùng đúng dữ liệu cũ, hoặc thêm "
                "--lower-floors để ghim ngưỡng mới.",
                f"The data ({new.fingerprint}) is not that of the pinned floors "
                f"({floor.fingerprint}): no comparison. Use the same data, or pin new floors with "
                "--lower-floors.",
            )
        )
    if shortfalls := tuple(_shortfalls(new, floor)):
        raise GateError(
            t(
                "Mô hình mới kém hơn ngưỡng đã ghim, không cài. --lower-floors hạ ngưỡng.",
                "The new model is below the pinned floors and was not installed. "
                "--lower-floors lowers them.",
            ),
            shortfalls,
        )


def _shortfalls(new: Quality, floor: Quality) -> Iterable[str]:
    pairs = {
        "forced F1": (new.forced_f1, floor.forced_f1),
        "F1 with review": (new.reviewed_f1, floor.reviewed_f1),
        "precision with review": (new.reviewed_precision, floor.reviewed_precision),
        **{
            f"F1 {code}": (new.tags_f1.get(code, 0.0), least)
            for code, least in floor.tags_f1.items()
        },
    }
    for name, (value, least) in pairs.items():
        if value < least:
            yield f"{name}: {value:.3f} < {least:.3f}"
    if new.asked > floor.asked:
        yield f"asked: {new.asked:.3f} > {floor.asked:.3f}"


def quality_from(data: Any) -> Quality:  # noqa: ANN401 - read from a card
    """Read pinned figures."""
    return Quality(**data)


def _down(share: float) -> float:
    return int(share * 1000) / 1000
