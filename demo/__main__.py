"""The main job on the demo district, as an office lives through it.

    python -m demo [--folder DIR]

Serves the district on loopback, lays out a workspace, imports the office's files, crawls, tags
and reports on five nights of 2022 with the clock set to each, and prints the report. Every step
is the command that a user would type.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from demo.answer import AS_OF, NIGHTS
from demo.content import FOLDER
from demo.server import Visit, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PERIOD = "2022-9M"
REVIEWER = "Lò Thị Duyên"
IMPORTS = (
    ("units", "don-vi.csv"),
    ("units", "ke-thua.csv"),
    ("units", "trang-web.csv"),
    ("plan", "ke-hoach.csv"),
    ("self-report", "tu-bao-cao.csv"),
    ("self-report", "tu-bao-cao-danh-sach.csv"),
)
_SETTINGS = """\
[office]
name = "Phòng Nội vụ huyện Vân Khê"
contact = "noivu@vankhe.test"

[letterhead]
superior = "UBND HUYỆN VÂN KHÊ"
name = "PHÒNG NỘI VỤ"
symbol = "PNV"
place = "Vân Khê"
addressees = ["UBND huyện Vân Khê"]
grounds = ["Kế hoạch số 12/KH-UBND ngày 10/01/2022 của UBND huyện Vân Khê về tuyên truyền cải cách \
hành chính năm 2022"]
position = ["TRƯỞNG PHÒNG"]
recipients = ["UBND các xã, thị trấn", "Trung tâm Văn hóa – Thông tin và Thể thao"]
drafter = "PNV"

[crawl]
since = 2022-01-01
delay_s = 0
timeout_s = 10
proxy = "{proxy}"
"""
_FIRST_DAY = dt.datetime(2022, 9, 25, 8)  # noqa: DTZ001 - local: when the office sets it up


Ended = subprocess.CompletedProcess[str]


def start(words: Sequence[str], *, quiet: bool = True) -> Ended:
    """Run ``tinbai`` to its end; ``quiet`` keeps its answer, otherwise it is shown."""
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tinbai", *words],
        cwd=FOLDER.parent,
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        check=False,
    )


_shown = partial(start, quiet=False)


@dataclass(frozen=True, slots=True)
class Office:
    """A workspace of the demo, and the program run on it."""

    folder: Path
    start: Callable[[Sequence[str]], Ended]
    """Runs ``tinbai`` with words."""

    def call(self, *words: str, at: dt.datetime) -> Ended:
        """Run ``tinbai`` with its clock set to a local instant."""
        return self.start((*words, *self.options(at)))

    def options(self, at: dt.datetime) -> tuple[str, ...]:
        """Give the options of each call at a local instant."""
        return "--workspace", str(self.folder), "--clock", f"{at.isoformat()}+07:00"

    def must(self, *words: str, at: dt.datetime) -> Any:  # noqa: ANN401 - each command's own JSON
        """Run a step that has to succeed, and give its JSON.

        Raises:
            SystemExit: it failed; the program has said why.
        """
        ended = self.call(*words, "--json", at=at)
        if ended.returncode != 0:
            raise SystemExit(f"tinbai {' '.join(words)}: {ended.stdout}")
        return json.loads(ended.stdout)

    def prepare(self, proxy: str) -> None:
        """Lay out the workspace and import the office's files."""
        at = _FIRST_DAY
        self.must("init", str(self.folder), at=at)
        (self.folder / "tinbai.toml").write_text(_SETTINGS.format(proxy=proxy), encoding="utf-8")
        for profile in sorted((FOLDER / "sites").glob("*.yml")):
            shutil.copy(profile, self.folder / "sites")
        for kind, file in IMPORTS:
            at += dt.timedelta(minutes=5)  # each builds on what was known before it
            self.must("import", kind, str(FOLDER / file), at=at)

    def review(self, at: dt.datetime) -> int:
        """Let a clerk decide what the tagger was unsure of; give how many decisions there are."""
        words = ("review", "--as", REVIEWER, "--from", str(FOLDER / "quyet-dinh.csv"))
        stored: int = self.must(*words, at=at)["stored"]
        return stored

    def night(self, at: dt.datetime) -> Any:  # noqa: ANN401 - the command's JSON
        """Live through one night and give its summary."""
        return json.loads(self.call("nightly", "--period", PERIOD, "--json", at=at).stdout)


@dataclass(frozen=True, slots=True)
class Lived:
    """What was lived through."""

    code: int
    """Exit code of the last report."""
    nights: tuple[Any, ...]
    """The summary of each night, as JSON."""
    visits: tuple[Visit, ...]
    """All that the district's servers were asked."""


def run(
    folder: Path,
    out: Console,
    *,
    start: Callable[[Sequence[str]], Ended] = start,
    show: Callable[[Sequence[str]], Ended] = _shown,
) -> Lived:
    """Live through all nights, then report.

    Args:
        folder: the workspace to be.
        out: where progress is told.
        start: runs ``tinbai`` with words and keeps its answer.
        show: the same, and its answer is shown.
    """
    now, nights = NIGHTS[0], []
    with serve(lambda: now) as server:
        office = Office(folder, start)
        out.print(f"Huyện Vân Khê (demo) tại {server.url}; không gian làm việc: {folder}")
        out.print(f"Nạp {len(IMPORTS)} tệp của cơ quan: đơn vị, kế hoạch, báo cáo tự đánh giá …")
        office.prepare(server.url)
        for now in NIGHTS:
            nights.append(office.night(now))
            out.print(_told(now, nights[-1]), markup=False)
            if now == NIGHTS[0]:
                decided = office.review(now + dt.timedelta(hours=10))
                out.print(
                    f"Sáng hôm sau: cán bộ quyết định {decided} chủ đề máy chưa chắc", markup=False
                )
    ended = show(("report", "--period", PERIOD, *office.options(AS_OF)))
    out.print(
        f"Thử tiếp: tinbai explain 1 -w {folder} · tinbai articles -w {folder} --period {PERIOD} "
        f"· tinbai evidence verify -w {folder}",
        markup=False,
        soft_wrap=True,
    )
    return Lived(ended.returncode, tuple(nights), tuple(server.visits))


def _told(night: dt.datetime, summary: Any) -> str:  # noqa: ANN401 - as above
    sites = summary["crawl"]["sites"]
    fresh = sum(site["counters"].get("version/new", 0) for site in sites)
    asked = sum(site["requests"] for site in sites)
    missed = [site["site"] for site in sites if site["outcome"] != "complete"]
    seen = f"chưa xem đủ: {', '.join(missed)}" if missed else "xem đủ mọi trang"
    return f"Đêm {night:%d/%m/%Y}: {asked} lượt hỏi, {fresh} bài mới, {seen}"


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=FOLDER / "workspace")
    folder: Path = parser.parse_args().folder.resolve()
    if folder.exists():
        if not (folder / "tinbai.toml").is_file():
            parser.error(f"{folder} is there already and is no workspace")
        shutil.rmtree(folder)
    code = run(folder, Console(highlight=False)).code
    return 0 if code in {0, 1} else code  # 1: findings, which the demo is full of


if __name__ == "__main__":
    raise SystemExit(main())
