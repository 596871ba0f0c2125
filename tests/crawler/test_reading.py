"""A page that cannot be read has a name, and an article may take its day from the list."""

from __future__ import annotations

import dataclasses
import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest

from crawler import reading
from crawler.pages.captured import CapturedPage
from crawler.profiles import Discover, ProfileVersion
from storage.records import (
    Channel,
    DateCandidate,
    DateSource,
    Disposition,
    Extraction,
    vietnam_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = dt.date(2022, 9, 30)


def version(
    *, trust: Sequence[str] = ("template", "list", "feed"), clock: str | None = None
) -> ProfileVersion:
    return ProfileVersion.model_validate(
        {
            "family": "generic",
            "sections": [{"name": "Tin", "url": "tin"}],
            "dates": {"trust": list(trust), "clock": clock},
        }
    )


def page(body: str, *, status: int = 200, media_type: str = "text/html") -> CapturedPage:
    return CapturedPage(
        url="http://a.test/bai",
        status=status,
        headers={"content-type": media_type},
        body=body.encode(),
        captured_at=dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
    )


def extraction(day: dt.date | None = None) -> Extraction:
    return Extraction(
        headline="Bài một",
        body="Nội dung",
        date_published=day,
        date_published_raw=None,
        date_source=DateSource.TEMPLATE if day else DateSource.NONE,
        extractor="generic@1",
    )


def dated(
    one: Extraction, *, day: dt.date | None, channel: Channel, trust: Sequence[str]
) -> Extraction:
    return reading.dated_by_list(
        one, day=day, day_raw="30/09/2022", channel=channel, version=version(trust=trust)
    )


@pytest.mark.parametrize(
    ("channel", "source"), [(Channel.LIST, DateSource.LIST), (Channel.FEED, DateSource.FEED)]
)
def test_an_article_without_a_day_takes_that_of_its_list(
    channel: Channel, source: DateSource
) -> None:
    one = dated(extraction(), day=DAY, channel=channel, trust=("list", "feed"))
    assert (one.date_published, one.date_published_raw) == (DAY, "30/09/2022")
    assert one.date_source is source


def test_a_list_that_is_not_trusted_gives_no_day() -> None:
    one = dated(extraction(), day=DAY, channel=Channel.LIST, trust=("template", "feed"))
    assert (one.date_published, one.date_source) == (None, DateSource.NONE)


def test_a_sitemap_never_gives_a_day() -> None:
    one = dated(extraction(), day=DAY, channel=Channel.SITEMAP, trust=("list", "feed"))
    assert one.date_published is None


def test_a_list_that_contradicts_the_page_changes_nothing() -> None:
    own = extraction(dt.date(2022, 9, 1))
    assert dated(own, day=DAY, channel=Channel.LIST, trust=("list",)) == own


@pytest.mark.parametrize(
    ("raw", "clock", "day"),
    [
        ("Fri, 30 Sep 2022 18:55:00 +0000", None, None),
        ("Fri, 30 Sep 2022 18:55:00 +0000", "utc", dt.date(2022, 10, 1)),
        ("Fri, 30 Sep 2022 18:55:00 +0000", "vietnam", dt.date(2022, 9, 30)),
        ("Fri, 30 Sep 2022 08:55:00 +0000", None, dt.date(2022, 9, 30)),
    ],
)
def test_an_evening_that_only_a_feed_gives_in_utc_needs_the_sites_clock(
    raw: str, clock: str | None, day: dt.date | None
) -> None:
    told = vietnam_day(parsedate_to_datetime(raw))
    rules = version(trust=("meta", "feed"), clock=clock)
    one = reading.dated_by_list(
        extraction(), day=told, day_raw=raw, channel=Channel.FEED, version=rules
    )
    assert one.date_published == day
    assert one.date_source is (DateSource.FEED if day else DateSource.NONE)
    assert [found.raw for found in one.date_candidates] == [raw]


def test_a_list_that_prints_the_day_settles_an_evening_in_utc() -> None:
    candidate = DateCandidate(
        source=DateSource.META, raw="2022-09-29T18:00:00Z", day=dt.date(2022, 9, 30)
    )
    own = dataclasses.replace(extraction(), date_candidates=(candidate,))
    one = dated(own, day=DAY, channel=Channel.LIST, trust=("meta", "list"))
    assert (one.date_published, one.date_source) == (DAY, DateSource.META)
    other = dated(own, day=dt.date(2022, 9, 29), channel=Channel.LIST, trust=("meta", "list"))
    assert (other.date_published, other.date_source) == (None, DateSource.NONE)


def test_a_list_tells_the_day_of_a_post_just_after_midnight() -> None:
    own = dataclasses.replace(extraction(dt.date(2022, 9, 29)), date_published_raw="2022-09-29")
    own = dataclasses.replace(own, date_source=DateSource.META)
    one = dated(own, day=DAY, channel=Channel.LIST, trust=("meta", "list"))
    assert (one.date_published, one.date_source) == (DAY, DateSource.LIST)
    assert [found.raw for found in one.date_candidates] == ["30/09/2022"]


def test_a_fault_of_ours_on_one_page_is_a_named_fate_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Extraction:
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "read_article", broken)
    text = "<html><h1>Bài một của xã</h1><p>" + "Nội dung. " * 200 + "</p></html>"
    found = reading.read_article_page(page(text), version())
    assert found.disposition is Disposition.UNREADABLE
    assert found.reason == "fault: ZeroDivisionError"
    assert "cannot read http://a.test/bai" in caplog.text


TITLE = "Thông báo lịch tiếp công dân tháng 9"
MENU = "<nav>" + "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8)) + "</nav>"


def bare(inner: str) -> CapturedPage:
    return page(f"<!doctype html><title>Xã A</title><body>{MENU}<main>{inner}</main></body>")


@pytest.mark.parametrize(
    ("inner", "note", "images"),
    [
        (f"<h1>{TITLE}</h1><span>Lượt xem: 12</span>", "only a title", 0),
        (f"<h2>{TITLE}</h2><p><img src=/a.jpg><img src=/b.jpg></p>", "only pictures", 2),
    ],
)
def test_a_title_alone_is_an_article_where_a_dated_list_says_so(
    inner: str, note: str, images: int
) -> None:
    found = reading.read_article_page(bare(inner), version(), announced=TITLE.upper()).extraction
    assert found is not None
    assert (found.headline, found.body, found.text_note) == (TITLE, "", note)
    assert len(found.images) == images
    assert found.date_published is None  # the list's day is for the walk to give
    for announced in (None, "Thông báo", f"{TITLE} và tháng 10"):
        refused = reading.read_article_page(bare(inner), version(), announced=announced)
        assert refused.disposition is Disposition.NOT_AN_ARTICLE


def test_links_are_counted_however_their_tags_are_written() -> None:
    text = "<HTML><BODY>" + "<A HREF=/x>Bài</A> " * (reading.LINKS_AT_MOST + 1) + "</BODY></HTML>"
    found = reading.read_article_page(page(text), version())
    assert found.reason == f"more than {reading.LINKS_AT_MOST} links"


@pytest.mark.parametrize("discover", [Discover.FEED, Discover.SITEMAP])
def test_a_page_in_place_of_a_feed_is_unreadable(discover: Discover) -> None:
    text = "<html><h1>Tin tức</h1>" + "<a href='/x'>Bài</a> " * 30 + "</html>"
    found = reading.read_list_page(page(text), version(), discover)
    assert found.disposition is Disposition.UNREADABLE


def test_an_error_in_place_of_a_feed_keeps_its_own_name() -> None:
    found = reading.read_list_page(page("<h1>Lỗi</h1>", status=503), version(), Discover.FEED)
    assert (found.disposition, found.reason) == (Disposition.HTTP_ERROR, "status 503")
