"""A model's file: read as it was written, refused when it is not ours; what it says of a text."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest

from classifier.decide import MAIN_FROM, REFORM
from classifier.errors import ModelError
from classifier.features import FINDINGS, Features
from classifier.model import DOUBT, SECOND, Model, weigh_features
from classifier.model_file import read_model, write_model
from classifier.shipped import load_model
from classifier.tagger import CombinedTagger
from classifier.taxonomy import parse_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from classifier.decide import Opinion

MODEL = Model(
    name="thử",
    taxonomy_release="1.0",
    questions=(REFORM, "tthc", "chi_so", DOUBT, SECOND + REFORM, SECOND + "tthc"),
    idf={"t:một cửa": 2.0, "l:một": 1.5, "r:title_only": 1.0},
    weights={
        "t:một cửa": (1000, 1500, -250, 0, 1200, 1500),
        "l:một": (100, 0, 0, 300, -1000, -1000),
        "r:title_only": (0, 0, 0, 500, 0, 0),
    },
    biases=(-1.0, -1.0, -1.0, 0.0, -0.5, -0.5),
    calibration={
        REFORM: (1.0, 0.5, 0.5, 0.0),
        "tthc": (2.0, 0.5, 0.5),
        "chi_so": (2.0, 0.0),
    },
    asked=(REFORM, "tthc"),
    risk=(-1.0, 0.1, 0.5, 0.3, 0.0),
    risk_limit=0.25,
)


def features(**found: Mapping[str, float]) -> Features:
    findings = {kind: values for kind, values in found.items() if kind in FINDINGS}
    counts = {
        kind: {name: int(n) for name, n in values.items()}
        for kind, values in found.items()
        if kind not in FINDINGS
    }
    return Features(counts, findings)


ONE_STOP = features(t={"một cửa": 1})
NOTHING = features()


def judged(found: Features, model: Model = MODEL) -> Opinion:
    return model.judge(found)


def test_a_model_is_read_as_it_was_written() -> None:
    data = write_model(MODEL)
    read = read_model(data, name="thử.jsonl")
    assert dataclasses.replace(read, digest="") == MODEL
    assert write_model(read) == data


def test_a_feature_for_a_topic_makes_it_likelier() -> None:
    with_it = judged(ONE_STOP)
    without = judged(NOTHING)
    assert with_it.topics["tthc"] > 0.8
    assert without.topics["tthc"] < 0.5
    assert with_it.topics["chi_so"] < without.topics["chi_so"]
    assert set(with_it.risks) == {REFORM, "tthc"}


def test_an_answer_near_the_other_one_is_riskier() -> None:
    sure = judged(ONE_STOP)
    near = judged(features(t={"một cửa": 1}, l={"một": 1}, r={"title_only": 1.0}))
    hesitant = judged(
        ONE_STOP, dataclasses.replace(MODEL, biases=(-1.0, -1.0, -1.0, 0.4, -0.5, -0.5))
    )
    contradicted = judged(
        ONE_STOP, dataclasses.replace(MODEL, biases=(-1.0, -1.0, -1.0, 0.0, -3.5, -3.5))
    )
    assert near.risks["tthc"] > sure.risks["tthc"]
    assert hesitant.risks["tthc"] > sure.risks["tthc"]
    assert contradicted.risks["tthc"] > sure.risks["tthc"]


def test_sums_are_the_weights_times_the_vector_whatever_their_sign_and_order() -> None:
    model = dataclasses.replace(
        MODEL,
        idf={**MODEL.idf, "l:cửa": 3.25, "cT:mộtcửa": 1.75, "cR:mộtcửa": 1.25},
        weights={
            **MODEL.weights,
            "l:cửa": (-700, 40, 5, -1, 0, 9),
            "cT:mộtcửa": (20, -30, 400, -500, 6, -7),
            "cR:mộtcửa": (-1, 2, -3, 4, -5, 6),
        },
    )
    found = {"một": 7, "cửa": 1, "lạ": 3}
    at_first = {"mộtcửa": 2, "chưabiết": 1}
    one, other = (
        features(
            t={"một cửa": 1}, l=dict(turned), cT=at_first, cR={"mộtcửa": 1}, r={"title_only": 0.875}
        )
        for turned in (found.items(), [*found.items()][::-1])
    )
    margins = model.margins(one)
    assert margins == model.margins(other)
    vector = weigh_features(one.named(), model.idf)
    assert set(vector) == set(model.weights)
    for i, question in enumerate(model.questions):
        by_hand = sum(value * model.weights[name][i] / 1000 for name, value in vector.items())
        assert margins[question] == pytest.approx(model.biases[i] + by_hand)
    assert min(margins.values()) < 0 < max(margins.values())


def test_the_parts_of_a_margin_are_told_for_each_question_and_spelling() -> None:
    model = dataclasses.replace(
        MODEL,
        idf={**MODEL.idf, "t:một": 1.5},
        weights={**MODEL.weights, "t:một": (0, 200, 0, 0, 0, 0)},
    )
    found = features(t={"một cửa": 1, "một": 1, "lạ": 2}, l={"một": 2}, r={"title_only": 1.0})
    parts = model.contributions(found, ("t", "l"), ("tthc", REFORM))
    assert parts["tthc"] == pytest.approx({"một cửa": 0.8 * 1.5, "một": 0.6 * 0.2})
    assert parts[REFORM] == pytest.approx({"một cửa": 0.8 * 1.0, "một": 0.1})


def test_a_topic_that_is_a_tag_of_its_own_speaks_for_reform() -> None:
    tthc = dataclasses.replace(MODEL, biases=(-1.0, 3.0, -1.0, 0.0, -0.5, -0.5))
    assert judged(NOTHING, tthc).reform > MAIN_FROM > judged(NOTHING).reform


def test_a_long_text_speaks_no_louder_than_a_short_one() -> None:
    idf = {"l:a": 1.0, "l:b": 1.0, "l:c": 1.0}
    short = weigh_features({"l:a": 1.0}, idf)
    long = weigh_features({"l:a": 5.0, "l:b": 9.0, "l:c": 1.0, "l:unknown": 7.0}, idf)
    lengths = [sum(value**2 for value in vector.values()) for vector in (short, long)]
    assert lengths[0] == pytest.approx(lengths[1])
    assert "l:unknown" not in long


def changed(**known: object) -> bytes:
    head, *rows = write_model(MODEL).decode().splitlines()
    return "\n".join([json.dumps({**json.loads(head), **known}), *rows, ""]).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\x80\x04\x95",
        b"<html></html>\n",
        b"[1, 2]\n",
        b'{"format": "other"}\n',
        write_model(MODEL)[:-9],
        write_model(MODEL).replace(b"2000", b'"2000"'),
        write_model(MODEL).replace(b"2000", b"-2000"),
        write_model(MODEL).replace(b"2000", b"32000"),
        write_model(MODEL).replace(b"[", b"[" * 5000),
        changed(questions=["*", "tthc"]),
        changed(biases=[1]),
        changed(asked=["không có"]),
        changed(calibration={}),
        changed(calibration={"*": [1, 1], "tthc": [1, 1, 1], "chi_so": [1, 1]}),
        changed(risk=[0.5, 1, 1, 1, 1]),
        changed(risk=[1, 1, 1, 1]),
        write_model(MODEL).replace(b"1500", b"1500000"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_by_its_name(data: bytes) -> None:
    with pytest.raises(ModelError, match=r"lạ\.jsonl"):
        read_model(data, name="lạ.jsonl")


def test_a_missing_model_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"không_có"):
        load_model(tmp_path / "không_có.jsonl")


def test_a_model_of_other_topics_is_refused(small: str) -> None:
    other = dataclasses.replace(MODEL, questions=(REFORM, "tthc", "cpdt", *MODEL.questions[3:]))
    with pytest.raises(ModelError, match="cpdt"):
        CombinedTagger(parse_taxonomy(small, name="nhỏ.yml"), other)
