"""The vocabulary: every value that the crawler, the classifier and the reports share.

Frozen values, standard library only. Instants are aware and in UTC; days are calendar days
in Asia/Ho_Chi_Minh; intervals are half-open ``[start, end)``. ``id`` fields are database keys.
A value that could not be measured is ``None`` (or a named state), never ``0`` or ``""``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from storage.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone of every day in the project (UTC+7, no daylight saving time)."""


def vietnam_day(instant: dt.datetime) -> dt.date:
    """Give the calendar day in Vietnam of an aware instant.

    >>> vietnam_day(dt.datetime(2021, 12, 31, 17, 30, tzinfo=dt.UTC))
    datetime.date(2022, 1, 1)
    """
    return instant.astimezone(VIETNAM).date()


# --------------------------------------------------------------------------- time


@dataclass(frozen=True, slots=True)
class DayInterval:
    """Days from ``start`` (inclusive) to ``end`` (exclusive); ``end is None`` is open."""

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            message = f"an interval must end after it starts: [{self.start}, {self.end})"
            raise ValueError(message)

    def __contains__(self, day: object) -> bool:
        return (
            isinstance(day, dt.date) and self.start <= day and (self.end is None or day < self.end)
        )

    def intersection(self, other: DayInterval) -> DayInterval | None:
        """Give the days in both, or None when there are none."""
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return None if end is not None and end <= start else DayInterval(start, end)


# ---------------------------------------------------------------------------- who


class UnitLevel(Enum):
    """The tier of a unit (cấp)."""

    PROVINCE = "province"
    """Tỉnh, thành phố."""
    DISTRICT = "district"
    """Huyện, quận, thị xã (until 1 July 2025)."""
    COMMUNE = "commune"
    """Xã, phường, thị trấn, đặc khu."""
    DEPARTMENT = "department"
    """Sở, phòng, ban, đơn vị sự nghiệp."""


class SuccessionKind(Enum):
    """How one unit follows another."""

    MERGER = "merger"
    SPLIT = "split"
    RENAMING = "renaming"
    DISSOLUTION = "dissolution"


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitName:
    """A unit (đơn vị) as it is called, placed and ranked during an interval."""

    unit: str
    """The unit's own code in this office's list. Never a statistics code: those are reused."""
    name: str
    level: UnitLevel
    parent: str | None
    """Code of the unit above."""
    valid: DayInterval
    decision_ref: str | None = None
    """The decision that made it so, e.g. '832/NQ-UBTVQH14'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Succession:
    """A predecessor's duties pass to a successor on a day (the first day of the new unit)."""

    predecessor: str
    successor: str
    kind: SuccessionKind
    effective_on: dt.date
    decision_ref: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteOwner:
    """A website belongs to a unit for a time."""

    site: str
    base_url: str
    unit: str
    valid: DayInterval


@dataclass(frozen=True, kw_only=True, slots=True)
class Registry:
    """The unit list as known at one instant: who existed when, and whose site is whose."""

    names: tuple[UnitName, ...] = ()
    successions: tuple[Succession, ...] = ()
    owners: tuple[SiteOwner, ...] = ()
    source_sha256: str | None = None
    """Digest of the newest file that it was read from."""
    _of_site: Mapping[str, tuple[SiteOwner, ...]] = field(init=False, repr=False, compare=False)
    _of_unit: Mapping[str, tuple[UnitName, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        of_site: dict[str, tuple[SiteOwner, ...]] = {}
        for owner in self.owners:
            of_site[owner.site] = (*of_site.get(owner.site, ()), owner)
        of_unit: dict[str, tuple[UnitName, ...]] = {}
        for name in self.names:
            of_unit[name.unit] = (*of_unit.get(name.unit, ()), name)
        object.__setattr__(self, "_of_site", of_site)  # frozen: derived once, here
        object.__setattr__(self, "_of_unit", of_unit)

    def owners_of(self, site: str) -> tuple[SiteOwner, ...]:
        """Give who answered for a site, in the order of the list."""
        return self._of_site.get(site, ())

    def names_of(self, unit: str) -> tuple[UnitName, ...]:
        """Give what a unit was called and when, in the order of the list."""
        return self._of_unit.get(unit, ())

    def unit_on(self, unit: str, day: dt.date) -> UnitName | None:
        """Give the unit's name row valid on that day."""
        return next((name for name in self.names_of(unit) if day in name.valid), None)

    def owner_on(self, site: str, day: dt.date) -> str | None:
        """Give the code of the unit that answers for the site on that day."""
        return next((o.unit for o in self.owners_of(site) if day in o.valid), None)


# --------------------------------------------------------------------------- seen


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
    """The state of the evidence chain at the end of a run: whoever has it can see any change."""

    size: int
    """How many captures are in the tree."""
    root: str
    """Hex; of the Merkle tree over them (``storage.leaves``, ``storage.merkle``)."""
    sealed_at: dt.datetime


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


# --------------------------------------------------------------------------- read


class DateSource(Enum):
    """Which part of the site gave the day."""

    STRUCTURED = "structured"
    """JSON-LD or microdata."""
    META = "meta"
    """A <meta> element (article:published_time, Dublin Core …)."""
    TEMPLATE = "template"
    """The element that the template prints the day in."""
    LIST = "list"
    """The list item that led to the article."""
    FEED = "feed"
    URL = "url"
    """A day or time in the address."""
    FOLLOWS_CLOCK = "follows_clock"
    """The printed day moves along with the looks: no day, but an interval. Never of a version."""
    NONE = "none"
    """No day, or none that could be trusted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DateCandidate:
    """One day that a page or list prints for an article, taken or not."""

    source: DateSource
    raw: str
    """As printed."""
    day: dt.date | None
    """Day in Vietnam; None: refused."""
    refusal: str | None = None
    """Why it was refused, in English; None exactly when there is a day."""


class AttachmentState(Enum):
    """What became of a file that an article links or shows."""

    NAMED = "named"
    """Only its address is known: the page has text enough, or the file is of no kind we read."""
    READ = "read"
    """Its text stands at the end of the article's body."""
    SCAN = "scan"
    """Pictures of pages: there is a document, but no text in it."""
    UNREADABLE = "unreadable"
    """It came, but no text could be got out of it (damaged, encrypted, Word 95 or older)."""
    MISSING = "missing"
    """It could not be had; its capture says why."""


BY_MACHINE = "OCR"
"""Begins the reason of a scan whose text was read by a machine, or could not be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A document that an article links or shows (PDF, Word, …)."""

    url: str
    """Absolute, as linked."""
    title: str | None
    """The link's text; None for a file that is shown in a frame."""
    state: AttachmentState = AttachmentState.NAMED
    reason: str | None = None
    """Short, in English, for UNREADABLE and MISSING, e.g. 'encrypted', 'status 404'; of a READ scan
    what machine read it, and how surely: 'OCR: tesseract 5.3.0, vie, 93 % sure, 2 pages'."""
    capture_id: int | None = None
    """The capture that it was read from; None while it is not asked or not stored."""

    @property
    def is_read_by_machine(self) -> bool:
        """Tell whether its text was not written there, but made out from pictures of pages."""
        return self.state is AttachmentState.READ and (self.reason or "").startswith(BY_MACHINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Extraction:
    """What a page class read from one capture. Nothing is guessed: what the page lacks is None."""

    headline: str
    """Trimmed, NFC, one line, never empty."""
    lead: str | None = None
    """The sapo: NFC, one line. Not repeated in the body."""
    body: str
    """Visible article text: NFC, paragraphs separated by one newline; may be empty (title only)."""
    date_published: dt.date | None
    """Day in Vietnam on which the site says that it was published."""
    date_published_raw: str | None
    """The same as printed, e.g. 'Thứ Năm, 04/06/2026 | 08:15'; kept even when it was refused."""
    date_source: DateSource
    """NONE exactly when date_published is None."""
    date_candidates: tuple[DateCandidate, ...] = ()
    """Every day that was found, the most trusted source first: the chosen one, those that agree,
    disagree or were refused, and second signals (a time in the address) that may not decide."""
    byline: str | None = None
    source_line: str | None = None
    """'Nguồn: …', 'Theo …' as printed."""
    section: str | None = None
    """What the page itself says of its place: the last breadcrumb, or its metadata."""
    images: tuple[str, ...] = ()
    """Absolute addresses of the pictures in the body, in order; captions stand in the body."""
    attachments: tuple[Attachment, ...] = ()
    text_note: str | None = None
    """What was wrong with the letters, in English: 'TCVN3', 'UTF-8 read as cp1252' (both put
    right), 'letters lost' (they are not there); None: nothing."""
    extractor: str
    """Family and revision, e.g. 'wordpress@1'."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """An article as one list, feed or sitemap showed it. Stored when new or different."""

    article_id: int
    capture_id: int
    section: str
    channel: Channel
    title: str | None
    date_published: dt.date | None
    date_published_raw: str | None
    seen_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A publication on a site, under one canonical address."""

    id: int
    site: str
    canonical_url: str
    first_seen_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleVersion:
    """An article's text as read from one capture."""

    id: int
    article_id: int
    number: int
    """1, 2, 3 … within the article."""
    capture_id: int
    extraction: Extraction
    search_text: str
    """Folded headline, lead and body (storage.folding), for searching and comparing."""
    content_sha256: str
    """Over NFC headline, lead, body and day; the same digest is the same version."""
    extracted_at: dt.datetime


# ------------------------------------------------------------------------- tagged


class Level(Enum):
    """How far an article is about a topic (the definition of 'on topic')."""

    MAIN = "main"
    MENTION = "mention"
    NONE = "none"


class Verdict(Enum):
    """What the tagger makes of it."""

    ASSIGNED = "assigned"
    REJECTED = "rejected"
    UNCERTAIN = "uncertain"
    """A person should look; until then it is not counted and not denied."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Topic:
    """One content of administrative reform."""

    code: str
    name: str
    definition: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineTag:
    """A tag that quotas are set on: given when any of its topics is the article's subject."""

    code: str
    """'CCHC', 'TTHC' or 'CPĐT'."""
    name: str
    topics: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taxonomy:
    """A release of all topics. Never edited once in use; a change is a new release."""

    release: str
    digest: str
    effective_from: dt.date
    topics: tuple[Topic, ...]
    headline_tags: tuple[HeadlineTag, ...]


class Field(Enum):
    """The part of an article that a span lies in."""

    HEADLINE = "headline"
    LEAD = "lead"
    BODY = "body"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A piece of text that speaks for (weight > 0) or against (< 0) a topic.

    ``text == getattr(extraction, field)[start:end]``: offsets in code points of the stored text.
    """

    field: Field
    start: int
    end: int
    text: str
    cue: str
    """The rule that fired, e.g. 'một cửa'."""
    weight: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Tagging:
    """A tagger's answer for one topic of one article version. Topics at NONE have no row."""

    topic: str
    level: Level
    verdict: Verdict
    score: float
    """0 … 1; the share of certainty that the article is about the topic."""
    reason: str
    """One sentence for people, e.g. 'chủ đề nằm ở tiêu đề'."""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TaggedVersion:
    """All that one tagger said of one version."""

    version_id: int
    tagger: str
    """Identity with digest, e.g. 'rules@1#9f2c01ab'."""
    taxonomy_release: str
    tagged_at: dt.datetime
    taggings: tuple[Tagging, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A person's answer for one topic of one article version. Added, never changed.

    It holds for every version of the article with the same title and text: read again by the
    crawler, it stands; when the text changes, the topic is open again.
    """

    version_id: int
    taxonomy_release: str
    topic: str
    level: Level
    """MAIN counts; MENTION and NONE do not."""
    reviewer: str
    """Who answers for it, e.g. an account name."""
    reason: str
    reviewed_at: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DecidedArticle:
    """An article that people have decided on, and what they said."""

    article_id: int
    headline: str
    search_text: str
    """Of the version that was reviewed."""
    reviews: tuple[Review, ...]
    """By topic: the latest of each."""


# ------------------------------------------------------------------------- weighed


class Signal(Enum):
    """Something beside the printed day that tells when an article was made."""

    ADDRESS = "address"
    """A time in the address: milliseconds since 1970 as its id."""
    FEED = "feed"
    LAST_MODIFIED = "last_modified"
    """The HTTP header: not younger than this, if the server is honest."""


@dataclass(frozen=True, slots=True)
class DaySignal:
    """A second opinion on an article's day."""

    kind: Signal
    day: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An article as a count sees it, as known at one instant."""

    article_id: int
    site: str
    url: str
    first_seen_at: dt.datetime
    version_id: int | None
    """The newest version; None: never read."""
    capture_id: int | None
    """The capture that the version was read from."""
    title: str
    """The version's headline, else the newest sighting's title, else the address."""
    day: dt.date | None
    """The version's day; without one the newest dated sighting's."""
    day_raw: str | None
    date_source: DateSource
    """When day is None: FOLLOWS_CLOCK or NONE."""
    days: DayInterval | None = None
    """Of FOLLOWS_CLOCK: from the last complete look without it to the first look with it;
    starts on ``date.min`` when no look came before. None: of any other source."""
    gone_at: dt.datetime | None = None
    """First of the looks that found it removed; None: not known to be gone."""
    signals: tuple[DaySignal, ...] = ()
    """What else speaks of its day."""
    text_sha256: str | None
    """Digest of the folded body's letters and digits (an empty body: of the headline's).

    The same text elsewhere gives the same digest. None: never read, or no letter in it.
    """
    text_letters: int | None = None
    """How many letters and digits that digest is over; None: not measured."""
    text_syllables: int | None = None
    """How many words (tiếng) that digest is over; None: not measured."""
    source_line: str | None = None
    """'Nguồn: …', 'Theo …' as printed; None: nothing, or not asked for."""
    sections: tuple[str, ...] = ()
    """The sections that it stands in, by name; empty: not asked for."""
    unread: Disposition | None
    """Without a version: how the newest try ended (None: never tried)."""
    taggings: Mapping[str, Tagging] | None
    """By topic, spans left out; None: not tagged yet, which is not the same as empty."""
    only_claimed: bool = False
    """No list, feed or sitemap has shown it: a unit named its address."""

    @property
    def latest_day(self) -> dt.date | None:
        """The last day on which it can have been published; None: not known at all."""
        if self.day is not None or self.days is None or self.days.end is None:
            return self.day
        return self.days.end - dt.timedelta(days=1)

    def lies_in(self, window: DayInterval) -> bool:
        """Tell whether it is known to be of the window: its day, or its whole interval."""
        if self.days is not None:
            return self.days.intersection(window) == self.days
        return self.day is not None and self.day in window


# ------------------------------------------------------------------ how it is counted


class CountedWindow(Enum):
    """Which days the name of a period stands for."""

    AS_NAMED = "as_named"
    """As typed: '2022-Q3' calendar days, 'BC-2022-Q3' the reporting window."""
    CALENDAR = "calendar"
    REPORTING = "reporting"
    """From the 15th to the 14th (Nghị định 09/2019/NĐ-CP, Điều 12)."""
    TO_REPORT_DAY = "to_report_day"
    """From the calendar period's first day to the day of the report, included."""


class DateBasis(Enum):
    """Which day of an article decides."""

    PRINTED = "printed"
    FIRST_SEEN = "first_seen"
    """The day on which a look first showed it; what the site's first complete look showed has
    no such day, and keeps the printed one."""


class RepostTreatment(Enum):
    """What becomes of a text that was taken over from elsewhere."""

    COUNT = "count"
    """Counted like any other, not marked."""
    SEPARATE = "separate"
    """Counted, and shown in a column of its own."""
    EXCLUDE = "exclude"


class PostForm(Enum):
    """What a post is by its length, where the counting rule tells the two apart."""

    NEWS = "news"
    """Tin."""
    ARTICLE = "article"
    """Bài."""
    EITHER = "either"
    """Between the two lengths, or of unknown length: tin or bài, nobody knows which."""


class ScoreOf(Enum):
    """What gets a score."""

    LINE = "line"
    """Each unit's number on each tag: posts seen / posts planned."""
    UNIT = "unit"
    """Each unit: numbers reached / numbers given."""


class ScoreAgainst(Enum):
    """What a score holds the posts against."""

    PLAN = "plan"
    """The whole plan."""
    DUE = "due"
    """What is due by now (pro rata)."""


class Rounding(Enum):
    """How a number is rounded."""

    HALF_UP = "half_up"
    """5 goes up: 0.125 → 0.13."""
    DOWN = "down"
    UP = "up"


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreStep:
    """From a share on, so many points."""

    at: int
    """Percent."""
    inclusive: bool = True
    """The share itself is enough; else it must be more."""
    points: int | None
    """Hundredths of a point; None: the share of ``ScoreScale.most`` (tỷ lệ × điểm tối đa)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreScale:
    """A scale of an office (thang điểm): points for a share. Never falls as the share grows."""

    name: str
    """What document it is from."""
    of: ScoreOf = ScoreOf.LINE
    against: ScoreAgainst = ScoreAgainst.PLAN
    most: int
    """Hundredths of a point."""
    steps: tuple[ScoreStep, ...]
    """From the highest share down; the first that holds gives the points."""
    below: int = 0
    """Hundredths of a point, where no step holds."""
    percent_decimals: int | None = None
    """The share is rounded so before it is held against the steps; None: not rounded."""
    decimals: int = 2
    """Of the points."""
    rounding: Rounding = Rounding.HALF_UP


@dataclass(frozen=True, kw_only=True, slots=True)
class CountingRule:
    """How posts are counted: the auditing office's choice, not a fact of law.

    The defaults are the rule that is in force where an office chose none.
    ``reports.rules`` says it in sentences and gives its identity.
    """

    name: str
    window: CountedWindow = CountedWindow.AS_NAMED
    date_basis: DateBasis = DateBasis.PRINTED
    reposts: RepostTreatment = RepostTreatment.SEPARATE
    credited_is_repost: bool = False
    """A post that names another source ('Nguồn: …', 'Theo …') is taken over, too."""
    alike_from: int | None = None
    """Percent of common text from which on two texts are the same; None: only equal ones."""
    several_tags: bool = True
    """An article may count for each headline tag that it carries."""
    tag_order: tuple[str, ...] = ()
    """Without ``several_tags``: for which tag an article counts first; the others follow in the
    order of the taxonomy."""
    least_syllables: int = 0
    """Shorter posts (in tiếng, documents that they link included) are not counted."""
    news_below: int | None = None
    """Below this many tiếng a post is a tin; None: the two forms are not told apart."""
    article_from: int | None = None
    """From this many tiếng on it is a bài; None exactly when ``news_below`` is."""
    sections_in: tuple[str, ...] = ()
    """Names or patterns (``*``, ``?``) of the sections that count; none: all."""
    sections_out: tuple[str, ...] = ()
    """Of the sections that do not."""
    inherit: bool = False
    """What a merged, renamed or dissolved unit published counts for its one successor."""
    score: ScoreScale | None = None
    """None: nobody gets points."""


# ------------------------------------------------------------------------ planned


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """A number of posts (chỉ tiêu) that a unit promised on a headline tag."""

    tag: str
    planned: int | None
    """None: no number was set ('thường xuyên', blank); counted, but there is no percentage."""
    cell: str
    """Where it stands in the source, e.g. 'Kế hoạch!D7'."""


class OutputForm(Enum):
    """What a plan promises (hình thức, sản phẩm)."""

    NEWS = "news"
    """Tin."""
    ARTICLE = "article"
    """Bài."""
    POST = "post"
    """Tin, bài: whichever."""
    SECTION = "section"
    """Chuyên mục."""
    SPECIAL_PAGE = "special_page"
    """Chuyên trang, chuyên đề."""
    REPORTAGE = "reportage"
    """Phóng sự."""
    CLIP = "clip"
    """Video, clip, tiểu phẩm."""
    BROADCAST = "broadcast"
    """Lượt phát thanh, lượt phát."""
    HOURS = "hours"
    """Giờ phát thanh."""
    PANEL = "panel"
    """Pano, bảng tin."""
    BANNER = "banner"
    """Băng rôn."""
    SLOGAN = "slogan"
    """Khẩu hiệu."""
    LEAFLET = "leaflet"
    """Tờ rơi, tờ gấp, áp phích."""
    EVENT = "event"
    """Cuộc, buổi, lớp, hội nghị, hội thi."""
    OTHER = "other"
    """Anything else; the measure says what."""

    @property
    def is_post(self) -> bool:
        """Tell whether it can be counted among the posts of a website."""
        return self in {OutputForm.NEWS, OutputForm.ARTICLE, OutputForm.POST}


class Every(Enum):
    """How often a planned number comes due: once in each whole calendar stretch."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantity:
    """How much of what, how often: one number of a plan as its phrase says it."""

    form: OutputForm
    measure: str
    """Unit of measure in the plan's words, e.g. 'tin, bài'."""
    number: int | None
    """None: no number was set ('thường xuyên', blank), or a share of something (``percent``)."""
    every: Every | None = None
    """None: once in the plan's period."""
    at_least: bool = False
    """The plan says 'ít nhất': reached is reached, more is welcome."""
    percent: int | None = None
    """A share ('100% TTHC được niêm yết'): posts on a website do not tell it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLine:
    """One line of a plan as it was written, with what was understood of it."""

    place: int
    """1, 2, 3 … in the order of the file."""
    content: str
    tags: tuple[str, ...]
    """Headline tags whose posts it is about."""
    quantity: Quantity
    due: dt.date | None = None
    """Last day (inclusive) by which it is to be done; None: by the end of each stretch."""
    lead: str | None = None
    """Cơ quan chủ trì, as written."""
    planned: int | None
    """In the plan's whole period; None: no number."""
    on_web: bool
    """Its output is posts on the unit's website; else it cannot be seen from there."""
    text: str
    """The words of the quantity as they stand, with those on time."""
    cell: str
    """Where the quantity stands."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a unit promised for a period (kế hoạch). The newest received one is in force."""

    id: int | None = None
    unit: str
    period: DayInterval
    document_ref: str | None
    source_sha256: str
    source_name: str
    received_at: dt.datetime
    quotas: tuple[Quota, ...]
    """The numbers by tag; of a plan of lines the sums of those on posts."""
    lines: tuple[PlanLine, ...] = ()
    """Empty: the plan came as numbers by tag."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Output:
    """Work that cannot be seen on a website, as a unit states it, with its proof.

    The newest received on a unit, period, form and description is in force; 0 takes it back.
    """

    id: int | None = None
    unit: str
    period: DayInterval
    form: OutputForm
    measure: str
    """Unit of measure as written, e.g. 'lượt phát thanh'."""
    number: int
    description: str
    proof_name: str | None
    """The proof's file name as given; None: none was handed in."""
    proof_sha256: str | None
    """Digest of the copy that is kept in the workspace."""
    cell: str
    source_sha256: str
    source_name: str
    received_at: dt.datetime


# ------------------------------------------------------------------------ claimed


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


# -------------------------------------------------------------------------- found


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


@dataclass(frozen=True, kw_only=True, slots=True)
class LineArticle:
    """One candidate of a report line: counted (bucket None) or excluded for one reason."""

    article_id: int
    version_id: int | None
    title: str
    url: str
    day: dt.date | None
    bucket: Exclusion | None
    days: DayInterval | None = None
    """Stands for the day when the printed one follows the clock."""
    reposted: bool = False
    """Taken over: another unit published the text before, or the post names its source."""
    duplicate_of: int | None = None
    """Article that is counted in its place."""
    only_claimed: bool = False
    """No list shows it: it is known because a unit named its address."""
    repost_of: int | None = None
    """Article of another unit that had the text before."""
    likeness: int | None = None
    """Percent of text in common with that article; None: the text is equal, or there is none."""
    form: PostForm | None = None
    """None: the rule does not tell, or it is not counted and its length was not measured."""


class Cause(Enum):
    """Why an article counts in one of two reports and not in the other. Each has exactly one."""

    FOUND_LATER = "found_later"
    """The earlier report did not know of it."""
    BACKDATED = "backdated"
    """Nor did it know of this one, whose day had been seen in full, or was edited since."""
    READ_LATER = "read_later"
    """It was listed, but could not be read, or was not tagged yet."""
    DAY_CHANGED = "day_changed"
    DECIDED = "decided"
    """A person said what it is about."""
    RETAGGED = "retagged"
    """Another tagger or another taxonomy."""
    EDITED = "edited"
    """The page has another text."""
    RULE = "rule"
    PERIOD = "period"
    OTHER_UNIT = "other_unit"
    """It passed from one unit to another: a merger, or another owner of the site."""
    COPY = "copy"
    """Another publication of the same text counts, or does not any more."""
    BACK = "back"
    """It had been removed, and is there again."""
    GONE = "gone"
    """Removed from the site."""
    UNLISTED = "unlisted"
    """It is not among the articles of the later report."""
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """What a plan asks for until a day (pro rata)."""

    days: DayInterval
    """The plan's own; never open."""
    on: dt.date
    """The last day that is over at the report's instant and lies in report and plan; a begun day
    is not over. The day before the plan begins: none of its days is over."""
    due: int
    """What must have been done by the end of that day (``quantities.due_by``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportLine:
    """One unit and one headline tag."""

    unit: str
    unit_name: str
    tag: str
    planned: int | None
    counted: Counted
    reposts: int
    """Of the counted ones: texts that another unit had published before."""
    claimed: int | None
    """None: the unit reported nothing."""
    status: LineStatus
    coverage_note: str
    """One Vietnamese sentence on what was seen."""
    articles: tuple[LineArticle, ...]
    recognised: int = 0
    """Claims that could not be confirmed and that the auditor accepts upon explanation (công nhận
    theo giải trình). Never part of ``counted``, of the percentage or of the status."""
    schedule: Schedule | None = None
    """Of ``planned``; None: no number, or the report does not hold the plan's days so far."""

    @property
    def difference(self) -> int | None:
        """Claimed minus verified; None when nothing was claimed."""
        return None if self.claimed is None else self.claimed - self.counted.posts

    @property
    def percent(self) -> float | None:
        """Verified / planned × 100, not capped; None without a quota, never 0 or 100."""
        return None if not self.planned else 100 * self.counted.posts / self.planned

    @property
    def capped_percent(self) -> float | None:
        """The same, 100 at most."""
        return None if self.percent is None else min(self.percent, 100.0)

    @property
    def claimed_percent(self) -> float | None:
        """Claimed / planned × 100, not capped; None without a quota or a claim."""
        if not self.planned or self.claimed is None:
            return None
        return 100 * self.claimed / self.planned

    @property
    def unsettled(self) -> int:
        """How many candidates might count after all, once they are read, tagged or dated."""
        return sum(a.bucket is not None and a.bucket.is_unknown for a in self.articles)

    @property
    def remaining(self) -> int | None:
        """What is left of the plan; None without a quota."""
        return None if self.planned is None else max(0, self.planned - self.counted.posts)

    @property
    def forms(self) -> dict[PostForm, int] | None:
        """How many of the counted posts are of each form; None: not told apart, or no post."""
        forms = [article.form for article in self.articles if article.bucket is None]
        if None in forms or not forms:
            return None
        return {form: forms.count(form) for form in PostForm}

    @property
    def excluded(self) -> dict[Exclusion, int]:
        """How many candidates were excluded for each reason."""
        tally: dict[Exclusion, int] = {}
        for article in self.articles:
            if article.bucket is not None:
                tally[article.bucket] = tally.get(article.bucket, 0) + 1
        return tally


@dataclass(frozen=True, kw_only=True, slots=True)
class UnseenDays:
    """Days on which not all of a unit's lists were seen in full."""

    days: DayInterval
    reason: str
    """A few Vietnamese words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitDays:
    """What was seen of a unit, day by day."""

    unit: str
    held: tuple[DayInterval, ...]
    """The days of the period on which it answered for a site, joined; empty: it had none."""
    unseen: tuple[UnseenDays, ...]
    """Of these."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanResult:
    """One line of a plan, and what was seen of it.

    Lines of a unit on the same tags share their posts, for no post says which of them it was
    written for: ``shared`` lines are judged together, by their sums. Under a rule that tells tin
    from bài they share only with lines of their form (``by_form``): see ``reports.forms``.
    """

    unit: str
    line: PlanLine
    period: DayInterval
    """The plan's own: its posts are counted on it, not on the report's window."""
    counted: Counted | None
    """Posts on its tags, together for all lines that share them; None: not seen on the web."""
    stated: int | None = None
    """Outputs that the unit states with or without proof, checked by no machine; None: none."""
    shared: int = 1
    """How many lines share ``counted``, this one included."""
    shared_planned: int | None = None
    """Sum of what those lines plan; None: no number."""
    due: int | None = None
    """Of this line: what is planned until the last day that is over (``Schedule.on``)."""
    status: LineStatus
    by_form: bool = False
    """Its posts were told apart by form: ``counted`` are those that are of it for certain."""
    at_most: int | None = None
    """By form: with those that may be of it; None: not by form, or not everything was seen."""
    lacking: int | None = None
    """By form, of tin and bài that are both asked for: how many posts the lines of the two lack
    together at least, for a doubtful post fills one of them only. None: else, or not all seen."""
    source_name: str = ""
    """The file of the plan; the line knows the cell. Empty: made before results told it."""
    source_sha256: str = ""
    schedule: Schedule | None = None
    """Of ``shared_planned``; None: not seen on the web, no number, or the report does not hold the
    plan's days so far."""

    @property
    def percent(self) -> float | None:
        """Verified / planned × 100 of the lines that share it, not capped; else None."""
        if self.counted is None or not self.shared_planned:
            return None
        return 100 * self.counted.posts / self.shared_planned

    @property
    def capped_percent(self) -> float | None:
        """The same, 100 at most."""
        return None if self.percent is None else min(self.percent, 100.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letterhead:
    """What the printed report says of the office (thể thức, Nghị định 30/2020/NĐ-CP, Phụ lục I).

    Data of the office, never guessed: what is empty is left open in the document.
    """

    superior: str = ""
    """Cơ quan chủ quản, e.g. 'UBND HUYỆN VÂN KHÊ'."""
    name: str = ""
    """Cơ quan ban hành as in the head; empty: the report's ``office``."""
    symbol: str = ""
    """Abbreviation of the office after 'BC-', e.g. 'PNV'."""
    place: str = ""
    """Địa danh before the date."""
    addressees: tuple[str, ...] = ()
    """Kính gửi."""
    grounds: tuple[str, ...] = ()
    """Căn cứ, one document each."""
    position: tuple[str, ...] = ()
    """Quyền hạn, chức vụ of who signs, line by line."""
    signer: str = ""
    recipients: tuple[str, ...] = ()
    """Nơi nhận, without 'Như trên' and 'Lưu'."""
    drafter: str = ""
    """Who keeps a copy beside the registry, after 'Lưu: VT'."""
    number: str = ""
    """Số, ký hiệu: only when a frozen report is written again, for the registry gives it after
    the signature."""
    signed_on: dt.date | None = None
    """Set exactly with ``number``."""


OPEN_LETTERHEAD = Letterhead()
"""Everything left open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterArticle:
    """An article that counts in a later report and not in a frozen one, or the other way round."""

    article_id: int
    version_id: int | None
    title: str
    url: str
    day: dt.date | None
    cause: Cause
    change: int
    """1: counted since; -1: not any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterLine:
    """One unit and tag, on the days of a frozen report."""

    unit: str
    unit_name: str
    tag: str
    was: Counted | None
    """As frozen; None: the frozen report has no such line."""
    now: Counted
    """On the same days. ``now`` less ``was`` is the sum of the articles' changes."""
    articles: tuple[LaterArticle, ...]
    accepted: tuple[str, ...] = ()
    """Keys of findings: claims accepted since, upon explanation. Part of no count."""

    @property
    def change(self) -> int:
        """What the count has gained (below 0: lost) since."""
        return sum(article.change for article in self.articles)


@dataclass(frozen=True, kw_only=True, slots=True)
class SinceFrozen:
    """What came to light after a frozen report (phát sinh sau chốt)."""

    report_id: int
    issuer: str
    number: str
    signed_on: dt.date
    as_of: dt.datetime
    """Of the frozen report: what is told became known after it."""
    days: DayInterval
    """In both reports."""
    lines: tuple[LaterLine, ...]
    """By unit and tag as in the report; of which nothing came to light: none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A result as known at ``as_of``; the same inputs give the same value, always."""

    office: str
    """The office that checks, as printed in the head."""
    period_code: str
    period_name: str
    period: DayInterval
    as_of: dt.datetime
    taxonomy_release: str
    tagger: str | None
    """None when nothing has been tagged yet."""
    rule: str
    """Name and digest of the counting rule."""
    tags: tuple[str, ...]
    """Headline tags in the order of the columns."""
    lines: tuple[ReportLine, ...]
    """By unit (in the order of the unit list), then tag."""
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    """Method, reservations, simulated clock: printed in the report, in Vietnamese."""
    unowned: tuple[LineArticle, ...] = ()
    """Articles in the period on sites that no unit owned on that day."""
    days_seen: tuple[UnitDays, ...] = ()
    """By unit, in the order of the lines."""
    under: str | None = None
    """Code of the unit that it is about, with all below it; None: about all units."""
    letterhead: Letterhead = OPEN_LETTERHEAD
    """How the office signs: nothing of it is counted."""
    claims: tuple[CheckedClaim, ...] = ()
    """By unit (as the lines), then in the order of its self-reports."""
    evidence: TreeHead | None = None
    """The chain of all captures at ``as_of``: a printed report pins every archived byte. None:
    no run had ended by then."""
    counting: CountingRule | None = None
    """The rule's settings, so that the report can be made again; None: made before rules had
    settings."""
    plan_results: tuple[PlanResult, ...] = ()
    """By unit, then in the order of its plan; only of plans that came as lines."""
    outputs: tuple[Output, ...] = ()
    """What units state of work outside the web, in the report's days: checked by no machine."""
    since: tuple[SinceFrozen, ...] = ()
    """What came to light after the frozen reports on its days, by their first day."""


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
