from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import InputError
from storage.records import (
    DayInterval,
    Registry,
    SiteOwner,
    Succession,
    SuccessionKind,
    UnitLevel,
    UnitName,
)
from storage.units import problems_of, record_registry, registry_as_of, require_units

if TYPE_CHECKING:
    from storage.engine import Database

FIRST = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SINCE_2020 = DayInterval(dt.date(2020, 1, 1))
UNTIL_2022 = DayInterval(dt.date(2020, 1, 1), dt.date(2022, 7, 1))
FROM_2022 = DayInterval(dt.date(2022, 7, 1))


def _unit(code: str, valid: DayInterval = SINCE_2020, *, parent: str | None = None) -> UnitName:
    return UnitName(
        unit=code, name=code.title(), level=UnitLevel.COMMUNE, parent=parent, valid=valid
    )


def _owner(unit: str, valid: DayInterval = SINCE_2020) -> SiteOwner:
    return SiteOwner(site="s", base_url="http://s.test/", unit=unit, valid=valid)


def _merger(predecessor: str, successor: str) -> Succession:
    return Succession(
        predecessor=predecessor,
        successor=successor,
        kind=SuccessionKind.MERGER,
        effective_on=dt.date(2022, 7, 1),
        decision_ref="1/NQ",
    )


MERGED = Registry(
    names=(_unit("b", UNTIL_2022), _unit("a", UNTIL_2022), _unit("ab", FROM_2022)),
    successions=(_merger("b", "ab"), _merger("a", "ab")),
    owners=(_owner("b", UNTIL_2022), _owner("ab", FROM_2022)),
    source_sha256="f" * 64,
)


def test_a_registry_comes_back_as_it_was_in_its_order(db: Database) -> None:
    with db.write() as c:
        record_registry(c, MERGED, received_at=FIRST)
        assert registry_as_of(c, FIRST) == MERGED


def test_before_any_was_received_the_registry_is_empty(db: Database) -> None:
    with db.write() as c:
        record_registry(c, MERGED, received_at=FIRST)
        assert registry_as_of(c, FIRST - HOUR) == Registry()


def test_the_newest_edition_received_until_then_is_in_force(
    db: Database, registry: Registry
) -> None:
    with db.write() as c:
        record_registry(c, registry, received_at=FIRST + 2 * HOUR)
        record_registry(c, MERGED, received_at=FIRST)
        assert registry_as_of(c, FIRST + HOUR) == MERGED
        assert registry_as_of(c, FIRST + 2 * HOUR) == registry


def test_of_two_received_at_once_the_later_recorded_is_in_force(
    db: Database, registry: Registry
) -> None:
    with db.write() as c:
        record_registry(c, MERGED, received_at=FIRST)
        record_registry(c, registry, received_at=FIRST)
        assert registry_as_of(c, FIRST) == registry


def test_an_edition_that_says_the_same_is_not_stored_again(
    db: Database, registry: Registry
) -> None:
    with db.write() as c:
        record_registry(c, registry, received_at=FIRST)
        record_registry(c, replace(registry, source_sha256="0" * 64), received_at=FIRST + HOUR)
        assert registry_as_of(c, FIRST + HOUR).source_sha256 == registry.source_sha256


def test_even_an_empty_edition_is_an_edition(db: Database, registry: Registry) -> None:
    with db.write() as c:
        record_registry(c, registry, received_at=FIRST)
        record_registry(c, Registry(), received_at=FIRST + HOUR)
        assert registry_as_of(c, FIRST + HOUR) == Registry()


def test_a_registry_that_contradicts_itself_is_refused_whole(db: Database) -> None:
    wrong = Registry(names=(_unit("a"), _unit("a", FROM_2022)), owners=(_owner("x"),))
    with pytest.raises(InputError) as caught, db.write() as c:
        record_registry(c, wrong, received_at=FIRST)
    assert len(caught.value.problems) == 2
    with db.read() as c:
        assert registry_as_of(c, FIRST) == Registry()


@pytest.mark.parametrize(
    ("registry", "word"),
    [
        (Registry(names=(_unit("a"), _unit("a", FROM_2022))), "a: hai khoảng"),
        (Registry(names=(_unit("a", FROM_2022), _unit("a", UNTIL_2022), _unit("a"))), "chồng"),
        (
            Registry(names=(_unit("a"),), owners=(_owner("a"), _owner("a", UNTIL_2022))),
            "trang s: hai khoảng",
        ),
        (Registry(names=(_unit("a", parent="x"),)), "đơn vị x (cấp trên của a)"),
        (Registry(names=(_unit("a"),), successions=(_merger("x", "a"),)), "đơn vị x (đơn vị trước"),
        (Registry(names=(_unit("a"),), successions=(_merger("a", "x"),)), "đơn vị x (đơn vị kế"),
        (Registry(names=(_unit("a"),), successions=(_merger("a", "a"),)), "chính mình"),
        (Registry(owners=(_owner("x"),)), "đơn vị x (chủ quản của trang s)"),
        (Registry(names=(_unit("a", parent="a"),)), "cấp trên của chính mình"),
        (Registry(names=(_unit("a", parent="b"), _unit("b", parent="a"))), "chính mình"),
    ],
)
def test_a_contradiction_is_named(registry: Registry, word: str) -> None:
    assert any(word in problem for problem in problems_of(registry))


def test_a_merger_in_mid_year_is_no_contradiction() -> None:
    assert problems_of(MERGED) == ()


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6)), min_size=1, max_size=6),
)
def test_names_overlap_exactly_when_some_day_has_two_of_them(spans: list[tuple[int, int]]) -> None:
    first = dt.date(2022, 1, 1)
    names = tuple(
        _unit(
            "a",
            DayInterval(
                first + dt.timedelta(days=start), first + dt.timedelta(days=start + length)
            ),
        )
        for start, length in spans
    )
    days = [first + dt.timedelta(days=n) for n in range(30)]
    twice = any(sum(day in name.valid for name in names) > 1 for day in days)
    assert bool(problems_of(Registry(names=names))) == twice


def test_units_that_no_list_named_are_refused_by_name(db: Database, registry: Registry) -> None:
    with db.write() as c:
        record_registry(c, registry, received_at=FIRST)
        require_units(c, ["xa-a", "huyen"])
        with pytest.raises(InputError) as caught:
            require_units(c, ["xa-x", "xa-a", "xa-y", "xa-x"])
    assert caught.value.problems == ("xa-x", "xa-y")
