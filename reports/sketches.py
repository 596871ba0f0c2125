"""Short sketches of texts, and which of a million of them look alike: no database. Pure.

MinHash (rensa) over the word triples of ``reports.likeness``; the sketches' bands, sorted, bring
together those that share one (locality-sensitive hashing). A sketch only finds pairs: whether they
are one text is for ``likeness`` to say, from the texts.
"""

from __future__ import annotations

import heapq
import mmap
import struct
import tempfile
from itertools import chain, islice
from typing import TYPE_CHECKING

from rensa import RMinHash

from reports.likeness import METHOD as COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reports.likeness import ComparedText

HASHES, BANDS = 64, 16
# Bands of four: texts with 70 % of their triples in common share a band with probability 0.988
# (1 - (1 - 0.7**4)**16), such with 30 % with 0.12.
_ROW = struct.Struct(f"<{HASHES}I")
_BAND_BYTES = _ROW.size // BANDS
_PLACE = struct.Struct(">Q")
_SEED = 20220701

METHOD = f"{COMPARED}/minhash{RMinHash.ALGORITHM_VERSION}-{HASHES}"
"""Names how a sketch is made; sketches of other methods are made anew."""

_SLACK = 25
# Percent that an estimate may lie below the likeness that is looked for: four times the standard
# error of 64 hashes at 70 % (5.7).
_IN_MEMORY = 500_000  # entries that are sorted at once: some 50 MB
_OLDEST = 50
# With how many of those that share its band a sketch is compared. A notice that a thousand
# communes take over shares one with all of them; what repeats nothing older is found early.


def sketch(text: ComparedText) -> bytes:
    """Give the sketch of a text: 256 bytes, always the same for the same text."""
    minhash = RMinHash(num_perm=HASHES, seed=_SEED)
    minhash.update(sorted(text.triples))
    return _ROW.pack(*minhash.digest())


def estimate(first: bytes, second: bytes) -> int:
    """Give the percent of word triples in common as the sketches have it: ± 6."""
    hashes = zip(_ROW.unpack(first), _ROW.unpack(second), strict=True)
    equal: int = sum(one == other for one, other in hashes)
    return 100 * equal // HASHES


def pairs(sketches: Iterable[bytes], *, least: int) -> Iterator[tuple[int, int]]:
    """Give the places of the sketches whose texts may have ``least`` percent in common.

    The earlier place stands first; the order of the pairs is that of the bands. Memory does not
    grow with the number of sketches, only with that of the pairs: they lie in a temporary file.

    Args:
        sketches: the oldest first: where very many look alike, they are compared with the oldest.
        least: 1 … 100.
    """
    with tempfile.TemporaryFile() as file:
        count = 0
        for one in sketches:
            file.write(one)
            count += 1
        if count < 2:  # noqa: PLR2004 - a pair
            return
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as rows:
            yield from _pairs(rows, count, least - _SLACK)


def _pairs(rows: mmap.mmap, count: int, least: int) -> Iterator[tuple[int, int]]:
    told: set[tuple[int, int]] = set()
    for band in range(BANDS):
        for pair in _sharing(_sorted(_entries(rows, count, band))):
            if pair not in told and estimate(_row(rows, pair[0]), _row(rows, pair[1])) >= least:
                told.add(pair)
                yield pair


def _row(rows: mmap.mmap, place: int) -> bytes:
    return rows[place * _ROW.size : (place + 1) * _ROW.size]


def _entries(rows: mmap.mmap, count: int, band: int) -> Iterator[bytes]:
    """Give a band of each sketch with its place: equal bands sort together, the oldest first."""
    start = band * _BAND_BYTES
    for place in range(count):
        at = place * _ROW.size + start
        yield rows[at : at + _BAND_BYTES] + _PLACE.pack(place)


def _sorted(entries: Iterator[bytes]) -> Iterator[bytes]:
    """Sort any number of entries: what does not fit into memory by way of temporary files."""
    first = sorted(islice(entries, _IN_MEMORY))
    if len(first) < _IN_MEMORY:
        yield from first
        return
    with tempfile.TemporaryFile() as file:
        runs = []
        width = len(first[0])
        for run in chain([first], iter(lambda: sorted(islice(entries, _IN_MEMORY)), [])):
            runs.append((file.tell(), len(run)))
            file.write(b"".join(run))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as spilled:
            yield from heapq.merge(
                *(
                    (spilled[at : at + width] for at in range(start, start + width * n, width))
                    for start, n in runs
                )
            )


def _sharing(entries: Iterator[bytes]) -> Iterator[tuple[int, int]]:
    """Give the pairs of places whose entries have one band."""
    key, oldest = b"", list[int]()
    for entry in entries:
        if entry[:_BAND_BYTES] != key:
            key, oldest = entry[:_BAND_BYTES], []
        (place,) = _PLACE.unpack(entry[_BAND_BYTES:])
        yield from ((other, place) for other in oldest)
        if len(oldest) < _OLDEST:
            oldest.append(place)
