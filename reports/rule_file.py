"""The office's counting rules: ``quy-tac.yml`` in the workspace, all errors at once with line."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from reports.rules import RULE
from reports.scoring import falls
from storage import lined_yaml
from storage.errors import InputError
from storage.language import t
from storage.records import (
    CountedWindow,
    CountingRule,
    DateBasis,
    RepostTreatment,
    Rounding,
    ScoreAgainst,
    ScoreOf,
    ScoreScale,
    ScoreStep,
)

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
    # Chấm điểm: bỏ dấu # để dùng; không ghi thì không chấm. Ví dụ theo Công văn 244/PNV ngày
    # 08/8/2022 (Xuân Lộc), tiêu chí 4.1: 100 % → 1 điểm; 90–100 % → tỷ lệ × 1; dưới 90 % → 0.
    # Công văn ấy lại cho 4/5 mục tiêu (80 %) được 0,8 điểm: chọn một cách, ghi rõ ở mốc “at”
    # (90 như lời văn, hoặc 80 như ví dụ) và ở “inclusive” (đúng mốc có được điểm không).
    # score:
    #   name: Công văn 244/PNV ngày 08/8/2022, tiêu chí 4.1
    #   of: unit                 # unit (chỉ tiêu hoàn thành / được giao) | line (từng nhóm)
    #   against: plan            # plan (cả kế hoạch) | due (số phải đạt đến ngày báo cáo)
    #   most: 1                  # điểm tối đa
    #   steps:                   # mốc từ cao xuống thấp
    #     - {at: 100, points: 1}
    #     - {at: 90, inclusive: true, points: share}   # share: tỷ lệ × điểm tối đa
    #   below: 0                 # dưới mốc cuối
    #   percent_decimals: null   # làm tròn tỷ lệ trước khi so mốc: 0, 1, 2; null: không
    #   decimals: 2              # làm tròn điểm
    #   rounding: half_up        # half_up (từ 5 thì lên) | down (bỏ) | up (lên)
"""
"""Put beside the settings by ``tinbai init``."""

_Name = Annotated[str, Field(min_length=1)]
_Count = Annotated[int, Field(strict=True, ge=0)]


_Points = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2)]


class _WrittenStep(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: Annotated[int, Field(strict=True, ge=0, le=1000)]
    inclusive: bool = True
    points: _Points | Literal["share"]

    def step(self) -> ScoreStep:
        points = None if self.points == "share" else _hundredths(self.points)
        return ScoreStep(at=self.at, inclusive=self.inclusive, points=points)


class _WrittenScore(BaseModel):
    """A ``ScoreScale``, as an office writes it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Name
    of: ScoreOf = ScoreOf.LINE
    against: ScoreAgainst = ScoreAgainst.PLAN
    most: _Points
    steps: Annotated[tuple[_WrittenStep, ...], Field(min_length=1)]
    below: _Points = Decimal(0)
    percent_decimals: Annotated[int, Field(strict=True, ge=0, le=2)] | None = None
    decimals: Annotated[int, Field(strict=True, ge=0, le=2)] = 2
    rounding: Rounding = Rounding.HALF_UP

    @model_validator(mode="after")
    def _never_falls(self) -> _WrittenScore:
        if falls(self.scale()):
            raise ValueError(
                t(
                    "mốc điểm phải xếp từ cao xuống thấp; tỷ lệ cao hơn không được ít điểm hơn, và "
                    "không mốc nào quá most",
                    "steps go from the highest down; a larger share is never worth less, and none "
                    "more than most",
                )
            )
        return self

    def scale(self) -> ScoreScale:
        return ScoreScale(
            name=self.name,
            of=self.of,
            against=self.against,
            most=_hundredths(self.most),
            steps=tuple(step.step() for step in self.steps),
            below=_hundredths(self.below),
            percent_decimals=self.percent_decimals,
            decimals=self.decimals,
            rounding=self.rounding,
        )


def _hundredths(points: Decimal) -> int:
    return int(points * 100)


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
    score: _WrittenScore | None = None

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


_KEYS = (
    *_WrittenFile.model_fields,
    *_WrittenRule.model_fields,
    *_WrittenScore.model_fields,
    *_WrittenStep.model_fields,
)


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
    rules = {RULE.name: RULE} | {name: _rule(name, rule) for name, rule in file.rules.items()}
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


def _rule(name: str, written: _WrittenRule) -> CountingRule:
    settings = dict(written)
    scale = None if written.score is None else written.score.scale()
    return CountingRule(name=name, **{**settings, "score": scale})


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
