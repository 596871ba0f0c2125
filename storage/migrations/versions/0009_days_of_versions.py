"""Indexes by which a report tells the articles of other days from its own, without their texts."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add what a count of a site's articles by day reads, and what finds its first full look."""
    op.create_index(op.f("ix_crawl_run_site_finished_at"), "crawl_run", ["site", "finished_at"])
    op.create_index(op.f("ix_article_of_site"), "article", ["site", "first_seen_at", "id"])
    op.create_index(
        op.f("ix_article_version_day"),
        "article_version",
        ["article_id", "extracted_at", "date_published"],
    )
