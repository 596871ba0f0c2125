"""``tinbai reports answer``: what a unit is told of its self-report."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - Typer reads it at run time
from typing import TYPE_CHECKING, Annotated

import typer

from reports.answers import answer
from reports.build import chosen_formats, file_stem, of_unit, safe_name
from reports.kept import kept_report
from reports.render import notices
from reports.render.answer_sheets import answer_to_docx, answer_to_xlsx
from reports.serial import plain
from storage.captures import capture
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.language import t

if TYPE_CHECKING:
    from reports.answers import Answer
    from storage.engine import Connection
    from storage.records import Report

FORMATS = {"xlsx": answer_to_xlsx, "docx": answer_to_docx}


def add_answer(app: typer.Typer) -> None:
    """Add the command to a group."""
    command(
        app,
        "answer",
        help_vi="Lập phiếu trả lời một đơn vị về báo cáo tự đánh giá: từng dòng đúng, trùng, ngoài "
        "kỳ …, lý do và bản chụp đã lưu (.xlsx, .docx).",
        help_en="Write the answer to a unit's self-report: each line right, double, out of the "
        "period …, with the reason and the archived page (.xlsx, .docx).",
    )(answer_command)


def answer_command(
    session: Session,
    number: Annotated[
        int, typer.Argument(help=t("Số của báo cáo (xem: reports list).", "The report's number."))
    ],
    *,
    unit: Annotated[str, typer.Option(help=t("Mã đơn vị.", "The unit's code."))],
    formats: Annotated[
        str, typer.Option("--format", help=t("Dạng tệp: xlsx, docx.", "Kinds of files."))
    ] = "xlsx,docx",
    out: Annotated[
        Path | None, typer.Option(help=t("Thư mục ghi tệp.", "Folder for the files."))
    ] = None,
) -> int:
    """Write the answer to one unit."""
    chosen = chosen_formats(formats, FORMATS)
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            kept = kept_report(c, number)
            report = of_unit(kept.report, unit)
            found = _answer(c, report, number, unit)
    finally:
        database.close()
    folder = out or session.workspace().reports
    folder.mkdir(parents=True, exist_ok=True)
    files = [
        folder / f"tra-loi-{safe_name(unit)}-{file_stem(report)}.{ending}" for ending in chosen
    ]
    for file, ending in zip(files, chosen, strict=True):
        file.write_bytes(FORMATS[ending](found))
    data = {
        "report_id": number,
        "unit": unit,
        "files": [str(file) for file in files],
        "claims": [plain(line) for line in found.claims],
        "unclaimed": [{"tag": tag, **plain(article)} for tag, article in found.unclaimed],
    }

    def for_people() -> None:
        for warning in notices.warning(kept.report):
            session.out.print(warning, style="bold red", markup=False, soft_wrap=True)
        for line in found.claims:
            claim = line.claim
            named = claim.title or claim.url or str(claim.number)
            session.out.print(
                f"{claim.cell} {claim.tag} “{named}”: {line.result}. {claim.reason}",
                markup=False,
                soft_wrap=True,
            )
        for file in files:
            session.out.print(str(file), markup=False, soft_wrap=True)

    session.answer(data, for_people)
    return DONE


def _answer(c: Connection, report: Report, number: int, unit: str) -> Answer:
    if not report.claims:
        raise InputError(
            t(
                f"Báo cáo số {number} không có kê khai nào của “{unit}” để trả lời.",
                f"Report {number} holds no claim of '{unit}' to answer.",
            )
        )
    ids = {claim.capture_id for claim in report.claims if claim.capture_id is not None}
    return answer(report, number, unit, {one: capture(c, one) for one in ids})
