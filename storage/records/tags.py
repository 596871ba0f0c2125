"""What it is about: topics, taggings, reviews."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt


class Level(Enum):
    """How far an article is about a topic (the definition of 'on topic')."""

    MAIN = "main"
    MENTION = "mention"
    NONE = "none"


class Verdict(Enum):
    """What the tagger makes of it."""

    ASSIGNED = "assigned"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    """A person should look; until then it is not counted and not denied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One content of administrative reform."""

    code: str
    name: str
    definition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineTag:
    """A tag that quotas are set on: given when any of its topics is the article's subject."""

    code: str
    """'CCHC', 'TTHC' or 'CPĐT'."""
    name: str
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taxonomy:
    """A release of all topics. Never edited once in use; a change is a new release."""

    release: str
    digest: str
    effective_from: dt.date
    topics: tuple[Topic, ...]
    headline_tags: tuple[HeadlineTag, ...]


class Field(Enum):
    """The part of an article that a span lies in."""

    HEADLINE = "headline"
    LEAD = "lead"
    BODY = "body"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A piece of text that speaks for (weight > 0) or against (< 0) a topic.

    ``text == getattr(extraction, field)[start:end]``: offsets in code points of the stored text.
    """

    field: Field
    start: int
    end: int
    text: str
    cue: str
    """The rule that fired, e.g. 'một cửa'."""
    weight: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Tagging:
    """A tagger's answer for one topic of one article version. Topics at NONE have no row."""

    topic: str
    level: Level
    verdict: Verdict
    score: float
    """0 … 1; the share of certainty that the article is about the topic."""
    reason: str
    """One sentence for people, e.g. 'chủ đề nằm ở tiêu đề'."""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TaggedVersion:
    """All that one tagger said of one version."""

    version_id: int
    tagger: str
    """Identity with digest, e.g. 'rules@1#9f2c01ab'."""
    taxonomy_release: str
    tagged_at: dt.datetime
    taggings: tuple[Tagging, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A person's answer for one topic of one article version. Added, never changed.

    It holds for every version of the article with the same title and text: read again by the
    crawler, it stands; when the text changes, the topic is open again.
    """

    version_id: int
    taxonomy_release: str
    topic: str
    level: Level
    """MAIN counts; MENTION and NONE do not."""
    reviewer: str
    """Who answers for it, e.g. an account name."""
    reason: str
    reviewed_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedArticle:
    """An article that people have decided on, and what they said."""

    article_id: int
    headline: str
    search_text: str
    """Of the version that was reviewed."""
    reviews: tuple[Review, ...]
    """By topic: the latest of each."""
