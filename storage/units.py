"""The registry: who existed when, and whose site is whose, in append-only editions."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows
from storage.errors import InputError
from storage.history import what_is_new
from storage.language import t
from storage.records import DayInterval, Registry, SiteOwner, Succession, UnitName

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from storage.engine import Connection


def problems_of(registry: Registry) -> tuple[str, ...]:
    """Give what contradicts itself in a registry, in the reader's language; empty: nothing.

    Overlapping names of a unit or owners of a site, and units that are referred to but not
    listed. Pure.
    """
    listed = {name.unit for name in registry.names}
    return (
        *_overlaps(registry.names, lambda n: n.unit, t("đơn vị", "unit")),
        *_overlaps(registry.owners, lambda o: o.site, t("trang", "site")),
        *_strangers(registry, listed),
        *_own_ancestors(registry),
        *(
            t(
                f"đơn vị {s.predecessor}: không thể kế thừa chính mình",
                f"unit {s.predecessor}: cannot succeed itself",
            )
            for s in registry.successions
            if s.predecessor == s.successor
        ),
    )


def _overlaps(rows: Iterable[Any], key: Callable[[Any], str], what: str) -> Iterator[str]:
    ordered = sorted(rows, key=lambda row: (key(row), row.valid.start))
    for code, group in groupby(ordered, key=key):
        intervals = [row.valid for row in group]
        for earlier, later in pairwise(intervals):
            if earlier.overlaps(later):
                yield t(
                    f"{what} {code}: hai khoảng thời gian chồng nhau ở ngày {later.start}; cho "
                    "khoảng trước kết thúc trước ngày đó",
                    f"{what} {code}: two intervals overlap on {later.start}; end the earlier one "
                    "before that day",
                )


def _strangers(registry: Registry, listed: set[str]) -> Iterator[str]:
    references = [
        *((n.parent, f"{t('cấp trên của', 'parent of')} {n.unit}") for n in registry.names),
        *((s.predecessor, t("đơn vị trước sáp nhập", "predecessor")) for s in registry.successions),
        *((s.successor, t("đơn vị kế thừa", "successor")) for s in registry.successions),
        *((o.unit, f"{t('chủ quản của trang', 'owner of')} {o.site}") for o in registry.owners),
    ]
    for code, role in references:
        if code is not None and code not in listed:
            yield t(
                f"đơn vị {code} ({role}) không có trong danh sách",
                f"unit {code} ({role}) is not in the list",
            )


def _own_ancestors(registry: Registry) -> Iterator[str]:
    """Find units that stand above themselves on the day from which a name is valid."""
    for name in registry.names:
        seen: set[str] = set()
        code: str | None = name.unit
        while code is not None and code not in seen:
            seen.add(code)
            above = registry.unit_on(code, name.valid.start)
            code = None if above is None else above.parent
        if code == name.unit:
            yield t(
                f"đơn vị {name.unit}: là cấp trên của chính mình từ ngày {name.valid.start}",
                f"unit {name.unit}: stands above itself from {name.valid.start}",
            )


def record_registry(c: Connection, registry: Registry, *, received_at: dt.datetime) -> None:
    """Store the unit list as a new edition, unless the one in force then says the same.

    Raises:
        InputError: it contradicts itself; nothing is stored.
    """
    problems = problems_of(registry)
    if problems:
        raise InputError(
            t("Danh sách đơn vị có mâu thuẫn:", "The unit list contradicts itself:"), problems
        )
    if not what_is_new(
        [(received_at, registry)],
        _editions(c),
        about=lambda _: None,
        at=lambda edition: edition[0],
        content=lambda edition: replace(edition[1], source_sha256=None),
    ):
        return
    ensure_codes(c, tables.unit, [name.unit for name in registry.names])
    ensure_codes(c, tables.site, [owner.site for owner in registry.owners])
    edition = {"received_at": received_at, "source_sha256": registry.source_sha256}
    (edition_id,) = add_rows(c, tables.registry_edition, [edition])
    add_rows(c, tables.unit_name, [_name_row(edition_id, n) for n in registry.names])
    add_rows(c, tables.succession, [_succession_row(edition_id, s) for s in registry.successions])
    add_rows(c, tables.site_owner, [_owner_row(edition_id, o) for o in registry.owners])


def _editions(c: Connection) -> list[tuple[dt.datetime, Registry]]:
    edition = tables.registry_edition
    found = c.execute(sa.select(edition).order_by(edition.c.id)).all()
    return [(row.received_at, _registry(c, row)) for row in found]


def _name_row(edition_id: int, name: UnitName) -> dict[str, object]:
    return {
        "edition_id": edition_id,
        "unit": name.unit,
        "name": name.name,
        "level": name.level,
        "parent": name.parent,
        "valid_from": name.valid.start,
        "valid_to": name.valid.end,
        "decision_ref": name.decision_ref,
    }


def _succession_row(edition_id: int, succession: Succession) -> dict[str, object]:
    return {
        "edition_id": edition_id,
        "predecessor": succession.predecessor,
        "successor": succession.successor,
        "kind": succession.kind,
        "effective_on": succession.effective_on,
        "decision_ref": succession.decision_ref,
    }


def _owner_row(edition_id: int, owner: SiteOwner) -> dict[str, object]:
    return {
        "edition_id": edition_id,
        "site": owner.site,
        "base_url": owner.base_url,
        "unit": owner.unit,
        "valid_from": owner.valid.start,
        "valid_to": owner.valid.end,
    }


def registry_as_of(c: Connection, as_of: dt.datetime) -> Registry:
    """Give the newest edition received until ``as_of`` (inclusive); empty when there is none.

    Of two received at the same instant the one recorded later.
    """
    edition = tables.registry_edition
    row = c.execute(
        sa.select(edition)
        .where(edition.c.received_at <= as_of)
        .order_by(edition.c.received_at.desc(), edition.c.id.desc())
        .limit(1)
    ).one_or_none()
    return Registry() if row is None else _registry(c, row)


def _registry(c: Connection, edition: sa.Row[Any]) -> Registry:
    name, succession, owner = tables.unit_name.c, tables.succession.c, tables.site_owner.c
    names = _rows_of(
        c,
        edition.id,
        *(name.unit, name.name, name.level, name.parent, name.valid_from, name.valid_to),
        name.decision_ref,
    )
    successions = _rows_of(
        c,
        edition.id,
        *(succession.predecessor, succession.successor, succession.kind),
        *(succession.effective_on, succession.decision_ref),
    )
    owners = _rows_of(
        c, edition.id, owner.site, owner.base_url, owner.unit, owner.valid_from, owner.valid_to
    )
    return Registry(
        names=tuple(
            UnitName(
                unit=unit,
                name=called,
                level=level,
                parent=parent,
                valid=DayInterval(start, end),
                decision_ref=decision,
            )
            for unit, called, level, parent, start, end, decision in names
        ),
        successions=tuple(
            Succession(
                predecessor=predecessor,
                successor=successor,
                kind=kind,
                effective_on=day,
                decision_ref=decision,
            )
            for predecessor, successor, kind, day, decision in successions
        ),
        owners=tuple(
            SiteOwner(site=site, base_url=url, unit=unit, valid=DayInterval(start, end))
            for site, url, unit, start, end in owners
        ),
        source_sha256=edition.source_sha256,
    )


def _rows_of(c: Connection, edition_id: int, *columns: sa.Column[Any]) -> Sequence[Any]:
    """Give these columns of an edition's rows of their table, all at once, in the list's order."""
    table = columns[0].table.c
    return c.execute(
        sa.select(*columns).where(table.edition_id == edition_id).order_by(table.id)
    ).all()


def ensure_codes(c: Connection, table: sa.Table, codes: Iterable[str]) -> None:
    """Give each code its row in ``unit`` or ``site``, if it has none yet."""
    known = set(c.scalars(sa.select(table.c.code)))
    new = [{"code": code} for code in dict.fromkeys(codes) if code not in known]
    if new:
        c.execute(sa.insert(table), new)


def require_units(c: Connection, units: Iterable[str]) -> None:
    """Refuse units that no edition of the list has named.

    Raises:
        InputError: names all of them.
    """
    known = set(c.scalars(sa.select(tables.unit.c.code)))
    strangers = [unit for unit in dict.fromkeys(units) if unit not in known]
    if strangers:
        raise InputError(
            t(
                "Các đơn vị sau chưa có trong danh sách; nhập danh sách trước bằng "
                "tinbai import units:",
                "These units are in no unit list; import one first with tinbai import units:",
            ),
            tuple(strangers),
        )
