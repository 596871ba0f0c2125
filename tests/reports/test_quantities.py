"""The phrases of plans, their values, and what comes due when."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.quantities import (
    FORM_WORDS,
    NotUnderstoodError,
    due_by,
    planned_in,
    quantity_text,
    read_due,
    read_quantities,
    spelled,
    whole_stretches,
)
from storage.records import DayInterval, Every, OutputForm, Quantity

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2024, 12, 31))

quantities = st.builds(
    lambda form, number, every, at_least: Quantity(
        form=form, measure=FORM_WORDS[form], number=number, every=every, at_least=at_least
    ),
    st.sampled_from(sorted(FORM_WORDS, key=lambda form: form.value)),
    st.integers(0, 5_000),
    st.sampled_from(Every),
    st.booleans(),
)


@pytest.mark.parametrize(
    ("phrase", "read"),
    [
        ("02 tin, bài/tháng", "02 tin, bài/tháng"),
        ("mỗi tháng 2 tin bài", "02 tin, bài/tháng"),
        ("hai tin bài mỗi tháng", "02 tin, bài/tháng"),
        ("2 tin/bài/tháng", "02 tin, bài/tháng"),
        ("12 tin bài/năm", "12 tin, bài/năm"),
        ("04 tin và 02 bài mỗi quý", "04 tin/quý và 02 bài/quý"),
        ("02 tin/tháng và 01 bài/quý", "02 tin/tháng và 01 bài/quý"),
        ("02 tin + 01 bài / tháng", "02 tin/tháng và 01 bài/tháng"),
        ("ít nhất 01 bài/tuần", "ít nhất 01 bài/tuần"),
        ("Tối thiểu 02 tin, bài/01 tháng trên Trang TTĐT xã", "ít nhất 02 tin, bài/tháng"),
        ("02 tin, bài trở lên mỗi tháng", "ít nhất 02 tin, bài/tháng"),
        ("năm bài mỗi năm", "05 bài/năm"),
        ("mỗi năm năm bài", "05 bài/năm"),
        ("03 tin bài mỗi 6 tháng", "03 tin, bài/6 tháng"),
        ("12 tin, bài (trong đó 4 về TTHC)", "12 tin, bài"),
        ("01 pano, 04 băng rôn/năm", "01 pano/năm và 04 băng rôn/năm"),
        ("1.200 tờ rơi", "1200 tờ rơi"),
        ("339 lượt người", "339 lượt người"),
        ("05 mô hình/năm", "05 mô hình/năm"),
        ("02 lượt/tháng", "02 lượt phát thanh/tháng"),
        ("thường xuyên", "thường xuyên"),
        ("", "thường xuyên"),
        ("100% TTHC được niêm yết", "100%"),
    ],
)
def test_phrases_of_offices_are_read(phrase: str, read: str) -> None:
    assert quantity_text(read_quantities(phrase)) == read


@pytest.mark.parametrize("phrase", ["24", "02-03 tin/tháng", "12 bài/2 tháng", "-", "x" * 301])
def test_a_number_without_a_place_is_refused(phrase: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read_quantities(phrase)


def test_a_bare_number_takes_the_measure_of_its_column() -> None:
    assert quantity_text(read_quantities("24", measure="tin, bài")) == "24 tin, bài"
    assert quantity_text(read_quantities("hai mươi bốn", measure="bài viết")) == "24 bài"


@given(written=st.lists(quantities, min_size=1, max_size=3))
def test_what_we_write_is_read_back(written: list[Quantity]) -> None:
    assert read_quantities(quantity_text(written)) == tuple(written)


@given(quantity=quantities, number=st.integers(0, 99))
def test_a_number_in_words_is_the_number(quantity: Quantity, number: int) -> None:
    words = f"{spelled(number)} {quantity.measure}"
    assert read_quantities(words)[0].number == number


@given(phrase=st.text(alphabet="0123456789 tinbàchquýyêmôư/,%().-+", max_size=60))
def test_any_text_is_read_or_refused_and_no_digit_is_lost(phrase: str) -> None:
    try:
        found = read_quantities(phrase)
    except NotUnderstoodError:
        return
    if not any(sign in phrase for sign in "()"):
        assert any(char.isdecimal() for char in phrase) <= any(
            quantity.number is not None or quantity.percent is not None or quantity.every
            for quantity in found
        )


# ------------------------------------------------------------------------------ due days


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("01 bài trước 30/6", dt.date(2022, 6, 30)),
        ("Trước ngày 15/12/2022", dt.date(2022, 12, 15)),
        ("Quý II", dt.date(2022, 6, 30)),
        ("quý 4/2022", dt.date(2022, 12, 31)),
        ("Tháng 5/2022", dt.date(2022, 5, 31)),
        ("Năm 2022", None),
        ("Hằng tháng", None),
        ("mỗi tháng 2 tin bài", None),
        ("02 tin/tháng", None),
    ],
)
def test_a_due_day_is_the_last_day_that_is_named(text: str, due: dt.date | None) -> None:
    assert read_due(text, YEAR)[0] == due


@pytest.mark.parametrize("text", ["trước 31/2", "Quý I/2023", "trước 30/6/2021", "tháng 13"])
def test_a_day_outside_the_plan_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstoodError):
        read_due(text, YEAR)


# ---------------------------------------------------------------------------------- sums


@pytest.mark.parametrize(
    ("every", "in_year"),
    [
        (Every.DAY, 365),
        (Every.WEEK, 52),
        (Every.MONTH, 12),
        (Every.QUARTER, 4),
        (Every.HALF_YEAR, 2),
        (Every.YEAR, 1),
        (None, 1),
    ],
)
def test_a_year_holds_its_whole_stretches(every: Every | None, in_year: int) -> None:
    assert planned_in(_two(every), YEAR) == 2 * in_year


def _two(every: Every | None) -> Quantity:
    return Quantity(form=OutputForm.POST, measure="tin, bài", number=2, every=every)


def test_a_begun_stretch_is_none() -> None:
    assert whole_stretches(Every.MONTH, dt.date(2022, 1, 31), dt.date(2022, 2, 28)) == 1
    assert whole_stretches(Every.MONTH, dt.date(2022, 1, 15), dt.date(2022, 3, 14)) == 1
    assert due_by(_two(Every.MONTH), YEAR, dt.date(2022, 9, 29)) == 16
    assert due_by(_two(Every.MONTH), YEAR, dt.date(2022, 9, 30)) == 18


def test_a_number_for_the_year_comes_due_with_its_months() -> None:
    twelve = Quantity(form=OutputForm.POST, measure="tin, bài", number=12, every=Every.YEAR)
    assert due_by(twelve, YEAR, dt.date(2022, 9, 30)) == 9
    assert due_by(twelve, YEAR, dt.date(2021, 12, 31)) == 0
    assert due_by(twelve, YEAR, dt.date(2024, 1, 1)) == 12


def test_with_a_due_day_all_is_due_on_that_day() -> None:
    due = dt.date(2022, 6, 30)
    assert due_by(_two(None), YEAR, dt.date(2022, 6, 29), due=due) == 0
    assert due_by(_two(None), YEAR, due, due=due) == 2


def test_a_stretch_longer_than_the_plan_gives_no_number() -> None:
    quarter = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 4, 1))
    assert planned_in(_two(Every.YEAR), quarter) is None
    assert planned_in(_two(Every.MONTH), DayInterval(dt.date(2022, 1, 1))) is None


@given(every=st.none() | st.sampled_from(Every), one=DAYS, other=DAYS, days=st.integers(370, 800))
def test_what_is_due_never_falls_and_ends_with_the_whole_plan(
    every: Every | None, one: dt.date, other: dt.date, days: int
) -> None:
    period = DayInterval(dt.date(2022, 1, 17), dt.date(2022, 1, 17) + dt.timedelta(days=days))
    first, second = sorted((one, other))
    before, after = due_by(_two(every), period, first), due_by(_two(every), period, second)
    planned = planned_in(_two(every), period)
    assert before is not None
    assert after is not None
    assert planned is not None
    assert 0 <= before <= after <= planned
    assert due_by(_two(every), period, dt.date(2030, 1, 1)) == planned
