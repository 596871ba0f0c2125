"""All tables on one page.

Rows are added, never changed and never deleted; the one exception is the end of a
``crawl_run``, written once. They are sealed in the evidence chain
(``storage.sealed_tables``): a new column has to be empty in the rows that are there.
Instants are UTC, days are Vietnam's, intervals half-open. Names avoid the reserved words of
both databases. Long texts stand last in their table: SQLite has to walk through them to
reach what lies behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.columns import KEY, NAMES, Json, UtcDateTime, choice, yes_or_no
from storage.records import (
    AttachmentState,
    CapturePurpose,
    Channel,
    ClaimVerdict,
    CoverageReason,
    CoverageState,
    DateSource,
    Disposition,
    Every,
    Exclusion,
    FindingKind,
    FindingState,
    Level,
    LineStatus,
    ListOrder,
    MatchedBy,
    OutputForm,
    RunOutcome,
    SuccessionKind,
    TlsCheck,
    UnitLevel,
    Verdict,
)

if TYPE_CHECKING:
    from enum import Enum

metadata = MetaData(naming_convention=NAMES)

# ------------------------------------------------------------- shorthand for the columns below


def _id() -> Column[int]:
    return Column("id", KEY, primary_key=True)


def _words(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


def _day(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, Date, nullable=optional)


def _instant(name: str, *, optional: bool = False) -> Column[Any]:
    return Column(name, UtcDateTime, nullable=optional)


def _choice(name: str, kind: type[Enum], *, optional: bool = False) -> Column[Any]:
    return Column(name, choice(kind, name), nullable=optional)


def _row_of(name: str, table: str, *, optional: bool = False) -> Column[int]:
    return Column(name, KEY, ForeignKey(f"{table}.id"), nullable=optional)


def _code_of(name: str, key: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(key), nullable=optional)


def _in_order(first: str, second: str) -> CheckConstraint:
    return CheckConstraint(f"{second} IS NULL OR {second} > {first}", name="interval")


def _not_negative(name: str) -> CheckConstraint:
    return CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative")


# ---------------------------------------------------------------------------------- WHO, WHERE
# unit and site hold identities only; all that can change is in the editions of the registry.

unit = Table("unit", metadata, Column("code", Text, primary_key=True))

site = Table("site", metadata, Column("code", Text, primary_key=True))

registry_edition = Table(
    "registry_edition",
    metadata,
    _id(),
    _instant("received_at"),
    _words("source_sha256", optional=True),
)

unit_name = Table(
    "unit_name",
    metadata,
    _id(),
    _row_of("edition_id", "registry_edition"),
    _code_of("unit", "unit.code"),
    _words("name"),
    _choice("level", UnitLevel),
    _code_of("parent", "unit.code", optional=True),
    _day("valid_from"),
    _day("valid_to", optional=True),
    _words("decision_ref", optional=True),
    _in_order("valid_from", "valid_to"),
    UniqueConstraint("edition_id", "unit", "valid_from"),
)

succession = Table(
    "succession",
    metadata,
    _id(),
    _row_of("edition_id", "registry_edition"),
    _code_of("predecessor", "unit.code"),
    _code_of("successor", "unit.code"),
    _choice("kind", SuccessionKind),
    _day("effective_on"),
    _words("decision_ref", optional=True),
    UniqueConstraint("edition_id", "predecessor", "successor"),
)

site_owner = Table(
    "site_owner",
    metadata,
    _id(),
    _row_of("edition_id", "registry_edition"),
    _code_of("site", "site.code"),
    _words("base_url"),
    _code_of("unit", "unit.code"),
    _day("valid_from"),
    _day("valid_to", optional=True),
    _in_order("valid_from", "valid_to"),
    UniqueConstraint("edition_id", "site", "valid_from"),
)

# ---------------------------------------------------------------------------------------- SEEN

crawl_run = Table(
    "crawl_run",
    metadata,
    _id(),
    _code_of("site", "site.code"),
    _day("window_from"),
    _day("window_to", optional=True),
    _instant("started_at"),
    _instant("finished_at", optional=True),
    _choice("outcome", RunOutcome, optional=True),
    _words("reason", optional=True),
    _words("profile_digest"),
    _words("code_version"),
    Column("simulated_clock", yes_or_no("simulated_clock"), nullable=False),
    Column("counters", Json, nullable=False),
    _in_order("window_from", "window_to"),
    CheckConstraint("(finished_at IS NULL) = (outcome IS NULL)", name="finished_has_outcome"),
    Index("ix_crawl_run_site_started_at", "site", "started_at"),
    Index("ix_crawl_run_site_finished_at", "site", "finished_at"),
)

open_run = Index(
    "uq_crawl_run_open",
    crawl_run.c.site,
    unique=True,
    sqlite_where=text("finished_at IS NULL"),
    postgresql_where=text("finished_at IS NULL"),
)
"""Two walks over one site at the same time are refused by the database itself."""

article = Table(
    "article",
    metadata,
    _id(),
    _code_of("site", "site.code"),
    _words("canonical_url"),
    _instant("first_seen_at"),
    UniqueConstraint("site", "canonical_url"),
    Index(None, "canonical_url"),
    Index("ix_article_of_site", "site", "first_seen_at", "id"),  # what counts them reads no row
)

capture = Table(
    "capture",
    metadata,
    _id(),
    _row_of("run_id", "crawl_run"),
    _words("url"),
    _row_of("article_id", "article", optional=True),
    _choice("purpose", CapturePurpose),
    _instant("captured_at"),
    _choice("disposition", Disposition),
    _words("reason", optional=True),
    Column("status", Integer),
    _words("media_type", optional=True),
    _words("body_sha256", optional=True),
    Column("body_bytes", BigInteger),
    _words("warc_file", optional=True),
    Column("warc_offset", BigInteger),
    _words("warc_record_id", optional=True),
    _choice("tls", TlsCheck, optional=True),
    _words("etag", optional=True),
    _words("last_modified", optional=True),
    _not_negative("body_bytes"),
    CheckConstraint(
        "(warc_file IS NULL) = (warc_offset IS NULL)"
        " AND (warc_file IS NULL) = (warc_record_id IS NULL)",
        name="warc_place_whole",
    ),
    Index(None, "run_id"),
    Index(None, "article_id"),
    Index(None, "url"),
)

missed = Index(
    "ix_capture_missed",
    capture.c.article_id,
    sqlite_where=text("disposition = 'http_error'"),
    postgresql_where=text("disposition = 'http_error'"),
)
"""The few pages that were not there, among all that were asked for."""

# The evidence chain: one leaf a capture, and one for many rows of another table, numbered together
# in the order of the tree; and its state at each run's end, and each time that rows came in.
tree_leaf = Table(
    "tree_leaf",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _row_of("capture_id", "capture"),
    _words("sha256"),
    Column("warc_bytes", BigInteger),
    _words("warc_sha256", optional=True),
    CheckConstraint("(warc_bytes IS NULL) = (warc_sha256 IS NULL)", name="warc_digest_whole"),
    UniqueConstraint("capture_id"),
)

sealed_rows = Table(
    "sealed_rows",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    _words("table_name"),
    Column("first_row", BigInteger, nullable=False),
    Column("last_row", BigInteger, nullable=False),
    _words("sha256"),
    Column("digests", LargeBinary, nullable=False),
    CheckConstraint("last_row >= first_row", name="in_order"),
    Index(None, "table_name", "last_row"),
)

tree_head = Table(
    "tree_head",
    metadata,
    _id(),
    _row_of("run_id", "crawl_run", optional=True),
    Column("size", BigInteger, nullable=False),
    _words("root"),
    Column("peaks", Json, nullable=False),
    _instant("sealed_at"),
    Column("of_reports", yes_or_no("of_reports"), nullable=False),
    UniqueConstraint("run_id"),
    _not_negative("size"),
    Index(None, "sealed_at"),
)

# What a time-stamping authority (RFC 3161) answered for a head.
time_stamp = Table(
    "time_stamp",
    metadata,
    _id(),
    _row_of("head_id", "tree_head"),
    _words("authority"),
    _instant("received_at"),
    Column("token", LargeBinary, nullable=False),
    Index(None, "head_id"),
)

# WARC files that were deleted by decision; all rows that refer to them stay.
removed_file = Table(
    "removed_file",
    metadata,
    _id(),
    _words("warc_file"),
    Column("warc_bytes", BigInteger, nullable=False),
    _words("removed_by"),
    _words("reason"),
    _instant("removed_at"),
    CheckConstraint("removed_by <> '' AND reason <> ''", name="decision_is_named"),
    UniqueConstraint("warc_file"),
)

coverage = Table(
    "coverage",
    metadata,
    _id(),
    _row_of("run_id", "crawl_run"),
    _words("section"),
    _choice("state", CoverageState),
    _day("day_from", optional=True),
    _day("day_to", optional=True),
    _choice("reason", CoverageReason),
    _words("detail", optional=True),
    Column("is_extra", yes_or_no("is_extra"), nullable=False),
    _choice("list_order", ListOrder, optional=True),
    _row_of("joins_run_id", "crawl_run", optional=True),
    _in_order("day_from", "day_to"),
    CheckConstraint(
        "(joins_run_id IS NULL) = (reason <> 'reached_known')", name="joins_when_known"
    ),
    CheckConstraint(
        "(state = 'none') = (day_from IS NULL) AND (day_from IS NULL) = (day_to IS NULL)",
        name="days_unless_none",
    ),
    UniqueConstraint("run_id", "section"),
)

# Which capture was which page of which section; a capture found after a kill has no row.
list_page = Table(
    "list_page",
    metadata,
    _id(),
    _row_of("capture_id", "capture"),
    _words("section"),
    _choice("channel", Channel),
    Column("number", Integer, nullable=False),
    Column("items", Integer),
    Column("undated", Integer),
    _day("newest", optional=True),
    _day("oldest", optional=True),
    CheckConstraint("number >= 1", name="number_from_one"),
    CheckConstraint(
        "(items IS NULL) = (undated IS NULL) AND undated >= 0 AND undated <= items",
        name="undated_of_items",
    ),
    CheckConstraint(
        "(newest IS NULL) = (oldest IS NULL) AND (newest IS NULL OR newest >= oldest)",
        name="days_whole",
    ),
    UniqueConstraint("capture_id"),
)

# ---------------------------------------------------------------------------------------- READ

article_version = Table(
    "article_version",
    metadata,
    _id(),
    _row_of("article_id", "article"),
    Column("number", Integer, nullable=False),
    _row_of("capture_id", "capture"),
    _instant("extracted_at"),
    _words("extractor"),
    _day("date_published", optional=True),
    _words("date_published_raw", optional=True),
    _choice("date_source", DateSource),
    _words("content_sha256"),
    _words("text_sha256", optional=True),
    _words("headline"),
    _words("lead", optional=True),
    _words("byline", optional=True),
    _words("source_line", optional=True),
    _words("section", optional=True),
    Column("date_candidates", Json),
    Column("images", Json),
    _words("text_note", optional=True),
    _words("body"),
    _words("search_text"),
    CheckConstraint("(date_source = 'none') = (date_published IS NULL)", name="day_has_source"),
    UniqueConstraint("article_id", "number"),
    Index(None, "capture_id"),
    Index("ix_article_version_text_sha256", "text_sha256", "article_id", "date_published"),
    # Which articles are of other days, without reading a row: their texts are long.
    Index("ix_article_version_day", "article_id", "extracted_at", "date_published"),
)

# What finds versions with nearly the same text; made anew by each method, from the text alone.
text_sketch = Table(
    "text_sketch",
    metadata,
    _id(),
    _row_of("version_id", "article_version"),
    _words("method"),
    Column("letters", Integer, nullable=False),
    Column("syllables", Integer, nullable=False),
    Column("sketch", LargeBinary),
    _not_negative("letters"),
    _not_negative("syllables"),
    UniqueConstraint("version_id", "method"),
)

attachment = Table(
    "attachment",
    metadata,
    _id(),
    _row_of("version_id", "article_version"),
    Column("place", Integer, nullable=False),
    _words("url"),
    _words("title", optional=True),
    _choice("state", AttachmentState),
    _words("reason", optional=True),
    _row_of("capture_id", "capture", optional=True),
    CheckConstraint(
        "state NOT IN ('read', 'scan', 'unreadable') OR capture_id IS NOT NULL",
        name="read_from_a_capture",
    ),
    UniqueConstraint("version_id", "place"),
)

sighting = Table(
    "sighting",
    metadata,
    _id(),
    _row_of("article_id", "article"),
    _row_of("capture_id", "capture"),
    _words("section"),
    _choice("channel", Channel),
    _words("title", optional=True),
    _day("date_published", optional=True),
    _words("date_published_raw", optional=True),
    _instant("seen_at"),
    # What tells of nearly all articles that their lists add nothing, without reading a row.
    Index("ix_sighting_place", "article_id", "section", "channel", "date_published", "seen_at"),
)

# A look that found the text as before under another day, one that moves along with the clock.
dated_look = Table(
    "dated_look",
    metadata,
    _id(),
    _row_of("article_id", "article"),
    _row_of("capture_id", "capture"),
    _day("date_published"),
    _words("date_published_raw", optional=True),
    _instant("seen_at"),
    Index(None, "article_id"),
)

# -------------------------------------------------------------------------------------- TAGGED

taxonomy = Table(
    "taxonomy",
    metadata,
    Column("release", Text, primary_key=True),
    _words("digest"),
    _day("effective_from"),
    _instant("registered_at"),
)

topic = Table(
    "topic",
    metadata,
    _id(),
    _code_of("taxonomy", "taxonomy.release"),
    _words("code"),
    _words("name"),
    _words("definition"),
    UniqueConstraint("taxonomy", "code"),
)

headline_tag = Table(
    "headline_tag",
    metadata,
    _id(),
    _code_of("taxonomy", "taxonomy.release"),
    _words("code"),
    _words("name"),
    UniqueConstraint("taxonomy", "code"),
)

headline_tag_topic = Table(
    "headline_tag_topic",
    metadata,
    _id(),
    _words("taxonomy"),
    _words("headline_tag"),
    _words("topic"),
    ForeignKeyConstraint(
        ["taxonomy", "headline_tag"], ["headline_tag.taxonomy", "headline_tag.code"]
    ),
    ForeignKeyConstraint(["taxonomy", "topic"], ["topic.taxonomy", "topic.code"]),
    UniqueConstraint("taxonomy", "headline_tag", "topic"),
)

# A row here with no row in tagging: read by the tagger, and about none of the topics.
tagged_version = Table(
    "tagged_version",
    metadata,
    _id(),
    _row_of("version_id", "article_version"),
    _words("tagger"),
    _code_of("taxonomy", "taxonomy.release"),
    _instant("tagged_at"),
    UniqueConstraint("version_id", "tagger"),
    Index(None, "tagged_at"),
)

tagging = Table(
    "tagging",
    metadata,
    _id(),
    _row_of("tagged_version_id", "tagged_version"),
    _words("taxonomy"),
    _words("topic"),
    _choice("level", Level),
    _choice("verdict", Verdict),
    Column("score", Float, nullable=False),
    _words("reason"),
    Column("spans", Json, nullable=False),
    ForeignKeyConstraint(["taxonomy", "topic"], ["topic.taxonomy", "topic.code"]),
    CheckConstraint("score >= 0 AND score <= 1", name="score_is_share"),
    CheckConstraint("level <> 'none'", name="none_has_no_row"),
    UniqueConstraint("tagged_version_id", "topic"),
)

# Latest wins; none is changed or deleted.
review = Table(
    "review",
    metadata,
    _id(),
    _row_of("version_id", "article_version"),
    _words("taxonomy"),
    _words("topic"),
    _choice("level", Level),
    _words("reviewer"),
    _words("reason"),
    _instant("reviewed_at"),
    ForeignKeyConstraint(["taxonomy", "topic"], ["topic.taxonomy", "topic.code"]),
    CheckConstraint("reviewer <> ''", name="reviewer_is_named"),
    Index(None, "version_id"),
)

# --------------------------------------------------------------------------- PLANNED, CLAIMED

unit_plan = Table(
    "unit_plan",
    metadata,
    _id(),
    _code_of("unit", "unit.code"),
    _day("period_from"),
    _day("period_to"),
    _words("document_ref", optional=True),
    _words("source_sha256"),
    _words("source_name"),
    _instant("received_at"),
    _in_order("period_from", "period_to"),
    Index(None, "unit"),
)

quota = Table(
    "quota",
    metadata,
    _id(),
    _row_of("plan_id", "unit_plan"),
    _words("tag"),
    Column("planned", Integer),
    _words("cell"),
    _not_negative("planned"),
    UniqueConstraint("plan_id", "tag"),
)

plan_line = Table(
    "plan_line",
    metadata,
    _id(),
    _row_of("plan_id", "unit_plan"),
    Column("place", Integer, nullable=False),
    _words("content"),
    Column("tags", Json, nullable=False),
    _choice("form", OutputForm),
    _words("measure"),
    Column("number", Integer),
    _choice("every", Every, optional=True),
    Column("at_least", yes_or_no("at_least"), nullable=False),
    Column("percent", Integer),
    _day("due", optional=True),
    _words("lead", optional=True),
    Column("planned", Integer),
    Column("on_web", yes_or_no("on_web"), nullable=False),
    _words("text"),
    _words("cell"),
    _not_negative("number"),
    _not_negative("planned"),
    UniqueConstraint("plan_id", "place"),
)

output = Table(
    "output",
    metadata,
    _id(),
    _code_of("unit", "unit.code"),
    _day("period_from"),
    _day("period_to"),
    _choice("form", OutputForm),
    _words("measure"),
    Column("number", Integer, nullable=False),
    _words("description"),
    _words("proof_name", optional=True),
    _words("proof_sha256", optional=True),
    _words("cell"),
    _words("source_sha256"),
    _words("source_name"),
    _instant("received_at"),
    _not_negative("number"),
    _in_order("period_from", "period_to"),
    CheckConstraint("(proof_name IS NULL) = (proof_sha256 IS NULL)", name="proof_is_kept"),
    Index(None, "unit"),
)

self_report = Table(
    "self_report",
    metadata,
    _id(),
    _code_of("unit", "unit.code"),
    _day("period_from"),
    _day("period_to"),
    _words("source_sha256"),
    _words("source_name"),
    _instant("received_at"),
    _in_order("period_from", "period_to"),
    Index(None, "unit"),
)

claim = Table(
    "claim",
    metadata,
    _id(),
    _row_of("self_report_id", "self_report"),
    _words("tag"),
    Column("number", Integer),
    _words("url", optional=True),
    _words("title", optional=True),
    _day("day", optional=True),
    _words("cell"),
    _words("shown_url", optional=True),
    _not_negative("number"),
    CheckConstraint("number IS NULL OR (url IS NULL AND title IS NULL)", name="total_or_article"),
    Index(None, "self_report_id"),
)

# --------------------------------------------------------------------------------------- FOUND

report = Table(
    "report",
    metadata,
    _id(),
    _words("period_code"),
    _day("period_from"),
    _day("period_to"),
    _instant("as_of"),
    _code_of("taxonomy", "taxonomy.release"),
    _words("tagger", optional=True),
    _words("rule"),
    _words("code_version"),
    _instant("made_at"),
    _words("content_sha256"),
    _words("content"),
    _words("under", optional=True),
    _in_order("period_from", "period_to"),
    Index(None, "period_from", "period_to"),
)

official_report = Table(
    "official_report",
    metadata,
    _id(),
    _row_of("report_id", "report"),
    _words("issuer"),
    _words("issuer_key"),
    _words("number"),
    _words("number_key"),
    Column("year", Integer, nullable=False),
    _day("signed_on"),
    _row_of("supersedes", "report", optional=True),
    _words("why", optional=True),
    _words("who"),
    _instant("recorded_at"),
    CheckConstraint("(supersedes IS NULL) = (why IS NULL)", name="superseded_for_a_reason"),
    CheckConstraint("supersedes <> report_id", name="supersedes_another"),
    UniqueConstraint("report_id"),
    UniqueConstraint("supersedes"),
    UniqueConstraint("issuer_key", "year", "number_key"),
)

report_line = Table(
    "report_line",
    metadata,
    _id(),
    _row_of("report_id", "report"),
    _code_of("unit", "unit.code"),
    _words("tag"),
    Column("planned", Integer),
    Column("counted", Integer, nullable=False),
    _choice("coverage", CoverageState),
    Column("reposts", Integer, nullable=False),
    Column("claimed", Integer),
    _choice("status", LineStatus),
    UniqueConstraint("report_id", "unit", "tag"),
)

report_line_article = Table(
    "report_line_article",
    metadata,
    _id(),
    _row_of("line_id", "report_line"),
    _row_of("article_id", "article"),
    _row_of("version_id", "article_version", optional=True),
    _choice("bucket", Exclusion, optional=True),
    Column("reposted", yes_or_no("reposted"), nullable=False),
    _row_of("duplicate_of", "article", optional=True),
    UniqueConstraint("line_id", "article_id"),
    Index(None, "article_id"),
)

finding = Table(
    "finding",
    metadata,
    _id(),
    _row_of("report_id", "report"),
    _choice("kind", FindingKind),
    _code_of("unit", "unit.code"),
    _words("tag", optional=True),
    _words("expected", optional=True),
    _words("observed", optional=True),
    _words("explanation"),
    _row_of("article_id", "article", optional=True),
    _row_of("capture_id", "capture", optional=True),
    _words("claim_cell", optional=True),
    _words("finding_key", optional=True),
    Index(None, "report_id"),
    Index(None, "finding_key"),
)

# The newest gives a finding's state; none is changed or deleted.
finding_step = Table(
    "finding_step",
    metadata,
    _id(),
    _words("finding_key"),
    _choice("state", FindingState),
    _words("who"),
    _words("note"),
    _instant("noted_at"),
    CheckConstraint("who <> '' AND note <> ''", name="said_by_somebody"),
    CheckConstraint("state <> 'open'", name="open_has_no_row"),
    Index(None, "finding_key"),
)

checked_claim = Table(
    "checked_claim",
    metadata,
    _id(),
    _row_of("report_id", "report"),
    _code_of("unit", "unit.code"),
    _words("tag"),
    _words("cell"),
    Column("number", Integer),
    _words("url", optional=True),
    _words("title", optional=True),
    _day("day", optional=True),
    _choice("verdict", ClaimVerdict),
    Column("is_counted", yes_or_no("is_counted"), nullable=False),
    _choice("matched_by", MatchedBy, optional=True),
    Column("score", Integer),
    _row_of("article_id", "article", optional=True),
    _row_of("version_id", "article_version", optional=True),
    _row_of("capture_id", "capture", optional=True),
    _words("reason"),
    CheckConstraint("score >= 0 AND score <= 100", name="score_is_percent"),
    Index(None, "report_id"),
)
