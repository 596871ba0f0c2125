"""Answers that no honest server gives: each ends as a named fate, and in bounded time.

What goes wrong more often stands in ``test_faults``; together they are the fault suite.
"""

from __future__ import annotations

import gzip
import random
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from storage.engine import Database
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

pytestmark = pytest.mark.slow  # one night with all of them


Fate = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Night:
    """One crawl over servers that mean ill."""

    office: Any
    ended: Any
    websites: dict[str, Any]

    def fate(self, path: str) -> Fate:
        """Give all attempts at an article."""
        fates: dict[str, Fate] = self.office.fates("bai")
        return fates[path]

    def version(self, path: str) -> tuple[str, str | None]:
        """Give headline and day of the article that was read from a path."""
        found = self.office.rows(
            "SELECT headline, date_published FROM article_version"
            " JOIN article a ON a.id = article_id WHERE site = 'bai' AND canonical_url LIKE ?",
            f"%{path}",
        )
        assert len(found) == 1, path
        headline, day = found[0]
        return headline, day


# -------------------------------------------------------------------------------- articles


NOISE = random.Random(7).randbytes(40_000)  # noqa: S311 - a dice, not a key

STORED: Fate = [("stored", None)]
LOST: Fate = [("network_error", "connection lost")] * 3
CUT: Fate = [("network_error", "cut off")] * 3


class Answers:
    """A website under preparation, and what is to become of its articles."""

    def __init__(self, website: Any, pages: Any) -> None:  # noqa: ANN401
        self.website, self.pages = website, pages
        self.good: str = pages.article("Bài của xã Thử", "2022-09-15")
        self.body = self.good.encode()
        self.fates: dict[str, Fate] = {}

    def raw(self, path: str, fate: Fate, *pieces: bytes, again_s: float | None = None) -> None:
        """Answer with bytes as they are."""
        self.website.raw(path, *pieces, again_s=again_s)
        self.fates[path] = fate

    def page(
        self, path: str, fate: Fate, content: str | bytes, *, status: int = 200, **headers: str
    ) -> None:
        """Answer in order; underscores in the names of headers are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.website.page(path, content, status=status, headers=named)
        self.fates[path] = fate


def _articles(website: Any, pages: Any) -> dict[str, Fate]:  # noqa: ANN401
    """Set the answers up, and give each path's fates."""
    on = Answers(website, pages)
    for prepare in (_connections, _statuses, _redirects, _packings, _characters, _markup):
        prepare(on)
    return on.fates


def _connections(on: Answers) -> None:
    on.raw(
        "/dau-vo-tan",
        [("network_error", "too large: headers")],
        HEAD,
        b"X-Dai: " + b"x" * 900 + b"\r\n",
        again_s=0.0,
    )
    on.raw(
        "/than-vo-tan",
        [("network_error", "too large")],
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        b"10000\r\n" + b"y" * 0x10000 + b"\r\n",
        again_s=0.0,
    )
    on.raw("/mot-dong-dau-100kb", LOST, HEAD + b"X-Dai: " + b"x" * 100_000 + b"\r\n\r\n" + on.body)
    on.raw("/khong-phai-http", LOST, b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    on.raw("/khong-tra-gi", LOST, b"")
    on.raw("/dau-dut", LOST, b"HTTP/1.1 200 OK\r\nContent-Ty")
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    on.raw("/khuc-sai", CUT, chunked + b"zz\r\nabc\r\n0\r\n\r\n")
    on.raw("/khuc-dut", CUT, chunked + b"%x\r\n" % len(on.body) + on.body + b"\r\n")
    on.raw("/http-1.0", STORED, b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + on.body)
    on.raw("/dong-khong-hai-cham", STORED, HEAD + b"khong co gi\r\n\r\n" + on.body)
    on.raw("/do-dai-am", LOST, HEAD + b"Content-Length: -5\r\n\r\n" + on.body)
    on.raw(
        "/hai-do-dai", LOST, HEAD + b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n" + on.body
    )
    on.raw(
        "/dai-hon-do-dai", STORED, HEAD + b"Content-Length: %d\r\n\r\n" % len(on.body) + on.body * 2
    )


def _statuses(on: Answers) -> None:
    on.page("/204", [("unreadable", "empty")], "", status=204)
    on.page("/206", [("http_error", "status 206")], on.body[:2000], status=206)
    on.page("/304", [("http_error", "status 304")], "", status=304)
    on.page("/302-khong-noi-di-dau", [("http_error", "status 302")], on.good, status=302)
    on.page("/999", [("http_error", "status 999")], on.good, status=999)


def _redirects(on: Answers) -> None:
    for n in range(1, 5):
        on.website.page(f"/chuoi-{n}", status=302, headers={"Location": f"/chuoi-{n + 1}"})
    on.page(
        "/chuoi",
        [("redirected", f"to {on.website.url}chuoi-1")],
        "",
        status=302,
        Location="chuoi-1",
    )
    on.website.page("/chuoi-5", on.pages.article("Bài sau năm lần chuyển", "2022-09-15"))
    for n in range(1, 9):
        on.website.page(f"/dai-{n}", status=302, headers={"Location": f"/dai-{n + 1}"})
    on.page("/dai", [("redirected", f"to {on.website.url}dai-1")], "", status=302, Location="dai-1")
    for path, target in {
        "/toi-tep": "file:///etc/passwd",
        "/toi-ma": "javascript:alert(1)",
        "/toi-noi-bo": "http://169.254.169.254/latest/meta-data/",
        "/toi-cong-khac": "http://127.0.0.1:22/",
        "/toi-ten-dang-nhap": "http://127.0.0.1@vidu.example/bai",
    }.items():
        on.page(path, [("off_site", f"to {target}")], "", status=302, Location=target)
    on.page(
        "/doi-cookie",
        [("http_error", f"redirect loop: {on.website.url}doi-cookie")],
        "",
        status=302,
        Location="/doi-cookie",
        Set_Cookie="phien=1",
    )


def _packings(on: Answers) -> None:
    bomb = zlib.compress(b"0" * (30 * 2**20))
    on.page("/deflate-bom", [("network_error", "too large")], bomb, Content_Encoding="deflate")
    twice = gzip.compress(gzip.compress(on.body))
    on.page("/gzip-hai-lan", STORED, twice, Content_Encoding="gzip, gzip")
    nested = gzip.compress(gzip.compress(b"0" * (40 * 2**20)))
    on.page(
        "/gzip-long-gzip", [("network_error", "too large")], nested, Content_Encoding="gzip, gzip"
    )
    on.page(
        "/nen-la",
        [("unreadable", "binary: gzip")],
        gzip.compress(on.body),
        Content_Encoding="nen-la",
    )


def _characters(on: Answers) -> None:
    on.page("/nul", STORED, on.good.replace("Bài của", "B\0ài\0 của").replace("<p>", "<p>\0\0"))
    on.page(
        "/sai-bang-ma",
        STORED,
        on.pages.article("Bảng mã ghi sai", "2022-09-15"),
        Content_Type="text/html; charset=windows-1252",
    )
    half = on.body.replace(
        b"</article>", "Tiếng Việt ở một bảng mã khác".encode("utf-16-le") + b"</article>"
    )
    on.page("/doi-bang-ma-giua-trang", STORED, half)
    on.page("/utf-16", STORED, b"\xff\xfe" + on.good.encode("utf-16-le"))
    on.page("/bom-utf-8", STORED, b"\xef\xbb\xbf" + on.body)
    on.page("/rac", [("unreadable", "binary: text/html")], NOISE)


def _markup(on: Answers) -> None:
    on.page(
        "/id-trung", STORED, on.good.replace("<p>", '<p id="a"><i id="a">x</i></p>' * 50 + "<p>")
    )
    links = "".join(f'<a href="/x-{n}">Liên kết {n}</a>\n' for n in range(100_000))
    on.page(
        "/100000-lien-ket",
        [("unreadable", "more than 5000 links")],
        on.good.replace("</nav>", f"{links}</nav>"),
    )
    deep = "<div>" * 20_000
    on.page("/long-20000-lop", [("unreadable", "nested too deep")], on.good.replace("<nav>", deep))
    attributes = " ".join(f'a{n}="{n}"' for n in range(5_000))
    on.page("/20000-thuoc-tinh", STORED, on.good.replace("<p>", f"<p {attributes}>"))
    on.page("/200kb-khoang-trang", STORED, on.good.replace("<p>", "<p>a" + " \n\t" * 70_000 + "b"))
    on.page("/200kb-ngay-thang", STORED, on.good.replace("<p>", "<p>" + "1/1/1/" * 34_000))
    on.page("/200kb-ngay-chu", STORED, on.good.replace("<p>", "<p>" + "ngày 1 tháng 1 " * 12_000))
    on.page(
        "/tieu-de-1mb",
        [("unreadable", "a headline of 1000000 characters")],
        on.pages.article("T" * 1_000_000, "2022-09-15"),
    )
    on.page(
        "/tieu-de-rong", [("not_an_article", "no headline")], on.pages.article("", "2022-09-15")
    )
    on.page("/nam-0001", STORED, on.pages.article("Bài năm 0001", "0001-01-01"))
    on.page("/tuong-lai", STORED, on.pages.article("Bài năm 2099", "2099-12-31"))
    on.page("/ngay-31-2", STORED, on.pages.article("Bài ngày 31 tháng 2", "2022-02-31"))
    on.page("/kieu-anh", STORED, on.good, Content_Type="image/jpeg")


SLOW = ("/than-nho-giot", "/dau-nho-giot")


def _slow(website: Any, pages: Any) -> None:  # noqa: ANN401
    """Send a little all the time, and never come to an end (a slow loris)."""
    website.raw(SLOW[0], HEAD + b"Content-Length: 9000\r\n\r\n", b"<p>", again_s=0.1)
    website.raw(SLOW[1], HEAD, b"X-Cham: 1\r\n", again_s=0.1)
    items = [(path, f"Tin {path} của xã", "2022-09-15") for path in SLOW]
    website.page("/tin", pages.listing(items))


# ----------------------------------------------------------------------------------- lists

LISTS = {
    "lap-trang-cuoi": ("complete", "reached_list_end"),
    "tro-ve-chinh-no": ("complete", "reached_list_end"),
    "ghim-bai-cu": ("complete", "reached_list_end"),
    "lon-xon": ("none", "list_failed"),
    "lich-vo-tan": ("none", "page_limit"),
    "100000-muc": ("none", "list_failed"),
    "muc-trung": ("complete", "reached_list_end"),
    "tieu-de-1mb": ("complete", "reached_list_end"),
    "lien-ket-la": ("complete", "reached_list_end"),
    "tuong-lai": ("complete", "reached_list_end"),
    "nua-trang": ("none", "list_failed"),
    "bom-xml": ("none", "list_failed"),
    "thuc-the-ngoai": ("none", "list_failed"),
    "xml-long-sau": ("none", "feed_too_short"),
    "bom-gzip": ("none", "list_failed"),
    "so-do-goi-chinh-no": ("none", "list_empty"),
    "so-do-5000-con": ("none", "page_limit"),
    "rss-5000": ("complete", "reached_window_start"),
    "rss-nul": ("none", "list_empty"),
    "html-thay-rss": ("none", "list_failed"),
}

FEEDS = {"bom-xml", "thuc-the-ngoai", "xml-long-sau", "rss-5000", "rss-nul", "html-thay-rss"}
SITEMAPS = {"bom-gzip", "so-do-goi-chinh-no", "so-do-5000-con"}


def _lists(website: Any, pages: Any) -> None:  # noqa: ANN401
    def items(*days: str, name: str = "bai") -> list[tuple[str, str, str]]:
        return [(f"/{name}-{n}", f"Tin {name} số {n} của xã", day) for n, day in enumerate(days)]

    new = items("2022-09-15", "2022-09-14")
    website.page("/lap-trang-cuoi", pages.listing(new, after="/lap-trang-cuoi?page=2"))
    last = items("2022-09-10", "2022-09-09", name="cuoi")
    for n in range(2, 30):
        website.page(
            f"/lap-trang-cuoi?page={n}", pages.listing(last, after=f"/lap-trang-cuoi?page={n + 1}")
        )
    website.page("/tro-ve-chinh-no", pages.listing(new, after="/tro-ve-chinh-no#trang-2"))
    pinned = items("2019-01-02", "2018-01-02", name="ghim")
    website.page("/ghim-bai-cu", pages.listing(pinned + new, after="/ghim-bai-cu?page=2"))
    website.page(
        "/ghim-bai-cu?page=2", pages.listing(items("2022-08-02", "2022-08-01", name="sau"))
    )
    mixed = items("2022-03-01", "2022-09-01", "2022-05-01", "2022-09-20", name="lon-xon")
    website.page("/lon-xon", pages.listing(mixed, after="/lon-xon?page=2"))
    website.page("/lon-xon?page=2", "<h1>Lỗi</h1>", status=500)
    for n in range(1, 9):
        address = "/lich-vo-tan" if n == 1 else f"/lich-vo-tan?ngay={n}"
        empty = items("2099-01-01", "2098-01-01", name=f"lich-{n}")
        website.page(address, pages.listing(empty, after=f"/lich-vo-tan?ngay={n + 1}"))
    many = items(*["2022-09-15"] * 100_000, name="nhieu")
    website.page("/100000-muc", pages.listing(many))
    website.page("/muc-trung", pages.listing([*new, *new, *new]))
    website.page("/tieu-de-1mb", pages.listing([("/dai", "T" * 300_000, "2022-09-15"), *new]))
    odd = [
        "javascript:void(0)",
        "mailto:a@vidu.example",
        "//vidu.example/x",
        "http://[::1",
        "#",
        "",
    ]
    website.page(
        "/lien-ket-la", pages.listing([(one, "Liên kết", "2022-09-15") for one in odd] + new)
    )
    website.page("/tuong-lai", pages.listing([*items("2099-12-31", name="mai"), *new]))
    website.page("/nua-trang", pages.listing(new), status=206)
    _feeds(website)
    _sitemaps(website)


def _feeds(website: Any) -> None:  # noqa: ANN401
    xml = {"Content-Type": "application/xml"}
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha ha"}">' for n in range(10))
    website.page(
        "/bom-xml",
        f"<!DOCTYPE rss [{laughs}]><rss><channel><title>&l9;</title></channel></rss>",
        headers=xml,
    )
    website.page(
        "/thuc-the-ngoai",
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item>'
        "<title>&x;</title><link>/a</link></item></channel></rss>",
        headers=xml,
    )
    entry = "<item><title>Tin {0}</title><link>/rss-{0}</link></item>"
    deep = "<a>" * 20_000 + "</a>" * 20_000
    website.page(
        "/xml-long-sau", f"<rss><channel>{entry.format(1)}{deep}</channel></rss>", headers=xml
    )
    old = entry.replace("</item>", "<pubDate>Thu, 02 Jan 2020 08:00:00 +0700</pubDate></item>")
    entries = "".join(old.format(n) for n in range(5_000))
    website.page("/rss-5000", f"<rss><channel>{entries}</channel></rss>", headers=xml)
    website.page(
        "/rss-nul", f"\0<rss>\0<channel>{entry.format('nul')}</channel></rss>", headers=xml
    )
    website.page("/html-thay-rss", "<h1>Trang chủ</h1><p>Xin chào</p>" * 30)


def _sitemaps(website: Any) -> None:  # noqa: ANN401
    packed = gzip.compress(b"<urlset>" + b" " * (200 * 2**20))
    website.page("/bom-gzip", packed, headers={"Content-Type": "application/gzip"})

    def index(*names: str) -> str:
        found = "".join(f"<sitemap><loc>{website.url}{name}</loc></sitemap>" for name in names)
        return f"<sitemapindex>{found}</sitemapindex>"

    website.page("/so-do-goi-chinh-no", index("so-do-goi-chinh-no", "so-do-goi-chinh-no#2"))
    website.page("/so-do-5000-con", index(*(f"con-{n}.xml" for n in range(5_000))))


# ---------------------------------------------------------------------------------- robots

ROBOTS: dict[str, tuple[Any, Fate, tuple[str, str]]] = {
    "loi-500": (
        lambda site: site.page("/robots.txt", "<h1>Lỗi</h1>", status=500),
        [("robots_denied", "robots.txt: status 500")],
        ("none", "list_failed"),
    ),
    "loi-503-nen": (
        lambda site: site.page(
            "/robots.txt",
            gzip.compress(b"User-agent: *\nDisallow:\n"),
            status=503,
            headers={"Content-Encoding": "gzip"},
        ),
        [("robots_denied", "robots.txt: status 503")],
        ("none", "list_failed"),
    ),
    "20mb": (
        lambda site: site.flood("/robots.txt", 20, announced=True),
        [("listed", None)],
        ("complete", "reached_list_end"),
    ),
    "100000-dong": (
        lambda site: site.page(
            "/robots.txt",
            "User-agent: *\n" + "".join(f"Disallow: /a*b*c{n}*d$\n" for n in range(100_000)),
        ),
        [("listed", None)],
        ("complete", "reached_list_end"),
    ),
    "nhieu-sao": (
        lambda site: site.page("/robots.txt", "User-agent: *\nDisallow: /" + "*t" * 60 + "*zz$\n"),
        [("listed", None)],
        ("complete", "reached_list_end"),
    ),
    "la-html": (
        lambda site: site.page("/robots.txt", "<html><h1>Trang chủ</h1>Disallow: /</html>"),
        [("listed", None)],
        ("complete", "reached_list_end"),
    ),
    "nhi-phan": (
        lambda site: site.page("/robots.txt", bytes(range(256)) * 50),
        [("listed", None)],
        ("complete", "reached_list_end"),
    ),
    "vong": (
        lambda site: site.page("/robots.txt", status=302, headers={"Location": "/robots.txt"}),
        [("listed", None)],
        ("complete", "reached_list_end"),
    ),
    "khong-phai-http": (
        lambda site: site.raw("/robots.txt", b"\0\0\0\0"),
        [("robots_denied", "robots.txt: connection lost")],
        ("none", "list_failed"),
    ),
}

# ------------------------------------------------------------------------------- the night


def _profile(site: str, base: str, sections: dict[str, str], *, max_pages: int = 6) -> str:
    lines = "".join(
        f"      - {{name: {one}, url: {one}, discover: {how}}}\n" for one, how in sections.items()
    )
    return (
        f"site: {site}\nbase_url: {base}\nversions:\n  - family: wordpress\n"
        f"    max_pages: {max_pages}\n    sections:\n{lines}"
    )


@pytest.fixture(scope="module")
def expected() -> dict[str, Fate]:
    """The fates of the articles, by path; filled while the night is prepared."""
    return {}


@pytest.fixture(scope="module")
def night(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
    expected: dict[str, Any],
) -> Night:
    office = open_office(timeout_s=3)
    websites = {name: start_website() for name in ("bai", "muc", "cham", *ROBOTS)}
    _slow(websites["cham"], pages)
    # Under another name, so that it is visited while the others are.
    base = websites["cham"].url.replace("127.0.0.1", "localhost")
    office.profile(_profile("cham", base, {"tin": "listing"}))
    expected.update(_articles(websites["bai"], pages))
    # An answer between two faults: three silent addresses in a row would mean a dead site.
    paths = [one for n, path in enumerate(expected) for one in (path, f"/tot-{n}")]
    for n in range(len(expected)):
        websites["bai"].page(f"/tot-{n}", pages.article(f"Bài tốt số {n} của xã", "2022-09-15"))
    items = [(path, f"Tin {path} của xã", "2022-09-15") for path in paths]
    websites["bai"].page("/tin", pages.listing(items))
    office.profile(_profile("bai", websites["bai"].url, {"tin": "listing"}))
    _lists(websites["muc"], pages)
    how = {
        name: "feed" if name in FEEDS else "sitemap" if name in SITEMAPS else "listing"
        for name in LISTS
    }
    office.profile(_profile("muc", websites["muc"].url, how))
    for name, (prepare, _, _) in ROBOTS.items():
        prepare(websites[name])
        websites[name].page("/tin", pages.listing(items[:0] or [("/a", "Tin a", "2022-09-15")]))
        websites[name].page("/a", pages.article("Bài a của xã", "2022-09-15"))
        office.profile(_profile(name, websites[name].url, {"tin": "listing"}))
    return Night(office, office.crawl(), websites)


def test_each_hostile_answer_has_its_name(night: Night, expected: dict[str, Any]) -> None:
    found = {path: night.fate(path) for path in expected}
    assert found == expected


def test_the_articles_between_them_were_all_read(night: Night, expected: dict[str, Any]) -> None:
    # Where the page before takes long to look at, a slow machine may need a second attempt.
    last = [night.fate(f"/tot-{n}")[-1] for n in range(len(expected))]
    assert last == [("stored", None)] * len(expected)


@pytest.mark.parametrize("section", LISTS)
def test_each_hostile_list_is_said_in_the_coverage(night: Night, section: str) -> None:
    assert tuple(night.office.coverage("muc")[section][:2]) == LISTS[section]


@pytest.mark.parametrize("site", ROBOTS)
def test_each_hostile_robots_txt_ends_in_a_decision(night: Night, site: str) -> None:
    _, fate, coverage = ROBOTS[site]
    assert night.office.fates(site)["/tin"] == fate
    assert tuple(night.office.coverage(site)["tin"][:2]) == coverage


@pytest.mark.parametrize("path", SLOW)
def test_a_server_that_sends_drop_by_drop_is_left_at_the_time_out(night: Night, path: str) -> None:
    assert night.office.fates("cham")[path] == [("network_error", "timeout")] * 3


def test_a_body_and_headers_without_end_are_not_read_on(night: Night) -> None:
    sent = night.websites["bai"].sent
    # 10 MB and 256 KB are the limits; the rest are buffers of two sockets.
    assert sent["/than-vo-tan"] < 40 * 2**20
    assert sent["/dau-vo-tan"] < 20 * 2**20


@pytest.mark.parametrize(
    ("path", "version"),
    {
        "/nul": ("Bài của xã Thử", "2022-09-15"),
        "/sai-bang-ma": ("Bảng mã ghi sai", "2022-09-15"),
        "/doi-bang-ma-giua-trang": ("Bài của xã Thử", "2022-09-15"),
        "/utf-16": ("Bài của xã Thử", "2022-09-15"),
        "/gzip-hai-lan": ("Bài của xã Thử", "2022-09-15"),
        "/http-1.0": ("Bài của xã Thử", "2022-09-15"),
        "/dai-hon-do-dai": ("Bài của xã Thử", "2022-09-15"),
    }.items(),
)
def test_what_can_be_read_is_read_right(night: Night, path: str, version: tuple[str, str]) -> None:
    assert night.version(path) == version


@pytest.mark.parametrize("path", ["/nam-0001", "/tuong-lai", "/ngay-31-2"])
def test_a_day_that_cannot_be_is_refused_and_the_list_s_taken(night: Night, path: str) -> None:
    assert night.version(path)[1] == "2022-09-15"


def test_a_chain_of_five_redirects_is_followed_and_a_longer_one_is_named(night: Night) -> None:
    assert night.version("/chuoi") == ("Bài sau năm lần chuyển", "2022-09-15")
    target = f"{night.websites['bai'].url}dai-6"
    assert night.fate("/dai-5") == [("http_error", f"more than 5 redirects: {target}")]


def test_days_are_claimed_of_no_list_without_order(night: Night) -> None:
    assert night.office.coverage("muc")["lon-xon"][2:] == [None, None]


def test_a_pinned_old_item_does_not_end_the_walk(night: Night) -> None:
    assert "/ghim-bai-cu?page=2" in night.websites["muc"].log


def test_no_list_is_asked_for_without_end(night: Night) -> None:
    asked = night.websites["muc"].log
    assert len([path for path in asked if path.startswith("/lich-vo-tan")]) == 6
    assert len([path for path in asked if path.startswith("/lap-trang-cuoi")]) == 3
    assert len([path for path in asked if path.startswith("/con-")]) <= 6


def test_nobody_was_asked_for_the_machine_s_own_files_or_neighbours(night: Night) -> None:
    schemes = night.office.rows("SELECT DISTINCT substr(url, 1, 17) FROM capture")
    assert {scheme for (scheme,) in schemes} == {"http://127.0.0.1:", "http://localhost:"}


def test_each_answer_of_the_night_lies_in_the_evidence_and_the_evidence_is_whole(
    night: Night,
) -> None:
    missing = night.office.rows(
        "SELECT url, disposition, capture.reason FROM capture WHERE (warc_file IS NULL)"
        " <> (status IS NULL)"
    )
    assert missing == []
    database = Database.open(f"sqlite:///{night.office.folder / 'tinbai.db'}")
    with database.read() as c:
        assert list(verify(c, night.office.folder / "evidence")) == []
    database.close()


def test_nothing_is_printed_but_the_summary(night: Night) -> None:
    assert night.ended.stderr == ""
