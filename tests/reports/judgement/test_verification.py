"""Planned, counted and claimed numbers held against each other."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.verification import (
    ALARMS,
    check_plan,
    check_total,
    claimed_posts,
    planned_posts,
    status_of,
)
from storage.records import (
    Claim,
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    FindingKind,
    LineArticle,
    LineStatus,
    Plan,
    Quota,
    ReportLine,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

EXACT, SOME, NOTHING = CoverageState.COMPLETE, CoverageState.PARTIAL, CoverageState.NONE


def line(
    planned: int | None,
    posts: int,
    coverage: CoverageState = EXACT,
    *,
    claimed: int | None = None,
    buckets: Sequence[Exclusion] = (),
) -> ReportLine:
    counted = Counted(posts, coverage)
    return ReportLine(
        unit="xa-a",
        unit_name="Xã A",
        tag="CCHC",
        planned=planned,
        counted=counted,
        reposts=0,
        claimed=claimed,
        status=status_of(planned, counted),
        coverage_note="Thấy trọn.",
        articles=tuple(
            LineArticle(
                article_id=number, version_id=None, title="t", url="u", day=None, bucket=bucket
            )
            for number, bucket in enumerate(buckets)
        ),
    )


def total(number: int, tag: str = "CCHC", cell: str = "S!D2") -> Claim:
    return Claim(tag=tag, number=number, cell=cell)


def link(tag: str = "CCHC") -> Claim:
    return Claim(tag=tag, url="http://a.test/1", cell="S!A9")


def plan(*quotas: tuple[str, int | None]) -> Plan:
    return Plan(
        unit="xa-a",
        period=DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1)),
        document_ref=None,
        source_sha256="s",
        source_name="kh.xlsx",
        received_at=dt.datetime(2022, 1, 1, tzinfo=dt.UTC),
        quotas=tuple(Quota(tag=tag, planned=planned, cell="K!D2") for tag, planned in quotas),
    )


@pytest.mark.parametrize(
    ("planned", "posts", "coverage", "status"),
    [
        (5, 5, EXACT, LineStatus.REACHED),
        (5, 6, SOME, LineStatus.REACHED),
        (5, 4, EXACT, LineStatus.SHORT),
        (5, 4, SOME, LineStatus.NOT_VERIFIABLE),
        (5, 0, NOTHING, LineStatus.NOT_VERIFIABLE),
        (None, 4, EXACT, LineStatus.NO_QUOTA),
        (0, 0, EXACT, LineStatus.NO_QUOTA),
    ],
)
def test_a_line_has_one_status(
    planned: int | None, posts: int, coverage: CoverageState, status: LineStatus
) -> None:
    assert status_of(planned, Counted(posts, coverage)) is status


def test_plans_without_a_number_promise_nothing_rather_than_zero() -> None:
    assert planned_posts([plan(("CCHC", None))], "CCHC") is None
    assert planned_posts([plan(("TTHC", 3))], "CCHC") is None
    assert planned_posts([], "CCHC") is None
    assert planned_posts([plan(("CCHC", 0))], "CCHC") == 0
    assert planned_posts([plan(("CCHC", 3)), plan(("CCHC", None), ("CCHC", 2))], "CCHC") == 5


def test_totals_are_the_claim_and_a_list_is_one_only_without_them() -> None:
    assert claimed_posts([], "CCHC") is None
    assert claimed_posts([total(0)], "CCHC") == 0
    assert claimed_posts([total(3), link(), link()], "CCHC") == 3
    assert claimed_posts([link(), link(), link("TTHC")], "CCHC") == 2


def test_a_short_line_gives_a_finding_with_both_numbers() -> None:
    finding = check_plan(line(5, 3))
    assert finding is not None
    assert (finding.kind, finding.expected, finding.observed) == (FindingKind.SHORTFALL, "5", "3")
    assert (finding.unit, finding.tag) == ("xa-a", "CCHC")
    assert "còn thiếu 2 bài CCHC" in finding.explanation


def test_a_line_that_cannot_be_judged_says_why() -> None:
    finding = check_plan(line(5, 3, SOME, buckets=[Exclusion.UNREAD, Exclusion.OFF_TOPIC]))
    assert finding is not None
    assert (finding.kind, finding.observed) == (FindingKind.NOT_VERIFIABLE, "ít nhất 3")
    assert finding.explanation.endswith("Có 1 bài chưa rõ nội dung hoặc ngày đăng, cần xem.")


@pytest.mark.parametrize("settled", [line(5, 5), line(None, 0), line(0, 0), line(3, 9, SOME)])
def test_a_plan_that_is_met_or_sets_no_number_gives_no_finding(settled: ReportLine) -> None:
    assert check_plan(settled) is None


@pytest.mark.parametrize(
    ("claimed", "posts", "coverage", "kind"),
    [
        (5, 3, EXACT, FindingKind.OVERCLAIM),
        (5, 3, SOME, FindingKind.NOT_VERIFIABLE),
        (5, 0, NOTHING, FindingKind.NOT_VERIFIABLE),
        (3, 5, EXACT, FindingKind.UNCLAIMED),
        (3, 5, SOME, FindingKind.UNCLAIMED),
        (0, 1, SOME, FindingKind.UNCLAIMED),
    ],
)
def test_a_total_that_differs_gives_one_finding(
    claimed: int, posts: int, coverage: CoverageState, kind: FindingKind
) -> None:
    finding = check_total(line(9, posts, coverage, claimed=claimed), [total(claimed)])
    assert finding is not None
    assert (finding.kind, finding.expected, finding.claim_cell) == (kind, str(claimed), "S!D2")


@pytest.mark.parametrize("coverage", [EXACT, SOME])
def test_a_total_that_agrees_gives_no_finding(coverage: CoverageState) -> None:
    assert check_total(line(9, 3, coverage, claimed=3), [total(3)]) is None


def test_a_mere_list_is_judged_article_by_article_not_as_a_total() -> None:
    assert check_total(line(9, 0, claimed=2), [link(), link(), total(7, "TTHC")]) is None


@given(
    st.none() | st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(CoverageState),
    st.none() | st.integers(0, 9),
)
def test_no_lower_bound_ever_accuses_a_unit(
    planned: int | None, posts: int, coverage: CoverageState, claimed: int | None
) -> None:
    one = line(planned, posts, coverage, claimed=claimed)
    claims = [] if claimed is None else [total(claimed)]
    found = [finding for finding in (check_plan(one), check_total(one, claims)) if finding]
    accusations = [finding for finding in found if finding.kind in ALARMS]
    assert coverage is EXACT or not accusations
    if coverage is EXACT:
        kinds = {finding.kind for finding in found}
        assert (FindingKind.SHORTFALL in kinds) == (bool(planned) and posts < (planned or 0))
        assert (FindingKind.OVERCLAIM in kinds) == (claimed is not None and posts < claimed)
        assert FindingKind.NOT_VERIFIABLE not in kinds


def test_what_was_not_seen_is_said_and_unsettled_posts_only_where_there_are_some() -> None:
    for open_posts, said in ((0, "Thấy trọn."), (2, "Thấy trọn. Có 2 bài chưa rõ")):
        buckets = [Exclusion.UNDATED] * open_posts + [Exclusion.OFF_TOPIC]
        found = check_plan(line(9, 1, SOME, buckets=buckets))
        assert found is not None
        assert found.explanation.endswith(said) or f"{said} nội dung" in found.explanation


def test_totals_without_a_claimed_number_on_the_line_are_compared_with_nothing() -> None:
    assert check_total(line(None, 3, claimed=None), [total(5)]) is None


@pytest.mark.parametrize(("claimed", "posts", "said"), [(5, 3, "hơn 2 bài"), (3, 7, "báo cáo 4")])
def test_a_total_that_differs_says_by_how_many(claimed: int, posts: int, said: str) -> None:
    finding = check_total(line(9, posts, claimed=claimed), [total(claimed)])
    assert finding is not None
    assert said in finding.explanation
    assert (finding.unit, finding.tag, finding.observed) == ("xa-a", "CCHC", str(posts))


def test_what_is_for_the_record_or_for_another_night_is_no_alarm() -> None:
    assert set(FindingKind) - ALARMS == {
        FindingKind.UNCLAIMED,
        FindingKind.NOT_VERIFIABLE,
        FindingKind.CLAIM_DAY_DIFFERS,
    }


def test_all_totals_of_a_tag_are_one_finding_with_all_their_cells() -> None:
    claims = [total(3), total(9, "TTHC", "S!E2"), link(), total(2, cell="S!D7")]
    finding = check_total(line(9, 3, claimed=5), claims)
    assert finding is not None
    assert finding.claim_cell == "S!D2, S!D7"
