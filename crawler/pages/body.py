"""Telling the text of an article from what stands around it: lead, credits, related lists. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.pages.credits import is_byline, is_source, without_credits
from crawler.pages.dateline import is_dateline
from crawler.pages.text import blocks, one_line
from storage.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

    from crawler.pages.text import Block

_RELATED = re.compile(
    r"[\W_]*(?:(?:các |những )?(?:tin|bài|tin bài|tin tức|bài viết|bài báo|tin, bài|văn bản)"
    r"(?: tức)? (?:liên quan|khác|cùng chuyên mục|cùng chủ đề|cùng loại|đã đưa|đã đăng|mới hơn"
    r"|cũ hơn|mới nhất|mới đăng|mới|nổi bật|tiếp theo|xem nhiều)"
    r"|các bài (?:mới|đã) đăng|có thể bạn quan tâm|những tin (?:mới|cũ) hơn"
    r"|other news|related (?:news|posts|articles|assets))[\W_]*"
)
_CONTROLS = (
    r"(?:số )?(?:lượt|lần) (?:xem|đọc|truy cập)|đã xem|view count|views|đang truy cập|bình luận"
    r"|đánh giá|chia sẻ|in trang|in bài viết|in tin|bản in|gửi (?:email|bình luận|phản hồi|ý kiến)"
    r"|quay lại|(?:về|lên) đầu trang|cỡ chữ|phóng to|thu nhỏ|nghe bài viết|đọc bài viết"
    r"|ý kiến (?:bạn đọc|của bạn)|mã xác nhận|facebook|twitter|zalo|google\+?"
    r"|print|(?:send )?email|tweet|share|từ khóa|tags?|menu được chọn không tồn tại"
    r"|click để đánh giá bài viết|lưu bài viết|a\+|a-"
)
_COUNTER = re.compile(
    # Nothing but controls: 'In bài viết | Gửi email | A+ A-'.
    rf"[\W_\d]*(?:(?:{_CONTROLS})(?!\w)[\W_\d]*)+"
    # One of them with its value: 'Lượt xem: 1.204', 'Từ khóa: tập huấn'.
    r"|[\W_]*(?:(?:số )?(?:lượt|lần) (?:xem|đọc|truy cập)|đã xem|view count|views"
    r"|từ khóa|tags?|mã xác nhận) ?[:(].{0,120}|[\W_]*[\d.,]+ lượt (?:xem|đọc)[\W_]*"
    # NukeViet's guard of sessions and its stars; the counters of a whole site.
    r"|bạn đã không sử dụng site\b.*|[\W_]*(?:tổng số điểm của bài viết là|xếp hạng) ?:.*"
    r"|(?:thống kê truy cập|đang (?:truy cập|online)|hôm nay ?: ?\d[\d.,]*\b).*"
    r"(?:tổng|tháng).*\d[\W_]*"
)
# Longest line that may be a counter or the title of a list (characters).
_LABEL_LIMIT = 200
_MORE = re.compile(r"liên quan|khác|cùng|đã đưa|đã đăng|hơn|related|other")
# Text beside the link up to which a block is a link with its day, not a sentence (characters).
_BESIDE_LINK = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleText:
    """The text of an article, in its parts."""

    lead: str | None
    body: str
    byline: str | None
    source_line: str | None
    note: str | None
    """What was wrong with the letters of some blocks; None: nothing."""


def tell_apart(
    body: Sequence[HtmlElement],
    *,
    headline: str,
    leads: Iterable[HtmlElement],
    without: Iterable[HtmlElement],
    authors: Iterable[HtmlElement],
    credit_lines: Iterable[HtmlElement],
) -> ArticleText:
    """Read the body and put each line where it belongs.

    Args:
        body: the elements that hold the text.
        headline: dropped where the text repeats it.
        leads: elements of the lead; the first counts.
        without: parts of the body that do not belong to it, its boxes among them.
        authors: elements that name an author, or the account that posted it.
        credit_lines: elements whose text is a signature or a source, told by its words.
    """
    aside = {"lead": list(leads), "author": list(authors), "credits": list(credit_lines)}
    inner = [one for elements in aside.values() for one in elements if one not in body]
    left_out = [*without, *inner]
    found = tuple(block for part in body for block in blocks(part, without=left_out))
    lead = " ".join(filter(None, map(one_line, aside["lead"][:1]))) or None
    credited = without_credits(_without_boxes(_without_repeats(found, headline, lead)))
    lines = [block.text for block in credited.blocks]
    said = [one_line(element) for element in aside["credits"]]
    bylines = [line for line in said if is_byline(line)]
    return ArticleText(
        lead=None if _is_excerpt(lead, lines) else lead,
        body="\n".join(lines),
        byline=next(
            filter(None, [credited.byline, *bylines, *map(one_line, aside["author"])]), None
        ),
        source_line=next(filter(None, [credited.source_line, *filter(is_source, said)]), None),
        note=", ".join(sorted({block.note for block in found if block.note})) or None,
    )


def _without_repeats(
    found: tuple[Block, ...], headline: str, lead: str | None
) -> tuple[Block, ...]:
    """Drop headline and lead where the text begins with them once more."""
    said = {fold(headline), fold(lead or "")}
    start = 0
    while start < len(found) and fold(found[start].text) in said:
        start += 1
    return found[start:]


def _without_boxes(found: tuple[Block, ...]) -> tuple[Block, ...]:
    """Drop counters, and lists of other articles: their title and the links that follow it."""
    kept: list[Block] = []
    in_list = False
    for block in found:
        folded = fold(block.text) if len(block.text) <= _LABEL_LIMIT else ""
        if is_related_heading(block.text):
            in_list = True
        elif in_list and (_is_link(block) or is_dateline(block.text)):
            continue
        elif not _COUNTER.fullmatch(folded):
            in_list = False
            kept.append(block)
    return tuple(kept)


def is_related_heading(text: str) -> bool:
    """Tell whether a line announces a list of other articles: 'Tin liên quan'."""
    return len(text) <= _LABEL_LIMIT and _RELATED.fullmatch(fold(text)) is not None


def continues_list(text: str) -> bool:
    """Tell whether a line announces more of the same: 'Các tin khác', 'Tin đã đưa'."""
    return is_related_heading(text) and _MORE.search(fold(text)) is not None


def _is_link(block: Block) -> bool:
    return block.linked > 0 and len(block.text) - block.linked <= _BESIDE_LINK


def _is_excerpt(lead: str | None, lines: Sequence[str]) -> bool:
    """Tell whether the lead is only the beginning of the body, cut off."""
    start = fold(lead or "").rstrip(".… ")
    return bool(start and lines) and fold(lines[0]).startswith(start)
