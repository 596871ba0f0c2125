"""Taggers: what turns an article's text into taggings, whatever works inside."""

from __future__ import annotations

import dataclasses
import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Final, Protocol

from classifier.decide import decide, decide_together
from classifier.errors import ModelError
from classifier.features import OPENING, TITLE, WORDS, features_of, locate
from classifier.rules import RuleBook
from storage.language import t
from storage.records import Level, Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from classifier.features import Features, Location
    from classifier.model import Model
    from classifier.taxonomy import TaxonomyFile
    from classifier.text import Document
    from storage.records import Tagging

REVISION = 2
"""Of the rules as people speak of them; what exactly ran is in the identity's digest."""
_DECIDING = (
    "text.py",
    "expressions.py",
    "misspellings.py",
    "lexicon.py",
    "passages.py",
    "rules.py",
    "decide.py",
    "features.py",
    "model.py",
    "model_file.py",
    "tagger.py",
)
_MOST_FOR, _MOST_AGAINST = 6, 3
"""Model features shown to the reader of one tagging."""
_WRITTEN: Final = (TITLE, OPENING, WORDS)
"""Kinds of features that stand in the text as such."""
_WORTH_SHOWING: Final = 0.02
"""Share of the margin 1 that a syllable must add or take to be shown."""


class Tagger(Protocol):
    """Judges articles by one taxonomy. The same identity gives the same answers, always."""

    @property
    def identity(self) -> str:
        """Name, revision and digest of all that decides, e.g. 'rules@1#9f2c01ab'."""

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Give the topics that the article is about or mentions; the others have no row."""


class RuleTagger:
    """Tags by the cues of a taxonomy alone: for topics without a model, and to compare with."""

    def __init__(self, file: TaxonomyFile) -> None:
        self._rules = RuleBook(file)
        self.identity = f"rules@{REVISION}#{_digest(file.digest)[:8]}"

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Give the topics that the article is about or mentions, in the taxonomy's order."""
        decided = map(decide, self._rules.weigh(document))
        return tuple(tagging for tagging in decided if tagging.level is not Level.NONE)


class CombinedTagger:
    """Tags by the cues of a taxonomy and a model that was trained on what they find."""

    def __init__(self, file: TaxonomyFile, model: Model) -> None:
        """Join the two.

        Raises:
            ModelError: the model has learned topics that the taxonomy does not have.
        """
        unknown = set(model.topics) - {topic.code for topic in file.topics}
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ModelError(
                t(
                    f"Mô hình {model.name} có chủ đề {names} mà bộ chủ đề {file.release} không có.",
                    f"Model {model.name} has topics {names} that taxonomy {file.release} lacks.",
                )
            )
        self._rules = RuleBook(file)
        self._model = model
        digest = _digest(file.digest, model.digest)[:8]
        self.identity = f"rules@{REVISION}+model@{model.name}#{digest}"

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Give the topics that the article is about or mentions, with what speaks for and against.

        In the taxonomy's order; an office's own topics last.
        """
        reading = self._rules.read(document)
        evidence = {seen.topic: seen for seen in reading.evidence}
        features = features_of(document, reading)
        taggings = decide_together(evidence, self._model.judge(features))
        return self._explained(document, taggings, features)

    def _explained(
        self, document: Document, taggings: tuple[Tagging, ...], features: Features
    ) -> tuple[Tagging, ...]:
        """Add the places of the text that weighed most in the model's answers.

        Of those that count or are asked about; a passing mention is told by its cues.
        """
        learned = [
            tagging
            for tagging in taggings
            if tagging.topic in self._model.topics and tagging.verdict is not Verdict.REJECTED
        ]
        if not learned:
            return taggings
        parts = self._model.contributions(features, _WRITTEN, [one.topic for one in learned])
        chosen = {topic: _heaviest(weights) for topic, weights in parts.items()}
        places = locate(document, {spelling for one in chosen.values() for spelling in one})
        return tuple(
            dataclasses.replace(
                tagging,
                spans=(
                    *tagging.spans,
                    *_spans(document, chosen.get(tagging.topic, {}), places),
                ),
            )
            for tagging in taggings
        )


def _heaviest(weights: Mapping[str, float]) -> dict[str, float]:
    """Give the syllables and pairs that speak most for and against a topic."""
    heavy = [part for part in weights.items() if abs(part[1]) >= _WORTH_SHOWING]
    heavy.sort(key=lambda part: (-part[1], part[0]))
    speaking_for = [part for part in heavy if part[1] > 0][:_MOST_FOR]
    against = [part for part in heavy[::-1] if part[1] < 0][:_MOST_AGAINST]
    return dict(speaking_for + against)


def _spans(
    document: Document, weights: Mapping[str, float], places: Mapping[str, Location]
) -> Iterator[Span]:
    for spelling, weight in weights.items():
        if spelling not in places:
            continue
        field, first, last = places[spelling]
        start, end = document.fields[field].place(first, last)
        yield Span(
            field=field,
            start=start,
            end=end,
            text=getattr(document, field.value)[start:end],
            cue=f"model:{spelling}",
            weight=round(weight, 3),
        )


def _digest(*parts: str) -> str:
    """Digest taxonomy, model and rules as written: no change of them can keep the old identity."""
    package = resources.files("classifier")
    code = (package.joinpath(name).read_text(encoding="utf-8") for name in _DECIDING)
    return hashlib.sha256("\0".join((*parts, *code)).encode()).hexdigest()
