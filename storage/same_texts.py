"""Articles elsewhere that have the text of one of those that a report reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from storage import tables
from storage.columns import KEY, UtcDateTime
from storage.engine import in_batches
from storage.records import VIETNAM
from storage.shown import day_moves_in_a_list

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from storage.engine import Connection
    from storage.records import Candidate, DayInterval

_article, _version = tables.article.c, tables.article_version.c


def with_the_texts_of(
    c: Connection,
    as_of: dt.datetime,
    found: Iterable[Candidate],
    *,
    sites: Collection[str] | None,
    window: DayInterval | None,
    first_among: Callable[[str, dt.date], bool] | None,
) -> list[int]:
    """Give the articles not among those found that have, or had, the text of one of them.

    Args:
        c: read from.
        as_of: what was recorded later is not known.
        found: those whose texts are looked for.
        sites: found is what is on these sites; None: on all.
        window: found is only what can be of these days; None: whatever its day.
        first_among: tells of a site and a day whether an article there can be called the first.
            Of other sites only that one is given which was first with a text, and whatever may
            have come before it: of a notice that a thousand communes take over, one. None: all.
    """
    last: dict[str, Order] = {}
    known = set[int]()
    versions: dict[str, int] = {}
    for one in found:
        known.add(one.article_id)
        if one.text_sha256 is None or one.version_id is None:
            continue
        versions.setdefault(one.text_sha256, one.version_id)
        if one.latest_day is not None:
            order = (one.latest_day, one.first_seen_at, one.article_id)
            last[one.text_sha256] = max(order, last.get(one.text_sha256, order))
    texts = sorted(_texts_elsewhere_too(c, versions.values(), _others(sites, window)))
    if first_among is None:
        others = _having(c, as_of, texts, _others(sites, window))
    else:
        asked = {text: last[text] for text in texts if text in last}
        here = _on(sites) & _at_another_time(window)
        others = _having(c, as_of, [text for text in texts if text not in last], here)
        for copies in _copies_before(c, as_of, asked, elsewhere=~_on(sites), here=here):
            own = {one.article_id for one in copies if sites is None or one.site in sites}
            others |= own
            others |= firsts([x for x in copies if x.article_id not in own], first_among)
    return sorted(others - known)


def _others(sites: Collection[str] | None, window: DayInterval | None) -> sa.ColumnElement[bool]:
    """Pick the versions that can be of an article that was not found."""
    return ~_on(sites) | _at_another_time(window)


def _on(sites: Collection[str] | None) -> sa.ColumnElement[bool]:
    return sa.true() if sites is None else _article.site.in_(sites)


def _at_another_time(window: DayInterval | None) -> sa.ColumnElement[bool]:
    if window is None:
        return sa.false()
    day = _version.date_published
    before = day < window.start
    return before if window.end is None else before | (day >= window.end)


def _texts_elsewhere_too(
    c: Connection, versions: Collection[int], other: sa.ColumnElement[bool]
) -> set[str]:
    """Give the texts of some versions that stand, or stood, in one of the others as well."""
    one = tables.article_version.alias("one")
    stands_elsewhere = (
        sa.select(_version.id)
        .join(tables.article, _article.id == _version.article_id)
        .where(
            _version.text_sha256 == one.c.text_sha256,
            _version.article_id != one.c.article_id,
            other,
        )
        .exists()
    )
    return {
        text
        for some in in_batches(sorted(versions))
        for text in c.scalars(
            sa.select(one.c.text_sha256).where(one.c.id.in_(some), stands_elsewhere)
        )
    }


def _having(
    c: Connection, as_of: dt.datetime, texts: Collection[str], which: sa.ColumnElement[bool]
) -> set[int]:
    """Give the articles that have, or had, one of these texts."""
    having = (
        sa.select(_article.id)
        .join(tables.article_version, _version.article_id == _article.id)
        .where(which, _version.extracted_at <= as_of, _article.first_seen_at <= as_of)
    )
    return {
        number
        for some in in_batches(list(texts))
        for number in c.scalars(having.where(_version.text_sha256.in_(some)))
    }


# ------------------------------------------------------------------------ who was first

Order = tuple[dt.date, dt.datetime, int]
"""By what the first of several articles with one text is told: day, first seen, id."""


class TextCopy(NamedTuple):
    """An article elsewhere of which a version has a certain text."""

    article_id: int
    site: str
    day: dt.date | None
    """As this version prints it."""
    first_seen_at: dt.datetime
    is_looked_at: bool
    """A later look found another day on its page."""
    is_steady: bool
    """It is the newest version and has a day, and none of the article's days has moved."""

    def may_precede(self, order: Order) -> bool:
        """Tell whether the article may come before another.

        Where a day follows the clock, the article's last day is that of its first look.
        """
        own = (self.day or dt.date.max, self.first_seen_at, self.article_id)
        if self.is_steady:
            return own < order
        is_free = self.day is None or self.is_looked_at
        return is_free or own < order or self.first_seen_at < _end_of(order[0])


def firsts(copies: Collection[TextCopy], first_among: Callable[[str, dt.date], bool]) -> set[int]:
    """Give of the copies of one text the first, and what else may be it. Pure.

    Args:
        copies: all that may come before the articles for which this is asked.
        first_among: see ``with_the_texts_of``.
    """
    steady = [
        (one.day, one.first_seen_at, one.article_id)
        for one in copies
        if one.is_steady and one.day is not None and first_among(one.site, one.day)
    ]
    first = min(steady, default=None)
    return {
        one.article_id
        for one in copies
        if first is None
        or one.article_id == first[-1]
        or (not one.is_steady and one.may_precede(first))
    }


def _copies_before(
    c: Connection,
    as_of: dt.datetime,
    asked: Mapping[str, Order],
    *,
    elsewhere: sa.ColumnElement[bool],
    here: sa.ColumnElement[bool],
) -> Iterator[list[TextCopy]]:
    """Give of each text the copies here, and those elsewhere that may come before an article."""
    later = tables.article_version.alias("later")
    moved = tables.dated_look.c
    is_looked_at = sa.exists().where(moved.article_id == _article.id, moved.seen_at <= as_of)
    is_replaced = sa.exists().where(
        later.c.article_id == _article.id,
        later.c.extracted_at <= as_of,
        sa.tuple_(later.c.extracted_at, later.c.id) > sa.tuple_(_version.extracted_at, _version.id),
    )
    is_steady = sa.and_(
        _version.date_published.is_not(None),
        ~is_looked_at,
        ~is_replaced,
        ~day_moves_in_a_list(as_of),
    )
    for some in in_batches(list(asked.items())):
        before = _orders(some)
        own = sa.tuple_(_version.date_published, _article.first_seen_at, _article.id)
        may_precede = sa.or_(
            _version.date_published.is_(None),
            _article.first_seen_at < before.c.end_of_day,
            own < sa.tuple_(before.c.day, before.c.first_seen_at, before.c.article_id),
            is_looked_at,
        )
        copies: dict[str, list[TextCopy]] = {}
        for text, *copy in c.execute(
            sa.select(
                before.c.text,
                _article.id,
                _article.site,
                _version.date_published,
                _article.first_seen_at,
                is_looked_at,
                is_steady,
            )
            .join_from(before, tables.article_version, _version.text_sha256 == before.c.text)
            .join(tables.article, _article.id == _version.article_id)
            .where(
                _version.extracted_at <= as_of,
                _article.first_seen_at <= as_of,
                here | (elsewhere & may_precede),
            )
        ):
            copies.setdefault(text, []).append(TextCopy(*copy))
        yield from copies.values()


def _orders(asked: Iterable[tuple[str, Order]]) -> sa.CTE:
    """Give the texts that are asked for as a table, each with its order."""
    columns = (
        sa.column("text", sa.Text),
        sa.column("day", sa.Date),
        sa.column("first_seen_at", UtcDateTime()),
        sa.column("article_id", KEY),
        sa.column("end_of_day", UtcDateTime()),
    )
    rows = [(text, *order, _end_of(order[0])) for text, order in asked]
    return sa.values(*columns, name="before").data(rows).cte("before")


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), VIETNAM)
