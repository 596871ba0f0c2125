"""An office's own topics: added to a release, never changing it, all mistakes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.errors import TaxonomyError
from classifier.examples import failed_examples
from classifier.office import load_file, load_topics
from classifier.tagger import RuleTagger
from classifier.text import Document
from storage.records import Level

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.taxonomy import TaxonomyFile

OWN = """\
release: 2026.1-huyen-a
extends: "2026.1"
effective_from: 2026-03-01
source: Kế hoạch 12/KH-UBND của huyện A
headline_tags: {CCHC: [nong_thon]}
numbers:
  chung:
    - {number: 12/KH-UBND, dated: 2026-01-15, weight: strong, valid_until: 2027-01-01}
topics:
  - code: nong_thon
    name: Nông thôn mới
    definition: Xây dựng nông thôn mới.
    cues: {strong: [nông thôn mới]}
    examples: {"yes": [Xã đạt chuẩn nông thôn mới], "no": [Giá lúa tăng]}
"""


def own(folder: Path, text: str = OWN) -> Path:
    path = folder / "chu-de.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_release_holds(tmp_path: Path, release: TaxonomyFile) -> None:
    assert load_topics(tmp_path) == release


def test_an_own_topic_stands_beside_those_of_the_release(
    tmp_path: Path, release: TaxonomyFile
) -> None:
    own(tmp_path)
    file = load_topics(tmp_path)
    assert [topic.code for topic in file.topics][-1] == "nong_thon"
    assert file.topics[1:-1] == release.topics[1:]
    assert file.headline_tags[0].topics[-1] == "nong_thon"
    assert file.digest != release.digest
    assert failed_examples(RuleTagger(file), file) == []


def test_an_own_regulation_stands_for_its_topic_on_its_day(tmp_path: Path) -> None:
    tagger = RuleTagger(load_file(own(tmp_path)))
    title = "Triển khai Kế hoạch 12/KH-UBND ngày 15/01/2026"
    (found,) = tagger.tag(Document(title, None, ""))
    assert (found.topic, found.level) == ("chung", Level.MAIN)
    assert "12/KH-UBND (hết hiệu lực 01/01/2027)" in {span.cue for span in found.spans}
    other_year = title.replace("2026", "2025")
    assert all(one.level is not Level.MAIN for one in tagger.tag(Document(other_year, None, "")))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("CCHC: [nong_thon]", "XYZ: [nong_thon]", "headline_tags.XYZ"),
        ("CCHC: [nong_thon]", "CCHC: [khong_co]", "khong_co"),
        ("  chung:", "  khong_co:", "numbers.khong_co"),
        ("code: nong_thon", "code: tthc", "topics: tthc"),
        ('extends: "2026.1"', "extends: '1999.9'", "extends"),
        ('extends: "2026.1"', "extends: ../../x", "extends"),
        ("release: 2026.1-huyen-a", 'release: "2026.1"', "release"),
        ("valid_until: 2027-01-01", "het_han: 2027-01-01", "het_han"),
    ],
)
def test_a_mistake_is_told_by_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in OWN
    with pytest.raises(TaxonomyError, match=problem):
        load_file(own(tmp_path, OWN.replace(old, new)))
