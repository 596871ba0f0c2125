"""The publication day of an article, from all that its page says about it. Pure.

Unsure is undated, never a guess: trusted sources that disagree by more than a day give none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.pages.dates import (
    EARLIEST,
    VIETNAM_OFFSET,
    Clock,
    clock_face,
    is_update,
    read_day,
)
from storage.records import DateCandidate, DateSource, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crawler.pages.dates import ClockFace
    from crawler.profiles import DateRules

# One day apart is the same day told by two clocks (UTC and Vietnam).
_TOLERANCE = dt.timedelta(days=1)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[-/](\d\d?)[-/](\d\d?)(?=/)")
# The Quảng Trị and Quảng Bình portals number articles by the millisecond of their creation.
_INSTANT_IN_PATH = re.compile(r"/(1\d{12})(?=/?(?:$|[?#]))")
_UTC_MARK = re.compile(r"(?:\d ?z|[+-]00:?00|\b(?:gmt|utc))(?:\b|$)", re.IGNORECASE)
# What readers see is in Vietnam's time; what is written for machines may be in UTC's.
_FOR_READERS = frozenset({DateSource.TEMPLATE, DateSource.LIST})


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A publication day and where it stood."""

    day: dt.date | None
    raw: str | None
    """As printed; all of them when some disagree; the refused one when none could be read."""
    source: DateSource
    """NONE exactly when the day is None."""
    candidates: tuple[DateCandidate, ...] = ()
    """All that was found, the most trusted source first, then the sources that do not count."""


def published(
    printed: Mapping[DateSource, Sequence[str]], rules: DateRules, *, captured_at: dt.datetime
) -> Dated:
    """Choose the day by the profile's order of trust.

    Args:
        printed: what each source prints, the likeliest first.
        rules: formats and order of trust.
        captured_at: aware instant; relative days count from it.
    """
    sources = [*rules.trust, *(source for source in printed if source not in rules.trust)]
    candidates = tuple(
        candidate(source, raw, rules, captured_at=captured_at)
        for source in sources
        for raw in sorted(printed.get(source, ()), key=is_update)
    )
    return chosen(candidates, rules)


def chosen(candidates: Sequence[DateCandidate], rules: DateRules) -> Dated:
    """Choose among candidates that stand in the profile's order of trust."""
    day, raw, source = _choose([one for one in candidates if one.source in rules.trust])
    best = DateCandidate(source=source, raw=raw or "", day=day)
    if is_unsure_of_its_clock(best, rules) and not _is_confirmed(best, candidates, rules):
        trusted = [one for one in candidates if one.source in rules.trust and one.day]
        said = dict.fromkeys(one.raw for one in _first_of_each(trusted))
        day, raw, source = None, " ≠ ".join(said), DateSource.NONE
    return Dated(day=day, raw=raw, source=source, candidates=tuple(candidates))


def candidate(
    source: DateSource, raw: str, rules: DateRules, *, captured_at: dt.datetime
) -> DateCandidate:
    """Read what a source prints, by the clock that the site's profile names."""
    dated = read_day(raw, formats=rules.formats, captured_at=captured_at)
    read = DateCandidate(source=source, raw=raw, day=dated.day, refusal=dated.refusal)
    return by_its_clock(read, rules)


def by_its_clock(candidate: DateCandidate, rules: DateRules) -> DateCandidate:
    """Give the candidate with Vietnam's day where the site marks Vietnam's time as UTC's.

    So it is with an hour without a mark, whose day another field gave as UTC's.
    """
    if rules.clock is not Clock.VIETNAM or candidate.day is None:
        return candidate
    face = marked_as_utc(candidate.raw) or _unmarked(candidate.raw)
    is_told = face is not None and not _disagree(face.day, candidate.day)
    return replace(candidate, day=face.day) if face is not None and is_told else candidate


def is_unsure_of_its_clock(candidate: DateCandidate, rules: DateRules) -> bool:
    """Tell whether its day depends on whether a time marked as UTC's is meant so.

    From 17:00 on UTC's evening is Vietnam's next day. Generators and forums that were never told
    their zone mark Vietnam's time so; of such an instant alone nobody can tell.
    """
    if rules.clock is not None or candidate.day is None or candidate.source in _FOR_READERS:
        return False
    face = marked_as_utc(candidate.raw)
    return face is not None and face.day != candidate.day


def marked_as_utc(raw: str) -> ClockFace | None:
    """Give the clock face of an instant that is marked as UTC's; None: it is none."""
    face = clock_face(raw) if _UTC_MARK.search(raw) else None
    is_marked = face is not None and face.time is not None and face.zone == dt.timedelta(0)
    return face if is_marked else None


def _unmarked(raw: str) -> ClockFace | None:
    """Give the clock face of an hour without a zone; None: it is none."""
    face = clock_face(raw)
    return face if face is not None and face.time is not None and face.zone is None else None


def _is_confirmed(
    best: DateCandidate, candidates: Sequence[DateCandidate], rules: DateRules
) -> bool:
    """Tell whether another source gives the day in a form that needs no clock."""
    return any(one.day == best.day and not is_unsure_of_its_clock(one, rules) for one in candidates)


def is_better_clock(candidate: DateCandidate, than: DateCandidate) -> bool:
    """Tell whether a candidate one day off tells the day by Vietnam's clock, and the other not.

    A post of 15/12 00:30 carries '2022-12-14' or '2022-12-14T17:30:00' for machines where the
    software keeps UTC's time without saying so. Other software marks Vietnam's time as UTC's
    ('18:00Z' beside a printed 18:00) and so moves evenings to the next day.
    """
    if candidate.day is None or than.day is None or abs(candidate.day - than.day) != _TOLERANCE:
        return False
    theirs, ours = clock_face(than.raw), clock_face(candidate.raw)
    if not _is_local(candidate, ours) or _is_local(than, theirs) or theirs is None:
        return False
    if theirs.zone is None:
        return candidate.day > than.day  # UTC is behind
    return (
        ours is not None
        and ours.time is not None
        and ours.day == candidate.day  # WordPress: the hour of the site, the day of its UTC
        and ((ours.day, ours.time) == (theirs.day, theirs.time))
    )


def days_in_path(url: str) -> list[str]:
    """Give the days in an address's folders, as ISO days: '/2024-5-17/' reads '2024-05-17'."""
    return [
        f"{year}-{int(month):02}-{int(day):02}" for year, month, day in _DAY_IN_PATH.findall(url)
    ]


def instants_in_path(url: str, *, captured_at: dt.datetime) -> list[str]:
    """Give the instant that an article's number is, with that number; none: another number.

    It is when the article was created, a second signal and no day of publication: drafts and
    moved sites differ. Older numbers of the same portals are no times, so only instants between
    ``EARLIEST`` and the capture count.

    >>> at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    >>> instants_in_path("/-/view-article/1/1606723345443/1606789034635", captured_at=at)
    ['2020-12-01T02:17:14Z (1606789034635)']
    """
    found = _INSTANT_IN_PATH.search(url)
    if found is None:
        return []
    instant = dt.datetime.fromtimestamp(int(found[1]) // 1000, dt.UTC)
    if vietnam_day(instant) < EARLIEST or instant > captured_at:
        return []
    return [f"{instant:%Y-%m-%dT%H:%M:%SZ} ({found[1]})"]


Chosen = tuple[dt.date | None, str | None, DateSource]


def _choose(trusted: Sequence[DateCandidate]) -> Chosen:
    """Give day, text and source; without a day, the texts that disagree or the refused one."""
    firsts = list(_first_of_each(one for one in trusted if one.day))
    if not firsts:
        return None, trusted[0].raw if trusted else None, DateSource.NONE
    best = firsts[0]
    rivals = [one for one in firsts if _disagree(best.day, one.day)]
    if rivals:
        said = {one.day: one.raw for one in [best, *rivals][::-1]}
        return None, " ≠ ".join(list(said.values())[::-1]), DateSource.NONE
    best = next((one for one in firsts if is_better_clock(one, best)), best)
    return best.day, best.raw, best.source


def _first_of_each(candidates: Iterable[DateCandidate]) -> Iterable[DateCandidate]:
    """Give the first candidate of each source, in their order."""
    firsts: dict[DateSource, DateCandidate] = {}
    for candidate in candidates:
        firsts.setdefault(candidate.source, candidate)
    return firsts.values()


def _is_local(candidate: DateCandidate, face: ClockFace | None) -> bool:
    zone = face.zone if face else None
    return zone == VIETNAM_OFFSET or (zone is None and candidate.source in _FOR_READERS)


def _disagree(one: dt.date | None, other: dt.date | None) -> bool:
    return one is not None and other is not None and abs(one - other) > _TOLERANCE
