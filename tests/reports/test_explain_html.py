"""The page that shows an article's text with the marked spans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reports.explain_html import _sections, marked
from storage.records import Field, Span


def span(start: int, end: int, weight: float = 1.0) -> Span:
    return Span(field=Field.BODY, start=start, end=end, text="", cue="từ", weight=weight)


def test_where_spans_overlap_the_piece_lies_in_both() -> None:
    pieces = list(marked("một cửa xã", [span(0, 7), span(4, 10, -0.5)]))
    assert [piece.text for piece in pieces] == ["một ", "cửa", " xã"]
    assert [piece.weight for piece in pieces] == [1.0, 0.5, -0.5]


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50))))
def test_the_pieces_are_the_text_again_and_never_empty(
    text: str, places: list[tuple[int, int]]
) -> None:
    pieces = list(marked(text, [span(*place) for place in places]))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)


def test_the_lines_for_the_terminal_become_headed_parts() -> None:
    lines = [
        "Bài số 1: Một cửa",
        "  http://a.test/1",
        "",
        "Kết quả",
        "  TTHC: Được tính",
        "    sâu",
    ]
    assert list(_sections(lines)) == [
        ("Bài số 1: Một cửa", [(1, "http://a.test/1")]),
        ("Kết quả", [(1, "TTHC: Được tính"), (2, "sâu")]),
    ]
