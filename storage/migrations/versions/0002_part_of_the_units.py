"""Reports on part of the unit list; articles with the same text are found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column and the index."""
    op.add_column("report", sa.Column("under", sa.Text(), nullable=True))
    op.create_index("ix_article_version_text_sha256", "article_version", ["text_sha256"])
