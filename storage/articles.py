"""Articles, where they were seen, and their versions: "same as last time?" lives here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.attachments import attachment_rows, attachments_of
from storage.candidates import candidates
from storage.date_candidates import candidates_as_json, candidates_from_json
from storage.digests import FoldedText, content_digest, search_text, text_digest
from storage.engine import add_rows, in_batches
from storage.errors import DatabaseError
from storage.history import what_is_new
from storage.language import t
from storage.records import (
    Article,
    ArticleVersion,
    Channel,
    Disposition,
    Extraction,
    Sighting,
)
from storage.tries import newest_tries

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from storage.engine import Connection

__all__ = [
    "KnownArticle",
    "attachments_of",
    "candidates",
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
]

_KEY_DIGITS = 18  # what surely fits into a key of 64 bits


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownArticle:
    """What a crawl needs to know of an article to ask for nothing twice."""

    article_id: int
    has_version: bool
    sightings: Mapping[tuple[str, Channel], tuple[str | None, dt.date | None, str | None]]
    """By section and channel: title, day and raw day as last seen there."""
    last_try: tuple[dt.datetime, Disposition] | None
    """When it was last asked for, and how that ended."""
    day: dt.date | None = None
    """The day of its newest version."""


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
    new = what_is_new(
        sightings,
        known,
        about=lambda s: (s.article_id, s.section, s.channel),
        at=lambda s: s.seen_at,
        content=lambda s: (s.title, s.date_published, s.date_published_raw),
    )
    return len(add_rows(c, table, [_sighting_row(sighting) for sighting in new]))


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


def record_version(
    c: Connection,
    article_id: int,
    *,
    capture_id: int,
    extraction: Extraction,
    extracted_at: dt.datetime,
) -> bool:
    """Store a new version; False when the last one has the same content (nothing is stored)."""
    table = tables.article_version
    versions = c.execute(
        sa.select(table.c.number, table.c.content_sha256, table.c.extracted_at)
        .where(table.c.article_id == article_id)
        .order_by(table.c.id)
    ).all()
    digest = content_digest(extraction)
    told = [(digest, extracted_at)]
    known = [(row.content_sha256, row.extracted_at) for row in versions]
    if not what_is_new(
        told, known, about=lambda _: None, at=lambda v: v[1], content=lambda v: v[0]
    ):
        return False
    text = FoldedText.of(extraction)
    row = {
        "article_id": article_id,
        "number": 1 + max((row.number for row in versions), default=0),
        "capture_id": capture_id,
        "extracted_at": extracted_at,
        "content_sha256": digest,
        "text_sha256": text_digest(text),
        "search_text": search_text(text),
    }
    (version_id,) = add_rows(c, table, [row | _extraction_row(extraction)])
    add_rows(c, tables.attachment, attachment_rows(version_id, extraction.attachments))
    return True


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
    article, version = tables.article, tables.article_version
    of_article = version.c.article_id == article.c.id
    read = sa.exists().where(of_article).label("has_version")
    newest_first = (version.c.extracted_at.desc(), version.c.id.desc())
    day = sa.select(version.c.date_published).where(of_article).order_by(*newest_first).limit(1)
    found = c.execute(
        sa.select(article.c.id, article.c.canonical_url, read, day.scalar_subquery().label("day"))
        .where(article.c.site == site)
        .order_by(article.c.id)
    ).all()
    sightings = _last_sightings(c, site)
    tries = newest_tries(c, tables.crawl_run.c.site == site)
    return {
        row.canonical_url: KnownArticle(
            article_id=row.id,
            has_version=row.has_version,
            sightings=sightings.get(row.id, {}),
            last_try=tries.get(row.id),
            day=row.day,
        )
        for row in found
    }


def _last_sightings(
    c: Connection, site: str
) -> dict[int, dict[tuple[str, Channel], tuple[str | None, dt.date | None, str | None]]]:
    table, article = tables.sighting, tables.article
    found = c.execute(
        sa.select(table)
        .join(article, article.c.id == table.c.article_id)
        .where(article.c.site == site)
        .order_by(table.c.seen_at, table.c.id)  # the last one of each place stays
    )
    last: dict[int, dict[tuple[str, Channel], Any]] = {}
    for row in found:
        last.setdefault(row.article_id, {})[(row.section, row.channel)] = (
            row.title,
            row.date_published,
            row.date_published_raw,
        )
    return last


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
