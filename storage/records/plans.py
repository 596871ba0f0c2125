"""What was promised: quotas, plan lines, outputs off the web."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from storage.records.days import DayInterval


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
