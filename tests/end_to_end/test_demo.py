"""The demo district, lived through from import to report, against the known answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from bs4 import BeautifulSoup
from fastwarc.warc import ArchiveIterator, WarcRecordType
from rich.console import Console
from typer.testing import CliRunner
from warcio.checker import Checker

from demo.__main__ import PERIOD, REVIEWER, Lived, run
from demo.answer import AS_OF, Cell, backdated, golden, judged_claims
from demo.content import posts
from storage.language import Language, speaking
from tinbai import app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # a busy machine takes its time
CLAIM_VERDICTS = {verdict for _, _, verdict in judged_claims()} - {"confirmed"}


@dataclass(frozen=True)
class District:
    """The workspace after the last night."""

    folder: Path
    lived: Lived
    start: Callable[[Sequence[str]], subprocess.CompletedProcess[str]]

    def tinbai(self, *words: str, at: dt.datetime = AS_OF) -> tuple[int, Any]:
        """Run the program and give its exit code and JSON."""
        clock = ["--clock", f"{at.isoformat()}+07:00"]
        ended = self.start([*words, "-w", str(self.folder), "--json", *clock])
        assert ended.stdout, ended.stderr
        return ended.returncode, json.loads(ended.stdout)

    def file(self, ending: str) -> Path:
        """Give the last report's file of a kind."""
        return self.folder / "reports" / f"bao-cao-{PERIOD}-chot-2022-10-10-0800.{ending}"


@pytest.fixture(scope="module")
def district(
    tmp_path_factory: pytest.TempPathFactory,
    call: Callable[[Sequence[str]], subprocess.CompletedProcess[str]],
) -> District:
    folder = tmp_path_factory.mktemp("demo") / "vân khê"
    lived = run(folder, Console(file=io.StringIO()), start=call, show=call)
    return District(folder, lived, call)


@pytest.fixture(scope="module")
def report(district: District) -> Any:  # noqa: ANN401 - a report as JSON
    return json.loads(district.file("json").read_text("utf-8"))


def _cells(report: Any) -> dict[tuple[str, str], Any]:  # noqa: ANN401 - as above
    return {(line["unit"], line["tag"]): line for line in report["lines"]}


def _as_answered(line: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a line as JSON
    counted = line["counted"]
    return (
        line["planned"],
        counted["posts"],
        counted["is_exact"],
        line["reposts"],
        line["claimed"],
        line["status"],
    )


def _answer(cell: Cell) -> tuple[Any, ...]:
    return (
        cell.planned,
        cell.counted,
        cell.is_exact,
        cell.reposts,
        cell.claimed,
        cell.status,
    )


def test_every_cell_of_the_report_is_the_known_answer(
    district: District,
    report: Any,  # noqa: ANN401 - as above
) -> None:
    assert district.lived.code == 1
    found = {key: _as_answered(line) for key, line in _cells(report).items()}
    assert found == {key: _answer(cell) for key, cell in golden().items()}


def test_every_article_considered_has_one_fate_and_they_add_up(
    report: Any,  # noqa: ANN401 - as above
) -> None:
    for key, line in _cells(report).items():
        fates, wanted = line["excluded"], dict(golden()[key].fates)
        assert line["considered"] == line["counted"]["posts"] + sum(fates.values())
        # Whether a post that is not about a topic touches it is a matter of taste; that it is
        # not counted is not.
        for where in (fates, wanted):
            where["not_about"] = where.pop("off_topic", 0) + where.pop("mention_only", 0)
        assert fates == {name: n for name, n in wanted.items() if name != "counted"}, key


def test_every_cell_of_the_excel_file_is_the_known_answer(district: District) -> None:
    sheet = openpyxl.load_workbook(district.file("xlsx"))["Tổng hợp"]
    header, *rows = list(sheet.iter_rows(min_row=3, values_only=True))
    column = {str(name): place for place, name in enumerate(header)}
    found = {(row[column["Mã đơn vị"]], row[column["Nhóm"]]): row for row in rows}
    for key, cell in golden().items():
        row = found[key]
        difference = None if cell.claimed is None else cell.claimed - cell.counted
        percent = 100 * cell.counted / cell.planned if cell.planned else None
        remaining = None if cell.planned is None else max(0, cell.planned - cell.counted)
        assert row[column["Chỉ tiêu KH (tin, bài)"]] == cell.planned, key
        assert row[column["Đơn vị tự báo cáo"]] == cell.claimed, key
        assert row[column["Hệ thống xác minh"]] == cell.counted, key
        assert row[column["Chênh lệch (±)"]] == difference, key
        assert row[column["Tỷ lệ xác minh %"]] == pytest.approx(percent), key
        assert row[column["Còn lại theo KH"]] == remaining, key
        assert row[column["Đăng lại (có tính)"]] == cell.reposts, key


def test_lower_bounds_are_shown_as_such_in_the_excel_file(district: District) -> None:
    sheet = openpyxl.load_workbook(district.file("xlsx"))["Tổng hợp"]
    formats = {(row[1].value, row[3].value): row[6].number_format for row in sheet.iter_rows(4)}
    for key, cell in golden().items():
        assert ("≥" in formats[key]) is not cell.is_exact, key


def test_every_number_of_the_html_report_opens_its_list(district: District) -> None:
    page = BeautifulSoup(district.file("html").read_text("utf-8"), "lxml")
    links = [str(link["href"]) for link in page.select("table a[href^='#']")]
    ids = {str(one["id"]) for one in page.select("[id]")}
    assert len(links) >= len(golden())
    assert {link.removeprefix("#") for link in links} <= ids
    assert not page.select("script[src], link[href], img[src^=http]")


def test_the_findings_are_those_of_the_known_answer(report: Any) -> None:  # noqa: ANN401 - as above
    kinds = {(f["unit"], f["tag"], f["kind"]) for f in report["findings"]}
    wanted = {(*key, "shortfall") for key, cell in golden().items() if cell.status == "short"}
    wanted |= {(*key, cell.claim_finding) for key, cell in golden().items() if cell.claim_finding}
    wanted |= {
        (*key, "not_verifiable")
        for key, cell in golden().items()
        if cell.status == "not_verifiable"
    }
    of_totals = {"shortfall", "overclaim", "unclaimed", "not_verifiable"}
    assert {found for found in kinds if found[2] in of_totals} == wanted


def test_each_claimed_post_has_the_verdict_of_the_known_answer(
    report: Any,  # noqa: ANN401 - as above
) -> None:
    found = sorted((f["tag"], f["kind"]) for f in report["findings"] if f["kind"] in CLAIM_VERDICTS)
    wanted = sorted((tag, verdict) for tag, _, verdict in judged_claims() if verdict != "confirmed")
    assert found == wanted


def test_the_backdated_post_is_found_with_its_evidence(
    district: District,
    report: Any,  # noqa: ANN401 - as above
) -> None:
    (finding,) = [f for f in report["findings"] if f["kind"] == "backdated"]
    (key,) = backdated()
    code, explained = district.tinbai("explain", str(finding["article_id"]), "--period", PERIOD)
    assert code == 0
    assert explained["candidate"]["title"] == posts()[key].title
    assert finding["capture_id"] is not None


def test_last_week_s_report_can_be_made_again_from_what_was_known_then(
    district: District, tmp_path: Path
) -> None:
    then = dt.datetime(2022, 10, 1, 8)  # noqa: DTZ001 - local, as the demo counts
    words = ("report", "-p", PERIOD, "--as-of", "2022-10-01T08:00+07:00", "--out", str(tmp_path))
    _, made = district.tinbai(*words, "--format", "json")
    found = {key: _as_answered(line) for key, line in _cells(made["report"]).items()}
    cells = golden(as_of=then)
    assert {key: line[1:3] for key, line in found.items()} == {
        key: (cell.counted, cell.is_exact) for key, cell in cells.items()
    }
    assert not cells["VK-VHTT", "CCHC"].is_exact


def test_a_report_made_again_is_the_same_to_the_byte(district: District, tmp_path: Path) -> None:
    words = ("report", "-p", PERIOD, "--out", str(tmp_path), "--as-of", _instant(district))
    later = AS_OF + dt.timedelta(days=30)
    assert district.tinbai(*words, at=later)[0] == 1
    for ending in ("json", "html", "xlsx"):
        again = tmp_path / district.file(ending).name
        assert again.read_bytes() == district.file(ending).read_bytes(), ending


def _instant(district: District) -> str:
    report = json.loads(district.file("json").read_text("utf-8"))
    return str(report["as_of"])


def test_the_district_itself_has_no_line_and_a_note_says_why(
    report: Any,  # noqa: ANN401 - as above
) -> None:
    assert any(note.startswith("Huyện Vân Khê là đơn vị cấp trên") for note in report["notes"])


def test_the_report_says_that_its_clock_was_set(report: Any) -> None:  # noqa: ANN401 - as above
    assert any("đồng hồ được đặt trước" in note for note in report["notes"])


def test_a_number_opens_down_to_the_bytes_in_the_warc(
    district: District,
    report: Any,  # noqa: ANN401 - as above
    tmp_path: Path,
) -> None:
    line = _cells(report)["VK-TT", "CPĐT"]
    article = next(a for a in line["articles"] if a["bucket"] is None)
    _, explained = district.tinbai("explain", article["url"], "--period", PERIOD)
    assert {"tag": "CPĐT", "bucket": None} in [
        {"tag": fate["tag"], "bucket": fate["bucket"]} for fate in explained["fates"]
    ]
    assert any(topic["tagging"]["spans"] for topic in explained["topics"])
    capture = explained["versions"][-1]["capture"]
    body = tmp_path / "page.html"
    code, shown = district.tinbai("evidence", "show", str(capture["id"]), "--body", str(body))
    assert code == 0
    assert shown["warc"] == capture["warc"]
    assert article["title"] in BeautifulSoup(body.read_bytes(), "lxml").get_text()


def test_the_evidence_is_whole_and_two_other_programs_can_read_it(district: District) -> None:
    code, verified = district.tinbai("evidence", "verify")
    assert (code, verified["problems"]) == (0, [])
    files = sorted((district.folder / "evidence").rglob("*.warc.gz"))
    assert len(files) == sum(len(night["crawl"]["sites"]) for night in district.lived.nights) - 2
    checker = Checker(_CheckerOptions([str(file) for file in files]))
    checker.process_all()
    assert checker.exit_value == 0
    responses = sum(map(_whole_responses, files))
    archived = sum(
        site["counters"].get(f"capture/{fate}", 0)
        for night in district.lived.nights
        for site in night["crawl"]["sites"]
        for fate in ("stored", "not_an_article", "http_error")
    )
    assert responses >= archived > 150


def _whole_responses(file: Path) -> int:
    """Count the responses whose digests fastwarc finds right; it leaves out the others."""
    with file.open("rb") as stream:
        wanted = WarcRecordType.response
        return sum(1 for _ in ArchiveIterator(stream, record_types=wanted, verify_digests=True))


# ------------------------------------------------------------------ what outsiders are given


def inside(district: District, *words: str) -> tuple[int, Any]:
    """Run the program within this process, which is quicker; give its exit code and JSON."""
    given = ["-w", str(district.folder), "--json", "--clock", f"{AS_OF.isoformat()}+07:00"]
    with speaking(Language.VI):  # and as before afterwards, whatever the words choose
        ended = CliRunner().invoke(app, [*words, *given])
    return ended.exit_code, json.loads(ended.stdout)


@pytest.fixture(scope="module")
def bundle(district: District, tmp_path_factory: pytest.TempPathFactory) -> Bundled:
    """The last report's evidence, as one file and unpacked."""
    folder = tmp_path_factory.mktemp("bundle")
    code, told = inside(district, "evidence", "export", "6", "--to", str(folder / "goi.wacz"))
    assert code == 0
    unpacked = folder / "goi"
    with zipfile.ZipFile(folder / "goi.wacz") as packed:
        assert {one.compress_type for one in packed.infolist()} == {zipfile.ZIP_STORED}
        packed.extractall(unpacked)
    return Bundled(folder / "goi.wacz", unpacked, told)


@dataclass(frozen=True)
class Bundled:
    """A bundle."""

    file: Path
    folder: Path
    told: Any

    def check_by_hand(self, folder: Path) -> list[str]:
        """Run the lines that the instruction prints, with nothing of ours."""
        text = (folder / "ho-so" / "HUONG-DAN-KIEM-TRA.txt").read_text("utf-8")
        lines = text[text.index("hash()") : text.index("uniq -c") + len("uniq -c")]
        ended = subprocess.run(
            ["sh", "-c", lines], cwd=folder, capture_output=True, text=True, check=False
        )
        return ended.stdout.splitlines()


def test_a_bundle_has_every_counted_article_and_the_report_byte_for_byte(
    district: District,
    bundle: Bundled,
    report: Any,  # noqa: ANN401 - as above
) -> None:
    assert (bundle.folder / "ho-so" / "bao-cao.json").read_bytes() == district.file(
        "json"
    ).read_bytes()
    pages = (bundle.folder / "pages" / "pages.jsonl").read_text("utf-8").splitlines()[1:]
    counted = {
        article["article_id"]
        for line in report["lines"]
        for article in line["articles"]
        if article["bucket"] is None
    }
    assert counted <= {int(json.loads(page)["id"]) for page in pages}
    missing = {f["unit"] for f in report["findings"] if f["kind"] == "claim_not_found"}
    assert missing
    assert {file.stem for file in (bundle.folder / "giay-xac-nhan").iterdir()} == missing
    assert bundle.told["root"] == report["evidence"]["root"]
    assert report["evidence"]["root"] in " ".join(report["notes"])


def test_a_bundle_is_laid_out_as_wacz(bundle: Bundled) -> None:
    package = json.loads((bundle.folder / "datapackage.json").read_bytes())
    listed = {one["path"]: one for one in package["resources"]}
    there = {
        file.relative_to(bundle.folder).as_posix(): file
        for file in bundle.folder.rglob("*")
        if file.is_file() and not file.name.startswith("datapackage")
    }
    assert listed.keys() == there.keys()
    for path, file in there.items():
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert listed[path]["hash"] == f"sha256:{digest}"
        assert listed[path]["bytes"] == file.stat().st_size
    lines = (bundle.folder / "indexes" / "index.cdx").read_bytes().splitlines()
    assert lines == sorted(lines)
    for line in lines:
        entry = json.loads(line.split(b" ", 2)[2])
        with (bundle.folder / "archive" / entry["filename"]).open("rb") as stream:
            stream.seek(int(entry["offset"]))
            packed = io.BytesIO(stream.read(int(entry["length"])))
            (record,) = ArchiveIterator(packed, verify_digests=True)
            assert record.headers["WARC-Target-URI"] == entry["url"]


def test_the_same_report_gives_the_same_bundle(
    district: District, bundle: Bundled, tmp_path: Path
) -> None:
    again = tmp_path / "lần nữa.wacz"
    inside(district, "evidence", "export", "6", "--to", str(again), "--lang", "en")
    assert again.read_bytes() == bundle.file.read_bytes()


def test_every_proof_of_a_bundle_leads_to_the_root_of_the_report(bundle: Bundled) -> None:
    blocks = (bundle.folder / "ho-so" / "chung-minh.txt").read_bytes().split(b"bytes ")[1:]
    assert len(blocks) == bundle.told["captures"]
    for block in blocks:
        place, leaf, *path, root = block.splitlines()
        file, start, size = place.decode().split()
        data = (bundle.folder / file).read_bytes()[int(start) :][: int(size)]
        assert json.loads(leaf[5:])["warc_sha256"] == hashlib.sha256(data).hexdigest()
        found = hashlib.sha256(b"\0" + leaf[5:]).digest()
        for step in path:
            other = bytes.fromhex(step[2:].decode())
            both = other + found if step.startswith(b"L") else found + other
            found = hashlib.sha256(b"\1" + both).digest()
        assert root == b"root " + found.hex().encode()
        assert found.hex() == bundle.told["root"]


@pytest.mark.skipif(shutil.which("xxd") is None, reason="there is no xxd")
def test_an_outsider_checks_a_bundle_with_nothing_of_ours(bundle: Bundled, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle.folder, copy)
    sums = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(sums, cwd=copy, check=False).returncode == 0
    proofs = copy / "ho-so" / "chung-minh.txt"
    some = proofs.read_bytes().split(b"bytes ")[:6]
    proofs.write_bytes(b"bytes ".join(some))
    (line,) = bundle.check_by_hand(copy)
    assert line.split() == ["5", "dung", bundle.told["root"]]
    name, start, _ = some[1].split(b"\n")[0].split()
    archive = copy / name.decode()
    data = bytearray(archive.read_bytes())
    data[int(start) + 100] ^= 1
    archive.write_bytes(bytes(data))
    proofs.write_bytes(proofs.read_bytes().replace(b'"status":200', b'"status":201', 2))
    told = bundle.check_by_hand(copy)
    assert any("SAI BYTE" in one for one in told)
    assert any("SAI GOC" in one for one in told)


def test_a_bundle_names_no_reviewer_outside_the_archived_pages(bundle: Bundled) -> None:
    papers = [file for file in bundle.folder.rglob("*") if file.is_file()]
    for file in papers:
        if file.parent.name != "archive":
            assert REVIEWER not in file.read_text("utf-8")


def test_what_was_removed_by_decision_is_said_wherever_it_is_opened(
    district: District, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(district.folder, folder)
    other = replace(district, folder=folder)
    words = ("--before", "2022-09-27", "--by", "Bà A", "--reason", "Hết hạn lưu")
    code, listed = inside(other, "evidence", "remove", *words)
    assert (code, listed["removed"]) == (0, [])
    code, done = inside(other, "evidence", "remove", *words, "--yes")
    assert len(done["removed"]) == len(listed["files"]) > 0
    code, verified = inside(other, "evidence", "verify")
    assert (code, verified["problems"]) == (0, [])
    assert len(verified["removed"]) == len(done["removed"])
    code, shown = inside(other, "reports", "show", "6")
    assert {one["removed_by"] for one in shown["removed"]} == {"Bà A"}
    assert shown["report"] == json.loads(district.file("json").read_text("utf-8"))
    code, opened = inside(other, "evidence", "show", "1")
    assert "Hết hạn lưu" in opened["error"]
    code, exported = inside(other, "evidence", "export", "6", "--to", str(tmp_path / "goi"))
    assert (code, exported["removed"] > 0) == (3, True)


@dataclass
class _CheckerOptions:
    """What ``warcio check`` is told on its command line."""

    inputs: list[str]
    verbose: bool = False


def test_an_unchanged_site_is_asked_only_for_robots_lists_and_feeds(district: District) -> None:
    second = {site["site"]: site for site in district.lived.nights[1]["crawl"]["sites"]}
    assert second["khe-tay"]["counters"].keys() <= {"capture/support", "capture/listed"}
    assert second["khe-tay"]["counters"].get("version/new", 0) == 0
    # The page that answers 200 with an error is tried again every night.
    assert second["dong-may"]["counters"]["capture/http_error"] > 0


def test_what_robots_txt_forbids_was_never_asked_nor_any_other_host(district: District) -> None:
    assert not [visit for visit in district.lived.visits if "/noi-bo/" in visit.address]
    hosts = {visit.host for visit in district.lived.visits}
    profiles = (district.folder / "sites").glob("*.yml")
    bases = [line for file in profiles for line in file.read_text("utf-8").splitlines()]
    named = {
        urlsplit(line.partition(":")[2].strip()).hostname
        for line in bases
        if line.startswith("base_url:")
    }
    assert hosts == named


def test_the_articles_can_be_filtered_and_exported(district: District, tmp_path: Path) -> None:
    export = tmp_path / "bai.jsonl"
    words = ("--unit", "VK-KS", "--tag", "CCHC", "--fate", "counted", "--period", PERIOD)
    code, found = district.tinbai("articles", *words, "--export", str(export))
    assert code == 0
    assert len(found) == golden()["VK-KS", "CCHC"].counted
    lines = [json.loads(line) for line in export.read_text("utf-8").splitlines()]
    assert lines == found
