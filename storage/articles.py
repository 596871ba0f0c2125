"""Articles, where they were seen, and their versions: "same as last time?" lives here."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.attachments import attachments_of
from storage.engine import add_rows, in_batches, put_rows
from storage.errors import DatabaseError
from storage.history import what_is_new
from storage.known import KnownArticle
from storage.language import t
from storage.page_looks import looks_at_pages
from storage.printed_days import PrintedDay, adds_nothing, follows_clock
from storage.records import (
    Article,
    ArticleVersion,
    Channel,
    Sighting,
    vietnam_day,
)
from storage.tries import newest_tries
from storage.versions import first_seen_days, record_version, to_version

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from storage.engine import Connection

__all__ = [
    "attachments_of",
    "ensure_articles",
    "find_article",
    "first_sections",
    "known_articles",
    "record_sightings",
    "record_version",
    "sightings_of",
    "to_version",
    "version",
    "versions_of",
]

_KEY_DIGITS = 18  # what surely fits into a key of 64 bits


# ------------------------------------------------------------------------------ recording


def ensure_articles(
    c: Connection, site: str, urls: Sequence[str], *, first_seen_at: dt.datetime
) -> dict[str, int]:
    """Give the article of each canonical address; new ones are first seen now."""
    known = _article_ids(c, site, urls)
    new = [url for url in dict.fromkeys(urls) if url not in known]
    ids = add_rows(
        c,
        tables.article,
        [{"site": site, "canonical_url": url, "first_seen_at": first_seen_at} for url in new],
    )
    return known | dict(zip(new, ids, strict=True))


def _article_ids(c: Connection, site: str, urls: Sequence[str]) -> dict[str, int]:
    article = tables.article
    return {
        row.canonical_url: row.id
        for some in in_batches(urls)
        for row in c.execute(
            sa.select(article.c.id, article.c.canonical_url).where(
                article.c.site == site, article.c.canonical_url.in_(some)
            )
        )
    }


def record_sightings(c: Connection, sightings: Sequence[Sighting]) -> int:
    """Store the sightings that are new or differ, and give how many those are.

    Compared are title, day and raw day with the last one of the same article, section and
    channel.
    """
    article_ids = list({sighting.article_id for sighting in sightings})
    table = tables.sighting
    known = [
        _sighting(row)
        for some in in_batches(article_ids)
        for row in c.execute(
            sa.select(table).where(table.c.article_id.in_(some)).order_by(table.c.id)
        )
    ]
    first_seen = first_seen_days(c, article_ids)
    places: dict[_Place, list[Sighting]] = defaultdict(list)
    for one in known:
        places[_place(one)].append(one)
    told = [one for one in sightings if not _is_clock(one, places[_place(one)], first_seen)]
    new = what_is_new(
        told,
        known,
        about=_place,
        at=lambda s: s.seen_at,
        content=lambda s: (s.title, s.date_published, s.date_published_raw),
    )
    put_rows(c, table, [_sighting_row(sighting) for sighting in new])
    return len(new)


_Place = tuple[int, str, Channel]


def _place(sighting: Sighting) -> _Place:
    return sighting.article_id, sighting.section, sighting.channel


def _is_clock(
    sighting: Sighting, known: Sequence[Sighting], first_seen: Mapping[int, dt.date]
) -> bool:
    """Tell whether a place shows nothing but a day that is known to follow the clock."""
    if not known:
        return False
    earlier = sorted(
        (one for one in known if one.seen_at < sighting.seen_at), key=lambda one: one.seen_at
    )
    return adds_nothing(
        _printed(sighting),
        [_printed(one) for one in earlier],
        first_seen=first_seen[sighting.article_id],
    )


def _printed(sighting: Sighting) -> PrintedDay:
    return PrintedDay(seen_at=sighting.seen_at, day=sighting.date_published, words=sighting.title)


def _sighting_row(sighting: Sighting) -> dict[str, object]:
    return {
        "article_id": sighting.article_id,
        "capture_id": sighting.capture_id,
        "section": sighting.section,
        "channel": sighting.channel,
        "title": sighting.title,
        "date_published": sighting.date_published,
        "date_published_raw": sighting.date_published_raw,
        "seen_at": sighting.seen_at,
    }


def _sighting(row: sa.Row[Any]) -> Sighting:
    return Sighting(
        article_id=row.article_id,
        capture_id=row.capture_id,
        section=row.section,
        channel=row.channel,
        title=row.title,
        date_published=row.date_published,
        date_published_raw=row.date_published_raw,
        seen_at=row.seen_at,
    )


# -------------------------------------------------------------------------------- reading


def known_articles(c: Connection, site: str) -> dict[str, KnownArticle]:
    """Give what is known of the site's articles, by canonical address."""
    article = tables.article
    found = c.execute(sa.select(article).where(article.c.site == site).order_by(article.c.id)).all()
    sightings = _sightings_of_site(c, site)
    days = _newest_days(c, site)
    tries = newest_tries(c, tables.crawl_run.c.site == site)
    looks = looks_at_pages(c, tables.crawl_run.c.site == site)
    return {
        row.canonical_url: KnownArticle(
            article_id=row.id,
            has_version=row.id in days,
            sightings={place: _entry(seen[-1]) for place, seen in places.items()},
            last_try=tries.get(row.id),
            first_seen_at=row.first_seen_at,
            by_clock=frozenset(
                place
                for place, seen in places.items()
                if follows_clock(map(_printed, seen), first_seen=vietnam_day(row.first_seen_at))
            ),
            day=dated.date_published if dated else None,
            day_raw=dated.date_published_raw if dated else None,
            date_source=dated.date_source if dated else None,
            looks=looks.get(row.id, ()),
        )
        for row in found
        for places, dated in [(sightings.get(row.id, {}), days.get(row.id))]
    }


def _entry(sighting: Sighting) -> tuple[str | None, dt.date | None, str | None]:
    return sighting.title, sighting.date_published, sighting.date_published_raw


def _sightings_of_site(
    c: Connection, site: str
) -> dict[int, dict[tuple[str, Channel], list[Sighting]]]:
    table, article = tables.sighting, tables.article
    found = c.execute(
        sa.select(table)
        .join(article, article.c.id == table.c.article_id)
        .where(article.c.site == site)
        .order_by(table.c.seen_at, table.c.id)
    )
    seen: dict[int, dict[tuple[str, Channel], list[Sighting]]] = {}
    for row in found:
        places = seen.setdefault(row.article_id, {})
        places.setdefault((row.section, row.channel), []).append(_sighting(row))
    return seen


def _newest_days(c: Connection, site: str) -> Mapping[int, Any]:
    """Give the day of the newest version of each article that has one, and where it stood."""
    version, article = tables.article_version, tables.article
    found = c.execute(
        sa.select(
            version.c.article_id,
            version.c.date_published,
            version.c.date_published_raw,
            version.c.date_source,
        )
        .join(article, article.c.id == version.c.article_id)
        .where(article.c.site == site)
        .order_by(version.c.extracted_at, version.c.id)  # the last one of each stays
    )
    return {row.article_id: row for row in found}


def texts_of(c: Connection, versions: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Give id, headline and body of versions."""
    table = tables.article_version
    for some in in_batches(versions):
        for row in c.execute(
            sa.select(table.c.id, table.c.headline, table.c.body).where(table.c.id.in_(some))
        ):
            yield row.id, row.headline, row.body


def version(c: Connection, version_id: int) -> ArticleVersion:
    """Give one version.

    Raises:
        DatabaseError: there is none with this id.
    """
    table = tables.article_version
    row = c.execute(sa.select(table).where(table.c.id == version_id)).one_or_none()
    if row is None:
        raise DatabaseError(
            t(
                f"Không có bản nội dung số {version_id}. Xem số đúng bằng tinbai explain.",
                f"There is no version {version_id}. See the right number with tinbai explain.",
            )
        )
    return to_version(row)


def versions_of(c: Connection, article_id: int) -> list[ArticleVersion]:
    """Give all versions of an article, oldest first; their attachments are asked for apart."""
    table = tables.article_version
    found = c.execute(
        sa.select(table)
        .where(table.c.article_id == article_id)
        .order_by(table.c.extracted_at, table.c.id)
    )
    return [to_version(row) for row in found]


def sightings_of(c: Connection, article_id: int) -> list[Sighting]:
    """Give all stored sightings of an article, oldest first."""
    table = tables.sighting
    found = c.execute(
        sa.select(table)
        .where(table.c.article_id == article_id)
        .order_by(table.c.seen_at, table.c.id)
    )
    return [_sighting(row) for row in found]


def first_sections(c: Connection, articles: Sequence[int]) -> dict[int, frozenset[str]]:
    """Give the sections that showed each of the articles when it was first seen."""
    table = tables.sighting
    found: dict[int, tuple[dt.datetime, set[str]]] = {}
    for some in in_batches(articles):
        for article_id, section, seen_at in c.execute(
            sa.select(table.c.article_id, table.c.section, table.c.seen_at)
            .where(table.c.article_id.in_(some))
            .order_by(table.c.seen_at, table.c.id)
        ):
            first, sections = found.setdefault(article_id, (seen_at, set()))
            if seen_at == first:
                sections.add(section)
    return {
        article: frozenset(found[article][1]) if article in found else frozenset()
        for article in articles
    }


def find_article(c: Connection, text: str) -> Article | None:
    """Find an article by its id, its canonical address, or the address of a capture of it."""
    article, capture, read = tables.article, tables.capture, tables.article_version
    wanted = text.strip()
    by_capture = sa.union_all(
        sa.select(capture.c.article_id).where(capture.c.url == wanted),
        sa.select(read.c.article_id)
        .join(capture, capture.c.id == read.c.capture_id)
        .where(capture.c.url == wanted),
    )
    is_id = wanted.isascii() and wanted.isdigit() and len(wanted) <= _KEY_DIGITS
    row = c.execute(
        sa.select(article)
        .where(
            article.c.id == int(wanted)
            if is_id
            else (article.c.canonical_url == wanted) | article.c.id.in_(by_capture)
        )
        .order_by(article.c.canonical_url != wanted, article.c.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Article(
        id=row.id,
        site=row.site,
        canonical_url=row.canonical_url,
        first_seen_at=row.first_seen_at,
    )
