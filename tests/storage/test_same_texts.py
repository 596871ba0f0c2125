"""Of the copies of a text elsewhere: which was first, and which may have been."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from storage.same_texts import TextCopy, firsts

MAY_5 = dt.date(2022, 5, 5)
NIGHT = dt.datetime(2022, 5, 5, 15, tzinfo=dt.UTC)  # 22:00 in Vietnam
DAY = dt.timedelta(days=1)


def copy(number: int, *, site: str = "a", **changes: Any) -> TextCopy:  # noqa: ANN401 - its fields
    """Give a steady copy of 5 May, first seen that night."""
    steady = TextCopy(number, site, MAY_5, NIGHT, is_looked_at=False, is_steady=True)
    return steady._replace(**changes)


def among(*copies: TextCopy) -> set[int]:
    """Site "nobody" has no owner."""
    return firsts(copies, lambda site, _: site != "nobody")


def test_of_a_thousand_steady_copies_the_first_is_read() -> None:
    thousand = [copy(n, day=MAY_5 + n % 7 * DAY, first_seen_at=NIGHT) for n in range(1000)]
    assert among(*reversed(thousand)) == {0}


def test_the_day_goes_before_the_look_and_the_look_before_the_number() -> None:
    assert among(copy(1), copy(2, day=MAY_5 - DAY)) == {2}
    assert among(copy(1), copy(2, first_seen_at=NIGHT - DAY)) == {2}
    assert among(copy(2), copy(1)) == {1}


@pytest.mark.parametrize(
    ("unsteady", "may"),
    [
        ({"day": None}, True),
        ({"is_looked_at": True, "day": MAY_5 + 9 * DAY}, True),
        ({"day": MAY_5 - DAY}, True),
        ({"day": MAY_5 + DAY, "first_seen_at": NIGHT + dt.timedelta(hours=1)}, True),
        ({"day": MAY_5 + DAY, "first_seen_at": NIGHT + dt.timedelta(hours=2)}, False),
    ],
    ids=["no day", "another day later", "a day before", "seen that day", "seen the next"],
)
def test_what_has_no_steady_day_is_read_where_it_may_have_been_first(
    unsteady: dict[str, Any], *, may: bool
) -> None:
    other = copy(2, is_steady=False, first_seen_at=NIGHT + 9 * DAY)._replace(**unsteady)
    assert among(copy(1), other) == ({1, 2} if may else {1})


def test_nobodys_post_is_not_the_first() -> None:
    nobodys = copy(1, site="nobody", day=MAY_5 - DAY)
    assert among(nobodys, copy(2), copy(3)) == {2}
    assert among(nobodys, nobodys._replace(article_id=4)) == {1, 4}
