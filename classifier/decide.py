"""From evidence to a level and a verdict, with the sentence that says why. Pure.

The definition: an article is *about* a topic when the title or the lead says so, or when at
least half of the text deals with it; otherwise the topic is mentioned, and does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from classifier.rules import CARRIES
from storage.records import Level, Tagging, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from classifier.rules import Evidence
    from storage.records import HeadlineTag

ASSIGNED_FROM: Final = 0.7
"""Certainty from which nobody is asked: clearly more often right than wrong."""
UNCERTAIN_FROM: Final = 0.4
"""From here to ``ASSIGNED_FROM`` right and wrong are about equally likely: a person looks."""

_HALF: Final = CARRIES / 2
"""One medium cue, or two weak ones."""
_FIRM: Final = 1.5 * CARRIES
"""More than one strong cue: one alone in an opening was the subject in one case of four."""
_CONFIRMED: Final = 0.2
"""Part of the text that must carry a topic which the title only hints at."""
_MOSTLY: Final = 0.5
"""Part of the text from which it deals with a topic: the definition's half."""
_MANY: Final = 3
"""Sentences: with fewer, a part of the text says little."""
_CUES_NAMED: Final = 3


class Ground(Enum):
    """Where a topic stands in an article: what the level rests on.

    The certainty is the share of cases in which a topic on that ground was the subject, in steps
    of 0.05: measured on 905 press and portal texts labelled by a person (cases from the first
    ground down: 196, 41, 4, 32, 0, 49, 62, 349, 28). The cues were chosen while reading these
    texts; on 486 others, never read for it, the first ground held in 0.89 of 61 cases.
    """

    TITLE = (Level.MAIN, 0.90, "Chủ đề nằm ở tiêu đề.")
    TITLE_CONFIRMED = (Level.MAIN, 0.80, "Tiêu đề gợi chủ đề và nội dung nói rõ chủ đề.")
    TITLE_NEAR_MISS = (Level.MAIN, 0.50, "Tiêu đề nêu chủ đề nhưng cũng nêu chuyện dễ lẫn.")
    OPENING = (Level.MAIN, 0.65, "Phần mở đầu nói về chủ đề, tiêu đề không nêu.")
    BODY = (Level.MAIN, 0.65, "Từ một nửa nội dung trở lên nói về chủ đề, tiêu đề không nêu.")
    """No case among them, so no measurement: the definition makes it main, a person looks."""
    TITLE_HINT = (Level.MENTION, 0.30, "Tiêu đề chỉ gợi chủ đề, nội dung không nói rõ.")
    OPENING_ONCE = (Level.MENTION, 0.25, "Phần mở đầu chỉ nhắc chủ đề, tiêu đề không nêu.")
    PASSING = (Level.MENTION, 0.05, "Chủ đề chỉ được nhắc qua trong bài.")
    NEAR_MISS = (Level.MENTION, 0.05, "Tiêu đề nói chuyện khác, bài chỉ nhắc chủ đề.")
    NOTHING = (Level.NONE, 0.0, "Không đủ dấu hiệu của chủ đề.")

    def __init__(self, level: Level, certainty: float, sentence: str) -> None:
        self.level = level
        self.certainty = certainty
        self.sentence = sentence

    @property
    def verdict(self) -> Verdict:
        """Say whether the article counts for the topic; a mention does not."""
        if self.certainty >= ASSIGNED_FROM:
            return Verdict.ASSIGNED
        return Verdict.UNCERTAIN if self.certainty >= UNCERTAIN_FROM else Verdict.REJECTED


def decide(evidence: Evidence) -> Tagging:
    """Give the rules' answer for one topic, with its reason; the level may be NONE."""
    ground = ground_of(evidence)
    cues = _cues_of(evidence)
    return Tagging(
        topic=evidence.topic,
        level=ground.level,
        verdict=ground.verdict,
        score=ground.certainty,
        reason=f"{ground.sentence} Dấu hiệu: {cues}." if cues else ground.sentence,
        spans=evidence.spans,
    )


def ground_of(evidence: Evidence) -> Ground:
    """Give the best ground that the evidence offers."""
    if evidence.near_miss:
        return _ground_behind_near_miss(evidence)
    opens = evidence.opening >= CARRIES
    hints = evidence.headline >= _HALF
    many = evidence.carrying >= _MANY
    grounds = (
        (Ground.TITLE, evidence.headline >= CARRIES),
        (Ground.TITLE_CONFIRMED, evidence.headline > 0 and opens),
        (Ground.TITLE_CONFIRMED, hints and evidence.share >= _CONFIRMED),
        (Ground.OPENING, evidence.opening >= _FIRM or (opens and many)),
        (Ground.BODY, many and evidence.share >= _MOSTLY),
        (Ground.TITLE_HINT, hints),
        (Ground.OPENING_ONCE, opens),
        (Ground.PASSING, evidence.named or evidence.carrying > 0),
    )
    return next((ground for ground, holds in grounds if holds), Ground.NOTHING)


def _ground_behind_near_miss(evidence: Evidence) -> Ground:
    if evidence.headline >= CARRIES:
        return Ground.TITLE_NEAR_MISS
    return Ground.NEAR_MISS if evidence.named else Ground.NOTHING


def _cues_of(evidence: Evidence) -> str:
    """Name the heaviest cues as they stand in the text, a few, each once."""
    heaviest = sorted(evidence.spans, key=lambda span: -abs(span.weight))
    seen = dict.fromkeys(f"“{span.text}”" for span in heaviest)
    return ", ".join(list(seen)[:_CUES_NAMED])


# ----------------------------------------------------------------- rules and model together


REFORM: Final = "*"
"""The question whether the article is about any topic at all."""
MAIN_FROM: Final = 0.45
"""Probability from which an article is about a topic. Tags are judged by F1, which is greatest when
they are given from half of the F1 that can be reached (Lipton, Elkan, Narayanaswamy: "Optimal
Thresholding of Classifiers to Maximize F1 Measure", ECML 2014), here a little under 0.5."""


ASKED_FROM: Final = 0.04
"""Risk from which an answer is asked about once a person reads the article, which is the work.
Tried 0.02 … 0.10: F1 with review 0.946, 0.948, 0.945, 0.942."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model thinks of one article. Probabilities 0 … 1, calibrated."""

    reform: float
    """That it is about any of the topics."""
    topics: Mapping[str, float]
    """That it is about each topic that the model knows, in the taxonomy's order."""
    risks: Mapping[str, float]
    """How likely an answer is to be wrong: ``REFORM``, and topics that are a tag of their own."""
    risk_limit: float
    """From this sum of an article's risks on a person is asked about it."""


def decide_together(evidence: Mapping[str, Evidence], opinion: Opinion) -> tuple[Tagging, ...]:
    """Give the answers for all topics that the article is about or mentions.

    The rules' findings have already spoken inside the model, which weighs them against the rest;
    here its probabilities become levels. A topic that the model has not learned (an office's own)
    is decided by the rules alone.
    """
    about = _subjects(evidence, opinion)
    asked = _to_ask(evidence, opinion, about)
    learned = (
        _answer(topic, evidence.get(topic), p, about, asked=topic in asked)
        for topic, p in opinion.topics.items()
    )
    others = (decide(seen) for topic, seen in evidence.items() if topic not in opinion.topics)
    answers = (*learned, *others)
    return tuple(answer for answer in answers if answer.level is not Level.NONE)


def _subjects(evidence: Mapping[str, Evidence], opinion: Opinion) -> Mapping[str, float]:
    """Give the topics that the article is about, with their probabilities.

    A topic that is a headline tag of its own is taken at its word; the others, rarer and learned
    from fewer cases, only when the article is about reform at all. When it is, but no single
    topic is likely, the likeliest carries it.
    """
    reform = opinion.reform >= MAIN_FROM
    about = {
        topic: p
        for topic, p in opinion.topics.items()
        if p >= MAIN_FROM and (reform or topic in opinion.risks)
    }
    if about or not reform:
        return about
    return {_nearest(evidence, opinion): opinion.reform}


def _to_ask(
    evidence: Mapping[str, Evidence], opinion: Opinion, about: Mapping[str, float]
) -> frozenset[str]:
    """Give the topics that a person should look at.

    Of an article that has to be read anyway, every answer that may be wrong. Doubt about reform
    as a whole lies on what carries it, unless a topic is sure by itself.
    """
    if sum(opinion.risks.values()) < opinion.risk_limit:
        return frozenset()
    risky = {question for question, risk in opinion.risks.items() if risk >= ASKED_FROM}
    topics = risky - {REFORM}
    sure = (topic for topic in about if topic in opinion.risks and topic not in risky)
    if REFORM in risky and not any(sure):
        topics |= {*about} or {_nearest(evidence, opinion)}
    return frozenset(topics)


def _nearest(evidence: Mapping[str, Evidence], opinion: Opinion) -> str:
    """Give the topic that reform would most likely be about."""

    def support(topic: str) -> float:
        seen = evidence.get(topic)
        return opinion.topics[topic] + (ground_of(seen).certainty if seen else 0.0)

    return max(opinion.topics, key=support)


def _answer(
    topic: str,
    seen: Evidence | None,
    probability: float,
    about: Mapping[str, float],
    *,
    asked: bool,
) -> Tagging:
    main = topic in about
    ground = ground_of(seen) if seen else Ground.NOTHING
    touched = ground is not Ground.NOTHING or asked
    settled = Verdict.ASSIGNED if main else Verdict.REJECTED
    return Tagging(
        topic=topic,
        level=Level.MAIN if main else Level.MENTION if touched else Level.NONE,
        verdict=Verdict.UNCERTAIN if asked else settled,
        score=round(about.get(topic, probability), 3),
        reason=_sentence(seen, ground, main=main),
        spans=seen.spans if seen else (),
    )


def _sentence(seen: Evidence | None, ground: Ground, *, main: bool) -> str:
    """Say in one sentence what the answer rests on, and where rules and model disagree."""
    said = ground.sentence
    if main and ground.level is not Level.MAIN:
        said = "Xét cả bài, bài viết nói về chủ đề, dù từ khóa chưa đủ rõ."
    elif not main and ground.level is Level.MAIN:
        said = "Từ khóa nêu chủ đề, nhưng xét cả bài thì bài viết nói chuyện khác."
    cues = _cues_of(seen) if seen else ""
    return f"{said} Dấu hiệu: {cues}." if cues else said


# ----------------------------------------------------------------- headline tags


def headline_verdict(
    taggings: tuple[Tagging, ...], tags: tuple[HeadlineTag, ...]
) -> dict[str, list[str]]:
    """Give the headline tags that the text gets, and those that a person should look at."""
    headline, uncertain = [], []
    for tag in tags:
        mine = [tagging for tagging in taggings if tagging.topic in tag.topics]
        if any(tagging.level is Level.MAIN for tagging in mine):
            headline.append(tag.code)
        if verdict_on({tagging.verdict for tagging in mine}) is Verdict.UNCERTAIN:
            uncertain.append(tag.code)
    return {"headline": headline, "uncertain": uncertain}


def verdict_on(verdicts: set[Verdict]) -> Verdict:
    """Give the verdict on a tag from those on its topics: one that is assigned is enough."""
    for verdict in (Verdict.ASSIGNED, Verdict.UNCERTAIN):
        if verdict in verdicts:
            return verdict
    return Verdict.REJECTED
