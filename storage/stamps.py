"""Time stamps in rows: one for a head of the evidence chain, kept as the authority answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import chain, tables
from storage.engine import add_rows, open_database
from storage.language import t
from storage.leaves import head_content
from storage.problems import EvidenceProblem, ProblemKind
from storage.records import TreeHead
from storage.timestamping import TimestampError, ask, check

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from storage.clock import Clock
    from storage.engine import Connection
    from storage.verify_chain import Chain
    from storage.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """An authority's answer for a head."""

    head_id: int
    head: TreeHead
    authority: str
    """Its address."""
    received_at: dt.datetime
    """By our clock; the authority's own time is in the token."""
    token: bytes
    """The whole TimeStampResp, in DER."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamped:
    """What came of asking for a stamp."""

    head: TreeHead
    authority: str
    at: dt.datetime | None
    """The authority's time; None: the head had its stamp before."""


def stamp_newest(workspace: Workspace, clock: Clock) -> Stamped | None:
    """Ask for a stamp on the newest head; None: no authority is named, or there is no head.

    Raises:
        TimestampError: no valid one could be had.
        DatabaseError: it cannot be stored.
    """
    settings = workspace.settings
    if settings.timestamp_url is None:
        return None
    database = open_database(workspace)
    try:
        with database.read() as c:
            heads, stamped = chain.heads(c), {one.head_id for one in stamps(c)}
        if not heads:
            return None
        newest = heads[-1]
        if newest.id in stamped:
            return Stamped(head=newest.head, authority=settings.timestamp_url, at=None)
        token, at = ask(
            settings.timestamp_url,
            head_content(newest.head.size, newest.head.root),
            certificates=trusted(workspace) or b"",
            timeout_s=settings.timeout_s,
            proxy=settings.proxy,
        )
        row = {
            "head_id": newest.id,
            "authority": settings.timestamp_url,
            "received_at": clock.now(),
            "token": token,
        }
        with database.write() as c:
            add_rows(c, tables.time_stamp, [row])
    finally:
        database.close()
    return Stamped(head=newest.head, authority=settings.timestamp_url, at=at)


def trusted(workspace: Workspace) -> bytes | None:
    """Give the certificates that ``[timestamp] ca`` names, in PEM; None: it names none.

    Raises:
        TimestampError: the file cannot be read.
    """
    if workspace.settings.timestamp_ca is None:
        return None
    path: Path = workspace.folder / workspace.settings.timestamp_ca
    try:
        return path.read_bytes()
    except OSError as error:
        raise TimestampError(
            t(
                f"[timestamp] ca: không đọc được {path}: {error.strerror}.",
                f"[timestamp] ca: {path} cannot be read: {error.strerror}.",
            )
        ) from error


def stamps(c: Connection) -> list[Stamp]:
    """Give all stamps, oldest first."""
    stamp, head = tables.time_stamp, tables.tree_head
    query = (
        sa.select(stamp, head.c.size, head.c.root, head.c.sealed_at)
        .join(head, head.c.id == stamp.c.head_id)
        .order_by(stamp.c.id)
    )
    return [
        Stamp(
            head_id=row.head_id,
            head=TreeHead(size=row.size, root=row.root, sealed_at=row.sealed_at),
            authority=row.authority,
            received_at=row.received_at,
            token=row.token,
        )
        for row in c.execute(query)
    ]


def verify_stamps(
    c: Connection, found: Chain, *, certificates: bytes | None
) -> Iterator[EvidenceProblem]:
    """Check that every stamp holds for the root that the leaves give.

    Args:
        c: sees the state of one instant.
        found: the chain, verified before.
        certificates: whom to trust, in PEM; None: nothing can be checked, and that is said.
    """
    for stamp in stamps(c):
        content = head_content(stamp.head.size, found.roots.get(stamp.head.size, ""))
        try:
            check(stamp.token, content, certificates=certificates or b"")
        except TimestampError as error:
            yield EvidenceProblem(
                kind=ProblemKind.STAMP_WRONG,
                message=t(
                    f"dấu thời gian của {stamp.authority} cho {stamp.head.size} mắt xích: {error}",
                    f"time stamp of {stamp.authority} for {stamp.head.size} leaves: {error}",
                ),
            )
