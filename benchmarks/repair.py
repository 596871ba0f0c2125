"""Our repair of old encodings and misread Unicode beside ftfy's.

    python benchmarks/repair.py

Every fifth paragraph of the real articles of ``../shared/data`` is broken in the ways that old
portals do it, and mended; and left healthy, and given to both. ftfy is no dependency:
``pip install ftfy`` first.
"""

# ruff: noqa: T201 - a script that prints

from __future__ import annotations

import json
import sys
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "crawler")]

import ftfy  # noqa: E402 - the path comes first
from test_legacy import in_tcvn3, in_vni, misread  # noqa: E402 - the other way round

from crawler.pages import legacy  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GOLD = ROOT.parent / "shared" / "data" / "gold"


def paragraphs() -> Iterator[str]:
    """Give the paragraphs with letters beyond ASCII, in NFC."""
    for file in sorted(GOLD.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            for text in json.loads(line)["text"].split("\n"):
                if not text.isascii():
                    yield unicodedata.normalize("NFC", text)


def broken(text: str) -> dict[str, tuple[str, str]]:
    """Give a text broken in each way, with what it has to become."""
    small = text.lower()  # capitals with tones are a font's affair
    once = {page: misread(text, page) for page in ("cp1252", "cp1258")}
    return {
        "healthy": (text, text),
        "TCVN3": (in_tcvn3(small), small),
        "VNI": (in_vni(small), small),
        **{f"UTF-8 as {page}": (one, text) for page, one in once.items()},
        **{f"UTF-8 as {page}, twice": (misread(one, page), text) for page, one in once.items()},
    }


def main() -> None:
    """Print how many paragraphs come back to the letter."""
    cases = [broken(text) for text in list(paragraphs())[::5]]
    readers: dict[str, Callable[[str], str]] = {
        "tinbai": lambda text: legacy.repair(text).text,
        "ftfy": ftfy.fix_encoding,
    }
    print(f"{len(cases)} paragraphs; right of them, and CPU ms for one")
    for kind in cases[0]:
        found = []
        for name, mend in readers.items():
            began = time.process_time()
            right = sum(mend(case[kind][0]) == case[kind][1] for case in cases)
            spent = 1000 * (time.process_time() - began) / len(cases)
            found.append(f"{name} {right / len(cases):6.1%} {spent:6.2f} ms")
        print(f"{kind:24} {'   '.join(found)}")


if __name__ == "__main__":
    main()
