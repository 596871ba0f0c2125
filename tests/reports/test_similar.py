"""Which decided articles read like this one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.similar import LEAST, most_similar

ONE_STOP = "xã đông trầm khai trương bộ phận một cửa tiếp nhận hồ sơ thủ tục hành chính"
OTHERS = [
    "giải bóng đá thanh niên xã tây trầm kết thúc tốt đẹp",
    "xã tây trầm khai trương bộ phận một cửa hiện đại tiếp nhận hồ sơ của người dân",
    "lịch cắt điện tuần này trên địa bàn huyện",
    "bộ phận một cửa xã nam trầm",
]


def test_the_likest_comes_first_and_what_has_nothing_in_common_is_left_out() -> None:
    found = most_similar(ONE_STOP, OTHERS)
    assert [place for place, _ in found][:2] == [1, 3]
    assert 2 not in [place for place, _ in found]


def test_the_same_text_is_wholly_alike() -> None:
    ((place, likeness), *_) = most_similar(ONE_STOP, [*OTHERS, ONE_STOP])
    assert place == len(OTHERS)
    assert likeness > 0.99


def test_nothing_is_like_nothing() -> None:
    assert most_similar("", OTHERS) == []
    assert most_similar(ONE_STOP, []) == []


@given(st.text(max_size=200), st.lists(st.text(max_size=200), max_size=6))
def test_whatever_is_compared_gives_few_places_in_order(text: str, others: list[str]) -> None:
    found = most_similar(text, others, most=2)
    assert len(found) <= 2
    assert all(0 <= place < len(others) and LEAST <= alike <= 1 for place, alike in found)
    assert [alike for _, alike in found] == sorted((a for _, a in found), reverse=True)
