"""What units state of work outside the web: the newest statement on a subject is in force."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.errors import InputError
from storage.outputs import outputs_as_of, record_outputs
from storage.records import DayInterval, Output, OutputForm

if TYPE_CHECKING:
    from storage.engine import Connection, Database

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("run_id")


def _output(number: int = 12, *, hour: int = 0, **changes: object) -> Output:
    fields: dict[str, object] = {
        "unit": "xa-a",
        "period": DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1)),
        "form": OutputForm.BROADCAST,
        "measure": "Lượt phát thanh",
        "number": number,
        "description": "TTHC",
        "proof_name": "loa.jpg",
        "proof_sha256": "p" * 64,
        "cell": "KQ!C2",
        "source_sha256": "s" * 64,
        "source_name": "kq.xlsx",
        "received_at": START + hour * HOUR,
    }
    return Output(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def _in_force(c: Connection, hour: int) -> list[Output]:
    return [replace(output, id=None) for output in outputs_as_of(c, START + hour * HOUR)]


def test_the_newest_statement_on_a_subject_is_in_force_and_none_takes_it_back(
    db: Database,
) -> None:
    panel = _output(2, form=OutputForm.PANEL, measure="Pano", cell="KQ!C3")
    corrected = _output(15, hour=1, measure="LƯỢT phát thanh")
    with db.write() as c:
        record_outputs(c, [_output(), panel])
        record_outputs(c, [_output(), panel])
        record_outputs(c, [corrected])
        record_outputs(c, [_output(0, hour=2)])
        assert _in_force(c, -1) == []
        assert _in_force(c, 0) == [_output(), panel]
        assert _in_force(c, 1) == [corrected, panel]
        assert _in_force(c, 2) == [panel]


def test_a_unit_in_no_list_is_refused(db: Database) -> None:
    with db.write() as c, pytest.raises(InputError, match="chưa có trong danh sách"):
        record_outputs(c, [_output(unit="xa-la")])
