"""The state of a workspace's database, for `tinbai db check`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.captures import open_runs
from storage.engine import Database, schema_state, shown_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.records import CrawlRun
    from storage.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What a check of the database gave."""

    address: str
    """Without the password."""
    schema: str | None
    """The schema's version; None: no database yet."""
    schema_wanted: str
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows each table has; empty when the schema is not the one wanted."""
    open_runs: tuple[CrawlRun, ...] = ()
    """Walks under way, or left behind by a killed program."""

    @property
    def is_usable(self) -> bool:
        """Tell whether this program can work with it."""
        return self.schema == self.schema_wanted


def examine(workspace: Workspace) -> Health:
    """Look at the workspace's database without changing anything.

    Raises:
        DatabaseError: it cannot be reached or read.
    """
    url = workspace.database_url
    current, head = schema_state(url)
    if current != head:
        return Health(address=shown_address(url), schema=current, schema_wanted=head)
    database = Database.open(url, busy_timeout_s=workspace.settings.busy_timeout_s)
    try:
        with database.read() as c:
            return Health(
                address=shown_address(url),
                schema=current,
                schema_wanted=head,
                rows={
                    name: c.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                    for name, table in tables.metadata.tables.items()
                },
                open_runs=tuple(open_runs(c)),
            )
    finally:
        database.close()
