"""What was understood of a file, in a table for its sender to check. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.importers.cells import day_text, days_text
from reports.importers.tables import TAGS
from reports.importers.unit_cells import known_units
from reports.importers.units import KINDS, LEVELS
from reports.quantities import quantity_text
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Output, Plan, PlanLine, Registry, SelfReport


@dataclass(frozen=True, slots=True)
class Summary:
    """One table, all as text."""

    key: str
    """Its name for machines."""
    title: str
    columns: tuple[tuple[str, str], ...]
    """Key and header of each column."""
    lines: tuple[tuple[str, ...], ...]

    def as_data(self) -> dict[str, object]:
        """Give the same for machines, under keys that no language changes."""
        keys = [key for key, _ in self.columns]
        lines = [dict(zip(keys, line, strict=True)) for line in self.lines]
        return {"table": self.key, "count": len(lines), "lines": lines}


def of_registry(registry: Registry) -> tuple[Summary, ...]:
    """Give units, successions and sites."""
    days = ("days", t("Thời gian", "Days"))
    return (
        Summary(
            "units",
            t("Đơn vị", "Units"),
            (
                ("unit", t("Mã", "Code")),
                ("name", t("Tên", "Name")),
                ("level", t("Cấp", "Level")),
                ("parent", t("Cấp trên", "Parent")),
                days,
            ),
            tuple(
                (n.unit, n.name, LEVELS[n.level][0], n.parent or "", days_text(n.valid))
                for n in registry.names
            ),
        ),
        Summary(
            "successions",
            t("Kế thừa", "Successions"),
            (
                ("predecessor", t("Cũ", "Old")),
                ("successor", t("Mới", "New")),
                ("kind", t("Hình thức", "Kind")),
                ("effective_on", t("Từ ngày", "From")),
            ),
            tuple(
                (s.predecessor, s.successor, KINDS[s.kind][0], day_text(s.effective_on))
                for s in registry.successions
            ),
        ),
        Summary(
            "sites",
            t("Trang web", "Sites"),
            (
                ("site", t("Mã trang", "Site")),
                ("base_url", t("Địa chỉ", "Address")),
                ("unit", t("Đơn vị", "Unit")),
                days,
            ),
            tuple((o.site, o.base_url, o.unit, days_text(o.valid)) for o in registry.owners),
        ),
    )


def of_plans(plans: Sequence[Plan], registry: Registry) -> tuple[Summary, ...]:
    """Give each plan with its quotas, and the lines of those that have some; '—': no number."""
    known = known_units(registry)
    lines = []
    for plan in plans:
        planned = {quota.tag: quota.planned for quota in plan.quotas}
        numbers = [_number(planned.get(tag)) for tag in TAGS]
        who = (plan.unit, known[plan.unit], days_text(plan.period))
        lines.append((*who, *numbers, plan.document_ref or ""))
    document = ("document", t("Số, ký hiệu", "Document"))
    whole = Summary("plans", t("Kế hoạch", "Plans"), (*_columns(), document), tuple(lines))
    return (whole, _of_lines(plans)) if any(plan.lines for plan in plans) else (whole,)


def _of_lines(plans: Sequence[Plan]) -> Summary:
    return Summary(
        "plan_lines",
        t("Dòng kế hoạch", "Lines"),
        (
            ("unit", t("Mã", "Code")),
            ("place", t("TT", "No")),
            ("name", t("Nội dung", "Content")),
            ("tags", t("Nhóm", "Tags")),
            ("quantity", t("Hiểu là", "Read as")),
            ("due", t("Hạn", "Due")),
            ("planned", t("Cả kỳ", "In all")),
            ("counted", t("Kiểm đếm", "Counted")),
            ("cell", t("Ô", "Cell")),
        ),
        tuple(
            (
                plan.unit,
                str(line.place),
                line.content,
                ", ".join(line.tags),
                quantity_text((line.quantity,)),
                "" if line.due is None else day_text(line.due),
                _number(line.planned),
                _counted(line),
                line.cell,
            )
            for plan in plans
            for line in plan.lines
        ),
    )


def _counted(line: PlanLine) -> str:
    """Say whether a line is counted from the website."""
    if line.on_web:
        return t("trên trang web", "on the website")
    if line.quantity.percent is not None:
        return t("tỷ lệ, không đếm được", "a share, not countable")
    return t("ngoài trang web", "outside the web")


def of_outputs(outputs: Sequence[Output]) -> Summary:
    """Give each statement on work outside the web."""
    return Summary(
        "outputs",
        t("Kết quả ngoài trang web", "Work outside the web"),
        (
            ("unit", t("Mã", "Code")),
            ("period", t("Thời gian", "Days")),
            ("form", t("Hình thức", "Form")),
            ("number", t("Số lượng", "Number")),
            ("name", t("Nội dung", "Content")),
            ("proof", t("Minh chứng", "Proof")),
        ),
        tuple(
            (
                output.unit,
                days_text(output.period),
                output.measure,
                str(output.number),
                output.description,
                output.proof_name or t("không có", "none"),
            )
            for output in outputs
        ),
    )


def of_self_reports(reports: Sequence[SelfReport], registry: Registry) -> Summary:
    """Give each self-report with its totals and the length of its list of articles."""
    known = known_units(registry)
    lines = []
    for report in reports:
        totals = {c.tag: c.number for c in report.claims if c.number is not None}
        numbers = [_number(totals.get(tag)) for tag in TAGS]
        listed = len({claim.cell for claim in report.claims if claim.number is None})
        who = (report.unit, known[report.unit], days_text(report.period))
        lines.append((*who, *numbers, str(listed)))
    articles = ("articles", t("Bài kê khai", "Articles"))
    return Summary(
        "self_reports", t("Tự báo cáo", "Self-reports"), (*_columns(), articles), tuple(lines)
    )


def _columns() -> tuple[tuple[str, str], ...]:
    return (
        ("unit", t("Mã", "Code")),
        ("name", t("Tên", "Name")),
        ("period", t("Kỳ", "Period")),
        *((tag, tag) for tag in TAGS),
    )


def _number(number: int | None) -> str:
    return "—" if number is None else str(number)
