"""A taxonomy's own examples, tried on its rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.text import Document
from storage.records import Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.tagger import Tagger
    from classifier.taxonomy import TaxonomyFile, TopicRules


@dataclass(frozen=True, slots=True)
class FailedExample:
    """An example whose level is not the one that the taxonomy says."""

    topic: str
    text: str
    wanted_main: bool
    level: Level
    reason: str
    """The tagger's, empty when it saw nothing."""


def failed_examples(tagger: Tagger, file: TaxonomyFile) -> list[FailedExample]:
    """Give the examples that come out wrong, in the taxonomy's order."""
    return [failure for topic in file.topics for failure in _failed_of(tagger, topic)]


def _failed_of(tagger: Tagger, topic: TopicRules) -> Iterator[FailedExample]:
    wanted = [(text, True) for text in topic.examples.yes]
    wanted += [(text, False) for text in topic.examples.no]
    for text, main in wanted:
        taggings = tagger.tag(Document(headline=text, lead=None, body=""))
        found = next((tagging for tagging in taggings if tagging.topic == topic.code), None)
        level = found.level if found else Level.NONE
        if (level is Level.MAIN) is not main:
            yield FailedExample(topic.code, text, main, level, found.reason if found else "")
