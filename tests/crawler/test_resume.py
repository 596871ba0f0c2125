"""Stopped in the middle: nothing is lost, nothing is doubled, and the next run goes on."""

from __future__ import annotations

import os
import random
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from storage.engine import Database
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.problems import EvidenceProblem

ARTICLES = 50
KILLS, KILLS_AN_OFFICE = 50, 10
PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    sections:
      - {{name: Tin tức, url: tin}}
"""


@pytest.fixture(scope="module")
def website(start_website: Callable[[], Any], pages: Any) -> Any:  # noqa: ANN401
    """A site of three list pages and fifty articles."""
    site = start_website()
    items = [
        (f"/bai-{n}", f"Bài số {n} của xã", f"2022-0{9 - n // 10}-{28 - n % 10}")
        for n in range(ARTICLES)
    ]
    for path, title, day in items:
        site.page(path, pages.article(title, day))
    for number in (1, 2, 3):
        part = items[(number - 1) * 20 : number * 20]
        after = f"/tin?page={number + 1}" if number < 3 else None
        site.page(
            "/tin" if number == 1 else f"/tin?page={number}", pages.listing(part, after=after)
        )
    return site


@pytest.fixture(scope="module")
def undisturbed(website: Any, open_office: Callable[..., Any]) -> Any:  # noqa: ANN401
    """What a crawl finds that nobody disturbs."""
    office = _office(website, open_office)
    assert office.crawl(clock=night(1)).code == 0
    return office.content()


def _office(website: Any, open_office: Callable[..., Any]) -> Any:  # noqa: ANN401
    office = open_office()
    office.profile(PROFILE.format(base=website.url))
    return office


def night(number: int) -> str:
    return f"2022-10-{number:02d}T01:00+07:00"


def problems(office: Any) -> list[EvidenceProblem]:  # noqa: ANN401
    database = Database.open(f"sqlite:///{office.folder / 'tinbai.db'}")
    try:
        with database.read() as c:
            return list(verify(c, office.folder / "evidence"))
    finally:
        database.close()


def _send(office: Any, website: Any, *, at_request: int, what: int, number: int) -> Any:  # noqa: ANN401
    """Crawl, and send the program a signal when it asks for the given address."""
    start = len(website.log)
    program = office.start(clock=night(number))

    def on_request(count: int) -> None:
        if count - start == at_request:
            os.kill(program.pid, what)

    website.on_request = on_request
    try:
        return office.end(program)
    finally:
        website.on_request = lambda _: None


def test_after_a_kill_at_any_moment_a_new_run_goes_on(
    website: Any,  # noqa: ANN401
    open_office: Callable[..., Any],
    undisturbed: Any,  # noqa: ANN401
) -> None:
    office = _office(website, open_office)
    # The moments differ from day to day of the test; the seed is in the message of a failure.
    seed = random.randrange(10**6)  # noqa: S311 - a dice, not a key
    # Two runs that were killed late still leave the third one as many articles to ask for.
    moments = random.Random(seed).sample(range(1, ARTICLES // 3), 3)  # noqa: S311 - likewise
    for number, moment in enumerate(moments, start=1):
        killed = _send(office, website, at_request=moment, what=signal.SIGKILL, number=number)
        assert killed.code == -signal.SIGKILL, seed
    assert office.crawl(clock=night(9)).code == 0, seed
    assert office.content() == undisturbed, seed
    assert problems(office) == [], seed
    outcomes = office.rows("SELECT outcome FROM crawl_run ORDER BY id")
    assert outcomes == [("interrupted",)] * 3 + [("complete",)], seed


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_fifty_kills_at_any_instant_lose_nothing_and_double_nothing(
    website: Any,  # noqa: ANN401
    open_office: Callable[..., Any],
    undisturbed: Any,  # noqa: ANN401
) -> None:
    """Between two requests, too: while a batch is stored, or a run is put in order."""
    seed = random.randrange(10**6)  # noqa: S311 - a dice, not a key
    dice = random.Random(seed)  # noqa: S311 - likewise
    killed = 0
    while killed < KILLS:
        # Soon all is read, and a kill would meet nothing but lists: then begin anew.
        office = _office(website, open_office)
        for number in range(1, KILLS_AN_OFFICE + 1):
            program = office.start(clock=night(number))
            # At its first instants it has not begun; a whole run takes about as long as this.
            time.sleep(dice.uniform(0.0, 0.7))
            os.kill(program.pid, signal.SIGKILL)
            killed += office.end(program).code == -signal.SIGKILL
        assert office.crawl(clock=night(20)).code == 0, seed
        assert office.content() == undisturbed, seed
        assert problems(office) == [], seed


def test_ctrl_c_ends_the_run_in_order(
    website: Any,  # noqa: ANN401
    open_office: Callable[..., Any],
    undisturbed: Any,  # noqa: ANN401
) -> None:
    office = _office(website, open_office)
    stopped = _send(office, website, at_request=25, what=signal.SIGINT, number=1)
    assert stopped.code == 3
    assert stopped.site("xa")["outcome"] == "interrupted"
    ((finished, outcome),) = office.rows("SELECT finished_at, outcome FROM crawl_run")
    assert finished is not None
    assert outcome == "interrupted"
    # The lists were read to their end before the articles: that much is known.
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]
    assert problems(office) == []
    before = len(website.log)
    assert office.crawl(clock=night(2)).code == 0
    assert office.content() == undisturbed
    asked_again = [path for path in website.log[before:] if path.startswith("/bai")]
    assert len(asked_again) == ARTICLES - (25 - len(["robots", "p1", "p2", "p3"]))
    assert problems(office) == []


def test_a_second_ctrl_c_ends_the_run_at_once_and_the_next_one_goes_on(
    website: Any,  # noqa: ANN401
    open_office: Callable[..., Any],
    undisturbed: Any,  # noqa: ANN401
) -> None:
    office = _office(website, open_office)
    answer = website.pages["/bai-30"]
    website.hang("/bai-30")
    start = len(website.log)
    program = office.start(clock=night(1))
    _until(lambda: "/bai-30" in website.log[start:])
    os.kill(program.pid, signal.SIGINT)
    # The first one waits for the page that is under way; so it is still there to hear this.
    time.sleep(0.3)
    os.kill(program.pid, signal.SIGINT)
    stopped = office.end(program)
    website.pages["/bai-30"] = answer
    assert stopped.code == 3
    assert office.rows("SELECT outcome FROM crawl_run") == [(None,)]
    assert office.crawl(clock=night(2)).code == 0
    assert office.content() == undisturbed
    assert problems(office) == []


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)


def test_a_second_run_over_an_unchanged_site_asks_only_for_lists_and_stores_nothing(
    website: Any,  # noqa: ANN401
    open_office: Callable[..., Any],
) -> None:
    office = _office(website, open_office)
    assert office.crawl(clock=night(1)).code == 0
    before, asked = office.content(), len(website.log)
    again = office.crawl(clock=night(2))
    assert again.code == 0
    assert website.log[asked:] == ["/robots.txt", "/tin", "/tin?page=2"]
    assert office.content() == before
    assert again.site("xa")["counters"].get("sighting/new", 0) == 0
    assert problems(office) == []
