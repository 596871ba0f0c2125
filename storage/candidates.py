"""Every article as a count sees it, as known at one instant: five queries, no texts loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.records import Candidate, Channel, DateSource, Disposition, Tagging
from storage.reviews import effective_taggings, latest_reviews
from storage.tries import newest_tries

if TYPE_CHECKING:
    import datetime as dt

    from storage.engine import Connection

_SOURCE = {
    Channel.LIST: DateSource.LIST,
    Channel.FEED: DateSource.FEED,
    Channel.SITEMAP: DateSource.FEED,
}


def candidates(c: Connection, as_of: dt.datetime, *, tagger: str | None) -> list[Candidate]:
    """Give every article first seen until ``as_of`` (inclusive), by id, as known then.

    ``tagger`` picks whose tags are given; None gives none. What a person decided goes before
    what the tagger said.
    """
    titles = _newest_sightings(c, as_of, tables.sighting.c.title.is_not(None))
    dated = _newest_sightings(c, as_of, tables.sighting.c.date_published.is_not(None))
    printed = _newest_sightings(c, as_of, tables.sighting.c.date_published_raw.is_not(None))
    tries = newest_tries(c, tables.capture.c.captured_at <= as_of)
    tags = {} if tagger is None else _effective_tags(c, as_of, tagger)
    return [
        _candidate(
            row,
            title=titles.get(row.article_id),
            dated=dated.get(row.article_id),
            printed=printed.get(row.article_id),
            last_try=tries.get(row.article_id),
            taggings=tags.get(row.version_id),
        )
        for row in c.execute(_articles(as_of))
    ]


def _newest_versions(as_of: dt.datetime) -> sa.Subquery:
    table = tables.article_version
    newest_first = sa.func.row_number().over(
        partition_by=table.c.article_id,
        order_by=(table.c.extracted_at.desc(), table.c.id.desc()),
    )
    ranked = (
        sa.select(table.c.id, newest_first.label("place"))
        .where(table.c.extracted_at <= as_of)
        .subquery()
    )
    return (
        sa.select(
            table.c.id,
            table.c.article_id,
            table.c.capture_id,
            table.c.headline,
            table.c.date_published,
            table.c.date_published_raw,
            table.c.date_source,
            table.c.text_sha256,
        )
        .join(ranked, ranked.c.id == table.c.id)
        .where(ranked.c.place == 1)
        .subquery("newest_version")
    )


def _articles(as_of: dt.datetime) -> sa.Select[Any]:
    article, newest = tables.article, _newest_versions(as_of)
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
        )
        .join_from(article, newest, newest.c.article_id == article.c.id, isouter=True)
        .where(article.c.first_seen_at <= as_of)
        .order_by(article.c.id)
    )


def _newest_sightings(
    c: Connection, as_of: dt.datetime, carries: sa.ColumnElement[bool]
) -> dict[int, sa.Row[Any]]:
    """Give each article's newest sighting that carries what is looked for."""
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
        .where(table.c.seen_at <= as_of, carries)
        .subquery()
    )
    found = c.execute(sa.select(ranked).where(ranked.c.place == 1))
    return {row.article_id: row for row in found}


def _effective_tags(
    c: Connection, as_of: dt.datetime, tagger: str
) -> dict[int, dict[str, Tagging]]:
    reviews = latest_reviews(c, as_of)
    return {
        version: effective_taggings(taggings, reviews.get(version, {}))
        for version, taggings in _tags(c, as_of, tagger).items()
    }


def _tags(c: Connection, as_of: dt.datetime, tagger: str) -> dict[int, dict[str, Tagging]]:
    """Give, by version, the tagger's answers; a version that is about nothing has an empty one."""
    tagged, tagging = tables.tagged_version, tables.tagging
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
        .where(tagged.c.tagger == tagger, tagged.c.tagged_at <= as_of)
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


def _candidate(
    row: sa.Row[Any],
    *,
    title: sa.Row[Any] | None,
    dated: sa.Row[Any] | None,
    printed: sa.Row[Any] | None,
    last_try: tuple[dt.datetime, Disposition] | None,
    taggings: dict[str, Tagging] | None,
) -> Candidate:
    day, day_raw, source = row.date_published, row.date_published_raw, row.date_source
    if day is None and dated is not None:
        day, day_raw = dated.date_published, dated.date_published_raw
        source = _SOURCE[dated.channel]
    elif day is None:
        source = DateSource.NONE
        day_raw = day_raw or (printed.date_published_raw if printed else None)
    return Candidate(
        article_id=row.article_id,
        site=row.site,
        url=row.canonical_url,
        first_seen_at=row.first_seen_at,
        version_id=row.version_id,
        capture_id=row.capture_id,
        title=row.headline or (title.title if title else row.canonical_url),
        day=day,
        day_raw=day_raw,
        date_source=source,
        text_sha256=row.text_sha256,
        unread=last_try[1] if last_try and row.version_id is None else None,
        taggings=taggings,
    )
