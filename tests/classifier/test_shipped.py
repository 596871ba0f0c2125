"""The tagger that ships: it fits its card, bears any text, and knows the spellings of one word."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.card import read_card
from classifier.examples import failed_examples
from classifier.passages import OPENING_LETTERS
from classifier.shipped import (
    CURRENT_MODEL,
    digest_of,
    load_model,
    load_tagger,
    model_path,
    package_folder,
)
from classifier.text import Document
from storage.records import Field, Level, Verdict

if TYPE_CHECKING:
    from classifier.tagger import CombinedTagger
    from classifier.taxonomy import TaxonomyFile


@pytest.fixture(scope="module")
def shipped() -> CombinedTagger:
    return load_tagger()


def test_the_model_is_the_one_that_its_card_describes() -> None:
    card = read_card(package_folder(), CURRENT_MODEL)
    assert card is not None
    assert card.digest == digest_of(model_path(package_folder(), CURRENT_MODEL))
    assert card.floors.articles > 0


def test_the_model_is_small_and_knows_every_topic_of_the_release(release: TaxonomyFile) -> None:
    path = model_path(package_folder(), CURRENT_MODEL)
    assert path.stat().st_size < 5_000_000
    assert load_model().topics == tuple(topic.code for topic in release.topics)


def test_its_identity_names_rules_and_model(shipped: CombinedTagger) -> None:
    name, _, digest = shipped.identity.partition("#")
    assert name == f"rules@2+model@{CURRENT_MODEL}"
    assert len(digest) == 8


def test_most_examples_of_the_release_come_out_as_it_says(
    shipped: CombinedTagger, release: TaxonomyFile
) -> None:
    examples = sum(len(o.examples.yes) + len(o.examples.no) for o in release.topics)
    assert len(failed_examples(shipped, release)) <= examples // 10


HOSTILE = {
    "nothing": "",
    "one word": "Xã",
    "numbers": "12 345 " * 3_000,
    "five megabytes": "Đẩy mạnh cải cách hành chính, chuyển đổi số. " * 110_000,
    "one long word": "a" * 200_000,
    "full stops": "a." * 60_000,
    "half a phrase": "cải cách thủ tục hành " * 8_000,
    "open tags": "<a" * 80_000,
    "one open tag": "<p " + "x" * 150_000,
    "markup": "<div><p>Một&nbsp;cửa</p><!-- x --></div>" * 500,
    "marks": "e" + "\u0301" * 90_000,
    "invisible": "\u200b\ufeff\u00ad" * 9_000,
    "control characters": "\x00\x01\x02cải\x00cách",
    "emoji": "🎉👨‍👩‍👧 " * 9_000,
    "half a pair": "\ud800 cải cách",
    "English": "The district council opened a one-stop shop for public services. " * 200,
    "another script": "ទីភ្នាក់ងារ 行政改革 административная реформа " * 500,
    "growing letters": "İ" * 9_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_text_gets_a_verdict(shipped: CombinedTagger, text: str) -> None:
    for document in (Document(text, None, ""), Document("Xã", text, ""), Document("", None, text)):
        for tagging in shipped.tag(document):
            assert 0.0 <= tagging.score <= 1.0
            assert all(
                getattr(document, span.field.value)[span.start : span.end] == span.text
                for span in tagging.spans
            )


@given(st.text(max_size=300), st.text(max_size=600))
@settings(max_examples=40, deadline=None)
def test_no_text_makes_it_fail(headline: str, body: str) -> None:
    tagger = _loaded()
    document = Document(headline, None, body)
    assert tagger.tag(document) == tagger.tag(document)


_CACHE: list[CombinedTagger] = []


def _loaded() -> CombinedTagger:
    """Give the tagger, made once: a property test may not use a fixture of the module."""
    if not _CACHE:
        _CACHE.append(load_tagger())
    return _CACHE[0]


ONE_STOP = "Bộ phận một cửa xã trả kết quả thủ tục hành chính trước hạn"


@pytest.mark.parametrize(
    "headline",
    [
        ONE_STOP,
        unicodedata.normalize("NFD", ONE_STOP),
        ONE_STOP.upper(),
        ONE_STOP.replace("thủ tục", "thũ tục"),
        "Bo phan mot cua xa tra ket qua thu tuc hanh chinh truoc han",
        ONE_STOP.replace("thủ tục hành chính", "thủ tụchành chính"),
        f"<h1>{ONE_STOP}</h1>",
    ],
)
def test_one_title_in_many_spellings_is_one_subject(shipped: CombinedTagger, headline: str) -> None:
    found = {one.topic: one for one in shipped.tag(Document(headline, None, ""))}
    assert found["tthc"].level is Level.MAIN


def test_what_weighed_is_marked_in_title_and_text_and_never_as_nothing(
    shipped: CombinedTagger,
) -> None:
    body = "Sáng nay mưa to, đường trơn, chợ vắng. " * 8 + "Xã nhận hồ sơ trực tuyến, ký số. " * 9
    taggings = shipped.tag(Document("Tin vắn xã", None, body))
    learned = [
        [span for span in one.spans if span.cue.startswith("model:")]
        for one in taggings
        if one.verdict is not Verdict.REJECTED
    ]
    assert any(
        span.field is Field.BODY and span.start >= OPENING_LETTERS
        for spans in learned
        for span in spans
    )
    for spans in learned:
        assert len({span.cue for span in spans}) == len(spans)
        assert all(abs(span.weight) >= 0.02 for span in spans)


def test_a_slogan_in_a_general_report_does_not_count(shipped: CombinedTagger) -> None:
    body = (
        "Sáng nay, HĐND huyện họp phiên thường kỳ. Sản lượng lúa tăng 4%. Thu ngân sách đạt 61%. "
        "Các đại biểu đề nghị sửa đường liên thôn, cấp nước sạch, đẩy mạnh cải cách hành chính, "
        "giữ vững an ninh. Kỳ họp thông qua sáu nghị quyết về đầu tư."
    )
    taggings = shipped.tag(Document("HĐND huyện khai mạc kỳ họp giữa năm", None, body))
    assert all(one.verdict is not Verdict.ASSIGNED for one in taggings)
