"""Units ranked by how much of their plan they completed, with the trend since an earlier report.

Pure. A unit is ranked by Σ min(verified, planned) / Σ planned over the tags that it was given a
number for: what it published beyond one number does not make up for another. Whoever may have
published more than was seen has no rank, and is listed apart with the reason: unknown is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from reports.calendar import kind_of_period
from reports.coverage import seen_of_held
from reports.totals import add_up
from reports.verification import unseen
from storage.language import t
from storage.records import LineStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storage.records import Counted, Report, ReportLine, StoredReport


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One unit's place."""

    unit: str
    unit_name: str
    rank: int | None
    """1 for the most; units that completed as much share one. None: listed apart."""
    planned: int | None
    """Sum of its numbers; None: it was given none."""
    counted: Counted
    """What it published on the tags with a number; without any number on all."""
    completed: float | None
    """Σ min(verified, planned) / Σ planned × 100, 4 decimals; None: no rank."""
    percent: float | None
    """Verified / planned × 100, not capped, 4 decimals; a lower bound where the count is one."""
    reached: int
    """Tags on which it reached its number."""
    with_quota: int
    """Tags that it was given a number for."""
    days: tuple[int, int] | None
    """How many days were seen in full, of how many on which it had a site; None: not kept."""
    note: str
    """What was seen; of one without a rank: why."""
    rank_before: int | None = None
    """In the earlier report; None: it had none, or there is no such report."""
    climbed: int | None = None
    """Places up since then (below 0: down); None without a rank in both."""
    gained: float | None = None
    """``completed`` now less then, in percentage points, 4 decimals; None likewise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class League:
    """The table of one report."""

    tag: str | None
    """Of this headline tag only; None: over all."""
    ranked: tuple[Place, ...]
    """By rank; of one rank in the order of the report."""
    not_verifiable: tuple[Place, ...]
    without_quota: tuple[Place, ...]
    notes: tuple[str, ...]
    """What makes the two reports unlike, so that a trend may not be the units' doing."""


def league(report: Report, before: Report | None = None, *, tag: str | None = None) -> League:
    """Rank the units of a report.

    Args:
        report: frozen.
        before: an earlier one, which the trend is against; None: no trend.
        tag: one of the report's; None: all of them together.
    """
    earlier = [] if before is None else _ranked(_places(before, tag))
    places = _with_trend(_ranked(_places(report, tag)), earlier)
    notes = () if before is None else tuple(_differences(report, before))
    then, now = (sum(one.rank is not None for one in many) for many in (earlier, places))
    if before is not None and then != now:
        notes += (
            t(
                f"Số đơn vị xếp hạng được: trước {then}, nay {now}; hạng có thể đổi vì thế.",
                f"Units with a rank: {then} then, {now} now; ranks may have moved by that alone.",
            ),
        )
    return League(
        tag=tag,
        ranked=tuple(sorted((s for s in places if s.rank is not None), key=lambda s: s.rank or 0)),
        not_verifiable=tuple(s for s in places if s.rank is None and s.planned),
        without_quota=tuple(s for s in places if not s.planned),
        notes=notes,
    )


def _places(report: Report, tag: str | None) -> list[Place]:
    lines = [line for line in report.lines if tag is None or line.tag == tag]
    days = {days.unit: seen_of_held(days) for days in report.days_seen}
    return [
        _place(list(of_unit), days.get(unit))
        for unit, of_unit in groupby(lines, key=lambda line: line.unit)
    ]


def _place(lines: Sequence[ReportLine], days: tuple[int, int] | None) -> Place:
    quotas = [line for line in lines if line.planned]
    planned = sum(line.planned or 0 for line in quotas)
    counted = add_up(quotas or lines)
    unclear = [line for line in quotas if line.status is LineStatus.NOT_VERIFIABLE]
    done = sum(min(line.counted.posts, line.planned or 0) for line in quotas)
    told = [f"{line.tag}: {unseen(line)}" for line in unclear]
    return Place(
        unit=lines[0].unit,
        unit_name=lines[0].unit_name,
        rank=None,
        planned=planned or None,
        counted=counted,
        completed=_percent(done, planned) if planned and not unclear else None,
        percent=_percent(counted.posts, planned) if planned else None,
        reached=sum(line.status is LineStatus.REACHED for line in quotas),
        with_quota=len(quotas),
        days=days,
        note=" ".join(_once(told or [line.coverage_note for line in lines])),
    )


def _percent(part: int, whole: int) -> float:
    return round(float(Fraction(100 * part, whole)), 4)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _ranked(places: Sequence[Place]) -> list[Place]:
    """Give the places with their ranks: 1, 2, 2, 4."""
    shares = [one.completed for one in places if one.completed is not None]
    return [
        one
        if one.completed is None
        else replace(one, rank=1 + sum(share > one.completed for share in shares))
        for one in places
    ]


def _with_trend(places: Iterable[Place], before: Iterable[Place]) -> list[Place]:
    earlier = {one.unit: one for one in before}
    return [_moved(one, earlier.get(one.unit)) for one in places]


def _moved(now: Place, then: Place | None) -> Place:
    if then is None or then.rank is None:
        return now
    if now.rank is None or now.completed is None or then.completed is None:
        return replace(now, rank_before=then.rank)
    return replace(
        now,
        rank_before=then.rank,
        climbed=then.rank - now.rank,
        gained=round(now.completed - then.completed, 4),
    )


def _differences(report: Report, before: Report) -> Iterator[str]:
    if kind_of_period(report.period_code) != kind_of_period(before.period_code):
        yield t(
            f"Hai báo cáo khác loại kỳ ({before.period_code} và {report.period_code}): chỉ tiêu và "
            "thời gian không như nhau.",
            f"The reports are on other kinds of periods ({before.period_code}, "
            f"{report.period_code}): numbers and time are not alike.",
        )
    if report.under != before.under:
        yield t(
            "Hai báo cáo khác phạm vi đơn vị: hạng không cùng số đơn vị.",
            "The reports are on other units: ranks are among other numbers of units.",
        )
    if report.period == before.period:
        yield t(
            "Hai báo cáo cùng kỳ: xu hướng là thay đổi giữa hai lần lấy số liệu.",
            "Both reports are on the same days: the trend is what changed between their instants.",
        )
    for label, now, then in (
        (t("Quy tắc đếm", "Counting rule"), report.rule, before.rule),
        (t("Bộ phân loại", "Tagger"), report.tagger, before.tagger),
        (t("Bộ chủ đề", "Taxonomy"), report.taxonomy_release, before.taxonomy_release),
    ):
        if now != then:
            yield t(
                f"{label} của hai báo cáo khác nhau ({then} → {now}): thay đổi có thể do đó.",
                f"{label} differs ({then} → {now}): a change may come from that.",
            )


# ------------------------------------------------------------------- the one before


def comparable(report: Report, others: Iterable[tuple[StoredReport, bool]]) -> int | None:
    """Give the id of the stored report that a trend is taken against; None: there is none.

    Of the same units and the same kind of period, with facts of an earlier instant: of the nearest
    earlier period, and if there is none, of the same period. Of several a frozen one, then the one
    that knew most.

    Args:
        report: whose trend it is.
        others: those in force, and whether each is frozen (``kept.in_force``).
    """
    kind = kind_of_period(report.period_code)
    found = [
        (other.period.start, is_frozen, other.as_of, other.id)
        for other, is_frozen in others
        if other.under == report.under
        and other.as_of < report.as_of
        and other.period.start <= report.period.start
        and kind_of_period(other.period_code) == kind
    ]
    earlier = [one for one in found if one[0] < report.period.start]
    return max(earlier or found)[-1] if found else None
