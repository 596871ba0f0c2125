"""The Merkle tree of RFC 9162 (section 2.1; the same as RFC 6962): roots and proofs. Pure.

A tree over the leaves ``d[0] … d[n-1]``: the hash of a leaf is SHA-256 of ``0x00 ‖ d``, that of a
node SHA-256 of ``0x01 ‖ left ‖ right``, and a node's left side holds the largest power of two of
leaves that is smaller than their number. All hashes are 32 bytes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(content: bytes) -> bytes:
    """Give the hash of a leaf."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Give the hash of a node from its children's."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Peaks:
    """What has to be kept of a tree so that leaves can be added: a root for each set bit of size.

    The largest sub-tree first. Adding n leaves costs about 2 n hashes, whatever the size.
    """

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise ValueError(f"{len(self.hashes)} peaks do not make a tree of {self.size}")

    def plus(self, leaves: Iterable[bytes]) -> Peaks:
        """Give the tree with these leaves (their hashes) added at its end."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            hashes.append(leaf)
            size += 1
            # Each trailing zero of the size says that two sub-trees of one height have met.
            for _ in range((size & -size).bit_length() - 1):
                right = hashes.pop()
                hashes[-1] = node_hash(hashes[-1], right)
        return Peaks(size, tuple(hashes))

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *lefts, root = self.hashes
        for left in reversed(lefts):
            root = node_hash(left, root)
        return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaves (their hashes)."""
    return Peaks().plus(leaves).root


def inclusion_path(leaves: Sequence[bytes], number: int) -> list[bytes]:
    """Give the hashes that lead from leaf ``number`` (from 0) to the root (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: there is no such leaf.
    """
    return inclusion_paths(leaves, [number])[number]


def inclusion_paths(leaves: Sequence[bytes], numbers: Iterable[int]) -> dict[int, list[bytes]]:
    """Give the paths of several leaves; every node is hashed once, however many leaves there are.

    Raises:
        ValueError: there is no such leaf.
    """
    wanted = sorted(set(numbers))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < len(leaves):
        raise ValueError(f"no leaf {wanted[0]} or {wanted[-1]} among {len(leaves)}")
    paths: dict[int, list[bytes]] = {number: [] for number in wanted}
    level, places = list(leaves), {number: number for number in wanted}
    while len(level) > 1:
        for number, place in places.items():
            if (neighbour := place ^ 1) < len(level):
                paths[number].append(level[neighbour])
            places[number] = place // 2
        level = [
            node_hash(level[i], level[i + 1]) if i + 1 < len(level) else level[i]
            for i in range(0, len(level), 2)
        ]
    return paths


def root_from(path: Sequence[bytes], leaf: bytes, *, number: int, size: int) -> bytes | None:
    """Give the root that a leaf and its path lead to; None when the path does not fit the size.

    The algorithm of RFC 9162, 2.1.3.2.
    """
    if not 0 <= number < size:
        return None
    place, last, found = number, size - 1, leaf
    for one in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return found if last == 0 else None


def consistency_path(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Give the proof that the first ``earlier`` leaves are the earlier tree (RFC 9162, 2.1.4.1).

    Raises:
        ValueError: the earlier tree is empty or larger.
    """
    if not 0 < earlier <= len(leaves):
        raise ValueError(f"no tree of {earlier} before one of {len(leaves)}")
    path: list[bytes] = []
    start, end, is_whole = 0, len(leaves), True
    while earlier != end - start:
        middle = _split(end - start)
        if earlier <= middle:
            path.append(root_of(leaves[start + middle : end]))
            end = start + middle
        else:
            path.append(root_of(leaves[start : start + middle]))
            start, earlier, is_whole = start + middle, earlier - middle, False
    if not is_whole:
        path.append(root_of(leaves[start:end]))
    return path[::-1]


def is_consistent(
    path: Sequence[bytes], *, earlier: int, earlier_root: bytes, size: int, root: bytes
) -> bool:
    """Tell whether a proof shows that the earlier tree is the later one's beginning.

    The algorithm of RFC 9162, 2.1.4.2.
    """
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not path and earlier_root == root
    steps = list(path)
    if earlier & (earlier - 1) == 0:
        steps.insert(0, earlier_root)
    if not steps:
        return False
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for one in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one)
        place, last = place >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root


def _split(size: int) -> int:
    """Give the largest power of two below ``size``, which is at least 2."""
    return 1 << (size - 1).bit_length() - 1
