"""What a looked-at page holds, which selectors a site needs, and what its addresses have in common."""

# ruff: noqa: E501 - markup reads best on one line

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.captured import CapturedPage, ListedItem
from crawler.probing import channels, derive, markers, samples, sections
from crawler.probing.choosing import FurtherPages, choose
from crawler.probing.exploring import Explorer
from crawler.probing.fetching import Visit
from crawler.probing.links import Kind, PageLink
from crawler.probing.places import Sample, css_path, same_title
from crawler.probing.probe import trial_profile, with_twin
from crawler.probing.remarks import questions, remarks
from crawler.probing.result import Question, code_of
from crawler.probing.sections import Verdict
from crawler.profile_fields import SITE_CODE
from crawler.profiles import ProfileVersion, Selectors
from storage.clock import Clock
from storage.records import DateSource
from storage.workspace import Settings

BASE = "http://xa.test/"
AT = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)
PROFILE = trial_profile(BASE)
VERSION = PROFILE.versions[0]
SETTINGS = Settings(
    office_name="Sở KHCN",
    contact="khcn@tinh.test",
    since=AT.date(),
    delay_s=0,
    timeout_s=1,
    proxy=None,
    database_url="sqlite://",
    busy_timeout_s=5,
)
VISIT = Visit(profile=PROFILE, settings=SETTINGS, clock=Clock())


def page_of(body: str, path: str = "tin", **headers: str) -> CapturedPage:
    return CapturedPage(
        url=BASE + path,
        status=200,
        headers={"content-type": "text/html; charset=utf-8", **headers},
        body=f"<html><head><title>Xã</title></head><body>{body}</body></html>".encode(),
        captured_at=AT,
    )


def items(*numbers: int, day: str = "<i>{:02}/09/2022</i>", href: str = "/bai-{}") -> str:
    entries = "".join(
        f'<li><a href="{href.format(n)}">Tiêu đề của bài viết thứ {n} trong danh sách</a> '
        f"{day.format(n)}</li>"
        for n in numbers
    )
    return f"<div><ul>{entries}</ul></div>"


def look(
    body: str, *, name: str = "Tin tức", kind: Kind = Kind.NEWS, path: str = "tin"
) -> sections.Look:
    link = PageLink(BASE + path, name, kind, is_in_menu=True, is_titled=False)
    return sections.look_at(link, page_of(body, path), VERSION, PROFILE)


def verdicts(*looks: sections.Look) -> list[Verdict]:
    return [one.verdict for one in sections.judge(looks, PROFILE)]


# ------------------------------------------------------------------------------ sections


def test_a_list_with_days_is_one_of_news_and_one_without_has_to_be_looked_into() -> None:
    undated = look(items(4, 5, 6, 7, day=""), path="khac")
    assert verdicts(look(items(1, 2, 3)), undated) == [Verdict.NEWS, Verdict.UNDATED]


@pytest.mark.parametrize(
    "page",
    [
        look(items(1, 2, 3), name="Văn bản chỉ đạo", kind=Kind.DOCUMENTS),
        look(items(1, 2, 3, href="/tep-{}.pdf")),
        look(
            "<table><tr><th>Số, ký hiệu</th><th>Ngày ban hành</th><th>Trích yếu</th></tr></table>"
            + items(1, 2, 3)
        ),
    ],
)
def test_lists_of_legal_texts_and_files_are_no_news(page: sections.Look) -> None:
    assert verdicts(page) == [Verdict.DOCUMENTS]


def test_a_page_without_a_list_is_none() -> None:
    assert verdicts(look("<p>Địa chỉ: thôn 1. Điện thoại: 0233.</p>")) == [Verdict.NO_LIST]


def test_of_pages_with_the_same_items_the_first_is_the_section_unless_the_other_is_called_news() -> (
    None
):
    box = look(items(1, 2, 3), name="Điều kiện tự nhiên", kind=Kind.OTHER, path="tu-nhien")
    other = look(items(1, 2, 3), name="Thông báo", path="thong-bao")
    assert verdicts(look(items(1, 2, 3)), box, other) == [
        Verdict.NEWS,
        Verdict.TWIN,
        Verdict.NEWS,
    ]


def test_an_address_that_only_sends_on_to_a_section_is_none_itself() -> None:
    section = look(items(1, 2, 3))
    other = dataclasses.replace(section.link, url=f"{BASE}tin/")
    twice = [section, dataclasses.replace(section, link=other)]
    assert verdicts(*twice) == [Verdict.NEWS, Verdict.TWIN]


def test_links_off_the_site_home_and_to_itself_are_no_items() -> None:
    body = items(1, 2, 3) + items(9, href="http://khac.test/bai-{}")
    own = look(body + '<ul><li><a href="/">Trang chủ của xã nhà</a> <i>01/09/2022</i></li></ul>')
    assert {item.url for item in own.items} == {f"{BASE}bai-{n}" for n in (1, 2, 3)}


def test_what_is_a_section_itself_is_no_item_of_another() -> None:
    page = look(items(1, 2, 3))
    kept = sections.without(page, [f"{BASE}bai-2", page.link.url], PROFILE)
    assert [item.url for item in kept.items] == [f"{BASE}bai-1", f"{BASE}bai-3"]


def read(sample: Sample) -> samples.Read:
    chosen = Selectors(headline=".TenTin")
    return samples.read(sample, VERSION.model_copy(update={"select": chosen}))


def test_sample_articles_decide_on_a_list_without_days() -> None:
    (undated,) = sections.judge([look(items(4, 5, 6, 7, day=""))], PROFILE)
    good, bad = read(sample(1)), read(sample(2, shown="Trang khác hẳn với tiêu đề ấy"))
    assert sections.settled_by_articles(undated, [good, good, bad]).verdict is Verdict.NEWS
    assert sections.settled_by_articles(undated, [bad, bad, good]).verdict is Verdict.NO_LIST
    assert sections.settled_by_articles(undated, []).verdict is Verdict.UNDATED


def test_a_list_of_sections_with_the_day_of_their_newest_post_is_no_list_of_news() -> None:
    (dated,) = sections.judge([look(items(4, 5, 6, 7))], PROFILE)
    one = sample(1)
    lists = [
        read(replace(one, page=page_of(items(*range(n, n + 5)), f"muc-{n}"))) for n in (1, 2, 3)
    ]
    assert dated.verdict is Verdict.NEWS
    assert sections.settled_by_articles(dated, lists).verdict is Verdict.NO_LIST
    assert sections.settled_by_articles(dated, [*lists, read(one)]).verdict is Verdict.NEWS
    assert sections.settled_by_articles(dated, lists[:2]).verdict is Verdict.NEWS


def test_a_full_list_that_says_next_without_leading_there_promises_more() -> None:
    pager = '<nav class="pagination"><a href="/">Trang sau</a></nav>'
    full, short = look(items(*range(1, 10)) + pager), look(items(1, 2) + pager)
    assert (sections.may_go_on(full), sections.promises_more(full)) == (True, True)
    assert not sections.may_go_on(short)
    assert not sections.promises_more(look(items(*range(1, 10))))


# ------------------------------------------------------------------------- places, selectors


def sample(number: int, *, shown: str | None = None, markup: str = "{title} {day}") -> Sample:
    """Give an article whose template no family knows: title and day in cells of a table."""
    title = f"Tiêu đề của bài viết thứ {number} trong danh sách"
    cells = markup.format(
        title=f'<td class="TenTin">{shown or title}</td>',
        day=f'<td class="NgayTin">{number:02}/09/2022</td>',
    )
    text = "Ủy ban nhân dân xã tổ chức hội nghị và thông báo đến toàn thể nhân dân được biết. " * 3
    body = f"""<table><tr>{cells}</tr><tr><td class="NoiDung"><p>{text}</p><p>{text}</p></td></tr>
    </table>"""
    item = ListedItem(
        url=f"{BASE}bai-{number}", title=title, day=dt.date(2022, 9, number), day_raw=None
    )
    return Sample(section=f"{BASE}tin", item=item, page=page_of(body, f"bai-{number}"))


def test_selectors_are_found_by_the_titles_and_days_of_the_lists() -> None:
    taken = [sample(number) for number in (1, 2, 3)]
    assert derive.headline_selector(taken) == "td.TenTin"
    assert derive.date_selector(taken, VERSION.dates) == "td.NgayTin"


def test_selectors_are_taken_only_where_they_let_more_be_read() -> None:
    taken = [sample(number) for number in (1, 2, 3)]
    plain = samples.fit_of(taken, VERSION)
    better = samples.with_selectors(plain)
    assert better.score > plain.score
    assert better.is_perfect
    assert samples.with_selectors(better) is better


def test_no_selector_is_learned_from_one_day_that_stands_on_every_page() -> None:
    item = sample(1).item
    rebuilt = [dataclasses.replace(sample(number), item=item) for number in (1, 1, 1)]
    assert derive.date_selector(rebuilt, VERSION.dates) is None


def test_sections_for_which_no_request_was_left_are_asked_for_by_name() -> None:
    def asked(*, is_spent: bool) -> list[Question]:
        menu = [
            replace(look(items(1), name="Kinh tế").link, url=f"{BASE}muc-{n}") for n in "abcdefgh"
        ]
        met = Explorer(VISIT, page_of(""), PROFILE, unseen=menu, is_spent=is_spent)
        undecided, _ = remarks([], met, [], {}, VERSION)
        assert [one.url for one in undecided] == [f"muc-{n}" for n in "abcdefgh"]
        return list(questions(undecided))

    assert not list(questions([]))
    (spent,), (bounded,) = (asked(is_spent=one) for one in (True, False))
    for question in (spent, bounded):
        assert question.field == "sections"
        assert "8 links" in question.text.en
        assert "“Kinh tế”" in question.text.en
    assert "--requests" in spent.text.en
    assert "--requests" not in bounded.text.en


def test_two_samples_are_too_few_for_a_selector() -> None:
    assert derive.headline_selector([sample(1), sample(2)]) is None


def test_a_family_that_reads_all_samples_is_taken_before_others_are_tried() -> None:
    taken = [sample(number) for number in (1, 2, 3)]
    chosen = VERSION.model_copy(
        update={"select": samples.with_selectors(samples.fit_of(taken, VERSION)).version.select}
    )
    fit = samples.best_fit(taken, chosen, ["generic", "wordpress"])
    assert fit is not None
    assert fit.version.family == "generic"
    assert samples.best_fit([], VERSION, ["generic"]) is None


def test_a_family_that_knows_its_softwares_clock_is_tried_only_where_the_site_bears_its_marks() -> (
    None
):
    hugo, ghost = markers.Guess("static", 5, ()), markers.Guess("ghost", 5, ())
    assert {"ghost", "wordpress"}.isdisjoint(markers.worth_trying("generic", [hugo]))
    tried = markers.worth_trying("generic", [hugo, ghost])
    assert tried[:3] == ["generic", "static", "ghost"]
    assert len(tried) == len(set(tried))


def instants(day: str) -> list[samples.Read]:
    """Give a page that marks its time as UTC's beside its title, as it is read."""
    head = f'<meta property="article:published_time" content="{day}">'
    text = f"<h1>Hội nghị tổng kết</h1><p>{'Xã họp bàn việc làm đường. ' * 8}</p>"
    item = ListedItem(url=f"{BASE}bai-1", title="Hội nghị tổng kết", day=None, day_raw=None)
    page = page_of(f"{head}<main>{text}</main>", "bai-1")
    return [samples.read(Sample(section=f"{BASE}tin", item=item, page=page), VERSION)]


def test_a_post_whose_parts_are_not_found_is_no_list_for_the_dated_links_below_it() -> None:
    rows = "".join(
        f'<li><a href="/b-{n}">Tin số {n} của xã</a> 0{n}/09/2022</li>' for n in range(1, 5)
    )
    item = ListedItem(url=f"{BASE}bai-1", title="Hội nghị", day=None, day_raw=None)
    version = VERSION.model_copy(update={"family": "wordpress"})
    found = {}
    for name in ("single-post", "archive"):
        markup = f'<title>Xã</title><body class="{name}"><main><ul>{rows}</ul></main></body>'
        page = replace(page_of("", "bai-1"), body=markup.encode())
        taken = Sample(section=f"{BASE}tin", item=item, page=page)
        found[name] = sections.is_list(samples.read(taken, version))
    assert found == {"single-post": False, "archive": True}


def test_a_feed_that_a_menu_links_is_no_page_whose_list_may_come() -> None:
    feed = "<rss><channel><item><title>Tin</title><link>http://xa.test/bai-1</link></item></channel></rss>"
    for body, may_fill in ((feed, False), ("<p>Đang cập nhật</p>", True)):
        link = PageLink(f"{BASE}rss", "Tin tức", Kind.NEWS, is_in_menu=True, is_titled=False)
        shown = replace(page_of("", "rss"), body=body.encode())
        look = sections.look_at(link, shown, VERSION, PROFILE)
        assert sections.may_fill_later(look, VERSION) is may_fill


def test_more_articles_are_asked_for_only_where_a_day_hangs_on_the_clock() -> None:
    assert samples.needs_clock(instants("2022-09-02T18:00:00+00:00"), VERSION.dates)
    assert not samples.needs_clock(instants("2022-09-02T09:00:00+00:00"), VERSION.dates)
    assert not samples.needs_clock(instants("2022-09-02T18:00:00+07:00"), VERSION.dates)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Hội nghị TỔNG KẾT năm 2022", "Hội nghị tổng kết năm 2022", True),
        ("Hội nghị tổng kết công tác năm…", "Hội nghị tổng kết công tác năm 2022 của xã", True),
        ("Thông báo", "Thông báo số 2", False),
        ("12 Hội nghị tổng kết công tác năm", "Hội nghị tổng kết công tác năm", True),
        ("2 Thông báo", "Thông báo", False),
        ("Hội nghị A", "Hội nghị B", False),
    ],
)
def test_titles_are_the_same_when_one_is_the_other_cut_off(
    one: str, other: str, *, is_same: bool
) -> None:
    assert is_same == same_title(one, other) == same_title(other, one)


def test_a_path_leaves_out_what_names_a_single_post() -> None:
    tree = page_of(
        '<article id="post-12" class="post-12 category-tin status-publish"><h1 class="entry-title">A</h1></article>'
    ).tree
    (heading,) = tree.iter("h1")
    assert css_path(heading) == "h1.entry-title"


# ------------------------------------------------------------------------------- days


def read_with(told: str | None, shown: str | None, listed: str | None) -> samples.Read:
    days = {DateSource.META: told, DateSource.TEMPLATE: shown}
    base = sample(1)
    day = dt.date.fromisoformat(listed) if listed else None
    return samples.Read(
        sample=dataclasses.replace(base, item=dataclasses.replace(base.item, day=day)),
        extraction=None,
        refusal="",
        places={},
        days={source: dt.date.fromisoformat(text) for source, text in days.items() if text},
    )


def test_metadata_that_contradict_the_printed_day_lose_their_place() -> None:
    trust = samples.trust_of([read_with("2022-12-14", "2022-12-15", "2022-12-15")])
    assert trust.order[:2] == (DateSource.TEMPLATE, DateSource.LIST)


@pytest.mark.parametrize(
    "days",
    [
        ("2022-12-15", "2022-12-15", "2022-12-15"),
        ("2022-12-14", None, None),
        ("2022-12-14", "2022-12-15", "2022-12-16"),
        (None, "2022-12-15", "2022-12-15"),
    ],
)
def test_without_a_clear_contradiction_the_usual_order_stays(
    days: tuple[str | None, str | None, str | None],
) -> None:
    assert samples.trust_of([read_with(*days)]).order == ()


# -------------------------------------------------------------------- marks and addresses


def test_marks_of_several_pages_add_up_to_a_family_with_its_evidence() -> None:
    pages = [
        page_of('<link rel="stylesheet" href="/wp-content/themes/x/style.css">'),
        page_of("", link='<http://xa.test/wp-json/>; rel="https://api.w.org/"'),
    ]
    best = markers.guesses(pages)[0]
    assert best.family == "wordpress"
    assert best.weight >= markers.SURE
    assert any("wp-content" in clue.en for clue in best.clues)


def test_a_page_without_any_mark_gives_no_guess_worth_believing() -> None:
    assert all(guess.weight < markers.SURE for guess in markers.guesses([page_of("<p>Xã</p>")]))


@pytest.mark.parametrize(
    ("articles", "others", "pattern"),
    [
        (
            ["http://a.test/2022/09/bai/", "http://a.test/2021/12/khac/"],
            ["http://a.test/category/tin/"],
            r"/\d{4}/\d\d?/[^/]+",
        ),
        (
            ["http://a.test/x/a-1.html", "http://a.test/y/b-20.html"],
            ["http://a.test/x/"],
            r"-\d+\.html$",
        ),
        (
            ["http://a.test/Pages/ct.aspx?ItemID=4"],
            ["http://a.test/Pages/tin.aspx"],
            r"/Pages/ct\.aspx\?(?:.*&)?ItemID=",
        ),
        (["http://a.test/tin/mot", "http://a.test/tin/hai"], ["http://a.test/tin"], "/tin/[^/]+"),
        (["http://a.test/mot", "http://a.test/hai"], ["http://a.test/tin"], None),
        (["http://a.test/tin/mot"], ["http://a.test/tin/muc-con"], None),
        ([], [], None),
    ],
)  # fmt: skip - a table
def test_addresses_of_articles_have_a_usual_form_or_none_is_named(
    articles: list[str], others: list[str], pattern: str | None
) -> None:
    assert pattern == channels.pattern_of(articles, others)


def test_feeds_are_those_announced_without_those_of_comments() -> None:
    head = """<link rel="alternate" type="application/rss+xml" href="/feed/">
    <link rel="alternate" type="application/rss+xml" href="/comments/feed/">"""
    assert channels.feed_addresses([page_of(head)], "wordpress", BASE) == [f"{BASE}feed/"]
    assert channels.feed_addresses([page_of("")], "wordpress", BASE) == [f"{BASE}feed/"]
    crooked = page_of('<a href="http://[::1/rss">RSS</a>')
    assert channels.feed_addresses([crooked], "wordpress", BASE) == [f"{BASE}feed/"]


@given(host=st.from_regex(r"[a-zA-Z0-9.-]{1,30}", fullmatch=True), folder=st.text(max_size=20))
def test_every_site_gets_a_code_that_a_profile_accepts(host: str, folder: str) -> None:
    assert SITE_CODE.fullmatch(
        code_of(f"http://{host}/{folder.replace('?', '').replace('#', '')}/")
    )


def test_a_host_has_a_twin_with_or_without_www() -> None:
    assert with_twin("http://www.xa.gov.vn/") == ("xa.gov.vn",)
    assert with_twin("http://xa.gov.vn/") == ("www.xa.gov.vn",)
    assert with_twin("http://127.0.0.1:80/") == ()


def test_a_profile_version_of_a_trial_is_hashable_so_that_pages_are_read_once() -> None:
    assert isinstance(hash(VERSION), int)
    assert ProfileVersion.model_validate(VERSION.model_dump()) == VERSION


def test_a_post_that_another_list_shows_with_its_day_is_no_section() -> None:
    news = look(items(1, 2, 3, 4))
    link = PageLink(BASE + "bai-2", "Tiêu đề", Kind.OTHER, is_in_menu=False, is_titled=True)
    neighbour = '<h1>Bài hai</h1><p>Ngắn.</p><ul><li><a href="/bai-3">Bài trước đó</a> <i>03/09/2022</i></li></ul>'
    post = sections.look_at(link, page_of(neighbour, "bai-2"), VERSION, PROFILE)
    assert len(post.days) == 1
    assert not post.is_article
    assert verdicts(news, post) == [Verdict.NEWS, Verdict.NO_LIST]
    assert verdicts(post) == [Verdict.NEWS]


def test_a_home_page_whose_next_page_shows_nothing_new_is_no_list_beside_others() -> None:
    """Documentation generators call the next chapter so."""
    home = look(items(1, 2, 3) + '<a rel="next" href="/gioi-thieu">Tiếp</a>', path="")
    judged = sections.judge([look(items(1, 2, 3, 4)), home], PROFILE)
    for fruitless, wanted in ((set(), ["tin", "./"]), ({BASE}, ["tin"])):
        used, _ = choose(judged, [], [], FurtherPages(fruitless=fruitless), PROFILE)
        assert [one.section.url for one in used] == wanted


def test_a_post_in_a_menu_that_shows_the_whole_site_is_no_section_for_its_authors_link() -> None:
    post = (
        '<main><h1>Xã trao quà cho hộ nghèo</h1><p class="date">02/03/2022 <a href="/author/bt">'
        "bientap</a></p><p>Xã vừa trao quà cho hộ nghèo dịp lễ, mỗi suất trị giá năm trăm nghìn "
        "đồng, với sự có mặt của các thôn trưởng.</p></main>"
    )
    marked = '<meta property="og:type" content="article">' + post
    assert len(look(marked, name="Xã trao quà").items) == 1
    assert look(marked, name="Xã trao quà").is_article
    assert not look(post, name="Kinh tế").is_article
    assert verdicts(look(marked, name="Xã trao quà")) == [Verdict.NO_LIST]
