"""All that can go wrong on the way: each fault ends as a named fate, and the night goes on."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from storage.engine import Database
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

NEXT_NIGHT = "2022-10-02T01:00+07:00"

PROFILE = """\
site: {site}
base_url: {base}
versions:
  - family: wordpress
    max_pages: 3
    sections:
{sections}
"""


def profile(site: str, base: str, *sections: str) -> str:
    order = ", order: newest_first"  # so that a few items prove their days
    lines = "".join(f"      - {{name: {one}, url: {one}{order}}}\n" for one in sections)
    return PROFILE.format(site=site, base=base, sections=lines)


@dataclass(frozen=True)
class Night:
    """One crawl over all that can be wrong."""

    office: Any
    ended: Any
    website: Any
    stranger: Any

    def fate(self, path: str) -> list[tuple[str, str | None]]:
        """Give all attempts at an article of the site with good lists."""
        found: list[tuple[str, str | None]] = self.office.fates("articles")[path]
        return found


@pytest.fixture(scope="module")
def night(start_website: Callable[[], Any], open_office: Callable[..., Any], pages: Any) -> Night:  # noqa: ANN401
    website, stranger, slow, mute = (start_website() for _ in range(4))
    faults = _faulty_articles(website, stranger, pages)
    # An answer between two faults: three silent addresses in a row would mean a dead site.
    paths = [one for n, fault in enumerate(faults) for one in (f"/tot-{n}", fault)]
    for n in range(len(faults)):
        website.page(f"/tot-{n}", pages.article(f"Bài tốt số {n} của xã", "2022-09-15"))
    items = [(path, f"Tin {path} của xã", "2022-09-15") for path in paths]
    website.page("/tin", pages.listing(items))
    website.page(
        "/robots.txt", "User-agent: *\nDisallow: /cam", headers={"Content-Type": "text/plain"}
    )
    _faulty_lists(website, stranger, pages)
    slow.hang("/tin")
    mute.hang("/robots.txt")
    mute.page("/tin", pages.listing(items))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        # Another host for each of them, so that they are visited at the same time.
        closed = f"http://127.0.0.2:{unused.getsockname()[1]}/"
    office = open_office(timeout_s=1)
    office.profile(profile("articles", website.url, "tin"))
    lists = [
        "trong",
        "loi",
        "mat",
        "chan",
        "cam-muc",
        "lac-loi",
        "hong-sau",
        "dai",
        "vong",
        "lap",
        "vo-tan",
    ]
    office.profile(profile("lists", website.url.replace("127.0.0.1", "localhost"), *lists))
    office.profile(profile("dead", closed, *(f"muc-{n}" for n in range(9))))
    office.profile(profile("slow", slow.url, "tin"))
    office.profile(profile("mute", mute.url.replace("127.0.0.1", "localhost"), "tin"))
    return Night(office, office.crawl(), website, stranger)


def _faulty_articles(website: Any, stranger: Any, pages: Any) -> list[str]:  # noqa: ANN401
    good = pages.article("Bài tốt của xã", "2022-09-15")
    website.page("/404", "<h1>404 Not Found</h1>", status=404)
    website.page("/500", "<h1>Internal Server Error</h1>", status=500)
    website.reset("/reset")
    website.hang("/timeout")
    website.page("/vong-1", status=302, headers={"Location": "/vong-2"})
    website.page("/vong-2", status=302, headers={"Location": "/vong-1"})
    website.page("/chuyen", status=301, headers={"Location": "/dich"})
    website.page("/dich", pages.article("Bài ở địa chỉ mới của xã", "2022-09-14"))
    website.page("/ra-ngoai", status=302, headers={"Location": f"{stranger.url}bai"})
    website.page("/loi-200", "<html><title>Lỗi 404</title><h1>Không tìm thấy trang</h1></html>")
    packed = gzip.compress(good.encode())
    website.page("/gzip", packed, headers={"Content-Encoding": "gzip"})
    website.page("/gzip-cut", packed[:-40], headers={"Content-Encoding": "gzip"})
    bomb = gzip.compress(b"<p>" + b"0" * (30 * 2**20))
    website.page("/gzip-bomb", bomb, headers={"Content-Encoding": "gzip"})
    website.page("/gzip-false", good, headers={"Content-Encoding": "gzip"})
    website.flood("/100mb", 100, announced=False)
    website.flood("/100mb-announced", 100, announced=True)
    website.page("/binary", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    website.page(
        "/charset",
        good.replace("Bài tốt", "Bài lạ"),
        headers={"Content-Type": "text/html; charset=vn-9"},
    )
    website.page("/short", good, headers={"Content-Length": str(len(good.encode()) + 500)})
    website.page("/cam/bai", good)
    website.page("/trong-rong", "")
    return [
        "/404",
        "/500",
        "/reset",
        "/timeout",
        "/vong-1",
        "/chuyen",
        "/ra-ngoai",
        "/loi-200",
        "/gzip",
        "/gzip-cut",
        "/gzip-bomb",
        "/gzip-false",
        "/100mb",
        "/100mb-announced",
        "/binary",
        "/charset",
        "/short",
        "/cam/bai",
        "/trong-rong",
    ]


def _faulty_lists(website: Any, stranger: Any, pages: Any) -> None:  # noqa: ANN401
    def one(day: str) -> list[tuple[str, str, str]]:
        return [(f"/tot-{n}", f"Bài tốt số {n} của xã", f"2022-09-{day}") for n in (1, 2)]

    website.page("/trong", pages.listing([]))
    website.page("/loi", "<h1>Service Unavailable</h1>", status=503)
    website.page("/chan", "<title>Just a moment...</title><p>Checking your browser</p>")
    website.page("/cam-muc", pages.listing(one("15")))
    website.page("/lac-loi", status=302, headers={"Location": f"{stranger.url}tin"})
    website.page("/hong-sau", pages.listing(one("15"), after="/hong-sau?page=2"))
    website.page("/dai", pages.listing(one("15"), after="/dai?page=2"))
    for n in range(2, 9):
        items = [(f"/dai-{n}-{k}", f"Bài dài {n}.{k} của xã", f"2021-12-{20 - n}") for k in (1, 2)]
        items[0] = (*items[0][:2], f"2022-08-{20 - n}")
        website.page(f"/dai?page={n}", pages.listing(items, after=f"/dai?page={n + 1}"))
    website.page("/vong", pages.listing(one("15"), after="/vong?page=2"))
    website.page("/vong?page=2", pages.listing(one("15"), after="/vong?page=3"))
    website.page("/lap", status=301, headers={"Location": "/lap"})
    website.page("/vo-tan", pages.listing(one("15"), after=f"{stranger.url}vo-tan?page=2"))


FATES = {
    "/404": [("http_error", "status 404")],
    "/500": [("http_error", "status 500")] * 3,
    "/reset": [("network_error", "connection lost")] * 3,
    "/timeout": [("network_error", "timeout")] * 3,
    "/loi-200": [("http_error", "error text: loi 404")],
    "/gzip": [("stored", None)],
    "/gzip-cut": [("network_error", "cut off")] * 3,
    "/gzip-bomb": [("network_error", "too large")],
    "/gzip-false": [("unreadable", "packing: BadGzipFile")],
    "/100mb": [("network_error", "too large")],
    "/100mb-announced": [("network_error", "too large")],
    "/binary": [("unreadable", "binary: png")],
    "/charset": [("stored", None)],
    "/short": [("network_error", "cut off")] * 3,
    "/cam/bai": [("robots_denied", "not asked")],
    "/trong-rong": [("unreadable", "empty")],
    "/dich": [("stored", None)],
}


@pytest.mark.parametrize("path", FATES)
def test_each_fault_of_an_article_has_its_name(night: Night, path: str) -> None:
    assert night.fate(path) == FATES[path]


def test_every_other_article_was_read_all_the_same(night: Night) -> None:
    good = [path for path in night.office.fates("articles") if path.startswith("/tot-")]
    assert len(good) == 19
    assert all(night.fate(path) == [("stored", None)] for path in good)


def test_a_redirect_loop_ends(night: Night) -> None:
    hops = night.fate("/vong-1") + night.fate("/vong-2")
    assert [fate for fate, _ in hops] == ["redirected", "http_error"]
    assert hops[-1][1] == f"redirect loop: {night.website.url}vong-1"


def test_a_redirect_inside_the_site_is_followed_and_both_ends_are_kept(night: Night) -> None:
    assert night.fate("/chuyen") == [("redirected", f"to {night.website.url}dich")]
    (title,) = night.office.rows(
        "SELECT headline FROM article_version JOIN article a ON a.id = article_id"
        " WHERE canonical_url LIKE '%/chuyen'"
    )
    assert title == ("Bài ở địa chỉ mới của xã",)


def test_a_redirect_to_another_host_is_named_and_that_host_is_never_asked(night: Night) -> None:
    assert night.fate("/ra-ngoai") == [("off_site", f"to {night.stranger.url}bai")]
    assert night.stranger.log == []


def test_what_robots_txt_forbids_is_not_asked(night: Night) -> None:
    assert not [path for path in night.website.log if path.startswith("/cam")]
    assert "/robots.txt" in night.website.log


def test_a_body_of_a_hundred_megabytes_is_not_read_to_its_end(night: Night) -> None:
    # 10 MB is the limit; the rest are buffers of two sockets.
    assert night.website.sent["/100mb"] < 40 * 2**20
    assert night.website.sent.get("/100mb-announced", 0) < 20 * 2**20


def test_each_answer_that_came_lies_in_the_evidence(night: Night) -> None:
    missing = night.office.rows(
        "SELECT url, disposition, capture.reason FROM capture WHERE (warc_file IS NULL)"
        " <> (status IS NULL)"
    )
    assert missing == []
    (row,) = night.office.rows("SELECT warc_file FROM capture WHERE url LIKE '%/gzip-bomb'")
    assert row[0] is not None


COVERAGE = {
    "trong": ("none", "list_empty"),
    "loi": ("none", "list_failed"),
    "mat": ("none", "list_failed"),
    "chan": ("none", "list_blocked"),
    "cam-muc": ("none", "robots_denied"),
    "lac-loi": ("none", "list_failed"),
    "lap": ("none", "list_failed"),
    "hong-sau": ("partial", "list_failed"),
    "dai": ("none", "page_limit"),
    "vong": ("complete", "reached_list_end"),
    "vo-tan": ("complete", "reached_list_end"),
}


@pytest.mark.parametrize("section", COVERAGE)
def test_each_fault_of_a_list_is_said_in_the_coverage(night: Night, section: str) -> None:
    assert tuple(night.office.coverage("lists")[section][:2]) == COVERAGE[section]


def test_days_are_claimed_only_after_the_oldest_one_seen(night: Night) -> None:
    assert night.office.coverage("lists")["hong-sau"][2:] == ["2022-09-16", "2022-10-01"]


def test_a_site_with_some_lists_is_partial_and_one_with_none_failed(night: Night) -> None:
    assert night.ended.code == 3
    assert night.ended.site("lists")["outcome"] == "partial"
    assert night.ended.site("dead")["outcome"] == "failed"
    assert night.ended.site("slow")["outcome"] == "failed"
    assert night.ended.site("articles")["outcome"] == "complete"


def test_a_dead_site_is_left_alone_after_three_addresses(night: Night) -> None:
    asked = night.office.fates("dead")
    assert asked.pop("/robots.txt") == [("network_error", "connection refused")] * 3
    not_asked = ("robots_denied", "robots.txt: connection refused")
    assert {fate for path in asked.values() for fate in path} == {not_asked}
    # One more may be on its way when the third has failed.
    assert len(asked) in {3, 4}
    reasons = {tuple(one[:2]) for one in night.office.coverage("dead").values()}
    assert reasons == {("none", "list_failed")}


def test_a_site_that_never_answers_is_a_site_that_was_not_seen(night: Night) -> None:
    assert night.office.fates("slow")["/tin"] == [("network_error", "timeout")] * 3
    assert night.office.coverage("slow")["tin"][:2] == ["none", "list_failed"]


def test_a_site_whose_robots_txt_cannot_be_reached_is_not_asked_for_more(night: Night) -> None:
    asked = night.office.fates("mute")
    assert asked.pop("/robots.txt") == [("network_error", "timeout")] * 3
    assert asked == {"/tin": [("robots_denied", "robots.txt: timeout")]}
    assert night.office.coverage("mute")["tin"][:2] == ["none", "list_failed"]
    assert night.ended.site("mute")["outcome"] == "failed"


def test_nothing_is_printed_but_the_answer(night: Night) -> None:
    assert night.ended.stderr == ""


def test_the_evidence_of_such_a_night_is_whole(night: Night) -> None:
    assert problems(night.office) == []


def test_a_locked_database_ends_the_run_and_the_next_one_puts_it_in_order(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
) -> None:
    website, office = _small_site(start_website, open_office, pages)
    locks: list[sqlite3.Connection] = []

    def lock(number: int) -> None:
        if number == 5:
            locks.append(sqlite3.connect(office.folder / "tinbai.db", check_same_thread=False))
            locks[0].execute("BEGIN IMMEDIATE")

    website.on_request = lock
    ended = office.crawl()
    locks[0].rollback()
    locks[0].close()
    assert ended.code == 3
    assert ended.site("xa")["outcome"] == "failed"
    assert "locked" in ended.site("xa")["reason"]
    website.on_request = lambda _: None
    assert office.crawl(clock=NEXT_NIGHT).code == 0
    assert len(office.content()["versions"]) == 30
    assert problems(office) == []


def test_a_full_disk_ends_the_run_without_anything_half_written(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
) -> None:
    website, office = _small_site(start_website, open_office, pages)
    noise = "".join(f"{n * n * 7919 % 100003:x} " for n in range(150_000))
    website.page("/bai-9", pages.article("Bài số 9 của xã", "2022-09-15", body=noise))
    # The system refuses to let any file grow over this size, as a full disk does.
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))"
    ended = office.crawl(first=limit)
    assert ended.code == 3
    assert ended.site("xa")["outcome"] == "failed"
    assert ended.site("xa")["reason"]
    assert problems(office) == []
    assert office.crawl(clock=NEXT_NIGHT).code == 0
    assert len(office.content()["versions"]) == 30
    assert problems(office) == []


def test_two_crawls_of_one_site_at_the_same_time_are_refused(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
) -> None:
    website, office = _small_site(start_website, open_office, pages)
    website.hang("/tin")
    first = office.start()
    deadline = time.monotonic() + 30
    while "/tin" not in website.log and time.monotonic() < deadline:
        time.sleep(0.02)
    second = office.crawl()
    assert second.code == 3
    assert second.site("xa")["outcome"] is None
    assert "Another tinbai command" in second.site("xa")["reason"]
    os.kill(first.pid, signal.SIGKILL)
    assert office.end(first).code == -signal.SIGKILL


def _small_site(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
) -> tuple[Any, Any]:
    website, office = start_website(), open_office(timeout_s=5, busy_s=0.3)
    items = [(f"/bai-{n}", f"Bài số {n} của xã", "2022-09-15") for n in range(30)]
    website.page("/tin", pages.listing(items))
    for path, title, day in items:
        website.page(path, pages.article(title, day))
    office.profile(profile("xa", website.url, "tin"))
    return website, office


def problems(office: Any) -> list[str]:  # noqa: ANN401
    """Give what ``tinbai evidence verify`` would find."""
    database = Database.open(f"sqlite:///{office.folder / 'tinbai.db'}")
    try:
        with database.read() as c:
            return [str(problem) for problem in verify(c, office.folder / "evidence")]
    finally:
        database.close()
