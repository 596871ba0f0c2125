"""Work outside the web that units state, and its proofs: loudspeakers, panels, meetings."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows
from storage.folding import fold
from storage.history import what_is_new
from storage.records import DayInterval, Output
from storage.units import require_units

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from storage.engine import Connection

Key = tuple[object, ...]


def _about(output: Output) -> Key:
    """Give what a statement is about: the newest on it is in force."""
    words = fold(output.measure), fold(output.description)
    return output.unit, output.period, output.form, *words


def record_outputs(c: Connection, outputs: Sequence[Output]) -> None:
    """Store statements as received; one that says the same as the one in force adds nothing.

    Raises:
        InputError: a unit is in no unit list; nothing is stored.
    """
    require_units(c, [output.unit for output in outputs])
    new = what_is_new(
        outputs,
        _outputs(c, sa.true()),
        about=_about,
        at=lambda output: output.received_at,
        content=lambda output: (
            output.number,
            output.proof_name,
            output.proof_sha256,
            output.source_sha256,
            output.cell,
        ),
    )
    add_rows(c, tables.output, [_row(output) for output in new])


def outputs_as_of(c: Connection, as_of: dt.datetime) -> list[Output]:
    """Give the statement in force of each subject, without those that were taken back.

    Inclusive; of two received at the same instant the one recorded later. By unit and days.
    """
    newest: dict[Key, Output] = {}
    for output in _outputs(c, tables.output.c.received_at <= as_of):
        before = newest.get(_about(output))
        if before is None or before.received_at <= output.received_at:
            newest[_about(output)] = output
    return sorted(
        (output for output in newest.values() if output.number),
        key=lambda output: (output.unit, output.period.start, output.cell, output.id or 0),
    )


def keep_proof(folder: Path, file: Path) -> str:
    """Copy a proof into the folder under its digest, once; give the digest.

    The name is the digest with the file's ending, so that a double click opens it. What is
    there is never written again.

    Raises:
        OSError: it cannot be read or written.
    """
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    kept = folder / f"{digest}{file.suffix.lower()}"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "wb") as copy:
            copy.write(data)
            copy.flush()
            os.fsync(copy.fileno())
        Path(name).replace(kept)
    return digest


def _row(output: Output) -> dict[str, object]:
    return {
        "unit": output.unit,
        "period_from": output.period.start,
        "period_to": output.period.end,
        "form": output.form,
        "measure": output.measure,
        "number": output.number,
        "description": output.description,
        "proof_name": output.proof_name,
        "proof_sha256": output.proof_sha256,
        "cell": output.cell,
        "source_sha256": output.source_sha256,
        "source_name": output.source_name,
        "received_at": output.received_at,
    }


def _outputs(c: Connection, which: sa.ColumnElement[bool]) -> list[Output]:
    table = tables.output
    return [
        Output(
            id=row.id,
            unit=row.unit,
            period=DayInterval(row.period_from, row.period_to),
            form=row.form,
            measure=row.measure,
            number=row.number,
            description=row.description,
            proof_name=row.proof_name,
            proof_sha256=row.proof_sha256,
            cell=row.cell,
            source_sha256=row.source_sha256,
            source_name=row.source_name,
            received_at=row.received_at,
        )
        for row in c.execute(sa.select(table).where(which).order_by(table.c.id))
    ]
