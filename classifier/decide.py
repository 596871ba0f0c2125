"""From evidence to a level and a verdict, with the sentence that says why. Pure.

The definition: an article is *about* a topic when the title or the lead says so, or when at
least half of the text deals with it; otherwise the topic is mentioned, and does not count.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from classifier.rules import CARRIES
from storage.records import Level, Tagging, Verdict

if TYPE_CHECKING:
    from classifier.rules import Evidence

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
    """Give the answer for one topic, with its reason; the level may be NONE."""
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
