"""Who: units, their names, successions and sites."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from storage.records.days import DayInterval


class UnitLevel(Enum):
    """The tier of a unit (cấp)."""

    PROVINCE = "province"
    """Tỉnh, thành phố."""
    DISTRICT = "district"
    """Huyện, quận, thị xã (until 1 July 2025)."""
    COMMUNE = "commune"
    """Xã, phường, thị trấn, đặc khu."""
    DEPARTMENT = "department"
    """Sở, phòng, ban, đơn vị sự nghiệp."""


class SuccessionKind(Enum):
    """How one unit follows another."""

    MERGER = "merger"
    SPLIT = "split"
    RENAMING = "renaming"
    DISSOLUTION = "dissolution"


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitName:
    """A unit (đơn vị) as it is called, placed and ranked during an interval."""

    unit: str
    """The unit's own code in this office's list. Never a statistics code: those are reused."""
    name: str
    level: UnitLevel
    parent: str | None
    """Code of the unit above."""
    valid: DayInterval
    decision_ref: str | None = None
    """The decision that made it so, e.g. '832/NQ-UBTVQH14'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Succession:
    """A predecessor's duties pass to a successor on a day (the first day of the new unit)."""

    predecessor: str
    successor: str
    kind: SuccessionKind
    effective_on: dt.date
    decision_ref: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteOwner:
    """A website belongs to a unit for a time."""

    site: str
    base_url: str
    unit: str
    valid: DayInterval


@dataclass(frozen=True, kw_only=True, slots=True)
class Registry:
    """The unit list as known at one instant: who existed when, and whose site is whose."""

    names: tuple[UnitName, ...] = ()
    successions: tuple[Succession, ...] = ()
    owners: tuple[SiteOwner, ...] = ()
    source_sha256: str | None = None
    """Digest of the newest file that it was read from."""
    _of_site: Mapping[str, tuple[SiteOwner, ...]] = field(init=False, repr=False, compare=False)
    _of_unit: Mapping[str, tuple[UnitName, ...]] = field(init=False, repr=False, compare=False)
    _owned: Mapping[str, tuple[SiteOwner, ...]] = field(init=False, repr=False, compare=False)
    _in_window: dict[DayInterval, tuple[UnitName, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        of_site: dict[str, tuple[SiteOwner, ...]] = {}
        owned: dict[str, tuple[SiteOwner, ...]] = {}
        for owner in self.owners:
            of_site[owner.site] = (*of_site.get(owner.site, ()), owner)
            owned[owner.unit] = (*owned.get(owner.unit, ()), owner)
        of_unit: dict[str, tuple[UnitName, ...]] = {}
        for name in self.names:
            of_unit[name.unit] = (*of_unit.get(name.unit, ()), name)
        object.__setattr__(self, "_of_site", of_site)  # frozen: derived once, here
        object.__setattr__(self, "_of_unit", of_unit)
        object.__setattr__(self, "_owned", owned)
        object.__setattr__(self, "_in_window", {})

    def owners_of(self, site: str) -> tuple[SiteOwner, ...]:
        """Give who answered for a site, in the order of the list."""
        return self._of_site.get(site, ())

    def owned_by(self, unit: str) -> tuple[SiteOwner, ...]:
        """Give what sites a unit answered for and when, in the order of the list."""
        return self._owned.get(unit, ())

    def names_in(self, window: DayInterval) -> tuple[UnitName, ...]:
        """Give the rows of units that existed on a day of a window, in the order of the list."""
        if window not in self._in_window:  # a report asks for one again and again
            self._in_window[window] = tuple(
                name for name in self.names if name.valid.overlaps(window)
            )
        return self._in_window[window]

    def names_of(self, unit: str) -> tuple[UnitName, ...]:
        """Give what a unit was called and when, in the order of the list."""
        return self._of_unit.get(unit, ())

    def unit_on(self, unit: str, day: dt.date) -> UnitName | None:
        """Give the unit's name row valid on that day."""
        return next((name for name in self.names_of(unit) if day in name.valid), None)

    def owner_on(self, site: str, day: dt.date) -> str | None:
        """Give the code of the unit that answers for the site on that day."""
        return next((o.unit for o in self.owners_of(site) if day in o.valid), None)
