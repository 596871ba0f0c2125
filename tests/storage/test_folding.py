"""One folding for search, comparison and rules: the same word however it was typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.folding import _CONTROL, _INVISIBLE, clean, fold, fold_in_place, strip_accents, tidy

VIETNAMESE = st.text(
    alphabet=st.sampled_from(
        "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạòóỏõọùúủũụỳýỷỹỵ -–“”ẮỘỲĐ\u00a0\u200b"
    )
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Hoà Bình", "hòa bình"),
        ("Thuỷ lợi", "thủy lợi"),
        ("KHOẺ", "khỏe"),
        ("quý", "quý"),
        ("hoàn thành", "hoàn thành"),
        ("Ðổi".replace("Ð", "Đ"), "đổi"),
        ("Nghị  quyết\n“số” 76–NQ", 'nghị quyết "số" 76-nq'),
        ("Ca\u0309i ca\u0301ch", "cải cách"),
        ("một\u200bcửa\u00ad", "mộtcửa"),
    ],
)
def test_a_word_has_one_form_however_it_was_typed(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_the_same_text_decomposed_folds_alike() -> None:
    text = "Ủy ban nhân dân huyện Đắk Song hoàn thành hoà giải"
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text() | VIETNAMESE)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text() | VIETNAMESE)
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(alphabet=" aă.\n\t\r\xa0\u2003\u2028", max_size=12))
def test_tidying_is_splitting_at_white_space_and_joining(text: str) -> None:
    assert tidy(text) == " ".join(text.split())


@given(st.text() | VIETNAMESE)
def test_tidy_text_is_one_line_of_visible_characters(text: str) -> None:
    line = tidy(text)
    assert tidy(line) == line
    assert line == line.strip()
    assert not any(char in line for char in "\n\r\t\0\u200b\ufeff")
    assert unicodedata.is_normalized("NFC", line)


@given(
    st.text() | VIETNAMESE | st.text(st.sampled_from("aế \n\t\x0b\x1c\x85\xa0\u00ad\u2000\u0301"))
)
def test_what_needs_no_cleaning_is_tidied_as_if_it_did(text: str) -> None:
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    assert tidy(text) == " ".join(_CONTROL.sub(" ", visible).split())


@given(st.text() | VIETNAMESE)
def test_folding_in_place_keeps_every_offset(text: str) -> None:
    assert len(fold_in_place(text)) == len(text)


@given(VIETNAMESE)
def test_folding_in_place_finds_what_folding_finds(text: str) -> None:
    line = tidy(text)
    assert fold_in_place(line) == fold(line)


def test_entities_are_decoded_before_anything_else() -> None:
    assert clean("C&#7843;i c&aacute;ch &amp; h&agrave;nh ch&iacute;nh&nbsp;") == (
        "Cải cách & hành chính"
    )


@given(VIETNAMESE)
def test_without_accents_only_plain_letters_are_left(text: str) -> None:
    plain = strip_accents(text)
    assert "đ" not in plain
    assert not any(unicodedata.combining(char) for char in plain)
