"""Reports that their office has frozen: once each, one number once, superseded once."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage import tables
from storage.engine import add_rows
from storage.errors import DatabaseError
from storage.official_reports import official_reports, record_official
from storage.records import OfficialReport
from storage.tags import register_taxonomy

if TYPE_CHECKING:
    from storage.engine import Database
    from storage.records import Taxonomy

AT = dt.datetime(2022, 10, 5, 2, tzinfo=dt.UTC)


@pytest.fixture
def ids(db: Database, taxonomy: Taxonomy) -> list[int]:
    """Store three reports, of which only the rows matter here; give their ids."""
    row = {
        "period_code": "2022-Q3",
        "period_from": dt.date(2022, 7, 1),
        "period_to": dt.date(2022, 10, 1),
        "as_of": AT,
        "taxonomy": taxonomy.release,
        "rule": "r",
        "code_version": "0",
        "made_at": AT,
        "content_sha256": hashlib.sha256(b"").hexdigest(),
        "content": "",
    }
    with db.write() as c:
        register_taxonomy(c, taxonomy, registered_at=AT)
        return add_rows(c, tables.report, [row] * 3)


def _official(report: int, number: str) -> OfficialReport:
    return OfficialReport(
        report_id=report,
        issuer="Sở Nội vụ",
        number=number,
        signed_on=dt.date(2022, 10, 5),
        who="Lan",
        recorded_at=AT,
    )


def test_what_was_frozen_is_read_back_as_known_then(db: Database, ids: list[int]) -> None:
    first = _official(ids[0], "7/BC")
    later = replace(
        _official(ids[1], "8/BC"),
        supersedes=ids[0],
        why="bổ sung",
        recorded_at=AT + dt.timedelta(days=1),
    )
    with db.write() as c:
        record_official(c, first)
        record_official(c, later)
    with db.read() as c:
        assert official_reports(c) == [first, later]
        assert official_reports(c, AT) == [first]
        assert official_reports(c, AT - dt.timedelta(seconds=1)) == []


def test_nothing_is_frozen_numbered_or_superseded_twice(db: Database, ids: list[int]) -> None:
    first = _official(ids[0], "7/BC")
    second = replace(_official(ids[1], "8/BC"), supersedes=ids[0], why="bổ sung")
    with db.write() as c:
        record_official(c, first)
        record_official(c, second)
    for refused in (
        _official(ids[0], "9/BC"),
        replace(_official(ids[2], "07 / bc"), issuer="SỞ NỘI VỤ"),
        replace(_official(ids[2], "9/BC"), supersedes=ids[0], why="lại"),
        replace(_official(ids[2], "9/BC"), supersedes=ids[1]),
        replace(_official(ids[2], "9/BC"), supersedes=ids[2], why="chính nó"),
    ):
        with pytest.raises(DatabaseError), db.write() as c:
            record_official(c, refused)
    next_year = replace(_official(ids[2], "7/BC"), signed_on=dt.date(2023, 1, 3))
    with db.write() as c:
        record_official(c, next_year)
