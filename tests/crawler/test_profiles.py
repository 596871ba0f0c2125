"""Site profiles: every error at once, with file, line and field."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest

from crawler.errors import ProfileError
from crawler.profile_fields import FAMILY_NAMES
from crawler.profiles import (
    Discover,
    SiteProfile,
    example_profile,
    load_profile,
    load_profiles,
)
from storage import language
from storage.errors import InputError
from storage.records import DateSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SMALL = """\
site: xa-a
base_url: https://huyen.test/xa-a
versions:
  - family: generic
    sections:
      - {name: Tin, url: tin-tuc}
"""


@pytest.fixture
def english() -> Iterator[None]:
    language.use(language.Language.EN)
    yield
    language.use(language.Language.VI)


def _load(folder: Path, text: str, name: str = "a.yml") -> SiteProfile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def _problems(folder: Path, text: str) -> list[str]:
    """Give the problems as 'line: field: message'."""
    with pytest.raises(ProfileError) as caught:
        _load(folder, text)
    prefix = f"{folder / 'a.yml'}:"
    assert all(problem.startswith(prefix) for problem in caught.value.problems)
    return [problem.removeprefix(prefix) for problem in caught.value.problems]


def test_what_is_undecided_has_one_place_and_a_name_of_its_own(tmp_path: Path) -> None:
    doubt = "    undecided:\n      - {name: Thông báo, url: tb, why: không có ngày}\n"
    (one,) = _load(tmp_path, SMALL + doubt).versions[0].undecided
    assert (one.name, one.url, one.why) == ("Thông báo", "tb", "không có ngày")
    answered = doubt + "    not_news:\n      - {name: Thông báo, url: tb}\n"
    (problem,) = _problems(tmp_path, SMALL + answered)
    assert problem.startswith("8: versions[1].undecided[1].url: tb đã có ở sections hoặc not_news")
    (problem,) = _problems(tmp_path, SMALL + doubt.replace("Thông báo", "Tin"))
    assert "hai chuyên mục trùng tên" in problem


def test_a_small_profile_has_the_defaults(tmp_path: Path) -> None:
    profile = _load(tmp_path, SMALL)
    version = profile.versions[0]
    assert profile.base_url == "https://huyen.test/xa-a/"
    assert profile.digest == hashlib.sha256(SMALL.encode()).hexdigest()
    assert (profile.contact, profile.delay_s, profile.hosts) == (None, None, ())
    assert version.sections[0].discover is Discover.LISTING
    assert version.max_pages == 500
    assert [source.value for source in version.dates.trust] == [
        *("structured", "meta", "template", "list", "feed")
    ]


def test_a_sections_address_lies_below_the_base(tmp_path: Path) -> None:
    profile = _load(tmp_path, SMALL)
    section = profile.versions[0].sections[0]
    assert profile.address_of(section) == "https://huyen.test/xa-a/tin-tuc"


def test_the_example_loads_once_it_is_renamed(tmp_path: Path) -> None:
    (tmp_path / "vi-du.yml.mau").write_text(example_profile(), encoding="utf-8")
    assert load_profiles(tmp_path) == []
    (tmp_path / "vi-du.yml.mau").rename(tmp_path / "vi-du.yml")
    (profile,) = load_profiles(tmp_path)
    assert len(profile.versions) == 2
    assert profile.versions[1].dates.trust[0] is DateSource.STRUCTURED


def test_the_example_names_every_family() -> None:
    assert all(name in example_profile() for name in FAMILY_NAMES)


def test_a_version_is_in_force_until_its_day_exclusive(tmp_path: Path) -> None:
    text = SMALL.replace(
        "versions:\n",
        "versions:\n"
        "  - {family: liferay, until: 2024-01-01, sections: [{name: Tin, url: b}]}\n"
        "  - {family: wordpress, until: 2022-01-01, sections: [{name: Tin, url: a}]}\n",
    )
    profile = _load(tmp_path, text)
    families = {
        day: profile.version_on(dt.date.fromisoformat(day)).family
        for day in ("2021-12-31", "2022-01-01", "2023-12-31", "2024-01-01")
    }
    assert families == {
        "2021-12-31": "wordpress",
        "2022-01-01": "liferay",
        "2023-12-31": "liferay",
        "2024-01-01": "generic",
    }


WRONG = """\
site: So Khcn
base_ur: https://a.test
base_url: ftp://a
delay_s: -1
hosts: [https://b.test]
versions:
  - family: khong-co
    until: 2025-13-01
    max_pages: yes
    sections:
      - {name: 12, url: /x, discover: html, article: '('}
    select: {body: 'div[', heading: h1, lead: p::text}
    dates: {formats: ['%d/%m', x], trust: [none]}
    skip: ['[']
  - familly: generic
    sections: []
expect: {dated_min: 98, articles_min: many}
"""


def test_every_error_is_reported_at_once_with_its_line_and_field(tmp_path: Path) -> None:
    places = [problem.split(": ")[:2] for problem in _problems(tmp_path, WRONG)]
    assert sorted(map(tuple, places), key=lambda place: (int(place[0]), place[1])) == [
        ("1", "site"),
        ("2", "base_ur"),
        ("3", "base_url"),
        ("4", "delay_s"),
        ("5", "hosts[1]"),
        ("7", "versions[1].family"),
        ("8", "versions[1].until"),
        ("9", "versions[1].max_pages"),
        ("11", "versions[1].sections[1].article"),
        ("11", "versions[1].sections[1].discover"),
        ("11", "versions[1].sections[1].name"),
        ("12", "versions[1].select.body"),
        ("12", "versions[1].select.heading"),
        ("12", "versions[1].select.lead"),
        ("13", "versions[1].dates.formats[1]"),
        ("13", "versions[1].dates.formats[2]"),
        ("13", "versions[1].dates.trust"),
        ("14", "versions[1].skip[1]"),
        ("15", "versions[2].familly"),
        ("15", "versions[2].family"),
        ("16", "versions[2].sections"),
        ("17", "expect.articles_min"),
        ("17", "expect.dated_min"),
    ]


def test_an_unknown_key_is_answered_with_the_nearest(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, SMALL + "delays_s: 2\n")
    assert problem == "7: delays_s: khóa không có (có phải “delay_s”?)"


def test_the_digest_cannot_be_written(tmp_path: Path) -> None:
    assert _problems(tmp_path, SMALL + "digest: x\n")[0].startswith("7: digest: khóa không có")


@pytest.mark.usefixtures("english")
def test_messages_come_in_english_too(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, SMALL + "delays_s: 2\n")
    assert problem == "7: delays_s: unknown key (is it 'delay_s'?)"


@pytest.mark.parametrize(
    "url", ["/tin", "../xa-b/tin", "https://khac.test/xa-a/", "//k.test/xa-a/"]
)
def test_a_section_may_not_leave_the_site(tmp_path: Path, url: str) -> None:
    (problem,) = _problems(tmp_path, SMALL.replace("tin-tuc", f'"{url}"'))
    assert problem.startswith("6: versions[1].sections[1].url: địa chỉ ")


def test_two_versions_may_not_end_on_one_day(tmp_path: Path) -> None:
    again = "  - {family: liferay, sections: [{name: Tin, url: b}]}\n"
    (problem,) = _problems(tmp_path, SMALL + again)
    assert problem == "7: versions[2].until: hai phiên bản có cùng until"


def test_one_version_must_be_in_force(tmp_path: Path) -> None:
    text = SMALL.replace("family: generic", "family: generic\n    until: 2020-01-01")
    (problem,) = _problems(tmp_path, text)
    assert problem.startswith("3: versions: cần một phiên bản đang dùng")


def test_two_sections_may_not_have_one_name(tmp_path: Path) -> None:
    (problem,) = _problems(tmp_path, SMALL + "      - {name: Tin, url: khac}\n")
    assert problem == "4: versions[1]: hai chuyên mục trùng tên"


@pytest.mark.parametrize("trust", ["[none]", "[list, list]", "[lists]", "list"])
def test_trust_is_a_list_of_sources_each_once(tmp_path: Path, trust: str) -> None:
    problems = _problems(tmp_path, SMALL + f"    dates: {{trust: {trust}}}\n")
    assert all("versions[1].dates.trust" in problem for problem in problems)


@pytest.mark.parametrize("text", ["%d/%m", "%H:%M", "%d %Y", "%", "ngày", "%Q/%d/%m/%Y"])
def test_a_format_that_reads_no_whole_day_is_refused(tmp_path: Path, text: str) -> None:
    (problem,) = _problems(tmp_path, SMALL + f"    dates: {{formats: ['{text}']}}\n")
    assert problem.startswith("7: versions[1].dates.formats[1]: ")


@pytest.mark.parametrize("text", ["%m/%d/%Y", "%d.%m.%y", "%Y-%m-%dT%H:%M:%S%z", "%B %d, %Y"])
def test_a_format_that_reads_a_whole_day_is_accepted(tmp_path: Path, text: str) -> None:
    profile = _load(tmp_path, SMALL + f"    dates: {{formats: ['{text}']}}\n")
    assert profile.versions[0].dates.formats == (text,)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.test/",
        "a.test",
        "https://",
        "https://a.test/?x=1",
        "https://a.test/#x",
        "https://[",
    ],
)
def test_a_base_address_must_be_whole_and_of_the_web(tmp_path: Path, url: str) -> None:
    (problem,) = _problems(tmp_path, SMALL.replace("https://huyen.test/xa-a", f'"{url}"'))
    assert problem.startswith("2: base_url: ")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [", "1: -: YAML sai"),
        ("a: 1\nb: {\n", "3: -: YAML sai"),
        ("a: &x 1\nb: *x", "2: -: YAML sai: không dùng *"),
        ("a: 1\na: 2", "2: -: YAML sai: khóa “a” ghi hai lần"),
        ("a: !!python/object:os.system x", "1: -: YAML sai"),
        ("- 1", "1: -: tệp không có khóa nào"),
        ("", "1: -: tệp không có khóa nào"),
        ("# chỉ có chú thích\n", "1: -: tệp không có khóa nào"),
        ("a: 1\n---\nb: 2", "2: -: YAML sai"),
        ("[" * 5000, "1: -: YAML sai"),
        ("a: b\0", "1: -: YAML sai"),
    ],
)
def test_a_file_that_is_no_yaml_mapping_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (found,) = _problems(tmp_path, text)
    assert found.startswith(problem)


def test_a_file_in_another_charset_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"site: a\nname: x\xe3\n")
    with pytest.raises(ProfileError, match=r"a\.yml:2: -: không phải UTF-8"):
        load_profile(tmp_path / "a.yml")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_profile(tmp_path / "a.yml").site == "xa-a"


def test_a_missing_file_or_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"khong-co\.yml:1"):
        load_profile(tmp_path / "khong-co.yml")
    with pytest.raises(ProfileError, match="tinbai init"):
        load_profiles(tmp_path / "khong-co")


def test_errors_of_all_files_come_together(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(SMALL + "x: 1\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text("- 1", encoding="utf-8")
    (tmp_path / "c.yaml").write_text(SMALL, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_profiles(tmp_path)
    assert [problem.split(":")[0][-5:] for problem in caught.value.problems] == ["a.yml", "b.yml"]


def test_a_site_may_have_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(SMALL, encoding="utf-8")
    (tmp_path / "b.yml").write_text("# hai\n" + SMALL, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"b\.yml:2: site: mã trang “xa-a” đã có"):
        load_profiles(tmp_path)


def test_a_known_key_in_the_wrong_place_and_a_wrong_choice_are_told_in_vietnamese(
    tmp_path: Path,
) -> None:
    (tmp_path / "xa.yml").write_text(
        "site: xa\nbase_url: http://xa.test/\nversions:\n  - family: wordpress\n"
        "    sections: [{name: Tin, url: tin, discover: lists, select: x}]\n",
        encoding="utf-8",
    )
    with pytest.raises(ProfileError) as caught:
        load_profiles(tmp_path)
    assert " hoặc '" in str(caught.value)
    assert "select: khóa này không đặt ở mục này" in str(caught.value)


def test_a_profile_of_extra_channels_only_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xa.yml").write_text(
        "site: xa\nbase_url: http://xa.test/\nversions:\n  - family: wordpress\n"
        "    sections: [{name: RSS, url: feed, discover: feed, extra: true}]\n",
        encoding="utf-8",
    )
    with pytest.raises(ProfileError, match="kênh phụ"):
        load_profiles(tmp_path)
