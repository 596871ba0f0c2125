"""Single elements are placed as the whole page would place them."""

from __future__ import annotations

import lxml.html
from hypothesis import given
from hypothesis import strategies as st

from crawler.pages.regions import MainArea, Unboxed, main_elements
from crawler.pages.text import noise_in

NAMES = ("menu", "share", "related", "header", "sidebar", "noi-dung", "")
TAGS = ("div", "nav", "aside", "article", "header", "form", "p", "section")
MARKUP = st.recursive(
    st.sampled_from(["chữ", "<textarea></textarea>", "<!-- lời -->", "nhiều chữ hơn ở đây"]),
    lambda inner: st.builds(
        lambda tag, name, hidden, parts: f'<{tag} class="{name}"{hidden}>{"".join(parts)}</{tag}>',
        st.sampled_from(TAGS),
        st.sampled_from(NAMES),
        st.sampled_from(["", "", ' style="display:none"', " hidden"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(MARKUP)
def test_an_element_lies_in_the_main_area_where_a_walk_over_all_would_meet_it(
    markup: str,
) -> None:
    tree = lxml.html.document_fromstring(f"<html><body>{markup}x</body></html>")
    area, met = MainArea(tree), set(main_elements(tree))
    assert [one for one in tree.iter() if area.holds(one)] == [
        one for one in tree.iter() if one in met
    ]


@given(MARKUP)
def test_an_element_is_boxed_where_it_lies_in_one_of_the_page_s_boxes(markup: str) -> None:
    tree = lxml.html.document_fromstring(f"<html><body>{markup}x</body></html>")
    boxed = {inner for box in noise_in(tree) for inner in box.iter()}
    unboxed = Unboxed(tree)
    assert {one for one in tree.iter() if not unboxed.holds(one)} == boxed


def test_a_class_that_places_a_box_makes_it_no_side_column() -> None:
    for name, is_main in (("right-0", True), ("right-[2rem]", True), ("cot-right", False)):
        markup = f'<body><p>Chữ của trang, dài hơn.</p><div class="{name}"><p>x</p></div></body>'
        tree = lxml.html.document_fromstring(markup)
        assert MainArea(tree).holds(tree.xpath("//div/p")[0]) is is_main
