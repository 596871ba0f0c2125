"""Which of the days on a page is the day: two clocks, disagreement, second signals."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fragment_fromstring

from crawler.pages import dating
from crawler.pages.dateline import datelines, is_named_after_change
from crawler.pages.dating import Dated, instants_in_path
from crawler.profiles import DateRules
from storage.records import VIETNAM, DateCandidate, DateSource

NOON = dt.datetime(2030, 12, 31, 5, tzinfo=dt.UTC)
STRUCTURED, META, TEMPLATE, URL, NONE = (
    DateSource.STRUCTURED,
    DateSource.META,
    DateSource.TEMPLATE,
    DateSource.URL,
    DateSource.NONE,
)


def published(printed: dict[DateSource, list[str]], **rules: object) -> Dated:
    return dating.published(printed, DateRules.model_validate(rules), captured_at=NOON)


@pytest.mark.parametrize(
    "machine",
    ["2022-12-14", "2022-12-14T17:30:00", "2022-12-14 17:30:00", "2022-12-14T17:30:00Z"],
)
@pytest.mark.parametrize("printed", ["15/12/2022", "15/12/2022 00:30", "Thứ Năm, 15/12/2022"])
@pytest.mark.parametrize("source", [STRUCTURED, META])
def test_a_post_just_after_midnight_does_not_fall_into_the_day_before(
    source: DateSource, machine: str, printed: str
) -> None:
    assert published({source: [machine], TEMPLATE: [printed]}).day == dt.date(2022, 12, 15)


def test_vietnams_time_marked_as_utc_does_not_move_an_evening_to_the_next_day() -> None:
    found = published({META: ["2022-12-14T20:05:09Z"], TEMPLATE: ["20:05, 14/12/2022"]})
    assert (found.day, found.source) == (dt.date(2022, 12, 14), TEMPLATE)


@pytest.mark.parametrize(
    ("clock", "day"), [("utc", dt.date(2022, 12, 15)), ("vietnam", dt.date(2022, 12, 14))]
)
@pytest.mark.parametrize("printed", [{}, {TEMPLATE: ["14/12/2022"]}])
@pytest.mark.parametrize(
    "machine",
    [
        "2022-12-14T18:00:00Z",
        "2022-12-14T18:00:00.000Z",
        "2022-12-14 18:00:00 UTC",
        "Wed, 14 Dec 2022 18:00:00 +0000",
        "Wed, 14 Dec 2022 18:00:00 GMT",
    ],
)
def test_an_evening_marked_as_utcs_has_a_day_where_the_profile_knows_the_sites_clock(
    machine: str, printed: dict[DateSource, list[str]], clock: str, day: dt.date
) -> None:
    everything = {META: [machine], **printed}
    assert published(everything, clock=clock).day == day
    unknown = published(everything)
    assert (unknown.day, unknown.source) == (None, NONE)
    assert unknown.raw == " ≠ ".join([machine, *printed.get(TEMPLATE, [])])


@pytest.mark.parametrize("other", ["2022-12-15", "15/12/2022", "2022-12-15T01:00:00+07:00"])
@pytest.mark.parametrize("source", [STRUCTURED, TEMPLATE, URL])
def test_another_word_for_the_day_makes_an_evening_in_utc_sure(
    source: DateSource, other: str
) -> None:
    found = published({META: ["2022-12-14T18:00:00Z"], source: [other]})
    assert found.day == dt.date(2022, 12, 15)


def test_an_instant_in_utc_that_is_the_same_day_here_needs_no_other_word() -> None:
    assert published({META: ["2022-12-14T16:59:00Z"]}).day == dt.date(2022, 12, 14)
    assert published({META: ["2022-12-14T00:00:00Z"]}).day == dt.date(2022, 12, 14)


def test_an_instant_in_vietnams_zone_is_not_taken_for_another_clock() -> None:
    found = published({META: ["2022-12-14T23:30:00+07:00"], TEMPLATE: ["15/12/2022"]})
    assert (found.day, found.source) == (dt.date(2022, 12, 14), META)


def test_a_machines_day_that_is_later_is_not_utcs_and_keeps_its_rank() -> None:
    found = published({META: ["2022-12-15"], TEMPLATE: ["14/12/2022"]})
    assert (found.day, found.source) == (dt.date(2022, 12, 15), META)


@pytest.mark.parametrize("clock", [None, "vietnam"])
def test_an_hour_of_the_site_is_no_better_clock_with_the_day_of_utc_beside_it(
    clock: str | None,
) -> None:
    """WordPress that was never told its zone: its REST gives '23:40' and UTC's day of it."""
    rules = DateRules.model_validate({"clock": clock})
    raw = "2024-02-14T23:40:00"
    listed = DateCandidate(source=DateSource.LIST, raw=raw, day=dt.date(2024, 2, 15))
    own = DateCandidate(source=META, raw=f"{raw}+00:00", day=dt.date(2024, 2, 14))
    told = dating.by_its_clock(listed, rules)
    assert told.day == dt.date(2024, 2, 14 if clock else 15)
    assert not dating.is_better_clock(listed, own)


def test_the_days_of_other_formats_are_left_as_they_were_read() -> None:
    rules = DateRules.model_validate({"clock": "vietnam", "formats": ["%m/%d/%Y"]})
    found = dating.candidate(TEMPLATE, "02/03/2022 10:00", rules, captured_at=NOON)
    assert found.day == dt.date(2022, 2, 3)


@given(local=st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2030, 12, 1)))  # noqa: DTZ001
def test_whatever_the_hour_the_day_is_that_of_the_printed_clock(local: dt.datetime) -> None:
    instant = local.replace(second=0, microsecond=0, tzinfo=VIETNAM).astimezone(dt.UTC)
    printed = [f"{local:%d/%m/%Y %H:%M}"]
    for machine in (
        f"{instant:%Y-%m-%dT%H:%M:%SZ}",  # right
        f"{instant:%Y-%m-%dT%H:%M:%S}",  # UTC's, without saying so
        f"{instant:%Y-%m-%d}",
        f"{local:%Y-%m-%dT%H:%M:%S}",  # Vietnam's, without saying so
        f"{local:%Y-%m-%dT%H:%M}:00Z",  # Vietnam's, marked as UTC's
    ):
        assert published({META: [machine], TEMPLATE: printed}).day == local.date()


def test_all_texts_of_a_disagreement_are_shown_and_kept() -> None:
    found = published({STRUCTURED: ["2022-03-20"], META: ["2022-03-16"], TEMPLATE: ["14/03/2022"]})
    assert (found.day, found.source) == (None, NONE)
    assert found.raw == "2022-03-20 ≠ 2022-03-16 ≠ 14/03/2022"
    assert [(one.source, one.day) for one in found.candidates] == [
        (STRUCTURED, dt.date(2022, 3, 20)),
        (META, dt.date(2022, 3, 16)),
        (TEMPLATE, dt.date(2022, 3, 14)),
    ]


def test_refused_days_are_kept_with_their_reason() -> None:
    found = published({META: ["0001-01-01"], TEMPLATE: ["(24/04)"]})
    assert (found.day, found.raw) == (None, "0001-01-01")
    assert [one.refusal for one in found.candidates] == [
        "0001-01-01 is before 1997-11-19",
        "no year",
    ]


def test_a_source_that_is_not_trusted_is_kept_and_decides_nothing() -> None:
    found = published({URL: ["2020-01-01"], TEMPLATE: ["14/03/2022"]})
    assert (found.day, found.source) == (dt.date(2022, 3, 14), TEMPLATE)
    assert found.candidates[-1] == DateCandidate(
        source=URL, raw="2020-01-01", day=dt.date(2020, 1, 1)
    )


def test_the_day_of_publication_comes_before_that_of_a_change_wherever_it_stands() -> None:
    found = published({TEMPLATE: ["Cập nhật: 20/03/2022", "Ngày đăng: 14/03/2022"]})
    assert found.day == dt.date(2022, 3, 14)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("1606789034635", "2020-12-01T02:17:14Z (1606789034635)"),
        ("1686917710478", "2023-06-16T12:15:10Z (1686917710478)"),
        ("1728459917456", "2024-10-09T07:45:17Z (1728459917456)"),
    ],
)
def test_an_article_numbered_by_the_clock_tells_when_it_was_made(number: str, found: str) -> None:
    url = f"https://a.test/vi/chi-tiet/-/view-article/1/1647698331609/{number}"
    assert instants_in_path(url, captured_at=NOON) == [found]
    assert instants_in_path(f"{url}?x=1", captured_at=NOON) == [found]


@pytest.mark.parametrize("number", ["13729062791727", "999999999999", "1999999999999", "214949"])
def test_older_numbers_and_those_of_the_future_are_no_times(number: str) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    url = f"/-/view-article/1/13848241113627/{number}"
    assert instants_in_path(url, captured_at=at) == []


def test_a_day_that_the_markup_gives_to_a_change_is_none_of_publication() -> None:
    markup = """<p><i class="fa-solid fa-clock"></i> <b id="a">02/03/2024</b>
    <i class="fas fa-history"></i> <b id="b">12/10/2024</b>
    <time id="c" itemprop="dateModified">12/10/2024</time>
    <b id="d" data-updated="Sat Oct 12 2024">12/10/2024</b></p>"""
    found = datelines(fragment_fromstring(markup).iter())
    assert [element.get("id") for element, _ in found] == ["a"]


@pytest.mark.parametrize(
    ("name", "is_change"),
    [
        ("post-update-date", True),
        ("date-modified", True),
        ("entry-date published updated", False),
        ("post-date", False),
        ("updates-list", False),
    ],
)
def test_a_box_may_be_named_after_a_change(name: str, *, is_change: bool) -> None:
    box = fragment_fromstring(f'<p class="{name}"><b>12/10/2024</b></p>')
    assert is_named_after_change(box[0]) is is_change


def test_a_title_with_a_day_in_it_is_no_dateline_though_its_anchor_says_ngay() -> None:
    markup = """<div><h1 id="ke-hoach-so-12-ngay-05-3-2024">Kế hoạch số 12 ngày 05/3/2024</h1>
    <h4 id="ngay-dang">Đăng bởi xã Vĩnh Ô 07/3/2024</h4></div>"""
    found = datelines(fragment_fromstring(markup).iter())
    assert [element.tag for element, _ in found] == ["h4"]
