"""Vietnamese days: what is read, what is refused, and that nothing is guessed."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from crawler.pages.dates import EARLIEST, DatedText, read_day
from storage.records import VIETNAM, vietnam_day

NOON = dt.datetime(2030, 12, 31, 5, tzinfo=dt.UTC)
"""Noon in Vietnam, after every day that the tests print."""

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

WORDS = (
    "Một Hai Ba Tư Năm Sáu Bảy Tám Chín Mười",
    "January February March April May June July August September October November December",
)
MONTHS_VI = [*WORDS[0].split(" "), "Mười Một", "Mười Hai"]
MONTHS_EN = WORDS[1].split(" ")


def _day(text: str, *, at: dt.datetime = NOON) -> dt.date | None:
    return read_day(text, captured_at=at).day


def _refusal(text: str, *, at: dt.datetime = NOON) -> str:
    dated = read_day(text, captured_at=at)
    assert dated.day is None
    assert dated.refusal is not None
    return dated.refusal


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("26/07/2022 | 08:32 AM", "2022-07-26"),
        ("19/11/1997", "1997-11-19"),
        ("Ngày đăng 21/01/2020 | 10:25 AM", "2020-01-21"),
        ("Ngày đăng 09/07/2020 | 03:37 PM | View count: 381", "2020-07-09"),
        ("Publish date 05/04/2019 | 10:03 AM", "2019-04-05"),
        ("02/07/2014 | 12:00 AM", "2014-07-02"),
        ("Ngay dang 21/01/2020", "2020-01-21"),
        ("(06.04.2019 11:08)", "2019-04-06"),
        ("Thứ Năm, 04/06/2026 | 08:15", "2026-06-04"),
        ("19:31, Thứ Sáu, 16-6-2023", "2023-06-16"),
        ("9:17, Thứ Ba, 1-12-2020", "2020-12-01"),
        ("09-10-2024 108 lượt xem", "2024-10-09"),
        ("03/12/2021 3:54:39 CH", "2021-12-03"),
        ("Ngày cập nhật: 03/12/2021 3:54:39 SA", "2021-12-03"),
        ("Thứ hai - 11/11/2024 04:09", "2024-11-11"),
        ("Thứ 2 - 11/11/2024", "2024-11-11"),
        ("Đăng ngày 17 - 05 - 2024", "2024-05-17"),
        ("08:41 | 31/01/2020", "2020-01-31"),
        ("(14:07 17/05/2019)", "2019-05-17"),
        ("(21:01 | 17/03/2021)", "2021-03-17"),
        ("Đăng lúc: 17:00:00 02/01/2024 (GMT+7)", "2024-01-02"),
        ("16h30 - 16/06/2023", "2023-06-16"),
        ("16 giờ 30 phút, ngày 16/06/2023", "2023-06-16"),
        ("19:31 – 16/06/2023", "2023-06-16"),
        ("03/06/2024 09:02:23 AM", "2024-06-03"),
        ("2020-2-20", "2020-02-20"),
        ("2023/01/30", "2023-01-30"),
        ("Hà Nội, ngày 01 tháng 03 năm 2024", "2024-03-01"),
        ("ngày 01/3 năm 2024", "2024-03-01"),
        ("Tháng Ba 1, 2024", "2024-03-01"),
        ("Tháng Mười Hai 1, 2024", "2024-12-01"),
        ("Tháng Mười 2, 2024", "2024-10-02"),
        ("tháng 3 1, 2024", "2024-03-01"),
        ("5 tháng Giêng năm 2024", "2024-01-05"),
        ("5 Tháng Mười Một, 2024", "2024-11-05"),
        ("March 1, 2024", "2024-03-01"),
        ("Aug 5, 2019", "2019-08-05"),
        ("1st Sept. 2024", "2024-09-01"),
        ("01-Mar-2024", "2024-03-01"),
        ("01/03/2024 22:25 -02 bình luận", "2024-03-01"),
        ("Ngày đăng: 09/05/2024", "2024-05-09"),
        ("09/05/2024 23:30 (GMT+07:00)", "2024-05-09"),
        ("T5, 09/05/2024", "2024-05-09"),
        ("9 thg 5, 2024", "2024-05-09"),
        ("Thg 5 9, 2024", "2024-05-09"),
        ("9 Th5, 2024", "2024-05-09"),
        ("Th12 9, 2024", "2024-12-09"),
        ("09/05/2024 24:00", "2024-05-09"),  # hour 24 of a clock that counts from 1
        ("24:15 09/05/2024", "2024-05-09"),
        ("09/05/2024 08:75", "2024-05-09"),  # seconds where minutes belong
        ("Ngày đăng: 09/05/2024 08:00 - Ngày cập nhật: 10/05/2024 09:00", "2024-05-09"),
        ("Cập nhật lần cuối: 10/05/2024 | Đăng ngày: 09/05/2024", "2024-05-09"),
        ("Đăng 01/02/2024, sửa 03/02/2024", "2024-02-01"),
        ("01/02/2024 (cập nhật 03/02/2024)", "2024-02-01"),
        ("Ngày hết hạn 03/04/2024, ngày đăng 01/02/2024", "2024-02-01"),
        ("Ngày cập nhật: 10/05/2024", "2024-05-10"),
    ],
)
def test_printed_days_are_read_day_first(text: str, day: str) -> None:
    assert read_day(text, captured_at=NOON) == DatedText(
        dt.date.fromisoformat(day), unicodedata.normalize("NFC", text), None
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-04-09T02:59:35.974Z", "2019-04-09"),
        ("2019-04-09T17:00:00Z", "2019-04-10"),
        ("2019-04-09T16:59:59Z", "2019-04-09"),
        ("2021-12-31T17:30:00+00:00", "2022-01-01"),
        ("2022-01-01T00:30:00+0900", "2021-12-31"),
        ("2022-01-01T06:30:00+07:00", "2022-01-01"),
        ("2022-01-01 20:30:00+00", "2022-01-02"),
        ("2022-01-01T06:30:00", "2022-01-01"),
        ("2022-01-01 23:30:00", "2022-01-01"),
        ("2019-04-09 20:59:35 +0000 UTC", "2019-04-10"),
        ("Mon, 03 Jan 2022 17:30:00 +0000", "2022-01-04"),
        ("Mon, 03 Jan 2022 17:30:00 GMT", "2022-01-04"),
        ("Mon, 03 Jan 2022 17:30:00 +0700", "2022-01-03"),
        ("Mon Jan 03 17:30:00 ICT 2022", "2022-01-03"),
        ("02/01/2024 11:30 CH (GMT+0)", "2024-01-03"),
        ("02/01/2024 12:30 CH (GMT+0)", "2024-01-02"),
        ("02/01/2024 12:30 SA (GMT+8)", "2024-01-01"),
    ],
)
def test_times_with_a_zone_are_brought_to_vietnams_day(text: str, day: str) -> None:
    assert _day(text) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "no day"),
        ("( )", "no day"),
        ("404", "no day"),
        ("20240301", "no day"),
        ("Quyết định số 12/2024/QĐ-UBND", "no day"),
        ("Lượt truy cập hôm nay: 44", "no day"),
        ("Hôm nay: 44", "no day"),
        ("Hôm qua 1.204", "no day"),
        ("1 tuần 2 ngày trước", "no day"),
        ("9 Th5", "no year"),
        ("2024-05-09T24:00:00Z", "impossible time: t24:00:00z"),
        ("2 tuần trước", "no day"),
        ("Tháng Ba, 2024", "no day"),
        ("(24/04)", "no year"),
        ("03/12/21", "no year"),
        ("ngày 24 tháng 4", "no year"),
        ("Aug 5", "no year"),
        ("31/02/2024", "impossible day: 31/02/2024"),
        ("12/25/2024", "impossible day: 12/25/2024"),
        ("2024-13-01", "impossible day: 2024-13-01"),
        ("01/01/0001", "0001-01-01 is before 1997-11-19"),
        ("0001-01-01T00:00:00Z", "0001-01-01 is before 1997-11-19"),
        ("18/11/1997", "1997-11-18 is before 1997-11-19"),
        ("01/01/1970", "1970-01-01 is before 1997-11-19"),
        ("01/02/2024 - 03/02/2024", "different days: 2024-02-01, 2024-02-03"),
        ("01/02/2024 03/02/2024 cập nhật", "different days: 2024-02-01, 2024-02-03"),
        ("Ngày ban hành 01/02/2024, hiệu lực 03/02/2024", "different days: 2024-02-01, 2024-02-03"),
        ("01/02/2024, có hiệu lực 03/02/2024", "different days: 2024-02-01, 2024-02-03"),
        ("10 - 12/05/2024", "a range of days: 10 - 12/05/2024"),
        ("Mon, 03 Jan 2022 17:30:00 EST", "unknown zone: est"),
        ("2022-01-03T25:30:00Z", "impossible time: t25:30:00z"),
        ("2022-01-03 08:00 09:00 UTC", "a time zone without one clear time"),
        ("x" * 301 + " 01/02/2024", "too long for a printed day"),
    ],
)
def test_what_is_no_certain_day_is_refused_by_name(text: str, refusal: str) -> None:
    assert _refusal(text) == refusal


def test_a_refused_text_is_kept_as_printed() -> None:
    assert read_day("  (24/04)\xa0", captured_at=NOON).raw == "(24/04)"
    assert read_day(" ", captured_at=NOON).raw is None


def test_the_same_day_twice_is_one_day() -> None:
    assert _day("01/02/2024 | ngày 1 tháng 2 năm 2024") == dt.date(2024, 2, 1)


def test_a_day_may_lie_one_day_after_the_capture_but_not_two() -> None:
    late = dt.datetime(2024, 3, 10, 17, tzinfo=dt.UTC)  # 11 March in Vietnam
    assert _day("12/03/2024", at=late) == dt.date(2024, 3, 12)
    assert _refusal("13/03/2024", at=late) == "2024-03-13 is after the capture"


MORNING = dt.datetime(2024, 3, 10, 3, tzinfo=dt.UTC)
"""10:00 in Vietnam, 10 March."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hôm nay", 10),
        ("Hôm nay, 08:15", 10),
        ("hom qua", 9),
        ("Hôm qua lúc 23:00", 9),
        ("yesterday", 9),
        ("5 phút trước", 10),
        ("2 giờ trước", 10),
        ("một giờ trước", 10),
        ("an hour ago", 10),
        ("12 giờ trước", 9),
        ("vừa xong", 10),
        ("cách đây 2 giờ", 10),
        ("1 ngày 3 giờ trước", 9),
        ("10 giờ 15 phút trước", 9),
        ("2 days, 11 hours ago", 7),
        ("Hôm nay 08:44", 10),
        ("Hôm nay | 44 lượt xem", 10),
    ],
)
def test_relative_days_count_from_the_capture_in_vietnam(text: str, day: int) -> None:
    assert _day(text, at=MORNING) == dt.date(2024, 3, day)


@pytest.mark.parametrize("text", ["10 giờ trước", "600 phút trước", "1 ngày 10 giờ trước"])
def test_hours_that_may_lie_on_either_side_of_midnight_are_refused(text: str) -> None:
    assert _refusal(text, at=MORNING).startswith("either side of midnight: ")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3 ngày trước | 44 lượt xem", "from 2024-03-06 to 2024-03-07: 3 ngay truoc"),
        ("2 days ago", "from 2024-03-07 to 2024-03-08: 2 days ago"),
        ("cách đây một ngày", "from 2024-03-08 to 2024-03-09: cach day mot ngay"),
    ],
)
def test_days_without_hours_tell_an_interval_and_no_day(text: str, days: str) -> None:
    assert _refusal(text, at=MORNING) == days


def test_a_printed_day_comes_before_a_relative_one() -> None:
    assert _day("04/03/2024 (5 ngày trước)", at=MORNING) == dt.date(2024, 3, 4)


def test_formats_of_the_profile_come_first_and_are_found_inside_the_text() -> None:
    text = "Posted 03/06/2024 09:02:23 AM by x"
    assert _day(text) == dt.date(2024, 6, 3)
    assert read_day(text, formats=["%m/%d/%Y"], captured_at=NOON).day == dt.date(2024, 3, 6)


def test_formats_are_tried_in_their_order() -> None:
    formats = ["%m/%d/%Y", "%d/%m/%Y"]
    assert read_day("25/12/2024", formats=formats, captured_at=NOON).day == dt.date(2024, 12, 25)
    assert read_day("10/12/2024", formats=formats, captured_at=NOON).day == dt.date(2024, 10, 12)


def test_a_text_that_fits_a_format_without_being_a_day_is_not_read_otherwise() -> None:
    dated = read_day("25/12/2024", formats=["%m/%d/%Y"], captured_at=NOON)
    assert dated.refusal == "impossible day: 25/12/2024"


def test_other_texts_are_read_beside_the_formats() -> None:
    dated = read_day("2024-03-01T20:00:00Z", formats=["%m/%d/%Y"], captured_at=NOON)
    assert dated.day == dt.date(2024, 3, 2)


def test_a_format_with_a_zone_gives_vietnams_day() -> None:
    dated = read_day("1.3.24 20:00 +0000", formats=["%d.%m.%y %H:%M %z"], captured_at=NOON)
    assert dated.day == dt.date(2024, 3, 2)


# ----------------------------------------------------------------------- properties

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31))
PRINTED = (
    "{d:%d/%m/%Y}",
    "{d.day}/{d.month}/{d.year}",
    "{d:%d-%m-%Y}",
    "{d:%d.%m.%Y}",
    "{d:%d - %m - %Y}",
    "{d:%Y-%m-%d}",
    "{d.year}-{d.month}-{d.day}",
    "{d:%d/%m/%Y} | 08:32 AM",
    "Ngày đăng {d:%d/%m/%Y} | 10:25 PM",
    "({d:%d.%m.%Y} 11:08)",
    "Thứ Năm, {d:%d/%m/%Y} | 08:15",
    "19:31, Thứ Sáu, {d.day}-{d.month}-{d.year}",
    "Thứ hai - {d:%d/%m/%Y} 04:09",
    "Thứ 2 - {d:%d/%m/%Y}",
    "Ngày cập nhật: {d:%d/%m/%Y} 3:54:39 CH",
    "08:41 | {d:%d/%m/%Y}",
    "(14:07 {d:%d/%m/%Y})",
    "Đăng lúc: 17:00:00 {d:%d/%m/%Y} (GMT+7)",
    "Hà Nội, ngày {d:%d} tháng {d:%m} năm {d.year}",
    "ngày {d.day}/{d.month} năm {d.year}",
    "{d.day} tháng {vi}, {d.year}",
    "Tháng {vi} {d.day}, {d.year}",
    "tháng {d.month} {d.day}, {d.year}",
    "{en} {d.day}, {d.year}",
    "{en:.3} {d.day}, {d.year}",
    "{d.day} {en} {d.year}",
    "{d:%Y-%m-%d}T23:59:35",
    "{d:%Y-%m-%d}T16:59:59.974Z",
    "{d:%Y-%m-%d} 23:30:00 +0700",
    "Mon, {d:%d} {en:.3} {d.year} 16:59:00 +0000",
    "{d.day} thg {d.month}, {d.year}",
    "{d.day} Th{d.month}, {d.year}",
    "{d:%d/%m/%Y} 23:59 (GMT+07:00)",
    "Ngày đăng: {d:%d/%m/%Y} | Cập nhật: 31/12/2030",
)


def _print(form: str, day: dt.date) -> str:
    return form.format(d=day, vi=MONTHS_VI[day.month - 1], en=MONTHS_EN[day.month - 1])


@pytest.mark.parametrize("form", PRINTED)
@given(day=DAYS)
def test_every_printed_form_gives_its_day_back(form: str, day: dt.date) -> None:
    assert _day(_print(form, day)) == day


@given(day=DAYS, form=st.sampled_from(PRINTED), shape=st.sampled_from(["NFC", "NFD"]))
def test_letters_spaces_and_case_make_no_difference(day: dt.date, form: str, shape: str) -> None:
    text = _print(form, day)
    odd = unicodedata.normalize("NFC" if shape == "NFC" else "NFD", text).replace(" ", "\xa0 ")
    assert read_day(odd, captured_at=NOON) == read_day(text, captured_at=NOON)
    assert _day(text.upper()) == day


@given(
    instant=st.datetimes(NOON.replace(year=2000, tzinfo=None), NOON.replace(day=30, tzinfo=None)),
    zone=st.integers(-12, 14),
)
def test_an_instant_in_any_zone_gives_vietnams_day(instant: dt.datetime, zone: int) -> None:
    aware = instant.replace(tzinfo=dt.timezone(dt.timedelta(hours=zone)), microsecond=0)
    assert _day(aware.isoformat()) == aware.astimezone(VIETNAM).date()
    assert _day(f"{aware:%a, %d %b %Y %H:%M:%S %z}") == vietnam_day(aware)


_DATELIKE = st.lists(
    st.sampled_from(
        [
            *("1", "02", "31", "12", "2024", "1999", "24", "08:15", "T23:00", "Z", "+07:00", "GMT"),
            *("/", "-", ".", " ", ", ", "|", "ngày ", "tháng ", "năm ", "Ba ", "Mười ", "March "),
            *("Thứ 2", "trước", "giờ ", "CH", "SA", "hôm qua", "h30", "(", ")"),
        ]
    ),
    max_size=12,
).map("".join)


@given(st.one_of(st.text(), _DATELIKE))
@example("9999-12-31T23:59:59-12:00")
@example("1/1/2024 00:00 GMT+99")
@example("٠١/٠٢/٢٠٢٤")
def test_any_text_gives_a_day_or_a_refusal(text: str) -> None:
    dated = read_day(text, captured_at=NOON, formats=["%m/%d/%Y", "%d %b %Y %z"])
    assert (dated.day is None) == (dated.refusal is not None)
    if dated.day is not None:
        assert EARLIEST <= dated.day <= vietnam_day(NOON) + dt.timedelta(days=1)


@given(day=DAYS, form=st.sampled_from(PRINTED), before=_DATELIKE, after=_DATELIKE)
def test_a_day_is_never_made_of_digits_that_are_not_there(
    day: dt.date, form: str, before: str, after: str
) -> None:
    text = f"{before} {_print(form, day)}{after}"
    assume(not re.search(r"trước|hôm|Z|[+]0|GMT|UTC|:\d\d[+-]\d\d", text))
    read = _day(text)
    if read is not None:
        assert str(read.year) in text
        assert read.day in {int(number) for number in re.findall(r"\d+", text)}


# ----------------------------------------------------------------------- real pages


def _lines(name: str) -> list[dict[str, object]]:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"needs the shared data beside the repository: {name}")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_days_of_a_real_departments_lists_are_read() -> None:
    items = _lines("sotttt-hanoi/expected-items.jsonl")
    read = [str(_day(str(item["date_raw"]))) for item in items]
    assert read == [item["day"] for item in items]


@pytest.mark.parametrize("site", ["krongno", "stp"])
def test_the_days_of_real_unit_sites_are_read(site: str) -> None:
    for item in _lines(f"daknong/{site}.expected.jsonl"):
        raws, days = item["raw"], item["days"]
        assert isinstance(raws, list)
        night = dt.datetime.fromisoformat(f"{item['night']}T23:00:00+07:00")
        assert sorted({str(_day(raw, at=night)) for raw in raws}) == days
