"""An article's text as the taggers read it: fields, sentences, and offsets back to what is stored.

Pure. Everything here works on text that keeps its length, so that a place found in the folded
text is the same place in the stored one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from storage.folding import fold_in_place
from storage.records import Field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from storage.records import Extraction

MAX_CHARACTERS = 100_000
"""What is read of one field. Forty times a usual article (2,400 characters): a longer text is a
whole law or a broken page, and its subject stands at its beginning."""

# kĩ/kỹ, lí/lý, quí/quý: one sound, two spellings. Both sides of a comparison are folded.
_I_OR_Y = re.compile(r"[yỳýỷỹỵ](?![^\W_])(?:(?<=(?<![^\W_])[hklmstv].)|(?<=(?<![^\W_])qu.))")
_Y_TO_I = dict(zip("yỳýỷỹỵ", "iìíỉĩị", strict=True))
# A newline or a run of stops, whole: one letter first, which the search can skip to.
_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*+|(?<![.!?…]{2})(?<!\n)[.!?…]*+[\"'”’)\]]*+(?=\s))")
# 'TP. HCM', 'TS. Lan', 'Q. 10', 'v.v.' and single letters: the full stop ends no sentence.
_ABBREVIATED = re.compile(
    r"(?:^|[\W_])(?:[^\W\d_]|TP|TX|TT|TS|ThS|PGS|GS|BS|KS|CN|Th|T\.Ư|St|v\.v)\.$", re.IGNORECASE
)
_LONGEST_ABBREVIATION = 6
_HTML_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,300}>")
_ACCENTED = re.compile(r"[^\W\d_a-z]")
_CLUSTER = re.compile(r"[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+")


def fold_spelling(text: str) -> str:
    """Give NFC text in lower case with one spelling of each syllable, in the same length.

    >>> fold_spelling("KỸ thuật, quý, Thuỷ")
    'kĩ thuật, quí, thủy'
    """
    return _I_OR_Y.sub(lambda found: _Y_TO_I[found.group()], fold_in_place(text))


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give the half-open range of each sentence in order; a newline always ends one.

    Our own, in linear time: underthesea's tokeniser needs quadratic time on text such as 'a.a.a.'
    (16 kB: 4.5 s), 0.6 s to import, and made the tags no better (micro F1 0.855 and 0.854).
    """
    start = 0
    for found in _END.finditer(text):
        before = text[max(0, found.start() - _LONGEST_ABBREVIATION) : found.start() + 1]
        if found.group() == "." and _ABBREVIATED.search(before):
            continue
        if text[start : found.end()].strip():
            yield start, found.end()
        start = found.end()
    if text[start:].strip():
        yield start, len(text)


def _letters(written: str) -> str:
    """Fold, and put spaces where a tag was left in: it is no part of what people read."""
    if "<" in written:
        written = _HTML_TAG.sub(lambda found: " " * len(found.group()), written)
    return fold_spelling(written)


@dataclass(frozen=True)
class FoldedText:
    """Text to look for cues in, which knows where each place stands in its source."""

    written: str
    """The source composed to NFC, as far as it is read."""
    letters: str
    """The same with one spelling and no capitals: equal length, offset for offset."""
    _places: tuple[tuple[int, int], ...] | None
    """The range of the source behind each letter; None when that is the letter's own place."""

    @classmethod
    def of(cls, source: str) -> FoldedText:
        """Fold the first ``MAX_CHARACTERS`` of a text, which may be decomposed."""
        read = source[:MAX_CHARACTERS]
        if unicodedata.is_normalized("NFC", read):
            return cls(read, _letters(read), None)
        letters: list[str] = []
        places: list[tuple[int, int]] = []
        for cluster in _CLUSTER.finditer(read):
            composed = unicodedata.normalize("NFC", cluster.group())
            letters.append(composed)
            places.extend([cluster.span()] * len(composed))
        written = "".join(letters)
        return cls(written, _letters(written), tuple(places))

    @cached_property
    def has_accents(self) -> bool:
        """Tell whether any letter carries a mark: Vietnamese without any was typed without."""
        return _ACCENTED.search(self.letters) is not None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Give the half-open range of the source that letters ``[start, end)`` stand for."""
        if self._places is None:
            return start, end
        return self._places[start][0], self._places[end - 1][1]


class Sentence(NamedTuple):
    """A sentence: a half-open range of the letters of one field."""

    field: Field
    start: int
    end: int

    @property
    def length(self) -> int:
        """Give its length in letters."""
        return self.end - self.start


@dataclass(frozen=True)
class Document:
    """One article version's text, as every tagger gets it."""

    headline: str
    lead: str | None
    body: str

    @classmethod
    def of(cls, extraction: Extraction) -> Document:
        """Take the text out of what a page class read."""
        return cls(extraction.headline, extraction.lead, extraction.body)

    @cached_property
    def fields(self) -> Mapping[Field, FoldedText]:
        """Give the folded text of each field that has any."""
        texts = {Field.HEADLINE: self.headline, Field.LEAD: self.lead, Field.BODY: self.body}
        return {field: FoldedText.of(text) for field, text in texts.items() if text}

    @cached_property
    def sentences(self) -> Sequence[Sentence]:
        """Give the title, whole, and the sentences of lead and body, in the order of reading."""
        title = self.fields.get(Field.HEADLINE)
        whole = [] if title is None else [Sentence(Field.HEADLINE, 0, len(title.letters))]
        return tuple(whole) + tuple(
            Sentence(field, start, end)
            for field in (Field.LEAD, Field.BODY)
            if field in self.fields
            for start, end in split_sentences(self.fields[field].written)
        )
