"""Whose an article is, and which units a report shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from reports.attribution import (
    attribute,
    heirs,
    inherited,
    only_superior,
    unit_name,
    units_shown,
)
from storage.records import (
    DayInterval,
    Registry,
    SiteOwner,
    Succession,
    SuccessionKind,
    UnitLevel,
    UnitName,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Candidate

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
SEAM = dt.date(2022, 7, 1)
BEFORE, AFTER = DayInterval(dt.date(2020, 1, 1), SEAM), DayInterval(SEAM)


@pytest.fixture(scope="module")
def merged() -> Registry:
    """On 1 July commune A's site passed on to the new commune C."""
    names = (("xa-c", "Xã C", AFTER), ("xa-a", "Xã A", BEFORE))
    return Registry(
        names=tuple(
            UnitName(unit=code, name=name, level=UnitLevel.COMMUNE, parent=None, valid=valid)
            for code, name, valid in names
        ),
        owners=tuple(
            SiteOwner(site="a", base_url="http://a.test/", unit=unit, valid=valid)
            for unit, valid in (("xa-a", BEFORE), ("xa-c", AFTER))
        ),
    )


def at(month: int, day: int) -> dt.datetime:
    return dt.datetime(2022, month, day, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "owner"),
    [
        (dt.date(2022, 6, 30), "xa-a"),
        (dt.date(2022, 7, 1), "xa-c"),
        (dt.date(2019, 12, 31), None),
    ],
)
def test_the_owner_on_the_day_of_publication_answers_for_an_article(
    merged: Registry,
    make_candidate: Callable[..., Candidate],
    day: dt.date,
    owner: str | None,
) -> None:
    found = attribute(make_candidate(day=day, seen=at(9, 1)), merged, window=YEAR)
    assert (found.owner, found.others) == (owner, frozenset())


def test_an_undated_article_goes_to_the_owner_when_it_was_seen_and_may_be_the_formers(
    merged: Registry, make_candidate: Callable[..., Candidate]
) -> None:
    found = attribute(make_candidate(day=None, seen=at(9, 1)), merged, window=YEAR)
    assert (found.owner, found.others) == ("xa-c", frozenset({"xa-a"}))


def test_an_undated_article_seen_before_the_seam_is_surely_the_formers(
    merged: Registry, make_candidate: Callable[..., Candidate]
) -> None:
    found = attribute(make_candidate(day=None, seen=at(6, 30)), merged, window=YEAR)
    assert (found.owner, found.others) == ("xa-a", frozenset())


def test_an_undated_article_seen_after_the_window_is_asked_of_who_owned_the_site_in_it(
    merged: Registry, make_candidate: Callable[..., Candidate]
) -> None:
    """Whoever took the site over later cannot have published it in the second quarter."""
    quarter = DayInterval(dt.date(2022, 4, 1), dt.date(2022, 7, 1))
    found = attribute(make_candidate(day=None, seen=at(9, 1)), merged, window=quarter)
    assert found.owner == "xa-a"


def test_both_sides_of_a_merger_are_shown_in_the_order_of_the_list(merged: Registry) -> None:
    assert units_shown(merged, window=YEAR) == ("xa-c", "xa-a")


def test_a_unit_that_had_ended_is_shown_only_when_something_is_about_it(merged: Registry) -> None:
    autumn = DayInterval(dt.date(2022, 9, 1), dt.date(2022, 10, 1))
    assert units_shown(merged, window=autumn) == ("xa-c",)
    assert units_shown(merged, window=autumn, also=["xa-a", "xa-z"]) == ("xa-c", "xa-a", "xa-z")


def test_a_unit_is_called_by_its_last_name_in_the_window(merged: Registry) -> None:
    september = dt.date(2022, 9, 1)
    old = replace(merged.names[0], valid=DayInterval(SEAM, september))
    new = replace(merged.names[0], name="Phường C", valid=DayInterval(september))
    renamed = replace(merged, names=(new, old))
    august = DayInterval(dt.date(2022, 8, 1), dt.date(2022, 9, 1))
    assert unit_name(renamed, "xa-c", window=august) == "Xã C"
    assert unit_name(renamed, "xa-c", window=YEAR) == "Phường C"
    assert unit_name(merged, "xa-a", window=DayInterval(dt.date(2023, 1, 1))) == "Xã A"
    assert unit_name(merged, "xa-z", window=YEAR) == "xa-z"


def test_a_superior_with_nothing_of_its_own_has_no_row_until_it_has_something(
    merged: Registry,
) -> None:
    district = UnitName(
        unit="huyen", name="Huyện", level=UnitLevel.DISTRICT, parent=None, valid=BEFORE
    )
    below = tuple(replace(name, parent="huyen") for name in merged.names)
    registry = replace(merged, names=(district, *below))
    assert only_superior(registry, window=YEAR) == ("huyen",)
    assert units_shown(registry, window=YEAR) == ("xa-c", "xa-a")
    assert units_shown(registry, window=YEAR, also=["huyen"]) == ("huyen", "xa-c", "xa-a")
    own = SiteOwner(site="huyen", base_url="http://h.test/", unit="huyen", valid=BEFORE)
    with_site = replace(registry, owners=(*registry.owners, own))
    assert only_superior(with_site, window=YEAR) == ()


def test_a_unit_without_anything_that_nobody_stands_under_is_shown(merged: Registry) -> None:
    idle = replace(merged.names[0], unit="xa-x", name="Xã X")
    assert "xa-x" in units_shown(replace(merged, names=(*merged.names, idle)), window=YEAR)


# ----------------------------------------------------------------------------- heirs


def followed(*rows: tuple[str, str, SuccessionKind]) -> Registry:
    return Registry(
        successions=tuple(
            Succession(predecessor=one, successor=other, kind=kind, effective_on=SEAM)
            for one, other, kind in rows
        )
    )


MERGER, SPLIT = SuccessionKind.MERGER, SuccessionKind.SPLIT


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", "c", MERGER), ("b", "c", MERGER)], {"a": "c", "b": "c"}),
        ([("a", "b", MERGER), ("b", "c", SuccessionKind.RENAMING)], {"a": "c", "b": "c"}),
        ([("a", "c", SuccessionKind.DISSOLUTION)], {"a": "c"}),
        ([("a", "b", SPLIT)], {}),
        ([("a", "b", MERGER), ("a", "c", SPLIT)], {}),
        ([("a", "b", MERGER), ("a", "c", MERGER)], {}),
        ([("a", "b", MERGER), ("b", "a", MERGER)], {}),
    ],
)
def test_an_heir_is_the_only_one_that_a_unit_went_to(
    rows: list[tuple[str, str, SuccessionKind]], expected: dict[str, str]
) -> None:
    assert heirs(followed(*rows), window=YEAR) == expected


def test_a_succession_outside_the_window_leaves_the_posts_where_they_are() -> None:
    registry = followed(("a", "c", MERGER))
    assert heirs(registry, window=DayInterval(dt.date(2022, 1, 1), SEAM)) == {}
    assert heirs(registry, window=DayInterval(SEAM)) == {"a": "c"}


def test_an_heir_owns_the_sites_all_along_and_stands_above_whom_its_predecessor_did(
    merged: Registry,
) -> None:
    below = UnitName(
        unit="truong", name="Trường", level=UnitLevel.DEPARTMENT, parent="xa-a", valid=BEFORE
    )
    found = inherited(replace(merged, names=(*merged.names, below)), {"xa-a": "xa-c"})
    assert [(row.unit, row.parent) for row in found.names] == [("xa-c", None), ("truong", "xa-c")]
    assert {row.unit for row in found.owners} == {"xa-c"}
    assert found.owner_on("a", dt.date(2022, 1, 1)) == "xa-c"
    assert inherited(merged, {}) is merged
