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


@dataclass(frozen=True, slots=True)
class DatedText:
    """A printed day and what it was taken for."""

    day: dt.date | None
    """Day in Vietnam."""
    raw: str | None
    """As printed: NFC, one line; None when there was nothing."""
    refusal: str | None
    """Why there is no day, in English, e.g. 'no year'; None exactly when there is one."""


def read_day(text: str, *, formats: Sequence[str] = (), captured_at: dt.datetime) -> DatedText:
    """Read the one day that a text prints.

    ``formats`` (strptime) are looked for first. Times with a zone are brought to Vietnam's day,
    times without one are Vietnam's. 'hôm qua', '3 ngày trước' count from ``captured_at``.
    Refused: no day, no year, two different days, impossible days, days before ``EARLIEST`` or
    after tomorrow, hours ago that may fall on either side of midnight. Never raises.
    """
    raw = clean(text)
    try:
        return DatedText(_the_day(raw, formats, captured_at), raw, None)
    except _Refused as refused:
        return DatedText(None, raw or None, str(refused))


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
_DAY = r"(?<![\d:])(?<!\d[/.-])(?P<day>\d{1,2})"
_END = r"(?!\d)(?![/.-]\d)"
_YEAR = rf"(?P<year>\d{{4}}){_END}"
_YEAR_FIRST = r"(?<!\d)(?<!\d[/.-])(?P<year>\d{4})"

_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_DAY}\s*(?P<sep>[/.-])\s*(?P<month>\d{{1,2}})\s*(?P=sep)\s*{_YEAR}",
        rf"{_YEAR_FIRST}(?P<sep>[/.-])(?P<month>\d{{1,2}})(?P=sep)(?P<day>\d{{1,2}}){_END}",
        rf"{_DAY}\s*,?\s*thang\s*{_MONTH}\s*[,/-]?\s*(?:nam\s*)?{_YEAR}",
        rf"{_DAY}\s*/\s*(?P<month>\d{{1,2}})\s*nam\s*{_YEAR}",
        rf"thang\s*{_MONTH}\s+(?P<day>\d{{1,2}})\s*,\s*(?:nam\s*)?{_YEAR}",  # WordPress
        rf"\b{_NAME}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+){_YEAR}",
        rf"{_DAY}(?:st|nd|rd|th)?[\s-]+{_NAME}[\s,-]+{_YEAR}",
    )
)
_YEARLESS = re.compile(
    r"(?<![\d:])\d{1,2}\s*(?:[/.-]|thang)\s*\d{1,2}(?![\d:])"
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


def _printed(folded: str) -> set[dt.date]:
    """Give the days that stand in the text with day, month and year.

    Raises:
        _Refused: one of them is impossible, or the first of a range.
    """
    times = list(_TIME.finditer(folded))
    written = [match["zone"] or match["short"] for match in times]
    zones = {_offset(zone) for zone in written if zone}
    rest = _TIME.sub(" ", folded)
    zones |= {_named_offset(match) for match in _ZONE.finditer(rest)}
    rest = _WEEKDAY.sub(" ", _ZONE.sub(" ", rest))
    days = set(_days(rest))
    if not zones - {VIETNAM_OFFSET}:
        return days
    return {_in_vietnam(day, times, zones) for day in days}


def _days(rest: str) -> Iterator[dt.date]:
    for form in _FORMS:
        for match in form.finditer(rest):
            if _RANGE.search(rest[: match.start()]):
                raise _Refused(f"a range of days: {rest.strip()}")
            month = match["month"]
            number = _VIETNAMESE.get(month) or _ENGLISH.get(month[:3]) or int(month)
            try:
                yield dt.date(int(match["year"]), number, int(match["day"]))
            except ValueError:
                raise _Refused(f"impossible day: {match[0].strip()}") from None


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
# Not the visitors' counter: 'Lượt truy cập hôm nay: 44'.
_NAMED_DAY = re.compile(
    rf"(?<!truy cap )(?<!luot )(?<!luot xem )(?<!khach )\b(?P<name>{'|'.join(_NAMED)})\b"
)
_AGO = re.compile(
    r"(?<![\d.,])(?P<count>\d{1,4}|\b(?:mot|an?|one))\s*"
    r"(?P<unit>giay|phut|gio|ngay|second|minute|hour|day)s?\s+(?:truoc|ago)\b",
    re.ASCII,
)
_UNITS = {
    **dict.fromkeys(("giay", "second"), dt.timedelta(seconds=1)),
    **dict.fromkeys(("phut", "minute"), dt.timedelta(minutes=1)),
    **dict.fromkeys(("gio", "hour"), dt.timedelta(hours=1)),
}


def _relative(folded: str, captured_at: dt.datetime) -> set[dt.date]:
    """Give the days that the text counts back from the capture. Weeks and more are too coarse.

    Raises:
        _Refused: hours or minutes that may lie on either side of midnight.
    """
    today = vietnam_day(captured_at)
    named = {
        today - dt.timedelta(days=_NAMED[match["name"]]) for match in _NAMED_DAY.finditer(folded)
    }
    return named | {_ago(match, captured_at) for match in _AGO.finditer(folded)}


def _ago(match: re.Match[str], captured_at: dt.datetime) -> dt.date:
    count = int(match["count"]) if match["count"].isdigit() else 1
    unit = _UNITS.get(match["unit"])
    if unit is None:
        return vietnam_day(captured_at) - dt.timedelta(days=count)
    # Sites round '2 giờ trước' to the nearest or cut it off: 1.5 to 3 hours.
    days = {vietnam_day(captured_at - unit * back) for back in (count - 0.5, count + 1)}
    if len(days) > 1:
        raise _Refused(f"either side of midnight: {match[0]}")
    return days.pop()
