"""``tinbai evidence verify``: files, rows, chain, frozen reports and time stamps, all together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.stamps import verify_stamps
from storage.verify_chain import Chain, verify_chain, verify_reports, verify_root
from storage.verify_files import verify_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.engine import Connection
    from storage.problems import EvidenceProblem


def verify(
    c: Connection,
    folder: Path,
    *,
    root: str | None = None,
    certificates: bytes | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[EvidenceProblem]:
    """Find every byte in rows or files that is not as it was sealed, and say which.

    Args:
        c: sees the state of one instant.
        folder: the evidence folder.
        root: one that stands on paper, hex: the chain must have had it.
        certificates: whose time stamps are trusted, in PEM.
        progress: told how many runs of how many are done.
    """
    yield from verify_files(c, folder, progress=progress)
    found = Chain()
    yield from verify_chain(c, found)
    yield from verify_reports(c, found)
    yield from verify_stamps(c, found, certificates=certificates)
    if root is not None:
        yield from verify_root(root, found)
