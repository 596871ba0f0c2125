"""How the newest attempt to read each article ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.records import CapturePurpose, Disposition

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from storage.engine import Connection

_capture, _article, _run = tables.capture, tables.article, tables.crawl_run


def newest_tries(
    c: Connection, which: sa.ColumnElement[bool], *, of: Collection[int] | None = None
) -> dict[int, tuple[dt.datetime, Disposition]]:
    """Give, by article, when it was last asked for and how that ended.

    A capture that was found in the evidence after a kill knows its address only: it is taken for
    the article of that canonical address.

    Args:
        c: read from.
        which: picks captures and runs.
        of: of these articles only; None: of all.
    """
    if of is None:
        return _newest_tries(c, _asked_for(which), _found_again(which))
    return {
        article: tried
        for some in in_batches(sorted(set(of)))
        for article, tried in _newest_tries(
            c,
            _asked_for(which & _capture.c.article_id.in_(some)),
            _found_again(which & _article.c.id.in_(some)),
        ).items()
    }


def _newest_tries(
    c: Connection, asked_for: sa.Select[Any], found_again: sa.Select[Any]
) -> dict[int, tuple[dt.datetime, Disposition]]:
    attempts = sa.union_all(asked_for, found_again).subquery()
    newest_first = sa.func.row_number().over(
        partition_by=attempts.c.article_id,
        order_by=(attempts.c.captured_at.desc(), attempts.c.id.desc()),
    )
    ranked = sa.select(attempts, newest_first.label("place")).subquery()
    found = c.execute(sa.select(ranked).where(ranked.c.place == 1))
    return {row.article_id: (row.captured_at, row.disposition) for row in found}


def _asked_for(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(
            _capture.c.article_id, _capture.c.id, _capture.c.captured_at, _capture.c.disposition
        )
        .join(_run, _run.c.id == _capture.c.run_id)
        .where(
            _capture.c.article_id.is_not(None),
            _capture.c.purpose == CapturePurpose.ARTICLE,
            which,
        )
    )


def _found_again(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    same_address = (_article.c.site == _run.c.site) & (_article.c.canonical_url == _capture.c.url)
    return (
        sa.select(
            _article.c.id.label("article_id"),
            _capture.c.id,
            _capture.c.captured_at,
            _capture.c.disposition,
        )
        .join_from(_capture, _run, _run.c.id == _capture.c.run_id)
        .join(_article, same_address)
        .where(
            _capture.c.article_id.is_(None),
            _capture.c.purpose == CapturePurpose.ARTICLE,
            which,
        )
    )
