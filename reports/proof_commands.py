"""``tinbai sites health`` and ``tinbai evidence certificate``, in groups of other packages."""

from __future__ import annotations

import datetime as dt
from pathlib import Path  # noqa: TC003 - Typer reads the types of options at run time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from reports.calendar import parse_as_of, parse_day, parse_period
from reports.certificate_text import missed_words, to_lines
from reports.coverage import doubt_words, spell_gap, why_words
from reports.proof import certify, healths
from reports.render import words
from reports.serial import plain
from storage.console import DONE, FINDINGS, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.language import t
from storage.records import UNDECIDED, CoverageState, DayInterval, RunOutcome, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.certificate import Certificate
    from reports.health import SiteHealth
    from reports.rates import RateDrop
    from storage.records import CrawlRun

SHOWN = dt.timedelta(days=56)
"""Eight weeks, unless other days are asked for: they fit on a terminal's line."""
_MARKS = {CoverageState.COMPLETE: "█", CoverageState.PARTIAL: "▒", CoverageState.NONE: "·"}
_GAPS_SHOWN = 3

app = typer.Typer()
sites_app, evidence_app = typer.Typer(), typer.Typer()
app.add_typer(sites_app, name="sites")
app.add_typer(evidence_app, name="evidence")

_AsOf = Annotated[
    str | None,
    typer.Option(
        help=t(
            "Chỉ dùng những gì đã biết đến lúc này: ngày (hết ngày) hoặc ngày giờ kèm múi giờ.",
            "Use only what was known by then: a day (its end) or an instant with its zone.",
        )
    ),
]


# -------------------------------------------------------------------------------- health


@command(
    sites_app,
    "health",
    help_vi="Lịch theo dõi từng trang: ngày nào xem trọn, vì sao chưa; cảnh báo đăng ít đi, "
    "ước tính bỏ sót. Mã thoát: 0 tốt · 1 có cảnh báo hoặc lần cuối hỏng · 3 lần cuối chưa đủ.",
    help_en="A calendar of each site: which days were seen in full, and why not; alarm on a "
    "drop of posts, estimate of missed ones. Exit code: 0 well · 1 an alarm, or the last run "
    "failed · 3 the last run was not complete.",
)
def health(
    session: Session,
    *,
    site: Annotated[str | None, typer.Option(help=t("Mã trang.", "Site's code."))] = None,
    first: Annotated[
        str | None, typer.Option("--from", help=t("Từ ngày.", "From this day on."))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", help=t("Đến hết ngày.", "To the end of this day."))
    ] = None,
    as_of: _AsOf = None,
) -> int:
    """Show how well the sites are seen."""
    instant = parse_as_of(as_of) if as_of else session.clock.now()
    days = _days(first, last, today=vietnam_day(instant))
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            found = healths(c, instant, days=days, site=site)
    finally:
        database.close()
    session.answer([_health_data(one) for one in found], lambda: _show(session, found, days))
    return health_code(found)


def health_code(found: Sequence[SiteHealth]) -> int:
    """Give 1 when somebody has to act, else 3 when a site's last run was not complete."""
    outcomes = {one.last_run.outcome for one in found if one.last_run is not None}
    if any(one.drop for one in found) or RunOutcome.FAILED in outcomes:
        return FINDINGS
    never = any(one.last_run is None for one in found)
    return INCOMPLETE if never or outcomes - {RunOutcome.COMPLETE} else DONE


def _days(first: str | None, last: str | None, *, today: dt.date) -> DayInterval:
    end = parse_day(last) + dt.timedelta(days=1) if last else today
    start = parse_day(first) if first else end - SHOWN
    if end <= start:
        raise InputError(t("--to phải từ ngày --from trở đi.", "--to must not be before --from."))
    return DayInterval(start, end)


def _health_data(one: SiteHealth) -> dict[str, Any]:
    run = one.last_run
    return {
        "site": one.site,
        "complete_days": one.complete_days,
        "days": [plain(day) for day in one.days],
        "gaps": [plain(gap) for gap in one.gaps],
        "sections": [plain(section) for section in one.sections],
        "last_run": None
        if run is None
        else {
            "id": run.id,
            "started_at": plain(run.started_at),
            "outcome": plain(run.outcome),
            "reason": run.reason,
            "simulated_clock": run.simulated_clock,
        },
        "drop": plain(one.drop),
        "missed": plain(one.missed),
    }


def _show(session: Session, found: Sequence[SiteHealth], days: DayInterval) -> None:
    table = Table(title=f"{words.days_text(days)}   █ {t('trọn', 'in full')}   ▒ "
                  f"{t('một phần', 'in part')}   · {t('không', 'not seen')}")  # fmt: skip
    table.add_column(t("Trang", "Site"), no_wrap=True)
    table.add_column(t("Lịch (từ cũ đến mới)", "Calendar (oldest first)"))
    table.add_column(t("Trọn", "In full"), justify="right", no_wrap=True)
    table.add_column(t("Lần cuối", "Last run"))
    table.add_column(t("Ghi chú", "Notes"), overflow="fold", ratio=1)
    for one in found:
        table.add_row(
            one.site,
            _calendar(one),
            f"{one.complete_days}/{len(one.days)}",
            escape(_run(one.last_run)),
            escape("\n".join(_notes(one))),
        )
    session.out.print(table)


def _calendar(one: SiteHealth) -> str:
    """Give a mark a day, a line for each four weeks, a space between weeks."""
    marks = [_MARKS[day.state] for day in one.days]
    weeks = ["".join(marks[i : i + 7]) for i in range(0, len(marks), 7)]
    return "\n".join(" ".join(weeks[i : i + 4]) for i in range(0, len(weeks), 4))


def _run(run: CrawlRun | None) -> str:
    if run is None:
        return t("chưa thu thập", "never crawled")
    outcome = {
        RunOutcome.COMPLETE: t("đủ", "complete"),
        RunOutcome.PARTIAL: t("một phần", "partial"),
        RunOutcome.FAILED: t("hỏng", "failed"),
        RunOutcome.INTERRUPTED: t("bị ngắt", "interrupted"),
        None: t("đang chạy", "under way"),
    }[run.outcome]
    return f"{words.instant_text(run.started_at)}\n{outcome}"


def _notes(one: SiteHealth) -> list[str]:
    run = one.last_run
    reason = run.reason if run is not None else None
    notes = [reason] if reason and not reason.startswith(UNDECIDED) else []
    if one.doubts:
        notes.append(doubt_words(one.doubts))
    if one.drop is not None:
        notes.append(drop_words(one.drop))
    if one.missed is not None:
        notes.append(missed_words(one.missed))
    newest_first = one.gaps[::-1]
    notes += [f"{spell_gap(gap.days)}: {why_words(gap.why)}" for gap in newest_first[:_GAPS_SHOWN]]
    if len(one.gaps) > _GAPS_SHOWN:
        more = len(one.gaps) - _GAPS_SHOWN
        notes.append(t(f"và {more} khoảng nữa", f"and {more} more gaps"))
    return notes


def drop_words(drop: RateDrop) -> str:
    """Say that fewer posts came than usual."""
    span = f"{words.day_text(drop.first)}–{words.day_text(drop.last)}"
    return t(
        f"CẢNH BÁO đăng ít đi: {span} có {drop.posts} bài, theo lệ thường khoảng "
        f"{drop.expected:g} (xác suất {drop.probability:.1g})",
        f"ALARM, fewer posts: {span} has {drop.posts}, the usual rate gives about "
        f"{drop.expected:g} (probability {drop.probability:.1g})",
    )


# --------------------------------------------------------------------------- certificate


@command(
    evidence_app,
    "certificate",
    help_vi="Giấy xác nhận cho một đơn vị và kỳ: mọi trang danh sách đã xem, làm bằng chứng "
    "rằng không có bài nào khác. Mã thoát: 0 đã xem trọn · 3 chưa trọn.",
    help_en="A certificate for a unit and a period: every list page that was looked at, to "
    "show that there is no other article. Exit code: 0 seen in full · 3 not in full.",
)
def certificate(
    session: Session,
    *,
    unit: Annotated[str, typer.Option(help=t("Mã đơn vị.", "Unit's code."))],
    period: Annotated[
        str,
        typer.Option(
            "--period",
            "-p",
            help=t(
                "Kỳ, như của tinbai report: 2022-09, 2022-Q3, BC-2022-Q3, 2022-01-01..2022-10-10.",
                "Period, as for tinbai report: 2022-09, 2022-Q3, 2022-01-01..2022-10-10.",
            ),
        ),
    ],
    section: Annotated[
        str | None, typer.Option(help=t("Chỉ chuyên mục này.", "This section only."))
    ] = None,
    as_of: _AsOf = None,
    out: Annotated[
        Path | None, typer.Option(help=t("Ghi văn bản vào tệp.", "Write the text to a file."))
    ] = None,
) -> int:
    """Show what an absence rests on."""
    database = open_database(session.workspace())
    try:
        with database.read() as c:
            made = certify(
                c,
                unit=unit,
                period=parse_period(period),
                as_of=parse_as_of(as_of) if as_of else session.clock.now(),
                section=section,
            )
    finally:
        database.close()
    text = "\n".join(to_lines(made))
    if out is not None:
        out.write_text(text + "\n", encoding="utf-8")
    session.answer(
        _certificate_data(made), lambda: session.out.print(text, markup=False, soft_wrap=True)
    )
    return DONE if made.is_complete else INCOMPLETE


def _certificate_data(made: Certificate) -> dict[str, Any]:
    data: dict[str, Any] = plain(made)
    return {"is_complete": made.is_complete} | data
