"""A stored report as it is set on paper: with number and day when it was frozen. A seam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.freezing import Standing, standings, with_number
from reports.serial import from_json
from storage.findings import report_content, stored_reports
from storage.official_reports import official_reports

if TYPE_CHECKING:
    from storage.engine import Connection
    from storage.records import Report, StoredReport


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptReport:
    """A report that was made earlier, and what became of it since."""

    id: int
    report: Report
    """With the number and day that the office gave it, if any."""
    standing: Standing | None
    """None: a working copy."""


def kept_report(c: Connection, number: int) -> KeptReport:
    """Read one.

    Raises:
        DatabaseError: there is none, or it was changed inside the database.
    """
    standing = standings(official_reports(c)).get(number)
    report = with_number(from_json(report_content(c, number)), standing)
    return KeptReport(id=number, report=report, standing=standing)


def in_force(c: Connection) -> list[tuple[StoredReport, bool]]:
    """Give the reports that nothing superseded, and whether each is frozen; the newest first."""
    standing = standings(official_reports(c))
    return [
        (one, one.id in standing)
        for one in stored_reports(c)
        if one.id not in standing or standing[one.id].superseded_by is None
    ]
