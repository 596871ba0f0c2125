"""Recording the same things again, in any order, changes nothing at all."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import tables
from storage.articles import ensure_articles, record_sightings, record_version
from storage.captures import add_captures
from storage.plans import record_plans
from storage.records import (
    Channel,
    DayInterval,
    Level,
    Plan,
    Quota,
    Registry,
    Sighting,
    TaggedVersion,
    Tagging,
    UnitLevel,
    UnitName,
    Verdict,
)
from storage.tags import record_tags
from storage.units import record_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.engine import Connection, Database
    from storage.records import Capture, Extraction

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
URLS = ["http://xa-a.test/1", "http://xa-a.test/2"]
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))

# What is told: (hour, kind, which one, content)
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["sighting", "version", "plan", "registry", "article"]),
        st.integers(0, 1),
        st.integers(0, 2),
    ),
    max_size=12,
)


@contextmanager
def _undone(db: Database) -> Iterator[Connection]:
    """Give an example a transaction that leaves no trace."""
    with db.write() as c, c.begin_nested() as example:
        yield c
        example.rollback()


def _tell(
    c: Connection,
    event: tuple[int, str, int, int],
    *,
    captures: list[int],
    extraction: Callable[..., Extraction],
) -> None:
    hour, kind, which, content = event
    at = START + dt.timedelta(hours=hour)
    article = ensure_articles(c, "xa-a", URLS, first_seen_at=at)[URLS[which]]
    if kind == "sighting":
        sighting = Sighting(
            article_id=article,
            capture_id=captures[hour],
            section="Tin",
            channel=Channel.LIST,
            title=f"Tin {content}",
            date_published=None,
            date_published_raw=None,
            seen_at=at,
        )
        record_sightings(c, [sighting])
    elif kind == "version":
        record_version(
            c,
            article,
            capture_id=captures[hour],
            extraction=extraction(f"Tin {content}"),
            extracted_at=at,
        )
    elif kind == "plan":
        record_plans(c, [_plan(["xa-a", "huyen"][which], content, at)])
    elif kind == "registry":
        record_registry(c, _registry(content), received_at=at)


def _plan(unit: str, planned: int, received_at: dt.datetime) -> Plan:
    return Plan(
        unit=unit,
        period=YEAR,
        document_ref=None,
        source_sha256="s",
        source_name="f.xlsx",
        received_at=received_at,
        quotas=(Quota(tag="CCHC", planned=planned, cell="A1"),),
    )


def _registry(content: int) -> Registry:
    name = UnitName(
        unit="xa-a", name=f"Xã {content}", level=UnitLevel.COMMUNE, parent=None, valid=YEAR
    )
    return Registry(names=(name,))


def _everything(c: Connection) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: [tuple(row) for row in c.execute(sa.select(table).order_by(*table.primary_key))]
        for name, table in tables.metadata.tables.items()
    }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(told=EVENTS, data=st.data())
def test_telling_everything_again_changes_no_row(
    db: Database,
    make_capture: Callable[..., Capture],
    make_extraction: Callable[..., Extraction],
    told: list[tuple[int, str, int, int]],
    data: st.DataObject,
) -> None:
    in_order = sorted(told, key=lambda event: event[0])
    again = data.draw(st.permutations(in_order))
    with _undone(db) as c:
        captures = add_captures(c, [make_capture() for _ in range(4)])
        for event in in_order:
            _tell(c, event, captures=captures, extraction=make_extraction)
        before = _everything(c)
        for event in again:
            _tell(c, event, captures=captures, extraction=make_extraction)
        assert _everything(c) == before


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_tagging_again_changes_no_row(
    db: Database,
    make_capture: Callable[..., Capture],
    make_extraction: Callable[..., Extraction],
    data: st.DataObject,
) -> None:
    topics = st.lists(st.sampled_from(["mot-cua", "chuyen-doi-so"]), unique=True)
    told = data.draw(st.lists(st.tuples(st.integers(0, 1), st.sampled_from("ab"), topics)))
    with _undone(db) as c:
        (capture_id,) = add_captures(c, [make_capture()])
        for key in ensure_articles(c, "xa-a", URLS, first_seen_at=START).values():
            record_version(
                c,
                key,
                capture_id=capture_id,
                extraction=make_extraction(),
                extracted_at=START,
            )
        ids = list(c.scalars(sa.select(tables.article_version.c.id)))
        tagged = [_tagged(ids[which], tagger, codes) for which, tagger, codes in told]
        record_tags(c, tagged)
        before = _everything(c)
        for one in data.draw(st.permutations(tagged)):
            record_tags(c, [one])
        record_tags(c, tagged)
        assert _everything(c) == before


def _tagged(version_id: int, tagger: str, topics: list[str]) -> TaggedVersion:
    return TaggedVersion(
        version_id=version_id,
        tagger=tagger,
        taxonomy_release="2022.1",
        tagged_at=START,
        taggings=tuple(
            Tagging(topic=topic, level=Level.MAIN, verdict=Verdict.ASSIGNED, score=0.5, reason="vì")
            for topic in topics
        ),
    )
