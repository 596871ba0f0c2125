"""What was understood of a file, in a table for its sender to check. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.importers.cells import day_text, days_text
from reports.importers.tables import TAGS, known_units
from reports.importers.units import KINDS, LEVELS
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Plan, Registry, SelfReport


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


def of_plans(plans: Sequence[Plan], registry: Registry) -> Summary:
    """Give each plan with its quotas; '—' where no number was set."""
    known = known_units(registry)
    lines = []
    for plan in plans:
        planned = {quota.tag: quota.planned for quota in plan.quotas}
        numbers = [_number(planned.get(tag)) for tag in TAGS]
        who = (plan.unit, known[plan.unit], days_text(plan.period))
        lines.append((*who, *numbers, plan.document_ref or ""))
    document = ("document", t("Số, ký hiệu", "Document"))
    return Summary("plans", t("Kế hoạch", "Plans"), (*_columns(), document), tuple(lines))


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
