"""The list behind ``tinbai articles``: what was seen, and what became of it in a period."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.assembly import Assembly
from reports.counting import topic_bucket
from reports.reading import read_facts
from reports.rules import RULE
from storage.articles import version
from storage.candidates import candidates
from storage.folding import fold
from storage.records import Exclusion, vietnam_day
from storage.tags import tagger_as_of, taxonomy_as_of
from storage.units import registry_as_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from reports.calendar import Period
    from storage.engine import Connection
    from storage.records import (
        Candidate,
        CountingRule,
        DayInterval,
        Disposition,
        HeadlineTag,
        Registry,
    )

COUNTED = "counted"
"""The fate of an article that is in the count; the others are those of ``Exclusion``."""
TAGGED = "tagged"
"""Without a period: read, and its topics are known (else 'unread' or 'untagged')."""

FATES = (COUNTED, TAGGED, *(bucket.value for bucket in Exclusion))


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which articles to list; everything given must hold."""

    period: Period | None = None
    days: DayInterval | None = None
    """Published on one of these days."""
    unit: str | None = None
    site: str | None = None
    tag: str | None = None
    """Carries this headline tag; with a fate: has that fate for this tag."""
    fate: str | None = None
    """One of ``FATES``."""
    search: str | None = None
    """Occurs in title, lead or body, whatever the case and the place of the tone marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedArticle:
    """An article in the list."""

    article_id: int
    site: str
    unit: str | None
    """Who answers for it; None: nobody did on its day."""
    url: str
    title: str
    day: dt.date | None
    days: DayInterval | None
    """Stands for the day when the printed one follows the clock."""
    first_seen_at: dt.datetime
    tags: tuple[str, ...]
    """Headline tags that it carries."""
    fates: Mapping[str, str]
    """By headline tag in the period; without a period one, under the empty name."""
    unread: Disposition | None
    """Without a text: how the newest try ended."""
    version_id: int | None = field(repr=False)


def list_articles(
    c: Connection, as_of: dt.datetime, *, wanted: Wanted, rule: CountingRule = RULE
) -> list[ListedArticle]:
    """Give the articles that are wanted, by day (undated last), then id.

    With a period, articles that are known to be of other days are left out unless their fate
    ('out_of_period') is asked for.

    Raises:
        NotReadyError: a period is given, and there is no unit list or taxonomy yet.
    """
    listed = _of_period(c, as_of, wanted.period, rule) if wanted.period else _of_all_time(c, as_of)
    kept = [article for article in listed if _is_wanted(article, wanted)]
    if wanted.search:
        needle = fold(wanted.search)
        kept = [article for article in kept if _contains(c, article, needle)]
    return sorted(kept, key=lambda a: (a.day is None, str(a.day), a.article_id))


def fates_of(assembly: Assembly) -> dict[int, dict[str, str]]:
    """Give what became of every article, by headline tag."""
    fates: dict[int, dict[str, str]] = {article: {} for article in assembly.candidates}
    for tag in assembly.facts.taxonomy.headline_tags:
        for unit in {owner for owner in assembly.owners.values() if owner is not None}:
            for article in assembly.ledger(unit, tag).considered:
                bucket = article.bucket
                fates[article.article_id][tag.code] = bucket.value if bucket else COUNTED
        for article_id, owner in assembly.owners.items():
            if owner is None:
                fates[article_id][tag.code] = Exclusion.NOT_OWNED.value
    return fates


def _of_period(
    c: Connection, as_of: dt.datetime, period: Period, rule: CountingRule
) -> Iterable[ListedArticle]:
    facts = read_facts(c, as_of, rules=[rule])
    assembly = Assembly(facts, office="", period=period, rule=rule)
    fates = fates_of(assembly)
    for article, candidate in assembly.candidates.items():
        yield _listed(
            candidate,
            unit=assembly.owners[article],
            tags=assembly.facts.taxonomy.headline_tags,
            fates=fates[article],
        )


def _of_all_time(c: Connection, as_of: dt.datetime) -> Iterable[ListedArticle]:
    registry, taxonomy = registry_as_of(c, as_of), taxonomy_as_of(c, as_of)
    for candidate in candidates(c, as_of, tagger=tagger_as_of(c, as_of)):
        yield _listed(
            candidate,
            unit=_owner(candidate, registry),
            tags=taxonomy.headline_tags if taxonomy else (),
            fates={"": _state(candidate)},
        )


def _owner(candidate: Candidate, registry: Registry) -> str | None:
    day = candidate.day or vietnam_day(candidate.first_seen_at)
    return registry.owner_on(candidate.site, day)


def _state(candidate: Candidate) -> str:
    if candidate.version_id is None:
        return Exclusion.UNREAD.value
    return Exclusion.UNTAGGED.value if candidate.taggings is None else TAGGED


def _listed(
    candidate: Candidate,
    *,
    unit: str | None,
    tags: Iterable[HeadlineTag],
    fates: Mapping[str, str],
) -> ListedArticle:
    return ListedArticle(
        article_id=candidate.article_id,
        site=candidate.site,
        unit=unit,
        url=candidate.url,
        title=candidate.title,
        day=candidate.day,
        days=candidate.days,
        first_seen_at=candidate.first_seen_at,
        tags=tuple(tag.code for tag in tags if topic_bucket(candidate, tag) is None),
        fates=fates,
        unread=candidate.unread,
        version_id=candidate.version_id,
    )


def _is_wanted(article: ListedArticle, wanted: Wanted) -> bool:
    return (
        (wanted.unit is None or article.unit == wanted.unit)
        and (wanted.site is None or article.site == wanted.site)
        and (wanted.days is None or (article.day is not None and article.day in wanted.days))
        and _has_fate(article, wanted)
    )


def _has_fate(article: ListedArticle, wanted: Wanted) -> bool:
    if wanted.fate is None:
        outside = set(article.fates.values()) == {Exclusion.OUT_OF_PERIOD.value}
        return not outside and (wanted.tag is None or wanted.tag in article.tags)
    if wanted.tag is None or wanted.period is None:
        carries = wanted.tag is None or wanted.tag in article.tags
        return carries and wanted.fate in article.fates.values()
    return article.fates.get(wanted.tag) == wanted.fate


def _contains(c: Connection, article: ListedArticle, needle: str) -> bool:
    if needle in fold(article.title):
        return True
    return article.version_id is not None and needle in version(c, article.version_id).search_text
