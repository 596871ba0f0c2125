from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.captures import (
    add_captures,
    add_coverage,
    capture,
    captures_of_run,
    coverage_as_of,
    finish_run,
    last_bodies,
    open_runs,
    runs,
    start_run,
)
from storage.errors import DatabaseError
from storage.records import (
    ArchivedBody,
    Capture,
    CapturePurpose,
    CoverageReason,
    CoverageState,
    CrawlRun,
    DayInterval,
    Disposition,
    ListOrder,
    RunOutcome,
    SectionCoverage,
    WarcPlace,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Connection, Database

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
COUNTERS = {"capture/stored": 3, "capture/http_error": 1}


def _finish(c: Connection, run_id: int, at: dt.datetime = START + HOUR) -> None:
    finish_run(
        c,
        run_id,
        finished_at=at,
        outcome=RunOutcome.PARTIAL,
        reason="list failed",
        counters=COUNTERS,
    )


def _place(offset: int) -> WarcPlace:
    return WarcPlace(file="xa-a/1.warc.gz", offset=offset, record_id=f"urn:uuid:{offset}")


def test_a_run_comes_back_as_it_was(db: Database, run: CrawlRun) -> None:
    with db.write() as c:
        run_id = start_run(c, run)
        assert open_runs(c, "xa-a") == [replace(run, id=run_id)]


def test_a_site_that_no_unit_list_names_can_be_crawled(db: Database, run: CrawlRun) -> None:
    with db.write() as c:
        start_run(c, replace(run, site="unlisted"))
        assert [r.site for r in open_runs(c)] == ["unlisted"]


def test_a_site_has_one_open_run(db: Database, run: CrawlRun, run_id: int) -> None:
    with pytest.raises(DatabaseError, match="xa-a"), db.write() as c:
        start_run(c, run)
    with db.write() as c:
        start_run(c, replace(run, site="xa-b"))
        _finish(c, run_id)
        start_run(c, run)
        assert len(runs(c, START)) == 3


def test_the_database_itself_refuses_a_second_open_run(
    db: Database, run: CrawlRun, run_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two programs that look at the same moment both see none."""
    assert run_id
    monkeypatch.setattr("storage.captures.open_runs", lambda *_: [])
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        start_run(c, run)


def test_a_run_ends_once(db: Database, run_id: int) -> None:
    with db.write() as c:
        _finish(c, run_id)
    with pytest.raises(DatabaseError, match="kết thúc từ trước"), db.write() as c:
        _finish(c, run_id, at=START + 2 * HOUR)
    with db.read() as c:
        (ended,) = runs(c, START + 2 * HOUR)
    assert ended.finished_at == START + HOUR
    assert ended.outcome is RunOutcome.PARTIAL
    assert ended.reason == "list failed"
    assert ended.counters == COUNTERS


def test_a_run_that_does_not_exist_cannot_end(db: Database) -> None:
    with pytest.raises(DatabaseError, match="77"), db.write() as c:
        _finish(c, 77)


def test_runs_are_given_as_they_were_known(db: Database, run: CrawlRun, run_id: int) -> None:
    later = replace(run, site="xa-b", started_at=START + 3 * HOUR)
    with db.write() as c:
        _finish(c, run_id)
        start_run(c, later)
        assert runs(c, START - HOUR) == []
        assert runs(c, START) == [replace(run, id=run_id)]
        assert [r.outcome for r in runs(c, START + HOUR)] == [RunOutcome.PARTIAL]
        assert [r.site for r in runs(c, START + 3 * HOUR)] == ["xa-a", "xa-b"]
        assert [r.site for r in runs(c, START + 3 * HOUR, sites=["xa-b"])] == ["xa-b"]


def test_captures_come_back_as_they_were_in_their_order(
    db: Database, run_id: int, make_capture: Callable[..., Capture]
) -> None:
    given = [
        make_capture(
            f"http://xa-a.test/{n}",
            warc=_place(n) if n % 2 else None,
            body_sha256="b" * 64 if n % 2 else None,
            body_bytes=n if n % 2 else None,
            status=200,
            media_type="text/html",
            reason="status 200",
        )
        for n in range(60)
    ]
    with db.write() as c:
        ids = add_captures(c, given)
        stored = [replace(one, id=key) for one, key in zip(given, ids, strict=True)]
        assert captures_of_run(c, run_id) == stored
        assert capture(c, ids[7]) == stored[7]
        assert add_captures(c, []) == []


@pytest.mark.parametrize("disposition", Disposition)
def test_every_disposition_can_be_stored(
    db: Database, make_capture: Callable[..., Capture], disposition: Disposition
) -> None:
    with db.write() as c:
        (key,) = add_captures(c, [make_capture(disposition=disposition)])
        assert capture(c, key).disposition is disposition


def test_a_capture_that_does_not_exist_is_said_so(db: Database) -> None:
    with pytest.raises(DatabaseError, match="12345"), db.read() as c:
        capture(c, 12345)


def test_the_last_body_of_an_address_is_found_where_its_bytes_lie(
    db: Database, make_capture: Callable[..., Capture]
) -> None:
    """A B B: the newest body is B, and its bytes were archived at the second capture."""

    def body(letter: str, hours: int) -> Capture:
        return make_capture(
            "http://xa-a.test/",
            purpose=CapturePurpose.LIST,
            body_sha256=letter * 64,
            warc=_place(hours),
            captured_at=START + hours * HOUR,
        )

    failed = make_capture("http://xa-a.test/", captured_at=START + 9 * HOUR)
    with db.write() as c:
        add_captures(c, [body("a", 0), body("b", 2), body("b", 1), failed])
        assert last_bodies(c, "xa-a") == {
            "http://xa-a.test/": ArchivedBody(
                sha256="b" * 64, captured_at=START + HOUR, url="http://xa-a.test/"
            )
        }
        assert last_bodies(c, "xa-b") == {}


def _coverage(run_id: int, **changes: object) -> SectionCoverage:
    fields: dict[str, object] = {
        "site": "xa-a",
        "section": "Tin tức",
        "run_id": run_id,
        "run_started_at": START,
        "state": CoverageState.COMPLETE,
        "days": DayInterval(dt.date(2022, 8, 1), dt.date(2022, 9, 1)),
        "reason": CoverageReason.REACHED_WINDOW_START,
    }
    return SectionCoverage(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def test_coverage_counts_from_the_end_of_its_run(db: Database, run_id: int) -> None:
    rows = [
        _coverage(run_id),
        _coverage(
            run_id,
            section="Một cửa",
            state=CoverageState.NONE,
            days=None,
            reason=CoverageReason.LIST_FAILED,
            detail="http://xa-a.test/mot-cua: 503",
        ),
    ]
    with db.write() as c:
        add_coverage(c, rows)
        assert coverage_as_of(c, START + 9 * HOUR) == []
        _finish(c, run_id)
        assert coverage_as_of(c, START) == []
        assert coverage_as_of(c, START + HOUR) == rows


def test_a_section_of_a_run_is_covered_once(db: Database, run_id: int) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        add_coverage(c, [_coverage(run_id), _coverage(run_id)])


@pytest.mark.parametrize("reason", CoverageReason)
def test_every_reason_of_coverage_can_be_stored(
    db: Database, run_id: int, reason: CoverageReason
) -> None:
    joins = run_id if reason is CoverageReason.REACHED_KNOWN else None
    with db.write() as c:
        add_coverage(c, [_coverage(run_id, reason=reason, joins_run_id=joins)])
        _finish(c, run_id)
        assert [row.reason for row in coverage_as_of(c, START + HOUR)] == [reason]


@pytest.mark.parametrize("order", [*ListOrder, None])
def test_the_order_of_a_list_is_kept_with_its_coverage(
    db: Database, run_id: int, order: ListOrder | None
) -> None:
    row = _coverage(run_id, order=order, joins_run_id=run_id, reason=CoverageReason.REACHED_KNOWN)
    with db.write() as c:
        add_coverage(c, [row])
        _finish(c, run_id)
        assert coverage_as_of(c, START + HOUR, sites=["xa-a"]) == [row]
        assert coverage_as_of(c, START + HOUR, sites=["xa-b"]) == []


def test_a_look_that_joins_another_one_names_it(db: Database, run_id: int) -> None:
    for wrong in (
        _coverage(run_id, reason=CoverageReason.REACHED_KNOWN),
        _coverage(run_id, joins_run_id=run_id),
    ):
        with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
            add_coverage(c, [wrong])
