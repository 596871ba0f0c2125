"""How it is counted: the settings of a counting rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
