"""Lists that a script fills, page by page: by POST, by offset, by cursor; and how they end."""

# ruff: noqa: ANN401 - websites and offices are fixtures of conftest

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import Stop
from crawler.discovery.counted import CURSOR, PAGE, PageRequest, after, filled, opening, place_in
from crawler.discovery.json_list import read_json
from crawler.errors import ProfileError, UnreadableList
from crawler.pages.captured import CapturedPage, Form, Length
from crawler.profiles import Section, load_profile
from crawler.walk import Walker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)
DAY = dt.date(2022, 9, 1)
URL = "http://xa.test/api/tin"


def section(**more: Any) -> Section:
    named = {"link": "url", **more.pop("named", {})}
    return Section.model_validate(
        {"name": "Tin", "url": "api/tin", "discover": "json", "json_fields": named, **more}
    )


def page(value: Any = None, *, url: str = URL, form: Form | None = None) -> CapturedPage:
    return CapturedPage(
        url=url, status=200, headers={}, body=json.dumps(value).encode(), captured_at=NOW, form=form
    )


# ------------------------------------------------------------------- what is asked for


@pytest.mark.parametrize(
    ("post", "media_type", "bodies"),
    [
        ('{"trang": {page}, "muc": 5}', "application/json",
         ['{"trang": 1, "muc": 5}', '{"trang": 2, "muc": 5}', '{"trang": 3, "muc": 5}']),
        ("skip={offset}&take=4", "application/x-www-form-urlencoded",
         ["skip=0&take=4", "skip=4&take=4", "skip=8&take=4"]),
        ('{"sau": "{cursor}"}', "application/json",
         ['{"sau": ""}', '{"sau": "a\\"b"}', '{"sau": "a\\"b"}']),
        ("sau={cursor}", "application/x-www-form-urlencoded",
         ["sau=", "sau=a%22b", "sau=a%22b"]),
    ],
)  # fmt: skip
def test_what_is_sent_tells_the_pages_apart(post: str, media_type: str, bodies: list[str]) -> None:
    named = {"next": "n"} if CURSOR in post else {}
    tin = section(post=post, named=named)
    asked: PageRequest | None = opening(URL, tin)
    sent = []
    for _ in range(3):
        assert asked is not None
        assert asked.form is not None
        assert asked.form.media_type == media_type
        sent.append(asked.form.body)
        asked = after(page(url=asked.url, form=asked.form), tin, entries=4, named='a"b')
    assert sent == bodies


@pytest.mark.parametrize(
    ("pages", "url", "entries", "after_it"),
    [
        ("api/tin?trang={page}", "http://xa.test/api/tin?trang=2", 20, "trang=3"),
        ("api/tin?skip={offset}&n=20", "http://xa.test/api/tin", 20, "skip=20&n=20"),
        ("api/tin?skip={offset}&n=20", "http://xa.test/api/tin?skip=20&n=20", 7, "skip=27&n=20"),
    ],
)
def test_by_offset_the_next_page_begins_after_what_came(
    pages: str, url: str, entries: int, after_it: str
) -> None:
    """A server that gives fewer than it was asked for must not cost the entries between."""
    tin = section(pages=f"http://xa.test/{pages}")
    found = after(page(url=url), tin, entries=entries, named=None)
    assert found is not None
    assert found.url == f"http://xa.test/api/tin?{after_it}"


@pytest.mark.parametrize(
    ("pages", "named", "url"),
    [
        ("http://xa.test/api/tin?sau={cursor}", "a b&c", "http://xa.test/api/tin?sau=a%20b%26c"),
        ("http://xa.test/api/tin?sau={cursor}", 17, "http://xa.test/api/tin?sau=17"),
        (None, "?sau=17", "http://xa.test/api/tin?sau=17"),
        (None, "https://xa.test/api/tin/2", "https://xa.test/api/tin/2"),
        (None, None, None),
        (None, "", None),
        (None, False, None),
    ],
)
def test_an_answer_names_the_next_page_or_its_address(
    pages: str | None, named: Any, url: str | None
) -> None:
    tin = section(pages=pages, named={"items": "ds", "next": "meta.next"})
    answer = {"ds": [{"url": "/a"}], "meta": {"next": named}}
    assert read_json(page(answer), tin).next_url == url
    assert read_json(page(answer | {"ds": []}), tin).next_url is None


@pytest.mark.parametrize("named", [[1], {"a": 1}, "x" * 2001, True])
def test_what_cannot_name_a_page_is_refused(named: Any) -> None:
    tin = section(named={"items": "ds", "next": "next"})
    with pytest.raises(UnreadableList, match="does not name a page"):
        read_json(page({"ds": [{"url": "/a"}], "next": named}), tin)


@given(value=st.text(max_size=60), is_json=st.booleans())
def test_a_cursor_comes_back_as_it_was_given(value: str, is_json: bool) -> None:  # noqa: FBT001
    post = '{"sau": "{cursor}", "n": 5}' if is_json else "sau={cursor}&n=5"
    sent = filled(post, place_in(post), value)
    read = json.loads(sent) if is_json else dict(parse_qsl(sent, keep_blank_values=True))
    assert read["sau"] == value
    assert str(read["n"]) == "5"


# ----------------------------------------------------------------------- how it ends


def walked(tin: Section, *pages: tuple[list[str], Length]) -> tuple[Stop | None, str | None]:
    """Walk over pages of addresses; give how it ended, None where it would ask for more."""
    walker = Walker(section=tin, start=dt.date(2022, 1, 1), max_pages=50)
    walker.begin("#1")
    for number, (addresses, length) in enumerate(pages, start=2):
        items = [(address, DAY) for address in addresses]
        following = f"#{number}" if addresses else None
        if walker.take(items, next_address=following, length=length) is None:
            result = walker.result(unfinished=Stop.INTERRUPTED)
            return result.stop, result.detail
    return None, None


def shown(addresses: str, **more: Any) -> tuple[list[str], Length]:
    return list(addresses), Length(entries=len(addresses), **more)


BY_OFFSET = section(pages="api/tin?skip={offset}")


@pytest.mark.parametrize(
    ("pages", "end"),
    [
        ([shown("abc"), shown("de")], (None, None)),
        ([shown("abc"), shown("")], (Stop.LIST_END, "a page without items")),
        ([shown("abc", total=5), shown("de", total=5)],
         (Stop.LIST_END, "all 5 declared entries were shown")),
        ([shown("abc", total=9), shown("")],
         (Stop.FAILED, "9 entries are declared, 3 were shown")),
        ([shown("abc"), shown("de", is_short=True)], (Stop.LIST_END, "a short page: 2 entries")),
        ([shown("abc", is_short=True), shown("de", is_short=True)], (None, None)),
        ([shown("abc", total=9), shown("de", total=9, is_short=True)], (None, None)),
        ([shown("abc"), shown("abc")],
         (Stop.FAILED, "the second page repeats the first: its number is not understood")),
        ([shown("abc"), shown("def"), shown("def")],
         (Stop.LIST_END, "a page that repeats what was shown")),
        ([shown("abc", total=6), shown("abc", total=6)],
         (Stop.FAILED, "the second page repeats the first: its number is not understood")),
    ],
)  # fmt: skip
def test_a_list_ends_by_what_its_answers_say(
    pages: list[tuple[list[str], Length]], end: tuple[Stop | None, str | None]
) -> None:
    assert walked(BY_OFFSET, *pages) == end
    assert walked(section(pages="api/tin?trang={page}"), *pages) == end


def test_a_first_page_that_is_short_may_be_given_again_as_the_last_one() -> None:
    short = shown("ab", is_short=True)
    repeated = (Stop.LIST_END, "a page that repeats what was shown")
    assert walked(section(pages="api/tin?trang={page}", page_size=9), short, short) == repeated


def test_a_short_page_and_a_declared_total_are_read_from_the_answer() -> None:
    tin = section(page_size=3, named={"items": "ds", "total": "tong"})
    found = read_json(page({"ds": [{"url": "/a"}], "tong": "17"}), tin)
    assert found.length == Length(entries=1, total=17, is_short=True)
    assert read_json(page({"ds": [], "tong": None}), tin).length == Length(entries=0, is_short=True)


# ------------------------------------------------------------------------ the profile

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    sections:
      - name: Tin tức
        url: api/tin
        discover: {discover}
{more}
"""


@pytest.mark.parametrize(
    ("discover", "more", "words"),
    [
        ("listing", "post: 'trang={page}'", "post, page_size"),
        ("listing", "pages: 'tin?skip={offset}'", "{offset}, {cursor}"),
        ("json", "post: 'a={page}&b={offset}'", "chỉ ghi một chỗ"),
        ("json", "post: '{\"trang\": }'", "không phải JSON"),
        ("json", "post: '{\"sau\": {cursor}}'", "dấu nháy kép"),
        ("json", "pages: 'tin?p={page}'\n        post: 'a=1'", "chỉ ghi pages hoặc post"),
        ("json", "post: 'sau={cursor}'", "json_fields.next"),
        ("json", "pages: 'tin?trang=2'", "cần đúng một chỗ"),
    ],
)
def test_a_profile_that_asks_in_two_ways_or_none_is_refused(
    tmp_path: Path, discover: str, more: str, words: str
) -> None:
    lines = f"        {more}"
    if discover == "json":
        lines += "\n        json_fields: {link: url}"
    path = tmp_path / "xa.yml"
    path.write_text(PROFILE.format(base="http://xa.test/", discover=discover, more=lines), "utf-8")
    with pytest.raises(ProfileError, match=words.replace("{", r"\{")):
        load_profile(path)


SECTIONS = """\
        json_fields: {link: url, title: ten, day: ngay, items: ds, total: tong}
        post: '{"trang": {page}}'
      - name: Theo vị trí
        url: api/vi-tri?skip=0
        discover: json
        pages: api/vi-tri?skip={offset}
        json_fields: {link: url, day: ngay}
      - name: Theo con trỏ
        url: api/con-tro
        discover: json
        post: 'sau={cursor}'
        json_fields: {link: url, day: ngay, items: ds, next: tiep}
      - name: Không hiểu trang
        url: api/lap
        discover: json
        post: 'trang={page}'
        json_fields: {link: url, day: ngay}"""


def entries(numbers: range) -> list[dict[str, str]]:
    return [
        {"url": f"/bai-{n}", "ten": f"Bài số {n}", "ngay": f"2022-09-{n:02}"}
        for n in sorted(numbers, reverse=True)
    ]


def test_lists_by_post_offset_and_cursor_are_seen_to_their_named_end(
    start_website: Callable[[], Any], open_office: Callable[..., Any], pages: Any
) -> None:
    website, office = start_website(), open_office()
    office.profile(
        PROFILE.replace("{more}", SECTIONS.replace("{", "{{").replace("}", "}}")).format(
            base=website.url, discover="json"
        )
    )
    for n in range(1, 13):
        website.page(f"/bai-{n}", pages.article(f"Bài số {n}", f"2022-09-{n:02}"))

    def by_number(kind: str, sent: str) -> Any:
        assert kind == "application/json"
        number = json.loads(sent)["trang"]
        return {"ds": entries(range(13 - 5 * number, 13 - 5 * (number - 1))), "tong": 10}

    def by_cursor(_: str, sent: str) -> Any:
        if sent == "sau=":
            return {"ds": entries(range(8, 13)), "tiep": "b&1"}
        assert sent == "sau=b%261"
        return {"ds": entries(range(4, 8)), "tiep": None}

    website.calls["/api/tin"] = by_number
    website.calls["/api/con-tro"] = by_cursor
    website.calls["/api/lap"] = lambda *_: entries(range(8, 13))
    # Asked for any number of entries, this server never gives more than five.
    for skip, numbers in ((0, range(8, 13)), (5, range(5, 8)), (8, range(0))):
        website.page(f"/api/vi-tri?skip={skip}", json.dumps(entries(numbers)))
    ended = office.crawl()
    assert ended.code == 3, ended.stderr  # one list could not be seen in full
    assert {name: found[:2] for name, found in office.coverage("xa").items()} == {
        "Tin tức": ["complete", "reached_list_end"],
        "Theo vị trí": ["complete", "reached_list_end"],
        "Theo con trỏ": ["complete", "reached_list_end"],
        "Không hiểu trang": ["none", "list_failed"],
    }
    details = dict(office.rows("SELECT section, detail FROM coverage"))
    assert details["Tin tức"] == "all 10 declared entries were shown"
    assert details["Theo vị trí"] == "a page without items"
    assert details["Không hiểu trang"].startswith("the second page repeats the first")
    assert office.rows("SELECT count(*) FROM article_version") == [(10,)]
    asked = [one for one in website.log if one.startswith("POST ")]
    assert sorted(asked) == sorted(
        ["POST /api/tin"] * 2 + ["POST /api/con-tro"] * 2 + ["POST /api/lap"] * 2
    )


def test_a_page_number_needs_no_word_of_the_answer() -> None:
    assert opening(URL, section(post='{"p": {page}}', first_page=0)).form == Form(
        body='{"p": 0}', click=("post", "0"), media_type="application/json", names_page=True
    )
    assert place_in('{"p": {page}}') == PAGE
