"""Which addresses are one article: what is certain, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.identity import identity_of as identity_of_canonical
from crawler.profile_fields import FAMILY_NAMES
from crawler.profiles import ProfileVersion, Section, SiteProfile
from crawler.urls import canonical_for


def site(*families: str, prefixes: tuple[str, ...] = ()) -> SiteProfile:
    versions = tuple(
        ProfileVersion(family=family, sections=(Section(name="Tin", url="."),))
        for family in families
    )
    return SiteProfile(
        site="thu",
        base_url="https://xa.test/",
        versions=versions,
        digest="0" * 64,
        language_prefixes=prefixes,
    )


def identity_of(url: str, profile: SiteProfile) -> str:
    return identity_of_canonical(canonical_for(url, profile), profile)


TWINS = [
    ("generic", "/tin/a", "/tin/a/"),
    ("generic", "/tin/a", "/tin/a%20"),
    ("generic", "/tin/a.html", "/tin/a.amp.html"),
    ("wordpress", "/2024/05/bai/", "/2024/05/bai/amp/"),
    ("wordpress", "/2024/05/bai/", "/2024/05/bai/?amp=1"),
    ("wordpress", "/2024/05/bai/", "/2024/05/bai/?replytocom=7#respond"),
    (
        "quangtri",
        "/vi/chi-tiet-tin/-/view-article/1/1647698331609/1728459917456",
        "/chi-tiet/-/view-article/1/1651151768064/1728459917456",
    ),
    ("huecit", "/?cn=198&gd=7&tc=22782", "/?cn=28&gd=1&tc=22782"),
    ("nukeviet", "/vi/news/cchc/bai-368.html", "/vi/news/savefile/cchc/bai-368.html"),
    ("nukeviet", "/vi/news/cchc/bai-368.html", "/vi/news/print/cchc/bai-368.html"),
    ("nukeviet", "/index.php/tin/bai-7231.html", "/index.php/savefile/tin/bai-7231.html"),
    (
        "sharepoint",
        "/Pages/NewsDetail.aspx?NewsId=10902&CatId=101",
        "/pages/newsdetail.aspx?catid=101&newsid=10902",
    ),
    ("dnn", "/cchc/modid/1891/itemid/4367", "/Trang-chu/ModId/1891/ItemId/4367/ten-bai"),
    ("dnn", "/cchc/tin/1.aspx", "/cchc/tin/language/vi-VN/1.aspx"),
    (
        "liferay",
        "/web/guest/tin/-/asset_publisher/1mOzUrGkrdAE/content/id/3444352?plidlayout=3502",
        "/web/hct/chi-tiet/-/asset_publisher/XyZ/content/id/3444352",
    ),
    ("vccorp", "/tieu-de-cu-102240412093012345.htm", "/tieu-de-moi-102240412093012345.htm"),
    (
        "vnpt",
        "/web/guest/tin-chi-tiet/-/chi-tiet/ten-bai-63133-2.html",
        "/en/tin-chi-tiet/-/chi-tiet/ten-moi-63133-1941.html",
    ),
    ("joomla", "/tin/42-bai", "/tin/42-bai?tmpl=component&print=1&layout=default"),
    ("plone", "/tin/bai", "/tin/bai/view"),
    ("static", "/2024/05/06/bai/", "/2024/05/06/bai/index.html"),
]


@pytest.mark.parametrize(("family", "one", "other"), TWINS)
def test_twins_have_one_identity(family: str, one: str, other: str) -> None:
    profile = site(family)
    assert identity_of(f"https://xa.test{one}", profile) == identity_of(
        f"http://XA.test:80{other}", profile
    )


@pytest.mark.parametrize(
    ("family", "one", "other"),
    [
        ("generic", "/vi/tin/a", "/tin/a"),
        ("generic", "/tin/A", "/tin/a"),
        ("huecit", "/?cn=198&gd=7", "/?cn=28&gd=1"),
        ("huecit", "/?cn=198&gd=7&tc=0", "/?cn=28&gd=1&tc=0"),
        ("nukeviet", "/vi/news/a/bai-58.html", "/vi/thong-bao/a/bai-58.html"),
        ("nukeviet", "/vi/news/print/", "/vi/news/"),
        ("sharepoint", "/Pages/a.aspx?NewsId=1", "/Pages/a.aspx?NewsId=2"),
        ("dnn", "/cchc/modid/1891/itemid/4367", "/cchc/modid/1892/itemid/4367"),
        ("joomla", "/tin-tuc/10-dieu", "/thong-bao/10-dieu"),
    ],
)
def test_what_is_not_certain_stays_apart(family: str, one: str, other: str) -> None:
    profile = site(family)
    assert identity_of(f"https://xa.test{one}", profile) != identity_of(
        f"https://xa.test{other}", profile
    )


def test_language_prefixes_are_one_only_where_the_profile_says_so() -> None:
    profile = site("generic", prefixes=("vi", "en"))
    forms = {
        identity_of(f"https://xa.test{path}", profile) for path in ("/vi/a/b", "/en/a/b", "/a/b")
    }
    assert len(forms) == 1
    assert identity_of("https://xa.test/de/a/b", profile) not in forms


def test_other_hosts_keep_their_articles() -> None:
    profile = site("quangtri").model_copy(update={"hosts": ("cu.test",)})
    path = "/chi-tiet-tin/-/view-article/1/1647698331609/1728459917456"
    assert identity_of(f"https://xa.test{path}", profile) != identity_of(
        f"https://cu.test{path}", profile
    )


_PIECES = st.lists(
    st.sampled_from(
        [
            *("a", "B", "7", "/", "-", "?", "&", "=", "%20", ".", "vi", "amp", "tc=1", "gd=2"),
            *("/-/view-article/1/2/", "1728459917456", "/savefile/x-7.html", "/content/id/9"),
            *("/modid/1/itemid/2", "-102240412093012345.htm", "/view", "index.html", "NewsId=1"),
        ]
    )
).map("".join)


@pytest.mark.parametrize("family", FAMILY_NAMES)
@given(rest=_PIECES, junk=st.sampled_from(["", "/", "%20", ").", "#x", "?utm_source=zalo"]))
def test_what_sticks_to_an_address_does_not_change_its_identity(
    family: str, rest: str, junk: str
) -> None:
    profile = site(family, prefixes=("vi",))
    plain = f"https://xa.test/tin/{rest.replace('?', '').replace('&', '')}x"
    assert identity_of(plain, profile) == identity_of(plain + junk, profile)


@given(
    first=st.integers(10**12, 2 * 10**12),
    second=st.integers(10**12, 2 * 10**12),
    category=st.integers(10**12, 2 * 10**12),
)
def test_two_numbers_are_two_articles(first: int, second: int, category: int) -> None:
    profile = site("quangtri")
    one, other = (
        identity_of(f"https://xa.test/vi/x/-/view-article/1/{category}/{number}", profile)
        for number in (first, second)
    )
    assert (one == other) == (first == second)


@given(st.text())
@example("http://[")
def test_any_text_has_an_identity(text: str) -> None:
    identity_of(text, site("generic"))
