"""Taggers: what turns an article's text into taggings, whatever works inside."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Protocol

from classifier.decide import decide
from classifier.rules import RuleBook
from storage.records import Level

if TYPE_CHECKING:
    from classifier.taxonomy import TaxonomyFile
    from classifier.text import Document
    from storage.records import Tagging

REVISION = 1
"""Of the rules as people speak of them; what exactly ran is in the identity's digest."""
_DECIDING = ("text.py", "lexicon.py", "rules.py", "decide.py")


class Tagger(Protocol):
    """Judges articles by one taxonomy. The same identity gives the same answers, always."""

    @property
    def identity(self) -> str:
        """Name, revision and digest of all that decides, e.g. 'rules@1#9f2c01ab'."""

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Give the topics that the article is about or mentions; the others have no row."""


class RuleTagger:
    """Tags by the cues of a taxonomy."""

    def __init__(self, file: TaxonomyFile) -> None:
        self._rules = RuleBook(file)
        self.identity = f"rules@{REVISION}#{_digest(file)[:8]}"

    def tag(self, document: Document) -> tuple[Tagging, ...]:
        """Give the topics that the article is about or mentions, in the taxonomy's order."""
        decided = map(decide, self._rules.weigh(document))
        return tuple(tagging for tagging in decided if tagging.level is not Level.NONE)


def _digest(file: TaxonomyFile) -> str:
    """Digest taxonomy and rules as written: no change of them can keep the old identity."""
    package = resources.files("classifier")
    code = (package.joinpath(name).read_text(encoding="utf-8") for name in _DECIDING)
    return hashlib.sha256("\0".join((file.digest, *code)).encode()).hexdigest()
