"""Sentences, folding, and the way back to the stored text."""

from __future__ import annotations

import itertools
import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import _END as SENTENCE_END
from classifier.text import (
    MAX_CHARACTERS,
    Document,
    FoldedText,
    fold_spelling,
    split_sentences,
)
from storage.records import Field

VIETNAMESE = st.text(alphabet="cải hành CHÍNH thuỷ kỹ quý đĐ\u0301\u0309.,!?\n “”İ😀", max_size=80)


def sentences_of(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Một câu. Hai câu! Ba câu?", ["Một câu.", "Hai câu!", "Ba câu?"]),
        ("UBND TP. Huế họp. Ông kết luận.", ["UBND TP. Huế họp.", "Ông kết luận."]),
        ("Ngày 3.4.2021 tại Q. 10 có mưa.", ["Ngày 3.4.2021 tại Q. 10 có mưa."]),
        ("Đầu đề không chấm\nĐoạn hai", ["Đầu đề không chấm", "Đoạn hai"]),
        ('Ông nói: "Được." Rồi về.', ['Ông nói: "Được."', "Rồi về."]),
        ("", []),
        (" \n \n", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


@given(VIETNAMESE)
def test_sentences_lie_in_order_and_lose_no_letter(text: str) -> None:
    places = list(split_sentences(text))
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(places))
    assert " ".join(text[a:b] for a, b in places).split() == text.split()


@given(VIETNAMESE)
def test_folding_keeps_the_length_and_the_place_of_every_letter(text: str) -> None:
    folded = FoldedText.of(text)
    assert len(folded.letters) == len(folded.written)
    assert folded.written == unicodedata.normalize("NFC", text)
    for i, letter in enumerate(folded.written):
        start, end = folded.place(i, i + 1)
        assert letter in unicodedata.normalize("NFC", text[start:end])


@given(VIETNAMESE)
def test_spelling_is_folded_once_and_for_all(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    once = fold_spelling(composed)
    assert fold_spelling(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [("Kỹ thuật", "kĩ thuật"), ("quản lí", "Quản lý"), ("hoà giải", "Hòa giải"), ("QUÝ", "quí")],
)
def test_two_spellings_of_a_syllable_are_one(one: str, other: str) -> None:
    assert fold_spelling(one) == fold_spelling(other)


def test_only_the_beginning_of_an_endless_text_is_read() -> None:
    document = Document("Tiêu đề", None, "chữ " * MAX_CHARACTERS)
    assert len(document.fields[Field.BODY].letters) == MAX_CHARACTERS


@pytest.mark.parametrize("bait", ["a.", ".", '."', "TP.", ". ", "\n", "?!"])
def test_splitting_takes_linear_time(bait: str) -> None:
    started_s = time.process_time()
    list(split_sentences(bait * (MAX_CHARACTERS // len(bait))))
    assert time.process_time() - started_s < 2


@given(st.text(alphabet='.!?…\n a)"', max_size=30))
def test_sentences_end_where_the_plain_expression_says(text: str) -> None:
    plain = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s)|\n+")
    assert [one.span() for one in SENTENCE_END.finditer(text)] == [
        one.span() for one in plain.finditer(text)
    ]
