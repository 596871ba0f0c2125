"""Does a post itself say that it was taken over? 'Nguồn: Báo …', 'Theo Cổng …'. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from storage.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_CUE = re.compile(r"^[\W_]*(?:nguồn(?: tin| bài| trích)?|trích nguồn|trích|sưu tầm|theo)\b[\W_]*")
_PICTURE = re.compile(r"^[\W_]*(?:nguồn ảnh|ảnh)\b")
_OWN = re.compile(
    r"^(?:ban biên tập|bbt|tổ biên tập|cộng tác viên|ctv|tin bài tự (?:viết|đưa)"
    r"|trang thông tin điện tử(?: của)?(?: đơn vị| xã| phường| thị trấn)?"
    r"|cổng thông tin điện tử(?: của)?(?: đơn vị| xã| phường| thị trấn)?"
    r"|đài truyền thanh(?: của)?(?: đơn vị| xã| phường| thị trấn)?)$"
)
_BODY = re.compile(
    r"^(?:ubnd|ủy ban nhân dân|đảng ủy|hđnd|trang thông tin điện tử|cổng thông tin điện tử"
    r"|trang tin điện tử|đài truyền thanh|ban biên tập|bbt)\s+"
)
_SHORT = {"thị trấn": "tt", "phường": "p", "xã": "x"}


def names_another_source(source_line: str | None, own_names: Iterable[str]) -> bool:
    """Tell whether a source line names somebody else than the unit itself.

    >>> names_another_source("Nguồn: Báo Quảng Trị", ["UBND xã Hà Bình"])
    True
    >>> names_another_source("(Nguồn: BBT xã Hà Bình)", ["UBND xã Hà Bình"])
    False

    Args:
        source_line: as printed; None: the post names none.
        own_names: what the unit is and was called.
    """
    if not source_line or _PICTURE.match(fold(source_line)):
        return False
    named = _bare(_CUE.sub("", fold(source_line), count=1))
    if not named or _OWN.match(named):
        # 'Sưu tầm' alone says that it was taken from somewhere.
        return "sưu tầm" in fold(source_line)
    own = {_place(_bare(fold(name))) for name in own_names}
    return _place(named) not in own


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip()


def _place(name: str) -> str:
    """Give a unit's name without the body that speaks for it: 'xã hà bình'."""
    while (shorter := _BODY.sub("", name, count=1)) != name:
        name = shorter
    for word, short in _SHORT.items():
        name = re.sub(rf"^{short} ", f"{word} ", name)
    return name
