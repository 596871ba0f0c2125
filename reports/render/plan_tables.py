"""The lines of plans and the work outside the web, as rows of text that every format sets.

Without arithmetic; in the language in use.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.quantities import quantity_text
from reports.render import pace_tables, words
from reports.render.lookup import Lookup
from reports.totals import plan_completions
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.totals import PlanCompletion
    from storage.records import Output, PlanResult, Report

UNCHECKED = ("chưa kiểm chứng tự động", "not checked by a machine")
"""Said of all that a unit states and no machine has seen."""

Rows = list[tuple[str, ...]]


def line_headers() -> tuple[str, ...]:
    """Give the headers of ``line_rows``."""
    return (
        t("TT", "No."),
        t("Nội dung", "Content"),
        t("Chỉ tiêu", "Quantity"),
        t("Cả kỳ kế hoạch", "In all"),
        t("Phải đạt đến nay", "Due by now"),
        t("Xác minh", "Verified"),
        t("Đơn vị tự kê khai", "Stated"),
        t("Tỷ lệ", "Share"),
        t("Kết quả", "Result"),
    )


def line_rows(report: Report) -> list[tuple[str, Rows]]:
    """Give the results by unit: its name, and a row for each line of its plan."""
    lookup = Lookup.of(report)
    grouped = groupby(report.plan_results, key=lambda result: result.unit)
    return [
        (lookup.unit_name(unit), [_line(result) for result in results]) for unit, results in grouped
    ]


def _line(result: PlanResult) -> tuple[str, ...]:
    line = result.line
    verified = share = words.NOTHING
    if result.counted is not None:
        verified = words.count_text(result.counted)
        if result.shared > 1:
            verified += t(f" (chung {result.shared} dòng)", f" ({result.shared} lines together)")
        if result.percent is not None:
            share = words.bounded(words.percentage(result.percent), result.counted)
    return (
        str(line.place),
        f"{line.content} ({', '.join(line.tags)})" if line.on_web and line.tags else line.content,
        quantity_text((line.quantity,)),
        words.number_text(line.planned),
        words.number_text(result.due),
        verified,
        words.number_text(result.stated),
        share,
        _with_pace(result),
    )


def _with_pace(result: PlanResult) -> str:
    """Give the result, and while it is not reached what is left and the pace that it takes."""
    pace = pace_of(result)
    if pace is None or not pace.remaining or words.is_unknown(pace.counted):
        return result_word(result)
    return f"{result_word(result)}; {pace_tables.sentence(pace)}"


def result_word(result: PlanResult) -> str:
    """Give the result of a line in a few words."""
    if result.line.quantity.percent is not None:
        return t("Tỷ lệ, không đếm được từ trang web", "A share, not countable from the web")
    if result.counted is None and result.line.planned is not None:
        return t("Ngoài trang web, ", "Outside the web, ") + t(*UNCHECKED)
    return words.status_word(result.status)


def completions(report: Report) -> Iterator[str]:
    """Say for each unit how many lines of its plan are completed."""
    lookup = Lookup.of(report)
    for done in plan_completions(report):
        if done.lines:
            yield _completion(done, lookup.unit_name(done.unit))


def _completion(done: PlanCompletion, name: str) -> str:
    reached, stated = done.reached, done.reached_with_stated
    text = t(
        f"{name}: xác minh hoàn thành {reached}/{done.lines} dòng kế hoạch có số "
        f"({words.percentage(done.percent)})",
        f"{name}: {reached} of {done.lines} lines with a number verified as completed "
        f"({words.percentage(done.percent)})",
    )
    if done.stated_reached:
        text += t(
            f"; kể cả kết quả ngoài trang web do đơn vị kê khai ({UNCHECKED[0]}): "
            f"{stated}/{done.lines} ({words.percentage(done.percent_with_stated)})",
            f"; with what the unit states of work outside the web ({UNCHECKED[1]}): "
            f"{stated} of {done.lines} ({words.percentage(done.percent_with_stated)})",
        )
    if done.not_verifiable:
        text += t(
            f"; {done.not_verifiable} dòng không xác minh được",
            f"; {done.not_verifiable} not verifiable",
        )
    if said := pace_tables.on_course(done.course):
        text += f"; {said}"
    return text + "."


def output_headers() -> tuple[str, ...]:
    """Give the headers of ``output_rows``."""
    return (
        t("Hình thức", "Form"),
        t("Số lượng", "Number"),
        t("Nội dung", "Content"),
        t("Thời gian", "Days"),
        t("Minh chứng", "Proof"),
        t("Mã băm (SHA-256)", "SHA-256"),
    )


def output_rows(report: Report) -> list[tuple[str, Rows]]:
    """Give what units state, by unit."""
    lookup = Lookup.of(report)
    grouped = groupby(report.outputs, key=lambda output: output.unit)
    return [
        (lookup.unit_name(unit), [_output(output) for output in outputs])
        for unit, outputs in grouped
    ]


def _output(output: Output) -> tuple[str, ...]:
    return (
        output.measure,
        str(output.number),
        output.description,
        words.days_text(output.period),
        output.proof_name or t("không có", "none"),
        output.proof_sha256 or words.NOTHING,
    )
