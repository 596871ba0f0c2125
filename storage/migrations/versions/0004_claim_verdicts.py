"""The verdict on each claim, the life of findings, and articles found by a claimed address."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

CHANNELS = "list feed sitemap claim"
KINDS = (
    "shortfall overclaim unclaimed claim_not_found claim_off_topic claim_out_of_period "
    "claim_duplicated claim_other_unit claim_day_differs claim_ruled_out claim_removed backdated "
    "day_changed last_day_burst day_follows_clock not_verifiable"
)
VERDICTS = (
    "confirmed repost day_differs counted_already out_of_period off_topic mention_only ruled_out "
    "other_unit off_list not_found removed_or_changed not_verifiable too_many too_few"
)


def upgrade() -> None:
    """Let the new names in, and make the new tables."""
    _admit("sighting", "channel", CHANNELS)
    _admit("list_page", "channel", CHANNELS)
    _admit("finding", "kind", KINDS)
    op.add_column("finding", sa.Column("finding_key", sa.Text(), nullable=True))
    op.create_index("ix_finding_finding_key", "finding", ["finding_key"])
    op.add_column("claim", sa.Column("shown_url", sa.Text(), nullable=True))
    op.create_table(
        "finding_step",
        sa.Column("id", KEY, primary_key=True),
        _col("finding_key", sa.Text()),
        _choice("state", "open explained accepted upheld"),
        _col("who", sa.Text()),
        _col("note", sa.Text()),
        _col("noted_at", INSTANT),
        sa.CheckConstraint("who <> '' AND note <> ''", name="said_by_somebody"),
        sa.CheckConstraint("state <> 'open'", name="open_has_no_row"),
    )
    op.create_index("ix_finding_step_finding_key", "finding_step", ["finding_key"])
    _claims()


def _claims() -> None:
    op.create_table(
        "checked_claim",
        sa.Column("id", KEY, primary_key=True),
        _row_of("report_id", "report.id"),
        sa.Column("unit", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        _col("tag", sa.Text()),
        _col("cell", sa.Text()),
        _col("number", sa.Integer(), null=True),
        _col("url", sa.Text(), null=True),
        _col("title", sa.Text(), null=True),
        _col("day", sa.Date(), null=True),
        _choice("verdict", VERDICTS),
        sa.Column(
            "is_counted", sa.Boolean(name="is_counted", create_constraint=True), nullable=False
        ),
        _choice("matched_by", "address cut_address title former_title", null=True),
        _col("score", sa.Integer(), null=True),
        _row_of("article_id", "article.id", null=True),
        _row_of("version_id", "article_version.id", null=True),
        _row_of("capture_id", "capture.id", null=True),
        _col("reason", sa.Text()),
        sa.CheckConstraint("score >= 0 AND score <= 100", name="score_is_percent"),
    )
    op.create_index("ix_checked_claim_report_id", "checked_claim", ["report_id"])


def _admit(table: str, column: str, values: str) -> None:
    """Let a column hold these values: its check is replaced, in SQLite by way of a new table."""
    allowed = ", ".join(f"'{value}'" for value in values.split())
    check = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, sa.text(f"{column} IN ({allowed})"))


def _col(name: str, kind: sa.types.TypeEngine[Any], *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _row_of(name: str, key: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(key), nullable=null)


def _choice(name: str, values: str, *, null: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=null)
