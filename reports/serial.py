"""A report as plain data and as canonical JSON: equal reports give equal bytes. Pure."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from storage.records import ReportLine

if TYPE_CHECKING:
    from storage.records import Report

FORMAT = "tinbai-report/1"
"""Names the shape of the data; a change that a reader must know of is a new number."""


def to_data(report: Report) -> dict[str, Any]:
    """Give the report with every derived number, ready for JSON.

    Days are ``YYYY-MM-DD``; instants ISO 8601 in UTC; ``period.end`` is exclusive; what is not
    known is null.
    """
    return {"format": FORMAT, **plain(report)}


def to_json(report: Report) -> str:
    """Give canonical JSON: keys sorted, two spaces, UTF-8 letters as they are, one newline."""
    return json.dumps(to_data(report), ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Give a record, or anything made of records, as JSON values.

    Raises:
        TypeError: it holds something that has no JSON form.
    """
    result: Any
    match value:
        case None | bool() | int() | float() | str():
            result = value
        case Enum():
            result = value.value
        case dt.datetime():
            result = value.astimezone(dt.UTC).isoformat()
        case dt.date():
            result = value.isoformat()
        case dict():
            result = {plain(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            result = [plain(item) for item in value]
        case ReportLine():
            result = _fields(value) | _derived(value)
        case _ if is_dataclass(value):
            result = _fields(value)
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")
    return result


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def _derived(line: ReportLine) -> dict[str, Any]:
    return {
        "counted": {
            "posts": line.counted.posts,
            "coverage": line.counted.coverage.value,
            "is_exact": line.counted.is_exact,
        },
        "considered": len(line.articles),
        "excluded": {bucket.value: number for bucket, number in line.excluded.items()},
        "difference": line.difference,
        # 4 decimals: far more than is printed, and the same on every machine.
        "percent": None if line.percent is None else round(line.percent, 4),
        "remaining": line.remaining,
    }
