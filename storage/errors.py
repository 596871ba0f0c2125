"""Errors that a person should hear of: one root, one class for each reaction."""

from __future__ import annotations

from typing import ClassVar


class TinbaiError(Exception):
    """Something the operator should know about.

    The message says what, where (file, cell, site, unit) and what to do next, in the language
    of the person at the keyboard (``storage.language.t``).
    """

    exit_code: ClassVar[int] = 2
    """What a command ends with: 2 usage or bad input, 3 the work could not be finished."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class InputError(TinbaiError):
    """A file from outside is wrong. Carries every problem at once; nothing was changed."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join((message, *(f"  • {problem}" for problem in problems))))
        self.problems = problems


class WorkspaceError(TinbaiError):
    """The workspace folder is missing or its settings are wrong."""


class DatabaseError(TinbaiError):
    """The database cannot be used: missing, locked, or of another version."""

    exit_code = 3


class EvidenceError(TinbaiError):
    """Evidence cannot be written or does not match what was recorded."""

    exit_code = 3
