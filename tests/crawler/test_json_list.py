"""Lists in JSON: WordPress's REST interface, and calls whose fields a profile names."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.counted import following
from crawler.discovery.json_list import read_json, read_rest
from crawler.errors import UnreadableList
from crawler.pages.captured import CapturedPage, ListedItem
from crawler.profiles import Section

if TYPE_CHECKING:
    from collections.abc import Mapping


def answer(
    value: Any,  # noqa: ANN401 - whatever JSON can say
    url: str = "http://xa.test/wp-json/wp/v2/posts?per_page=2",
    *,
    headers: Mapping[str, str] | None = None,
) -> CapturedPage:
    body = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return CapturedPage(
        url=url,
        status=200,
        headers={"content-type": "application/json", **(headers or {})},
        body=body.encode(),
        captured_at=dt.datetime(2022, 10, 12, 13, tzinfo=dt.UTC),
    )


def post(number: int, local: str, utc: str) -> dict[str, Any]:
    return {
        "id": number,
        "date": local,
        "date_gmt": utc,
        "link": f"http://xa.test/bai-{number}/",
        "title": {"rendered": f"Bài <em>số</em> {number} &#8211; xã &amp; huyện"},
    }


def test_a_post_of_wordpress_has_its_day_by_utc_and_a_plain_title() -> None:
    found = read_rest(answer([post(1, "2022-10-10T18:30:00", "2022-10-10T18:30:00")]))
    assert found.items == (
        ListedItem(
            url="http://xa.test/bai-1/",
            title="Bài số 1 – xã & huyện",
            day=dt.date(2022, 10, 11),
            day_raw="2022-10-10T18:30:00",
        ),
    )


def test_without_utc_the_sites_own_clock_counts() -> None:
    entry = post(1, "2022-10-10T23:30:00", "")
    assert read_rest(answer([entry])).items[0].day == dt.date(2022, 10, 10)


@pytest.mark.parametrize(
    ("url", "headers", "after"),
    [
        ("?per_page=2", {"x-wp-totalpages": "3"}, "?per_page=2&page=2"),
        ("?per_page=2&page=2", {"x-wp-totalpages": "3"}, "?per_page=2&page=3"),
        ("?per_page=2&page=3", {"x-wp-totalpages": "3"}, None),
        ("?per_page=2", {"x-wp-totalpages": "0"}, None),
        ("", {"link": '<http://xa.test/p?page=2>; rel="next"'}, "http://xa.test/p?page=2"),
        (
            "",
            {"link": '<http://xa.test/p?page=1>; rel="prev", <http://xa.test/p?page=3>; rel=next'},
            "http://xa.test/p?page=3",
        ),
        ("", {"link": '<http://xa.test/p?page=1>; rel="prev"'}, None),
        ("", {}, None),
    ],
)
def test_the_headers_name_the_next_page(
    url: str, headers: dict[str, str], after: str | None
) -> None:
    base = "http://xa.test/wp-json/wp/v2/posts"
    found = read_rest(answer([], base + url, headers=headers)).next_url
    assert found == (base + after if after and after.startswith("?") else after)


@pytest.mark.parametrize(
    "body", ['{"code":"rest_post_invalid_page_number"}', "<html>", "", "[" * 100_000, "null", "7"]
)
def test_what_is_no_list_of_posts_is_refused(body: str) -> None:
    with pytest.raises(UnreadableList):
        read_rest(answer(body))


def section(**fields: object) -> Section:
    return Section.model_validate(
        {"name": "Tin", "url": "api/tin", "discover": "json", "json_fields": fields}
    )


def test_a_profile_names_where_the_parts_of_an_item_stand() -> None:
    value = {"data": {"items": [{"slug": "bài-một", "id": 7, "ten": "Bài", "ngay": "09/10/2022"}]}}
    named = section(items="data.items", link="/tin/{slug}-{id}.html", title="ten", day="ngay")
    assert read_json(answer(value), named).items == (
        ListedItem(
            url="http://xa.test/tin/b%C3%A0i-m%E1%BB%99t-7.html",
            title="Bài",
            day=dt.date(2022, 10, 9),
            day_raw="09/10/2022",
        ),
    )


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2022-10-09T18:00:00Z", "2022-10-10"),
        ("2022-10-09T18:00:00", "2022-10-09"),
        (1665338400, "2022-10-10"),
        (1665338400000, "2022-10-10"),
        ("/Date(1665338400000)/", "2022-10-10"),
        ("/Date(1665338400000+0700)/", "2022-10-10"),
        ("sắp có", None),
        (10**30, None),
        (-5, None),
        (True, None),
        (None, None),
        ([], None),
    ],
)
def test_a_day_may_be_printed_or_an_instant(value: object, day: str | None) -> None:
    (item,) = read_json(answer([{"u": "/1", "d": value}]), section(link="u", day="d")).items
    assert item.day == (dt.date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    "entry", [{}, {"u": ""}, {"u": None}, {"u": 7}, {"u": {}}, {"u": []}, 7, None, "x"]
)
def test_an_entry_without_an_address_is_none(entry: object) -> None:
    good = {"u": "/1"}
    assert len(read_json(answer([good, entry]), section(link="u")).items) == 1


def test_entries_none_of_which_has_an_address_are_no_end_but_a_changed_form() -> None:
    with pytest.raises(UnreadableList, match="2 entries, none with an address"):
        read_json(answer([{"url": "/1"}, {"url": "/2"}]), section(link="u"))
    with pytest.raises(UnreadableList, match="1 entries"):
        read_rest(answer([{"url": "/1"}]))


@pytest.mark.parametrize(
    ("query", "headers", "is_cut_off"),
    [
        ("?per_page=1", {}, True),
        ("?per_page=2", {}, False),
        ("", {}, False),
        ("?per_page=1", {"x-wp-totalpages": "1"}, False),
        ("?per_page=1", {"link": '<http://xa.test/p>; rel="prev"'}, False),
    ],
)
def test_a_full_page_of_posts_that_nobody_counts_proves_no_end(
    query: str, headers: dict[str, str], *, is_cut_off: bool
) -> None:
    page = answer([post(1, "2022-10-10T08:00:00", "")], f"http://xa.test/p{query}", headers=headers)
    assert read_rest(page).is_cut_off == is_cut_off


def test_a_form_of_an_address_needs_all_its_parts() -> None:
    named = section(link="/{a}/{b}")
    found = read_json(answer([{"a": "x", "b": 0}, {"a": "x"}, {"a": "x", "b": False}]), named)
    assert [one.url for one in found.items] == ["http://xa.test/x/0"]


def test_no_list_where_the_profile_has_it_is_refused() -> None:
    with pytest.raises(UnreadableList, match=r"data\.tin"):
        read_json(answer({"data": {}}), section(items="data.tin", link="u"))


COUNTED = Section.model_validate(
    {"name": "Tin", "url": "tin", "pages": "http://xa.test/tin?trang={page}&muc=á", "first_page": 0}
)


@pytest.mark.parametrize(
    ("url", "after"),
    [
        ("http://xa.test/tin", "http://xa.test/tin?trang=1&muc=á"),
        ("http://xa.test/tin?trang=1&muc=á", "http://xa.test/tin?trang=2&muc=á"),
        ("http://xa.test/tin?trang=9&muc=%C3%A1", "http://xa.test/tin?trang=10&muc=á"),
    ],
)
def test_counted_pages_follow_each_other(url: str, after: str) -> None:
    assert following(url, COUNTED) == after


@given(number=st.integers(0, 10**6))
def test_counting_goes_up_by_one(number: int) -> None:
    url = f"http://xa.test/tin?trang={number}&muc=%C3%A1"
    assert following(url, COUNTED) == f"http://xa.test/tin?trang={number + 1}&muc=á"


def test_an_answer_without_items_has_no_page_after_it() -> None:
    named = section(link="u").model_copy(update={"pages": "http://xa.test/tin?trang={page}"})
    assert read_json(answer([{"u": "/1"}]), named).next_url == "http://xa.test/tin?trang=2"
    assert read_json(answer([]), named).next_url is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("udt"), inner),
    max_leaves=12,
)


@given(_JSON)
def test_whatever_is_answered_it_is_read_or_refused(value: object) -> None:
    for read in (lambda p: read_json(p, section(link="u", title="t", day="d")), read_rest):
        try:
            found = read(answer(value))
        except UnreadableList:
            continue
        assert all(one.url for one in found.items)
