"""A report reads what can matter to it: the same comes out as when everything is read."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.assembly import Assembly
from reports.build import build_report
from reports.calendar import parse_period
from reports.reading import read_facts
from reports.rules import RULE
from reports.serial import to_json
from storage.engine import Database
from storage.records import (
    Claim,
    DateBasis,
    DayInterval,
    Level,
    Registry,
    RepostTreatment,
    SiteOwner,
    UnitLevel,
    UnitName,
    Verdict,
)
from storage.tags import register_taxonomy
from storage.units import record_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from storage.records import CountingRule, Taxonomy

    World = Any  # conftest.World, which cannot be imported here

SITES = "abcd"
LOOKS = tuple(
    dt.datetime(2022, month, day, 13, tzinfo=dt.UTC)
    for month, day in ((1, 4), (3, 11), (3, 31), (4, 1))
)
DAYS = tuple(
    dt.date(year, month, day)
    for year, month, day in (
        (2021, 5, 5), (2022, 1, 31), (2022, 3, 1), (2022, 3, 10), (2022, 3, 31), (2022, 4, 1),
    )
)  # fmt: skip
SEAMS = (dt.date(2021, 9, 1), dt.date(2022, 3, 10), dt.date(2022, 3, 20))
LONG = "Bộ phận một cửa tiếp nhận và trả kết quả thủ tục hành chính đúng hẹn cho người dân. " * 3
TEXTS = (LONG + "Một.", LONG + "Hai.", "Xem tệp đính kèm.")
ALWAYS = DayInterval(dt.date(2020, 1, 1))
PARENTS = {"h": None, "xa-a": "h", "xa-b": None, "xa-c": "h", "xa-d": None}
RULES = st.builds(
    replace,
    st.just(RULE),
    date_basis=st.sampled_from([DateBasis.PRINTED] * 3 + [DateBasis.FIRST_SEEN]),
    reposts=st.sampled_from(RepostTreatment),
    alike_from=st.sampled_from([None, None, None, 70]),
    several_tags=st.booleans(),
)


@dataclass(frozen=True)
class History:
    """What happened, to be recorded in a database."""

    owners: tuple[SiteOwner, ...]
    posts: tuple[tuple[int, str, tuple[Mapping[str, Any], ...]], ...]
    """By look and site: what the site showed; a post of one path comes again at later looks."""
    claims: tuple[Claim, ...]


@st.composite
def owners(draw: st.DrawFn, site: str) -> list[SiteOwner]:
    """Let a site have one owner all along, another from a day on, or none before that day."""

    def owned(unit: str, days: DayInterval) -> SiteOwner:
        return SiteOwner(site=site, base_url=f"http://{site}.test/", unit=unit, valid=days)

    seam = draw(st.sampled_from([None, None, *SEAMS]))
    if seam is None:
        return [owned(f"xa-{site}", ALWAYS)]
    before = draw(st.sampled_from([None, "xa-a", "xa-b"]))
    first = [owned(before, DayInterval(ALWAYS.start, seam))] if before is not None else []
    return [*first, owned(f"xa-{site}", DayInterval(seam))]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Give posts that are edited, copied, unread, undated, moving with the clock, or claimed."""
    paths = [f"{site}{number}" for site in SITES for number in range(4)]
    by_clock = {path: draw(st.sampled_from(TEXTS)) for path in paths if draw(st.booleans())}
    posts = []
    for look, at in enumerate(LOOKS):
        for site in draw(st.lists(st.sampled_from(SITES), unique=True)):
            shown = []
            for path in draw(st.lists(st.sampled_from(paths), unique=True)):
                if path[0] == site and path in by_clock:
                    shown.append({"path": path, "day": at.date(), "body": by_clock[path]})
                elif path[0] == site:
                    bodies = (*TEXTS, *TEXTS, f"{LONG} Riêng {path}.", None)
                    day, body = draw(st.sampled_from([*DAYS, None])), draw(st.sampled_from(bodies))
                    shown.append({"path": path, "day": day, "body": body})
            posts.append((look, site, tuple(shown)))
    named = draw(st.lists(st.sampled_from(paths), max_size=2))
    return History(
        owners=tuple(owner for site in SITES for owner in draw(owners(site))),
        posts=tuple(posts),
        claims=tuple(
            Claim(tag="TTHC", title=f"Bài {path}", url=draw(url), cell=f"D!F{number}")
            for number, path in enumerate(named)
            for url in [st.sampled_from([None, f"http://{path[0]}.test/{path}"])]
        ),
    )


def record(world: World, history: History, taxonomy: Taxonomy) -> None:
    names = tuple(
        UnitName(unit=u, name=u.upper(), level=UnitLevel.COMMUNE, parent=above, valid=ALWAYS)
        for u, above in PARENTS.items()
    )
    with world.database.write() as c:
        registry = Registry(names=names, owners=history.owners)
        record_registry(c, registry, received_at=LOOKS[0])
        register_taxonomy(c, taxonomy, registered_at=LOOKS[0])
    read = set()
    for look, site, posts in history.posts:
        world.run(LOOKS[look], *posts, site=site)
        read |= {post["path"] for post in posts if post["body"] is not None}
    world.tag(LOOKS[-1], dict.fromkeys(sorted(read), (Level.MAIN, Verdict.ASSIGNED)))
    world.claim(LOOKS[-1], *history.claims)


def part_is_as_in_the_whole(
    url: str,
    make_world: Callable[[Database], World],
    taxonomy: Taxonomy,
    *,
    history: History,
    period: str,
    rule: CountingRule,
    as_of: dt.datetime,
) -> None:
    """Hold reports on all units and on some against one from facts that leave nothing out."""
    days, database = parse_period(period), Database.open(url)
    try:
        record(make_world(database), history, taxonomy)
        with database.read() as c:
            every = read_facts(c, as_of, rules=[rule])
        made = [
            build_report(database, office="o", period=days, as_of=as_of, rule=rule, under=under)
            for under in (None, "h", "xa-b")
        ]
    finally:
        database.close()
    whole = Assembly(every, office="o", period=days, rule=rule).report()
    assert every.elsewhen == ()
    assert to_json(made[0]) == to_json(whole)
    for part in made[1:]:
        units = {line.unit for line in part.lines}
        assert part.lines == tuple(line for line in whole.lines if line.unit in units)
        assert part.findings == tuple(one for one in whole.findings if one.unit in units)
        assert part.claims == tuple(one for one in whole.claims if one.unit in units)


CASES = {
    "history": histories(),
    "period": st.sampled_from(["2022-03", "2022-Q1", "2022-01", "2022-04", "2021"]),
    "rule": RULES,
    "as_of": st.sampled_from([LOOKS[1] + dt.timedelta(hours=1), LOOKS[-1] + dt.timedelta(days=1)]),
}


@pytest.fixture(scope="module")
def new_sqlite(
    empty_database_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], str]:
    """Give what makes a database without rows and tells its address; there is one at a time."""
    file = tmp_path_factory.mktemp("worlds") / "world.db"

    def new() -> str:
        for old in file.parent.iterdir():
            old.unlink()
        shutil.copyfile(empty_database_file, file)
        return f"sqlite:///{file}"

    return new


@settings(max_examples=10)
@given(**CASES)
def test_a_report_that_reads_what_can_matter_is_the_one_that_reads_everything(
    new_sqlite: Callable[[], str],
    make_world: Callable[[Database], World],
    taxonomy: Taxonomy,
    **case: Any,  # noqa: ANN401 - see CASES
) -> None:
    part_is_as_in_the_whole(new_sqlite(), make_world, taxonomy, **case)


@settings(max_examples=2)  # the facts are the same; what differs is how the database is asked
@given(**CASES)
def test_it_is_so_on_postgresql(
    migrated_postgres_url: str,
    empty_postgres: Callable[[], None],
    make_world: Callable[[Database], World],
    taxonomy: Taxonomy,
    **case: Any,  # noqa: ANN401 - see CASES
) -> None:
    empty_postgres()
    part_is_as_in_the_whole(migrated_postgres_url, make_world, taxonomy, **case)
    empty_postgres()
