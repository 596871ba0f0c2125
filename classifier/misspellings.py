"""Long phrases found with one letter wrong. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from classifier.expressions import LONG_SYLLABLES, Match, key_of
from classifier.text import fold_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
_LONG_LETTERS = 12
"""Of a phrase in which a wrong letter is forgiven: shorter ones turn into other words."""
_PROOFREAD_SYLLABLE = 3
"""Letters of a syllable in which one may be wrong: 'sở' and 'số' are two words."""


class Misspellings:
    """Finds phrases of three syllables and more in which one letter is wrong, lost or doubled."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Index every pair of syllables that stay as they are when a third one is wrong."""
        self._pairs: dict[tuple[str, str, int], list[tuple[tuple[str, ...], int, str]]] = (
            defaultdict(list)
        )
        for phrase in sorted(phrases):
            syllables = tuple(_WORD.findall(fold_spelling(phrase)))
            if phrase[0].isdigit() or len(syllables) < LONG_SYLLABLES:
                continue
            if len(phrase) < _LONG_LETTERS:
                continue
            for gap in (1, 2):
                for i in range(len(syllables) - gap):
                    pair = (syllables[i], syllables[i + gap], gap)
                    self._pairs[pair].append((syllables, i, key_of(phrase)))

    def find(self, letters: str) -> list[Match]:
        """Give the misspelt phrases, under the key of the right spelling."""
        words = [(found.group(), found.start(), found.end()) for found in _WORD.finditer(letters)]
        found: dict[tuple[int, int], Match] = {}
        for gap in (1, 2):
            for i in range(len(words) - gap):
                for syllables, at, key in self._pairs.get(
                    (words[i][0], words[i + gap][0], gap), ()
                ):
                    first = i - at
                    window = words[max(first, 0) : first + len(syllables)]
                    if first >= 0 and _is_misspelt([word for word, _, _ in window], syllables):
                        start, end = window[0][1], window[-1][2]
                        found.setdefault((start, end), Match(key, start, end))
        return list(found.values())


def _is_misspelt(words: Sequence[str], syllables: Sequence[str]) -> bool:
    if len(words) != len(syllables):
        return False
    wrong = None
    for word, syllable in zip(words, syllables, strict=True):
        if word != syllable:
            if wrong is not None:
                return False
            wrong = word, syllable
    return wrong is not None and _one_letter_apart(*wrong)


def _one_letter_apart(word: str, syllable: str) -> bool:
    """Tell whether one letter was changed, lost, added, or two swapped; digits never are."""
    if min(len(word), len(syllable)) < _PROOFREAD_SYLLABLE or not (word + syllable).isalpha():
        return False
    if len(word) == len(syllable):
        wrong = [i for i, (a, b) in enumerate(zip(word, syllable, strict=True)) if a != b]
        if len(wrong) == 1:
            return True
        swapped = len(wrong) == 2 and wrong[1] == wrong[0] + 1  # noqa: PLR2004 - two letters
        return (
            swapped
            and word[wrong[0]] == syllable[wrong[1]]
            and (word[wrong[1]] == syllable[wrong[0]])
        )
    short, long = sorted((word, syllable), key=len)
    return len(long) == len(short) + 1 and any(
        long[:i] + long[i + 1 :] == short for i in range(len(long))
    )
