"""All phrases of a taxonomy, and where they stand in a text.

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
from typing import TYPE_CHECKING

from classifier.expressions import Match, compile_phrases, key_of, place_of
from classifier.misspellings import Misspellings
from classifier.taxonomy import Weight
from classifier.text import fold_spelling
from storage.folding import strip_accents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

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


_PROOFREAD_LETTERS = 400
"""How far a title or lead is read for wrong letters, and a text for phrases stuck to a word."""
_LONGEST_PHRASE = 200
"""Letters that a phrase can take with spaces misplaced in it."""
_PLAIN_LETTERS = 8
"""Of a phrase that is looked for without accents."""
_DAY = re.compile(
    r"[\s,]*(?:ngày\s*)?(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})|[\s,]*năm\s*(\d{4})"
)


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
        self._anywhere = compile_phrases(self._phrases)
        self._after_words = compile_phrases(
            (p for p in self._phrases if not p[0].isdigit()), after_words=True
        )
        self._numbers = compile_phrases(p for p in self._phrases if p[0].isdigit())
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

        There a space lost before a phrase is not looked for: it would take twice the time.
        """
        letters = text.letters
        stop = _PROOFREAD_LETTERS + _LONGEST_PHRASE
        anywhere = map(place_of, self._anywhere.finditer(letters, 0, stop))
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
        if more := [place_of(found) for found in numbers]:
            places = sorted(places + more)
        return places

    def _without_accents(self, text: FoldedText) -> list[Match]:
        pattern, keys = self._plain
        places = map(place_of, pattern.finditer(text.letters))
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
        return compile_phrases(spellings), keys


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
