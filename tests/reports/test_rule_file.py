"""The office's rules in ``quy-tac.yml``: read, or refused with everything that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reports.rule_file import FILE_NAME, choose_rule, load_rules, write_example
from reports.rules import RULE
from storage.errors import InputError
from storage.records import CountedWindow, RepostTreatment

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str) -> Path:
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_the_rule_that_ships_is_in_force(tmp_path: Path) -> None:
    assert load_rules(tmp_path) == {RULE.name: RULE}
    assert choose_rule(tmp_path, None) is RULE


def test_the_example_is_a_rule_that_sets_every_setting(tmp_path: Path) -> None:
    write(tmp_path, write_example(tmp_path).read_text("utf-8"))
    rule = choose_rule(tmp_path, None)
    assert (rule.name, rule.window) == ("chat-che", CountedWindow.REPORTING)
    assert (rule.reposts, rule.tag_order) == (RepostTreatment.EXCLUDE, ("TTHC", "CPĐT"))
    assert (rule.alike_from, rule.sections_out) == (70, ("Lịch *",))
    assert list(load_rules(tmp_path)) == ["chat-che", RULE.name]
    assert choose_rule(tmp_path, RULE.name) is RULE


def test_an_example_that_an_office_changed_is_left_alone(tmp_path: Path) -> None:
    path = write_example(tmp_path)
    path.write_text("của tôi", encoding="utf-8")
    assert write_example(tmp_path).read_text("utf-8") == "của tôi"


def test_a_rule_says_only_what_differs(tmp_path: Path) -> None:
    write(tmp_path, "rules:\n  gon:\n    least_syllables: 80\n")
    assert choose_rule(tmp_path, None) is RULE
    assert choose_rule(tmp_path, "gon").least_syllables == 80
    assert choose_rule(tmp_path, "gon").several_tags


def test_everything_that_is_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        "rules:\n"
        "  a:\n"
        "    repost: exclude\n"
        "    window: nd09\n"
        "    alike_from: 20\n"
        "  b:\n"
        "    several_tags: maybe\n"
        "  c:\n"
        "    news_below: 350\n"
        "  d:\n"
        "    tag_order: [TTHC]\n"
        "  e: {news_below: 500, article_from: 350}\n",
    )
    with pytest.raises(InputError) as caught:
        load_rules(tmp_path)
    told = str(caught.value)
    for line, words in (
        (3, "rules.a.repost: khóa không có (có phải “reposts”?)"),
        (4, "rules.a.window: phải là 'as_named', 'calendar', 'reporting' hoặc 'to_report_day'"),
        (5, "rules.a.alike_from: phải từ 50 trở lên"),
        (7, "rules.b.several_tags: cần true hoặc false"),
        (8, "rules.c: news_below và article_from phải cùng ghi hoặc cùng bỏ"),
        (10, "rules.d: tag_order chỉ dùng khi several_tags: false"),
        (12, "rules.e: article_from không được nhỏ hơn news_below"),
    ):
        assert f"{FILE_NAME}:{line}: {words}" in told


def test_a_default_that_is_no_rule_and_the_shipped_rules_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, f"default: khong-co\nrules:\n  {RULE.name}:\n    inherit: true\n")
    with pytest.raises(InputError) as caught:
        load_rules(tmp_path)
    assert f"{FILE_NAME}:1: default: không có quy tắc “khong-co”" in str(caught.value)
    assert f"{FILE_NAME}:3: rules.{RULE.name}: tên này dành cho" in str(caught.value)


def test_a_rule_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    write(tmp_path, "rules:\n  gon: {}\n")
    with pytest.raises(InputError, match="gon"):
        choose_rule(tmp_path, "gọn")
