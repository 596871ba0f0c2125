"""Lists that only a script fills: what a browser shows is archived, read, and never guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from crawler import browser
from crawler.errors import ProfileError
from crawler.profiles import Render, is_rendered, load_profile, needs_browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    sections: [{{name: Tin tức, url: tin, render: browser{more}}}]
"""
IS_THERE = browser.missing(None) is None
needs_chromium = pytest.mark.skipif(
    not IS_THERE, reason="needs tinbai[browser] and the machine's Chromium"
)
FILL = """
const page = new URLSearchParams(location.search).get('page') || 1;
const quiet = () => 0;
fetch('/api/tin?trang=' + page).then(answer => answer.json()).then(list => {
  document.querySelector('main').innerHTML = list.html;
});
fetch('http://localhost:' + location.port + '/other-host').catch(quiet);
fetch('http://169.254.169.254/latest').catch(quiet);
new WebSocket('ws://' + location.host + '/socket');
new Image().src = '/picture.png';
navigator.sendBeacon('/beacon', 'x');
open('/window');
const frame = document.createElement('iframe');
frame.src = '/frame';
document.body.append(frame);
"""


def load(folder: Path, more: str = "") -> Any:  # noqa: ANN401 - a profile
    path = folder / "xa.yml"
    path.write_text(PROFILE.format(base="http://xa.test/", more=more), encoding="utf-8")
    return load_profile(path)


def test_a_profile_says_what_is_rendered(tmp_path: Path) -> None:
    (version,) = load(tmp_path).versions
    assert is_rendered(version, version.sections[0])
    assert not is_rendered(version, None)  # articles come whole, unless the version says otherwise
    assert is_rendered(version.model_copy(update={"render": Render.BROWSER}), None)
    plain = version.sections[0].model_copy(update={"render": Render.SERVER})
    assert not needs_browser(version.model_copy(update={"sections": (plain,)}))


def test_what_is_no_page_is_not_rendered(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="render: browser"):
        load(tmp_path, ", discover: feed")


def test_what_is_missing_is_said_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browser, "find_spec", lambda _: None)
    said = browser.missing(None)
    assert said
    assert "pip install 'tinbai[browser]'" in said
    monkeypatch.setattr(browser, "find_spec", lambda name: name)
    said = browser.missing(str(tmp_path / "chromium"))
    assert said
    assert "apt install chromium" in said
    assert str(tmp_path / "chromium") in said


@pytest.fixture
def office(open_office: Callable[..., Any], website: Any) -> Any:  # noqa: ANN401
    office = open_office()
    office.profile(PROFILE.format(base=website.url, more=""))
    return office


@pytest.fixture
def website(start_website: Callable[[], Any], pages: Any) -> Any:  # noqa: ANN401
    """A site whose list is empty until its script has asked for it."""
    website = start_website()
    menu = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8))
    shell = (
        f"<!doctype html><html><head><title>Tin tức</title></head><body><nav>{menu}</nav>"
        '<main></main><script src="/fill.js"></script></body></html>'
    )
    website.page("/tin", shell)
    website.page("/fill.js", FILL, headers={"Content-Type": "text/javascript"})
    listed = pages.listing([("/mot", "Một cửa", "2022-09-02"), ("/hai", "Hai", "2022-09-01")])
    website.page(
        "/api/tin?trang=1",
        json.dumps({"html": listed}),
        headers={"Content-Type": "application/json"},
    )
    for name, day in (("mot", "2022-09-02"), ("hai", "2022-09-01")):
        website.page(f"/{name}", pages.article(f"Bài {name}", day))
    return website


def test_without_a_browser_the_list_is_named_as_not_seen(office: Any) -> None:  # noqa: ANN401
    ended = office.crawl(first="from crawler import browser\nbrowser.find_spec = lambda _: None")
    assert ended.code == 3
    assert "pip install 'tinbai[browser]'" in ended.stderr
    assert office.coverage("xa") == {"Tin tức": ["none", "list_failed", None, None]}
    assert office.fates("xa")["/tin"] == [("unreadable", "browser: not installed")]


@needs_chromium
@pytest.mark.slow
def test_a_list_filled_by_a_script_is_seen_and_archived_and_nothing_leaves_the_site(
    office: Any,  # noqa: ANN401
    website: Any,  # noqa: ANN401
) -> None:
    ended = office.crawl()
    assert ended.code == 0, ended.stderr
    assert sorted(website.log) == sorted(
        ["/robots.txt", "/tin", "/fill.js", "/api/tin?trang=1", "/mot", "/hai"]
    )
    fates = office.fates("xa")
    assert fates["/tin"] == [("support", "rendered in a browser"), ("listed", None)]
    assert fates["/fill.js"] == [("support", "asked by a script of the page")]
    assert fates["/latest"] == fates["/other-host"] == [("off_site", "not asked")]
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]
    assert office.rows("SELECT count(*) FROM article_version") == [(2,)]


MORE_BY_CLICK = """
let shown = 0;
const button = document.querySelector('#more');
button.onclick = () => fetch('/api/tin?tu=' + shown).then(answer => answer.json()).then(list => {
  document.querySelector('main').insertAdjacentHTML('beforeend', list.html);
  shown += 1;
  if (list.last) button.remove();
});
button.onclick();
"""
MORE_BY_SCROLL = """
let shown = 0;
const more = () => fetch('/api/tin?tu=' + shown).then(answer => answer.json()).then(list => {
  document.querySelector('main').insertAdjacentHTML('beforeend', list.html);
  shown += 1;
});
more();
new IntersectionObserver(seen => seen[0].isIntersecting && more())
  .observe(document.querySelector('#end'));
"""
BUTTON = '<a href="#" id="more" class="nut">Xem thêm ▼</a>'
END = '<div id="end" style="margin-top: 3000px">.</div>'


def fill(website: Any, pages: Any, script: str, foot: str, *, last: int) -> None:  # noqa: ANN401
    """Publish a list of three pages, of which each is shown when more is asked for."""
    shell = (
        "<!doctype html><html><head><title>Tin tức</title></head><body>"
        + "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8))
        + f'<main></main>{foot}<script src="/more.js"></script></body></html>'
    )
    website.page("/tin", shell)
    website.page("/more.js", script, headers={"Content-Type": "text/javascript"})
    for number in range(4):
        days = range(30 - 3 * number, 27 - 3 * number, -1) if number < last else ()
        items = [(f"/bai-{day}", f"Bài ngày {day}", f"2022-08-{day:02}") for day in days]
        answer = {"html": pages.listing(items) if items else "", "last": number == last - 1}
        kind = {"Content-Type": "application/json"}
        website.page(f"/api/tin?tu={number}", json.dumps(answer), headers=kind)
        for day in days:
            website.page(f"/bai-{day}", pages.article(f"Bài ngày {day}", f"2022-08-{day:02}"))


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "foot"), [(MORE_BY_CLICK, BUTTON), (MORE_BY_SCROLL, END)], ids=["click", "scroll"]
)
def test_a_list_that_shows_more_is_shown_to_its_end_and_each_state_is_archived(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
    script: str,
    foot: str,
) -> None:
    website, office = start_website(), open_office()
    fill(website, pages, script, foot, last=3)
    office.profile(PROFILE.format(base=website.url, more=""))
    ended = office.crawl()
    assert ended.code == 0, ended.stderr
    assert office.coverage("xa") == {
        "Tin tức": ["complete", "reached_list_end", "2022-01-01", "2022-10-01"]
    }
    assert office.rows("SELECT detail FROM coverage") == [("nothing new is shown after state 3",)]
    assert office.rows("SELECT count(*) FROM article_version") == [(9,)]
    assert office.fates("xa")["/tin"] == [
        ("support", "rendered in a browser"),
        *[("listed", None)] * 3,
    ]
    assert office.rows("SELECT number, items FROM list_page ORDER BY number") == [
        (1, 3),
        (2, 6),
        (3, 9),
    ]


@needs_chromium
@pytest.mark.slow
def test_no_more_is_asked_for_than_the_window_needs_and_a_failing_call_is_no_end(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
) -> None:
    website, office = start_website(), open_office(since="2022-08-29")
    fill(website, pages, MORE_BY_CLICK, BUTTON, last=9)
    office.profile(PROFILE.format(base=website.url, more=""))
    assert office.crawl().code == 0
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_window_start"]
    assert "/api/tin?tu=3" not in website.log
    del website.pages["/api/tin?tu=1"]
    office = open_office(since="2022-08-01")
    office.profile(PROFILE.format(base=website.url, more=""))
    assert office.crawl().code == 3
    assert office.coverage("xa")["Tin tức"][1] == "list_failed"
    ((detail,),) = office.rows("SELECT detail FROM coverage")
    assert "browser, after state 1" in detail
    assert "/api/tin?tu=1: status 404" in detail
