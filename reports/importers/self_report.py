"""Self-reports (báo cáo tự đánh giá) as clerks type them → ``SelfReport`` records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.importers.cells import Complaints, day_of, interval_of, text_of, whole_of
from reports.importers.plan import check_once
from reports.importers.tables import (
    TAG_ALIASES,
    TAGS,
    Column,
    Form,
    Reading,
    check_lifetime,
    check_list_exists,
    find_tables,
    known_units,
    name_note,
    unit_of,
)
from reports.links import is_web_address
from storage.folding import strip_accents
from storage.language import t
from storage.records import Claim, DayInterval, SelfReport

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from reports.importers.grid import Book, Cell
    from reports.importers.tables import Row
    from storage.records import Registry

TOTALS = Form(
    "Số liệu",
    (
        Column("unit", "Mã đơn vị"),
        Column("name", "Tên đơn vị", ("Đơn vị",), required=False),
        Column("start", "Từ ngày"),
        Column("end", "Đến ngày"),
        *(Column(tag, tag, TAG_ALIASES[tag]) for tag in TAGS),
    ),
)
ARTICLES = Form(
    "Danh sách",
    (
        Column("unit", "Mã đơn vị"),
        Column("name", "Tên đơn vị", ("Đơn vị",), required=False),
        Column("start", "Từ ngày", required=False),
        Column("end", "Đến ngày", required=False),
        Column("tag", "Nhóm", ("Nhóm nội dung", "Lĩnh vực")),
        Column("title", "Tiêu đề", ("Tên bài", "Tên tin, bài", "Tiêu đề tin, bài")),
        Column("url", "Đường dẫn", ("Địa chỉ", "Link", "URL", "Liên kết")),
        Column("day", "Ngày đăng", ("Ngày",), required=False),
    ),
)
_TAG_WORDS = {
    **{strip_accents(word): tag for tag in TAGS for word in (tag, *TAG_ALIASES[tag])},
    "cps": "CPĐT",
}

Key = tuple[str, DayInterval]
"""Whose self-report, and for when."""


def read_self_reports(
    book: Book, registry: Registry, *, received_at: dt.datetime
) -> Reading[tuple[SelfReport, ...]]:
    """Read the self-reports of a book: one for each unit and period, totals before articles.

    Raises:
        InputError: every problem of the file at once, with its cells.
    """
    check_list_exists(registry)
    found = find_tables(book, (TOTALS, ARTICLES))
    complaints, notes = Complaints(book.name), list(found.notes)
    claims: dict[Key, list[Claim]] = {}
    first_rows: dict[Key, Row] = {}
    for row in found.value.get(TOTALS.title, ()):
        key = _key(row, registry, complaints, periods=None)
        totals = _totals(row, complaints)
        if key is not None:
            check_once(row, first_rows.setdefault(key, row), key[1], complaints)
            claims[key] = totals
            notes += name_note(row["name"], key[0], registry)
    periods = _periods_by_unit(claims)
    for row in found.value.get(ARTICLES.title, ()):
        key = _key(row, registry, complaints, periods=periods)
        articles = _articles(row, complaints)
        if key is not None:
            claims.setdefault(key, []).extend(articles)
    complaints.raise_if_any()
    reports = tuple(
        SelfReport(
            unit=unit,
            period=period,
            source_sha256=book.sha256,
            source_name=book.name,
            received_at=received_at,
            claims=tuple(listed),
        )
        for (unit, period), listed in claims.items()
    )
    return Reading(reports, (*notes, *_unequal(reports)))


def _totals(row: Row, complaints: Complaints) -> list[Claim]:
    """Give the claimed numbers; an empty cell claims nothing, 0 claims none."""
    numbers = [(tag, row[tag], whole_of(row[tag], complaints)) for tag in TAGS]
    return [
        Claim(tag=tag, number=number, cell=cell.address)
        for tag, cell, number in numbers
        if number is not None
    ]


def _articles(row: Row, complaints: Complaints) -> list[Claim]:
    """Give the claimed article, once for each tag that its row names."""
    tags = _tags(row["tag"], complaints)
    title = text_of(row["title"], complaints)
    url = _url(row["url"], complaints)
    day = day_of(row["day"], complaints)
    if row["title"].value is None and row["url"].value is None:
        complaints.at(
            row["title"],
            t("cần “Tiêu đề” hoặc “Đường dẫn” của bài", "a title or an address is needed"),
        )
    cell = row["url"] if url is not None else row["title"]
    return [Claim(tag=tag, url=url, title=title, day=day, cell=cell.address) for tag in tags]


# -------------------------------------------------------------------- whose, and when


def _periods_by_unit(keys: Iterable[Key]) -> dict[str, list[DayInterval]]:
    periods: dict[str, list[DayInterval]] = {}
    for unit, period in keys:
        periods.setdefault(unit, []).append(period)
    return periods


def _key(
    row: Row,
    registry: Registry,
    complaints: Complaints,
    *,
    periods: dict[str, list[DayInterval]] | None,
) -> Key | None:
    """Give unit and period; with ``periods`` an article's row may leave its own days out."""
    header = row.form.header
    unit = unit_of(row["unit"], known_units(registry), complaints, header=header("unit"))
    if periods is not None and row["start"].value is None and row["end"].value is None:
        period = _only_period(row, unit, periods, complaints)
    else:
        period = interval_of(
            row["start"], row["end"], complaints, required=(header("start"), header("end"))
        )
    if unit is None or period is None:
        return None
    check_lifetime(row["unit"], unit, period, registry, complaints)
    return unit, period


def _only_period(
    row: Row, unit: str | None, periods: dict[str, list[DayInterval]], complaints: Complaints
) -> DayInterval | None:
    known = periods.get(unit or "", [])
    if len(known) == 1 or unit is None:
        return known[0] if known else None
    complaints.at(
        row["start"],
        t(
            f"ghi “Từ ngày”, “Đến ngày”: bảng “Số liệu” có {len(known)} kỳ của đơn vị này",
            f"write the first and last day: 'Số liệu' has {len(known)} periods of this unit",
        ),
    )
    return None


# ------------------------------------------------------------------------- the cells


def _tags(cell: Cell, complaints: Complaints) -> list[str]:
    """Give the tags that a cell names: one, or several with commas or slashes between."""
    text = text_of(cell, complaints, required=ARTICLES.header("tag"))
    words = [word.strip() for word in re.split(r"[,;/+]", text or "") if word.strip()]
    unknown = [word for word in words if strip_accents(word) not in _TAG_WORDS]
    if unknown:
        complaints.at(
            cell,
            t(
                f"nhóm “{unknown[0]}” không có; ghi {', '.join(TAGS)}",
                f"there is no group '{unknown[0]}'; write {', '.join(TAGS)}",
            ),
        )
        return []
    return list(dict.fromkeys(_TAG_WORDS[strip_accents(word)] for word in words))


def _url(cell: Cell, complaints: Complaints) -> str | None:
    """Give the address as typed; one that begins with its host gets 'http://' in front."""
    text = text_of(cell, complaints)
    if text is None or is_web_address(text):
        return text
    if re.match(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)", text) and is_web_address(f"http://{text}"):
        return f"http://{text}"
    complaints.at(
        cell,
        t(
            f"“{text}” không phải đường dẫn; dán địa chỉ đầy đủ của bài, bắt đầu bằng http",
            f"'{text}' is no address; paste the article's full address, beginning with http",
        ),
    )
    return None


def _unequal(reports: tuple[SelfReport, ...]) -> list[str]:
    """Give a note for every total that is not the length of the list that comes with it."""
    notes = []
    for report in reports:
        for total in (claim for claim in report.claims if claim.number is not None):
            listed = sum(c.number is None and c.tag == total.tag for c in report.claims)
            if listed not in {0, total.number}:
                notes.append(
                    t(
                        f"{total.cell}: {report.unit} ghi {total.number} tin, bài {total.tag} "
                        f"nhưng danh sách có {listed}.",
                        f"{total.cell}: {report.unit} claims {total.number} on {total.tag} but "
                        f"lists {listed}.",
                    )
                )
    return notes
