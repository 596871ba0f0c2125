"""What was read: articles, their versions and days, attachments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from storage.records.captures import Channel


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
    right), 'letters lost' (they are not there); or that there are none: 'only pictures', 'only a
    title'; None: nothing."""
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
