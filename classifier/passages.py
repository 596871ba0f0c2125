"""An article in passages: its title and sentences, with the phrases found in them. Pure."""

from __future__ import annotations

import re
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from storage.records import Field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.expressions import Match
    from classifier.lexicon import Lexicon
    from classifier.text import Document, Sentence

OPENING_LETTERS: Final = 300
"""How far the opening reaches when the page names no lead: about two sentences."""
_LEGAL_BASIS = re.compile(r"\W*căn cứ\b")


class Place(StrEnum):
    """Where in an article a phrase stands, as far as it matters for what the article is about."""

    TITLE = "T"
    OPENING = "O"
    REST = "R"


class Passage(NamedTuple):
    """The title, or one sentence of lead or body, with the phrases found in it: one or more."""

    sentence: Sentence
    matches: tuple[Match, ...]
    keys: frozenset[str]
    """Of the matches."""
    place: Place
    number: int
    """Among the sentences of lead and body, from 0; of the title: -1."""
    legal_basis: bool
    """'Căn cứ …': says what a document rests on, not what it is about."""

    @property
    def is_headline(self) -> bool:
        """Tell whether it is the title."""
        return self.place is Place.TITLE


def passages_of(document: Document, lexicon: Lexicon) -> Iterator[Passage]:
    """Give the title and the sentences in which a phrase stands, in the order of reading."""
    matches = {
        place: deque(lexicon.find(text, proofread=place is not Field.BODY))
        for place, text in document.fields.items()
    }
    titles = Field.HEADLINE in document.fields
    for number, sentence in enumerate(document.sentences, start=-titles):
        waiting, end = matches[sentence.field], sentence.end
        inside: list[Match] = []
        while waiting and waiting[0].start < end:
            inside.append(waiting.popleft())
        if not inside:
            continue
        letters = document.fields[sentence.field].letters
        yield Passage(
            sentence,
            tuple(inside),
            keys=frozenset([match.key for match in inside]),
            place=_place_of(sentence, document),
            number=number,
            legal_basis=_LEGAL_BASIS.match(letters, sentence.start) is not None,
        )


def _place_of(sentence: Sentence, document: Document) -> Place:
    if sentence.field is Field.HEADLINE:
        return Place.TITLE
    first = document.lead is None and sentence.start < OPENING_LETTERS
    return Place.OPENING if sentence.field is Field.LEAD or first else Place.REST
