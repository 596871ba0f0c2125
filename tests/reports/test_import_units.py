"""The unit list as clerks type it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from reports.importers.sheets import read_book
from reports.importers.units import KINDS, LEVELS, read_units
from storage.errors import InputError
from storage.records import DayInterval, Registry, SiteOwner, SuccessionKind, UnitLevel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.tables import Reading

    RegistryOf = Callable[..., Reading[Registry]]

UNITS = ["Mã đơn vị", "Tên đơn vị", "Cấp", "Mã đơn vị cấp trên", "Từ ngày", "Đến ngày", "Văn bản"]
SUCCESSIONS = ["Mã đơn vị cũ", "Mã đơn vị mới", "Hình thức", "Từ ngày", "Văn bản"]
SITES = ["Mã trang", "Địa chỉ", "Mã đơn vị", "Từ ngày", "Đến ngày"]
GOOD: list[list[Any]] = [
    ["H", "UBND huyện Sông Trầm", "huyện", None, "01/01/2022"],
    ["X1", "UBND xã Đông Trầm", "Cấp xã", "H", "01/01/2022"],
    ["X2", "UBND xã Tây Trầm", "XÃ", "H", "01/01/2022", "30/06/2022", "1/NQ-HĐND"],
]


@pytest.fixture
def registry_of(sheet_file: Callable[..., Path]) -> RegistryOf:
    def read(
        units: list[list[Any]] | None = None,
        successions: list[list[Any]] | None = None,
        sites: list[list[Any]] | None = None,
        *,
        in_force: Registry | None = None,
    ) -> Reading[Registry]:
        tables = ((units, UNITS, "A"), (successions, SUCCESSIONS, "B"), (sites, SITES, "C"))
        sheets = {name: [header, *rows] for rows, header, name in tables if rows is not None}
        return read_units(read_book(sheet_file(sheets)), in_force or Registry())

    return read


def _problems(read: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        read()
    return caught.value.problems


def test_tables_are_known_by_their_headers_whatever_the_sheets_are_called(
    registry_of: RegistryOf,
) -> None:
    registry = registry_of(
        GOOD,
        [["X2", "X1", "Sáp nhập", "01/07/2022", "1/NQ-HĐND"]],
        [["dong-tram", "http://dongtram.test/", "X1", dt.date(2022, 1, 1), None]],
    ).value
    assert [(n.unit, n.level, n.parent) for n in registry.names] == [
        ("H", UnitLevel.DISTRICT, None),
        ("X1", UnitLevel.COMMUNE, "H"),
        ("X2", UnitLevel.COMMUNE, "H"),
    ]
    (succession,) = registry.successions
    assert (succession.kind, succession.effective_on) == (
        SuccessionKind.MERGER,
        dt.date(2022, 7, 1),
    )
    (owner,) = registry.owners
    assert (owner.site, owner.base_url, owner.unit) == ("dong-tram", "http://dongtram.test/", "X1")
    assert registry.source_sha256 is not None


def test_the_last_day_that_a_clerk_writes_is_still_inside(registry_of: RegistryOf) -> None:
    commune = registry_of(GOOD).value.names[2]
    assert commune.valid == DayInterval(dt.date(2022, 1, 1), dt.date(2022, 7, 1))
    assert dt.date(2022, 6, 30) in commune.valid


def test_tables_that_the_file_does_not_hold_stay_as_they_are(
    registry_of: RegistryOf, tmp_path: Path
) -> None:
    before = registry_of(GOOD).value
    path = tmp_path / "trang.csv"
    path.write_text(
        "Mã trang;Địa chỉ;Mã đơn vị;Từ ngày;Đến ngày\nd;http://d.test;X1;01/01/2022;\n",
        encoding="utf-8-sig",
    )
    after = read_units(read_book(path), before)
    assert after.value.names == before.names
    assert [owner.site for owner in after.value.owners] == ["d"]
    assert any("“Đơn vị”" in note and "giữ nguyên" in note for note in after.notes)


def test_units_that_disappear_from_the_list_are_noted(registry_of: RegistryOf) -> None:
    before = registry_of(GOOD).value
    after = registry_of(GOOD[:2], in_force=before)
    assert len(after.value.names) == 2
    assert any("không còn trong tệp này: X2" in note for note in after.notes)


def test_sites_in_force_are_checked_against_a_new_list(registry_of: RegistryOf) -> None:
    owner = SiteOwner(
        site="tay-tram",
        base_url="http://t.test",
        unit="X2",
        valid=DayInterval(dt.date(2022, 1, 1)),
    )
    before = dataclasses.replace(registry_of(GOOD).value, owners=(owner,))
    (problem,) = _problems(lambda: registry_of(GOOD[:2], in_force=before))
    assert "X2" in problem


def test_every_error_is_told_at_once_with_its_cell(registry_of: RegistryOf) -> None:
    problems = _problems(
        lambda: registry_of(
            [
                *GOOD,
                ["X3", None, "làng", "HH", "01/13/2022"],
                [None, "Không mã", "xã", None, None],
            ],
            [["X2", "X22", "thôn tính", None]],
            [["d", "dongtram", "X1", "01/01/2022", "31/12/2021"]],
        )
    )
    assert [problem.partition(":")[0] for problem in problems] == [
        "A!B5",
        "A!C5",
        "A!D5",
        "A!E5",
        "A!A6",
        "A!E6",
        "B!B2",
        "B!C2",
        "B!D2",
        "C!B2",
        "C!E2",
    ]
    assert (
        "“HH” không có trong danh sách đơn vị; có phải “H” (UBND huyện Sông Trầm)?" in problems[2]
    )
    assert "“X22” không có trong danh sách đơn vị; có phải “X2” (UBND xã Tây Trầm)?" in problems[6]


def test_what_storage_refuses_is_shown_at_the_rows_concerned(registry_of: RegistryOf) -> None:
    overlap = ["X1", "UBND phường Đông Trầm", "phường", "H", "01/06/2022"]
    (problem,) = _problems(lambda: registry_of([*GOOD, overlap]))
    assert problem.startswith("A!A3, A!A5: ")
    assert "chồng nhau" in problem


def test_a_unit_may_change_its_name_from_one_day_to_the_next(registry_of: RegistryOf) -> None:
    rows = [
        ["X1", "UBND xã Đông Trầm", "xã", None, "01/01/2022", "30/06/2022"],
        ["X1", "UBND phường Đông Trầm", "phường", None, "01/07/2022"],
    ]
    registry = registry_of(rows).value
    names = [registry.unit_on("X1", dt.date(2022, month, 1)) for month in (6, 7)]
    assert [name and name.name for name in names] == ["UBND xã Đông Trầm", "UBND phường Đông Trầm"]


@pytest.mark.parametrize("level", UnitLevel)
def test_every_level_has_a_word_and_it_is_read_back(
    registry_of: RegistryOf, level: UnitLevel
) -> None:
    for word in LEVELS[level]:
        registry = registry_of([["A1", "Tên", f" {word.upper()} ", None, "01/01/2022"]]).value
        assert registry.names[0].level is level


@pytest.mark.parametrize("kind", SuccessionKind)
def test_every_kind_of_succession_has_a_word_and_it_is_read_back(
    registry_of: RegistryOf, kind: SuccessionKind
) -> None:
    for word in KINDS[kind]:
        registry = registry_of(GOOD, [["X2", "X1", word, "01/07/2022"]]).value
        assert registry.successions[0].kind is kind


def test_a_city_alone_is_ambiguous(registry_of: RegistryOf) -> None:
    (problem,) = _problems(lambda: registry_of([["A", "TP", "thành phố", None, "01/01/2022"]]))
    assert problem.startswith("A!C2: “thành phố” không phải “Cấp”; ghi: tỉnh, ")
