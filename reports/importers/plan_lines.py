"""Plans as offices write them: tables of content, form, quantity, time → ``PlanLine`` records."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reports.importers.cells import LARGEST, Complaints, day_text, days_text, numbered_day, text_of
from reports.importers.grid import Fault
from reports.importers.tables import TAG_ALIASES, TAGS
from reports.importers.unit_cells import UnitNames, unit_of
from reports.quantities import (
    EVERY_WORDS,
    FORM_WORDS,
    NotUnderstoodError,
    every_of,
    form_of,
    planned_in,
    quantity_text,
    read_due,
    read_quantities,
)
from storage.folding import strip_accents
from storage.language import t
from storage.records import DayInterval, OutputForm, PlanLine, Quantity, Quota

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reports.importers.grid import Cell
    from reports.importers.tables import Row

_ELSEWHERE = re.compile(
    r"\b(?:truyen thanh|loa|dai|pa ?no|bang ?ron|khau hieu|to roi|to gap|ap phich|hoi nghi|"
    r"hoi thi|toa dam|facebook|fanpage|zalo|mang xa hoi|bao in|bang tin|truyen hinh)\b"
)
_ON_WEB = re.compile(
    r"\b(?:trang thong tin|cong thong tin|ttdt|website|trang web|trang dien tu|cong ttdt)\b"
)
_TAG_CUES = {
    "TTHC": re.compile(r"\b(?:thu tuc hanh chinh|tthc|mot cua|dich vu cong|dvc\w*)\b"),
    "CPĐT": re.compile(
        r"\b(?:chinh phu dien tu|chinh phu so|chinh quyen so|chinh quyen dien tu|"
        r"chuyen doi so|cpdt|cps|cds)\b"
    ),
    "CCHC": re.compile(
        r"\b(?:cai cach hanh chinh|cchc|par ?index|sipas|papi|pci|cai cach the che|"
        r"to chuc bo may|cong vu|tai chinh cong)\b"
    ),
}
_TAG_WORDS = {strip_accents(word): tag for tag in TAGS for word in (tag, *TAG_ALIASES[tag])}


@dataclass(frozen=True, kw_only=True, slots=True)
class Whose:
    """What a file of lines does not say itself: whose plan, and for when."""

    unit: str | None = None
    period: DayInterval | None = None


@dataclass(slots=True)
class LinesRead:
    """The lines of one unit and period, in the making."""

    first: Row
    lines: list[PlanLine] = field(default_factory=list)

    @property
    def quotas(self) -> tuple[Quota, ...]:
        """The numbers by tag: of the lines on posts that are about one tag alone.

        A line on several tags is judged as a line; its number belongs to none of them alone.
        """
        quotas = []
        for tag in TAGS:
            lines = [line for line in self.lines if line.on_web and line.tags == (tag,)]
            numbers = [line.planned for line in lines if line.planned is not None]
            if lines:
                planned = sum(numbers) if numbers else None
                cells = ", ".join(dict.fromkeys(line.cell for line in lines))
                quotas.append(Quota(tag=tag, planned=planned, cell=cells))
        return tuple(quotas)


@dataclass(slots=True)
class _Heading:
    """What a group row says of the rows below it."""

    unit: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads the rows of the line forms; what is wrong goes to ``complaints``."""

    units: UnitNames
    whose: Whose
    period_of: Callable[[Row], DayInterval | None]
    """Reads the period of a row that has one."""
    complaints: Complaints
    notes: list[str]

    def read(self, rows: Iterable[Row]) -> dict[tuple[str, DayInterval], LinesRead]:
        """Give the lines by unit and period."""
        found: dict[tuple[str, DayInterval], LinesRead] = {}
        heading, last = _Heading(), None
        for row in rows:
            if _is_heading(row):
                heading = self._heading(row, heading)
                continue
            unit, period = self._unit(row, heading), self._period(row)
            content = text_of(row["content"], self.complaints)
            if row["quantity"].continues and last is not None:
                _add_content(last, content)
                continue
            self._complain_of_words(row)
            if unit is None or period is None:
                continue
            last = found.setdefault((unit, period), LinesRead(row))
            for quantity, due in self._quantities(row, period):
                last.lines.append(
                    self._line(
                        row,
                        quantity,
                        due,
                        content=content,
                        heading=heading,
                        period=period,
                        place=len(last.lines) + 1,
                    )
                )
        return found

    # --------------------------------------------------------------------- whose, and when

    def _heading(self, row: Row, before: _Heading) -> _Heading:
        text = str(row["content"].value or row["place"].value or "")
        unit = self.units.find(text)
        return _Heading(unit, "") if unit else _Heading(before.unit, text)

    def _unit(self, row: Row, heading: _Heading) -> str | None:
        if row["unit"].value is not None:
            return unit_of(row["unit"], self.units.by_code, self.complaints)
        if row["name"].value is not None:
            return self.units.require(row["name"], self.complaints)
        unit = heading.unit or self.whose.unit
        if unit is None:
            self.complaints.at(
                row["content"],
                t(
                    "chưa rõ kế hoạch của đơn vị nào: thêm --unit MÃ khi nhập, cột “Mã đơn vị”, "
                    "hoặc dòng nhóm ghi tên đơn vị",
                    "whose plan is it? Add --unit CODE, a column 'Mã đơn vị', or a row that "
                    "names the unit",
                ),
            )
        return unit

    def _period(self, row: Row) -> DayInterval | None:
        if any(row[key].value is not None for key in ("start", "end", "year")):
            return self.period_of(row)
        if self.whose.period is None:
            self.complaints.at(
                row["content"],
                t(
                    "chưa rõ kế hoạch năm nào: thêm --year NĂM khi nhập hoặc cột “Năm”",
                    "of which year is the plan? Add --year YEAR or a column 'Năm'",
                ),
            )
        return self.whose.period

    # -------------------------------------------------------------------------- how much

    def _quantities(
        self, row: Row, period: DayInterval
    ) -> Iterator[tuple[Quantity, dt.date | None]]:
        said = text_of(row["quantity"], self.complaints) or ""
        measure = _first_text(row, "measure", "product", "form")
        time = self._time(row)
        try:
            time_due, time_rest = read_due(time, period)
        except NotUnderstoodError as error:
            self._no_such_day(row["time"], str(error), period)
            return
        try:
            due, phrase = read_due(said, period)
            if re.fullmatch(r"[\d.]+", phrase):
                measure = form_of(measure)[1] if measure else "tin, bài"
            quantities = read_quantities(phrase, measure=measure)
        except NotUnderstoodError as error:
            self._not_understood(row, said, str(error))
            return
        every = every_of(time_rest)
        for quantity in quantities:
            read = quantity
            if read.form is OutputForm.OTHER and read.number is None and read.percent is None:
                read = _as_posts(read, row)
            if read.every is None and every is not None and read.number is not None:
                read = replace(read, every=every)
                self._note_time(row, read, time)
            yield read, (due or time_due) if read.every is None else None

    def _time(self, row: Row) -> str:
        """Give the words on time; a cell that Excel keeps as a day is a deadline."""
        cell = row["time"]
        day = cell.value if isinstance(cell.value, dt.date) else numbered_day(cell)
        if day is not None:
            return day_text(day)
        return text_of(cell, self.complaints) or ""

    def _no_such_day(self, cell: Cell, said: str, period: DayInterval) -> None:
        self.complaints.at(
            cell,
            t(
                f"không có ngày “{said}” trong kỳ {days_text(period)}; ghi như “trước 30/6”, "
                "“Quý II/2022”, “Hằng tháng”",
                f"there is no '{said}' in {days_text(period)}; write 'trước 30/6', 'Quý II/2022' "
                "or 'Hằng tháng'",
            ),
        )

    def _complain_of_words(self, row: Row) -> None:
        """Complain about cells beside the quantity that hold a formula's failure, or a day."""
        for key in ("form", "product", "measure", "lead"):
            if key in row.cells:
                text_of(row[key], self.complaints)

    def _not_understood(self, row: Row, said: str, rest: str) -> None:
        self.complaints.at(
            row["quantity"],
            t(
                f"“{said[:80]}”: không hiểu phần “{rest}”; ghi như “02 tin, bài/tháng”, “04 tin "
                "và 02 bài mỗi quý”, “01 bài trước 30/6”, “thường xuyên” (không có số)",
                f"'{said[:80]}': cannot read '{rest}'; write '02 tin, bài/tháng', '01 bài trước "
                "30/6', or 'thường xuyên' (no number)",
            ),
        )

    def _note_time(self, row: Row, quantity: Quantity, time: str) -> None:
        self.notes.append(
            t(
                f"{row['quantity'].address}: hiểu là “{quantity_text((quantity,))}” vì cột thời "
                f"gian ghi “{time}”.",
                f"{row['quantity'].address}: read as '{quantity_text((quantity,))}', for the time "
                f"is '{time}'.",
            )
        )

    def _line(
        self,
        row: Row,
        quantity: Quantity,
        due: dt.date | None,
        *,
        content: str | None,
        heading: _Heading,
        period: DayInterval,
        place: int,
    ) -> PlanLine:
        words = " ".join(_texts(row, "form", "product", "measure", "quantity"))
        on_web = _is_on_web(quantity, words, content or "")
        planned = planned_in(quantity, period)
        if quantity.every is not None and quantity.number is not None and planned is None:
            every = EVERY_WORDS[quantity.every]
            self.complaints.at(
                row["quantity"],
                t(
                    f"kỳ kế hoạch ngắn hơn một {every}; ghi số của cả kỳ",
                    f"the plan's period is shorter than one {every}; write the whole number",
                ),
            )
        if (planned or 0) > LARGEST:
            self.complaints.at(
                row["quantity"], t("số lớn bất thường; kiểm tra lại", "too large; check it")
            )
        return PlanLine(
            place=place,
            content=content or heading.text,
            tags=self._tags(row, (content or "", heading.text), on_web=on_web),
            quantity=quantity,
            due=due,
            lead=_first_text(row, "lead") or None,
            planned=planned,
            on_web=on_web,
            text="; ".join(filter(None, (*_texts(row, "quantity"), self._time(row)))),
            cell=row["quantity"].address,
        )

    def _tags(self, row: Row, texts: Sequence[str], *, on_web: bool) -> tuple[str, ...]:
        typed = text_of(row["tag"], self.complaints)
        if typed is not None:
            return self._typed_tags(row["tag"], typed)
        for text in texts:
            plain = strip_accents(text)
            found = tuple(tag for tag in TAGS if _TAG_CUES[tag].search(plain))
            if found:
                # CCHC is all of it: a line that names it is not about its parts alone.
                return ("CCHC",) if "CCHC" in found else found
        note = t(
            f"{row['content'].address}: nội dung không nêu rõ nhóm; tính vào CCHC "
            "(thêm cột “Nhóm” nếu khác).",
            f"{row['content'].address}: names no group; taken as CCHC (add a column 'Nhóm').",
        )
        if on_web:
            self.notes.append(note)
        return ("CCHC",)

    def _typed_tags(self, cell: Cell, typed: str) -> tuple[str, ...]:
        words = [word.strip() for word in re.split(r"[,;/+]", typed) if word.strip()]
        if unknown := [word for word in words if strip_accents(word) not in _TAG_WORDS]:
            self.complaints.at(
                cell,
                t(
                    f"không có nhóm “{', '.join(unknown)}”; ghi {', '.join(TAGS)}",
                    f"there is no group '{', '.join(unknown)}'; write {', '.join(TAGS)}",
                ),
            )
        said = {_TAG_WORDS[strip_accents(w)] for w in words if strip_accents(w) in _TAG_WORDS}
        return tuple(tag for tag in TAGS if tag in said)


# ------------------------------------------------------------------------------- rows


def _is_heading(row: Row) -> bool:
    """Tell whether a row is a group's title: words, and nothing else that begins here."""
    filled = {key for key, cell in row.cells.items() if cell.value is not None}
    own = {key for key in filled if not row[key].continues}
    return own <= {"place", "content"}


def _add_content(read: LinesRead, content: str | None) -> None:
    """Join the content of a row to the line whose quantity reaches over both."""
    if content and read.lines:
        last = read.lines[-1]
        read.lines[-1] = replace(last, content=f"{last.content}; {content}")


def _texts(row: Row, *keys: str) -> list[str]:
    cells = (row.cells.get(key) for key in keys)
    return [
        str(cell.value)
        for cell in cells
        if cell is not None and cell.value is not None and not isinstance(cell.value, Fault)
    ]


def _first_text(row: Row, *keys: str) -> str:
    return next(iter(_texts(row, *keys)), "")


def _as_posts(quantity: Quantity, row: Row) -> Quantity:
    """Give what a line without a number is about: posts, when it names the website and no form."""
    named = strip_accents(" ".join(_texts(row, "form", "product", "measure")))
    if not _ON_WEB.search(named):
        return quantity
    return replace(quantity, form=OutputForm.POST, measure=FORM_WORDS[OutputForm.POST])


def _is_on_web(quantity: Quantity, words: str, content: str) -> bool:
    """Tell whether a line's output is posts on the unit's website."""
    if not quantity.form.is_post:
        return False
    plain = strip_accents(f"{words} {content}")
    return bool(_ON_WEB.search(plain)) or not _ELSEWHERE.search(strip_accents(words))
