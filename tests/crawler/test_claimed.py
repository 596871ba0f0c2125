"""Addresses that units claim and no list shows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from crawler.claimed import unmet
from crawler.profiles import load_profiles
from crawler.site_addresses import SiteAddresses
from storage.candidates import candidates
from storage.claims import record_self_reports, tries_of_addresses
from storage.engine import Database
from storage.records import (
    AddressTry,
    Claim,
    DayInterval,
    Disposition,
    Registry,
    SelfReport,
    UnitLevel,
    UnitName,
)
from storage.units import record_registry
from storage.verify import verify

if TYPE_CHECKING:
    from collections.abc import Callable

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    sections:
      - {{name: Tin tức, url: tin}}
"""
NOW = dt.datetime(2022, 10, 2, 16, tzinfo=dt.UTC)
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> SiteAddresses:
    folder = tmp_path_factory.mktemp("sites")
    (folder / "xa.yml").write_text(PROFILE.format(base="http://xa.test/"), encoding="utf-8")
    (profile,) = load_profiles(folder)
    return SiteAddresses(profile, profile.versions[0], ["http://xa.test/biet"])


def asked(addresses: SiteAddresses, url: str, last_try: AddressTry | None = None) -> list[str]:
    met = {"http://xa.test/biet"}
    return [found for found, _ in unmet({url: last_try}, addresses, met=met, now=NOW)]


def test_only_an_unknown_article_address_inside_the_site_is_asked_for(
    addresses: SiteAddresses,
) -> None:
    assert asked(addresses, "http://xa.test/moi#dau") == ["http://xa.test/moi"]
    for url in (
        "http://xa.test/biet",
        "http://xa.test/biet/?utm_source=zalo",
        "http://khac.test/moi",
        "http://xa.test.khac.test/moi",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://xa.test/",
        "http://xa.test/tin",
    ):
        assert asked(addresses, url) == [], url


@pytest.mark.parametrize(
    ("days_ago", "disposition", "status", "is_asked"),
    [
        (1, Disposition.HTTP_ERROR, 404, False),
        (7, Disposition.HTTP_ERROR, 404, True),
        (1, Disposition.NOT_AN_ARTICLE, 200, False),
        (1, Disposition.NETWORK_ERROR, None, True),
        (1, Disposition.BLOCKED, 403, True),
    ],
)
def test_what_could_not_be_asked_is_tried_the_next_night_and_a_dead_link_after_a_week(
    addresses: SiteAddresses,
    days_ago: int,
    disposition: Disposition,
    status: int | None,
    *,
    is_asked: bool,
) -> None:
    url = "http://xa.test/moi"
    last = AddressTry(
        url=url,
        capture_id=1,
        tried_at=NOW - dt.timedelta(days=days_ago),
        disposition=disposition,
        reason=None if status is None else f"status {status}",
        status=status,
    )
    assert (asked(addresses, url, last) == [url]) is is_asked


def database(office: Any) -> Database:  # noqa: ANN401 - of the crawler's tests
    return Database.open(f"sqlite:///{office.folder / 'tinbai.db'}")


def receive(office: Any, *urls: str) -> None:  # noqa: ANN401 - as above
    """Receive a self-report that names addresses."""
    name = UnitName(unit="xa", name="Xã", level=UnitLevel.COMMUNE, parent=None, valid=YEAR)
    report = SelfReport(
        unit="xa",
        period=YEAR,
        source_sha256="s",
        source_name="bc.xlsx",
        received_at=dt.datetime(2022, 9, 30, tzinfo=dt.UTC),
        claims=tuple(Claim(tag="TTHC", url=url, cell=f"D!F{n}") for n, url in enumerate(urls)),
    )
    opened = database(office)
    with opened.write() as c:
        record_registry(c, Registry(names=(name,)), received_at=report.received_at)
        record_self_reports(c, [report])
    opened.close()


def test_a_claimed_page_is_archived_and_read_and_what_was_seen_of_the_lists_stays(
    open_office: Callable[..., Any],
    start_website: Callable[[], Any],
    pages: Any,  # noqa: ANN401 - as above
) -> None:
    website = start_website()
    website.page("/tin", pages.listing([("/con", "Bài còn trong danh sách", "2022-09-02")]))
    website.page("/con", pages.article("Bài còn trong danh sách", "2022-09-02"))
    website.page("/an", pages.article("Bài không có trong danh sách", "2022-09-03"))
    office = open_office()
    office.profile(PROFILE.format(base=website.url))
    named = [f"{website.url}{path}" for path in ("an", "con", "khong", "tin", "con…")]
    receive(office, *named, "http://khac.test/bai")
    before = office.crawl(clock="2022-09-30T00:00+07:00")  # nothing is claimed yet
    assert before.code == 0, before.stderr
    assert "/an" not in website.log
    coverage = office.rows("SELECT count(*) FROM coverage")

    website.log.clear()
    claimed = office.crawl("--claimed", clock="2022-10-01T23:00+07:00")
    assert claimed.code == 0, claimed.stderr
    log = [path for path in website.log if not path.startswith(("/robots", "/khong-co-"))]
    assert sorted(log) == ["/an", "/khong"]
    assert office.rows("SELECT count(*) FROM coverage") == coverage

    website.log.clear()
    again = office.crawl(clock="2022-10-02T23:00+07:00")
    assert again.code == 0, again.stderr
    assert "/an" not in website.log
    assert "/khong" not in website.log

    opened = database(office)
    now = dt.datetime(2022, 10, 3, tzinfo=dt.UTC)
    with opened.read() as c:
        known = {one.url.rpartition("/")[2]: one for one in candidates(c, now, tagger=None)}
        earlier = candidates(c, now - dt.timedelta(days=2), tagger=None)
        tries = tries_of_addresses(c, named, now)
        assert list(verify(c, office.folder / "evidence")) == []
    opened.close()
    assert {path: one.only_claimed for path, one in known.items()} == {"con": False, "an": True}
    assert (known["an"].title, known["an"].day) == (
        "Bài không có trong danh sách",
        dt.date(2022, 9, 3),
    )
    assert [one.url.rpartition("/")[2] for one in earlier] == ["con"]
    assert tries[f"{website.url}khong"].status == 404
