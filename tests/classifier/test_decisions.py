"""Decisions from a file: taken as a whole, or refused with every line that is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from classifier.decisions import Decision, read_decisions
from storage.errors import InputError
from storage.records import Level

if TYPE_CHECKING:
    from pathlib import Path

VERSIONS = {"http://xa.test/1": 11, "http://xa.test/2": 12}


def read(path: Path) -> list[Decision]:
    return read_decisions(path, topics=["tthc", "cpdt"], newest_version=VERSIONS.get)


def write(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "quyet-dinh.csv"
    path.write_text("\n".join(("Địa chỉ,Chủ đề,Mức,Lý do", *lines)) + "\n", encoding=encoding)
    return path


def test_levels_are_written_in_vietnamese_or_by_their_names(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "http://xa.test/1,tthc,Chính,Cả bài nói về một cửa",
        "http://xa.test/2,cpdt,nhắc qua,",
        "http://xa.test/2,tthc,none,Không nói",
        encoding="utf-8-sig",
    )
    assert [(one.version_id, one.topic, one.level) for one in read(path)] == [
        (11, "tthc", Level.MAIN),
        (12, "cpdt", Level.MENTION),
        (12, "tthc", Level.NONE),
    ]
    assert read(path)[0].reason == "Cả bài nói về một cửa"


def test_all_errors_come_at_once_with_their_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "http://xa.test/9,tthc,chính,",
        "http://xa.test/1,xyz,chính,",
        "http://xa.test/1,tthc,?,",
    )
    with pytest.raises(InputError) as caught:
        read(path)
    problems = caught.value.problems
    assert [problem.partition(":")[0] for problem in problems] == ["dòng 2", "dòng 3", "dòng 4"]
    assert "tthc, cpdt" in problems[1]
    assert "nhắc qua" in problems[2]


def test_a_file_without_its_columns_or_that_is_no_text_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "khac.csv"
    other.write_text("A,B\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="Chủ đề"):
        read(other)
    other.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="khac"):
        read(other)
    with pytest.raises(InputError, match="khong-co"):
        read(tmp_path / "khong-co.csv")
