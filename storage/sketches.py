"""Sketches of versions' texts: made once for each version and method, from the text alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows, in_batches
from storage.records import Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.engine import Connection


@dataclass(frozen=True, kw_only=True, slots=True)
class TextSketch:
    """What is measured of a version's text."""

    version_id: int
    method: str
    """How it was measured; another method knows nothing of it."""
    letters: int
    syllables: int
    sketch: bytes | None
    """None: the text is too short to be compared."""


def add_sketches(c: Connection, sketches: Sequence[TextSketch]) -> None:
    """Store sketches of versions that have none of this method."""
    add_rows(
        c,
        tables.text_sketch,
        [
            {
                "version_id": one.version_id,
                "method": one.method,
                "letters": one.letters,
                "syllables": one.syllables,
                "sketch": one.sketch,
            }
            for one in sketches
        ],
    )


def sketches_of(c: Connection, version_ids: Sequence[int], *, method: str) -> dict[int, TextSketch]:
    """Give the sketches of those versions that have one, by version."""
    table = tables.text_sketch
    return {
        row.version_id: TextSketch(
            version_id=row.version_id,
            method=row.method,
            letters=row.letters,
            syllables=row.syllables,
            sketch=row.sketch,
        )
        for some in in_batches(version_ids)
        for row in c.execute(
            sa.select(table).where(table.c.method == method, table.c.version_id.in_(some))
        )
    }


def unsketched(c: Connection, *, method: str, most: int) -> list[int]:
    """Give versions that a tagger or a person finds about a topic and that have no sketch yet.

    At most ``most`` of them, the lowest ids first.
    """
    tagged, tagging, review = tables.tagged_version, tables.tagging, tables.review
    by_tagger = (
        sa.select(tagged.c.version_id)
        .join(tagging, tagging.c.tagged_version_id == tagged.c.id)
        .where(tagging.c.level == Level.MAIN, tagging.c.verdict != Verdict.REJECTED)
    )
    by_person = sa.select(review.c.version_id).where(review.c.level == Level.MAIN)
    on_topic = sa.union(by_tagger, by_person).subquery()
    known = tables.text_sketch
    return list(
        c.scalars(
            sa.select(on_topic.c.version_id)
            .join(
                known,
                (known.c.version_id == on_topic.c.version_id) & (known.c.method == method),
                isouter=True,
            )
            .where(known.c.id.is_(None))
            .order_by(on_topic.c.version_id)
            .limit(most)
        )
    )


def source_lines_of(c: Connection, version_ids: Sequence[int]) -> dict[int, str]:
    """Give the line that names a source, by version; versions without one are left out."""
    table = tables.article_version
    return {
        row.id: row.source_line
        for some in in_batches(version_ids)
        for row in c.execute(
            sa.select(table.c.id, table.c.source_line).where(
                table.c.id.in_(some), table.c.source_line.is_not(None)
            )
        )
    }
