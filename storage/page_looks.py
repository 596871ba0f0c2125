"""The looks at articles' pages, as ``storage.gone`` judges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.gone import PageLook, tells
from storage.records import CapturePurpose, Disposition

if TYPE_CHECKING:
    from storage.engine import Connection

_SEEN = (Disposition.LISTED, Disposition.STORED, Disposition.UNCHANGED)


def looks_at_pages(
    c: Connection, which: sa.ColumnElement[bool], *, of_missed: bool = False
) -> dict[int, tuple[PageLook, ...]]:
    """Give, by article, the looks that tell whether its page is there, oldest first.

    A 'not found' in a run that saw nothing else of the site tells of an outage and is left out.

    Args:
        c: read from.
        which: picks captures and runs.
        of_missed: only of articles that were not found at least once.
    """
    capture, run = tables.capture, tables.crawl_run
    elsewhere = tables.capture.alias()
    saw_the_site = sa.exists().where(
        elsewhere.c.run_id == run.c.id, elsewhere.c.disposition.in_(_SEEN)
    )
    query = (
        sa.select(
            capture.c.article_id,
            capture.c.url,
            capture.c.captured_at,
            capture.c.disposition,
            capture.c.status,
            capture.c.reason,
        )
        .join(run, run.c.id == capture.c.run_id)
        .where(
            capture.c.article_id.is_not(None),
            capture.c.purpose == CapturePurpose.ARTICLE,
            which,
            (capture.c.disposition != Disposition.HTTP_ERROR) | saw_the_site,
        )
        .order_by(capture.c.captured_at, capture.c.id)
    )
    if of_missed:
        error = sa.literal(Disposition.HTTP_ERROR, capture.c.disposition.type, literal_execute=True)
        missed = sa.select(capture.c.article_id).where(  # by the index over just these
            capture.c.disposition == error, capture.c.article_id.is_not(None)
        )
        query = query.where(capture.c.article_id.in_(missed))
    looks: dict[int, list[PageLook]] = {}
    for row in c.execute(query):
        is_there = tells(row.disposition, status=row.status, reason=row.reason)
        if is_there is not None:
            looks.setdefault(row.article_id, []).append(
                PageLook(row.captured_at, is_there, row.url)
            )
    return {article: tuple(found) for article, found in looks.items()}
