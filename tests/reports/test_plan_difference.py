"""What changed in lines of plans is told line by line, with both files and cells."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from reports.difference import compare
from reports.plan_difference import pairs
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    Every,
    LineStatus,
    OutputForm,
    PlanLine,
    PlanResult,
    PostForm,
    Quantity,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))


def _result(
    place: int,
    content: str,
    number: int = 2,
    *,
    form: OutputForm = OutputForm.POST,
    **values: Any,  # noqa: ANN401 - any field
) -> PlanResult:
    line = PlanLine(
        place=place,
        content=content,
        tags=("CCHC",),
        quantity=Quantity(form=form, measure="tin, bài", number=number, every=Every.MONTH),
        planned=12 * number,
        on_web=True,
        text="",
        cell=f"KH!D{place + 1}",
    )
    given: dict[str, Any] = {
        "counted": Counted(5, CoverageState.COMPLETE),
        "status": LineStatus.SHORT,
        "source_name": "kh.xlsx",
        "source_sha256": "1" * 64,
    }
    return PlanResult(unit="ST-DONG", line=line, period=YEAR, **{**given, **values})


AMENDED: dict[str, Any] = {"source_name": "kh-sua.xlsx", "source_sha256": "2" * 64}


def test_an_amended_plan_says_which_line_from_what_to_what_and_from_which_file(
    rendered_report: Callable[..., Report],
) -> None:
    old = (_result(1, "Tuyên truyền TTHC"), _result(2, "Tuyên truyền PAR"), _result(3, "Bỏ đi"))
    new = (
        _result(1, "Thêm vào", **AMENDED),
        _result(2, "Tuyên truyền TTHC", 3, **AMENDED),
        _result(3, "Tuyên truyền PAR", **AMENDED),
    )
    report = rendered_report(plan_results=old)
    (change,) = compare(report, replace(report, plan_results=new))
    assert change.unit == "ST-DONG"
    assert change.sentence == (
        "UBND xã Đông Trầm: kế hoạch 01/01/2022–31/12/2022: 1 dòng sửa; 1 dòng thêm; 1 dòng bỏ; "
        "tệp kh.xlsx → kh-sua.xlsx."
    )
    assert (
        "dòng 2 “Tuyên truyền TTHC (CCHC)”: chỉ tiêu 02 tin, bài/tháng → 03 tin, bài/tháng; "
        "cả kỳ 24 → 36 [kh.xlsx, KH!D2 → kh-sua.xlsx, KH!D3]"
    ) in change.details
    assert not any("PAR" in detail for detail in change.details)


def test_a_plan_that_came_again_unchanged_says_its_file_and_no_line(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report(plan_results=(_result(1, "A"),))
    again = replace(report, plan_results=(_result(1, "A", **AMENDED),))
    (change,) = compare(report, again)
    assert change.sentence.endswith(": tệp kh.xlsx → kh-sua.xlsx.")
    assert change.details == ()


def test_lines_judged_by_form_say_how_their_result_came_about(
    rendered_report: Callable[..., Report],
) -> None:
    news = _result(1, "A", form=OutputForm.NEWS, shared=2)
    apart = replace(
        news,
        counted=Counted(3, CoverageState.PARTIAL),
        at_most=6,
        shared=1,
        by_form=True,
        status=LineStatus.NOT_VERIFIABLE,
    )
    report = rendered_report(plan_results=(news,))
    (change,) = compare(report, replace(report, plan_results=(apart,)))
    (detail,) = change.details
    assert detail == (
        "dòng 1 “A (CCHC)”: cách xét gộp tin, bài → riêng tin, bài; xác minh 5 (chung 2 dòng) → "
        "3–6; kết quả Chưa đạt → Không xác minh được [kh.xlsx, KH!D2]"
    )


def test_posts_that_only_changed_their_form_are_no_new_versions(
    rendered_report: Callable[..., Report], rendered_article: Callable[..., LineArticle]
) -> None:
    report = rendered_report()
    articles = tuple(rendered_article(number, bucket=None) for number in range(3))
    first, *rest = report.lines
    before = replace(report, lines=(replace(first, articles=articles), *rest))
    told = tuple(replace(article, form=PostForm.NEWS) for article in articles)
    after = replace(report, lines=(replace(first, articles=told), *rest))
    (change,) = compare(before, after)
    assert "hình thức: — → 3 tin; 3 bài đổi hình thức." in change.sentence


def test_what_units_state_of_work_outside_the_web_is_told_apart(planned_report: Report) -> None:
    (output,) = planned_report.outputs
    more = replace(output, number=20, source_name="kq-2.xlsx")
    (change,) = compare(planned_report, replace(planned_report, outputs=(more,)))
    assert "kết quả ngoài trang web (chưa kiểm chứng tự động): 2 thay đổi." in change.sentence
    assert change.details[0].startswith("thêm: 20 Lượt phát thanh")
    assert change.details[0].endswith("[kq-2.xlsx, KQ!C2]")


texts = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.integers(1, 2)), max_size=5
)  # fmt: skip


@given(old=texts, new=texts)
def test_every_line_of_both_plans_is_in_one_pair(
    old: list[tuple[str, int]], new: list[tuple[str, int]]
) -> None:
    was = [_result(place, *said) for place, said in enumerate(old, start=1)]
    now = [_result(place, *said) for place, said in enumerate(new, start=1)]
    paired = pairs(was, now)
    assert [b for _, b in paired if b is not None] == now
    assert sorted(a.line.place for a, _ in paired if a is not None) == [r.line.place for r in was]
    assert all(a is not None or b is not None for a, b in paired)
    if old == new:
        assert all(a == b for a, b in paired)
