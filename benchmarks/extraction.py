"""Our page families beside trafilatura: how much of each text, and at what price.

    python benchmarks/extraction.py

Token F1 against the expected text of every case under ``tests/sites``, and of the real articles
of ``../shared/data`` whose text was put down by hand; titles and days of the real pages against
what their lists print; CPU time of both over the same pages in this one run. trafilatura is no
dependency: ``pip install trafilatura`` first.
"""

# ruff: noqa: T201 - a script that prints

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import re
import statistics
import sys
import tarfile
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from crawler import quality  # noqa: E402 - the path comes first
from crawler.errors import LayoutChanged, NotAnArticle  # noqa: E402
from crawler.pages.captured import CapturedPage  # noqa: E402
from crawler.pages.families import read_article  # noqa: E402
from crawler.profiles import ProfileVersion  # noqa: E402
from storage.folding import fold  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from storage.records import Extraction

SHARED = ROOT.parent / "shared" / "data"
SITES = {"krongno": ("2019-04-08", "2019-07-30"), "stp": ("2019-08-05",)}
SHORTEST = 200
"""Characters of an expected text; the hand-made ones of title-only posts hold menu words."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A page and what is known of it."""

    page: CapturedPage
    family: str
    settings: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    """Lead and body; None: not known."""
    title: str | None = None
    days: tuple[str, ...] = ()
    """Days that are right, in ISO form; empty: not known."""


@dataclass(kw_only=True)
class Score:
    """What one reader made of a set of pages."""

    f1: list[float] = field(default_factory=list)
    titles: list[bool] = field(default_factory=list)
    days: Counter[str] = field(default_factory=Counter)
    """'right', 'wrong', 'refused'."""
    cpu_s: float = 0.0
    pages: int = 0


@dataclass(frozen=True)
class Answer:
    """Text, title and day as one reader gives them."""

    text: str = ""
    title: str = ""
    day: str | None = None


def f1(found: str, expected: str) -> float:
    """Give the harmonic mean of precision and recall over the multisets of folded words."""
    ours, theirs = (Counter(re.findall(r"\w+", fold(text))) for text in (found, expected))
    total = ours.total() + theirs.total()
    return 2 * (ours & theirs).total() / total if total else 1.0


# ------------------------------------------------------------------------------- pages


def fixtures() -> Iterator[Case]:
    """Give the article cases of the repository."""
    for folder in sorted(
        path.parent for path in (ROOT / "tests" / "sites").glob("*/*/expected.json")
    ):
        capture = json.loads((folder / "capture.json").read_text("utf-8"))
        expected = json.loads((folder / "expected.json").read_text("utf-8"))
        if capture["read"] != "article" or "body" not in expected:
            continue
        yield Case(
            page=CapturedPage(
                url=capture["url"],
                status=capture["status"],
                headers=capture["headers"],
                body=gzip.decompress((folder / "page.html.gz").read_bytes()),
                captured_at=dt.datetime.fromisoformat(capture["captured_at"]),
            ),
            family=folder.parent.name,
            settings=capture["profile"],
            text="\n".join(filter(None, (expected["lead"], expected["body"]))),
            title=expected["headline"],
            days=(expected["date_published"],) if expected["date_published"] else (),
        )


def real_pages(folder: Path) -> Iterator[Case]:
    """Give each saved post of the real sites once, as the family for unknown sites sees it."""
    texts = dict(_hand_made())
    for site, nights in SITES.items():
        posts = _lines(SHARED / "daknong" / f"{site}.expected.jsonl")
        with tarfile.open(SHARED / "daknong" / f"{site}.tar.xz") as archive:
            wanted = [one for one in archive if one.name.lstrip("./").startswith(nights)]
            archive.extractall(folder / site, wanted, filter="data")
        for post in posts:
            file = folder / site / post["night"] / post["path"].strip("/") / "index.html"
            if post["night"] not in nights or not file.is_file() or not file.stat().st_size:
                continue
            page = CapturedPage(
                url=f"http://{site}.test{post['path']}",
                status=200,
                headers={"content-type": "text/html; charset=utf-8"},
                body=file.read_bytes(),
                captured_at=dt.datetime.fromisoformat(f"{post['night']}T23:00:00+07:00"),
            )
            if quality.judge(page).disposition is not None:
                continue  # an error text in place of the post: refused before it is read
            yield Case(
                page=page,
                family="generic",
                text=texts.get((site, fold(post["title"]))),
                title=post["title"],
                days=tuple(post["days"]),
            )


def _hand_made() -> Iterator[tuple[tuple[str, str], str]]:
    for article in _lines(SHARED / "gold" / "dev.jsonl"):
        if len(article["text"]) >= SHORTEST:
            yield (article["site"], fold(article["title"])), article["text"]


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


# ----------------------------------------------------------------------------- readers


def ours(case: Case) -> Answer:
    """Read as the crawler does."""
    sections = [{"name": "Tin tức", "url": "/"}]
    version = ProfileVersion.model_validate(
        {"family": case.family, "sections": sections, **case.settings}
    )
    fresh = CapturedPage(
        url=case.page.url,
        status=200,
        headers=case.page.headers,
        body=case.page.body,
        captured_at=case.page.captured_at,
    )
    try:
        found: Extraction = read_article(fresh, version)
    except (NotAnArticle, LayoutChanged):
        return Answer()
    text = "\n".join(filter(None, (found.lead, found.body)))
    return Answer(text, found.headline, found.date_published and found.date_published.isoformat())


def trafilaturas(case: Case) -> Answer:
    """Read as trafilatura does by default, with its metadata, without comments."""
    import trafilatura  # noqa: PLC0415 - only this benchmark needs it

    found = trafilatura.bare_extraction(
        case.page.body, url=case.page.url, include_comments=False, with_metadata=True
    )
    return Answer(found.text or "", found.title or "", found.date) if found else Answer()


def measure(cases: list[Case], read: Callable[[Case], Answer]) -> Score:
    """Let a reader read all pages, after one that is not counted."""
    score = Score()
    read(cases[0])
    for case in cases:
        began = time.process_time()
        answer = read(case)
        score.cpu_s += time.process_time() - began
        score.pages += 1
        if case.text is not None:
            score.f1.append(f1(answer.text, case.text))
        if case.title is not None:
            score.titles.append(fold(answer.title) == fold(case.title))
        if case.days:
            score.days[_fate(answer.day, case.days)] += 1
    return score


def _fate(day: str | None, right: tuple[str, ...]) -> str:
    return "refused" if day is None else "right" if day in right else "wrong"


# ------------------------------------------------------------------------------ report


def report(name: str, cases: list[Case]) -> None:
    """Print both readers' figures for one set of pages."""
    scores = {"tinbai": measure(cases, ours), "trafilatura": measure(cases, trafilaturas)}
    print(f"\n{name}: {len(cases)} pages, {sum(case.text is not None for case in cases)} texts")
    heads = f"{'F1':>7} {'worst':>7} {'titles':>8} {'days right/wrong/refused':>26} {'ms/page':>8}"
    print(f"{'':12} {heads}")
    for reader, score in scores.items():
        days = "/".join(str(score.days[fate]) for fate in ("right", "wrong", "refused"))
        mean = statistics.mean(score.f1) if score.f1 else float("nan")
        print(
            f"{reader:12} {mean:7.4f} {min(score.f1, default=0):7.3f}"
            f" {statistics.mean(score.titles):8.1%} {days:>26}"
            f" {1000 * score.cpu_s / score.pages:8.2f}"
        )
    ratio = scores["trafilatura"].cpu_s / scores["tinbai"].cpu_s
    print(f"speed: trafilatura needs {ratio:.1f} times tinbai's CPU")


def main() -> None:
    """Measure the fixtures, and the real pages where they are."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    report("fixtures (our own pages after real markup)", list(fixtures()))
    if not SHARED.is_dir():
        print("\nreal pages: ../shared/data is not on this machine")
        return
    with tempfile.TemporaryDirectory() as folder:
        report("real pages (two unit sites, family generic)", list(real_pages(Path(folder))))


if __name__ == "__main__":
    main()
