"""When is a known article looked at again? On a schedule that thins out with its age. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from crawler.due import in_window
from storage.gone import gone_at
from storage.records import Channel, DateSource, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from storage.known import KnownArticle
    from storage.records import DayInterval, Validators

SOONEST = dt.timedelta(days=3)
"""Between two looks at a page that is there: the night after the first costs nothing more, and a
removal is still settled within a week."""
AT_LATEST = dt.timedelta(days=30)
"""Likewise, however old the article is: a quarterly report rests on looks of that quarter."""
UNLISTED_AT_LATEST = dt.timedelta(days=7)
"""Of one that its lists, seen in full, do not show any more."""
NOT_FOUND = dt.timedelta(days=1)
"""After a look that did not find it, until it is known to be gone."""
GONE_AT_LATEST = dt.timedelta(days=14)
"""Between two looks at one that is known to be gone: what was taken down by mistake is mostly back
within days, and a report of a quarter must not miss that for a month."""
A_NIGHT = 50
"""Articles of one site looked at again in one night; the longest overdue come first. At the usual
pause of a second that is a minute, and 1,500 looks a month: eight unit sites that were counted
showed 505 posts together."""

LIST_CONFIRMED_AT_MOST = dt.timedelta(days=7)
"""A server that says 'not modified' by mistake must not hide new articles for longer."""


def due_again(
    known: Mapping[str, KnownArticle],
    *,
    asked: Collection[str],
    shown: Collection[str],
    seen_in_full: Collection[str],
    window: DayInterval,
    now: dt.datetime,
) -> list[str]:
    """Give the addresses of the articles to look at again, the longest overdue first.

    Args:
        known: by canonical address.
        asked: those that this run has asked for already.
        shown: those that this run saw on a list.
        seen_in_full: the sections that this run saw in full.
        window: articles of other days are let be.
        now: the instant of the run.
    """
    today = vietnam_day(now)
    due = {
        address: day
        for address, article in known.items()
        if address not in asked
        and article.has_version
        and in_window(article.day, window)
        and (
            day := next_look_on(
                article, is_unlisted=is_unlisted(address, article, shown, seen_in_full)
            )
        )
        <= today
    }
    return sorted(due, key=lambda address: (due[address], address))[:A_NIGHT]


def is_unlisted(
    address: str, article: KnownArticle, shown: Collection[str], seen_in_full: Collection[str]
) -> bool:
    """Tell whether the lists that once showed an article were seen in full without it."""
    lists = [section for section, channel in article.sightings if channel is Channel.LIST]
    return address not in shown and bool(lists) and all(one in seen_in_full for one in lists)


def next_look_on(article: KnownArticle, *, is_unlisted: bool) -> dt.date:
    """Give the day in Vietnam from which on an article that has a version is due again.

    A page that was there is due when it has grown as old again as it was at the last look: 3,
    6, 12, 24 days, then every 30. One that was not there is due the next day, until it is known
    to be gone; then when it has been gone as long again, every 14 days at the latest: it may be
    back.
    """
    if not article.looks:
        return dt.date.min
    last = article.looks[-1]
    seen_on = vietnam_day(last.at)
    if not last.is_there:
        gone = gone_at(article.looks)
        if gone is None:
            return seen_on + NOT_FOUND
        return seen_on + min(max(seen_on - vietnam_day(gone), SOONEST), GONE_AT_LATEST)
    latest = UNLISTED_AT_LATEST if is_unlisted else AT_LATEST
    age = seen_on - min(_appeared_on(article), seen_on)
    return seen_on + min(max(age, SOONEST), latest)


def _appeared_on(article: KnownArticle) -> dt.date:
    seen = vietnam_day(article.first_seen_at or article.looks[0].at)
    return seen if article.day is None else min(article.day, seen)


def may_ask_if_modified(validators: Validators, *, is_list: bool, now: dt.datetime) -> bool:
    """Tell whether the server may be asked to confirm what is archived, instead of for all."""
    return not is_list or now - validators.taken_at <= LIST_CONFIRMED_AT_MOST


def condition_headers(validators: Validators) -> dict[str, str]:
    """Give the request headers that ask for an answer only if the body has changed."""
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_of_list(article: KnownArticle) -> bool:
    """Tell whether the newest version has its day from the list that led to it."""
    return article.date_source in {DateSource.LIST, DateSource.FEED}
