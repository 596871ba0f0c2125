"""Every repository test runs on both databases: SQLite and a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from storage import chain
from storage.captures import add_captures, start_run
from storage.engine import Database
from storage.records import (
    Capture,
    CapturePurpose,
    CrawlRun,
    DateSource,
    DayInterval,
    Disposition,
    Extraction,
    HeadlineTag,
    Registry,
    SiteOwner,
    Taxonomy,
    Topic,
    UnitLevel,
    UnitName,
)
from storage.tags import register_taxonomy
from storage.units import record_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_numbers = itertools.count(1)


@pytest.fixture
def new_postgres_url(postgres: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database without tables."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgres.replace("/postgres?", f"/{name}?")
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    url: str = request.getfixturevalue("new_postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database."""
    if request.param == "sqlite":
        file = tmp_path / "both.db"
        shutil.copyfile(request.getfixturevalue("empty_database_file"), file)
        yield f"sqlite:///{file}"
    else:
        empty = request.getfixturevalue("empty_postgres")
        yield request.getfixturevalue("migrated_postgres_url")
        empty()


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    """A fresh migrated database of each kind."""
    database = Database.open(url, busy_timeout_s=5)
    yield database
    database.close()


# ------------------------------------------------------------------ an invented small world

_SINCE_2020 = DayInterval(dt.date(2020, 1, 1))


@pytest.fixture
def registry() -> Registry:
    """A district, a commune, and the commune's site."""
    return Registry(
        names=(
            UnitName(
                unit="huyen",
                name="Huyện Vị Dụ",
                level=UnitLevel.DISTRICT,
                parent=None,
                valid=_SINCE_2020,
            ),
            UnitName(
                unit="xa-a",
                name="Xã A",
                level=UnitLevel.COMMUNE,
                parent="huyen",
                valid=_SINCE_2020,
                decision_ref="832/NQ",
            ),
        ),
        owners=(
            SiteOwner(site="xa-a", base_url="http://xa-a.test/", unit="xa-a", valid=_SINCE_2020),
        ),
        source_sha256="r" * 64,
    )


@pytest.fixture
def taxonomy() -> Taxonomy:
    """Two topics and two headline tags, neither in the order of the alphabet."""
    return Taxonomy(
        release="2022.1",
        digest="d1",
        effective_from=dt.date(2022, 1, 1),
        topics=(
            Topic(code="mot-cua", name="Một cửa", definition="Bộ phận một cửa."),
            Topic(code="chuyen-doi-so", name="Chuyển đổi số", definition="Công nghệ số."),
        ),
        headline_tags=(
            HeadlineTag(code="TTHC", name="Thủ tục", topics=("mot-cua",)),
            HeadlineTag(code="CCHC", name="Cải cách", topics=("mot-cua", "chuyen-doi-so")),
        ),
    )


@pytest.fixture
def run() -> CrawlRun:
    """A walk over the commune's site that begins on 1 September 2022."""
    return CrawlRun(
        site="xa-a",
        window=DayInterval(dt.date(2022, 8, 1)),
        started_at=dt.datetime(2022, 9, 1, tzinfo=dt.UTC),
        profile_digest="p" * 64,
        code_version="0.1.0",
        simulated_clock=True,
    )


@pytest.fixture
def run_id(db: Database, registry: Registry, taxonomy: Taxonomy, run: CrawlRun) -> int:
    """The same walk under way, in a database that knows the units and the topics."""
    with db.write() as c:
        record_registry(c, registry, received_at=run.started_at)
        register_taxonomy(c, taxonomy, registered_at=run.started_at)
        chain.seal_rows(c, at=run.started_at)
        return start_run(c, run)


@pytest.fixture
def make_capture(run_id: int, run: CrawlRun) -> Callable[..., Capture]:
    """Make captures of that walk."""

    def make(url: str = "http://xa-a.test/bai-1", **changes: object) -> Capture:
        fields: dict[str, object] = {
            "run_id": run_id,
            "url": url,
            "purpose": CapturePurpose.ARTICLE,
            "captured_at": run.started_at,
            "disposition": Disposition.STORED,
        }
        return Capture(**(fields | changes))  # type: ignore[arg-type]  # any field may be given

    return make


@pytest.fixture
def capture_id(db: Database, make_capture: Callable[..., Capture]) -> int:
    """A stored capture."""
    with db.write() as c:
        return add_captures(c, [make_capture()])[0]


@pytest.fixture
def make_extraction() -> Callable[..., Extraction]:
    """Make what was read from a page."""

    def make(headline: str = "Xã A khai trương một cửa", **changes: object) -> Extraction:
        fields: dict[str, object] = {
            "headline": headline,
            "lead": "Sáng nay.",
            "body": "Bộ phận một cửa hoạt động.\nNgười dân hài lòng.",
            "date_published": dt.date(2022, 9, 5),
            "date_published_raw": "05/09/2022",
            "date_source": DateSource.META,
            "extractor": "generic@1",
        }
        return Extraction(**(fields | changes))  # type: ignore[arg-type]  # any field may be given

    return make
