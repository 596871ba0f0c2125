"""What lies outside of a period: told apart and counted in the database, not loaded.

A report on a quarter asks for the quarter's articles; of those of five years nearly all are known,
by the one day that all their versions print, to be of other days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.records import Elsewhen
from storage.shown import day_moves_in_a_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from storage.engine import Connection
    from storage.records import Candidate, DayInterval

_article, _version = tables.article.c, tables.article_version.c


def part_by_period(
    c: Connection,
    as_of: dt.datetime,
    *,
    window: DayInterval,
    sites: Collection[str] | None,
    whole: Collection[str],
    seams: Sequence[dt.date],
) -> tuple[list[int], tuple[Elsewhen, ...]]:
    """Give the articles that can be of a period, by id, and how many of each site are not.

    An article is plainly of other days when every version read until then prints one and the same
    day outside of the period, and neither the page's day nor a list's has moved along with the
    looks. All others can be of it.

    Args:
        c: read from.
        as_of: inclusive; what was recorded later is not known.
        window: the period's days.
        sites: of these only; None: of all.
        whole: sites of which every article is given by id.
        seams: days on which sites pass to another unit, in order; those of a site are told apart
            where one lies between them.
    """
    among = sa.true() if sites is None else _article.site.in_(sites)
    day = sa.func.min(_version.date_published)
    is_outside = day < window.start
    if window.end is not None:
        is_outside |= day >= window.end
    is_plain = sa.and_(
        is_outside,
        day == sa.func.max(_version.date_published),
        sa.func.count(_version.date_published) == sa.func.count(_version.article_id),
        _article.site.not_in(whole),
        ~_moves(as_of),
    )
    each = (
        sa.select(_article.id, _article.site, sa.case((is_plain, day)).label("day"))
        .join_from(
            tables.article,
            tables.article_version,
            (_version.article_id == _article.id) & (_version.extracted_at <= as_of),
            isouter=True,
        )
        .where(_article.first_seen_at <= as_of, among)
        .group_by(_article.id, _article.site)
    ).subquery()
    near = sa.case((each.c.day.is_(None), each.c.id))
    rows = c.execute(
        sa.select(
            near.label("near"), each.c.site, sa.func.min(each.c.day).label("day"), sa.func.count()
        ).group_by("near", each.c.site, *([_span(each.c.day, seams)] if seams else []))
    ).all()
    return (
        sorted(number for number, *_ in rows if number is not None),
        tuple(
            Elsewhen(site=site, day=first, posts=posts)
            for number, site, first, posts in rows
            if number is None
        ),
    )


def _span(
    day: sa.ColumnElement[dt.date], seams: Sequence[dt.date], first: int = 0
) -> sa.ColumnElement[int]:
    """Number the spans between seams, by halving: a few comparisons where there are hundreds."""
    if not seams:
        return sa.literal(first)
    middle = len(seams) // 2
    before = _span(day, seams[:middle], first)
    after = _span(day, seams[middle + 1 :], first + middle + 1)
    return sa.case((day < seams[middle], before), else_=after)


def _moves(as_of: dt.datetime) -> sa.ColumnElement[bool]:
    """Tell whether an article's day moved, on the page or in a list."""
    look = tables.dated_look.c
    on_page = sa.exists().where(look.article_id == _article.id, look.seen_at <= as_of)
    return on_page | day_moves_in_a_list(as_of)


def without(
    elsewhen: Iterable[Elsewhen], read: Iterable[Candidate], seams: Sequence[dt.date]
) -> tuple[Elsewhen, ...]:
    """Take away from what was counted those that were read after all: each has one place."""
    found = Counter((one.site, bisect_right(seams, one.day)) for one in read if one.day is not None)
    rest = []
    for one in elsewhen:
        posts = one.posts - found[one.site, bisect_right(seams, one.day)]
        if posts:
            rest.append(Elsewhen(site=one.site, day=one.day, posts=posts))
    return tuple(rest)
