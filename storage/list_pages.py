"""Which capture was which page of which section's list: what an absence is shown by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from storage import tables
from storage.captures import to_capture
from storage.engine import add_rows, in_batches
from storage.records import Channel, ListPage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from storage.engine import Connection
    from storage.records import Capture


_SHOWN = ("section", "channel", "number", "items", "undated", "newest", "oldest")


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedAt:
    """A page of a list with its capture: digest and place of the bytes."""

    page: ListPage
    capture: Capture


def add_list_pages(c: Connection, pages: Sequence[ListPage]) -> None:
    """Store what the pages were; each names its capture."""
    add_rows(
        c,
        tables.list_page,
        [
            {
                "capture_id": page.capture_id,
                "section": page.section,
                "channel": page.channel,
                "number": page.number,
                "items": page.items,
                "undated": page.undated,
                "newest": page.newest,
                "oldest": page.oldest,
            }
            for page in pages
        ],
    )


def pages_of_runs(c: Connection, runs: Collection[int]) -> dict[int, list[LookedAt]]:
    """Give, by run, the list pages it asked for, in the order in which they were stored."""
    page, capture = tables.list_page, tables.capture
    found: dict[int, list[LookedAt]] = {run: [] for run in runs}
    for some in in_batches(list(runs)):
        query = (
            sa.select(*capture.c, *(page.c[name].label(f"page_{name}") for name in _SHOWN))
            .join(page, page.c.capture_id == capture.c.id)
            .where(capture.c.run_id.in_(some))
            .order_by(capture.c.id)
        )
        for row in c.execute(query):
            known = ListPage(
                capture_id=row.id,
                section=row.page_section,
                channel=row.page_channel,
                number=row.page_number,
                items=row.page_items,
                undated=row.page_undated,
                newest=row.page_newest,
                oldest=row.page_oldest,
            )
            found[row.run_id].append(LookedAt(page=known, capture=to_capture(row)))
    return found


def channels_of(
    c: Connection, site: str, as_of: dt.datetime
) -> dict[int, frozenset[tuple[str, Channel]]]:
    """Give, by article of a site, the sections and channels that had shown it by ``as_of``."""
    sighting, article = tables.sighting, tables.article
    query = (
        sa.select(sighting.c.article_id, sighting.c.section, sighting.c.channel)
        .join(article, article.c.id == sighting.c.article_id)
        .where(article.c.site == site, sighting.c.seen_at <= as_of)
        .distinct()
    )
    found: dict[int, set[tuple[str, Channel]]] = {}
    for row in c.execute(query):
        found.setdefault(row.article_id, set()).add((row.section, row.channel))
    return {article_id: frozenset(places) for article_id, places in found.items()}
