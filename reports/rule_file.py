"""The office's counting rules: ``quy-tac.yml`` in the workspace, all errors at once with line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reports.rules import RULE
from storage import lined_yaml
from storage.errors import InputError
from storage.language import t
from storage.records import CountedWindow, CountingRule, DateBasis, RepostTreatment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME: Final = "quy-tac.yml"

EXAMPLE = """\
# Quy tắc đếm của cơ quan. Bỏ đuôi .mau để dùng; kiểm tra: tinbai reports rules
# Khóa không ghi thì theo quy tắc sẵn có. Báo cáo in nguyên văn quy tắc đã dùng.
default: chat-che        # dùng khi lệnh không ghi --rule; bỏ dòng này: dùng quy tắc sẵn có
rules:
  chat-che:
    window: reporting          # as_named (như tên kỳ) | calendar | reporting | to_report_day
    date_basis: printed        # printed (ngày in) | first_seen (ngày thấy lần đầu)
    reposts: exclude           # count | separate (tính, ghi riêng) | exclude (không tính)
    credited_is_repost: true   # bài ghi “Nguồn: …”, “Theo …” nơi khác là bài đăng lại
    alike_from: 70             # giống nhau từ 70 % thì coi là một bài; bỏ: chỉ khi y nguyên
    several_tags: false        # mỗi bài chỉ tính cho một thẻ …
    tag_order: [TTHC, CPĐT]    # … và xét thẻ nào trước
    least_syllables: 100       # bài ngắn hơn không tính (đếm theo tiếng)
    news_below: 350            # dưới mức này là tin …
    article_from: 500          # … từ mức này là bài
    sections_in: []            # chỉ tính chuyên mục này: tên hoặc mẫu, ví dụ "Cải cách*"
    sections_out: ["Lịch *"]   # không tính chuyên mục này
    inherit: false             # true: bài của đơn vị đã sáp nhập tính cho đơn vị kế thừa
"""
"""Put beside the settings by ``tinbai init``."""

_Name = Annotated[str, Field(min_length=1)]
_Count = Annotated[int, Field(strict=True, ge=0)]


class _WrittenRule(BaseModel):
    """The settings of a ``CountingRule``, as an office writes them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: CountedWindow = RULE.window
    date_basis: DateBasis = RULE.date_basis
    reposts: RepostTreatment = RULE.reposts
    credited_is_repost: bool = RULE.credited_is_repost
    alike_from: Annotated[int, Field(strict=True, ge=50, le=100)] | None = RULE.alike_from
    several_tags: bool = RULE.several_tags
    tag_order: tuple[_Name, ...] = RULE.tag_order
    least_syllables: _Count = RULE.least_syllables
    news_below: _Count | None = RULE.news_below
    article_from: _Count | None = RULE.article_from
    sections_in: tuple[_Name, ...] = RULE.sections_in
    sections_out: tuple[_Name, ...] = RULE.sections_out
    inherit: bool = RULE.inherit

    @model_validator(mode="after")
    def _hangs_together(self) -> _WrittenRule:
        if (self.news_below is None) != (self.article_from is None):
            raise ValueError(
                t(
                    "news_below và article_from phải cùng ghi hoặc cùng bỏ",
                    "news_below and article_from go together",
                )
            )
        if (self.news_below or 0) > (self.article_from or 0):
            raise ValueError(
                t(
                    "article_from không được nhỏ hơn news_below",
                    "article_from must not be below news_below",
                )
            )
        if self.tag_order and self.several_tags:
            raise ValueError(
                t(
                    "tag_order chỉ dùng khi several_tags: false",
                    "tag_order has a meaning only with several_tags: false",
                )
            )
        return self


class _WrittenFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    default: _Name | None = None
    rules: dict[_Name, _WrittenRule]


_KEYS = (*_WrittenFile.model_fields, *_WrittenRule.model_fields)


def load_rules(folder: Path) -> Mapping[str, CountingRule]:
    """Give the workspace's rules by name; the first is the one in force.

    The rule that ships is always among them.

    Raises:
        InputError: with everything that is wrong with the file.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return {RULE.name: RULE}
    try:
        written = lined_yaml.read(path, _WrittenFile, known_keys=_KEYS)
    except lined_yaml.Problems as found:
        raise _wrong(found.problems) from found
    file = written.value
    rules = {RULE.name: RULE} | {
        name: CountingRule(name=name, **dict(rule)) for name, rule in file.rules.items()
    }
    problems = []
    if RULE.name in file.rules:
        vi = "tên này dành cho quy tắc sẵn có"
        problems.append(
            written.problem(("rules", RULE.name), t(vi, "this is the name of the rule that ships"))
        )
    if file.default is not None and file.default not in rules:
        vi = f"không có quy tắc “{file.default}” trong tệp"
        problems.append(
            written.problem(("default",), t(vi, f"the file has no rule '{file.default}'"))
        )
    if problems:
        raise _wrong(tuple(problems))
    first = file.default or RULE.name
    return {first: rules[first]} | rules


def write_example(folder: Path) -> Path:
    """Put the commented example into a workspace, unless it is there; give its path."""
    target = folder / f"{FILE_NAME}.mau"
    if not target.exists():
        target.write_text(EXAMPLE, encoding="utf-8")
    return target


def choose_rule(folder: Path, name: str | None) -> CountingRule:
    """Give the rule of this name; without a name the one in force.

    Raises:
        InputError: there is none, or the file is wrong.
    """
    rules = load_rules(folder)
    if name is None:
        return next(iter(rules.values()))
    if name not in rules:
        raise InputError(
            t(
                f"Không có quy tắc đếm “{name}” ({FILE_NAME}). Các quy tắc:",
                f"There is no counting rule '{name}' ({FILE_NAME}). The rules:",
            ),
            tuple(rules),
        )
    return rules[name]


def _wrong(problems: tuple[str, ...]) -> InputError:
    return InputError(t("Quy tắc đếm có lỗi:", "The counting rules have errors:"), problems)
