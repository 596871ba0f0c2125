"""``tinbai reports rules | what-if | remake``: how is counted, and how it could be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from reports.build import build_report
from reports.calendar import in_window, parse_as_of, parse_period
from reports.difference import compare
from reports.reading import read_facts
from reports.render import words
from reports.report_commands import reports_app, told
from reports.rule_file import FILE_NAME, choose_rule, load_rules
from reports.rules import RULE, identity, sentences
from reports.serial import from_json, plain, to_json, to_json_as
from reports.texts import sketch_texts
from reports.what_if import what_if
from storage.console import DONE, FINDINGS, Session, command
from storage.engine import open_database
from storage.findings import report_content
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.what_if import WhatIf
    from storage.records import Counted, CountingRule

__all__ = ["reports_app"]
"""With these commands in it."""


@command(
    reports_app,
    "rules",
    help_vi=f"Kiểm tra {FILE_NAME} và in từng quy tắc đếm như báo cáo sẽ in; quy tắc đầu là quy "
    "tắc đang dùng.",
    help_en=f"Check {FILE_NAME} and print each counting rule as reports will; the first is in "
    "force.",
)
def rules_command(session: Session) -> int:
    """List the rules."""
    rules = load_rules(session.workspace().folder)
    data = [
        {
            "identity": identity(rule),
            "in_force": place == 0,
            "sentences": sentences(rule),
            "settings": plain(rule),
        }
        for place, rule in enumerate(rules.values())
    ]
    session.answer(data, lambda: _print_rules(session, rules))
    return DONE


@command(
    reports_app,
    "what-if",
    help_vi="So hai quy tắc đếm trên cùng dữ kiện: dòng nào đổi, bài nào, vì sao. Không lưu gì.",
    help_en="Hold two counting rules against each other on the same facts: which lines change, "
    "which articles, and why. Nothing is frozen.",
)
def what_if_command(
    session: Session,
    *,
    period: Annotated[
        str,
        typer.Option(
            "--period", "-p", help=t("Kỳ, viết như ở tinbai report.", "As in tinbai report.")
        ),
    ],
    against: Annotated[
        str, typer.Option(help=t("Quy tắc đem so, theo tên.", "The other rule, by its name."))
    ],
    rule: Annotated[
        str | None,
        typer.Option(help=t("Quy tắc gốc (không ghi: đang dùng).", "The rule (else: in force).")),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help=t("Chỉ dùng những gì đã biết đến lúc này.", "What was known by then.")),
    ] = None,
) -> int:
    """Compare two rules."""
    workspace = session.workspace()
    instant = parse_as_of(as_of) if as_of else session.clock.now()
    rules = choose_rule(workspace.folder, rule), choose_rule(workspace.folder, against)
    asked = parse_period(period)
    first, second = (in_window(asked, one.window, as_of=instant) for one in rules)
    database = open_database(workspace)
    try:
        sketch_texts(database, rules)
        with database.read() as c:
            facts = read_facts(c, instant, rules=rules)
    finally:
        database.close()
    found = what_if(
        facts, office=workspace.settings.office_name, rules=rules, periods=(first, second)
    )
    data = {
        "as_of": plain(instant),
        "rule": found.report.rule,
        "against": found.other.rule,
        "period": found.report.period_code,
        "against_period": found.other.period_code,
        "lines": [plain(line) | {"change": line.change} for line in found.lines],
        "changes": plain(found.changes),
    }
    session.answer(data, lambda: _print_what_if(session, found))
    return DONE


@command(
    reports_app,
    "remake",
    help_vi="Lập lại một báo cáo từ dữ kiện đã lưu, đúng quy tắc đếm của nó, và so từng byte. "
    "Mã thoát: 0 y nguyên · 1 có khác.",
    help_en="Make a report again from the stored facts, by its own counting rule, and "
    "compare the bytes. Exit code: 0 the same · 1 different.",
)
def remake_command(
    session: Session,
    number: Annotated[
        int, typer.Argument(help=t("Số của báo cáo (xem: reports list).", "Its number (see list)."))
    ],
) -> int:
    """Make a frozen report again."""
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            content = report_content(c, number)
        frozen = from_json(content)
        again = build_report(
            database,
            office=frozen.office,
            period=parse_period(frozen.period_code),
            as_of=frozen.as_of,
            rule=frozen.counting or RULE,
            tagger=frozen.tagger,
            under=frozen.under,
            letterhead=frozen.letterhead,
        )
    finally:
        database.close()
    newer = to_json(again) != content
    same = not newer or to_json_as(again, content) == content
    changes = () if same else compare(frozen, again)
    data = {"report_id": number, "same": same, "changes": plain(changes)}

    def for_people() -> None:
        if same:
            session.out.print(t("Lập lại y nguyên từng byte.", "The same, to the byte."))
            if newer:
                session.out.print(
                    t(
                        "Bản lưu do phiên bản trước lập: so những mục bản ấy có; phiên bản này ghi "
                        "thêm mục.",
                        "It was made by an earlier version: compared is what that one wrote; this "
                        "one says more.",
                    )
                )
        else:
            session.out.print("\n".join(told(changes)), markup=False, soft_wrap=True)

    session.answer(data, for_people)
    return DONE if same else FINDINGS


def _print_rules(session: Session, rules: Mapping[str, CountingRule]) -> None:
    for place, rule in enumerate(rules.values()):
        in_force = t(" — đang dùng", " — in force") if place == 0 else ""
        session.out.print(f"{identity(rule)}{in_force}", markup=False, style="bold")
        for sentence in sentences(rule):
            session.out.print(f"  • {sentence}", markup=False, soft_wrap=True)


def _print_what_if(session: Session, found: WhatIf) -> None:
    table = Table(title=escape(f"{found.report.rule} → {found.other.rule}"))
    table.add_column(t("Đơn vị", "Unit"))
    table.add_column(t("Thẻ", "Tag"))
    for rule in (found.report.rule, found.other.rule):
        table.add_column(escape(rule.partition("#")[0]), justify="right")
    table.add_column("±", justify="right")
    for line in found.lines:
        table.add_row(
            escape(line.unit_name),
            escape(line.tag),
            _number(line.counted),
            _number(line.other),
            f"{line.change:+d}" if line.change else "0",
        )
    session.out.print(table)
    session.out.print("\n".join(told(found.changes)), markup=False, soft_wrap=True)


def _number(counted: Counted | None) -> str:
    return words.NOTHING if counted is None else words.count_text(counted)
