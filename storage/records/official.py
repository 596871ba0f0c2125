"""Reports as they are kept: stored ones, and those that their office has frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    import datetime as dt

    from storage.records.days import DayInterval


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredReport:
    """What is known of a stored report without reading it. Every report that is made is stored."""

    id: int
    period_code: str
    period: DayInterval
    as_of: dt.datetime
    made_at: dt.datetime
    rule: str
    tagger: str | None
    code_version: str
    content_sha256: str
    under: str | None
    """Code of the unit that it is about, with all below it; None: all units."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialReport:
    """A stored report that its office has frozen (chốt): signed, with a number and a day.

    Added once, never changed and never taken back; a later one may supersede it.
    """

    report_id: int
    issuer: str
    """The office as it stands in the report's head."""
    number: str
    """As the office's registry gave it, e.g. '123/BC-SNV': once for an office and year."""
    signed_on: dt.date
    supersedes: int | None = None
    """The report that it takes the place of; a report is superseded once."""
    why: str | None = None
    """None exactly when it supersedes none."""
    who: str
    """Who recorded it."""
    recorded_at: dt.datetime

    @property
    def key(self) -> tuple[str, int, str]:
        """Give what no two may share: office, year and number, however they are typed."""
        number = "".join(fold(self.number).split()).lstrip("0")
        return fold(self.issuer), self.signed_on.year, number
