"""The findings on printed days of counted articles that other facts speak against. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reports import backdating

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reports.facts import Facts
    from storage.records import Candidate, DayInterval, Finding


@dataclass(frozen=True)
class DoubtedDays:
    """What speaks against days, arranged once for all units."""

    facts: Facts
    candidates: Mapping[int, Candidate]
    """By id, with the day that the rule counts by."""
    window: DayInterval

    def of_unit(self, unit: str, counted: Sequence[int]) -> Iterator[Finding]:
        """Give the findings on a unit's counted articles (by id, in order).

        For the others nothing depends on their day.
        """
        yield from self._backdated(unit, counted)
        yield from self._moved_into(unit, counted)

    def _backdated(self, unit: str, counted: Sequence[int]) -> Iterator[Finding]:
        """Doubt the printed day, whichever day the rule counts by."""
        for article in counted:
            candidate = self._printed[article]
            look = backdating.find_earlier_look(
                candidate, self._looks, sections=self.facts.sections.get(article, frozenset())
            )
            signal = backdating.find_contradiction(candidate, self._looks)
            same_text = self._by_text.get(candidate.text_sha256 or "", ())
            if look is not None and not backdating.moved(candidate, same_text):
                yield backdating.to_finding(candidate, look, unit=unit)
            elif signal is not None:
                yield backdating.to_finding_of_signal(candidate, signal, unit=unit)

    def _moved_into(self, unit: str, counted: Sequence[int]) -> Iterator[Finding]:
        """Give the findings on days that an edit moved into the period, and on its last day."""
        for article in counted:
            candidate, past = self.candidates[article], self.facts.past.get(article, ())
            before = backdating.find_changed_day(candidate, past, window=self.window)
            if before is not None:
                yield backdating.to_finding_of_change(candidate, before, unit=unit)
        posts = [self.candidates[article] for article in counted]
        burst = backdating.find_burst(posts, unit=unit, window=self.window)
        if burst is not None:
            yield burst

    @cached_property
    def _by_text(self) -> dict[str, list[Candidate]]:
        """All articles by the digest of their text."""
        found: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in self.facts.candidates:
            if candidate.text_sha256 is not None:
                found[candidate.text_sha256].append(candidate)
        return found

    @cached_property
    def _printed(self) -> dict[int, Candidate]:
        """All articles by id, with their printed day."""
        return {candidate.article_id: candidate for candidate in self.facts.candidates}

    @cached_property
    def _looks(self) -> backdating.Looks:
        return backdating.Looks(self.facts.coverage, self.facts.runs)
