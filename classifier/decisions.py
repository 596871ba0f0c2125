"""Decisions on topics that people wrote down elsewhere, read from a CSV file. All errors at once.

Columns: Địa chỉ (the article's address or number), Chủ đề (a topic's code), Mức (chính, nhắc
qua, không), Lý do.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.errors import InputError
from storage.folding import clean, fold
from storage.language import t
from storage.records import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

ADDRESS, TOPIC, LEVEL, REASON = "Địa chỉ", "Chủ đề", "Mức", "Lý do"
LEVELS = {
    "chính": Level.MAIN,
    "nhắc qua": Level.MENTION,
    "không": Level.NONE,
    **{level.value: level for level in Level},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a person says of one topic of one article."""

    version_id: int
    """The newest version of the article."""
    topic: str
    level: Level
    reason: str


def read_decisions(
    path: Path, *, topics: Collection[str], newest_version: Callable[[str], int | None]
) -> list[Decision]:
    """Read all decisions of a file.

    Args:
        path: CSV, UTF-8 with or without a byte order mark.
        topics: the codes of the taxonomy in force.
        newest_version: gives the version of an address or number; None: no such article, or
            none that was read.

    Raises:
        InputError: with every problem and its line; then nothing may be stored.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = {ADDRESS, TOPIC, LEVEL} - {clean(name) for name in rows.fieldnames or ()}
            if missing:
                raise InputError(_no_columns(path, missing))
            read = [(number, row) for number, row in enumerate(rows, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            t(f"Không đọc được {path}: {error}", f"{path} cannot be read: {error}")
        ) from error
    decisions: list[Decision] = []
    problems: list[str] = []
    for number, row in read:
        cells = {clean(key or ""): clean(value or "") for key, value in row.items() if key}
        version = newest_version(cells[ADDRESS])
        found = list(_problems(cells, version, topics))
        problems += [f"{t('dòng', 'line')} {number}: {problem}" for problem in found]
        if version is not None and not found:
            decisions.append(
                Decision(
                    version_id=version,
                    topic=cells[TOPIC],
                    level=LEVELS[fold(cells[LEVEL])],
                    reason=cells.get(REASON, ""),
                )
            )
    if problems:
        title = t(
            f"Tệp {path.name} có lỗi; chưa ghi gì.", f"{path.name} has errors; nothing was stored."
        )
        raise InputError(title, tuple(problems))
    return decisions


def _no_columns(path: Path, missing: Collection[str]) -> str:
    names = ", ".join(f"“{name}”" for name in sorted(missing))
    return t(f"Tệp {path.name} thiếu cột {names}.", f"{path.name} lacks the columns {names}.")


def _problems(cells: dict[str, str], version: int | None, topics: Collection[str]) -> Iterator[str]:
    address, topic, level = cells[ADDRESS], cells[TOPIC], cells[LEVEL]
    if version is None:
        yield t(
            f"không có bài đã đọc nào là “{address}”", f"there is no article '{address}' with text"
        )
    if topic not in topics:
        named = ", ".join(topics)
        yield t(
            f"không có chủ đề “{topic}”; có: {named}", f"no topic '{topic}'; there are: {named}"
        )
    if fold(level) not in LEVELS:
        yield t(
            f"mức “{level}” không rõ; ghi: chính, nhắc qua, không",
            f"the level '{level}' is unclear; write: main, mention, none",
        )
