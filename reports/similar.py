"""Articles that read like a given one, so that a person can see how others were decided. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underthesea_core import TfIdfVectorizer

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST = 0.1
"""Cosine below which two texts have only everyday words in common."""


def most_similar(text: str, others: Sequence[str], *, most: int = 3) -> list[tuple[int, float]]:
    """Give the places of the texts most like ``text``, with their likeness, the likest first.

    Args:
        text: folded (``search_text``), like the others; words are told apart by their spaces.
        others: what it is compared with; their words are weighed by how few of them have them.
        most: how many to give at most.

    Returns:
        Place in ``others`` and cosine of the two TF-IDF vectors, from ``LEAST`` to 1.
    """
    if not others or not text.strip():
        return []
    vectorizer = TfIdfVectorizer(sublinear_tf=True)
    vectorizer.fit([text, *others])
    wanted = dict(vectorizer.transform(text))
    alike = (
        (place, sum(weight * wanted.get(word, 0.0) for word, weight in vectorizer.transform(other)))
        for place, other in enumerate(others)
    )
    near = [(place, min(1.0, likeness)) for place, likeness in alike if likeness >= LEAST]
    return sorted(near, key=lambda one: (-one[1], one[0]))[:most]
