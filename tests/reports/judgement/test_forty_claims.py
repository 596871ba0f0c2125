"""A self-report of forty lines with every kind of claim, and random ones, through the whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.assembly import Assembly
from reports.calendar import parse_period
from reports.facts import Facts
from reports.rules import RULE
from reports.totals import claim_tallies
from storage.records import (
    AddressTry,
    CheckedClaim,
    Claim,
    ClaimVerdict,
    CoverageReason,
    CrawlRun,
    DayInterval,
    Disposition,
    FindingKind,
    Level,
    LineStatus,
    MatchedBy,
    PastVersion,
    RunOutcome,
    SelfReport,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.records import (
        Candidate,
        Registry,
        Report,
        SectionCoverage,
        Taxonomy,
    )

    Make = Callable[..., Candidate]
    MakeRow = Callable[..., SectionCoverage]
    Build = Callable[..., Report]

V = ClaimVerdict
MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
AS_OF = dt.datetime(2022, 4, 10, tzinfo=dt.UTC)
LATE, EARLY = dt.date(2022, 4, 2), dt.date(2022, 2, 27)
MENTION = {"tthc": (Level.MENTION, Verdict.REJECTED)}
UNSURE = {"tthc": (Level.MAIN, Verdict.UNCERTAIN)}


@pytest.fixture(scope="session")
def build(make_coverage: MakeRow, registry: Registry, taxonomy: Taxonomy) -> Build:
    """Give a function that makes the report on March from pure facts."""

    def make(
        candidates: Sequence[Candidate],
        claims: Sequence[Claim],
        *,
        seen: bool = True,
        past: dict[int, tuple[PastVersion, ...]] | None = None,
        tries: dict[str, AddressTry] | None = None,
    ) -> Report:
        days = (dt.date(2022, 1, 1), dt.date(2022, 4, 8)) if seen else (None, None)
        why = CoverageReason.REACHED_WINDOW_START if seen else CoverageReason.LIST_FAILED
        rows = tuple(
            make_coverage(dt.date(2022, 4, 8), *days, site=site, run_id=number, reason=why)
            for number, site in enumerate("ab", start=1)
        )
        facts = Facts(
            as_of=AS_OF,
            registry=registry,
            plans=(),
            self_reports=(
                SelfReport(
                    unit="xa-a",
                    period=MARCH,
                    source_sha256="s",
                    source_name="bc.docx",
                    received_at=AS_OF,
                    claims=tuple(claims),
                ),
            ),
            taxonomy=taxonomy,
            tagger="t",
            candidates=tuple(candidates),
            runs=tuple(_run(row) for row in rows),
            coverage=rows,
            sections={},
            past=past or {},
            tries=tries or {},
        )
        period = parse_period("2022-03")
        return Assembly(facts, office="Phòng", period=period, rule=RULE).report()

    return make


def _run(row: SectionCoverage) -> CrawlRun:
    return CrawlRun(
        id=row.run_id,
        site=row.site,
        window=DayInterval(dt.date(2022, 1, 1)),
        started_at=row.run_started_at,
        finished_at=row.run_started_at,
        outcome=RunOutcome.COMPLETE,
        profile_digest="p",
        code_version="0",
        simulated_clock=False,
    )


def url(number: int, site: str = "a") -> str:
    return f"http://{site}.test/tin/{number}"


def past(day: dt.date | None, headline: str) -> tuple[PastVersion, ...]:
    read_at = dt.datetime(2022, 3, 20, tzinfo=dt.UTC)
    return (PastVersion(number=1, headline=headline, day=day, capture_id=1, read_at=read_at),)


def tried(address: str, fate: Disposition, *, status: int | None, reason: str = "") -> AddressTry:
    return AddressTry(
        url=address, capture_id=9, tried_at=AS_OF, disposition=fate, reason=reason, status=status
    )


def test_each_of_forty_lines_has_the_one_verdict_that_the_facts_give(
    make_candidate: Make, build: Build
) -> None:
    right = [make_candidate(number) for number in range(1, 11)]
    posts = [
        *right,
        make_candidate(11, text="chung"),
        make_candidate(12, text="chung", day=dt.date(2022, 3, 12)),  # the same at two addresses
        make_candidate(13, text="cũ", day=EARLY),
        make_candidate(14, text="cũ"),  # was published before the period
        make_candidate(15, day=LATE),
        make_candidate(16, day=EARLY),
        make_candidate(17, topics={}),
        make_candidate(18, topics=MENTION),
        make_candidate(19, site="b"),
        make_candidate(20, site="b", text="chép", day=dt.date(2022, 3, 2)),
        make_candidate(21, text="chép", day=dt.date(2022, 3, 5)),  # taken over from commune B
        replace(make_candidate(22), gone_at=dt.datetime(2022, 3, 25, tzinfo=dt.UTC)),
        make_candidate(23, day=LATE),  # printed a day of March before
        make_candidate(24, topics={}, title="Tiêu đề mới"),
        make_candidate(25, topics=UNSURE),
        make_candidate(26, read=False),
        make_candidate(27, day=None),
        replace(make_candidate(28), only_claimed=True),
        make_candidate(29, title="Kết quả cải cách hành chính quý I năm 2022"),
        make_candidate(30, title="Tên bài nay đã đổi khác hẳn"),
        make_candidate(31, url="http://a.test/tin/bai-rat-dai-ve-mot-cua"),
        make_candidate(32, url="http://a.test/moi/32"),
        make_candidate(33),  # never claimed
    ]
    lines: list[tuple[dict[str, Any], ClaimVerdict]] = [
        *(({"url": url(number)}, V.CONFIRMED) for number in range(1, 9)),
        ({"title": "Bài số 9"}, V.CONFIRMED),
        ({"url": "https://www.a.test/tin/10/?utm_source=zalo", "title": "Bài số 10"}, V.CONFIRMED),
        ({"url": url(12)}, V.CONFIRMED),  # the copy: its text is counted at the other address
        ({"url": url(11)}, V.COUNTED_ALREADY),
        ({"url": url(1)}, V.COUNTED_ALREADY),
        ({"title": "Bài số 2"}, V.COUNTED_ALREADY),
        ({"url": url(14)}, V.COUNTED_ALREADY),
        ({"url": url(15)}, V.OUT_OF_PERIOD),
        ({"url": url(16)}, V.OUT_OF_PERIOD),
        ({"title": "Không thấy", "day": LATE}, V.OUT_OF_PERIOD),
        ({"url": url(17)}, V.OFF_TOPIC),
        ({"url": url(18)}, V.MENTION_ONLY),
        ({"url": url(19, "b")}, V.OTHER_UNIT),
        ({"url": url(999, "b")}, V.OTHER_UNIT),
        ({"url": "https://facebook.test/xa-a/1"}, V.OFF_LIST),
        ({"url": url(21)}, V.REPOST),
        ({"url": url(22)}, V.REMOVED_OR_CHANGED),
        ({"url": url(23)}, V.REMOVED_OR_CHANGED),
        ({"url": url(24), "title": "Tiêu đề cũ"}, V.REMOVED_OR_CHANGED),
        ({"url": url(25)}, V.NOT_VERIFIABLE),
        ({"url": url(26)}, V.NOT_VERIFIABLE),
        ({"url": url(27)}, V.NOT_VERIFIABLE),
        ({"url": url(28)}, V.CONFIRMED),
        ({"title": "Kết quả cải cách hành chính quy I năm 2022"}, V.CONFIRMED),
        ({"title": "Kết quả cải cách hành chính quý II năm 2022"}, V.NOT_FOUND),
        ({"title": "Tên cũ của bài ba mươi"}, V.CONFIRMED),
        ({"url": "http://a.test/tin/bai-rat-dai-ve…"}, V.CONFIRMED),
        ({"url": "http://a.test/cu/32"}, V.CONFIRMED),  # sends us on to the new address
        ({"url": url(404)}, V.NOT_FOUND),
        ({"url": url(503)}, V.NOT_VERIFIABLE),
        ({"url": url(3), "tag": "CCHC", "day": dt.date(2022, 3, 11)}, V.DAY_DIFFERS),
        ({"number": 99, "tag": "CCHC"}, V.NOT_VERIFIABLE),  # what is unsure may count after all
    ]
    assert len(lines) == 40
    claims = [
        Claim(**({"tag": "TTHC", "cell": f"Bảng 1, hàng {number}"} | line))
        for number, (line, _) in enumerate(lines, start=2)
    ]
    report = build(
        posts,
        claims,
        past={
            23: past(dt.date(2022, 3, 30), "Bài số 23"),
            24: past(dt.date(2022, 3, 10), "Tiêu đề cũ"),
            30: past(dt.date(2022, 3, 10), "Tên cũ của bài ba mươi"),
        },
        tries={
            url(404): tried(url(404), Disposition.HTTP_ERROR, status=404),
            url(503): tried(url(503), Disposition.NETWORK_ERROR, status=None, reason="timeout"),
            "http://a.test/cu/32": tried(
                "http://a.test/cu/32",
                Disposition.REDIRECTED,
                status=301,
                reason="to http://a.test/moi/32",
            ),
        },
    )
    found = [(claim.cell, claim.verdict) for claim in report.claims]
    assert found == [(c.cell, v) for c, (_, v) in zip(claims, lines, strict=True)]
    assert {v for _, v in lines} == set(V) - {V.RULED_OUT, V.TOO_MANY, V.TOO_FEW}
    by_cell = {claim.cell: claim for claim in report.claims}
    assert by_cell["Bảng 1, hàng 33"].score in range(95, 100)
    assert by_cell["Bảng 1, hàng 35"].matched_by is MatchedBy.FORMER_TITLE
    assert by_cell["Bảng 1, hàng 36"].matched_by is MatchedBy.CUT_ADDRESS
    assert by_cell["Bảng 1, hàng 38"].capture_id == 9
    assert "mã 404" in by_cell["Bảng 1, hàng 38"].reason
    _check_sums(report)
    (tally,) = [one for one in claim_tallies(report) if one.tag == "TTHC"]
    assert tally.considered == 38
    assert tally.unclaimed == (33,)
    assert any("chỉ tìm thấy nhờ đường dẫn đơn vị khai" in note for note in report.notes)


def _check_sums(report: Report) -> None:
    """Hold what is true of any report's claims."""
    tallies = claim_tallies(report)
    assert sum(tally.considered for tally in tallies) == sum(
        claim.number is None for claim in report.claims
    )
    for tally in tallies:
        assert tally.considered == sum(tally.verdicts.values())
        named = [c for c in report.claims if (c.unit, c.tag) == (tally.unit, tally.tag)]
        counted = [c.article_id for c in named if c.is_counted]
        posts = [
            ln.counted.posts for ln in report.lines if (ln.unit, ln.tag) == (tally.unit, tally.tag)
        ]
        assert len(counted) == len(set(counted))
        assert len(counted) + len(tally.unclaimed) == sum(posts)


def test_the_days_that_were_not_seen_and_why_stand_in_the_reason(
    make_candidate: Make, build: Build
) -> None:
    report = build([make_candidate(1)], [Claim(tag="TTHC", url=url(9), cell="D!A2")], seen=False)
    (claim,) = report.claims
    assert claim.verdict is V.NOT_VERIFIABLE
    assert "Chưa thấy trọn ngày nào trong 31 ngày" in claim.reason
    assert "trang không trả lời" in claim.reason


@pytest.mark.parametrize(
    ("number", "seen", "verdict"),
    [
        (2, True, V.CONFIRMED),
        (3, True, V.TOO_MANY),
        (1, True, V.TOO_FEW),
        (3, False, V.NOT_VERIFIABLE),
        (1, False, V.TOO_FEW),
    ],
)
def test_a_total_has_a_verdict_too(
    make_candidate: Make, build: Build, number: int, *, seen: bool, verdict: ClaimVerdict
) -> None:
    posts = [make_candidate(1), make_candidate(2)]
    report = build(posts, [Claim(tag="TTHC", number=number, cell="S!D2")], seen=seen)
    assert [claim.verdict for claim in report.claims] == [verdict]


_CLAIMS = st.builds(
    Claim,
    tag=st.sampled_from(["TTHC", "CCHC", "KHÁC"]),
    cell=st.sampled_from(["D!A2", "D!A3", "D!A4"]),
    url=st.none() | st.sampled_from([url(n, s) for n in (1, 2, 3) for s in "ab"]),
    title=st.sampled_from(["Bài số 1", "Bài số 2", "Không có"]),
    day=st.none() | st.sampled_from([dt.date(2022, 3, 10), LATE]),
) | st.builds(
    Claim, tag=st.sampled_from(["TTHC", "CCHC"]), cell=st.just("S!D2"), number=st.integers(0, 5)
)


@settings(deadline=None, max_examples=80)
@given(data=st.data())
def test_whatever_is_claimed_every_claim_has_one_verdict_and_no_count_changes(
    make_candidate: Make, build: Build, data: st.DataObject
) -> None:
    posts = [
        replace(
            make_candidate(
                number,
                site=data.draw(st.sampled_from("ab")),
                url=None,
                day=data.draw(st.sampled_from([dt.date(2022, 3, 10), EARLY, LATE, None])),
                read=data.draw(st.booleans()),
                topics=data.draw(st.sampled_from([None, {}, MENTION, UNSURE])),
                text=data.draw(st.sampled_from(["x", "y", None])),
            ),
            gone_at=data.draw(st.none() | st.just(AS_OF)),
        )
        for number in range(1, data.draw(st.integers(0, 4)) + 1)
    ]
    claims = data.draw(st.lists(_CLAIMS, max_size=6))
    seen = data.draw(st.booleans())
    report = build(posts, claims, seen=seen)
    assert [_said(claim) for claim in report.claims] == [_said(claim) for claim in claims]
    _check_sums(report)
    without = build(posts, [], seen=seen)
    assert [(ln.unit, ln.tag, ln.counted, ln.articles) for ln in report.lines] == [
        (ln.unit, ln.tag, ln.counted, ln.articles) for ln in without.lines
    ]
    assert report == build(list(reversed(posts)), claims, seen=seen)
    if not seen:
        accusing = {V.NOT_FOUND, V.TOO_MANY}
        assert not accusing & {claim.verdict for claim in report.claims}
        assert FindingKind.OVERCLAIM not in {finding.kind for finding in report.findings}
        assert LineStatus.SHORT not in {ln.status for ln in report.lines}


def _said(claim: Claim | CheckedClaim) -> tuple[object, ...]:
    return claim.tag, claim.cell, claim.number, claim.url, claim.title, claim.day
