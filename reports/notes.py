"""What a reader must know beside the numbers: method and reservations, in Vietnamese. Pure.

Like the report's other texts the notes do not follow the language of the person at the
keyboard: they are part of what is frozen.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from reports.calendar import spell_day, spell_days
from reports.life import is_recognised
from reports.rules import sentences, tells_forms
from storage.records import VIETNAM, OutputForm, SuccessionKind, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from reports.attribution import Scope
    from reports.calendar import Period
    from storage.records import (
        Candidate,
        CountingRule,
        CrawlRun,
        DayInterval,
        Finding,
        Plan,
        Registry,
        ReportLine,
        SelfReport,
        TreeHead,
    )

_SUSPICIOUS_POSTS, _SUSPICIOUS_SHARE = 5, 0.5
# measured (static rebuilds of three district sites, 2019): 63 %, 67 % and 100 % of the posts
# printed the day of the build. Fewer than five posts are no pattern.

_KINDS = {
    SuccessionKind.MERGER: "sáp nhập vào",
    SuccessionKind.SPLIT: "được tách, một phần thành",
    SuccessionKind.RENAMING: "đổi thành",
    SuccessionKind.DISSOLUTION: "giải thể, nhiệm vụ chuyển cho",
}


def on_method(period: Period, rule: CountingRule, plans: Iterable[Plan]) -> Iterator[str]:
    """Say which days, which rule and which plans the numbers rest on."""
    yield f"Kỳ số liệu: {period.name}."
    yield from sentences(rule)
    spans = sorted({plan.period for plan in plans}, key=lambda days: (days.start, str(days.end)))
    if spans:
        yield (
            "Chỉ tiêu được so trọn số giao trong kế hoạch, không chia theo thời gian đã qua. "
            f"Kế hoạch đã dùng: {'; '.join(spell_days(days) for days in spans)}."
        )


def on_plan_lines(plans: Iterable[Plan], rule: CountingRule) -> Iterator[str]:
    """Say how lines of plans were held against posts, and what could not be."""
    lines = [line for plan in plans for line in plan.lines]
    if not lines:
        return
    yield (
        "Kế hoạch theo dòng: tin, bài của một dòng được đếm theo nhóm nội dung, trong những ngày "
        "thuộc cả kỳ kế hoạch và kỳ số liệu; các dòng cùng nhóm của một đơn vị được đánh giá "
        "chung theo tổng vì không bài nào ghi nó thuộc dòng nào."
    )
    on_web = [line for line in lines if line.on_web]
    apart = any(line.quantity.form in {OutputForm.NEWS, OutputForm.ARTICLE} for line in on_web)
    if apart and not tells_forms(rule):
        yield (
            "Kế hoạch có dòng chỉ ghi tin hoặc chỉ ghi bài; tin và bài được đếm gộp, vì không "
            "văn bản nào quy định độ dài để phân biệt."
        )
    if any(not line.on_web and line.planned is not None for line in lines):
        yield (
            "Sản phẩm ngoài trang web (loa truyền thanh, pano, hội nghị …) lấy theo đơn vị tự "
            "kê khai: chưa kiểm chứng tự động."
        )
    if any(line.quantity.percent is not None for line in lines):
        yield "Chỉ tiêu ghi bằng tỷ lệ % không đếm được từ trang web, không tính vào kết quả."


def on_scope(scope: Scope | None, names: dict[str, str]) -> Iterator[str]:
    """Say that the report is not about all units."""
    if scope is not None:
        yield (
            f"Báo cáo chỉ gồm {names.get(scope.top, scope.top)} và các đơn vị trực thuộc; bài đăng "
            "lại vẫn được so với trang của mọi đơn vị."
        )


def on_recognised(findings: Iterable[Finding], names: dict[str, str]) -> Iterator[str]:
    """Say which claims the auditor accepts upon explanation, by whom, and that none is counted."""
    for finding in findings:
        if is_recognised(finding):
            last = finding.steps[-1]
            yield (
                f"Công nhận theo giải trình (không nằm trong số xác minh, tỷ lệ và kết quả): "
                f"{names.get(finding.unit, finding.unit)}, {finding.tag}, ô {finding.claim_cell}; "
                f"{last.who} ngày {spell_day(vietnam_day(last.noted_at))}: {last.note}"
            )


def on_claimed_addresses(lines: Iterable[ReportLine]) -> Iterator[str]:
    """Say how many counted articles are known by no list, but by a claimed address."""
    found = {a.article_id for line in lines for a in line.articles if a.only_claimed}
    counted = {
        a.article_id for line in lines for a in line.articles if a.only_claimed and a.bucket is None
    }
    if found:
        yield (
            f"Có {len(found)} bài chỉ tìm thấy nhờ đường dẫn đơn vị khai, không có trong danh sách "
            f"nào của trang; {len(counted)} bài trong đó được tính. Mức độ xem trọn danh sách "
            "không đổi vì các bài này."
        )


def on_superiors(units: Iterable[str], names: dict[str, str]) -> Iterator[str]:
    """Say which units have no line because they only stand above the others."""
    for unit in units:
        yield (
            f"{names.get(unit, unit)} là đơn vị cấp trên, không có trang, kế hoạch hay báo cáo tự "
            "đánh giá trong kỳ nên không lập dòng riêng."
        )


def on_successions(
    registry: Registry,
    names: dict[str, str],
    *,
    window: DayInterval,
    units: frozenset[str] | None = None,
    heirs: Container[str] = frozenset(),
) -> Iterator[str]:
    """Say which units followed each other within the window: both sides of the seam.

    ``units`` takes those of which one is among them; None: all. ``heirs`` holds the predecessors
    whose posts count for their successor, by the rule.
    """
    for succession in sorted(
        (
            s
            for s in registry.successions
            if s.effective_on in window
            and (units is None or s.predecessor in units or s.successor in units)
        ),
        key=lambda s: (s.effective_on, s.successor, s.predecessor),
    ):
        before = names.get(succession.predecessor, succession.predecessor)
        after = names.get(succession.successor, succession.successor)
        decision = f" theo {succession.decision_ref}" if succession.decision_ref else ""
        how = (
            "bài của đơn vị cũ trong kỳ tính cho đơn vị mới theo quy tắc đếm; chỉ tiêu và báo cáo "
            "tự đánh giá riêng của đơn vị cũ, nếu có, không so."
            if succession.predecessor in heirs
            else "bài đăng trước ngày đó tính cho đơn vị cũ, từ ngày đó tính cho đơn vị mới; hai "
            "bên ghi riêng, không cộng dồn."
        )
        yield (
            f"{before} {_KINDS[succession.kind]} {after} từ {spell_day(succession.effective_on)}"
            f"{decision}: {how}"
        )


def on_inherited(
    counts: Mapping[tuple[str, str], int], heirs: Mapping[str, str], names: dict[str, str]
) -> Iterator[str]:
    """Say how much of a successor's count its predecessors published."""
    for unit, heir in heirs.items():
        parts = [f"{tag} {number}" for (owner, tag), number in counts.items() if owner == unit]
        yield (
            f"Trong số bài tính cho {names.get(heir, heir)}, của {names.get(unit, unit)} trước khi "
            f"kế thừa: {', '.join(parts) or 'không có bài nào'}."
        )


def on_self_reports_left_out(
    left_out: Iterable[SelfReport], names: dict[str, str]
) -> Iterator[str]:
    """Say whose self-reports are about other days and were not compared."""
    for report in sorted(left_out, key=lambda r: (r.unit, r.period.start)):
        yield (
            f"Báo cáo tự đánh giá của {names.get(report.unit, report.unit)} "
            f"({spell_days(report.period)}) không cùng kỳ với báo cáo này nên chưa đối chiếu."
        )


def on_time(
    period: Period, as_of: dt.datetime, *, runs: int, simulated: int, tagger: str | None
) -> Iterator[str]:
    """Say what the instant of the report and the clocks of the runs mean for it."""
    today = vietnam_day(as_of)
    if period.days.end is None or today < period.days.end:
        yield (
            f"Số liệu chốt ngày {spell_day(today)}, khi kỳ chưa kết thúc: các số đếm là mức tối "
            "thiểu."
        )
    if simulated:
        yield (
            f"{simulated}/{runs} lần thu thập chạy với đồng hồ được đặt trước (diễn tập hoặc "
            "chạy lại); thời điểm ghi nhận không phải giờ thật."
        )
    if tagger is None:
        yield "Chưa bài nào được gắn chủ đề (chạy: tinbai tag), nên mọi số đếm là mức tối thiểu."


def on_first_looks(
    candidates: Sequence[Candidate], runs: Sequence[CrawlRun], *, window: DayInterval
) -> Iterator[str]:
    """Say which sites printed the very day of the first look, one of ``window``, on most posts.

    Rebuilt sites print the day of the build on posts that have none of their own. Where that day
    lies outside of the report's days, no number rests on it.
    """
    first: dict[str, dt.date] = {}
    for run in sorted(runs, key=lambda run: run.started_at):
        first.setdefault(run.site, vietnam_day(run.started_at))
    first = {site: day for site, day in first.items() if day in window}
    begin = {site: dt.datetime.combine(day, dt.time(), VIETNAM) for site, day in first.items()}
    bounds = {
        site: (start.astimezone(dt.UTC), (start + dt.timedelta(days=1)).astimezone(dt.UTC))
        for site, start in begin.items()
    }
    then = [
        one
        for one in candidates
        if (on := bounds.get(one.site)) is not None and on[0] <= one.first_seen_at < on[1]
    ]
    posts = Counter(one.site for one in then)
    dated = Counter(one.site for one in then if one.day == first[one.site])
    for site, count in sorted(dated.items()):
        if count >= max(_SUSPICIOUS_POSTS, _SUSPICIOUS_SHARE * posts[site]):
            yield (
                f"Trang {site}: {count}/{posts[site]} bài thấy trong ngày thu thập đầu tiên "
                f"({spell_day(first[site])}) in đúng ngày đó. Có thể trang in ngày dựng lại thay "
                "cho ngày đăng; cần xem trước khi dùng số liệu của trang."
            )


def on_evidence(head: TreeHead | None) -> Iterator[str]:
    """Say which root pins every byte that had been archived: printed, it cannot be changed."""
    if head is not None:
        at = head.sealed_at.astimezone(VIETNAM)
        what, held = ("lần truy cập", "bằng chứng")
        if head.holds_rows:
            what, held = ("mắt xích", "bằng chứng hoặc của dòng dữ liệu đã niêm phong")
        yield (
            f"Bằng chứng: {head.size} {what} trong chuỗi đến {at:%H:%M} ngày "
            f"{spell_day(at.date())}, mã gốc (cây Merkle SHA-256, RFC 9162) {head.root}. Sửa một "
            f"byte của {held} đến lúc đó thì mã gốc không còn khớp; kiểm tra bằng lệnh "
            "tinbai evidence verify --root, hoặc theo hướng dẫn trong gói bằng chứng mà không cần "
            "tinbai."
        )
