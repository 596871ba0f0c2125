"""Every change between two frozen reports is told, and a count is explained by its articles."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.difference import compare, moved
from storage import language
from storage.language import Language
from storage.records import Counted, CoverageState, Exclusion

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


@settings(deadline=None, max_examples=40)  # each compares two whole reports
@given(data=st.data())
def test_a_count_moves_by_what_was_gained_less_what_was_lost(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    one, other = data.draw(any_report), data.draw(any_report)
    after = {(line.unit, line.tag): line for line in other.lines}
    for line in one.lines:
        now = after.get((line.unit, line.tag))
        if now is not None:
            gains = sum(article.gain for article in moved(line, now))
            assert now.counted.posts - line.counted.posts == gains


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
        "UBND xã Đông Trầm, TTHC: xác minh 1 → 4 (+3, vì 3 bài được tính thêm)."
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
