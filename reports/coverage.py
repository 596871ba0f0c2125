"""Was everything seen? From what runs saw of sections to what is known of a unit. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.calendar import spell_day
from storage.records import (
    CoverageReason,
    CoverageState,
    DayInterval,
    SectionCoverage,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import Registry

_DAY = dt.timedelta(days=1)

_REASONS = {
    CoverageReason.FEED_TOO_SHORT: "nguồn tin không lùi đủ xa",
    CoverageReason.LIST_FAILED: "trang không trả lời",
    CoverageReason.LIST_BLOCKED: "trang chặn truy cập hoặc đang bảo trì",
    CoverageReason.LIST_EMPTY: "danh sách trống, có thể trang đã đổi giao diện",
    CoverageReason.PAGE_LIMIT: "hết giới hạn số trang danh sách",
    CoverageReason.REQUEST_LIMIT: "hết số lượt hỏi được phép trong một đêm",
    CoverageReason.OUTSIDE_HOURS: "ngoài giờ được phép truy cập",
    CoverageReason.RESTING: "trang không trả lời nhiều ngày, đang thử thưa dần",
    CoverageReason.ROBOTS_DENIED: "robots.txt không cho phép đọc",
    CoverageReason.EXPECTATION_BROKEN: "ít bài hơn mức hồ sơ trang dự kiến",
    CoverageReason.INTERRUPTED: "lần thu thập bị ngắt giữa chừng",
}
_NOT_LOOKED = "chưa thu thập"
_NOT_OVER = "chưa hết ngày khi chốt số liệu"
_GAPS_NAMED = 3


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """How much of a unit's sites was seen in a window."""

    state: CoverageState
    note: str
    """One Vietnamese sentence."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A list that had to be seen, and the days of it that were."""

    site: str
    needed: frozenset[dt.date]
    seen: frozenset[dt.date]
    rows: tuple[SectionCoverage, ...]


def cover(
    unit: str,
    registry: Registry,
    rows: Sequence[SectionCoverage],
    *,
    window: DayInterval,
    as_of: dt.datetime,
) -> UnitCoverage:
    """Tell whether a unit's lists were seen in full on all days of the window.

    Needed are, for each site that it owned in the window, the sections that the site's newest
    run knew, on the days that it owned the site. A day counts as seen when any run known at
    ``as_of`` saw it in full; a run never sees its own day in full, so no day from ``as_of`` on
    is ever covered. COMPLETE: all days of all sections; NONE: not one.
    """
    sections = list(_sections(unit, registry, rows, window))
    if not sections:
        return UnitCoverage(
            CoverageState.NONE,
            "Đơn vị chưa có trang nào trong danh sách ở kỳ này: không kiểm được.",
        )
    needed = frozenset[dt.date]().union(*(section.needed for section in sections))
    missing = frozenset[dt.date]().union(*(section.needed - section.seen for section in sections))
    if not missing:
        return UnitCoverage(
            CoverageState.COMPLETE,
            f"Thấy trọn danh sách bài đăng cả {len(needed)} ngày.",
        )
    if not any(section.needed & section.seen for section in sections):
        return UnitCoverage(
            CoverageState.NONE,
            f"Chưa thấy trọn ngày nào trong {len(needed)} ngày: {_gaps(missing, sections, as_of)}.",
        )
    return UnitCoverage(
        CoverageState.PARTIAL,
        f"Thấy trọn danh sách {len(needed - missing)}/{len(needed)} ngày; "
        f"chưa thấy: {_gaps(missing, sections, as_of)}.",
    )


def _sections(
    unit: str, registry: Registry, rows: Sequence[SectionCoverage], window: DayInterval
) -> Iterable[_Section]:
    needed: dict[str, set[dt.date]] = {}
    for owner in registry.owners:
        held = owner.valid.intersection(window) if owner.unit == unit else None
        if held is not None:
            needed.setdefault(owner.site, set()).update(_days(held))
    for site, days in needed.items():
        of_site = [row for row in rows if row.site == site]
        for name in _names(of_site):
            of_section = tuple(row for row in of_site if row.section == name)
            seen = frozenset(day for row in of_section for day in days if _saw(row, day))
            yield _Section(site, frozenset(days), seen, of_section)


def _names(rows: Sequence[SectionCoverage]) -> list[str]:
    """Give the sections that the newest run had to see in full.

    A site that was never walked has one, unnamed.
    """
    newest = max(((row.run_started_at, row.run_id) for row in rows), default=None)
    names = {
        row.section
        for row in rows
        if (row.run_started_at, row.run_id) == newest and not row.is_extra
    }
    return sorted(names) or [""]


def _saw(row: SectionCoverage, day: dt.date) -> bool:
    return row.days is not None and day in row.days and day < vietnam_day(row.run_started_at)


def _days(interval: DayInterval) -> Iterable[dt.date]:
    day = interval.start
    while day in interval:
        yield day
        day += _DAY


def _gaps(missing: frozenset[dt.date], sections: Sequence[_Section], as_of: dt.datetime) -> str:
    """Name the first gaps with their reasons, and how many more there are."""
    gaps = _runs_of_days(missing, split_at=vietnam_day(as_of))
    named = [f"{_spell(gap)} ({_why(gap, sections, as_of)})" for gap in gaps[:_GAPS_NAMED]]
    if len(gaps) > _GAPS_NAMED:
        named.append(f"và {len(gaps) - _GAPS_NAMED} khoảng nữa")
    return "; ".join(named)


def _runs_of_days(days: frozenset[dt.date], *, split_at: dt.date) -> list[DayInterval]:
    """Join days that follow each other; a run that reaches ``split_at`` is cut there."""
    runs: list[DayInterval] = []
    for day in sorted(days):
        if runs and runs[-1].end == day and day != split_at:
            runs[-1] = DayInterval(runs[-1].start, day + _DAY)
        else:
            runs.append(DayInterval(day, day + _DAY))
    return runs


def _spell(gap: DayInterval) -> str:
    last = (gap.end or gap.start) - _DAY
    return spell_day(last) if last <= gap.start else f"{spell_day(gap.start)}–{spell_day(last)}"


def _why(gap: DayInterval, sections: Sequence[_Section], as_of: dt.datetime) -> str:
    """Give the reason of the newest run that could have seen the gap and did not."""
    if gap.start >= vietnam_day(as_of):
        return _NOT_OVER
    failed = [
        row
        for section in sections
        for row in section.rows
        if row.reason in _REASONS
        and vietnam_day(row.run_started_at) > gap.start
        and any(day in section.needed and day not in section.seen for day in _days(gap))
    ]
    if not failed:
        return _NOT_LOOKED
    newest = max(failed, key=lambda row: (row.run_started_at, row.run_id, row.section))
    return _REASONS[newest.reason]
