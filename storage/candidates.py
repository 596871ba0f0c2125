"""Every article as a count sees it, as known at one instant: few queries, no texts loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from storage import tables
from storage.gone import gone_at
from storage.moving_days import appeared_in, moving_pages
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
from storage.shown import UNSEEN, Shown, shown_in_lists
from storage.signals import instant_in_address, instant_of_header
from storage.tries import newest_tries

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from storage.engine import Connection
    from storage.moving_days import MovingPages

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
    rows = _newest_versions(c, as_of, tagger, among)
    moving = moving_pages(c, as_of, among=among)
    lists = shown_in_lists(
        c,
        as_of,
        among=among,
        also=[article for article, row in rows.items() if _is_incomplete(row)],
    )
    tries = newest_tries(
        c,
        tables.capture.c.captured_at <= as_of,
        of=[row.article_id for row in rows.values() if row.version_id is None]
        + [article for article, shown in lists.items() if shown.moves],
    )
    asked = (tables.capture.c.captured_at <= as_of) & of_articles(
        tables.capture.c.article_id, among
    )
    looks = looks_at_pages(c, asked, of_missed=True)
    tags = _effective_tags(c, as_of, tagger, among)
    found = [
        _candidate(
            row,
            shown=(shown := lists.get(row.article_id, UNSEEN)),
            dated=_dated(row, shown=shown, last_try=tries.get(row.article_id), moving=moving),
            last_try=tries.get(row.article_id),
            taggings=tags(row),
            missed=gone_at(looks[row.article_id]) if row.article_id in looks else None,
        )
        for row in rows.values()
    ]
    by_clock = {one.article_id for one in found if one.date_source is DateSource.FOLLOWS_CLOCK}
    days = appeared_in(c, as_of, by_clock)
    return [
        replace(one, days=days[one.article_id]) if one.article_id in days else one for one in found
    ]


def of_sites(sites: Collection[str]) -> sa.ColumnElement[bool]:
    """Pick the articles of some sites."""
    return tables.article.c.site.in_(sites)


def of_ids(articles: Sequence[int]) -> sa.ColumnElement[bool]:
    """Pick some articles; as many as fit into one statement."""
    return tables.article.c.id.in_(articles)


def of_articles(
    column: sa.ColumnElement[Any], among: sa.ColumnElement[bool] | None
) -> sa.ColumnElement[bool]:
    """Pick rows by the article that ``column`` names."""
    if among is None:
        return sa.true()
    return column.in_(sa.select(tables.article.c.id).where(among))


# ------------------------------------------------------------------------------ the page


class _Page(NamedTuple):
    """An article and its newest version: a row of ``_newest_versions``, read more quickly."""

    article_id: int
    site: str
    canonical_url: str
    first_seen_at: dt.datetime
    version_id: int | None
    capture_id: int | None
    headline: str | None
    date_published: dt.date | None
    date_published_raw: str | None
    date_source: DateSource
    """Of a page that was never read: nothing, and nobody asks."""
    text_sha256: str | None
    extracted_at: dt.datetime
    last_modified: str | None
    tagged_id: int | None

    @property
    def read_at_last(self) -> tuple[dt.datetime, int]:
        """Newest are what was read last, and of one instant what was stored last."""
        return self.extracted_at, self.version_id or 0


def _newest_versions(
    c: Connection,
    as_of: dt.datetime,
    tagger: str | None,
    among: sa.ColumnElement[bool] | None,
) -> dict[int, _Page]:
    """Give each article with its newest version, if it has one, by id."""
    article, version, capture = tables.article, tables.article_version, tables.capture
    tagged = tables.tagged_version
    rows = c.execute(
        sa.select(
            article.c.id.label("article_id"),
            article.c.site,
            article.c.canonical_url,
            article.c.first_seen_at,
            version.c.id.label("version_id"),
            version.c.capture_id,
            version.c.headline,
            version.c.date_published,
            version.c.date_published_raw,
            version.c.date_source,
            version.c.text_sha256,
            version.c.extracted_at,
            capture.c.last_modified,
            tagged.c.id.label("tagged_id"),
        )
        .join_from(
            article,
            version,
            (version.c.article_id == article.c.id) & (version.c.extracted_at <= as_of),
            isouter=True,
        )
        .join(capture, capture.c.id == version.c.capture_id, isouter=True)
        .join(
            tagged,
            (tagged.c.version_id == version.c.id)
            & (tagged.c.tagger == tagger)
            & (tagged.c.tagged_at <= as_of),
            isouter=True,
        )
        .where(article.c.first_seen_at <= as_of, sa.true() if among is None else among)
        .order_by(article.c.id)
    )
    newest: dict[int, _Page] = {}
    for page in map(_Page._make, rows.all()):
        known = newest.setdefault(page.article_id, page)
        if known is not page and known.read_at_last < page.read_at_last:
            newest[page.article_id] = page
    return newest


def _is_incomplete(row: _Page) -> bool:
    """Tell whether lists must say what a page does not: it was not read, or has no day."""
    return not row.headline or row.date_published is None


# ------------------------------------------------------------------------------ the tags


def _effective_tags(
    c: Connection, as_of: dt.datetime, tagger: str | None, among: sa.ColumnElement[bool] | None
) -> Callable[[_Page], Mapping[str, Tagging] | None]:
    """Give the tags that count of a version that was read by the tagger; None of any other."""
    if tagger is None:
        return lambda _: None
    reviews = latest_reviews(c, as_of, among=among)
    said = _tags(c, as_of, tagger, among)
    nothing: Mapping[str, Tagging] = {}

    def tags(row: _Page) -> Mapping[str, Tagging] | None:
        if row.tagged_id is None:
            return None
        taggings = said.get(row.tagged_id, nothing)
        reviewed = reviews.get(row.version_id or 0)
        return effective_taggings(taggings, reviewed) if reviewed else taggings

    return tags


def _tags(
    c: Connection, as_of: dt.datetime, tagger: str, among: sa.ColumnElement[bool] | None
) -> dict[int, dict[str, Tagging]]:
    """Give the tagger's answers by ``tagged_version``; where it found no topic there is none."""
    article, version = tables.article, tables.article_version
    tagged, tagging = tables.tagged_version, tables.tagging
    found = c.execute(
        sa.select(
            tagging.c.tagged_version_id,
            tagging.c.topic,
            tagging.c.level,
            tagging.c.verdict,
            tagging.c.score,
            tagging.c.reason,
        )
        .join_from(article, version, version.c.article_id == article.c.id)
        .join(tagged, tagged.c.version_id == version.c.id)
        .join(tagging, tagging.c.tagged_version_id == tagged.c.id)
        .where(
            tagged.c.tagger == tagger,
            tagged.c.tagged_at <= as_of,
            sa.true() if among is None else among,
        )
        .order_by(tagging.c.id)
    )
    tags: dict[int, dict[str, Tagging]] = {}
    for tagged_id, topic, level, verdict, score, reason in found.all():
        tags.setdefault(tagged_id, {})[topic] = Tagging(
            topic=topic, level=level, verdict=verdict, score=score, reason=reason
        )
    return tags


# ------------------------------------------------------------------------------- the day


_Dated = tuple[dt.date | None, str | None, DateSource]
"""A day, how it is printed, and where; FOLLOWS_CLOCK or NONE exactly when there is none."""


def _dated(
    row: _Page,
    *,
    shown: Shown,
    last_try: tuple[dt.datetime, Disposition] | None,
    moving: MovingPages,
) -> _Dated:
    """Choose the day: the page's, without one the newest list's; none that follows the clock."""
    look = moving.looks.get(row.article_id)
    if row.date_published is not None:
        if _follows_clock(row, shown, moving, last_try):
            return None, look.raw if look else row.date_published_raw, DateSource.FOLLOWS_CLOCK
        if look is not None and look.seen_at > row.extracted_at:
            return look.day, look.raw, row.date_source
        return row.date_published, row.date_published_raw, row.date_source
    if (listed := shown.dated) is not None:
        if shown.moves:
            return None, listed.date_published_raw, DateSource.FOLLOWS_CLOCK
        return listed.date_published, listed.date_published_raw, _SOURCE[listed.channel]
    return None, row.date_published_raw or shown.raw, DateSource.NONE


def _follows_clock(
    row: _Page,
    shown: Shown,
    moving: MovingPages,
    last_try: tuple[dt.datetime, Disposition] | None,
) -> bool:
    """Tell whether a version's day is the clock's.

    Where only the lists' day moves, the page's own day stands if it was another than that of
    the look, or was found unchanged on a later day.
    """
    if row.article_id in moving.by_clock:
        return True
    if not shown.moves:
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


def _signals(row: _Page, fed: dt.date | None) -> Iterator[DaySignal]:
    made = instant_in_address(row.canonical_url, before=row.first_seen_at)
    if made is not None:
        yield DaySignal(Signal.ADDRESS, vietnam_day(made))
    if fed is not None:
        yield DaySignal(Signal.FEED, fed)
    changed = instant_of_header(row.last_modified)
    if changed is not None:
        yield DaySignal(Signal.LAST_MODIFIED, vietnam_day(changed))


def _candidate(
    row: _Page,
    *,
    shown: Shown,
    dated: _Dated,
    last_try: tuple[dt.datetime, Disposition] | None,
    taggings: Mapping[str, Tagging] | None,
    missed: dt.datetime | None,
) -> Candidate:
    day, raw, source = dated
    return Candidate(
        article_id=row.article_id,
        site=row.site,
        url=row.canonical_url,
        first_seen_at=row.first_seen_at,
        version_id=row.version_id,
        capture_id=row.capture_id,
        title=row.headline or shown.title or row.canonical_url,
        day=day,
        day_raw=raw,
        date_source=source,
        # An article that was never read stays unread: what it was about nobody knows.
        gone_at=missed if row.version_id is not None else None,
        signals=tuple(_signals(row, shown.fed)),
        text_sha256=row.text_sha256,
        unread=last_try[1] if last_try and row.version_id is None else None,
        taggings=taggings,
        only_claimed=shown.only_claimed,
    )
