"""Lists that page by form: which click leads on, and what it sends."""

# ruff: noqa: E501 - markup reads best on one line

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.listing import read_list
from crawler.discovery.postback import find_click
from crawler.pages.captured import CapturedPage, Form
from crawler.profiles import ProfileVersion, Section

ANY = ProfileVersion(family="generic", sections=(Section(name="Tin", url="."),))


def page_of(markup: str, *, form: Form | None = None) -> CapturedPage:
    return CapturedPage(
        url="http://xa.test/tin.aspx?muc=5",
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=markup.encode(),
        captured_at=dt.datetime(2022, 10, 12, tzinfo=dt.UTC),
        form=form,
    )


def webform(inner: str, attributes: str = 'method="post" action="./tin.aspx?muc=5"') -> str:
    return (
        f'<body><form {attributes}><input type="hidden" name="__VIEWSTATE" value="a+/="/>'
        f'<input type="hidden" name="__EVENTTARGET" value="cũ"/>{inner}</form></body>'
    )


def click(target: str, argument: str, shown: str) -> str:
    return f"<a href=\"javascript:__doPostBack('{target}','{argument}')\">{shown}</a>"


def followed(inner: str, *, form: Form | None = None) -> tuple[str, str] | None:
    found = find_click(page_of(webform(inner), form=form), ())
    return found[1].click if found else None


def test_a_click_sends_the_whole_form_to_its_address() -> None:
    inner = (
        '<input name="tu_khoa" value="tin &amp; bài"/><input type="submit" name="tim" value="Tìm"/>'
        '<input type="password" name="mat_khau" value="x"/><input type="checkbox" name="c" value="1"/>'
        '<select name="nam"><option value="2021">2021</option><option selected value="2022">2022</option></select>'
        + click("ctl00$pager", "Page$2", "Trang sau")
    )
    found = find_click(page_of(webform(inner)), ())
    assert found is not None
    assert found == (
        "http://xa.test/tin.aspx?muc=5",
        Form(
            body="__EVENTTARGET=ctl00%24pager&__EVENTARGUMENT=Page%242&__VIEWSTATE=a%2B%2F%3D"
            "&tu_khoa=tin+%26+b%C3%A0i&nam=2022",
            click=("ctl00$pager", "Page$2"),
        ),
    )


NUMBERS = "<table><tr>{}</tr></table>"


def numbers(current: int, *linked: int) -> str:
    cells = [(n, f"<td>{click('grv', f'Page${n}', str(n))}</td>") for n in linked] + [
        (current, f"<td><span>{current}</span></td>")
    ]
    return NUMBERS.format("".join(cell for _, cell in sorted(cells)))


@pytest.mark.parametrize(
    ("current", "linked", "argument"),
    [(1, (2, 3), "Page$2"), (2, (1, 3), "Page$3"), (3, (1, 2), None), (9, (8, 10), "Page$10")],
)
def test_the_number_after_the_one_that_is_no_link_leads_on(
    current: int, linked: tuple[int, ...], argument: str | None
) -> None:
    found = followed(numbers(current, *linked))
    assert (found and found[1]) == argument


def test_dots_after_the_last_number_lead_to_the_next_ten() -> None:
    inner = numbers(10, 8, 9).replace("</tr>", f"<td>{click('grv', 'Page$11', '...')}</td></tr>")
    assert followed(inner) == ("grv", "Page$11")
    inner = numbers(9, 8, 10).replace("</tr>", f"<td>{click('grv', 'Page$11', '...')}</td></tr>")
    assert followed(inner) == ("grv", "Page$10")


def test_where_all_numbers_are_links_the_click_that_led_here_tells_the_page() -> None:
    links = "".join(click(f"rpt$ctl0{n}$lb", "", str(n)) for n in (1, 2, 3))
    assert followed(links) == ("rpt$ctl02$lb", "")
    asked = Form(body="", click=("rpt$ctl02$lb", ""))
    assert followed(links, form=asked) == ("rpt$ctl03$lb", "")
    last = Form(body="", click=("rpt$ctl03$lb", ""))
    assert followed(links, form=last) is None


def test_a_plain_next_is_clicked_again_on_every_page() -> None:
    asked = Form(body="", click=("dp$next", ""))
    assert followed(click("dp$next", "", "Tiếp »"), form=asked) == ("dp$next", "")


@pytest.mark.parametrize(
    "inner",
    [
        click("menu", "5", "Tin tức"),
        click("sort", "Date", "Ngày đăng"),
        '<a href="javascript:__doPostBack(&#39;p&#39;,&#39;&#39;)" disabled="disabled">Trang sau</a>',
        '<a class="aspNetDisabled" href="javascript:__doPostBack(&#39;p&#39;,&#39;&#39;)">Trang sau</a>',
        '<a style="display:none" href="javascript:__doPostBack(&#39;p&#39;,&#39;&#39;)">Trang sau</a>',
        '<a href="javascript:alert(1)">Trang sau</a>',
        "",
    ],
)
def test_other_clicks_do_not_lead_on(inner: str) -> None:
    assert followed(inner) is None


def test_a_form_that_is_asked_by_get_is_none_of_these() -> None:
    markup = webform(click("p", "", "Trang sau"), 'method="get" action="/tim"')
    assert find_click(page_of(markup), ()) is None


def test_a_click_with_options_is_one_too() -> None:
    href = "javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions(&quot;p$next&quot;, &quot;&quot;, true, &quot;&quot;, &quot;&quot;, false, true))"
    assert followed(f'<a href="{href}">Trang sau</a>') == ("p$next", "")


def test_the_familys_or_profiles_selector_comes_first() -> None:
    inner = click("a", "", "Trang sau") + '<i id="x">' + click("b", "", "Đi") + "</i>"
    found = find_click(page_of(webform(inner)), ("#x a",))
    assert found is not None
    assert found[1].click == ("b", "")


def test_the_last_page_is_an_end_and_no_riddle() -> None:
    inner = f'<div class="pager">{numbers(3, 1, 2)}</div>'
    found = read_list(page_of(webform(inner), form=Form(body="", click=("grv", "Page$3"))), ANY)
    assert (found.next_url, found.is_cut_off) == (None, False)


def test_a_pager_that_does_not_tell_its_page_hides_the_rest() -> None:
    links = "".join(click(f"rpt$ctl0{n}$lb", "", str(n)) for n in (4, 5, 6))
    page = page_of(webform(links), form=Form(body="", click=("other", "")))
    assert read_list(page, ANY).is_cut_off


@given(count=st.integers(2, 12))
def test_every_page_is_reached_and_none_twice(count: int) -> None:
    seen, form = [1], None
    while len(seen) <= count:
        linked = [n for n in range(1, count + 1) if n != seen[-1]]
        found = find_click(page_of(webform(numbers(seen[-1], *linked)), form=form), ())
        if found is None:
            break
        form = dataclasses.replace(found[1], body="")
        seen.append(int(found[1].click[1].removeprefix("Page$")))
    assert seen == list(range(1, count + 1))


@given(st.text(st.sampled_from("<>/=\"'ahrefjavscipt:_doPB(),12 .…"), max_size=120))
def test_whatever_a_page_holds_a_click_is_found_or_not(text: str) -> None:
    find_click(page_of(webform(text)), ())
