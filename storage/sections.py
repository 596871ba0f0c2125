"""The sections that articles stand in: where lists showed them, and what their pages say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables

if TYPE_CHECKING:
    import datetime as dt

    from storage.engine import Connection


def sections_as_of(c: Connection, as_of: dt.datetime) -> dict[int, tuple[str, ...]]:
    """Give the names of each article's sections, in the order of the alphabet, as known then."""
    sighting, version = tables.sighting, tables.article_version
    listed = (
        sa.select(sighting.c.article_id, sighting.c.section)
        .where(sighting.c.seen_at <= as_of)
        .distinct()
    )
    printed = (
        sa.select(version.c.article_id, version.c.section)
        .where(version.c.extracted_at <= as_of, version.c.section.is_not(None))
        .distinct()
    )
    found: dict[int, set[str]] = defaultdict(set)
    for row in c.execute(sa.union(listed, printed)):
        found[row.article_id].add(row.section)
    return {article: tuple(sorted(names)) for article, names in found.items()}
