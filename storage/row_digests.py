"""What a row is sealed by, and what stands in the leaf of many rows: bytes for outsiders. Pure.

A row is one line of JSON with its columns by name (in the order of the alphabet, no spaces, UTF-8
letters as they are), but for its id and for what is empty: a column that a later version of the
program adds, empty in the rows of before, leaves their lines as they were. Values are taken as they
lie in the database, so that no byte of them is outside; where SQLite and PostgreSQL keep them in
different forms, SQLite's is written: days and instants (UTC, microseconds) as text, yes and no as 1
and 0, bytes as hexadecimal in an object of their own.

The leaf of many rows names the SHA-256 of a list: for each row, in the order of ids, its id (8
bytes, most significant first, two's complement) and the SHA-256 of its line. The list is stored
with the leaf; it is how ``verify`` can say which row is not what it was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from json.encoder import encode_basestring
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FORMAT = "tinbai-rows/1"
"""Names what is said above; a change of any of it is a new number."""
_ENTRY = struct.Struct(">q32s")


def _plain(value: object) -> object:
    """Give what JSON has no form for, in SQLite's."""
    match value:
        case dt.datetime():
            at = value.astimezone(dt.UTC).replace(tzinfo=None)
            return at.isoformat(sep=" ", timespec="microseconds")
        case dt.date():
            return value.isoformat()
        case bytes() | memoryview():
            return {"hex": bytes(value).hex()}
        case _:
            raise TypeError(f"no form for {type(value).__name__}")


_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
_LEAF = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def row_line(names: Sequence[str], values: Iterable[object]) -> bytes:
    """Give the line of a row.

    Args:
        names: of the columns, in the order of the alphabet, without the id.
        values: in the same order, as the database's driver gives them.
    """
    filled = ",".join(
        [
            f"{encode_basestring(name)}:{_form(value)}"
            for name, value in zip(names, values, strict=True)
            if value is not None
        ]
    )
    # What is no UTF-8 (somebody wrote other bytes) has a line, too: another one than before.
    return f"{{{filled}}}".encode("utf-8", "backslashreplace")


def _form(value: object) -> str:
    """Give a value in JSON; for text, which nearly all bytes of a row are, with no way round."""
    if type(value) is str:
        return encode_basestring(value)
    return _LINE.encode(int(value) if isinstance(value, bool) else value)


def row_sha256(names: Sequence[str], values: Iterable[object]) -> bytes:
    """Give the SHA-256 of a row's line."""
    return hashlib.sha256(row_line(names, values)).digest()


def pack(digests: Iterable[tuple[int, bytes]]) -> bytes:
    """Give the list of a leaf: ids and digests, in the order of ids."""
    return b"".join(_ENTRY.pack(row_id, digest) for row_id, digest in digests)


def unpack(packed: bytes) -> Iterator[tuple[int, bytes]]:
    """Give ids and digests of a list; what is left over at its end is no entry."""
    whole = len(packed) - len(packed) % _ENTRY.size
    return _ENTRY.iter_unpack(packed[:whole])


def rows_leaf_content(table: str, *, first_id: int, last_id: int, digests: bytes) -> bytes:
    """Give the bytes of the leaf of many rows of a table: ``first_id`` to ``last_id``, inclusive.

    Args:
        table: its name in the database.
        first_id: of the first row.
        last_id: of the last row.
        digests: the list, packed.
    """
    facts = {
        "first_id": first_id,
        "format": FORMAT,
        "last_id": last_id,
        "rows": len(digests) // _ENTRY.size,
        "rows_sha256": hashlib.sha256(digests).hexdigest(),
        "table": table,
    }
    return _LEAF.encode(facts).encode("utf-8", "backslashreplace")
