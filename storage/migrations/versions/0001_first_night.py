"""The first schema: one night, end to end."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# A migration says what the schema was on its day: it imports nothing that will change.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    _who()
    _seen()
    _read()
    _tagged()
    _promised()
    _found()


def _id() -> sa.Column[int]:
    return sa.Column("id", KEY, primary_key=True)


def _col(name: str, kind: sa.types.TypeEngine[Any], *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=null)


def _row_of(name: str, key: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, KEY, sa.ForeignKey(key), nullable=null)


def _code_of(name: str, key: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), sa.ForeignKey(key), nullable=null)


def _choice(name: str, values: str, *, null: bool = False) -> sa.Column[str]:
    kind = sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)
    return sa.Column(name, kind, nullable=null)


def _yes_or_no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(name=name, create_constraint=True), nullable=False)


def _who() -> None:
    """Units, sites and the editions of the registry."""
    op.create_table(
        "unit",
        sa.Column("code", sa.Text(), primary_key=True),
    )
    op.create_table(
        "site",
        sa.Column("code", sa.Text(), primary_key=True),
    )
    op.create_table(
        "registry_edition",
        _id(),
        _col("received_at", INSTANT),
        _col("source_sha256", sa.Text(), null=True),
    )
    op.create_table(
        "unit_name",
        _id(),
        _row_of("edition_id", "registry_edition.id"),
        _code_of("unit", "unit.code"),
        _col("name", sa.Text()),
        _choice("level", "province district commune department"),
        _code_of("parent", "unit.code", null=True),
        _col("valid_from", sa.Date()),
        _col("valid_to", sa.Date(), null=True),
        _col("decision_ref", sa.Text(), null=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="interval"),
        sa.UniqueConstraint("edition_id", "unit", "valid_from"),
    )
    op.create_table(
        "succession",
        _id(),
        _row_of("edition_id", "registry_edition.id"),
        _code_of("predecessor", "unit.code"),
        _code_of("successor", "unit.code"),
        _choice("kind", "merger split renaming dissolution"),
        _col("effective_on", sa.Date()),
        _col("decision_ref", sa.Text(), null=True),
        sa.UniqueConstraint("edition_id", "predecessor", "successor"),
    )
    op.create_table(
        "site_owner",
        _id(),
        _row_of("edition_id", "registry_edition.id"),
        _code_of("site", "site.code"),
        _col("base_url", sa.Text()),
        _code_of("unit", "unit.code"),
        _col("valid_from", sa.Date()),
        _col("valid_to", sa.Date(), null=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="interval"),
        sa.UniqueConstraint("edition_id", "site", "valid_from"),
    )


def _seen() -> None:
    """Runs, articles, captures and coverage."""
    op.create_table(
        "crawl_run",
        _id(),
        _code_of("site", "site.code"),
        _col("window_from", sa.Date()),
        _col("window_to", sa.Date(), null=True),
        _col("started_at", INSTANT),
        _col("finished_at", INSTANT, null=True),
        _choice("outcome", "complete partial failed interrupted", null=True),
        _col("reason", sa.Text(), null=True),
        _col("profile_digest", sa.Text()),
        _col("code_version", sa.Text()),
        _yes_or_no("simulated_clock"),
        _col("counters", sa.Text()),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (outcome IS NULL)", name="finished_has_outcome"
        ),
        sa.CheckConstraint("window_to IS NULL OR window_to > window_from", name="interval"),
    )
    op.create_index("ix_crawl_run_site_started_at", "crawl_run", ["site", "started_at"])
    op.create_index(
        "uq_crawl_run_open",
        "crawl_run",
        ["site"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_table(
        "article",
        _id(),
        _code_of("site", "site.code"),
        _col("canonical_url", sa.Text()),
        _col("first_seen_at", INSTANT),
        sa.UniqueConstraint("site", "canonical_url"),
    )
    op.create_index("ix_article_canonical_url", "article", ["canonical_url"])
    op.create_table(
        "capture",
        _id(),
        _row_of("run_id", "crawl_run.id"),
        _col("url", sa.Text()),
        _row_of("article_id", "article.id", null=True),
        _choice("purpose", "list feed sitemap article robots attachment"),
        _col("captured_at", INSTANT),
        _choice(
            "disposition",
            "stored unchanged listed support redirected off_site not_an_article blocked "
            "http_error network_error robots_denied unreadable interrupted",
        ),
        _col("reason", sa.Text(), null=True),
        _col("status", sa.Integer(), null=True),
        _col("media_type", sa.Text(), null=True),
        _col("body_sha256", sa.Text(), null=True),
        _col("body_bytes", sa.BigInteger(), null=True),
        _col("warc_file", sa.Text(), null=True),
        _col("warc_offset", sa.BigInteger(), null=True),
        _col("warc_record_id", sa.Text(), null=True),
        _choice("tls", "verified unverified", null=True),
        sa.CheckConstraint(
            "(warc_file IS NULL) = (warc_offset IS NULL) AND (warc_file IS NULL) = "
            "(warc_record_id IS NULL)",
            name="warc_place_whole",
        ),
        sa.CheckConstraint("body_bytes >= 0", name="body_bytes_not_negative"),
    )
    op.create_index("ix_capture_article_id", "capture", ["article_id"])
    op.create_index("ix_capture_run_id", "capture", ["run_id"])
    op.create_index("ix_capture_url", "capture", ["url"])
    op.create_table(
        "coverage",
        _id(),
        _row_of("run_id", "crawl_run.id"),
        _col("section", sa.Text()),
        _choice("state", "complete partial none"),
        _col("day_from", sa.Date(), null=True),
        _col("day_to", sa.Date(), null=True),
        _choice(
            "reason",
            "reached_window_start reached_list_end reached_known feed_too_short list_failed "
            "list_blocked list_empty page_limit request_limit outside_hours resting robots_denied "
            "expectation_broken interrupted",
        ),
        _col("detail", sa.Text(), null=True),
        _yes_or_no("is_extra"),
        _choice("list_order", "newest_first pinned_on_top last_change unordered", null=True),
        _row_of("joins_run_id", "crawl_run.id", null=True),
        sa.CheckConstraint(
            "(joins_run_id IS NULL) = (reason <> 'reached_known')", name="joins_when_known"
        ),
        sa.CheckConstraint(
            "(state = 'none') = (day_from IS NULL) AND (day_from IS NULL) = (day_to IS NULL)",
            name="days_unless_none",
        ),
        sa.CheckConstraint("day_to IS NULL OR day_to > day_from", name="interval"),
        sa.UniqueConstraint("run_id", "section"),
    )
    op.create_table(
        "list_page",
        _id(),
        _row_of("capture_id", "capture.id"),
        _col("section", sa.Text()),
        _choice("channel", "list feed sitemap"),
        _col("number", sa.Integer()),
        _col("items", sa.Integer(), null=True),
        _col("undated", sa.Integer(), null=True),
        _col("newest", sa.Date(), null=True),
        _col("oldest", sa.Date(), null=True),
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


def _read() -> None:
    """Versions and sightings."""
    op.create_table(
        "article_version",
        _id(),
        _row_of("article_id", "article.id"),
        _col("number", sa.Integer()),
        _row_of("capture_id", "capture.id"),
        _col("extracted_at", INSTANT),
        _col("extractor", sa.Text()),
        _col("date_published", sa.Date(), null=True),
        _col("date_published_raw", sa.Text(), null=True),
        _choice("date_source", "structured meta template list feed url none"),
        _col("content_sha256", sa.Text()),
        _col("text_sha256", sa.Text(), null=True),
        _col("headline", sa.Text()),
        _col("lead", sa.Text(), null=True),
        _col("byline", sa.Text(), null=True),
        _col("source_line", sa.Text(), null=True),
        _col("section", sa.Text(), null=True),
        _col("date_candidates", sa.Text(), null=True),
        _col("images", sa.Text(), null=True),
        _col("text_note", sa.Text(), null=True),
        _col("body", sa.Text()),
        _col("search_text", sa.Text()),
        sa.CheckConstraint(
            "(date_source = 'none') = (date_published IS NULL)", name="day_has_source"
        ),
        sa.UniqueConstraint("article_id", "number"),
    )
    op.create_index("ix_article_version_capture_id", "article_version", ["capture_id"])
    op.create_table(
        "attachment",
        _id(),
        _row_of("version_id", "article_version.id"),
        _col("place", sa.Integer()),
        _col("url", sa.Text()),
        _col("title", sa.Text(), null=True),
        _choice("state", "named read scan unreadable missing"),
        _col("reason", sa.Text(), null=True),
        _row_of("capture_id", "capture.id", null=True),
        sa.CheckConstraint(
            "state NOT IN ('read', 'scan', 'unreadable') OR capture_id IS NOT NULL",
            name="read_from_a_capture",
        ),
        sa.UniqueConstraint("version_id", "place"),
    )
    op.create_table(
        "sighting",
        _id(),
        _row_of("article_id", "article.id"),
        _row_of("capture_id", "capture.id"),
        _col("section", sa.Text()),
        _choice("channel", "list feed sitemap"),
        _col("title", sa.Text(), null=True),
        _col("date_published", sa.Date(), null=True),
        _col("date_published_raw", sa.Text(), null=True),
        _col("seen_at", INSTANT),
    )
    op.create_index("ix_sighting_article_id", "sighting", ["article_id"])


def _tagged() -> None:
    """Taxonomies and what taggers said."""
    op.create_table(
        "taxonomy",
        sa.Column("release", sa.Text(), primary_key=True),
        _col("digest", sa.Text()),
        _col("effective_from", sa.Date()),
        _col("registered_at", INSTANT),
    )
    op.create_table(
        "topic",
        _id(),
        _code_of("taxonomy", "taxonomy.release"),
        _col("code", sa.Text()),
        _col("name", sa.Text()),
        _col("definition", sa.Text()),
        sa.UniqueConstraint("taxonomy", "code"),
    )
    op.create_table(
        "headline_tag",
        _id(),
        _code_of("taxonomy", "taxonomy.release"),
        _col("code", sa.Text()),
        _col("name", sa.Text()),
        sa.UniqueConstraint("taxonomy", "code"),
    )
    op.create_table(
        "headline_tag_topic",
        _id(),
        _col("taxonomy", sa.Text()),
        _col("headline_tag", sa.Text()),
        _col("topic", sa.Text()),
        sa.ForeignKeyConstraint(
            ["taxonomy", "headline_tag"], ["headline_tag.taxonomy", "headline_tag.code"]
        ),
        sa.ForeignKeyConstraint(["taxonomy", "topic"], ["topic.taxonomy", "topic.code"]),
        sa.UniqueConstraint("taxonomy", "headline_tag", "topic"),
    )
    op.create_table(
        "tagged_version",
        _id(),
        _row_of("version_id", "article_version.id"),
        _col("tagger", sa.Text()),
        _code_of("taxonomy", "taxonomy.release"),
        _col("tagged_at", INSTANT),
        sa.UniqueConstraint("version_id", "tagger"),
    )
    op.create_index("ix_tagged_version_tagged_at", "tagged_version", ["tagged_at"])
    op.create_table(
        "tagging",
        _id(),
        _row_of("tagged_version_id", "tagged_version.id"),
        _col("taxonomy", sa.Text()),
        _col("topic", sa.Text()),
        _choice("level", "main mention none"),
        _choice("verdict", "assigned rejected uncertain"),
        _col("score", sa.Float()),
        _col("reason", sa.Text()),
        _col("spans", sa.Text()),
        sa.CheckConstraint("level <> 'none'", name="none_has_no_row"),
        sa.CheckConstraint("score >= 0 AND score <= 1", name="score_is_share"),
        sa.ForeignKeyConstraint(["taxonomy", "topic"], ["topic.taxonomy", "topic.code"]),
        sa.UniqueConstraint("tagged_version_id", "topic"),
    )


def _promised() -> None:
    """Plans and self-reports."""
    op.create_table(
        "unit_plan",
        _id(),
        _code_of("unit", "unit.code"),
        _col("period_from", sa.Date()),
        _col("period_to", sa.Date()),
        _col("document_ref", sa.Text(), null=True),
        _col("source_sha256", sa.Text()),
        _col("source_name", sa.Text()),
        _col("received_at", INSTANT),
        sa.CheckConstraint("period_to IS NULL OR period_to > period_from", name="interval"),
    )
    op.create_index("ix_unit_plan_unit", "unit_plan", ["unit"])
    op.create_table(
        "quota",
        _id(),
        _row_of("plan_id", "unit_plan.id"),
        _col("tag", sa.Text()),
        _col("planned", sa.Integer(), null=True),
        _col("cell", sa.Text()),
        sa.CheckConstraint("planned >= 0", name="planned_not_negative"),
        sa.UniqueConstraint("plan_id", "tag"),
    )
    op.create_table(
        "self_report",
        _id(),
        _code_of("unit", "unit.code"),
        _col("period_from", sa.Date()),
        _col("period_to", sa.Date()),
        _col("source_sha256", sa.Text()),
        _col("source_name", sa.Text()),
        _col("received_at", INSTANT),
        sa.CheckConstraint("period_to IS NULL OR period_to > period_from", name="interval"),
    )
    op.create_index("ix_self_report_unit", "self_report", ["unit"])
    op.create_table(
        "claim",
        _id(),
        _row_of("self_report_id", "self_report.id"),
        _col("tag", sa.Text()),
        _col("number", sa.Integer(), null=True),
        _col("url", sa.Text(), null=True),
        _col("title", sa.Text(), null=True),
        _col("day", sa.Date(), null=True),
        _col("cell", sa.Text()),
        sa.CheckConstraint("number >= 0", name="number_not_negative"),
        sa.CheckConstraint(
            "number IS NULL OR (url IS NULL AND title IS NULL)", name="total_or_article"
        ),
    )
    op.create_index("ix_claim_self_report_id", "claim", ["self_report_id"])


def _found() -> None:
    """Frozen reports."""
    op.create_table(
        "report",
        _id(),
        _col("period_code", sa.Text()),
        _col("period_from", sa.Date()),
        _col("period_to", sa.Date()),
        _col("as_of", INSTANT),
        _code_of("taxonomy", "taxonomy.release"),
        _col("tagger", sa.Text(), null=True),
        _col("rule", sa.Text()),
        _col("code_version", sa.Text()),
        _col("made_at", INSTANT),
        _col("content_sha256", sa.Text()),
        _col("content", sa.Text()),
        sa.CheckConstraint("period_to IS NULL OR period_to > period_from", name="interval"),
    )
    op.create_index("ix_report_period_from_period_to", "report", ["period_from", "period_to"])
    op.create_table(
        "report_line",
        _id(),
        _row_of("report_id", "report.id"),
        _code_of("unit", "unit.code"),
        _col("tag", sa.Text()),
        _col("planned", sa.Integer(), null=True),
        _col("counted", sa.Integer()),
        _choice("coverage", "complete partial none"),
        _col("reposts", sa.Integer()),
        _col("claimed", sa.Integer(), null=True),
        _choice("status", "reached short not_verifiable no_quota"),
        sa.UniqueConstraint("report_id", "unit", "tag"),
    )
    op.create_table(
        "report_line_article",
        _id(),
        _row_of("line_id", "report_line.id"),
        _row_of("article_id", "article.id"),
        _row_of("version_id", "article_version.id", null=True),
        _choice(
            "bucket",
            "out_of_period not_owned unread untagged undecided off_topic mention_only undated "
            "duplicate",
            null=True,
        ),
        _yes_or_no("reposted"),
        _row_of("duplicate_of", "article.id", null=True),
        sa.UniqueConstraint("line_id", "article_id"),
    )
    op.create_index("ix_report_line_article_article_id", "report_line_article", ["article_id"])
    op.create_table(
        "finding",
        _id(),
        _row_of("report_id", "report.id"),
        _choice(
            "kind",
            "shortfall overclaim unclaimed claim_not_found claim_off_topic "
            "claim_out_of_period claim_duplicated claim_other_unit backdated not_verifiable",
        ),
        _code_of("unit", "unit.code"),
        _col("tag", sa.Text(), null=True),
        _col("expected", sa.Text(), null=True),
        _col("observed", sa.Text(), null=True),
        _col("explanation", sa.Text()),
        _row_of("article_id", "article.id", null=True),
        _row_of("capture_id", "capture.id", null=True),
        _col("claim_cell", sa.Text(), null=True),
    )
    op.create_index("ix_finding_report_id", "finding", ["report_id"])
