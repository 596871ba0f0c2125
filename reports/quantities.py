"""The phrases in which plans say how much (“02 tin, bài/tháng”) ↔ values, and their sums. Pure.

Nothing is guessed: a phrase with a number that finds no place in a value is refused, and what was
understood is shown before it is stored. An empty or open phrase (“thường xuyên”) has no number.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from storage.folding import strip_accents, tidy
from storage.records import DayInterval, Every, OutputForm, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


LONGEST = 300
"""Characters of a phrase; a paragraph is no quantity."""


class NotUnderstoodError(ValueError):
    """A phrase has a number that belongs to nothing; the argument is the rest of the phrase."""


# ---------------------------------------------------------------------------- the words

FORM_WORDS = {
    OutputForm.POST: "tin, bài",
    OutputForm.NEWS: "tin",
    OutputForm.ARTICLE: "bài",
    OutputForm.SECTION: "chuyên mục",
    OutputForm.SPECIAL_PAGE: "chuyên trang",
    OutputForm.REPORTAGE: "phóng sự",
    OutputForm.CLIP: "video",
    OutputForm.BROADCAST: "lượt phát thanh",
    OutputForm.HOURS: "giờ phát thanh",
    OutputForm.PANEL: "pano",
    OutputForm.BANNER: "băng rôn",
    OutputForm.SLOGAN: "khẩu hiệu",
    OutputForm.LEAFLET: "tờ rơi",
    OutputForm.EVENT: "cuộc",
}
"""How each form is written when it is written by us."""

EVERY_WORDS = {
    Every.DAY: "ngày",
    Every.WEEK: "tuần",
    Every.MONTH: "tháng",
    Every.QUARTER: "quý",
    Every.HALF_YEAR: "6 tháng",
    Every.YEAR: "năm",
}

_FORMS: tuple[tuple[OutputForm, str], ...] = (
    # Folded and without accents; the first that fits is taken, so the longer ones come first.
    (OutputForm.POST, r"(?:mau )?tin\s*(?:[,/;&+-]|va|hoac|hay)?\s*bai(?: viet)?"),
    (OutputForm.OTHER, r"ban tin"),
    (OutputForm.NEWS, r"(?:mau )?tin(?: ngan| van)?"),
    (OutputForm.ARTICLE, r"bai(?: viet)?"),
    (OutputForm.SECTION, r"chuyen muc"),
    (OutputForm.SPECIAL_PAGE, r"chuyen (?:trang|de)"),
    (OutputForm.REPORTAGE, r"phong su"),
    (OutputForm.CLIP, r"(?:video|clip|tieu pham)(?: clip)?"),
    (OutputForm.OTHER, r"luot nguoi"),
    (
        OutputForm.BROADCAST,
        r"(?:luot|lan|buoi|chuong trinh) phat(?: thanh| song)?|luot tuyen truyen|luot",
    ),
    (OutputForm.HOURS, r"gio(?: phat(?: thanh| song)?)?"),
    (OutputForm.PANEL, r"(?:cum |tam |bang )?pa ?no|bang tin"),
    (OutputForm.BANNER, r"(?:tam )?bang ?-?ron"),
    (OutputForm.SLOGAN, r"khau hieu"),
    (OutputForm.LEAFLET, r"to (?:roi|gap|buom)|ap phich"),
    (OutputForm.EVENT, r"cuoc(?: thi| hop)?|buoi|lop(?: tap huan)?|hoi (?:nghi|thi|thao)"),
)
_EVERY = {
    "ngay": Every.DAY,
    "tuan": Every.WEEK,
    "thang": Every.MONTH,
    "quy": Every.QUARTER,
    "6 thang": Every.HALF_YEAR,
    "sau thang": Every.HALF_YEAR,
    "nua nam": Every.HALF_YEAR,
    "nam": Every.YEAR,
}


def spelled(number: int) -> str:
    """Give a number below 100 in words.

    >>> spelled(12), spelled(21), spelled(35)
    ('mười hai', 'hai mươi mốt', 'ba mươi lăm')
    """
    words = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    tens, ones = divmod(number, 10)
    if not tens:
        return words[ones]
    after = {0: "", 5: "lăm", **({1: "mốt"} if tens > 1 else {})}.get(ones, words[ones])
    return f"{'mười' if tens == 1 else words[tens] + ' mươi'} {after}".strip()


IN_WORDS = {strip_accents(spelled(number)): number for number in range(100)}
"""Numbers by their words, without accents."""

_WORDS = "|".join(sorted(IN_WORDS, key=len, reverse=True))
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d{{3}})+|\d+|\b(?:{_WORDS})\b)"
_FORM = "|".join(rf"(?P<f{place}>(?:{words})\b)" for place, (_, words) in enumerate(_FORMS))
_ANY_STRETCH = r"(?:ngay|tuan|6 thang|sau thang|nua nam|thang|quy|nam)\b"
_STRETCH = rf"(?P<every>{_ANY_STRETCH})"
_NO_DATE = r"(?!\s*(?:\d|[ivx]+\b))"
_OTHER = rf"(?P<other>(?!{_ANY_STRETCH})[a-z][a-z ]*?)(?=\s*(?:[/,;.)]|$|\bmoi\b|\bva\b))"
_TOKEN = re.compile(
    rf"(?P<share>\d+(?:[.,]\d+)?)\s*%"
    rf"|(?:/|\b(?:moi|hang|tung)\b|\b(?:trong|tren|mot|0?1)\b(?=\s*{_ANY_STRETCH}{_NO_DATE}))"
    rf"\s*(?:(?:mot|0?1)\s+)?{_STRETCH}"
    rf"|(?P<least>\b(?:it nhat|toi thieu|khong it hon)\b|[≥>]=?|\btu\b(?=\s*{_NUMBER}))"
    rf"|(?P<number>{_NUMBER})\s*(?:{_FORM}|{_OTHER})"
    rf"|(?P<more>\btro len\b)"
)
_BRACKETS = re.compile(r"\([^()]*\)")


def read_quantities(text: str, *, measure: str = "") -> tuple[Quantity, ...]:
    """Read how much of what, how often; several when the phrase sets them apart.

    >>> [(q.number, q.form.value, q.every.value) for q in read_quantities("04 tin và 02 bài/quý")]
    [(4, 'news', 'quarter'), (2, 'article', 'quarter')]
    >>> read_quantities("02 tin, bài/tháng")[0].form.value
    'post'

    Args:
        text: as written; a bare number needs ``measure``.
        measure: what is measured, from a column of its own, e.g. 'tin, bài'.

    Raises:
        NotUnderstoodError: a number is left over, there is no word at all, or it is no phrase.
    """
    typed = tidy(text)
    if len(typed) > LONGEST:
        raise NotUnderstoodError(f"{typed[:40]}…")
    if re.fullmatch(rf"{_NUMBER}", strip_accents(typed)) and measure:
        typed = f"{typed} {tidy(measure)}"
    if _TOKEN.search(strip_accents(_BRACKETS.sub(" ", typed))):
        typed = _BRACKETS.sub(" ", typed)  # an aside: '12 tin, bài (trong đó 4 về TTHC)'
    found = _read(typed)
    if typed and not found and not re.search(r"\w", typed):
        raise NotUnderstoodError(typed)  # a dash: none, or not known?
    if found:
        return found
    form, said = form_of(measure or typed)
    return (Quantity(form=form, measure=said, number=None, every=_only_every(typed)),)


def form_of(text: str) -> tuple[OutputForm, str]:
    """Give the form that a text names first, and its words; OTHER with the text when it has none.

    >>> form_of("Đăng tin, bài trên Trang TTĐT")[0].value, form_of("mô hình")
    ('post', (<OutputForm.OTHER: 'other'>, 'mô hình'))
    """
    plain, best = strip_accents(text), None
    for form, words in _FORMS:
        match = re.search(rf"\b(?:{words})\b", plain)
        if match and (best is None or match.start() < best[0]):
            best = (match.start(), form, match[0])
    if best is None:
        return OutputForm.OTHER, tidy(text)
    return best[1], FORM_WORDS.get(best[1], best[2])


def _read(typed: str) -> tuple[Quantity, ...]:
    plain = strip_accents(typed)
    found: list[Quantity] = []
    rest, at, at_least = [], 0, False
    before: Every | None = None  # 'mỗi tháng 2 tin' says it in front, '2 tin/tháng' behind
    waiting = 0  # how many of the last ones have no frequency yet
    for match in _TOKEN.finditer(plain):
        rest.append(plain[at : match.start()])
        at = match.end()
        if match["every"]:
            every = _EVERY[match["every"]]
            if waiting:
                found[-waiting:] = [replace(one, every=every) for one in found[-waiting:]]
                waiting = 0
            else:
                before = every
        elif match["least"]:
            at_least = True
        elif match["more"]:
            found[-1:] = [replace(one, at_least=True) for one in found[-1:]]
        else:
            found.append(_quantity(match, typed, plain, at_least=at_least, every=before))
            at_least, waiting = False, 0 if before else waiting + 1
    rest.append(plain[at:])
    left = " ".join("".join(rest).split())
    if re.search(r"\d", left):
        raise NotUnderstoodError(left)
    return tuple(found)


def _quantity(
    match: re.Match[str], typed: str, plain: str, *, at_least: bool, every: Every | None
) -> Quantity:
    if match["share"]:
        share = round(float(match["share"].replace(",", ".")))
        return Quantity(form=OutputForm.OTHER, measure="%", number=None, percent=share, every=every)
    said = match["number"].replace(".", "")
    number = int(said) if said.isdecimal() else IN_WORDS[said]
    place = next((p for p in range(len(_FORMS)) if match[f"f{p}"]), None)
    if place is None or _FORMS[place][0] is OutputForm.OTHER:
        group = "other" if place is None else f"f{place}"
        # Of text that folding did not shorten, the words themselves.
        words = (typed if len(typed) == len(plain) else plain)[
            match.start(group) : match.end(group)
        ]
        form, measure = OutputForm.OTHER, words.strip()
    else:
        form = _FORMS[place][0]
        measure = FORM_WORDS[form]
    return Quantity(form=form, measure=measure, number=number, at_least=at_least, every=every)


def _only_every(typed: str) -> Every | None:
    match = _TOKEN.search(strip_accents(typed))
    return _EVERY[match["every"]] if match and match["every"] else None


def every_of(text: str) -> Every | None:
    """Give how often, from a column on time.

    >>> every_of("Hằng tháng").value, every_of("Quý II/2022"), every_of("Năm 2022")
    ('month', None, None)
    """
    plain = strip_accents(text)
    match = re.search(rf"(?:/|\b(?:moi|hang|tung)\b)\s*(?:(?:mot|0?1)\s+)?{_STRETCH}", plain)
    return _EVERY[match["every"]] if match else None


def quantity_text(quantities: Sequence[Quantity]) -> str:
    """Write quantities as a plan would; of ours, ``read_quantities`` reads them back.

    >>> quantity_text(read_quantities("mỗi tháng ít nhất hai tin bài"))
    'ít nhất 02 tin, bài/tháng'
    """
    return " và ".join(_one_text(quantity) for quantity in quantities)


def _one_text(quantity: Quantity) -> str:
    if quantity.percent is not None:
        return f"{quantity.percent}%"
    if quantity.number is None:
        return "thường xuyên"
    least = "ít nhất " if quantity.at_least else ""
    every = f"/{EVERY_WORDS[quantity.every]}" if quantity.every else ""
    return f"{least}{quantity.number:02} {quantity.measure}{every}"


# ----------------------------------------------------------------------------- due days

_BY = r"(?:truoc|den het|den|cham nhat|xong|trong|ngay)"
_DAY = re.compile(rf"\b{_BY}\s+(?:ngay\s+)?(\d{{1,2}})[/.-](\d{{1,2}})(?:[/.-](\d{{4}}))?")
_FULL_DAY = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_NO_STRETCH = r"(?<!moi )(?<!hang )(?<!tung )(?<!/)(?<!/ )(?<!\d )(?<!mot )"
"""'Mỗi tháng 2 tin' names no month of February."""
_IN_QUARTER = re.compile(
    rf"{_NO_STRETCH}\bquy\s*(iv|iii|ii|i|[1-4])\b(?:\s*[/-]?\s*(?:nam\s*)?(\d{{4}}))?"
)
_IN_MONTH = re.compile(rf"{_NO_STRETCH}\bthang\s*(\d{{1,2}})\b(?:\s*[/-]?\s*(?:nam\s*)?(\d{{4}}))?")
_IN_YEAR = re.compile(r"\b(?:trong\s+|ca\s+)?nam\s*\d{4}\b")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONTHS = 12


def read_due(text: str, period: DayInterval) -> tuple[dt.date | None, str]:
    """Give the last day (inclusive) that a text sets, and the text without it.

    'Trước 30/6' names the closing day itself, as office language does. A day without a year is
    of the plan's period.

    >>> read_due("01 bài trước ngày 30/6", DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1)))
    (datetime.date(2022, 6, 30), '01 bài')

    Raises:
        NotUnderstoodError: there is no such day, or it is not of the period.
    """
    typed = tidy(text)
    plain = strip_accents(typed)
    if len(plain) != len(typed):
        typed = plain  # the places of one are then the places of the other
    for pattern in (_DAY, _FULL_DAY, _IN_QUARTER, _IN_MONTH):
        if match := pattern.search(plain):
            due = _day_in(period, *_month_and_day(pattern, match), said=match[0])
            return due, tidy(typed[: match.start()] + " " + typed[match.end() :])
    if match := _IN_YEAR.search(plain):
        return None, tidy(typed[: match.start()] + " " + typed[match.end() :])
    return None, typed


def _month_and_day(pattern: re.Pattern[str], match: re.Match[str]) -> tuple[int, int, str | None]:
    """Give month, day (0: the month's last) and year."""
    if pattern in {_DAY, _FULL_DAY}:
        return int(match[2]), int(match[1]), match[3]
    if pattern is _IN_QUARTER:
        return 3 * int(_ROMAN.get(match[1], match[1])), 0, match[2]
    return int(match[1]), 0, match[2]


def _day_in(period: DayInterval, month: int, day: int, year: str | None, *, said: str) -> dt.date:
    last = (period.end or dt.date.max) - dt.timedelta(days=1)
    years = [int(year)] if year else range(period.start.year, min(last.year, 9998) + 1)
    for number in years:
        if 1 <= month <= _MONTHS and day <= calendar.monthrange(number, month)[1]:
            found = dt.date(number, month, day or calendar.monthrange(number, month)[1])
            if found in period:
                return found
            if not day and DayInterval(found.replace(day=1), found).overlaps(period):
                return last
    raise NotUnderstoodError(said)


# ----------------------------------------------------------------------------- sums

_LENGTH_IN_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


def whole_stretches(every: Every, start: dt.date, end: dt.date) -> int:
    """Count the whole stretches from ``start`` until ``end`` (exclusive), the first from ``start``.

    A week is 7 days, a month goes to the same day of the next (or its last): a begun stretch is
    none. A year has 52 weeks.

    >>> whole_stretches(Every.MONTH, dt.date(2022, 1, 1), dt.date(2022, 9, 30))
    8
    """
    days = (end - start).days
    if every in {Every.DAY, Every.WEEK}:
        return max(0, days // (7 if every is Every.WEEK else 1))
    months = (end.year - start.year) * _MONTHS + end.month - start.month
    last_of_month = calendar.monthrange(end.year, end.month)[1]
    if end.day < min(start.day, last_of_month):
        months -= 1
    return max(0, months) // _LENGTH_IN_MONTHS[every]


@lru_cache(maxsize=1024)  # the lines of a report ask for the same few stretches
def months_between(start: dt.date, end: dt.date) -> Fraction:
    """Give the months from ``start`` until ``end`` (exclusive): whole ones, then days of the next.

    >>> months_between(dt.date(2022, 1, 1), dt.date(2022, 3, 16))
    Fraction(77, 31)
    """
    if end <= start:
        return Fraction(0)
    whole = whole_stretches(Every.MONTH, start, end)
    begun = _after_months(start, whole)
    return whole + Fraction((end - begun).days, (_after_months(start, whole + 1) - begun).days)


def _after_months(day: dt.date, months: int) -> dt.date:
    """Give the same day some months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def planned_in(quantity: Quantity, period: DayInterval) -> int | None:
    """Give what a quantity promises in a plan's whole period; None without a number.

    A number for a stretch that is longer than the period, or of a period without an end, gives
    None as well: nobody said how much of it is meant.
    """
    if quantity.number is None or quantity.every is None:
        return quantity.number
    if period.end is None:
        return None
    stretches = whole_stretches(quantity.every, period.start, period.end)
    return quantity.number * stretches if stretches else None


def due_by(
    quantity: Quantity, period: DayInterval, day: dt.date, *, due: dt.date | None = None
) -> int | None:
    """Give what must have been done by the end of a day (pro rata); None without a number.

    Of what comes due every week or month: the whole stretches that are over. Of a number for the
    year or for the whole period: its share of the whole months that are over, rounded down; with
    a due day all of it from that day on, nothing before.
    """
    planned = planned_in(quantity, period)
    if planned is None or period.end is None:
        return planned
    until = min(day + dt.timedelta(days=1), period.end)
    if until <= period.start:
        return 0
    if until == period.end:
        return planned
    if due is not None:
        return planned if day >= due else 0
    if quantity.every is not None and quantity.every is not Every.YEAR:
        return (quantity.number or 0) * whole_stretches(quantity.every, period.start, until)
    months = whole_stretches(Every.MONTH, period.start, period.end)
    over = whole_stretches(Every.MONTH, period.start, until)
    return planned * over // months if months else 0


def add_up_planned(numbers: Iterable[int | None]) -> int | None:
    """Add what has a number; None when nothing has."""
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
