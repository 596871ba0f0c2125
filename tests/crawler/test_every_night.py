"""A district's site over all its saved nights, in one workspace: days that follow the clock.

The pages lie beside the repository and not in it. Each crawl's clock is set to its night.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import pytest

from reports.facts import late_looking
from storage.articles import versions_of
from storage.candidates import candidates
from storage.captures import coverage_as_of, runs
from storage.digests import undated_digest
from storage.engine import Database
from storage.records import VIETNAM, Candidate, DateSource
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "daknong"
PROFILE = Path(__file__).parent / "profiles" / "krongno.yml"
PROMPTLY = Path(__file__).parent / "serve_promptly.py"

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
    """Rows that a further look at the last night added, by table."""

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
    script, port = str(DATA / "serve.py"), "0"
    server = subprocess.Popen(
        [sys.executable, "-u", PROMPTLY, script, "krongno", "--dir", str(folder), "--port", port],
        stdout=subprocess.PIPE,
        text=True,
    )
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
        again = {name: number - before[name] for name, number in _rows(office).items()}
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    yield Replay(office, nights, posts, again)
    _print_table(nights)


def _print_table(nights: list[Night]) -> None:
    columns = ("night", "new", "changed", "gone", "drifting", "requests")
    print("\n" + "".join(f"{name:>12}" for name in columns))  # noqa: T201 - the table is asked for
    for night in nights:
        print("".join(f"{getattr(night, name):>12}" for name in columns))  # noqa: T201 - as above


def _last(replay: Replay) -> dict[str, Candidate]:
    return replay.nights[-1].candidates


def test_a_moving_day_is_recognised_by_the_second_or_third_night_that_shows_it(
    replay: Replay,
) -> None:
    assert len(replay.drifting) == 69
    late = {}
    for path, shown in replay.drifting.items():
        by_third = shown[min(2, len(shown) - 1)]
        known = next(n for n in replay.nights if n.night == by_third).candidates.get(path)
        if known is None or known.date_source is not DateSource.FOLLOWS_CLOCK:
            late[path] = known and (known.date_source, known.day)
    assert late == {}


def test_no_other_day_is_taken_for_a_moving_one_but_two_that_changed_after_the_post_was_seen(
    replay: Replay,
) -> None:
    moving = {p for p, one in _last(replay).items() if one.date_source is DateSource.FOLLOWS_CLOCK}
    days: dict[str, set[str]] = {}
    for posts in replay.posts.values():
        for post in posts:
            days.setdefault(post["path"], set()).update(post["days"])
    others = moving - set(replay.drifting)
    assert len(others) == 2
    assert all(len(days[path]) == 2 for path in others)


def test_a_moving_day_becomes_the_interval_from_the_look_without_to_the_look_with_it(
    replay: Replay,
) -> None:
    nights = [dt.date.fromisoformat(night.night) for night in replay.nights]
    for path in replay.drifting:
        one = _last(replay)[path]
        assert one.day is None, path
        assert one.days is not None, path
        assert one.latest_day is not None, path
        assert one.latest_day in nights, path
        before = [night for night in nights if night < one.latest_day]
        assert one.days.start == dt.date.min or one.days.start in before, path


def test_no_version_differs_from_the_one_before_by_its_day_alone(replay: Replay) -> None:
    database = Database.open(f"sqlite:///{replay.office.folder / 'tinbai.db'}")
    with database.read() as c:
        for one in _last(replay).values():
            texts = [undated_digest(v.extraction) for v in versions_of(c, one.article_id)]
            assert all(text != after for text, after in pairwise(texts)), one.url
    database.close()


def test_a_moving_day_is_stored_once_for_each_place_and_not_night_after_night(
    replay: Replay,
) -> None:
    office = replay.office
    ((most,),) = office.rows(
        "SELECT max(n) FROM (SELECT count(*) AS n FROM sighting"
        " GROUP BY article_id, section, channel, title)"
    )
    assert most <= 4
    ((looks, articles),) = office.rows(
        "SELECT count(*), count(DISTINCT article_id) FROM dated_look"
    )
    assert articles <= looks <= articles + 5
    quiet = {night.night: night for night in replay.nights}["2019-07-04"]
    assert (quiet.new, quiet.changed) == (0, 0)


def test_another_look_at_the_last_night_stores_nothing(replay: Replay) -> None:
    assert replay.again == dict.fromkeys(STORED, 0)


def test_a_late_entry_is_flagged_with_the_look_that_did_not_show_it(replay: Replay) -> None:
    as_of = dt.datetime(2019, 7, 30, 23, 59, tzinfo=VIETNAM)
    database = Database.open(f"sqlite:///{replay.office.folder / 'tinbai.db'}")
    with database.read() as c:
        coverage, walks = coverage_as_of(c, as_of), runs(c, as_of)
    database.close()
    known = {one.article_id: one for one in _last(replay).values()}
    flagged = [known[key] for key in late_looking(list(known.values()), coverage, walks)]
    first: dict[str, str] = {}
    expected = set()
    for night, before in zip(sorted(replay.posts), ["", *sorted(replay.posts)], strict=False):
        for post in replay.posts[night]:
            if post["path"] not in first and before and max(post["days"]) < before:
                expected.add(post["path"])
            first.setdefault(post["path"], night)
    assert {unquote(urlsplit(one.url).path) for one in flagged} == expected


def test_the_posts_that_vanish_from_all_lists_end_as_gone_until_their_page_is_back(
    replay: Replay,
) -> None:
    last = {post["path"] for post in replay.posts["2019-07-30"]}
    vanished = {post["path"] for posts in replay.posts.values() for post in posts} - last
    assert len(vanished) == 4
    back = set()
    for path in vanished:
        assert any(path in n.candidates and n.candidates[path].gone_at for n in replay.nights), path
        newest = replay.office.rows(
            "SELECT disposition FROM capture WHERE article_id = ? ORDER BY id DESC LIMIT 1",
            _last(replay)[path].article_id,
        )
        is_back = newest == [("unchanged",)]
        assert (_last(replay)[path].gone_at is None) is is_back, path
        back |= {path} if is_back else set()
        shown = [night for night, posts in replay.posts.items() if path in _paths(posts)]
        while_shown = next(n for n in replay.nights if n.night == max(shown)).candidates[path]
        assert while_shown.gone_at is None, path
    assert back == {"/hoi-thao-the-duc-the-thao-bo-doi-bien-phong-dak-nong-nam-2017"}


def _paths(posts: list[dict[str, Any]]) -> set[str]:
    return {post["path"] for post in posts}


def test_an_edited_title_is_a_new_version_or_where_its_page_has_none_a_new_sighting(
    replay: Replay,
) -> None:
    titles: dict[str, set[str]] = {}
    for posts in replay.posts.values():
        for post in posts:
            titles.setdefault(post["path"], set()).add(post["title"])
    edited = {path for path, found in titles.items() if len(found) > 1}
    assert len(edited) == 3
    for path in edited:
        article = _last(replay)[path].article_id
        ((sightings,),) = replay.office.rows(
            "SELECT count(DISTINCT title) FROM sighting WHERE article_id = ?", article
        )
        ((versions,),) = replay.office.rows(
            "SELECT count(*) FROM article_version WHERE article_id = ?", article
        )
        ((unread,),) = replay.office.rows(
            "SELECT count(*) FROM capture WHERE article_id = ? AND disposition = 'not_an_article'",
            article,
        )
        assert sightings == 2
        assert versions > 1 or unread > 0


def test_the_evidence_of_all_nights_is_whole(replay: Replay) -> None:
    database = Database.open(f"sqlite:///{replay.office.folder / 'tinbai.db'}")
    with database.read() as c:
        assert list(verify(c, replay.office.folder / "evidence")) == []
    database.close()
