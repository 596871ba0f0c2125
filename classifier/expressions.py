"""Many phrases as one regular expression, found in one pass. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from classifier.text import fold_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONG_SYLLABLES = 3
"""From three syllables on, a phrase is found with spaces lost or misplaced ('tổc hức')."""
_CLOSED = ("ng", "nh", "ch", "p", "t", "m")
"""Ends of syllables that no letter can follow: there a lost space cannot hide another word."""


class Match(NamedTuple):
    """A phrase found: letters ``[start, end)`` of a folded text."""

    key: str
    start: int
    end: int


def key_of(phrase: str) -> str:
    """Give the form that a phrase is looked up by: folded, without spaces.

    >>> key_of("Một cửa điện tử")
    'mộtcửađiệntử'
    """
    return fold_spelling(phrase).replace(" ", "")


def compile_phrases(phrases: Iterable[str], *, after_words: bool = False) -> re.Pattern[str]:
    """Build the longest-first trie of all phrases, to be found anywhere or where a word begins.

    Only the first letter is consumed, the rest looked at: a match hides nothing that begins inside
    it, and the search skips to a first letter without trying the expression in between. Where a
    phrase was found is told by ``place_of``. ``after_words``: what stands before a word is
    consumed instead, which is rarer than any letter, and the phrase is group 1.
    """
    short: _Trie = {}
    long: _Trie = {}
    for phrase in sorted({fold_spelling(p) for p in phrases}):
        _add(long if _is_long(phrase) else short, phrase)
    letters = sorted({*short, *long}, reverse=True)
    if not letters:
        return re.compile(r"(?!)")
    if after_words:
        begun = [re.escape(letter) + _rest(letter, long, short) for letter in letters]
        return re.compile(rf"\W(?=({_one_of(begun)}))")
    return re.compile("|".join(_from(letter, long, short) for letter in letters))


def _from(letter: str, long: _Trie, short: _Trie) -> str:
    """Write the phrases that begin with a letter; numbers never begin inside a number."""
    begins = r"(?<!\d.)" if letter.isdigit() else ""
    return f"{re.escape(letter)}{begins}(?=({_rest(letter, long, short)}))"


def _rest(letter: str, long: _Trie, short: _Trie) -> str:
    """Write what follows the first letter; a short phrase never begins inside a word."""
    rest = []
    if letter in long:
        rest.append(_expression(long[letter], space=_SPACES))
    if letter in short:
        rest.append(rf"(?<!\w.){_expression(short[letter])}")
    return _one_of(rest)


def place_of(found: re.Match[str]) -> tuple[int, int]:
    """Give the half-open range of a phrase that a compiled expression has found."""
    return found.start(), found.end(found.lastindex or 0)


_SPACES = " {0,2}+"
"""Between the letters of a long phrase."""
_Trie = dict[str, "_Trie"]


def _is_long(phrase: str) -> bool:
    return phrase[0].isdigit() or phrase.count(" ") >= LONG_SYLLABLES - 1


def _add(trie: _Trie, phrase: str) -> None:
    letters = phrase.replace(" ", "") if _is_long(phrase) else phrase
    for letter in letters:
        trie = trie.setdefault(letter, {})
    trie["" if letters.endswith(_CLOSED) and _is_long(phrase) else r"(?!\w)"] = {}


def _expression(trie: _Trie, *, space: str = "") -> str:
    """Write what follows in a trie: letters before ends, so that the longest phrase wins.

    ``space``: what may stand before each letter; written once before all of them, so that a letter
    that does not fit is passed over at once.
    """
    letters = sorted((step for step in trie if len(step) == 1), reverse=True)
    ends = [step for step in trie if len(step) != 1]
    if not letters:
        return _one_of(ends)
    spelled = [
        (" {1,2}+" if letter == " " else re.escape(letter)) + _expression(trie[letter], space=space)
        for letter in letters
    ]
    return _one_of([space + _one_of(spelled), *ends] if space else [*spelled, *ends])


def _one_of(branches: Sequence[str]) -> str:
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
