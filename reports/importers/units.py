"""The unit list as clerks type it → a ``Registry``."""

from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING

from reports.importers.cells import Complaints, day_of, interval_of, text_of
from reports.importers.tables import Column, Form, Reading, find_tables
from reports.importers.unit_cells import known_units, unit_of
from reports.links import is_web_address
from storage.folding import fold, strip_accents
from storage.language import t
from storage.records import Registry, SiteOwner, Succession, SuccessionKind, UnitLevel, UnitName
from storage.units import problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum
    from typing import TypeVar

    from reports.importers.grid import Book, Cell
    from reports.importers.tables import Row
    from storage.records import DayInterval

    E = TypeVar("E", bound=Enum)

UNITS = Form(
    "Đơn vị",
    (
        Column("unit", "Mã đơn vị", ("Mã",)),
        Column("name", "Tên đơn vị", ("Tên",)),
        Column("level", "Cấp"),
        Column("parent", "Mã đơn vị cấp trên", ("Đơn vị cấp trên", "Cấp trên"), required=False),
        Column("start", "Từ ngày"),
        Column("end", "Đến ngày", required=False),
        Column("decision", "Văn bản", ("Số văn bản", "Nghị quyết, quyết định"), required=False),
    ),
)
SUCCESSIONS = Form(
    "Kế thừa",
    (
        Column("predecessor", "Mã đơn vị cũ"),
        Column("successor", "Mã đơn vị mới"),
        Column("kind", "Hình thức"),
        Column("start", "Từ ngày"),
        Column("decision", "Văn bản", ("Số văn bản", "Nghị quyết, quyết định"), required=False),
    ),
)
SITES = Form(
    "Trang web",
    (
        Column("site", "Mã trang", ("Mã trang web",)),
        Column("address", "Địa chỉ", ("Địa chỉ trang web",)),
        Column("unit", "Mã đơn vị"),
        Column("start", "Từ ngày"),
        Column("end", "Đến ngày", required=False),
    ),
)

LEVELS: dict[UnitLevel, tuple[str, ...]] = {
    UnitLevel.PROVINCE: ("tỉnh", "thành phố trực thuộc trung ương"),
    UnitLevel.DISTRICT: ("huyện", "quận", "thị xã", "thành phố thuộc tỉnh"),
    UnitLevel.COMMUNE: ("xã", "phường", "thị trấn", "đặc khu"),
    UnitLevel.DEPARTMENT: ("phòng ban", "phòng", "ban", "sở", "đơn vị sự nghiệp", "trung tâm"),
}
"""Words for a level. 'Thành phố' alone is not among them: it is of two levels."""
KINDS: dict[SuccessionKind, tuple[str, ...]] = {
    SuccessionKind.MERGER: ("sáp nhập", "hợp nhất", "nhập"),
    SuccessionKind.SPLIT: ("chia tách", "chia", "tách"),
    SuccessionKind.RENAMING: ("đổi tên",),
    SuccessionKind.DISSOLUTION: ("giải thể",),
}


def read_units(book: Book, in_force: Registry) -> Reading[Registry]:
    """Read a unit list. Tables that the book does not hold stay as they are in force.

    Raises:
        InputError: every problem of the file at once, with its cells.
    """
    found = find_tables(book, (UNITS, SUCCESSIONS, SITES))
    tables, complaints = found.value, Complaints(book.name)
    registry = dataclasses.replace(in_force, source_sha256=book.sha256)
    known = known_units(registry)
    namesakes: list[str] = []
    if rows := tables.get(UNITS.title):
        known = _typed_units(rows)
        registry = dataclasses.replace(registry, names=_names(rows, known, complaints))
        namesakes = _namesakes(rows, registry.names, complaints)
    if rows := tables.get(SUCCESSIONS.title):
        successions = _successions(rows, known, complaints)
        registry = dataclasses.replace(registry, successions=successions)
    if rows := tables.get(SITES.title):
        registry = dataclasses.replace(registry, owners=_owners(rows, known, complaints))
    if len(registry.names) == len(tables.get(UNITS.title, registry.names)):
        # Otherwise what refers to the unreadable rows would be complained about as well.
        _check_whole(registry, book, tables, complaints)
    complaints.raise_if_any()
    kept = [form.title for form in (UNITS, SUCCESSIONS, SITES) if not tables.get(form.title)]
    return Reading(
        registry,
        (*found.notes, *namesakes, *_kept_note(kept), *_gone_note(in_force, registry)),
    )


def _gone_note(before: Registry, after: Registry) -> tuple[str, ...]:
    gone = sorted(known_units(before).keys() - known_units(after).keys())
    gone += sorted({o.site for o in before.owners} - {o.site for o in after.owners})
    if not gone:
        return ()
    listed = ", ".join(gone)
    return (
        t(
            f"Đang có nhưng không còn trong tệp này: {listed}. Đơn vị đã giải thể hay sáp nhập "
            "vẫn cần dòng của mình, với “Đến ngày”.",
            f"In force but no longer in this file: {listed}. A unit that was dissolved or merged "
            "still needs its row, with its last day.",
        ),
    )


def _kept_note(tables: list[str]) -> tuple[str, ...]:
    if not tables:
        return ()
    listed = ", ".join(f"“{table}”" for table in tables)
    return (
        t(
            f"Tệp không có dòng nào ở bảng {listed}: giữ nguyên như đang có.",
            f"The file has no row of the table {listed}: it stays as it is.",
        ),
    )


def _check_whole(
    registry: Registry, book: Book, tables: Mapping[str, tuple[Row, ...]], complaints: Complaints
) -> None:
    """Complain about what storage refuses, at the rows whose codes its sentence names."""
    keys = {UNITS.title: "unit", SUCCESSIONS.title: "predecessor", SITES.title: "site"}
    for problem in problems_of(registry):
        named = [
            row[keys[title]]
            for title, rows in tables.items()
            for row in rows
            if re.search(rf"(?<![\w-]){re.escape(str(row[keys[title]].value))}(?![\w-])", problem)
        ]
        if named:
            complaints.at(named[0], problem, also=named[1:])
        else:
            complaints.of_sheet(book.name, problem)


# ------------------------------------------------------------------------ the tables


def _typed_units(rows: tuple[Row, ...]) -> dict[str, str]:
    """Give every code that is typed, with its name, be the rest of its row right or wrong."""
    return {
        str(row["unit"].value): str(row["name"].value)
        for row in rows
        if row["unit"].value is not None
    }


def _names(
    rows: tuple[Row, ...], known: Mapping[str, str], complaints: Complaints
) -> tuple[UnitName, ...]:
    names = []
    for row in rows:
        unit = text_of(row["unit"], complaints, required=UNITS.header("unit"))
        name = text_of(row["name"], complaints, required=UNITS.header("name"))
        level = _choice(row["level"], LEVELS, complaints, header=UNITS.header("level"))
        parent = unit_of(row["parent"], known, complaints)
        valid = _valid(row, complaints)
        decision = text_of(row["decision"], complaints)
        if unit and name and level and valid:
            names.append(
                UnitName(
                    unit=unit,
                    name=name,
                    level=level,
                    parent=parent,
                    valid=valid,
                    decision_ref=decision,
                )
            )
    return tuple(names)


def _namesakes(
    rows: tuple[Row, ...], names: tuple[UnitName, ...], complaints: Complaints
) -> list[str]:
    """Complain about one name twice below one unit at one time; note it below different ones."""
    cells = {str(row["unit"].value): row["name"] for row in reversed(rows)}
    groups: dict[str, list[UnitName]] = {}
    for name in names:
        groups.setdefault(fold(name.name), []).append(name)
    notes: dict[str, None] = {}
    for first, second in (
        pair
        for group in groups.values()
        for pair in itertools.pairwise(sorted(group, key=lambda name: name.valid.start))
    ):
        if first.unit == second.unit or not first.valid.overlaps(second.valid):
            continue
        if first.parent == second.parent:
            complaints.at(
                cells[second.unit],
                t(
                    f"“{second.name}” đã có mã {first.unit} trong cùng thời gian; giữ một mã, hoặc "
                    "ghi rõ “Đến ngày” của đơn vị cũ",
                    f"'{second.name}' has the code {first.unit} at the same time; keep one code, "
                    "or end the old unit",
                ),
                also=(cells[first.unit],),
            )
        else:
            notes[
                t(
                    f"“{second.name}” là tên của hai đơn vị: {first.unit}, {second.unit}; khi nhập "
                    "số liệu phải ghi mã.",
                    f"'{second.name}' names two units: {first.unit}, {second.unit}; use codes.",
                )
            ] = None
    return list(notes)


def _successions(
    rows: tuple[Row, ...], known: Mapping[str, str], complaints: Complaints
) -> tuple[Succession, ...]:
    successions = []
    for row in rows:
        predecessor, successor = (
            unit_of(row[key], known, complaints, header=SUCCESSIONS.header(key))
            for key in ("predecessor", "successor")
        )
        kind = _choice(row["kind"], KINDS, complaints, header=SUCCESSIONS.header("kind"))
        effective_on = day_of(row["start"], complaints, required=SUCCESSIONS.header("start"))
        decision = text_of(row["decision"], complaints)
        if predecessor and successor and kind and effective_on:
            successions.append(
                Succession(
                    predecessor=predecessor,
                    successor=successor,
                    kind=kind,
                    effective_on=effective_on,
                    decision_ref=decision,
                )
            )
    return tuple(successions)


def _owners(
    rows: tuple[Row, ...], known: Mapping[str, str], complaints: Complaints
) -> tuple[SiteOwner, ...]:
    owners = []
    for row in rows:
        site = text_of(row["site"], complaints, required=SITES.header("site"))
        address = _address(row["address"], complaints)
        unit = unit_of(row["unit"], known, complaints, header=SITES.header("unit"))
        valid = _valid(row, complaints)
        if site and address and unit and valid:
            owners.append(SiteOwner(site=site, base_url=address, unit=unit, valid=valid))
    return tuple(owners)


# ------------------------------------------------------------------------- the cells


def _valid(row: Row, complaints: Complaints) -> DayInterval | None:
    first = row.form.header("start")
    return interval_of(row["start"], row["end"], complaints, required=(first, None))


def _choice(
    cell: Cell, words: Mapping[E, tuple[str, ...]], complaints: Complaints, *, header: str
) -> E | None:
    """Give the member that a word stands for; 'cấp xã' is 'xã'."""
    text = text_of(cell, complaints, required=header)
    if text is None:
        return None
    plain = strip_accents(text).removeprefix("cap ")
    for member, said in words.items():
        if plain in {strip_accents(word) for word in said}:
            return member
    choices = ", ".join(word for said in words.values() for word in said)
    complaints.at(
        cell, t(f"“{text}” không phải “{header}”; ghi: {choices}", f"'{text}': write {choices}")
    )
    return None


def _address(cell: Cell, complaints: Complaints) -> str | None:
    text = text_of(cell, complaints, required=SITES.header("address"))
    if text is None or is_web_address(text):
        return text
    complaints.at(
        cell,
        t(
            f"“{text}” không phải địa chỉ trang web; ghi đủ, ví dụ http://xa.example.gov.vn",
            f"'{text}' is no web address; write it in full, e.g. http://xa.example.gov.vn",
        ),
    )
    return None
