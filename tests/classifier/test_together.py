"""Rules and model together: what counts, whom a person is asked, how cues run through a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.decide import ASKED_FROM, REFORM, Opinion, decide_together
from classifier.features import FeatureReader
from classifier.rules import Course, RuleBook
from classifier.taxonomy import TaxonomyFile, parse_taxonomy
from classifier.text import Document
from storage.records import Level, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPICS = {"tthc": 0.1, "cpdt": 0.1, "cong_vu": 0.1}


@pytest.fixture(scope="module")
def file(small: str) -> TaxonomyFile:
    return parse_taxonomy(small, name="nhỏ.yml")


def verdicts(
    reform: float, topics: Mapping[str, float], risks: Mapping[str, float], limit: float = 0.3
) -> dict[str, tuple[Level, Verdict]]:
    opinion = Opinion(
        reform=reform, topics={**TOPICS, **topics}, risks={REFORM: 0.0, **risks}, risk_limit=limit
    )
    return {one.topic: (one.level, one.verdict) for one in decide_together({}, opinion)}


def test_nobody_is_asked_below_the_limit_however_the_doubt_is_spread() -> None:
    risks = {REFORM: 0.1, "tthc": 0.1, "cpdt": 0.09}
    assert verdicts(0.9, {"tthc": 0.9}, risks) == {"tthc": (Level.MAIN, Verdict.ASSIGNED)}
    assert verdicts(0.1, {}, risks) == {}


def test_whoever_reads_an_article_is_asked_about_each_of_its_doubtful_answers() -> None:
    risks = {REFORM: ASKED_FROM / 2, "tthc": 0.4, "cpdt": ASKED_FROM}
    assert verdicts(0.9, {"tthc": 0.6, "cong_vu": 0.9}, risks) == {
        "tthc": (Level.MAIN, Verdict.UNCERTAIN),
        "cpdt": (Level.MENTION, Verdict.UNCERTAIN),
        "cong_vu": (Level.MAIN, Verdict.ASSIGNED),
    }


def test_doubt_about_reform_lies_on_what_carries_it_unless_a_tag_of_its_own_is_sure() -> None:
    doubt = {REFORM: 0.4, "tthc": 0.01, "cpdt": 0.01}
    assert verdicts(0.6, {"cong_vu": 0.5}, doubt) == {"cong_vu": (Level.MAIN, Verdict.UNCERTAIN)}
    assert verdicts(0.6, {"tthc": 0.9}, doubt) == {"tthc": (Level.MAIN, Verdict.ASSIGNED)}
    assert verdicts(0.3, {"cong_vu": 0.4}, doubt) == {"cong_vu": (Level.MENTION, Verdict.UNCERTAIN)}


def test_the_course_of_a_topic_tells_where_its_cues_stand(file: TaxonomyFile) -> None:
    body = "Xã họp.\nMột cửa mở.\nLúa tốt.\nHồ sơ ít.\nCăn cứ một cửa.\nMột cửa đông.\n"
    (evidence,) = RuleBook(file).weigh(Document("Tin xã", None, body))
    course = evidence.course
    assert course.weight == 2.5  # the legal basis is left out
    assert course.first == pytest.approx(5 / 6)
    assert course.spread == pytest.approx(4 / 6)
    assert course.late
    assert 0.4 < course.touched < 0.7
    assert course.density == pytest.approx(2500 / len(body.replace("\n", "")))


def test_a_topic_of_the_title_alone_has_no_course(file: TaxonomyFile) -> None:
    (evidence,) = RuleBook(file).weigh(Document("Một cửa", None, ""))
    assert evidence.course == Course()


def test_the_model_sees_which_topic_the_text_is_more_about(file: TaxonomyFile) -> None:
    body = "Một cửa mở. Một cửa đông. Chỉ số cải cách thủ tục hành chính tăng."
    features = FeatureReader(file).read(Document("Tin xã", None, body))
    assert features["r:tthc:rank"] == 1.0
    assert features["r:chi_so:rank"] == 0.5
    assert features["r:tthc:part"] == pytest.approx(2 / 3)
    assert features["w:cửa"] == 2
