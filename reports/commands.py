"""``tinbai report``, and ``tinbai reports``, which is about those that were made."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reports.build import (
    FORMATS,
    USUAL_FORMATS,
    MadeReport,
    chosen_formats,
    make_report,
    of_unit,
)
from reports.calendar import Period, in_window, parse_as_of, parse_period
from reports.options import PERIOD, AsOfOption, RuleOption
from reports.render.terminal import findings_summary, further_tables, plan_lines, report_table
from reports.rule_commands import reports_app
from reports.rule_file import choose_rule
from reports.serial import to_data
from reports.template_commands import TemplateOption, chosen_template
from reports.verification import ALARMS
from storage.console import DONE, FINDINGS, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.errors import TinbaiError
from storage.language import t
from storage.records import FindingKind, FindingState, vietnam_day
from storage.version import code_version

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from storage.records import Report
    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
app.add_typer(reports_app, name="reports")

_Out = Annotated[Path | None, typer.Option(help=t("Thư mục ghi tệp.", "Folder for the files."))]


def exit_code(report: Report) -> int:
    """Give 1 when something must be acted on, else 3 when something could not be verified."""
    if has_alarms(report):
        return FINDINGS
    kinds = {finding.kind for finding in report.findings}
    return INCOMPLETE if FindingKind.NOT_VERIFIABLE in kinds else DONE


def has_alarms(report: Report) -> bool:
    """Tell whether a finding must be acted on; one that was accepted is done with."""
    return any(
        finding.kind in ALARMS and finding.state is not FindingState.ACCEPTED
        for finding in report.findings
    )


def period_or_year(code: str | None, session: Session) -> Period:
    """Give the period asked for; else the calendar year of the clock's day, as plans have it."""
    return parse_period(code or str(vietnam_day(session.clock.now()).year))


def report_on(
    session: Session,
    workspace: Workspace,
    period: Period,
    *,
    as_of: dt.datetime | None = None,
    formats: Sequence[str] = USUAL_FORMATS,
    folder: Path | None = None,
    rule: str | None = None,
    under: str | None = None,
    template: Path | None = None,
) -> MadeReport:
    """Make, store and write the report on a period; as of now unless said otherwise.

    ``rule`` names one of the workspace's counting rules; None: the one in force. ``template``
    goes before the one in the settings.
    """
    now = session.clock.now()
    counting = choose_rule(workspace.folder, rule)
    chosen = chosen_template(workspace, template, formats)
    database = open_database(workspace)
    try:
        made = make_report(
            database,
            office=workspace.settings.office_name,
            period=in_window(period, counting.window, as_of=as_of or now),
            as_of=as_of or now,
            made_at=now,
            code_version=code_version(),
            folder=folder or workspace.reports,
            formats=formats,
            rule=counting,
            under=under,
            letterhead=workspace.settings.letterhead,
            template=chosen.template,
        )
    finally:
        database.close()
    return replace(made, template_problem=chosen.problem or made.template_problem)


def try_report(session: Session, workspace: Workspace, period: Period) -> MadeReport | str:
    """Make the report, or say why it cannot be made: the rest of a night stands without it."""
    try:
        return report_on(session, workspace, period)
    except TinbaiError as error:
        return str(error)


def made_data(made: MadeReport | str) -> dict[str, Any]:
    """Give what ``try_report`` gave, for machines: the report itself lies in its JSON file."""
    if isinstance(made, str):
        return {"error": made}
    kinds = Counter(finding.kind.value for finding in made.report.findings)
    return {
        "report_id": made.report_id,
        "period": made.report.period_code,
        "files": [str(file) for file in made.files],
        "template_problem": made.template_problem,
        "findings": dict(sorted(kinds.items())),
    }


def print_made(session: Session, made: MadeReport | str) -> None:
    """Print what ``try_report`` gave, for people."""
    if isinstance(made, str):
        session.out.print(made, markup=False, style="red", soft_wrap=True)
    else:
        show_report(session, made, made.report)


@command(
    app,
    "report",
    help_vi="Lập báo cáo của một kỳ (bản làm việc), lưu lại và xuất tệp. Khi đã ký: tinbai reports "
    "freeze. Mã thoát: 0 không có gì phải xem · 1 có chênh lệch phải xem · 3 chỉ có điều chưa kiểm "
    "được, hoặc mẫu Word trong tinbai.toml không dùng được.",
    help_en="Make, store and write the report on a period (a working copy). Once signed: tinbai "
    "reports freeze. Exit code: 0 nothing to look at · 1 findings to act on · 3 only things that "
    "could not be verified, or the Word template in tinbai.toml cannot be used.",
)
def report_command(
    session: Session,
    *,
    period: Annotated[str, PERIOD],
    as_of: AsOfOption = None,
    unit: Annotated[
        str | None,
        typer.Option(
            help=t(
                "Chỉ in đơn vị này (mã đơn vị); tệp vẫn đủ các đơn vị.",
                "Print this unit only (its code); the files hold all units.",
            )
        ),
    ] = None,
    under: Annotated[
        str | None,
        typer.Option(
            help=t(
                "Chỉ lập cho đơn vị này (mã đơn vị) và mọi đơn vị trực thuộc.",
                "Report on this unit only (its code) and all units below it.",
            )
        ),
    ] = None,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            help=t("Dạng tệp, cách nhau dấu phẩy: ", "Kinds of files: ") + ", ".join(FORMATS),
        ),
    ] = ",".join(USUAL_FORMATS),
    template: TemplateOption = None,
    rule: RuleOption = None,
    out: _Out = None,
) -> int:
    """Make a report."""
    made = report_on(
        session,
        session.workspace(),
        parse_period(period),
        as_of=parse_as_of(as_of) if as_of else None,
        formats=chosen_formats(formats),
        folder=out,
        rule=rule,
        under=under,
        template=template,
    )
    shown = of_unit(made.report, unit) if unit else made.report
    data = {
        "report_id": made.report_id,
        "files": [str(file) for file in made.files],
        "template_problem": made.template_problem,
        "report": to_data(shown),
    }
    session.answer(data, lambda: show_report(session, made, shown))
    return exit_code(shown) if made.template_problem is None else INCOMPLETE


def show_report(session: Session, made: MadeReport, shown: Report) -> None:
    """Print the table, how much was found, and where the files lie."""
    session.out.print(
        t(
            f"Báo cáo {made.report_id}: bản làm việc, chưa chốt.",
            f"Report {made.report_id}: a working copy, not frozen.",
        ),
        markup=False,
    )
    session.out.print(report_table(shown))
    for part in (*further_tables(shown), *plan_lines(shown)):
        session.out.print(part)
    session.out.print(findings_summary(shown))
    if shown.unowned:
        session.out.print(
            t(
                f"{len(shown.unowned)} bài nằm trên trang chưa gắn với đơn vị nào.",
                f"{len(shown.unowned)} articles lie on sites that no unit owned.",
            ),
            style="yellow",
        )
    for file in made.files:
        session.out.print(str(file), markup=False, soft_wrap=True)
    if made.template_problem is not None:
        session.out.print(made.template_problem, style="red", markup=False, soft_wrap=True)
