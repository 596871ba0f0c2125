"""Taxonomy files: what ships is sound, and mistakes are told all at once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from classifier.errors import TaxonomyError
from classifier.examples import failed_examples
from classifier.tagger import RuleTagger
from classifier.taxonomy import load_release, load_taxonomy, parse_taxonomy

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.taxonomy import TaxonomyFile

TOPICS = ["chung", "the_che", "tthc", "bo_may", "cong_vu", "tai_chinh_cong", "cpdt", "chi_so"]


def problems_in(text: str) -> tuple[str, ...]:
    with pytest.raises(TaxonomyError) as told:
        parse_taxonomy(text, name="t.yml")
    return told.value.problems


def test_the_release_has_the_eight_topics_and_the_three_headline_tags(
    release: TaxonomyFile,
) -> None:
    record = release.record()
    assert [topic.code for topic in record.topics] == TOPICS
    assert {tag.code: tag.topics for tag in record.headline_tags} == {
        "CCHC": tuple(TOPICS),
        "TTHC": ("tthc",),
        "CPĐT": ("cpdt",),
    }
    assert record.release == "2026.1"
    assert record.effective_from == dt.date(2026, 1, 1)


def test_every_example_of_the_release_comes_out_as_it_says(
    release: TaxonomyFile, tagger: RuleTagger
) -> None:
    assert failed_examples(tagger, release) == []


def test_an_example_that_comes_out_wrong_is_found(small: str) -> None:
    file = parse_taxonomy(small.replace('"no": [Một cửa hàng]', '"no": [Qua một cửa]'), name="t")
    (failure,) = failed_examples(RuleTagger(file), file)
    assert (failure.topic, failure.text, failure.wanted_main) == ("tthc", "Qua một cửa", False)
    assert failure.reason


def test_the_digest_follows_the_text_and_nothing_else(small: str) -> None:
    once, again = (parse_taxonomy(small, name=name) for name in ("a.yml", "b.yml"))
    other = parse_taxonomy(small + "# thêm\n", name="a.yml")
    assert once.digest == again.digest != other.digest
    assert load_release().record().digest == load_release().digest


def test_a_release_that_ships_can_be_loaded_from_a_path_too(small: str, tmp_path: Path) -> None:
    path = tmp_path / "nhỏ.yml"
    path.write_text(small, encoding="utf-8")
    assert load_taxonomy(path) == parse_taxonomy(small, name="t.yml")


def test_all_mistakes_are_told_at_once_with_line_and_field(small: str) -> None:
    text = (
        small.replace("release:", "relaese:")
        .replace("    name: Thủ tục\n", "")
        .replace("weight: strong, of", "weight: huge, of")
        .replace("number: 61/2018/NĐ-CP", "number: Nghị định 61")
    )
    problems = problems_in(text)
    lines = text.splitlines()
    named = {problem.split(": ")[1]: lines[int(problem.split(":")[1]) - 1] for problem in problems}
    assert set(named) == {
        "relaese",
        "release",
        "topics.0.name",
        "topics.0.together.0.weight",
        "topics.0.numbers.0.number",
    }
    assert "relaese" in named["relaese"]
    assert "huge" in named["topics.0.together.0.weight"]
    assert "Nghị định 61" in named["topics.0.numbers.0.number"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("topics: [tthc, chi_so]", "topics: [tthc, thieu]", "headline_tags.0.topics.1"),
        ("code: chi_so", "code: tthc", "topics.1.code"),
        ('"@giảm"', '"@tăng"', "topics.0.together.0.of.0"),
        ("off_subject: [lừa đảo]", 'off_subject: ["@gian"]', "off_subject.0"),
        ("weak: [giấy tờ", "weak: [hồ sơ", "topics.0.cues.weak.0"),
        ('"no": [Chỉ số giá]', '"no": []', "topics.1.examples.no"),
        ("effective_from: 2026-01-01", "effective_from: sớm", "effective_from"),
        ("source: bài thử", "digest: abc\nsource: bài thử", "digest"),
        ("source: bài thử", "source: bài thử\nsource: hai lần", "source"),
    ],
)
def test_a_contradiction_is_told_with_its_field(small: str, old: str, new: str, field: str) -> None:
    assert old in small
    assert field in [problem.split(": ")[1] for problem in problems_in(small.replace(old, new))]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "release: [1", "effective_from: 2026-02-30"])
def test_a_file_that_is_no_taxonomy_is_told_not_raised_otherwise(text: str) -> None:
    assert problems_in(text)


def test_a_missing_or_unreadable_file_is_told(tmp_path: Path) -> None:
    binary = tmp_path / "nhị phân.yml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path / "không có.yml"):
        with pytest.raises(TaxonomyError, match=path.name):
            load_taxonomy(path)


def test_what_replaces_a_regulation_is_known_and_in_force_after_it(release: TaxonomyFile) -> None:
    numbers = {one.number: one for topic in release.topics for one in topic.numbers}
    for one in numbers.values():
        assert one.valid_until is None or one.dated is None or one.dated < one.valid_until
        if one.replaced_by is not None:
            assert one.valid_until is not None
            after = numbers[one.replaced_by]
            assert after.valid_until is None or after.valid_until > one.valid_until


def test_a_regulation_under_two_topics_is_one_document(release: TaxonomyFile) -> None:
    facts: dict[str, set[tuple[object, ...]]] = {}
    for topic in release.topics:
        for one in topic.numbers:
            known = facts.setdefault(one.number, set())
            known.add((one.dated, one.valid_until, one.replaced_by, one.unverified))
    assert all(len(known) == 1 for known in facts.values())
