from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.digests import FoldedText, content_digest, search_text, text_digest
from storage.records import DateSource, Extraction

if TYPE_CHECKING:
    from collections.abc import Callable


def _digest(extraction: Extraction) -> str | None:
    return text_digest(FoldedText.of(extraction))


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "Khác"},
        {"lead": None},
        {"lead": ""},
        {"body": ""},
        {"date_published": None, "date_source": DateSource.NONE},
    ],
)
def test_headline_lead_body_and_day_make_a_version(
    make_extraction: Callable[..., Extraction], change: dict[str, object]
) -> None:
    assert content_digest(make_extraction(**change)) != content_digest(make_extraction())


def test_what_the_template_prints_around_makes_no_version(
    make_extraction: Callable[..., Extraction],
) -> None:
    around = make_extraction(
        byline="Lan",
        source_line="Nguồn",
        extractor="other@9",
        date_published_raw="5.9.2022",
        date_source=DateSource.TEMPLATE,
    )
    assert content_digest(around) == content_digest(make_extraction())


def test_decomposed_letters_make_no_version(make_extraction: Callable[..., Extraction]) -> None:
    extraction = make_extraction()
    decomposed = make_extraction(
        headline=unicodedata.normalize("NFD", extraction.headline),
        body=unicodedata.normalize("NFD", extraction.body),
    )
    assert content_digest(decomposed) == content_digest(extraction)
    assert FoldedText.of(decomposed) == FoldedText.of(extraction)


def test_the_same_text_set_otherwise_has_the_same_digest(
    make_extraction: Callable[..., Extraction],
) -> None:
    one = make_extraction("Tin A", lead=None, body="Bộ phận “một cửa”: hoà giải, 15 hồ sơ.")
    other = make_extraction("Tin B", lead="Sapo", body='BỘ PHẬN "MỘT CỬA"\nHÒA GIẢI – 15 hồ sơ')
    different = make_extraction("Tin A", lead=None, body="Bộ phận “một cửa”: hoà giải, 16 hồ sơ.")
    assert _digest(one) == _digest(other) != _digest(different)


def test_without_a_body_the_headline_is_the_text(
    make_extraction: Callable[..., Extraction],
) -> None:
    empty = make_extraction("Khai trương", body="")
    assert _digest(empty) == _digest(make_extraction("KHAI TRƯƠNG!", body=" … "))
    assert _digest(empty) != _digest(make_extraction("Bế mạc", body=""))
    assert _digest(make_extraction("***", body="")) is None


def test_what_is_searched_has_a_line_for_each_part_that_is_there(
    make_extraction: Callable[..., Extraction],
) -> None:
    whole = make_extraction("Hoà Bình", lead="SAPO", body="Một\nHai")
    assert search_text(FoldedText.of(whole)) == "hòa bình\nsapo\nmột hai"
    assert search_text(FoldedText.of(make_extraction("Tin", lead=None, body=""))) == "tin"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])) | st.text("aă1_ .,–•\n"))
def test_the_digest_of_a_text_is_that_of_its_letters_and_digits(body: str) -> None:
    letters = re.sub(r"[\W_]+", "", body)
    digest = hashlib.sha256(letters.encode()).hexdigest() if letters else None
    assert text_digest(FoldedText(headline="", lead="", body=body)) == digest
