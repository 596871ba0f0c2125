"""Column types that SQLite and PostgreSQL agree on."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Boolean, DateTime, Integer, Text, TypeDecorator
from sqlalchemy import Enum as CheckedText

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints and indexes are called, in models and migrations. Never change it: a
migration finds a constraint by its name."""

KEY = BigInteger().with_variant(Integer, "sqlite")
"""A row's key. SQLite numbers rows by itself only when the column is called INTEGER."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant: aware on both sides, in UTC.

    Raises:
        ValueError: a naive value was to be stored or compared with.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse naive values; SQLite keeps no zone, so it is given UTC without one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        in_utc = value.astimezone(dt.UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], dt.datetime | None]:
        """Give aware values: PostgreSQL answers in the session's zone, SQLite in words, of none."""
        del coltype
        return _from_words if dialect.name == "sqlite" else _in_utc


def _from_words(value: str | None) -> dt.datetime | None:
    return None if value is None else dt.datetime.fromisoformat(f"{value}+00:00")


def _in_utc(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else value.astimezone(dt.UTC)


class Json(TypeDecorator[Any]):
    """Plain values as JSON text: the same text on both, with letters that people can read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        """Write keys in order, so that equal values are equal text."""
        del dialect
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        """Read it back; tuples come as lists."""
        del dialect
        return None if value is None else json.loads(value)


def choice(kind: type[Enum], name: str) -> TypeEngine[Any]:
    """Give a column type for one of an enum's values: text that the database checks.

    ``name`` names the check: the column's name, as a rule.
    """
    return CheckedText(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,  # room for members to come without changing the column
        values_callable=lambda members: [member.value for member in members],
    )


def yes_or_no(name: str) -> Boolean:
    """Give a column type for a truth value; SQLite, which has none, checks for 0 and 1."""
    return Boolean(name=name, create_constraint=True)
