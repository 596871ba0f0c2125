"""All phrases of a taxonomy as one pattern, and where they stand in a text.

Pure. One pass of one compiled expression finds every phrase; a longer phrase explains the
shorter ones inside it. Text typed without accents is searched for the phrases without theirs, and
title and lead also for long phrases with one letter wrong.
"""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, takewhile
from typing import TYPE_CHECKING, NamedTuple

from classifier.taxonomy import Weight
from classifier.text import fold_spelling
from storage.folding import strip_accents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifier.taxonomy import TaxonomyFile, TopicRules
    from classifier.text import FoldedText


@dataclass(frozen=True)
class Cue:
    """What one phrase says of one topic."""

    topic: str
    phrase: str
    weight: Weight
    headline_only: bool = False
    needs_company: bool = False
    vetoes: bool = False
    dated: dt.date | None = None
    label: str = ""
    """What readers see: the phrase, or what it stands for where the phrase alone would mislead."""
    names_topic: bool = False
    """The phrase is enough in a title."""

    @cached_property
    def conditional(self) -> bool:
        """Tell whether it counts only in some places, and what for."""
        return self.headline_only or self.needs_company or self.dated is not None


class Match(NamedTuple):
    """A phrase found: letters ``[start, end)`` of a folded text."""

    key: str
    start: int
    end: int


_WORD = re.compile(r"\w+")
_LONG_LETTERS = 12
"""Of a phrase in which a wrong letter is forgiven: shorter ones turn into other words."""
_PROOFREAD_SYLLABLE = 3
"""Letters of a syllable in which one may be wrong: 'sở' and 'số' are two words."""
_PROOFREAD_LETTERS = 400
"""How far a title or lead is read for wrong letters, and a text for phrases stuck to a word."""
_LONGEST_PHRASE = 200
"""Letters that a phrase can take with spaces misplaced in it."""
_PLAIN_LETTERS = 8
"""Of a phrase that is looked for without accents."""
_LONG_SYLLABLES = 3
"""From three syllables on, a phrase is found with spaces lost or misplaced ('tổc hức')."""
_CLOSED = ("ng", "nh", "ch", "p", "t", "m")
"""Ends of syllables that no letter can follow: there a lost space cannot hide another word."""
_DAY = re.compile(
    r"[\s,]*(?:ngày\s*)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})|[\s,]*năm\s*(\d{4})"
)


def key_of(phrase: str) -> str:
    """Give the form that a phrase is looked up by: folded, without spaces.

    >>> key_of("Một cửa điện tử")
    'mộtcửađiệntử'
    """
    return fold_spelling(phrase).replace(" ", "")


class Lexicon:
    """A taxonomy made ready for matching."""

    def __init__(self, file: TaxonomyFile) -> None:
        self.cues: Mapping[str, tuple[Cue, ...]] = _cues(file)
        self.needing_company = frozenset(
            key for key, cues in self.cues.items() if any(cue.needs_company for cue in cues)
        )
        phrases = {phrase for topic in file.topics for phrase in _phrases(topic, file)}
        off_subject = {p for entry in file.off_subject for p in file.phrases_of(entry)}
        self.off_subject = frozenset(map(key_of, off_subject))
        self._phrases = phrases | off_subject | {*file.void}
        self._anywhere = _compile(self._phrases)
        self._after_words = _compile(
            (p for p in self._phrases if not p[0].isdigit()), after_words=True
        )
        self._numbers = _compile(p for p in self._phrases if p[0].isdigit())
        self._misspelt = Misspellings(self._phrases)

    def find(self, text: FoldedText, *, proofread: bool = True) -> list[Match]:
        """Give the matches in order, without those inside a longer one.

        ``proofread``: the beginning is also searched for phrases with a letter wrong.
        """
        matches = self._exact(text)
        if not text.has_accents:
            matches = _outermost([*matches, *self._without_accents(text)])
        near = self._misspelt.find(text.letters[:_PROOFREAD_LETTERS]) if proofread else []
        return _outermost([*matches, *near]) if near else matches

    def _exact(self, text: FoldedText) -> list[Match]:
        """Find phrases: at the beginning anywhere, further on where a word begins.

        There a space lost before a phrase is not looked for: it would take three times the time.
        """
        letters = text.letters
        stop = _PROOFREAD_LETTERS + _LONGEST_PHRASE
        anywhere = map(_place_of, self._anywhere.finditer(letters, 0, stop))
        early = takewhile(lambda place: place[0] < _PROOFREAD_LETTERS, anywhere)
        matches: list[Match] = []
        covered = -1
        for start, end in chain(early, self._late(letters)):
            if end > covered:
                covered = end
                matches.append(Match(letters[start:end].replace(" ", ""), start, end))
        return matches

    def _late(self, letters: str) -> list[tuple[int, int]]:
        """Give the places behind the beginning in order; words and numbers are two searches."""
        words = self._after_words.finditer(letters, _PROOFREAD_LETTERS - 1)
        numbers = self._numbers.finditer(letters, _PROOFREAD_LETTERS)
        places = [found.span(1) for found in words]
        if more := [_place_of(found) for found in numbers]:
            places = sorted(places + more)
        return places

    def _without_accents(self, text: FoldedText) -> list[Match]:
        pattern, keys = self._plain
        places = map(_place_of, pattern.finditer(text.letters))
        return [
            Match(keys[text.letters[start:end].replace(" ", "")], start, end)
            for start, end in places
        ]

    @cached_property
    def _plain(self) -> tuple[re.Pattern[str], Mapping[str, str]]:
        """The phrases without accents, and the key that each stands for.

        Only phrases long enough to be no other word; of two that look alike the first by name.
        """
        spellings: dict[str, str] = {}
        for phrase in sorted(self._phrases):
            plain = strip_accents(phrase)
            if " " in phrase and len(plain) >= _PLAIN_LETTERS:
                spellings.setdefault(fold_spelling(plain), key_of(phrase))
        keys = {plain.replace(" ", ""): key for plain, key in spellings.items()}
        return _compile(spellings), keys


class Misspellings:
    """Finds phrases of three syllables and more in which one letter is wrong, lost or doubled."""

    def __init__(self, phrases: Iterable[str]) -> None:
        """Index every pair of syllables that stay as they are when a third one is wrong."""
        self._pairs: dict[tuple[str, str, int], list[tuple[tuple[str, ...], int, str]]] = (
            defaultdict(list)
        )
        for phrase in sorted(phrases):
            syllables = tuple(_WORD.findall(fold_spelling(phrase)))
            if phrase[0].isdigit() or len(syllables) < _LONG_SYLLABLES:
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


def _outermost(matches: Iterable[Match]) -> list[Match]:
    """Give matches in order, without those inside another."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if not kept or match.end > kept[-1].end:
            kept.append(match)
    return kept


def names_another_day(text: FoldedText, match: Match, dated: dt.date) -> bool | None:
    """Tell whether the text gives the document found another day or year than ``dated``.

    None: it gives none.
    """
    found = _DAY.match(text.letters, match.end)
    if found is None:
        return None
    day, month, year, year_alone = found.groups()
    if year_alone:
        return int(year_alone) != dated.year
    return (int(day), int(month), int(year)) != (dated.day, dated.month, dated.year)


def _cues(file: TaxonomyFile) -> Mapping[str, tuple[Cue, ...]]:
    cues: dict[str, list[Cue]] = defaultdict(list)
    for topic in file.topics:
        for cue in _cues_of(topic):
            for spelling in _spellings(cue.phrase):
                cues[key_of(spelling)].append(cue)
    return {key: _with_names(found) for key, found in cues.items()}


def _with_names(cues: Iterable[Cue]) -> tuple[Cue, ...]:
    """Tell the cues of one phrase whether it is enough in a title, by whichever of them."""
    cues = tuple(cues)
    named = {cue.topic for cue in cues if cue.weight is Weight.STRONG and not cue.vetoes}
    return tuple(dataclasses.replace(cue, names_topic=cue.topic in named) for cue in cues)


def _cues_of(topic: TopicRules) -> Iterator[Cue]:
    code, cues = topic.code, topic.cues
    for weight in Weight:
        for phrase in getattr(cues, weight.value):
            yield Cue(code, phrase, weight, label=phrase)
        for phrase in getattr(cues.headline, weight.value):
            yield Cue(code, phrase, weight, headline_only=True, label=phrase)
    for phrase in cues.company:
        yield Cue(code, phrase, Weight.STRONG, needs_company=True, label=phrase)
    for phrase in cues.veto:
        yield Cue(code, phrase, Weight.STRONG, headline_only=True, vetoes=True, label=phrase)
    for number in topic.numbers:
        yield Cue(code, number.number, number.weight, dated=number.dated, label=number.told)


def _phrases(topic: TopicRules, file: TaxonomyFile) -> Iterator[str]:
    for cue in _cues_of(topic):
        yield from _spellings(cue.phrase)
    for together in topic.together:
        for entry in together.of:
            yield from file.phrases_of(entry) if isinstance(entry, str) else entry


def _spellings(phrase: str) -> tuple[str, ...]:
    """Give a document's number also with the plain D that typists use for Đ."""
    return (phrase, phrase.replace("Đ", "D")) if phrase[0].isdigit() else (phrase,)


# ------------------------------------------------------------------ one expression for all


def _compile(phrases: Iterable[str], *, after_words: bool = False) -> re.Pattern[str]:
    """Build the longest-first trie of all phrases, to be found anywhere or where a word begins.

    Only the first letter is consumed, the rest looked at: a match hides nothing that begins inside
    it, and the search skips to a first letter without trying the expression in between. Where a
    phrase was found is told by ``_place_of``. ``after_words``: what stands before a word is
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


def _place_of(found: re.Match[str]) -> tuple[int, int]:
    """Give the half-open range of a phrase that a compiled expression has found."""
    return found.start(), found.end(found.lastindex or 0)


_SPACES = " {0,2}+"
"""Between the letters of a long phrase."""
_Trie = dict[str, "_Trie"]


def _is_long(phrase: str) -> bool:
    return phrase[0].isdigit() or phrase.count(" ") >= _LONG_SYLLABLES - 1


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
