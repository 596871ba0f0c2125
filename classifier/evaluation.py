"""How good taggings are, against what people found. Pure.

The figures are those that users are given: precision, recall and F1 of the headline tags, with
every tag decided (*forced*), and without those that a person is asked about (*with review*).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from classifier.decide import headline_verdict
from classifier.features import FeatureReader
from classifier.tagger import CombinedTagger
from classifier.training import PARTS, deal, train
from storage.records import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from classifier.tagger import Tagger
    from classifier.taxonomy import TaxonomyFile
    from classifier.training import Example
    from storage.records import HeadlineTag, Tagging

_RESAMPLES: Final = 500
_BINS: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """An article with what people and what a tagger said."""

    id: str
    group: str
    wanted: frozenset[str]
    """The headline tags it should have."""
    given: frozenset[str]
    """Those that the tagger would give if it had to decide."""
    uncertain: frozenset[str]
    """Those that it would rather ask a person about."""
    levels: Mapping[str, tuple[Level, Level]]
    """By topic: what people said, what the tagger said."""
    chances: Mapping[str, float]
    """By topic: the tagger's probability of main."""
    reasons: Mapping[str, str]
    site: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of right and wrong tags, and what follows from them."""

    right: int
    too_many: int
    missed: int

    @property
    def precision(self) -> float:
        """Give the part of the given tags that is right; 1 when none was given."""
        given = self.right + self.too_many
        return self.right / given if given else 1.0

    @property
    def recall(self) -> float:
        """Give the part of the wanted tags that was given; 1 when none was wanted."""
        wanted = self.right + self.missed
        return self.right / wanted if wanted else 1.0

    @property
    def f1(self) -> float:
        """Give the harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def judge(tagger: Tagger, examples: Iterable[Example], tags: Sequence[HeadlineTag]) -> list[Judged]:
    """Let a tagger judge labelled articles."""
    return [_judged(example, tagger.tag(example.document), tuple(tags)) for example in examples]


@dataclass(frozen=True, slots=True)
class _Folds:
    """Labelled articles in parts, and what else is learned from: sent whole to another process."""

    measured: Sequence[Example]
    teaching: Sequence[Example]
    file: TaxonomyFile

    def judge(self, part: int, reader: FeatureReader) -> list[Judged]:
        """Judge one part by a model that has seen no article of its groups."""
        parts = deal(self.measured)
        unseen = [e for e, p in zip(self.measured, parts, strict=True) if p == part]
        groups = {example.group for example in unseen}
        seen = [e for e in (*self.measured, *self.teaching) if e.group not in groups]
        record = self.file.record()
        model = train(seen, reader, name=f"cv{part}", taxonomy=record)
        return judge(CombinedTagger(self.file, model), unseen, record.headline_tags)


def cross_validate(
    measured: Sequence[Example],
    teaching: Sequence[Example],
    file: TaxonomyFile,
    reader: FeatureReader,
    *,
    jobs: int = 1,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Judged]:
    """Judge each article by a model that has seen neither it nor an article of its group.

    ``jobs``: parts judged at the same time, each in a process of its own; the answers are the same.
    """
    folds = _Folds(measured, teaching, file)
    judged: list[Judged] = []
    for part, found in enumerate(_judge_parts(folds, reader, jobs), start=1):
        judged += found
        progress(f"{part}/{PARTS}")
    return sorted(judged, key=lambda one: one.id)


def _judge_parts(folds: _Folds, reader: FeatureReader, jobs: int) -> Iterator[list[Judged]]:
    if jobs == 1:
        yield from (folds.judge(part, reader) for part in range(PARTS))
        return
    with ProcessPoolExecutor(min(jobs, PARTS), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_judge_in_process, [folds] * PARTS, range(PARTS))


def _judge_in_process(folds: _Folds, part: int) -> list[Judged]:
    return folds.judge(part, FeatureReader(folds.file))


def score(judged: Iterable[Judged], tags: Iterable[str], *, with_review: bool) -> Score:
    """Count the pairs of article and tag; with review those that a person decides are left out."""
    codes = tuple(tags)
    counts: Counter[tuple[bool, bool]] = Counter()
    for one in judged:
        for tag in codes:
            if not (with_review and tag in one.uncertain):
                counts[tag in one.wanted, tag in one.given] += 1
    return Score(counts[True, True], counts[False, True], counts[True, False])


def interval(
    judged: Iterable[Judged], tags: Iterable[str], *, with_review: bool
) -> tuple[float, float]:
    """Give the 95 % bootstrap interval of F1, groups of near-duplicates drawn together."""
    codes = tuple(tags)
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.group].append(one)
    scores = [score(group, codes, with_review=with_review) for group in groups.values()]
    drawn = random.Random(0)  # noqa: S311 - a repeatable sample, nothing secret
    values = sorted(_pooled(drawn.choices(scores, k=len(scores))).f1 for _ in range(_RESAMPLES))
    return values[int(_RESAMPLES * 0.025)], values[int(_RESAMPLES * 0.975)]


def by_source(
    judged: Iterable[Judged], tags: Iterable[str]
) -> dict[tuple[str, str], tuple[int, Score]]:
    """Give articles and forced score of each kind ('kind', …) and site ('site', …) that is told.

    Most articles first: figures of a handful say little.
    """
    codes = tuple(tags)
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        for sort, name in (("kind", one.kind), ("site", one.site)):
            if name:
                groups[sort, name].append(one)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1]))
    return {key: (len(some), score(some, codes, with_review=False)) for key, some in ordered}


def asked_share(judged: Sequence[Judged]) -> float:
    """Give the part of the articles with at least one tag that a person is asked about."""
    return sum(bool(one.uncertain) for one in judged) / len(judged) if judged else 0.0


def confusion(judged: Iterable[Judged], topic: str) -> Counter[tuple[Level, Level]]:
    """Count (wanted level, given level) of one topic."""
    return Counter(one.levels[topic] for one in judged)


def reliability(judged: Iterable[Judged]) -> list[tuple[float, float, int]]:
    """Give mean probability, share that was main, and number of cases, in ten steps.

    A calibrated tagger has the first two alike. Topics that a text does not touch are left out:
    they are all near 0, and would only flatter.
    """
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for one in judged:
        for topic, chance in one.chances.items():
            step = min(int(chance * _BINS), _BINS - 1)
            bins[step].append((chance, one.levels[topic][0] is Level.MAIN))
    return [
        (
            sum(chance for chance, _ in cases) / len(cases),
            sum(main for _, main in cases) / len(cases),
            len(cases),
        )
        for _, cases in sorted(bins.items())
    ]


def _pooled(scores: Iterable[Score]) -> Score:
    right = too_many = missed = 0
    for one in scores:
        right, too_many, missed = (
            right + one.right,
            too_many + one.too_many,
            missed + one.missed,
        )
    return Score(right, too_many, missed)


def _judged(
    example: Example, taggings: tuple[Tagging, ...], tags: tuple[HeadlineTag, ...]
) -> Judged:
    verdict = headline_verdict(taggings, tags)
    found = {tagging.topic: tagging for tagging in taggings}
    topics = {topic for tag in tags for topic in tag.topics}
    return Judged(
        id=example.id,
        group=example.group,
        wanted=frozenset(tag.code for tag in tags if example.main.intersection(tag.topics)),
        given=frozenset(verdict["headline"]),
        uncertain=frozenset(verdict["uncertain"]),
        levels={
            topic: (_wanted(example, topic), found[topic].level if topic in found else Level.NONE)
            for topic in sorted(topics)
        },
        chances={topic: tagging.score for topic, tagging in found.items() if topic in topics},
        reasons={topic: tagging.reason for topic, tagging in found.items()},
        site=example.site,
        kind=example.kind,
    )


def _wanted(example: Example, topic: str) -> Level:
    if topic in example.main:
        return Level.MAIN
    return Level.MENTION if topic in example.mention else Level.NONE
