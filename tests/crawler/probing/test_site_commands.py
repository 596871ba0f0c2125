"""tinbai sites probe | check --live | fixture, as a program against small sites on this machine."""

# ruff: noqa: ANN401 - offices and websites are fixtures of conftest

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from crawler.profiles import Discover, load_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLOCK = ("--clock", "2022-10-01T01:00+07:00")
MENU = (
    '<nav><a href="/">Trang chủ</a><a href="/gioi-thieu">Giới thiệu</a>'
    '<a href="/tin-tuc">Tin tức</a><a href="/cchc">Cải cách hành chính</a>'
    '<a href="/van-ban">Văn bản chỉ đạo</a><a href="/lien-he">Liên hệ</a>'
    '<a href="/noi-bo/lich">Tin nội bộ</a></nav>'
)
TEXT = "Ủy ban nhân dân xã tổ chức hội nghị và thông báo đến toàn thể nhân dân được biết. " * 4


def page(body: str, title: str = "Trang thông tin điện tử xã A") -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body>{MENU}{body}</body></html>"
    )


def title_of(number: int) -> str:
    return f"Xã A tổ chức hội nghị cải cách hành chính lần thứ {number}"


def list_page(numbers: range, *, after: str = "", form: str = "{:02}/09/2022") -> str:
    items = "".join(
        f'<li><a href="/bai-{n}">{title_of(n)}</a> <span>{form.format(n)}</span></li>'
        for n in numbers
    )
    further = f'<div class="pagination"><a href="{after}">Trang sau</a></div>' if after else ""
    return page(f"<main><ul>{items}</ul>{further}</main>")


def article_page(number: int, *, form: str = "{:02}/09/2022") -> str:
    return page(
        f'<main><h1>{title_of(number)}</h1><p class="ngay">{form.format(number)}</p>'
        f"<div><p>{TEXT}</p><p>{TEXT}</p></div></main>",
        title_of(number),
    )


def publish(website: Any, *, form: str = "{:02}/09/2022") -> None:
    """Put a small site of no known software on line: two lists, one of them of two pages."""
    website.page("/robots.txt", "User-agent: *\nDisallow: /noi-bo/\n")
    website.page("/", page("<p>Chào mừng</p>"))
    website.page("/tin-tuc", list_page(range(20, 28), after="/tin-tuc?page=2", form=form))
    website.page("/tin-tuc?page=2", list_page(range(12, 20), form=form))
    website.page("/cchc", list_page(range(1, 5), form=form))
    website.page("/van-ban", list_page(range(5, 9), form=form))
    for number in range(1, 28):
        website.page(f"/bai-{number}", article_page(number, form=form))


@pytest.fixture
def office(open_office: Callable[..., Any]) -> Any:
    return open_office()


@pytest.fixture
def website(start_website: Callable[[], Any]) -> Any:
    site = start_website()
    publish(site)
    return site


def probed(office: Any, website: Any, *options: str) -> Any:
    return office.run("sites", "probe", website.url, "--site", "xa-a", *options)


def answered(office: Any, site: str = "xa-a") -> None:
    """Say of all that the probe left undecided that it is not news."""
    path = office.folder / "sites" / f"{site}.yml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.strip() != "not_news:"]
    text = "".join(kept).replace("    undecided:\n", "    not_news:\n")
    path.write_text(text, encoding="utf-8")


def test_from_a_home_page_comes_a_profile_that_finds_every_article(
    office: Any, website: Any
) -> None:
    ended = probed(office, website)
    answer = ended.answer
    assert answer["family"] == "generic"
    lists = {one["url"]: one["discover"] for one in answer["sections"]}
    assert lists == {"tin-tuc": "listing", "cchc": "listing"}
    assert len(answer["samples"]) == 10
    assert all(one["headline"] == one["listed_title"] for one in answer["samples"])
    assert answer["days"]["order"] == "day_first"
    assert load_profile(office.folder / "sites" / "xa-a.yml").versions[0].dates.formats == ()
    crawled = office.crawl()
    assert crawled.site("xa-a")["outcome"] == "partial"
    answered(office)
    assert office.crawl().site("xa-a")["outcome"] == "complete"
    found = office.rows(
        "SELECT headline, date_published FROM article_version ORDER BY date_published"
    )
    wanted = [(title_of(n), f"2022-09-{n:02}") for n in (*range(1, 5), *range(12, 28))]
    assert found == wanted


def test_what_cannot_be_decided_is_asked_for_by_name(office: Any, website: Any) -> None:
    ended = probed(office, website)
    asked = [one["text"] for one in ended.answer["questions"]]
    assert {one["field"] for one in ended.answer["questions"]} == {"sections"}
    assert [text.split("'")[1] for text in asked] == ["Văn bản chỉ đạo", "Tin nội bộ"]
    assert ended.code == 1
    assert "# ASKED sections: 'Văn bản chỉ đạo'" in ended.answer["profile"]


def test_what_nobody_has_decided_on_is_missed_by_name_until_somebody_answers(
    office: Any, website: Any
) -> None:
    probed(office, website)
    crawled = office.crawl().site("xa-a")
    assert crawled["outcome"] == "partial"
    assert f"Văn bản chỉ đạo ({website.url}van-ban: a list with days" in crawled["reason"]
    assert "name each under sections or not_news" in crawled["reason"]
    rows = office.rows("SELECT section, state, detail FROM coverage WHERE state <> 'complete'")
    assert [(name, state) for name, state, _ in rows] == [
        ("Văn bản chỉ đạo", "none"),
        ("Tin nội bộ", "none"),
    ]
    checked = office.run("sites", "check")
    (profile,) = checked.answer
    assert (checked.code, len(profile["undecided"])) == (1, 2)
    answered(office)
    checked = office.run("sites", "check")
    (profile,) = checked.answer
    assert (checked.code, profile["undecided"]) == (0, [])
    assert "van-ban" in {one["url"] for one in profile["not_news"]}


def test_a_probe_keeps_to_robots_txt_and_to_its_requests(office: Any, website: Any) -> None:
    probed(office, website, "--requests", "12")
    assert len(website.log) <= 12
    assert "/noi-bo/lich" not in website.log
    assert "/lien-he" not in website.log


def test_a_site_that_writes_the_month_first_is_read_so(office: Any, website: Any) -> None:
    publish(website, form="09/{:02}/2022")
    ended = probed(office, website)
    assert (ended.answer["days"]["order"], ended.answer["days"]["formats"]) == (
        "month_first",
        ["%m/%d/%Y"],
    )
    office.crawl()
    days = office.rows("SELECT date_published FROM article_version ORDER BY 1")
    assert days == [(f"2022-09-{n:02}",) for n in (*range(1, 5), *range(12, 28))]


def test_a_profile_that_is_there_is_left_as_it_is(office: Any, website: Any) -> None:
    probed(office, website)
    path = office.folder / "sites" / "xa-a.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# sửa tay\n", encoding="utf-8")
    ended = probed(office, website)
    assert ended.answer["file"].endswith("xa-a.yml.nhap")
    assert path.read_text(encoding="utf-8").endswith("# sửa tay\n")
    answered(office)
    assert office.run("sites", "check").code == 0


def test_a_site_without_lists_gets_a_draft_that_asks_for_one(office: Any, website: Any) -> None:
    website.pages.clear()
    website.page("/", page("<p>Trang đang xây dựng, xin mời quay lại sau.</p>" + TEXT))
    ended = probed(office, website)
    assert ended.code == 1
    assert [one["field"] for one in ended.answer["questions"]] == ["sections"]
    assert ended.answer["file"].endswith(".yml.nhap")
    assert list((office.folder / "sites").glob("*.yml")) == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "ftp://xa.test/", "http://"])
def test_a_home_page_that_cannot_be_had_is_said_so(office: Any, address: str) -> None:
    ended = office.run("sites", "probe", address)
    assert ended.code in {1, 2}
    assert "error" in ended.answer


def test_a_list_of_lists_is_read_by_its_lists(office: Any, website: Any) -> None:
    """Each section stands there like a post, with the day of its newest one."""
    names = {"kinh-te": range(1, 10), "y-te": range(10, 19), "tb": range(19, 28)}
    rows = "".join(
        f'<li><a href="/tin-tuc/{name}">Mục {name} của trang xã A</a> <span>{max(of):02}/09/2022'
        "</span></li>"
        for name, of in names.items()
    )
    website.page("/tin-tuc", page(f"<main><ul>{rows}</ul></main>"))
    for name, of in names.items():
        website.page(f"/tin-tuc/{name}", list_page(of))
    website.pages.pop("/cchc")
    answer = probed(office, website).answer
    lists = {one["url"] for one in answer["sections"]}
    assert lists == {f"tin-tuc/{name}" for name in names}
    assert "tin-tuc" not in {one["url"] for one in answer["undecided"]}


def test_posts_that_a_menu_shows_are_known_by_their_folder(office: Any, website: Any) -> None:
    """Some menus show the whole tree of a site: no request is spent on every post."""
    numbers = range(1, 21)
    links = "".join(f'<a href="/tin-tuc/{n}">Tin xã A số {n}</a> ' for n in numbers)
    rows = "".join(
        f'<li><a href="/tin-tuc/{n}">{title_of(n)}</a> <span>{n:02}/09/2022</span></li>'
        for n in range(13, 21)
    )
    website.page("/", page(f"<nav>{links}</nav>"))
    for n in numbers:
        website.page(f"/tin-tuc/{n}", article_page(n))
    website.page("/tin-tuc", page(f"<main><ul>{rows}</ul></main>"))
    answer = probed(office, website).answer
    assert "tin-tuc" in {one["url"] for one in answer["sections"]}
    named = {one["url"] for one in (*answer["undecided"], *answer["not_news"])}
    assert not any(one["url"].startswith("tin-tuc/") for one in answer["undecided"])
    listed = {f"tin-tuc/{n}" for n in range(13, 21)}
    met = {path[1:] for path in website.log} | named | listed
    assert met >= {f"tin-tuc/{n}" for n in numbers}


def test_what_a_feed_announces_is_no_section(office: Any, website: Any) -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    website.page("/", page(feed + "<p>Chào mừng</p>"))
    item = f"<item><title>Tin tức</title><link>{website.url}cchc</link></item>"
    xml = {"Content-Type": "application/xml"}
    website.page("/rss", f"<rss><channel>{item}</channel></rss>", headers=xml)
    assert "cchc" not in {one["url"] for one in probed(office, website).answer["sections"]}


def test_a_feed_becomes_a_further_channel_and_a_sitemap_with_an_article_pattern(
    office: Any, website: Any
) -> None:
    feed = '<link rel="alternate" type="application/rss+xml" href="/rss">'
    website.page("/", page(feed + "<p>Chào mừng</p>"))
    items = "".join(
        f"<item><title>{title_of(n)}</title><link>{website.url}bai-{n}</link></item>"
        for n in range(20, 28)
    )
    xml = {"Content-Type": "application/xml"}
    website.page("/rss", f"<rss><channel>{items}</channel></rss>", headers=xml)
    ended = probed(office, website)
    assert {one["url"]: one["extra"] for one in ended.answer["sections"]} == {
        "tin-tuc": False,
        "cchc": False,
        "rss": True,
    }
    (profile,) = [load_profile(office.folder / "sites" / "xa-a.yml")]
    assert profile.versions[0].sections[-1].discover is Discover.FEED


def test_a_list_that_only_says_next_is_asked_for_by_number(office: Any, website: Any) -> None:
    website.page("/tin-tuc", list_page(range(20, 28), after="/"))
    website.page("/tin-tuc/page/2", list_page(range(12, 20)))
    ended = probed(office, website)
    (news,) = [one for one in ended.answer["sections"] if one["url"] == "tin-tuc"]
    assert news["pages"] == "/tin-tuc/page/{page}"


def test_pages_with_links_without_end_do_not_hold_a_probe(office: Any, website: Any) -> None:
    links = "".join(f'<a href="/tin-{n}">Tin mục {n}</a> ' for n in range(4_000))
    website.page("/tin-tuc", page(links))
    ended = probed(office, website)
    assert {one["url"] for one in ended.answer["sections"]} == {"cchc"}
    assert {one["reason"] for one in ended.answer["misses"]} >= {"more than 3000 links"}
    assert "tin-tuc" in {one["url"] for one in ended.answer["undecided"]}
    website.page("/", page(links))
    assert probed(office, website, "--requests", "8").code == 1


# ------------------------------------------------------------------------- check --live


def drifts(office: Any, *options: str) -> tuple[int, set[str]]:
    ended = office.run("sites", "check", "--live", *options)
    (site,) = ended.answer
    return ended.code, {one["kind"] for one in site["drifts"]}


def test_a_profile_that_fits_has_no_drift(office: Any, website: Any) -> None:
    probed(office, website)
    answered(office)
    website.log.clear()
    assert drifts(office) == (0, set())
    assert len(website.log) <= 8


def test_a_redesign_shows_as_drift(office: Any, website: Any) -> None:
    probed(office, website)
    website.page("/tin-tuc", page("<p>Trang mới</p>"))
    website.pages.pop("/cchc")
    assert drifts(office) == (1, {"no_items", "unreachable", "undecided"})


def test_articles_that_are_no_longer_read_and_days_that_are_gone_show_as_drift(
    office: Any, website: Any
) -> None:
    probed(office, website)
    for number in range(1, 28):
        website.page(f"/bai-{number}", page("<p>Nội dung đã chuyển sang trang mới.</p>"))
    website.page("/cchc", list_page(range(1, 5), form=""))
    answered(office)
    assert drifts(office) == (1, {"article_unread", "few_days"})


def test_selectors_and_patterns_that_match_nothing_show_as_drift(office: Any, website: Any) -> None:
    office.profile(
        f"site: xa-b\nbase_url: {website.url}\nversions:\n  - family: generic\n"
        "    select: {headline: .khong-co, item: li}\n"
        "    sections:\n      - {name: Tin, url: tin-tuc, article: /khong-co/}\n"
        "      - {name: CCHC, url: cchc}\n"
    )
    code, kinds = drifts(office, "--site", "xa-b")
    assert code == 1
    assert kinds >= {"pattern_misses", "selector_misses", "article_unread"}


def test_a_site_that_does_not_answer_is_not_called_fine(office: Any, website: Any) -> None:
    probed(office, website)
    answered(office)
    for path in list(website.pages):
        website.reset(path)
    assert drifts(office) == (3, {"unreachable"})


def test_sections_for_which_no_requests_are_left_are_said_to_be_unchecked(
    office: Any, website: Any
) -> None:
    sections = "".join(f"      - {{name: Tin {n}, url: 'tin-tuc?n={n}'}}\n" for n in range(4))
    office.profile(
        f"site: xa-c\nbase_url: {website.url}\nversions:\n  - family: generic\n    sections:\n"
        + sections
    )
    code, kinds = drifts(office, "--site", "xa-c", "--requests", "7")
    assert code == 3
    assert "not_checked" in kinds


# ------------------------------------------------------------------------------- fixture


def stored(office: Any, website: Any, path: str, *options: str) -> Any:
    return office.run("sites", "fixture", website.url + path, "--site", "xa-a", *options)


def files_of(folder: Path) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    (said,) = folder.glob("expected*.json")
    capture = json.loads((folder / "capture.json").read_text("utf-8"))
    page_bytes = gzip.decompress((folder / "page.html.gz").read_bytes())
    return capture, json.loads(said.read_text("utf-8")), page_bytes


def test_an_article_is_stored_with_what_is_read_from_it(
    office: Any, website: Any, tmp_path: Path
) -> None:
    probed(office, website)
    ended = stored(office, website, "bai-20", "--into", str(tmp_path), *CLOCK)
    assert (ended.code, ended.answer["read"]) == (0, "article")
    capture, expected, body = files_of(tmp_path / "generic" / "bai-20-article")
    assert body == article_page(20).encode()
    assert capture["captured_at"].startswith("2022-09-30T18:00:0")
    assert (capture["read"], capture["profile"]) == ("article", {})
    assert (expected["headline"], expected["date_published"]) == (title_of(20), "2022-09-20")


def test_a_list_and_a_page_that_must_be_refused_are_cases_too(
    office: Any, website: Any, tmp_path: Path
) -> None:
    probed(office, website)
    stored(office, website, "tin-tuc", "--into", str(tmp_path), "--name", "danh-sach")
    stored(office, website, "tin-tuc", "--into", str(tmp_path), "--read", "article", "--name", "x")
    _, listed, _ = files_of(tmp_path / "generic" / "danh-sach")
    _, refused, _ = files_of(tmp_path / "generic" / "x")
    assert [item["day"] for item in listed["items"]] == [f"2022-09-{n}" for n in range(20, 28)]
    assert refused["error"] == "NotAnArticle"


def test_a_case_is_never_overwritten_and_pages_of_other_sites_are_refused(
    office: Any, website: Any, tmp_path: Path
) -> None:
    probed(office, website)
    stored(office, website, "bai-20", "--into", str(tmp_path))
    again = stored(office, website, "bai-20", "--into", str(tmp_path))
    assert "exists already" in again.answer["error"]
    shutil.rmtree(tmp_path / "generic")
    other = office.run("sites", "fixture", "http://khac.test/bai", "--site", "xa-a")
    assert "is not on the site" in other.answer["error"]
    assert list(tmp_path.iterdir()) == []
