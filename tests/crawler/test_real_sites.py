"""Crawls over saved pages of real sites, which lie beside the repository and not in it."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import threading
from collections import Counter
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"
PROFILES = Path(__file__).parent / "profiles"
PROMPTLY = Path(__file__).parent / "serve_promptly.py"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason="the saved sites of ../shared/data are not on this machine"
    ),
]


def _profile(name: str, base: str) -> str:
    text = (PROFILES / f"{name}.yml").read_text(encoding="utf-8")
    return text.replace("@BASE@", base)


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _sightings(office: Any) -> Counter[tuple[str, str, str, str]]:  # noqa: ANN401
    rows = office.rows(
        "SELECT url, title, date_published, date_published_raw FROM ("
        " SELECT DISTINCT a.canonical_url AS url, title, date_published, date_published_raw"
        " FROM sighting JOIN article a ON a.id = article_id)"
    )
    return Counter((unquote(url), *rest) for url, *rest in rows)


# --------------------------------------------------------------- a department's portal


@pytest.fixture(scope="module")
def portal(open_office: Callable[..., Any]) -> Iterator[tuple[Any, Any, str, list[str]]]:
    """The crawled mirror: office, how the crawl ended, its address, the server's log."""
    log: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def log_request(self, code: object = "-", size: object = "-") -> None:
            del size
            log.append(f"{getattr(code, 'value', code)} {self.headers.get('Host')} {self.path}")

        def log_error(self, *_: object) -> None:
            pass

    folder = str(DATA / "sotttt-hanoi" / "site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    office = open_office(since="2010-01-01")
    office.profile(_profile("sotttt-hanoi", base))
    ended = office.crawl(clock="2022-08-27T23:00+07:00")
    yield office, ended, base, log
    server.shutdown()
    server.server_close()


def test_every_list_item_of_the_mirror_is_found_with_title_day_and_raw_text(
    portal: tuple[Any, Any, str, list[str]],
) -> None:
    office, _, base, _ = portal
    wanted = {
        (unquote(urljoin(base, one["href"])), one["title"], one["day"], one["date_raw"])
        for one in _lines(DATA / "sotttt-hanoi" / "expected-items.jsonl")
    }
    assert len({url for url, *_ in wanted}) == 213
    assert wanted == set(_sightings(office))


def test_an_article_that_was_never_mirrored_is_a_named_miss(
    portal: tuple[Any, Any, str, list[str]],
) -> None:
    office, ended, _, log = portal
    fates = dict(
        office.rows(
            "SELECT disposition, count(*) FROM capture WHERE purpose = 'article' GROUP BY 1"
        )
    )
    assert fates == {"http_error": 213}
    assert office.rows("SELECT count(*) FROM article_version") == [(0,)]
    assert ended.site("sotttt-hanoi")["failures"]["http_error"] >= 213
    assert len([line for line in log if line.startswith("404") and "view_content" in line]) > 150


def test_the_walk_over_the_mirror_ends_by_itself_and_stays_on_it(
    portal: tuple[Any, Any, str, list[str]],
) -> None:
    office, _, base, log = portal
    host = urlsplit(base).netloc
    assert {line.split()[1] for line in log} == {host}
    assert not [line for line in log if "/vi/vi" in line or "/en/" in line]
    urls = [url for (url,) in office.rows("SELECT url FROM capture")]
    assert all(urlsplit(url).netloc == host for url in urls)
    assert len(log) < 260


def test_the_coverage_says_which_lists_of_the_mirror_were_not_seen_to_their_end(
    portal: tuple[Any, Any, str, list[str]],
) -> None:
    office, ended, _, _ = portal
    coverage = office.coverage("sotttt-hanoi")
    cut = {name: tuple(row[:2]) for name, row in coverage.items() if row[0] != "complete"}
    # Their second pages were not mirrored; the ten items of the first may all be pinned.
    assert cut == {
        "cong-nghe-thong-tin": ("none", "list_failed"),
        "cong-nghe-thong-tin01ad": ("none", "list_failed"),
    }
    assert ended.site("sotttt-hanoi")["outcome"] == "partial"
    assert ended.code == 3


# ------------------------------------------------------------ unit sites, night by night


class SavedSite:
    """A site as it stood on a night, served by the script that lies beside its pages."""

    def __init__(self, name: str, nights: tuple[str, ...], folder: Path) -> None:
        self.name, self.folder = name, folder
        with tarfile.open(DATA / "daknong" / f"{name}.tar.xz") as archive:
            wanted = [one for one in archive if one.name.lstrip("./").startswith(nights)]
            archive.extractall(folder / name, wanted, filter="data")
        script = DATA / "daknong" / "serve.py"
        self._server = subprocess.Popen(
            [sys.executable, "-u", PROMPTLY, script, name, "--dir", folder, "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._server.stdout
        self.base = self._server.stdout.readline().strip()

    def become(self, night: str) -> None:
        """Answer from now on as on that night."""
        (self.folder / "night").write_text(night)

    def close(self) -> None:
        """Stop serving."""
        assert self._server.stdout
        self._server.terminate()
        self._server.wait()
        self._server.stdout.close()


def _crawled(name: str, nights: tuple[str, ...], office: Any, folder: Path) -> Any:  # noqa: ANN401
    site = SavedSite(name, nights, folder)
    try:
        office.profile(_profile(name, site.base))
        for night in nights:
            site.become(night)
            office.crawl(clock=f"{night}T23:00+07:00")
    finally:
        site.close()
    return site


def _missed(name: str, nights: tuple[str, ...], office: Any, base: str) -> list[str]:  # noqa: ANN401
    """Give the posts whose page exists and that were not seen with title and printed day."""
    seen = {(url, title, day) for url, title, day, _ in _sightings(office)}
    return [
        f"{post['night']} {post['path']}"
        for post in _lines(DATA / "daknong" / f"{name}.expected.jsonl")
        if post["night"] in nights and post["exists"]
        if not any(
            (unquote(urljoin(base, quote(post["path"]))), post["title"], day) in seen
            for day in post["days"]
        )
    ]


def test_every_post_of_a_district_s_first_and_last_night_is_found(
    open_office: Callable[..., Any], tmp_path: Path
) -> None:
    office, nights = open_office(since="2015-01-01"), ("2019-04-08", "2019-07-30")
    site = _crawled("krongno", nights, office, tmp_path)
    assert _missed("krongno", nights, office, site.base) == []
    hosts = {urlsplit(url).netloc for (url,) in office.rows("SELECT url FROM capture")}
    assert hosts == {urlsplit(site.base).netloc}


def test_every_post_of_a_department_is_found_in_one_night(
    open_office: Callable[..., Any], tmp_path: Path
) -> None:
    office, nights = open_office(since="2015-01-01"), ("2019-08-05",)
    site = _crawled("stp", nights, office, tmp_path)
    assert _missed("stp", nights, office, site.base) == []
