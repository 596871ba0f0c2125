"""Which part of a JSON answer is a list of posts, and what its fields are. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from crawler.discovery.json_list import day_of
from crawler.profiles import JsonFields

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.discovery.json_list import Json
    from crawler.pages.captured import CapturedPage

FEWEST = 3
"""Entries from which a list is one."""
_MOST_NODES = 20_000
_DEEPEST = 6
_DEEPEST_FIELD = 3
_SHARE = 0.8
"""Share of the entries that must have a field: pinned ones may lack one."""

_FIRST_YEAR = 2000
"""When offices went on line; a number of views would be of 1970."""

# The better name first; all without accents, as programs write them.
_TITLES = ("tieude", "title", "headline", "tenbai", "subject", "ten", "name", "summary")
_DAYS = (
    *("ngaydang", "ngayxuatban", "publish", "ngayphathanh", "ngay", "date", "created", "start"),
    *("time", "ngaytao"),
)
_LINKS = ("url", "link", "permalink", "href", "duongdan", "path", "canonical")
_NO_LINK = re.compile(
    r"image|img|thumb|avatar|icon|anh|hinh|file|photo|cover|banner|author|category|video|logo"
)
_NO_DAY = re.compile(r"update|modif|sua|capnhat|expire|hethan|end|delete")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """A list of entries in an answer."""

    items: str | None
    """Dotted path; None: the answer itself."""
    entries: tuple[dict[str, Json], ...]
    title: str
    link: str | None
    """None: no field is an address; it is put together from others."""
    day: str | None

    def fields(self, link: str) -> JsonFields:
        """Give the fields as a profile names them."""
        return JsonFields(items=self.items, link=link, title=self.title, day=self.day)

    @property
    def score(self) -> tuple[bool, bool, int]:
        """Give the likelier list of posts the higher score."""
        return self.day is not None, self.link is not None, len(self.entries)


def shape_of(value: Json, page: CapturedPage) -> Shape | None:
    """Give the likeliest list of posts; None when there is none."""
    found = (_shape(path, entries, page) for path, entries in _lists(value))
    return max(filter(None, found), key=lambda one: one.score, default=None)


def naming(value: Json) -> Iterator[str]:
    """Give the dotted paths of what may name the page after this one, beside the entries."""
    waiting: list[tuple[str, Json]] = [("", value)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        path, node = waiting.pop(0)
        for name, one in node.items() if isinstance(node, dict) else ():
            place = f"{path}.{name}".lstrip(".")
            plain = re.sub(r"[^a-z]", "", name.lower())
            if isinstance(one, dict) and place.count(".") < _DEEPEST_FIELD and "." not in name:
                waiting.append((place, one))
            elif plain in _NAMING and isinstance(one, str | int) and not isinstance(one, bool):
                yield place


_NAMING_WORDS = (
    "next nexturl nextlink nextpage nextpageurl nextpagelink nextcursor cursor endcursor nexttoken"
    " nextpagetoken pagetoken continuationtoken after trangsau trangtiep"
)
_NAMING = frozenset(_NAMING_WORDS.split())


def _lists(value: Json) -> Iterator[tuple[str, list[dict[str, Json]]]]:
    """Give the lists of objects in an answer, with their paths."""
    waiting: list[tuple[str, Json, int]] = [("", value, 0)]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        path, node, depth = waiting.pop(0)
        if isinstance(node, list):
            entries = [one for one in node if isinstance(one, dict)]
            if len(entries) == len(node) >= FEWEST:
                yield path, entries
        inner = node.items() if isinstance(node, dict) else ()
        if depth < _DEEPEST:
            waiting += [
                (f"{path}.{name}".lstrip("."), one, depth + 1)
                for name, one in inner
                if isinstance(one, dict | list) and "." not in name
            ]


def _shape(path: str, entries: list[dict[str, Json]], page: CapturedPage) -> Shape | None:
    columns = _columns(entries)
    titles = [name for name, values in columns.items() if _are_titles(values)]
    title = _best(titles, _TITLES)
    if title is None:
        return None
    days = [
        name
        for name, values in columns.items()
        if not _NO_DAY.search(name.lower()) and _are_days(values, page)
    ]
    links = [
        name
        for name, values in columns.items()
        if name != title and not _NO_LINK.search(name.lower()) and _are_links(values)
    ]
    return Shape(
        items=path or None,
        entries=tuple(entries),
        title=title,
        link=_best(links, _LINKS),
        day=_best(days, _DAYS),
    )


def _columns(entries: Sequence[dict[str, Json]]) -> dict[str, list[Json]]:
    """Give the values of each field that nearly all entries have, by its dotted path."""
    columns: dict[str, list[Json]] = {}
    for entry in entries[:50]:
        for name, value in _leaves(entry, "", 1):
            columns.setdefault(name, []).append(value)
    enough = _SHARE * len(entries[:50])
    return {name: values for name, values in columns.items() if len(values) >= enough}


def _leaves(entry: dict[str, Json], path: str, depth: int) -> Iterator[tuple[str, Json]]:
    for name, value in list(entry.items())[:100]:
        place = f"{path}{name}"
        if not re.fullmatch(r"\w+", name) or value is None or value == "":
            continue
        if isinstance(value, dict) and depth < _DEEPEST_FIELD:
            yield from _leaves(value, f"{place}.", depth + 1)
        elif not isinstance(value, dict | list | bool):
            yield place, value


def _best(names: list[str], known: Sequence[str]) -> str | None:
    """Give the name that stands first among the known ones; an unknown one only if alone."""

    def rank(name: str) -> tuple[int, int, int]:
        plain = re.sub(r"[^a-z]", "", name.lower())
        places = [place for place, word in enumerate(known) if word in plain]
        return min(places, default=len(known)), name.count("."), len(name)

    best = min(names, key=rank, default=None)
    return best if best is not None and (rank(best)[0] < len(known) or len(names) == 1) else None


def _are_titles(values: Sequence[Json]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values) or len(set(texts)) * 2 < len(texts):
        return False
    words = [text.split() for text in texts]
    return 3 <= fmean(map(len, words)) <= 60 and all(len(text) <= 500 for text in texts)  # noqa: PLR2004 - words, letters of a headline


def _are_days(values: Sequence[Json], page: CapturedPage) -> bool:
    days = [day_of(value, page)[0] for value in values]
    newest = page.captured_at.year + 1
    read = [day for day in days if day is not None and _FIRST_YEAR <= day.year <= newest]
    return len(read) >= _SHARE * len(values)


def _are_links(values: Sequence[Json]) -> bool:
    texts = [value for value in values if isinstance(value, str) and " " not in value.strip()]
    shaped = [one for one in texts if re.match(r"https?://|/[^/]|[\w-]+/[\w-]|[^/]*\.html?$", one)]
    return len(shaped) >= _SHARE * len(values) and len(set(shaped)) == len(shaped)
