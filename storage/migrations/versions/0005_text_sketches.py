"""What finds texts that are alike, once for each version; four more reasons not to count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BUCKETS = (
    *("out_of_period", "not_owned", "unread", "untagged", "undecided", "off_topic"),
    *("mention_only", "withdrawn", "undated", "duplicate", "other_section", "too_short"),
    *("repost", "other_tag"),
)


def upgrade() -> None:
    """Make the table of sketches; let a report's articles be left out by the counting rule."""
    op.create_table(
        "text_sketch",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("version_id", KEY, sa.ForeignKey("article_version.id"), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("syllables", sa.Integer(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("letters >= 0", name="letters_not_negative"),
        sa.CheckConstraint("syllables >= 0", name="syllables_not_negative"),
        sa.UniqueConstraint("version_id", "method"),
    )
    if op.get_context().dialect.name == "sqlite":  # which cannot change a check, only a table
        with op.batch_alter_table(
            "report_line_article", copy_from=_report_line_article(), recreate="always"
        ):
            pass
    else:
        op.drop_constraint(op.f("ck_report_line_article_bucket"), "report_line_article")
        values = ", ".join(f"'{bucket}'" for bucket in BUCKETS)
        op.create_check_constraint("bucket", "report_line_article", f"bucket IN ({values})")


def _report_line_article() -> sa.Table:
    bucket = sa.Enum(*BUCKETS, name="bucket", native_enum=False, create_constraint=True, length=40)
    return sa.Table(
        "report_line_article",
        sa.MetaData(naming_convention=op.get_context().opts["target_metadata"].naming_convention),
        sa.Column("id", KEY, primary_key=True),
        sa.Column("line_id", KEY, sa.ForeignKey("report_line.id"), nullable=False),
        sa.Column("article_id", KEY, sa.ForeignKey("article.id"), nullable=False),
        sa.Column("version_id", KEY, sa.ForeignKey("article_version.id"), nullable=True),
        sa.Column("bucket", bucket, nullable=True),
        sa.Column("reposted", sa.Boolean(name="reposted", create_constraint=True), nullable=False),
        sa.Column("duplicate_of", KEY, sa.ForeignKey("article.id"), nullable=True),
        sa.UniqueConstraint("line_id", "article_id"),
        sa.Index(None, "article_id"),
    )
