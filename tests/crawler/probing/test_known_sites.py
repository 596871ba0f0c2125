"""Probes of the demo district and of saved real sites, against profiles written by hand."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from crawler.probing.dayorder import Order
from crawler.probing.fetching import Visit
from crawler.probing.probe import probe, trial_profile
from crawler.profiles import Discover, load_profile
from demo.server import serve
from storage.clock import Clock
from storage.workspace import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.probing.result import Probe

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / ".." / "shared" / "data"
PROMPTLY = Path(__file__).parents[1] / "serve_promptly.py"
NIGHT = dt.datetime(2022, 9, 25, 23)  # noqa: DTZ001 - the demo's local time

needs_saved_sites = pytest.mark.skipif(
    not DATA.is_dir(), reason="the saved sites of ../shared/data are not on this machine"
)


def probe_of(url: str, clock: str, proxy: str | None = None) -> Probe:
    settings = Settings(
        office_name="Phòng Nội vụ",
        contact="cchc@example.test",
        since=dt.date(2022, 1, 1),
        delay_s=0,
        timeout_s=20,
        proxy=proxy,
        database_url=None,
        busy_timeout_s=1,
    )
    visit = Visit(profile=trial_profile(url), settings=settings, clock=Clock.parse(clock))
    found = probe(visit, url)
    assert found.requests <= 60
    return found


# --------------------------------------------------------------------------- the demo district


@pytest.fixture(scope="module")
def district() -> Iterator[str]:
    """The proxy that answers for all hosts of the demo district."""
    with serve(lambda: NIGHT) as server:
        yield server.url
        assert not [visit for visit in server.visits if "/noi-bo/" in visit.address]


def addresses(found: Probe, discover: Discover) -> set[str]:
    lists = (one.section for one in found.channels if one.section.discover is discover)
    return {"/" + section.url.lstrip("/") for section in lists}


@pytest.mark.parametrize(
    ("site", "family"),
    [
        ("thi-tran", "wordpress"),
        ("thuong-lam", "nukeviet"),
        ("ha-binh", "nukeviet"),
        ("dong-may", "liferay"),
        ("khe-dong", "liferay"),
        ("khe-tay", "liferay"),
        ("vhtt", "sharepoint"),
    ],
)
def test_a_demo_site_is_probed_to_what_its_profile_says(
    site: str, family: str, district: str
) -> None:
    by_hand = load_profile(ROOT / "demo" / "sites" / f"{site}.yml")
    found = probe_of(by_hand.base_url, "2022-09-25T23:00+07:00", district)
    version = by_hand.versions[0]
    lists = {"/" + one.url.lstrip("/") for one in version.sections if one.discover == "listing"}
    assert (found.base_url, found.family) == (by_hand.base_url, family)
    assert addresses(found, Discover.LISTING) == lists
    assert found.questions == ()
    assert found.days.order in {Order.DAY_FIRST, Order.NONE}
    assert all(one.has_its_title and one.has_its_day for one in found.reads)
    assert len(found.reads) > 7
    assert found.version is not None


def test_the_feed_and_the_sitemap_of_demo_sites_are_found(district: str) -> None:
    clock = "2022-09-25T23:00+07:00"
    town = probe_of("http://thitran.vankhe.test/", clock, district)
    centre = probe_of("http://vhtt.vankhe.test/", clock, district)
    assert addresses(town, Discover.FEED) == {"/feed/"}
    (sitemap,) = [
        one.section for one in centre.channels if one.section.discover is Discover.SITEMAP
    ]
    assert sitemap.extra
    assert sitemap.article is not None
    assert "chitiet" in sitemap.article


# ----------------------------------------------------------------------- saved real websites


@pytest.fixture(scope="module")
def portal() -> Iterator[Probe]:
    """The probe of a department's portal, most of whose articles were not saved."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    folder = str(DATA / "sotttt-hanoi" / "site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    yield probe_of(base, "2022-08-27T23:00+07:00")
    server.shutdown()
    server.server_close()


@needs_saved_sites
def test_the_lists_of_a_real_portal_are_found_in_one_visit(portal: Probe) -> None:
    lists = {unquote(urlsplit(one.section.url).path) for one in portal.channels}
    by_hand = {
        *("chi-dao-dieu-hanh.html", "chien-luoc-quy-hoach.html", "chuyen-doi-ipv6.html"),
        *("cong-khai-ngan-sach.html", "cong-nghe-thong-tin.html", "dssdt.html", "dsttdt.html"),
        *("ke-hoach.html", "luatthudo.html", "pctn.html", "pho-sach-ha-noi.html"),
        *("phong-chong-dich-benh-covid-19.html", "shtd.html"),
    }
    assert portal.family == "liferay"
    assert lists == by_hand
    assert portal.days.order is Order.DAY_FIRST


@needs_saved_sites
def test_what_a_real_portal_leaves_open_is_asked(portal: Probe) -> None:
    asked = " ".join(question.text.en for question in portal.questions)
    assert "lay-y-kien-van-ban-du-thao" in asked
    assert "qlttps" in asked


@needs_saved_sites
@pytest.mark.slow
def test_the_lists_of_a_real_unit_site_are_found_and_its_broken_paging_is_counted(
    tmp_path: Path,
) -> None:
    with tarfile.open(DATA / "daknong" / "stp.tar.xz") as archive:
        archive.extractall(tmp_path / "stp", filter="data")
    script = [sys.executable, "-u", str(PROMPTLY), str(DATA / "daknong" / "serve.py"), "stp"]
    server = subprocess.Popen(
        [*script, "--dir", str(tmp_path), "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    try:
        found = probe_of(server.stdout.readline().strip(), "2019-08-05T23:00+07:00")
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
    pages = {one.section.url: one.section.pages for one in found.channels}
    assert pages["tin-tuc-su-kien"] == "/tin-tuc-su-kien/page/{page}"
    assert {"lich-tiep-cong-dan", "tin-tuc-su-kien/tin-noi-bat"} <= set(pages)
    assert all(one.has_its_title and one.has_its_day for one in found.reads)
