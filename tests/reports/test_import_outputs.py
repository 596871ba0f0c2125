"""Work outside the web: what units state, with the proofs they hand in."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from reports.importers.outputs import Stated, read_outputs
from reports.importers.sheets import read_book
from storage.errors import InputError
from storage.outputs import keep_proof
from storage.records import DayInterval, OutputForm, Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.tables import Reading

NOW = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)
HEADER = [
    "Mã đơn vị",
    "Hình thức",
    "Số lượng",
    "Nội dung",
    "Ngày",
    "Từ ngày",
    "Đến ngày",
    "Minh chứng",
]


@pytest.fixture
def read_stated(
    sheet_file: Callable[..., Path], sheet_registry: Registry, tmp_path: Path
) -> Callable[..., Reading[Stated]]:
    def read(*rows: list[Any]) -> Reading[Stated]:
        book = read_book(sheet_file({"KQ": [HEADER, *rows]}))
        return read_outputs(book, tmp_path, sheet_registry, received_at=NOW)

    return read


def test_a_statement_keeps_its_days_form_and_the_digest_of_its_proof(
    read_stated: Callable[..., Reading[Stated]], tmp_path: Path
) -> None:
    (tmp_path / "ảnh").mkdir()
    (tmp_path / "ảnh" / "loa.JPG").write_bytes(b"photo")
    read = read_stated(
        ["ST-DONG", "Lượt phát thanh", 12, "TTHC", None, "01/03/2022", "31/03/2022", "ảnh/loa.JPG"],
        ["ST-DONG", "Cụm pano", "2", None, "05/04/2022", None, None, None],
    )
    loud, panel = read.value.outputs
    march = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))
    assert (loud.form, loud.number, loud.period) == (OutputForm.BROADCAST, 12, march)
    assert (loud.proof_name, loud.proof_sha256) == (
        "loa.JPG",
        hashlib.sha256(b"photo").hexdigest(),
    )
    assert (panel.form, panel.proof_sha256) == (OutputForm.PANEL, None)
    assert panel.period == DayInterval(dt.date(2022, 4, 5), dt.date(2022, 4, 6))
    assert read.notes == ("1 dòng không có tệp minh chứng.",)


def test_proofs_outside_of_what_came_along_are_never_taken(
    read_stated: Callable[..., Reading[Stated]], tmp_path: Path
) -> None:
    (tmp_path.parent / "mật.txt").write_bytes(b"secret")
    (tmp_path / "lối.txt").symlink_to(tmp_path.parent / "mật.txt")
    typed = ["/etc/hostname", "C:\\mật.txt", "..\\mật.txt", "../mật.txt", "lối.txt", "thiếu.jpg"]
    rows = [
        ["ST-DONG", "Cuộc", 1, f"họp {place}", "05/04/2022", None, None, name]
        for place, name in enumerate(typed)
    ]
    with pytest.raises(InputError) as caught:
        read_stated(*rows)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        f"KQ!H{row}" for row in range(2, 8)
    ]


def test_every_trouble_is_told_at_once(read_stated: Callable[..., Reading[Stated]]) -> None:
    twice = ["ST-DONG", "Cuộc", 1, "họp", "05/04/2022", None, None, None]
    with pytest.raises(InputError) as caught:
        read_stated(
            ["ST-DOGN", None, "ba", None, "32/13/2022", None, None, None],
            ["ST-DONG", "Cuộc", None, None, None, None, None, None],
            ["ST-TAY", "Cuộc", 1, None, "05/07/2022", None, None, None],
            twice,
            twice,
        )
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        *("KQ!A2", "KQ!B2", "KQ!C2", "KQ!E2", "KQ!C3", "KQ!F3", "KQ!G3", "KQ!A4", "KQ!A6")
    ]


def test_a_proof_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    (tmp_path / "a.PDF").write_bytes(b"proof")
    digest = keep_proof(tmp_path / "proofs", tmp_path / "a.PDF")
    kept = tmp_path / "proofs" / f"{digest}.pdf"
    first = kept.stat().st_mtime_ns
    assert keep_proof(tmp_path / "proofs", tmp_path / "a.PDF") == digest
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == (b"proof", first)
    assert [file.name for file in (tmp_path / "proofs").iterdir()] == [kept.name]
