"""An explanation as one HTML file: the article's text with the marked spans, no scripts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from reports.explain_text import level_word, to_lines, verdict_word
from reports.render.pages import page
from storage.records import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reports.explain import Explanation, Topic
    from storage.records import Extraction, Span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is marked alike from end to end."""

    text: str
    spans: tuple[Span, ...] = ()
    """The spans that it lies in."""

    @property
    def weight(self) -> float:
        """Give what its spans say together: above 0 for the topic, below against it."""
        return sum(span.weight for span in self.spans)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    field: Field
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _TopicView:
    topic: Topic
    told: str
    paragraphs: tuple[_Paragraph, ...]


def to_html(explanation: Explanation) -> str:
    """Give the page; the same explanation gives the same text (in the same language)."""
    read = explanation.candidate.version_id
    extraction = next(
        (v.version.extraction for v in explanation.versions if v.version.id == read), None
    )
    views = () if extraction is None else tuple(_views(explanation.topics, extraction))
    return page(
        "explain.html.j2",
        title=explanation.candidate.title,
        views=views,
        text=() if extraction is None else tuple(_paragraphs(extraction)),
        tagger=explanation.tagger,
        sections=list(_sections(to_lines(explanation))),
    )


def _sections(lines: Iterable[str]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Cut the lines at the empty ones: heading, and the lines below with their depth."""
    block: list[str] = []
    for line in (*lines, ""):
        if line:
            block.append(line)
        elif block:
            heading, *rest = block
            yield heading, [((len(one) - len(one.lstrip())) // 2, one.strip()) for one in rest]
            block = []


def marked(text: str, spans: Iterable[Span]) -> Iterator[Piece]:
    """Cut a text where a span begins or ends; the pieces together are the text again."""
    inside = [span for span in spans if 0 <= span.start < span.end <= len(text)]
    cuts = sorted({0, len(text), *(place for one in inside for place in (one.start, one.end))})
    for start, end in pairwise(cuts):
        around = tuple(one for one in inside if one.start <= start and end <= one.end)
        yield Piece(text[start:end], around)


def _views(topics: Sequence[Topic], extraction: Extraction) -> Iterator[_TopicView]:
    for topic in topics:
        tagging = topic.tagging
        level, verdict = level_word(tagging.level), verdict_word(tagging.verdict)
        yield _TopicView(
            topic=topic,
            told=f"{level}, {verdict}, {tagging.score:.2f}",
            paragraphs=tuple(_paragraphs(extraction, tagging.spans)),
        )


def _paragraphs(extraction: Extraction, spans: Sequence[Span] = ()) -> Iterator[_Paragraph]:
    for field in Field:
        if text := getattr(extraction, field.value):
            yield _Paragraph(field, tuple(marked(text, (s for s in spans if s.field is field))))
