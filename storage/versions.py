"""Versions of an article: what a look at its page adds to what is stored of it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.attachments import attachment_rows
from storage.date_candidates import candidates_as_json, candidates_from_json
from storage.digests import (
    FoldedText,
    content_digest,
    search_text,
    text_digest,
    undated_digest,
)
from storage.engine import add_rows, in_batches, put_rows
from storage.history import what_is_new
from storage.printed_days import PrintedDay, adds_nothing, has_moved
from storage.records import ArticleVersion, Extraction, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.engine import Connection


class Kept(Enum):
    """What becomes of a text that was read."""

    VERSION = "version"
    DATED_LOOK = "dated_look"
    """The text as before under a day that moved along with the clock, or moved back."""
    NOTHING = "nothing"
    """The text and the day as before, or a day that is known to follow the clock."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """One look at an article's page, and what it showed."""

    article_id: int
    extraction: Extraction
    at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """A look, and what becomes of it."""

    look: Look
    kept: Kept
    number: int
    """Of the version, where it becomes one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _PageHistory:
    """What is stored of an article's page, as far as a new look is compared with it."""

    first_seen: dt.date = dt.date.max
    """Matters only where there are looks."""
    versions: tuple[tuple[str, dt.datetime], ...] = ()
    """Digest and instant, in the order in which they were recorded."""
    last_number: int = 0
    looks: tuple[PrintedDay, ...] = field(default=(), repr=False)
    """By instant; versions and dated looks."""


def weigh(c: Connection, looks: Sequence[Look]) -> list[Weighed]:
    """Tell what ``record`` will store of these looks at articles' pages, at different ones each.

    A changed text or day is a new version, but for a day that moved along with the clock: the
    looks that show that are noted until it is known, then nothing is stored any more.
    """
    histories = _histories(c, [look.article_id for look in looks])
    return [_weighed(look, histories.get(look.article_id, _PageHistory())) for look in looks]


def record(c: Connection, weighed: Sequence[tuple[Weighed, int]]) -> None:
    """Store looks as they were weighed, each with the id of its capture, in few statements."""
    new = [one for one in weighed if one[0].kept is Kept.VERSION]
    rows = [_version_row(*one) for one in new]
    if any(one.look.extraction.attachments for one, _ in new):
        ids = add_rows(c, tables.article_version, rows)
        put_rows(
            c,
            tables.attachment,
            [
                row
                for (one, _), version_id in zip(new, ids, strict=True)
                for row in attachment_rows(version_id, one.look.extraction.attachments)
            ],
        )
    else:
        put_rows(c, tables.article_version, rows)
    moved = [_dated_look_row(*one) for one in weighed if one[0].kept is Kept.DATED_LOOK]
    put_rows(c, tables.dated_look, moved)


def record_version(
    c: Connection,
    article_id: int,
    *,
    capture_id: int,
    extraction: Extraction,
    extracted_at: dt.datetime,
) -> bool:
    """Weigh and store one look; tell whether it became a version."""
    (weighed,) = weigh(c, [Look(article_id=article_id, extraction=extraction, at=extracted_at)])
    record(c, [(weighed, capture_id)])
    return weighed.kept is Kept.VERSION


def _weighed(look: Look, history: _PageHistory) -> Weighed:
    kept = _weigh(history, look.extraction, look.at)
    return Weighed(look=look, kept=kept, number=1 + history.last_number)


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


def _histories(c: Connection, article_ids: Sequence[int]) -> dict[int, _PageHistory]:
    """Give the histories of those articles that have a version: at a first look, of none."""
    versions, dated = defaultdict(list), defaultdict(list)
    table, moved = tables.article_version, tables.dated_look
    for some in in_batches(sorted(set(article_ids))):
        for row in c.execute(
            sa.select(table).where(table.c.article_id.in_(some)).order_by(table.c.id)
        ):
            versions[row.article_id].append(row)
    for some in in_batches(list(versions)):
        for row in c.execute(
            sa.select(moved.c.article_id, moved.c.date_published, moved.c.seen_at)
            .where(moved.c.article_id.in_(some))
            .order_by(moved.c.id)
        ):
            dated[row.article_id].append(row)
    first_seen = first_seen_days(c, list(versions))
    return {
        article_id: _page_history(rows, dated[article_id], first_seen[article_id])
        for article_id, rows in versions.items()
    }


def first_seen_days(c: Connection, article_ids: Sequence[int]) -> dict[int, dt.date]:
    """Give the day in Vietnam on which each article was first seen anywhere."""
    article = tables.article
    return {
        row.id: vietnam_day(row.first_seen_at)
        for some in in_batches(article_ids)
        for row in c.execute(
            sa.select(article.c.id, article.c.first_seen_at).where(article.c.id.in_(some))
        )
    }


def _page_history(
    versions: Sequence[sa.Row[Any]], dated_looks: Sequence[sa.Row[Any]], first_seen: dt.date
) -> _PageHistory:
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
        first_seen=first_seen,
        versions=tuple((row.content_sha256, row.extracted_at) for row in versions),
        last_number=max(row.number for row in versions),
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


def _version_row(weighed: Weighed, capture_id: int) -> dict[str, object]:
    look, text = weighed.look, FoldedText.of(weighed.look.extraction)
    return {
        "article_id": look.article_id,
        "number": weighed.number,
        "capture_id": capture_id,
        "extracted_at": look.at,
        "content_sha256": content_digest(look.extraction),
        "text_sha256": text_digest(text),
        "search_text": search_text(text),
        **_extraction_row(look.extraction),
    }


def _dated_look_row(weighed: Weighed, capture_id: int) -> dict[str, object]:
    look = weighed.look
    return {
        "article_id": look.article_id,
        "capture_id": capture_id,
        "date_published": look.extraction.date_published,
        "date_published_raw": look.extraction.date_published_raw,
        "seen_at": look.at,
    }


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
