"""What holds of every report: random histories of plans, mergers, posts, verdicts and failures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.assembly import Assembly
from reports.calendar import parse_period
from reports.counting import is_outside
from reports.facts import Facts
from reports.rules import RULE
from reports.totals import add_up, totals
from storage.records import (
    Candidate,
    Claim,
    CoverageReason,
    CoverageState,
    DateBasis,
    DateSource,
    DayInterval,
    Disposition,
    Exclusion,
    FindingKind,
    HeadlineTag,
    Level,
    Plan,
    Quota,
    Registry,
    RepostTreatment,
    SectionCoverage,
    SelfReport,
    SiteOwner,
    Succession,
    SuccessionKind,
    Tagging,
    Taxonomy,
    Topic,
    UnitLevel,
    UnitName,
    Verdict,
)

if TYPE_CHECKING:
    from random import Random

    from storage.records import CountingRule, Report

_T = TypeVar("_T")

MARCH = parse_period("2022-03")
SEAM = dt.date(2022, 3, 16)
AS_OF = dt.datetime(2022, 4, 5, tzinfo=dt.UTC)
TAXONOMY = Taxonomy(
    release="2022.1",
    digest="d" * 64,
    effective_from=dt.date(2022, 1, 1),
    topics=tuple(Topic(code=code, name=code, definition=code) for code in ("tthc", "cpdt")),
    headline_tags=(
        HeadlineTag(code="CCHC", name="Cải cách", topics=("tthc", "cpdt")),
        HeadlineTag(code="TTHC", name="Thủ tục", topics=("tthc",)),
        HeadlineTag(code="CPĐT", name="Điện tử", topics=("cpdt",)),
    ),
)
RULES = st.builds(
    replace,
    st.just(RULE),
    date_basis=st.sampled_from(DateBasis),
    reposts=st.sampled_from(RepostTreatment),
    credited_is_repost=st.booleans(),
    alike_from=st.sampled_from([None, 70, 90]),
    several_tags=st.booleans(),
    least_syllables=st.sampled_from([0, 100]),
    sections_out=st.sampled_from([(), ("Lịch *",)]),
    inherit=st.booleans(),
)
ALIKE = {"x": {"y": 80}, "y": {"x": 80, "z": 95}, "z": {"y": 95}}


def registry(merger: SuccessionKind | None) -> Registry:
    """Three communes with a site each; B may go to A at the seam, its site with it."""
    always = DayInterval(dt.date(2020, 1, 1))
    until = DayInterval(always.start, SEAM) if merger else always
    valid = {"a": always, "b": until, "c": always}
    owners = [
        SiteOwner(site=code, base_url=f"http://{code}.test/", unit=f"xa-{code}", valid=days)
        for code, days in valid.items()
    ]
    if merger:
        after = DayInterval(SEAM)
        owners.append(SiteOwner(site="b", base_url="http://b.test/", unit="xa-a", valid=after))
    return Registry(
        names=tuple(
            UnitName(unit=f"xa-{c}", name=f"Xã {c}", level=UnitLevel.COMMUNE, parent=None, valid=v)
            for c, v in valid.items()
        ),
        owners=tuple(owners),
        successions=(
            Succession(predecessor="xa-b", successor="xa-a", kind=merger, effective_on=SEAM),
        )
        if merger
        else (),
    )


@st.composite
def posts(draw: st.DrawFn, number: int) -> Candidate:
    """Give an article: read or not, tagged or not, dated, undated or with an interval."""
    read = draw(st.sampled_from([True, True, True, False]))
    day = draw(st.sampled_from([None, *(dt.date(2022, m, d) for m, d in _DAYS)]))
    seen = draw(st.sampled_from([dt.datetime(2022, m, d, 9, tzinfo=dt.UTC) for m, d in _LOOKS]))
    verdicts = [(level, verdict) for level in (Level.MAIN, Level.MENTION) for verdict in Verdict]
    topics = draw(
        st.none() | st.dictionaries(st.sampled_from(["tthc", "cpdt"]), st.sampled_from(verdicts))
    )
    by_clock = day is None and draw(st.booleans())
    return Candidate(
        article_id=number,
        site=draw(st.sampled_from(["a", "b", "c", "nobody's"])),
        url=f"http://x.test/{number}",
        first_seen_at=seen,
        version_id=number * 10 if read else None,
        capture_id=number * 100 if read else None,
        title="Một tiêu đề",
        day=day,
        day_raw=None,
        date_source=DateSource.TEMPLATE
        if day
        else DateSource.FOLLOWS_CLOCK
        if by_clock
        else DateSource.NONE,
        days=DayInterval(dt.date(2022, 3, 2), dt.date(2022, 3, draw(st.sampled_from([4, 20]))))
        if by_clock
        else None,
        gone_at=AS_OF if read and draw(st.sampled_from([False] * 5 + [True])) else None,
        text_sha256=draw(st.sampled_from(["x", "y", "z", f"own {number}"])) if read else None,
        text_letters=draw(st.sampled_from([20, 1000])) if read else None,
        text_syllables=draw(st.sampled_from([99, 100, 300])) if read else None,
        source_line=draw(st.sampled_from([None, "Nguồn: Báo tỉnh", "Nguồn: BBT"])),
        sections=draw(st.sampled_from([("Tin tức",), ("Lịch tuần",)])),
        unread=None if read else Disposition.NETWORK_ERROR,
        taggings=None
        if topics is None or not read
        else {
            topic: Tagging(topic=topic, level=level, verdict=verdict, score=0.5, reason="lý do")
            for topic, (level, verdict) in topics.items()
        },
    )


_DAYS = ((2, 27), (3, 1), (3, 15), (3, 16), (3, 31), (4, 1))
_LOOKS = ((2, 20), (3, 3), (3, 17), (4, 2))


def walk(site: str, *, whole: bool) -> SectionCoverage:
    """Give a night after the period that saw a site's list in full, or failed."""
    return SectionCoverage(
        site=site,
        section="Tin tức",
        run_id=ord(site),
        run_started_at=dt.datetime(2022, 4, 2, 12, tzinfo=dt.UTC),
        state=CoverageState.COMPLETE if whole else CoverageState.NONE,
        days=DayInterval(dt.date(2022, 1, 1), dt.date(2022, 4, 2)) if whole else None,
        reason=CoverageReason.REACHED_WINDOW_START if whole else CoverageReason.LIST_FAILED,
    )


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """Give all that a report rests on."""
    count = draw(st.integers(0, 8))
    merger = draw(st.sampled_from([None, SuccessionKind.MERGER, SuccessionKind.SPLIT]))
    units = [f"xa-{code}" for code in "abc"]
    tags = [tag.code for tag in TAXONOMY.headline_tags]
    year = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
    numbers = st.none() | st.integers(0, 4)
    return Facts(
        as_of=AS_OF,
        registry=registry(merger),
        plans=tuple(
            Plan(
                unit=unit,
                period=year,
                document_ref=None,
                source_sha256=unit,
                source_name="kh.xlsx",
                received_at=AS_OF,
                quotas=tuple(
                    Quota(tag=tag, planned=draw(numbers), cell=f"K!{tag}") for tag in tags
                ),
            )
            for unit in draw(st.lists(st.sampled_from(units), unique=True))
        ),
        self_reports=tuple(
            SelfReport(
                unit=unit,
                period=MARCH.days,
                source_sha256=unit,
                source_name="bc.xlsx",
                received_at=AS_OF,
                claims=(
                    *(Claim(tag=t, number=draw(st.integers(0, 4)), cell=f"S!{t}") for t in tags),
                    Claim(tag="TTHC", url="http://x.test/1", cell="D!F1"),
                    Claim(tag="TTHC", title="Không có bài này", cell="D!F2"),
                ),
            )
            for unit in draw(st.lists(st.sampled_from(units), unique=True))
        ),
        taxonomy=TAXONOMY,
        tagger="rules@1#00000000",
        candidates=tuple(draw(posts(number)) for number in range(1, count + 1)),
        runs=(),
        coverage=tuple(walk(site, whole=draw(st.booleans())) for site in "abc"),
        sections={},
        alike=ALIKE,
    )


def assemble(facts: Facts, rule: CountingRule) -> Assembly:
    return Assembly(facts, office="Phòng Nội vụ", period=MARCH, rule=rule)


@settings(max_examples=25)
@given(histories(), RULES)
def test_every_article_has_one_fate_in_one_units_line_and_they_add_up(
    facts: Facts, rule: CountingRule
) -> None:
    assembly = assemble(facts, rule)
    report = assembly.report()
    for line in report.lines:
        assert line.considered == line.counted.posts + sum(line.excluded.values())
        assert line.reposts <= line.counted.posts
    for tag in report.tags:
        lines = [line for line in report.lines if line.tag == tag]
        where = Counter(article.article_id for line in lines for article in line.articles)
        owned = {article for article, owner in assembly.owners.items() if owner is not None}
        shown = {a for a in owned if assembly.owners[a] in {line.unit for line in lines}}
        inside = {a for a in owned if not is_outside(assembly.candidates[a], MARCH.days)}
        assert where == Counter(inside)
        assert inside <= shown
        assert sum(line.outside for line in lines) == len(shown - inside)
    if not rule.several_tags:
        counted = Counter(
            a.article_id for line in report.lines for a in line.articles if a.bucket is None
        )
        assert set(counted.values()) <= {1}


@settings(max_examples=25)
@given(histories(), RULES)
def test_the_totals_are_the_sums_of_the_units(facts: Facts, rule: CountingRule) -> None:
    report = assemble(facts, rule).report()
    for total in totals(report):
        lines = [line for line in report.lines if line.tag == total.tag]
        assert total.counted == add_up(lines)
        assert total.counted.posts == sum(line.counted.posts for line in lines)
        assert (total.planned or 0) == sum(line.planned or 0 for line in lines)
        assert total.units == total.reached + total.short + total.not_verifiable + total.no_quota


@settings(max_examples=25)
@given(histories(), RULES, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(
    facts: Facts, rule: CountingRule, random: Random
) -> None:
    def shuffled(values: tuple[_T, ...]) -> tuple[_T, ...]:
        return tuple(random.sample(values, len(values)))

    other = replace(
        facts,
        plans=shuffled(facts.plans),
        self_reports=shuffled(facts.self_reports),
        candidates=shuffled(facts.candidates),
        coverage=shuffled(facts.coverage),
        registry=replace(
            facts.registry,
            owners=shuffled(facts.registry.owners),
            successions=shuffled(facts.registry.successions),
        ),
    )
    assert assemble(other, rule).report() == assemble(facts, rule).report()


@settings(max_examples=25)
@given(histories(), RULES)
def test_what_was_not_seen_accuses_nobody(facts: Facts, rule: CountingRule) -> None:
    assembly = assemble(facts, rule)
    report = assembly.report()
    lines = {(line.unit, line.tag): line for line in report.lines}
    accusing = {FindingKind.SHORTFALL, FindingKind.OVERCLAIM, FindingKind.CLAIM_NOT_FOUND}
    for finding in report.findings:
        if finding.kind in accusing and finding.tag is not None:
            line = lines[finding.unit, finding.tag]
            withdrawn = {a.article_id for a in line.articles if a.bucket is Exclusion.WITHDRAWN}
            seen = assembly.coverage[finding.unit].state is CoverageState.COMPLETE
            assert seen or finding.article_id in withdrawn
            assert finding.kind is FindingKind.CLAIM_NOT_FOUND or line.counted.is_exact


@settings(max_examples=25)
@given(histories(), RULES)
def test_a_merger_neither_loses_nor_doubles_an_article(facts: Facts, rule: CountingRule) -> None:
    """With texts of their own; of a text that both had, the heir counts one."""
    own = [
        replace(c, text_sha256=f"{c.article_id}" if c.version_id else None)
        for c in facts.candidates
    ]
    facts = replace(facts, candidates=tuple(own))
    apart, together = (
        _counted(assemble(facts, replace(rule, inherit=inherit)).report())
        for inherit in (False, True)
    )
    assert together == apart


@settings(max_examples=25)
@given(histories(), RULES)
def test_of_copies_the_heir_counts_no_more_than_both_did(facts: Facts, rule: CountingRule) -> None:
    rule = replace(rule, reposts=RepostTreatment.SEPARATE)
    apart, together = (
        _counted(assemble(facts, replace(rule, inherit=inherit)).report())
        for inherit in (False, True)
    )
    assert set(together.values()) <= {1}
    if rule.several_tags:
        assert together.keys() <= apart.keys()


def _counted(report: Report) -> Counter[tuple[str, int]]:
    """Give the articles that count, by tag, with how many units they count for."""
    return Counter(
        (line.tag, article.article_id)
        for line in report.lines
        for article in line.articles
        if article.bucket is None
    )


def test_an_heir_shows_both_sides_of_the_seam_and_its_predecessor_has_no_line() -> None:
    """B is merged into A: A's count holds B's posts, A is asked for B's lists, too."""
    before, after = (
        Candidate(
            article_id=number,
            site="b",
            url=f"http://b.test/{number}",
            first_seen_at=AS_OF,
            version_id=number,
            capture_id=number,
            title="Bài",
            day=day,
            day_raw=None,
            date_source=DateSource.TEMPLATE,
            text_sha256=str(number),
            unread=None,
            taggings={
                "tthc": Tagging(
                    topic="tthc", level=Level.MAIN, verdict=Verdict.ASSIGNED, score=1, reason="r"
                )
            },
        )
        for number, day in ((1, dt.date(2022, 3, 15)), (2, SEAM))
    )
    plan = Plan(
        unit="xa-b",
        period=MARCH.days,
        document_ref=None,
        source_sha256="b",
        source_name="kh.xlsx",
        received_at=AS_OF,
        quotas=(Quota(tag="TTHC", planned=9, cell="K!D2"),),
    )
    facts = Facts(
        as_of=AS_OF,
        registry=registry(SuccessionKind.MERGER),
        plans=(plan,),
        self_reports=(),
        taxonomy=TAXONOMY,
        tagger=None,
        candidates=(before, after),
        runs=(),
        coverage=tuple(walk(site, whole=site != "b") for site in "abc"),
        sections={},
    )

    def found(*, inherit: bool) -> dict[str, tuple[int, int | None, CoverageState]]:
        report = assemble(facts, replace(RULE, inherit=inherit)).report()
        return {
            line.unit: (line.counted.posts, line.planned, line.counted.coverage)
            for line in report.lines
            if line.tag == "TTHC"
        }

    partial, none = CoverageState.PARTIAL, CoverageState.NONE
    assert found(inherit=False)["xa-b"] == (1, 9, none)
    assert found(inherit=False)["xa-a"] == (1, None, partial)
    assert "xa-b" not in found(inherit=True)
    assert found(inherit=True)["xa-a"] == (2, None, partial)
    notes = "\n".join(assemble(facts, replace(RULE, inherit=True)).report().notes)
    assert "bài của đơn vị cũ trong kỳ tính cho đơn vị mới theo quy tắc đếm" in notes
    assert "của Xã b trước khi kế thừa: CCHC 1, TTHC 1." in notes
