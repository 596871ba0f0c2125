"""Working through what the tagger is unsure of: the order, the text as shown, the agreement. Pure.

The terminal and the web page ask the same questions; only how they look is their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from storage.records import Field, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storage.records import ArticleVersion, Review, Span, Tagging

_SHOWN_LETTERS: Final = 1_500
"""Of the body: enough to judge most articles by; the rest is a link away."""


@dataclass(frozen=True, slots=True)
class Question:
    """One topic of one article that a person should decide."""

    version: ArticleVersion
    tagging: Tagging


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of shown text: its words, and what they say of the topic."""

    text: str
    weight: float
    """Above 0 for the topic, below against, 0 nothing."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers say the same of what both have judged."""

    first: str
    second: str
    both: int
    """Topics of texts that both have judged."""
    same: int
    kappa: float | None
    """Cohen's kappa of 'main or not'; None: nothing to compare, or no variation."""


def worst_first(
    open_versions: Iterable[tuple[ArticleVersion, Sequence[Tagging]]],
) -> list[Question]:
    """Give the questions, those that the tagger is least sure of first; one article together."""
    ranked = sorted(
        open_versions,
        key=lambda one: (min(abs(tagging.score - 0.5) for tagging in one[1]), one[0].id),
    )
    return [Question(version, tagging) for version, taggings in ranked for tagging in taggings]


def shown(question: Question) -> Iterator[tuple[Field, list[Piece]]]:
    """Give title, lead and the beginning of the body, cut at the places that weigh."""
    extraction = question.version.extraction
    for field in Field:
        text = getattr(extraction, field.value) or ""
        if field is Field.BODY:
            text = text[:_SHOWN_LETTERS]
        if text:
            spans = [span for span in question.tagging.spans if span.field is field]
            yield field, list(_pieces(text, spans))


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[Piece]:
    at = 0
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start < at or span.end > len(text):
            continue
        if span.start > at:
            yield Piece(text[at : span.start], 0.0)
        yield Piece(text[span.start : span.end], span.weight)
        at = span.end
    if at < len(text):
        yield Piece(text[at:], 0.0)


def agreements(reviews: Iterable[Review]) -> list[Agreement]:
    """Give the agreement of every two reviewers who have judged the same; the latest word counts.

    ``reviews`` in the order in which they were made.
    """
    said: dict[tuple[int, str], dict[str, bool]] = defaultdict(dict)
    for review in reviews:
        said[review.version_id, review.topic][review.reviewer] = review.level is Level.MAIN
    pairs: dict[tuple[str, str], Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for answers in said.values():
        names = sorted(answers)
        for i, first in enumerate(names):
            for second in names[i + 1 :]:
                pairs[first, second][answers[first], answers[second]] += 1
    return [_agreement(first, second, counts) for (first, second), counts in sorted(pairs.items())]


def _agreement(first: str, second: str, counts: Counter[tuple[bool, bool]]) -> Agreement:
    both = counts.total()
    same = counts[True, True] + counts[False, False]
    by_first = (counts[True, True] + counts[True, False]) / both
    by_second = (counts[True, True] + counts[False, True]) / both
    chance = by_first * by_second + (1 - by_first) * (1 - by_second)
    kappa = None if chance == 1 else (same / both - chance) / (1 - chance)
    return Agreement(first, second, both, same, kappa)
