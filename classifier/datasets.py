"""Labelled articles from files: those that ship with the program, and an office's own."""

from __future__ import annotations

import dataclasses
import json
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from classifier.errors import DatasetError
from classifier.text import Document
from classifier.training import Example
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from storage.records import Taxonomy

_MOST_PROBLEMS: Final = 20
"""Shown of one file: more of the same teaches nothing."""


def shipped_articles(taxonomy: Taxonomy) -> list[Example]:
    """Give the articles that were written for training, in the order of their files."""
    folder = resources.files("classifier") / "articles"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".jsonl")), key=lambda f: f.name
    )
    found: list[Example] = []
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        found += _examples(lines, taxonomy, name=file.name, written=True)
    return found


def read_labelled(path: Path, taxonomy: Taxonomy, *, read_before: bool = False) -> list[Example]:
    """Read articles with the topics that people found: one JSON object a line.

    ``id``, ``title``, ``text``, ``main`` and ``mention`` (lists of topics); optional ``group``
    (near-duplicates share one), ``sure`` (false where the person hesitated), ``site`` and ``kind``
    of source (figures are given for each). ``read_before`` says that the taxonomy was made while
    reading them.

    Raises:
        DatasetError: it cannot be read, or has mistakes; the first ones are listed.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            t(f"Không đọc được {path}: {error}", f"Cannot read {path}: {error}")
        ) from error
    examples = _examples(lines, taxonomy, name=path.name, written=False)
    return [dataclasses.replace(example, read_before=read_before) for example in examples]


def _examples(
    lines: Iterable[str], taxonomy: Taxonomy, *, name: str, written: bool
) -> list[Example]:
    codes = frozenset(topic.code for topic in taxonomy.topics)
    examples: list[Example] = []
    problems: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            example = _example(json.loads(line), codes, written=written)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{name}:{number}: {type(error).__name__}: {error}")
            continue
        if example.id in seen:
            problems.append(f"{name}:{number}: id: {example.id}")
        seen.add(example.id)
        examples.append(example)
    if problems:
        raise DatasetError(
            t(
                f"{name} có {len(problems)} dòng sai.",
                f"{name} has {len(problems)} wrong lines.",
            ),
            tuple(problems[:_MOST_PROBLEMS]),
        )
    return examples


def _example(row: Any, codes: frozenset[str], *, written: bool) -> Example:  # noqa: ANN401 - JSON
    main, mention = frozenset(row["main"]), frozenset(row.get("mention", ()))
    if unknown := (main | mention) - codes:
        raise ValueError(f"topics {sorted(unknown)}")
    identity = str(row["id"])
    return Example(
        id=identity,
        group=str(row.get("group", identity)),
        document=Document(headline=str(row["title"]), lead=None, body=str(row["text"])),
        main=main,
        mention=mention,
        sure=bool(row.get("sure", True)),
        written=written,
        site=str(row.get("site") or ""),
        kind=str(row.get("kind") or ""),
    )
