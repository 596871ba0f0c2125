"""Versions that are not the newest of their article any more, without their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import in_batches
from storage.records import PastVersion

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from storage.engine import Connection


def past_versions(
    c: Connection, as_of: dt.datetime, *, articles: Collection[int] | None = None
) -> dict[int, tuple[PastVersion, ...]]:
    """Give, by article, what was read until ``as_of`` (inclusive) before the newest version.

    Oldest first. An article with one version only is not among them. ``articles``: of these ids
    only; None: of all.
    """
    if articles is None:
        return _past_versions(c, as_of, sa.true())
    found: dict[int, tuple[PastVersion, ...]] = {}
    for some in in_batches(sorted(articles)):
        found |= _past_versions(c, as_of, tables.article_version.c.article_id.in_(some))
    return found


def _past_versions(
    c: Connection, as_of: dt.datetime, among: sa.ColumnElement[bool]
) -> dict[int, tuple[PastVersion, ...]]:
    table = tables.article_version
    changed = c.scalars(
        sa.select(table.c.article_id)
        .where(table.c.number > 1, table.c.extracted_at <= as_of, among)
        .distinct()
    ).all()
    rows = [
        row
        for some in in_batches(changed)
        for row in c.execute(
            sa.select(
                table.c.article_id,
                table.c.number,
                table.c.headline,
                table.c.date_published,
                table.c.capture_id,
                table.c.extracted_at,
            )
            .where(table.c.article_id.in_(some), table.c.extracted_at <= as_of)
            .order_by(table.c.article_id, table.c.extracted_at, table.c.id)
        )
    ]
    found: dict[int, list[PastVersion]] = {}
    for row in rows:
        found.setdefault(row.article_id, []).append(
            PastVersion(
                number=row.number,
                headline=row.headline,
                day=row.date_published,
                capture_id=row.capture_id,
                read_at=row.extracted_at,
            )
        )
    return {article: tuple(versions[:-1]) for article, versions in found.items() if versions[1:]}
