"""A district's site over all its saved nights, in one workspace: days that follow the clock.

The pages lie beside the repository and not in it. Each crawl's clock is set to its night.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from storage.candidates import candidates
from storage.engine import Database
from storage.records import VIETNAM, Candidate, DateSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "daknong"
PROFILE = Path(__file__).parent / "profiles" / "krongno.yml"

pytestmark = [
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the saved sites of ../shared/data are not on this machine"
    ),
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # some 25 crawls of 90 lists
]

STORED = ("article", "sighting", "article_version", "dated_look")


@dataclass(frozen=True, kw_only=True)
class Night:
    """What one night brought."""

    night: str
    new: int
    changed: int
    """New versions of known articles."""
    gone: int
    """Known to be gone after it."""
    drifting: int
    """Known to follow the clock after it."""
    requests: int
    candidates: dict[str, Candidate]
    """By path, as known after the night."""


@dataclass(frozen=True)
class Replay:
    """The workspace after all nights."""

    office: Any
    nights: list[Night]
    posts: dict[str, list[dict[str, Any]]]
    """The expected posts of each night."""
    again: dict[str, int]
    """Rows that further looks at the last night added, by table."""

    @property
    def drifting(self) -> dict[str, list[str]]:
        """The posts whose printed day was that of the night on several nights: which nights."""
        found: dict[str, list[str]] = {}
        for night, posts in self.posts.items():
            for post in posts:
                if night in post["days"]:
                    found.setdefault(post["path"], []).append(night)
        return {path: nights for path, nights in found.items() if len(nights) > 1}


def _rows(office: Any) -> dict[str, int]:  # noqa: ANN401 - an Office of conftest
    return {name: office.rows(f"SELECT count(*) FROM {name}")[0][0] for name in STORED}  # noqa: S608


def _as_known(office: Any, night: str) -> dict[str, Candidate]:  # noqa: ANN401 - as above
    as_of = dt.datetime.fromisoformat(f"{night}T23:59").replace(tzinfo=VIETNAM)
    database = Database.open(f"sqlite:///{office.folder / 'tinbai.db'}")
    with database.read() as c:
        found = candidates(c, as_of, tagger=None)
    database.close()
    return {unquote(urlsplit(one.url).path): one for one in found}


def _night(office: Any, night: str) -> Night:  # noqa: ANN401 - as above
    ended = office.crawl(clock=f"{night}T23:00+07:00")
    ((run, changed),) = office.rows(
        "SELECT max(r.id), (SELECT count(*) FROM article_version v JOIN capture p"
        " ON p.id = v.capture_id WHERE p.run_id = max(r.id) AND v.number > 1) FROM crawl_run r"
    )
    ((requests,),) = office.rows("SELECT count(*) FROM capture WHERE run_id = ?", run)
    ((new,),) = office.rows(
        "SELECT count(*) FROM article WHERE first_seen_at >="
        " (SELECT started_at FROM crawl_run WHERE id = ?)",
        run,
    )
    assert ended.code in {0, 3}, ended.stderr
    known = _as_known(office, night)
    return Night(
        night=night,
        new=new,
        changed=changed,
        gone=sum(one.gone_at is not None for one in known.values()),
        drifting=sum(one.date_source is DateSource.FOLLOWS_CLOCK for one in known.values()),
        requests=requests,
        candidates=known,
    )


@pytest.fixture(scope="module")
def replay(
    open_office: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Replay]:
    folder = tmp_path_factory.mktemp("saved")
    posts: dict[str, list[dict[str, Any]]] = {}
    for line in (DATA / "krongno.expected.jsonl").read_text(encoding="utf-8").splitlines():
        post = json.loads(line)
        posts.setdefault(post["night"], []).append(post)
    script = [sys.executable, "-u", DATA / "serve.py", "krongno", "--dir", folder, "--port", "0"]
    server = subprocess.Popen(script, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    base = server.stdout.readline().strip()
    office = open_office(since="2015-01-01")
    office.profile(PROFILE.read_text(encoding="utf-8").replace("@BASE@", base))
    nights = []
    try:
        for night in sorted(posts):
            (folder / "night").write_text(night)
            nights.append(_night(office, night))
        before = _rows(office)
        office.crawl(clock="2019-07-30T23:45+07:00")
        office.crawl(clock="2019-07-31T23:00+07:00")
        again = {name: number - before[name] for name, number in _rows(office).items()}
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    yield Replay(office, nights, posts, again)
    _print_table(nights)


def _print_table(nights: list[Night]) -> None:
    columns = ("night", "new", "changed", "gone", "drifting", "requests")
    print("\n" + "".join(f"{name:>12}" for name in columns))
    for night in nights:
        print("".join(f"{getattr(night, name):>12}" for name in columns))


def test_a_moving_day_is_recognised_by_the_second_or_third_night_that_shows_it(
    replay: Replay,
) -> None:
    assert len(replay.drifting) >= 69
    late = {}
    for path, shown in replay.drifting.items():
        by_third = shown[min(2, len(shown) - 1)]
        known = next(n for n in replay.nights if n.night == by_third).candidates.get(path)
        if known is None or known.date_source is not DateSource.FOLLOWS_CLOCK:
            late[path] = known and (known.date_source, known.day)
    assert late == {}
