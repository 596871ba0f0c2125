"""What the crawler will not do.

Press a server, visit out of hours, trust any certificate, look into an office's own network,
knock at a dead door every night.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from storage.engine import Database
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Start = Callable[..., Any]

PAGES, PER_PAGE = 3, 4


def profile(base: str, more: str = "") -> str:
    return (
        f"site: xa\nbase_url: {base}\n{more}\nversions:\n  - family: wordpress\n"
        "    sections: [{name: tin, url: tin}]\n"
    )


def night(number: int, at: str = "01:00") -> str:
    return f"2022-10-{number:02d}T{at}+07:00"


@pytest.fixture
def website(start_website: Start, pages: Any) -> Any:  # noqa: ANN401
    """A site of three list pages with four articles each."""
    site = start_website()
    _fill(site, pages)
    return site


def _fill(site: Any, pages: Any) -> None:  # noqa: ANN401
    for page in range(1, PAGES + 1):
        items = [
            (f"/bai-{page}-{n}", f"Bài số {page}.{n} của xã", f"2022-0{9 - page}-{20 - n}")
            for n in range(PER_PAGE)
        ]
        after = f"/tin?page={page + 1}" if page < PAGES else None
        site.page("/tin" if page == 1 else f"/tin?page={page}", pages.listing(items, after=after))
        for path, title, day in items:
            site.page(path, pages.article(title, day))


# ------------------------------------------------------------------------- how often, and when


def test_a_host_is_not_asked_more_often_than_it_may_be_in_one_night(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url, "max_requests: 2"))
    ended = office.crawl(clock=night(1))
    assert ended.code == 3
    assert website.log == ["/robots.txt", "/tin"]
    # Ten items may all be pinned: they prove no day.
    assert office.coverage("xa")["tin"][:4] == ["none", "request_limit", None, None]
    again = office.crawl(clock=night(1, "05:00"))
    assert again.site("xa")["outcome"] == "failed"
    assert len(website.log) == 2
    office.crawl(clock=night(2))
    assert len(website.log) == 4


def test_articles_that_the_limit_leaves_unread_make_the_run_partial(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url, f"max_requests: {1 + PAGES + 5}"))
    ended = office.crawl(clock=night(1)).site("xa")
    assert ended["outcome"] == "partial"
    assert "7 articles were not asked" in ended["reason"]
    assert office.coverage("xa")["tin"][0] == "complete"
    assert ended["counters"]["version/new"] == 5


def test_a_site_is_not_asked_outside_its_hours_and_the_night_is_not_seen(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url, 'hours: "22:00-05:00"'))
    ended = office.crawl(clock=night(1, "12:00"))
    assert ended.code == 3
    assert ended.site("xa")["skipped"]
    assert website.log == []
    assert office.coverage("xa")["tin"] == ["none", "outside_hours", None, None]
    inside = office.crawl(clock=night(1, "23:00"))
    assert inside.code == 0
    assert not inside.site("xa")["skipped"]


CLOSES_AFTER_THREE = """
import itertools
from crawler import pacing
asked = itertools.count()
pacing.is_open = lambda hours, at: next(asked) < 3
"""


def test_a_walk_ends_with_the_hours_of_its_site(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url, 'hours: "22:00-05:00"'))
    ended = office.crawl(clock=night(1, "04:59"), first=CLOSES_AFTER_THREE).site("xa")
    assert ended["outcome"] == "partial"
    assert website.log[:2] == ["/robots.txt", "/tin"]
    assert len(website.log) == 3
    assert office.coverage("xa")["tin"][:2] == ["none", "outside_hours"]


NOTES_PROMISES = """
import pathlib
from crawler.pace import Pace
keep = Pace.promise
def promise(self, crawl_delay_s):
    keep(self, crawl_delay_s)
    pathlib.Path({file!r}).write_text(str(self.pause_s))
Pace.promise = promise
"""


def test_the_delay_that_robots_txt_asks_for_is_promised(
    website: Any,  # noqa: ANN401
    open_office: Start,
    tmp_path: Path,
) -> None:
    office, noted = open_office(), tmp_path / "pause"
    website.page("/robots.txt", "User-agent: *\nCrawl-delay: 0.02\n")
    office.profile(profile(website.url))
    ended = office.crawl(clock=night(1), first=NOTES_PROMISES.format(file=str(noted)))
    assert ended.code == 0
    assert noted.read_text() == "0.02"


def test_a_server_that_asks_for_patience_is_asked_again_when_it_has_had_it(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url))
    answer = website.pages["/bai-1-0"]

    def busy(handler: Any) -> None:  # noqa: ANN401
        website.pages["/bai-1-0"] = answer
        handler.send_response(429)
        handler.send_header("Retry-After", "1")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    website.pages["/bai-1-0"] = busy
    assert office.crawl(clock=night(1)).code == 0
    assert office.fates("xa")["/bai-1-0"] == [("http_error", "status 429"), ("stored", None)]


def test_a_server_that_asks_us_not_to_come_back_is_left_for_the_night(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url))
    website.page("/tin?page=2", status=503, headers={"Retry-After": "86400"})
    ended = office.crawl(clock=night(1)).site("xa")
    assert "the server asks not to come back for 86400 s" in ended["reason"]
    # One article may have been on its way before.
    assert len(website.log) <= 4
    assert website.log[-1] == "/tin?page=2"
    assert office.coverage("xa")["tin"][0] == "none"


def test_a_site_that_seems_dead_is_tried_less_often_and_each_night_without_is_noted(
    open_office: Start,
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        office = open_office()
        office.profile(profile(f"http://127.0.0.1:{unused.getsockname()[1]}/"))
        ended = [office.crawl(clock=night(number)).site("xa") for number in range(1, 7)]
        assert [one["skipped"] for one in ended] == [False] * 4 + [True, False]
        assert {one["outcome"] for one in ended} == {"failed"}
        assert "2022-10-06" in ended[4]["reason"]
        asked = office.rows("SELECT state, reason FROM coverage ORDER BY id")
        assert asked[4] == ("none", "resting")
        insisted = office.crawl("--site", "xa", clock=night(7)).site("xa")
        assert not insisted["skipped"]


# -------------------------------------------------------------------------------- certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give a certificate that signs itself, for this machine and for another host."""
    folder = tmp_path_factory.mktemp("tls")
    return {
        "here": _certificate(
            folder / "here.pem", x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        ),
        "there": _certificate(folder / "there.pem", x509.DNSName("vidu.example")),
    }


def _certificate(path: Path, name: x509.GeneralName) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Xã Thử")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def trusting(certificate: Path) -> str:
    return f"import os; os.environ['SSL_CERT_FILE'] = {str(certificate)!r}"


def test_a_server_without_a_good_certificate_is_not_read_and_the_way_out_is_said(
    start_website: Start,
    open_office: Start,
    pages: Any,  # noqa: ANN401
    certificates: dict[str, Path],
) -> None:
    website, office = start_website(certificates["here"]), open_office()
    _fill(website, pages)
    office.profile(profile(website.url))
    ended = office.crawl(clock=night(1))
    assert ended.code == 3
    assert office.fates("xa")["/tin"] == [("network_error", "TLS: certificate verify failed")]
    assert website.log == []
    assert office.coverage("xa")["tin"] == ["none", "list_failed", None, None]
    assert any("tls: accept_broken" in one["text"] for one in ended.site("xa")["advice"])


def test_a_certificate_of_another_host_is_none(
    start_website: Start,
    open_office: Start,
    pages: Any,  # noqa: ANN401
    certificates: dict[str, Path],
) -> None:
    website, office = start_website(certificates["there"]), open_office()
    _fill(website, pages)
    office.profile(profile(website.url))
    office.crawl(clock=night(1), first=trusting(certificates["there"]))
    ((fate, reason),) = office.fates("xa")["/tin"]
    assert fate == "network_error"
    assert reason.startswith("TLS: certificate")
    assert website.log == []


@pytest.mark.parametrize("trusted", [False, True])
def test_what_the_certificate_was_worth_stands_with_each_capture_and_in_the_evidence(
    start_website: Start,
    open_office: Start,
    pages: Any,  # noqa: ANN401
    certificates: dict[str, Path],
    trusted: bool,  # noqa: FBT001
) -> None:
    website, office = start_website(certificates["here"]), open_office()
    _fill(website, pages)
    office.profile(profile(website.url, "tls: accept_broken"))
    first = trusting(certificates["here"]) if trusted else ""
    assert office.crawl(clock=night(1), first=first).code == 0
    worth = "verified" if trusted else "unverified"
    assert office.rows("SELECT DISTINCT tls FROM capture") == [(worth,)]
    database = Database.open(f"sqlite:///{office.folder / 'tinbai.db'}")
    with database.read() as c:
        assert list(verify(c, office.folder / "evidence")) == []
    database.close()


def test_over_plain_http_there_is_no_certificate_to_speak_of(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url))
    assert office.crawl(clock=night(1)).code == 0
    assert office.rows("SELECT DISTINCT tls FROM capture") == [(None,)]


# --------------------------------------------------------------------------- private addresses

RESOLVES = """
import socket
known = {known!r}
def look_up(name):
    if name not in known:
        raise socket.gaierror(-2, "Name or service not known")
    found = known[name]
    return found.pop(0) if len(found) > 1 else found[0]
socket.gethostbyname = look_up
"""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "xa.vidu.example"])
def test_a_private_address_is_refused_however_it_is_written(
    website: Any,  # noqa: ANN401
    open_office: Start,
    host: str,
) -> None:
    office = open_office(allow_private=False)
    office.profile(profile(website.url.replace("127.0.0.1", host)))
    known = {"localhost": ["127.0.0.1"], "xa.vidu.example": ["127.0.0.1"]}
    ended = office.crawl(clock=night(1), first=RESOLVES.format(known=known))
    assert office.fates("xa")["/tin"] == [("network_error", "private address: 127.0.0.1")]
    assert website.log == []
    assert any("allow_private: true" in one["text"] for one in ended.site("xa")["advice"])


def test_a_name_that_later_answers_with_a_private_address_gains_nothing(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    """DNS rebinding: what was looked at is what is connected to, each time."""
    office = open_office(allow_private=False, timeout_s=1)
    office.profile(profile(website.url.replace("127.0.0.1", "xa.vidu.example")))
    known = {"xa.vidu.example": ["192.0.2.1", "127.0.0.1"]}  # the first is nobody's
    office.crawl(clock=night(1), first=RESOLVES.format(known=known))
    assert website.log == []


@pytest.mark.parametrize("host", ["127.0.0.1", "xa.vidu.example"])
def test_a_profile_may_allow_its_site_to_be_on_the_office_s_own_network(
    website: Any,  # noqa: ANN401
    open_office: Start,
    host: str,
) -> None:
    office = open_office(allow_private=False)
    office.profile(profile(website.url.replace("127.0.0.1", host), "allow_private: true"))
    known = {"127.0.0.1": ["127.0.0.1"], "xa.vidu.example": ["127.0.0.1"]}
    assert office.crawl(clock=night(1), first=RESOLVES.format(known=known)).code == 0


def test_a_name_that_does_not_resolve_is_named_so(
    website: Any,  # noqa: ANN401
    open_office: Start,
) -> None:
    office = open_office()
    office.profile(profile(website.url.replace("127.0.0.1", "khong-co.vidu.example")))
    office.crawl(clock=night(1), first=RESOLVES.format(known={}))
    assert office.fates("xa")["/tin"] == [("robots_denied", "robots.txt: unknown host")]
