"""What can be wrong with the evidence: one value for each thing that ``evidence verify`` names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """How rows, files and the chain over them can differ."""

    FILE_MISSING = "file_missing"
    FILE_UNKNOWN = "file_unknown"
    """A file that no run wrote."""
    DAMAGED = "damaged"
    """The file cannot be read from some place on."""
    RECORD_MISSING = "record_missing"
    """A row names a place where its record is not."""
    RECORD_UNKNOWN = "record_unknown"
    """A record that no row names."""
    CHANGED = "changed"
    """The record is there, but its address, instant, status or bytes are not what was noted."""
    ORIGINAL_MISSING = "original_missing"
    """A revisit refers to a body that is not there."""
    NOT_REMOVED = "not_removed"
    """Its removal was decided, but the file is still there."""
    ROW_CHANGED = "row_changed"
    """A row is not what its leaf was made of."""
    ROW_MISSING = "row_missing"
    """The chain holds a row that is not there."""
    ROW_INSERTED = "row_inserted"
    """A row, or a leaf, that was not there when its place in the chain was sealed."""
    LEAF_CHANGED = "leaf_changed"
    """The list of rows' digests is not what its leaf's hash was made of."""
    LEAF_MISSING = "leaf_missing"
    """A place in the chain without a leaf."""
    REORDERED = "reordered"
    """Leaves, or rows, do not stand in the order in which they came."""
    ROOT_CHANGED = "root_changed"
    """The leaves before a head do not give the root that was written there."""
    UNREADABLE = "unreadable"
    """A row holds what no program of ours can have written, so that a part was not compared."""
    NOT_SEALED = "not_sealed"
    """A run has ended, or what a person did was stored, and is not in the chain."""
    REPORT_CHANGED = "report_changed"
    """A frozen report's text does not match its digest."""
    REPORT_ROOT = "report_root"
    """The chain is not the one that a frozen report was made from."""
    GIVEN_ROOT = "given_root"
    """The chain never had the root that the caller holds, e.g. from a printed report."""
    STAMP_WRONG = "stamp_wrong"
    """A time stamp is not of this chain, or its signature does not hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceProblem:
    """One thing that is not as it was."""

    kind: ProblemKind
    file: str | None = None
    """Path below the evidence folder; None: it is about rows."""
    message: str
    """What differs, in the language in use."""
    capture_id: int | None = None
    record_id: str | None = None
    run_id: int | None = None
    table: str | None = None
    """In the database; None: it is about captures, files or the chain."""
    first_id: int | None = None
    last_id: int | None = None
    """Of the table's rows, inclusive."""

    def __str__(self) -> str:
        return f"{self.file}: {self.message}" if self.file else self.message
