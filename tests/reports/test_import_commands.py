"""``tinbai import`` against a real workspace."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import tinbai
from reports.import_commands import import_app
from reports.importers.templates import write_templates
from storage.engine import open_database
from storage.plans import plans_as_of
from storage.schema import upgrade
from storage.units import registry_as_of
from storage.workspace import lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

    from storage.workspace import Workspace

CLOCK = "2022-10-01T09:00+07:00"
LATER = dt.datetime(2022, 10, 2, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    workspace = lay_out(tmp_path / "văn phòng", since=dt.date(2022, 1, 1))
    upgrade(workspace.database_url)
    write_templates(workspace.templates)
    return workspace


def _import(workspace: Workspace, *words: str, clock: str = CLOCK) -> Result:
    options = ["--workspace", str(workspace.folder), "--clock", clock]
    return CliRunner().invoke(import_app, [*words, *options])


def _counts(workspace: Workspace) -> tuple[int, int]:
    database = open_database(workspace)
    with database.read() as c:
        counts = len(registry_as_of(c, LATER).names), len(plans_as_of(c, LATER))
    database.close()
    return counts


def _template(workspace: Workspace, name: str) -> str:
    return str(workspace.templates / name)


def test_the_templates_are_imported_one_after_the_other(workspace: Workspace) -> None:
    for kind, name in (
        ("units", "mau-don-vi.xlsx"),
        ("plan", "mau-ke-hoach.xlsx"),
        ("self-report", "mau-tu-bao-cao.xlsx"),
    ):
        result = _import(workspace, kind, _template(workspace, name))
        assert (result.exit_code, result.stderr) == (0, "")
        assert f"Đã nhập {name}" in " ".join(result.stdout.split())
        assert "ST-DONG" in result.stdout
    assert _counts(workspace) == (3, 1)


def test_a_dry_run_shows_what_was_understood_and_changes_nothing(workspace: Workspace) -> None:
    result = _import(workspace, "units", _template(workspace, "mau-don-vi.xlsx"), "--dry-run")
    assert result.exit_code == 0
    assert "Chưa nhập (--dry-run)" in " ".join(result.stdout.split())
    assert "ST-TAY" in result.stdout
    assert _counts(workspace) == (0, 0)


def test_a_wrong_file_ends_with_2_and_changes_nothing(workspace: Workspace) -> None:
    _import(workspace, "units", _template(workspace, "mau-don-vi.xlsx"))
    wrong = workspace.folder / "kế hoạch.csv"
    wrong.write_text(
        "Mã đơn vị;Năm;CCHC;TTHC;CPĐT\nST-DONG;2022;1;2;3\nST-DOGN;2022;một;2;3\n",
        encoding="utf-8",
    )
    result = _import(workspace, "plan", str(wrong))
    assert result.exit_code == 2
    said = " ".join(result.stderr.split())
    assert "kế hoạch.csv có 2 lỗi; chưa có gì được thay đổi" in said
    assert "kế hoạch!A3: mã đơn vị “ST-DOGN”" in said
    assert "kế hoạch!C3: “một” không phải số; ghi 1" in said
    assert _counts(workspace) == (3, 0)


def test_machines_get_the_same_as_json(workspace: Workspace) -> None:
    result = _import(workspace, "units", _template(workspace, "mau-don-vi.xlsx"), "--json")
    data = json.loads(result.stdout)
    assert (data["recorded"], len(data["sha256"])) == (True, 64)
    assert {table["table"]: table["count"] for table in data["tables"]} == {
        "units": 3,
        "successions": 1,
        "sites": 1,
    }
    assert data["tables"][0]["lines"][2]["days"] == "01/01/2022–30/06/2022"


@pytest.mark.parametrize(("words", "stored"), [(["--dry-run"], 0), (["--yes"], 1)])
def test_a_plan_of_lines_is_shown_as_understood_and_kept_unless_it_is_only_tried(
    workspace: Workspace, words: list[str], stored: int
) -> None:
    _import(workspace, "units", _template(workspace, "mau-don-vi.xlsx"))
    file = _template(workspace, "mau-ke-hoach-theo-dong.xlsx")
    result = _import(workspace, "plan", file, "--json", *words)
    data = json.loads(result.stdout)
    assert data["tables"][1]["lines"][0] == {
        "unit": "ST-DONG",
        "place": "1",
        "name": "Tuyên truyền thủ tục hành chính, dịch vụ công trực tuyến",
        "tags": "TTHC",
        "quantity": "02 tin, bài/tháng",
        "due": "",
        "planned": "24",
        "counted": "trên trang web",
        "cell": "Kế hoạch theo dòng!E2",
    }
    assert _counts(workspace)[1] == stored


def test_outputs_are_kept_with_their_proofs(workspace: Workspace) -> None:
    _import(workspace, "units", _template(workspace, "mau-don-vi.xlsx"))
    (workspace.folder / "loa.jpg").write_bytes(b"photo")
    file = workspace.folder / "kq.csv"
    file.write_text(
        "Mã đơn vị;Hình thức;Số lượng;Ngày;Minh chứng\nST-DONG;Pano;2;05/04/2022;loa.jpg\n", "utf-8"
    )
    for words, kept in ((["--dry-run"], 0), ([], 1)):
        assert _import(workspace, "outputs", str(file), *words).exit_code == 0
        assert len(list(workspace.folder.glob("proofs/*.jpg"))) == kept


def test_plans_are_listed_with_what_each_line_says_and_what_it_was_read_as(
    workspace: Workspace,
) -> None:
    units = _template(workspace, "mau-don-vi.xlsx")
    _import(workspace, "units", units, clock="2022-01-05T08:00+07:00")
    assert "Chưa có kế hoạch nào" in _plans(workspace)
    file = _template(workspace, "mau-ke-hoach-theo-dong.xlsx")
    _import(workspace, "plan", file, "--yes", clock="2022-01-10T08:00+07:00")
    amended = workspace.folder / "sua.csv"
    amended.write_text(
        "Mã đơn vị;Năm;Nội dung;Sản phẩm;Cơ quan chủ trì\n"
        "ST-DONG;2022;Tuyên truyền thủ tục hành chính;03 tin, bài/tháng;Văn phòng\n",
        "utf-8",
    )
    _import(workspace, "plan", str(amended), "--yes", clock="2022-05-10T08:00+07:00")
    now = json.loads(_plans(workspace, "--unit", "ST-DONG", "--year", "2022", "--json"))
    assert [(plan["source_name"], plan["in_force"]) for plan in now] == [("sua.csv", True)]
    (line,) = now[0]["lines"]
    told = {"text": "03 tin, bài/tháng", "read_as": "03 tin, bài/tháng", "planned": 36}
    assert line == line | told | {"cell": "sua!D2", "lead": "Văn phòng", "tags": ["TTHC"]}
    both = json.loads(_plans(workspace, "--unit", "ST-DONG", "--replaced", "--json"))
    assert [plan["in_force"] for plan in both] == [False, True]
    then = json.loads(_plans(workspace, "--as-of", "2022-02-01", "--unit", "ST-DONG", "--json"))
    assert [plan["source_name"] for plan in then] == ["mau-ke-hoach-theo-dong.xlsx"]
    assert json.loads(_plans(workspace, "--year", "2020", "--json")) == []
    shown = _plans(workspace, "--unit", "ST-DONG", "--replaced")
    assert "sua!D2" in shown.replace("\n", "")
    assert "ĐÃ ĐƯỢC THAY" in shown
    assert CliRunner().invoke(tinbai.app, _words(workspace, "--unit", "ST-X")).exit_code == 2


def _words(workspace: Workspace, *words: str) -> list[str]:
    return ["plans", *words, "--workspace", str(workspace.folder)]


def _plans(workspace: Workspace, *words: str) -> str:
    result = CliRunner().invoke(tinbai.app, _words(workspace, *words))
    assert result.exit_code == 0, result.output
    return result.stdout
