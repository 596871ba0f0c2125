"""Runs, captures and coverage: what was asked, what came, and what was seen in full."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.engine import add_rows, in_batches
from storage.errors import DatabaseError
from storage.language import t
from storage.records import (
    NOT_MODIFIED,
    ArchivedBody,
    Capture,
    CoverageState,
    CrawlRun,
    DayInterval,
    Disposition,
    RunOutcome,
    SectionCoverage,
    Validators,
    WarcPlace,
)
from storage.units import ensure_codes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from storage.engine import Connection


def start_run(c: Connection, run: CrawlRun) -> int:
    """Open a run and give its id.

    Raises:
        DatabaseError: the site has an open run.
    """
    ensure_codes(c, tables.site, [run.site])
    row = {
        "site": run.site,
        "window_from": run.window.start,
        "window_to": run.window.end,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "outcome": run.outcome,
        "reason": run.reason,
        "profile_digest": run.profile_digest,
        "code_version": run.code_version,
        "simulated_clock": run.simulated_clock,
        "counters": dict(run.counters),
    }
    if run.finished_at is None and open_runs(c, run.site):
        raise DatabaseError(_advice_on_open_run(run.site))
    (run_id,) = add_rows(c, tables.crawl_run, [row])
    return run_id


def _advice_on_open_run(site: str) -> str:
    return t(
        f"Trang {site} đang có một lần thu thập chưa kết thúc. Đợi lệnh kia chạy xong; nếu nó đã "
        "bị ngắt, chạy lại tinbai crawl để khôi phục và đi tiếp.",
        f"Site {site} has a run that is not finished. Wait for the other command; if that was "
        "killed, run tinbai crawl again to recover it and go on.",
    )


def finish_run(
    c: Connection,
    run_id: int,
    *,
    finished_at: dt.datetime,
    outcome: RunOutcome,
    reason: str | None,
    counters: Mapping[str, int],
) -> None:
    """Write how a run ended, once: the only change to a row in the whole database.

    Raises:
        DatabaseError: there is no such run, or it has ended before.
    """
    run = tables.crawl_run
    changed = c.execute(
        sa.update(run)
        .where(run.c.id == run_id, run.c.finished_at.is_(None))
        .values(finished_at=finished_at, outcome=outcome, reason=reason, counters=dict(counters))
    ).rowcount
    if changed != 1:
        raise DatabaseError(
            t(
                f"Lần thu thập {run_id} không có hoặc đã kết thúc từ trước; không ghi lại.",
                f"Run {run_id} does not exist or has ended before; it was left as it is.",
            )
        )


def open_runs(c: Connection, site: str | None = None) -> list[CrawlRun]:
    """Give the runs that have not ended: of a site none or one; of all sites when none is named."""
    run = tables.crawl_run
    query = sa.select(run).where(run.c.finished_at.is_(None)).order_by(run.c.id)
    if site is not None:
        query = query.where(run.c.site == site)
    return [_run(row) for row in c.execute(query)]


def runs(
    c: Connection,
    as_of: dt.datetime,
    *,
    sites: Collection[str] | None = None,
    also: Collection[int] = (),
    since: dt.datetime | None = None,
) -> list[CrawlRun]:
    """Give the runs started until ``as_of`` (inclusive), oldest first.

    One that ended later is given as it was known then: still under way. With ``since`` those
    started from then on (inclusive), each site's first one, and those in ``also``.
    """
    run = tables.crawl_run
    known = run.c.started_at <= as_of
    query = sa.select(run).where(known)
    if sites is not None:
        query = query.where(run.c.site.in_(sites))
    found = [*c.execute(query if since is None else query.where(run.c.started_at >= since))]
    if since is not None:
        first = sa.select(run.c.id).where(known).order_by(run.c.started_at, run.c.id)
        others = {*also, *_one_of_each_site(c, first, sites)} - {row.id for row in found}
        for some in in_batches(sorted(others)):
            found += c.execute(query.where(run.c.id.in_(some))).all()
    found.sort(key=lambda row: (row.started_at, row.id))
    return [_run(row, as_of=as_of) for row in found]


def _one_of_each_site(
    c: Connection, wanted: sa.Select[tuple[int]], sites: Collection[str] | None
) -> list[int]:
    """Give the first row for each site of what is wanted of its runs, where there is one.

    Each site is asked by itself: its index gives the first row, and no other is read.
    """
    site = tables.site.c.code
    first = wanted.where(tables.crawl_run.c.site == site).limit(1)
    query = sa.select(first.correlate(tables.site).scalar_subquery())
    if sites is not None:
        query = query.where(site.in_(sites))
    return [number for number in c.scalars(query.select_from(tables.site)) if number is not None]


def count_runs(
    c: Connection, as_of: dt.datetime, *, sites: Collection[str] | None = None
) -> tuple[int, int]:
    """Count the runs started until ``as_of`` (inclusive), and those of them by a set clock."""
    run = tables.crawl_run
    by_set_clock = sa.func.count().filter(run.c.simulated_clock)
    query = sa.select(sa.func.count(), by_set_clock).where(run.c.started_at <= as_of)
    if sites is not None:
        query = query.where(run.c.site.in_(sites))
    all_of_them, simulated = c.execute(query).one()
    return all_of_them, simulated


def _run(row: sa.Row[Any], *, as_of: dt.datetime | None = None) -> CrawlRun:
    ended = row.finished_at is not None and (as_of is None or row.finished_at <= as_of)
    return CrawlRun(
        id=row.id,
        site=row.site,
        window=DayInterval(row.window_from, row.window_to),
        started_at=row.started_at,
        finished_at=row.finished_at if ended else None,
        outcome=row.outcome if ended else None,
        reason=row.reason if ended else None,
        profile_digest=row.profile_digest,
        code_version=row.code_version,
        simulated_clock=row.simulated_clock,
        counters=row.counters if ended else {},
    )


def add_captures(c: Connection, captures: Sequence[Capture]) -> list[int]:
    """Store captures and give their ids, in their order."""
    return add_rows(c, tables.capture, [_capture_row(capture) for capture in captures])


def _capture_row(capture: Capture) -> dict[str, object]:
    place = capture.warc
    return {
        "run_id": capture.run_id,
        "url": capture.url,
        "article_id": capture.article_id,
        "purpose": capture.purpose,
        "captured_at": capture.captured_at,
        "disposition": capture.disposition,
        "reason": capture.reason,
        "status": capture.status,
        "media_type": capture.media_type,
        "body_sha256": capture.body_sha256,
        "body_bytes": capture.body_bytes,
        "tls": capture.tls,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
        "warc_record_id": place.record_id if place else None,
        "etag": capture.etag,
        "last_modified": capture.last_modified,
    }


def capture(c: Connection, capture_id: int) -> Capture:
    """Give one capture.

    Raises:
        DatabaseError: there is none with this id.
    """
    row = c.execute(
        sa.select(tables.capture).where(tables.capture.c.id == capture_id)
    ).one_or_none()
    if row is None:
        raise DatabaseError(
            t(
                f"Không có lần truy cập số {capture_id}. Xem số đúng bằng tinbai explain.",
                f"There is no capture {capture_id}. See the right number with tinbai explain.",
            )
        )
    return to_capture(row)


def captures_of_run(c: Connection, run_id: int) -> list[Capture]:
    """Give all captures of a run, in the order in which they were stored."""
    table = tables.capture
    found = c.execute(sa.select(table).where(table.c.run_id == run_id).order_by(table.c.id))
    return [to_capture(row) for row in found]


def asked_of_host(c: Connection, host: str, *, since: dt.datetime, until: dt.datetime) -> int:
    """Give how often a host was asked from ``since`` on and before ``until``, for any site.

    Addresses that robots.txt forbids, or that leave their site, were not asked.
    """
    table, run = tables.capture, tables.crawl_run
    # Of runs that began long before, no capture can be of that time: spares reading them.
    recent = sa.select(run.c.id).where(run.c.started_at >= since - dt.timedelta(days=1))
    shapes = [f"{scheme}://{host}{end}%" for scheme in ("http", "https") for end in ("/", ":")]
    was_asked = table.c.status.is_not(None) | (table.c.disposition == Disposition.NETWORK_ERROR)
    query = sa.select(sa.func.count()).where(
        table.c.run_id.in_(recent),
        table.c.captured_at >= since,
        table.c.captured_at < until,
        sa.or_(*(table.c.url.like(shape) for shape in shapes)),
        was_asked,
    )
    return c.scalar(query) or 0


def to_capture(row: sa.Row[Any]) -> Capture:
    """Make a record of a row of ``capture``."""
    place = None
    if row.warc_file is not None:
        place = WarcPlace(file=row.warc_file, offset=row.warc_offset, record_id=row.warc_record_id)
    return Capture(
        id=row.id,
        run_id=row.run_id,
        url=row.url,
        article_id=row.article_id,
        purpose=row.purpose,
        captured_at=row.captured_at,
        disposition=row.disposition,
        reason=row.reason,
        status=row.status,
        media_type=row.media_type,
        body_sha256=row.body_sha256,
        body_bytes=row.body_bytes,
        tls=row.tls,
        warc=place,
        etag=row.etag,
        last_modified=row.last_modified,
    )


def last_bodies(c: Connection, site: str) -> dict[str, ArchivedBody]:
    """Give, by address, the body that the site gave last and when it was archived in full.

    For revisit records: those refer to the record that holds the bytes, not to another
    revisit, so the instant is that of the address's first capture with the same bytes.
    """
    table, run = tables.capture, tables.crawl_run
    newest_first = sa.func.row_number().over(
        partition_by=table.c.url, order_by=(table.c.captured_at.desc(), table.c.id.desc())
    )
    same_bytes = (table.c.url, table.c.body_sha256)
    archived = (
        sa.select(
            table.c.url,
            table.c.body_sha256,
            sa.func.min(table.c.captured_at).over(partition_by=same_bytes).label("first_at"),
            newest_first.label("place"),
        )
        .join(run, run.c.id == table.c.run_id)
        .where(run.c.site == site, table.c.body_sha256.is_not(None), _has_bytes())
        .subquery()
    )
    found = c.execute(sa.select(archived).where(archived.c.place == 1))
    return {
        row.url: ArchivedBody(sha256=row.body_sha256, captured_at=row.first_at, url=row.url)
        for row in found
    }


def _has_bytes() -> sa.ColumnElement[bool]:
    """Only captures whose bytes are there: archived, and not removed by decision since."""
    removed = sa.select(tables.removed_file.c.warc_file)
    return tables.capture.c.warc_file.is_not(None) & tables.capture.c.warc_file.not_in(removed)


_AS_ASKED = (Disposition.STORED, Disposition.UNCHANGED, Disposition.LISTED)


def validators(c: Connection, site: str) -> dict[str, Validators]:
    """Give, by address, what the server can be asked with whether its body still stands.

    Only where the address's newest answer was the page that was asked for, and the server
    marked it; the body is the record that holds its bytes.
    """
    table, run = tables.capture, tables.crawl_run
    newest_first = sa.func.row_number().over(
        partition_by=table.c.url, order_by=(table.c.captured_at.desc(), table.c.id.desc())
    )
    ranked = (
        sa.select(table, newest_first.label("place"))
        .join(run, run.c.id == table.c.run_id)
        .where(run.c.site == site, table.c.status.is_not(None))
        .subquery()
    )
    marked = (ranked.c.etag.is_not(None)) | (ranked.c.last_modified.is_not(None))
    newest = c.execute(
        sa.select(ranked.c.url, ranked.c.body_sha256, ranked.c.etag, ranked.c.last_modified).where(
            ranked.c.place == 1, ranked.c.disposition.in_(_AS_ASKED), marked
        )
    ).all()
    urls = [row.url for row in newest]
    originals, taken = _originals(c, site, urls), _taken(c, site, urls)
    return {
        row.url: Validators(
            etag=row.etag,
            last_modified=row.last_modified,
            body=ArchivedBody(
                sha256=row.body_sha256, captured_at=original.captured_at, url=row.url
            ),
            place=original.warc,
            taken_at=taken.get(row.url, original.captured_at),
        )
        for row in newest
        if (original := originals.get((row.url, row.body_sha256))) and original.warc
    }


def _originals(
    c: Connection, site: str, urls: Sequence[str]
) -> dict[tuple[str, str | None], Capture]:
    """Give the first capture of each body of these addresses: its record has the bytes."""
    table, run = tables.capture, tables.crawl_run
    first: dict[tuple[str, str | None], Capture] = {}
    for some in in_batches(urls):
        query = (
            sa.select(table)
            .join(run, run.c.id == table.c.run_id)
            .where(run.c.site == site, table.c.url.in_(some), _has_bytes())
            .order_by(table.c.captured_at, table.c.id)
        )
        for row in c.execute(query):
            first.setdefault((row.url, row.body_sha256), to_capture(row))
    return first


def _taken(c: Connection, site: str, urls: Sequence[str]) -> dict[str, dt.datetime]:
    """Give when each address was last answered in full."""
    table, run = tables.capture, tables.crawl_run
    query = (
        sa.select(table.c.url, sa.func.max(table.c.captured_at).label("at"))
        .join(run, run.c.id == table.c.run_id)
        .where(run.c.site == site, table.c.status != NOT_MODIFIED)
        .group_by(table.c.url)
    )
    return {
        row.url: row.at
        for some in in_batches(urls)
        for row in c.execute(query.where(table.c.url.in_(some)))
    }


def archived_bodies(
    c: Connection, urls: Sequence[str]
) -> dict[tuple[str, dt.datetime], str | None]:
    """Give, by address and instant, the digest of every body that was archived of these."""
    table = tables.capture
    found = {}
    for batch in in_batches(urls):
        query = sa.select(table.c.url, table.c.captured_at, table.c.body_sha256).where(
            table.c.url.in_(batch), table.c.warc_file.is_not(None)
        )
        found.update({(row.url, row.captured_at): row.body_sha256 for row in c.execute(query)})
    return found


def add_coverage(c: Connection, rows: Sequence[SectionCoverage]) -> None:
    """Store what a run saw in full, one row a section. Site and start are the run's own."""
    add_rows(
        c,
        tables.coverage,
        [
            {
                "run_id": row.run_id,
                "section": row.section,
                "state": row.state,
                "day_from": row.days.start if row.days else None,
                "day_to": row.days.end if row.days else None,
                "reason": row.reason,
                "detail": row.detail,
                "is_extra": row.is_extra,
                "list_order": row.order,
                "joins_run_id": row.joins_run_id,
            }
            for row in rows
        ],
    )


def coverage_as_of(
    c: Connection,
    as_of: dt.datetime,
    *,
    sites: Collection[str] | None = None,
    since: dt.datetime | None = None,
) -> list[SectionCoverage]:
    """Give the coverage of the runs that had ended by ``as_of`` (inclusive), oldest run first.

    With ``since`` that of runs started from then on (inclusive), of each site's newest run, and
    the first that saw a section of the site in full.
    """
    table, run = tables.coverage, tables.crawl_run
    known = run.c.finished_at <= as_of
    query = sa.select(table, run.c.site, run.c.started_at).join(run, run.c.id == table.c.run_id)
    query = query.where(known, sa.true() if sites is None else run.c.site.in_(sites))
    found = [*c.execute(query if since is None else query.where(run.c.started_at >= since))]
    if since is not None:
        of_runs = sa.select(table.c.id).join(run, run.c.id == table.c.run_id).where(known)
        newest = of_runs.with_only_columns(run.c.id).order_by(
            run.c.started_at.desc(), run.c.id.desc()
        )
        complete = of_runs.where(table.c.state == CoverageState.COMPLETE).order_by(
            run.c.finished_at, run.c.id, table.c.id
        )
        seen = {row.id for row in found}
        for column, wanted in ((table.c.run_id, newest), (table.c.id, complete)):
            for some in in_batches(sorted(_one_of_each_site(c, wanted, sites))):
                rows = c.execute(query.where(column.in_(some))).all()
                found += [row for row in rows if row.id not in seen]
                seen.update(row.id for row in rows)
    found.sort(key=lambda row: (row.started_at, row.run_id, row.id))
    return [
        SectionCoverage(
            site=row.site,
            section=row.section,
            run_id=row.run_id,
            run_started_at=row.started_at,
            state=row.state,
            days=DayInterval(row.day_from, row.day_to) if row.day_from else None,
            reason=row.reason,
            detail=row.detail,
            is_extra=row.is_extra,
            order=row.list_order,
            joins_run_id=row.joins_run_id,
        )
        for row in found
    ]
