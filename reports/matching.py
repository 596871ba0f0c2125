"""Which article does a unit mean by an address, or by a title as somebody typed it? Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from rapidfuzz import fuzz

from reports.duplicates import letters
from storage.folding import fold
from storage.records import MatchedBy, is_cut

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from storage.records import (
        AddressTry,
        Candidate,
        Claim,
        DayInterval,
        PastVersion,
        Registry,
    )

SAME_TITLE = 95
# measured: 666,543 pairs of different titles within one site (11 sites, gold set and mirrors).
# Seven pairs have the same numbers and a ratio from 95 on; six are one post typed twice, one
# names another post ('công chức' for 'viên chức'). From 90 on there are 18, half of them wrong.
_NUMBER = re.compile(r"\b(?:\d+|[ivx]+)\b")  # '… tháng 8' is not '… tháng 9', nor quý I quý II
_NOISE = re.compile(r"utm_\w+|fbclid|gclid|zarsrc")  # added by whoever shared the address
_PART = re.compile(r"[/?]")  # where a part of an address ends
_CUT = re.compile(r"(?:…|\.{2,})$")  # how Word and mail programs show that they left out the rest


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """The article that a claim is about."""

    candidate: Candidate
    by: MatchedBy
    score: int | None
    """How alike the claimed title and the article's are, 0 … 100; None: no title was claimed."""


_Titles = dict[tuple[str, ...], list[tuple[str, int, MatchedBy]]]
"""By the numbers in them: letters of a title, the article, and whether it is a former title."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """All that was seen, arranged for looking up what units name."""

    candidates: Mapping[int, Candidate]
    owners: Mapping[int, str | None]
    """By article id."""
    registry: Registry
    window: DayInterval
    past: Mapping[int, tuple[PastVersion, ...]] = field(default_factory=dict)
    """By article id: versions that are not the newest any more, oldest first."""
    tries: Mapping[str, AddressTry] = field(default_factory=dict)
    """By address as asked: claimed addresses that were asked for, and where they sent us."""

    def match(self, claim: Claim, unit: str) -> Match | None:
        """Find the article by its address anywhere, else by its title among the unit's own."""
        if claim.url is not None and (found := self._by_address(claim, unit)) is not None:
            candidate, by = found
            return Match(candidate=candidate, by=by, score=score_of(claim.title, candidate.title))
        return None if claim.title is None else self._by_title(claim, unit)

    def last_try(self, url: str | None) -> AddressTry | None:
        """Give how the newest attempt at an address ended, at the end of its redirects."""
        tried = [self.tries[way] for way in self._ways(url or "") if way in self.tries]
        return tried[-1] if tried else None

    def _ways(self, url: str) -> list[str]:
        """Give the address and those that it sent us on to, the last one last."""
        ways = [url]
        while (found := self.tries.get(ways[-1])) is not None:
            reason = found.reason or ""
            target = reason.removeprefix("to ")
            if not reason.startswith("to ") or target in ways:
                break
            ways.append(target)
        return ways

    def site_owners(self, url: str) -> set[str]:
        """Give who owned, in the window, the site that an address lies on: the longest base."""
        key = url_key(url)
        ends = [*(found.start() for found in _PART.finditer(key)), len(key)]
        bases = (self._owners_by_base.get(key[:end]) for end in reversed(ends))
        return next((units for units in bases if units is not None), set())

    # --------------------------------------------------------------------------- the lookups

    def _by_address(self, claim: Claim, unit: str) -> tuple[Candidate, MatchedBy] | None:
        url = claim.url or ""
        if is_cut(url):
            begins = [
                article
                for key, article in self._by_url.items()
                if self.owners[article] == unit and _goes_on(key, url)
            ]
            return (self.candidates[begins[0]], MatchedBy.CUT_ADDRESS) if len(begins) == 1 else None
        for address in self._ways(url):
            if (article := self._by_url.get(url_key(address))) is not None:
                return self.candidates[article], MatchedBy.ADDRESS
        return None

    @cached_property
    def _by_url(self) -> dict[str, int]:
        ids = sorted(self.candidates, reverse=True)  # of two with one key the first seen stays
        return {url_key(self.candidates[article].url): article for article in ids}

    @cached_property
    def _owners_by_base(self) -> dict[str, set[str]]:
        bases: dict[str, set[str]] = defaultdict(set)
        for owner in self.registry.owners:
            if owner.valid.overlaps(self.window):
                bases[url_key(owner.base_url)].add(owner.unit)
        return dict(bases)

    def _by_title(self, claim: Claim, unit: str) -> Match | None:
        title = fold(claim.title or "")
        typed = letters(title)
        alike = [
            Match(candidate=self.candidates[article], by=by, score=int(ratio))
            for known, article, by in self._titles(unit).get(_numbers(title), ())
            if (ratio := fuzz.ratio(typed, known, score_cutoff=SAME_TITLE))
        ]
        return max(alike, key=lambda match: self._rank(match, claim.day), default=None)

    def _rank(self, match: Match, day: dt.date | None) -> tuple[object, ...]:
        """Order equally alike titles: today's, the claimed day, a day in the window, the oldest."""
        candidate = match.candidate
        return (
            match.score,
            match.by is MatchedBy.TITLE,
            day is not None and candidate.day == day,
            candidate.lies_in(self.window),
            -candidate.article_id,
        )

    def _titles(self, unit: str) -> _Titles:
        if unit not in self._titles_of_units:
            titles: _Titles = {}
            for title, article, by in self._all_titles(unit):
                folded = fold(title)
                titles.setdefault(_numbers(folded), []).append((letters(folded), article, by))
            self._titles_of_units[unit] = titles
        return self._titles_of_units[unit]

    def _all_titles(self, unit: str) -> Iterator[tuple[str, int, MatchedBy]]:
        for article, candidate in self.candidates.items():
            if self.owners[article] == unit:
                yield candidate.title, article, MatchedBy.TITLE
                for version in self.past.get(article, ()):
                    yield version.headline, article, MatchedBy.FORMER_TITLE

    @cached_property
    def _titles_of_units(self) -> dict[str, _Titles]:
        """Filled unit by unit: most units name no article."""
        return {}


def score_of(claimed: str | None, title: str) -> int | None:
    """Give how alike two titles are, 0 … 100, rounded down; None when none was claimed."""
    return None if claimed is None else int(fuzz.ratio(letters(claimed), letters(title)))


def is_same_title(first: str, second: str) -> bool:
    """Tell whether two titles are one, typed twice."""
    first, second = fold(first), fold(second)
    same_numbers = _numbers(first) == _numbers(second)
    return same_numbers and fuzz.ratio(letters(first), letters(second)) >= SAME_TITLE


def url_key(url: str) -> str:
    """Give what two addresses of one article have in common.

    >>> url_key("https://www.xa.test:443/tin/1/?utm_source=zalo#top") == url_key("xa.test/tin/1")
    True
    """
    text = url.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
    except ValueError:
        return fold(text)
    query = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if not _NOISE.fullmatch(pair[0])
    ]
    path = unquote(parts.path).rstrip("/")
    return f"{host}{port}{path}" + (f"?{urlencode(sorted(query))}" if query else "")


def _numbers(folded: str) -> tuple[str, ...]:
    return tuple(_NUMBER.findall(folded))


def _goes_on(key: str, cut: str) -> bool:
    """Tell whether an address goes on as a cut one begins, which must name more than the host."""
    begin = url_key(_CUT.sub("", cut.strip()))
    return len(begin) > len(begin.partition("/")[0]) + 1 and key.startswith(begin)
