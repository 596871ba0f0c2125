"""Training: what is learned, what is held back, and that it comes out the same."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from classifier.datasets import read_labelled, shipped_articles
from classifier.errors import DatasetError, GateError
from classifier.evaluation import cross_validate, score
from classifier.features import FeatureReader
from classifier.gate import check, fingerprint, measure
from classifier.model_file import write_model
from classifier.tagger import CombinedTagger
from classifier.taxonomy import TaxonomyFile, parse_taxonomy
from classifier.text import Document
from classifier.training import Example, deal, train
from storage.records import Field, Level

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.model import Model

ABOUT = ("Xã mở một cửa", "Bàn về một cửa", "Quầy một cửa của xã", "Thủ tục hành chính gọn")
OTHER = ("Bóng đá xã", "Hội hoa", "Thời tiết xấu", "Giá lúa", "Chợ phiên", "Đường mới")


@pytest.fixture(scope="module")
def file(small: str) -> TaxonomyFile:
    return parse_taxonomy(small, name="nhỏ.yml")


def example(number: int, title: str, *, main: bool) -> Example:
    return Example(
        id=f"{number:03}",
        group=f"g{number // 2}",
        document=Document(title, None, ""),
        main=frozenset({"tthc"} if main else ()),
        sure=number % 5 != 0,
    )


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    titles = [(title, True) for title in ABOUT * 5] + [(title, False) for title in OTHER * 5]
    return [example(i, title, main=main) for i, (title, main) in enumerate(titles)]


@pytest.fixture(scope="module")
def model(file: TaxonomyFile, examples: list[Example]) -> Model:
    return train(examples, FeatureReader(file), name="thử", taxonomy=file.record())


def test_training_again_gives_the_same_bytes_in_any_order(
    file: TaxonomyFile, examples: list[Example], model: Model
) -> None:
    again = train(examples[::-1], FeatureReader(file), name="thử", taxonomy=file.record())
    assert write_model(again) == write_model(model)


def test_what_was_taught_is_told_with_its_places(file: TaxonomyFile, model: Model) -> None:
    tagger = CombinedTagger(file, model)
    document = Document("Phường mở một cửa", None, "Giá lúa tăng.")
    (tagging,) = (one for one in tagger.tag(document) if one.topic == "tthc")
    assert tagging.level is Level.MAIN
    assert tagging.score > 0.5
    texts = {Field.HEADLINE: document.headline, Field.BODY: document.body}
    assert all(texts[span.field][span.start : span.end] == span.text for span in tagging.spans)
    assert any(span.cue.startswith("model:") for span in tagging.spans)


def test_a_group_is_never_on_both_sides(examples: list[Example]) -> None:
    parts = dict(zip((e.id for e in examples), deal(examples), strict=True))
    by_group: dict[str, set[int]] = {}
    for one in examples:
        by_group.setdefault(one.group, set()).add(parts[one.id])
    assert all(len(found) == 1 for found in by_group.values())


def test_the_gate_lets_the_same_quality_pass_and_nothing_below(
    file: TaxonomyFile, examples: list[Example]
) -> None:
    judged = cross_validate(examples, [], file, FeatureReader(file))
    assert score(judged, ["CCHC"], with_review=False).f1 > 0.9
    quality = measure(judged, examples, file.record().headline_tags)
    check(quality, None)
    check(quality, quality)
    with pytest.raises(GateError, match="forced F1"):
        check(dataclasses.replace(quality, forced_f1=quality.forced_f1 - 0.1), quality)
    with pytest.raises(GateError, match="1111"):
        check(dataclasses.replace(quality, fingerprint="1111"), quality)


def test_parts_judged_at_the_same_time_are_judged_the_same(
    file: TaxonomyFile, examples: list[Example]
) -> None:
    few, reader = examples[::2], FeatureReader(file)
    assert cross_validate(few, [], file, reader, jobs=2) == cross_validate(few, [], file, reader)


def test_a_fingerprint_changes_with_a_label_and_not_with_the_order(
    examples: list[Example],
) -> None:
    changed = [example(0, ABOUT[0], main=False), *examples[1:]]
    assert fingerprint(examples) == fingerprint(examples[::-1]) != fingerprint(changed)


def test_the_articles_that_ship_are_many_and_each_once(release: TaxonomyFile) -> None:
    shipped = shipped_articles(release.record())
    assert len(shipped) >= 400
    assert len({one.document.headline.casefold() for one in shipped}) == len(shipped)
    for topic in release.record().topics:
        assert sum(topic.code in one.main for one in shipped) >= 10
        assert sum(topic.code in one.mention for one in shipped) >= 5


def test_wrong_lines_of_labelled_articles_are_told_by_number(
    tmp_path: Path, release: TaxonomyFile
) -> None:
    path = tmp_path / "nhãn.jsonl"
    good = '{"id": "1", "title": "a", "text": "", "main": []}'
    path.write_text(f'{good}\n{{"id": 2}}\nx\n{good}\n', encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        read_labelled(path, release.record())
    assert [problem.split(": ")[0] for problem in caught.value.problems] == [
        "nhãn.jsonl:2",
        "nhãn.jsonl:3",
        "nhãn.jsonl:4",
    ]
