"""Taxonomies in use, and what each tagger said of each version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.articles import to_version
from storage.engine import add_rows, in_batches
from storage.errors import DatabaseError
from storage.language import t
from storage.records import (
    ArticleVersion,
    Field,
    HeadlineTag,
    Level,
    Span,
    TaggedVersion,
    Tagging,
    Taxonomy,
    Topic,
    Verdict,
)
from storage.reviews import all_reviews, effective_taggings, latest_reviews

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from storage.engine import Connection


def register_taxonomy(c: Connection, taxonomy: Taxonomy, *, registered_at: dt.datetime) -> None:
    """Remember a release of the topics; the same one again changes nothing.

    Raises:
        DatabaseError: the release is known with other content.
    """
    table = tables.taxonomy
    digest = c.scalar(sa.select(table.c.digest).where(table.c.release == taxonomy.release))
    if digest == taxonomy.digest:
        return
    if digest is not None:
        raise DatabaseError(
            t(
                f"Bộ chủ đề {taxonomy.release} đã dùng với nội dung khác. Bộ đã dùng thì không "
                "sửa: hãy khôi phục tệp cũ và đặt số phát hành mới cho bản sửa.",
                f"Taxonomy {taxonomy.release} was used with other content. A release in use is "
                "not edited: restore its file and give the change a new release number.",
            )
        )
    c.execute(
        sa.insert(table).values(
            release=taxonomy.release,
            digest=taxonomy.digest,
            effective_from=taxonomy.effective_from,
            registered_at=registered_at,
        )
    )
    _add_topics(c, taxonomy)


def _add_topics(c: Connection, taxonomy: Taxonomy) -> None:
    of_release = {"taxonomy": taxonomy.release}
    add_rows(
        c,
        tables.topic,
        [
            of_release | {"code": topic.code, "name": topic.name, "definition": topic.definition}
            for topic in taxonomy.topics
        ],
    )
    add_rows(
        c,
        tables.headline_tag,
        [of_release | {"code": tag.code, "name": tag.name} for tag in taxonomy.headline_tags],
    )
    add_rows(
        c,
        tables.headline_tag_topic,
        [
            of_release | {"headline_tag": tag.code, "topic": topic}
            for tag in taxonomy.headline_tags
            for topic in tag.topics
        ],
    )


def taxonomy_as_of(c: Connection, as_of: dt.datetime) -> Taxonomy | None:
    """Give the taxonomy registered last until ``as_of`` (inclusive)."""
    table = tables.taxonomy
    row = c.execute(
        sa.select(table)
        .where(table.c.registered_at <= as_of)
        .order_by(
            table.c.registered_at.desc(), table.c.effective_from.desc(), table.c.release.desc()
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    topics_of: dict[str, list[str]] = {}
    for link in _of_release(c, tables.headline_tag_topic, row.release):
        topics_of.setdefault(link.headline_tag, []).append(link.topic)
    return Taxonomy(
        release=row.release,
        digest=row.digest,
        effective_from=row.effective_from,
        topics=tuple(
            Topic(code=topic.code, name=topic.name, definition=topic.definition)
            for topic in _of_release(c, tables.topic, row.release)
        ),
        headline_tags=tuple(
            HeadlineTag(code=tag.code, name=tag.name, topics=tuple(topics_of.get(tag.code, ())))
            for tag in _of_release(c, tables.headline_tag, row.release)
        ),
    )


def _of_release(c: Connection, table: sa.Table, release: str) -> Sequence[sa.Row[Any]]:
    return c.execute(sa.select(table).where(table.c.taxonomy == release).order_by(table.c.id)).all()


def untagged_versions(c: Connection, tagger: str, *, limit: int) -> list[ArticleVersion]:
    """Give the first ``limit`` versions, by id, that this tagger has not read."""
    version, tagged = tables.article_version, tables.tagged_version
    read = sa.exists().where(tagged.c.version_id == version.c.id, tagged.c.tagger == tagger)
    found = c.execute(sa.select(version).where(~read).order_by(version.c.id).limit(limit))
    return [to_version(row) for row in found]


def tagged_versions(c: Connection, tagger: str, *, after: int, limit: int) -> list[ArticleVersion]:
    """Give the next ``limit`` versions above id ``after`` that this tagger has read, by id."""
    version, tagged = tables.article_version, tables.tagged_version
    read = sa.exists().where(tagged.c.version_id == version.c.id, tagged.c.tagger == tagger)
    found = c.execute(
        sa.select(version).where(read, version.c.id > after).order_by(version.c.id).limit(limit)
    )
    return [to_version(row) for row in found]


def reviewed_versions(
    c: Connection, tagger: str, *, as_of: dt.datetime
) -> list[tuple[ArticleVersion, dict[str, Tagging]]]:
    """Give, by id, the versions that a person has decided on, with the tags that count for them.

    A version whose text was decided on in another version counts only there.
    """
    own = {review.version_id for review in all_reviews(c, as_of)}
    latest = latest_reviews(c, as_of)
    found: list[tuple[ArticleVersion, dict[str, Tagging]]] = []
    for some in in_batches(sorted(own)):
        table = tables.article_version
        for row in c.execute(sa.select(table).where(table.c.id.in_(some)).order_by(table.c.id)):
            said = tags_of(c, row.id, tagger)
            taggings = {one.topic: one for one in said.taggings} if said else {}
            found.append((to_version(row), effective_taggings(taggings, latest[row.id])))
    return found


def record_tags(c: Connection, tagged: Sequence[TaggedVersion]) -> None:
    """Store what a tagger said; versions that it has read before are left as they are."""
    known = _read_before(c, tagged)
    new: dict[tuple[int, str], TaggedVersion] = {}
    for one in tagged:
        if (one.version_id, one.tagger) not in known:
            new.setdefault((one.version_id, one.tagger), one)
    ids = add_rows(
        c,
        tables.tagged_version,
        [
            {
                "version_id": one.version_id,
                "tagger": one.tagger,
                "taxonomy": one.taxonomy_release,
                "tagged_at": one.tagged_at,
            }
            for one in new.values()
        ],
    )
    add_rows(
        c,
        tables.tagging,
        [
            _tagging_row(tagged_id, one.taxonomy_release, tagging)
            for tagged_id, one in zip(ids, new.values(), strict=True)
            for tagging in one.taggings
            if tagging.level is not Level.NONE
        ],
    )


def _read_before(c: Connection, tagged: Sequence[TaggedVersion]) -> set[tuple[int, str]]:
    table = tables.tagged_version
    return {
        (row.version_id, row.tagger)
        for some in in_batches(list({one.version_id for one in tagged}))
        for row in c.execute(
            sa.select(table.c.version_id, table.c.tagger).where(table.c.version_id.in_(some))
        )
    }


def _tagging_row(tagged_id: int, release: str, tagging: Tagging) -> dict[str, object]:
    return {
        "tagged_version_id": tagged_id,
        "taxonomy": release,
        "topic": tagging.topic,
        "level": tagging.level,
        "verdict": tagging.verdict,
        "score": tagging.score,
        "reason": tagging.reason,
        "spans": [
            {
                "field": span.field.value,
                "start": span.start,
                "end": span.end,
                "text": span.text,
                "cue": span.cue,
                "weight": span.weight,
            }
            for span in tagging.spans
        ],
    }


def tagger_as_of(c: Connection, as_of: dt.datetime) -> str | None:
    """Give the tagger that tagged last until ``as_of`` (inclusive); None: nobody has."""
    table = tables.tagged_version
    return c.scalar(
        sa.select(table.c.tagger)
        .where(table.c.tagged_at <= as_of)
        .order_by(table.c.tagged_at.desc(), table.c.id.desc())
        .limit(1)
    )


def tags_of(c: Connection, version_id: int, tagger: str) -> TaggedVersion | None:
    """Give all that a tagger said of a version, with its spans; None: it has not read it."""
    tagged, tagging = tables.tagged_version, tables.tagging
    row = c.execute(
        sa.select(tagged).where(tagged.c.version_id == version_id, tagged.c.tagger == tagger)
    ).one_or_none()
    if row is None:
        return None
    found = c.execute(
        sa.select(tagging).where(tagging.c.tagged_version_id == row.id).order_by(tagging.c.id)
    )
    return TaggedVersion(
        version_id=row.version_id,
        tagger=row.tagger,
        taxonomy_release=row.taxonomy,
        tagged_at=row.tagged_at,
        taggings=tuple(tagging_of(one) for one in found),
    )


def tagging_of(row: sa.Row[Any]) -> Tagging:
    """Give a tagging, with its spans, from its row."""
    return Tagging(
        topic=row.topic,
        level=row.level,
        verdict=row.verdict,
        score=row.score,
        reason=row.reason,
        spans=tuple(Span(**(span | {"field": Field(span["field"])})) for span in row.spans),
    )


def open_questions(
    c: Connection, tagger: str, *, as_of: dt.datetime, reviewer: str | None = None
) -> list[tuple[ArticleVersion, list[Tagging]]]:
    """Give the newest versions with topics that the tagger would rather ask about, by id.

    Without a reviewer those that nobody has decided; with one, those that this person has not
    decided (so that two people can judge the same).
    """
    decided = _decided(c, as_of, reviewer)
    tagged, tagging, version = tables.tagged_version, tables.tagging, tables.article_version
    newer = version.alias("newer")
    is_newest = ~sa.exists().where(
        newer.c.article_id == version.c.article_id, newer.c.number > version.c.number
    )
    found = c.execute(
        sa.select(version, tagging.c.id.label("tagging_id"))
        .join_from(tagging, tagged, tagging.c.tagged_version_id == tagged.c.id)
        .join(version, version.c.id == tagged.c.version_id)
        .where(tagged.c.tagger == tagger, tagging.c.verdict == Verdict.UNCERTAIN, is_newest)
        .order_by(version.c.id, tagging.c.id)
    ).all()
    ids = [row.tagging_id for row in found]
    answers = _taggings(c, ids)
    questions: dict[int, tuple[ArticleVersion, list[Tagging]]] = {}
    for row in found:
        answer = answers[row.tagging_id]
        if answer.topic not in decided.get(row.id, ()):
            questions.setdefault(row.id, (to_version(row), []))[1].append(answer)
    return list(questions.values())


def _decided(c: Connection, as_of: dt.datetime, reviewer: str | None) -> Mapping[int, set[str]]:
    if reviewer is None:
        return {version: set(topics) for version, topics in latest_reviews(c, as_of).items()}
    decided: dict[int, set[str]] = {}
    for review in all_reviews(c, as_of):
        if review.reviewer == reviewer:
            decided.setdefault(review.version_id, set()).add(review.topic)
    return decided


def _taggings(c: Connection, ids: Sequence[int]) -> dict[int, Tagging]:
    table = tables.tagging
    found: dict[int, Tagging] = {}
    for some in in_batches(ids):
        for row in c.execute(sa.select(table).where(table.c.id.in_(some))):
            found[row.id] = tagging_of(row)
    return found
