"""What people say of an article's topics, and the tags that follow from both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows, in_batches
from storage.language import t
from storage.records import DecidedArticle, Level, Review, Tagging, Verdict

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from typing import Any

    from storage.engine import Connection


def add_reviews(c: Connection, reviews: Sequence[Review]) -> None:
    """Add what people said; what was said before stays."""
    add_rows(
        c,
        tables.review,
        [
            {
                "version_id": review.version_id,
                "taxonomy": review.taxonomy_release,
                "topic": review.topic,
                "level": review.level,
                "reviewer": review.reviewer,
                "reason": review.reason,
                "reviewed_at": review.reviewed_at,
            }
            for review in reviews
        ],
    )


def all_reviews(c: Connection, as_of: dt.datetime) -> list[Review]:
    """Give every review until ``as_of`` (inclusive), oldest first."""
    table = tables.review
    found = c.execute(
        sa.select(table)
        .where(table.c.reviewed_at <= as_of)
        .order_by(table.c.reviewed_at, table.c.id)
    )
    return [_review(row) for row in found]


def latest_reviews(
    c: Connection, as_of: dt.datetime, *, among: sa.ColumnElement[bool] | None = None
) -> dict[int, dict[str, Review]]:
    """Give, by version and topic, the review that holds as of an instant (inclusive).

    A review holds for the versions of its article that have the title and text it was made on.
    ``among`` picks rows of ``article``; None: all.
    """
    table, reviewed = tables.review, tables.article_version.alias("reviewed")
    version = tables.article_version
    same_text = sa.and_(
        version.c.article_id == reviewed.c.article_id,
        version.c.headline == reviewed.c.headline,
        version.c.body == reviewed.c.body,
        sa.func.coalesce(version.c.lead, "") == sa.func.coalesce(reviewed.c.lead, ""),
    )
    query = (
        sa.select(table, version.c.id.label("holds_for"))
        .join_from(table, reviewed, reviewed.c.id == table.c.version_id)
        .join(version, same_text)
        .where(table.c.reviewed_at <= as_of)
        .order_by(table.c.reviewed_at, table.c.id)
    )
    if among is not None:
        article = tables.article
        query = query.join(article, article.c.id == reviewed.c.article_id).where(among)
    found = c.execute(query)
    latest: dict[int, dict[str, Review]] = {}
    for row in found:
        latest.setdefault(row.holds_for, {})[row.topic] = _review(row)
    return latest


def decided_articles(c: Connection, as_of: dt.datetime, *, most: int) -> list[DecidedArticle]:
    """Give the articles decided on until ``as_of`` (inclusive), the latest decision first.

    Each once, by the version that was reviewed last.
    """
    version = tables.article_version
    latest: dict[int, dict[str, Review]] = {}
    for review in all_reviews(c, as_of):
        of_version = latest.pop(review.version_id, {})
        latest[review.version_id] = of_version | {review.topic: review}
    wanted = list(reversed(latest))
    rows = {
        row.id: row
        for batch in in_batches(wanted)
        for row in c.execute(
            sa.select(
                version.c.id, version.c.article_id, version.c.headline, version.c.search_text
            ).where(version.c.id.in_(batch))
        )
    }
    decided: dict[int, DecidedArticle] = {}
    for version_id in wanted:
        row = rows[version_id]
        one = DecidedArticle(
            article_id=row.article_id,
            headline=row.headline,
            search_text=row.search_text,
            reviews=tuple(latest[version_id].values()),
        )
        decided.setdefault(row.article_id, one)
    return list(decided.values())[:most]


def effective_taggings(
    taggings: Mapping[str, Tagging], reviews: Mapping[str, Review]
) -> dict[str, Tagging]:
    """Give the tags that count: what a person said where one did, else what the tagger said."""
    effective = {topic: tagging for topic, tagging in taggings.items() if topic not in reviews}
    for topic, review in reviews.items():
        if review.level is not Level.NONE:
            effective[topic] = _said_by_person(review)
    return effective


def _review(row: sa.Row[Any]) -> Review:
    return Review(
        version_id=row.version_id,
        taxonomy_release=row.taxonomy,
        topic=row.topic,
        level=row.level,
        reviewer=row.reviewer,
        reason=row.reason,
        reviewed_at=row.reviewed_at,
    )


def _said_by_person(review: Review) -> Tagging:
    main = review.level is Level.MAIN
    return Tagging(
        topic=review.topic,
        level=review.level,
        verdict=Verdict.ASSIGNED if main else Verdict.REJECTED,
        score=1.0 if main else 0.0,
        reason=t(
            f"{review.reviewer} quyết định: {review.reason}",
            f"Decided by {review.reviewer}: {review.reason}",
        ),
    )
