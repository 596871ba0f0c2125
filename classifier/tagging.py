"""The job: give every article version that a tagger has not read its taggings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from classifier.decide import headline_verdict, verdict_on
from classifier.text import Document
from storage.chain import seal_rows
from storage.records import TaggedVersion, Verdict
from storage.tags import (
    record_tags,
    register_taxonomy,
    tagged_versions,
    tagger_as_of,
    tags_of,
    untagged_versions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from classifier.tagger import Tagger
    from storage.clock import Clock
    from storage.engine import Database
    from storage.records import Tagging, Taxonomy

_BATCH: Final = 50
"""Versions a transaction: some tenths of a second of work, so that a stop loses little."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TagSummary:
    """What one call of the job did."""

    tagger: str
    taxonomy_release: str
    versions: int
    """Article versions tagged now; those tagged before are not counted."""
    headline_tags: Mapping[str, Mapping[Verdict, int]]
    """For each headline tag, how many of the versions got it, did not, or need a person."""
    topics: Mapping[str, Mapping[Verdict, int]]
    """Likewise for each topic, over the versions that touch it."""


@dataclass(slots=True)
class _Tally:
    taxonomy: Taxonomy
    versions: int = 0
    headline_tags: Counter[tuple[str, Verdict]] = field(default_factory=Counter)
    topics: Counter[tuple[str, Verdict]] = field(default_factory=Counter)

    def add(self, taggings: tuple[Tagging, ...]) -> None:
        self.versions += 1
        verdicts = {tagging.topic: tagging.verdict for tagging in taggings}
        self.topics.update(verdicts.items())
        self.headline_tags.update(
            (tag.code, verdict_on({verdicts[topic] for topic in tag.topics if topic in verdicts}))
            for tag in self.taxonomy.headline_tags
        )


def tag_untagged(
    database: Database,
    tagger: Tagger,
    taxonomy: Taxonomy,
    *,
    clock: Clock,
    progress: Callable[[int], None],
) -> TagSummary:
    """Tag every version that this tagger has not read, oldest first, batch by batch.

    What is done stays done: called again after a stop it goes on where it was, and called twice
    it changes nothing. ``progress`` is told the number of versions after each batch.

    Raises:
        DatabaseError: the release is known with other content, or the database is locked.
    """
    with database.write() as c:
        register_taxonomy(c, taxonomy, registered_at=clock.now())
    tally = _Tally(taxonomy)
    while batch := _tag_batch(database, tagger, taxonomy, clock=clock):
        for tagged in batch:
            tally.add(tagged.taggings)
        progress(len(batch))
    with database.write(alone=True) as c:
        seal_rows(c, at=clock.now())
    return TagSummary(
        tagger=tagger.identity,
        taxonomy_release=taxonomy.release,
        versions=tally.versions,
        headline_tags=_by_code((tag.code for tag in taxonomy.headline_tags), tally.headline_tags),
        topics=_by_code((topic.code for topic in taxonomy.topics), tally.topics),
    )


@dataclass(frozen=True, slots=True)
class ChangedTags:
    """An article version whose headline tags would be others by another tagger."""

    version_id: int
    headline: str
    now: tuple[str, ...]
    then: tuple[str, ...]


def changed_tags(
    database: Database, tagger: Tagger, taxonomy: Taxonomy, *, clock: Clock
) -> Iterator[ChangedTags]:
    """Give the versions, by id, whose headline tags a new tagger would change; store nothing."""
    with database.read() as c:
        known = tagger_as_of(c, clock.now())
    after = 0
    while known is not None:
        with database.read() as c:
            versions = tagged_versions(c, known, after=after, limit=_BATCH)
            said = {version.id: tags_of(c, version.id, known) for version in versions}
        if not versions:
            return
        for version in versions:
            before = said[version.id]
            now = headline_verdict(before.taggings if before else (), taxonomy.headline_tags)
            then = headline_verdict(
                tagger.tag(Document.of(version.extraction)), taxonomy.headline_tags
            )
            if now["headline"] != then["headline"]:
                yield ChangedTags(
                    version.id,
                    version.extraction.headline,
                    tuple(now["headline"]),
                    tuple(then["headline"]),
                )
        after = versions[-1].id


def _tag_batch(
    database: Database, tagger: Tagger, taxonomy: Taxonomy, *, clock: Clock
) -> list[TaggedVersion]:
    with database.read() as c:
        versions = untagged_versions(c, tagger.identity, limit=_BATCH)
    tagged = [
        TaggedVersion(
            version_id=version.id,
            tagger=tagger.identity,
            taxonomy_release=taxonomy.release,
            tagged_at=clock.now(),
            taggings=tagger.tag(Document.of(version.extraction)),
        )
        for version in versions
    ]
    if tagged:
        with database.write() as c:
            record_tags(c, tagged)
    return tagged


def _by_code(
    codes: Iterable[str], counts: Counter[tuple[str, Verdict]]
) -> Mapping[str, Mapping[Verdict, int]]:
    return {code: {verdict: counts[code, verdict] for verdict in Verdict} for code in codes}
