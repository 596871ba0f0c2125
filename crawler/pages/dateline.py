"""Where a day is printed: short texts that are a day with its labels, and nothing else. Pure.

A decree's date inside a sentence is no dateline: words remain when the day is taken away.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.pages.text import data_rows, is_hidden, name_of, one_line
from storage.folding import fold, strip_accents, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

# Longest dateline met: 'Thứ tư, 14/03/2022 08:15 (GMT+7) | Lượt xem: 1234' and longer (characters).
_LIMIT = 90

# A run of text of this length, white space of the markup included, is none (characters).
_LONGEST_RUN = 500

_NAMES = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH = r"(?:tháng|thg\.?|th) ?(?:\d{1,2}|[a-zà-ỹ]+(?: hai| một)?)"
_NTH = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_AGO = r"\d+ (?:giây|phút|giờ|ngày|tuần|tháng)"
_DAY = re.compile(
    r"\b\d{1,2} ?[-/.] ?\d{1,2} ?[-/.] ?(?:19|20)\d\d\b"
    r"|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2}\b"
    r"|\b(?:19|20)\d\d(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}(?:t[\d:.]+(?:z|[+-]\d\d:?\d\d)?)?"
    rf"|\b\d{{1,2}},? {_MONTH}[,\s]+(?:năm )?\d{{4}}\b|\b{_MONTH} \d{{1,2}}, ?\d{{4}}\b"
    rf"|\b{_NAMES} {_NTH},? (?:\d\d:\d\d(?::\d\d)? )?\d{{4}}\b|\b{_NTH} {_NAMES},? \d{{4}}\b"
    rf"|\bhôm (?:nay|qua|kia)\b|\bvừa (?:xong|đăng)\b|\b{_AGO} trước\b|\bcách đây {_AGO}\b"
)
# 'Hôm nay, 09/05/2024' is the clock of a header, 'Hôm nay: 44' its counter of visitors.
_CLOCK = re.compile(
    r"\bhôm nay\b.*\d ?[-/.] ?\d+ ?[-/.] ?\d{4}|\bhôm nay\b.*\btháng\b.*\d{4}"
    r"|\bhôm (?:nay|qua)[:\s]+\d[\d.,]*+(?!\s*(?:[:/-]\s*\d|[hg]\b|[hg]\d|giờ\b))"
)
_COUNTER = re.compile(
    r"(?:lượt xem|lượt đọc|số lần đọc|số lần xem|đã xem|xem|view count|views|hits)\s*:?\s*[\d.,]+"
    r"|[\d.,]+\s*(?:lượt xem|lượt đọc|lượt truy cập|views)"
)
_AUTHOR = re.compile(
    r"\b(?:tác giả|người đăng|(?:đăng|viết) bởi|(?:posted|written) by|by)(?: bài viết)?\s*:?\s+"
    r"[^\d|()]{2,40}|\bby$"  # whose name is a link, and no text of the line's own
)
_LABELS_WORDS = (
    "ngày đăng tải cập nhật lúc gửi tạo xuất bản phát hành thứ hai ba tư năm sáu bảy chủ cn giờ"
    " phút giây h gmt utc am pm sa ch tin bài publish published date posted on at created updated"
    " monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
    " thời gian vào viết bởi t lần cuối chỉnh sửa đã được"
)
_LABELS = frozenset(_LABELS_WORDS.split(None))
_WORD = re.compile(r"[^\W\d_]+")
_DATE_NAME = re.compile(
    r"(?:^|[-_\s])(?:date|time|datetime|timer|published|publishdate|publish|posted|ngay|ngaydang"
    r"|thoigian|post-meta|entry-meta|showdate|clock-o)(?:$|[-_\s])|date$|time$"
)


# What stands beside a printed day as its icon, and says that it is of a change.
_CHANGE_ICON = re.compile(
    r"(?:^|\s)fa-(?:history|clock-rotate-left|file-pen|pen|edit|pen-to-square|rotate|sync)(?:$|\s)"
)
_LAST_CHANGE = re.compile(
    r"(?:cap nhat|sua|chinh sua) lan cuoi|last (?:modified|updated|edited|changed)"
)
_CHANGE_NAME = re.compile(r"(?:^|[-_\s])(?:updated?|modified|lastmod|edited)(?:$|[-_\s])")
_PUBLICATION_NAME = re.compile(r"(?:^|[-_\s])(?:publish(?:ed)?|created?|posted)(?:$|[-_\s])")
# How many levels above a printed day its box may be named after what day it is.
_NAMED_ABOVE = 2


def is_for_change(element: HtmlElement) -> bool:
    """Tell whether the markup says for machines that an element's day is that of a change.

    By microdata, by an attribute with the instant of the change, or by the icon or the words
    before it.
    """
    before, holder = element.getprevious(), element.getparent()
    words = before.tail if before is not None else holder.text if holder is not None else None
    icon = name_of(before) if before is not None and isinstance(before.tag, str) else ""
    return (
        element.get("itemprop") == "dateModified"
        or element.get("data-updated") is not None
        or _CHANGE_ICON.search(icon) is not None
        or says_last_change((words or "")[-_LIMIT:])
    )


def says_last_change(text: str) -> bool:
    """Tell whether a text says that the day that follows is that of the last change."""
    return _LAST_CHANGE.search(strip_accents(text)) is not None


def is_only_of_change(text: str) -> bool:
    """Tell whether the first day of a text is that of the last change.

    >>> is_only_of_change("Đăng ngày 05/07/2024 (sửa lần cuối 08/07/2024)")
    False
    """
    folded = fold(text)
    first = _DAY.search(folded)
    return says_last_change(folded[: first.start()] if first else folded)


def is_named_after_change(element: HtmlElement) -> bool:
    """Tell whether an element or its box is named after a change: 'post-update-date'.

    Weaker than ``is_for_change``: some sites call their only day so. WordPress's 'published
    updated' is the day of publication.
    """
    near = (element, *islice(element.iterancestors(), _NAMED_ABOVE))
    names = " ".join(map(name_of, near))
    return bool(_CHANGE_NAME.search(names)) and not _PUBLICATION_NAME.search(names)


def has_day(text: str) -> bool:
    """Tell whether something in the text is written like a day."""
    return bool(_DAY.search(fold(text)))


def is_dateline(text: str) -> bool:
    """Tell whether the text is a printed day with labels, time and counter only.

    >>> is_dateline("Ngày đăng 28/07/2020 | 02:20 PM"), is_dateline("Quyết định ngày 28/07/2020")
    (True, False)
    """
    folded = fold(text) if len(text) <= _LIMIT else ""
    if not _DAY.search(folded) or _CLOCK.search(folded):
        return False
    rest = _DAY.sub(" ", _AUTHOR.sub(" ", _COUNTER.sub(" ", folded)))
    return all(word in _LABELS for word in _WORD.findall(rest))


def datelines(elements: Iterable[HtmlElement]) -> Iterator[tuple[HtmlElement, str]]:
    """Give the innermost elements that are datelines, with their text; none of changes.

    An element that is named after a date may carry further words ('Admin - 14/03/2022').
    """
    named: list[tuple[HtmlElement, str]] = []
    for element in elements:
        if not isinstance(element.tag, str) or is_hidden(element) or not has_text(element):
            continue
        text = own_line(element) if len(element.text or "") <= _LONGEST_RUN else ""
        if is_dateline(text):
            if not is_for_change(element) and not _is_label_of_counter(element, text):
                yield element, text
        elif len(text) <= _LIMIT and (
            (has_day(text) and is_named_after_date(element) and not is_only_of_change(text))
            or _is_relative_time(element, text)
        ):
            named.append((element, text))
    yield from named


def datelines_beside(link: HtmlElement, box: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Give the datelines of a list's entry, without the days in a table that its excerpt shows."""
    around = set(link.iterancestors())
    for element, text in datelines(box.iter()):
        table = next(element.iterancestors("table"), None)
        is_quoted = table is not None and table not in around and any(data_rows(table))
        if not is_quoted:
            yield element, text


def _is_label_of_counter(element: HtmlElement, text: str) -> bool:
    """Tell whether 'Hôm nay' has a bare number beside it: a counter of visitors in two cells."""
    if any(map(str.isdigit, text)):
        return False
    after = element.getnext()
    beside = tidy(element.tail or "") or ("" if after is None else one_line(after))
    return _BARE_NUMBER.fullmatch(beside) is not None


_BARE_NUMBER = re.compile(r":?\s*\d[\d.,]*")


def _is_relative_time(element: HtmlElement, text: str) -> bool:
    """Tell whether an element shows how long ago, and says for machines which day that is."""
    return (
        element.tag == "time"
        and is_relative(text)
        and has_day(element.get("datetime") or "")
        and not is_for_change(element)
    )


def is_relative(text: str) -> bool:
    """Tell whether a text says how long ago something was: '4 days ago', '2 giờ trước'."""
    return _LONG_AGO.search(fold(text)) is not None


_LONG_AGO = re.compile(r"\b(?:ago|yesterday|just now|trước|cách đây)\b")


def is_named_after_date(element: HtmlElement) -> bool:
    """Tell it by class and id; an id that is the address of a title is no name.

    Generators make '<h1 id="ke-hoach-so-12-ngay-05-3-2024">' of a title with a day in it.
    """
    name = element.get("id") or ""
    is_slug = element.tag in _HEADINGS and name.count("-") >= _SLUG_DASHES
    named = (element.get("class") or "").lower() if is_slug else name_of(element)
    return _DATE_NAME.search(named) is not None


_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SLUG_DASHES = 3


def has_text(element: HtmlElement) -> bool:
    """Tell whether the element has text of its own, not only in its children."""
    return bool(
        (element.text and element.text.strip())
        or any(child.tail and child.tail.strip() for child in element)
    )


def own_line(element: HtmlElement) -> str:
    """Give the element's text on one line; of a link only what is not the link's title."""
    if next(element.iterdescendants("a"), None) is not None:
        own = [element.text or "", *(child.tail or "" for child in element)]
        return tidy(" ".join(own))
    return one_line(element)
