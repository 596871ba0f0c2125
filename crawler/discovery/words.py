"""The words and signs by which lists lead on. Pure."""

from __future__ import annotations

_WORDS_WORDS = (
    "trang sau|trang tiếp|trang tiếp theo|trang kế|trang kế tiếp|tiếp|tiếp theo|sau|kế tiếp|next"
    "|next page|older posts|older|bài cũ hơn|các bài cũ hơn|bài viết cũ hơn|tin cũ hơn|cũ hơn"
)
_WORDS = frozenset(_WORDS_WORDS.split("|"))
_MORE_WORDS = (
    "xem thêm|xem thêm tin|xem thêm bài viết|xem thêm tin bài|tải thêm|hiển thị thêm|load more"
    "|show more|xem tiếp|tin cũ hơn|các tin cũ hơn"
)
_MORE = frozenset(_MORE_WORDS.split("|"))
_TRIM = " \t›»>→<«‹←.…+▼↓"

ARROWS = (">", "›", "→", "»", ">>")
"""Signs that mean the next page, the surest first: '»' may be the last one."""


def is_next_word(shown: str) -> bool:
    """Tell whether a link's text, in small letters, says that it leads to the next page.

    >>> is_next_word("trang sau »"), is_next_word("tin sau bão")
    (True, False)
    """
    return shown.strip(_TRIM) in _WORDS


def is_more_word(shown: str) -> bool:
    """Tell whether a link's text, in small letters, says that more of the list follows.

    It also stands below every box of a home page, so it counts only where its address goes on.
    """
    return shown.strip(_TRIM) in _MORE
