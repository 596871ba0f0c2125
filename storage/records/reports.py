"""The report: its lines, results of plans, and the whole."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from storage.records.findings import Exclusion
from storage.records.rules import CountingRule, PostForm

if TYPE_CHECKING:
    import datetime as dt

    from storage.records.captures import TreeHead
    from storage.records.claims import CheckedClaim
    from storage.records.days import DayInterval
    from storage.records.findings import Counted, Finding, LineStatus
    from storage.records.plans import Output, PlanLine


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
    first_seen_at: dt.datetime | None = None
    """When a look at the site first showed it; None: made before reports told it."""


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
    """Those that can be of the report's days."""
    recognised: int = 0
    """Claims that could not be confirmed and that the auditor accepts upon explanation (công nhận
    theo giải trình). Never part of ``counted``, of the percentage or of the status."""
    schedule: Schedule | None = None
    """Of ``planned``; None: no number, or the report does not hold the plan's days so far."""
    outside: int = 0
    """How many articles of the unit are known to be of days outside of the report's (OUT_OF_PERIOD)
    and are not listed here; ``tinbai articles --fate out_of_period`` lists them."""

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
    def considered(self) -> int:
        """How many candidates there are: the counted ones, and the sum of ``excluded``."""
        return len(self.articles) + self.outside

    @property
    def excluded(self) -> dict[Exclusion, int]:
        """How many candidates were excluded for each reason."""
        tally = {Exclusion.OUT_OF_PERIOD: self.outside} if self.outside else {}
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
    standing: str = ""
    """What a copy says before all else, in Vietnamese: that the report was superseded, and by
    which; or is not frozen. Like ``number`` set only when files are written, never stored."""


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
