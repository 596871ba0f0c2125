"""``tinbai evidence verify``: files, rows, chain, frozen reports and time stamps, all together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from storage.chain import UNREADABLE
from storage.engine import any_bytes
from storage.language import t
from storage.problems import EvidenceProblem, ProblemKind
from storage.stamps import verify_stamps
from storage.verify_chain import Chain, verify_chain
from storage.verify_files import verify_files
from storage.verify_roots import verify_reports, verify_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.engine import Connection


def verify(
    c: Connection,
    folder: Path,
    *,
    found: Chain | None = None,
    root: str | None = None,
    certificates: bytes | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Iterator[EvidenceProblem]:
    """Find every byte in rows or files that is not as it was sealed, and say which.

    Args:
        c: sees the state of one instant.
        folder: the evidence folder.
        found: is filled with what the chain was found to hold.
        root: one that stands on paper, hex: the chain must have had it.
        certificates: whose time stamps are trusted, in PEM.
        progress: told how many runs of how many are done.
    """
    found = found if found is not None else Chain()
    parts = [
        (t("tệp bằng chứng", "files"), verify_files(c, folder, progress=progress)),
        (t("chuỗi và dòng dữ liệu", "chain and rows"), verify_chain(c, found)),
        (t("báo cáo", "reports"), verify_reports(c, found)),
        (t("dấu thời gian", "time stamps"), verify_stamps(c, found, certificates=certificates)),
    ]
    if root is not None:
        parts.append((t("mã gốc", "root"), verify_root(root, found)))
    with any_bytes(c):
        for name, problems in parts:
            for problem in _as_far_as_it_goes(name, problems):
                message = problem.message.encode("utf-8", "backslashreplace").decode()
                yield replace(problem, message=message)


def _as_far_as_it_goes(name: str, problems: Iterator[EvidenceProblem]) -> Iterator[EvidenceProblem]:
    """Go on with the other parts where a row holds what nobody can read."""
    try:
        yield from problems
    except UNREADABLE as error:
        yield EvidenceProblem(
            kind=ProblemKind.UNREADABLE,
            message=t(
                f"không đối chiếu hết được phần {name}: có dòng chứa giá trị lạ ({error}).",
                f"the {name} could not be compared to the end: a row holds what cannot be read "
                f"({error}).",
            ),
        )
