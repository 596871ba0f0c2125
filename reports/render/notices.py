"""What the documents that go to units have in common: form, titles, the line for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.render import words
from reports.render.document import OfficialDocument, addressed_to
from storage.language import t

if TYPE_CHECKING:
    from reports.render.document import Annex, Block
    from storage.records import Report


def notice(
    report: Report,
    report_id: int,
    *,
    subject: str,
    body: tuple[Block, ...],
    recipients: tuple[str, ...],
    annexes: tuple[Annex, ...] = (),
) -> OfficialDocument:
    """Give a thông báo made of a report; number and day are left open."""
    return OfficialDocument(
        letterhead=addressed_to(report.letterhead),
        issuer=report.letterhead.name or report.office,
        name="THÔNG BÁO",
        abbreviation="TB",
        subject=subject,
        body=body,
        recipients=recipients,
        annexes=annexes,
        attached_to="(Kèm theo Thông báo)",
        footnote=words.footnote(report, report_id),
    )


def warning(report: Report) -> tuple[str, ...]:
    """Give the line that stands above all else on a copy that is not, or no longer, in force."""
    standing = report.letterhead.standing
    return (standing,) if standing else ()


def first_title(report: Report, about: str) -> str:
    """Give the first line of an Excel sheet; the warning goes before it, so that no row moves."""
    return " · ".join((*warning(report), f"{report.office} — {about}"))


def titles(report: Report, report_id: int, about: str) -> tuple[str, str]:
    """Give the lines above the tables of an Excel file: of whom, of what, as of when."""
    as_of = words.instant_text(report.as_of)
    return (
        first_title(report, about),
        f"{report.period_name} · {words.cited(report, report_id)}"
        + t(f", số liệu đến {as_of}", f", as of {as_of}"),
    )
