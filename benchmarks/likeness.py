# ruff: noqa: T201 - a script that prints
"""How well near copies are told from texts that only read alike, and how fast they are found.

    python benchmarks/likeness.py [NUMBER_OF_SKETCHES]

On the labelled pairs of ``tests/reports/likeness``: precision and recall by threshold, of our
likeness, of the word triples alone, and of rapidfuzz's ratio of the whole texts (the baseline).
Then pairs are looked for among synthetic sketches, a tenth of them near an older one; time is
given as a ratio to reading the same sketches once.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from rapidfuzz import fuzz

from reports.likeness import ComparedText, likeness, overlap
from reports.sketches import HASHES, pairs
from storage.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAIRS = Path(__file__).parents[1] / "tests" / "reports" / "likeness" / "pairs.yml"


def labelled() -> list[tuple[bool, ComparedText, ComparedText]]:
    """Give whether they are one post, and the two texts."""
    data: Any = yaml.safe_load(PAIRS.read_text("utf-8"))
    found = []
    for name, _, same, *changes in data["pairs"]:
        text = other = data["texts"][name]
        for change in changes:
            if "put" in change:
                other = other.replace(change["put"], change["by"])
            other = change.get("text", other).replace(change.get("cut", "\0"), "")
            other = "\n".join(filter(None, (change.get("front"), other, change.get("end"))))
        found.append((same, ComparedText(text), ComparedText(other)))
    return found


def table(pairs_of_texts: list[tuple[bool, ComparedText, ComparedText]]) -> None:
    """Print precision and recall of each way to compare."""
    ways: dict[str, Callable[[ComparedText, ComparedText], float | None]] = {
        "likeness": likeness,
        "triples alone": overlap,
        "rapidfuzz ratio": lambda one, other: fuzz.ratio(fold(one.body), fold(other.body)),
    }
    copies = sum(same for same, _, _ in pairs_of_texts)
    print(f"{len(pairs_of_texts)} pairs, {copies} of them one post")
    for name, way in ways.items():
        judged = [(same, way(one, other)) for same, one, other in pairs_of_texts]
        for least in range(50, 100, 5):
            found = [same for same, value in judged if value is not None and value >= least]
            precision = sum(found) / len(found) if found else float("nan")
            print(f"{name:16} ≥ {least}: precision {precision:.3f}, "
                  f"recall {sum(found) / copies:.3f}")  # fmt: skip


def synthetic(count: int) -> Iterator[bytes]:
    """Give sketches, every tenth with four fifths of an older one's hashes."""
    dice = random.Random(1)  # noqa: S311 - no secret
    older = dice.randbytes(4 * HASHES)
    for number in range(count):
        row = dice.randbytes(4 * HASHES)
        if number % 10 == 0:
            row = older[: 4 * 51] + row[4 * 51 :]
        elif number % 7 == 0:
            older = row
        yield row


def main(count: int) -> None:
    """Measure."""
    table(labelled())
    start = time.process_time()
    sum(1 for _ in synthetic(count))
    read = time.process_time() - start
    start = time.process_time()
    found = sum(1 for _ in pairs(synthetic(count), least=70))
    spent = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{count} sketches: {found} pairs, {spent / read:.1f} times the reading, "
          f"{spent:.0f} s of CPU, {memory} MB at most")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
