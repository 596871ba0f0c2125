"""Retention: archived bytes are deleted by decision; rows, digests and the chain stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from storage import tables
from storage.captures import runs
from storage.engine import add_rows
from storage.errors import EvidenceError, InputError
from storage.evidence import files_of
from storage.language import t
from storage.records import VIETNAM, Removal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from storage.engine import Connection


def removable(c: Connection, folder: Path, *, before: dt.datetime) -> list[tuple[str, int]]:
    """Give the WARC files of runs that ended before an instant, with their sizes in bytes.

    Later captures may refer to bodies in them (the page was the same): those go as well.
    """
    gone = {one.warc_file for one in removals(c)}
    found: list[tuple[str, int]] = []
    for run in runs(c, before):
        if run.finished_at is None or run.finished_at >= before:
            continue
        found += [
            (name, path.stat().st_size)
            for path in files_of(folder, run)
            if (name := f"{run.site}/{path.name}") not in gone
        ]
    return found


def decide(
    c: Connection,
    files: Sequence[tuple[str, int]],
    *,
    by: str,
    reason: str,
    at: dt.datetime,
) -> list[Removal]:
    """Write down who removes which files, and why. The bytes are deleted after this is stored.

    Raises:
        InputError: nobody is named, or no reason is given.
    """
    by, reason = by.strip(), reason.strip()
    if not by or not reason:
        raise InputError(
            t(
                "Phải nêu người quyết định (--by) và lý do (--reason).",
                "Say who decides (--by) and why (--reason).",
            )
        )
    made = [
        Removal(warc_file=file, warc_bytes=size, removed_by=by, reason=reason, removed_at=at)
        for file, size in files
    ]
    add_rows(
        c,
        tables.removed_file,
        [
            {
                "warc_file": one.warc_file,
                "warc_bytes": one.warc_bytes,
                "removed_by": one.removed_by,
                "reason": one.reason,
                "removed_at": one.removed_at,
            }
            for one in made
        ],
    )
    return made


def delete(folder: Path, decided: Sequence[Removal]) -> None:
    """Delete the bytes of files whose removal was decided; those that are gone already are well.

    Raises:
        EvidenceError: a file cannot be deleted; ``verify`` names those that are still there.
    """
    for one in decided:
        try:
            (folder / one.warc_file).unlink(missing_ok=True)
        except OSError as error:
            raise EvidenceError(
                t(
                    f"Không xóa được {folder / one.warc_file}: {error.strerror}. Kiểm tra quyền "
                    "ghi rồi chạy lại lệnh.",
                    f"{folder / one.warc_file} cannot be deleted: {error.strerror}. Check the "
                    "permissions and run the command again.",
                )
            ) from error


def removals(c: Connection) -> list[Removal]:
    """Give all decisions, oldest first."""
    table = tables.removed_file
    return [_removal(row) for row in c.execute(sa.select(table).order_by(table.c.id))]


def removal_of(c: Connection, warc_file: str) -> Removal | None:
    """Give the decision by which a file was removed; None: none was made."""
    table = tables.removed_file
    row = c.execute(sa.select(table).where(table.c.warc_file == warc_file)).one_or_none()
    return None if row is None else _removal(row)


def removals_behind_report(c: Connection, report_id: int) -> list[tuple[Removal, int]]:
    """Give the decisions that took bytes behind a frozen report, with how many of its articles."""
    removed, capture, version = tables.removed_file, tables.capture, tables.article_version
    line, article = tables.report_line, tables.report_line_article
    query = (
        sa.select(*removed.c, sa.func.count(article.c.article_id.distinct()).label("articles"))
        .join(capture, capture.c.warc_file == removed.c.warc_file)
        .join(version, version.c.capture_id == capture.c.id)
        .join(article, article.c.version_id == version.c.id)
        .join(line, line.c.id == article.c.line_id)
        .where(line.c.report_id == report_id)
        .group_by(*removed.c)
        .order_by(removed.c.id)
    )
    return [(_removal(row), row.articles) for row in c.execute(query)]


def said(removal: Removal) -> str:
    """Say who removed a file, when and why."""
    at = removal.removed_at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")
    return t(
        f"{removal.warc_file} đã được xóa theo quyết định của {removal.removed_by} lúc {at}: "
        f"{removal.reason}",
        f"{removal.warc_file} was removed by decision of {removal.removed_by} at {at}: "
        f"{removal.reason}",
    )


def _removal(row: Any) -> Removal:  # noqa: ANN401 - a row with these columns, or more
    return Removal(
        warc_file=row.warc_file,
        warc_bytes=row.warc_bytes,
        removed_by=row.removed_by,
        reason=row.reason,
        removed_at=row.removed_at,
    )
