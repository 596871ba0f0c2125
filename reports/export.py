"""Lists of articles as files: JSON lines, and CSV that Excel opens without surprises. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from reports.csv_table import csv_table
from reports.serial import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.articles import ListedArticle

_COLUMNS = (
    "article_id",
    "unit",
    "site",
    "day",
    "title",
    "url",
    "tags",
    "fates",
    "unread",
    "first_seen_at",
)


def to_jsonl(articles: Sequence[ListedArticle]) -> str:
    """Give one JSON object a line."""
    return "".join(json.dumps(as_data(article), ensure_ascii=False) + "\n" for article in articles)


def to_csv(articles: Sequence[ListedArticle]) -> str:
    """Give a table with a header."""
    rows = ([_cell(value) for value in as_data(article).values()] for article in articles)
    return csv_table(_COLUMNS, rows)


def as_data(article: ListedArticle) -> dict[str, object]:
    """Give an article as JSON values."""
    data: dict[str, object] = plain(article)
    return {column: data[column] for column in _COLUMNS}


def _cell(value: object) -> str | None:
    match value:
        case None:
            return None
        case list():
            return " ".join(map(str, value))
        case dict():
            return " ".join(f"{tag}:{fate}" if tag else fate for tag, fate in value.items())
        case _:
            return str(value)
