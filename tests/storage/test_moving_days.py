"""What a candidate's day is when printed days move: as of every instant, on both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from storage import tables
from storage.articles import (
    ensure_articles,
    known_articles,
    record_sightings,
    record_version,
    sightings_of,
    versions_of,
)
from storage.candidates import candidates
from storage.captures import add_captures, add_coverage, finish_run, start_run, validators
from storage.moving_days import dated_looks
from storage.records import (
    VIETNAM,
    Capture,
    CapturePurpose,
    Channel,
    CoverageReason,
    CoverageState,
    CrawlRun,
    DateSource,
    DayInterval,
    DaySignal,
    Disposition,
    Extraction,
    RunOutcome,
    SectionCoverage,
    Sighting,
    Signal,
    WarcPlace,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.engine import Connection, Database
    from storage.records import Candidate

    Live = Callable[[Callable[["Site"], None]], None]

URL = "http://xa-a.test/bai-1"
FIRST = dt.date(2022, 9, 5)


def night(number: int) -> dt.datetime:
    """Give 23:00 in Vietnam so many days after 5 September."""
    return dt.datetime.combine(FIRST + dt.timedelta(number), dt.time(23), VIETNAM)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(number)


class Site:
    """The commune's site, one night after the other."""

    def __init__(
        self, c: Connection, run: CrawlRun, make_extraction: Callable[..., Extraction]
    ) -> None:
        self.c, self._run, self._make = c, run, make_extraction
        self.article = 0

    def night(
        self,
        number: int,
        *,
        listed: int | None = None,
        printed: int | None = None,
        state: CoverageState = CoverageState.COMPLETE,
        section: str = "Tin",
        **read: object,
    ) -> Capture:
        """Let a run see the article listed and printed with these days; None: not at all."""
        run_id = start_run(self.c, replace(self._run, started_at=night(number)))
        at = night(number) + dt.timedelta(minutes=1)
        capture = Capture(
            run_id=run_id,
            url=URL,
            purpose=CapturePurpose.ARTICLE,
            captured_at=at,
            disposition=Disposition.LISTED,
        )
        (capture_id,) = add_captures(self.c, [capture])
        if listed is not None or printed is not None:
            ids = ensure_articles(self.c, "xa-a", [URL], first_seen_at=at)
            self.article = ids[URL]
        if listed is not None:
            self._list(listed, capture_id, at, section)
        if printed is not None:
            text = self._make(
                **{"date_published": day(printed), "date_published_raw": str(day(printed))} | read
            )
            record_version(
                self.c, self.article, capture_id=capture_id, extraction=text, extracted_at=at
            )
        self._end(run_id, number, state, section)
        return capture

    def _list(self, listed: int, capture_id: int, at: dt.datetime, section: str) -> None:
        sighting = Sighting(
            article_id=self.article,
            capture_id=capture_id,
            section=section,
            channel=Channel.LIST,
            title="Bài",
            date_published=day(listed),
            date_published_raw=str(day(listed)),
            seen_at=at,
        )
        record_sightings(self.c, [sighting])

    def _end(self, run_id: int, number: int, state: CoverageState, section: str) -> None:
        is_none = state is CoverageState.NONE
        row = SectionCoverage(
            site="xa-a",
            section=section,
            run_id=run_id,
            run_started_at=night(number),
            state=state,
            days=None if is_none else DayInterval(dt.date(2022, 8, 1), day(number)),
            reason=CoverageReason.REACHED_LIST_END,
        )
        add_coverage(self.c, [row])
        finish_run(
            self.c,
            run_id,
            finished_at=night(number) + dt.timedelta(minutes=5),
            outcome=RunOutcome.COMPLETE,
            reason=None,
            counters={},
        )

    def known(self, number: int) -> Candidate:
        """Give the article as known after that night."""
        (one,) = candidates(self.c, night(number) + dt.timedelta(minutes=30), tagger=None)
        return one

    def dated_looks(self) -> int:
        """Count the looks that found the text as before under a moved day."""
        found = self.c.scalar(sa.select(sa.func.count()).select_from(tables.dated_look))
        return int(found or 0)


@pytest.fixture
def live(
    db: Database, run: CrawlRun, make_extraction: Callable[..., Extraction]
) -> Callable[[Callable[[Site], None]], None]:
    """Give a function that lives through nights in one transaction."""

    def through(nights: Callable[[Site], None]) -> None:
        with db.write() as c:
            nights(Site(c, run, make_extraction))

    return through


def test_a_page_whose_day_moves_has_an_interval_as_soon_as_that_is_known(live: Live) -> None:
    def nights(site: Site) -> None:
        site.night(0)
        for number in range(1, 8):
            site.night(number, listed=number, printed=number)
        assert (site.known(1).day, site.known(1).days) == (day(1), None)
        for number in range(2, 8):
            then = site.known(number)
            assert (then.day, then.date_source) == (None, DateSource.FOLLOWS_CLOCK)
            assert then.days == DayInterval(day(0), day(2))
        assert len(versions_of(site.c, site.article)) == 1
        assert len(sightings_of(site.c, site.article)) == 2
        (look,) = dated_looks(site.c, site.article)
        assert (look.day, look.raw) == (day(2), str(day(2)))
        assert look.seen_at == night(2) + dt.timedelta(minutes=1)

    live(nights)


def test_without_a_full_look_before_the_interval_is_open(live: Live) -> None:
    def nights(site: Site) -> None:
        site.night(0, state=CoverageState.PARTIAL)
        site.night(1, section="Khác")
        for number in (2, 3):
            site.night(number, listed=number, printed=number)
        assert site.known(3).days == DayInterval(dt.date.min, day(3))

    live(nights)


def test_an_edit_under_a_moving_day_is_one_version_and_the_day_still_moves(live: Live) -> None:
    def nights(site: Site) -> None:
        for number in range(3):
            site.night(number, printed=number)
        site.night(3, printed=3, body="Đã sửa.")
        for number in (4, 5):
            site.night(number, printed=number, body="Đã sửa.")
        assert len(versions_of(site.c, site.article)) == 2
        assert site.known(5).date_source is DateSource.FOLLOWS_CLOCK
        assert site.known(5).days == DayInterval(dt.date.min, day(1))

    live(nights)


def test_a_page_that_repeats_its_moving_day_in_the_text_makes_no_version(live: Live) -> None:
    def nights(site: Site) -> None:
        for number in range(4):
            shown = day(number)
            site.night(number, printed=number, body=f"{shown:%d/%m/%Y}\nNội dung.")
        assert len(versions_of(site.c, site.article)) == 1

    live(nights)


def test_a_changed_day_that_is_not_the_clock_s_is_a_version(live: Live) -> None:
    def nights(site: Site) -> None:
        site.night(0, printed=0)
        site.night(1, printed=-3)
        site.night(2, printed=-4)
        assert [v.number for v in versions_of(site.c, site.article)] == [1, 2, 3]
        assert (site.known(2).day, site.dated_looks()) == (day(-4), 0)

    live(nights)


def test_a_page_s_own_day_stands_when_only_a_list_s_day_moves(live: Live) -> None:
    def nights(site: Site) -> None:
        site.night(0, listed=0, printed=-2)
        for number in (1, 2):
            site.night(number, listed=number)
        assert (site.known(2).day, site.known(2).date_source) == (day(-2), DateSource.META)

    live(nights)


def test_a_page_of_the_first_look_s_own_day_does_not_stand_against_a_list_that_moves(
    live: Live,
) -> None:
    def nights(site: Site) -> None:
        site.night(0, listed=0, printed=0)
        site.night(1, listed=1)
        assert site.known(1).date_source is DateSource.FOLLOWS_CLOCK

    live(nights)


def test_a_list_s_moving_day_is_none_for_an_article_without_a_day_of_its_own(live: Live) -> None:
    def nights(site: Site) -> None:
        for number in range(3):
            site.night(number, listed=number)
        found = site.known(2)
        assert (found.day, found.date_source) == (None, DateSource.FOLLOWS_CLOCK)
        assert known_articles(site.c, "xa-a")[URL].by_clock == {("Tin", Channel.LIST)}

    live(nights)


def test_a_day_that_is_given_later_counts_again(live: Live) -> None:
    def nights(site: Site) -> None:
        for number in range(3):
            site.night(number, listed=number, printed=number)
        site.night(3, listed=-1, printed=-1)
        assert site.known(2).date_source is DateSource.FOLLOWS_CLOCK
        assert (site.known(3).day, site.known(3).days) == (day(-1), None)

    live(nights)


def test_a_day_that_goes_back_to_that_of_the_version_is_noted_and_counts_again(live: Live) -> None:
    def nights(site: Site) -> None:
        site.night(0, listed=-2, printed=-2)
        for number in (1, 2, 3):
            site.night(number, printed=number)
        site.night(4, printed=-2)
        assert site.known(3).date_source is DateSource.FOLLOWS_CLOCK
        assert site.known(4).day == day(-2)
        assert len(versions_of(site.c, site.article)) <= 2

    live(nights)


def test_a_day_that_a_page_did_not_have_before_is_a_version(live: Live) -> None:
    def nights(site: Site) -> None:
        site.night(
            0, printed=0, date_source=DateSource.NONE, date_published=None, date_published_raw=None
        )
        site.night(1, printed=1)
        assert [v.extraction.date_published for v in versions_of(site.c, site.article)] == [
            None,
            day(1),
        ]

    live(nights)


# --------------------------------------------------------------------- removed, signals, marks


def test_an_article_is_gone_as_of_the_look_that_settles_it(
    db: Database, run: CrawlRun, make_extraction: Callable[..., Extraction]
) -> None:
    with db.write() as c:
        site = Site(c, run, make_extraction)
        site.night(0, listed=0, printed=0)
        for number in (5, 6, 7):
            run_id = start_run(c, replace(run, started_at=night(number)))
            missed = Capture(
                run_id=run_id,
                url=URL,
                article_id=site.article,
                purpose=CapturePurpose.ARTICLE,
                captured_at=night(number),
                disposition=Disposition.HTTP_ERROR,
                status=404,
            )
            seen = replace(
                missed, url="http://xa-a.test/", article_id=None, disposition=Disposition.LISTED
            )
            # On night 5 nothing of the site was seen: that may be an outage.
            add_captures(c, [missed] if number == 5 else [missed, seen])
            site._end(run_id, number, CoverageState.COMPLETE, "Tin")  # noqa: SLF001 - our own
        assert site.known(7).gone_at is None
        site.night(8)
        (run_id,) = c.scalars(sa.select(sa.func.max(tables.crawl_run.c.id)))
        add_captures(c, [replace(missed, run_id=run_id, captured_at=night(8))])
        assert site.known(8).gone_at == night(6)
        assert site.known(7).gone_at is None


def test_second_opinions_on_a_day_come_from_address_feed_and_server(
    db: Database, run_id: int, make_extraction: Callable[..., Extraction]
) -> None:
    url = "http://xa-a.test/view-article/1/1651151768064/1662000000000"  # 1 September 2022
    with db.write() as c:
        capture = Capture(
            run_id=run_id,
            url=url,
            purpose=CapturePurpose.ARTICLE,
            captured_at=night(0),
            disposition=Disposition.STORED,
            last_modified="Fri, 02 Sep 2022 20:00:00 GMT",
        )
        (key,) = add_captures(c, [capture])
        article = ensure_articles(c, "xa-a", [url], first_seen_at=night(0))[url]
        record_version(
            c, article, capture_id=key, extraction=make_extraction(), extracted_at=night(0)
        )
        feed = Sighting(
            article_id=article,
            capture_id=key,
            section="RSS",
            channel=Channel.FEED,
            title="Bài",
            date_published=dt.date(2022, 9, 4),
            date_published_raw=None,
            seen_at=night(0),
        )
        record_sightings(c, [feed])
        (found,) = candidates(c, night(1), tagger=None)
    assert found.signals == (
        DaySignal(Signal.ADDRESS, dt.date(2022, 9, 1)),
        DaySignal(Signal.FEED, dt.date(2022, 9, 4)),
        DaySignal(Signal.LAST_MODIFIED, dt.date(2022, 9, 3)),
    )


def test_a_server_is_asked_with_its_newest_mark_and_the_record_that_has_the_bytes(
    db: Database, run_id: int
) -> None:
    def capture(hour: int, etag: str | None, **changes: object) -> Capture:
        fields: dict[str, object] = {
            "run_id": run_id,
            "url": URL,
            "purpose": CapturePurpose.LIST,
            "captured_at": night(0) + dt.timedelta(hours=hour),
            "disposition": Disposition.LISTED,
            "status": 200,
            "body_sha256": "a" * 64,
            "etag": etag,
            "warc": WarcPlace(file="xa-a/1.warc.gz", offset=hour, record_id=f"urn:uuid:{hour}"),
        }
        return Capture(**(fields | changes))  # type: ignore[arg-type]  # any field may be given

    with db.write() as c:
        assert validators(c, "xa-a") == {}
        add_captures(c, [capture(0, '"1"'), capture(1, '"2"', status=304)])
        found = validators(c, "xa-a")[URL]
        assert (found.etag, found.last_modified) == ('"2"', None)
        assert (found.place.offset, found.body.captured_at) == (0, night(0))
        assert found.taken_at == night(0)
        add_captures(c, [capture(2, '"2"')])
        assert validators(c, "xa-a")[URL].taken_at == night(0) + dt.timedelta(hours=2)
        assert validators(c, "xa-a")[URL].place.offset == 0
        add_captures(c, [capture(3, None)])
        assert validators(c, "xa-a") == {}
        add_captures(c, [capture(4, '"3"'), capture(5, '"4"', disposition=Disposition.BLOCKED)])
        assert validators(c, "xa-a") == {}
