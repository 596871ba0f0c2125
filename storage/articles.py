"""Articles, where they were seen, and their versions: "same as last time?" lives here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.attachments import attachment_rows, attachments_of
from storage.date_candidates import candidates_as_json, candidates_from_json
from storage.digests import (
    FoldedText,
    content_digest,
    search_text,
    text_digest,
    undated_digest,
)
from storage.engine import add_rows, in_batches
from storage.errors import DatabaseError
from storage.history import what_is_new
from storage.known import KnownArticle
from storage.language import t
from storage.page_looks import looks_at_pages
from storage.printed_days import PrintedDay, adds_nothing, follows_clock, has_moved
from storage.records import (
    Article,
    ArticleVersion,
    Channel,
    Extraction,
    Sighting,
    vietnam_day,
)
from storage.tries import newest_tries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from storage.engine import Connection

__all__ = [
    "Kept",
    "attachments_of",
    "content_digest",
    "ensure_articles",
    "find_article",
    "known_articles",
    "record_sightings",
    "record_version",
    "sightings_of",
    "to_version",
    "version",
    "versions_of",
    "weigh_version",
]

_KEY_DIGITS = 18  # what surely fits into a key of 64 bits


class Kept(Enum):
    """What became of a text that was read."""

    VERSION = "version"
    DATED_LOOK = "dated_look"
    """The text as before under a day that moved along with the clock, or moved back."""
    NOTHING = "nothing"
    """The text and the day as before, or a day that is known to follow the clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _PageHistory:
    """What is stored of an article's page, as far as a new look is compared with it."""

    first_seen: dt.date
    """Matters only where there are looks."""
    versions: tuple[tuple[str, dt.datetime], ...]
    """Digest and instant, in the order in which they were recorded."""
    last_number: int
    looks: tuple[PrintedDay, ...] = field(repr=False)
    """By instant; versions and dated looks."""


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
    first_seen = _first_seen(c, article_ids)
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
    return len(add_rows(c, table, [_sighting_row(sighting) for sighting in new]))


_Place = tuple[int, str, Channel]


def _place(sighting: Sighting) -> _Place:
    return sighting.article_id, sighting.section, sighting.channel


def _is_clock(
    sighting: Sighting, known: Iterable[Sighting], first_seen: Mapping[int, dt.date]
) -> bool:
    """Tell whether a place shows nothing but a day that is known to follow the clock."""
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


def _first_seen(c: Connection, article_ids: Sequence[int]) -> dict[int, dt.date]:
    article = tables.article
    return {
        row.id: vietnam_day(row.first_seen_at)
        for some in in_batches(article_ids)
        for row in c.execute(
            sa.select(article.c.id, article.c.first_seen_at).where(article.c.id.in_(some))
        )
    }


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


def weigh_version(
    c: Connection, article_id: int, *, extraction: Extraction, extracted_at: dt.datetime
) -> Kept:
    """Tell what ``record_version`` will store."""
    return _weigh(_page_history(c, article_id), extraction, extracted_at)


def record_version(
    c: Connection,
    article_id: int,
    *,
    capture_id: int,
    extraction: Extraction,
    extracted_at: dt.datetime,
) -> bool:
    """Store what a look at an article's page shows, if it is new; tell if that is a version.

    A changed text or day is a new version, but for a day that moved along with the clock: the
    looks that show that are noted until it is known, then nothing is stored any more.
    """
    history = _page_history(c, article_id)
    kept = _weigh(history, extraction, extracted_at)
    if kept is Kept.DATED_LOOK:
        row: dict[str, object] = {
            "article_id": article_id,
            "capture_id": capture_id,
            "date_published": extraction.date_published,
            "date_published_raw": extraction.date_published_raw,
            "seen_at": extracted_at,
        }
        c.execute(sa.insert(tables.dated_look), row)
    if kept is Kept.VERSION:
        text = FoldedText.of(extraction)
        row = {
            "article_id": article_id,
            "number": 1 + history.last_number,
            "capture_id": capture_id,
            "extracted_at": extracted_at,
            "content_sha256": content_digest(extraction),
            "text_sha256": text_digest(text),
            "search_text": search_text(text),
        }
        row |= _extraction_row(extraction)
        (version_id,) = add_rows(c, tables.article_version, [row])
        add_rows(c, tables.attachment, attachment_rows(version_id, extraction.attachments))
    return kept is Kept.VERSION


def _weigh(history: _PageHistory, extraction: Extraction, at: dt.datetime) -> Kept:
    if not history.looks:
        return Kept.VERSION
    earlier = [look for look in history.looks if look.seen_at < at]
    look = PrintedDay(seen_at=at, day=extraction.date_published, words=undated_digest(extraction))
    if look in history.looks or adds_nothing(look, earlier, first_seen=history.first_seen):
        return Kept.NOTHING
    new = what_is_new(
        [(content_digest(extraction), at)],
        history.versions,
        about=lambda _: None,
        at=lambda v: v[1],
        content=lambda v: v[0],
    )
    before = earlier[-1] if earlier else None
    if before is None or before.words != look.words:
        return Kept.VERSION if new else Kept.NOTHING
    if before.day == look.day:
        return Kept.NOTHING
    is_dated = look.day is not None and before.day is not None
    if is_dated and (has_moved(look, before) or not new):  # not new: back to the version's day
        return Kept.DATED_LOOK
    return Kept.VERSION if new else Kept.NOTHING


def _page_history(c: Connection, article_id: int) -> _PageHistory:
    table, dated = tables.article_version, tables.dated_look
    versions = c.execute(
        sa.select(table).where(table.c.article_id == article_id).order_by(table.c.id)
    ).all()
    if not versions:  # every first look: nothing else need be asked
        return _PageHistory(first_seen=dt.date.max, versions=(), last_number=0, looks=())
    dated_looks = c.execute(
        sa.select(dated.c.date_published, dated.c.seen_at)
        .where(dated.c.article_id == article_id)
        .order_by(dated.c.id)
    ).all()
    looks = [
        PrintedDay(seen_at=v.extracted_at, day=v.date_published, words=_undated(v))
        for v in versions
    ]
    looks.sort(key=lambda look: look.seen_at)
    for row in dated_looks:  # they show the text of the version before them
        words = [look.words for look in looks if look.seen_at <= row.seen_at]
        looks.append(
            PrintedDay(
                seen_at=row.seen_at, day=row.date_published, words=words[-1] if words else None
            )
        )
    looks.sort(key=lambda look: look.seen_at)
    return _PageHistory(
        first_seen=_first_seen(c, [article_id])[article_id],
        versions=tuple((row.content_sha256, row.extracted_at) for row in versions),
        last_number=max((row.number for row in versions), default=0),
        looks=tuple(looks),
    )


def _undated(row: sa.Row[Any]) -> str:
    return undated_digest(to_version(row).extraction)


def _extraction_row(extraction: Extraction) -> dict[str, object]:
    return {
        "headline": extraction.headline,
        "lead": extraction.lead,
        "body": extraction.body,
        "date_published": extraction.date_published,
        "date_published_raw": extraction.date_published_raw,
        "date_source": extraction.date_source,
        "byline": extraction.byline,
        "source_line": extraction.source_line,
        "extractor": extraction.extractor,
        "section": extraction.section,
        "date_candidates": candidates_as_json(extraction.date_candidates),
        "images": list(extraction.images) or None,
        "text_note": extraction.text_note,
    }


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


def to_version(row: sa.Row[Any]) -> ArticleVersion:
    """Make a record of a row of ``article_version``."""
    return ArticleVersion(
        id=row.id,
        article_id=row.article_id,
        number=row.number,
        capture_id=row.capture_id,
        extraction=Extraction(
            headline=row.headline,
            lead=row.lead,
            body=row.body,
            date_published=row.date_published,
            date_published_raw=row.date_published_raw,
            date_source=row.date_source,
            byline=row.byline,
            source_line=row.source_line,
            section=row.section,
            date_candidates=candidates_from_json(row.date_candidates),
            images=tuple(row.images or ()),
            text_note=row.text_note,
            extractor=row.extractor,
        ),
        search_text=row.search_text,
        content_sha256=row.content_sha256,
        extracted_at=row.extracted_at,
    )


def sightings_of(c: Connection, article_id: int) -> list[Sighting]:
    """Give all stored sightings of an article, oldest first."""
    table = tables.sighting
    found = c.execute(
        sa.select(table)
        .where(table.c.article_id == article_id)
        .order_by(table.c.seen_at, table.c.id)
    )
    return [_sighting(row) for row in found]


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
