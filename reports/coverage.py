"""Was everything seen? From what runs saw of sections to what is known of a unit. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from reports.calendar import spell_day
from storage.language import t
from storage.records import (
    CoverageReason,
    CoverageState,
    DayInterval,
    SectionCoverage,
    UnitDays,
    UnseenDays,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

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
_GAPS_NAMED = 3


class NotSeen(Enum):
    """Why a day was not seen in full, when no run failed at it."""

    NOT_LOOKED = "not_looked"
    """No run went so far back, or there was none after the day."""
    NOT_OVER = "not_over"
    """The day had not ended when the facts were taken."""
    UNDECIDED = "undecided"
    """The site's profile names what may be a list of posts; nobody has said whether it is one."""


_NOT_SEEN = {
    NotSeen.NOT_LOOKED: "chưa thu thập",
    NotSeen.NOT_OVER: "chưa hết ngày khi chốt số liệu",
    NotSeen.UNDECIDED: "có mục chưa ai quyết định là tin hay không",
}

Why = CoverageReason | NotSeen
"""Why a day was not seen in full."""


@dataclass(frozen=True, slots=True)
class UnitCoverage:
    """How much of a unit's sites was seen in a window."""

    state: CoverageState
    note: str
    """One Vietnamese sentence."""
    days: UnitDays


@dataclass(frozen=True, slots=True)
class SiteDay:
    """What is known of one day of a site."""

    day: dt.date
    state: CoverageState
    """COMPLETE: every list that had to be seen was; PARTIAL: some; NONE: none."""
    why: Why | None
    """Why not complete; None exactly when it is."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A list that had to be seen, and the days of it that were."""

    site: str
    name: str
    needed: frozenset[dt.date]
    seen: frozenset[dt.date]
    rows: tuple[SectionCoverage, ...]
    doubt: str | None
    """Address and doubt, where the newest run left it undecided; None: it is a list."""


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
            UnitDays(unit=unit, held=(), unseen=()),
        )
    needed = frozenset[dt.date]().union(*(section.needed for section in sections))
    missing = frozenset[dt.date]().union(*(section.needed - section.seen for section in sections))
    today = vietnam_day(as_of)
    by_lists = frozenset[dt.date]().union(
        *(one.needed - one.seen for one in sections if one.doubt is None)
    )
    gaps = [
        *join_days(by_lists, split_at=today),
        *join_days(missing - by_lists, split_at=today),
    ]
    unseen = tuple(
        UnseenDays(days=gap, reason=_reason(gap, sections, as_of))
        for gap in sorted(gaps, key=lambda gap: gap.start)
    )
    days = UnitDays(unit=unit, held=tuple(join_days(needed)), unseen=unseen)
    if not missing:
        return UnitCoverage(
            CoverageState.COMPLETE,
            f"Thấy trọn danh sách bài đăng cả {len(needed)} ngày.",
            days,
        )
    if not any(section.needed & section.seen for section in sections):
        return UnitCoverage(
            CoverageState.NONE,
            f"Chưa thấy trọn ngày nào trong {len(needed)} ngày: {_named(unseen)}.",
            days,
        )
    return UnitCoverage(
        CoverageState.PARTIAL,
        f"Thấy trọn danh sách {len(needed - missing)}/{len(needed)} ngày; "
        f"chưa thấy: {_named(unseen)}.",
        days,
    )


def _reason(gap: DayInterval, sections: Sequence[_Section], as_of: dt.datetime) -> str:
    """Say in Vietnamese why days were not seen; what is undecided is named, and what to do."""
    why = _why(gap, sections, as_of)
    doubts = [(one.name, one.doubt) for one in sections if one.doubt and gap.start in one.needed]
    if why is NotSeen.NOT_OVER or not doubts:
        return _in_vietnamese(why)
    asked = f"{_doubts_in_vietnamese(doubts)}; {CURE_VI}"
    return asked if why is NotSeen.UNDECIDED else f"{_in_vietnamese(why)}; {asked}"


def doubt_words(doubts: Sequence[tuple[str, str]]) -> str:
    """Name what is undecided, by name with address and doubt, and say what to do."""
    names, more = _named_doubts(doubts)
    return t(
        f"{_doubts_in_vietnamese(doubts)}; {CURE_VI}",
        f"nobody has said whether this is news: {names}"
        + (f", and {more} more" if more else "")
        + "; name each under sections or not_news of the site's profile",
    )


CURE_VI = "ghi từng mục vào sections (là tin) hoặc not_news (không phải tin) của hồ sơ trang"


def _doubts_in_vietnamese(doubts: Sequence[tuple[str, str]]) -> str:
    names, more = _named_doubts(doubts)
    further = f" và {more} mục nữa" if more else ""
    return f"chưa ai quyết định có phải tin không: {names}{further}"


def _named_doubts(doubts: Sequence[tuple[str, str]]) -> tuple[str, int]:
    named = ", ".join(f"“{name}” ({doubt})" for name, doubt in doubts[:_GAPS_NAMED])
    return named, max(0, len(doubts) - _GAPS_NAMED)


def _sections(
    unit: str, registry: Registry, rows: Sequence[SectionCoverage], window: DayInterval
) -> Iterable[_Section]:
    needed: dict[str, set[dt.date]] = {}
    for owner in registry.owned_by(unit):
        if (held := owner.valid.intersection(window)) is not None:
            needed.setdefault(owner.site, set()).update(each_day(held))
    for site, days in needed.items():
        yield from _sections_of_site(site, rows, days)


def _sections_of_site(
    site: str, rows: Sequence[SectionCoverage], days: Collection[dt.date]
) -> Iterable[_Section]:
    of_site = [row for row in rows if row.site == site]
    for name in needed_sections(of_site):
        yield _section(site, name, of_site, frozenset(days))


def _section(
    site: str, name: str, rows: Sequence[SectionCoverage], needed: frozenset[dt.date]
) -> _Section:
    own = tuple(row for row in rows if row.section == name)
    newest = max(own, key=_in_time, default=None)
    doubt = newest.undecided if newest else None
    return _Section(site, name, needed, _seen_of(needed, own), own, doubt)


def _seen_of(days: Collection[dt.date], rows: Iterable[SectionCoverage]) -> frozenset[dt.date]:
    """Give those of some days that one of the runs saw in full."""
    if not days:
        return frozenset()
    within = DayInterval(min(days), max(days) + _DAY)
    return days_seen(rows, within=within).intersection(days)


_ALL_DAYS = DayInterval(dt.date.min)


def days_seen(
    rows: Iterable[SectionCoverage], *, within: DayInterval = _ALL_DAYS
) -> frozenset[dt.date]:
    """Give all days that one of the runs saw in full; of one section, as a rule."""
    seen = (
        days.intersection(_before(row))
        for row in rows
        if row.days is not None and (days := row.days.intersection(within)) is not None
    )
    return frozenset(
        day for days in _joined(one for one in seen if one is not None) for day in each_day(days)
    )


def seen_of_held(unit: UnitDays) -> tuple[int, int]:
    """Give how many days of a unit were seen in full, of how many on which it had a site."""
    held = sum(_days_in(days) for days in unit.held)
    return held - sum(_days_in(gap.days) for gap in unit.unseen), held


def _days_in(days: DayInterval) -> int:
    return 0 if days.end is None else (days.end - days.start).days


def _joined(intervals: Iterable[DayInterval]) -> Iterator[DayInterval]:
    """Give the same days in intervals that do not overlap: every night saw most days again."""
    last: DayInterval | None = None
    for one in sorted(intervals, key=lambda interval: interval.start):
        if last is None or (last.end is not None and one.start > last.end):
            if last is not None:
                yield last
            last = one
        elif last.end is not None and (one.end is None or one.end > last.end):
            last = DayInterval(last.start, one.end)
    if last is not None:
        yield last


def _before(row: SectionCoverage) -> DayInterval:
    """Give the days before the run's own, which is never seen in full."""
    return DayInterval(dt.date.min, vietnam_day(row.run_started_at))


def days_of_site(
    site: str, rows: Sequence[SectionCoverage], *, days: DayInterval, as_of: dt.datetime
) -> list[SiteDay]:
    """Give what is known of each day of a site, in their order; ``days`` has an end."""
    wanted = list(each_day(days))
    sections = list(_sections_of_site(site, rows, wanted))
    return [_site_day(day, sections, as_of) for day in wanted]


def _site_day(day: dt.date, sections: Sequence[_Section], as_of: dt.datetime) -> SiteDay:
    seen = sum(day in section.seen for section in sections)
    if seen == len(sections):
        return SiteDay(day, CoverageState.COMPLETE, None)
    state = CoverageState.PARTIAL if seen else CoverageState.NONE
    return SiteDay(day, state, _why(DayInterval(day, day + _DAY), sections, as_of))


def gaps_of_section(
    section: str,
    rows: Sequence[SectionCoverage],
    *,
    days: DayInterval,
    as_of: dt.datetime,
) -> list[tuple[DayInterval, Why]]:
    """Give the days of a section that no run saw in full, joined to intervals, with the reason.

    ``rows``: of the site; ``days`` has an end.
    """
    wanted = frozenset(each_day(days))
    looked = _section(rows[0].site if rows else "", section, rows, wanted)
    gaps = join_days(wanted - looked.seen, split_at=vietnam_day(as_of))
    return [(gap, _why(gap, [looked], as_of)) for gap in gaps]


def why_words(why: Why) -> str:
    """Say why days were not seen, in Vietnamese as in reports, or in English words."""
    return t(_in_vietnamese(why), why.value.replace("_", " "))


def needed_sections(rows: Sequence[SectionCoverage]) -> list[str]:
    """Give the sections that the newest run had to see in full.

    A site that was never walked has one, unnamed.
    """
    newest = max(map(_in_time, rows), default=None)
    names = {row.section for row in rows if _in_time(row) == newest and not row.is_extra}
    return sorted(names) or [""]


def _in_time(row: SectionCoverage) -> tuple[dt.datetime, int]:
    return row.run_started_at, row.run_id


def each_day(interval: DayInterval) -> Iterable[dt.date]:
    """Give the days of an interval that has an end, in their order."""
    day = interval.start
    while day in interval:
        yield day
        day += _DAY


def _named(unseen: Sequence[UnseenDays]) -> str:
    """Name the first gaps with their reasons, and how many more there are."""
    named = [f"{spell_gap(gap.days)} ({gap.reason})" for gap in unseen[:_GAPS_NAMED]]
    if len(unseen) > _GAPS_NAMED:
        named.append(f"và {len(unseen) - _GAPS_NAMED} khoảng nữa")
    return "; ".join(named)


def join_days(days: Collection[dt.date], *, split_at: dt.date | None = None) -> list[DayInterval]:
    """Join days that follow each other; a run that reaches ``split_at`` is cut there."""
    runs: list[DayInterval] = []
    for day in sorted(days):
        if runs and runs[-1].end == day and day != split_at:
            runs[-1] = DayInterval(runs[-1].start, day + _DAY)
        else:
            runs.append(DayInterval(day, day + _DAY))
    return runs


def _in_vietnamese(why: Why) -> str:
    """Reports are in Vietnamese, whatever the language at the keyboard."""
    return _NOT_SEEN[why] if isinstance(why, NotSeen) else _REASONS[why]


def spell_gap(gap: DayInterval) -> str:
    """Give the first and the last day of an interval that has an end, or its only one."""
    last = (gap.end or gap.start) - _DAY
    return spell_day(last) if last <= gap.start else f"{spell_day(gap.start)}–{spell_day(last)}"


def _why(gap: DayInterval, sections: Sequence[_Section], as_of: dt.datetime) -> Why:
    """Give the reason of the newest run that could have seen the gap and did not.

    What is undecided is told where every list was seen.
    """
    if gap.start >= vietnam_day(as_of):
        return NotSeen.NOT_OVER
    lists = [one for one in sections if one.doubt is None]
    missing = (day in one.needed - one.seen for one in lists for day in each_day(gap))
    if len(lists) < len(sections) and not any(missing):
        return NotSeen.UNDECIDED
    failed = [
        row
        for section in lists
        for row in section.rows
        if row.reason in _REASONS
        and vietnam_day(row.run_started_at) > gap.start
        and any(day in section.needed and day not in section.seen for day in each_day(gap))
    ]
    if not failed:
        return NotSeen.NOT_LOOKED
    newest = max(failed, key=lambda row: (row.run_started_at, row.run_id, row.section))
    return newest.reason
