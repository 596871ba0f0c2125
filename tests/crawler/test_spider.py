"""What a crawl asks, finds and stores, on sites that behave."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

NIGHT = "2022-10-{:02d}T01:00+07:00"

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    skip: ['/cam-hoi/']
    sections:
      - {{name: Tin tức, url: tin}}
{more}
"""


@pytest.fixture
def website(start_website: Callable[[], Any]) -> Any:  # noqa: ANN401
    return start_website()


@pytest.fixture
def office(open_office: Callable[..., Any]) -> Any:  # noqa: ANN401
    return open_office()


def write(office: Any, website: Any, more: str = "") -> None:  # noqa: ANN401
    office.profile(PROFILE.format(base=website.url, more=more))


def publish(website: Any, pages: Any, *posts: tuple[str, str, str]) -> None:  # noqa: ANN401
    """Let the site have these posts: a list, and a page each."""
    website.page("/tin", pages.listing(list(posts)))
    for path, title, day in posts:
        website.page(path, pages.article(title, day))


def asked(website: Any) -> list[str]:  # noqa: ANN401
    """Give what was asked since the last time."""
    log = list(website.log)
    website.log.clear()
    return log


def test_posts_outside_the_window_are_seen_but_not_asked(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    publish(
        website,
        pages,
        ("/moi", "Bài sau kỳ của xã", "2022-04-01"),
        ("/trong-2", "Bài trong kỳ hai của xã", "2022-03-31"),
        ("/trong-1", "Bài trong kỳ một của xã", "2022-03-01"),
        ("/cu", "Bài trước kỳ của xã", "2022-02-28"),
    )
    assert office.crawl("--from", "2022-03-01", "--to", "2022-04-01").code == 0
    assert asked(website) == ["/robots.txt", "/tin", "/trong-2", "/trong-1"]
    assert len(office.content()["sightings"]) == 4
    assert office.coverage("xa")["Tin tức"][2:] == ["2022-03-01", "2022-04-01"]


def test_only_what_is_new_or_listed_otherwise_is_asked_on_a_later_night(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    one = ("/mot", "Bài một của xã", "2022-09-01")
    two = ("/hai", "Bài hai của xã", "2022-09-02")
    publish(website, pages, two, one)
    assert office.crawl(clock=NIGHT.format(1)).code == 0
    asked(website)
    renamed = ("/hai", "Bài hai của xã (cập nhật)", "2022-09-02")
    new = ("/ba", "Bài ba của xã", "2022-09-03")
    publish(website, pages, new, renamed, one)
    ended = office.crawl(clock=NIGHT.format(2))
    assert asked(website) == ["/robots.txt", "/tin", "/ba", "/hai"]
    counters = ended.site("xa")["counters"]
    assert (counters["version/new"], counters["version/changed"]) == (1, 1)
    numbers = [(url.rpartition("/")[2], n) for url, n, *_ in office.content()["versions"]]
    assert numbers == [("ba", 1), ("hai", 1), ("hai", 2), ("mot", 1)]


def test_a_list_entry_that_changed_over_an_unchanged_page_makes_no_version(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-01"))
    office.crawl(clock=NIGHT.format(1))
    website.page("/tin", pages.listing([("/mot", "BÀI MỘT CỦA XÃ", "2022-09-01")]))
    office.crawl(clock=NIGHT.format(2))
    assert [fate for fate, _ in office.fates("xa")["/mot"]] == ["stored", "unchanged"]
    assert len(office.content()["versions"]) == 1
    assert len(office.content()["sightings"]) == 2


def test_a_missing_page_is_asked_again_after_a_week(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    website.page("/tin", pages.listing([("/mat", "Bài đã mất của xã", "2022-09-01")]))
    office.crawl(clock=NIGHT.format(1))
    office.crawl(clock=NIGHT.format(7))
    assert asked(website).count("/mat") == 1
    office.crawl(clock=NIGHT.format(8))
    assert asked(website).count("/mat") == 1


def test_the_same_article_in_two_sections_is_asked_once_and_seen_twice(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website, "      - {name: Nổi bật, url: noi-bat}")
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-01"))
    website.page(
        "/noi-bat", pages.listing([("/mot?utm_source=zalo", "Bài 1 của xã", "2022-09-01")])
    )
    assert office.crawl().code == 0
    assert [path for path in asked(website) if path.startswith("/mot")] == ["/mot"]
    sections = [section for _, section, *_ in office.content()["sightings"]]
    assert sections == ["Nổi bật", "Tin tức"]


def test_addresses_of_other_hosts_and_forbidden_ones_are_never_asked(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
    start_website: Callable[[], Any],
) -> None:
    stranger = start_website()
    write(office, website)
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-03"))
    items = [
        ("/mot", "Bài một của xã", "2022-09-03"),
        (f"{stranger.url}bai", "Bài của báo khác", "2022-09-02"),
        ("/cam-hoi/x", "Bài không được hỏi", "2022-09-01"),
    ]
    website.page("/tin", pages.listing(items))
    assert office.crawl().code == 0
    assert asked(website) == ["/robots.txt", "/tin", "/mot"]
    assert stranger.log == []
    assert len(office.content()["articles"]) == 1


FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Tin</title>
<item><title>Bài từ nguồn tin của xã</title><link>{base}nguon</link>
<pubDate>Thu, 01 Sep 2022 20:00:00 +0000</pubDate></item>
</channel></rss>"""


def test_an_article_without_a_day_takes_that_of_the_feed(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website, "      - {name: RSS, url: rss, discover: feed}")
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-01"))
    website.page(
        "/rss", FEED.format(base=website.url), headers={"Content-Type": "application/rss+xml"}
    )
    undated = pages.article("Bài từ nguồn tin của xã", "").replace("T08:00:00+07:00", "")
    website.page("/nguon", undated)
    ended = office.crawl()
    assert ended.site("xa")["outcome"] == "partial"  # a feed of one item does not reach back
    assert office.coverage("xa")["RSS"] == ["partial", "feed_too_short", "2022-09-03", "2022-10-01"]
    rows = office.rows(
        "SELECT date_published, date_source FROM article_version v JOIN article a"
        " ON a.id = article_id WHERE canonical_url LIKE '%/nguon'"
    )
    # Eight in the evening of Greenwich is the next morning in Vietnam.
    assert rows == [("2022-09-02", "feed")]


def test_a_day_that_only_the_feed_shows_reaches_an_article_that_a_list_led_to(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    sections = "      - {name: Tin, url: tin}\n      - {name: RSS, url: rss, discover: feed}"
    write(office, website, sections)
    titles = [f"Bài thứ {n} về hoạt động của xã" for n in range(1, 5)]
    entries = "".join(f'<li><a href="/b{n}">{title}</a></li>' for n, title in enumerate(titles))
    items = "".join(
        f"<item><title>{title}</title><link>{website.url}b{n}</link>"
        f"<pubDate>Thu, 0{n + 1} Sep 2022 02:00:00 +0000</pubDate></item>"
        for n, title in enumerate(titles)
    )
    website.page("/tin", f"<html><body><h1>Tin</h1><main><ul>{entries}</ul></main></body></html>")
    website.page(
        "/rss",
        f'<rss version="2.0"><channel>{items}</channel></rss>',
        headers={"Content-Type": "application/rss+xml"},
    )
    for n, title in enumerate(titles):
        website.page(f"/b{n}", pages.article(title, "").replace("T08:00:00+07:00", ""))
    office.crawl()
    rows = office.rows("SELECT date_published, date_source FROM article_version ORDER BY 1")
    assert rows == [(f"2022-09-0{n}", "feed") for n in range(1, 5)]


def test_a_sitemap_and_its_parts_are_walked(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(
        office,
        website,
        "      - {name: Bản đồ, url: sitemap.xml, discover: sitemap, article: /bai-}",
    )
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-01"))
    xml = {"Content-Type": "application/xml"}
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    parts = "".join(f"<sitemap><loc>{website.url}s{n}.xml</loc></sitemap>" for n in (1, 2))
    website.page("/sitemap.xml", f"<sitemapindex {space}>{parts}</sitemapindex>", headers=xml)
    for n in (1, 2):
        urls = "".join(f"<url><loc>{website.url}{p}-{n}</loc></url>" for p in ("bai", "trang"))
        website.page(f"/s{n}.xml", f"<urlset {space}>{urls}</urlset>", headers=xml)
        website.page(f"/bai-{n}", pages.article(f"Bài số {n} trong bản đồ", "2022-09-05"))
    office.crawl()
    assert sorted(asked(website)) == sorted(
        ["/robots.txt", "/tin", "/sitemap.xml", "/s1.xml", "/s2.xml", "/mot", "/bai-1", "/bai-2"]
    )
    assert len(office.content()["versions"]) == 3


def test_too_few_articles_break_the_profile_s_expectation_and_with_it_the_coverage(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website, "expect: {articles_min: 5}")
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-01"))
    ended = office.crawl()
    assert ended.code == 3
    assert ended.site("xa")["outcome"] == "failed"
    assert "at least 5 articles" in ended.site("xa")["reason"]
    assert office.coverage("xa")["Tin tức"][:2] == ["none", "expectation_broken"]


@pytest.mark.parametrize(
    ("bounds", "ended_as"),
    [
        ("min: 2", ("failed", "expected at least 2 articles in 30 days, the lists show 1")),
        (
            "max: 0",
            ("complete", "warning: expected at most 0 articles in 30 days, the lists show 1"),
        ),
        ("min: 1, max: 1", ("complete", None)),
    ],
)
def test_a_month_has_as_many_articles_as_the_profile_expects(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
    bounds: str,
    ended_as: tuple[str, str | None],
) -> None:
    write(office, website, f"expect: {{articles_per_30_days: {{{bounds}}}}}")
    publish(
        website,
        pages,
        ("/mot", "Bài một của xã", "2022-09-01"),
        ("/hai", "Bài hai của xã", "2022-08-31"),
    )
    ended = office.crawl().site("xa")
    assert (ended["outcome"], ended["reason"]) == ended_as


def test_each_page_of_a_list_is_kept_with_its_place_and_what_it_showed(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    website.page("/tin", pages.listing([("/mot", "Bài một của xã", "2022-09-02")], after="/tin-2"))
    items = [
        ("/hai", "Bài hai của xã", "2022-09-01"),
        ("/ba", "Bài ba của xã", "2022-08-30"),
    ]
    website.page("/tin-2", pages.listing(items, after="/tin-3"))
    website.page("/tin-3", status=503)
    for path, title, day in [("/mot", "Bài một của xã", "2022-09-02"), *items]:
        website.page(path, pages.article(title, day))
    assert office.crawl().code == 3
    shown = office.rows(
        "SELECT url, section, channel, number, items, undated, newest, oldest FROM list_page p"
        " JOIN capture c ON c.id = capture_id ORDER BY c.id"
    )
    base = website.url
    failed = (f"{base}tin-3", "Tin tức", "list", 3, None, None, None, None)
    assert shown == [
        (f"{base}tin", "Tin tức", "list", 1, 1, 0, "2022-09-02", "2022-09-02"),
        (f"{base}tin-2", "Tin tức", "list", 2, 2, 0, "2022-09-01", "2022-08-30"),
        failed,
        failed,  # asked again
        failed,
    ]


def publish_four_pages(website: Any, pages: Any, *, undated: bool = False) -> None:  # noqa: ANN401
    """Let the site have 24 posts, one a day, on four pages of a list."""
    posts = [(f"/bai-{n}", f"Bài số {n} của xã", f"2022-08-{31 - n:02d}") for n in range(24)]
    for path, title, day in posts:
        website.page(path, pages.article(title, day))
    for n in range(4):
        listed = pages.listing(posts[6 * n : 6 * n + 6], after=f"/tin-{n + 1}" if n < 3 else None)
        shown = re.sub("<time.*?</time>", "", listed) if undated else listed
        website.page(f"/tin-{n}" if n else "/tin", shown)


def test_what_was_not_read_is_asked_again_even_where_the_walk_stops_before_it(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    publish_four_pages(website, pages)
    website.page("/bai-20", status=503)
    office.crawl(clock=NIGHT.format(1))
    assert office.rows("SELECT list_order FROM coverage") == [("newest_first",)]
    asked(website)
    website.page("/bai-20", pages.article("Bài số 20 của xã", "2022-08-11"))
    assert office.crawl(clock=NIGHT.format(2)).code == 0
    assert asked(website) == ["/robots.txt", "/tin", "/tin-1", "/bai-20"]
    assert office.coverage("xa")["Tin tức"] == [
        "partial",
        "reached_known",
        "2022-08-21",
        "2022-10-02",
    ]
    assert office.rows("SELECT joins_run_id FROM coverage WHERE run_id = 2") == [(1,)]
    office.crawl("--deep", clock=NIGHT.format(3))
    assert office.coverage("xa")["Tin tức"][:2] == ["complete", "reached_list_end"]


def test_a_list_without_days_is_cut_short_once_its_articles_have_been_read(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    publish_four_pages(website, pages, undated=True)
    walked = []
    for night in (1, 2, 3):
        assert office.crawl(clock=NIGHT.format(night)).code == 0
        walked.append([path for path in asked(website) if path.startswith("/tin")])
    assert [len(paths) for paths in walked] == [4, 4, 2]
    assert office.coverage("xa")["Tin tức"][1:3] == ["reached_known", "2022-08-21"]


def test_a_redesign_that_the_profile_announces_calls_for_a_deep_sweep(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    before = "  - family: generic\n    until: 2022-10-02\n    sections: [{name: Tin tức, url: tin}]"
    write(office, website, before)
    publish_four_pages(website, pages)
    for night, walked in ((1, 4), (2, 4), (3, 2)):
        assert office.crawl(clock=NIGHT.format(night)).code == 0
        assert sum(path.startswith("/tin") for path in asked(website)) == walked


def test_all_goes_by_the_office_s_proxy_and_under_its_name(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    settings = office.folder / "tinbai.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("[crawl]", f'[crawl]\nproxy = "{website.url}"'), encoding="utf-8"
    )
    office.profile(PROFILE.format(base="http://xa-mot.test/xa/", more=""))
    base = "http://xa-mot.test/"
    website.page(f"{base}robots.txt", "")
    website.page(f"{base}xa/tin", pages.listing([("/xa/mot", "Bài một của xã", "2022-09-01")]))
    website.page(f"{base}xa/mot", pages.article("Bài một của xã", "2022-09-01"))
    assert office.crawl().code == 0
    assert asked(website) == [f"{base}robots.txt", f"{base}xa/tin", f"{base}xa/mot"]
    (agent,) = website.agents
    assert agent.startswith("tinbai/")
    assert agent.endswith("(+contact: cchc@example.test)")


def test_a_run_says_what_it_is_and_that_its_clock_was_set(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    publish(website, pages, ("/mot", "Bài một của xã", "2022-09-01"))
    office.crawl()
    ((site, outcome, simulated, started),) = office.rows(
        "SELECT site, outcome, simulated_clock, started_at FROM crawl_run"
    )
    assert (site, outcome, simulated) == ("xa", "complete", 1)
    assert started.startswith("2022-09-30 18:00")


def test_a_site_that_no_profile_describes_is_a_mistake_in_the_command(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
) -> None:
    write(office, website)
    ended = office.crawl("--site", "xaa")
    assert ended.code == 2
    assert "the nearest is 'xa'" in ended.answer["error"]
    assert asked(website) == []


@pytest.mark.parametrize(
    "days", [("--from", "1/9/2022"), ("--from", "2022-09-01", "--to", "2022-09-01")]
)
def test_wrong_days_are_a_mistake_in_the_command(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    days: tuple[str, ...],
) -> None:
    write(office, website)
    assert office.crawl(*days).code == 2


def test_profiles_are_checked_all_at_once(website: Any, office: Any) -> None:  # noqa: ANN401
    write(office, website)
    assert office.run("sites", "check").answer[0]["site"] == "xa"
    office.profile("site: hong\nbase_url: khong\nversions: []\nla: 1\n")
    wrong = office.run("sites", "check")
    assert wrong.code == 2
    assert {
        field for field in ("base_url", "versions", "la") if field in wrong.answer["error"]
    } == {
        "base_url",
        "versions",
        "la",
    }
