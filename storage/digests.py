"""What tells versions apart, and what finds the same text elsewhere. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from storage.folding import fold
from storage.printed_days import without_day

if TYPE_CHECKING:
    from storage.records import Extraction

_NOT_LETTERS = re.compile(r"[\W_]+")
_ASCII_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())


def content_digest(extraction: Extraction) -> str:
    """Give the digest that tells versions apart: over NFC headline, lead, body and day."""
    parts = (
        None if part is None else unicodedata.normalize("NFC", part)
        for part in (extraction.headline, extraction.lead, extraction.body)
    )
    day = extraction.date_published
    content = json.dumps([*parts, day.isoformat() if day else None], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def undated_digest(extraction: Extraction) -> str:
    """Give the digest of headline, lead and body without the printed day, wherever it stands."""
    day, raw = extraction.date_published, extraction.date_published_raw
    parts = [extraction.headline] + [
        without_day(part, day=day, raw=raw) for part in (extraction.lead, extraction.body)
    ]
    content = json.dumps(
        [None if part is None else unicodedata.normalize("NFC", part) for part in parts],
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()


class FoldedText(NamedTuple):
    """An article's text in the form that texts are compared in, folded once for all uses."""

    headline: str
    lead: str
    body: str

    @classmethod
    def of(cls, extraction: Extraction) -> FoldedText:
        """Fold what was read."""
        return cls(fold(extraction.headline), fold(extraction.lead or ""), fold(extraction.body))


def text_digest(text: FoldedText) -> str | None:
    """Give the digest that finds the same text elsewhere, however it is set.

    Over the letters and digits of the body; of the headline when the body has none; None when
    that has none either.
    """
    letters = _letters_of(text.body) or _letters_of(text.headline)
    return hashlib.sha256(letters).hexdigest() if letters else None


def _letters_of(text: str) -> bytes:
    """Give letters and digits in UTF-8: nearly all that is left out is ASCII, and gone at once."""
    rest = text.encode().translate(None, _ASCII_SIGNS)
    left = rest.decode()
    return rest if left.isalnum() else _NOT_LETTERS.sub("", left).encode()


def search_text(text: FoldedText) -> str:
    """Give headline, lead and body, a line each, without those that are empty."""
    return "\n".join(part for part in text if part)
