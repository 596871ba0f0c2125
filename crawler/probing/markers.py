"""Which family a site belongs to, by the marks that its pages, headers and addresses bear. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from crawler.pages.families import FAMILIES
from crawler.pages.markers import OWN_MARKUP, marks_on
from crawler.probing.clues import Clue, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.pages.captured import CapturedPage
    from crawler.pages.markers import Mark, Marker

PAGES = 12
"""Pages in which marks are looked for: further ones show the same."""

SURE = OWN_MARKUP
"""Weight from which a guess is worth contradicting a profile."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A family, and what speaks for it."""

    family: str
    weight: int
    clues: tuple[Clue, ...]


def guesses(pages: Iterable[CapturedPage]) -> list[Guess]:
    """Give the families that the pages speak for, the likeliest first; may be empty.

    Each mark counts once, however many pages bear it: a static copy still carries the
    generator's name of the software that it was copied from, so that is one sign among others.
    """
    looked = list(islice(pages, PAGES))
    found = []
    for name, family in FAMILIES.items():
        marks: dict[Marker, Mark] = {}
        for page in looked:
            for mark in marks_on(page, family.markers):
                marks.setdefault(mark.marker, mark)
        if marks:
            weight = sum(marker.weight for marker in marks)
            clues = tuple(_clue(mark) for mark in marks.values())
            found.append(Guess(name, weight, clues))
    return sorted(found, key=lambda guess: -guess.weight)


def worth_trying(first: str, guesses: Iterable[Guess]) -> list[str]:
    """Give the families that may read a site's articles, the likeliest first.

    Templates are copied, clocks are not: a family that knows its software's clock is one of them
    only where the site bears its marks.
    """
    clockless = (name for name, family in FAMILIES.items() if family.page.clock is None)
    named = (guess.family for guess in guesses)
    return list(dict.fromkeys([first, *named, "generic", *clockless]))


def _clue(mark: Mark) -> Clue:
    text = f"{mark.marker.kind.value}: {shortened(mark.found, 80)}"
    return Clue(text, text)
