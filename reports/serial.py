"""A report as plain data and as canonical JSON, and back. Pure.

Equal reports give equal bytes; what was written is read back as an equal report.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from json.encoder import encode_basestring
from types import NoneType, UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from reports.months import months
from reports.pace import pace_of
from reports.scoring import scores
from reports.targets import Target, targets
from reports.totals import claim_tallies, course_of_targets, plan_completions, plan_items, totals
from storage import records
from storage.errors import TinbaiError
from storage.language import t
from storage.records import Finding, LineArticle, PlanResult, Report, ReportLine

FORMAT = "tinbai-report/1"
"""Names the shape of the data; a change that a reader must know of is a new number."""


class ReportFormatError(TinbaiError):
    """A text is no report of ours, or one that a newer tinbai wrote."""

    exit_code: ClassVar[int] = 2


def to_data(report: Report) -> dict[str, Any]:
    """Give the report with every derived number, ready for JSON.

    Days are ``YYYY-MM-DD``; instants ISO 8601 in UTC; ``period.end`` is exclusive; what is not
    known is null.
    """
    return {"format": FORMAT, **plain(report), **_derived_of(report)}


def _derived_of(report: Report) -> dict[str, Any]:
    return {
        "totals": plain(totals(report)),
        "plan_items": plain(plan_items(report)),
        "claim_tallies": plain(claim_tallies(report)),
        "months": plain(months(report)),
        "plan_completions": plain(plan_completions(report)),
        "scores": plain(scores(report)),
        "targets": [_target(target) for target in targets(report)],
        "targets_course": plain(course_of_targets(report)),
    }


def _target(target: Target) -> dict[str, Any]:
    """Give a target with the places of its lines in their plan; none: a tag's number."""
    return {
        "unit": target.unit,
        "tags": list(target.tags),
        "places": [result.line.place for result in target.results],
        "planned": target.planned,
        "remaining": target.remaining,
        "counted": plain(target.counted) | {"is_exact": target.counted.is_exact},
        "pace": plain(target.pace),
    }


def to_json(report: Report) -> str:
    """Give canonical JSON: keys sorted, two spaces, UTF-8 letters as they are, one newline."""
    values = {field.name: getattr(report, field.name) for field in fields(report)}
    return _Text().of({"format": FORMAT, **values, **_derived_of(report)}) + "\n"


class _Text:
    """The text of ``plain(value)`` as ``json.dumps`` writes it, several times as fast.

    A line lists every article of its unit, and most of them (all outside of the period) are the
    same record in the unit's other lines: their text is made once.
    """

    def __init__(self) -> None:
        self._of_article: dict[int, str] = {}

    def of(self, value: object, margin: str = "\n") -> str:
        """Give the text of a value that stands at a margin."""
        if isinstance(value, str):
            return encode_basestring(value)
        if value is None or isinstance(value, bool | int | float):
            return json.dumps(value)
        inner = margin + "  "
        match value:
            case LineArticle():  # in lines only: at one margin
                if (text := self._of_article.get(id(value))) is None:
                    text = self._of_article[id(value)] = self._article(value, margin)
                return text
            case ReportLine():
                values = {field.name: getattr(value, field.name) for field in fields(value)}
                value = values | _more(value)
            case dict() | list() | tuple():
                pass
            case _:
                value = plain(value)
        if isinstance(value, dict):
            items = [f"{encode_basestring(k)}: {self.of(value[k], inner)}" for k in sorted(value)]
            return f"{{{inner}{f',{inner}'.join(items)}{margin}}}" if items else "{}"
        if isinstance(value, list | tuple):
            items = [self.of(item, inner) for item in value]
            return f"[{inner}{f',{inner}'.join(items)}{margin}]" if items else "[]"
        return self.of(value, margin)

    def _article(self, article: LineArticle, margin: str) -> str:
        inner = margin + "  "
        items = []
        for name in _ARTICLE:
            value = getattr(article, name)
            if value is None:
                text = "null"
            elif value is False:
                text = "false"
            elif type(value) is int:
                text = str(value)
            else:
                text = self.of(value, inner)
            items.append(f'"{name}": {text}')
        return f"{{{inner}{f',{inner}'.join(items)}{margin}}}"


_ARTICLE = sorted(field.name for field in fields(LineArticle))


def to_json_as(report: Report, text: str) -> str:
    """Give canonical JSON with what ``text``, an older report's, has a place for.

    Later versions of the program say more of a report; what an earlier one wrote can be held
    against this, byte for byte.
    """
    data = _as(to_data(report), json.loads(text))
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def _as(data: Any, shape: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(data, dict) and isinstance(shape, dict):
        return {key: _as(value, shape[key]) for key, value in data.items() if key in shape}
    if isinstance(data, list) and isinstance(shape, list) and len(data) == len(shape):
        return [_as(*pair) for pair in zip(data, shape, strict=True)]
    return data


def from_json(text: str) -> Report:
    """Give the report that ``to_json`` wrote.

    Derived numbers are not read but computed again, and must be those of the text.

    Raises:
        ReportFormatError: it is no such text, a field is missing or unknown, or a derived number
            is not the one that its line gives.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise _unreadable(str(error)) from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _unreadable(f"format ≠ {FORMAT}")
    report: Report = _read(data, Report, "report")
    _compare(data, to_data(report), "report")
    return report


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
        case ReportLine() | Finding() | PlanResult():
            result = _fields(value) | _more(value)
        case _ if is_dataclass(value):
            result = _fields(value)
        case _:
            raise TypeError(f"no JSON form for {type(value).__name__}")
    return result


def _fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {field.name: plain(getattr(value, field.name)) for field in fields(value)}


def _more(value: ReportLine | Finding | PlanResult) -> dict[str, Any]:
    """Give what follows from a record's fields."""
    match value:
        case Finding():
            return {"state": value.state.value}
        case PlanResult():
            return {
                "percent": _rounded(value.percent),
                "capped_percent": _rounded(value.capped_percent),
                "pace": plain(pace_of(value)),
            }
        case _:
            return _derived(value)


def _derived(line: ReportLine) -> dict[str, Any]:
    return {
        "counted": {
            "posts": line.counted.posts,
            "coverage": line.counted.coverage.value,
            "is_exact": line.counted.is_exact,
        },
        "considered": line.considered,
        "forms": plain(line.forms),
        "excluded": {bucket.value: number for bucket, number in line.excluded.items()},
        "difference": line.difference,
        "percent": _rounded(line.percent),
        "capped_percent": _rounded(line.capped_percent),
        "claimed_percent": _rounded(line.claimed_percent),
        "unsettled": line.unsettled,
        "remaining": line.remaining,
        "pace": plain(pace_of(line)),
    }


def _rounded(value: float | None) -> float | None:
    """Give 4 decimals: far more than is printed, and the same on every machine."""
    return None if value is None else round(value, 4)


# ------------------------------------------------------------------------------ reading


def _read(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401 - any field's type
    """Give a JSON value as a field's type: the reverse of ``plain``."""
    if get_origin(kind) is UnionType:
        if value is None and NoneType in get_args(kind):
            return None
        (kind,) = (part for part in get_args(kind) if part is not NoneType)
    if get_origin(kind) is tuple:
        items = _checked(value, list, where)
        return tuple(
            _read(item, get_args(kind)[0], f"{where}[{i}]") for i, item in enumerate(items)
        )
    if is_dataclass(kind):
        return _read_record(_checked(value, dict, where), kind, where)
    if kind in {int, bool, str}:
        return _checked(value, kind, where)
    try:
        if issubclass(kind, Enum):
            return kind(value)
        return kind.fromisoformat(_checked(value, str, where))  # a day or an instant
    except ValueError as error:
        raise _unreadable(f"{where}: {error}") from error


def _read_record(data: dict[str, Any], kind: Any, where: str) -> Any:  # noqa: ANN401 - as above
    hints = _hints(kind)
    values = {}
    for field in fields(kind):
        if field.name in data:
            values[field.name] = _read(data[field.name], hints[field.name], f"{where}.{field.name}")
        elif field.default is MISSING:
            raise _unreadable(f"{where}.{field.name}: missing")
    try:
        return kind(**values)
    except ValueError as error:
        raise _unreadable(f"{where}: {error}") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, localns={**vars(records), "dt": dt})


def _checked(value: Any, kind: type, where: str) -> Any:  # noqa: ANN401 - as above
    if type(value) is not kind:
        raise _unreadable(f"{where}: {value!r:.40}")
    return value


def _compare(given: Any, again: Any, where: str) -> None:  # noqa: ANN401 - any JSON value
    """Refuse what is in the text and not in the report that was read from it."""
    if isinstance(given, dict) and isinstance(again, dict):
        for key, value in given.items():
            if key not in again:
                raise _unreadable(f"{where}.{key}")
            _compare(value, again[key], f"{where}.{key}")
    elif isinstance(given, list) and isinstance(again, list) and len(given) == len(again):
        for number, pair in enumerate(zip(given, again, strict=True)):
            _compare(*pair, f"{where}[{number}]")
    elif given != again:
        raise _unreadable(f"{where}: {given!r:.40} ≠ {again!r:.40}")


def _unreadable(detail: str) -> ReportFormatError:
    return ReportFormatError(
        t(
            f"Không đọc được báo cáo đã lưu ({detail}). Nếu báo cáo do phiên bản tinbai mới hơn "
            "lập, hãy nâng cấp chương trình.",
            f"The stored report cannot be read ({detail}). If a newer tinbai wrote it, upgrade "
            "this program.",
        )
    )
