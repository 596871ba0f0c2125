"""All that a report rests on, as values. Pure: ``reports.build`` reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports import backdating

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from reports.attribution import Scope
    from reports.duplicates import Alike
    from storage.records import (
        AddressTry,
        Candidate,
        CrawlRun,
        Elsewhen,
        FindingStep,
        OfficialReport,
        Output,
        PastVersion,
        Plan,
        Registry,
        Report,
        SectionCoverage,
        SelfReport,
        Taxonomy,
        TreeHead,
    )


@dataclass(frozen=True, slots=True)
class Clocks:
    """How many runs there were, and how many of them by a clock that was set."""

    runs: int
    by_set_clock: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """All that a report rests on, as known at ``as_of``."""

    as_of: dt.datetime
    registry: Registry
    plans: tuple[Plan, ...]
    self_reports: tuple[SelfReport, ...]
    outputs: tuple[Output, ...] = ()
    taxonomy: Taxonomy
    tagger: str | None
    candidates: tuple[Candidate, ...]
    runs: tuple[CrawlRun, ...]
    """Started until ``as_of``. Under a rule that counts by printed days those before the window
    may be left out, but for each site's first one."""
    clocks: Clocks | None = None
    """Of all runs; None: of those given."""
    coverage: tuple[SectionCoverage, ...]
    """Of runs that ended until ``as_of``; as with the runs, but for each site's first complete
    look and its newest run."""
    evidence: TreeHead | None = None
    """The chain over all captures, at the end of the last run until ``as_of``."""
    sections: Mapping[int, frozenset[str]]
    """Where late-looking articles were first seen (``late_looking``), by article id."""
    alike: Alike = field(default_factory=dict)
    """Texts on a topic that are the same but for a few words, when the rule asks for them."""
    scope: Scope | None = None
    """None: of all units. Else the articles that have the text of one of its units' are here too,
    whoever published them."""
    past: Mapping[int, tuple[PastVersion, ...]] = field(default_factory=dict)
    """By article id: versions that are not the newest any more, oldest first."""
    tries: Mapping[str, AddressTry] = field(default_factory=dict)
    """By address: how the newest attempts at claimed addresses ended."""
    steps: tuple[FindingStep, ...] = ()
    """What was said of findings, oldest first."""
    elsewhen: tuple[Elsewhen, ...] = ()
    """Articles known to be of days outside of the report's that are not among ``candidates``."""
    frozen: tuple[tuple[OfficialReport, Report], ...] = ()
    """The frozen reports that this one is held against (``since.reports_to_hold_against``)."""


def late_looking(
    candidates: Sequence[Candidate], coverage: Sequence[SectionCoverage], runs: Sequence[CrawlRun]
) -> list[int]:
    """Give the articles that an earlier look at their site, at any section, did not show."""
    looks = backdating.Looks(coverage, runs)
    return [
        candidate.article_id
        for candidate in candidates
        if backdating.find_earlier_look(candidate, looks, sections=None)
    ]
