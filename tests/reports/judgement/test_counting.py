"""Each article of a unit in exactly one bucket; unknown is never zero."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.counting import Ledger, sort_out, sort_out_once
from reports.rules import RULE
from reports.verification import status_of
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    Exclusion,
    Level,
    LineStatus,
    PostForm,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from storage.records import Candidate, HeadlineTag, LineArticle

    Make = Callable[..., Candidate]

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
INSIDE, BEFORE, AFTER = dt.date(2022, 3, 15), dt.date(2022, 2, 28), dt.date(2022, 4, 1)
MAIN = {"tthc": (Level.MAIN, Verdict.ASSIGNED)}
UNSURE = {"tthc": (Level.MAIN, Verdict.UNCERTAIN)}


def seen(month: int, day: int) -> dt.datetime:
    return dt.datetime(2022, month, day, 3, tzinfo=dt.UTC)


def only(candidate: Candidate, tag: HeadlineTag) -> LineArticle:
    (article,) = sort_out([candidate], tag=tag, window=MARCH).considered
    return article


@pytest.mark.parametrize("day", [dt.date(2022, 3, 1), INSIDE, dt.date(2022, 3, 31)])
def test_an_article_about_the_topic_in_the_period_is_counted(
    make_candidate: Make, tthc: HeadlineTag, day: dt.date
) -> None:
    candidate = make_candidate(day=day)
    article = only(candidate, tthc)
    assert (article.bucket, article.day, article.version_id) == (None, day, 10)
    assert (article.title, article.url) == (candidate.title, candidate.url)
    assert not article.only_claimed
    assert only(replace(candidate, only_claimed=True), tthc).only_claimed


@pytest.mark.parametrize(
    ("topics", "bucket"),
    [
        ({}, Exclusion.OFF_TOPIC),
        ({"cpdt": (Level.MAIN, Verdict.ASSIGNED)}, Exclusion.OFF_TOPIC),
        ({"tthc": (Level.MENTION, Verdict.REJECTED)}, Exclusion.MENTION_ONLY),
        ({"tthc": (Level.MENTION, Verdict.ASSIGNED)}, Exclusion.MENTION_ONLY),
        ({"tthc": (Level.MENTION, Verdict.UNCERTAIN)}, Exclusion.UNDECIDED),
        (UNSURE, Exclusion.UNDECIDED),
        ({"tthc": (Level.MAIN, Verdict.REJECTED)}, Exclusion.OFF_TOPIC),
    ],
)
def test_what_is_not_assigned_as_its_subject_is_not_counted(
    make_candidate: Make,
    tthc: HeadlineTag,
    topics: dict[str, tuple[Level, Verdict]],
    bucket: Exclusion,
) -> None:
    assert only(make_candidate(topics=topics), tthc).bucket is bucket


def test_any_topic_of_a_headline_tag_is_enough(make_candidate: Make, tthc: HeadlineTag) -> None:
    cchc = replace(tthc, code="CCHC", topics=("cpdt", "tthc"))
    topics = {"cpdt": (Level.MENTION, Verdict.UNCERTAIN), **MAIN}
    assert only(make_candidate(topics=topics), cchc).bucket is None


def test_what_was_not_read_or_not_tagged_is_unknown_not_off_topic(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    untagged = replace(make_candidate(), taggings=None)
    assert only(make_candidate(read=False), tthc).bucket is Exclusion.UNREAD
    assert only(untagged, tthc).bucket is Exclusion.UNTAGGED
    assert only(make_candidate(day=None, read=False), tthc).bucket is Exclusion.UNREAD


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_another_day_is_out_of_the_period_even_when_the_topic_is_unknown(
    make_candidate: Make, tthc: HeadlineTag, day: dt.date
) -> None:
    assert only(make_candidate(day=day), tthc).bucket is Exclusion.OUT_OF_PERIOD
    assert only(make_candidate(day=day, read=False), tthc).bucket is Exclusion.OUT_OF_PERIOD


def test_what_was_seen_before_the_window_began_was_published_before_it(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    february = make_candidate(day=None, seen=seen(2, 28))
    march = make_candidate(day=None, seen=seen(3, 1))
    later = make_candidate(day=None, seen=seen(9, 1))
    assert only(february, tthc).bucket is Exclusion.OUT_OF_PERIOD
    assert only(march, tthc).bucket is Exclusion.UNDATED
    assert only(later, tthc).bucket is Exclusion.UNDATED


def test_a_day_begins_at_midnight_in_vietnam(make_candidate: Make, tthc: HeadlineTag) -> None:
    """17:00 UTC on 28 February is midnight of 1 March there."""
    midnight = dt.datetime(2022, 2, 28, 17, tzinfo=dt.UTC)
    before = midnight - dt.timedelta(seconds=1)
    assert only(make_candidate(day=None, seen=before), tthc).bucket is Exclusion.OUT_OF_PERIOD
    assert only(make_candidate(day=None, seen=midnight), tthc).bucket is Exclusion.UNDATED


def test_an_undated_article_off_the_topic_is_simply_off_topic(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    assert only(make_candidate(day=None, topics={}), tthc).bucket is Exclusion.OFF_TOPIC


def test_the_same_text_counts_once_and_names_the_article_that_counts(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    first = make_candidate(7, text="x", day=dt.date(2022, 3, 2))
    again = make_candidate(3, text="x", day=dt.date(2022, 3, 9))
    ledger = sort_out([again, first], tag=tthc, window=MARCH)
    assert [(a.article_id, a.bucket, a.duplicate_of) for a in ledger.articles] == [
        (7, None, None),
        (3, Exclusion.DUPLICATE, 7),
    ]


def test_a_text_of_an_earlier_period_does_not_count_again(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    first = make_candidate(1, text="x", day=BEFORE)
    ledger = sort_out([first, make_candidate(2, text="x")], tag=tthc, window=MARCH)
    assert [(a.bucket, a.duplicate_of) for a in ledger.articles] == [(Exclusion.DUPLICATE, 1)]
    assert [(a.article_id, a.bucket) for a in ledger.outside] == [(1, Exclusion.OUT_OF_PERIOD)]


def test_a_copy_counts_when_the_first_one_is_not_known_to_be_on_topic(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    """Under another headline the same body may have been judged otherwise: one must count."""
    first = make_candidate(1, text="x", day=dt.date(2022, 3, 2), topics={})
    ledger = sort_out([first, make_candidate(2, text="x")], tag=tthc, window=MARCH)
    assert [a.bucket for a in ledger.articles] == [Exclusion.OFF_TOPIC, None]


def test_an_undated_copy_of_a_counted_text_is_no_doubt(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    counted = make_candidate(1, text="x", day=INSIDE)
    undated = make_candidate(2, text="x", day=None)
    ledger = sort_out([counted, undated], tag=tthc, window=MARCH)
    assert [a.bucket for a in ledger.articles] == [None, Exclusion.DUPLICATE]
    assert ledger.counted(CoverageState.COMPLETE).is_exact


def test_an_undated_copy_of_a_later_text_may_be_the_first_and_stays_a_doubt(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    later = make_candidate(1, text="x", day=AFTER)
    undated = make_candidate(2, text="x", day=None)
    ledger = sort_out([later, undated], tag=tthc, window=MARCH)
    assert [a.bucket for a in ledger.considered] == [Exclusion.UNDATED, Exclusion.OUT_OF_PERIOD]


def test_an_interval_across_the_end_of_the_period_makes_no_copy_of_what_is_dated_after_it(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    spanning = replace(
        make_candidate(2, text="x", day=None),
        days=DayInterval(dt.date(2022, 3, 25), dt.date(2022, 4, 10)),
    )
    for day, bucket in ((AFTER, Exclusion.UNDATED), (dt.date(2022, 3, 31), Exclusion.DUPLICATE)):
        other = make_candidate(1, text="x", day=day)
        ledger = sort_out([other, spanning], tag=tthc, window=MARCH)
        assert {a.article_id: a.bucket for a in ledger.articles}[2] is bucket


def test_in_a_period_without_an_end_an_undated_copy_repeats_whatever_is_dated(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    texts = [make_candidate(1, text="x", day=AFTER), make_candidate(2, text="x", day=None)]
    ledger = sort_out(texts, tag=tthc, window=DayInterval(dt.date(2022, 3, 1)))
    assert [article.bucket for article in ledger.articles] == [None, Exclusion.DUPLICATE]


def test_reposts_are_counted_and_shown(make_candidate: Make, tthc: HeadlineTag) -> None:
    articles = [*(make_candidate(number) for number in (1, 2, 3)), make_candidate(4, topics={})]
    ledger = sort_out(articles, tag=tthc, window=MARCH, reposted=dict.fromkeys((2, 3, 4)))
    assert (ledger.posts, ledger.reposts) == (3, 2)
    assert [article.reposted for article in ledger.articles] == [False, True, True, True]


def test_an_article_that_may_be_the_units_keeps_its_count_from_being_exact(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    late = seen(9, 1)
    doubtful = [make_candidate(9, day=None, seen=late)]
    settled = [make_candidate(9, day=None, seen=late, topics={})]
    assert not _counted(sort_out([], tag=tthc, window=MARCH, doubtful=doubtful)).is_exact
    assert _counted(sort_out([], tag=tthc, window=MARCH, doubtful=settled)).is_exact


def test_an_article_whose_interval_spans_a_handover_keeps_the_other_units_count_from_being_exact(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    spanning = make_candidate(9, day=None)
    spanning = replace(spanning, days=DayInterval(dt.date(2022, 3, 2), dt.date(2022, 3, 20)))
    outside = replace(spanning, days=DayInterval(dt.date(2022, 2, 2), dt.date(2022, 2, 20)))
    assert not _counted(sort_out([], tag=tthc, window=MARCH, doubtful=[spanning])).is_exact
    assert _counted(sort_out([], tag=tthc, window=MARCH, doubtful=[outside])).is_exact


def test_what_was_seen_before_the_period_makes_no_count_doubtful_whatever_it_is_about(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    earlier = replace(make_candidate(9, day=None, seen=seen(2, 10)), taggings=None)
    assert _counted(sort_out([], tag=tthc, window=MARCH, doubtful=[earlier])).is_exact


def test_an_article_of_another_day_shows_its_form_where_its_length_was_measured(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    rule = replace(RULE, news_below=350, article_from=500)
    measured = replace(make_candidate(1, day=BEFORE), text_syllables=600)
    ledger = sort_out([measured, make_candidate(2, day=BEFORE)], tag=tthc, window=MARCH, rule=rule)
    assert [article.form for article in ledger.considered] == [PostForm.ARTICLE, None]


def test_texts_that_are_alike_are_copies_under_a_rule_that_counts_each_once_too(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    once = replace(RULE, several_tags=False)
    texts = [make_candidate(1, text="x", day=dt.date(2022, 3, 2)), make_candidate(2, text="y")]
    alike = {"x": {"y": 84}, "y": {"x": 84}}
    ledger = sort_out_once(texts, [tthc], window=MARCH, rule=once, alike=alike)[tthc.code]
    assert [article.bucket for article in ledger.articles] == [None, Exclusion.DUPLICATE]


def _counted(ledger: Ledger) -> Counted:
    return ledger.counted(CoverageState.COMPLETE)


# ------------------------------------------------------------------------- random histories

DAYS = st.sampled_from([None, BEFORE, dt.date(2022, 3, 1), INSIDE, dt.date(2022, 3, 31), AFTER])
TOPICS = st.sampled_from(
    [
        None,
        {},
        MAIN,
        UNSURE,
        {"tthc": (Level.MENTION, Verdict.REJECTED)},
        {"cpdt": (Level.MAIN, Verdict.ASSIGNED)},
    ]
)
HISTORIES = st.lists(
    st.tuples(
        DAYS,
        TOPICS,
        st.sampled_from(["x", "y", None]),
        st.sampled_from([10, 1000]),
        st.sampled_from([seen(2, 20), seen(3, 20), seen(5, 1)]),
        st.booleans(),
    ),
    max_size=9,
)
History = list[
    tuple[
        dt.date | None,
        dict[str, tuple[Level, Verdict]] | None,
        str | None,
        int,
        dt.datetime,
        bool,
    ]
]


def candidates_of(history: History, make: Make) -> list[Candidate]:
    made = []
    for number, (day, topics, text, letters, instant, read) in enumerate(history, start=1):
        one = make(
            number,
            day=day,
            topics=topics or {},
            text=text,
            letters=letters,
            seen=instant,
            read=read,
            title="Một tiêu đề",
        )
        made.append(replace(one, taggings=None) if topics is None else one)
    return made


@given(HISTORIES, st.randoms(use_true_random=False))
def test_counted_and_excluded_make_up_what_was_considered_in_any_order(
    make_candidate: Make, tthc: HeadlineTag, history: History, random: Random
) -> None:
    candidates = candidates_of(history, make_candidate)
    ledger = sort_out(candidates, tag=tthc, window=MARCH)
    excluded = sum(article.bucket is not None for article in ledger.considered)
    assert ledger.posts + excluded == len(candidates)
    assert sorted(a.article_id for a in ledger.considered) == [c.article_id for c in candidates]
    assert {a.bucket for a in ledger.outside} <= {Exclusion.OUT_OF_PERIOD}
    assert Exclusion.OUT_OF_PERIOD not in {a.bucket for a in ledger.articles}
    shuffled = candidates.copy()
    random.shuffle(shuffled)
    assert sort_out(shuffled, tag=tthc, window=MARCH) == ledger


@given(HISTORIES)
def test_a_counted_article_is_read_on_topic_in_the_period_and_the_only_one_of_its_text(
    make_candidate: Make, tthc: HeadlineTag, history: History
) -> None:
    candidates = {c.article_id: c for c in candidates_of(history, make_candidate)}
    ledger = sort_out(candidates.values(), tag=tthc, window=MARCH)
    counted = [candidates[a.article_id] for a in ledger.articles if a.bucket is None]
    texts = [c.text_sha256 for c in counted if c.text_letters == 1000]
    assert len(texts) == len(set(texts))
    for candidate in counted:
        assert candidate.day is not None
        assert candidate.day in MARCH
        assert candidate.taggings is not None
        assert candidate.taggings["tthc"].verdict is Verdict.ASSIGNED


@given(HISTORIES)
def test_a_duplicate_names_a_dated_article_of_the_same_text_that_is_no_duplicate(
    make_candidate: Make, tthc: HeadlineTag, history: History
) -> None:
    candidates = {c.article_id: c for c in candidates_of(history, make_candidate)}
    ledger = sort_out(candidates.values(), tag=tthc, window=MARCH)
    buckets = {a.article_id: a.bucket for a in ledger.considered}
    for article in ledger.articles:
        assert (article.duplicate_of is not None) == (article.bucket is Exclusion.DUPLICATE)
        if article.duplicate_of is not None:
            first = candidates[article.duplicate_of]
            assert first.text_sha256 == candidates[article.article_id].text_sha256
            assert first.day is not None
            assert buckets[first.article_id] in {None, Exclusion.OUT_OF_PERIOD}


@given(HISTORIES, st.sampled_from(CoverageState), st.integers(1, 12))
def test_what_is_unknown_never_makes_a_unit_short(
    make_candidate: Make,
    tthc: HeadlineTag,
    history: History,
    coverage: CoverageState,
    planned: int,
) -> None:
    ledger = sort_out(candidates_of(history, make_candidate), tag=tthc, window=MARCH)
    unknown = any(a.bucket is not None and a.bucket.is_unknown for a in ledger.articles)
    counted = ledger.counted(coverage)
    assert counted.is_exact == (coverage is CoverageState.COMPLETE and not unknown)
    if status_of(planned, counted) is LineStatus.SHORT:
        assert coverage is CoverageState.COMPLETE
        assert not unknown
        assert counted.posts < planned


@given(HISTORIES)
def test_knowing_more_never_takes_back_what_a_lower_bound_promised(
    make_candidate: Make, tthc: HeadlineTag, history: History
) -> None:
    """Whatever day the undated articles turn out to have, at least as many are counted."""
    candidates = candidates_of(history, make_candidate)
    bound = sort_out(candidates, tag=tthc, window=MARCH).posts
    settled = [replace(c, day=c.day or INSIDE) for c in candidates]
    assert sort_out(settled, tag=tthc, window=MARCH).posts >= bound


@pytest.mark.parametrize(
    ("first", "end", "bucket"),
    [
        (dt.date(2022, 2, 20), dt.date(2022, 3, 1), Exclusion.OUT_OF_PERIOD),
        (dt.date(2022, 2, 20), dt.date(2022, 3, 2), Exclusion.UNDATED),
        (dt.date(2022, 3, 1), dt.date(2022, 4, 1), None),
        (dt.date(2022, 3, 31), dt.date(2022, 4, 2), Exclusion.UNDATED),
        (dt.date(2022, 4, 1), dt.date(2022, 4, 2), Exclusion.OUT_OF_PERIOD),
    ],
)
def test_an_interval_counts_when_all_of_it_is_of_the_period_and_is_outside_when_none_is(
    make_candidate: Make,
    tthc: HeadlineTag,
    first: dt.date,
    end: dt.date,
    bucket: Exclusion | None,
) -> None:
    moving = replace(make_candidate(day=None), days=DayInterval(first, end))
    assert only(moving, tthc).bucket is bucket


def test_of_no_article_and_no_doubt_the_count_is_exactly_none() -> None:
    assert Ledger(()).counted(CoverageState.COMPLETE) == Counted(0, CoverageState.COMPLETE)


def test_of_two_copies_without_a_day_neither_takes_the_others_place(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    copies = [make_candidate(number, day=None, text="một") for number in (1, 2)]
    ledger = sort_out(copies, tag=tthc, window=MARCH)
    assert [article.bucket for article in ledger.articles] == [Exclusion.UNDATED] * 2


def test_a_removed_post_off_topic_is_off_topic_and_takes_no_copys_place(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    gone = seen(3, 20)
    assert only(replace(make_candidate(topics={}), gone_at=gone), tthc).bucket is (
        Exclusion.OFF_TOPIC
    )
    for might_count in ({"topics": UNSURE}, {"topics": None}):
        removed = replace(make_candidate(**might_count), gone_at=gone)
        assert only(removed, tthc).bucket is Exclusion.WITHDRAWN
    first = replace(make_candidate(1, text="một", day=dt.date(2022, 3, 2)), gone_at=gone)
    again = make_candidate(2, text="một", day=dt.date(2022, 3, 9))
    ledger = sort_out([first, again], tag=tthc, window=MARCH)
    assert [article.bucket for article in ledger.articles] == [Exclusion.WITHDRAWN, None]


def test_what_is_not_counted_and_was_not_measured_has_no_form(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    rule = replace(RULE, news_below=350, article_from=500)
    posts = [make_candidate(1), make_candidate(2, topics={})]
    ledger = sort_out(posts, tag=tthc, window=MARCH, rule=rule)
    assert [article.form for article in ledger.articles] == [PostForm.EITHER, None]
