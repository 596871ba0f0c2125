"""Articles that a unit names: confirmed, or one finding each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.claims import Checking, to_finding
from reports.counting import sort_out
from reports.matching import Seen, url_key
from reports.verification import status_of
from storage.records import (
    AddressTry,
    CheckedClaim,
    Claim,
    ClaimVerdict,
    CoverageState,
    DateSource,
    DayInterval,
    Disposition,
    FindingKind,
    Level,
    PastVersion,
    ReportLine,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.records import Candidate, HeadlineTag, Registry

    Make = Callable[..., Candidate]

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
OWNERS = {"a": "xa-a", "b": "xa-b", "nobody": None}


def judge(
    claims: Sequence[Claim],
    candidates: Sequence[Candidate],
    *,
    tag: HeadlineTag,
    registry: Registry,
    coverage: CoverageState = CoverageState.COMPLETE,
    more: dict[str, Any] | None = None,
    claimed: int | None = None,
) -> list[CheckedClaim]:
    """Judge what commune A claims."""
    owners = {c.article_id: OWNERS[c.site] for c in candidates}
    own = [c for c in candidates if owners[c.article_id] == "xa-a"]
    ledger = sort_out(own, tag=tag, window=MARCH)
    counted = ledger.counted(coverage)
    line = ReportLine(
        unit="xa-a",
        unit_name="Xã A",
        tag=tag.code,
        planned=None,
        counted=counted,
        reposts=0,
        claimed=claimed,
        status=status_of(None, counted),
        coverage_note="",
        articles=ledger.articles,
    )
    seen = Seen(
        candidates={c.article_id: c for c in candidates},
        owners=owners,
        registry=registry,
        window=MARCH,
        **(more or {}),
    )
    return Checking(
        unit="xa-a",
        lines={tag.code: line},
        tags={tag.code: tag},
        coverage=coverage,
        coverage_note="Chưa thấy trọn ngày 05/3/2022 (trang không trả lời).",
        outside=ledger.outside,
        seen=seen,
    ).check(claims)


def claim(url: str | None = None, title: str | None = None, **more: Any) -> Claim:  # noqa: ANN401 - keyword arguments
    return Claim(**({"tag": "TTHC", "url": url, "title": title, "cell": "D!F2"} | more))


@pytest.mark.parametrize(
    "same",
    [
        "http://a.test/tin/1",
        "https://www.a.test/tin/1/",
        "HTTP://A.TEST:80/tin/1#top",
        "a.test/tin/1",
        " http://a.test/tin/1?utm_source=zalo&fbclid=9 ",
    ],
)
def test_addresses_of_one_article_have_one_key(same: str) -> None:
    assert url_key(same) == url_key("http://a.test/tin/1")


@pytest.mark.parametrize(
    "other",
    ["http://a.test/tin/2", "http://a.test:8080/tin/1", "http://a.test/tin/1?id=2", "http://[x"],
)
def test_addresses_of_other_articles_have_other_keys(other: str) -> None:
    assert url_key(other) != url_key("http://a.test/tin/1")


def test_the_order_of_parameters_and_their_encoding_do_not_matter() -> None:
    assert url_key("a.test/t%C3%ADn?b=2&a=1") == url_key("a.test/tín?a=1&b=2")


def verdicts_of(checked: Sequence[CheckedClaim]) -> list[ClaimVerdict]:
    return [one.verdict for one in checked]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, ClaimVerdict.CONFIRMED),
        ({"day": dt.date(2022, 4, 1)}, ClaimVerdict.OUT_OF_PERIOD),
        ({"topics": {}}, ClaimVerdict.OFF_TOPIC),
        ({"topics": {"tthc": (Level.MENTION, Verdict.REJECTED)}}, ClaimVerdict.MENTION_ONLY),
        ({"topics": {"tthc": (Level.MAIN, Verdict.UNCERTAIN)}}, ClaimVerdict.NOT_VERIFIABLE),
        ({"read": False}, ClaimVerdict.NOT_VERIFIABLE),
        ({"day": None}, ClaimVerdict.NOT_VERIFIABLE),
        ({"site": "b", "url": "http://a.test/tin/1"}, ClaimVerdict.OTHER_UNIT),
        ({"site": "nobody", "url": "http://a.test/tin/1"}, ClaimVerdict.NOT_VERIFIABLE),
    ],
)
def test_an_article_that_is_found_ends_as_its_bucket_says(
    make_candidate: Make,
    tthc: HeadlineTag,
    registry: Registry,
    changes: dict[str, Any],
    kind: ClaimVerdict,
) -> None:
    (verdict,) = judge(
        [claim("https://a.test/tin/1/")],
        [make_candidate(1, **changes)],
        tag=tthc,
        registry=registry,
    )
    found = make_candidate(1, **changes)
    assert verdict.verdict is kind
    assert (verdict.article_id, verdict.version_id, verdict.capture_id) == (
        1,
        found.version_id,
        found.capture_id,
    )
    assert (verdict.found_url, verdict.found_title, verdict.found_day) == (
        found.url,
        found.title,
        found.day,
    )


def test_a_mention_comes_with_the_taggers_reason(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    passing = make_candidate(1, topics={"tthc": (Level.MENTION, Verdict.REJECTED)})
    (verdict,) = judge([claim(passing.url)], [passing], tag=tthc, registry=registry)
    assert verdict.reason == "Bài chỉ nhắc tới TTHC: lý do tthc."


@pytest.mark.parametrize(
    ("missing", "coverage", "kind"),
    [
        (claim("http://a.test/tin/99"), CoverageState.COMPLETE, ClaimVerdict.NOT_FOUND),
        (claim("http://a.test/tin/99"), CoverageState.PARTIAL, ClaimVerdict.NOT_VERIFIABLE),
        (claim(title="Không có"), CoverageState.COMPLETE, ClaimVerdict.NOT_FOUND),
        (claim(title="Không có"), CoverageState.NONE, ClaimVerdict.NOT_VERIFIABLE),
        (
            claim("http://a.test/99", day=dt.date(2022, 3, 31)),
            CoverageState.COMPLETE,
            ClaimVerdict.NOT_FOUND,
        ),
        (claim("http://b.test/tin/99"), CoverageState.COMPLETE, ClaimVerdict.OTHER_UNIT),
        (claim("http://b.test/tin/99"), CoverageState.NONE, ClaimVerdict.OTHER_UNIT),
        (claim("http://facebook.test/1"), CoverageState.COMPLETE, ClaimVerdict.OFF_LIST),
        (claim("http://a.test.evil/1"), CoverageState.COMPLETE, ClaimVerdict.OFF_LIST),
        (
            claim("http://a.test/99", day=dt.date(2022, 4, 1)),
            CoverageState.COMPLETE,
            ClaimVerdict.OUT_OF_PERIOD,
        ),
    ],
)
def test_an_article_that_is_missing_is_an_accusation_only_when_everything_was_seen(
    tthc: HeadlineTag,
    registry: Registry,
    missing: Claim,
    coverage: CoverageState,
    kind: ClaimVerdict,
) -> None:
    (verdict,) = judge([missing], [], tag=tthc, registry=registry, coverage=coverage)
    assert (verdict.verdict, verdict.article_id) == (kind, None)


def test_of_two_sites_on_one_host_the_longer_base_owns_the_address(
    tthc: HeadlineTag, registry: Registry
) -> None:
    shared = replace(
        registry,
        owners=(
            replace(registry.owners[0], base_url="http://h.test/"),
            replace(registry.owners[1], base_url="http://h.test/xa-b/"),
        ),
    )
    verdicts = judge(
        [claim("http://h.test/xa-b/1"), claim("http://h.test/xa-bac/1")],
        [],
        tag=tthc,
        registry=shared,
    )
    assert verdicts_of(verdicts) == [ClaimVerdict.OTHER_UNIT, ClaimVerdict.NOT_FOUND]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Kết quả cải cách hành chính quý I năm 2022", True),
        ("KẾT QUẢ CẢI CÁCH HÀNH CHÍNH, quý I năm 2022.", True),
        ("Kết quả cải cách hành chính quy I năm 2022", True),  # a typo
        ("Kết quả cải cách hành chính quý II năm 2022", False),  # another quarter
        ("Kết quả cải cách hành chính quý I năm 2021", False),
        ("Kết quả công tác cải cách hành chính quý I năm 2022", False),  # may be another post
    ],
)
def test_a_title_finds_its_article_but_no_other_of_the_series(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry, typed: str, *, found: bool
) -> None:
    post = make_candidate(1, title="Kết quả cải cách hành chính quý I năm 2022")
    (verdict,) = judge([claim(title=typed)], [post], tag=tthc, registry=registry)
    assert (verdict.verdict is ClaimVerdict.CONFIRMED) is found


def test_a_title_is_looked_for_among_the_units_own_articles_only(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    others = make_candidate(1, site="b", title="Ngày không hẹn")
    (verdict,) = judge([claim(title="Ngày không hẹn")], [others], tag=tthc, registry=registry)
    assert verdict.verdict is ClaimVerdict.NOT_FOUND


def test_a_wrong_address_with_the_right_title_finds_the_article(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    post = make_candidate(1, title="Ngày không hẹn")
    claimed = claim("http://a.test/tin/sai", "Ngày không hẹn")
    assert verdicts_of(judge([claimed], [post], tag=tthc, registry=registry)) == [
        ClaimVerdict.CONFIRMED
    ]


def test_of_equal_titles_the_one_of_the_claimed_day_is_meant(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    posts = [make_candidate(n, title="Ngày không hẹn", day=dt.date(2022, 3, n)) for n in (1, 2, 3)]
    claimed = claim(title="Ngày không hẹn", day=dt.date(2022, 3, 2))
    (verdict,) = judge([claimed], posts, tag=tthc, registry=registry)
    assert verdict.article_id == 2


def test_an_article_confirms_one_claim_only(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    post = make_candidate(1, title="Ngày không hẹn")
    verdicts = judge(
        [claim(post.url), claim(title="Ngày không hẹn"), claim("http://www.a.test/tin/1")],
        [post],
        tag=tthc,
        registry=registry,
    )
    again = ClaimVerdict.COUNTED_ALREADY
    assert verdicts_of(verdicts) == [ClaimVerdict.CONFIRMED, again, again]


def test_a_missing_article_that_is_claimed_twice_is_missing_once_and_doubled_once(
    tthc: HeadlineTag, registry: Registry
) -> None:
    verdicts = judge(
        [claim("http://a.test/9"), claim("https://a.test/9/")], [], tag=tthc, registry=registry
    )
    assert verdicts_of(verdicts) == [ClaimVerdict.NOT_FOUND, ClaimVerdict.COUNTED_ALREADY]


def test_the_same_text_at_two_addresses_confirms_one_claim_whichever_is_named_first(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    first = make_candidate(1, text="x", day=dt.date(2022, 3, 1))
    copy = make_candidate(2, text="x", day=dt.date(2022, 3, 2))
    for order in ([first, copy], [copy, first]):
        verdicts = judge([claim(c.url) for c in order], [first, copy], tag=tthc, registry=registry)
        assert verdicts_of(verdicts) == [ClaimVerdict.CONFIRMED, ClaimVerdict.COUNTED_ALREADY]
    (alone,) = judge([claim(copy.url)], [first, copy], tag=tthc, registry=registry)
    assert alone.verdict is ClaimVerdict.CONFIRMED


def test_a_text_that_the_unit_published_before_the_period_is_a_double(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    old = make_candidate(1, text="x", day=dt.date(2022, 2, 1))
    copy = make_candidate(2, text="x", day=dt.date(2022, 3, 2))
    (verdict,) = judge([claim(copy.url)], [old, copy], tag=tthc, registry=registry)
    assert verdict.verdict is ClaimVerdict.COUNTED_ALREADY
    assert "trước kỳ này" in verdict.reason


def test_one_article_may_serve_two_tags(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    post = make_candidate(1)
    verdicts = judge(
        [claim(post.url), claim(post.url, tag="KHÁC")], [post], tag=tthc, registry=registry
    )
    assert verdicts_of(verdicts) == [ClaimVerdict.CONFIRMED, ClaimVerdict.NOT_VERIFIABLE]
    assert "không có trong bộ chủ đề" in verdicts[1].reason


def test_a_finding_leads_to_the_claims_cell_and_the_capture(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    post = make_candidate(1, topics={})
    (verdict,) = judge([claim(post.url)], [post], tag=tthc, registry=registry)
    finding = to_finding(verdict)
    assert finding is not None
    assert (finding.claim_cell, finding.article_id, finding.capture_id) == ("D!F2", 1, 100)
    assert finding.expected == post.url
    assert to_finding(replace(verdict, verdict=ClaimVerdict.CONFIRMED)) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["http://a.test/tin/1", "http://a.test/tin/2", "http://b.test/3", None]
            ),
            st.sampled_from(["Bài số 1", "Không có", None]),
            st.sampled_from([None, 4]),
        ).filter(lambda parts: any(part is not None for part in parts)),
        max_size=6,
    ),
    st.sampled_from(CoverageState),
)
def test_each_named_article_ends_in_one_verdict_and_unknown_accuses_nobody(
    make_candidate: Make,
    tthc: HeadlineTag,
    registry: Registry,
    parts: list[tuple[str | None, str | None, int | None]],
    coverage: CoverageState,
) -> None:
    claims = [
        claim(None, None, number=number) if number else claim(url, title)
        for url, title, number in parts
        if number or url or title
    ]
    candidates = [make_candidate(1), make_candidate(3, site="b", url="http://b.test/3")]
    verdicts = judge(claims, candidates, tag=tthc, registry=registry, coverage=coverage)
    assert [(v.number, v.url, v.title) for v in verdicts] == [
        (c.number, c.url, c.title) for c in claims
    ]
    named = [v for v in verdicts if v.number is None]
    confirmed = [v.article_id for v in named if v.verdict is ClaimVerdict.CONFIRMED]
    findings = [finding for v in verdicts if (finding := to_finding(v))]
    assert len(confirmed) + len(findings) == len(named)
    assert len(set(confirmed)) == len(confirmed)
    if coverage is not CoverageState.COMPLETE:
        assert ClaimVerdict.NOT_FOUND not in verdicts_of(verdicts)


def test_a_claimed_article_that_was_removed_is_said_to_be_removed_and_since_when(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    gone = replace(make_candidate(1), gone_at=dt.datetime(2022, 3, 20, 18, tzinfo=dt.UTC))
    (verdict,) = judge([claim("http://a.test/tin/1")], [gone], tag=tthc, registry=registry)
    assert verdict.verdict is ClaimVerdict.REMOVED_OR_CHANGED
    assert "không còn trên trang từ 21/3/2022" in verdict.reason


def test_an_edit_excuses_nothing_where_it_is_not_known_whether_the_article_counts(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    undecided = {"tthc": (Level.MAIN, Verdict.UNCERTAIN)}
    read_at = dt.datetime(2022, 3, 11, tzinfo=dt.UTC)
    past = PastVersion(number=1, headline="Tên cũ", day=None, capture_id=1, read_at=read_at)
    claimed = claim("http://a.test/tin/1", "Tên cũ")
    for topics, kind in (
        (undecided, ClaimVerdict.NOT_VERIFIABLE),
        ({}, ClaimVerdict.REMOVED_OR_CHANGED),
    ):
        (verdict,) = judge(
            [claimed],
            [make_candidate(1, topics=topics)],
            tag=tthc,
            registry=registry,
            more={"past": {1: (past,)}},
        )
        assert verdict.verdict is kind


def test_a_claimed_article_whose_interval_lies_elsewhere_is_told_with_the_interval(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    days = DayInterval(dt.date(2022, 4, 2), dt.date(2022, 4, 4))
    moving = replace(make_candidate(1), day=None, days=days, date_source=DateSource.FOLLOWS_CLOCK)
    (verdict,) = judge([claim("http://a.test/tin/1")], [moving], tag=tthc, registry=registry)
    assert verdict.verdict is ClaimVerdict.OUT_OF_PERIOD
    assert "trong khoảng từ 02/4/2022 đến hết 03/4/2022" in verdict.reason.replace(" 2/4", " 02/4")


# ------------------------------------------------------------- what mutants had survived


def test_a_claimed_copy_counts_only_where_the_first_does(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    copy = make_candidate(2, text="x", day=dt.date(2022, 3, 9))
    for day, is_counted in ((dt.date(2022, 3, 1), True), (dt.date(2022, 2, 1), False)):
        first = make_candidate(1, text="x", day=day)
        (verdict,) = judge([claim(copy.url)], [first, copy], tag=tthc, registry=registry)
        assert verdict.is_counted is is_counted


def test_missing_articles_with_other_titles_are_other_articles(
    tthc: HeadlineTag, registry: Registry
) -> None:
    claims = [claim(title="Không có"), claim(title="Cũng không có"), claim(title="Không có")]
    verdicts = judge(claims, [], tag=tthc, registry=registry)
    missing = ClaimVerdict.NOT_FOUND
    assert verdicts_of(verdicts) == [missing, missing, ClaimVerdict.COUNTED_ALREADY]


def test_a_finding_of_a_claim_says_whose_it_is_what_was_claimed_and_what_was_found(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry
) -> None:
    post = make_candidate(1, topics={})
    claims = [claim(post.url), claim(title="Không có")]
    found, missing = (to_finding(v) for v in judge(claims, [post], tag=tthc, registry=registry))
    assert found is not None
    assert missing is not None
    assert (found.unit, found.tag, found.expected, found.observed) == (
        "xa-a",
        "TTHC",
        post.url,
        post.url,
    )
    assert "TTHC" in found.explanation
    assert (missing.expected, missing.observed) == ("Không có", None)


FINDING_OF = {
    ClaimVerdict.CONFIRMED: None,
    ClaimVerdict.REPOST: None,
    ClaimVerdict.TOO_MANY: None,
    ClaimVerdict.TOO_FEW: None,
    ClaimVerdict.DAY_DIFFERS: FindingKind.CLAIM_DAY_DIFFERS,
    ClaimVerdict.COUNTED_ALREADY: FindingKind.CLAIM_DUPLICATED,
    ClaimVerdict.OUT_OF_PERIOD: FindingKind.CLAIM_OUT_OF_PERIOD,
    ClaimVerdict.OFF_TOPIC: FindingKind.CLAIM_OFF_TOPIC,
    ClaimVerdict.MENTION_ONLY: FindingKind.CLAIM_OFF_TOPIC,
    ClaimVerdict.RULED_OUT: FindingKind.CLAIM_RULED_OUT,
    ClaimVerdict.OTHER_UNIT: FindingKind.CLAIM_OTHER_UNIT,
    ClaimVerdict.OFF_LIST: FindingKind.NOT_VERIFIABLE,
    ClaimVerdict.NOT_FOUND: FindingKind.CLAIM_NOT_FOUND,
    ClaimVerdict.REMOVED_OR_CHANGED: FindingKind.CLAIM_REMOVED,
    ClaimVerdict.NOT_VERIFIABLE: FindingKind.NOT_VERIFIABLE,
}


@pytest.mark.parametrize("verdict", ClaimVerdict)
def test_each_verdict_on_an_article_is_a_finding_of_its_own_kind_and_on_a_total_none(
    make_candidate: Make, tthc: HeadlineTag, registry: Registry, verdict: ClaimVerdict
) -> None:
    post = make_candidate(1)
    (checked,) = judge([claim(post.url)], [post], tag=tthc, registry=registry)
    finding = to_finding(replace(checked, verdict=verdict))
    assert (None if finding is None else finding.kind) is FINDING_OF[verdict]
    assert to_finding(replace(checked, verdict=verdict, number=3)) is None


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        ((2, CoverageState.COMPLETE), ClaimVerdict.CONFIRMED),
        ((2, CoverageState.PARTIAL), ClaimVerdict.CONFIRMED),
        ((1, CoverageState.COMPLETE), ClaimVerdict.TOO_FEW),
        ((3, CoverageState.COMPLETE), ClaimVerdict.TOO_MANY),
        ((3, CoverageState.PARTIAL), ClaimVerdict.NOT_VERIFIABLE),
        ((None, CoverageState.COMPLETE), ClaimVerdict.NOT_VERIFIABLE),
    ],
)
def test_a_total_is_held_against_the_count(
    make_candidate: Make,
    tthc: HeadlineTag,
    registry: Registry,
    case: tuple[int | None, CoverageState],
    kind: ClaimVerdict,
) -> None:
    claimed, coverage = case
    posts = [make_candidate(number) for number in (1, 2)]
    (checked,) = judge(
        [claim(number=claimed or 9)],
        posts,
        tag=tthc,
        registry=registry,
        coverage=coverage,
        claimed=claimed,
    )
    assert (checked.verdict, checked.is_counted) == (kind, False)
    if claimed is not None:
        held = f"Báo cáo {claimed}, hệ thống xác minh"
        assert checked.reason.startswith(held)
    (strange,) = judge([claim(number=2, tag="KHÁC")], posts, tag=tthc, registry=registry, claimed=2)
    assert strange.verdict is ClaimVerdict.NOT_VERIFIABLE


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        ((Disposition.HTTP_ERROR, 500), ClaimVerdict.NOT_FOUND, "trang báo không có bài (mã 500)"),
        ((Disposition.UNREADABLE, 404), ClaimVerdict.NOT_FOUND, "trang báo không có bài (mã 404)"),
        ((Disposition.UNREADABLE, 410), ClaimVerdict.NOT_FOUND, "trang báo không có bài (mã 410)"),
        ((Disposition.HTTP_ERROR, None), ClaimVerdict.NOT_FOUND, "trang báo không có bài."),
        ((Disposition.NOT_AN_ARTICLE, 200), ClaimVerdict.NOT_FOUND, "không phải bài viết."),
        ((Disposition.ROBOTS_DENIED, None), ClaimVerdict.NOT_VERIFIABLE, "(robots.txt)"),
        ((Disposition.BLOCKED, 200), ClaimVerdict.NOT_VERIFIABLE, "chưa đọc được (blocked)"),
    ],
)
def test_how_a_claimed_address_answered_decides_whether_the_article_is_missing(
    tthc: HeadlineTag,
    registry: Registry,
    answer: tuple[Disposition, int | None],
    kind: ClaimVerdict,
    said: str,
) -> None:
    disposition, status = answer
    url = "http://a.test/tin/99"
    last = AddressTry(
        url=url,
        capture_id=7,
        tried_at=dt.datetime(2022, 4, 1, 18, tzinfo=dt.UTC),  # 2 April in Vietnam
        disposition=disposition,
        reason=None,
        status=status,
    )
    (checked,) = judge([claim(url)], [], tag=tthc, registry=registry, more={"tries": {url: last}})
    assert (checked.verdict, checked.capture_id) == (kind, 7)
    assert said in checked.reason
    assert "2/4/2022" in checked.reason or disposition is Disposition.ROBOTS_DENIED
