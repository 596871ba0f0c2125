"""Vietnamese days in all their clothes → one day, or a named refusal. Pure; never a guess.

Always day before month, as Vietnam writes; a site that does otherwise names its formats in its
profile. The grammar is our own: dateparser reads only text that is nothing but a day, so the
day has to be found first anyway; it does not know 'một giờ trước', 'tháng Giêng', 'tháng
Chạp', and takes '2 tuần trước' for a day.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from storage.folding import clean, strip_accents
from storage.records import vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EARLIEST = dt.date(1997, 11, 19)
"""Vietnam joined the Internet on this day; earlier ones are defaults (1970-01-01, 0001-01-01)."""

VIETNAM_OFFSET = dt.timedelta(hours=7)

FURTHEST_AHEAD = dt.timedelta(days=1)
"""A day may lie this far after the capture: clocks and time zones of servers differ."""

LONGEST = 300
"""Characters; more than that is no printed day but an article that happens to name one."""


class Clock(StrEnum):
    """What a site's times are that it marks as UTC's: '2026-09-25T18:55:00Z'."""

    UTC = "utc"
    VIETNAM = "vietnam"
    """Vietnam's own time, wrongly marked: software that was never told its zone."""


@dataclass(frozen=True, slots=True)
class DatedText:
    """A printed day and what it was taken for."""

    day: dt.date | None
    """Day in Vietnam."""
    raw: str | None
    """As printed: NFC, one line; None when there was nothing."""
    refusal: str | None
    """Why there is no day, in English, e.g. 'no year'; None exactly when there is one."""


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What a printed time shows, not yet brought to Vietnam."""

    day: dt.date
    time: tuple[int, int] | None
    """Hour and minute as printed; None without a time."""
    zone: dt.timedelta | None
    """Distance from UTC; None when the text names no zone."""


def read_day(text: str, *, formats: Sequence[str] = (), captured_at: dt.datetime) -> DatedText:
    """Read the one day that a text prints.

    ``formats`` (strptime) are looked for first. Times with a zone are brought to Vietnam's day,
    times without one are Vietnam's. 'hôm qua', '2 giờ trước' count from ``captured_at``.
    Refused: no day, no year, two different days, impossible days, days before ``EARLIEST`` or
    after tomorrow, hours ago that may fall on either side of midnight, days ago ('3 ngày trước'
    lie within two or three days, which the refusal names). Never raises.
    """
    raw = clean(text)
    try:
        return DatedText(_the_day(raw, formats, captured_at), raw, None)
    except _Refused as refused:
        return DatedText(None, raw or None, str(refused))


def clock_face(text: str) -> ClockFace | None:
    """Give day, time and zone as a text prints them; None unless there is exactly one of each.

    Tells two clocks apart: '2022-12-14T17:30:00' may be UTC's, '15/12/2022 00:30' is Vietnam's.
    """
    folded = strip_accents(clean(text)) if len(text) <= LONGEST else ""
    try:
        parts = _taken_apart(folded)
        days = set(_days(parts.rest))
    except _Refused:
        return None
    times = {(int(t["hour"]), int(t["minute"] or 0)) for t in parts.times}
    if len(days) != 1 or len(times) > 1 or len(parts.zones) > 1:
        return None
    return ClockFace(days.pop(), next(iter(times), None), next(iter(parts.zones), None))


def is_update(text: str) -> bool:
    """Tell whether a text says that its day is that of a change: 'Cập nhật lần cuối: …'."""
    return _UPDATE.search(strip_accents(clean(text[:LONGEST]))) is not None


def is_publication(text: str) -> bool:
    """Tell whether a text says that its day is that of publication: 'Ngày đăng: …'."""
    folded = strip_accents(clean(text[:LONGEST]))
    return _PUBLICATION.search(folded) is not None and _UPDATE.search(folded) is None


class _Refused(Exception):  # noqa: N818 - an answer, not an error
    pass


def _the_day(raw: str, formats: Sequence[str], captured_at: dt.datetime) -> dt.date:
    if len(raw) > LONGEST:
        raise _Refused("too long for a printed day")
    folded = strip_accents(raw)
    days = _by_formats(raw, formats) or _printed(folded) or _relative(folded, captured_at)
    if not days:
        raise _Refused("no year" if _YEARLESS.search(folded) else "no day")
    if len(days) > 1:
        raise _Refused(f"different days: {', '.join(sorted(map(str, days)))}")
    return _plausible(days.pop(), captured_at)


def _plausible(day: dt.date, captured_at: dt.datetime) -> dt.date:
    if day < EARLIEST:
        raise _Refused(f"{day} is before {EARLIEST}")
    if day - vietnam_day(captured_at) > FURTHEST_AHEAD:
        raise _Refused(f"{day} is after the capture")
    return day


# ------------------------------------------------------------ formats of the profile

_DIRECTIVES = {
    **dict.fromkeys("dmHIMS", r"\d{1,2}"),
    **dict.fromkeys("bBaA", r"[^\W\d]+"),
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "f": r"\d+",
    "p": r"[AaPp][Mm]",
    "z": r"[+-]\d\d:?\d\d|Z",
}


def _by_formats(raw: str, formats: Sequence[str]) -> set[dt.date]:
    """Give the days of the first format that reads any.

    Raises:
        _Refused: a format fits, but what it reads is no day (month 13).
    """
    misfit = None
    for form in formats:
        pieces = [match[0] for match in _pattern(form).finditer(raw)]
        days = {day for piece in pieces if (day := _strptime(piece, form))}
        if days:
            return days
        misfit = misfit or next(iter(pieces), None)
    if misfit is not None:
        raise _Refused(f"impossible day: {misfit}")
    return set()


def _pattern(form: str) -> re.Pattern[str]:
    """Give what a format looks like, to find it inside a longer text."""
    looks = (
        _DIRECTIVES.get(token[1:], r"\S+")
        if token.startswith("%")
        else r"\s+"
        if token.isspace()
        else re.escape(token)
        for token in re.findall(r"%.|\s+|[^%\s]+", form)
    )
    return re.compile(rf"(?<!\d)(?:{''.join(f'(?:{look})' for look in looks)})(?!\d)")


def _strptime(piece: str, form: str) -> dt.date | None:
    try:
        instant = dt.datetime.strptime(piece, form)  # noqa: DTZ007 - without a zone: Vietnam's
        return vietnam_day(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        return None


# ------------------------------------------------------------------ printed days
# All patterns work on folded text without marks: small letters, 'd' for 'đ', '-' for dashes.

_VIETNAMESE = {
    "mot": 1,
    "gieng": 1,
    "hai": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
    "muoi mot": 11,
    "muoi hai": 12,
    "chap": 12,
}  # fmt: skip - a table
_ENGLISH = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}  # fmt: skip - a table
_MONTH = rf"(?P<month>\d{{1,2}}|{'|'.join(sorted(_VIETNAMESE, key=len, reverse=True))})"
_NAME = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
# Browsers print 'thg 5', WordPress 'Th5'.
_MONTH_WORD = r"(?:thang\s*|thg\b\.?\s*|th\.?(?=\d))"
_DAY = r"(?<![\d:])(?<!\d[/.-])(?P<day>\d{1,2})"
_END = r"(?!\d)(?![/.-]\d)"
_YEAR = rf"(?P<year>\d{{4}}){_END}"
_YEAR_FIRST = r"(?<!\d)(?<!\d[/.-])(?P<year>\d{4})"

_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_DAY}\s*(?P<sep>[/.-])\s*(?P<month>\d{{1,2}})\s*(?P=sep)\s*{_YEAR}",
        rf"{_YEAR_FIRST}(?P<sep>[/.-])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_END}",
        rf"{_DAY}\s*,?\s*{_MONTH_WORD}{_MONTH}\s*[,/-]?\s*(?:nam\s*)?{_YEAR}",
        rf"{_DAY}\s*/\s*(?P<month>\d{{1,2}})\s*nam\s*{_YEAR}",
        rf"\b{_MONTH_WORD}{_MONTH}\s+(?P<day>\d{{1,2}})\s*,\s*(?:nam\s*)?{_YEAR}",  # WordPress
        rf"\b{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+){_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th)?[\s-]+{_NAME}[\s,-]+{_YEAR}",
    )
)
_YEARLESS = re.compile(
    r"(?<![\d:])\d{1,2}\s*(?:[/.-]|thang|thg\.?|th)\s*\d{1,2}(?![\d:])"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b",
    re.ASCII,
)
_TIME = re.compile(
    r"""(?:(?<=\d)t|(?<![\d:])) (?P<hour>\d{1,2})
        (?: :(?P<minute>\d{2}) (?: :(?P<second>\d{2}) (?:[.,]\d+)? )?
          | \s*(?:h|g|gio)\b\s*(?:\d{1,2}\s*(?:phut|p)\b)? | \s*[hg]\d{2} )
        (?: \s*(?P<half>am|pm|sa|ch)\b )?
        (?: \s*(?P<zone> z\b | [+-](?:0\d|1[0-4]):?(?:[03]0|[14]5)(?![\d/.-]) | [ecmp][sd]t\b )
          | (?(second)(?P<short>[+-](?:0\d|1[0-4]))(?![\d/.:-])|(?!)) )?""",
    re.ASCII | re.VERBOSE,
)
_ZONE = re.compile(
    r"\b(?P<name>gmt|utc|ict)\b\s*(?P<zone>[+-]\s?\d{1,2}(?::?\d{2})?(?!\d))?", re.ASCII
)
_WEEKDAY = re.compile(r"\bthu\s*[2-7]\b(?!\s*/)", re.ASCII)
_RANGE = re.compile(r"(?<![\d/.:])(?:[012]?\d|3[01])\s*(?:-|den|to)\s*$", re.ASCII)

# Words before a day that is not that of publication, and before one that is.
_UPDATE = re.compile(r"\b(?:cap nhat|sua|chinh sua|hieu chinh|updated?|modified)\b")
_OF_DOCUMENT = re.compile(r"\b(?:het han|hieu luc|ban hanh)\b")
_PUBLICATION = re.compile(r"\b(?:dang|xuat ban|dua tin|tao|gui|publish(?:ed)?|posted|created)\b")


@dataclass(frozen=True, slots=True)
class _TakenApart:
    rest: str
    """The text without its times, zones and weekdays."""
    times: tuple[re.Match[str], ...]
    zones: frozenset[dt.timedelta]


def _taken_apart(folded: str) -> _TakenApart:
    """Take times and zones out, so that what is left of the digits are days.

    Raises:
        _Refused: a zone that nobody can place.
    """
    # Zones by name first: '(GMT+07:00)' holds what looks like a time.
    zones = {_named_offset(match) for match in _ZONE.finditer(folded)}
    unzoned = _ZONE.sub(" ", folded)
    times = tuple(_TIME.finditer(unzoned))
    written = [match["zone"] or match["short"] for match in times]
    zones |= {_offset(zone) for zone in written if zone}
    rest = _WEEKDAY.sub(" ", _TIME.sub(" ", unzoned))
    return _TakenApart(rest, times, frozenset(zones))


def _printed(folded: str) -> set[dt.date]:
    """Give the days that stand in the text with day, month and year.

    Raises:
        _Refused: one of them is impossible, or the first of a range.
    """
    parts = _taken_apart(folded)
    days = set(_days(parts.rest))
    if not parts.zones - {VIETNAM_OFFSET}:
        return days
    return {_in_vietnam(day, parts.times, set(parts.zones)) for day in days}


def _days(rest: str) -> list[dt.date]:
    """Give the days, without those that the text itself tells from the day of publication."""
    found = sorted({(start, end): day for start, end, day in _every_day(rest)}.items())
    if len({day for _, day in found}) < 2:  # noqa: PLR2004 - nothing to choose from
        return [day for _, day in found]
    ends = [0, *(end for (_, end), _ in found)]
    labels = [rest[before:start] for before, ((start, _), _) in zip(ends, found, strict=False)]
    others = [bool(_UPDATE.search(one) or _OF_DOCUMENT.search(one)) for one in labels]
    own = [place for place, is_other in enumerate(others) if not is_other]
    # '09/05/2024 (cập nhật 10/05/2024)'; the first day of a decree is no such thing.
    is_first_enough = not any(map(_OF_DOCUMENT.search, labels))
    is_told = all(
        _PUBLICATION.search(labels[place]) or (place == 0 and is_first_enough) for place in own
    )
    days = [day for _, day in found]
    return [days[place] for place in own] if own and is_told else days


def _every_day(rest: str) -> Iterator[tuple[int, int, dt.date]]:
    for form in _FORMS:
        for match in form.finditer(rest):
            if _RANGE.search(rest[: match.start()]):
                raise _Refused(f"a range of days: {rest.strip()}")
            month = match["month"]
            number = _VIETNAMESE.get(month) or _ENGLISH.get(month[:3]) or int(month)
            try:
                day = dt.date(int(match["year"]), number, int(match["day"]))
            except ValueError:
                raise _Refused(f"impossible day: {match[0].strip()}") from None
            yield match.start(), match.end(), day


def _offset(zone: str) -> dt.timedelta:
    """Give the distance from UTC of 'z', '+7', '-05:30'.

    Raises:
        _Refused: a name such as 'est', which several countries use.
    """
    if zone == "z":
        return dt.timedelta(0)
    match = re.fullmatch(r"([+-])\s?(\d{1,2}):?(\d{2})?", zone, re.ASCII)
    if match is None:
        raise _Refused(f"unknown zone: {zone}")
    distance = dt.timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -distance if match[1] == "-" else distance


def _named_offset(match: re.Match[str]) -> dt.timedelta:
    if match["name"] == "ict":
        return VIETNAM_OFFSET
    return _offset(match["zone"] or "z")


def _in_vietnam(day: dt.date, times: Sequence[re.Match[str]], zones: set[dt.timedelta]) -> dt.date:
    """Give Vietnam's day for a day and time of another zone.

    Raises:
        _Refused: there is not exactly one time and one zone, or no such time.
    """
    moments = {(int(t["hour"]), int(t["minute"] or 0), t["half"]) for t in times}
    if len(moments) != 1 or len(zones) != 1:
        raise _Refused("a time zone without one clear time")
    hour, minute, half = moments.pop()
    if half in {"am", "sa"}:
        hour %= 12
    elif half in {"pm", "ch"}:
        hour = hour % 12 + 12
    try:
        zone = dt.timezone(zones.pop())
        return vietnam_day(dt.datetime.combine(day, dt.time(hour, minute), tzinfo=zone))
    except (ValueError, OverflowError):
        raise _Refused(f"impossible time: {times[0][0].strip()}") from None


# ------------------------------------------------------------------- relative days

_NAMED = {"hom nay": 0, "today": 0, "hom qua": 1, "yesterday": 1, "hom kia": 2}
# Not the visitors' counter: 'Lượt truy cập hôm nay: 44', 'Hôm nay 44'.
_NAMED_DAY = re.compile(
    rf"(?<!truy cap )(?<!luot )(?<!luot xem )(?<!khach )\b(?P<name>{'|'.join(_NAMED)})\b"
    r"(?![:\s]+\d[\d.,]*+(?!\s*(?:[:/-]\s*\d|[hg]\b|[hg]\d|gio\b)))"
)
_NOW = re.compile(r"\b(?:vua xong|vua (?:moi )?dang|just now)\b")
_PART = (
    r"(?:\d{1,4}|\b(?:mot|an?|one))\s*"
    r"(?:giay|phut|gio|ngay|tuan|thang|nam|second|minute|hour|day|week|month|year)s?\b"
)
_PARTS = rf"(?<![\d.,])(?P<%s>{_PART}(?:[\s,]+(?:(?:va|and)\s+)?{_PART}){{0,5}})"
_AGO = re.compile(
    rf"{_PARTS % 'before'}\s+(?:truoc|ago)\b|\bcach day\s+{_PARTS % 'back'}", re.ASCII
)
_COUNT = re.compile(r"(?P<count>\d+|mot|an?|one)\s*(?P<unit>[a-z]+?)s?\b", re.ASCII)
_HOUR, _DAY_LONG = dt.timedelta(hours=1), dt.timedelta(days=1)
_UNITS = {
    **dict.fromkeys(("giay", "second"), dt.timedelta(seconds=1)),
    **dict.fromkeys(("phut", "minute"), dt.timedelta(minutes=1)),
    **dict.fromkeys(("gio", "hour"), _HOUR),
    **dict.fromkeys(("ngay", "day"), _DAY_LONG),
}


def _relative(folded: str, captured_at: dt.datetime) -> set[dt.date]:
    """Give the days that the text counts back from the capture. Weeks and more are too coarse.

    Raises:
        _Refused: hours or minutes that may lie on either side of midnight; days, for want of hours.
    """
    today = vietnam_day(captured_at)
    named = {
        today - dt.timedelta(days=_NAMED[match["name"]]) for match in _NAMED_DAY.finditer(folded)
    }
    for match in _NOW.finditer(folded):
        named.add(_between(captured_at - _HOUR, captured_at, match[0]))
    for match in _AGO.finditer(folded):
        day = _ago(match, captured_at)
        if day is not None:
            named.add(day)
    return named


def _ago(match: re.Match[str], captured_at: dt.datetime) -> dt.date | None:
    """Give the day of 'một giờ', '3 ngày', '1 ngày 3 giờ' before the capture; None: too coarse."""
    counts = list(_COUNT.finditer(match["before"] or match["back"]))
    units = [_UNITS.get(count["unit"]) for count in counts]
    if None in units:
        return None
    numbers = [int(count["count"]) if count["count"].isdigit() else 1 for count in counts]
    passed = sum(
        (unit * number for unit, number in zip(units, numbers, strict=True) if unit),
        dt.timedelta(0),
    )
    smallest = min(unit for unit in units if unit)
    # Sites round '2 giờ trước' to the nearest or cut it off: 1.5 to 3 hours. So '3 ngày trước' are
    # 2.5 to 4 days, and tell no day: cut off at night, a morning's post is always one too late.
    return _between(captured_at - passed - smallest, captured_at - passed + smallest / 2, match[0])


def _between(earliest: dt.datetime, latest: dt.datetime, said: str) -> dt.date:
    first, last = vietnam_day(earliest), vietnam_day(latest)
    if first == last:
        return last
    if latest - earliest < _DAY_LONG:
        raise _Refused(f"either side of midnight: {said}")
    raise _Refused(f"from {first} to {last}: {said}")
