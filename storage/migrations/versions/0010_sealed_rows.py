"""Rows in the evidence chain: their leaves; heads that stand at no run's end.

Rows that are there already come in with the first seal: that of ``tinbai db upgrade``, or else the
next one. Its instant says since when they are held.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
HEAD = "id, run_id, size, root, peaks, sealed_at"
STAMP = "id, head_id, authority, received_at, token"


def upgrade() -> None:
    """Make the leaves' table, and let heads be without a run."""
    op.create_table(
        "sealed_rows",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("first_row", sa.BigInteger(), nullable=False),
        sa.Column("last_row", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("last_row >= first_row", name="in_order"),
    )
    op.create_index(
        op.f("ix_sealed_rows_table_name_last_row"), "sealed_rows", ["table_name", "last_row"]
    )
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_heads()
    else:
        op.alter_column("tree_head", "run_id", nullable=True)
        op.add_column(
            "tree_head",
            sa.Column("of_reports", sa.Boolean(), nullable=False, server_default=sa.false()),
        )
        op.alter_column("tree_head", "of_reports", server_default=None)


def _rebuild_heads() -> None:
    """Make both tables anew: SQLite alters none, and refuses to drop one that rows refer to."""
    op.create_table(
        "new_head",
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("peaks", sa.Text(), nullable=False),
        sa.Column("sealed_at", INSTANT, nullable=False),
        sa.Column("of_reports", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree_head")),
        sa.ForeignKeyConstraint(["run_id"], ["crawl_run.id"], name=op.f("fk_tree_head_run_id")),
        sa.UniqueConstraint("run_id", name=op.f("uq_tree_head_run_id")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_tree_head_size_not_negative")),
        sa.CheckConstraint("of_reports IN (0, 1)", name=op.f("ck_tree_head_of_reports")),
    )
    op.create_table(
        "new_stamp",
        sa.Column("id", KEY, nullable=False),
        sa.Column("head_id", KEY, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_stamp")),
        sa.ForeignKeyConstraint(["head_id"], ["new_head.id"], name=op.f("fk_time_stamp_head_id")),
    )
    op.execute(
        f"INSERT INTO new_head ({HEAD}, of_reports) SELECT {HEAD}, 0 FROM tree_head"  # noqa: S608
    )
    op.execute(f"INSERT INTO new_stamp ({STAMP}) SELECT {STAMP} FROM time_stamp")  # noqa: S608
    op.drop_table("time_stamp")
    op.drop_table("tree_head")
    op.rename_table("new_head", "tree_head")  # what refers to it follows
    op.rename_table("new_stamp", "time_stamp")
    op.create_index(op.f("ix_tree_head_sealed_at"), "tree_head", ["sealed_at"])
    op.create_index(op.f("ix_time_stamp_head_id"), "time_stamp", ["head_id"])
