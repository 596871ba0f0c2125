"""A counting rule says what it does, and does what it says."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from reports.calendar import in_window, parse_period
from reports.counting import sort_out, sort_out_once
from reports.duplicates import Copy
from reports.rules import RULE, form_of, identity, is_in_section, sentences
from storage.errors import InputError
from storage.records import (
    CountedWindow,
    CoverageState,
    DateBasis,
    DayInterval,
    Exclusion,
    HeadlineTag,
    Level,
    PostForm,
    RepostTreatment,
    ScoreScale,
    ScoreStep,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Candidate

    Make = Callable[..., Candidate]

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
OTHERWISE: dict[str, Any] = {
    "window": CountedWindow.REPORTING,
    "date_basis": DateBasis.FIRST_SEEN,
    "reposts": RepostTreatment.EXCLUDE,
    "credited_is_repost": True,
    "alike_from": 70,
    "several_tags": False,
    "tag_order": ("TTHC",),
    "least_syllables": 100,
    "news_below": 350,
    "article_from": 500,
    "sections_in": ("Tin tức",),
    "sections_out": ("Lịch *",),
    "score": ScoreScale(name="x", most=100, steps=(ScoreStep(at=90, points=None),)),
    "inherit": True,
}
ONCE_ONLY = replace(RULE, several_tags=False)
BASE = {"tag_order": ONCE_ONLY}


def test_the_rule_that_ships_reads_as_reports_have_always_printed_it() -> None:
    assert identity(RULE) == "ngày-in@4#2ec38222"
    assert len(sentences(RULE)) == 8
    assert sentences(RULE)[0] == "Ngày tính là ngày đăng in trên trang, theo giờ Việt Nam."
    assert sentences(RULE)[-1].endswith("vẫn tính, và ghi riêng ở cột “trong đó đăng lại”.")


@pytest.mark.parametrize("setting", [f.name for f in fields(RULE) if f.name != "name"])
def test_a_rule_that_counts_otherwise_says_so(setting: str) -> None:
    plain = BASE.get(setting, RULE)
    other = replace(plain, **{setting: OTHERWISE[setting]})
    if setting in {"news_below", "article_from"}:  # which go together
        other = replace(RULE, news_below=350, article_from=500)
    assert sentences(other) != sentences(plain)
    assert identity(other) != identity(plain)


def test_every_value_of_a_choice_has_words_of_its_own() -> None:
    windows = {sentences(replace(RULE, window=window)) for window in CountedWindow}
    reposts = {sentences(replace(RULE, reposts=treatment)) for treatment in RepostTreatment}
    assert (len(windows), len(reposts)) == (len(CountedWindow), len(RepostTreatment))


# ------------------------------------------------------------------------------ the window


@pytest.mark.parametrize(
    ("code", "window", "expected"),
    [
        ("2022-Q3", CountedWindow.AS_NAMED, "2022-Q3"),
        ("BC-2022-Q3", CountedWindow.AS_NAMED, "BC-2022-Q3"),
        ("2022-9M", CountedWindow.REPORTING, "BC-2022-9M"),
        ("BC-2022-9M", CountedWindow.REPORTING, "BC-2022-9M"),
        ("BC-2022-9M", CountedWindow.CALENDAR, "2022-9M"),
        ("2022-9M", CountedWindow.TO_REPORT_DAY, "2022-01-01..2022-10-10"),
        ("BC-2022-9M", CountedWindow.TO_REPORT_DAY, "2022-01-01..2022-10-10"),
        ("2022-02-01..2022-02-05", CountedWindow.REPORTING, "2022-02-01..2022-02-05"),
        ("2022-02-01..2022-02-05", CountedWindow.TO_REPORT_DAY, "2022-02-01..2022-02-05"),
    ],
)
def test_one_name_stands_for_the_days_that_the_rule_says(
    code: str, window: CountedWindow, expected: str
) -> None:
    """The report day is the day in Vietnam: 18:00 UTC on 9 October is the 10th there."""
    as_of = dt.datetime(2022, 10, 9, 18, tzinfo=dt.UTC)
    assert in_window(parse_period(code), window, as_of=as_of) == parse_period(expected)


def test_a_report_before_its_period_has_no_days_up_to_it() -> None:
    before = dt.datetime(2021, 12, 1, tzinfo=dt.UTC)
    with pytest.raises(InputError, match="kết thúc trước khi bắt đầu"):
        in_window(parse_period("2022-9M"), CountedWindow.TO_REPORT_DAY, as_of=before)


# ------------------------------------------------------------------------- length, section


@pytest.mark.parametrize(
    ("syllables", "form"),
    [
        (0, PostForm.NEWS),
        (349, PostForm.NEWS),
        (350, PostForm.EITHER),
        (499, PostForm.EITHER),
        (500, PostForm.ARTICLE),
        (None, PostForm.EITHER),
    ],
)
def test_a_news_item_is_told_from_an_article_by_its_length(
    syllables: int | None, form: PostForm | None
) -> None:
    rule = replace(RULE, news_below=350, article_from=500)
    assert form_of(rule, syllables) is form
    assert form_of(RULE, syllables) is None


@pytest.mark.parametrize(
    ("sections", "counts"),
    [
        (("Tin tức",), True),
        (("TIN TỨC - sự kiện",), True),
        (("Lịch công tác",), False),
        (("Tin tức", "Lịch công tác"), False),
        (("Văn bản",), False),
        ((), False),
    ],
)
def test_sections_are_chosen_by_name_or_pattern(sections: tuple[str, ...], *, counts: bool) -> None:
    rule = replace(RULE, sections_in=("Tin tức*",), sections_out=("lịch *",))
    assert is_in_section(rule, sections) is counts
    assert is_in_section(RULE, sections)


def test_what_stands_in_a_section_that_does_not_count_is_no_doubt_even_unread(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    rule = replace(RULE, sections_out=("Lịch *",))
    unread = replace(make_candidate(1, read=False), sections=("Lịch tuần",))
    other = replace(make_candidate(2), sections=("Tin tức",))
    ledger = sort_out([unread, other], tag=tthc, window=MARCH, rule=rule)
    assert [a.bucket for a in ledger.articles] == [Exclusion.OTHER_SECTION, None]


def test_a_post_of_exactly_the_least_length_counts(make_candidate: Make, tthc: HeadlineTag) -> None:
    rule = replace(RULE, least_syllables=100, news_below=120, article_from=120)
    posts = [replace(make_candidate(n), text_syllables=n) for n in (99, 100, 120)]
    ledger = sort_out(posts, tag=tthc, window=MARCH, rule=rule)
    assert [(a.bucket, a.form) for a in ledger.articles] == [
        (Exclusion.TOO_SHORT, PostForm.NEWS),
        (None, PostForm.NEWS),
        (None, PostForm.ARTICLE),
    ]


def test_what_the_rule_leaves_out_takes_no_copys_place(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    """A text that first stood where nothing counts still counts where it does."""
    rule = replace(RULE, sections_out=("Lưu trữ",))
    stored = replace(make_candidate(1, text="x", day=dt.date(2022, 3, 2)), sections=("Lưu trữ",))
    news = replace(make_candidate(2, text="x"), sections=("Tin tức",))
    ledger = sort_out([stored, news], tag=tthc, window=MARCH, rule=rule)
    assert [a.bucket for a in ledger.articles] == [Exclusion.OTHER_SECTION, None]


# ------------------------------------------------------------------- reposts, likeness


def test_a_rule_of_own_work_leaves_out_what_was_taken_over_and_names_its_origin(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    rule = replace(RULE, reposts=RepostTreatment.EXCLUDE)
    origin = make_candidate(9, site="b", day=dt.date(2022, 3, 1))
    reposted: dict[int, Copy | None] = {1: Copy(origin, 84), 2: None}
    posts = [make_candidate(number) for number in (1, 2, 3)]
    ledger = sort_out(posts, tag=tthc, window=MARCH, rule=rule, reposted=reposted)
    assert [(a.bucket, a.reposted, a.repost_of, a.likeness) for a in ledger.articles] == [
        (Exclusion.REPOST, True, 9, 84),
        (Exclusion.REPOST, True, None, None),
        (None, False, None, None),
    ]
    assert (ledger.posts, ledger.reposts) == (1, 0)


def test_a_text_that_is_alike_is_a_copy_and_shows_how_alike(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    first = make_candidate(1, text="x", day=dt.date(2022, 3, 2))
    again = make_candidate(2, text="y")
    alike = {"x": {"y": 84}, "y": {"x": 84}}
    ledger = sort_out([again, first], tag=tthc, window=MARCH, alike=alike)
    assert [(a.article_id, a.bucket, a.duplicate_of, a.likeness) for a in ledger.articles] == [
        (1, None, None, None),
        (2, Exclusion.DUPLICATE, 1, 84),
    ]


# ---------------------------------------------------------------------- each article once

CCHC = HeadlineTag(code="CCHC", name="Cải cách", topics=("tthc", "cpdt"))
TTHC = HeadlineTag(code="TTHC", name="Thủ tục", topics=("tthc",))
CPDT = HeadlineTag(code="CPĐT", name="Điện tử", topics=("cpdt",))
ONCE = replace(RULE, several_tags=False, tag_order=("CPĐT", "TTHC"))
MAIN, UNSURE = (Level.MAIN, Verdict.ASSIGNED), (Level.MAIN, Verdict.UNCERTAIN)


def test_a_rule_of_one_tag_counts_an_article_for_the_first_tag_that_takes_it(
    make_candidate: Make,
) -> None:
    posts = [
        make_candidate(1, topics={"tthc": MAIN, "cpdt": MAIN}),
        make_candidate(2, topics={"tthc": MAIN}),
        make_candidate(3, topics={"tthc": MAIN, "cpdt": UNSURE}),
        make_candidate(4, topics={"tthc": UNSURE}),
    ]
    ledgers = sort_out_once(posts, [CCHC, TTHC, CPDT], window=MARCH, rule=ONCE)
    fates = {tag: [a.bucket for a in ledger.articles] for tag, ledger in ledgers.items()}
    other, unsure, off = Exclusion.OTHER_TAG, Exclusion.UNDECIDED, Exclusion.OFF_TOPIC
    assert fates == {
        "CPĐT": [None, off, unsure, off],
        "TTHC": [other, None, unsure, unsure],
        "CCHC": [other, other, unsure, unsure],
    }
    assert list(ledgers) == ["CPĐT", "TTHC", "CCHC"]


# ------------------------------------------------- flipped conditions that nothing else notices


def test_a_repost_that_does_not_count_takes_no_copys_place(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    rule = replace(RULE, reposts=RepostTreatment.EXCLUDE)
    posts = [make_candidate(1, text="x", day=dt.date(2022, 3, 2)), make_candidate(2, text="x")]
    ledger = sort_out(posts, tag=tthc, window=MARCH, rule=rule, reposted={1: None})
    assert [a.bucket for a in ledger.articles] == [Exclusion.REPOST, None]


def test_what_was_removed_before_it_was_tagged_is_withdrawn(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    gone = replace(make_candidate(1), taggings=None, gone_at=dt.datetime(2022, 4, 1, tzinfo=dt.UTC))
    (article,) = sort_out([gone], tag=tthc, window=MARCH).articles
    assert article.bucket is Exclusion.WITHDRAWN


def test_an_undated_copy_in_an_open_window_repeats_what_counts(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    posts = [make_candidate(1, text="x"), make_candidate(2, text="x", day=None)]
    ledger = sort_out(posts, tag=tthc, window=DayInterval(dt.date(2022, 3, 1)))
    assert [a.bucket for a in ledger.articles] == [None, Exclusion.DUPLICATE]


def test_doubt_makes_a_full_look_partial_and_nothing_seen_no_better(
    make_candidate: Make, tthc: HeadlineTag
) -> None:
    ledger = sort_out([make_candidate(1, day=None)], tag=tthc, window=MARCH)
    assert ledger.counted(CoverageState.COMPLETE).coverage is CoverageState.PARTIAL
    assert ledger.counted(CoverageState.NONE).coverage is CoverageState.NONE
