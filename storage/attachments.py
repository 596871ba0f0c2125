"""The documents of an article version, and the captures that they were read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.records import Attachment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.engine import Connection


def attachment_rows(version_id: int, attachments: Sequence[Attachment]) -> list[dict[str, object]]:
    """Give the rows of a version's attachments, in their order on the page."""
    return [
        {
            "version_id": version_id,
            "place": place,
            "url": one.url,
            "title": one.title,
            "state": one.state,
            "reason": one.reason,
            "capture_id": one.capture_id,
        }
        for place, one in enumerate(attachments, start=1)
    ]


def attachments_of(c: Connection, version_id: int) -> tuple[Attachment, ...]:
    """Give the attachments of a version, in their order on the page."""
    table = tables.attachment
    found = c.execute(
        sa.select(table).where(table.c.version_id == version_id).order_by(table.c.place)
    )
    return tuple(
        Attachment(
            url=row.url,
            title=row.title,
            state=row.state,
            reason=row.reason,
            capture_id=row.capture_id,
        )
        for row in found
    )


def capture_of_record(c: Connection, run_id: int, record_id: str) -> int | None:
    """Give the row of the capture whose evidence has this WARC-Record-ID; None: not stored."""
    capture = tables.capture
    found: int | None = c.scalar(
        sa.select(capture.c.id).where(
            capture.c.run_id == run_id, capture.c.warc_record_id == record_id
        )
    )
    return found
