"""Sites whose printed days follow the clock: one finding a site, with the list. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from storage.records import DateSource, Finding, FindingKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.records import Candidate, DayInterval


def to_findings(
    candidates: Iterable[Candidate], *, unit: str, window: DayInterval
) -> Iterator[Finding]:
    """Give one finding for each of a unit's sites that has articles without a day of their own.

    Listed are those that can be of the window; where all lie before it, nothing depends on it.
    """
    by_site: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if candidate.date_source is DateSource.FOLLOWS_CLOCK:
            by_site[candidate.site].append(candidate)
    for site, articles in sorted(by_site.items()):
        touching = [a for a in articles if a.days is None or a.days.overlaps(window)]
        if touching:
            yield _to_finding(site, touching, unit=unit, window=window)


def _to_finding(site: str, articles: list[Candidate], *, unit: str, window: DayInterval) -> Finding:
    inside = sum(article.lies_in(window) for article in articles)
    listed = ", ".join(str(number) for number in sorted(a.article_id for a in articles))
    return Finding(
        kind=FindingKind.DAY_FOLLOWS_CLOCK,
        unit=unit,
        tag=None,
        expected="ngày đăng cố định",
        observed=f"{len(articles)} bài đổi ngày",
        explanation=(
            f"Trang {site} in ngày dựng trang (hoặc ngày truy cập) thay cho ngày đăng ở "
            f"{len(articles)} bài: ngày in đổi theo các lần xem mà nội dung không đổi. "
            f"{inside} bài có cả khoảng ngày xuất hiện nằm trong kỳ nên vẫn tính được; các bài "
            "còn lại không rõ ngày. Đề nghị đơn vị lưu ngày đăng cho từng bài. "
            f"Các bài số: {listed}."
        ),
    )
