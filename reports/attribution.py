"""Whose article it is: the unit that answered for the site on the article's day. Pure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storage.errors import InputError
from storage.language import t
from storage.records import SuccessionKind, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storage.records import Candidate, DayInterval, Registry, UnitName

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """The unit that an article counts for, and those it might belong to as well."""

    owner: str | None
    """None: no unit answered for the site on that day."""
    others: frozenset[str] = frozenset()
    """Without a day: units that owned the site earlier in the window. What is unknown of the
    article is unknown of their counts too."""


def attribute(candidate: Candidate, registry: Registry, *, window: DayInterval) -> Attribution:
    """Find the owner on the article's day.

    An undated article goes to the owner on the last day on which it can have been published
    in the window: the day that it was first seen, or the window's last day if that is earlier.
    One with an interval of days instead cannot be of who owned the site before it.
    """
    if candidate.day is not None:
        return _sure(registry.owner_on(candidate.site, candidate.day))
    latest = _latest_day(candidate, window)
    owner = registry.owner_on(candidate.site, latest)
    others = frozenset(
        row.unit
        for row in registry.owners_of(candidate.site)
        if row.unit != owner
        and (held := row.valid.intersection(window)) is not None
        and held.start <= latest
        and (candidate.days is None or held.overlaps(candidate.days))
    )
    return Attribution(owner=owner, others=others)


@cache
def _sure(owner: str | None) -> Attribution:
    """Give the attribution of what has a day: one for all articles of a unit."""
    return Attribution(owner=owner)


def heirs(registry: Registry, *, window: DayInterval) -> dict[str, str]:
    """Give the units that passed on to exactly one other within the window, with their last heir.

    A split has no single heir, and neither has a unit that went to several.
    """
    followed: dict[str, set[str]] = defaultdict(set)
    for row in registry.successions:
        if row.effective_on in window and row.kind is not SuccessionKind.SPLIT:
            followed[row.predecessor].add(row.successor)
    divided = {row.predecessor for row in registry.successions if row.kind is SuccessionKind.SPLIT}
    single = {
        unit: next(iter(successors))
        for unit, successors in followed.items()
        if len(successors) == 1 and unit not in divided
    }
    return {unit: heir for unit in single if (heir := _last_heir(unit, single)) not in {None, unit}}


def inherited(registry: Registry, heir_of: dict[str, str]) -> Registry:
    """Give the unit list as if the heirs had owned their predecessors' sites all along."""
    if not heir_of:
        return registry
    return replace(
        registry,
        names=tuple(
            replace(row, parent=heir_of.get(row.parent or "", row.parent))
            for row in registry.names
            if row.unit not in heir_of
        ),
        owners=tuple(replace(row, unit=heir_of.get(row.unit, row.unit)) for row in registry.owners),
    )


def _last_heir(unit: str, single: dict[str, str]) -> str | None:
    """Follow the successions; None when they go round in a circle."""
    passed = {unit}
    while unit in single:
        unit = single[unit]
        if unit in passed:
            return None
        passed.add(unit)
    return unit


def units_shown(
    registry: Registry, *, window: DayInterval, also: Iterable[str] = ()
) -> tuple[str, ...]:
    """Give the units of a report, in the order of the unit list.

    Shown is who existed on a day of the window, and whoever is named in ``also`` (has a plan,
    a self-report or an article). So a merged unit and its successor both appear. Left out are
    those that only stand above others (``only_superior``).
    """
    named = set(also)
    above = set(only_superior(registry, window=window, also=named))
    existed = set(_existed(registry, window))
    listed = list(dict.fromkeys(row.unit for row in registry.names))
    return (
        *(unit for unit in listed if (unit in existed or unit in named) and unit not in above),
        *sorted(named.difference(listed)),
    )


def only_superior(
    registry: Registry, *, window: DayInterval, also: Iterable[str] = ()
) -> tuple[str, ...]:
    """Give the units that others stand under and that have nothing of their own to be counted.

    No site in the window, and not named in ``also``: the office that checks is on the list as
    the others' superior, and a row of unknown numbers would say nothing of it.
    """
    parents = {row.parent for row in registry.names_in(window)}
    named = set(also)
    return tuple(
        unit
        for unit in _existed(registry, window)
        if unit in parents
        and unit not in named
        and not any(owned.valid.overlaps(window) for owned in registry.owned_by(unit))
    )


def _existed(registry: Registry, window: DayInterval) -> list[str]:
    return list(dict.fromkeys([row.unit for row in registry.names_in(window)]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The part of the unit list that a report is about."""

    top: str
    units: frozenset[str]
    """The top one and all below it."""
    sites: frozenset[str]
    """What these units answered for at any time."""


def scope_of(registry: Registry, top: str, *, window: DayInterval) -> Scope:
    """Give a unit and all that stood below it on a day of the window, at whatever depth.

    Raises:
        InputError: there was no such unit in the window.
    """
    existed = _existed(registry, window)
    if top not in existed:
        raise InputError(
            t(
                f"Không có đơn vị “{top}” trong kỳ. Các mã đơn vị:",
                f"There is no unit '{top}' in the period. The units' codes:",
            ),
            tuple(f"{unit}: {unit_name(registry, unit, window=window)}" for unit in existed),
        )
    below: dict[str | None, set[str]] = defaultdict(set)
    for row in registry.names_in(window):
        below[row.parent].add(row.unit)
    units: set[str] = set()
    reached = {top}
    while reached:
        units |= reached
        reached = {child for one in reached for child in below[one]} - units
    sites = frozenset(owner.site for unit in units for owner in registry.owned_by(unit))
    return Scope(top=top, units=frozenset(units), sites=sites)


def named_sites(addresses: Iterable[str], registry: Registry) -> frozenset[str]:
    """Give the sites on whose hosts addresses lie that self-reports name or that these led to."""
    hosts = {_host(address) for address in addresses}
    if not hosts:
        return frozenset()
    return frozenset(owner.site for owner in registry.owners if _host(owner.base_url) in hosts)


@lru_cache(20_000)  # the unit list's sites are asked for more than once in one report
def _host(url: str) -> str:
    text = url.strip()
    try:
        host = urlsplit(text if "://" in text else f"http://{text}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def unit_names(registry: Registry, units: Iterable[str], *, window: DayInterval) -> dict[str, str]:
    """Give the names of all units on the list and of those given besides, as ``unit_name`` does."""
    rows: dict[str, list[UnitName]] = {unit: [] for unit in units}
    for row in registry.names:
        rows.setdefault(row.unit, []).append(row)
    return {unit: _name_in(named, unit, window) for unit, named in rows.items()}


def unit_name(registry: Registry, unit: str, *, window: DayInterval) -> str:
    """Give the unit's last name in the window, else its newest name, else its code."""
    return _name_in([row for row in registry.names if row.unit == unit], unit, window)


def _name_in(rows: Sequence[UnitName], unit: str, window: DayInterval) -> str:
    if len(rows) == 1:
        return rows[0].name
    current = [row for row in rows if row.valid.overlaps(window)] or rows
    return max(current, key=lambda row: row.valid.start).name if current else unit


def _latest_day(candidate: Candidate, window: DayInterval) -> dt.date:
    seen = vietnam_day(candidate.first_seen_at)
    return seen if window.end is None else min(seen, window.end - _DAY)
