from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.captures import add_captures
from storage.claims import (
    claimed_addresses,
    record_self_reports,
    self_reports_as_of,
    tries_of_addresses,
)
from storage.errors import DatabaseError, InputError
from storage.records import (
    Capture,
    CapturePurpose,
    Claim,
    DayInterval,
    Disposition,
    SelfReport,
)

if TYPE_CHECKING:
    from storage.engine import Connection, Database

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
QUARTER = DayInterval(dt.date(2022, 7, 1), dt.date(2022, 10, 1))
AUGUST = DayInterval(dt.date(2022, 8, 1), dt.date(2022, 9, 1))

pytestmark = pytest.mark.usefixtures("run_id")


def _report(number: int = 5, *, hour: int = 0, **changes: object) -> SelfReport:
    fields: dict[str, object] = {
        "unit": "xa-a",
        "period": QUARTER,
        "source_sha256": "s" * 64,
        "source_name": "tu-danh-gia.xlsx",
        "received_at": START + hour * HOUR,
        "claims": (
            Claim(tag="CCHC", number=number, cell="B2"),
            Claim(
                tag="CCHC",
                url="http://xa-a.test/bai-1",
                title="Khai trương",
                day=dt.date(2022, 9, 5),
                cell="B3",
            ),
        ),
    }
    return SelfReport(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def _in_force(c: Connection, hour: int) -> list[SelfReport]:
    return [
        replace(report, id=None, claims=tuple(replace(claim, id=None) for claim in report.claims))
        for report in self_reports_as_of(c, START + hour * HOUR)
    ]


def test_a_self_report_comes_back_as_it_was_with_ids(db: Database) -> None:
    with db.write() as c:
        record_self_reports(c, [_report()])
        assert _in_force(c, 0) == [_report()]
        assert _in_force(c, -1) == []
        (stored,) = self_reports_as_of(c, START)
    assert stored.id is not None
    assert all(claim.id is not None for claim in stored.claims)


def test_the_newest_received_until_then_is_in_force(db: Database) -> None:
    with db.write() as c:
        record_self_reports(c, [_report(7, hour=2)])
        record_self_reports(c, [_report(5, hour=0)])
        assert _in_force(c, 1) == [_report(5, hour=0)]
        assert _in_force(c, 2) == [_report(7, hour=2)]


def test_each_unit_and_each_period_has_its_own(db: Database) -> None:
    given = [_report(unit="xa-a"), _report(unit="huyen", claims=()), _report(period=AUGUST)]
    with db.write() as c:
        record_self_reports(c, given)
        assert _in_force(c, 0) == [given[1], given[0], given[2]]


def test_the_same_again_adds_nothing_though_claims_have_ids_now(db: Database) -> None:
    with db.write() as c:
        record_self_reports(c, [_report(5)])
        stored = self_reports_as_of(c, START)
        record_self_reports(c, [_report(5, hour=1), replace(stored[0], received_at=START + HOUR)])
        assert self_reports_as_of(c, START + HOUR) == stored


def test_an_unknown_unit_is_refused(db: Database) -> None:
    with pytest.raises(InputError) as caught, db.write() as c:
        record_self_reports(c, [_report(unit="xa-x")])
    assert caught.value.problems == ("xa-x",)


def test_a_negative_claim_is_refused(db: Database) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        record_self_reports(c, [_report(-1)])


def test_the_whole_addresses_in_force_are_given_by_host(db: Database) -> None:
    urls = ["http://xa-a.test/2", "http://xa-a.test/bi-cat…", "http://khac.test/1"]
    named = tuple(
        Claim(tag="CCHC", url=url, cell=f"B{row}", shown_url="http://hien.test/")
        for row, url in enumerate(urls)
    )
    with db.write() as c:
        record_self_reports(c, [_report(), _report(hour=1, claims=named)])
        before = claimed_addresses(c, START)
        assert before == ["http://xa-a.test/bai-1"]
        now = START + HOUR
        assert claimed_addresses(c, now) == [urls[0], urls[2]]
        assert claimed_addresses(c, now, hosts=["XA-A.test"]) == [urls[0]]
        assert claimed_addresses(c, now, hosts=[]) == []
        (stored,) = self_reports_as_of(c, now)
    assert stored.claims[0].shown_url == "http://hien.test/"


def test_the_newest_attempt_at_an_address_is_followed_to_where_it_leads(
    db: Database, run_id: int
) -> None:
    def capture(path: str, hour: int, reason: str | None, status: int) -> Capture:
        return Capture(
            run_id=run_id,
            url=f"http://xa-a.test/{path}",
            purpose=CapturePurpose.ARTICLE,
            captured_at=START + hour * HOUR,
            disposition=Disposition.REDIRECTED if reason else Disposition.HTTP_ERROR,
            reason=reason,
            status=status,
        )

    with db.write() as c:
        add_captures(
            c,
            [
                capture("cu", 0, None, 500),
                capture("cu", 1, "to http://xa-a.test/moi", 301),
                capture("moi", 1, None, 404),
                capture("cu", 3, None, 503),
            ],
        )
        found = tries_of_addresses(c, ["http://xa-a.test/cu", "http://x.test/"], START + 2 * HOUR)
    assert {url: one.status for url, one in found.items()} == {
        "http://xa-a.test/cu": 301,
        "http://xa-a.test/moi": 404,
    }
