"""The words and signs by which lists lead on. Pure."""

from __future__ import annotations

import re

_WORDS_WORDS = (
    "trang sau|trang tiếp|trang tiếp theo|trang kế|trang kế tiếp|tiếp|tiếp theo|sau|kế tiếp|next"
    "|next page|next posts|next entries|older posts|older post|older entries|older articles|older"
    "|bài cũ hơn|các bài cũ hơn|bài viết cũ hơn|các bài viết cũ hơn|bài đăng cũ hơn|tin cũ hơn"
    "|các tin cũ hơn|cũ hơn|bài cũ|bài viết cũ|trang tới"
)
_WORDS = frozenset(_WORDS_WORDS.split("|"))
_MORE_WORDS = (
    "xem thêm|xem thêm tin|xem thêm bài viết|xem thêm tin bài|tải thêm|hiển thị thêm|load more"
    "|show more|xem tiếp|tin cũ hơn|các tin cũ hơn"
)
_MORE = frozenset(_MORE_WORDS.split("|"))
_OF = re.compile(r"\W*(?:trang|page)\W*(\d{1,5})\s*(?:/|of|trên|trong(?: số)?)\s*(\d{1,5})\W*")
_TRIM = " \t›»>→⇒⟶➔➜▶▸⏵≫\u27e9\u232a\u276f\u3009►<«‹←.…+▼↓"

ARROWS = (
    *(">", "›", "→", "⇒", "⟶", "➔", "➜", "\u27e9", "\u232a", "\u276f", "\u3009"),
    *("►", "▶", "▸", "⏵", "»", "≫", ">>"),
)
"""Signs that mean the next page, the surest first: '»' may be the last one."""


def is_next_word(shown: str) -> bool:
    """Tell whether a link's text, in small letters, says that it leads to the next page.

    >>> is_next_word("trang sau »"), is_next_word("tin sau bão")
    (True, False)
    """
    return shown.strip(_TRIM) in _WORDS


def place_of(line: str) -> tuple[int, int] | None:
    """Give the page and the number of pages that a line in small letters tells; None: it is none.

    >>> place_of("trang 3 / 4")
    (3, 4)
    """
    found = _OF.fullmatch(line)
    return (int(found[1]), int(found[2])) if found else None


def is_more_word(shown: str) -> bool:
    """Tell whether a link's text, in small letters, says that more of the list follows.

    It also stands below every box of a home page, so it counts only where its address goes on.
    """
    return shown.strip(_TRIM) in _MORE
