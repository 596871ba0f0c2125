"""What changed in the lines of plans from one report to another, and from which file. Pure.

An amended plan supersedes: its lines are paired with those before by what they say, and only what
finds no partner is new or gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.quantities import quantity_text
from reports.render import plan_tables, words
from storage.folding import fold
from storage.language import t
from storage.records import PlanResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from storage.records import DayInterval, Output, Report


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What changed in one unit's plan, or in its work outside the web."""

    unit: str
    sentence: str
    details: tuple[str, ...]
    """A line each."""


Pair = tuple[PlanResult | None, PlanResult | None]
"""A line before and after; None: it was not, or is no longer."""


def plan_changes(before: Report, after: Report) -> Iterator[PlanChange]:
    """Give what changed by unit, in the order of the later report."""
    names = {line.unit: line.unit_name for line in (*before.lines, *after.lines)}
    was, now = _by_plan(before), _by_plan(after)
    for key in dict.fromkeys((*now, *was)):
        old, new = was.get(key, []), now.get(key, [])
        if old != new:
            unit, days = key
            name = names.get(unit, unit)
            label = t("kế hoạch", "plan")
            sentence = f"{name}: {label} {words.days_text(days)}: {_summary(old, new)}."
            details = (_detail(*pair) for pair in pairs(old, new) if _is_told(*pair))
            yield PlanChange(unit, sentence, tuple(details))
    yield from _outputs(before, after, names)


def _by_plan(report: Report) -> dict[tuple[str, DayInterval], list[PlanResult]]:
    found: dict[tuple[str, DayInterval], list[PlanResult]] = defaultdict(list)
    for result in report.plan_results:
        found[result.unit, result.period].append(result)
    return dict(found)


def pairs(old: Sequence[PlanResult], new: Sequence[PlanResult]) -> list[Pair]:
    """Pair the lines of two plans: by all that they say, by content and form, by content, by place.

    In the order of the later plan, then what is gone.
    """
    left, partners = list(old), dict[int, PlanResult]()
    alike: tuple[Callable[[PlanResult], object], ...] = (
        lambda result: (_about(result), result.line.quantity),
        lambda result: (_about(result), result.line.quantity.form),
        _about,
        lambda result: result.line.place,
    )
    for key in alike:
        waiting: dict[object, list[PlanResult]] = defaultdict(list)
        for result in left:
            waiting[key(result)].append(result)
        for place, result in enumerate(new):
            same = waiting[key(result)]
            if place not in partners and same:
                partners[place] = same.pop(0)
        taken = {id(result) for result in partners.values()}
        left = [result for result in left if id(result) not in taken]
    return [
        *((partners.get(place), result) for place, result in enumerate(new)),
        *((result, None) for result in left),
    ]


def _about(result: PlanResult) -> tuple[str, tuple[str, ...]]:
    return fold(result.line.content), result.line.tags


def _summary(old: Sequence[PlanResult], new: Sequence[PlanResult]) -> str:
    paired = pairs(old, new)
    amended = sum(a is not None and b is not None and bool(_amended(a, b)) for a, b in paired)
    judged = sum(a is not None and b is not None and bool(_judged(a, b)) for a, b in paired)
    counts = (
        (amended, t("dòng sửa", "amended")),
        (sum(a is None for a, _ in paired), t("dòng thêm", "new")),
        (sum(b is None for _, b in paired), t("dòng bỏ", "gone")),
        (judged, t("dòng đổi kết quả", "with another result")),
    )
    said = [f"{number} {what}" for number, what in counts if number]
    files = [", ".join(dict.fromkeys(r.source_name for r in side)) for side in (old, new)]
    if _digests(old) != _digests(new):
        said.append(t("tệp ", "file ") + " → ".join(file or words.NOTHING for file in files))
    return "; ".join(said) or t("đổi thông tin", "other details")


def _digests(results: Sequence[PlanResult]) -> set[str]:
    return {result.source_sha256 for result in results}


def _is_told(old: PlanResult | None, new: PlanResult | None) -> bool:
    return old is None or new is None or bool(_amended(old, new) or _judged(old, new))


def _detail(old: PlanResult | None, new: PlanResult | None) -> str:
    shown = new or old
    assert shown is not None  # noqa: S101 - a pair has at least one side
    line = t("dòng", "line")
    name = f"{line} {shown.line.place} “{plan_tables.content_text(shown)}”"
    if old is None or new is None:
        fate = t("thêm", "new") if old is None else t("bỏ", "gone")
        said = [f"{fate}: {_quantity(shown)}"]
    else:
        said = [*_amended(old, new), *_judged(old, new)]
    return f"{name}: {'; '.join(said)} [{_places(old, new)}]"


def _places(old: PlanResult | None, new: PlanResult | None) -> str:
    """Give the file and cell of both sides, once when they are the same."""
    places = [_place(result) for result in (old, new) if result is not None]
    return " → ".join(dict.fromkeys(places))


def _place(result: PlanResult) -> str:
    return ", ".join(part for part in (result.source_name, result.line.cell) if part)


def _quantity(result: PlanResult) -> str:
    return quantity_text((result.line.quantity,))


def _amended(old: PlanResult, new: PlanResult) -> list[str]:
    """Say what the plan says otherwise."""
    named: tuple[tuple[str, Callable[[PlanResult], str]], ...] = (
        (t("nội dung", "content"), plan_tables.content_text),
        (t("chỉ tiêu", "quantity"), _quantity),
        (t("cả kỳ", "in all"), lambda r: words.number_text(r.line.planned)),
        (t("hạn", "by"), lambda r: words.day_text(r.line.due)),
        (t("chủ trì", "lead"), lambda r: r.line.lead or words.NOTHING),
        (t("kiểm đếm", "counted"), _counted_where),
    )
    return _told(named, old, new)


def _judged(old: PlanResult, new: PlanResult) -> list[str]:
    """Say what is seen or concluded otherwise."""
    named: tuple[tuple[str, Callable[[PlanResult], str]], ...] = (
        (t("cách xét", "judged"), _judged_how),
        (t("phải đạt đến nay", "due by now"), lambda r: words.number_text(r.due)),
        (t("xác minh", "verified"), plan_tables.verified_text),
        (t("tự kê khai", "stated"), lambda r: words.number_text(r.stated)),
        (t("kết quả", "result"), plan_tables.result_word),
    )
    return _told(named, old, new)


def _told(
    named: tuple[tuple[str, Callable[[PlanResult], str]], ...], old: PlanResult, new: PlanResult
) -> list[str]:
    return [
        f"{name} {value(old)} → {value(new)}" for name, value in named if value(old) != value(new)
    ]


def _counted_where(result: PlanResult) -> str:
    return t("trên trang web", "on the website") if result.line.on_web else t(
        "ngoài trang web", "outside the web"
    )  # fmt: skip


def _judged_how(result: PlanResult) -> str:
    return t("riêng tin, bài", "by form") if result.by_form else t("gộp tin, bài", "pooled")


def _outputs(before: Report, after: Report, names: dict[str, str]) -> Iterator[PlanChange]:
    was, now = Counter(before.outputs), Counter(after.outputs)
    gone, new = list((was - now).elements()), list((now - was).elements())
    label = t("kết quả ngoài trang web", "work outside the web")
    for unit in dict.fromkeys(output.unit for output in (*new, *gone)):
        details = [
            f"{fate}: {_output(output)}"
            for fate, outputs in ((t("thêm", "new"), new), (t("bỏ", "gone"), gone))
            for output in outputs
            if output.unit == unit
        ]
        unchecked = t(*plan_tables.UNCHECKED)
        sentence = f"{names.get(unit, unit)}: {label} ({unchecked}): {len(details)}"
        yield PlanChange(unit, sentence + t(" thay đổi.", " changes."), tuple(details))


def _output(output: Output) -> str:
    days = words.days_text(output.period)
    what = f"{output.measure} {output.description}".strip()
    return f"{output.number} {what}, {days} [{output.source_name}, {output.cell}]"
