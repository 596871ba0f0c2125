# ruff: noqa: T201, S603 - a script that prints, and starts only itself
"""How fast articles are tagged, against underthesea's word segmentation on the same texts.

    python benchmarks/tagging_speed.py TEXTS.jsonl [NUMBER]

One core, one process; each text is read once. TEXTS.jsonl has ``title`` and ``text``; texts under
1,500 letters are left out, because a cut of the longer ones (2,400 letters each) is what the
target speaks of.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import underthesea

from classifier.shipped import load_tagger
from classifier.tagger import RuleTagger
from classifier.taxonomy import load_release
from classifier.text import Document

if TYPE_CHECKING:
    from collections.abc import Callable

LETTERS = 2_400
SHORTEST = 1_500
_TURN = 10
"""Texts after which the next way has its turn: what else the machine does then falls on all."""


def main(path: Path, number: int) -> None:
    """Print articles a second of each way, and the time of a cold start."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = [(row["title"], row["text"][:LETTERS]) for row in rows if len(row["text"]) > SHORTEST]
    texts = texts[:number]
    rules, both = RuleTagger(load_release()), load_tagger()
    ways: dict[str, Callable[[str, str], object]] = {
        "underthesea.word_tokenize": lambda title, text: underthesea.word_tokenize(
            f"{title}\n{text}"
        ),
        "rules": lambda title, text: rules.tag(Document(title, None, text)),
        "rules and model": lambda title, text: both.tag(Document(title, None, text)),
    }
    for way in ways.values():
        way("xin chào", "")  # what is loaded or made ready at the first call
    seconds = dict.fromkeys(ways, 0.0)
    for i in range(0, len(texts), _TURN):
        for name, way in ways.items():
            seconds[name] += _seconds(way, texts[i : i + _TURN])
    speeds = {name: len(texts) / spent for name, spent in seconds.items()}
    base = speeds["underthesea.word_tokenize"]
    for name, speed in speeds.items():
        print(f"{name:28} {speed:8.1f} articles/s  {speed / base:6.1f} x")
    print(f"{'cold start, one text':28} {_cold_start():8.2f} s")


def _seconds(way: Callable[[str, str], object], texts: list[tuple[str, str]]) -> float:
    start = time.process_time()
    for title, text in texts:
        way(title, text)
    return time.process_time() - start


def _cold_start() -> float:
    code = (
        "from classifier.shipped import load_tagger; from classifier.text import Document;"
        "load_tagger().tag(Document('Một cửa', None, ''))"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)  # noqa: PLR2004
