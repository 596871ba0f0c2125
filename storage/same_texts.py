"""Articles elsewhere that have the text of one of those that a report reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.records import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

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
    only_earlier: bool,
) -> list[int]:
    """Give the articles not among those found that have, or had, the text of one of them.

    Args:
        c: read from.
        as_of: what was recorded later is not known.
        found: those whose texts are looked for.
        sites: found is what is on these sites; None: on all.
        window: found is only what can be of these days; None: whatever its day.
        only_earlier: of other sites leave out what all of those found with its text came before,
            as is plain from its own day: of a notice that a thousand communes take over nearly all.
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
    other = _others(sites, window)
    on_these_sites = sa.true() if sites is None else _article.site.in_(sites)

    def can_matter(text: str) -> sa.ColumnElement[bool]:
        if not only_earlier:
            return sa.true()
        return on_these_sites | (_may_come_before(last[text]) if text in last else sa.false())

    elsewhere = (
        sa.select(_article.id)
        .join(tables.article_version, _version.article_id == _article.id)
        .where(other, _version.extracted_at <= as_of, _article.first_seen_at <= as_of)
    )
    return sorted(
        {
            number
            for text in _texts_elsewhere_too(c, versions.values(), other)
            for number in c.scalars(elsewhere.where(_version.text_sha256 == text, can_matter(text)))
        }
        - known
    )


def _others(sites: Collection[str] | None, window: DayInterval | None) -> sa.ColumnElement[bool]:
    """Pick the versions that can be of an article that was not found."""
    elsewhere = sa.false() if sites is None else _article.site.not_in(sites)
    if window is None:
        return elsewhere
    day = _version.date_published
    at_another_time = day < window.start
    if window.end is not None:
        at_another_time |= day >= window.end
    return elsewhere | at_another_time


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


Order = tuple[dt.date, dt.datetime, int]
"""By what the first of several articles with one text is told: day, first seen, id."""


def _may_come_before(order: Order) -> sa.ColumnElement[bool]:
    """Pick versions whose article may come before another; those without a steady day may."""
    day, seen_at, number = order
    moved = tables.dated_look.c
    return sa.or_(
        _version.date_published.is_(None),
        _version.date_published < day,
        _article.first_seen_at < _end_of(day),
        sa.and_(_version.date_published == day, _article.first_seen_at < seen_at),
        sa.and_(
            _version.date_published == day,
            _article.first_seen_at == seen_at,
            _article.id < number,
        ),
        sa.exists().where(moved.article_id == _article.id),
    )


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), VIETNAM)
