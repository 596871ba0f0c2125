"""Tin and bài told apart: bounds that hold whichever form a doubtful post is of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.forms import Asked, Bounds, Posts, bounds, lacking
from reports.notes import on_plan_lines
from reports.plan_results import judge_plan
from reports.rules import RULE, form_of, sentences
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    LineArticle,
    LineStatus,
    OutputForm,
    Plan,
    PlanLine,
    PlanResult,
    PostForm,
    Quantity,
    ReportLine,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
AT = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)
NEWS, ARTICLE, POST = OutputForm.NEWS, OutputForm.ARTICLE, OutputForm.POST
COMPLETE, PARTIAL = CoverageState.COMPLETE, CoverageState.PARTIAL
TELLING = replace(RULE, name="độ dài", news_below=350, article_from=500)


def _plan(*asked: tuple[OutputForm, int | None]) -> Plan:
    return Plan(
        unit="xa-a",
        period=YEAR,
        document_ref=None,
        source_sha256="s" * 64,
        source_name="kh.docx",
        received_at=AT,
        quotas=(),
        lines=tuple(
            PlanLine(
                place=place,
                content="nội dung",
                tags=("CCHC",),
                quantity=Quantity(form=form, measure=form.value, number=number),
                planned=number,
                on_web=form.is_post,
                text="",
                cell=f"KH!D{place}",
            )
            for place, (form, number) in enumerate(asked, start=1)
        ),
    )


def _line(forms: Sequence[PostForm | None], coverage: CoverageState = COMPLETE) -> ReportLine:
    return ReportLine(
        unit="xa-a",
        unit_name="Xã A",
        tag="CCHC",
        planned=None,
        counted=Counted(len(forms), coverage),
        reposts=0,
        claimed=None,
        status=LineStatus.NO_QUOTA,
        coverage_note="",
        articles=tuple(
            LineArticle(
                article_id=number,
                version_id=number,
                title="",
                url="",
                day=dt.date(2022, 3, 1),
                bucket=None,
                form=form,
            )
            for number, form in enumerate(forms, start=1)
        ),
    )


def _posts(news: int, articles: int, either: int = 0) -> list[PostForm | None]:
    return [
        *[PostForm.NEWS] * news, *[PostForm.ARTICLE] * articles, *[PostForm.EITHER] * either,
    ]  # fmt: skip


def _judge(
    plan: Plan, forms: Sequence[PostForm | None], coverage: CoverageState = COMPLETE
) -> list[PlanResult]:
    seen = {"CCHC": _line(forms, coverage)}
    return judge_plan(plan, lines=seen, outputs=(), window=YEAR, as_of=AT, by_form=True)


def _said(results: Sequence[PlanResult]) -> list[tuple[int | None, int | None, LineStatus]]:
    return [(None if r.counted is None else r.counted.posts, r.at_most, r.status) for r in results]


REACHED, SHORT, UNSURE = LineStatus.REACHED, LineStatus.SHORT, LineStatus.NOT_VERIFIABLE


@pytest.mark.parametrize(
    ("forms", "said"),
    [
        (_posts(4, 2), [(4, 4, REACHED), (2, 2, REACHED)]),
        (_posts(6, 0), [(6, 6, REACHED), (0, 0, SHORT)]),
        (_posts(3, 2, 1), [(3, 4, UNSURE), (2, 3, REACHED)]),
        (_posts(1, 2, 1), [(1, 2, SHORT), (2, 3, REACHED)]),
    ],
)
def test_tin_and_bai_are_held_against_their_own_lines(
    forms: list[PostForm | None], said: list[object]
) -> None:
    assert _said(_judge(_plan((NEWS, 4), (ARTICLE, 2)), forms)) == said


def test_a_doubtful_post_does_not_fill_two_lines() -> None:
    results = _judge(_plan((NEWS, 4), (ARTICLE, 2)), _posts(3, 1, 1))
    assert [(r.status, r.lacking) for r in results] == [(UNSURE, 1), (UNSURE, 1)]


def test_a_post_of_unknown_length_is_one_of_the_two_and_never_none() -> None:
    assert form_of(TELLING, None) is PostForm.EITHER
    assert _said(_judge(_plan((NEWS, 1)), [None])) == [(0, 1, UNSURE)]


def test_a_pooled_line_has_what_the_lines_on_one_form_leave() -> None:
    plan = _plan((NEWS, 2), (POST, 3), (ARTICLE, None))
    assert _said(_judge(plan, _posts(4, 1))) == [(4, 4, REACHED), (3, 3, REACHED), (1, 1, NO_QUOTA)]
    assert _said(_judge(plan, _posts(1, 2))) == [(1, 1, SHORT), (2, 2, SHORT), (2, 2, NO_QUOTA)]


NO_QUOTA = LineStatus.NO_QUOTA


def test_lines_on_one_form_are_judged_by_their_sum() -> None:
    results = _judge(_plan((NEWS, 2), (NEWS, 3)), _posts(4, 9))
    assert [(r.shared, r.shared_planned, r.status) for r in results] == [(2, 5, SHORT)] * 2


def test_what_was_not_seen_may_be_of_either_form() -> None:
    results = _judge(_plan((NEWS, 4), (ARTICLE, 2)), _posts(0, 2, 1), PARTIAL)
    assert _said(results) == [(0, None, UNSURE), (2, None, REACHED)]
    assert [r.lacking for r in results] == [None, None]


def test_where_no_line_asks_for_one_form_nothing_is_told_apart() -> None:
    (result,) = _judge(_plan((POST, 3)), _posts(1, 1, 1))
    assert (result.counted, result.by_form, result.at_most) == (Counted(3, COMPLETE), False, None)


def test_a_rule_without_lengths_judges_them_together_and_says_why() -> None:
    plan = _plan((NEWS, 4), (ARTICLE, 2))
    results = judge_plan(plan, lines={"CCHC": _line([None] * 6)}, outputs=(), window=YEAR, as_of=AT)
    assert [(r.shared, r.by_form, r.status) for r in results] == [(2, False, REACHED)] * 2
    assert any("đếm gộp, vì không văn bản nào" in note for note in on_plan_lines([plan], RULE))
    assert not any("đếm gộp" in note for note in on_plan_lines([plan], TELLING))
    assert any("xét riêng theo hình thức" in sentence for sentence in sentences(TELLING))
    assert not any("hình thức" in sentence for sentence in sentences(RULE))


# ------------------------------------------------------------------ whatever the posts are

few = st.integers(0, 4)


@given(news=few, articles=few, doubtful=few, asked_news=few, asked_articles=few)
def test_the_bounds_are_what_some_forms_of_the_doubtful_posts_give(
    news: int, articles: int, doubtful: int, asked_news: int, asked_articles: int
) -> None:
    posts = Posts(news=news, articles=articles, doubtful=doubtful)
    asked = Asked(news=asked_news, articles=asked_articles)
    worlds = []
    for choice in product((0, 1), repeat=doubtful):
        of_news, of_articles = news + sum(choice), articles + doubtful - sum(choice)
        left = max(0, of_news - asked_news) + max(0, of_articles - asked_articles)
        missing = max(0, asked_news - of_news) + max(0, asked_articles - of_articles)
        worlds.append((of_news, of_articles, left, missing))
    for place, form in enumerate((NEWS, ARTICLE, POST)):
        found = [world[place] for world in worlds]
        assert bounds(form, posts, asked) == Bounds(min(found), max(found))
    assert lacking(posts, asked) == min(world[3] for world in worlds)


@given(
    asked=st.lists(
        st.tuples(st.sampled_from((NEWS, ARTICLE, POST)), st.none() | few), min_size=1, max_size=4
    ),
    counts=st.tuples(few, few, few),
    coverage=st.sampled_from(CoverageState),
)
def test_a_verdict_holds_whatever_the_doubtful_and_the_unseen_posts_are(
    asked: list[tuple[OutputForm, int | None]],
    counts: tuple[int, int, int],
    coverage: CoverageState,
) -> None:
    news, articles, doubtful = counts
    plan = _plan(*asked)
    results = _judge(plan, _posts(*counts), coverage)
    for as_news, unseen in product(range(doubtful + 1), (0, 3)):
        if unseen and coverage is COMPLETE:
            continue
        known = _posts(news + as_news, articles + doubtful - as_news)
        for of_unseen in (PostForm.NEWS, PostForm.ARTICLE):
            truth = _judge(plan, [*known, *[of_unseen] * unseen])
            for result, true in zip(results, truth, strict=True):
                assert true.status is not UNSURE
                assert result.status in {true.status, UNSURE}
                if result.at_most is not None and true.counted is not None:
                    assert true.counted.posts <= result.at_most
