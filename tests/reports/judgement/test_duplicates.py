"""The same text twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from reports.duplicates import LONG_ENOUGH, FirstBy, earlier_copies, first_by, reposts
from storage.records import DayInterval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from storage.records import Candidate

    Make = Callable[..., Candidate]

MAY = dt.date(2022, 5, 1)
JUNE = dt.date(2022, 6, 1)


def copies(candidates: Iterable[Candidate]) -> dict[int, int]:
    return {article: copy.first.article_id for article, copy in earlier_copies(candidates).items()}


def test_the_earliest_day_is_the_first_then_first_seen_then_the_lowest_id(
    make_candidate: Make,
) -> None:
    early = dt.datetime(2022, 7, 1, tzinfo=dt.UTC)
    late = dt.datetime(2022, 7, 2, tzinfo=dt.UTC)
    june = make_candidate(1, text="x", day=JUNE, seen=early)
    may_late = make_candidate(2, text="x", day=MAY, seen=late)
    may_early = make_candidate(4, text="x", day=MAY, seen=early)
    may_early_too = make_candidate(3, text="x", day=MAY, seen=early)
    assert copies([june, may_late]) == {1: 2}
    assert copies([june, may_late, may_early]) == {1: 4, 2: 4}
    assert copies([june, may_late, may_early, may_early_too]) == {1: 3, 2: 3, 4: 3}


def test_an_undated_article_is_never_the_first(make_candidate: Make) -> None:
    undated = make_candidate(1, text="x", day=None)
    assert copies([undated, make_candidate(2, text="x", day=JUNE)]) == {1: 2}
    assert copies([undated, make_candidate(2, text="x", day=None)]) == {}


def test_short_texts_repeat_each_other_only_under_one_headline_on_one_day(
    make_candidate: Make,
) -> None:
    """'Xem tệp đính kèm' stands under many documents."""

    def short(article_id: int, title: str, day: dt.date | None) -> Candidate:
        return make_candidate(article_id, text="x", letters=13, title=title, day=day)

    plan = short(1, "Kế hoạch CCHC", MAY)
    assert copies([plan, short(2, "Báo cáo CCHC", MAY)]) == {}
    assert copies([plan, short(2, "Kế hoạch CCHC", JUNE)]) == {}
    assert copies([plan, short(2, "KẾ HOẠCH: CCHC.", MAY)]) == {2: 1}
    assert copies([plan, short(2, "Kế hoạch CCHC", None)]) == {}


def test_a_text_of_unknown_length_counts_as_short(make_candidate: Make) -> None:
    one = make_candidate(1, text="x", letters=None, day=MAY)
    assert copies([one, make_candidate(2, text="x", letters=None, day=JUNE)]) == {}


def test_articles_that_were_not_read_repeat_nothing(make_candidate: Make) -> None:
    assert copies([make_candidate(1, read=False), make_candidate(2, read=False)]) == {}


def test_later_publications_at_other_units_are_reposts(make_candidate: Make) -> None:
    origin = make_candidate(1, text="x", day=MAY)
    own_copy = make_candidate(2, text="x", day=JUNE)
    elsewhere = make_candidate(3, text="x", site="b", day=JUNE)
    nobodys = make_candidate(4, text="x", site="c", day=dt.date(2022, 1, 1))
    undated = make_candidate(5, text="x", site="b", day=None)
    owners = {1: "xa-a", 2: "xa-a", 3: "xa-b", 4: None, 5: "xa-b"}
    everyone = [elsewhere, own_copy, origin, nobodys, undated]
    assert {a: copy.first.article_id for a, copy in reposts(everyone, owners).items()} == {3: 1}


def test_equal_headlines_of_two_units_are_no_repost_unless_they_are_long(
    make_candidate: Make,
) -> None:
    owners = {1: "xa-a", 2: "xa-b"}
    for letters, found in ((LONG_ENOUGH - 1, set()), (LONG_ENOUGH, {2}), (None, set())):
        pair = [
            make_candidate(1, text="x", day=MAY, letters=letters, title="Kế hoạch"),
            make_candidate(2, site="b", text="x", day=JUNE, letters=letters, title="Kế hoạch"),
        ]
        assert set(reposts(pair, owners)) == found


# ------------------------------------------------------------------- alike, and who was first


def test_a_chain_of_small_changes_does_not_make_its_ends_one_text(make_candidate: Make) -> None:
    """X ~ y ~ z: y is a copy of x, and z, which is only like the copy, is a text of its own."""
    alike = {"x": {"y": 80}, "y": {"x": 80, "z": 90}, "z": {"y": 90}}
    posts = [
        make_candidate(number, text=text, day=dt.date(2022, 5, number))
        for number, text in ((1, "x"), (2, "y"), (3, "z"), (4, "y"))
    ]
    found = earlier_copies(reversed(posts), alike)
    assert {article: (copy.first.article_id, copy.likeness) for article, copy in found.items()} == {
        2: (1, 80),
        4: (1, 80),
    }


def test_the_likest_of_the_firsts_is_named_and_of_equally_like_ones_the_earliest(
    make_candidate: Make,
) -> None:
    def firsts(one: int, other: int) -> int:
        alike = {"z": {"x": one, "y": other}}
        posts = [
            make_candidate(number, text=text, day=dt.date(2022, 5, number))
            for number, text in ((1, "x"), (2, "y"), (3, "z"))
        ]
        return earlier_copies(posts, alike)[3].first.article_id

    assert (firsts(80, 80), firsts(80, 81), firsts(81, 80)) == (1, 2, 1)


def test_short_texts_are_never_called_alike(make_candidate: Make) -> None:
    alike = {"x": {"y": 99}, "y": {"x": 99}}
    for letters in (LONG_ENOUGH - 1, None):
        pair = [
            make_candidate(1, text="x", day=MAY),
            make_candidate(2, text="y", day=JUNE, letters=letters),
        ]
        assert earlier_copies(pair, alike) == {}
        assert earlier_copies([replace(one, text_letters=letters) for one in pair], alike) == {}


def test_an_undated_text_that_is_alike_is_a_copy_and_never_the_first(make_candidate: Make) -> None:
    alike = {"x": {"y": 90}, "y": {"x": 90}}
    undated = make_candidate(1, text="x", day=None)
    found = earlier_copies([undated, make_candidate(2, text="y", day=JUNE)], alike)
    assert {article: copy.first.article_id for article, copy in found.items()} == {1: 2}


def test_a_repost_with_a_caption_names_the_first_and_how_alike(make_candidate: Make) -> None:
    alike = {"x": {"y": 84}, "y": {"x": 84}}
    posts = [
        make_candidate(1, text="x", day=MAY),
        make_candidate(2, text="y", day=JUNE, site="b"),
    ]
    found = reposts(posts, {1: "xa-a", 2: "xa-b"}, alike)
    assert {a: (copy.first.article_id, copy.likeness) for a, copy in found.items()} == {2: (1, 84)}
    assert reposts(posts, {1: "xa-a", 2: "xa-a"}, alike) == {}


def test_the_evidence_for_who_was_first_is_named(make_candidate: Make) -> None:
    early = dt.datetime(2022, 7, 1, tzinfo=dt.UTC)
    late = dt.datetime(2022, 7, 2, tzinfo=dt.UTC)
    may, june = (make_candidate(n, day=day, seen=early) for n, day in ((1, MAY), (2, JUNE)))
    by_clock = replace(june, day=None, days=DayInterval(MAY, dt.date(2022, 6, 3)))
    assert first_by(may, june) is FirstBy.DAY
    assert first_by(may, by_clock) is FirstBy.INTERVAL
    assert first_by(by_clock, replace(june, day=dt.date(2022, 7, 1))) is FirstBy.INTERVAL
    assert first_by(may, replace(june, day=None)) is FirstBy.DAY
    assert first_by(june, replace(june, first_seen_at=late)) is FirstBy.FIRST_SEEN
    assert first_by(june, replace(june, article_id=9)) is FirstBy.NUMBER
