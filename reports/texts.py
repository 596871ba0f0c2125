"""What a counting rule asks of the texts: length, likeness, source, section. A seam to storage."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reports.counting import topic_bucket
from reports.duplicates import LONG_ENOUGH, letters
from reports.likeness import ComparedText, likeness
from reports.rules import needs_length
from reports.sketches import METHOD, pairs, sketch
from storage.articles import texts_of
from storage.records import Exclusion
from storage.sections import sections_as_of
from storage.sketches import (
    TextSketch,
    add_sketches,
    sketches_of,
    source_lines_of,
    unsketched,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from reports.duplicates import Alike
    from storage.engine import Connection, Database
    from storage.records import Candidate, CountingRule, HeadlineTag

_BATCH = 500  # texts at once: some megabytes, and a transaction of a second


def sketch_texts(database: Database, rules: Iterable[CountingRule]) -> int:
    """Sketch the texts on a topic that have no sketch yet, if a rule needs them; tell how many."""
    if not any(measures_texts(rule) for rule in rules):
        return 0
    done = 0
    while True:
        with database.read() as c:
            missing = unsketched(c, method=METHOD, most=_BATCH)
            made = _measure(c, missing)
        if not made:
            return done
        with database.write() as c:
            add_sketches(c, list(made.values()))
        done += len(made)


def with_texts(
    c: Connection,
    seen: Sequence[Candidate],
    *,
    tags: Collection[HeadlineTag],
    rules: Collection[CountingRule],
    as_of: dt.datetime,
) -> tuple[list[Candidate], Alike]:
    """Give the articles with what the rules ask of them, and the texts that are alike.

    Every text that occurs again has its length; the rest is measured of articles that may be
    counted for a tag, and only when a rule asks.
    """
    on_topic: set[int] = set()
    lengths: dict[int, tuple[int, int | None]]
    if any(measures_texts(rule) for rule in rules):
        on_topic = {one.article_id for one in seen if _may_count(one, tags)}
        wanted = on_topic | _repeated(seen)
        measured = measures(c, [one.version_id for one in seen if one.article_id in wanted])
        lengths = {one.version_id: (one.letters, one.syllables) for one in measured.values()}
    else:
        lengths = _letters(c, seen)
    credited = (
        source_lines_of(c, [one.version_id for one in seen if one.version_id is not None])
        if any(rule.credited_is_repost for rule in rules)
        else {}
    )
    sections = (
        sections_as_of(c, as_of)
        if any(rule.sections_in or rule.sections_out for rule in rules)
        else {}
    )
    known = []
    for one in seen:
        told: dict[str, Any] = {}
        if one.version_id in lengths:
            told["text_letters"], told["text_syllables"] = lengths[one.version_id]
        if one.version_id in credited:
            told["source_line"] = credited[one.version_id]
        if one.article_id in sections:
            told["sections"] = sections[one.article_id]
        known.append(replace(one, **told) if told else one)
    asked = [rule.alike_from for rule in rules if rule.alike_from is not None]
    if not asked:
        return known, {}
    return known, _alike(c, [one for one in known if one.article_id in on_topic], min(asked))


def measures(c: Connection, version_ids: Sequence[int | None]) -> dict[int, TextSketch]:
    """Give length and sketch of versions: as stored, else measured now (and not stored)."""
    wanted = [version for version in version_ids if version is not None]
    stored = sketches_of(c, wanted, method=METHOD)
    return stored | _measure(c, [version for version in wanted if version not in stored])


def measure(version_id: int, headline: str, body: str) -> TextSketch:
    """Measure one text: its body, or where that has no letter its headline."""
    text = ComparedText(body)
    if not text.letters:
        text = ComparedText(headline)
    return TextSketch(
        version_id=version_id,
        method=METHOD,
        letters=text.letters,
        syllables=len(text.words),
        sketch=sketch(text) if text.letters >= LONG_ENOUGH else None,
    )


def _measure(c: Connection, version_ids: Sequence[int]) -> dict[int, TextSketch]:
    return {
        version: measure(version, headline, body)
        for start in range(0, len(version_ids), _BATCH)
        for version, headline, body in texts_of(c, version_ids[start : start + _BATCH])
    }


def _alike(c: Connection, candidates: Iterable[Candidate], least: int) -> Alike:
    """Give the texts on a topic that have at least ``least`` percent in common."""
    by_text: dict[str, int] = {}
    for one in sorted(candidates, key=lambda one: (str(one.latest_day), one.article_id)):
        if one.text_sha256 is not None and one.version_id is not None:
            by_text.setdefault(one.text_sha256, one.version_id)
    sketches = sketches_of(c, list(by_text.values()), method=METHOD)
    texts, versions, rows = [], [], []
    for text, version in by_text.items():
        found = sketches.get(version) or _measure(c, [version])[version]
        if found.sketch is not None:
            texts.append(text)
            versions.append(version)
            rows.append(found.sketch)
    alike: dict[str, dict[str, int]] = defaultdict(dict)
    near = list(pairs(rows, least=least))
    for start in range(0, len(near), _BATCH):
        some = near[start : start + _BATCH]
        named = sorted({versions[place] for pair in some for place in pair})
        compared = {version: ComparedText(body) for version, _, body in texts_of(c, named)}
        for first, second in some:
            percent = likeness(compared[versions[first]], compared[versions[second]])
            if percent is not None and percent >= least:
                alike[texts[first]][texts[second]] = percent
                alike[texts[second]][texts[first]] = percent
    return dict(alike)


def measures_texts(rule: CountingRule) -> bool:
    """Tell whether a rule asks how long texts are, or how alike."""
    return needs_length(rule) or rule.alike_from is not None


def _letters(c: Connection, seen: Sequence[Candidate]) -> dict[int, tuple[int, int | None]]:
    """Give how many letters the texts have that occur again; the words nobody asks for.

    By version; each text is read once, for its digest is over just these letters.
    """
    repeated = _repeated(seen)
    versions = {
        one.version_id: one.text_sha256
        for one in seen
        if one.article_id in repeated and one.version_id is not None
    }
    read = {text: version for version, text in versions.items()}
    lengths = {
        version: len(letters(body)) or len(letters(headline))
        for version, headline, body in texts_of(c, sorted(read.values()))
    }
    return {version: (lengths[read[text]], None) for version, text in versions.items()}


def _may_count(candidate: Candidate, tags: Iterable[HeadlineTag]) -> bool:
    return candidate.version_id is not None and any(
        topic_bucket(candidate, tag) in {None, Exclusion.UNDECIDED} for tag in tags
    )


def _repeated(seen: Iterable[Candidate]) -> set[int]:
    """Give the articles whose text occurs again."""
    digests = Counter(one.text_sha256 for one in seen if one.text_sha256)
    return {one.article_id for one in seen if one.version_id and digests[one.text_sha256 or ""] > 1}
