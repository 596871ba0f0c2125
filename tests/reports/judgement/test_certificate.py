"""What an absence rests on: the looks, their pages, and what was there."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from reports.calendar import parse_period
from reports.certificate import Certificate, Found, NotSeenDays, SiteProof, proofs, prove_site
from reports.certificate_text import to_lines
from reports.coverage import NotSeen, cover, days_seen, each_day
from reports.health import SiteFacts, examine
from storage.list_pages import LookedAt
from storage.records import (
    UNDECIDED,
    Capture,
    CapturePurpose,
    Channel,
    CoverageReason,
    CoverageState,
    CrawlRun,
    DayInterval,
    Disposition,
    ListOrder,
    ListPage,
    SectionCoverage,
    WarcPlace,
)

if TYPE_CHECKING:
    from storage.records import Registry

    MakeCandidate = Any  # conftest's, which cannot be imported here

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
AS_OF = dt.datetime(2022, 4, 5, 15, tzinfo=dt.UTC)


def row(
    run_id: int, on: dt.date, first: dt.date, *, section: str = "tin", joins: int | None = None
) -> SectionCoverage:
    return SectionCoverage(
        site="a",
        section=section,
        run_id=run_id,
        run_started_at=dt.datetime.combine(on, dt.time(12), dt.UTC),
        state=CoverageState.PARTIAL if joins else CoverageState.COMPLETE,
        days=DayInterval(first, on),
        reason=CoverageReason.REACHED_KNOWN if joins else CoverageReason.REACHED_WINDOW_START,
        order=ListOrder.NEWEST_FIRST,
        joins_run_id=joins,
    )


def looked_at(run_id: int, number: int, *, section: str = "tin") -> LookedAt:
    at = dt.datetime(2022, 4, 1, 12, number, tzinfo=dt.UTC)
    return LookedAt(
        page=ListPage(
            capture_id=10 * run_id + number,
            section=section,
            channel=Channel.LIST,
            number=number,
            items=9,
            undated=1,
            newest=dt.date(2022, 3, 20),
            oldest=dt.date(2022, 3, 2),
        ),
        capture=Capture(
            id=10 * run_id + number,
            run_id=run_id,
            url=f"http://a.test/{section}?p={number}",
            purpose=CapturePurpose.LIST,
            captured_at=at,
            disposition=Disposition.LISTED,
            status=200,
            body_sha256=f"{number}" * 64,
            warc=WarcPlace(file="a/1.warc.gz", offset=number, record_id=f"urn:uuid:{number}"),
        ),
    )


def facts(*rows: SectionCoverage, **more: Any) -> SiteFacts:  # noqa: ANN401 - fields of facts
    runs = tuple(
        CrawlRun(
            id=one.run_id,
            site="a",
            window=MARCH,
            started_at=one.run_started_at,
            profile_digest="p",
            code_version="0",
            simulated_clock=one.run_id == 1,
        )
        for one in rows
    )
    fields: dict[str, Any] = {"candidates": (), "channels": {}}
    return SiteFacts(site="a", coverage=rows, runs=runs, **(fields | more))


def prove(known: SiteFacts, *pages: LookedAt, section: str | None = None) -> SiteProof:
    by_run: dict[int, list[LookedAt]] = {}
    for page in pages:
        by_run.setdefault(page.capture.run_id, []).append(page)
    return prove_site(
        known,
        by_run,
        base_url="http://a.test/",
        days=MARCH,
        as_of=AS_OF,
        section=section,
        missed=None,
    )


def certificate(*sites: SiteProof) -> Certificate:
    return Certificate(
        unit="xa-a",
        unit_name="Xã A",
        period=parse_period("2022-03"),
        as_of=AS_OF,
        section=None,
        sites=sites,
    )


DEEP = row(1, dt.date(2022, 3, 25), dt.date(2022, 1, 1))
JOINED = row(2, dt.date(2022, 4, 2), dt.date(2022, 3, 20), joins=1)


def test_each_day_is_proven_by_its_newest_look() -> None:
    (section,) = prove(facts(DEEP, JOINED), looked_at(1, 1), looked_at(2, 1)).sections
    assert [look.run_id for look in section.looks] == [2, 1]
    newest, deep = section.looks
    assert newest.proves == (DayInterval(dt.date(2022, 3, 20), dt.date(2022, 4, 1)),)
    assert deep.proves == (DayInterval(dt.date(2022, 3, 1), dt.date(2022, 3, 20)),)
    assert (newest.joins_run_id, deep.joins_run_id) == (1, None)
    assert (section.missing, section.further_looks) == ((), 0)


def test_a_look_shows_its_pages_with_digest_and_place() -> None:
    pages = looked_at(1, 1), looked_at(1, 2), looked_at(1, 3, section="khac")
    (section,) = prove(facts(DEEP), *pages).sections
    shown = section.looks[0].pages
    assert [page.page.number for page in shown] == [1, 2]
    assert [page.capture for page in shown] == [page.capture for page in pages[:2]]


def test_days_without_a_look_are_named_and_nothing_is_concluded() -> None:
    site = prove(facts(DEEP))
    (section,) = site.sections
    gap = DayInterval(dt.date(2022, 3, 25), dt.date(2022, 4, 1))
    assert section.missing == (NotSeenDays(days=gap, why=NotSeen.NOT_LOOKED),)
    assert not certificate(site).is_complete
    assert "CHƯA XEM TRỌN" in "\n".join(to_lines(certificate(site)))


def test_what_nobody_has_decided_on_keeps_a_certificate_open_and_is_named_with_the_cure() -> None:
    last = row(2, dt.date(2022, 4, 2), dt.date(2022, 1, 1))
    doubt = replace(
        row(2, dt.date(2022, 4, 2), dt.date(2022, 1, 1), section="Thông báo"),
        state=CoverageState.NONE,
        days=None,
        reason=CoverageReason.LIST_FAILED,
        detail=f"{UNDECIDED}http://a.test/tb: chưa mở",
    )
    assert certificate(prove(facts(last))).is_complete
    site = prove(facts(last, doubt))
    named, listed = site.sections
    assert (named.doubt, listed.doubt) == ("http://a.test/tb: chưa mở", None)
    assert named.missing == (NotSeenDays(days=MARCH, why=NotSeen.UNDECIDED),)
    assert not certificate(site).is_complete
    text = "\n".join(to_lines(certificate(site)))
    assert "“Thông báo” (http://a.test/tb: chưa mở); ghi từng mục vào sections" in text
    health = examine(facts(last, doubt), days=MARCH, as_of=AS_OF)
    assert health.doubts == [("Thông báo", "http://a.test/tb: chưa mở")]
    assert (health.complete_days, [gap.why for gap in health.gaps]) == (0, [NotSeen.UNDECIDED])


def test_a_site_that_was_never_crawled_and_a_unit_without_one_certify_nothing() -> None:
    assert not certificate(prove(facts())).is_complete
    assert not certificate().is_complete


def test_what_was_there_is_listed_and_what_has_no_day_is_told_apart(
    make_candidate: MakeCandidate,
) -> None:
    late = dt.datetime(2022, 3, 10, tzinfo=dt.UTC)
    before = dt.datetime(2022, 2, 1, tzinfo=dt.UTC)
    candidates = (
        make_candidate(1, day=dt.date(2022, 3, 9)),
        make_candidate(2, day=dt.date(2022, 4, 1)),
        make_candidate(3, day=None, seen=late),
        make_candidate(4, day=None, seen=before),
        make_candidate(5, day=dt.date(2022, 3, 2)),
    )
    site = prove(facts(DEEP, JOINED, candidates=candidates))
    assert [one.article_id for one in site.found] == [5, 1]
    assert [one.article_id for one in site.undated] == [3]
    assert isinstance(site.found[0], Found)
    assert certificate(site).is_complete
    text = "\n".join(to_lines(certificate(site)))
    assert "ngoài 2 bài nêu dưới đây" in text
    assert "1 bài không rõ ngày" in text


def test_a_certificate_of_one_section_is_about_what_that_section_showed(
    make_candidate: MakeCandidate,
) -> None:
    other = row(1, dt.date(2022, 4, 2), dt.date(2022, 1, 1), section="khac")
    candidates = tuple(make_candidate(n, day=dt.date(2022, 3, 9)) for n in (1, 2))
    channels = {
        1: frozenset({("tin", Channel.LIST)}),
        2: frozenset({("khac", Channel.LIST)}),
    }
    known = facts(DEEP, other, candidates=candidates, channels=channels)
    site = prove(known, section="khac")
    assert [section.section for section in site.sections] == ["khac"]
    assert [one.article_id for one in site.found] == [2]
    assert certificate(site).is_complete


def test_the_text_holds_every_page_with_its_digest_and_place() -> None:
    pages = [looked_at(1, n) for n in (1, 2)]
    text = "\n".join(to_lines(certificate(prove(facts(DEEP), *pages))))
    for page in pages:
        assert page.capture.url in text
        assert str(page.capture.body_sha256) in text
        assert page.capture.warc is not None
        assert f"@ {page.capture.warc.offset} <{page.capture.warc.record_id}>" in text
    assert "[đồng hồ được đặt]" in text


_looks = st.lists(
    st.tuples(
        st.dates(dt.date(2022, 3, 2), dt.date(2022, 4, 5)),
        st.dates(dt.date(2022, 2, 1), dt.date(2022, 4, 4)),
    ).filter(lambda look: look[1] < look[0]),
    max_size=8,
)


@given(_looks)
def test_looks_and_gaps_share_the_period_out_without_overlap(
    looks: list[tuple[dt.date, dt.date]],
) -> None:
    rows = [row(n, on, first) for n, (on, first) in enumerate(looks, start=1)]
    proven = [day for _, own in proofs(rows, days=MARCH) for day in own]
    assert len(proven) == len(set(proven))
    assert set(proven) == days_seen(rows) & set(each_day(MARCH))
    (section,) = prove(facts(*rows), section="tin").sections
    spans = [span for look in section.looks for span in look.proves]
    spans += [gap.days for gap in section.missing]
    shared = [day for span in spans for day in each_day(span)]
    assert sorted(shared) == list(each_day(MARCH))


@given(_looks)
def test_a_certificate_is_complete_exactly_when_the_unit_s_counts_are_exact(
    registry: Registry, looks: list[tuple[dt.date, dt.date]]
) -> None:
    rows = [row(n, on, first) for n, (on, first) in enumerate(looks, start=1)]
    counted = cover("xa-a", registry, rows, window=MARCH, as_of=AS_OF)
    is_exact = counted.state is CoverageState.COMPLETE
    assert certificate(prove(facts(*rows))).is_complete == is_exact
