"""Certificates that failed the check, and three more reasons why a section was not seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_limits"
down_revision = "0001"

REASONS = (
    "reached_window_start reached_list_end feed_too_short list_failed list_blocked "
    "list_empty page_limit request_limit outside_hours resting robots_denied "
    "expectation_broken interrupted"
)


def upgrade() -> None:
    """Widen the check of the coverage's reason; a capture says what the certificate was worth."""
    with op.batch_alter_table("coverage") as coverage:
        coverage.drop_constraint("reason", type_="check")
        coverage.create_check_constraint("reason", sa.column("reason").in_(REASONS.split()))
    # SQLite cannot rebuild a table that others refer to within a transaction, but can add to it.
    op.execute(
        "ALTER TABLE capture ADD COLUMN tls VARCHAR(40)"
        " CONSTRAINT ck_capture_tls CHECK (tls IN ('verified', 'unverified'))"
    )
