from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.gone import SENT_HOME, SOFT_404, PageLook, gone_at, tells
from storage.records import Disposition

START = dt.datetime(2022, 9, 1, 18, tzinfo=dt.UTC)


def looks(*seen: tuple[float, bool]) -> list[PageLook]:
    """Make looks so many days after the start."""
    return [PageLook(START + dt.timedelta(days=days), is_there) for days, is_there in seen]


def days_gone(*seen: tuple[float, bool]) -> float | None:
    """Give the day from which on it is gone."""
    at = gone_at(looks(*seen))
    return None if at is None else (at - START) / dt.timedelta(days=1)


def test_one_or_two_looks_that_miss_it_prove_nothing() -> None:
    assert days_gone((0, True), (3, False)) is None
    assert days_gone((0, True), (3, False), (4, False)) is None


def test_three_looks_on_three_days_do() -> None:
    assert days_gone((0, True), (3, False), (4, False), (5, False)) == 3


def test_three_looks_in_one_night_do_not() -> None:
    assert days_gone((0, True), (3, False), (3.01, False), (3.02, False)) is None


def test_what_is_there_again_is_not_gone() -> None:
    missed = ((3, False), (4, False), (5, False))
    assert days_gone(*missed, (6, True)) is None
    assert days_gone() is None


def test_a_short_return_does_not_bring_it_back_and_a_long_one_begins_anew() -> None:
    assert days_gone((0, False), (8, True), (9, False), (12, False)) == 0
    assert days_gone((0, False), (1, True), (9, False), (10, False), (11, False)) == 9


@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=10))
def test_it_is_gone_since_a_look_that_missed_it_and_never_while_it_is_there(
    seen: list[tuple[float, bool]],
) -> None:
    made = looks(*sorted(seen))
    at = gone_at(made)
    if at is None:
        return
    assert not made[-1].is_there
    assert at in {look.at for look in made if not look.is_there}
    assert len({look.at.date() for look in made if not look.is_there}) >= 3


@pytest.mark.parametrize(
    ("disposition", "status", "reason", "expected"),
    [
        (Disposition.STORED, 200, None, True),
        (Disposition.UNCHANGED, 304, None, True),
        (Disposition.HTTP_ERROR, 404, "status 404", False),
        (Disposition.HTTP_ERROR, 410, "status 410", False),
        (Disposition.HTTP_ERROR, 200, f"{SOFT_404}: as unknown", False),
        (Disposition.HTTP_ERROR, 302, f"{SENT_HOME}: http://xa.test/", False),
        (Disposition.HTTP_ERROR, 200, "error text: not found", False),
        (Disposition.HTTP_ERROR, 200, "error text: khong tim thay bai viet", False),
        (Disposition.HTTP_ERROR, 200, "error text: database error", None),
        (Disposition.HTTP_ERROR, 503, "status 503", None),
        (Disposition.NETWORK_ERROR, None, "timeout", None),
        (Disposition.BLOCKED, 403, "login, status 403", None),
        (Disposition.BLOCKED, 404, "login, status 404", None),
        (Disposition.REDIRECTED, 302, "to http://xa.test/b", None),
        (Disposition.NOT_AN_ARTICLE, 200, "no headline", None),
    ],
)
def test_an_outage_or_a_wall_says_nothing_of_the_article(
    disposition: Disposition, status: int | None, reason: str | None, *, expected: bool | None
) -> None:
    assert tells(disposition, status=status, reason=reason) is expected
