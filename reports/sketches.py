"""Short sketches of texts, and which of a million of them look alike: no database. Pure.

MinHash (rensa) over the word triples of ``reports.likeness``; the sketches' bands, sorted, bring
together those that share one (locality-sensitive hashing). A sketch only finds pairs: whether they
are one text is for ``likeness`` to say, from the texts.
"""

from __future__ import annotations

import struct
import tempfile
from array import array
from bisect import bisect_right
from itertools import chain, count, islice
from typing import TYPE_CHECKING

from rensa import RMinHash

from reports.likeness import METHOD as COMPARED

if TYPE_CHECKING:
    import io
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
_IN_MEMORY = 50_000  # entries that are sorted at once: some 4 MB
_BLOCK = 1024  # sketches, or sorted entries of each run, that are read at once
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

    The earlier place stands first; the order of the pairs is that of the bands. Sketches and what
    is sorted lie in temporary files; of a sketch two bytes stay in memory.

    Args:
        sketches: the oldest first: where very many look alike, they are compared with the oldest.
        least: 1 … 100.
    """
    rest = iter(sketches)
    with tempfile.TemporaryFile(buffering=0) as rows:
        number = 0
        while block := list(islice(rest, _BLOCK)):
            rows.write(b"".join(block))
            number += len(block)
        oldest = array("H", bytes(2 * number))
        for band in range(BANDS):
            for first, second in _sharing(_sorted(_entries(rows, band)), oldest, band):
                one, other = _row(rows, first), _row(rows, second)
                known = _is_told(one, other, oldest[first], band)
                if not known and estimate(one, other) >= least - _SLACK:
                    yield first, second


def _is_told(first: bytes, second: bytes, compared: int, band: int) -> bool:
    """Tell whether an earlier band brought the two together.

    ``compared``: a bit for each band by which the first is compared with those that share it.
    """
    return any(
        compared >> earlier & 1
        and first[earlier * _BAND_BYTES : (earlier + 1) * _BAND_BYTES]
        == second[earlier * _BAND_BYTES : (earlier + 1) * _BAND_BYTES]
        for earlier in range(band)
    )


def _row(rows: io.FileIO, place: int) -> bytes:
    rows.seek(place * _ROW.size)
    return rows.read(_ROW.size)


def _entries(rows: io.FileIO, band: int) -> Iterator[bytes]:
    """Give a band of each sketch with its place: equal bands sort together, the oldest first."""
    places = count()
    for block in _read(rows, 0, None, _ROW.size):
        for at in range(band * _BAND_BYTES, len(block), _ROW.size):
            yield block[at : at + _BAND_BYTES] + _PLACE.pack(next(places))


def _read(file: io.FileIO, start: int, end: int | None, width: int) -> Iterator[bytes]:
    """Read a part of a file, in bytes, in blocks of pieces of one width."""
    while end is None or start < end:
        file.seek(start)
        most = _BLOCK * width
        block = file.read(most if end is None else min(most, end - start))
        if not block:
            return
        start += len(block)
        yield block


def _sorted(entries: Iterator[bytes]) -> Iterator[bytes]:
    """Sort any number of entries: what does not fit into memory by way of a temporary file."""
    first = sorted(islice(entries, _IN_MEMORY))
    if len(first) < _IN_MEMORY:
        yield from first
        return
    with tempfile.TemporaryFile(buffering=0) as file:
        width, end, runs = len(first[0]), 0, []
        for run in chain([first], iter(lambda: sorted(islice(entries, _IN_MEMORY)), [])):
            start, end = end, end + file.write(b"".join(run))
            runs.append(_pieces(_read(file, start, end, width), width))
        del first, run
        yield from _merged(runs)


def _pieces(blocks: Iterator[bytes], width: int) -> Iterator[list[bytes]]:
    for block in blocks:
        yield [block[at : at + width] for at in range(0, len(block), width)]


def _merged(runs: Iterable[Iterator[list[bytes]]]) -> Iterator[bytes]:
    """Merge what is sorted and comes in blocks, with one block of each in memory."""
    heads = [(block, run) for run in runs for block in islice(run, 1)]
    while heads:
        bound = min(block[-1] for block, _ in heads)  # what is up to here is all at hand
        ready: list[bytes] = []
        rest = []
        for block, run in heads:
            upto = bisect_right(block, bound)
            ready += block[:upto]
            if upto < len(block):
                rest.append((block[upto:], run))
            else:
                rest += [(following, run) for following in islice(run, 1)]
        ready.sort()
        yield from ready
        heads = rest


def _sharing(entries: Iterator[bytes], oldest: array[int], band: int) -> Iterator[tuple[int, int]]:
    """Give the pairs of places whose entries have one band, and note with whom is compared."""
    key, compared = b"", list[int]()
    for entry in entries:
        if not entry.startswith(key) or not key:
            key, compared = entry[:_BAND_BYTES], []
        (place,) = _PLACE.unpack_from(entry, _BAND_BYTES)
        yield from ((other, place) for other in compared)
        if len(compared) < _OLDEST:
            compared.append(place)
            oldest[place] |= 1 << band
