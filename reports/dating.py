"""The day on which an article was first seen, for rules that count by it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storage.records import CoverageState, vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from storage.records import Candidate, CrawlRun, SectionCoverage


def first_looks(
    coverage: Iterable[SectionCoverage], runs: Iterable[CrawlRun]
) -> dict[str, dt.datetime]:
    """Give by site the end of the first run that saw one of its lists in full.

    What it showed may have stood there for years; what came later was not there then.
    """
    ends = {run.id: run.finished_at or run.started_at for run in runs}
    found: dict[str, dt.datetime] = {}
    for row in coverage:
        if row.state is CoverageState.COMPLETE:
            end = ends.get(row.run_id, row.run_started_at)
            found[row.site] = min(end, found.get(row.site, end))
    return found


def dated(candidate: Candidate, first_looks: Mapping[str, dt.datetime]) -> Candidate:
    """Give an article with the day on which it was first seen, where that says anything."""
    looked = first_looks.get(candidate.site)
    if looked is None or candidate.first_seen_at <= looked:
        return candidate
    return replace(candidate, day=vietnam_day(candidate.first_seen_at), days=None)
