"""Every change between two frozen reports is told, and a count is explained by its articles."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.causes import Comparison, Moved, because, moved
from reports.difference import compare
from reports.serial import from_json, to_json
from reports.since import since_frozen
from storage import language
from storage.language import Language
from storage.records import (
    Cause,
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    Finding,
    FindingKind,
    LineStatus,
    OfficialReport,
    PlanResult,
    Schedule,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine

    Article = Callable[..., LineArticle]
    Line = Callable[..., ReportLine]
    Make = Callable[..., Report]


@settings(deadline=None, max_examples=40)  # each compares two whole reports
@given(data=st.data())
def test_there_is_nothing_to_tell_exactly_when_the_reports_are_equal(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    one, other = data.draw(any_report), data.draw(any_report)
    assert compare(one, one) == ()
    assert bool(compare(one, other)) == (one != other)


@settings(deadline=None, max_examples=40)  # each compares two whole reports
@given(data=st.data())
def test_each_single_change_is_told(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    one, other = data.draw(any_report), data.draw(any_report)
    fields = ("office", "as_of", "tagger", "rule", "notes", "findings", "unowned", "letterhead")
    for field in (*fields, "period", "lines"):
        changed = replace(one, **{field: getattr(other, field)})
        assert bool(compare(one, changed)) == (one != changed), field


@settings(deadline=None, max_examples=25)  # each compares two whole reports
@given(data=st.data())
def test_a_change_is_the_sum_of_its_causes_and_no_change_is_without_one(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    one, other = data.draw(any_report), data.draw(any_report)
    told = {
        (change.unit, change.tag): change.effects for change in compare(one, other) if change.tag
    }
    before, after = (
        {(line.unit, line.tag): line.counted.posts for line in report.lines}
        for report in (one, other)
    )
    comparison = Comparison(one, other)
    lines = [{(line.unit, line.tag): line for line in report.lines} for report in (one, other)]
    for key in before.keys() | after.keys():
        change = after.get(key, 0) - before.get(key, 0)
        effects = comparison.effects(moved(lines[0].get(key), lines[1].get(key)), key[0])
        assert sum(effect.change for effect in effects) == change
        assert all(effect.change for effect in effects)
        if change:
            assert key in told


@settings(deadline=None, max_examples=12)  # as above
@given(data=st.data())
def test_what_came_since_a_frozen_report_is_what_lies_between_the_two_numbers(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    frozen, later = data.draw(any_report), data.draw(any_report)
    official = OfficialReport(
        report_id=1, issuer="x", number="1", signed_on=dt.date(2022, 11, 1), who="x",
        recorded_at=frozen.as_of,
    )  # fmt: skip
    since = since_frozen(official, frozen, later)
    assert since is not None
    told = {(line.unit, line.tag): line for line in since.lines}
    was = {(line.unit, line.tag): line.counted.posts for line in frozen.lines}
    if frozen.period == later.period:
        for line in later.lines:
            change = line.counted.posts - was.get((line.unit, line.tag), 0)
            found = told.get((line.unit, line.tag))
            assert change == (found.change if found else 0) or line.tag not in frozen.tags
    for one in since.lines:
        assert one.now.posts - (one.was.posts if one.was else 0) == one.change
    text = to_json(replace(later, since=(since,)))
    assert to_json(from_json(text)) == text


def _counted(line: Line, *articles: LineArticle, **values: object) -> ReportLine:
    posts = sum(article.bucket is None for article in articles)
    coverage = values.pop("coverage", CoverageState.COMPLETE)
    assert isinstance(coverage, CoverageState)
    return line(articles=articles, counted=Counted(posts, coverage), **values)


def test_a_growing_count_names_the_articles_and_why(
    rendered_report: Make, rendered_line: Line, rendered_article: Article
) -> None:
    a, now = rendered_article, dt.datetime(2022, 10, 9, tzinfo=dt.UTC)
    was = (a(1), a(2, bucket=Exclusion.UNDECIDED), a(3, bucket=Exclusion.UNREAD))
    before = rendered_report(lines=(_counted(rendered_line, *was),))
    after = replace(
        before, as_of=now, lines=(_counted(rendered_line, a(1), a(2), a(3, version_id=7), a(4)),)
    )
    frame, line = compare(before, after)
    assert frame.sentence.startswith("Thời điểm chốt số liệu: 23:30 01/10/2022 → 07:00 09/10/2022")
    assert line.sentence == (
        "UBND xã Đông Trầm, TTHC: xác minh 1 → 4 (+3, vì một bài tìm thấy sau, một bài trước chưa "
        "đọc hoặc chưa phân loại được và một bài theo ý kiến người xem)."
    )
    assert [detail.split("): ", 1)[1] for detail in line.details] == [
        "trước: Cần người xem; nay: Được tính (ý kiến của người xem)",
        "trước: Chưa đọc được bài; nay: Được tính (bài có bản mới)",
        "mới thấy, được tính",
    ]
    assert line.details[0].startswith("“Bài số 2 về thủ tục hành chính” (mã bài 2): ")


def test_an_article_that_passes_to_another_unit_is_told_on_both_sides(
    rendered_report: Make, rendered_line: Line, rendered_article: Article
) -> None:
    def lines(first: tuple[LineArticle, ...], second: tuple[LineArticle, ...]) -> Report:
        west = {"unit": "ST-TAY", "unit_name": "UBND xã Tây Trầm"}
        return rendered_report(
            lines=(_counted(rendered_line, *first), _counted(rendered_line, *second, **west)),
            unowned=(),
        )

    article = rendered_article(1)
    lost, gained = compare(lines((article,), ()), lines((), (article,)))
    assert lost.details[0].endswith("nay thuộc UBND xã Tây Trầm")
    assert gained.details[0].endswith("trước thuộc UBND xã Đông Trầm")
    orphan = replace(lines((), ()), unowned=(article,))
    told = [d for change in compare(orphan, lines((article,), ())) for d in change.details]
    assert told[0].endswith("trước chưa gắn với đơn vị nào")


def test_what_never_counted_is_summed_up_by_reason(
    rendered_report: Make, rendered_line: Line, rendered_article: Article
) -> None:
    off = [rendered_article(n, bucket=Exclusion.OFF_TOPIC) for n in (1, 2)]
    late = rendered_article(3, bucket=Exclusion.OUT_OF_PERIOD)
    before = rendered_report(lines=(_counted(rendered_line, late),))
    after = replace(before, lines=(_counted(rendered_line, *off),))
    (change,) = compare(before, after)
    assert change.details == ()
    assert "2 bài mới thấy không tính (Không thuộc nội dung: 2)" in change.sentence
    assert "1 bài không tính không còn trong danh sách (Ngoài kỳ: 1)" in change.sentence


def test_a_lower_bound_is_said_as_one(
    rendered_report: Make, rendered_line: Line, rendered_article: Article
) -> None:
    before = rendered_report(
        lines=(_counted(rendered_line, rendered_article(1), coverage=CoverageState.PARTIAL),)
    )
    after = replace(
        before, lines=(_counted(rendered_line, rendered_article(1), rendered_article(2)),)
    )
    (change,) = compare(before, after)
    assert "xác minh ít nhất 1 → 2 (+1" in change.sentence
    assert "mức độ xem: chỉ xem được một phần → xem được toàn bộ" in change.sentence


def test_findings_come_go_and_change(rendered_report: Make) -> None:
    report = rendered_report()
    (finding,) = report.findings
    none = replace(report, findings=())
    reworded = replace(report, findings=(replace(finding, explanation="Đã khác."),))
    assert "phát hiện mới — Báo cáo nhiều hơn xác minh" in compare(none, report)[0].sentence
    assert "không còn phát hiện" in compare(report, none)[0].sentence
    (change,) = compare(report, reworded)
    assert "phát hiện đổi" in change.sentence


def test_changes_are_told_in_english_on_request(rendered_report: Make) -> None:
    before = rendered_report()
    with language.speaking(Language.EN):
        assert "no longer there" in compare(before, replace(before, lines=()))[0].sentence


MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
LONG_AGO = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
IN_TIME_TO_COME = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "case",
    [
        (None, {}, {}, Cause.FOUND_LATER),
        (None, {}, {"findings": FindingKind.BACKDATED}, Cause.BACKDATED),
        (None, {}, {"findings": FindingKind.DAY_CHANGED}, Cause.BACKDATED),
        (None, {"day": dt.date(2022, 11, 3)}, {"period": MARCH}, Cause.PERIOD),
        (None, {"day": dt.date(2022, 3, 3)}, {"period": MARCH}, Cause.FOUND_LATER),
        (None, {"first_seen_at": LONG_AGO}, {}, Cause.DAY_CHANGED),
        (None, {"first_seen_at": IN_TIME_TO_COME}, {}, Cause.FOUND_LATER),
        ({"day": dt.date(2001, 3, 3)}, None, {"period": MARCH}, Cause.PERIOD),
        ({"first_seen_at": LONG_AGO}, None, {}, Cause.DAY_CHANGED),
        ({"first_seen_at": IN_TIME_TO_COME}, None, {}, Cause.UNLISTED),
        ({"bucket": Exclusion.UNREAD}, {"version_id": 7}, {}, Cause.READ_LATER),
        ({"bucket": Exclusion.UNTAGGED}, {}, {}, Cause.READ_LATER),
        ({"bucket": Exclusion.OUT_OF_PERIOD}, {"day": dt.date(2022, 3, 3)}, {}, Cause.DAY_CHANGED),
        ({"bucket": Exclusion.UNDATED}, {"day": dt.date(2022, 3, 3)}, {}, Cause.DAY_CHANGED),
        ({"bucket": Exclusion.OUT_OF_PERIOD}, {}, {"period": MARCH}, Cause.PERIOD),
        ({"bucket": Exclusion.UNDECIDED}, {}, {}, Cause.DECIDED),
        ({}, {"bucket": Exclusion.OFF_TOPIC}, {}, Cause.DECIDED),
        ({"bucket": Exclusion.OFF_TOPIC}, {}, {"tagger": "rules@2"}, Cause.RETAGGED),
        ({"bucket": Exclusion.OFF_TOPIC}, {"version_id": 7}, {}, Cause.EDITED),
        ({"bucket": Exclusion.TOO_SHORT}, {"version_id": 7}, {}, Cause.EDITED),
        ({}, {"version_id": 7, "bucket": Exclusion.UNTAGGED}, {}, Cause.EDITED),
        ({"bucket": Exclusion.TOO_SHORT}, {}, {"rule": "khac@1"}, Cause.RULE),
        ({}, {"bucket": Exclusion.REPOST}, {"rule": "khac@1"}, Cause.RULE),
        ({}, {"bucket": Exclusion.DUPLICATE}, {}, Cause.COPY),
        ({}, {"bucket": Exclusion.WITHDRAWN}, {}, Cause.GONE),
        ({"bucket": Exclusion.WITHDRAWN}, {}, {}, Cause.BACK),
        ({}, None, {}, Cause.UNLISTED),
    ],
)
def test_each_cause_is_told_from_the_others(
    rendered_report: Make,
    rendered_line: Line,
    rendered_article: Article,
    case: tuple[dict[str, Any] | None, dict[str, Any] | None, dict[str, Any], Cause],
) -> None:
    was, now, frame, cause = case
    one, other = (
        () if values is None else (rendered_article(1, **values),) for values in (was, now)
    )
    before = rendered_report(lines=(_counted(rendered_line, *one),), findings=(), unowned=())
    after = replace(before, lines=(_counted(rendered_line, *other),))
    kind = frame.get("findings")
    if isinstance(kind, FindingKind):
        frame = {"findings": (_finding(kind),)}
    if "period" in frame:
        before = replace(before, period=MARCH)
        frame = {}
    (change,) = [one for one in compare(before, replace(after, **frame)) if one.effects]
    (effect,) = change.effects
    assert (effect.cause, abs(effect.change)) == (cause, 1)
    assert f"{effect.change:+d}, vì một bài" in change.sentence


def _finding(kind: FindingKind) -> Finding:
    return Finding(
        kind=kind, unit="ST-DONG", tag="TTHC", expected=None, observed=None, explanation="x",
        article_id=1,
    )  # fmt: skip


def test_what_is_gained_and_what_is_lost_are_said_apart(
    rendered_report: Make, rendered_article: Article
) -> None:
    a, report = rendered_article, rendered_report(lines=(), findings=())
    moves = [Moved(None, a(1)), Moved(None, a(2)), Moved(a(3), a(3, bucket=Exclusion.WITHDRAWN))]
    assert because(Comparison(report, report).effects(moves, "ST-DONG")) == (
        "thêm hai bài tìm thấy sau; bớt một bài đã gỡ khỏi trang"
    )


def test_a_merger_is_told_on_the_lines_of_both_units(
    rendered_report: Make, rendered_line: Line, rendered_article: Article
) -> None:
    west = {"unit": "ST-TAY", "unit_name": "UBND xã Tây Trầm"}
    posts = (rendered_article(1), rendered_article(2))
    before = rendered_report(
        lines=(_counted(rendered_line), _counted(rendered_line, *posts, **west)),
        unowned=(), findings=(),
    )  # fmt: skip
    after = replace(before, lines=(_counted(rendered_line, *posts),))
    gained, gone = compare(before, after)
    assert "(+2, vì hai bài nhận từ đơn vị khác (sáp nhập" in gained.sentence
    assert "không còn dòng này, xác minh 2, vì hai bài chuyển sang đơn vị khác" in gone.sentence
    assert [sum(e.change for e in change.effects) for change in (gained, gone)] == [2, -2]


def test_an_accepted_claim_and_an_amended_plan_are_said_beside_the_count(
    rendered_report: Make, rendered_line: Line
) -> None:
    year = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
    asked = [Schedule(days=year, on=dt.date(2022, month, 28), due=month) for month in (2, 3, 4)]
    before = rendered_report(lines=(_counted(rendered_line, planned=4, schedule=asked[0]),))
    line = _counted(rendered_line, planned=6, recognised=1, schedule=asked[1])
    (change,) = compare(before, replace(before, lines=(line,)))
    assert change.sentence == (
        "UBND xã Đông Trầm, TTHC: chỉ tiêu: 4 → 6 (kế hoạch được sửa đổi); phải đạt đến nay: "
        "2 → 3; công nhận theo giải trình: 0 → 1 (+1, vì một giải trình được chấp nhận)."
    )
    later = replace(asked[0], on=dt.date(2022, 3, 1))
    (only_time,) = compare(
        before, replace(before, lines=(replace(before.lines[0], schedule=later),))
    )
    assert "không làm đổi số nào" in only_time.sentence


def test_plan_lines_claims_and_outputs_are_compared_too(planned_report: Report) -> None:
    report = planned_report
    first, *rest = report.plan_results
    amended = replace(first, line=replace(first.line, planned=30), status=LineStatus.SHORT)
    claims = replace(report, plan_results=(amended, *rest), outputs=())
    plan, output = compare(report, claims)
    assert "1 dòng sửa; 1 dòng đổi kết quả" in plan.sentence
    (detail,) = plan.details
    assert "cả kỳ 24 → 30; kết quả Không xác minh được → Chưa đạt [kh.docx" in detail
    assert "bỏ: 14 Lượt phát thanh" in output.details[0]
    (gone,) = compare(report, replace(report, plan_results=report.plan_results[:2]))
    assert "dòng 3 “Nội dung 3”: bỏ: 100%" in gone.details[0]
    assert isinstance(first, PlanResult)
