"""Texts that are one post but for a few words, and such that only read alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import sketches
from reports.likeness import ComparedText, likeness, overlap
from reports.sketches import BANDS, HASHES, estimate, pairs, sketch

if TYPE_CHECKING:
    import random

LABELLED: Any = yaml.safe_load(
    (Path(__file__).parents[1] / "likeness" / "pairs.yml").read_text("utf-8")
)


def made(text: str, changes: list[dict[str, str]]) -> str:
    """Make the other text of a pair."""
    for change in changes:
        match change:
            case {"text": whole}:
                text = whole
            case {"put": old, "by": new}:
                assert old in text
                text = text.replace(old, new)
            case {"cut": old}:
                assert old in text
                text = text.replace(old, "")
            case {"front": first}:
                text = f"{first}\n{text}"
            case {"end": last}:
                text = text.rstrip("\n") + f"\n{last}"
            case _:
                raise ValueError(change)
    return text


@pytest.fixture(scope="module")
def labelled() -> list[tuple[bool, ComparedText, ComparedText]]:
    """Give whether they are one post, and the two texts."""
    return [
        (same, ComparedText(text), ComparedText(made(text, changes)))
        for name, _, same, *changes in LABELLED["pairs"]
        for text in [LABELLED["texts"][name]]
    ]


def test_seventy_percent_finds_nearly_all_copies_and_hardly_anything_else(
    labelled: list[tuple[bool, ComparedText, ComparedText]],
) -> None:
    """Measured: precision 0.977, recall 0.977; without numbers and names precision is 0.67."""
    judged = [(same, likeness(one, other)) for same, one, other in labelled]
    found = [same for same, percent in judged if percent is not None and percent >= 70]
    assert len(judged) >= 120
    assert sum(found) / len(found) >= 0.975
    assert sum(found) / sum(same for same, _ in judged) >= 0.975


def test_every_copy_is_also_found_by_its_sketch(
    labelled: list[tuple[bool, ComparedText, ComparedText]],
) -> None:
    alike = [
        (one, other) for _, one, other in labelled if one != other and overlap(one, other) >= 70
    ]
    missed = [pair for pair in alike if list(pairs(map(sketch, pair), least=70)) != [(0, 1)]]
    assert len(alike) > 100
    assert missed == []


def test_a_schedule_of_another_week_is_no_copy_and_one_with_a_caption_is() -> None:
    week = ComparedText(LABELLED["texts"]["lich-tuan"])
    next_week = ComparedText(week.body.replace("07/3", "14/3").replace("11/3", "18/3"))
    captioned = ComparedText(week.body + "\nẢnh chụp ngày 05/3")
    assert overlap(week, next_week) > 85
    assert likeness(week, next_week) is None
    assert (likeness(week, captioned) or 0) > 85


def test_a_number_that_occurs_more_often_elsewhere_is_another_number() -> None:
    """'Tháng 4 … 05/4' and 'tháng 5 … 05/5' have the same set of numbers but for the 4."""
    april = ComparedText("Lịch tiếp công dân tháng 4 của Chủ tịch xã: ngày 05/4")
    may = ComparedText("Lịch tiếp công dân tháng 5 của Chủ tịch xã: ngày 05/5")
    assert likeness(april, may) is None


def test_marks_are_read_as_people_write_them() -> None:
    text = ComparedText("Ông Lê Hà nói. Sau đó, UBND xã Vân Khê thu 1.240 tờ, quý IV, tuần thứ ba.")
    assert text.names == {"lê", "hà", "vân", "khê"}
    assert set(text.numbers) == {"1240", "iv", "thứ ba"}
    assert ComparedText("THÔNG BÁO CỦA Xã VÂN KHÊ").names == frozenset()
    assert ComparedText("a b").triples == {"a b"}
    assert ComparedText("Số_1: hai").letters == 6


@settings(max_examples=25)
@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30), st.data())
def test_likeness_is_the_same_both_ways_and_whole_of_itself(
    words: list[str], data: st.DataObject
) -> None:
    one = ComparedText(" ".join(words))
    other = ComparedText(" ".join(data.draw(st.permutations(words))))
    assert overlap(one, one) == 100
    assert overlap(one, other) == overlap(other, one)
    assert likeness(one, other) == likeness(other, one)


# ------------------------------------------------------------------------------ sketches


def test_a_sketch_depends_on_the_text_alone() -> None:
    text = "Bộ phận một cửa tiếp nhận và trả kết quả đúng hẹn cho người dân trong xã."
    first = sketch(ComparedText(text))
    assert first == sketch(ComparedText(text.upper()))
    assert len(first) == 4 * HASHES
    assert estimate(first, first) == 100
    # The stored sketches of all offices were made so: another digest needs another METHOD.
    assert first.hex()[:16] == "8986fd939577f8c6"


@settings(max_examples=20)  # each compares each with each
@given(dice=st.randoms(use_true_random=False), number=st.integers(0, 30))
def test_those_that_share_a_band_are_paired_once_however_they_are_sorted(
    dice: random.Random, number: int
) -> None:
    """By way of files or not; where few look alike, as comparing each with each finds them."""
    few = [dice.randbytes(16) for _ in range(3)]
    rows = [b"".join(dice.choices(few, k=16)) for _ in range(number)]
    expected = {
        (first, second)
        for second in range(number)
        for first in range(second)
        if any(rows[first][at : at + 16] == rows[second][at : at + 16] for at in range(0, 256, 16))
        and estimate(rows[first], rows[second]) >= 40 - 25
    }
    in_memory = list(pairs(rows, least=40))
    assert len(in_memory) == len(set(in_memory))
    assert set(in_memory) == expected
    with pytest.MonkeyPatch.context() as small:
        small.setattr(sketches, "_IN_MEMORY", 7)
        small.setattr(sketches, "_BLOCK", 3)
        assert list(pairs(rows, least=40)) == in_memory


def test_none_and_one_have_no_pair() -> None:
    assert list(pairs([], least=70)) == []
    assert list(pairs([bytes(4 * HASHES)], least=70)) == []


def test_where_very_many_are_alike_each_is_compared_with_the_oldest() -> None:
    found = set(pairs([bytes(4 * HASHES)] * 60, least=70))
    assert {(0, place) for place in range(1, 60)} <= found
    assert (50, 59) not in found
    assert BANDS * 4 == HASHES
