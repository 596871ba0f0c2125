"""What rules ask of the texts, from the database: measured once, read as of an instant."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from reports.build import build_report
from reports.calendar import parse_period
from reports.reading import read_facts
from reports.rules import RULE
from reports.serial import to_json
from reports.sketches import METHOD
from reports.texts import measure, measures, sketch_texts
from storage.records import (
    Claim,
    Exclusion,
    Level,
    PostForm,
    RepostTreatment,
    Review,
    Verdict,
)
from storage.reviews import add_reviews
from storage.sketches import add_sketches, sketches_of
from storage.units import record_registry

if TYPE_CHECKING:
    World = Any  # conftest.World, which cannot be imported here
    from storage.records import CountingRule, LineArticle, Registry, Report

MAIN = (Level.MAIN, Verdict.ASSIGNED)
LONG = "Bộ phận một cửa tiếp nhận và trả kết quả thủ tục hành chính đúng hẹn cho người dân. " * 4
NEARLY = LONG + "\nẢnh: Người dân nộp hồ sơ."
STORY = (
    "Sáng nay, đoàn viên thanh niên xã hướng dẫn bà con tạo tài khoản định danh, chụp giấy tờ, "
    "điền tờ khai và thanh toán lệ phí bằng điện thoại. Sau hai tháng, tổ tình nguyện đã giúp 187 "
    "lượt người nộp hồ sơ trực tuyến thành công, được nhiều người khen ngợi."
)
CAPTIONED = STORY + "\nẢnh: Một buổi hướng dẫn tại nhà văn hóa thôn."
OTHER_WEEK = STORY.replace("187", "203")
STRICT = replace(RULE, name="chặt", alike_from=70, reposts=RepostTreatment.EXCLUDE)


def night(month: int, day: int, hour: int = 15) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=dt.UTC)


END = night(4, 2)


def report(world: World, rule: CountingRule, as_of: dt.datetime = END) -> Report:
    return build_report(
        world.database, office="o", period=parse_period("2022-03"), as_of=as_of, rule=rule
    )


def fates(found: Report, unit: str = "xa-a", tag: str = "TTHC") -> dict[int, LineArticle]:
    (line,) = [x for x in found.lines if (x.unit, x.tag) == (unit, tag)]
    return {article.article_id: article for article in line.articles}


@pytest.fixture
def copied(world: World) -> World:
    """Commune A tells a story twice, and next week's; commune B takes it over."""
    at = night(4, 1, 20)
    world.run(
        at,
        {"path": "story", "body": STORY, "day": dt.date(2022, 3, 5)},
        {"path": "captioned", "body": CAPTIONED, "day": dt.date(2022, 3, 6)},
        {"path": "week", "body": OTHER_WEEK, "day": dt.date(2022, 3, 12)},
    )
    world.run(at, {"path": "taken", "body": CAPTIONED, "day": dt.date(2022, 3, 9)}, site="b")
    world.tag(night(4, 1, 21), dict.fromkeys(("story", "captioned", "week", "taken"), MAIN))
    return world


def test_a_text_that_is_alike_counts_once_and_other_numbers_are_another_text(
    copied: World,
) -> None:
    posts = copied.posts
    plain = fates(report(copied, RULE))
    assert [plain[posts[p]].bucket for p in ("story", "captioned", "week")] == [None] * 3
    strict = fates(report(copied, STRICT))
    assert [strict[posts[p]].bucket for p in ("story", "captioned", "week")] == [
        None,
        Exclusion.DUPLICATE,
        None,
    ]
    copy = strict[posts["captioned"]]
    assert copy.duplicate_of == posts["story"]
    assert copy.likeness is not None
    assert 70 <= copy.likeness < 100


def test_what_another_unit_took_over_with_a_caption_is_a_repost(copied: World) -> None:
    taken = fates(report(copied, STRICT), "xa-b")[copied.posts["taken"]]
    assert (taken.bucket, taken.repost_of) == (Exclusion.REPOST, copied.posts["story"])


def test_a_report_on_some_units_compares_with_the_texts_of_all(copied: World) -> None:
    part = build_report(
        copied.database,
        office="o",
        period=parse_period("2022-03"),
        as_of=END,
        rule=STRICT,
        under="xa-b",
    )
    whole = report(copied, STRICT)
    assert part.lines == tuple(line for line in whole.lines if line.unit == "xa-b")
    assert fates(part, "xa-b")[copied.posts["taken"]].bucket is Exclusion.REPOST


def test_sketches_are_made_once_and_change_no_report(copied: World) -> None:
    before = report(copied, STRICT)
    assert sketch_texts(copied.database, [RULE]) == 0
    made = sketch_texts(copied.database, [STRICT])
    assert made == 6
    assert sketch_texts(copied.database, [STRICT]) == 0
    assert to_json(report(copied, STRICT)) == to_json(before)


def test_a_stored_sketch_is_taken_as_it_is_and_one_of_another_method_is_not(world: World) -> None:
    with world.database.write() as c:
        facts = read_facts(c, END)
        first, second = (one.version_id or 0 for one in facts.candidates[:2])
        stored = replace(measure(first, "x", LONG), syllables=7)
        add_sketches(c, [stored, replace(measure(second, "x", LONG), method="cũ", syllables=7)])
        found = measures(c, [first, second, None])
        assert sketches_of(c, [first, second], method=METHOD) == {first: stored}
    assert (found[first].syllables, found[second].syllables) == (7, 76)


def test_a_body_without_letters_is_measured_by_its_headline() -> None:
    short = measure(1, "Thông báo họp", "…")
    assert (short.letters, short.syllables, short.sketch) == (11, 3, None)
    long = measure(1, "Thông báo họp", LONG)
    assert (long.letters, long.syllables) == (256, 76)
    assert long.sketch is not None


def test_short_posts_are_told_from_long_ones(world: World) -> None:
    rule = replace(RULE, least_syllables=50, news_below=60, article_from=70)
    found = fates(report(world, rule))
    assert [(a.bucket, a.form) for a in found.values()] == [
        (Exclusion.TOO_SHORT, PostForm.NEWS),
        (None, PostForm.ARTICLE),
    ]


def test_a_section_that_does_not_count_is_read_from_lists(world: World) -> None:
    found = fates(report(world, replace(RULE, sections_out=("T*",))))
    assert {a.bucket for a in found.values()} == {Exclusion.OTHER_SECTION}
    kept = fates(report(world, replace(RULE, sections_in=("TIN",))))
    assert {a.bucket for a in kept.values()} == {None}


def test_nothing_that_is_known_later_changes_a_report_by_any_rule(
    copied: World, registry: Registry
) -> None:
    """Plans, claims, texts, tags, sketches, what people decide, the unit list."""
    rules = [
        RULE,
        STRICT,
        replace(RULE, several_tags=False, least_syllables=10, sections_out=("mới",)),
    ]
    before = [to_json(report(copied, rule)) for rule in rules]

    def review() -> None:
        with copied.database.write() as c:
            version = fates(report(copied, RULE))[copied.posts["story"]].version_id
            assert version is not None
            add_reviews(
                c,
                [
                    Review(
                        version_id=version,
                        taxonomy_release="2022.1",
                        topic="tthc",
                        level=Level.NONE,
                        reviewer="cán bộ",
                        reason="không phải",
                        reviewed_at=night(4, 12),
                    )
                ],
            )

    def units() -> None:
        with copied.database.write() as c:
            record_registry(c, replace(registry, owners=()), received_at=night(4, 13))

    copied.plan(night(4, 10), 99)
    copied.claim(night(4, 10), Claim(tag="TTHC", number=99, cell="S!D2"))
    copied.run(night(4, 11), {"path": "new", "body": STORY})
    copied.run(night(4, 11, 17), {"path": "story", "body": NEARLY, "day": None})
    copied.tag(night(4, 11, 18), {"new": MAIN, "story": None, "three": MAIN})
    sketch_texts(copied.database, rules)
    review()
    units()
    assert [to_json(report(copied, rule)) for rule in rules] == before
    assert to_json(report(copied, RULE, night(4, 14))) != before[0]
