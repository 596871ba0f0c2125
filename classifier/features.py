"""An article as the model sees it: named features, and the places in the text behind them. Pure.

Five kinds, each told apart by the first letter of its name:

- ``t`` one or two neighbouring syllables of the title;
- ``l`` the same over title and opening together: where most articles say what they are about;
- ``w`` single syllables of the whole text;
- ``c`` phrases of the taxonomy, with the place ('cT:mộtcửa' stands in the title);
- ``r`` what the rules made of them for each topic and how they run through the text, and how long
  the text is.

Syllables, not words: segmented by underthesea, the same model was no better (micro F1 0.845 and
0.846 of the headline tags, cross-validated) and ten times slower.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from classifier.decide import ground_of
from classifier.passages import OPENING_LETTERS
from classifier.rules import RuleBook
from storage.records import Field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from classifier.rules import Evidence, Reading
    from classifier.taxonomy import TaxonomyFile
    from classifier.text import Document

TITLE: Final = "t"
OPENING: Final = "l"
WORDS: Final = "w"
CUES: Final = "c"
RULES: Final = "r"
FINDINGS: Final = (RULES,)
"""Kinds whose values come as they are; the others are counts, weighed by their rarity."""
KINDS: Final = (TITLE, OPENING, WORDS, CUES, *FINDINGS)

Location = tuple[Field, int, int]
"""A field and the half-open range of its folded letters."""

_SYLLABLE = re.compile(r"\w+")
_NO_SYLLABLE = re.compile(r"[^\w\s]+")
"""To be cut away: twice as fast as finding every syllable of a whole text."""
_MOST_TITLE_LETTERS: Final = 1_000
"""What is read of a title: the longest of 1,391 labelled ones has 380 letters."""
_MOST_LETTERS: Final = 20_000
"""What is read for single syllables: eight times a usual article."""
_MOST_HEADLINE, _MOST_OPENING, _MOST_CARRYING, _MOST_DENSITY = 2.0, 3.0, 5, 3.0
"""Evidence beyond these is no more certain."""


@dataclass(frozen=True, slots=True)
class Features:
    """The features present in an article. Their names are made only where they are needed."""

    counts: Mapping[str, Mapping[str, int]]
    """By kind, for cues with their place ('cT'): how often each syllable, pair or phrase occurs."""
    findings: Mapping[str, Mapping[str, float]]
    """Of the rules, by kind and 'what:how': 0 … 1 and a little more, none of them 0."""

    def named(self, kinds: Sequence[str] = KINDS) -> dict[str, float]:
        """Give those of some kinds under their whole names, as a model's file has them."""
        return {
            f"{kind}:{name}": value
            for kind, values in (*self.counts.items(), *self.findings.items())
            if kind[0] in kinds
            for name, value in values.items()
        }


class FeatureReader:
    """Reads articles' features with one taxonomy, each text once: models are trained many times."""

    def __init__(self, file: TaxonomyFile) -> None:
        self._rules = RuleBook(file)
        self._known: dict[Document, Mapping[str, float]] = {}

    def read(self, document: Document) -> Mapping[str, float]:
        """Give the features of an article under their whole names."""
        if (known := self._known.get(document)) is None:
            known = features_of(document, self._rules.read(document)).named()
            self._known[document] = known
        return known


def features_of(document: Document, reading: Reading) -> Features:
    """Give the features present in an article."""
    title = _syllables(document, Field.HEADLINE)
    opening = _syllables(document, _opening_field(document))
    text = [one for field in (Field.LEAD, Field.BODY) for one in _all_syllables(document, field)]
    in_title = Counter(title)
    in_title.update(_pairs(title))
    at_first = Counter(in_title)
    at_first.update(opening)
    at_first.update(_pairs(opening))
    everywhere = Counter(text)
    everywhere.update(_all_syllables(document, Field.HEADLINE))
    counts: dict[str, Mapping[str, int]] = {TITLE: in_title, OPENING: at_first, WORDS: everywhere}
    counts.update((CUES + place, found) for place, found in reading.cues.items())
    found = chain(*map(_findings, reading.evidence), _courses(reading.evidence), _sizes(document))
    return Features(counts, {RULES: {name: value for name, value in found if value}})


def locate(document: Document, spellings: AbstractSet[str]) -> Mapping[str, Location]:
    """Give the first place of each syllable, or pair of neighbouring ones, in the text as read."""
    found: dict[str, Location] = {}
    begins_pair = {spelling.partition(" ")[0] for spelling in spellings if " " in spelling}
    for field, text in document.fields.items():
        limit = _MOST_LETTERS if field is not Field.HEADLINE else _MOST_TITLE_LETTERS
        before, began = "", 0
        for one in _SYLLABLE.finditer(text.letters, 0, limit):
            syllable = one.group()
            if syllable in spellings:
                found.setdefault(syllable, (field, *one.span()))
            if before in begins_pair and (pair := f"{before} {syllable}") in spellings:
                found.setdefault(pair, (field, began, one.end()))
            if len(found) == len(spellings):
                return found
            before, began = syllable, one.start()
    return found


def _opening_field(document: Document) -> Field:
    return Field.LEAD if document.lead else Field.BODY


def _syllables(document: Document, field: Field) -> list[str]:
    text = document.fields.get(field)
    return [] if text is None else _SYLLABLE.findall(text.letters, 0, _limit(field))


def _limit(field: Field) -> int:
    return _MOST_TITLE_LETTERS if field is Field.HEADLINE else OPENING_LETTERS


def _pairs(syllables: Sequence[str]) -> list[str]:
    """Give the pairs of neighbours; none reaches from one text into the next."""
    return [f"{one} {after}" for one, after in pairwise(syllables)]


def _all_syllables(document: Document, field: Field) -> list[str]:
    text = document.fields.get(field)
    return [] if text is None else _NO_SYLLABLE.sub(" ", text.letters[:_MOST_LETTERS]).split()


def _findings(evidence: Evidence) -> Iterator[tuple[str, float]]:
    prefix = f"{evidence.topic}:"
    ground = ground_of(evidence)
    yield f"{prefix}{ground.name}", 1.0
    yield f"{prefix}certainty", 2 * ground.certainty
    yield f"{prefix}headline", min(evidence.headline, _MOST_HEADLINE)
    yield f"{prefix}opening", min(evidence.opening, _MOST_OPENING) / 1.5
    yield f"{prefix}share", evidence.share
    yield f"{prefix}carrying", min(evidence.carrying, _MOST_CARRYING) / _MOST_CARRYING
    yield f"{prefix}near_miss", float(evidence.near_miss)
    yield f"{prefix}named", float(evidence.named)


def _courses(evidence: Sequence[Evidence]) -> Iterator[tuple[str, float]]:
    """Give how each topic runs through the text, alone and beside the others."""
    weights = [seen.course.weight for seen in evidence]
    total = sum(weights)
    if not total:
        return
    for seen in evidence:
        course, prefix = seen.course, f"{seen.topic}:"
        yield f"{prefix}part", course.weight / total
        yield f"{prefix}rank", 1 / (1 + sum(weight > course.weight for weight in weights))
        yield f"{prefix}touched", course.touched
        yield f"{prefix}first", course.first
        yield f"{prefix}spread", course.spread
        yield f"{prefix}density", min(round(math.log1p(course.density), 3), _MOST_DENSITY) / 2
        yield f"{prefix}late", float(course.late)


def _sizes(document: Document) -> Iterator[tuple[str, float]]:
    body = len(document.lead or "") + len(document.body)
    yield "title_only", float(body == 0)
    yield "body_length", round(math.log1p(body), 3) / 3
    yield "title_length", round(math.log1p(len(document.headline)), 3) / 2
