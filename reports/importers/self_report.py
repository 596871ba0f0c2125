"""Self-reports (báo cáo tự đánh giá) as clerks type them → ``SelfReport`` records."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reports.importers.cells import Complaints, interval_of, text_of
from reports.importers.claimed_cells import claimed_day, claimed_link, claimed_number
from reports.importers.plan import check_once
from reports.importers.tables import TAG_ALIASES, TAGS, Column, Form, Reading, find_tables
from reports.importers.unit_cells import (
    check_lifetime,
    check_list_exists,
    check_unit_known,
    known_units,
    name_note,
    unit_of,
)
from storage.errors import InputError
from storage.folding import strip_accents
from storage.language import t
from storage.records import Claim, DayInterval, SelfReport

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

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
BY_TOPIC = Form(
    "Số liệu theo nội dung",
    (
        Column("unit", "Mã đơn vị"),
        Column("name", "Tên đơn vị", ("Đơn vị",), required=False),
        Column("start", "Từ ngày"),
        Column("end", "Đến ngày"),
        Column("tag", "Nhóm", ("Nhóm nội dung", "Lĩnh vực", "Nội dung", "Chủ đề")),
        Column(
            "number",
            "Số lượng",
            ("Số tin, bài", "Số lượng tin, bài", "Số bài", "Tổng số", "Kết quả"),
        ),
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
        Column(
            "title",
            "Tiêu đề",
            ("Tên bài", "Tên tin, bài", "Tiêu đề tin, bài", "Tên bài viết", "Tiêu đề bài viết"),
        ),
        Column(
            "url",
            "Đường dẫn",
            ("Địa chỉ", "Link", "URL", "Liên kết", "Đường link", "Link bài", "Link bài viết"),
            required=False,  # it may lie behind the title
        ),
        Column(
            "day",
            "Ngày đăng",
            ("Ngày", "Ngày đăng tải", "Thời gian đăng", "Ngày đăng bài"),
            required=False,
        ),
    ),
)
_TAG_WORDS = {
    **{strip_accents(word): tag for tag in TAGS for word in (tag, *TAG_ALIASES[tag])},
    "cps": "CPĐT",
}

Key = tuple[str, DayInterval]
"""Whose self-report, and for when."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What the person who imports says of a file that does not say it itself."""

    unit: str | None = None
    period: DayInterval | None = None
    tag: str | None = None

    def relax(self, form: Form) -> Form:
        """Give the form without the columns that this stands for being needed."""
        said = {"unit": self.unit, "start": self.period, "end": self.period, "tag": self.tag}
        columns = tuple(
            replace(column, required=column.required and said.get(column.key) is None)
            for column in form.columns
        )
        return Form(form.title, columns)


NOTHING_GIVEN = Given()


def read_self_reports(
    book: Book, registry: Registry, *, received_at: dt.datetime, given: Given = NOTHING_GIVEN
) -> Reading[tuple[SelfReport, ...]]:
    """Read the self-reports of a book: one for each unit and period, totals before articles.

    ``given`` stands in for cells that are empty or for columns that are not there.

    Raises:
        InputError: every problem of the file at once, with its cells.
    """
    check_list_exists(registry)
    _check_given(given, registry)
    known = known_units(registry)
    found = find_tables(book, [given.relax(form) for form in (TOTALS, BY_TOPIC, ARTICLES)])
    complaints, notes = Complaints(book.name), list(found.notes)
    claims: dict[Key, list[Claim]] = {}
    first_rows: dict[Key, Row] = {}
    for row in found.value.get(TOTALS.title, ()):
        key = _key(row, registry, known, complaints, periods=None, given=given)
        totals = _totals(row, complaints)
        if key is not None:
            check_once(row, first_rows.setdefault(key, row), key[1], complaints)
            claims[key] = totals
            notes += name_note(row["name"], key[0], registry)
    for row in found.value.get(BY_TOPIC.title, ()):
        key = _key(row, registry, known, complaints, periods=None, given=given)
        number = claimed_number(row["number"], complaints)
        tags = _tags(row["tag"], complaints, given)
        if key is not None and number is not None:
            claims.setdefault(key, []).extend(
                Claim(tag=tag, number=number, cell=row["number"].address) for tag in tags
            )
    periods = _periods_by_unit(claims)
    for row in found.value.get(ARTICLES.title, ()):
        key = _key(row, registry, known, complaints, periods=periods, given=given)
        articles = _articles(row, complaints, given)
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
    numbers = [(tag, row[tag], claimed_number(row[tag], complaints)) for tag in TAGS]
    return [
        Claim(tag=tag, number=number, cell=cell.address)
        for tag, cell, number in numbers
        if number is not None
    ]


def _articles(row: Row, complaints: Complaints, given: Given) -> list[Claim]:
    """Give the claimed article, once for each tag that its row names."""
    tags = _tags(row["tag"], complaints, given)
    title = text_of(row["title"], complaints)
    link = claimed_link(row["url"], row["title"], complaints)
    day = claimed_day(row["day"], complaints)
    if row["title"].value is None and row["url"].value is None:
        complaints.at(
            row["title"],
            t("cần “Tiêu đề” hoặc “Đường dẫn” của bài", "a title or an address is needed"),
        )
    cell = row["title"] if row["url"].value is None else row["url"]
    return [
        Claim(
            tag=tag,
            url=link.url,
            title=title,
            day=day,
            cell=cell.address,
            shown_url=link.shown,
        )
        for tag in tags
    ]


# -------------------------------------------------------------------- whose, and when


def _periods_by_unit(keys: Iterable[Key]) -> dict[str, list[DayInterval]]:
    periods: dict[str, list[DayInterval]] = {}
    for unit, period in keys:
        periods.setdefault(unit, []).append(period)
    return periods


def _key(
    row: Row,
    registry: Registry,
    known: Mapping[str, str],
    complaints: Complaints,
    *,
    periods: dict[str, list[DayInterval]] | None,
    given: Given,
) -> Key | None:
    """Give unit and period; with ``periods`` an article's row may leave its own days out."""
    header = row.form.header
    needed = header("unit") if given.unit is None else None
    unit = unit_of(row["unit"], known, complaints, header=needed)
    if row["unit"].value is None:
        unit = given.unit
    has_days = row["start"].value is not None or row["end"].value is not None
    period: DayInterval | None
    if not has_days and given.period is not None:
        period = given.period
    elif not has_days and periods is not None:
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


def _check_given(given: Given, registry: Registry) -> None:
    if given.unit is not None:
        check_unit_known(given.unit, registry)
    if given.tag is not None and given.tag not in TAGS:
        raise InputError(
            t(
                f"Không có nhóm “{given.tag}”; ghi {', '.join(TAGS)}.",
                f"There is no group '{given.tag}'; write {', '.join(TAGS)}.",
            )
        )


def _tags(cell: Cell, complaints: Complaints, given: Given) -> list[str]:
    """Give the tags that a cell names: one, or several with commas or slashes between."""
    if cell.value is None and given.tag is not None:
        return [given.tag]
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


def _unequal(reports: tuple[SelfReport, ...]) -> list[str]:
    """Give a note for every total that is not the length of the list that comes with it."""
    notes = []
    for report in reports:
        lengths = Counter(claim.tag for claim in report.claims if claim.number is None)
        for total in (claim for claim in report.claims if claim.number is not None):
            listed = lengths[total.tag]
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
