"""A site that seems dead is tried again for a month, less and less often."""

from __future__ import annotations

import datetime as dt
import itertools

from crawler.resting import GAPS, MONTH, SKIPPED, next_try, weight
from storage.records import VIETNAM, CrawlRun, DayInterval, RunOutcome

FIRST = dt.date(2022, 9, 1)
DEAD = {"capture/network_error": 6}


def run(
    day: int, outcome: RunOutcome | None = RunOutcome.FAILED, counters: dict[str, int] | None = None
) -> CrawlRun:
    started_at = dt.datetime(2022, 9, 1, 1, tzinfo=VIETNAM) + dt.timedelta(days=day)
    return CrawlRun(
        site="xa",
        window=DayInterval(FIRST),
        started_at=started_at,
        finished_at=None if outcome is None else started_at,
        outcome=outcome,
        profile_digest="0",
        code_version="0",
        simulated_clock=True,
        counters=DEAD if counters is None else counters,
    )


def nights_tried(nights: int, counters: dict[str, int] | None = None) -> list[int]:
    """Live through nights on which the site gives nothing; give those on which it was asked."""
    runs: list[CrawlRun] = []
    tried = []
    for day in range(nights):
        again = next_try(runs)
        if again is not None and FIRST + dt.timedelta(days=day) < again:
            runs.append(run(day, counters={SKIPPED: 1}))
            continue
        tried.append(day)
        runs.append(run(day, counters=counters))
    return tried


def test_a_site_without_any_answer_is_tried_less_and_less_often_for_a_month() -> None:
    tried = nights_tried(100)
    gaps = [later - earlier for earlier, later in itertools.pairwise(tried)]
    assert gaps[: len(GAPS)] == list(GAPS)
    assert gaps == sorted(gaps)
    assert set(gaps[len(GAPS) :]) == {MONTH}


def test_a_site_that_answers_with_errors_is_given_up_more_slowly() -> None:
    errors = nights_tried(30, {"capture/http_error": 9, "capture/support": 1})
    assert len(nights_tried(30)) < len(errors) < 30


def test_a_site_that_turns_us_away_is_asked_nearly_every_night() -> None:
    assert len(nights_tried(12, {"capture/blocked": 3})) == 12


def test_one_answer_and_it_is_asked_every_night_again() -> None:
    dead = [run(day) for day in range(4)]
    assert next_try(dead) is not None
    assert next_try([*dead, run(5, RunOutcome.PARTIAL, {"capture/listed": 1})]) is None
    assert next_try([*dead, run(5, RunOutcome.COMPLETE, {"capture/listed": 1})]) is None


def test_a_broken_expectation_is_no_silence() -> None:
    fewer = {"capture/listed": 3, "capture/unchanged": 9}
    assert next_try([run(day, counters=fewer) for day in range(9)]) is None


def test_runs_that_were_stopped_or_have_not_ended_say_nothing() -> None:
    assert next_try([run(0, RunOutcome.INTERRUPTED), run(1, None)]) is None
    assert next_try([run(0, counters={})]) is None
    assert next_try([]) is None


def test_no_answer_weighs_most() -> None:
    assert weight(DEAD) > weight({"capture/http_error": 1}) > weight({"capture/blocked": 1}) > 0
    assert weight({}) == 0


def test_a_host_whose_robots_txt_cannot_be_reached_is_as_silent_as_a_dead_one() -> None:
    assert weight({"capture/network_error": 3, "capture/robots_denied": 2}) == weight(DEAD)
    assert weight({"capture/support": 1, "capture/robots_denied": 2}) < weight(DEAD)
