"""Days that follow the clock, articles that are gone, conditional requests."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0002_clock"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the servers' marks of a body, looks at a moving day, and the new names."""
    op.add_column("capture", sa.Column("etag", sa.Text(), nullable=True))
    op.add_column("capture", sa.Column("last_modified", sa.Text(), nullable=True))
    op.create_table(
        "dated_look",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("article_id", KEY, sa.ForeignKey("article.id"), nullable=False),
        sa.Column("capture_id", KEY, sa.ForeignKey("capture.id"), nullable=False),
        sa.Column("date_published", sa.Date(), nullable=False),
        sa.Column("date_published_raw", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_dated_look_article_id", "dated_look", ["article_id"])
    _add_name("capture", "purpose", after="robots", name="probe")
    _add_name("article_version", "date_source", after="url", name="follows_clock")
    _add_name("report_line_article", "bucket", after="mention_only", name="withdrawn")
    _add_name("finding", "kind", after="backdated", name="day_follows_clock")


def _add_name(table: str, column: str, *, after: str, name: str) -> None:
    """Let a checked column take one more name."""
    c = op.get_bind()
    check = f"ck_{table}_{column}"
    if c.dialect.name == "sqlite":
        _add_name_in_sqlite(c, table, column, after=after, name=name)
        return
    text = c.scalar(
        sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :check"),
        {"check": check},
    )
    names = re.findall(r"'(\w+)'", str(text))
    if after not in names:
        raise ValueError(f"{check} is not as it was made")
    names.insert(names.index(after) + 1, name)
    condition = f"{column} IN ({', '.join(repr(one) for one in names)})"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition})")


def _add_name_in_sqlite(
    c: sa.Connection, table: str, column: str, *, after: str, name: str
) -> None:
    """Edit the table's text, as sqlite.org/lang_altertable.html advises for checks.

    Rebuilding the table would have to drop it, which the rows that refer to it forbid.
    """
    before = c.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"),
        {"table": table},
    )
    head, found, rest = str(before).partition(f"CHECK ({column} IN (")
    if not found or f"'{after}'" not in rest:
        raise ValueError(f"the check of {table}.{column} is not as it was made")
    changed = head + found + rest.replace(f"'{after}'", f"'{after}', '{name}'", 1)
    version = c.scalar(sa.text("PRAGMA schema_version"))
    c.execute(sa.text("PRAGMA writable_schema = ON"))
    c.execute(
        sa.text("UPDATE sqlite_master SET sql = :text WHERE type = 'table' AND name = :table"),
        {"text": changed, "table": table},
    )
    c.execute(sa.text(f"PRAGMA schema_version = {int(version or 0) + 1}"))
    c.execute(sa.text("PRAGMA writable_schema = OFF"))
