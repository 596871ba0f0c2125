"""Which articles print a day that follows the clock, and what is known instead, at one instant."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.printed_days import PrintedDay, follows_clock
from storage.records import CoverageState, DayInterval, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from storage.engine import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class DatedLook:
    """A look at a page that found its text as before and its day moved."""

    capture_id: int
    seen_at: dt.datetime
    day: dt.date
    raw: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MovingPages:
    """Where a page's own printed day moved, by article."""

    looks: Mapping[int, DatedLook]
    """The newest look at each page whose day moved."""
    by_clock: frozenset[int]
    """Those whose day follows the clock."""


def moving_pages(
    c: Connection, as_of: dt.datetime, *, among: sa.ColumnElement[bool] | None = None
) -> MovingPages:
    """Find the pages whose day moved along with the looks until ``as_of`` (inclusive).

    ``among`` picks rows of ``article``; None: all.
    """
    which = sa.true() if among is None else among
    dated, version = tables.dated_look, tables.article_version
    found = c.execute(
        sa.select(dated, tables.article.c.first_seen_at)
        .join(tables.article, tables.article.c.id == dated.c.article_id)
        .where(dated.c.seen_at <= as_of, which)
        .order_by(dated.c.seen_at, dated.c.id)
    ).all()
    printed: dict[int, list[PrintedDay]] = defaultdict(list)
    for some in in_batches(list({row.article_id for row in found})):
        for row in c.execute(
            sa.select(
                version.c.id, version.c.article_id, version.c.extracted_at, version.c.date_published
            )
            .where(version.c.article_id.in_(some), version.c.extracted_at <= as_of)
            .order_by(version.c.extracted_at, version.c.id)
        ):
            printed[row.article_id].append(
                PrintedDay(seen_at=row.extracted_at, day=row.date_published, words=row.id)
            )
    looks: dict[int, DatedLook] = {}
    first_seen: dict[int, dt.date] = {}
    for row in found:
        _add_look(printed[row.article_id], row.seen_at, row.date_published)
        looks[row.article_id] = _look(row)
        first_seen[row.article_id] = vietnam_day(row.first_seen_at)
    return MovingPages(
        looks=looks,
        by_clock=frozenset(
            article
            for article, day in first_seen.items()
            if follows_clock(printed[article], first_seen=day)
        ),
    )


def dated_looks(c: Connection, article_id: int) -> list[DatedLook]:
    """Give the looks that found an article's text as before and its day moved, oldest first."""
    table = tables.dated_look
    found = c.execute(
        sa.select(table)
        .where(table.c.article_id == article_id)
        .order_by(table.c.seen_at, table.c.id)
    )
    return [_look(row) for row in found]


def _look(row: Any) -> DatedLook:  # noqa: ANN401 - a row of dated_look
    return DatedLook(
        capture_id=row.capture_id,
        seen_at=row.seen_at,
        day=row.date_published,
        raw=row.date_published_raw,
    )


def _add_look(printed: list[PrintedDay], seen_at: dt.datetime, day: dt.date) -> None:
    """Put a dated look in its place: it shows the words of the version before it."""
    place = sum(look.seen_at <= seen_at for look in printed)
    words = printed[place - 1].words if place else None
    printed.insert(place, PrintedDay(seen_at=seen_at, day=day, words=words))


def list_day_moves(sightings: Iterable[Any]) -> bool:
    """Tell whether the day of a list, feed or sitemap that shows an article follows the clock.

    Args:
        sightings: rows of one article, oldest first: those of ``sighting``, with the article's
            ``first_seen_at``.
    """
    places: dict[tuple[Any, ...], list[PrintedDay]] = defaultdict(list)
    first_seen: dt.date | None = None
    for row in sightings:
        first_seen = first_seen or vietnam_day(row.first_seen_at)
        places[row.section, row.channel].append(
            PrintedDay(seen_at=row.seen_at, day=row.date_published, words=row.title)
        )
    return first_seen is not None and any(
        len(looks) > 1 and follows_clock(looks, first_seen=first_seen) for looks in places.values()
    )


def appeared_in(
    c: Connection, as_of: dt.datetime, articles: Collection[int]
) -> dict[int, DayInterval]:
    """Give the days on which articles can have appeared, from looks alone.

    From the last look, ended before the article was first seen, that saw in full a section
    which then showed it, to the day on which it was first seen. It may have come later on the
    very day of the look before. Without such a look the days begin on ``date.min``.
    """
    table, article = tables.sighting, tables.article
    sections: dict[int, set[str]] = defaultdict(set)
    first: dict[int, tuple[str, dt.datetime]] = {}
    for some in in_batches(sorted(articles)):
        for row in c.execute(
            sa.select(article.c.id, article.c.site, article.c.first_seen_at, table.c.section)
            .join_from(
                article,
                table,
                (table.c.article_id == article.c.id) & (table.c.seen_at == article.c.first_seen_at),
                isouter=True,
            )
            .where(article.c.id.in_(some))
        ):
            first[row.id] = (row.site, row.first_seen_at)
            sections[row.id].add(row.section)
    looks = _complete_looks(c, as_of, {site for site, _ in first.values()})
    return {
        key: DayInterval(
            max(
                (
                    vietnam_day(started_at)
                    for section in sections[key]
                    for started_at, finished_at in looks.get((site, section), ())
                    if finished_at < first_seen_at
                ),
                default=dt.date.min,
            ),
            vietnam_day(first_seen_at) + dt.timedelta(days=1),
        )
        for key, (site, first_seen_at) in first.items()
    }


def _complete_looks(
    c: Connection, as_of: dt.datetime, sites: Collection[str]
) -> dict[tuple[str, str], Sequence[tuple[dt.datetime, dt.datetime]]]:
    """Give by site and section when the runs that saw it in full started and finished."""
    table, run = tables.coverage, tables.crawl_run
    looks: dict[tuple[str, str], list[tuple[dt.datetime, dt.datetime]]] = defaultdict(list)
    for row in c.execute(
        sa.select(run.c.site, table.c.section, run.c.started_at, run.c.finished_at)
        .join(run, run.c.id == table.c.run_id)
        .where(
            run.c.finished_at <= as_of,
            table.c.state == CoverageState.COMPLETE,
            run.c.site.in_(sorted(sites)),
        )
    ):
        looks[row.site, row.section].append((row.started_at, row.finished_at))
    return dict(looks)
