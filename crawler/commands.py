"""tinbai crawl | sites (see ``site_commands``)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawler.crawl import CrawlSummary, SiteProgress, SiteSummary, crawl_sites
from crawler.profiles import SiteProfile, example_profile, load_profiles
from crawler.site_commands import chosen, sites_app, warn_of_browser
from storage.console import DONE, INCOMPLETE, Session, command
from storage.engine import open_database
from storage.errors import TinbaiError
from storage.language import t
from storage.records import DayInterval, RunOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from storage.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
app.add_typer(
    sites_app,
    name="sites",
    help=t("Hồ sơ trang: lập, kiểm tra.", "Site profiles: make and check them."),
)


@command(
    app,
    "crawl",
    help_vi="Thu thập các trang: danh sách, bài mới, bài có thay đổi; lưu bằng chứng.",
    help_en="Walk the sites: lists, new and changed articles; keep the evidence.",
)
def crawl(
    session: Session,
    site: Annotated[
        list[str] | None,
        typer.Option(help=t("Chỉ trang này (ghi nhiều lần được).", "Only this site (repeatable).")),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            help=t("Từ ngày (năm-tháng-ngày).", "From this day on (year-month-day)."),
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option("--to", help=t("Đến trước ngày này.", "Up to the day before this one.")),
    ] = None,
    *,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help=t(
                "Đọc lại danh sách tới ngày đầu, không dừng ở chỗ đã biết.",
                "Read the lists back to the first day, do not stop at what is known.",
            ),
        ),
    ] = False,
) -> int:
    """Walk the sites of the workspace."""
    workspace = session.workspace()
    profiles = chosen(load_profiles(workspace.sites), site or [])
    window = window_of(workspace, since, until)
    summary = crawl_all(session, workspace, profiles, window=window, deep=deep, insist=bool(site))

    def for_people() -> None:
        session.out.print(as_table(summary))
        for line in advice_lines(summary):
            session.out.print(line, markup=False)

    session.answer(as_data(summary), for_people)
    return DONE if summary.is_complete else INCOMPLETE


def write_example(folder: Path) -> Path:
    """Put the example of a profile beside the real ones, unless it is there; give its path."""
    target = folder / "vi-du.yml.mau"
    if not target.exists():
        target.write_text(example_profile(), encoding="utf-8")
    return target


def window_of(workspace: Workspace, since: str | None, until: str | None) -> DayInterval:
    """Give the days to fetch: from the settings' day on, unless said otherwise.

    Raises:
        TinbaiError: no days, or the end is not after the start.
    """
    start = _day(since, "--from") or workspace.settings.since
    end = _day(until, "--to")
    if end is not None and end <= start:
        raise TinbaiError(
            t(
                f"--to {end} phải sau --from {start} (ngày --to không được tính).",
                f"--to {end} must be after --from {start} (the day of --to is not counted).",
            )
        )
    return DayInterval(start, end)


def _day(text: str | None, option: str) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise TinbaiError(
            t(
                f"{option} “{text}” không phải ngày; viết năm-tháng-ngày, ví dụ 2022-09-30.",
                f"{option} '{text}' is no day; write year-month-day, e.g. 2022-09-30.",
            )
        ) from error


def crawl_everything(session: Session, workspace: Workspace) -> CrawlSummary:
    """Walk all sites of the workspace over its whole window, as every night does."""
    profiles = chosen(load_profiles(workspace.sites), [])
    return crawl_all(session, workspace, profiles, window=window_of(workspace, None, None))


def crawl_all(
    session: Session,
    workspace: Workspace,
    profiles: Sequence[SiteProfile],
    *,
    window: DayInterval,
    deep: bool = False,
    insist: bool = False,
) -> CrawlSummary:
    """Walk the sites under a progress display, where somebody can see it."""
    warn_of_browser(session, workspace, profiles)
    database = open_database(workspace)
    shown = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(t("{task.fields[requests]} lượt hỏi", "{task.fields[requests]} requests")),
        TextColumn("{task.fields[outcome]}"),
        TimeElapsedColumn(),
        console=session.err,
        disable=not session.err.is_terminal,
    )
    bars = {
        profile.site: shown.add_task(profile.site, total=None, requests=0, outcome="")
        for profile in profiles
    }

    def show(state: SiteProgress) -> None:
        is_over = state.outcome is not None
        shown.update(
            bars[state.site],
            completed=state.articles,
            total=state.articles if is_over else max(1, state.articles_wanted),
            requests=state.requests,
            outcome=_outcome_name(state.outcome) if is_over else "",
        )

    try:
        with shown:
            return crawl_sites(
                workspace,
                database,
                profiles,
                window=window,
                clock=session.clock,
                progress=show,
                deep=deep,
                insist=insist,
            )
    finally:
        database.close()


def as_data(summary: CrawlSummary) -> dict[str, Any]:
    """Give the summary for machines."""
    return {
        "complete": summary.is_complete,
        "sites": [
            {
                "site": one.site,
                "outcome": one.outcome.value if one.outcome else None,
                "reason": one.reason,
                "requests": one.requests,
                "failures": one.failures,
                "counters": dict(one.counters),
                "skipped": one.is_skipped,
                "advice": [{"text": str(said), "captures": number} for said, number in one.advice],
                "seconds": round(one.seconds, 2),
            }
            for one in summary.sites
        ],
    }


def as_table(summary: CrawlSummary) -> Table:
    """Give the summary for people."""
    table = Table(t("Trang", "Site"), t("Kết quả", "Outcome"))
    for heading in (
        t("Lượt hỏi", "Requests"),
        t("Bài mới", "New"),
        t("Thay đổi", "Changed"),
        t("Mục thấy mới", "Sightings"),
    ):
        table.add_column(heading, justify="right")
    table.add_column(t("Không đọc được", "Failures"))
    table.add_column(t("Ghi chú", "Note"))
    for one in summary.sites:
        table.add_row(*_cells(one))
    return table


def advice_lines(summary: CrawlSummary) -> list[str]:
    """Give what the owner of each site should be told, a line each."""
    return [
        t(f"{one.site}: {said} ({number} lượt)", f"{one.site}: {said} ({number} captures)")
        for one in summary.sites
        for said, number in one.advice
    ]


def _cells(one: SiteSummary) -> list[str]:
    counted = one.counters
    return [
        one.site,
        t("không hỏi", "not asked") if one.is_skipped else _outcome_name(one.outcome),
        str(one.requests),
        str(counted.get("version/new", 0)),
        str(counted.get("version/changed", 0)),
        str(counted.get("sighting/new", 0)),
        ", ".join(f"{name} {number}" for name, number in one.failures.items()),
        one.reason or "",
    ]


def _outcome_name(outcome: RunOutcome | None) -> str:
    return {
        RunOutcome.COMPLETE: t("đủ", "complete"),
        RunOutcome.PARTIAL: t("một phần", "partial"),
        RunOutcome.FAILED: t("hỏng", "failed"),
        RunOutcome.INTERRUPTED: t("bị ngắt", "interrupted"),
        None: t("chưa chạy", "not run"),
    }[outcome]
