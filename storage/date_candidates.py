"""The days that a page offered, as they lie in a version's row. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeAlias

from storage.records import DateCandidate, DateSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Row: TypeAlias = dict[str, str | None]


def candidates_as_json(candidates: Sequence[DateCandidate]) -> list[Row] | None:
    """Give them as plain values; None without any."""
    return [
        {
            "source": one.source.value,
            "raw": one.raw,
            "day": one.day.isoformat() if one.day else None,
            "refusal": one.refusal,
        }
        for one in candidates
    ] or None


def candidates_from_json(rows: Iterable[Row] | None) -> tuple[DateCandidate, ...]:
    """Give them back; none for versions that were read before candidates were kept."""
    return tuple(
        DateCandidate(
            source=DateSource(row["source"]),
            raw=row["raw"] or "",
            day=dt.date.fromisoformat(row["day"]) if row["day"] else None,
            refusal=row["refusal"],
        )
        for row in rows or ()
    )
