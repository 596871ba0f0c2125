"""A visit to servers that misbehave: bounded, polite, and every end has a name."""

from __future__ import annotations

import datetime as dt
import gzip
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.probing.fetching import Answer, Miss, Visit
from crawler.probing.probe import trial_profile
from storage.clock import Clock
from storage.records import Disposition
from storage.workspace import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def settings(*, delay_s: float = 0, timeout_s: float = 5) -> Settings:
    return Settings(
        office_name="Phòng Nội vụ",
        contact="cchc@example.test",
        since=dt.date(2022, 1, 1),
        delay_s=delay_s,
        timeout_s=timeout_s,
        proxy=None,
        database_url=None,
        busy_timeout_s=1,
    )


@pytest.fixture
def website(start_website: Callable[[], Any]) -> Any:  # noqa: ANN401 - a fixture of conftest
    return start_website()


def visit_to(website: Any, **more: Any) -> Visit:  # noqa: ANN401
    chosen = more.pop("settings", settings())
    return Visit(profile=trial_profile(website.url), settings=chosen, clock=Clock(), **more)


def test_a_page_is_asked_once_and_says_who_asks(website: Any) -> None:  # noqa: ANN401
    website.page("/tin", "<h1>Tin</h1>")
    visit = visit_to(website)
    first, again = visit.get(website.url + "tin"), visit.get(website.url + "tin")
    assert isinstance(first, Answer)
    assert first is again
    assert website.log == ["/robots.txt", "/tin"]
    assert all("contact: cchc@example.test" in agent for agent in website.agents)


def test_what_robots_txt_forbids_is_not_asked(website: Any) -> None:  # noqa: ANN401
    website.page("/robots.txt", "User-agent: tinbai\nDisallow: /noi-bo/\n")
    website.page("/chuyen", "", status=302, headers={"Location": "/noi-bo/lich"})
    visit = visit_to(website)
    for path in ("noi-bo/lich", "chuyen"):
        got = visit.get(website.url + path)
        assert isinstance(got, Miss)
        assert got.fate is Disposition.ROBOTS_DENIED
    assert "/noi-bo/lich" not in website.log


def test_no_redirect_leads_off_the_site(website: Any) -> None:  # noqa: ANN401
    visit = visit_to(website)
    others = ("http://localhost/", "ftp://127.0.0.1/", "http://[::1]/", "http://127.0.0.1:22/")
    for number, target in enumerate(others):
        website.page(f"/{number}", "", status=302, headers={"Location": target})
        got = visit.get(f"{website.url}{number}")
        assert isinstance(got, Miss)
        assert got.fate is Disposition.OFF_SITE


@pytest.mark.parametrize("address", ["http://[", "http://127.0.0.1:port/", "", "tel:113", "\0"])
def test_what_is_no_web_address_is_a_named_miss(website: Any, address: str) -> None:  # noqa: ANN401
    assert isinstance(visit_to(website).get(address), Miss)
    assert website.log == []


def test_redirects_are_followed_on_the_site_and_circles_end(website: Any) -> None:  # noqa: ANN401
    website.page("/a", "", status=301, headers={"Location": "b"})
    website.page("/b", "<h1>B</h1>")
    website.page("/vong", "", status=302, headers={"Location": "/vong"})
    visit = visit_to(website)
    got, circle = visit.get(website.url + "a"), visit.get(website.url + "vong")
    assert isinstance(got, Answer)
    assert got.page.url == website.url + "b"
    assert isinstance(circle, Miss)
    assert circle.reason == "too many redirects"


def test_the_number_of_requests_is_bounded(website: Any) -> None:  # noqa: ANN401
    for number in range(9):
        website.page(f"/{number}", "<h1>Tin</h1>")
    visit = visit_to(website, requests=5)
    got = [visit.get(f"{website.url}{number}") for number in range(9)]
    assert len(website.log) == 5
    assert [one.fate for one in got if isinstance(one, Miss)] == [Disposition.INTERRUPTED] * 5


def test_the_pause_between_requests_is_kept_and_the_longer_one_counts(website: Any) -> None:  # noqa: ANN401
    website.page("/robots.txt", "User-agent: *\nCrawl-delay: 7\n")
    website.page("/a", "A")
    website.page("/b", "B")
    pauses: list[float] = []
    visit = visit_to(website, settings=settings(delay_s=2), pause=pauses.append)
    visit.get(website.url + "a")
    visit.get(website.url + "b")
    assert [round(pause) for pause in pauses] == [7, 7]


def test_a_busy_server_that_names_a_time_is_asked_once_more(website: Any) -> None:  # noqa: ANN401
    def busy_once(handler: BaseHTTPRequestHandler) -> None:
        website.page("/tin", "<h1>Tin</h1>")
        handler.send_response(429)
        handler.send_header("Retry-After", "9")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    website.pages["/tin"] = busy_once
    pauses: list[float] = []
    got = visit_to(website, pause=pauses.append).get(website.url + "tin")
    assert isinstance(got, Answer)
    assert (got.page.status, pauses) == (200, [9.0])


def fate_of(website: Any, path: str, **more: Any) -> tuple[Disposition, str]:  # noqa: ANN401
    got = visit_to(website, **more).get(website.url + path)
    assert isinstance(got, Miss)
    return got.fate, got.reason


def test_bodies_that_are_too_long_are_not_taken(website: Any) -> None:  # noqa: ANN401
    website.flood("/dai", 12, announced=False)
    packed = gzip.compress(b"\0" * (11 * 2**20))
    website.page("/bom", packed, headers={"Content-Encoding": "gzip"})
    assert fate_of(website, "dai") == (Disposition.NETWORK_ERROR, "too large")
    assert fate_of(website, "bom") == (Disposition.NETWORK_ERROR, "too large")


def test_bodies_that_are_cut_off_are_not_taken(website: Any) -> None:  # noqa: ANN401
    website.page("/ngan", "x" * 50, headers={"Content-Length": "500"})
    packed = gzip.compress(b"Tin tuc" * 500)[:-20]
    website.page("/hong", packed, headers={"Content-Encoding": "gzip"})
    assert fate_of(website, "ngan") == (Disposition.NETWORK_ERROR, "cut off")
    assert fate_of(website, "hong") == (Disposition.NETWORK_ERROR, "cut off")


def test_a_server_that_drips_does_not_hold_the_visit(website: Any) -> None:  # noqa: ANN401
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.close_connection = True
        for _ in range(600):
            handler.wfile.write(b"x")
            if website.closing.wait(0.05):
                return

    website.pages["/giot"] = drip
    website.hang("/treo")
    quick = settings(timeout_s=0.3)
    drips, hangs = (
        fate_of(website, "giot", settings=quick),
        fate_of(website, "treo", settings=quick),
    )
    assert {drips, hangs} == {(Disposition.NETWORK_ERROR, "timeout")}


def test_a_server_that_hangs_up_or_is_not_there_has_a_name(website: Any) -> None:  # noqa: ANN401
    website.reset("/cat")
    assert fate_of(website, "cat") == (Disposition.NETWORK_ERROR, "connection lost")
    got = Visit(profile=trial_profile("http://127.0.0.1:9/"), settings=settings(), clock=Clock())
    miss = got.get("http://127.0.0.1:9/")
    assert isinstance(miss, Miss)
    assert miss.reason == "connection refused"


def test_packed_bodies_come_unpacked(website: Any) -> None:  # noqa: ANN401
    website.page("/gz", gzip.compress(b"<h1>Tin</h1>"), headers={"Content-Encoding": "gzip"})
    website.page("/gia", b"<h1>Tin</h1>", headers={"Content-Encoding": "gzip"})
    visit = visit_to(website)
    for path in ("gz", "gia"):
        got = visit.get(website.url + path)
        assert isinstance(got, Answer)
        assert got.page.body == b"<h1>Tin</h1>"


def test_the_instant_of_a_capture_is_the_clock_s(website: Any) -> None:  # noqa: ANN401
    website.page("/tin", "Tin")
    clock = Clock.parse("2019-08-05T23:00+07:00")
    visit = Visit(profile=trial_profile(website.url), settings=settings(), clock=clock)
    got = visit.get(website.url + "tin")
    assert isinstance(got, Answer)
    assert got.page.captured_at.date() == dt.date(2019, 8, 5)


# ---------------------------------------------------------------------------------- TLS


def self_signed(folder: Path) -> ssl.SSLContext:
    """Give the context of a server whose certificate nobody knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


class Secure(BaseHTTPRequestHandler):
    """Answers every question with one page."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>Tin</h1>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_certificate_that_cannot_be_verified_is_said_and_the_page_read(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Secure)
    server.socket = self_signed(tmp_path).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    try:
        url = f"https://127.0.0.1:{server.server_address[1]}/"
        visit = Visit(profile=trial_profile(url), settings=settings(), clock=Clock())
        got = visit.get(url)
        again = visit.get(url + "tin")
    finally:
        server.shutdown()
        server.server_close()
    assert isinstance(got, Answer)
    assert isinstance(again, Answer)
    assert visit.tls.is_used
    assert visit.tls.problem == "self-signed certificate"
