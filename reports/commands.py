"""``tinbai report | articles | explain``, with ``tinbai reports`` and ``tinbai import``."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from reports.articles import FATES, ListedArticle, Wanted, list_articles
from reports.build import (
    FORMATS,
    USUAL_FORMATS,
    MadeReport,
    chosen_formats,
    make_report,
    of_unit,
)
from reports.calendar import Period, in_window, parse_as_of, parse_day, parse_period
from reports.explain import explain
from reports.explain_html import to_html
from reports.explain_text import to_lines
from reports.export import as_data, to_csv, to_jsonl
from reports.render import words
from reports.render.terminal import findings_summary, further_tables, plan_lines, report_table
from reports.rule_commands import reports_app
from reports.rule_file import choose_rule
from reports.serial import plain, to_data
from reports.template_commands import TemplateOption, chosen_template
from reports.verification import ALARMS
from storage.console import DONE, FINDINGS, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.errors import InputError, TinbaiError
from storage.language import t
from storage.records import DayInterval, Exclusion, FindingKind, FindingState, vietnam_day
from storage.version import code_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Report
    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
app.add_typer(reports_app, name="reports")

_Period = typer.Option(
    "--period",
    "-p",
    help=t(
        "Kỳ: 2022-09, 2022-Q3, 2022-H1, 2022-9M, 2022 (dương lịch); BC-2022-Q3 (kỳ báo cáo từ ngày "
        "15 đến ngày 14); 2022-01-01..2022-10-10 (kể cả ngày đầu và ngày cuối).",
        "Period: 2022-09, 2022-Q3, 2022-H1, 2022-9M, 2022 (calendar); BC-2022-Q3 (reporting "
        "window, 15th to 14th); 2022-01-01..2022-10-10 (both days included).",
    ),
)

_Rule = Annotated[
    str | None,
    typer.Option(
        "--rule",
        help=t(
            "Quy tắc đếm, theo tên trong quy-tac.yml (xem: reports rules).",
            "Counting rule, by its name in quy-tac.yml (see: reports rules).",
        ),
    ),
]
_Out = Annotated[Path | None, typer.Option(help=t("Thư mục ghi tệp.", "Folder for the files."))]
_Export = Annotated[
    Path | None, typer.Option(help=t("Ghi ra tệp .jsonl hoặc .csv.", "A .jsonl or .csv file."))
]


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
    """Make, freeze and write the report on a period; as of now unless said otherwise.

    ``rule`` names one of the workspace's counting rules; None: the one in force. ``template``
    goes before the one in the settings.
    """
    now = session.clock.now()
    counting = choose_rule(workspace.folder, rule)
    tried = chosen_template(workspace, template, formats)
    database = open_database(workspace)
    try:
        return make_report(
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
            template=tried,
        )
    finally:
        database.close()


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
    "được.",
    help_en="Make, store and write the report on a period (a working copy). Once signed: tinbai "
    "reports freeze. Exit code: 0 nothing to look at · 1 findings to act on · 3 only things that "
    "could not be verified.",
)
def report_command(
    session: Session,
    *,
    period: Annotated[str, _Period],
    as_of: Annotated[
        str | None,
        typer.Option(
            help=t(
                "Chỉ dùng những gì đã biết đến lúc này: ngày (hết ngày) hoặc ngày giờ kèm múi giờ.",
                "Use only what was known by then: a day (its end) or an instant with its zone.",
            )
        ),
    ] = None,
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
    rule: _Rule = None,
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
        "report": to_data(shown),
    }
    session.answer(data, lambda: show_report(session, made, shown))
    return exit_code(shown)


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


@command(
    app,
    "articles",
    help_vi="Liệt kê, lọc và xuất các bài đã thấy. Có --period: kèm kết quả của từng thẻ, bỏ bài "
    "ngoài kỳ (trừ khi --fate out_of_period).",
    help_en="List, filter and export the articles seen. With --period: what became of each, "
    "without those of other periods (unless --fate out_of_period).",
)
def articles_command(
    session: Session,
    *,
    unit: Annotated[str | None, typer.Option(help=t("Mã đơn vị.", "Unit's code."))] = None,
    site: Annotated[str | None, typer.Option(help=t("Mã trang.", "Site's code."))] = None,
    tag: Annotated[str | None, typer.Option(help=t("Thẻ: CCHC, TTHC …", "Headline tag."))] = None,
    first: Annotated[
        str | None, typer.Option("--from", help=t("Đăng từ ngày.", "Published from this day."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help=t("Đến hết ngày.", "To the end of this day."))
    ] = None,
    fate: Annotated[
        str | None, typer.Option(help=t("Kết quả: ", "What became of it: ") + ", ".join(FATES))
    ] = None,
    period: Annotated[str | None, _Period] = None,
    search: Annotated[
        str | None, typer.Option(help=t("Có trong tiêu đề hoặc bài.", "Occurs in the text."))
    ] = None,
    rule: _Rule = None,
    export: _Export = None,
) -> int:
    """List articles."""
    workspace, now = session.workspace(), session.clock.now()
    counting = choose_rule(workspace.folder, rule)
    wanted = Wanted(
        period=in_window(parse_period(period), counting.window, as_of=now) if period else None,
        days=_days(first, last),
        unit=unit,
        site=site,
        tag=tag,
        fate=_fate(fate),
        search=search,
    )
    if export is not None and export.suffix not in _EXPORTS:
        raise InputError(
            t(
                f"Không biết ghi tệp “{export.name}”; đặt đuôi .jsonl hoặc .csv.",
                f"Cannot write '{export.name}'; name it .jsonl or .csv.",
            )
        )
    database = open_database(workspace)
    try:
        with database.read() as c:
            found = list_articles(c, now, wanted=wanted, rule=counting)
    finally:
        database.close()
    if export is not None:
        export.write_bytes(_EXPORTS[export.suffix](found).encode())
    session.answer(
        [as_data(article) for article in found], lambda: _show_articles(session, found, export)
    )
    return DONE


@command(
    app,
    "explain",
    help_vi="Giải thích vì sao một bài được tính hoặc không, tới tận bản ghi WARC.",
    help_en="Explain why an article counts or does not, down to the WARC record.",
)
def explain_command(
    session: Session,
    article: Annotated[
        str, typer.Argument(help=t("Số hoặc địa chỉ của bài.", "The article's number or address."))
    ],
    *,
    period: Annotated[str | None, _Period] = None,
    rule: _Rule = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            help=t(
                "Ghi thêm tệp HTML: toàn văn bài, tô những chỗ nói cho và chống từng chủ đề.",
                "Also write an HTML file: the whole text, with what speaks for and against each "
                "topic marked.",
            ),
        ),
    ] = None,
) -> int:
    """Explain an article."""
    workspace, now = session.workspace(), session.clock.now()
    counting = choose_rule(workspace.folder, rule)
    asked = in_window(parse_period(period), counting.window, as_of=now) if period else None
    database = open_database(workspace)
    try:
        with database.read() as c:
            explanation = explain(
                c,
                article,
                as_of=now,
                period=asked,
                rule=counting,
            )
    finally:
        database.close()
    if html is not None:
        html.write_bytes(to_html(explanation).encode("utf-8", "replace"))
    session.answer(
        plain(explanation),
        lambda: session.out.print("\n".join(to_lines(explanation)), markup=False, soft_wrap=True),
    )
    return DONE


_EXPORTS = {".jsonl": to_jsonl, ".csv": to_csv}


def _show_articles(session: Session, found: Sequence[ListedArticle], export: Path | None) -> None:
    if export is None:
        table = Table(show_lines=False)
        table.add_column(t("Số", "No."), justify="right")
        table.add_column(t("Ngày đăng", "Published"), no_wrap=True)
        table.add_column(t("Đơn vị", "Unit"))
        table.add_column(t("Thẻ, kết quả", "Tags, fate"))
        table.add_column(t("Tiêu đề, địa chỉ", "Title, address"), overflow="fold", ratio=1)
        for article in found:
            table.add_row(
                str(article.article_id),
                words.dated_text(article.day, article.days),
                escape(article.unit or words.NOTHING),
                escape(_fates(article)),
                escape(f"{article.title}\n{article.url}"),
            )
        session.out.print(table)
    session.out.print(t(f"{len(found)} bài.", f"{len(found)} articles."))
    if export is not None:
        session.out.print(str(export), markup=False, soft_wrap=True)


def _fates(article: ListedArticle) -> str:
    if "" in article.fates:
        return " ".join(article.tags) or _fate_word(article.fates[""])
    return "\n".join(f"{tag}: {_fate_word(fate)}" for tag, fate in article.fates.items())


def _fate_word(fate: str) -> str:
    if fate in {bucket.value for bucket in Exclusion}:
        return words.exclusion_word(Exclusion(fate))
    return t("Được tính", "Counted") if fate == FATES[0] else words.NOTHING


def _fate(text: str | None) -> str | None:
    if text is not None and text not in FATES:
        raise InputError(
            t(
                f"Không có kết quả “{text}”; có: {', '.join(FATES)}.",
                f"There is no fate '{text}'; there are: {', '.join(FATES)}.",
            )
        )
    return text


def _days(first: str | None, last: str | None) -> DayInterval | None:
    if first is None and last is None:
        return None
    start = parse_day(first) if first else dt.date.min
    end = parse_day(last) + dt.timedelta(days=1) if last else None
    if end is not None and end <= start:
        raise InputError(t("--to phải từ ngày --from trở đi.", "--to must not be before --from."))
    return DayInterval(start, end)
