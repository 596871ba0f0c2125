"""Reports that their office has frozen, with number, day and what they supersede."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "official_report",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("report_id", KEY, sa.ForeignKey("report.id"), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("issuer_key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("supersedes", KEY, sa.ForeignKey("report.id"), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(supersedes IS NULL) = (why IS NULL)", name="superseded_for_a_reason"),
        sa.CheckConstraint("supersedes <> report_id", name="supersedes_another"),
        sa.UniqueConstraint("report_id"),
        sa.UniqueConstraint("supersedes"),
        sa.UniqueConstraint("issuer_key", "year", "number_key"),
    )
