"""Addresses: one form each, and whose they are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.profiles import ProfileVersion, Section, SiteProfile
from crawler.urls import belongs, canonical, canonical_for


def _profile(base_url: str, *hosts: str) -> SiteProfile:
    version = ProfileVersion(family="generic", sections=(Section(name="Tin", url="."),))
    return SiteProfile(
        site="thu", base_url=base_url, hosts=hosts, versions=(version,), digest="0" * 64
    )


SITE = _profile("https://xa.test/")
COMMUNE = _profile("https://huyen.test/xa-a", "www.huyen.test")


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("HTTP://Xa.TEST:80/Tin-Tuc/A.html#x", "http://xa.test/Tin-Tuc/A.html"),
        ("https://xa.test:443/a", "https://xa.test/a"),
        ("https://xa.test:8443/a", "https://xa.test:8443/a"),
        ("https://xa.test", "https://xa.test/"),
        ("https://xa.test./a", "https://xa.test/a"),
        ("https://xã.test/a", "https://xn--x-yfa.test/a"),
        ("https://xa.test//tin//a/", "https://xa.test/tin/a/"),
        ("https://xa.test/tin/../a/./b", "https://xa.test/a/b"),
        ("https://xa.test/../../a", "https://xa.test/a"),
        ("https://xa.test/tin\\a.aspx", "https://xa.test/tin/a.aspx"),
        ("https://xa.test/%c3%a1", "https://xa.test/%C3%A1"),
        ("https://xa.test/tin bài", "https://xa.test/tin%20b%C3%A0i"),
        ("  https://xa.test/a\n ", "https://xa.test/a"),
        ("https://xa.test/index.php?tin/bài 1", "https://xa.test/index.php?tin/b%C3%A0i%201"),
        ("https://xa.test/?/tin%2fa&b=2&utm_id=1&a=1", "https://xa.test/?/tin/a&a=1&b=2"),
        ("https://xa.test/?a%3D1/b", "https://xa.test/?a%3D1/b"),
    ],
)
def test_an_address_has_one_form(url: str, form: str) -> None:
    assert canonical(url) == form


@pytest.mark.parametrize(
    "noise",
    [
        "utm_source=zalo&utm_campaign=x",
        "fbclid=IwAR0",
        "jsessionid=9F",
        "PHPSESSID=9f",
        "p_p_lifecycle=0&p_p_state=normal&p_p_mode=view&p_p_col_id=column-2&p_p_col_count=1",
        "inheritRedirect=true",
        "_101_INSTANCE_x_redirect=%2Fweb%2Fguest",
    ],
)
def test_parameters_that_follow_the_visitor_are_dropped(noise: str) -> None:
    assert canonical(f"https://xa.test/bai?id=7&{noise}") == "https://xa.test/bai?id=7"
    assert canonical(f"https://xa.test/bai?{noise}") == "https://xa.test/bai"


@pytest.mark.parametrize(
    "name",
    [
        *("id", "cn", "tc", "gd", "ItemID", "NewsId", "CatId", "p", "page", "cur"),
        *("p_p_id", "_101_cur", "_101_assetEntryId"),
    ],
)
def test_parameters_that_may_name_the_article_are_kept(name: str) -> None:
    assert canonical(f"https://xa.test/?{name}=7") == f"https://xa.test/?{name}=7"


def test_a_session_in_the_path_is_dropped() -> None:
    assert canonical("https://xa.test/a;jsessionid=1F.node2?b=1") == "https://xa.test/a?b=1"


def test_the_way_back_is_dropped_from_liferays_articles_only() -> None:
    assert canonical("https://xa.test/tin/-/a?redirect=%2Ftin") == "https://xa.test/tin/-/a"
    assert canonical("https://xa.test/go?redirect=%2Ftin") == "https://xa.test/go?redirect=%2Ftin"


def test_the_order_of_parameters_makes_no_difference() -> None:
    assert canonical("https://xa.test/?tc=2&cn=1") == canonical("https://xa.test/?cn=1&tc=2")


def test_a_link_is_joined_to_its_page() -> None:
    assert canonical("../b", "https://xa.test/tin/a") == "https://xa.test/b"
    assert canonical("?p=2", "https://xa.test/tin/a?p=1") == "https://xa.test/tin/a?p=2"


@pytest.mark.parametrize("url", ["javascript:void(0)", "mailto:a@xa.test", "http://[::1", "", "#"])
def test_what_is_no_web_address_comes_back_and_belongs_to_nobody(url: str) -> None:
    assert canonical(url) == url
    assert not belongs(url, SITE)


@given(st.text())
@example("http://[")
@example("http://a:99999999/")
@example("http://" + "a" * 70 + ".test/")
@example("http://xa.test/\ud800")
def test_any_text_has_a_form(text: str) -> None:
    canonical(text, "https://xa.test/tin/")
    belongs(text, SITE)


_PIECES = st.lists(
    st.sampled_from(
        [
            *("a", "B", "ã", "a\u0303", "..", ".", "/", "//", "\\", "@", ":", " ", "+", "-", ";"),
            *("%2e", "%2F", "%25", "%3f", "%23", "%26", "%ff", "%", "?", "&", "=", "#"),
            *(";jsessionid=1", "utm_x=1", "id=1", "redirect=1", "/-/"),
        ]
    )
).map("".join)


@given(_PIECES)
@example("?a=%26b%3D1&utm_x=1")
@example("%252e%252e/a")
@example("?%252f/a%2f%26b")
def test_the_form_of_a_form_is_itself(rest: str) -> None:
    once = canonical("https://xa.test/" + rest)
    assert canonical(once) == once


@given(_PIECES)
def test_the_sites_form_of_a_form_is_itself(rest: str) -> None:
    once = canonical_for("http://www.huyen.test/xa-a/" + rest, COMMUNE)
    assert canonical_for(once, COMMUNE) == once


@pytest.mark.parametrize(
    "url",
    ["https://xa.test/a", "http://xa.test/a", "https://XA.test:443/a", "https://xa.test?x=1"],
)
def test_own_addresses_belong(url: str) -> None:
    assert belongs(url, SITE)


@pytest.mark.parametrize(
    "url",
    [
        "https://khac.test/a",
        "https://xa.test.khac.test/a",
        "https://www.xa.test/a",
        "https://khac.test/?u=https://xa.test/",
        "https://ai@xa.test/a",
        "https://xa.test:pw@khac.test/",
        "https://khac.test\\@xa.test/",
        "https://xa.test:8080/a",
        "ftp://xa.test/a",
        "data:text/html,a",
        "//xa.test/a",
        "/a",
    ],
)
def test_foreign_and_odd_addresses_do_not_belong(url: str) -> None:
    assert not belongs(url, SITE)


def test_a_path_in_the_base_address_fences_the_site() -> None:
    assert belongs("https://huyen.test/xa-a/tin", COMMUNE)
    assert belongs("https://huyen.test/xa-a", COMMUNE)
    assert belongs("http://www.huyen.test/xa-a/tin", COMMUNE)
    assert not belongs("https://huyen.test/xa-ab/tin", COMMUNE)
    assert not belongs("https://huyen.test/tin", COMMUNE)


@pytest.mark.parametrize(
    "climb", ["..", "%2e%2e", "%252e%252e", ".%2E", "..%2f..", "..%5c..", "%25252e%25252e"]
)
def test_no_path_climbs_over_the_fence(climb: str) -> None:
    assert not belongs(f"https://huyen.test/xa-a/{climb}/xa-b/tin", COMMUNE)


def test_a_port_belongs_when_the_base_address_has_it() -> None:
    local = _profile("http://127.0.0.1:8091/")
    assert belongs("http://127.0.0.1:8091/tin", local)
    assert not belongs("http://127.0.0.1:8092/tin", local)


def test_twins_of_the_base_host_are_one() -> None:
    for twin in ("http://huyen.test", "https://www.huyen.test", "http://www.huyen.test"):
        assert canonical_for(f"{twin}/xa-a/1", COMMUNE) == "https://huyen.test/xa-a/1"


def test_another_host_of_the_site_keeps_its_name() -> None:
    profile = _profile("https://xa.test/", "cu.test")
    assert canonical_for("http://cu.test/1", profile) == "https://cu.test/1"
    assert canonical_for("http://khac.test/1", profile) == "http://khac.test/1"


def test_language_twins_are_left_alone() -> None:
    assert canonical("https://xa.test/vi/a") != canonical("https://xa.test/a")
