"""Which unit a row is about: by its code or its name, and whether it existed then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from reports.importers.cells import Complaints, days_text, text_of
from storage.errors import InputError
from storage.folding import fold, strip_accents
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.importers.grid import Cell
    from storage.records import DayInterval, Registry

_NEAR_ENOUGH = 60.0
"""rapidfuzz score (0 … 100) from which a code or name is suggested."""


def unit_of(
    cell: Cell, known: Mapping[str, str], complaints: Complaints, *, header: str | None = None
) -> str | None:
    """Give a unit's code when it is known; None when it is not (a complaint) or is empty.

    Args:
        cell: where to read.
        known: names by code, e.g. ``known_units(registry)``.
        complaints: gets what is wrong.
        header: the column's header when the cell must not be empty.
    """
    code = text_of(cell, complaints, required=header)
    if code is None or code in known:
        return code
    nearest = "" if complaints.are_many else _nearest_unit(code, known)
    complaints.at(
        cell,
        t(
            f"mã đơn vị “{code}” không có trong danh sách đơn vị{nearest}",
            f"the unit list has no code '{code}'{nearest}",
        ),
    )
    return None


def known_units(registry: Registry) -> dict[str, str]:
    """Give the newest name of every unit that ever was, by code."""
    return {
        name.unit: name.name for name in sorted(registry.names, key=lambda name: name.valid.start)
    }


@dataclass(frozen=True, slots=True)
class UnitNames:
    """The units by what people call them: with or without 'UBND', in any spelling of tones."""

    by_code: Mapping[str, str]
    by_name: Mapping[str, str]
    """Code by folded name; a name that two units have had is not in it."""

    @classmethod
    def of(cls, registry: Registry) -> UnitNames:
        """Give the names of all units that ever were."""
        codes: dict[str, set[str]] = {}
        for name in registry.names:
            for said in (name.name, name.unit):
                codes.setdefault(_short_name(said), set()).add(name.unit)
        once = {said: units.pop() for said, units in codes.items() if len(units) == 1}
        return cls(known_units(registry), once)

    def find(self, text: str) -> str | None:
        """Give the code of the unit that a text names, and nothing else."""
        return self.by_name.get(_short_name(text))

    def require(self, cell: Cell, complaints: Complaints) -> str | None:
        """Give the code of the unit that a cell names; None when there is none (a complaint)."""
        text = text_of(cell, complaints)
        unit = None if text is None else self.find(text)
        if text is not None and unit is None:
            nearest = "" if complaints.are_many else _nearest_unit(text, self.by_code)
            complaints.at(
                cell,
                t(
                    f"không xác định được đơn vị “{text}”{nearest}; thêm cột “Mã đơn vị”",
                    f"which unit is '{text}'?{nearest}; add a column 'Mã đơn vị'",
                ),
            )
        return unit


_OFFICE = re.compile(r"^(?:[ivx\d]+[.)] *)?(?:ubnd|uy ban nhan dan)\s+")


def _short_name(text: str) -> str:
    return _OFFICE.sub("", strip_accents(text)).strip(" .:;-")


def check_unit_known(unit: str, registry: Registry) -> None:
    """Refuse a code that was typed on the command line and is in no unit list.

    Raises:
        InputError: names the nearest.
    """
    known = known_units(registry)
    if unit not in known:
        nearest = _nearest_unit(unit, known)
        raise InputError(
            t(
                f"Danh sách đơn vị không có mã “{unit}”{nearest}.",
                f"The unit list has no code '{unit}'{nearest}.",
            )
        )


def _nearest_unit(code: str, known: Mapping[str, str]) -> str:
    """Give '; có phải “X” (tên)?' when a code or a name comes near."""
    said = [(unit, words) for unit, name in known.items() for words in (unit, name)]
    found = process.extractOne(
        strip_accents(code),
        [strip_accents(words) for _, words in said],
        scorer=fuzz.ratio,
        score_cutoff=_NEAR_ENOUGH,
    )
    if found is None:
        return ""
    unit = said[found[2]][0]
    return t(f"; có phải “{unit}” ({known[unit]})?", f"; perhaps '{unit}' ({known[unit]})?")


def check_lifetime(
    cell: Cell, unit: str, period: DayInterval, registry: Registry, complaints: Complaints
) -> None:
    """Complain when the unit did not exist on any day of the period."""
    lives = [name.valid for name in registry.names_of(unit)]
    if any(life.overlaps(period) for life in lives):
        return
    existed = ", ".join(days_text(life) for life in lives)
    complaints.at(
        cell,
        t(
            f"đơn vị “{unit}” không tồn tại trong kỳ {days_text(period)} (có: {existed})",
            f"the unit '{unit}' did not exist in {days_text(period)} (it did: {existed})",
        ),
    )


def name_note(cell: Cell, unit: str, registry: Registry) -> list[str]:
    """Give a note when the typed name is plainly another than the code's; the code decides."""
    typed = fold(str(cell.value or ""))
    names = [name.name for name in registry.names_of(unit)]
    if not typed or any(typed in fold(name) or fold(name) in typed for name in names):
        return []
    return [
        t(
            f"{cell.address}: tên “{cell.value}” khác danh sách đơn vị (mã {unit} là "
            f"“{names[0]}”); đã lấy theo mã.",
            f"{cell.address}: the name '{cell.value}' differs from the unit list ({unit} is "
            f"'{names[0]}'); the code was taken.",
        )
    ]


def check_list_exists(registry: Registry) -> None:
    """Refuse plans and self-reports as long as there is no unit list.

    Raises:
        InputError: the registry holds no unit.
    """
    if not registry.names:
        raise InputError(
            t(
                "Chưa có danh sách đơn vị. Nhập trước: tinbai import units mau-don-vi.xlsx",
                "There is no unit list yet. First: tinbai import units mau-don-vi.xlsx",
            )
        )
