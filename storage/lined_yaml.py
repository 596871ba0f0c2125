"""YAML files read into a pydantic model, with every problem as ``file:line: field: message``.

Knows nothing of what the files are about. Items of a list are counted from 1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from rapidfuzz import process

from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

Place = tuple[int | str, ...]
"""Where a field stands, e.g. ``("versions", 0, "family")``."""

Model = TypeVar("Model", bound=BaseModel)

NEAR = 70
"""Likeness, 0 … 100, from which a known key is offered for an unknown one."""

_VIETNAMESE = {
    "missing": "thiếu",
    "enum": "phải là {expected}",
    "string_type": "cần chữ; nếu là số thì đặt trong dấu nháy",
    "string_too_short": "không được để trống",
    "int_type": "cần số nguyên",
    "bool_type": "cần true hoặc false",
    "bool_parsing": "cần true hoặc false",
    "dict_type": "cần các khóa bên trong, mỗi khóa một dòng",
    "float_type": "cần số",
    "float_parsing": "cần số",
    "finite_number": "cần số hữu hạn",
    "tuple_type": "cần danh sách, mỗi mục bắt đầu bằng dấu -",
    "too_short": "cần ít nhất {min_length} mục",
    "model_type": "cần các khóa bên trong, mỗi khóa một dòng",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "date_type": "cần ngày năm-tháng-ngày, ví dụ 2025-09-01",
    "date_parsing": "cần ngày năm-tháng-ngày, ví dụ 2025-09-01",
    "date_from_datetime_parsing": "cần ngày năm-tháng-ngày, ví dụ 2025-09-01",
    "date_from_datetime_inexact": "cần ngày, không kèm giờ",
    "invalid_key": "khóa phải là chữ",
}


class Problems(Exception):  # noqa: N818 - a list for the caller, who makes the error of it
    """Everything that is wrong with one file."""

    def __init__(self, problems: Iterable[str]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Lined(Generic[Model]):
    """What a file says, and where it says it."""

    value: Model
    digest: str
    """SHA-256 of the file, in hex."""
    path: Path
    lines: Mapping[Place, int]

    def problem(self, place: Place, text: str) -> str:
        """Give ``file:line: field: message`` for a field of the file."""
        return _problem(self.path, _line(place, self.lines), _name(place), text)


def read(path: Path, model: type[Model], *, known_keys: Collection[str]) -> Lined[Model]:
    """Read a file into a model; ``known_keys`` are offered for unknown ones.

    Raises:
        Problems: with all of them.
    """
    try:
        raw = path.read_bytes()
        loader = _Loader(raw.decode("utf-8-sig"))
        node = loader.get_single_node()
        lines = dict(_lines(node, ()))
        data = loader.construct_document(node) if node is not None else None
    except OSError as error:
        raise Problems([_problem(path, 1, "-", str(error.strerror))]) from error
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Problems([_problem(path, line, "-", t("không phải UTF-8", "not UTF-8"))]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Problems([_problem(path, *_syntax(error))]) from error
    if not isinstance(data, dict):
        nothing = t("tệp không có khóa nào", "the file has no keys")
        raise Problems([_problem(path, 1, "-", nothing)])
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        found = sorted(_explain(error, lines, known_keys))
        raise Problems(_problem(path, *problem) for problem in found) from error
    return Lined(value, hashlib.sha256(raw).hexdigest(), path, lines)


class _Loader(yaml.SafeLoader):
    """Leaves days as text: the model reads them, and knows the line of a wrong one."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - a table of the parent class
        first: [(tag, regex) for tag, regex in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse '*name': a small file could stand for a huge or endless one."""
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem=t("không dùng *", "no *"), problem_mark=mark)
        return super().compose_node(parent, index)


def _lines(node: yaml.Node | None, place: Place) -> Iterator[tuple[Place, int]]:
    """Give the line of every field.

    Raises:
        YAMLError: a key stands twice.
    """
    if node is None:
        return
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                twice = t(f"khóa “{name}” ghi hai lần", f"the key '{name}' stands twice")
                raise yaml.MarkedYAMLError(problem=twice, problem_mark=key.start_mark)
            seen.add(name)
            yield from _lines(value, (*place, name))
            yield (*place, name), key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _lines(value, (*place, number))


def _syntax(error: Exception) -> tuple[int, str, str]:
    mark = getattr(error, "problem_mark", None)
    text = getattr(error, "problem", None) or str(error).splitlines()[0]
    return mark.line + 1 if mark else 1, "-", t(f"YAML sai: {text}", f"wrong YAML: {text}")


def _explain(
    error: ValidationError, lines: Mapping[Place, int], known_keys: Collection[str]
) -> Iterator[tuple[int, str, str]]:
    details = error.errors(include_url=False)
    places = [detail["loc"] for detail in details]
    for detail in details:
        place = detail["loc"]
        inside = any(p[: len(place)] == place for p in places if len(p) > len(place))
        if detail["type"] == "too_short" and inside:
            continue  # pydantic counts only the items that are right
        yield _line(place, lines), _name(place), _message(detail, known_keys)


def _line(place: Place, lines: Mapping[Place, int]) -> int:
    """Give the line of a field, or of the nearest part around one that is missing."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _name(place: Place) -> str:
    name = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in place)
    return name.removeprefix(".") or "-"


def _problem(path: Path, line: int, field: str, text: str) -> str:
    return f"{path}:{line}: {field}: {text}"


def _message(detail: Any, known_keys: Collection[str]) -> str:  # noqa: ANN401 - a TypedDict of pydantic_core
    kind, context, english = detail["type"], detail.get("ctx", {}), detail["msg"]
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _unknown_key(str(detail["loc"][-1]), known_keys)
    if kind == "enum":
        context = {"expected": context["expected"].replace(" or ", " hoặc ")}
    return t(_VIETNAMESE.get(kind, english).format(**context), english)


def _unknown_key(name: str, known_keys: Collection[str]) -> str:
    if name in known_keys:
        return t("khóa này không đặt ở mục này", "this key does not belong here")
    found = process.extractOne(name, known_keys, score_cutoff=NEAR)
    vi, en = (f" (có phải “{found[0]}”?)", f" (is it '{found[0]}'?)") if found else ("", "")
    return t(f"khóa không có{vi}", f"unknown key{en}")
