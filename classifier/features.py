"""An article as the model sees it: named features, and the places in the text behind them. Pure.

Five kinds, each told apart by the first letter of its name:

- ``t`` one or two neighbouring syllables of the title;
- ``l`` the same over title and opening together: where most articles say what they are about;
- ``w`` single syllables of the whole text;
- ``c`` phrases of the taxonomy by place ('cT:mộtcửa' stands in the title);
- ``r`` what the rules made of them for each topic and how they run through the text, and how long
  the text is.

Syllables, not words: segmented by underthesea, the same model was no better (micro F1 0.845 and
0.846 of the headline tags, cross-validated) and ten times slower.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final

from classifier.decide import ground_of
from classifier.rules import OPENING_LETTERS, Place, RuleBook
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

Location = tuple[Field, int, int]
"""A field and the half-open range of its folded letters."""

_SYLLABLE = re.compile(r"\w+")
_MOST_TITLE_LETTERS: Final = 1_000
"""What is read of a title: the longest of 1,391 labelled ones has 380 letters."""
_MOST_LETTERS: Final = 20_000
"""What is read for single syllables: eight times a usual article."""
_MOST_HEADLINE, _MOST_OPENING, _MOST_CARRYING, _MOST_DENSITY = 2.0, 3.0, 5, 3.0
"""Evidence beyond these is no more certain."""


class FeatureReader:
    """Reads articles' features with one taxonomy, each text once: models are trained many times."""

    def __init__(self, file: TaxonomyFile) -> None:
        self._rules = RuleBook(file)
        self._known: dict[Document, Mapping[str, float]] = {}

    def read(self, document: Document) -> Mapping[str, float]:
        """Give the features of an article."""
        if (known := self._known.get(document)) is None:
            known = features_of(document, self._rules.read(document))
            self._known[document] = known
        return known


def features_of(document: Document, reading: Reading) -> dict[str, float]:
    """Give the features present in an article: counts, and the rules' findings in 0 … 1."""
    title = _syllables(document, Field.HEADLINE)
    opening = _syllables(document, _opening_field(document))
    features: dict[str, float] = dict(_counted(TITLE, title))
    features.update(_counted(OPENING, title, opening))
    features.update(_everywhere(document))
    features.update((_cue_name(place, key), n) for (place, key), n in reading.cues.items())
    findings = chain(
        *map(_findings, reading.evidence), _courses(reading.evidence), _sizes(document)
    )
    features.update((name, value) for name, value in findings if value)
    return features


def locate(document: Document, names: AbstractSet[str]) -> Mapping[str, Location]:
    """Give the first place of each ``t`` and ``l`` feature; the other kinds have none of theirs."""
    if not names:
        return {}
    found: dict[str, Location] = {}
    for field in dict.fromkeys((Field.HEADLINE, _opening_field(document))):
        syllables = _placed_syllables(document, field)
        for i, (text, (start, end)) in enumerate(syllables):
            spellings = [(text, end)]
            if i + 1 < len(syllables):
                after, (_, pair_end) = syllables[i + 1]
                spellings.append((f"{text} {after}", pair_end))
            for spelling, stop in spellings:
                for kind in (TITLE, OPENING) if field is Field.HEADLINE else (OPENING,):
                    if (name := f"{kind}:{spelling}") in names:
                        found.setdefault(name, (field, start, stop))
    return found


def _opening_field(document: Document) -> Field:
    return Field.LEAD if document.lead else Field.BODY


def _syllables(document: Document, field: Field) -> list[str]:
    text = document.fields.get(field)
    return [] if text is None else _SYLLABLE.findall(text.letters, 0, _limit(field))


def _placed_syllables(document: Document, field: Field) -> list[tuple[str, tuple[int, int]]]:
    text = document.fields.get(field)
    found = () if text is None else _SYLLABLE.finditer(text.letters, 0, _limit(field))
    return [(one.group(), one.span()) for one in found]


def _limit(field: Field) -> int:
    return _MOST_TITLE_LETTERS if field is Field.HEADLINE else OPENING_LETTERS


def _counted(kind: str, *texts: Sequence[str]) -> Counter[str]:
    """Count syllables and pairs of neighbours; no pair reaches from one text into the next."""
    counts = Counter([f"{kind}:{one}" for text in texts for one in text])
    counts.update([f"{kind}:{one} {after}" for text in texts for one, after in pairwise(text)])
    return counts


def _everywhere(document: Document) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for text in document.fields.values():
        counts.update(_SYLLABLE.findall(text.letters, 0, _MOST_LETTERS))
    return {f"{WORDS}:{syllable}": count for syllable, count in counts.items()}


def _cue_name(place: Place, key: str) -> str:
    return f"{CUES}{place.value}:{key}"


def _findings(evidence: Evidence) -> Iterator[tuple[str, float]]:
    prefix = f"{RULES}:{evidence.topic}:"
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
        course, prefix = seen.course, f"{RULES}:{seen.topic}:"
        yield f"{prefix}part", course.weight / total
        yield f"{prefix}rank", 1 / (1 + sum(weight > course.weight for weight in weights))
        yield f"{prefix}touched", course.touched
        yield f"{prefix}first", course.first
        yield f"{prefix}spread", course.spread
        yield f"{prefix}density", min(round(math.log1p(course.density), 3), _MOST_DENSITY) / 2
        yield f"{prefix}late", float(course.late)


def _sizes(document: Document) -> Iterator[tuple[str, float]]:
    body = len(document.lead or "") + len(document.body)
    yield f"{RULES}:title_only", float(body == 0)
    yield f"{RULES}:body_length", round(math.log1p(body), 3) / 3
    yield f"{RULES}:title_length", round(math.log1p(len(document.headline)), 3) / 2
