from __future__ import annotations

import datetime as dt

import pytest

from crawler.second_look import (
    A_NIGHT,
    condition_headers,
    due_again,
    may_ask_if_modified,
    next_look_on,
)
from storage.gone import PageLook
from storage.known import KnownArticle
from storage.records import ArchivedBody, Channel, DayInterval, Validators, WarcPlace

START = dt.datetime(2022, 9, 1, 18, tzinfo=dt.UTC)  # 1:00 on 2 September in Vietnam
FIRST = dt.date(2022, 9, 2)
ALWAYS = DayInterval(dt.date(2022, 1, 1))


def article(
    *looked: float, missed: tuple[float, ...] = (), published: dt.date | None = FIRST
) -> KnownArticle:
    """Make one that was looked at so many days after it was first seen."""
    found = [(days, True) for days in looked] + [(days, False) for days in missed]
    return KnownArticle(
        article_id=1,
        has_version=True,
        sightings={("Tin", Channel.LIST): ("Bài", published, None)},
        last_try=None,
        first_seen_at=START,
        day=published,
        looks=tuple(PageLook(START + dt.timedelta(days=n), there) for n, there in sorted(found)),
    )


def wait(known: KnownArticle, *, is_unlisted: bool = False) -> int:
    """Give the days from the last look to the next."""
    last = known.looks[-1].at.astimezone(dt.timezone(dt.timedelta(hours=7))).date()
    return (next_look_on(known, is_unlisted=is_unlisted) - last).days


def test_looks_thin_out_as_an_article_grows_old() -> None:
    ages, at = [], 0
    for _ in range(7):
        at += wait(article(at))
        ages.append(at)
    assert ages == [3, 6, 12, 24, 48, 78, 108]


def test_an_article_that_was_old_when_first_seen_is_looked_at_once_a_month() -> None:
    assert wait(article(0, published=dt.date(2022, 1, 5))) == 30


def test_one_that_its_lists_no_longer_show_is_looked_at_every_week() -> None:
    old = article(0, published=dt.date(2022, 1, 5))
    assert wait(old, is_unlisted=True) == 7
    assert wait(article(0), is_unlisted=True) == 3


def test_one_that_was_not_found_is_asked_for_every_night_until_it_is_gone() -> None:
    assert wait(article(0, missed=(3,))) == 1
    assert wait(article(0, missed=(3, 4))) == 1


def test_one_that_is_gone_is_looked_at_less_and_less_often_for_it_may_be_back() -> None:
    assert wait(article(0, missed=(3, 4, 5))) == 3
    assert wait(article(0, missed=(3, 4, 5, 8))) == 5
    assert wait(article(0, missed=(3, 4, 50))) == 14
    assert wait(article(0, 9, missed=(3, 4, 5))) == 9  # it is back


def test_the_longest_overdue_come_first_and_no_more_than_a_night_can_bear() -> None:
    known = {f"http://xa.test/{n:03}": article(n / 100) for n in range(A_NIGHT * 2)}
    late = known | {"http://xa.test/late": article(-20)}
    due = due_again(
        late,
        asked={"http://xa.test/000"},
        shown=late.keys(),
        seen_in_full=set(),
        window=ALWAYS,
        now=START + dt.timedelta(days=9),
    )
    assert due[0] == "http://xa.test/late"
    assert len(due) == A_NIGHT
    assert "http://xa.test/000" not in due


@pytest.mark.parametrize(
    "known",
    [
        article(0, published=dt.date(2021, 5, 5)),  # of another window
        article(0),  # seen yesterday
    ],
)
def test_what_is_outside_the_window_or_was_just_seen_is_let_be(known: KnownArticle) -> None:
    due = due_again(
        {"http://xa.test/1": known},
        asked=(),
        shown=(),
        seen_in_full={"Tin"},
        window=ALWAYS,
        now=START + dt.timedelta(days=1),
    )
    assert due == []


def validators(*, etag: str | None = '"a"', modified: str | None = None) -> Validators:
    return Validators(
        etag=etag,
        last_modified=modified,
        body=ArchivedBody(sha256="0" * 64, captured_at=START, url="http://xa.test/"),
        place=WarcPlace(file="xa/1.warc.gz", offset=0, record_id="urn:uuid:1"),
        taken_at=START,
    )


def test_a_list_is_taken_in_full_at_least_once_a_week() -> None:
    week = START + dt.timedelta(days=7)
    later = week + dt.timedelta(seconds=1)
    assert may_ask_if_modified(validators(), is_list=True, now=week)
    assert not may_ask_if_modified(validators(), is_list=True, now=later)
    assert may_ask_if_modified(validators(), is_list=False, now=later)


def test_the_server_s_own_marks_are_sent_back() -> None:
    day = "Thu, 01 Sep 2022 00:00:00 GMT"
    assert condition_headers(validators()) == {"If-None-Match": '"a"'}
    assert condition_headers(validators(etag=None, modified=day)) == {"If-Modified-Since": day}
