"""What speaks for a family speaks on its own pages, and says where it stood."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.captured import CapturedPage
from crawler.pages.families import FAMILIES
from crawler.pages.markers import (
    FITS,
    NAMES_ITSELF,
    OWN_MARKUP,
    Mark,
    MarkerKind,
    address,
    generator,
    header,
    marks_on,
    selector,
)

SITES = Path(__file__).resolve().parents[1] / "sites"
# Liferay's cases of VNPT's portal and of Quảng Trị's are of both; a bare theme says nothing.
CASES = sorted(
    path.parent
    for path in SITES.glob("*/*/capture.json")
    if path.parent.parent.name not in {"generic", "liferay", "wordpress"}
)


def page_of(markup: str, url: str = "http://xa.test/", **headers: str) -> CapturedPage:
    return CapturedPage(
        url=url,
        status=200,
        headers=headers,
        body=markup.encode(),
        captured_at=dt.datetime(2022, 10, 12, tzinfo=dt.UTC),
    )


def score(page: CapturedPage, family: str) -> int:
    return sum(mark.marker.weight for mark in marks_on(page, FAMILIES[family].markers))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_marks_of_a_page_speak_for_its_family(case: Path) -> None:
    capture = json.loads((case / "capture.json").read_text("utf-8"))
    body = gzip.decompress((case / "page.html.gz").read_bytes()).decode()
    page = page_of(body, capture["url"], **capture["headers"])
    scores = {family: score(page, family) for family in FAMILIES}
    own = scores.pop(case.parent.name)
    assert own >= OWN_MARKUP
    assert own > max(scores.values())


@pytest.mark.parametrize("family", set(FAMILIES) - {"generic"})
def test_every_family_has_marks_and_their_patterns_are_patterns(family: str) -> None:
    markers = FAMILIES[family].markers
    assert {marker.weight for marker in markers} <= {FITS, OWN_MARKUP, NAMES_ITSELF}
    assert any(marker.weight >= OWN_MARKUP for marker in markers)
    for marker in markers:
        if marker.kind is not MarkerKind.SELECTOR:
            assert re.compile(marker.pattern).search("") is None


def test_a_mark_tells_what_was_found() -> None:
    page = page_of(
        '<meta name="generator" content="Joomla! 5"><div id="a" class="b" style="c">x</div>'
        '<a href="/portal/tin">x</a>',
        server="nginx",
    )
    markers = [
        selector("div.b"),
        address("portal"),
        header("^server: nginx"),
        generator("joomla"),
        selector("p"),
        address("^/khac"),
    ]
    assert [mark.found for mark in marks_on(page, markers)] == [
        '<div id="a" class="b">',
        "/portal/tin",
        "server: nginx",
        "Joomla! 5",
    ]


def test_what_is_shown_of_a_mark_is_short() -> None:
    page = page_of(f'<a href="/x{"y" * 5000}">x</a>')
    (mark,) = marks_on(page, [address("/xy")])
    assert isinstance(mark, Mark)
    assert len(mark.found) == 160


@given(st.text(st.sampled_from("<>/=\"' ahpdivmetlrf-_?&.:1"), max_size=100))
def test_any_page_can_be_looked_at(markup: str) -> None:
    for family in FAMILIES.values():
        list(marks_on(page_of(markup), family.markers))
