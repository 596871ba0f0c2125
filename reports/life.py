"""The life of a finding: the same in every report that finds it, and what was said of it. Pure.

open → explained by the unit → accepted or upheld by the auditor. Nothing that is said changes a
count: an accepted claim that could not be confirmed stands beside the count, with who and why.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from storage.records import FindingKind, FindingState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import DayInterval, Finding, FindingStep

KEY_LENGTH = 12
"""Hex digits of a key: 48 bits, so that 100,000 findings share none (1 in 50,000), and short
enough to be typed."""

RECOGNISABLE = frozenset(
    {FindingKind.CLAIM_NOT_FOUND, FindingKind.CLAIM_REMOVED, FindingKind.NOT_VERIFIABLE}
)
"""Claims that an accepted explanation can make good: what the program could not see, or cannot
see any more. What it did see and did not count (another topic, another period, twice) stays so:
there a review of the topic or a corrected self-report is the way."""


def key_of(finding: Finding, period: DayInterval) -> str:
    """Give what a finding is about, as ``KEY_LENGTH`` hex digits.

    Of an article: the article. Of a claim: its cell, the claimed address or title, and the days
    of the report, for cells and titles come back with every self-report. Of numbers: the days.
    Words and numbers are left out: a shortfall that has shrunk is the same one.
    """
    if finding.claim_cell is None and finding.article_id is not None:
        about: tuple[object, ...] = (finding.article_id,)
    else:
        named = finding.expected if is_of_named_claim(finding) else None
        about = (period.start, period.end, finding.claim_cell, named)
    text = "\n".join(map(str, (finding.kind.value, finding.unit, finding.tag, *about)))
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


def carried_on(
    findings: Sequence[Finding], steps: Iterable[FindingStep], *, period: DayInterval
) -> tuple[Finding, ...]:
    """Give the findings with their keys and with what was said of them, in their order."""
    by_key: dict[str, list[FindingStep]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step.noted_at):
        by_key[step.key].append(step)
    keyed = [replace(finding, key=key_of(finding, period)) for finding in findings]
    return tuple(replace(finding, steps=tuple(by_key[finding.key])) for finding in keyed)


def recognised(findings: Iterable[Finding]) -> dict[tuple[str, str], int]:
    """Give, by unit and tag, how many claims the auditor accepts upon explanation."""
    return dict(
        Counter((finding.unit, finding.tag or "") for finding in findings if is_recognised(finding))
    )


def is_recognised(finding: Finding) -> bool:
    """Tell whether a finding is a named article's claim that counts apart, upon explanation."""
    return (
        finding.state is FindingState.ACCEPTED
        and finding.kind in RECOGNISABLE
        and is_of_named_claim(finding)
    )


def is_of_named_claim(finding: Finding) -> bool:
    """Tell whether a finding is about one article that a unit named, not about a number."""
    named = finding.expected or ""
    return finding.claim_cell is not None and finding.tag is not None and not named.isdecimal()
