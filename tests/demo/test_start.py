"""The demo starts the program as a user would type it."""

from __future__ import annotations

from demo.__main__ import start


def test_the_program_is_started_and_its_answer_kept() -> None:
    ended = start(["--version"])
    assert ended.returncode == 0
    assert ended.stdout.startswith("tinbai ")
