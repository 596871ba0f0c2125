"""What lists, feeds and sitemaps show of articles, where they say more than the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.moving_days import list_day_moves
from storage.records import Channel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from storage.engine import Connection

_sighting, _article = tables.sighting.c, tables.article.c


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What lists, feeds and sitemaps show of an article: the newest sighting of each kind."""

    title: str | None = None
    dated: sa.Row[Any] | None = None
    raw: str | None = None
    fed: dt.date | None = None
    """The day in the feed."""
    only_claimed: bool = False
    """No list knows it; a unit named it."""
    moves: bool = False
    """A list's day follows the clock."""


UNSEEN = Shown()


def shown_in_lists(
    c: Connection,
    as_of: dt.datetime,
    *,
    among: sa.ColumnElement[bool] | None,
    also: Collection[int],
) -> dict[int, Shown]:
    """Give what lists show of the articles of which they say more than their pages, by id.

    Those are the ones that a feed or a unit names or whose day moves, and those in ``also``. Of
    the others it is enough that lists show them, and nothing is read.
    """
    named = _sighting.channel.in_([Channel.FEED, Channel.CLAIM])
    wanted = set(also).union(
        c.scalars(
            sa.select(_article.id).where(
                _article.first_seen_at <= as_of,
                sa.true() if among is None else among,
                day_moves_in_a_list(as_of, or_when=named),
            )
        )
    )
    found: dict[int, list[Any]] = {}
    for some in in_batches(sorted(wanted)):
        for row in c.execute(
            sa.select(
                _sighting.article_id,
                _sighting.section,
                _sighting.channel,
                _sighting.title,
                _sighting.date_published,
                _sighting.date_published_raw,
                _sighting.seen_at,
                _article.first_seen_at,
            )
            .join(tables.article, _article.id == _sighting.article_id)
            .where(_sighting.article_id.in_(some), _sighting.seen_at <= as_of)
            .order_by(_sighting.seen_at, _sighting.id)
        ):
            found.setdefault(row.article_id, []).append(row)
    return {article_id: _shown(rows) for article_id, rows in found.items()}


def day_moves_in_a_list(
    as_of: dt.datetime, *, or_when: sa.ColumnElement[bool] | None = None
) -> sa.ColumnElement[bool]:
    """Pick rows of ``article`` that one list has shown with different days until ``as_of``.

    Asked article by article, by an index that holds all of it: a database that may choose
    otherwise reads every sighting of the base. ``or_when`` picks sightings besides.
    """
    day = _sighting.date_published
    moves = sa.func.min(day) < sa.func.max(day)
    return (
        sa.select(_sighting.section)
        .where(_sighting.article_id == _article.id, _sighting.seen_at <= as_of)
        .group_by(_sighting.section, _sighting.channel)
        .having(moves if or_when is None else moves | or_when)
        .correlate(tables.article)
        .exists()
    )


def _shown(rows: Sequence[sa.Row[Any]]) -> Shown:
    """Sum up an article's sightings, oldest first."""
    dated = [row for row in rows if row.date_published is not None]
    return Shown(
        title=next((row.title for row in reversed(rows) if row.title is not None), None),
        dated=dated[-1] if dated else None,
        raw=next(
            (raw for row in reversed(rows) if (raw := row.date_published_raw) is not None), None
        ),
        fed=next((row.date_published for row in reversed(dated) if _is_feed(row)), None),
        only_claimed=all(row.channel is Channel.CLAIM for row in rows),
        moves=list_day_moves(rows),
    )


def _is_feed(row: sa.Row[Any]) -> bool:
    return row.channel is Channel.FEED
