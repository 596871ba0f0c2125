"""``tinbai articles | explain``: the articles seen, and why one counts or does not."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from reports.articles import FATES, ListedArticle, Wanted, list_articles
from reports.calendar import in_window, parse_as_of, parse_day, parse_period
from reports.explain import explain
from reports.explain_html import to_html
from reports.explain_text import to_lines
from reports.export import as_data, to_csv, to_jsonl
from reports.options import PERIOD, AsOfOption, RuleOption
from reports.render import words
from reports.rule_file import choose_rule
from reports.serial import plain
from storage.console import DONE, Session, command
from storage.engine import open_database
from storage.errors import InputError
from storage.language import t
from storage.records import DayInterval, Exclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(no_args_is_help=True)

_Export = Annotated[
    Path | None, typer.Option(help=t("Ghi ra tệp .jsonl hoặc .csv.", "A .jsonl or .csv file."))
]


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
    period: Annotated[str | None, PERIOD] = None,
    as_of: AsOfOption = None,
    search: Annotated[
        str | None, typer.Option(help=t("Có trong tiêu đề hoặc bài.", "Occurs in the text."))
    ] = None,
    rule: RuleOption = None,
    export: _Export = None,
) -> int:
    """List articles."""
    workspace = session.workspace()
    known = parse_as_of(as_of) if as_of else session.clock.now()
    counting = choose_rule(workspace.folder, rule)
    wanted = Wanted(
        period=in_window(parse_period(period), counting.window, as_of=known) if period else None,
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
            found = list_articles(c, known, wanted=wanted, rule=counting)
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
    period: Annotated[str | None, PERIOD] = None,
    rule: RuleOption = None,
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
