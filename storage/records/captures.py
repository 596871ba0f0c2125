"""What was seen: captures, runs, lists, coverage, the evidence chain."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from storage.records.days import DayInterval


class Disposition(Enum):
    """What became of one capture. Every capture has exactly one."""

    STORED = "stored"
    """A new article or a new version of one was read from it."""
    UNCHANGED = "unchanged"
    """Read, and the same as the last time."""
    LISTED = "listed"
    """A list, feed or sitemap whose items were taken."""
    SUPPORT = "support"
    """robots.txt, an article's attachment: needed for the work, no article of its own."""
    REDIRECTED = "redirected"
    """Answered by another address on the site, which was asked next."""
    OFF_SITE = "off_site"
    """Answered by an address that the profile does not list; not followed."""
    NOT_AN_ARTICLE = "not_an_article"
    """A real page, but no article."""
    BLOCKED = "blocked"
    """A firewall, captcha, login or maintenance page stood in its place."""
    HTTP_ERROR = "http_error"
    """The server answered with an error, as a status or as an error text in a 200."""
    NETWORK_ERROR = "network_error"
    """No complete answer: name, connection, TLS, time-out, cut off, too large."""
    ROBOTS_DENIED = "robots_denied"
    """robots.txt forbids it; it was not asked."""
    UNREADABLE = "unreadable"
    """An answer came, but not one that can be read as a page of this family."""
    INTERRUPTED = "interrupted"
    """Archived, then the run was stopped before it could be judged."""


class TlsCheck(Enum):
    """What was made of a server's certificate. Over plain HTTP there is nothing to check: None."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    """It failed the check, and the profile says to read the site all the same."""


NOT_MODIFIED = 304
"""The status of an answer that confirms an archived body (RFC 9110, 15.4.5)."""


class CapturePurpose(Enum):
    """Why an address was asked."""

    LIST = "list"
    FEED = "feed"
    SITEMAP = "sitemap"
    ARTICLE = "article"
    ROBOTS = "robots"
    ATTACHMENT = "attachment"
    """A file that an article with little text of its own links or shows."""
    PROBE = "probe"
    """An address that cannot exist: shows how the site says 'not found'."""


class Channel(Enum):
    """How an article was found."""

    LIST = "list"
    FEED = "feed"
    SITEMAP = "sitemap"
    CLAIM = "claim"
    """A unit named its address in a self-report; of an article that no list had shown."""


class RunOutcome(Enum):
    """How a walk over a site ended."""

    COMPLETE = "complete"
    """Every section was seen back to the start of the window, or to what is known from before."""
    PARTIAL = "partial"
    """Some of it could not be seen; the coverage rows say what."""
    FAILED = "failed"
    """Nothing could be seen, or an expectation of the profile was broken."""
    INTERRUPTED = "interrupted"
    """Stopped from outside (Ctrl-C, kill, power)."""


class CoverageState(Enum):
    """Was it seen in full?"""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NONE = "none"

    @classmethod
    def worst(cls, states: Iterable[CoverageState]) -> CoverageState:
        """Give COMPLETE only if all are, NONE only if all are; PARTIAL otherwise.

        No states at all is NONE: nothing was seen.
        """
        distinct = set(states)
        if len(distinct) == 1:
            return distinct.pop()
        return cls.PARTIAL if distinct else cls.NONE


class CoverageReason(Enum):
    """How it is known that days were seen in full, or why they were not."""

    REACHED_WINDOW_START = "reached_window_start"
    """The list went back past the first day of the window."""
    REACHED_LIST_END = "reached_list_end"
    """The list was read to its last page."""
    REACHED_KNOWN = "reached_known"
    """The list was read until it joined what an earlier run had seen; its row says which one.
    Only the days that this run saw by itself are its own: those before are the earlier run's."""
    FEED_TOO_SHORT = "feed_too_short"
    """A feed or list without paging does not reach back to the window's start."""
    LIST_FAILED = "list_failed"
    """A list page could not be had (error, time-out, no answer)."""
    LIST_BLOCKED = "list_blocked"
    """A firewall, login or maintenance page stood in place of a list page."""
    LIST_EMPTY = "list_empty"
    """The list page shows no item: a redesign or an outage, not 'no posts'."""
    PAGE_LIMIT = "page_limit"
    """The profile's limit of pages was reached first."""
    REQUEST_LIMIT = "request_limit"
    """The host had been asked as often as it may be in one night."""
    OUTSIDE_HOURS = "outside_hours"
    """The profile's hours of visit had not begun, or were over first."""
    RESTING = "resting"
    """Not asked: it has not answered for days, and is tried less and less often."""
    ROBOTS_DENIED = "robots_denied"
    EXPECTATION_BROKEN = "expectation_broken"
    """Fewer articles than the profile says this site has."""
    INTERRUPTED = "interrupted"


class ListOrder(Enum):
    """How the items of a list stand. What cannot be told is None, not a member."""

    NEWEST_FIRST = "newest_first"
    """By the day of publication, the newest on top."""
    PINNED_ON_TOP = "pinned_on_top"
    """A few chosen items first, then newest first."""
    LAST_CHANGE = "last_change"
    """By the last change: an old item that is edited rises to the top."""
    UNORDERED = "unordered"


@dataclass(frozen=True, kw_only=True, slots=True)
class WarcPlace:
    """Where a record lies in the evidence folder."""

    file: str
    """Path below the evidence folder, with forward slashes."""
    offset: int
    """Bytes from the start of the file to the record's gzip member."""
    record_id: str
    """The WARC-Record-ID, without the angle brackets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """One HTTP exchange, or the attempt at one."""

    id: int | None = None
    run_id: int
    url: str
    article_id: int | None = None
    """The article that it was asked for, whatever address it has; None: for none, or not known
    any more (found in the evidence after a kill)."""
    purpose: CapturePurpose
    captured_at: dt.datetime
    disposition: Disposition
    reason: str | None = None
    """A short English code or phrase for the log, e.g. 'timeout', 'status 503'."""
    status: int | None = None
    media_type: str | None = None
    body_sha256: str | None = None
    """Hex digest of the body as it came over the wire (still compressed); with status 304 of
    the archived body that the server confirmed."""
    body_bytes: int | None = None
    tls: TlsCheck | None = None
    """None: plain HTTP, no answer, or not known."""
    warc: WarcPlace | None = None
    etag: str | None = None
    """The server's mark of this body, as sent."""
    last_modified: str | None = None
    """The server's Last-Modified, as sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TreeHead:
    """The state of the evidence chain at an instant: whoever has it can see any change before."""

    size: int
    """How many leaves are in the tree: one for a capture, one for many rows of a table."""
    root: str
    """Hex; of the Merkle tree over them (``storage.leaves``, ``storage.merkle``)."""
    sealed_at: dt.datetime
    holds_rows: bool = False
    """Rows made from captures are in it, too; until schema 0010 captures alone were."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """Bytes that were deleted because somebody decided so (retention); their digests stay."""

    warc_file: str
    """Path below the evidence folder."""
    warc_bytes: int
    """How large it was."""
    removed_by: str
    reason: str
    removed_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedBody:
    """The bytes that an address gave last, and where in time they were archived in full."""

    sha256: str
    captured_at: dt.datetime
    """When these bytes were first archived: that record holds them, later ones refer to it."""
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a server can be asked with whether an archived body still stands (RFC 9110, 13.1)."""

    etag: str | None
    last_modified: str | None
    body: ArchivedBody
    place: WarcPlace
    """The record that holds the body."""
    taken_at: dt.datetime
    """When the server last gave the body in full."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlRun:
    """One walk over one site."""

    id: int | None = None
    site: str
    window: DayInterval
    started_at: dt.datetime
    finished_at: dt.datetime | None = None
    outcome: RunOutcome | None = None
    """None while it is under way."""
    reason: str | None = None
    profile_digest: str
    code_version: str
    simulated_clock: bool
    """True when the run's clock was set by hand (demo, replay, test)."""
    counters: Mapping[str, int] = field(default_factory=dict)
    """``noun/reason`` → how many, e.g. 'capture/stored'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionCoverage:
    """Which days of one section one run saw in full."""

    site: str
    section: str
    run_id: int
    run_started_at: dt.datetime
    state: CoverageState
    days: DayInterval | None
    """Days seen in full; None exactly when the state is NONE. Never includes the run's own day."""
    reason: CoverageReason
    detail: str | None = None
    """e.g. the address and status of the list page that failed."""
    is_extra: bool = False
    """A further channel to what other sections list: days count as seen without it."""
    order: ListOrder | None = None
    """How the items stood in this walk; None: could not be told."""
    joins_run_id: int | None = None
    """With REACHED_KNOWN: the run whose look this one goes on from."""

    @property
    def undecided(self) -> str | None:
        """Give address and doubt of what may be a list of posts, and nobody has said whether it is.

        It was not asked. None: it is a list of the profile.
        """
        is_one = self.reason is CoverageReason.LIST_FAILED and self.detail is not None
        if not is_one or not (self.detail or "").startswith(UNDECIDED):
            return None
        return (self.detail or "").removeprefix(UNDECIDED)


UNDECIDED = "undecided: "
"""How the detail of a section begins that the site's profile names as not decided on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """One page of a list, feed or sitemap as one run asked for it, whether it came or not."""

    capture_id: int | None = None
    """None until the capture is stored."""
    section: str
    channel: Channel
    number: int
    """1, 2, 3 … in the order in which the run walked the section; a page that was asked twice,
    or by way of a redirect, keeps its number."""
    items: int | None = None
    """Articles listed; None: the page could not be read, which is not the same as 0."""
    undated: int | None = None
    """Of these, how many show no day."""
    newest: dt.date | None = None
    oldest: dt.date | None = None
