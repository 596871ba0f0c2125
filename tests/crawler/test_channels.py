"""Whole crawls over the further ways in which sites lead to their articles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from storage.warc import records

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: {family}
    sections:
      - {section}
"""


@pytest.fixture
def website(start_website: Callable[[], Any]) -> Any:  # noqa: ANN401
    return start_website()


@pytest.fixture
def office(open_office: Callable[..., Any]) -> Any:  # noqa: ANN401
    return open_office()


def crawl(
    office: Any,  # noqa: ANN401
    website: Any,  # noqa: ANN401
    section: str,
    family: str = "wordpress",
) -> dict[str, Any]:
    office.profile(PROFILE.format(base=website.url, family=family, section=section))
    found: dict[str, Any] = office.crawl().site("xa")
    return found


def webforms(page: int, pages: int, state: str) -> str:
    """Give a page of a list that pages by form, as a GridView writes it."""
    posts = "".join(
        f'<li><a href="/bai-{n}">Bài số {n} của xã Vĩnh An</a> ({20 - n:02}/09/2022)</li>'
        for n in range(page * 3 - 2, page * 3 + 1)
    )
    pager = "".join(
        f"<td><span>{n}</span></td>"
        if n == page
        else f"<td><a href=\"javascript:__doPostBack('grv','Page${n}')\">{n}</a></td>"
        for n in range(1, pages + 1)
    )
    return (
        "<html><body><h1>Tin tức</h1><p>Trang thông tin điện tử của xã Vĩnh An.</p>"
        '<form method="post" action="/tin.aspx">'
        f'<input type="hidden" name="__VIEWSTATE" value="{state}"/><ul>{posts}</ul>'
        f"<table><tr>{pager}</tr></table></form></body></html>"
    )


def test_a_list_that_pages_by_form_is_walked_to_its_end_with_its_state(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    states: list[tuple[str, str]] = []

    def next_page(fields: dict[str, str]) -> str:
        states.append((fields["__VIEWSTATE"], fields["__EVENTARGUMENT"]))
        page = int(fields["__EVENTARGUMENT"].removeprefix("Page$"))
        return webforms(page, 3, f"trạng thái {page}")

    website.page("/tin.aspx", webforms(1, 3, "trạng thái 1"))
    website.forms["/tin.aspx"] = next_page
    for n in range(1, 10):
        website.page(f"/bai-{n}", pages.article(f"Bài số {n} của xã Vĩnh An", f"2022-09-{20 - n}"))
    summary = crawl(office, website, "{name: Tin tức, url: tin.aspx}", "generic")
    assert summary["outcome"] == "complete"
    assert states == [("trạng thái 1", "Page$2"), ("trạng thái 2", "Page$3")]
    assert len(office.content()["versions"]) == 9
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]
    assert website.log.count("POST /tin.aspx") == 2


def test_what_was_sent_stands_in_the_evidence(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
) -> None:
    website.page("/tin.aspx", webforms(1, 2, "một"))
    website.forms["/tin.aspx"] = lambda _: webforms(2, 2, "hai")
    crawl(office, website, "{name: Tin tức, url: tin.aspx}", "generic")
    (file,) = (office.folder / "evidence").rglob("*.warc.gz")
    with file.open("rb") as handle:
        asked = [one.block for one in records(handle) if one.kind == "request"]
    (sent,) = (block for block in asked if block.startswith(b"POST /tin.aspx HTTP/1.1\r\n"))
    head, _, body = sent.partition(b"\r\n\r\n")
    assert b"Content-Type: application/x-www-form-urlencoded" in head
    assert body == b"__EVENTTARGET=grv&__EVENTARGUMENT=Page%242&__VIEWSTATE=m%E1%BB%99t"


def test_a_form_that_always_gives_the_same_page_ends_the_walk(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
) -> None:
    endless = webforms(1, 2, "x").replace("<span>1</span>", "").replace(">2<", ">Trang sau<")
    website.page("/tin.aspx", endless)
    website.forms["/tin.aspx"] = lambda _: endless
    crawl(office, website, "{name: Tin tức, url: tin.aspx}", "generic")
    assert website.log.count("POST /tin.aspx") == 1


def test_wordpress_is_walked_by_its_rest_interface(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    for page in (1, 2):
        posts = [
            {
                "link": f"{website.url}bai-{n}/",
                "date": f"2022-09-{20 - n}T08:00:00",
                "date_gmt": f"2022-09-{20 - n}T01:00:00",
                "title": {"rendered": f"Bài số {n}"},
            }
            for n in range(page * 2 - 1, page * 2 + 1)
        ]
        suffix = "" if page == 1 else f"&page={page}"
        website.page(
            f"/wp-json/wp/v2/posts?per_page=2{suffix}",
            json.dumps(posts),
            headers={"Content-Type": "application/json", "X-WP-TotalPages": "2"},
        )
    for n in range(1, 5):
        website.page(f"/bai-{n}/", pages.article(f"Bài số {n}", f"2022-09-{20 - n}"))
    section = "{name: Tin tức, url: 'wp-json/wp/v2/posts?per_page=2', discover: rest}"
    summary = crawl(office, website, section)
    assert summary["outcome"] == "complete"
    assert len(office.content()["versions"]) == 4
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]


def test_a_list_that_a_script_fills_is_walked_by_its_call(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    for page, numbers in ((0, (1, 2)), (1, (3,)), (2, ())):
        items = [{"id": n, "t": f"Bài số {n}", "d": f"{20 - n}/09/2022"} for n in numbers]
        website.page(f"/api/tin?trang={page}", json.dumps({"data": items}))
    for n in (1, 2, 3):
        website.page(f"/tin/{n}.html", pages.article(f"Bài số {n}", f"2022-09-{20 - n}"))
    section = (
        "{name: Tin tức, url: 'api/tin?trang=0', discover: json, pages: 'api/tin?trang={page}',"
        " first_page: 0, json_fields: {items: data, link: '/tin/{id}.html', title: t, day: d}}"
    )
    summary = crawl(office, website, section)
    assert summary["outcome"] == "complete"
    assert len(office.content()["versions"]) == 3
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]


def test_a_list_whose_pages_are_counted_ends_behind_its_last_page(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    for page in (1, 2):
        items = [(f"/bai-{n}", f"Bài số {n} của xã", f"2022-09-{20 - n}") for n in (page, page + 2)]
        website.page("/tin" if page == 1 else f"/tin?trang={page}", pages.listing(items))
    for n in range(1, 5):
        website.page(f"/bai-{n}", pages.article(f"Bài số {n} của xã", f"2022-09-{20 - n}"))
    summary = crawl(office, website, "{name: Tin tức, url: tin, pages: '/tin?trang={page}'}")
    assert summary["outcome"] == "complete"
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]
    assert [one for one in website.log if "trang=" in one] == [
        f"/tin?trang={page}" for page in (2, 3, 4)
    ]


def test_a_call_that_cannot_be_paged_shows_the_newest_only(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    items = [{"u": f"/tin/{n}", "d": f"{20 - n}/09/2022"} for n in (1, 2)]
    website.page("/api/tin", json.dumps(items))
    for n in (1, 2):
        website.page(f"/tin/{n}", pages.article(f"Bài số {n}", f"2022-09-{20 - n}"))
    section = "{name: Tin tức, url: api/tin, discover: json, json_fields: {link: u, day: d}}"
    assert crawl(office, website, section)["outcome"] == "partial"
    assert office.coverage("xa")["Tin tức"][:3] == ["partial", "feed_too_short", "2022-09-19"]


def test_a_list_that_goes_on_only_by_script_proves_no_end(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    posts = [(f"/bai-{n}", f"Bài số {n} của xã", f"2022-09-{20 - n}") for n in (1, 2)]
    more = '<div class="pagination"><a href="javascript:tai(2)">Trang sau</a></div></body>'
    website.page("/tin", pages.listing(posts).replace("</body>", more))
    for path, title, day in posts:
        website.page(path, pages.article(title, day))
    assert crawl(office, website, "{name: Tin tức, url: tin}")["outcome"] == "partial"
    assert office.coverage("xa")["Tin tức"][:2] == ["none", "list_failed"]


def test_one_article_under_two_addresses_is_asked_once(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    number = "1662000000000"
    one = f"/vi/chi-tiet-tin/-/view-article/1/1647698331609/{number}"
    other = f"/chi-tiet-tin/-/view-article/1/1651151768064/{number}"
    entries = "".join(
        f'<li><a href="{path}">Bài hai địa chỉ của xã {n}</a> (01/09/2022)</li>'
        for n, path in enumerate((one, other, one.replace(number, "1661900000000")))
    )
    website.page("/tin", f"<html><body><h1>Tin</h1><ul>{entries}</ul></body></html>")
    for path in (one, other, one.replace(number, "1661900000000")):
        website.page(path, pages.article("Bài hai địa chỉ của xã", "2022-09-01"))
    crawl(office, website, "{name: Tin tức, url: tin}", "quangtri")
    assert [path for path in website.log if "view-article" in path] == [
        one,
        one.replace(number, "1661900000000"),
    ]
    assert len(office.content()["articles"]) == 2
