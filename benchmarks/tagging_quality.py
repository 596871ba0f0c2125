# ruff: noqa: T201 - a script that prints
"""Baselines for the headline tags, on the folds that ``tinbai model evaluate`` uses.

    python benchmarks/tagging_quality.py LABELLED.jsonl [TEACHING.jsonl]

Phrases anywhere, the rules alone, and two text classifiers: underthesea_core's TF-IDF with a
linear SVM, and scikit-learn's where it is installed (it is no dependency of this program).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import underthesea_core

from classifier.datasets import read_labelled
from classifier.evaluation import Judged, interval, judge, score
from classifier.tagger import RuleTagger
from classifier.taxonomy import load_release
from classifier.training import PARTS, deal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from classifier.training import Example
    from storage.records import HeadlineTag, Taxonomy

PHRASES = {
    "CCHC": ("cải cách hành chính", "cchc", "chính quyền 2 cấp", "bộ máy", "par index", "papi"),
    "TTHC": ("thủ tục hành chính", "tthc", "một cửa", "dịch vụ công"),
    "CPĐT": ("chính phủ điện tử", "chính phủ số", "chính quyền số", "chuyển đổi số", "vneid"),
}
IMPLIED = {"TTHC": "CCHC", "CPĐT": "CCHC"}


def main(labelled: Path, teaching: Path | None) -> None:
    """Print precision, recall and F1 of each baseline."""
    file = load_release()
    record = file.record()
    measured = read_labelled(labelled, record)
    taught = read_labelled(teaching, record) if teaching else []
    ways = {
        "phrases anywhere": [_by_phrases(example, record.headline_tags) for example in measured],
        "rules": judge(RuleTagger(file), measured, record.headline_tags),
        "underthesea_core TF-IDF + SVM": _trained(_fit_underthesea, measured, taught, record),
    }
    try:
        ways["scikit-learn TF-IDF + SVM"] = _trained(_fit_sklearn, measured, taught, record)
    except ImportError:
        print("scikit-learn is not installed: left out")
    for name, judged in ways.items():
        print(name)
        for label, tags in (*((t, [t]) for t in PHRASES), ("micro", list(PHRASES))):
            one = score(judged, tags, with_review=False)
            low, high = interval(judged, tags, with_review=False)
            print(
                f"  {label:6} P {one.precision:.3f}  R {one.recall:.3f}  F1 {one.f1:.3f} "
                f"[{low:.3f}, {high:.3f}]"
            )


def _text(example: Example) -> str:
    return f"{example.document.headline}\n{example.document.body}"


def _by_phrases(example: Example, tags: Sequence[HeadlineTag]) -> Judged:
    text = _text(example).lower()
    given = {tag for tag, phrases in PHRASES.items() if any(one in text for one in phrases)}
    return _judged(example, given, tags)


def _judged(example: Example, given: set[str], tags: Sequence[HeadlineTag]) -> Judged:
    implied = {IMPLIED[tag] for tag in given if tag in IMPLIED}
    return Judged(
        id=example.id,
        group=example.group,
        wanted=frozenset(tag.code for tag in tags if example.main.intersection(tag.topics)),
        given=frozenset(given | implied),
        uncertain=frozenset(),
        levels={},
        chances={},
        reasons={},
    )


def _trained(
    fit: Callable[[Sequence[str], Sequence[bool]], Callable[[str], bool]],
    measured: Sequence[Example],
    taught: Sequence[Example],
    record: Taxonomy,
) -> list[Judged]:
    parts = deal(measured)
    judged = []
    for part in range(PARTS):
        unseen = [e for e, p in zip(measured, parts, strict=True) if p == part]
        groups = {example.group for example in unseen}
        seen = [e for e in (*measured, *taught) if e.group not in groups]
        given: dict[str, set[str]] = {example.id: set() for example in unseen}
        for tag in record.headline_tags:
            says = fit([_text(e) for e in seen], [bool(e.main & set(tag.topics)) for e in seen])
            for example in unseen:
                if says(_text(example)):
                    given[example.id].add(tag.code)
        judged += [_judged(e, given[e.id], record.headline_tags) for e in unseen]
    return judged


def _fit_underthesea(texts: Sequence[str], labels: Sequence[bool]) -> Callable[[str], bool]:
    model = underthesea_core.TextClassifier(max_features=50_000, ngram_range=(1, 2), min_df=2)
    model.fit(list(texts), ["yes" if label else "no" for label in labels])
    return lambda text: model.predict(text) == "yes"


def _fit_sklearn(texts: Sequence[str], labels: Sequence[bool]) -> Callable[[str], bool]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - optional
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    model = make_pipeline(
        TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2), token_pattern=r"(?u)\w+"),  # noqa: S106 - no password
        LinearSVC(class_weight="balanced"),
    )
    model.fit(texts, labels)
    return lambda text: bool(model.predict([text])[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # noqa: PLR2004
