"""Are two texts the same but for a few words? Pure.

The shared part of their word triples, in percent; and whatever they share, two texts are not the
same when each has a number or a name that the other lacks: last week's schedule, the notice of the
next commune. (One of them may have more: a caption, an introduction of its own.)
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from storage.folding import fold, tidy

METHOD = "giống@1"
"""Names this definition; raised when the same texts would compare otherwise."""

TRIPLE = 3
"""Words in a row that are compared together: two are everywhere ('thủ tục', 'xã hội'), with four
a changed word costs too much of a short text."""

_WORD = re.compile(r"\w+")
_NUMBER = (
    re.compile(  # '… tháng 8' is not '… tháng 9', nor quý I quý II, nor the first week the second
        r"\b(?:\d{1,3}(?:\.\d{3})+|\d+|[ivx]+"
        r"|thứ (?:nhất|nhì|hai|ba|tư|năm|sáu|bảy|tám|chín|mười))\b"
    )
)
Marks = TypeVar("Marks", Counter[str], frozenset[str])

_STARTS = frozenset(".!?:;…\"'“”‘’(-–—•\n|")
_MOSTLY_CAPITALS = 0.5


@dataclass(frozen=True)
class ComparedText:
    """A text as it is compared with others."""

    body: str
    """As stored: NFC, paragraphs separated by newlines."""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The folded words (tiếng)."""
        return tuple(_WORD.findall(fold(self.body)))

    @cached_property
    def letters(self) -> int:
        """How many letters and digits there are in the words."""
        return sum(len(word) - word.count("_") for word in self.words)

    @cached_property
    def triples(self) -> frozenset[str]:
        """The words in threes."""
        words = self.words
        return frozenset(
            " ".join(words[start : start + TRIPLE])
            for start in range(max(1, len(words) - TRIPLE + 1))
        )

    @cached_property
    def numbers(self) -> Counter[str]:
        """The numbers in digits, the Roman ones and the ordinals, and how often each occurs."""
        return Counter(
            number.replace(".", "").lstrip("0") for number in _NUMBER.findall(fold(self.body))
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The words written large that do not begin a sentence; none in a text in capitals."""
        letters = [char for char in self.body if char.isalpha()]
        if sum(char.isupper() for char in letters) > _MOSTLY_CAPITALS * len(letters):
            return frozenset()
        found = set[str]()
        for paragraph in self.body.split("\n"):
            text = tidy(paragraph)
            for match in _WORD.finditer(text):
                before = text[: match.start()].rstrip()
                word = match.group()
                begins = not before or before[-1] in _STARTS
                if word[0].isupper() and not begins and not word.isupper():
                    found.add(fold(word))
        return frozenset(found)


def likeness(first: ComparedText, second: ComparedText) -> int | None:
    """Give the percent of the word triples of both that are common; None: not the same text."""
    if not (_agree(first.numbers, second.numbers) and _agree(first.names, second.names)):
        return None
    return overlap(first, second)


def overlap(first: ComparedText, second: ComparedText) -> int:
    """Give the percent of the word triples of both that are common, whatever the numbers say."""
    common = len(first.triples & second.triples)
    return 100 * common // (len(first.triples) + len(second.triples) - common)


def _agree(first: Marks, second: Marks) -> bool:
    return first <= second or second <= first
