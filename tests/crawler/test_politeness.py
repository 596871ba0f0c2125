"""How the crawler introduces itself, and that it visits a host once at a time."""

from __future__ import annotations

import datetime as dt

from crawler.politeness import delay_s, hosts_of, lanes, user_agent
from crawler.profiles import SiteProfile
from storage.version import code_version
from storage.workspace import Settings

SETTINGS = Settings(
    office_name="Phòng Nội vụ",
    contact="cchc@huyen.test",
    since=dt.date(2022, 1, 1),
    delay_s=1.5,
    timeout_s=30,
    proxy=None,
    database_url=None,
    busy_timeout_s=30,
)


def profile(site: str, base_url: str, **more: object) -> SiteProfile:
    version = {"family": "generic", "sections": [{"name": "Tin", "url": "tin"}]}
    data = {"site": site, "base_url": base_url, "versions": [version], "digest": "0", **more}
    return SiteProfile.model_validate(data)


def test_the_user_agent_says_who_reads_and_whom_to_ask() -> None:
    one = profile("a", "http://a.test/")
    assert user_agent(one, SETTINGS) == f"tinbai/{code_version()} (+contact: cchc@huyen.test)"
    own = profile("a", "http://a.test/", contact="so@tinh.test")
    assert user_agent(own, SETTINGS).endswith("(+contact: so@tinh.test)")


def test_a_profile_s_delay_goes_before_the_office_s_and_may_be_zero() -> None:
    assert delay_s(profile("a", "http://a.test/"), SETTINGS) == 1.5
    assert delay_s(profile("a", "http://a.test/", delay_s=0), SETTINGS) == 0


def test_the_hosts_of_a_site_are_those_of_its_profile() -> None:
    one = profile("a", "http://A.test:8080/x/", hosts=["www.a.test"])
    assert hosts_of(one) == {"a.test", "www.a.test"}


def test_sites_that_share_a_host_are_walked_one_after_the_other() -> None:
    a = profile("a", "http://one.test/a/")
    b = profile("b", "http://two.test/")
    c = profile("c", "http://one.test/c/")
    assert lanes([a, b, c]) == [[b], [a, c]]


def test_a_site_with_two_hosts_joins_the_lanes_of_both() -> None:
    a, b = profile("a", "http://one.test/"), profile("b", "http://two.test/")
    both = profile("c", "http://three.test/", hosts=["one.test", "two.test"])
    (lane,) = lanes([a, b, both])
    assert {one.site for one in lane} == {"a", "b", "c"}


def test_no_sites_are_no_lanes() -> None:
    assert lanes([]) == []
