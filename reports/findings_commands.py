"""``tinbai findings list | explain | accept | uphold``: the life of findings."""

from __future__ import annotations

import getpass
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from reports.life import carried_on
from reports.render import words
from reports.serial import from_json, plain
from storage.chain import seal_rows
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.finding_steps import add_step, keys_that_begin, steps_as_of
from storage.findings import report_content, stored_reports
from storage.language import t
from storage.records import FindingState, FindingStep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.engine import Connection
    from storage.records import Finding

app = typer.Typer()
findings_app = typer.Typer(
    no_args_is_help=True,
    help=t(
        "Phát hiện của các báo cáo: liệt kê, ghi giải trình, kết luận.",
        "Findings of reports: list them, record explanations, settle them.",
    ),
)
app.add_typer(findings_app, name="findings")

_Key = Annotated[
    str,
    typer.Argument(
        help=t("Mã phát hiện, hoặc phần đầu của mã.", "The finding's key, or its beginning.")
    ),
]
_Who = Annotated[
    str | None,
    typer.Option(
        help=t("Ai nói (mặc định: tài khoản máy).", "Who says so (default: this account).")
    ),
]
_Note = Annotated[str, typer.Option(help=t("Nội dung, lý do.", "What is said, and why."))]


@command(
    findings_app,
    "list",
    help_vi="Liệt kê phát hiện của một báo cáo đã lập, với tình trạng đến lúc này.",
    help_en="List the findings of a stored report, with their state as of now.",
)
def list_command(
    session: Session,
    *,
    report: Annotated[
        int | None, typer.Option(help=t("Số báo cáo (mặc định: mới nhất).", "Report's number."))
    ] = None,
    unit: Annotated[str | None, typer.Option(help=t("Mã đơn vị.", "Unit's code."))] = None,
    state: Annotated[
        FindingState | None, typer.Option(help=t("Chỉ tình trạng này.", "Only this state."))
    ] = None,
) -> int:
    """List findings."""
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            number = report or _newest(c)
            content = from_json(report_content(c, number))
            steps = steps_as_of(c, session.clock.now())
    finally:
        database.close()
    kept = carried_on(
        [replace(one, steps=()) for one in content.findings], steps, period=content.period
    )
    found = [
        one
        for one in kept
        if (unit is None or one.unit == unit) and (state is None or one.state is state)
    ]
    data = {"report_id": number, "findings": plain(found)}
    session.answer(data, lambda: session.out.print(_table(found)))
    return DONE


@command(
    findings_app,
    "explain",
    help_vi="Ghi giải trình của đơn vị về một phát hiện.",
    help_en="Record what the unit says of a finding.",
)
def explain_command(session: Session, key: _Key, *, note: _Note, who: _Who = None) -> int:
    """Record an explanation."""
    return _say(session, key, FindingState.EXPLAINED, note=note, who=who)


@command(
    findings_app,
    "accept",
    help_vi="Chấp nhận giải trình. Kê khai không tìm thấy, đã gỡ hoặc không xác minh được thì từ "
    "báo cáo sau ghi ở cột “công nhận theo giải trình”, không vào số xác minh.",
    help_en="Accept an explanation. A claim not found, removed or not verifiable is shown as "
    "accepted in later reports, beside the verified number and never in it.",
)
def accept_command(session: Session, key: _Key, *, note: _Note, who: _Who = None) -> int:
    """Accept an explanation."""
    return _say(session, key, FindingState.ACCEPTED, note=note, who=who)


@command(
    findings_app,
    "uphold",
    help_vi="Giữ nguyên phát hiện sau khi xem giải trình.",
    help_en="Uphold a finding after its explanation.",
)
def uphold_command(session: Session, key: _Key, *, note: _Note, who: _Who = None) -> int:
    """Uphold a finding."""
    return _say(session, key, FindingState.UPHELD, note=note, who=who)


def _say(session: Session, key: str, state: FindingState, *, note: str, who: str | None) -> int:
    step = FindingStep(
        key=key.strip().lower(),
        state=state,
        who=(who or getpass.getuser()).strip(),
        note=note.strip(),
        noted_at=session.clock.now(),
    )
    if not step.note or not step.who:
        raise InputError(t("Ghi rõ ai nói và lý do.", "Say who says so, and why."))
    database = open_database(session.workspace())
    try:
        with database.write(alone=True) as c:
            step = replace(step, key=_whole_key(c, step.key))
            add_step(c, step)
            seal_rows(c, at=step.noted_at)
    finally:
        database.close()
    session.answer(
        plain(step),
        lambda: session.out.print(
            f"{step.key}: {words.state_word(step.state)} — {step.who}", markup=False
        ),
    )
    return DONE


def _whole_key(c: Connection, beginning: str) -> str:
    """Give the one key that begins so.

    Raises:
        InputError: no stored report has such a finding, or several have.
    """
    found = keys_that_begin(c, beginning) if beginning else ()
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(
            t(
                f"Có {len(found)} phát hiện có mã bắt đầu bằng “{beginning}”; ghi thêm chữ số:",
                f"{len(found)} findings begin with '{beginning}'; write more of the key:",
            ),
            tuple(found),
        )
    raise InputError(
        t(
            f"Không có phát hiện mã “{beginning}” trong các báo cáo đã lập. Xem mã bằng: "
            "tinbai findings list",
            f"No stored report has a finding '{beginning}'. See: tinbai findings list",
        )
    )


def _newest(c: Connection) -> int:
    reports = stored_reports(c)
    if not reports:
        raise InputError(
            t(
                "Chưa có báo cáo nào. Lập báo cáo bằng tinbai report.",
                "There is no report yet. Make one with tinbai report.",
            )
        )
    return reports[0].id


def _table(found: Sequence[Finding]) -> Table:
    table = Table()
    table.add_column(t("Mã", "Key"), no_wrap=True)
    table.add_column(t("Tình trạng", "State"))
    table.add_column(t("Đơn vị", "Unit"))
    table.add_column(t("Loại", "Kind"))
    table.add_column(t("Nội dung", "Content"), overflow="fold", ratio=1)
    for one in found:
        said = words.said_of(one)
        table.add_row(
            one.key,
            words.state_word(one.state),
            escape(one.unit),
            words.finding_word(one.kind),
            escape(f"{one.explanation}\n{said}".strip()),
        )
    return table
