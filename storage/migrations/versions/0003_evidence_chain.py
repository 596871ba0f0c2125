"""The evidence chain: leaves, heads, time stamps; files removed by decision.

Captures that are there already get their leaves from ``tinbai db upgrade``, which reads their
WARC files once, or else at the end of the next run.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the four tables."""
    op.create_table(
        "tree_leaf",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("capture_id", KEY, sa.ForeignKey("capture.id"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("warc_bytes", sa.BigInteger(), nullable=True),
        sa.Column("warc_sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(warc_bytes IS NULL) = (warc_sha256 IS NULL)", name="warc_digest_whole"
        ),
        sa.UniqueConstraint("capture_id"),
    )
    op.create_table(
        "tree_head",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("run_id", KEY, sa.ForeignKey("crawl_run.id"), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("peaks", sa.Text(), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.UniqueConstraint("run_id"),
        sa.CheckConstraint("size >= 0", name="size_not_negative"),
    )
    op.create_index("ix_tree_head_sealed_at", "tree_head", ["sealed_at"])
    op.create_table(
        "time_stamp",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("head_id", KEY, sa.ForeignKey("tree_head.id"), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_time_stamp_head_id", "time_stamp", ["head_id"])
    op.create_table(
        "removed_file",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("warc_file", sa.Text(), nullable=False),
        sa.Column("warc_bytes", sa.BigInteger(), nullable=False),
        sa.Column("removed_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("removed_at", INSTANT, nullable=False),
        sa.CheckConstraint("removed_by <> '' AND reason <> ''", name="decision_is_named"),
        sa.UniqueConstraint("warc_file"),
    )
