"""When an office freezes a report: what must hold, and the state a report is in. Pure.

A report that is made is a working copy (bản làm việc): stored with its digest, without standing.
Frozen (chốt), it has the number and the day that the office gave it. Both are never overwritten; a
frozen report is only ever superseded by a later one, for a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reports.render import words
from storage.folding import tidy
from storage.language import Language, speaking, t
from storage.records import vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from storage.records import OfficialReport, Report, StoredReport


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a stored report."""

    official: OfficialReport | None
    """None: a working copy."""
    superseded_by: OfficialReport | None = None


def standings(officials: Iterable[OfficialReport]) -> dict[int, Standing]:
    """Give the standing of each frozen report, by its id; all others are working copies."""
    known = list(officials)
    later = {one.supersedes: one for one in known if one.supersedes is not None}
    return {one.report_id: Standing(one, later.get(one.report_id)) for one in known}


def issuer(report: Report) -> str:
    """Give the office that a report is signed by."""
    return report.letterhead.name or report.office


def read_number(text: str) -> str:
    """Give a number as it is kept: one line, without 'Số:' in front."""
    number = tidy(text)
    for label in ("số:", "số"):
        if number.lower().startswith(label):
            number = number[len(label) :].strip()
    return number


def refusals(
    asked: OfficialReport,
    *,
    stored: Mapping[int, StoredReport],
    standing: Mapping[int, Standing],
    today: dt.date,
) -> tuple[str, ...]:
    """Say all that keeps a report from being frozen so; nothing: it can be.

    Args:
        asked: about a report that is among ``stored``.
        stored: all reports by id.
        standing: of the frozen ones, by id.
        today: in Vietnam.
    """
    report = stored[asked.report_id]
    return (
        *_on_number(asked, standing),
        *_on_day(asked, report, today),
        *_on_itself(asked, standing),
        *_on_superseded(asked, report, stored, standing),
    )


def _on_number(asked: OfficialReport, standing: Mapping[int, Standing]) -> Iterator[str]:
    if not any(letter.isdecimal() for letter in asked.number):
        yield t(
            f"“{asked.number}” không phải số, ký hiệu văn bản; ghi như sổ văn thư, ví dụ "
            "--number 123/BC-SNV.",
            f"'{asked.number}' is no number of a document; write it as the registry does, e.g. "
            "--number 123/BC-SNV.",
        )
    for known in _officials(standing):
        if known.key == asked.key and known.report_id != asked.report_id:
            year = asked.signed_on.year
            yield t(
                f"Số {asked.number} năm {year} của {asked.issuer} đã cấp cho báo cáo "
                f"{known.report_id}; xem lại sổ văn thư và ghi số khác.",
                f"The number {asked.number} of {asked.issuer} in {year} was given to report "
                f"{known.report_id}; look into the registry and give another.",
            )


def _on_day(asked: OfficialReport, report: StoredReport, today: dt.date) -> Iterator[str]:
    signed, known = words.day_text(asked.signed_on), words.instant_text(report.as_of)
    if asked.signed_on > today:
        yield t(
            f"Ngày ký {signed} chưa tới; ghi ngày trên văn bản đã ký bằng --signed NĂM-THÁNG-NGÀY.",
            f"The day of signing {signed} is still to come; give the day on the signed paper with "
            "--signed YEAR-MONTH-DAY.",
        )
    if asked.signed_on < vietnam_day(report.as_of):
        yield t(
            f"Ngày ký {signed} trước lúc lấy số liệu ({known}); kiểm tra ngày ký, hoặc chọn đúng "
            "báo cáo (tinbai reports list).",
            f"The day of signing {signed} is before the report's facts ({known}); check the day, "
            "or choose the right report (tinbai reports list).",
        )


def _on_itself(asked: OfficialReport, standing: Mapping[int, Standing]) -> Iterator[str]:
    if before := standing.get(asked.report_id):
        assert before.official is not None  # noqa: S101 - working copies have no entry
        name = named(before.official)
        yield t(
            f"Báo cáo {asked.report_id} đã chốt ({name}), không chốt lại. Muốn sửa: lập báo cáo "
            f"mới rồi chốt bản mới với --supersedes {asked.report_id} --why “lý do”.",
            f"Report {asked.report_id} is frozen already ({name}). To correct it, make a new "
            f"report and freeze that one with --supersedes {asked.report_id} --why REASON.",
        )


def _on_superseded(
    asked: OfficialReport,
    report: StoredReport,
    stored: Mapping[int, StoredReport],
    standing: Mapping[int, Standing],
) -> Iterator[str]:
    if (asked.supersedes is None) != (not asked.why):
        yield t(
            "--supersedes và --why đi cùng nhau: thay báo cáo nào, vì sao.",
            "--supersedes and --why go together: which report is superseded, and why.",
        )
    if asked.supersedes is None:
        yield from _on_others(report, stored, standing)
        return
    old, before = stored.get(asked.supersedes), standing.get(asked.supersedes)
    number = asked.supersedes
    if old is None or before is None:
        yield t(
            f"Báo cáo {number} chưa chốt nên không cần thay; bỏ --supersedes, hoặc chọn báo cáo "
            "đã chốt (tinbai reports list).",
            f"Report {number} is not frozen, so there is nothing to supersede; leave out "
            "--supersedes, or choose a frozen report (tinbai reports list).",
        )
        return
    if before.superseded_by is not None:
        later = before.superseded_by
        yield t(
            f"Báo cáo {number} đã thay bằng báo cáo {later.report_id} ({named(later)}); thay báo "
            f"cáo đó: --supersedes {later.report_id}.",
            f"Report {number} is superseded by report {later.report_id} ({named(later)}); "
            f"supersede that one: --supersedes {later.report_id}.",
        )
    if old.under != report.under or not old.period.overlaps(report.period):
        yield t(
            f"Báo cáo {number} ({old.period_code}) không cùng kỳ hoặc không cùng phạm vi đơn vị "
            f"với báo cáo {report.id} ({report.period_code}) nên không thay được; chọn lại.",
            f"Report {number} ({old.period_code}) is on other days or other units than report "
            f"{report.id} ({report.period_code}); choose again.",
        )
    elif old.as_of > report.as_of:
        yield t(
            f"Số liệu của báo cáo {report.id} cũ hơn của báo cáo {number}; lập báo cáo mới rồi "
            "chốt bản đó.",
            f"The facts of report {report.id} are older than those of report {number}; make a new "
            "report and freeze that one.",
        )


def _on_others(
    report: StoredReport, stored: Mapping[int, StoredReport], standing: Mapping[int, Standing]
) -> Iterator[str]:
    """One frozen report in force for the same days and units."""
    for number, one in standing.items():
        other = stored[number]
        if (
            one.official is not None
            and one.superseded_by is None
            and number != report.id
            and (other.period, other.under) == (report.period, report.under)
        ):
            yield t(
                f"Kỳ {report.period_code} đã có báo cáo {number} chốt ({named(one.official)}); "
                f"nếu bản này thay bản đó, ghi --supersedes {number} --why “lý do”.",
                f"The period {report.period_code} has report {number}, frozen "
                f"({named(one.official)}); to supersede it, add --supersedes {number} --why "
                "REASON.",
            )


def _officials(standing: Mapping[int, Standing]) -> Iterator[OfficialReport]:
    return (one.official for one in standing.values() if one.official is not None)


# ------------------------------------------------------------------------------ in words


def named(official: OfficialReport) -> str:
    """Give number and day, e.g. 'số 123/BC-SNV ngày 16/07/2026'."""
    day = words.day_text(official.signed_on)
    return t(f"số {official.number} ngày {day}", f"no. {official.number} of {day}")


def state_text(standing: Standing | None) -> str:
    """Say what became of a report, for a list."""
    if standing is None or standing.official is None:
        return t("bản làm việc", "working copy")
    frozen = t(f"đã chốt, {named(standing.official)}", f"frozen, {named(standing.official)}")
    if standing.superseded_by is None:
        return frozen
    later = standing.superseded_by
    return frozen + t(
        f"; đã thay bằng báo cáo {later.report_id} ({named(later)})",
        f"; superseded by report {later.report_id} ({named(later)})",
    )


def superseded_text(later: OfficialReport) -> str:
    """Say by which report one was superseded, and why."""
    return t(
        f"BÁO CÁO NÀY ĐÃ ĐƯỢC THAY bằng báo cáo {later.report_id} ({named(later)}). "
        f"Lý do: {later.why}",
        f"SUPERSEDED by report {later.report_id} ({named(later)}). Why: {later.why}",
    )


def headings(standing: Standing | None) -> Iterator[str]:
    """Say above a report what became of it; the first line is the one not to be missed."""
    if standing is not None and standing.superseded_by is not None:
        yield superseded_text(standing.superseded_by)
    if standing is None or (official := standing.official) is None:
        yield t("Bản làm việc, chưa chốt.", "A working copy, not frozen.")
        return
    yield t(
        f"Đã chốt: {official.issuer}, {named(official)}.",
        f"Frozen: {official.issuer}, {named(official)}.",
    )
    if official.supersedes is not None:
        yield t(
            f"Thay báo cáo {official.supersedes}. Lý do: {official.why}",
            f"Supersedes report {official.supersedes}. Why: {official.why}",
        )


def with_number(report: Report, standing: Standing | None) -> Report:
    """Give the report as others are made of it: a frozen one with number and day.

    When it was superseded it says so, in Vietnamese.
    """
    if standing is None or (official := standing.official) is None:
        return report
    later = standing.superseded_by
    with speaking(Language.VI):
        head = replace(
            report.letterhead,
            number=official.number,
            signed_on=official.signed_on,
            standing="" if later is None else superseded_text(later),
        )
    return replace(report, letterhead=head)


def as_copy(report: Report, standing: Standing | None, *, is_to_sign: bool = False) -> Report:
    """Give the report as its own files show it: as ``with_number``; a working copy says so.

    What is to be signed does not say so: it is signed first, and frozen with the number that it
    then has.
    """
    if standing is not None and standing.official is not None:
        return with_number(report, standing)
    if is_to_sign:
        return report
    return replace(report, letterhead=replace(report.letterhead, standing=WORKING_COPY))


WORKING_COPY = "BẢN LÀM VIỆC, CHƯA CHỐT"
