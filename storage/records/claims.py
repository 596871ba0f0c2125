"""What was claimed, and the one verdict on each claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from storage.records.captures import Disposition
    from storage.records.days import DayInterval


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One claimed number or one claimed article."""

    id: int | None = None
    tag: str
    number: int | None = None
    """Set for a total; then url and title are None."""
    url: str | None = None
    """Of a link behind a text: its target."""
    title: str | None = None
    day: dt.date | None = None
    cell: str
    shown_url: str | None = None
    """The address that the link's text shows, where it is another than its target."""


def is_cut(url: str) -> bool:
    """Tell whether a program that shortens long addresses left out the end of this one."""
    return url.rstrip().endswith(("…", ".."))


@dataclass(frozen=True, kw_only=True, slots=True)
class SelfReport:
    """What a unit says that it did (báo cáo tự đánh giá). The newest received one is in force."""

    id: int | None = None
    unit: str
    period: DayInterval
    source_sha256: str
    source_name: str
    received_at: dt.datetime
    claims: tuple[Claim, ...]


class ClaimVerdict(Enum):
    """What became of a claim. Every claim has exactly one."""

    CONFIRMED = "confirmed"
    """Counted, as claimed; of a total: as many were counted."""
    REPOST = "repost"
    """Counted, though taken over from another unit."""
    DAY_DIFFERS = "day_differs"
    """Counted by its printed day, which is not the claimed one."""
    COUNTED_ALREADY = "counted_already"
    """Claimed on another line as well, or the text was counted before."""
    OUT_OF_PERIOD = "out_of_period"
    """Published before or after the period."""
    OFF_TOPIC = "off_topic"
    MENTION_ONLY = "mention_only"
    RULED_OUT = "ruled_out"
    """On topic and of the period, but the counting rule leaves it out: a repost, a section, a
    short post, one that counts for another tag."""
    OTHER_UNIT = "other_unit"
    """On a site that another unit answers for."""
    OFF_LIST = "off_list"
    """Its address is on no listed site: nobody may look there."""
    NOT_FOUND = "not_found"
    """Not there, although the unit's lists were seen in full."""
    REMOVED_OR_CHANGED = "removed_or_changed"
    """It was there; since then it was removed, or its title or day was changed."""
    NOT_VERIFIABLE = "not_verifiable"
    """It cannot be said; the reason names what was not seen, read or decided."""
    TOO_MANY = "too_many"
    """A total: fewer were counted, and everything was seen."""
    TOO_FEW = "too_few"
    """A total: more were counted."""


class MatchedBy(Enum):
    """How the article of a claim was found."""

    ADDRESS = "address"
    CUT_ADDRESS = "cut_address"
    """The claimed address was cut off ('…'); one article only goes on as it begins."""
    TITLE = "title"
    FORMER_TITLE = "former_title"
    """By the title of an earlier version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PastVersion:
    """A version that is not the newest any more, without its text."""

    number: int
    headline: str
    day: dt.date | None
    capture_id: int
    read_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressTry:
    """How the newest attempt at a claimed address ended."""

    url: str
    capture_id: int
    tried_at: dt.datetime
    disposition: Disposition
    reason: str | None
    status: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedClaim:
    """A claim as its unit made it, and what became of it."""

    unit: str
    tag: str
    cell: str
    number: int | None
    """Set for a total; then url, title and day are None."""
    url: str | None
    title: str | None
    day: dt.date | None
    verdict: ClaimVerdict
    reason: str
    """One or two Vietnamese sentences."""
    is_counted: bool = False
    """The article, or the one that it repeats, is in the unit's count, by this claim first. Of a
    total: False."""
    matched_by: MatchedBy | None = None
    """None: no article was found, or it is a total."""
    score: int | None = None
    """How alike the titles are, 0 … 100, rounded down; None: there is no article, or no title."""
    article_id: int | None = None
    version_id: int | None = None
    capture_id: int | None = None
    """Of the page that was read; without an article of the newest attempt at the address."""
    found_url: str | None = None
    found_title: str | None = None
    found_day: dt.date | None = None
