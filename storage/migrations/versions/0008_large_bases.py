"""Indexes by which a report of one district is found in a base of a million articles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

PLACE = ["article_id", "section", "channel", "date_published", "seen_at"]


def upgrade() -> None:
    """Put two wider indexes in the place of two, and add one over the pages that were missed."""
    op.drop_index(op.f("ix_sighting_article_id"), table_name="sighting")
    op.create_index(op.f("ix_sighting_place"), "sighting", PLACE)
    op.drop_index(op.f("ix_article_version_text_sha256"), table_name="article_version")
    op.create_index(
        op.f("ix_article_version_text_sha256"),
        "article_version",
        ["text_sha256", "article_id", "date_published"],
    )
    missed = sa.text("disposition = 'http_error'")
    op.create_index(
        op.f("ix_capture_missed"),
        "capture",
        ["article_id"],
        sqlite_where=missed,
        postgresql_where=missed,
    )
