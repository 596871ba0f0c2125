"""A selector that cannot match is not tried, and that changes no answer."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.cssselect import CSSSelector

from crawler.pages.families import FAMILIES
from crawler.pages.selectors import select

CLASSES = ("entry-title", "entry-meta", "post", "date", "published", "td-post-date")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["div", "p", "h1", "time", "article"]),
            st.lists(st.sampled_from(CLASSES), max_size=3),
            st.sampled_from([" ", "\n", "\t", "  ", "\N{NO-BREAK SPACE}"]),
            st.sampled_from(["", "muc", "breadcrumb-1"]),
        ),
        max_size=8,
    ),
    st.sampled_from(
        [
            ".post .entry-title",
            "article.post, div.date",
            "time.published, .entry-meta time",
            "time.entry-date:not(.updated), time",
            "h1",
            ".post.date > p",
            "#muc, .date",
            ".post.date",
            "p.post.date.published",
            "time.date, h1.date",
            "[class*=entry] p, [id*=breadcrumb]",
            "h1[class*=meta], .post.td-post-date",
            "[id*=nothing] .post",
            "[class~=post]",
        ]
    ),
)
def test_the_answer_is_that_of_the_selector_alone(
    elements: list[tuple[str, list[str], str, str]], css: str
) -> None:
    markup = "".join(
        f'<{tag} class="{gap.join(names)}" id="{name}">' for tag, names, gap, name in elements
    )
    root = lxml.html.document_fromstring(f"<html><body>{markup}x</body></html>")
    alone = CSSSelector(css, translator="html")
    assert [select(one, css) for one in root.iter()] == [alone(one) for one in root.iter()]


@pytest.mark.parametrize("family", FAMILIES)
def test_it_is_so_for_every_selector_of_the_families(family: str) -> None:
    parts = FAMILIES[family].page.parts
    page = (
        '<article class="post single-post"><h1 class="entry-title">A</h1><div class="entry-meta">'
        '<time class="entry-date published">1/9/2022</time></div><div class="entry-content">B</div>'
    )
    root = lxml.html.document_fromstring(page)
    for css in (*parts.headline, *parts.lead, *parts.body, *parts.date, *parts.noise):
        assert select(root, css) == CSSSelector(css, translator="html")(root)
