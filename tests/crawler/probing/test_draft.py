"""The profile that a probe writes: it loads, whatever the site calls itself."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import ProfileError
from crawler.probing import draft, telling
from crawler.probing.clues import LONGEST, Clue, shortened
from crawler.probing.dayorder import Decision, Order
from crawler.probing.fetching import Robots, TlsState
from crawler.probing.result import Channel, Probe, Question
from crawler.probing.samples import Trust
from crawler.probing.utcclock import ClockDecision
from crawler.profiles import Discover, Section, Selectors, load_profile
from storage.records import DateSource

if TYPE_CHECKING:
    from pathlib import Path


def channel(name: str = "Tin tức", url: str = "tin-tuc", *clues: str, **more: object) -> Channel:
    section = Section.model_validate({"name": name, "url": url, **more})
    return Channel(section=section, clues=tuple(Clue(text, text) for text in clues))


def probe_of(*channels: Channel, **changes: object) -> Probe:
    found: dict[str, object] = {
        "site": "xa-a",
        "base_url": "http://xa.test/",
        "hosts": (),
        "probed_at": dt.datetime(2022, 9, 30, 20, tzinfo=dt.UTC),
        "guesses": (),
        "family": "generic",
        "family_clues": (),
        "select": Selectors(),
        "channels": channels,
        "looked": (),
        "others": (),
        "undecided": (),
        "not_news": (),
        "days": Decision(Order.NONE, ()),
        "trust": Trust((), ()),
        "clock": ClockDecision(),
        "reads": (),
        "misses": (),
        "robots": Robots(None, "status 404"),
        "tls": TlsState(),
        "requests": 20,
        "seconds": (0.1, 0.3),
        "questions": (),
    }
    return Probe(**(found | changes))  # type: ignore[arg-type]


def test_what_was_found_is_what_the_profile_says(tmp_path: Path) -> None:
    found = probe_of(
        channel("Tin tức", "tin-tuc", "8 mục", pages="/tin-tuc/page/{page}"),
        channel("RSS", "rss", discover=Discover.FEED, extra=True),
        family="wordpress",
        hosts=("www.xa.test",),
        select=Selectors(headline="td > b.Title", date=".Ngay"),
        days=Decision(Order.MONTH_FIRST, (Clue("tháng trước", "month first"),), ("%m/%d/%Y",)),
        trust=Trust((DateSource.TEMPLATE, DateSource.META), (Clue("a", "b"),)),
    )
    path = tmp_path / "xa-a.yml"
    path.write_text(draft.profile_text(found), encoding="utf-8")
    profile = load_profile(path)
    assert (profile.site, profile.base_url) == ("xa-a", "http://xa.test/")
    assert profile.hosts == ("www.xa.test",)
    assert profile.versions == (found.version,)


def test_the_evidence_stands_beside_each_line_as_a_comment() -> None:
    text = draft.profile_text(probe_of(channel("Tin tức", "tin-tuc", "8 mục, 8 có ngày")))
    assert "        # 8 mục, 8 có ngày" in text.splitlines()


def test_a_pause_that_robots_txt_asks_for_goes_into_the_profile(tmp_path: Path) -> None:
    from protego import Protego  # noqa: PLC0415 - only this test speaks robots.txt

    rules = Protego.parse("User-agent: *\nCrawl-delay: 4\n")
    path = tmp_path / "xa-a.yml"
    path.write_text(draft.profile_text(probe_of(channel(), robots=Robots(rules, "read"))))
    assert load_profile(path).delay_s == 4


def test_without_a_section_the_draft_asks_for_one_and_does_not_load(tmp_path: Path) -> None:
    asked = Question("sections", Clue("không tìm thấy chuyên mục", "no section was found"))
    path = tmp_path / "xa-a.yml"
    path.write_text(draft.profile_text(probe_of(questions=(asked,))), encoding="utf-8")
    assert "CẦN HỎI sections: không tìm thấy chuyên mục" in path.read_text(encoding="utf-8")
    with pytest.raises(ProfileError):
        load_profile(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4))
def test_whatever_a_site_says_it_stays_text_in_the_profile(
    tmp_path: Path, texts: list[str]
) -> None:
    names = dict.fromkeys(name for text in texts if (name := shortened(text)))
    found = probe_of(
        *(channel(name, f"tin-{n}", shortened(name), "x") for n, name in enumerate(names)),
        family_clues=tuple(Clue(shortened(text), shortened(text)) for text in texts),
    )
    if not names:
        return
    path = tmp_path / "xa-a.yml"
    path.write_text(draft.profile_text(found), encoding="utf-8")
    version = load_profile(path).versions[0]
    assert [section.name for section in version.sections] == list(names)
    assert version == found.version


@given(text=st.text(max_size=4000))
def test_a_site_s_text_is_shown_on_one_short_line_without_control_characters(text: str) -> None:
    shown = shortened(text)
    assert len(shown) <= LONGEST
    assert not any(char < " " or "\x7f" <= char <= "\x9f" or char == "\u202e" for char in shown)


def test_the_report_says_what_is_left_to_decide() -> None:
    asked = Question("dates.formats", Clue("đọc được hai cách", "can be read both ways"))
    lines = list(telling.lines_of(probe_of(channel(), questions=(asked,))))
    assert "  dates.formats: đọc được hai cách" in lines
    assert telling.data_of(probe_of(channel(), questions=(asked,)))["questions"] == [
        {"field": "dates.formats", "text": "đọc được hai cách"}
    ]
