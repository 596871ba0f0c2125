"""What changed from one frozen report to another, every change in a sentence. Pure.

A count that moved is explained by the articles that moved: ``after - before`` is the number
gained less the number lost, and each of them is named with the reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from reports.causes import TOPIC_BUCKETS, Comparison, Effect, Moved, because, in_words, moved
from reports.plan_difference import plan_changes
from reports.render import words
from reports.verification import spell_count
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from storage.records import (
        CheckedClaim,
        Finding,
        LineArticle,
        Report,
        ReportLine,
    )

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: a sentence, and the articles behind it, one sentence each."""

    sentence: str
    unit: str | None = None
    tag: str | None = None
    details: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    """Of a line's count: what each cause did to it; their sum is the change."""


def compare(before: Report, after: Report) -> tuple[Change, ...]:
    """Give what changed; empty exactly when the reports are equal."""
    changes = (
        *_frame(before, after),
        *_lines(before, after),
        *(Change(c.sentence, c.unit, None, c.details) for c in plan_changes(before, after)),
        *_unowned(before, after),
        *_claims(before, after),
        *_findings(before, after),
        *_notes(before, after),
    )
    if not changes and before != after:
        vi = "Chỉ đổi thứ tự trình bày hoặc chi tiết không làm đổi số nào."
        return (Change(t(vi, "Only the order or details behind no number have changed.")),)
    return changes


# --------------------------------------------------------------------- what it rests on


def _frame(before: Report, after: Report) -> Iterator[Change]:
    if before.period != after.period:
        yield Change(
            t(
                "Hai báo cáo khác kỳ, nên chênh lệch dưới đây không chỉ do số liệu thay đổi.",
                "The reports are on different periods; not every change below is a new fact.",
            )
        )
    if before.as_of != after.as_of:
        old, new = words.instant_text(before.as_of), words.instant_text(after.as_of)
        if old == new:  # within one minute
            old, new = before.as_of.isoformat(), after.as_of.isoformat()
        yield Change(t("Thời điểm chốt số liệu: ", "As known at: ") + f"{old} → {new}.")
    named: tuple[tuple[str, Callable[[Report], object]], ...] = (
        (t("Tên kỳ", "Name of the period"), lambda r: f"{r.period_name} ({r.period_code})"),
        (t("Cơ quan", "Office"), lambda r: r.office),
        (t("Bộ chủ đề", "Taxonomy"), lambda r: r.taxonomy_release),
        (t("Bộ phân loại", "Tagger"), lambda r: r.tagger or words.NOTHING),
        (t("Quy tắc đếm", "Counting rule"), lambda r: r.rule),
        (t("Các nhóm", "Tags"), lambda r: ", ".join(r.tags)),
    )
    for name, value in named:
        if value(before) != value(after):
            yield Change(f"{name}: {value(before)} → {value(after)}.")
    if before.letterhead != after.letterhead:
        yield Change(t("Thể thức của cơ quan đã đổi.", "The office's letterhead has changed."))


# ------------------------------------------------------------------------------- lines


def _lines(before: Report, after: Report) -> Iterator[Change]:
    was = {(line.unit, line.tag): line for line in before.lines}
    now = {(line.unit, line.tag): line for line in after.lines}
    context = _Context(before, after)
    told: set[tuple[str, str, str]] = set()
    for key in dict.fromkeys((*now, *was)):
        old, new = was.get(key), now.get(key)
        if old is None or new is None:
            yield _whole_line(old, new, context)
            continue
        looks = (new.unit, old.coverage_note, new.coverage_note)
        if old.coverage_note != new.coverage_note and looks not in told:
            told.add(looks)  # once for all tags of the unit
            yield _looks(old, new)
        if _apart_from_time(old) != _apart_from_time(new):
            yield _line(old, new, context)


def _apart_from_time(line: ReportLine) -> tuple[ReportLine, int | None]:
    """Give what a line's sentence is about: all but what was seen, and the day of its schedule."""
    due = None if line.schedule is None else line.schedule.due
    return replace(line, coverage_note="", schedule=None), due


def _looks(old: ReportLine, new: ReportLine) -> Change:
    label = t("tình trạng xem", "what was seen")
    return Change(
        f"{new.unit_name}: {label}: “{old.coverage_note}” → “{new.coverage_note}”", new.unit
    )


def _whole_line(old: ReportLine | None, new: ReportLine | None, context: _Context) -> Change:
    line = new or old
    assert line is not None  # noqa: S101 - one of them is there
    articles = moved(old, new)
    effects = context.effects(articles, line.unit)
    said = (
        t("dòng mới", "a new line") if old is None else t("không còn dòng này", "no longer there")
    )
    number = t(
        f"xác minh {spell_count(line.counted)}", f"verified {words.count_text(line.counted)}"
    )
    return Change(
        f"{line.unit_name}, {line.tag}: {said}, {number}{_reason(effects)}.",
        line.unit,
        line.tag,
        tuple(context.reason(article, line.unit) for article in articles if article.gain),
        effects,
    )


def _line(old: ReportLine, new: ReportLine, context: _Context) -> Change:
    articles = moved(old, new)
    effects = context.effects(articles, new.unit)
    said = [
        *_numbers(old, new, effects),
        *_marks(old, new, same_period=context.same_period),
        *_uncounted(articles),
    ]
    details = [context.reason(article, new.unit) for article in articles if _is_named(article)]
    return Change(
        f"{new.unit_name}, {new.tag}: {'; '.join(said)}.",
        new.unit,
        new.tag,
        tuple(details),
        effects,
    )


def _numbers(old: ReportLine, new: ReportLine, effects: Sequence[Effect]) -> Iterator[str]:
    if old.counted.posts != new.counted.posts:
        change = new.counted.posts - old.counted.posts
        yield (
            t("xác minh ", "verified ")
            + f"{_count(old)} → {_count(new)} ({change:+d}{_reason(effects)})"
        )
    elif effects:
        yield (t(f"xác minh vẫn {_count(new)}", f"still {_count(new)} verified") + _reason(effects))
    if old.counted.coverage is not new.counted.coverage:
        yield (
            t("mức độ xem: ", "seen: ")
            + f"{words.coverage_word(old.counted.coverage)} → "
            + words.coverage_word(new.counted.coverage)
        )


def _reason(effects: Sequence[Effect]) -> str:
    return t(", vì ", ", because: ") + because(effects) if effects else ""


def _marks(old: ReportLine, new: ReportLine, *, same_period: bool) -> Iterator[str]:
    amended = t(" (kế hoạch được sửa đổi)", " (the plan was amended)") if same_period else ""
    reported = t(" (đơn vị báo cáo lại)", " (the unit reported again)") if same_period else ""
    named: tuple[tuple[str, Callable[[ReportLine], str], str], ...] = (
        (t("tên đơn vị", "name"), lambda line: line.unit_name, ""),
        (t("chỉ tiêu", "planned"), lambda line: words.number_text(line.planned), amended),
        (t("phải đạt đến nay", "due by now"), _due, ""),
        (
            t("đơn vị tự báo cáo", "claimed"),
            lambda line: words.number_text(line.claimed),
            reported,
        ),
        (t("kết quả", "result"), lambda line: words.status_word(line.status), ""),
        (t("đăng lại có tính", "reposts counted"), lambda line: str(line.reposts), ""),
        (t("ngoài kỳ", "out of period"), lambda line: str(line.outside), ""),
        (t("hình thức", "forms"), lambda line: words.forms_text(line) or words.NOTHING, ""),
    )
    for name, value, why in named:
        if value(old) != value(new):
            yield f"{name}: {value(old)} → {value(new)}{why}"
    if change := new.recognised - old.recognised:
        label = t("công nhận theo giải trình", "accepted upon explanation")
        why = t(
            f"{in_words(abs(change))} giải trình {'được' if change > 0 else 'không còn được'} "
            "chấp nhận",
            f"{abs(change)} {'accepted' if change > 0 else 'no longer accepted'}",
        )
        yield f"{label}: {old.recognised} → {new.recognised} ({change:+d}, {t('vì', 'for')} {why})"


def _due(line: ReportLine) -> str:
    return words.number_text(None if line.schedule is None else line.schedule.due)


def _uncounted(articles: Sequence[Moved]) -> Iterator[str]:
    """Sum up the articles that count neither before nor after and are new, gone or reread."""
    rest = [article for article in articles if not _is_named(article)]
    for label, chosen in (
        (t("bài mới thấy không tính", "new, not counted"), [m.after for m in rest if not m.before]),
        (
            t("bài không tính không còn trong danh sách", "not counted before, gone"),
            [m.before for m in rest if not m.after],
        ),
    ):
        buckets = Counter(a.bucket for a in chosen if a is not None and a.bucket is not None)
        if buckets:
            kinds = ", ".join(f"{words.exclusion_word(b)}: {n}" for b, n in buckets.items())
            yield f"{sum(buckets.values())} {label} ({kinds})"
    both = [(m.before, m.after) for m in rest if m.before is not None and m.after is not None]
    reformed = sum(replace(was, form=now.form) == now for was, now in both)
    if reformed:
        yield t(f"{reformed} bài đổi hình thức", f"{reformed} articles of another form")
    if reread := len(both) - reformed:
        yield t(
            f"{reread} bài đổi bản lưu hoặc thông tin, kết luận như cũ",
            f"{reread} articles reread, with the same verdict",
        )


def _is_named(article: Moved) -> bool:
    """Tell whether an article is told by itself: it counts on one side, or its fate changed."""
    was, now = article.before, article.after
    if was is None or now is None:
        return article.gain != 0
    return was.bucket is not now.bucket


def _count(line: ReportLine) -> str:
    return t(spell_count(line.counted), words.count_text(line.counted))


# ---------------------------------------------------------------------------- articles


class _Context(Comparison):
    """Says why an article moved."""

    def reason(self, article: Moved, unit: str) -> str:
        """Give an article with what became of it, and why where that can be told."""
        shown = article.article
        name = t("mã bài", "article")
        return f"“{shown.title}” ({name} {shown.article_id}): {self._said(article, unit)}"

    def _said(self, article: Moved, unit: str) -> str:
        was, now = article.before, article.after
        if was is None and now is not None:
            said = self._elsewhere(self.place_before(now), unit, t("trước ", "before: "))
            return said or t("mới thấy, được tính", "newly seen, counted")
        if now is None and was is not None:
            said = self._elsewhere(self.place_after(was), unit, t("nay ", "now: "))
            return said or t("không còn trong danh sách", "no longer there")
        assert was is not None  # noqa: S101 - a move has at least one side
        assert now is not None  # noqa: S101 - as above
        fates = t(
            f"trước: {words.fate_word(was)}; nay: {words.fate_word(now)}",
            f"before: {words.fate_word(was)}; now: {words.fate_word(now)}",
        )
        causes = ", ".join(self._causes(was, now))
        return f"{fates} ({causes})" if causes else fates

    def _elsewhere(self, place: tuple[str, str] | None, unit: str, when: str) -> str:
        if place is None or place[0] == unit:
            return ""
        if not place[0]:
            return when + t("chưa gắn với đơn vị nào", "no unit's")
        return when + t(f"thuộc {place[1]}", f"{place[1]}'s")

    def _causes(self, was: LineArticle, now: LineArticle) -> Iterator[str]:
        reread = was.version_id != now.version_id
        if reread:
            yield t("bài có bản mới", "a new version")
        if was.day != now.day:
            days = f"{words.day_text(was.day)} → {words.day_text(now.day)}"
            yield t(f"ngày đăng {days}", f"day {days}")
        if not self.same_tagging:
            yield t("đổi bộ phân loại hoặc bộ chủ đề", "another tagger or taxonomy")
        if not self.same_rule:
            yield t("đổi quy tắc đếm", "another counting rule")
        if not self.same_period:
            yield t("đổi kỳ", "another period")
        on_topic = {was.bucket, now.bucket} <= TOPIC_BUCKETS
        same_terms = self.same_tagging and self.same_rule and self.same_period
        if on_topic and not reread and same_terms:
            yield t("ý kiến của người xem", "a person's verdict")


def _unowned(before: Report, after: Report) -> Iterator[Change]:
    was = {article.article_id: article for article in before.unowned}
    now = {article.article_id: article for article in after.unowned}
    new, gone = now.keys() - was.keys(), was.keys() - now.keys()
    changed = sum(was[article] != now[article] for article in was.keys() & now.keys())
    said = [
        *([t(f"{len(new)} bài mới", f"{len(new)} new")] if new else []),
        *([t(f"{len(gone)} bài không còn", f"{len(gone)} no longer")] if gone else []),
        *([t(f"{changed} bài đổi thông tin", f"{changed} reread")] if changed else []),
    ]
    if said:
        label = t("Bài trên trang chưa gắn với đơn vị nào", "Articles that no unit owned")
        details = [f"“{now[a].title}”" for a in sorted(new)]
        yield Change(f"{label}: {', '.join(said)}.", details=tuple(details))


# ------------------------------------------------------------- plans, claims, other outputs


def _claims(before: Report, after: Report) -> Iterator[Change]:
    """Tell claims that are new, gone, or have another verdict, by unit."""
    names = _names(before, after)
    was = {_claim(one): one for one in before.claims}
    now = {_claim(one): one for one in after.claims}
    said: dict[str, list[str]] = {}
    for key in dict.fromkeys((*now, *was)):
        old, new = was.get(key), now.get(key)
        one = new or old
        assert one is not None  # noqa: S101 - one of them is there
        verdicts = [
            words.NOTHING if c is None else words.verdict_word(c.verdict) for c in (old, new)
        ]
        if verdicts[0] != verdicts[1]:
            about = one.title or one.url or words.number_text(one.number)
            said.setdefault(one.unit, []).append(
                f"{one.tag}, {t('ô', 'cell')} {one.cell} “{about}”: {' → '.join(verdicts)}"
            )
    for unit, details in said.items():
        label = t(
            f"{len(details)} kê khai mới, bỏ hoặc đổi kết luận",
            f"{len(details)} claims are new, gone or judged otherwise",
        )
        yield Change(f"{names.get(unit, unit)}: {label}.", unit, details=tuple(details))


def _claim(claim: CheckedClaim) -> tuple[object, ...]:
    return claim.unit, claim.tag, claim.cell, claim.number is None, claim.url, claim.title


def _names(before: Report, after: Report) -> dict[str, str]:
    return {line.unit: line.unit_name for line in (*before.lines, *after.lines)}


# -------------------------------------------------------------------- findings and notes


def _findings(before: Report, after: Report) -> Iterator[Change]:
    """Tell findings apart by what they are about; the same one with other words has changed."""
    names = _names(before, after)
    gone, new = _apart(before.findings, after.findings)
    earlier: dict[tuple[object, ...], list[Finding]] = {}
    for finding in reversed(gone):
        earlier.setdefault(_about(finding), []).append(finding)
    for finding in new:
        same = earlier.get(_about(finding))
        if same:
            old = same.pop()
            was = t("trước: ", "before: ") + f"{old.explanation} ({_held(old)})"
            yield _finding(finding, t("phát hiện đổi", "finding changed"), names, (was,))
        else:
            yield _finding(finding, t("phát hiện mới", "new finding"), names)
    for finding in gone:
        if any(finding is left for left in earlier[_about(finding)]):
            yield _finding(finding, t("không còn phát hiện", "finding gone"), names)


def _held(finding: Finding) -> str:
    """Give what was held against what."""
    return f"{finding.expected or words.NOTHING} ↔ {finding.observed or words.NOTHING}"


def _finding(
    finding: Finding, label: str, names: dict[str, str], details: tuple[str, ...] = ()
) -> Change:
    unit = names.get(finding.unit, finding.unit)
    tag = f", {finding.tag}" if finding.tag else ""
    kind = words.finding_word(finding.kind)
    return Change(
        f"{unit}{tag}: {label} — {kind}. {finding.explanation} ({_held(finding)})",
        finding.unit,
        finding.tag,
        details,
    )


def _about(finding: Finding) -> tuple[object, ...]:
    return (
        finding.kind, finding.unit, finding.tag, finding.article_id, finding.claim_cell,
    )  # fmt: skip


def _notes(before: Report, after: Report) -> Iterator[Change]:
    gone, new = _apart(before.notes, after.notes)
    yield from (Change(t("Ghi chú mới: ", "New note: ") + note) for note in new)
    yield from (Change(t("Không còn ghi chú: ", "Note gone: ") + note) for note in gone)


def _apart(before: Iterable[_T], after: Iterable[_T]) -> tuple[list[_T], list[_T]]:
    """Give what only the first has, and what only the second has, in their order."""
    was, now = Counter(before), Counter(after)
    return list((was - now).elements()), list((now - was).elements())
