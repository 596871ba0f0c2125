"""Lists of articles as files: JSON lines, and CSV that Excel opens without surprises. Pure."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from reports.serial import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.articles import ListedArticle

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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
    """Give a table with a header, with the byte order mark that Excel knows UTF-8 by.

    A cell that a spreadsheet would take for a formula is made text with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for article in articles:
        data = as_data(article)
        writer.writerow([_cell(data[column]) for column in _COLUMNS])
    return "\ufeff" + out.getvalue()


def as_data(article: ListedArticle) -> dict[str, object]:
    """Give an article as JSON values."""
    data: dict[str, object] = plain(article)
    return {column: data[column] for column in _COLUMNS}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            text = " ".join(map(str, value))
        case dict():
            text = " ".join(f"{tag}:{fate}" if tag else fate for tag, fate in value.items())
        case _:
            text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
