"""How a walk over a section goes on and ends."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import Stop
from crawler.discovery.counted import following
from crawler.profiles import Discover, Section
from crawler.walk import Walker

NEW, OLD = dt.date(2022, 9, 1), dt.date(2021, 9, 1)


def walker(
    *, discover: Discover = Discover.LISTING, max_pages: int = 9, is_front: bool = False
) -> Walker:
    section = Section(name="Tin", url="tin", discover=discover)
    start = dt.date(2022, 1, 1)
    one = Walker(section=section, start=start, max_pages=max_pages, is_front=is_front)
    one.begin("p1")
    return one


def stop(one: Walker) -> Stop:
    return one.result(unfinished=Stop.INTERRUPTED).stop


def test_a_list_goes_on_until_a_whole_page_is_older_than_the_window() -> None:
    one = walker()
    assert one.take([("a", NEW), ("b", OLD)], next_address="p2") == "p2"
    assert one.take([("c", OLD), ("d", OLD)], next_address="p3") is None
    assert stop(one) is Stop.WINDOW_START
    assert one.result(unfinished=Stop.INTERRUPTED).pages == ((NEW, OLD), (OLD, OLD))


def test_a_front_page_shows_the_newest_only_unless_it_leads_to_a_second_one() -> None:
    alone, paged = walker(is_front=True), walker(is_front=True)
    alone.take([("a", NEW)], next_address=None)
    paged.take([("a", NEW)], next_address="p2")
    paged.take([("b", NEW)], next_address=None)
    assert alone.result(unfinished=Stop.INTERRUPTED).shows_newest_only
    assert not paged.result(unfinished=Stop.INTERRUPTED).shows_newest_only


def test_a_list_ends_where_no_page_follows() -> None:
    one = walker()
    assert one.take([("a", NEW)], next_address=None) is None
    assert stop(one) is Stop.LIST_END


def test_a_second_page_that_is_the_first_again_is_no_end() -> None:
    one = walker()
    assert one.take([("a", NEW)], next_address="p2") == "p2"
    assert one.take([("a", NEW)], next_address="p2") is None
    assert stop(one) is Stop.FAILED


def test_a_counted_page_that_leads_back_is_no_end() -> None:
    section = Section(name="Tin", url="tin", pages="/tin/page/{page}")
    one = Walker(section=section, start=dt.date(2022, 1, 1), max_pages=9)
    one.begin("p1")
    assert one.take([("a", NEW)], next_address="p2") == "p2"
    assert one.take([("b", NEW)], next_address="p2") is None
    assert stop(one) is Stop.FAILED


def test_a_page_that_is_sent_on_to_its_slash_keeps_its_number() -> None:
    section = Section(name="Tin", url="tin", pages="/tin/page/{page}")
    assert following("http://a.test/tin/page/2/", section) == "http://a.test/tin/page/3"
    asked = Section(name="Tin", url="tin", pages="/tin?trang={page}")
    assert following("http://a.test/tin?trang=2/", asked) == "http://a.test/tin?trang=2"


def test_a_list_that_repeats_its_last_page_ends_by_itself() -> None:
    one = walker()
    assert one.take([("a", NEW)], next_address="p2") == "p2"
    assert one.take([("a", NEW)], next_address="p3") is None
    assert stop(one) is Stop.LIST_END


def test_a_next_page_that_was_asked_before_is_the_end() -> None:
    one = walker()
    assert one.take([("a", NEW)], next_address="p1") is None
    assert stop(one) is Stop.LIST_END


def test_a_page_without_items_is_an_outage_or_redesign_not_an_end() -> None:
    one = walker()
    assert one.take([("a", NEW)], next_address="p2") == "p2"
    assert one.take([], next_address="p3") is None
    assert stop(one) is Stop.EMPTY


def counted_walker(*pages: str) -> Walker:
    """Make one over a list whose pages are counted, after it has seen these pages of one item."""
    section = Section(name="Tin", url="tin", discover=Discover.LISTING, pages="tin?trang={page}")
    one = Walker(section=section, start=dt.date(2022, 1, 1), max_pages=9)
    one.begin("p1")
    for number, item in enumerate(pages, start=2):
        assert one.take([(item, NEW)], next_address=f"p{number}") == f"p{number}"
    return one


def is_not_there(one: Walker, number: int, *, is_empty: bool) -> str | None:
    """Answer for a page by 'not found', or by an empty list; give what is asked next."""
    beyond = f"p{number + 1}"
    if is_empty:
        return one.take([], next_address=beyond)
    return one.miss(Stop.FAILED, f"p{number}: status 404", beyond=beyond)


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_counted_list_ends_where_two_pages_in_a_row_are_not_there(*, is_empty: bool) -> None:
    one = counted_walker("a", "b")
    assert is_not_there(one, 3, is_empty=is_empty) == "p4"
    assert is_not_there(one, 4, is_empty=not is_empty) is None
    assert stop(one) is Stop.LIST_END


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_page_that_lacks_in_the_middle_of_a_counted_list_is_no_end(*, is_empty: bool) -> None:
    one = counted_walker("a", "b")
    assert is_not_there(one, 3, is_empty=is_empty) == "p4"
    assert one.take([("d", NEW)], next_address="p5") is None
    assert stop(one) is (Stop.EMPTY if is_empty else Stop.FAILED)
    assert one.result(unfinished=Stop.INTERRUPTED).pages == ((NEW,), (NEW,))
    assert "d" in one.seen


@pytest.mark.parametrize("is_empty", [True, False])
def test_a_second_page_that_is_not_there_proves_no_end_its_address_may_be_wrong(
    *, is_empty: bool
) -> None:
    one = counted_walker("a")
    assert is_not_there(one, 2, is_empty=is_empty) is None
    assert stop(one) is not Stop.LIST_END


def test_an_error_beyond_the_page_that_lacks_leaves_the_end_unknown() -> None:
    one = counted_walker("a", "b")
    assert is_not_there(one, 3, is_empty=False) == "p4"
    assert one.miss(Stop.FAILED, "p4: status 500") is None
    assert (stop(one), one.result(unfinished=Stop.INTERRUPTED).detail) == (
        Stop.FAILED,
        "p3: status 404",
    )


def test_the_limit_of_pages_is_kept_and_said() -> None:
    one = walker(max_pages=2)
    assert one.take([("a", NEW)], next_address="p2") == "p2"
    assert one.take([("b", NEW)], next_address="p3") is None
    assert stop(one) is Stop.PAGE_LIMIT


def test_the_first_reason_to_end_stays() -> None:
    one = walker()
    one.miss(Stop.FAILED, "timeout")
    one.end(Stop.LIST_END)
    assert one.result(unfinished=Stop.INTERRUPTED).detail == "timeout"
    assert stop(one) is Stop.FAILED


def test_a_walk_without_an_end_ended_with_the_run() -> None:
    assert stop(walker()) is Stop.INTERRUPTED


def test_a_sitemap_ends_when_all_of_its_parts_have_come() -> None:
    one = walker(discover=Discover.SITEMAP)
    assert one.take_index(["s1", "s2", "s1", "p1"]) == ["s1", "s2"]
    one.take([("a", None)], next_address=None)
    assert stop(one) is Stop.INTERRUPTED
    one.take([], next_address=None)
    assert stop(one) is Stop.LIST_END


def test_an_index_of_sitemaps_is_followed_no_further_than_the_limit() -> None:
    one = walker(discover=Discover.SITEMAP, max_pages=3)
    assert one.take_index(["s1", "s2", "s3"]) == ["s1", "s2"]
    assert stop(one) is Stop.PAGE_LIMIT


def test_a_sitemap_with_a_part_that_failed_is_not_whole() -> None:
    one = walker(discover=Discover.SITEMAP)
    one.take_index(["s1", "s2"])
    one.miss(Stop.FAILED, "s1: status 500")
    one.take([("a", NEW)], next_address=None)
    assert stop(one) is Stop.FAILED


@given(st.lists(st.lists(st.integers(0, 20), max_size=5), min_size=1, max_size=30), st.data())
def test_every_walk_ends_within_its_limit(pages: list[list[int]], data: st.DataObject) -> None:
    one = walker(max_pages=5)
    asked = 1
    for items in pages:
        following = data.draw(st.none() | st.integers(1, 40).map(lambda n: f"p{n}"))
        entries = [(f"a{n}", NEW if n % 2 else OLD) for n in items]
        if one.take(entries, next_address=following) is None:
            assert stop(one) is not Stop.INTERRUPTED
            break
        asked += 1
    assert asked <= 5
