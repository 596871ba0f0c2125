"""The report as one HTML file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.links import is_web_address
from reports.render.html import to_html
from storage import language
from storage.language import Language
from storage.records import DayInterval, Exclusion, UnitDays, UnseenDays

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine

HOSTILE = """"><script>alert(1)</script><img src=x onerror='alert(2)'>&{{ 7*7 }}"""


def _page(report: Report) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(to_html(report))


def _text(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_verified_number_opens_its_list_of_articles(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report()
    page = _page(report)
    cells = page.cssselect("td.verified a")
    assert [_text(cell) for cell in cells] == ["2", "≥ 1", "không rõ"]
    for line, cell in zip(report.lines, cells, strict=True):
        section = page.get_element_by_id(cell.get("href").removeprefix("#"))
        assert f"{line.unit_name} — {line.tag}" in _text(section)
        assert len(section.cssselect("li.article")) == len(line.articles)
        assert line.coverage_note in _text(section)
        assert line.coverage_note in _text(cell.getparent().getparent())


def test_every_anchor_exists_once(rendered_report: Callable[..., Report]) -> None:
    page = _page(rendered_report())
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.xpath("//@href") if href.startswith("#")} <= set(ids)


def test_each_article_shows_link_day_and_fate(rendered_report: Callable[..., Report]) -> None:
    section = _page(rendered_report()).get_element_by_id("muc-1")
    assert [_text(item.cssselect(".meta")[0]) for item in section.cssselect("li.article")] == [
        "01/03/2022 · Được tính · bài số 1",
        "02/03/2022 · Được tính (đăng lại) · bài số 2",
        "— · Không rõ ngày đăng · bài số 4",
        "03/03/2022 · Trùng bài đã tính · bài số 3 · đã tính ở bài số 1",
    ]


def test_excluded_articles_are_grouped_by_reason(rendered_report: Callable[..., Report]) -> None:
    section = _page(rendered_report()).get_element_by_id("muc-1")
    assert [_text(summary) for summary in section.cssselect("summary")] == [
        "Không tính — Không rõ ngày đăng: 1",
        "Không tính — Trùng bài đã tính: 1",
    ]


def test_findings_notes_and_unowned_articles_are_there(
    rendered_report: Callable[..., Report],
) -> None:
    page = _page(rendered_report())
    finding = _text(page.cssselect("li.finding")[0])
    for said in ("Báo cáo nhiều hơn xác minh", "Số liệu!F2", "tinbai evidence show 77", "Bài số 1"):
        assert said in finding
    assert "Đồng hồ được đặt bằng tay." in _text(page)
    assert "Bài vô chủ" in _text(page.get_element_by_id("chua-gan"))


def test_the_file_needs_nothing_from_outside_and_runs_nothing(
    rendered_report: Callable[..., Report],
) -> None:
    page = _page(rendered_report())
    assert not page.xpath("//script | //link | //img | //iframe | //object | //*[@style]")
    assert not page.xpath("//@src | //@*[starts-with(name(), 'on')]")
    css = "".join(page.xpath("//style/text()"))
    assert "url(" not in css
    assert "@import" not in css
    assert "@media print" in css
    assert page.xpath("//meta[@name='viewport']")


def test_everything_from_outside_is_escaped(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    article = rendered_article(1, title=HOSTILE, url=f"http://x.test/{HOSTILE}")
    line = rendered_line(unit_name=HOSTILE, coverage_note=HOSTILE, articles=(article,))
    page = _page(rendered_report(lines=(line,), office=HOSTILE, notes=(HOSTILE,)))
    assert not page.xpath("//script | //img")
    assert HOSTILE in page.cssselect("li.article .title")[0].text_content()
    assert page.cssselect("p.office")[0].text_content() == HOSTILE


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//x.test/a",
        "/tin/1",
        "http:///",
        "http://[x",
        "",
    ],
)
def test_only_whole_web_addresses_become_links(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
    url: str,
) -> None:
    line = rendered_line(articles=(rendered_article(1, url=url),))
    page = _page(rendered_report(lines=(line,), findings=(), unowned=()))
    assert [href for href in page.xpath("//@href") if not href.startswith("#")] == []


@given(text=st.text(max_size=40))
def test_whatever_passes_for_an_address_begins_with_http(text: str) -> None:
    assert not is_web_address(text) or text.lower().startswith(("http://", "https://"))


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(buckets=st.lists(st.none() | st.sampled_from(Exclusion), max_size=12))
def test_every_article_has_exactly_one_place_in_its_lines_list(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
    buckets: list[Exclusion | None],
) -> None:
    articles = tuple(rendered_article(n, bucket=b) for n, b in enumerate(buckets, start=1))
    section = _page(
        rendered_report(lines=(rendered_line(articles=articles),), findings=())
    ).get_element_by_id("muc-1")
    shown = [_text(address) for address in section.cssselect("li.article .address")]
    assert sorted(shown) == sorted(article.url for article in articles)


def test_a_report_without_units_says_so(rendered_report: Callable[..., Report]) -> None:
    page = _page(rendered_report(lines=(), findings=(), unowned=()))
    assert "Không có đơn vị nào trong kỳ này." in _text(page)


def test_the_same_report_gives_the_same_page(rendered_report: Callable[..., Report]) -> None:
    assert to_html(rendered_report()) == to_html(rendered_report())
    assert to_html(rendered_report()).startswith('<!DOCTYPE html>\n<html lang="vi">')


def test_the_page_speaks_english_on_request(rendered_report: Callable[..., Report]) -> None:
    before = language.current()
    language.use(Language.EN)
    try:
        page = _page(rendered_report())
    finally:
        language.use(before)
    assert page.get("lang") == "en"
    assert "Verified" in _text(page)


def test_the_bars_carry_the_numbers_of_the_table_and_their_lengths_follow_them(
    rendered_report: Callable[..., Report],
) -> None:
    page = _page(rendered_report())
    figures = page.cssselect("figure.chart")
    assert [_text(figure.cssselect("figcaption")[0]) for figure in figures] == ["TTHC", "CPĐT"]
    first, second = figures
    assert [_text(number) for number in first.cssselect("text.number")] == [
        "4", "2", "5", "—", "không rõ", "—",
    ]  # fmt: skip
    planned, verified, claimed = (
        float(bar.get("width").removesuffix("%")) for bar in first.cssselect("rect")
    )
    assert planned == pytest.approx(2 * verified, abs=0.02)
    assert 2 * claimed == pytest.approx(5 * verified, abs=0.04)
    assert [bar.get("class") for bar in second.cssselect("rect")] == [
        "planned", "verified open", "claimed",
    ]  # fmt: skip


def test_the_sums_over_the_units_are_said(rendered_report: Callable[..., Report]) -> None:
    said = _text(_page(rendered_report()))
    assert "TTHC: kế hoạch 4, các đơn vị có chỉ tiêu xác minh được 2 (50 %); mọi đơn vị: " in said
    assert "xác minh được ≥ 1 (≥ 33,3 %); mọi đơn vị: xác minh ≥ 1, tự báo cáo 4." in said


def test_the_months_columns_carry_the_counted_posts(
    rendered_report: Callable[..., Report],
) -> None:
    page = _page(rendered_report())
    first, second = page.cssselect("figure.months")
    march = 2  # the period begins in January
    assert _text(first.cssselect("text.number")[march]) == "2"
    assert _text(second.cssselect("text.number")[march]) == "1"
    heights = [float(rect.get("height")) for rect in first.cssselect("rect")]
    assert (
        heights[march] == max(heights) == 2 * float(second.cssselect("rect")[march].get("height"))
    )
    a_month = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
    assert not _page(rendered_report(period=a_month)).cssselect("figure.months")


def test_the_days_seen_are_a_strip_with_its_gaps(rendered_report: Callable[..., Report]) -> None:
    quarter = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 4, 11))  # 100 days
    gap = DayInterval(dt.date(2022, 1, 11), dt.date(2022, 1, 21))
    held = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 3, 12))
    days = (
        UnitDays(
            unit="ST-DONG", held=(held,), unseen=(UnseenDays(days=gap, reason="<trang hỏng>"),)
        ),
        UnitDays(unit="ST-TAY", held=(), unseen=()),
    )
    page = _page(rendered_report(period=quarter, days_seen=days))
    first, second = page.cssselect("figure.strip")
    assert _text(first.cssselect("figcaption")[0]) == "UBND xã Đông Trầm: 60/70 ngày"
    assert [(r.get("class"), r.get("x"), r.get("width")) for r in first.cssselect("rect")] == [
        ("held", "0.0%", "70.0%"),
        ("unseen", "10.0%", "10.0%"),
    ]
    assert _text(first.cssselect("rect.unseen title")[0]) == "11/01/2022–20/01/2022: <trang hỏng>"
    assert _text(second.cssselect("figcaption")[0]) == "UBND xã Tây Trầm: 0/0 ngày"
    assert not second.cssselect("rect")


def test_what_is_counted_unlisted_is_said_with_the_command_that_lists_it(
    rendered_report: Callable[..., Report], rendered_line: Callable[..., ReportLine]
) -> None:
    report = rendered_report(lines=(rendered_line(outside=7, unit="ST-DONG"),), findings=())
    html = to_html(report)
    assert "7 bài của các ngày khác" in html
    assert "--unit ST-DONG --fate out_of_period" in html
    assert f"--as-of {report.as_of.isoformat()}" in html.replace("&#43;", "+")
