"""The lines of plans and the work outside the web, as rows of text that every format sets.

Without arithmetic; in the language in use.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from reports.quantities import quantity_text
from reports.render import words
from reports.render.lookup import Lookup
from reports.render.pace_words import on_course
from reports.totals import plan_completions
from storage.language import t
from storage.records import LineStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.totals import PlanCompletion
    from storage.records import Output, PlanResult, Report

UNCHECKED = ("chưa kiểm chứng tự động", "not checked by a machine")
"""Said of all that a unit states and no machine has seen."""

Rows = list[tuple[str, ...]]


Column: TypeAlias = Literal[
    "place", "content", "lead", "quantity", "due_day", "planned", "due", "verified", "stated",
    "share", "result", "file", "cell",
]  # fmt: skip
ALL: tuple[Column, ...] = get_args(Column)
BRIEF: tuple[Column, ...] = (
    "place", "content", "quantity", "planned", "due", "verified", "stated", "share", "result",
)  # fmt: skip
"""What has room on a page."""


def line_headers(columns: Sequence[Column] = ALL) -> tuple[str, ...]:
    """Give the headers of ``line_rows``."""
    headers: dict[Column, str] = {
        "place": t("TT", "No."),
        "content": t("Nội dung", "Content"),
        "lead": t("Cơ quan chủ trì", "Lead"),
        "quantity": t("Chỉ tiêu", "Quantity"),
        "due_day": t("Hạn", "By"),
        "planned": t("Cả kỳ kế hoạch", "In all"),
        "due": t("Phải đạt đến nay", "Due by now"),
        "verified": t("Xác minh", "Verified"),
        "stated": t("Đơn vị tự kê khai", "Stated"),
        "share": t("Tỷ lệ", "Share"),
        "result": t("Kết quả", "Result"),
        "file": t("Tệp kế hoạch", "File of the plan"),
        "cell": t("Ô", "Cell"),
    }
    return tuple(headers[column] for column in columns)


def line_rows(report: Report, columns: Sequence[Column] = ALL) -> list[tuple[str, Rows]]:
    """Give the results by unit: its name, and a row for each line of its plan."""
    lookup = Lookup.of(report)
    grouped = groupby(report.plan_results, key=lambda result: result.unit)
    return [
        (lookup.unit_name(unit), [line_row(result, columns) for result in results])
        for unit, results in grouped
    ]


def line_row(result: PlanResult, columns: Sequence[Column] = ALL) -> tuple[str, ...]:
    """Give one line of a plan with its result."""
    line, share = result.line, words.NOTHING
    if result.counted is not None and result.percent is not None:
        share = words.bounded(words.percentage(result.percent), result.counted)
    texts: dict[Column, str] = {
        "place": str(line.place),
        "content": content_text(result),
        "lead": line.lead or words.NOTHING,
        "quantity": quantity_text((line.quantity,)),
        "due_day": words.day_text(line.due),
        "planned": words.number_text(line.planned),
        "due": words.number_text(result.due),
        "verified": verified_text(result),
        "stated": words.number_text(result.stated),
        "share": share,
        "result": result_word(result),
        "file": result.source_name or words.NOTHING,
        "cell": line.cell,
    }
    return tuple(texts[column] for column in columns)


def content_text(result: PlanResult) -> str:
    """Give what a line is about, with the tags whose posts count for it."""
    line = result.line
    return f"{line.content} ({', '.join(line.tags)})" if line.on_web and line.tags else line.content


def line_name(result: PlanResult) -> str:
    """Name a line: its place in the plan, what it is about, how much it asks for."""
    line = result.line
    return f"{line.place}. {content_text(result)}: {quantity_text((line.quantity,))}"


def verified_text(result: PlanResult) -> str:
    """Give what was seen: '12', '≥ 12', of doubtful form '3–5'; and who shares it."""
    if result.counted is None:
        return words.NOTHING
    text = words.count_text(result.counted)
    if result.at_most is not None and not result.counted.is_exact:
        text = f"{result.counted.posts}–{result.at_most}"
    if result.shared > 1:
        text += t(f" (chung {result.shared} dòng)", f" ({result.shared} lines together)")
    return text


def result_word(result: PlanResult) -> str:
    """Give the result of a line in a few words."""
    if result.line.quantity.percent is not None:
        return t("Tỷ lệ, không đếm được từ trang web", "A share, not countable from the web")
    if result.counted is None and result.line.planned is not None:
        return t("Ngoài trang web, ", "Outside the web, ") + t(*UNCHECKED)
    word = words.status_word(result.status)
    if result.lacking and result.status is LineStatus.NOT_VERIFIABLE:
        return word + t(
            f"; tin và bài cộng lại thiếu ít nhất {result.lacking}",
            f"; tin and bài lack at least {result.lacking} together",
        )
    return word


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
    if said := on_course(done.course):
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
