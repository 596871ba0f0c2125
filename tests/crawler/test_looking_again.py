"""Known articles over many nights: asked again, confirmed, changed, moved by the clock, removed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from storage.candidates import candidates
from storage.captures import captures_of_run, open_runs
from storage.engine import Database
from storage.evidence import read_record, recover
from storage.records import VIETNAM, Capture, DateSource, Disposition
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from http.server import BaseHTTPRequestHandler

    from storage.records import Candidate

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    sections:
      - {{name: Tin tức, url: tin}}
"""
OLD = ("/cu", "Bài cũ của xã về một cửa", "2022-09-01")
KEPT = ("/con", "Bài còn lại của xã", "2022-09-02")


@pytest.fixture
def website(start_website: Callable[[], Any]) -> Any:  # noqa: ANN401
    return start_website()


@pytest.fixture
def office(open_office: Callable[..., Any], website: Any) -> Any:  # noqa: ANN401
    made = open_office()
    made.profile(PROFILE.format(base=website.url))
    return made


def publish(website: Any, pages: Any, *posts: tuple[str, str, str]) -> None:  # noqa: ANN401
    website.page("/tin", pages.listing(list(posts)))
    for path, title, day in posts:
        website.page(path, pages.article(title, day))


def night(office: Any, website: Any, number: int) -> list[str]:  # noqa: ANN401
    """Crawl so many nights after 1 October 2022, at 23:00; give what was asked, robots aside."""
    website.log.clear()
    ended = office.crawl(clock=f"{dt.date(2022, 10, 1) + dt.timedelta(number)}T23:00+07:00")
    assert ended.code == 0, ended.stderr
    probe = "/khong-co-"
    return [probe if one.startswith(probe) else one for one in website.log if one != "/robots.txt"]


def database(office: Any) -> Database:  # noqa: ANN401
    return Database.open(f"sqlite:///{office.folder / 'tinbai.db'}")


def known(office: Any, path: str, number: int = 365) -> Candidate:  # noqa: ANN401
    """Give an article as known after that night."""
    as_of = dt.datetime(2022, 10, 1, 23, 59, tzinfo=VIETNAM) + dt.timedelta(number)
    opened = database(office)
    with opened.read() as c:
        found = candidates(c, as_of, tagger=None)
    opened.close()
    return next(one for one in found if one.url.endswith(path))


def newest(office: Any, path: str) -> Capture:  # noqa: ANN401
    opened = database(office)
    ((run,),) = office.rows("SELECT max(id) FROM crawl_run")
    with opened.read() as c:
        found = [one for one in captures_of_run(c, run) if one.url.endswith(path)]
    opened.close()
    return found[-1]


def is_whole(office: Any) -> bool:  # noqa: ANN401
    opened = database(office)
    with opened.read() as c:
        problems = list(verify(c, office.folder / "evidence"))
    opened.close()
    return problems == []


# --------------------------------------------------------------------------- the schedule


def test_a_known_article_is_asked_again_ever_more_rarely(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, ("/moi", "Bài mới của xã hôm nay", "2022-10-01"))
    asked = {number: night(office, website, number) for number in range(8)}
    assert asked[0] == ["/tin", "/moi"]
    assert {n for n, paths in asked.items() if "/moi" in paths} == {0, 3, 6}
    assert asked[3] == ["/tin", "/khong-co-", "/moi"]
    assert all(asked[n] == ["/tin"] for n in (1, 2, 4, 5, 7))


def test_a_text_that_changed_under_the_same_list_entry_is_found_as_a_version(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    post = ("/moi", "Bài mới của xã hôm nay", "2022-10-01")
    publish(website, pages, post)
    night(office, website, 0)
    website.page("/moi", pages.article(*post[1:], body="Đã sửa. " * 80))
    night(office, website, 3)
    assert [number for _, number, *_ in office.content()["versions"]] == [1, 2]


# --------------------------------------------------------------------- days by the clock


def test_a_day_that_moves_with_the_nights_makes_no_version_and_two_rows_in_all(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, KEPT)
    night(office, website, 0)
    for number in range(1, 7):
        today = str(dt.date(2022, 10, 1) + dt.timedelta(number))
        publish(website, pages, ("/troi", "Bài trôi ngày của xã", today), KEPT)
        night(office, website, number)
    candidate = known(office, "/troi")
    assert (candidate.day, candidate.date_source) == (None, DateSource.FOLLOWS_CLOCK)
    assert candidate.days is not None
    assert (candidate.days.start, candidate.latest_day) == (
        dt.date(2022, 10, 1),
        dt.date(2022, 10, 2),
    )
    assert known(office, "/troi", 1).day == dt.date(2022, 10, 2)
    assert known(office, "/troi", 2).date_source is DateSource.FOLLOWS_CLOCK
    of_it = "SELECT count(*) FROM {} JOIN article a ON a.id = article_id WHERE canonical_url LIKE ?"
    rows = [
        office.rows(of_it.format(table), "%/troi")[0][0]
        for table in ("sighting", "article_version", "dated_look")
    ]
    assert rows == [2, 1, 1]


# ---------------------------------------------------------------- conditional requests


def conditional(website: Any, path: str, body: str, etag: str) -> list[int]:  # noqa: ANN401
    """Let a page be confirmed for whom asks with its mark; gives the statuses that were sent."""
    website.page(path, body, headers={"ETag": etag})
    whole, sent = website.pages[path], []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") != etag:
            sent.append(200)
            whole(handler)
            return
        sent.append(304)
        handler.send_response(304)
        handler.send_header("ETag", etag)
        handler.end_headers()

    website.pages[path] = answer
    return sent


def test_a_confirmed_page_is_read_from_the_evidence_that_the_304_cites(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    post = ("/moi", "Bài mới của xã hôm nay", "2022-10-01")
    page = pages.article(*post[1:])
    lists = conditional(website, "/tin", pages.listing([post]), '"l1"')
    articles = conditional(website, "/moi", page, '"a1"')
    for number in (0, 3, 6):
        night(office, website, number)
    assert (lists, articles) == ([200, 304, 304], [200, 304, 304])
    capture = newest(office, "/moi")
    assert (capture.status, capture.disposition) == (304, Disposition.UNCHANGED)
    ((first,),) = office.rows("SELECT body_sha256 FROM capture WHERE url LIKE '%/moi' LIMIT 1")
    assert capture.body_sha256 == first
    assert capture.warc is not None
    confirmed = read_record(office.folder / "evidence", capture.warc)
    assert (confirmed.status, confirmed.body) == (200, page.encode())
    assert newest(office, "/tin").disposition is Disposition.LISTED
    assert office.coverage("xa")["Tin tức"][0] == "complete"
    assert is_whole(office)


def test_a_list_that_is_always_confirmed_is_taken_in_full_after_a_week(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, KEPT)
    lists = conditional(website, "/tin", pages.listing([KEPT]), '"l1"')
    for number in (0, 7, 8, 9):
        night(office, website, number)
    assert lists == [200, 304, 200, 304]


def test_a_confirmation_whose_row_a_kill_took_is_found_again(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, KEPT)
    conditional(website, "/tin", pages.listing([KEPT]), '"l1"')
    night(office, website, 0)
    killed = (
        "import os, crawler.run as r; r.SiteRun.keep = lambda self, judged:"
        " os._exit(9) if judged.capture.status == 304 else None"
    )
    office.crawl(clock="2022-10-02T23:00+07:00", first=killed)
    opened = database(office)
    with opened.write() as c:
        (left_open,) = open_runs(c, "xa")
        recover(c, office.folder / "evidence", left_open, recovered_at=left_open.started_at)
    opened.close()
    capture = newest(office, "/tin")
    assert (capture.status, capture.disposition) == (304, Disposition.INTERRUPTED)
    assert capture.body_sha256 is not None
    assert is_whole(office)


def test_a_304_that_nobody_asked_for_confirms_nothing(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, OLD, KEPT)
    night(office, website, 0)
    website.page("/cu", status=304)
    website.page("/tin", pages.listing([("/cu", "Bài cũ đổi tên", OLD[2]), KEPT]))
    night(office, website, 1)
    assert newest(office, "/cu").disposition is Disposition.HTTP_ERROR
    assert is_whole(office)


# ------------------------------------------------------------------------------- gone

SORRY = "<html><body><nav>{}</nav><p>Rất tiếc, bài viết này không có ở đây.</p></body></html>"
MENU = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8))


def _removed(website: Any, how: str) -> None:  # noqa: ANN401
    if how == "status 404":
        del website.pages["/cu"]
    elif how == "soft 404":
        website.page("/cu", SORRY.format(MENU))
    elif how == "sent to the home page":
        website.page("/cu", status=302, headers={"Location": "/"})
    else:
        website.page("/cu", status=503)


@pytest.mark.parametrize("how", ["status 404", "soft 404", "sent to the home page"])
def test_an_article_that_several_nights_did_not_find_is_gone_however_the_site_says_it(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
    how: str,
) -> None:
    publish(website, pages, KEPT, OLD)
    website.page("/", SORRY.format(MENU))
    if how == "soft 404":

        class Always(dict[str, Any]):
            """Has an answer for every address."""

            def __contains__(self, path: object) -> bool:
                return path != "/robots.txt"

            def __missing__(self, _: str) -> Any:  # noqa: ANN401
                return self["/"]

        website.pages = Always(website.pages)
    night(office, website, 0)
    _removed(website, how)
    website.page("/tin", pages.listing([KEPT]))
    for number in (7, 8, 9):
        asked = night(office, website, number)
        assert "/cu" in asked
    fates = office.fates("xa")["/cu"]
    assert fates[0][0] == "stored"
    assert {fate for fate, _ in fates[1:]} == {"http_error"}
    assert all((reason or "").startswith(how) for _, reason in fates[1:])
    assert known(office, "/cu", 8).gone_at is None
    gone = known(office, "/cu", 9).gone_at
    assert gone is not None
    assert gone.astimezone(VIETNAM).date() == dt.date(2022, 10, 8)
    assert "/cu" not in night(office, website, 10)
    assert known(office, "/con").gone_at is None


def test_an_article_behind_a_fault_of_the_server_is_not_gone(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, KEPT, OLD)
    night(office, website, 0)
    _removed(website, "status 503")
    website.page("/tin", pages.listing([KEPT]))
    for number in (7, 8, 9, 10):
        night(office, website, number)
    assert known(office, "/cu").gone_at is None


def test_a_night_that_saw_nothing_of_the_site_asks_for_no_known_article(
    website: Any,  # noqa: ANN401
    office: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    publish(website, pages, KEPT, OLD)
    night(office, website, 0)
    website.pages.clear()
    website.log.clear()
    office.crawl(clock="2022-11-20T23:00+07:00")
    assert website.log == ["/robots.txt", "/tin"]
