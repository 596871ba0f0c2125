"""What a report finds: why an article is not counted, and what is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from storage.records.captures import CoverageState

if TYPE_CHECKING:
    import datetime as dt


class Exclusion(Enum):
    """Why a candidate is not in the count. Every candidate is counted or has exactly one."""

    OUT_OF_PERIOD = "out_of_period"
    NOT_OWNED = "not_owned"
    """No unit answered for the site on that day."""
    UNREAD = "unread"
    """Seen on a list, but its page could not be had: the topic is unknown."""
    UNTAGGED = "untagged"
    """Read, but not yet tagged: the topic is unknown."""
    UNDECIDED = "undecided"
    """The tagger is unsure; a person has to look."""
    OFF_TOPIC = "off_topic"
    MENTION_ONLY = "mention_only"
    """The topic occurs in passing."""
    WITHDRAWN = "withdrawn"
    """Removed from the site before the report's instant."""
    UNDATED = "undated"
    """On topic, but without a day that can be trusted."""
    DUPLICATE = "duplicate"
    """The same text is already counted for this unit."""
    OTHER_SECTION = "other_section"
    """It stands in a section that the counting rule leaves out."""
    TOO_SHORT = "too_short"
    """Shorter than the counting rule asks of a post."""
    REPOST = "repost"
    """Taken over from elsewhere, and the counting rule counts own work only."""
    OTHER_TAG = "other_tag"
    """Counted for another headline tag, and the counting rule counts each post once."""

    @property
    def is_unknown(self) -> bool:
        """Tell whether the article might count after all: then the count is a lower bound."""
        return self in _UNKNOWN


_UNKNOWN = frozenset({Exclusion.UNREAD, Exclusion.UNTAGGED, Exclusion.UNDECIDED, Exclusion.UNDATED})


@dataclass(frozen=True, slots=True)
class Counted:
    """A count that is exact, or only a lower bound because not everything was seen."""

    posts: int
    coverage: CoverageState

    @property
    def is_exact(self) -> bool:
        """Tell whether the number is exact; otherwise it reads 'at least'."""
        return self.coverage is CoverageState.COMPLETE

    def falls_short_of(self, number: int) -> bool | None:
        """Tell whether fewer than ``number`` were published; None when it cannot be known."""
        if self.posts >= number:
            return False
        return True if self.is_exact else None


class LineStatus(Enum):
    """The result of one unit and tag, in one word."""

    REACHED = "reached"
    """At least as many as planned."""
    SHORT = "short"
    """Fewer than planned, and everything was seen."""
    NOT_VERIFIABLE = "not_verifiable"
    """Fewer seen than planned, but not everything was seen."""
    NO_QUOTA = "no_quota"
    """No number was set: counted, no percentage."""


class FindingKind(Enum):
    """A difference that deserves an eye."""

    SHORTFALL = "shortfall"
    OVERCLAIM = "overclaim"
    """The unit claims more than was seen, and everything was seen."""
    UNCLAIMED = "unclaimed"
    """More was seen than the unit claims."""
    CLAIM_NOT_FOUND = "claim_not_found"
    CLAIM_OFF_TOPIC = "claim_off_topic"
    CLAIM_OUT_OF_PERIOD = "claim_out_of_period"
    CLAIM_DUPLICATED = "claim_duplicated"
    CLAIM_OTHER_UNIT = "claim_other_unit"
    CLAIM_DAY_DIFFERS = "claim_day_differs"
    CLAIM_RULED_OUT = "claim_ruled_out"
    CLAIM_REMOVED = "claim_removed"
    BACKDATED = "backdated"
    """It appeared after a look that saw its printed day in full, and was not there then."""
    DAY_CHANGED = "day_changed"
    """A later edit of the page moved its printed day into the period."""
    LAST_DAY_BURST = "last_day_burst"
    """Far more posts on the last day of the period than on any other."""
    DAY_FOLLOWS_CLOCK = "day_follows_clock"
    """A site prints the day of its build, or of the visit, on posts."""
    NOT_VERIFIABLE = "not_verifiable"


class FindingState(Enum):
    """How far a finding has come. A report makes it open; people do the rest."""

    OPEN = "open"
    EXPLAINED = "explained"
    """The unit has said why."""
    ACCEPTED = "accepted"
    """The auditor takes the explanation."""
    UPHELD = "upheld"
    """The auditor does not: the finding stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingStep:
    """What somebody said of a finding. Added, never changed; the newest gives the state."""

    key: str
    """Of the finding (``Finding.key``)."""
    state: FindingState
    who: str
    """Who answers for it: for EXPLAINED of the unit, else of the auditing office."""
    note: str
    noted_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One finding with its evidence."""

    kind: FindingKind
    unit: str
    tag: str | None
    expected: str | None
    observed: str | None
    explanation: str
    """One or two Vietnamese sentences: what, where, what to do next."""
    article_id: int | None = None
    capture_id: int | None = None
    claim_cell: str | None = None
    key: str = ""
    """What it is about, as 12 hex digits: the same in every report that finds it again. Empty:
    the report was made before findings had one."""
    steps: tuple[FindingStep, ...] = ()
    """What was said of it until the report's instant, oldest first."""

    @property
    def state(self) -> FindingState:
        """Give how far it has come."""
        return self.steps[-1].state if self.steps else FindingState.OPEN
