"""A report's counted posts month by month. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import LineArticle, Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """The counted posts of one calendar month, of all units together."""

    first: dt.date
    """The month's first day that lies in the period."""
    posts: tuple[int, ...]
    """By headline tag, in the order of the report's tags."""


def months(report: Report) -> tuple[Month, ...]:
    """Give each month that the period touches, in their order.

    A post that counts by an interval of days is of the month in which the interval ends. The
    months' sum is the sum of the lines.
    """
    end = report.period.end
    if end is None:
        return ()
    counted: Counter[tuple[dt.date, str]] = Counter(
        (day.replace(day=1), line.tag)
        for line in report.lines
        for article in line.articles
        if article.bucket is None and (day := _day(article)) is not None
    )
    found = []
    first = report.period.start
    while first < end:
        posts = tuple(counted[first.replace(day=1), tag] for tag in report.tags)
        found.append(Month(first=first, posts=posts))
        first = (first.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    return tuple(found)


def _day(article: LineArticle) -> dt.date | None:
    if article.day is not None or article.days is None or article.days.end is None:
        return article.day
    return article.days.end - dt.timedelta(days=1)
