from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from reports.months import months
from storage.records import DayInterval

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine


def test_a_period_from_the_middle_of_a_month_has_that_month(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    interval = DayInterval(dt.date(2022, 2, 20), dt.date(2022, 3, 2))
    articles = (
        rendered_article(1, day=dt.date(2022, 1, 15)),
        rendered_article(2, day=dt.date(2022, 3, 14)),
        rendered_article(3, day=None, days=interval),
    )
    window = DayInterval(dt.date(2022, 1, 15), dt.date(2022, 3, 15))
    found = months(
        rendered_report(period=window, tags=("TTHC",), lines=(rendered_line(articles=articles),))
    )
    assert [(one.first, one.posts) for one in found] == [
        (dt.date(2022, 1, 15), (1,)),
        (dt.date(2022, 2, 1), (0,)),
        (dt.date(2022, 3, 1), (2,)),
    ]


@given(data=st.data())
def test_the_months_of_a_period_that_has_an_end_add_up_to_the_lines(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report)
    listed = {
        tag: sum(
            article.bucket is None and (article.day or article.days) is not None
            for line in report.lines
            if line.tag == tag
            for article in line.articles
        )
        for tag in report.tags
    }
    found = months(report)
    if report.period.end is None:
        assert found == ()
        return
    assert {t: sum(m.posts[i] for m in found) for i, t in enumerate(report.tags)} == listed
