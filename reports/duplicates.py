"""The same text twice: once on one unit's sites (a duplicate), or at another unit (a repost).

Pure. Texts are compared by digest: equal, or not. A digest over few letters proves little: a
body that says 'Xem tệp đính kèm' is the same under many different headlines.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.records import Candidate

LONG_ENOUGH = 150
"""Letters and digits from which on an equal text alone shows that it was taken over.

Two sentences. Below it lie the headlines and captions that offices write alike without copying,
the longest met: 'Báo cáo kết quả thực hiện công tác cải cách hành chính 9 tháng đầu năm, phương
hướng nhiệm vụ 3 tháng cuối năm 2022' with 90.
"""


def earlier_copies(candidates: Iterable[Candidate]) -> dict[int, Candidate]:
    """Give for each article that repeats one of the others the first of them.

    The first is the one with the earliest day (of an interval the last), then first seen, then
    the lowest id; it is always dated, for nothing can be called a copy of what may be younger.
    Short texts repeat each other only under one headline and on one day.
    """
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for candidate in candidates:
        if (key := _key(candidate)) is not None:
            groups.setdefault(key, []).append(candidate)
    copies: dict[int, Candidate] = {}
    for group in groups.values():
        dated = [candidate for candidate in group if candidate.latest_day is not None]
        if not dated:
            continue
        first = min(dated, key=_order)
        copies |= {c.article_id: first for c in group if c.article_id != first.article_id}
    return copies


def reposts(candidates: Iterable[Candidate], owners: Mapping[int, str | None]) -> frozenset[int]:
    """Give the articles whose text another unit had published before.

    Of the dated articles with an owner; short texts are left out, whatever their headline.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        owned = owners.get(candidate.article_id) is not None
        if (
            owned
            and candidate.latest_day is not None
            and candidate.text_sha256
            and _is_long(candidate)
        ):
            groups.setdefault(candidate.text_sha256, []).append(candidate)
    found: set[int] = set()
    for group in groups.values():
        origin = owners[min(group, key=_order).article_id]
        found |= {c.article_id for c in group if owners[c.article_id] != origin}
    return frozenset(found)


def letters(text: str) -> str:
    """Give the folded letters and digits of a text: what is left when only words count."""
    return "".join(char for char in fold(text) if char.isalnum())


def _key(candidate: Candidate) -> tuple[object, ...] | None:
    if candidate.text_sha256 is None:
        return None
    if _is_long(candidate):
        return (candidate.text_sha256,)
    if candidate.latest_day is None:
        return None
    return candidate.text_sha256, letters(candidate.title), candidate.latest_day


def _is_long(candidate: Candidate) -> bool:
    return candidate.text_letters is not None and candidate.text_letters >= LONG_ENOUGH


def _order(candidate: Candidate) -> tuple[dt.date, dt.datetime, int]:
    return candidate.latest_day or dt.date.max, candidate.first_seen_at, candidate.article_id
