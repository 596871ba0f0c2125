"""Printed days that other facts speak against. Pure.

Either the article appeared after a look that saw its printed day in full without it, or a time
in its address, or the feed, says that it was made later; or an edit has moved the day into the
period; or the last day has far more posts than any other. Flags with evidence, never verdicts.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from reports.calendar import spell_day
from storage.records import (
    VIETNAM,
    CoverageState,
    Finding,
    FindingKind,
    Signal,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import (
        Candidate,
        CrawlRun,
        DayInterval,
        DaySignal,
        PastVersion,
        SectionCoverage,
    )

_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)
_INTERVAL = dt.timedelta(days=1)
# The interval between crawls (tinbai nightly). A post that is dated on the day it was written
# and put up the morning after is ordinary; the look without it must lie a full interval after
# its printed day was over.


_TOLERANCE = dt.timedelta(days=2)
# 48 hours between the printed day and a time in the address: drafts lie that long. measured on
# four posts of a portal: they agree to 16 minutes.
_OF_MAKING = {Signal.ADDRESS: "thời điểm trong địa chỉ bài", Signal.FEED: "ngày trong luồng tin"}
# A page's Last-Modified is left out: an edit moves it.


@dataclass(frozen=True, slots=True)
class EarlierLook:
    """A run that saw a day of a section in full, before an article of that day was there."""

    coverage: SectionCoverage
    run: CrawlRun

    @property
    def finished_at(self) -> dt.datetime:
        """When the run ended."""
        if self.run.finished_at is None:
            raise ValueError(f"run {self.run.id} has not ended")
        return self.run.finished_at


def _begun(look: EarlierLook) -> dt.datetime:
    return look.run.started_at


class Looks:
    """What the runs that ended saw, by site, so that a look is found without reading them all."""

    def __init__(self, coverage: Iterable[SectionCoverage], runs: Iterable[CrawlRun]) -> None:
        by_id = {run.id: run for run in runs if run.finished_at is not None}
        self._of_site: dict[str, list[EarlierLook]] = defaultdict(list)
        for row in coverage:
            if (run := by_id.get(row.run_id)) is not None:
                self._of_site[row.site].append(EarlierLook(row, run))
        for looks in self._of_site.values():
            looks.sort(key=_begun)
        self._begun = {
            site: [look.run.started_at for look in looks] for site, looks in self._of_site.items()
        }

    def at(
        self, site: str, *, since: dt.datetime = _EVER, ended_before: dt.datetime
    ) -> list[EarlierLook]:
        """Give those at a site that began at ``since`` or later and ended before an instant."""
        begun = self._begun.get(site, ())
        if since >= ended_before or not begun:
            return []
        first, last = bisect_left(begun, since), bisect_left(begun, ended_before)
        looks = self._of_site[site][first:last]
        return [look for look in looks if look.finished_at < ended_before]


@lru_cache(maxsize=10_000)  # days of some decades
def _interval_after(day: dt.date) -> dt.datetime:
    """Give the instant that lies a full interval after a day was over."""
    over = dt.datetime.combine(day + _INTERVAL, dt.time(), VIETNAM)
    return (over + _INTERVAL).astimezone(dt.UTC)


def find_earlier_look(
    candidate: Candidate, looks: Looks, *, sections: frozenset[str] | None
) -> EarlierLook | None:
    """Give the last look that should have shown the article and did not; None when there is none.

    Args:
        candidate: judged by its printed day and the instant that it was first seen.
        looks: at all sites; one counts that had ended before the article was first seen.
        sections: where it was first seen; a look at other sections proves nothing. None takes
            any section (to tell which articles are worth asking for their sections).
    """
    day = candidate.day
    if day is None:
        return None
    since = _interval_after(day)
    found = [
        look
        for look in looks.at(candidate.site, since=since, ended_before=candidate.first_seen_at)
        if (sections is None or look.coverage.section in sections)
        and look.coverage.days is not None
        and day in look.coverage.days
    ]
    return max(found, key=lambda look: (look.run.started_at, look.coverage.section), default=None)


def find_contradiction(candidate: Candidate, looks: Looks) -> DaySignal | None:
    """Give what says that the article was made long after its printed day; None: nothing does.

    Only of one that appeared after a look that saw a section of its site in full: before that,
    old posts of a moved site may carry the day of the move in their address.
    """
    day = candidate.day
    later = [
        signal
        for signal in candidate.signals
        if day is not None and signal.kind in _OF_MAKING and signal.day > day + _TOLERANCE
    ]
    if not later or not any(
        look.coverage.state is CoverageState.COMPLETE
        for look in looks.at(candidate.site, ended_before=candidate.first_seen_at)
    ):
        return None
    return max(later, key=lambda signal: signal.day)


def to_finding_of_signal(candidate: Candidate, signal: DaySignal, *, unit: str) -> Finding:
    """Make the finding on a day that a second signal contradicts."""
    printed = spell_day(candidate.day) if candidate.day is not None else ""
    made = spell_day(signal.day)
    what = _OF_MAKING[signal.kind]
    return Finding(
        kind=FindingKind.BACKDATED,
        unit=unit,
        tag=None,
        expected=f"ngày in {printed}",
        observed=f"{what} {made}",
        explanation=(
            f"Bài in ngày {printed} nhưng {what} là {made}; hệ thống thấy bài lần đầu "
            f"{_spell(candidate.first_seen_at)}. Vẫn tính theo ngày in; đề nghị đơn vị giải trình "
            "(bài nháp để lâu hoặc chuyển từ trang khác sang cũng có thể như vậy)."
        ),
        article_id=candidate.article_id,
        capture_id=candidate.capture_id,
    )


def find_changed_day(
    candidate: Candidate, past: Sequence[PastVersion], *, window: DayInterval
) -> PastVersion | None:
    """Give the newest earlier version that printed a day outside of the window; None: none did.

    Of an article whose printed day now lies in it: an edit has moved it there.
    """
    if candidate.day is None or candidate.day not in window:
        return None
    outside = [one for one in past if one.day is not None and one.day not in window]
    return outside[-1] if outside else None


def to_finding_of_change(candidate: Candidate, before: PastVersion, *, unit: str) -> Finding:
    """Make the finding on a day that an edit has moved into the period."""
    was = spell_day(before.day) if before.day is not None else ""
    now = spell_day(candidate.day) if candidate.day is not None else ""
    return Finding(
        kind=FindingKind.DAY_CHANGED,
        unit=unit,
        tag=None,
        expected=f"ngày in {was} (bản chụp số {before.capture_id})",
        observed=f"ngày in {now}",
        explanation=(
            f"Lúc {_spell(before.read_at)} trang in ngày {was}, ngoài kỳ; nay in ngày {now}, trong "
            "kỳ. Vẫn tính theo ngày in hiện nay; đề nghị đơn vị giải trình (sửa cho đúng ngày hoặc "
            "cập nhật rồi đăng lại cũng có thể như vậy)."
        ),
        article_id=candidate.article_id,
        capture_id=candidate.capture_id,
    )


_BURST_POSTS, _BURST_TIMES = 5, 2
# By definition at most one day of a period has more than twice the posts of every other one; were
# the days alike, the last would be that day in one of as many periods as it has days (a quarter:
# 1 in 91). Below five posts one busy morning is enough.


def find_burst(
    candidates: Iterable[Candidate], *, unit: str, window: DayInterval
) -> Finding | None:
    """Give the finding on a last day with far more counted posts than any other; None: it has not.

    Args:
        candidates: the unit's counted ones, each once.
        unit: whose.
        window: an open one has no last day.
    """
    if window.end is None:
        return None
    last = window.end - dt.timedelta(days=1)
    by_day = Counter(candidate.day for candidate in candidates if candidate.day is not None)
    posts = by_day.pop(last, 0)
    most = max(by_day.values(), default=0)
    if posts < _BURST_POSTS or posts <= _BURST_TIMES * most:
        return None
    return Finding(
        kind=FindingKind.LAST_DAY_BURST,
        unit=unit,
        tag=None,
        expected=f"ngày nhiều nhất khác trong kỳ: {most} bài",
        observed=f"ngày {spell_day(last)}: {posts} bài",
        explanation=(
            f"Ngày cuối kỳ ({spell_day(last)}) có {posts} bài được tính, trong khi ngày nhiều nhất "
            f"khác trong kỳ có {most}. Vẫn tính theo ngày in; đề nghị xem nội dung và thời điểm "
            "đăng của các bài này."
        ),
    )


def moved(candidate: Candidate, candidates: Sequence[Candidate]) -> bool:
    """Tell whether the same text was on the site before, under another address.

    A rebuilt site shows its old posts at new addresses: they are not late.
    """
    return candidate.text_sha256 is not None and any(
        other.site == candidate.site
        and other.text_sha256 == candidate.text_sha256
        and other.first_seen_at < candidate.first_seen_at
        for other in candidates
    )


def to_finding(candidate: Candidate, look: EarlierLook, *, unit: str) -> Finding:
    """Make the finding, with the run and both instants as evidence."""
    day = spell_day(candidate.day) if candidate.day is not None else ""
    late = (vietnam_day(candidate.first_seen_at) - (candidate.day or dt.date.min)).days
    return Finding(
        kind=FindingKind.BACKDATED,
        unit=unit,
        tag=None,
        expected=f"ngày in {day}",
        observed=f"thấy lần đầu {_spell(candidate.first_seen_at)}",
        explanation=(
            f"Bài in ngày {day} nhưng {late} ngày sau mới xuất hiện. Lần thu thập số "
            f"{look.run.id} lúc {_spell(look.run.started_at)} đã thấy trọn mục "
            f"“{look.coverage.section}” của ngày đó mà chưa có bài này. Vẫn tính theo ngày in; "
            "đề nghị đơn vị giải trình."
        ),
        article_id=candidate.article_id,
        capture_id=candidate.capture_id,
    )


def _spell(instant: dt.datetime) -> str:
    local = instant.astimezone(VIETNAM)
    return f"{local:%H:%M} ngày {spell_day(local.date())}"
