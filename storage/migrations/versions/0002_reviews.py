"""What people say of an article's topics, beside what the taggers said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

# A migration says what the schema was on its day: it imports nothing that will change.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of reviews."""
    level = sa.Enum(
        "main",
        "mention",
        "none",
        name="level",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "review",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("version_id", KEY, sa.ForeignKey("article_version.id"), nullable=False),
        sa.Column("taxonomy", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("level", level, nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reviewer <> ''", name="reviewer_is_named"),
        sa.ForeignKeyConstraint(["taxonomy", "topic"], ["topic.taxonomy", "topic.code"]),
    )
    op.create_index("ix_review_version_id", "review", ["version_id"])
