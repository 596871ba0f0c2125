"""Points by an office's scale, as rows that every format sets. No arithmetic.

In the language in use; the scale's own sentences stand with the rule's.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reports.render import words
from reports.scoring import scores, spell_points
from storage.language import Language, current, t

if TYPE_CHECKING:
    from reports.scoring import Score
    from storage.records import Report


def title() -> str:
    """Give the heading."""
    return t("Điểm theo thang điểm", "Points by the scale")


def headers() -> tuple[str, ...]:
    """Give the headers of ``rows``."""
    return (
        t("Nhóm", "Tag"),
        t("Đạt", "Done"),
        t("Trên", "Of"),
        t("Tỷ lệ", "Share"),
        t("Điểm", "Points"),
    )


def rows(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give by unit: its name, and its rows."""
    return [
        (name, [_row(score) for score in of_unit])
        for name, of_unit in groupby(scores(report), key=lambda score: score.unit_name)
    ]


def _row(score: Score) -> tuple[str, ...]:
    sign = "≥ " if score.is_lower_bound else ""
    return (
        score.tag or t("cả đơn vị", "the unit"),
        f"{sign}{score.done}",
        str(score.asked),
        f"{sign}{words.percentage(score.percent)}",
        points_text(score.points),
    )


def points_text(points: int | None) -> str:
    """Give '0,95' (English '0.95'); that not enough is known."""
    if points is None:
        return t("chưa đủ căn cứ", "not enough is known")
    text = spell_points(points)
    return text if current() is Language.VI else text.replace(",", ".")
