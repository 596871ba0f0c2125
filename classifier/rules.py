"""What the words of an article say for and against each topic, and where. Pure.

The rules weigh the cues of the title and of every sentence; ``classifier.decide`` alone turns
that evidence into a level and a verdict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from classifier.expressions import key_of
from classifier.lexicon import Lexicon, names_another_day
from classifier.passages import Passage, Place, passages_of
from classifier.taxonomy import Weight
from storage.records import Field, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from classifier.expressions import Match
    from classifier.lexicon import Cue
    from classifier.taxonomy import TaxonomyFile, Together
    from classifier.text import Document

CARRIES: Final = 1.0
"""Weight from which a title or sentence is about a topic: one strong cue, two medium ones, or a
medium and two weak ones."""
_VALUES: Final = {Weight.STRONG.value: 1.0, Weight.MEDIUM.value: 0.5, Weight.WEAK.value: 0.25}
_STRONG: Final = Weight.STRONG
_WEAK: Final = _VALUES[Weight.WEAK.value]
_WEAK_AT_MOST: Final = 0.5
_AGAINST: Final = -0.5
_MOST_SPANS: Final = 20
"""What is kept for the reader of one tagging; the weighing uses all."""


@dataclass(frozen=True, slots=True)
class Course:
    """How the cues of a topic run through lead and body; legal bases are left out. Shares 0 … 1."""

    weight: float = 0.0
    """Of all its sentences together."""
    density: float = 0.0
    """The same for each thousand letters."""
    touched: float = 0.0
    """Part of the text, by length, whose sentences have any cue of it."""
    first: float = 0.0
    """How near to the beginning it comes up: 1 in the first sentence, 0 never."""
    spread: float = 0.0
    """From the first sentence with a cue to the last one."""
    late: bool = False
    """A sentence of the last third carries it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an article's words say of one topic. Weights as in ``CARRIES``."""

    topic: str
    headline: float
    """Weight of the title's cues; vetoed ones are left out."""
    near_miss: bool
    """The title names a near miss of this topic, or a crime."""
    opening: float
    """The greatest weight of a sentence in the lead or, without one, in the first sentences."""
    share: float
    """Part of lead and body, by length, whose sentences carry the topic: 0 … 1."""
    carrying: int
    """How many sentences of lead and body carry it."""
    named: bool
    """A phrase that would be enough in a title stands anywhere, a legal basis included."""
    course: Course
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the rules read in an article: the model weighs the same things again."""

    evidence: tuple[Evidence, ...]
    """For every topic that the article touches, in the taxonomy's order."""
    cues: Mapping[Place, Mapping[str, int]]
    """By place: how often each phrase, by its key, or combination, by its label, stands there."""


class _Hit(NamedTuple):
    label: str
    match: Match
    value: float
    """Of its weight."""
    vetoes: bool = False
    spared: bool = False
    """Counts behind a veto too: a strong phrase."""
    names_topic: bool = False


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One passage and one topic."""

    passage: Passage
    hits: tuple[_Hit, ...]
    near_miss: bool
    weight: float

    @property
    def length(self) -> int:
        """Give the length of its passage in letters."""
        return self.passage.sentence.length

    @classmethod
    def of(cls, passage: Passage, hits: Iterable[_Hit]) -> _Weighed:
        """Sum the distinct cues; behind a veto only a strong phrase of the topic counts."""
        all_hits = tuple(hits)
        near_miss = any(hit.vetoes for hit in all_hits)
        found: dict[str, float] = {}
        for hit in all_hits:
            if not hit.vetoes and (hit.spared or not near_miss):
                found[hit.label] = max(found.get(hit.label, 0.0), hit.value)
        weak = sum(value for value in found.values() if value == _WEAK)
        firm = sum(found.values()) - weak
        return cls(passage, all_hits, near_miss, firm + min(weak, _WEAK_AT_MOST))


@dataclass(frozen=True, slots=True)
class _Combination:
    label: str
    value: float
    lists: tuple[frozenset[str], ...]
    headline_only: bool

    @classmethod
    def of(cls, rule: Together, file: TaxonomyFile) -> _Combination:
        lists = [file.phrases_of(e) if isinstance(e, str) else e for e in rule.of]
        return cls(
            label=" + ".join(e.removeprefix("@") if isinstance(e, str) else e[0] for e in rule.of),
            value=_VALUES[rule.weight.value],
            lists=tuple(frozenset(map(key_of, phrases)) for phrases in lists),
            headline_only=rule.where == "headline",
        )

    def match_in(self, passage: Passage) -> Match | None:
        """Give the first phrase of the first list when every list is there."""
        if self.headline_only and not passage.is_headline:
            return None
        if any(phrases.isdisjoint(passage.keys) for phrases in self.lists):
            return None
        return next(match for match in passage.matches if match.key in self.lists[0])


@dataclass(frozen=True, slots=True)
class _Size:
    """Of lead and body."""

    letters: int
    sentences: int


class RuleBook:
    """A taxonomy made ready to weigh articles."""

    def __init__(self, file: TaxonomyFile) -> None:
        self._lexicon = Lexicon(file)
        self._combinations = {
            topic.code: tuple(_Combination.of(rule, file) for rule in topic.together)
            for topic in file.topics
        }

        self._all_combinations = [
            (topic, combination)
            for topic, combinations in self._combinations.items()
            for combination in combinations
        ]
        self._starting: dict[str, list[int]] = defaultdict(list)
        """By phrase: the combinations whose first list it belongs to."""
        for number, (_, combination) in enumerate(self._all_combinations):
            for key in combination.lists[0]:
                self._starting[key].append(number)

    def weigh(self, document: Document) -> tuple[Evidence, ...]:
        """Give the evidence for every topic that the article touches, in the taxonomy's order."""
        return self.read(document).evidence

    def read(self, document: Document) -> Reading:
        """Give the evidence, and the phrases that it rests on by their places."""
        passages = list(passages_of(document, self._lexicon))
        off_subject = any(
            p.is_headline and not self._lexicon.off_subject.isdisjoint(p.keys) for p in passages
        )
        cues = _count_cues(passages)
        weighed = self._weigh_passages(document, passages, cues)
        text = [one for one in document.sentences if one.field is not Field.HEADLINE]
        size = _Size(letters=sum(one.end - one.start for one in text), sentences=len(text))
        evidence = tuple(
            _evidence(document, topic, weighed[topic], size, off_subject=off_subject)
            for topic in self._combinations
            if any(not hit.vetoes for one in weighed.get(topic, ()) for hit in one.hits)
        )
        return Reading(evidence, cues)

    def _weigh_passages(
        self,
        document: Document,
        passages: Sequence[Passage],
        cues: Mapping[Place, Counter[str]],
    ) -> Mapping[str, Sequence[_Weighed]]:
        """Give what each passage says of each topic; count the combinations among the cues."""
        company = self._company(passages)
        weighed: dict[str, list[_Weighed]] = defaultdict(list)
        for passage in passages:
            hits: dict[str, list[_Hit]] = defaultdict(list)
            for topic, hit in self._single_hits(passage, document, company):
                hits[topic].append(hit)
            for topic, hit in self._combined_hits(passage):
                hits[topic].append(hit)
                cues[passage.place][hit.label] += 1
            for topic, found in hits.items():
                weighed[topic].append(_Weighed.of(passage, found))
        return weighed

    def _single_hits(
        self, passage: Passage, document: Document, company: Mapping[str, set[str]]
    ) -> Iterator[tuple[str, _Hit]]:
        for match in passage.matches:
            for cue in self._lexicon.cues.get(match.key, ()):
                if cue.conditional:
                    weight = _weight_of(cue, match, passage, document, company)
                    if weight is None:
                        continue
                else:
                    weight = cue.weight
                spared = weight is _STRONG
                value = _VALUES[weight.value]
                hit = _Hit(cue.label, match, value, cue.vetoes, spared, cue.names_topic)
                yield cue.topic, hit

    def _combined_hits(self, passage: Passage) -> Iterator[tuple[str, _Hit]]:
        for topic, combination in self._combinable(passage):
            if (match := combination.match_in(passage)) is not None:
                yield topic, _Hit(combination.label, match, combination.value)

    def _combinable(self, passage: Passage) -> list[tuple[str, _Combination]]:
        """Give the combinations of which a phrase stands in the passage, in the file's order."""
        numbers = {n for key in passage.keys for n in self._starting.get(key, ())}
        return [self._all_combinations[n] for n in sorted(numbers)]

    def _company(self, passages: Sequence[Passage]) -> Mapping[str, set[str]]:
        """Give the cues of each topic that stand anywhere in the article, if any needs to know."""
        keys = frozenset().union(*(passage.keys for passage in passages))
        company: dict[str, set[str]] = defaultdict(set)
        if keys.isdisjoint(self._lexicon.needing_company):
            return company
        for key in keys:
            for cue in self._lexicon.cues.get(key, ()):
                if not cue.vetoes:
                    company[cue.topic].add(key)
        return company


def _count_cues(passages: Iterable[Passage]) -> Mapping[Place, Counter[str]]:
    cues: dict[Place, Counter[str]] = {place: Counter() for place in Place}
    for passage in passages:
        cues[passage.place].update([match.key for match in passage.matches])
    return cues


def _weight_of(
    cue: Cue, match: Match, passage: Passage, document: Document, company: Mapping[str, set[str]]
) -> Weight | None:
    """Give what a cue counts for where it stands; None: nothing."""
    if cue.headline_only and not passage.is_headline:
        return None
    if cue.needs_company and company[cue.topic] == {match.key}:
        return None
    if cue.dated is not None:
        verdict = names_another_day(document.fields[passage.sentence.field], match, cue.dated)
        if verdict is not False:
            return None if verdict else Weight.WEAK
    return cue.weight


def _evidence(
    document: Document,
    topic: str,
    weighed: Sequence[_Weighed],
    size: _Size,
    *,
    off_subject: bool,
) -> Evidence:
    title = next((one for one in weighed if one.passage.is_headline), None)
    text = [one for one in weighed if not one.passage.is_headline and not one.passage.legal_basis]
    carrying = [one for one in text if one.weight >= CARRIES]
    return Evidence(
        topic=topic,
        headline=0.0 if title is None or off_subject else title.weight,
        near_miss=off_subject or (title is not None and title.near_miss),
        opening=max(
            (one.weight for one in text if one.passage.place is Place.OPENING), default=0.0
        ),
        share=sum(one.length for one in carrying) / size.letters if size.letters else 0.0,
        carrying=len(carrying),
        named=any(hit.names_topic for one in weighed for hit in one.hits),
        course=_course(text, size),
        spans=tuple(islice(_spans(document, weighed), _MOST_SPANS)),
    )


def _course(text: Sequence[_Weighed], size: _Size) -> Course:
    touching = [one for one in text if one.weight > 0]
    if not touching:
        return Course()
    weight = sum(one.weight for one in touching)
    first, last = touching[0].passage.number, touching[-1].passage.number
    return Course(
        weight=weight,
        density=1000 * weight / size.letters,
        touched=sum(one.length for one in touching) / size.letters,
        first=1 - first / size.sentences,
        spread=(last - first) / size.sentences,
        late=any(
            one.weight >= CARRIES and 3 * one.passage.number >= 2 * size.sentences
            for one in touching
        ),
    )


def _spans(document: Document, weighed: Iterable[_Weighed]) -> Iterator[Span]:
    for one in weighed:
        place = one.passage.sentence.field
        source = getattr(document, place.value)
        for hit in one.hits:
            start, end = document.fields[place].place(hit.match.start, hit.match.end)
            yield Span(
                field=place,
                start=start,
                end=end,
                text=source[start:end],
                cue=hit.label,
                weight=_AGAINST if hit.vetoes else hit.value,
            )
