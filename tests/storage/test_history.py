from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from storage.history import what_is_new

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
Told = tuple[str, int, str]  # about, hour, content


def _new(told: list[Told], known: list[Told]) -> list[Told]:
    return what_is_new(
        told,
        known,
        about=lambda record: record[0],
        at=lambda record: START + dt.timedelta(hours=record[1]),
        content=lambda record: record[2],
    )


def test_the_first_word_on_a_subject_is_new() -> None:
    assert _new([("a", 1, "x"), ("b", 1, "x")], []) == [("a", 1, "x"), ("b", 1, "x")]


def test_the_same_again_later_is_not_new() -> None:
    assert _new([("a", 2, "x"), ("a", 3, "x")], [("a", 1, "x")]) == []


def test_a_change_and_the_change_back_are_new() -> None:
    told = [("a", 2, "y"), ("a", 3, "x")]
    assert _new(told, [("a", 1, "x")]) == told


def test_what_comes_late_is_compared_with_what_was_in_force_at_its_instant() -> None:
    known = [("a", 1, "x"), ("a", 5, "y")]
    assert _new([("a", 3, "x")], known) == []
    assert _new([("a", 3, "y")], known) == [("a", 3, "y")]
    assert _new([("a", 0, "x")], known) == [("a", 0, "x")]


def test_of_two_at_one_instant_the_later_recorded_is_in_force() -> None:
    known = [("a", 1, "x"), ("a", 1, "y")]
    assert _new([("a", 2, "y")], known) == []
    assert _new([("a", 2, "x")], known) == [("a", 2, "x")]


@given(
    told=st.lists(
        st.tuples(st.sampled_from("ab"), st.integers(0, 4), st.sampled_from("xyz")), max_size=12
    ),
    data=st.data(),
)
def test_telling_the_same_again_in_any_order_gives_nothing(
    told: list[Told], data: st.DataObject
) -> None:
    in_order = sorted(told, key=lambda record: record[1])
    stored = _new(in_order, [])
    again = data.draw(st.permutations(in_order))
    assert _new(again, stored) == []
