"""The language of the person at the keyboard: Vietnamese by default, English on request.

Like a locale it belongs to the process: set once at its start, from ``--lang`` or TINBAI_LANG.
It changes how things are said, never what is stored or counted.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Language(Enum):
    """A language that messages are written in."""

    VI = "vi"
    EN = "en"


def _at_start(argv: list[str], environment: str | None) -> Language:
    """Read the choice before any command is parsed: help texts are needed by then.

    >>> _at_start(["tinbai", "crawl", "--lang", "en"], None)
    <Language.EN: 'en'>
    >>> _at_start(["tinbai", "--lang=xx"], None)
    <Language.VI: 'vi'>
    """
    chosen = environment
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--lang":
            chosen = following
        elif word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
    return Language.EN if chosen == Language.EN.value else Language.VI


_current = _at_start(sys.argv, os.environ.get("TINBAI_LANG"))


def current() -> Language:
    """Give the language in use."""
    return _current


def use(language: Language) -> None:
    """Change the language of everything said from now on."""
    global _current  # noqa: PLW0603 - a locale is the process's, not the caller's
    _current = language


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say everything within in one language: an official document is Vietnamese for everybody."""
    before = _current
    use(language)
    try:
        yield
    finally:
        use(before)


def t(vi: str, en: str) -> str:
    """Give the text in the language in use."""
    return en if _current is Language.EN else vi
