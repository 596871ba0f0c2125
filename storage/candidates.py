"""Every article as a count sees it, as known at one instant: few queries, no texts loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.gone import gone_at
from storage.moving_days import appeared_in, moving_days
from storage.page_looks import looks_at_pages
from storage.records import (
    Candidate,
    Channel,
    DateSource,
    DaySignal,
    Disposition,
    Signal,
    Tagging,
    vietnam_day,
)
from storage.reviews import effective_taggings, latest_reviews
from storage.signals import instant_in_address, instant_of_header
from storage.tries import newest_tries

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Iterator

    from storage.engine import Connection
    from storage.moving_days import MovingDays

_SOURCE = {
    Channel.LIST: DateSource.LIST,
    Channel.FEED: DateSource.FEED,
    Channel.SITEMAP: DateSource.FEED,
}


def candidates(
    c: Connection,
    as_of: dt.datetime,
    *,
    tagger: str | None,
    among: sa.ColumnElement[bool] | None = None,
) -> list[Candidate]:
    """Give every article first seen until ``as_of`` (inclusive), by id, as known then.

    Args:
        c: read from.
        as_of: what was recorded later is not known.
        tagger: whose tags are given; None gives none. What a person decided goes before what
            the tagger said.
        among: picks rows of ``article``; None: all. What is given of an article is the same.
    """
    sighting = tables.sighting.c
    seen = (sighting.seen_at <= as_of) & _of_articles(sighting.article_id, among)
    titles = _newest_sightings(c, seen & sighting.title.is_not(None))
    dated = _newest_sightings(c, seen & sighting.date_published.is_not(None))
    printed = _newest_sightings(c, seen & sighting.date_published_raw.is_not(None))
    of_feed = sighting.date_published.is_not(None) & (sighting.channel == Channel.FEED)
    fed = _newest_sightings(c, seen & of_feed)
    asked = (tables.capture.c.captured_at <= as_of) & _at_sites(among)
    tries = newest_tries(c, asked)
    looks = looks_at_pages(c, asked, of_missed=True)
    tags = {} if tagger is None else _effective_tags(c, as_of, tagger, among)
    moving = moving_days(c, as_of, among=among)
    found = [
        _candidate(
            row,
            title=titles.get(row.article_id),
            dated=_dated(
                row,
                listed=dated.get(row.article_id),
                printed=printed.get(row.article_id),
                last_try=tries.get(row.article_id),
                moving=moving,
            ),
            last_try=tries.get(row.article_id),
            taggings=tags.get(row.version_id),
            missed=gone_at(looks.get(row.article_id, ())),
            signals=tuple(_signals(row, fed.get(row.article_id))),
        )
        for row in c.execute(_articles(as_of, among))
    ]
    by_clock = {one.article_id for one in found if one.date_source is DateSource.FOLLOWS_CLOCK}
    days = appeared_in(c, as_of, by_clock)
    return [replace(one, days=days.get(one.article_id)) for one in found]


def of_sites(sites: Collection[str]) -> sa.ColumnElement[bool]:
    """Pick the articles of some sites."""
    return tables.article.c.site.in_(sites)


def with_the_texts_of(found: Iterable[Candidate]) -> Iterator[sa.ColumnElement[bool]]:
    """Pick the articles of which a version has the same text as one of those found; in pieces."""
    table = tables.article_version
    digests = sorted({one.text_sha256 for one in found if one.text_sha256 is not None})
    for some in in_batches(digests):
        same = sa.select(table.c.article_id).where(table.c.text_sha256.in_(some))
        yield tables.article.c.id.in_(same)


def _of_articles(
    column: sa.ColumnElement[int], among: sa.ColumnElement[bool] | None
) -> sa.ColumnElement[bool]:
    if among is None:
        return sa.true()
    return column.in_(sa.select(tables.article.c.id).where(among))


def _at_sites(among: sa.ColumnElement[bool] | None) -> sa.ColumnElement[bool]:
    """Pick the runs at the sites of some articles."""
    if among is None:
        return sa.true()
    return tables.crawl_run.c.site.in_(sa.select(tables.article.c.site).where(among))


def _articles(as_of: dt.datetime, among: sa.ColumnElement[bool] | None) -> sa.Select[Any]:
    article, newest, capture = tables.article, tables.article_version, tables.capture
    known = newest.alias()
    newest_id = (
        sa.select(known.c.id)
        .where(known.c.article_id == article.c.id, known.c.extracted_at <= as_of)
        .order_by(known.c.extracted_at.desc(), known.c.id.desc())
        .limit(1)
        .correlate(article)
        .scalar_subquery()
    )
    return (
        sa.select(
            article.c.id.label("article_id"),
            article.c.site,
            article.c.canonical_url,
            article.c.first_seen_at,
            newest.c.id.label("version_id"),
            newest.c.capture_id,
            newest.c.headline,
            newest.c.date_published,
            newest.c.date_published_raw,
            newest.c.date_source,
            newest.c.text_sha256,
            newest.c.extracted_at,
            capture.c.last_modified,
        )
        .join_from(article, newest, newest.c.id == newest_id, isouter=True)
        .join(capture, capture.c.id == newest.c.capture_id, isouter=True)
        .where(article.c.first_seen_at <= as_of, sa.true() if among is None else among)
        .order_by(article.c.id)
    )


def _newest_sightings(c: Connection, which: sa.ColumnElement[bool]) -> dict[int, sa.Row[Any]]:
    """Give each article's newest sighting of those that are picked."""
    table = tables.sighting
    newest_first = sa.func.row_number().over(
        partition_by=table.c.article_id, order_by=(table.c.seen_at.desc(), table.c.id.desc())
    )
    ranked = (
        sa.select(
            table.c.article_id,
            table.c.channel,
            table.c.title,
            table.c.date_published,
            table.c.date_published_raw,
            newest_first.label("place"),
        )
        .where(which)
        .subquery()
    )
    found = c.execute(sa.select(ranked).where(ranked.c.place == 1))
    return {row.article_id: row for row in found}


def _effective_tags(
    c: Connection, as_of: dt.datetime, tagger: str, among: sa.ColumnElement[bool] | None
) -> dict[int, dict[str, Tagging]]:
    reviews = latest_reviews(c, as_of)
    return {
        version: effective_taggings(taggings, reviews.get(version, {}))
        for version, taggings in _tags(c, as_of, tagger, among).items()
    }


def _tags(
    c: Connection, as_of: dt.datetime, tagger: str, among: sa.ColumnElement[bool] | None
) -> dict[int, dict[str, Tagging]]:
    """Give, by version, the tagger's answers; a version that is about nothing has an empty one."""
    tagged, tagging, version = tables.tagged_version, tables.tagging, tables.article_version
    read: sa.ColumnElement[bool] = sa.true()
    if among is not None:
        read = tagged.c.version_id.in_(
            sa.select(version.c.id).where(_of_articles(version.c.article_id, among))
        )
    found = c.execute(
        sa.select(
            tagged.c.version_id,
            tagging.c.topic,
            tagging.c.level,
            tagging.c.verdict,
            tagging.c.score,
            tagging.c.reason,
        )
        .join_from(tagged, tagging, tagging.c.tagged_version_id == tagged.c.id, isouter=True)
        .where(tagged.c.tagger == tagger, tagged.c.tagged_at <= as_of, read)
        .order_by(tagging.c.id)
    )
    tags: dict[int, dict[str, Tagging]] = {}
    for row in found:
        of_version = tags.setdefault(row.version_id, {})
        if row.topic is not None:
            of_version[row.topic] = Tagging(
                topic=row.topic,
                level=row.level,
                verdict=row.verdict,
                score=row.score,
                reason=row.reason,
            )
    return tags


@dataclass(frozen=True, kw_only=True, slots=True)
class _Dated:
    """A day and where it stands; source FOLLOWS_CLOCK or NONE exactly when there is none."""

    day: dt.date | None
    raw: str | None
    source: DateSource


def _dated(
    row: sa.Row[Any],
    *,
    listed: sa.Row[Any] | None,
    printed: sa.Row[Any] | None,
    last_try: tuple[dt.datetime, Disposition] | None,
    moving: MovingDays,
) -> _Dated:
    """Choose the day: the page's, without one the newest list's; none that follows the clock."""
    look = moving.looks.get(row.article_id)
    if row.date_published is not None:
        if _follows_clock(row, moving, last_try):
            raw = look.raw if look else row.date_published_raw
            return _Dated(day=None, raw=raw, source=DateSource.FOLLOWS_CLOCK)
        if look is not None and look.seen_at > row.extracted_at:
            return _Dated(day=look.day, raw=look.raw, source=row.date_source)
        return _Dated(day=row.date_published, raw=row.date_published_raw, source=row.date_source)
    if listed is not None:
        raw = listed.date_published_raw
        if row.article_id in moving.lists:
            return _Dated(day=None, raw=raw, source=DateSource.FOLLOWS_CLOCK)
        return _Dated(day=listed.date_published, raw=raw, source=_SOURCE[listed.channel])
    raw = row.date_published_raw or (printed.date_published_raw if printed else None)
    return _Dated(day=None, raw=raw, source=DateSource.NONE)


def _follows_clock(
    row: sa.Row[Any], moving: MovingDays, last_try: tuple[dt.datetime, Disposition] | None
) -> bool:
    """Tell whether a version's day is the clock's.

    Where only the lists' day moves, the page's own day stands if it was another than that of
    the look, or was found unchanged on a later day.
    """
    if row.article_id in moving.pages:
        return True
    if row.article_id not in moving.lists:
        return False
    if row.date_source in {DateSource.LIST, DateSource.FEED}:
        return True
    read_on = vietnam_day(row.extracted_at)
    stood = (
        last_try is not None
        and last_try[1] is Disposition.UNCHANGED
        and vietnam_day(last_try[0]) > read_on
        and row.article_id not in moving.looks
    )
    return row.date_published == read_on and not stood


def _signals(row: sa.Row[Any], fed: sa.Row[Any] | None) -> Iterator[DaySignal]:
    made = instant_in_address(row.canonical_url, before=row.first_seen_at)
    if made is not None:
        yield DaySignal(Signal.ADDRESS, vietnam_day(made))
    if fed is not None:
        yield DaySignal(Signal.FEED, fed.date_published)
    changed = instant_of_header(row.last_modified)
    if changed is not None:
        yield DaySignal(Signal.LAST_MODIFIED, vietnam_day(changed))


def _candidate(
    row: sa.Row[Any],
    *,
    title: sa.Row[Any] | None,
    dated: _Dated,
    last_try: tuple[dt.datetime, Disposition] | None,
    taggings: dict[str, Tagging] | None,
    missed: dt.datetime | None,
    signals: tuple[DaySignal, ...],
) -> Candidate:
    return Candidate(
        article_id=row.article_id,
        site=row.site,
        url=row.canonical_url,
        first_seen_at=row.first_seen_at,
        version_id=row.version_id,
        capture_id=row.capture_id,
        title=row.headline or (title.title if title else row.canonical_url),
        day=dated.day,
        day_raw=dated.raw,
        date_source=dated.source,
        # An article that was never read stays unread: what it was about nobody knows.
        gone_at=missed if row.version_id is not None else None,
        signals=signals,
        text_sha256=row.text_sha256,
        unread=last_try[1] if last_try and row.version_id is None else None,
        taggings=taggings,
    )
