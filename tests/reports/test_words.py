"""What became of an article, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reports.duplicates import FirstBy
from reports.render.words import exclusion_word, fate_word, first_by_word, form_word
from storage.records import Exclusion, PostForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Được tính"),
        ({"form": PostForm.NEWS}, "Được tính (tin)"),
        ({"reposted": True, "repost_of": 9, "likeness": 84}, "Được tính (đăng lại; giống 84 %)"),
        (
            {"reposted": True, "form": PostForm.EITHER},
            "Được tính (tin hoặc bài; đăng lại)",
        ),
        (
            {"bucket": Exclusion.DUPLICATE, "duplicate_of": 9, "likeness": 84},
            "Trùng bài đã tính (giống 84 %)",
        ),
        ({"bucket": Exclusion.DUPLICATE, "duplicate_of": 9}, "Trùng bài đã tính"),
        ({"bucket": Exclusion.REPOST, "likeness": 84}, "Đăng lại, không tính (giống 84 %)"),
        ({"bucket": Exclusion.OUT_OF_PERIOD, "likeness": 84}, "Ngoài kỳ"),
        ({"bucket": Exclusion.TOO_SHORT, "form": PostForm.NEWS}, "Quá ngắn"),
    ],
)
def test_a_fate_says_how_alike_and_which_form(
    rendered_article: Callable[..., LineArticle], values: dict[str, Any], words: str
) -> None:
    assert fate_word(rendered_article(1, **values)) == words


def test_every_fate_form_and_evidence_has_words_of_its_own() -> None:
    assert len({exclusion_word(member) for member in Exclusion}) == len(Exclusion)
    assert len({form_word(member) for member in PostForm}) == len(PostForm)
    assert len({first_by_word(member) for member in FirstBy}) == len(FirstBy)
