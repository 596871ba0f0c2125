"""An article that was read, and waits for its attachments: what becomes of both."""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler import quality
from crawler.apart import SCAN_TAKES_TOO_LONG, read_apart
from crawler.attachments import DocumentText, joined, looks_like_document
from crawler.errands import Judged
from storage.records import AttachmentState, Disposition

if TYPE_CHECKING:
    from crawler.pages.captured import CapturedPage
    from storage.records import Attachment, Capture, Extraction

logger = logging.getLogger(__name__)

_OK = 200
_FIRST_SERVER_ERROR = 500
_TOO_MANY = 429


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachmentFate:
    """What became of a request for an attachment."""

    disposition: Disposition
    """Of its capture."""
    document: DocumentText
    is_passing: bool = False
    """It could not be had today, and may be had tomorrow."""

    @property
    def reason(self) -> str | None:
        """Why it is not what it should be."""
        return self.document.reason

    @classmethod
    def missing(
        cls, disposition: Disposition, reason: str | None, *, is_passing: bool
    ) -> AttachmentFate:
        """Give the fate of one that did not come."""
        document = DocumentText(AttachmentState.MISSING, reason=reason or disposition.value)
        return cls(disposition=disposition, document=document, is_passing=is_passing)


def read_attachment(page: CapturedPage) -> AttachmentFate:
    """Judge and read the answer to a request for an attachment. Takes a second, and never raises.

    An answer that is a page was put in the document's place.
    """
    try:
        return _instead(page) or _read(page.body)
    except Exception as fault:
        logger.exception("cannot read %s", page.url)
        reason = f"fault: {type(fault).__name__}"
        return AttachmentFate.missing(Disposition.UNREADABLE, reason, is_passing=False)


def _instead(page: CapturedPage) -> AttachmentFate | None:
    """Give the fate of an answer that is no document; None: it looks like one."""
    if page.status == _OK and looks_like_document(page.body):
        return None
    verdict = quality.judge(page)
    if verdict.disposition is Disposition.UNREADABLE:
        return None
    if verdict.disposition is None:
        return AttachmentFate.missing(
            Disposition.NOT_AN_ARTICLE, "a page in place of a document", is_passing=False
        )
    is_passing = (
        page.status >= _FIRST_SERVER_ERROR
        or page.status == _TOO_MANY
        or verdict.disposition is Disposition.BLOCKED
    )
    return AttachmentFate.missing(verdict.disposition, verdict.reason, is_passing=is_passing)


def _read(body: bytes) -> AttachmentFate:
    document = read_apart(body)
    is_late = document.reason == SCAN_TAKES_TOO_LONG
    is_read = document.state is not AttachmentState.UNREADABLE and not is_late
    return AttachmentFate(
        disposition=Disposition.SUPPORT if is_read else Disposition.UNREADABLE,
        document=document,
        is_passing=is_late,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """The article, the documents still to ask for, and those that have their fate."""

    capture: Capture
    """The article's own, judged; it is kept when all are here."""
    extraction: Extraction
    left: tuple[Attachment, ...]
    """The next one first."""
    found: tuple[tuple[Attachment, AttachmentFate, Capture | None], ...] = ()

    def after(self, fate: AttachmentFate, capture: Capture | None) -> Waiting:
        """Give what waits when the next attachment has its fate."""
        found = (*self.found, (self.left[0], fate, capture))
        return dataclasses.replace(self, left=self.left[1:], found=found)

    def judged(self, article: str | None, *, has_version: bool) -> Judged:
        """Give the article's fate, with the text of its attachments.

        An attachment that cannot be had today must not take its text out of an article that
        had it: such an article keeps its version, and its capture says what was missing.
        """
        lost = next((fate for _, fate, _ in self.found if fate.is_passing), None)
        if has_version and lost is not None:
            capture = dataclasses.replace(
                self.capture, disposition=lost.disposition, reason=f"attachment: {lost.reason}"
            )
            return Judged(capture=capture, article=article)
        return Judged(
            capture=self.capture,
            article=article,
            extraction=joined(self.extraction, self._told()),
            attached={
                one.url: capture.warc.record_id
                for one, _, capture in self.found
                if capture is not None and capture.warc is not None
            },
        )

    def _told(self) -> dict[str, tuple[Attachment, str]]:
        return {
            one.url: (
                dataclasses.replace(one, state=fate.document.state, reason=fate.reason),
                fate.document.text,
            )
            for one, fate, _ in self.found
        }
