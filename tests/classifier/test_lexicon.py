"""Phrases are found in the dirt that pages bring, and nowhere else."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest

from classifier.expressions import key_of
from classifier.lexicon import Lexicon, names_another_day
from classifier.taxonomy import parse_taxonomy
from classifier.text import FoldedText


@pytest.fixture(scope="module")
def lexicon(small: str) -> Lexicon:
    return Lexicon(parse_taxonomy(small, name="t.yml"))


def found(lexicon: Lexicon, text: str) -> list[str]:
    folded = FoldedText.of(text)
    places = [folded.place(match.start, match.end) for match in lexicon.find(folded)]
    return [text[start:end] for start, end in places]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Bộ phận Một cửa xã", ["Một cửa"]),
        ("CẢI CÁCH THỦ TỤC HÀNH CHÍNH", ["CẢI CÁCH THỦ TỤC HÀNH CHÍNH"]),
        ("vềcải cách thủtục hành chính", ["cải cách thủtục hành chính"]),
        ("cải cách thủ tụ c hành chính", ["cải cách thủ tụ c hành chính"]),
        ("thủ  tục hành chínhvà", ["thủ  tục hành chính"]),
        ("khai trương một cửa hàng", ["một cửa hàng"]),
        ("chỉ số cải cách thủ tục hành chính", ["chỉ số cải cách thủ tục hành chính"]),
        ("thủ tục\nhành chính", []),
        ("hồ sơn, một cửaa, xhồ sơ", []),
        ("theo số61/2018/NĐ-CP và 61/2018/ND-CP", ["61/2018/NĐ-CP", "61/2018/ND-CP"]),
        ("theo 161/2018/NĐ-CP, 876/NQ-CP", []),
    ],
)
def test_a_phrase_is_found_where_it_stands(lexicon: Lexicon, text: str, phrases: list[str]) -> None:
    assert found(lexicon, text) == phrases


def test_decomposed_text_gives_the_same_phrases_at_its_own_places(lexicon: Lexicon) -> None:
    text = "Hồ sơ và cải cách thủ tục hành chính, giấy tờ"
    decomposed = unicodedata.normalize("NFD", text)
    phrases = found(lexicon, decomposed)
    assert phrases == [unicodedata.normalize("NFD", phrase) for phrase in found(lexicon, text)]
    assert len(phrases) == 3


@pytest.mark.parametrize(
    ("text", "another"),
    [
        ("76/NQ-CP ngày 15/7/2021", False),
        ("76/NQ-CP ngày 15/07/2021 của Chính phủ", False),
        ("76/NQ-CP năm 2021", False),
        ("76/NQ-CP ngày 13/6/2013", True),
        ("76/NQ-CP năm 2013", True),
        ("76/NQ-CP của Chính phủ", None),
    ],
)
def test_a_number_is_told_from_its_namesake_of_another_year(
    lexicon: Lexicon, text: str, *, another: bool | None
) -> None:
    folded = FoldedText.of(text)
    (match,) = lexicon.find(folded)
    assert names_another_day(folded, match, dt.date(2021, 7, 15)) is another


def test_every_phrase_of_the_release_finds_itself(request: pytest.FixtureRequest) -> None:
    release = request.getfixturevalue("release")
    lexicon = Lexicon(release)
    missed = [
        cue.phrase
        for cues in lexicon.cues.values()
        for cue in cues
        if key_of(cue.phrase) not in {m.key for m in lexicon.find(FoldedText.of(cue.phrase))}
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("cải cách thủ tục hàng chính", ["cải cách thủ tục hàng chính"]),
        ("cải cách thủ tục hành chnh", ["cải cách thủ tục hành chnh"]),
        ("cải cáhc thủ tục hành chính", ["cải cáhc thủ tục hành chính"]),
        ("cải cáhc thủ tục hàng chính", ["thủ tục hàng chính"]),
        ("cai cach thu tuc hanh chinh", ["cai cach thu tuc hanh chinh"]),
        ("thủ tục hành chính", ["thủ tục hành chính"]),
    ],
)
def test_a_long_phrase_is_found_with_one_letter_wrong_or_no_accents(
    lexicon: Lexicon, text: str, phrases: list[str]
) -> None:
    assert found(lexicon, text) == phrases


def test_far_down_a_phrase_begins_a_word_and_a_number_may_stick(lexicon: Lexicon) -> None:
    far = "x " * 300
    assert found(lexicon, "trươngmột cửa hàng") == ["một cửa hàng"]
    assert found(lexicon, f"{far}trươngmột cửa hàng") == []
    assert found(lexicon, f"{far}cải cách thủtục hành chính") == ["cải cách thủtục hành chính"]
    assert found(lexicon, f"{far}theo số61/2018/NĐ-CP") == ["61/2018/NĐ-CP"]
