"""Proof of coverage: a list's order, looks that join an earlier one, and the pages of lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_proof"
down_revision = "0001"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REASONS = (
    "reached_window_start reached_list_end reached_known feed_too_short list_failed "
    "list_blocked list_empty page_limit robots_denied expectation_broken interrupted"
)
_ORDERS = "newest_first pinned_on_top last_change unordered"


def upgrade() -> None:
    """Widen the coverage's reasons, add its two columns, and make ``list_page``."""
    with op.batch_alter_table("coverage") as table:
        table.drop_constraint(op.f("ck_coverage_reason"), type_="check")
        table.add_column(sa.Column("list_order", sa.String(40), nullable=True))
        table.add_column(sa.Column("joins_run_id", KEY, nullable=True))
        table.create_foreign_key("fk_coverage_joins_run_id", "crawl_run", ["joins_run_id"], ["id"])
        table.create_check_constraint("reason", _one_of("reason", _REASONS))
        table.create_check_constraint("list_order", _one_of("list_order", _ORDERS))
        table.create_check_constraint(
            "joins_when_known", "(joins_run_id IS NULL) = (reason <> 'reached_known')"
        )
    op.create_table(
        "list_page",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("capture_id", KEY, sa.ForeignKey("capture.id"), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        _choice("channel", "list feed sitemap"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=True),
        sa.Column("undated", sa.Integer(), nullable=True),
        sa.Column("newest", sa.Date(), nullable=True),
        sa.Column("oldest", sa.Date(), nullable=True),
        sa.CheckConstraint("number >= 1", name="number_from_one"),
        sa.CheckConstraint(
            "(items IS NULL) = (undated IS NULL) AND undated >= 0 AND undated <= items",
            name="undated_of_items",
        ),
        sa.CheckConstraint(
            "(newest IS NULL) = (oldest IS NULL) AND (newest IS NULL OR newest >= oldest)",
            name="days_whole",
        ),
        sa.UniqueConstraint("capture_id"),
    )


def _choice(name: str, values: str) -> sa.Column[str]:
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=False)


def _one_of(name: str, values: str) -> str:
    return f"{name} IN ({', '.join(repr(value) for value in values.split())})"
