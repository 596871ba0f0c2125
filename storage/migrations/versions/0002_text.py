"""Attachments, and what else a page says of its article: section, pictures, every day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_text"
down_revision = "0001"

# A migration says what the schema was on its day: it imports nothing that will change.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_PURPOSES = ("list", "feed", "sitemap", "article", "robots")
_STATES = ("named", "read", "scan", "unreadable", "missing")


def upgrade() -> None:
    """Let captures be of attachments, and add what versions now hold."""
    _allow_purpose("attachment")
    for name in ("section", "date_candidates", "images", "text_note"):
        op.add_column("article_version", sa.Column(name, sa.Text(), nullable=True))
    state = sa.Enum(*_STATES, name="state", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "attachment",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("version_id", KEY, sa.ForeignKey("article_version.id"), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("state", state, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("capture_id", KEY, sa.ForeignKey("capture.id"), nullable=True),
        sa.CheckConstraint(
            "state NOT IN ('read', 'scan', 'unreadable') OR capture_id IS NOT NULL",
            name="read_from_a_capture",
        ),
        sa.UniqueConstraint("version_id", "place"),
    )


def _allow_purpose(name: str) -> None:
    """Widen the check on ``capture.purpose``; the rows stay where they are."""
    before = f"purpose IN ({', '.join(map(repr, _PURPOSES))})"
    after = f"purpose IN ({', '.join(map(repr, (*_PURPOSES, name)))})"
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint("ck_capture_purpose", "capture")
        op.create_check_constraint("purpose", "capture", after)
        return
    # SQLite cannot alter a check. Rebuilding the table would break the references to it, and
    # copy millions of rows; for a check that lets through more, its manual gives this way
    # (https://www.sqlite.org/lang_altertable.html#otheralter, second procedure).
    number = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
            " WHERE type = 'table' AND name = 'capture' AND instr(sql, :before) > 0"
        ),
        {"before": before, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed.rowcount != 1:
        raise RuntimeError(f"the check on capture.purpose is not as it was made: {before}")
