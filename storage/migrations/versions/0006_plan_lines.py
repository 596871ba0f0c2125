"""Plans that come as lines, and the work outside the web that units state."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

FORMS = (
    "news article post section special_page reportage clip broadcast hours panel banner slogan "
    "leaflet event other"
)


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "plan_line",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("plan_id", KEY, sa.ForeignKey("unit_plan.id"), nullable=False),
        _col("place", sa.Integer()),
        _col("content", sa.Text()),
        _col("tags", sa.Text()),
        _choice("form", FORMS),
        _col("measure", sa.Text()),
        _col("number", sa.Integer(), null=True),
        _choice("every", "day week month quarter half_year year", null=True),
        _yes_or_no("at_least"),
        _col("percent", sa.Integer(), null=True),
        _col("due", sa.Date(), null=True),
        _col("lead", sa.Text(), null=True),
        _col("planned", sa.Integer(), null=True),
        _yes_or_no("on_web"),
        _col("text", sa.Text()),
        _col("cell", sa.Text()),
        sa.CheckConstraint("number >= 0", name="number_not_negative"),
        sa.CheckConstraint("planned >= 0", name="planned_not_negative"),
        sa.UniqueConstraint("plan_id", "place"),
    )
    op.create_table(
        "output",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("unit", sa.Text(), sa.ForeignKey("unit.code"), nullable=False),
        _col("period_from", sa.Date()),
        _col("period_to", sa.Date()),
        _choice("form", FORMS),
        _col("measure", sa.Text()),
        _col("number", sa.Integer()),
        _col("description", sa.Text()),
        _col("proof_name", sa.Text(), null=True),
        _col("proof_sha256", sa.Text(), null=True),
        _col("cell", sa.Text()),
        _col("source_sha256", sa.Text()),
        _col("source_name", sa.Text()),
        _col("received_at", INSTANT),
        sa.CheckConstraint("number >= 0", name="number_not_negative"),
        sa.CheckConstraint("period_to IS NULL OR period_to > period_from", name="interval"),
        sa.CheckConstraint("(proof_name IS NULL) = (proof_sha256 IS NULL)", name="proof_is_kept"),
    )
    op.create_index("ix_output_unit", "output", ["unit"])


def _col(name: str, kind: sa.types.TypeEngine[Any], *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _choice(name: str, values: str, *, null: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=null)


def _yes_or_no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(name=name, create_constraint=True), nullable=False)
