from __future__ import annotations

import datetime as dt
import gzip
import http.client
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from demo.content import posts, websites
from demo.dialects import DIALECTS
from demo.server import Server, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

NIGHT = dt.datetime(2022, 9, 25, 23)  # noqa: DTZ001 - local time throughout
OUTAGE = dt.datetime(2022, 9, 27, 23)  # noqa: DTZ001
END = dt.datetime(2022, 10, 9, 23)  # noqa: DTZ001


class District:
    """The running server and the instant at which it is seen."""

    def __init__(self) -> None:
        self.now = NIGHT
        self.server: Server = serve(lambda: self.now)
        self.line = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=10)

    def get(self, url: str, **headers: str) -> tuple[int, bytes]:
        """Give status and body; ``url`` as a proxy is asked for it."""
        self.line.request("GET", url, headers=headers)
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def text(self, url: str) -> str:
        """Give the page of an address that must be there."""
        status, body = self.get(url)
        assert status == 200, url
        return body.decode()


@pytest.fixture
def district() -> Iterator[District]:
    found = District()
    yield found
    found.line.close()
    found.server.close()


def address(key: int) -> str:
    post = posts()[key]
    website = websites()[post.site]
    return f"http://{website.host}{DIALECTS[website.dialect].article_address(website, post)}"


def test_every_post_has_its_page_at_the_end(district: District) -> None:
    district.now = END
    for key, post in posts().items():
        page = unicodedata.normalize("NFC", district.text(address(key)))
        assert ("Runtime Error" in page) == post.error_page
        assert post.error_page or all(part.split('"')[0] in page for part in post.body)


def test_a_post_shows_only_from_its_instant_on(district: District) -> None:
    assert district.get(address(208))[0] == 404
    district.now = END
    assert district.get(address(208))[0] == 200


def test_the_same_instant_gives_the_same_bytes(district: District) -> None:
    for website in websites().values():
        url = f"http://{website.host}{website.prefix}/"
        assert district.get(url) == district.get(url)


def test_the_host_that_is_down_closes_without_an_answer(district: District) -> None:
    district.now = OUTAGE
    with pytest.raises(http.client.RemoteDisconnected):
        district.get("http://vhtt.vankhe.test/robots.txt")
    assert district.get("http://thitran.vankhe.test/robots.txt")[0] == 200


def test_an_unknown_host_is_a_bad_gateway(district: District) -> None:
    assert district.get("http://vankhe.gov.vn/")[0] == 502


def test_a_host_header_serves_as_well_as_a_whole_address(district: District) -> None:
    assert district.get("/thuong-lam/", Host="lienxa.vankhe.test:80")[0] == 200


def test_robots_forbids_the_folder_that_pages_link_into(district: District) -> None:
    assert "Disallow: /noi-bo/" in district.text("http://vhtt.vankhe.test/robots.txt")
    assert "/noi-bo/" in district.text("http://vhtt.vankhe.test/Pages/tin-tuc.aspx")


def test_decomposed_posts_are_decomposed_on_the_wire(district: District) -> None:
    page = district.text(address(123))
    assert posts()[123].title not in page
    assert unicodedata.normalize("NFD", posts()[123].title) in page


def test_wordpress_compresses_when_asked(district: District) -> None:
    url = "http://thitran.vankhe.test/feed/"
    plain = district.get(url)[1]
    assert gzip.decompress(district.get(url, **{"Accept-Encoding": "gzip"})[1]) == plain


def test_days_are_printed_in_each_systems_own_way(district: District) -> None:
    district.now = END
    assert "Thứ hai - 17/01/2022 10:20" in district.text(address(301))
    assert "10/01/2022 | 08:32 AM" in district.text(address(401))
    assert 'content="2022-09-30T17:30:00+00:00"' in district.text(address(126))
    assert "1 Tháng Mười, 2022" in district.text(address(126))
    assert "Ngày cập nhật: 18/01/2022 08:32" in district.text(address(704))
    listed = district.text("http://vhtt.vankhe.test/Pages/tin-tuc.aspx?Page=3")
    assert "(18.01.2022 08:32)" in listed


def test_three_pages_of_news_at_thuong_lam(district: District) -> None:
    folder = "http://lienxa.vankhe.test/thuong-lam/news/tin-tuc/"
    assert district.get(f"{folder}page-3/")[0] == 200
    assert district.get(f"{folder}page-4/")[0] == 404


def test_the_site_of_the_merged_commune_changes_its_name(district: District) -> None:
    home = "http://portal.vankhe.test/web/khe-dong"
    assert "xã Khê Sơn" in district.text(home)
    district.now = dt.datetime(2022, 6, 30, 23)  # noqa: DTZ001
    assert "xã Khê Sơn" not in district.text(home)


def test_every_visit_is_noted(district: District) -> None:
    district.get("http://thitran.vankhe.test/noi-bo/lich-truc/")
    assert [(v.host, v.address, v.status) for v in district.server.visits] == [
        ("thitran.vankhe.test", "/noi-bo/lich-truc/", 200)
    ]
