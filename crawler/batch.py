"""Judged captures → rows: what a batch leaves, in one transaction."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage import articles, captures, list_pages, versions
from storage.attachments import capture_of_record
from storage.records import Disposition, Sighting
from storage.versions import Kept, Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.errands import Judged, Listed
    from crawler.remembered import Remembered
    from storage.engine import Connection
    from storage.records import Capture
    from storage.versions import Weighed


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchStore:
    """Stores the batches of one run."""

    run_id: int
    site: str
    before: Remembered
    ids: Mapping[str, int]
    """Articles that the run has stored or found, by address; the run adds to them."""

    def store(self, c: Connection, batch: Sequence[Judged]) -> tuple[Counter[str], dict[str, int]]:
        """Store a batch; give what was counted, and its articles' ids by address."""
        ids = self._ensure_articles(c, batch)
        weighed = _weighed(c, batch, ids)
        fates = [_settled(*one, ids) for one in zip(batch, weighed, strict=True)]
        capture_ids = captures.add_captures(c, fates)
        list_pages.add_list_pages(
            c,
            [
                dataclasses.replace(judged.list_page, capture_id=capture_id)
                for judged, capture_id in zip(batch, capture_ids, strict=True)
                if judged.list_page is not None
            ],
        )
        counted = Counter(f"capture/{capture.disposition.value}" for capture in fates)
        for judged, capture, capture_id in zip(batch, fates, capture_ids, strict=True):
            seen = [_sighting(entry, capture, capture_id, ids) for entry in judged.listed]
            counted["sighting/new"] += articles.record_sightings(c, seen)
        texts: list[tuple[Weighed, int]] = []
        for judged, text, capture_id in zip(batch, weighed, capture_ids, strict=True):
            if text is not None:
                texts.append((self._linked(c, text, judged.attached), capture_id))
                counted += self._counted(judged, text)
        versions.record(c, texts)
        return counted, ids

    def _counted(self, judged: Judged, text: Weighed) -> Counter[str]:
        if text.kept is not Kept.VERSION:
            return Counter()
        is_change = self.before.has_version(judged.article or "")
        is_dated = text.look.extraction.date_published is not None
        return Counter(
            {"version/changed" if is_change else "version/new": 1, "version/dated": is_dated}
        )

    def _linked(self, c: Connection, text: Weighed, attached: Mapping[str, str]) -> Weighed:
        """Give the text whose attachments name the captures that they were read from."""
        if not attached:
            return text
        extraction = text.look.extraction
        linked = tuple(
            dataclasses.replace(
                one, capture_id=capture_of_record(c, self.run_id, attached[one.url])
            )
            if one.url in attached
            else one
            for one in extraction.attachments
        )
        look = dataclasses.replace(
            text.look, extraction=dataclasses.replace(extraction, attachments=linked)
        )
        return dataclasses.replace(text, look=look)

    def _ensure_articles(self, c: Connection, batch: Sequence[Judged]) -> dict[str, int]:
        """Give the articles of a batch; only those that no earlier batch named are looked up."""
        ids: dict[str, int] = {}
        for judged in batch:
            named = [entry.address for entry in judged.listed]
            if judged.article:
                named.append(judged.article)
            ids |= {url: self.ids[url] for url in named if url in self.ids}
            if unknown := [url for url in named if url not in ids]:
                ids |= articles.ensure_articles(
                    c, self.site, unknown, first_seen_at=judged.capture.captured_at
                )
        return ids


def _weighed(
    c: Connection, batch: Sequence[Judged], ids: Mapping[str, int]
) -> list[Weighed | None]:
    """Tell what becomes of the texts of a batch; None for a capture without one.

    A run asks for each article once, so no two texts are of the same.
    """
    looks = [
        Look(article_id=ids[one.article], extraction=one.extraction, at=one.capture.captured_at)
        for one in batch
        if one.article and one.extraction
    ]
    found = iter(versions.weigh(c, looks))
    return [next(found) if one.article and one.extraction else None for one in batch]


def _settled(judged: Judged, text: Weighed | None, ids: Mapping[str, int]) -> Capture:
    """Give the capture with its article and final fate.

    A text that is known is UNCHANGED, whatever day the clock has put beside it.
    """
    if judged.article is None:
        return judged.capture
    is_known = text is not None and text.kept is not Kept.VERSION
    return dataclasses.replace(
        judged.capture,
        article_id=ids[judged.article],
        disposition=Disposition.UNCHANGED if is_known else judged.capture.disposition,
    )


def _sighting(entry: Listed, capture: Capture, capture_id: int, ids: dict[str, int]) -> Sighting:
    return Sighting(
        article_id=ids[entry.address],
        capture_id=capture_id,
        section=entry.section,
        channel=entry.channel,
        title=entry.title,
        date_published=entry.day,
        date_published_raw=entry.day_raw,
        seen_at=capture.captured_at,
    )
