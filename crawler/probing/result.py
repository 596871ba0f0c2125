"""What a probe gives: all that was found out about a site, and what is left to decide. Pure."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.probing.clues import shortened
from crawler.profiles import DateRules, Noticed, ProfileVersion, Section, Selectors
from storage.folding import strip_accents

if TYPE_CHECKING:
    import datetime as dt

    from crawler.probing import sections
    from crawler.probing.clues import Clue
    from crawler.probing.dayorder import Decision
    from crawler.probing.fetching import Miss, Robots, TlsState
    from crawler.probing.markers import Guess
    from crawler.probing.samples import Read, Trust
    from crawler.probing.utcclock import ClockDecision
    from crawler.profiles import SiteProfile


@dataclass(frozen=True, slots=True)
class Question:
    """What the evidence does not decide: the operator is asked, by the profile's field."""

    field: str
    """E.g. 'dates.formats'."""
    text: Clue


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """A section of the profile to be, and why."""

    section: Section
    clues: tuple[Clue, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """A page that may list posts, and is no section of the profile to be."""

    name: str
    url: str
    """As a section's."""
    why: Clue

    @property
    def noticed(self) -> Noticed:
        """Give it as the profile has it, in the language in use."""
        return Noticed(name=self.name, url=self.url, why=shortened(str(self.why)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """All that was found out about a site."""

    site: str
    base_url: str
    hosts: tuple[str, ...]
    probed_at: dt.datetime
    guesses: tuple[Guess, ...]
    """Families that the marks speak for, the likeliest first."""
    family: str
    family_clues: tuple[Clue, ...]
    select: Selectors
    """Those that the family needs on this site, found by the titles and days of its lists."""
    channels: tuple[Channel, ...]
    """What the profile lists; empty when nothing could be decided."""
    looked: tuple[sections.Section, ...]
    """All pages that were looked at as sections, with their verdicts."""
    others: tuple[Channel, ...]
    """Feeds and sitemaps that answered and are not used by themselves."""
    undecided: tuple[Remark, ...]
    """What may be a section: asked for by name, and missed by name until somebody answers."""
    not_news: tuple[Remark, ...]
    days: Decision
    trust: Trust
    clock: ClockDecision
    reads: tuple[Read, ...]
    misses: tuple[Miss, ...]
    """Samples and sections that could not be had."""
    robots: Robots
    tls: TlsState
    requests: int
    seconds: tuple[float, ...]
    """How long each answer took."""
    questions: tuple[Question, ...]

    @property
    def usual_seconds(self) -> float | None:
        """The median; None when nothing answered."""
        return statistics.median(self.seconds) if self.seconds else None

    @property
    def version(self) -> ProfileVersion | None:
        """The version that a profile gets; None without a section."""
        if not self.channels:
            return None
        rules: dict[str, object] = {"formats": self.days.formats}
        if self.trust.order:
            rules["trust"] = self.trust.order
        rules["clock"] = self.clock.clock
        return ProfileVersion(
            family=self.family,
            sections=tuple(one.section for one in self.channels),
            undecided=tuple(one.noticed for one in self.undecided),
            not_news=tuple(one.noticed for one in self.not_news),
            select=self.select,
            dates=DateRules.model_validate(rules),
        )


def relative(url: str, profile: SiteProfile) -> str:
    """Give an address as a profile writes it: from its ``base_url``, where it lies below that."""
    base = profile.base_url
    return (url.removeprefix(base) or "./") if url.startswith(base) else url


def code_of(base_url: str) -> str:
    """Give a code for a site: its host without 'www.' and the country, or its own folder.

    >>> code_of("http://portal.vankhe.test/web/khe-dong/"), code_of("https://www.xa-a.b.gov.vn/")
    ('khe-dong', 'xa-a.b')
    """
    parts = urlsplit(base_url)
    folder = strip_accents(parts.path.strip("/").rpartition("/")[2])
    host = re.sub(r"^www\.|\.(?:gov|org|edu|com|net)\.vn$|\.vn$", "", parts.hostname or "")
    name = folder if len(folder) > _SHORT else ".".join(filter(None, (host, folder)))
    plain = re.sub(r"[^a-z0-9._-]+", "", name.lower())
    return re.sub(r"([._-])[._-]+", r"\1", plain).strip("._-") or "trang"


_SHORT = 3
