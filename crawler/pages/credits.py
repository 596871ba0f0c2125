"""Lines at the end of a text that say who wrote it or where it came from. Pure.

They are taken out of the body, so that a text taken over from elsewhere has the same body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    from crawler.pages.text import Block

# Signature, source and photo line: three lines at most are looked at, from the end.
_LAST_LINES = 4
# Longest line taken for a source or a signature (characters).
_SOURCE_LIMIT = 160
_THEO_LIMIT = 60
_BYLINE_LIMIT = 80

_SOURCE = re.compile(r"^[\W_]*(?:nguồn(?: tin| bài| ảnh| trích)?\s*[:\-]|sưu tầm\b|trích nguồn\b)")
_THEO = re.compile(r"^[\W_]*theo\s*:?\s+\S")
_BYLINE = re.compile(
    r"^[\W_]*(?:(?:(?:tin|bài|ảnh|tin bài|bài viết)(?:\s*(?:,|và|&|\+)\s*(?:tin|bài|ảnh))*"
    r"|tác giả(?: bài viết)?|người (?:viết|đăng|đưa tin)|cộng tác viên|thực hiện|biên tập)\s*[:\-]"
    r"|ban biên tập\W*$|bbt\W*$)"
)
_NAME = re.compile(r"(?:[^\W\d_]\.)?[^\W\d_]+(?:[ \-][^\W\d_]+){0,5}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Credited:
    """A body without its credits."""

    blocks: tuple[Block, ...]
    byline: str | None = None
    source_line: str | None = None


def without_credits(blocks: tuple[Block, ...]) -> Credited:
    """Take signature and source off the end of a text."""
    left = Credited(blocks=blocks)
    for _ in range(_LAST_LINES):
        if len(left.blocks) <= 1:
            break
        shorter = _take_last(left)
        if shorter is None:
            break
        left = shorter
    return left


def is_source(line: str, *, at_end: bool = True) -> bool:
    """Tell whether a line names the source; 'Theo …' does so only at the end of a text."""
    folded = fold(line)
    if len(folded) <= _SOURCE_LIMIT and _SOURCE.match(folded):
        return True
    is_short = len(folded) <= _THEO_LIMIT and not folded.endswith((".", ",", ":", ";"))
    return at_end and is_short and _THEO.match(folded) is not None


def is_byline(line: str) -> bool:
    """Tell whether a line says whose text or picture it is, by its words."""
    folded = fold(line)
    return len(folded) <= _BYLINE_LIMIT and _BYLINE.match(folded) is not None


def _take_last(left: Credited) -> Credited | None:
    """Give what is left without the last line; None when that is no credit."""
    last, rest = left.blocks[-1], left.blocks[:-1]
    if is_source(last.text) and left.source_line is None:
        return replace(left, blocks=rest, source_line=last.text)
    if is_byline(last.text) or (left.byline is None and _is_signature(last)):
        line = last.text if left.byline is None else f"{last.text}; {left.byline}"
        return replace(left, blocks=rest, byline=line)
    return None


def _is_signature(block: Block) -> bool:
    """Tell whether it is a name set apart: 'Nguyễn Văn A', to the right or in bold."""
    words = block.text.strip("()[]. ").split()
    return (
        block.signed
        and len(words) > 1
        and _NAME.fullmatch(block.text.strip("()[]. ")) is not None
        and all(word[:1].isupper() and not word.isupper() for word in words)
    )
