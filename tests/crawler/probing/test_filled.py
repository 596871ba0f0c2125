"""Lists that a script fills: the probe finds the call in the script's text, tries it, writes it."""

# ruff: noqa: ANN401 - websites are fixtures of conftest

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from crawler.discovery.json_list import read_json
from crawler.pages.captured import CapturedPage
from crawler.probing import calls, draft
from crawler.probing.exploring import FRUITLESS
from crawler.probing.json_shape import shape_of
from crawler.probing.links import Kind
from crawler.probing.probe import probe
from crawler.profiles import Discover, load_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.probing.fetching import Visit
    from crawler.probing.result import Probe
    from crawler.profiles import SiteProfile

NOW = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)
MENU = (
    '<nav><a href="/">Trang chủ</a><a href="/tin-tuc">Tin tức</a>'
    '<a href="/lien-he">Liên hệ</a></nav>'
)
TEXT = "Ủy ban nhân dân xã tổ chức hội nghị và thông báo đến toàn thể nhân dân được biết. " * 4


def page_of(body: str, url: str = "http://a.test/tin-tuc") -> CapturedPage:
    return CapturedPage(url=url, status=200, headers={}, body=body.encode(), captured_at=NOW)


def the_call(script: str) -> calls.Call:
    page = page_of(f"<html><body><script>{script}</script></body></html>")
    (call,) = calls.calls(page, calls.inline_scripts(page))
    return call


# ---------------------------------------------------------------------- scripts as text


@pytest.mark.parametrize(
    ("script", "url", "first"),
    [
        ("fetch('/api/news?page=1').then(a => a.json())", "/api/news?page={page}", 1),
        ("let trang = 0; fetch('/api/tin?trang=' + trang)", "/api/tin?trang={page}", 0),
        ("$.ajax({url: '/Tin/List', data: {pageIndex: p, catId: 5}})",
         "/Tin/List?pageIndex={page}&catId=5", None),
        ("$.get('/tin/ajax', {page: n, muc: 'su-kien'}, draw)",
         "/tin/ajax?page={page}&muc=su-kien", None),
        ("const API = '/api/v1'; axios.get(`${API}/posts`, {params: {page, limit: 12}})",
         "/api/v1/posts?limit=12", None),
        ("axios.get(window.location.origin + '/api/bai?page=' + (page + 1))",
         "/api/bai?page={page}", None),
        ("x.open('GET', \"/api/list?page=\" + i + '&size=' + size, true)",
         "/api/list?page={page}&size=20", None),
        ("$.ajax({url: '/api/tin', data: {skip: (page - 1) * 20, take: 20}})",
         "/api/tin?skip={offset}&take=20", None),
        ("fetch('/api/tin?after=' + cuoi + '&limit=10')", "/api/tin?after={cursor}&limit=10", None),
        ("fetch('/api/tin?start=0&rows=10')", "/api/tin?start={offset}&rows=10", None),
        ("$.getJSON('/data/tin.json', draw)", "/data/tin.json", None),
        ('t.a.get("".concat("/api", "/posts?page=").concat(e, "&limit=").concat(10)).then(n)',
         "/api/posts?page={page}&limit=10", None),
    ],
)  # fmt: skip
def test_a_call_is_read_from_the_text_of_a_script(script: str, url: str, first: int | None) -> None:
    found = the_call(script)
    assert (found.url, found.first_page) == (f"http://a.test{url}", first)
    assert (found.post, found.unknown) == (None, ())


@pytest.mark.parametrize(
    ("script", "post", "first"),
    [
        ("$.post('/tin/ajax', {trang: 1, muc: 'su kien', soLuong: n})",
         "trang={page}&muc=su%20kien&soLuong=20", 1),
        ("$.ajax({type: 'POST', url: '/tin/ajax', data: {start: i * 10, length: 10}})",
         "start={offset}&length=10", None),
        ("axios.post('/tin/ajax', {pageIndex: p, chuyenMuc: 5, tuKhoa: ''})",
         '{"pageIndex": {page}, "chuyenMuc": 5, "tuKhoa": ""}', None),
        ("fetch('/tin/ajax', {method: 'POST', body: JSON.stringify({cursor: c, limit: 9})})",
         '{"cursor": "{cursor}", "limit": 9}', None),
    ],
)  # fmt: skip
def test_what_a_call_sends_is_read_as_well(script: str, post: str, first: int | None) -> None:
    found = the_call(script)
    assert (found.url, found.post, found.first_page) == ("http://a.test/tin/ajax", post, first)
    assert (found.unknown, found.may_change_something) == ((), False)


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/api/tin/guiBinhLuan", True),
        ("/tin/luu", True),
        ("/api/news/addView", True),
        ("/tin/xem-them", False),
        ("/News/LoadMore", False),
        ("/api/tin/danh-sach", False),
    ],
)
def test_what_may_write_something_is_never_tried(path: str, may: bool) -> None:  # noqa: FBT001
    call = the_call(f"$.post('{path}', {{trang: 1}})")
    assert call.may_change_something is may


def test_what_the_text_does_not_say_is_named() -> None:
    assert the_call("fetch('/api/muc/' + idMuc + '/tin')").unknown == ("idMuc",)
    assert the_call("$.ajax({type: 'POST', url: '/tin/list'})").post == ""
    assert the_call("$.post('/tin/list', {trang: 1, muc: muc})").unknown == ("muc",)


def test_no_call_is_made_of_pictures_pages_and_styles() -> None:
    page = page_of("<html><body><script>load({url: '/a.png'}); x = {url: '/tin.html'}</script>")
    assert calls.calls(page, calls.inline_scripts(page)) == []


def test_the_keys_of_ghost_and_the_attributes_of_boxes_are_calls() -> None:
    page = page_of(
        '<html><body><div data-api="/api/tin?page=1"></div>'
        '<script src="/sodo.js" data-key="ab12" data-ghost="http://a.test/"></script>'
    )
    assert [call.url for call in calls.calls(page, [])] == [
        (
            "http://a.test/ghost/api/content/posts/?key=ab12&limit=20"
            "&fields=title,url,published_at&page={page}"
        ),
        "http://a.test/api/tin?page={page}",
    ]


def test_links_are_put_together_as_the_script_does_it() -> None:
    scripts = [
        "html += '<a href=\"/tin/' + bai.slug + '-' + bai.id + '.html\">'",
        '`<a href="/bai/${item.meta.slug}">`',
        "link.href = '/chi-tiet/' + encodeURIComponent(o.ma)",
    ]
    assert calls.link_forms(scripts) == [
        "/tin/{slug}-{id}.html", "/bai/{meta.slug}", "/chi-tiet/{ma}",
    ]  # fmt: skip


def test_scripts_without_an_end_are_read_in_time() -> None:
    for text in (
        "fetch('" + "a' + 'b" * 50_000,
        "url:" * 50_000,
        "fetch(" + "(" * 200_000,
        "fetch(" + '"".concat(' * 20_000,
    ):
        page = page_of("<html></html>")
        assert len(calls.calls(page, [text])) <= calls.MOST_CALLS


# ---------------------------------------------------------------------- answers


def entries(numbers: range, **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": n,
            "tieuDe": f"Xã A tổ chức hội nghị cải cách hành chính lần {n}",
            "anhDaiDien": f"/anh/{n}.jpg",
            "slug": f"hoi-nghi-{n}",
            "ngayDang": f"2022-09-{n:02}T08:00:00",
            "ngayCapNhat": "2022-09-30T08:00:00",
            "luotXem": 1000 + n,
            **{name: value(n) for name, value in more.items()},
        }
        for n in numbers
    ]


def test_the_list_of_posts_is_told_from_menus_and_its_fields_by_what_they_hold() -> None:
    menu: Any = [{"title": f"Mục số {n} của trang", "url": f"/muc-{n}"} for n in range(30)]
    data: Any = {
        "menu": menu,
        "data": {"rows": entries(range(1, 6), duongDan=lambda n: f"/tin/{n}")},
    }
    shape = shape_of(data, page_of("{}"))
    assert shape is not None
    assert (shape.items, shape.title, shape.link, shape.day) == (
        "data.rows", "tieuDe", "duongDan", "ngayDang",
    )  # fmt: skip
    few: Any = entries(range(1, 3))
    assert shape_of(few, page_of("{}")) is None
    assert shape_of([{"a": 1}] * 5, page_of("{}")) is None


# ---------------------------------------------------------------------- the probe


class Site:
    """A website whose list is filled by a script of the test's own."""

    def __init__(self, website: Any, folder: Path, visit: Callable[..., Visit]) -> None:
        self.website, self.folder, self.visit = website, folder, visit
        self.html("/", "<p>Chào mừng</p>")
        self.html("/lien-he", "<p>Địa chỉ: xã A</p>")

    def html(self, path: str, body: str, title: str = "Trang thông tin điện tử xã A") -> None:
        """Publish a page."""
        head = f"<!doctype html><html><head><title>{title}</title></head>"
        self.website.page(path, f"{head}<body>{MENU}{body}</body></html>")

    def json(self, path: str, value: Any) -> None:
        """Publish an answer to a call."""
        kind = {"Content-Type": "application/json; charset=utf-8"}
        self.website.page(path, json.dumps(value), headers=kind)

    def articles(self, form: str, numbers: range) -> None:
        """Publish the articles that a list names."""
        for n in numbers:
            title = f"Xã A tổ chức hội nghị cải cách hành chính lần {n}"
            day = f'<p class="ngay">{n:02}/09/2022</p>'
            self.html(form.format(n=n), f"<main><h1>{title}</h1>{day}<p>{TEXT}</p></main>", title)

    def probe(self) -> tuple[Probe, SiteProfile | None]:
        """Probe it; give the profile that was written, if it has a section."""
        found = probe(self.visit(self.website.url), self.website.url, site="xa-a")
        path = self.folder / "xa-a.yml"
        path.write_text(draft.profile_text(found), encoding="utf-8")
        return found, load_profile(path) if found.channels else None


@pytest.fixture
def site(start_website: Callable[[], Any], tmp_path: Path, visit: Callable[..., Visit]) -> Site:
    return Site(start_website(), tmp_path, visit)


def test_a_list_without_items_gets_the_call_of_its_script_with_its_pages(site: Site) -> None:
    site.html("/tin-tuc", '<div id="ds"></div><script src="/js/tin.js"></script>')
    script = """function tai(trang) { $.ajax({url: '/api/tin', data: {trang: trang, muc: 5}}); }
      function ve(bai) { return '<a href="/tin/' + bai.slug + '-' + bai.id + '.html">'; }"""
    site.website.page("/js/tin.js", script)
    for number, numbers in enumerate((range(11, 21), range(1, 11))):
        site.json(f"/api/tin?trang={number}&muc=5", {"tong": 20, "ds": entries(numbers)})
    site.json("/api/tin?trang=2&muc=5", {"tong": 20, "ds": []})
    site.articles("/tin/hoi-nghi-{n}-{n}.html", range(1, 21))
    found, profile = site.probe()
    assert profile is not None
    (section,) = profile.versions[0].sections
    assert (section.name, section.url) == ("Tin tức", "api/tin?trang=0&muc=5")
    assert (section.discover, section.pages) == (Discover.JSON, "api/tin?trang={page}&muc=5")
    assert section.first_page == 0
    assert section.json_fields is not None
    assert section.json_fields.model_dump(exclude_none=True) == {
        "items": "ds", "title": "tieuDe", "day": "ngayDang", "link": "/tin/{slug}-{id}.html",
    }  # fmt: skip
    assert len(found.reads) == 10
    assert all(one.has_its_title and one.has_its_day for one in found.reads)
    assert [one.field for one in found.questions] == []


@pytest.mark.parametrize(
    ("script", "kind", "post"),
    [
        ("axios.post('/api/tin', {trang: 1, muc: 5})", "json", '{"trang": {page}, "muc": 5}'),
        ("$.post('/api/tin', {trang: 1, muc: 5})", "form", "trang={page}&muc=5"),
        ("$.post('/api/tin', {skip: n, take: 10})", "offset", "skip={offset}&take=10"),
        (
            "fetch('/api/tin', {method: 'POST', body: JSON.stringify({cursor: c, muc: 5})})",
            "cursor",
            '{"cursor": "{cursor}", "muc": 5}',
        ),
    ],
)
def test_a_call_by_post_gets_its_pages_by_number_by_offset_or_by_cursor(
    site: Site, script: str, kind: str, post: str
) -> None:
    site.html("/tin-tuc", f'<div id="ds"></div><script>{script}</script>')
    pages = [entries(numbers, url=lambda n: f"/tin/{n}") for numbers in (range(1, 6), range(6, 9))]

    def answer(said: str, sent: str) -> Any:
        is_json = kind in {"json", "cursor"}
        assert said == ("application/json" if is_json else "application/x-www-form-urlencoded")
        asked: dict[str, Any] = json.loads(sent) if is_json else dict(parse_qsl(sent))
        number = {
            "offset": lambda: {"0": 0, "5": 1}.get(asked["skip"], 9),
            "cursor": lambda: {"": 0, "c=2": 1}.get(asked["cursor"], 9),
        }.get(kind, lambda: int(asked["trang"]) - 1)()
        found = pages[number] if 0 <= number < len(pages) else []
        return {"ds": found, "meta": {"nextCursor": "c=2" if number == 0 else None}}

    site.website.calls["/api/tin"] = answer
    site.articles("/tin/{n}", range(1, 9))
    _, profile = site.probe()
    assert profile is not None
    (section,) = profile.versions[0].sections
    assert (section.url, section.pages, section.post) == ("api/tin", None, post)
    assert section.json_fields is not None
    assert section.json_fields.next == ("meta.nextCursor" if kind == "cursor" else None)


def test_an_answer_that_gives_the_address_of_the_next_one_is_followed(site: Site) -> None:
    site.html("/tin-tuc", """<div id="ds"></div><script>fetch('/api/tin')</script>""")
    first, second = (
        entries(numbers, url=lambda n: f"/tin/{n}") for numbers in (range(1, 6), range(6, 9))
    )
    site.json("/api/tin", {"ds": first, "links": {"next": "/api/tin?sau=5"}})
    site.json("/api/tin?sau=5", {"ds": second, "links": {"next": None}})
    site.articles("/tin/{n}", range(1, 9))
    _, profile = site.probe()
    assert profile is not None
    (section,) = profile.versions[0].sections
    assert (section.url, section.is_paged, section.pages) == ("api/tin", True, None)
    assert section.json_fields is not None
    assert section.json_fields.next == "links.next"


def test_data_that_the_page_carries_is_a_list_as_well(site: Site) -> None:
    data = {"props": {"pageProps": {"posts": entries(range(1, 9), url=lambda n: f"/tin/{n}")}}}
    state = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>'
    site.html("/tin-tuc", f'<div id="__next"></div>{state}')
    site.articles("/tin/{n}", range(1, 9))
    _, profile = site.probe()
    assert profile is not None
    section = profile.versions[0].sections[0]
    assert section.json_fields is not None
    assert section.json_fields.script == "__NEXT_DATA__"
    page = page_of(f"<html><body>{state}</body></html>", site.website.url)
    assert [item.day for item in read_json(page, section).items] == [
        dt.date(2022, 9, n) for n in range(1, 9)
    ]


@pytest.mark.parametrize(
    ("script", "field", "words"),
    [
        ("fetch('https://api.tinh.test/tin?page=1')", "hosts", "api.tinh.test"),
        ("$.post('/api/tin', {page: 1})", "sections", "gọi thử không ra danh sách JSON"),
        ("$.post('/api/tin/them', {page: 1})", "sections", "có thể là ghi dữ liệu"),
        ("fetch('/api/tin?page=1&muc=' + idMuc)", "sections", "idMuc"),
        ("fetch('/api/tin?page=1')", "json_fields.link", "slug"),
    ],
)
def test_what_cannot_be_decided_of_a_call_is_asked_by_name(
    site: Site, script: str, field: str, words: str
) -> None:
    site.html("/tin-tuc", f'<div id="ds"></div><script>{script}</script>')
    site.json("/api/tin?page=1", entries(range(1, 6)))
    found, profile = site.probe()
    assert profile is None
    assert any(one.field == field and words in one.text.vi for one in found.questions)


def test_a_huge_menu_costs_few_requests_and_what_was_not_opened_is_named(site: Site) -> None:
    """What promises news is opened first, however far down the menu it stands."""
    others = "".join(f'<li><a href="/muc-{n}">Phòng số {n}</a></li>' for n in range(150))
    for n in range(150):
        site.html(f"/muc-{n}", f"<main><p>Phòng số {n}: {TEXT}</p></main>")
    rows = "".join(
        f'<li><a href="/tin/{n}">Xã A tổ chức hội nghị lần {n}</a> <span>{n:02}/09/2022</span></li>'
        for n in range(1, 9)
    )
    site.html("/tin-tuc", f"<main><ul>{rows}</ul></main>")
    site.articles("/tin/{n}", range(1, 9))
    site.html("/", f"<nav><ul>{others}</ul></nav><p>Chào mừng</p>")
    found, profile = site.probe()
    assert profile is not None
    assert [one.url for one in profile.versions[0].sections] == ["tin-tuc"]
    opened = [path for path in site.website.log if path.startswith("/muc-")]
    assert len(opened) == FRUITLESS[Kind.OTHER]
    assert site.website.log.index("/tin-tuc") < site.website.log.index(opened[0])
    asked = [one.text.en for one in found.questions]
    assert any(f"{150 - len(opened)} links were not looked at" in one for one in asked)
