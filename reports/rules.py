"""How a counting rule reads: its sentences, its identity, and what it makes of one post. Pure.

The sentences are made from the settings, so a rule that counts otherwise says so; every report
prints them. They are part of what is frozen, and do not follow the language at the keyboard.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from enum import Enum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from reports import likeness, scoring
from storage.folding import fold
from storage.records import (
    CountedWindow,
    CountingRule,
    DateBasis,
    PostForm,
    RepostTreatment,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RULE = CountingRule(name="ngày-in@4")
"""The rule in force where an office chose none."""


def identity(rule: CountingRule) -> str:
    """Give name and digest, e.g. 'ngày-in@4#3f2a9c01'. The digest is over settings and words.

    Without a scale the digest is what it was before there were scales.
    """
    settings = asdict(rule)
    if rule.score is None:
        del settings["score"]
    content = [settings, sentences(rule), likeness.METHOD if rule.alike_from else None]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=_plain)
    return f"{rule.name}#{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else str(value)


def sentences(rule: CountingRule) -> tuple[str, ...]:
    """Say in Vietnamese how the rule counts."""
    return (
        *_on_days(rule),
        "Bài đã bị gỡ khỏi trang trước lúc chốt số liệu không được tính.",
        _on_owners(rule),
        *_on_sections(rule),
        "Bài được tính khi nội dung thẻ là chủ đề chính của bài; chỉ nhắc tới thì không tính.",
        _on_tags(rule),
        *_on_length(rule),
        *_on_copies(rule),
        *(() if rule.score is None else scoring.sentences(rule.score)),
    )


def _on_days(rule: CountingRule) -> Iterator[str]:
    match rule.window:
        case CountedWindow.AS_NAMED:
            pass
        case CountedWindow.CALENDAR:
            yield "Kỳ được lấy theo dương lịch."
        case CountedWindow.REPORTING:
            yield (
                "Kỳ được lấy theo kỳ báo cáo, từ ngày 15 đến ngày 14 (Nghị định 09/2019/NĐ-CP, "
                "Điều 12)."
            )
        case CountedWindow.TO_REPORT_DAY:
            yield "Kỳ được lấy từ ngày đầu kỳ dương lịch đến hết ngày chốt số liệu."
    if rule.date_basis is DateBasis.FIRST_SEEN:
        yield (
            "Ngày tính là ngày hệ thống thấy bài lần đầu, theo giờ Việt Nam. Bài đã có trên trang "
            "từ lần xem trọn đầu tiên thì tính theo ngày in, vì trước đó chưa ai xem trang."
        )
    else:
        yield "Ngày tính là ngày đăng in trên trang, theo giờ Việt Nam."
    yield (
        "Ngày in chạy theo ngày dựng trang hay ngày truy cập không phải ngày đăng: bài chỉ được "
        "tính khi cả khoảng từ lần xem trọn gần nhất chưa có bài đến lần đầu thấy bài nằm trong "
        "kỳ, và được ghi rõ là tính theo khoảng."
    )


def _on_owners(rule: CountingRule) -> str:
    if rule.inherit:
        return (
            "Bài tính cho đơn vị phụ trách trang vào ngày đăng; bài của đơn vị đã sáp nhập, đổi "
            "tên hoặc giải thể tính cho đơn vị kế thừa duy nhất, đơn vị cũ không lập dòng riêng."
        )
    return "Bài tính cho đơn vị phụ trách trang vào ngày đăng."


def _on_sections(rule: CountingRule) -> Iterator[str]:
    if rule.sections_in:
        yield f"Chỉ tính bài ở các chuyên mục: {_listed(rule.sections_in)}."
    if rule.sections_out:
        yield f"Không tính bài ở các chuyên mục: {_listed(rule.sections_out)}."


def _on_tags(rule: CountingRule) -> str:
    if rule.several_tags:
        return "Một bài có thể tính cho nhiều thẻ, vì TTHC và CPĐT là nội dung của CCHC."
    first = f" theo thứ tự {', '.join(rule.tag_order)}, rồi" if rule.tag_order else " theo"
    return (
        f"Mỗi bài chỉ tính cho một thẻ, xét{first} thứ tự của bộ chủ đề; bài chưa rõ có thuộc thẻ "
        "xét trước hay không thì chưa tính cho thẻ xét sau."
    )


def _on_length(rule: CountingRule) -> Iterator[str]:
    if rule.least_syllables:
        yield (
            f"Bài dưới {rule.least_syllables} tiếng (kể cả văn bản đính kèm đọc được) không được "
            "tính."
        )
    if rule.news_below is not None and rule.article_from is not None:
        yield f"Dưới {rule.news_below} tiếng là tin, từ {rule.article_from} tiếng là bài" + (
            "." if rule.news_below == rule.article_from else "; ở giữa ghi là tin hoặc bài."
        )
        yield (
            "Dòng kế hoạch chỉ ghi tin hoặc chỉ ghi bài được xét riêng theo hình thức; bài ghi là "
            "tin hoặc bài, kể cả bài chưa rõ độ dài, chỉ có thể thuộc một trong hai nên chưa tính "
            "chắc cho bên nào. Dòng ghi gộp “tin, bài” cùng nhóm nhận phần còn lại sau các dòng đó."
        )


def _on_copies(rule: CountingRule) -> Iterator[str]:
    yield "Cùng một bài đăng nhiều lần trên trang của một đơn vị chỉ tính lần đăng đầu tiên."
    if rule.alike_from is not None:
        yield (
            f"Hai bài giống nhau từ {rule.alike_from} % nội dung trở lên coi là một bài, trừ khi "
            "mỗi bài có con số hoặc tên riêng mà bài kia không có."
        )
    whose = "Bài đăng lại từ đơn vị khác"
    if rule.credited_is_repost:
        whose += ", hoặc bài ghi nguồn nơi khác (“Nguồn: …”, “Theo …”),"
    match rule.reposts:
        case RepostTreatment.COUNT:
            yield f"{whose} vẫn tính như bài tự viết, không ghi riêng."
        case RepostTreatment.SEPARATE:
            yield f"{whose} vẫn tính, và ghi riêng ở cột “trong đó đăng lại”."
        case RepostTreatment.EXCLUDE:
            yield f"{whose} không được tính."


def _listed(names: Sequence[str]) -> str:
    return "; ".join(f"“{name}”" for name in names)


# --------------------------------------------------------------------- what it makes of a post


def is_in_section(rule: CountingRule, sections: Sequence[str]) -> bool:
    """Tell whether a post in these sections counts: in one that does, in none that does not."""
    if not (rule.sections_in or rule.sections_out):
        return True
    names = [fold(name) for name in sections]
    inside = not rule.sections_in or _any_matches(names, rule.sections_in)
    return inside and not _any_matches(names, rule.sections_out)


def form_of(rule: CountingRule, syllables: int | None) -> PostForm | None:
    """Tell a tin from a bài, as far as the length is known; None: the rule does not tell."""
    if rule.news_below is None or rule.article_from is None:
        return None
    if syllables is None:
        return PostForm.EITHER
    if syllables < rule.news_below:
        return PostForm.NEWS
    return PostForm.ARTICLE if syllables >= rule.article_from else PostForm.EITHER


def tells_forms(rule: CountingRule) -> bool:
    """Tell whether the rule tells a tin from a bài: lines of plans are then judged by form."""
    return rule.news_below is not None and rule.article_from is not None


def needs_length(rule: CountingRule) -> bool:
    """Tell whether the rule asks how long every post is."""
    return rule.least_syllables > 0 or rule.news_below is not None


def _any_matches(names: Sequence[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, fold(pattern)) for name in names for pattern in patterns)
