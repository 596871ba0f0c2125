"""A piece of evidence, worded for the people who have to believe it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from storage.folding import tidy
from storage.language import t

LONGEST = 140
"""Characters of a site's own text that are shown: it may be of any length."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One fact that speaks for or against a guess, in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        """Give it in the language in use."""
        return t(self.vi, self.en)


def shortened(text: str, longest: int = LONGEST) -> str:
    """Give a site's text on one line, without control characters, cut off where it is long."""
    line = tidy(text[: longest * 8])
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
