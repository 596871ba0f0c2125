# ruff: noqa: T201 - a script that prints
"""What a district's report costs on a large base, beside the plainest SQL with the same counts.

    python -m benchmarks.reporting [--versions 1000000] [--database postgresql://…] [--keep FOLDER]

Two invented bases, one a tenth of the other, with five years of weekly looks; both hold the same
district. A commune takes texts over from its district's seat and from a ministry: a site below
a province is part of the province's portal by law (Nghị định 42/2022, article 11), so a seat's text
has as many copies in a large base as in a small one; what a ministry writes any unit of the
country may take over, so its copies grow with the base, to two thousand each. How many posts
are taken over is invented.

"Every count" is the plainest SQL that gives every number of the report's lines: counted,
reposts, and how many posts are left out for which reason; it is what the report's cost is held
against. "Counted only" gives one of these numbers, and shows what the others cost. Neither gives
coverage, findings, or the articles behind a number. Every way has the same indexes, fresh
statistics, and on PostgreSQL pages that are marked as visible; its server's CPU is counted in.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from classifier.taxonomy import load_release
from reports.build import build_report
from reports.calendar import parse_period
from reports.serial import to_json
from storage import tables
from storage.claims import record_self_reports
from storage.columns import Json
from storage.engine import Database, schema_state
from storage.findings import store_report
from storage.records import (
    CapturePurpose,
    Channel,
    Claim,
    CoverageReason,
    CoverageState,
    DateSource,
    DayInterval,
    Disposition,
    Level,
    Registry,
    RunOutcome,
    SelfReport,
    SiteOwner,
    UnitLevel,
    UnitName,
    Verdict,
)
from storage.schema import upgrade
from storage.tags import register_taxonomy
from storage.units import record_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.records import Report

POSTS, COMMUNES, CLAIMS = 500, 32, 500
"""Of a unit; of a district; of a self-report."""
REPEATS, FROM_SEAT, FROM_MINISTRY, EARLIER = 8, 12, 16, 4
"""Of twenty posts which one has the text of another: of the unit's own post ``EARLIER`` posts
before, of its district's seat at the same place, of the ministry's as many places before."""
FIRST, WEEKS = dt.date(2018, 1, 1), 5 * 52
TAGGER, DISTRICT, MINISTRY, PERIOD = "rules@bench", "h0", "bo", "2022-Q3"
RELEASE = load_release().release
TOPICS = [topic.code for topic in load_release().record().topics]
AS_OF = dt.datetime(2023, 1, 15, tzinfo=dt.UTC)
CLAIMED_AT = AS_OF + dt.timedelta(days=1)
_EVERY, _REPORT, _CLAIMS = "plain SQL, every count", "report", "report with 500 claims"


# ------------------------------------------------------------------------------- the base


@dataclass(frozen=True, slots=True)
class _Base:
    """Ids are reckoned, not asked for: each unit has one site, each post one version."""

    units: list[str]

    @property
    def posts(self) -> int:
        return len(self.units) * POSTS

    def day(self, n: int) -> dt.date:
        return _day(n % POSTS)

    def text(self, n: int) -> int:
        """The post whose text this one has: its own, as a rule."""
        unit, place = divmod(n, POSTS)
        ministry = len(self.units) - 1
        if unit == ministry:
            return n
        return {
            REPEATS: n - EARLIER,
            FROM_SEAT: unit // (COMMUNES + 1) * (COMMUNES + 1) * POSTS + place,
            FROM_MINISTRY: ministry * POSTS + place - EARLIER,
        }.get(n % 20, n)

    def run_of(self, n: int) -> int:
        """The first weekly look after the post's day."""
        week = min(WEEKS - 1, (self.day(n) - FIRST).days // 7 + 1)
        return n // POSTS * WEEKS + week + 1

    def seen_at(self, n: int) -> dt.datetime:
        return _run_start((self.run_of(n) - 1) % WEEKS)


@cache
def _day(place: int) -> dt.date:
    return FIRST + dt.timedelta(days=place * WEEKS * 7 // POSTS)


@cache
def _printed(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


@cache
def _run_start(week: int) -> dt.datetime:
    day = FIRST + dt.timedelta(days=7 * week)
    return dt.datetime(day.year, day.month, day.day, 15, tzinfo=dt.UTC)


def make_base(url: str, versions: int) -> None:
    """Fill an empty database with about that many article versions."""
    districts = max(1, round(versions / POSTS / (COMMUNES + 1)))
    communes = ["", *(f"-x{commune}" for commune in range(COMMUNES))]
    units = [f"h{district}{commune}" for district in range(districts) for commune in communes]
    units.append(MINISTRY)
    base = _Base(units)
    upgrade(url)
    database = Database.open(url)
    start = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
    always = DayInterval(FIRST)
    with database.write() as c:
        register_taxonomy(c, load_release().record(), registered_at=start)
        names = tuple(
            UnitName(
                unit=unit,
                name=f"Đơn vị {unit}",
                level=UnitLevel.DEPARTMENT
                if unit == MINISTRY
                else UnitLevel.COMMUNE
                if "-" in unit
                else UnitLevel.DISTRICT,
                parent=unit.split("-")[0] if "-" in unit else None,
                valid=always,
            )
            for unit in units
        )
        owners = tuple(
            SiteOwner(site=unit, base_url=f"https://{unit}.test", unit=unit, valid=always)
            for unit in units
        )
        record_registry(c, Registry(names=names, owners=owners), received_at=start)
    for table, make, number in (
        (tables.crawl_run, _run, len(units) * WEEKS),
        (tables.article, _article, base.posts),
        (tables.capture, _capture, base.posts),
        (tables.coverage, _coverage, len(units) * WEEKS),
        (tables.article_version, _version, base.posts),
        (tables.sighting, _sighting, base.posts),
        (tables.tagged_version, _tagged, base.posts),
        (tables.tagging, _tagging, base.posts),
    ):
        rows = (row for n in range(number) if (row := make(base, n)) is not None)
        _fill(database, table, rows)
    connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    with connection:
        if database.engine.dialect.name == "postgresql":
            connection.execute(sa.text("VACUUM (ANALYZE)"))  # as autovacuum would have done
        else:
            connection.exec_driver_sql("PRAGMA query_only = OFF")
            connection.execute(sa.text("ANALYZE"))
    database.close()


def _fill(database: Database, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    """Put many rows into an empty table, past the checks of keys: the driver's quickest way."""
    first = next(rows)
    names = list(first)
    dialect = database.engine.dialect
    changes = [
        (place, change if table.c[name].type.__class__ is Json else lru_cache(10_000)(change))
        for place, name in enumerate(names)
        if (change := table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) is not None
    ]

    def stored(row: dict[str, Any]) -> list[Any]:
        values = list(row.values())
        for place, change in changes:
            values[place] = change(values[place])
        return values

    values = map(stored, chain([first], rows))
    columns = ", ".join(names)
    connection = database.engine.raw_connection()
    cursor = connection.cursor()
    if dialect.name == "sqlite":
        cursor.execute("PRAGMA query_only = OFF")
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("BEGIN")
        marks = ", ".join("?" * len(names))
        cursor.executemany(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", values)  # noqa: S608 - our names
        cursor.execute("COMMIT")
    else:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
            for row in values:
                copy.write_row(row)
        connection.commit()
    connection.invalidate()  # the next one has its checks again


def _run(base: _Base, n: int) -> dict[str, Any]:
    start = _run_start(n % WEEKS)
    return {
        "id": n + 1,
        "site": base.units[n // WEEKS],
        "window_from": FIRST,
        "started_at": start,
        "finished_at": start + dt.timedelta(minutes=5),
        "outcome": RunOutcome.COMPLETE,
        "profile_digest": "0" * 64,
        "code_version": "bench",
        "simulated_clock": False,
        "counters": {},
    }


def _coverage(base: _Base, n: int) -> dict[str, Any]:
    del base
    return {
        "run_id": n + 1,
        "section": "Tin tức",
        "state": CoverageState.COMPLETE,
        "day_from": FIRST - dt.timedelta(days=1),
        "day_to": FIRST + dt.timedelta(days=7 * (n % WEEKS)) if n % WEEKS else FIRST,
        "reason": CoverageReason.REACHED_WINDOW_START,
        "is_extra": False,
    }


def _article(base: _Base, n: int) -> dict[str, Any]:
    site = base.units[n // POSTS]
    address = f"https://{site}.test/bai-{n}"
    return {"id": n + 1, "site": site, "canonical_url": address, "first_seen_at": base.seen_at(n)}


def _capture(base: _Base, n: int) -> dict[str, Any]:
    return {
        "id": n + 1,
        "run_id": base.run_of(n),
        "url": f"https://{base.units[n // POSTS]}.test/bai-{n}",
        "article_id": n + 1,
        "purpose": CapturePurpose.ARTICLE,
        "captured_at": base.seen_at(n) + dt.timedelta(minutes=1),
        "disposition": Disposition.STORED,
        "status": 200,
    }


def _version(base: _Base, n: int) -> dict[str, Any]:
    text = base.text(n)
    return {
        "id": n + 1,
        "article_id": n + 1,
        "number": 1,
        "capture_id": n + 1,
        "extracted_at": base.seen_at(n) + dt.timedelta(minutes=1),
        "extractor": "bench",
        "date_published": base.day(n),
        "date_published_raw": _printed(base.day(n)),
        "date_source": DateSource.LIST,
        "content_sha256": f"{n:064x}",
        "text_sha256": f"{text:064x}",
        "headline": f"Tin số {n} của đơn vị {base.units[n // POSTS]}",
        "body": f"Bài viết số {text}. " + "Nội dung về công tác của đơn vị trong tuần. " * 5,
        "search_text": "",
    }


def _sighting(base: _Base, n: int) -> dict[str, Any]:
    return {
        "article_id": n + 1,
        "capture_id": n + 1,
        "section": "Tin tức",
        "channel": Channel.LIST,
        "title": f"Tin số {n} của đơn vị {base.units[n // POSTS]}",
        "date_published": base.day(n),
        "date_published_raw": _printed(base.day(n)),
        "seen_at": base.seen_at(n),
    }


def _tagged(base: _Base, n: int) -> dict[str, Any]:
    at = base.seen_at(n) + dt.timedelta(hours=1)
    return {
        "id": n + 1,
        "version_id": n + 1,
        "tagger": TAGGER,
        "taxonomy": RELEASE,
        "tagged_at": at,
    }


def _tagging(base: _Base, n: int) -> dict[str, Any] | None:
    """One post in four is about a topic; copies are about what the copied is."""
    text = base.text(n)
    if text % 4:
        return None
    return {
        "tagged_version_id": n + 1,
        "taxonomy": RELEASE,
        "topic": TOPICS[text % POSTS // 4 % len(TOPICS)],  # in both bases the same
        "level": Level.MAIN,
        "verdict": Verdict.ASSIGNED,
        "score": 0.9,
        "reason": "bench",
        "spans": [],
    }


# --------------------------------------------------------------------------- the two ways

_PLAIN = """\
WITH ours AS (
    SELECT o.unit, o.site FROM site_owner o JOIN unit_name n ON n.unit = o.unit
    WHERE n.unit = :district OR n.parent = :district
), texts AS (
    SELECT ours.unit, h.headline_tag, v.text_sha256, min(v.date_published) AS day
    FROM ours
    JOIN article a ON a.site = ours.site
    JOIN article_version v ON v.article_id = a.id
    JOIN tagged_version t ON t.version_id = v.id AND t.tagger = :tagger
    JOIN tagging g ON g.tagged_version_id = t.id AND g.level = 'main' AND g.verdict = 'assigned'
    JOIN headline_tag_topic h ON h.taxonomy = g.taxonomy AND h.topic = g.topic
    WHERE a.first_seen_at <= :as_of AND v.extracted_at <= :as_of AND t.tagged_at <= :as_of
    GROUP BY ours.unit, h.headline_tag, v.text_sha256
)
SELECT unit, headline_tag, 'counted', count(*), 0 FROM texts
WHERE day >= :start AND day < :end GROUP BY unit, headline_tag
"""

_EVERY_COUNT = """\
WITH ours AS (
    SELECT o.unit, o.site FROM site_owner o JOIN unit_name n ON n.unit = o.unit
    WHERE n.unit = :district OR n.parent = :district
), posts AS (
    SELECT ours.unit, ours.site, a.id, a.first_seen_at, v.text_sha256, v.date_published AS day,
        t.id AS tagged_id
    FROM ours
    JOIN article a ON a.site = ours.site
    JOIN article_version v ON v.article_id = a.id
    JOIN tagged_version t ON t.version_id = v.id AND t.tagger = :tagger
    WHERE a.first_seen_at <= :as_of AND v.extracted_at <= :as_of AND t.tagged_at <= :as_of
), about AS (
    SELECT DISTINCT posts.id, h.headline_tag
    FROM posts
    JOIN tagging g ON g.tagged_version_id = posts.tagged_id
        AND g.level = 'main' AND g.verdict = 'assigned'
    JOIN headline_tag_topic h ON h.taxonomy = g.taxonomy AND h.topic = g.topic
), judged AS (
    SELECT posts.*, tag.code AS tag, about.id IS NOT NULL AS on_topic, row_number() OVER (
        PARTITION BY posts.unit, tag.code, posts.text_sha256, about.id IS NOT NULL
        ORDER BY posts.day, posts.first_seen_at, posts.id
    ) AS place
    FROM posts CROSS JOIN headline_tag tag
    LEFT JOIN about ON about.id = posts.id AND about.headline_tag = tag.code
), sorted AS (
    SELECT judged.*, CASE
        WHEN day < :start OR day >= :end THEN 'out_of_period'
        WHEN NOT on_topic THEN 'off_topic' WHEN place > 1 THEN 'duplicate' ELSE 'counted'
    END AS bucket
    FROM judged
)
SELECT unit, tag, bucket, count(*), sum(CASE WHEN bucket = 'counted' AND site <> (
    SELECT a.site FROM article_version v JOIN article a ON a.id = v.article_id
    WHERE v.text_sha256 = sorted.text_sha256
    ORDER BY v.date_published, a.first_seen_at, a.id LIMIT 1
) THEN 1 ELSE 0 END)
FROM sorted GROUP BY unit, tag, bucket
"""

Counts = dict[tuple[str, str, str], tuple[int, int]]
"""By unit, tag and bucket: posts, and how many of the counted ones are reposts."""


def _asked(statement: str) -> Callable[[Database], Counts]:
    """Give a way to count with one statement."""
    days = parse_period(PERIOD).days
    bound = sa.text(statement).bindparams(
        sa.bindparam("as_of", type_=tables.article.c.first_seen_at.type),
        sa.bindparam("start", type_=sa.Date),
        sa.bindparam("end", type_=sa.Date),
    )
    values = {"as_of": AS_OF, "start": days.start, "end": days.end}

    def counts(database: Database) -> Counts:
        with database.read() as c:
            rows = c.execute(bound, values | {"district": DISTRICT, "tagger": TAGGER})
            return {(unit, tag, bucket): (n, reposts) for unit, tag, bucket, n, reposts in rows}

    return counts


plain_counts = _asked(_PLAIN)
every_count = _asked(_EVERY_COUNT)


def _report(database: Database, as_of: dt.datetime = AS_OF) -> Report:
    return build_report(
        database, office="Bench", period=parse_period(PERIOD), as_of=as_of, under=DISTRICT
    )


def report_counts(database: Database) -> Counts:
    """Count by making the whole report."""
    return _counts(_report(database))


def _report_with_claims(database: Database) -> Counts:
    report = _report(database, CLAIMED_AT)
    if len(report.claims) != CLAIMS:
        raise SystemExit("the report has not got the claims")
    return _counts(report)


def _counts(report: Report) -> Counts:
    counts: Counts = {}
    for line in report.lines:
        if line.counted.posts:
            counts[line.unit, line.tag, "counted"] = line.counted.posts, line.reposts
        for bucket, number in line.excluded.items():
            counts[line.unit, line.tag, bucket.value] = number, 0
    return counts


def _counted(counts: Counts) -> dict[tuple[str, str], int]:
    return {(unit, tag): n for (unit, tag, bucket), (n, _) in counts.items() if bucket == "counted"}


def _freeze(database: Database) -> Counts:
    """Make the report, its JSON, and store both."""
    report = _report(database)
    with database.write() as c:
        store_report(c, report, content=to_json(report), made_at=AS_OF, code_version="bench")
    return {}


def _claim(database: Database) -> None:
    """Let one unit claim 500 posts: by address, by title, and by a title typed badly."""
    unit, base = f"{DISTRICT}-x0", POSTS
    tag = load_release().record().headline_tags[0].code
    claims = tuple(
        Claim(
            tag=tag,
            number=None,
            url=f"https://{unit}.test/bai-{n}" if n % 3 == 0 else None,
            title=f"Tin số {n} của {'đơn vi' if n % 3 == 1 else 'đơn vị'} {unit}",
            cell=f"Kê khai!B{n}",
        )
        for n in range(base, base + CLAIMS)
    )
    said = SelfReport(
        unit=unit,
        period=parse_period(PERIOD).days,
        claims=claims,
        source_sha256="0" * 64,
        source_name="ke-khai.xlsx",
        received_at=CLAIMED_AT,
    )
    with database.write() as c:
        record_self_reports(c, [said])


@dataclass(slots=True)
class _Measured:
    """The least CPU and elapsed seconds of a way to count on one base, and its counts.

    CPU is this process's and, of PostgreSQL on this machine, that of the connection's own one and
    of the workers that helped it.
    """

    cpu: float = float("inf")
    elapsed: float = float("inf")
    counts: Counts = field(default_factory=dict)

    def time(self, way: Callable[[Database], Counts], database: Database) -> None:
        """Count once more."""
        cpu, elapsed = _cpu(database), time.perf_counter()
        self.counts = way(database)
        self.cpu = min(self.cpu, _cpu(database) - cpu)
        self.elapsed = min(self.elapsed, time.perf_counter() - elapsed)


def _cpu(database: Database) -> float:
    used = time.process_time()
    if database.engine.dialect.name == "postgresql":
        with database.read() as c:
            server = c.scalar(sa.text("SELECT pg_backend_pid()"))
        if Path(f"/proc/{server}").exists():
            parent, *own = _of_process(server, 1, 11, 12)
            workers = _of_process(parent, 13, 14)  # ended children of the server's first process
            used += (sum(own) + sum(workers)) / os.sysconf("SC_CLK_TCK")
    return used


def _of_process(number: int, *places: int) -> list[int]:
    """Give numbers of Linux's /proc/N/stat, counted from what stands after the name."""
    values = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return [int(values[place]) for place in places]


@contextmanager
def _databases(address: str | None, keep: Path | None) -> Iterator[Callable[[str], str]]:
    """Give a function from a name to the address of a database, empty or kept from before."""
    if address is not None:
        place = sa.make_url(address)
        yield lambda name: place.set(database=name).render_as_string(hide_password=False)
        return
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield lambda name: f"sqlite:///{keep / name}.db"
        return
    with tempfile.TemporaryDirectory(prefix="tinbai-bench-") as folder:
        yield lambda name: f"sqlite:///{Path(folder) / name}.db"


def main(versions: int, address: str | None, keep: Path | None) -> None:
    """Print a line for each base and way, and the ratios that matter, all of CPU."""
    small, large = sizes = (versions // 10, versions)
    with _databases(address, keep) as url_of:
        databases: dict[int, Database] = {}
        for size in sizes:
            start, url = time.perf_counter(), url_of(f"bench{size}")
            if schema_state(url)[0] is None:
                make_base(url, size)
                print(f"{size:>9,} versions made in {time.perf_counter() - start:.0f} s")
            databases[size] = Database.open(url)
            _claim(databases[size])
        measured = {name: measure(way, databases) for name, way in WAYS.items()}
        for database in databases.values():
            database.close()
    for size in sizes:
        show(size, {name: of_sizes[size] for name, of_sizes in measured.items()})
    for way in (_REPORT, "report, frozen"):
        ratio = measured[way][large].cpu / measured[way][small].cpu
        print(f"large / small base, {way}: {ratio:.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory: {peak} MB")


WAYS: dict[str, Callable[[Database], Counts]] = {
    "plain SQL, counted only": plain_counts,
    _EVERY: every_count,
    _REPORT: report_counts,
    "report, frozen": _freeze,
    _CLAIMS: _report_with_claims,
}


def measure(
    way: Callable[[Database], Counts], databases: dict[int, Database]
) -> dict[int, _Measured]:
    """Time a way to count on all bases by turns, so that a busy minute strikes them alike."""
    found = {size: _Measured() for size in databases}
    for _ in range(5):
        for size, database in databases.items():
            found[size].time(way, database)
    return found


def show(size: int, measured: dict[str, _Measured]) -> None:
    """Print what the ways cost on one base, and hold their counts against each other."""
    for name, one in measured.items():
        print(f"{size:>9,}  {name:<24}{one.elapsed:8.3f} s {one.cpu:8.3f} s CPU")
    report = measured[_REPORT]
    if report.counts != measured[_EVERY].counts:
        raise SystemExit("the report's counts are not those of the SQL")
    if _counted(report.counts) != _counted(measured["plain SQL, counted only"].counts):
        raise SystemExit("the report's counts are not those of the plainest SQL")
    reposts = sum(taken for _, taken in report.counts.values())
    print(f"{size:>9,}  the ways agree on {len(report.counts)} counts; {reposts} are reposts")
    for name in list(WAYS)[:2]:
        print(f"{size:>9,}  report / {name}: {report.cpu / measured[name].cpu:.2f}")
    print(f"{size:>9,}  with 500 claims / without: {measured[_CLAIMS].cpu / report.cpu:.2f}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--versions", type=int, default=1_000_000)
    arguments.add_argument("--database", help="PostgreSQL with databases bench100000, bench1000000")
    arguments.add_argument(
        "--keep", type=Path, help="folder in which SQLite bases stay for next time"
    )
    given = arguments.parse_args()
    main(given.versions, given.database, given.keep)
