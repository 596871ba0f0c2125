"""What a page costs: tinbai's whole night beside bare Scrapy, in one run, on the same pages.

    python -m benchmarks.crawl [--pages 2000] [--peer newspaper=/path/to/python …]
    python -m benchmarks.crawl --pages 20000 --memory

Static pages of 30-60 KB are served by nginx or, without it, by Python's own server in another
process; both keep connections open: a new one for each page would make the bare fetch dearer, and
the ratio look better, than with a real server. Bare Scrapy only fetches them; tinbai fetches,
archives, judges, extracts and stores, and on a second night asks what an unchanged site costs.
``--memory`` leaves all but the first night out and shows how much memory tinbai holds along it.
CPU is the crawling process's own, without starting Python and loading modules. A peer is an
extractor in an environment of its own, which fetches and extracts the same articles.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PER_LIST = 100
ROOT = Path(__file__).resolve().parents[1]
_TEXT = (
    "ủy ban nhân dân xã cải cách hành chính thủ tục hồ sơ một cửa người dân doanh nghiệp giải "
    "quyết trực tuyến dịch vụ công tỉnh huyện cán bộ công chức kế hoạch năm báo cáo kết quả thực "
    "hiện nhiệm vụ tuyên truyền chỉ đạo phối hợp triển khai hội nghị kiểm tra đánh giá chuyển đổi"
)
WORDS = _TEXT.split(None)


# ---------------------------------------------------------------------------------- the pages


def make_pages(folder: Path, number: int) -> None:
    """Write a site of ``number`` articles: WordPress's markup, Vietnamese text, 30 to 60 KB."""
    dice = random.Random(2022)  # noqa: S311 - a dice, not a key
    frame = _frame(dice)
    titles = [f"{_words(dice, 12).capitalize()} số {n}" for n in range(number)]
    first = dt.date(2022, 9, 28)
    days = [first - dt.timedelta(days=n * 250 // number) for n in range(number)]
    for n, (title, day) in enumerate(zip(titles, days, strict=True)):
        _write(folder / f"bai-{n}" / "index.html", frame(title, _article(dice, title, day)))
    for start in range(0, number, PER_LIST):
        page = start // PER_LIST + 1
        entries = "".join(
            _entry(n, titles[n], days[n]) for n in range(start, min(start + PER_LIST, number))
        )
        after = f'<a class="next page-numbers" href="/tin/page/{page + 1}/">Trang sau</a>'
        further = after if start + PER_LIST < number else ""
        place = folder / "tin" if page == 1 else folder / "tin" / "page" / str(page)
        _write(place / "index.html", frame("Tin tức", f"<main>{entries}{further}</main>"))
    (folder / "robots.txt").write_text("User-agent: *\nDisallow: /admin/\n", encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _words(dice: random.Random, number: int) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(number))


def _frame(dice: random.Random) -> Callable[[str, str], str]:
    """Give a function that puts content between a menu, a side bar and a footer."""
    rules = "".join(f".c{n}{{margin:{n}px;color:#{n:06x}}}" for n in range(300))
    code = "".join(f"var v{n}={{a:{n},b:'{n * 7}'}};" for n in range(200))
    menu = "".join(f'<li><a href="/muc-{n}/">{_words(dice, 4)}</a></li>' for n in range(80))
    side = "".join(
        f'<li class="c{n}"><a href="/lien-quan-{n}/" title="{_words(dice, 8)}">'
        f"{_words(dice, 10)}</a></li>"
        for n in range(60)
    )

    def frame(title: str, content: str) -> str:
        return (
            f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title>'
            f"<style>{rules}</style><script>{code}</script></head><body><header><nav>"
            f"<ul>{menu}</ul></nav></header>{content}"
            f'<aside class="widget-area"><h2>Tin liên quan</h2><ul>{side}</ul></aside>'
            "<footer><p>Bản quyền thuộc UBND xã. Lượt truy cập: 123.456</p></footer></body></html>"
        )

    return frame


def _article(dice: random.Random, title: str, day: dt.date) -> str:
    text = "".join(
        f"<p>{_words(dice, dice.randint(40, 120))}.</p>" for _ in range(dice.randint(4, 36))
    )
    return (
        f'<article class="post"><h1 class="entry-title">{title}</h1><div class="entry-meta">'
        f'<time class="entry-date published" datetime="{day}T08:00:00+07:00">{day:%d/%m/%Y}</time>'
        f'</div><div class="entry-content">{text}</div></article>'
    )


def _entry(n: int, title: str, day: dt.date) -> str:
    return (
        f'<article class="post"><h2 class="entry-title"><a href="/bai-{n}/">{title}</a></h2>'
        f'<time class="entry-date" datetime="{day}T08:00:00+07:00">{day:%d/%m/%Y}</time></article>'
    )


# --------------------------------------------------------------------------------- the server


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Serve the folder on loopback; gives the address and what serves it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    nginx = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    command = [sys.executable, "-c", _SERVER, str(port), str(folder)]
    if nginx:
        work = folder.parent / "nginx"
        work.mkdir()
        config = work / "nginx.conf"
        config.write_text(_nginx(folder, work, port), encoding="utf-8")
        command = [nginx, "-c", str(config), "-e", str(work / "error.log")]
    server = subprocess.Popen(  # noqa: S603 - our own configuration
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/", "nginx" if nginx else "http.server (HTTP/1.1)"
    finally:
        server.terminate()
        server.wait()


def _nginx(folder: Path, work: Path, port: int) -> str:
    places = "".join(
        f"  {name}_temp_path {work / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}daemon off;\nworker_processes 1;\npid {work / 'pid'};\n"
        "events { worker_connections 64; }\n"
        f"http {{\n  access_log off;\n  types {{ text/html html; text/plain txt; }}\n{places}"
        f"  server {{ listen 127.0.0.1:{port}; root {folder}; charset utf-8; }}\n}}\n"
    )


_SERVER = """
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def log_message(self, *args):
        pass
port, folder = int(sys.argv[1]), sys.argv[2]
ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=folder)).serve_forever()
"""


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("the server does not start")


# ------------------------------------------------------------------------------ what is measured

_BARE = """
import json, resource, sys, time
import scrapy
from scrapy.crawler import AsyncCrawlerProcess
base, number, per_list = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        for page in range(1, -(-number // per_list) + 1):
            yield scrapy.Request(base + ("tin/" if page == 1 else f"tin/page/{page}/"))
        for n in range(number):
            yield scrapy.Request(f"{base}bai-{n}/")
    def parse(self, response):
        Bare.got += response.status == 200
Bare.got = 0
process = AsyncCrawlerProcess({"LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False})
began = time.process_time()
process.crawl(Bare)
process.start()
print(json.dumps({"cpu_s": time.process_time() - began, "pages": Bare.got,
    "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

_TINBAI = """
import cProfile, datetime as dt, json, os, resource, sys, time
from pathlib import Path
from crawler.crawl import crawl_sites
from crawler.profiles import load_profiles
from storage.clock import Clock
from storage.engine import open_database
from storage.records import DayInterval
from storage.workspace import open_workspace
folder, clock = Path(sys.argv[1]), sys.argv[2]
workspace = open_workspace(folder)
database, profiles = open_database(workspace), load_profiles(folder / "sites")
memory = []
def progress(state):
    if state.requests % 500 == 1:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        memory.append(round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20))
        print(f"{state.requests} requests: {memory[-1]} MB", file=sys.stderr, flush=True)
profile = cProfile.Profile() if os.environ.get("PROFILE") else None
began = time.process_time()
if profile: profile.enable()
summary = crawl_sites(workspace, database, profiles, window=DayInterval(dt.date(2022, 1, 1)),
    clock=Clock.parse(clock), progress=progress)
if profile: profile.disable(); profile.dump_stats(os.environ["PROFILE"])
(site,) = summary.sites
print(json.dumps({"cpu_s": time.process_time() - began, "pages": site.requests,
    "stored": site.counters.get("version/new", 0), "outcome": site.outcome.value,
    "reason": site.reason,
    "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "memory": memory}))
"""

_PEERS = {
    "newspaper": "from newspaper import Article\n"
    "def read(url, html):\n"
    "    one = Article(url, language='vi'); one.download(input_html=html); one.parse()\n"
    "    return one.text",
    "newsplease": "from newsplease import NewsPlease\n"
    "def read(url, html):\n"
    "    return NewsPlease.from_html(html, url=url).maintext",
    "trafilatura": "import trafilatura\n"
    "def read(url, html):\n"
    "    return trafilatura.extract(html, url=url)",
}
_PEER = """
import json, sys, time, urllib.request
{read}
base, number = sys.argv[1], int(sys.argv[2])
def fetch(n):
    return f"{{base}}bai-{{n}}/", urllib.request.urlopen(f"{{base}}bai-{{n}}/").read().decode()
read(*fetch(0))
began, got = time.process_time(), 0
for n in range(number):
    got += bool(read(*fetch(n)))
print(json.dumps({{"cpu_s": time.process_time() - began, "pages": got, "memory_mb": 0}}))
"""


def run(python: str, program: str, *arguments: str) -> dict[str, float]:
    """Run a program in a process of its own and give the JSON of its last line."""
    environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(  # noqa: S603 - our own programs
        [python, "-c", program, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def office(folder: Path, base: str) -> Path:
    """Lay out a workspace whose only site is the one of the benchmark."""
    shared = ["--workspace", str(folder), "--json"]
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "tinbai", "init", str(folder), *shared],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    (folder / "tinbai.toml").write_text(
        '[office]\nname = "Đo"\ncontact = "a@b.test"\n[crawl]\nsince = 2022-01-01\ndelay_s = 0\n'
        "allow_private = true\nmax_requests = 1000000\n",
        encoding="utf-8",
    )
    (folder / "sites" / "do.yml").write_text(
        f"site: do\nbase_url: {base}\nversions:\n  - family: wordpress\n    sections:\n"
        "      - {name: Tin tức, url: tin/}\n",
        encoding="utf-8",
    )
    return folder


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=2000)
    options.add_argument("--peer", action="append", default=[], metavar="NAME=PYTHON")
    options.add_argument("--peer-pages", type=int, default=100)
    options.add_argument("--memory", action="store_true", help="tinbai alone")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        site = Path(place) / "site"
        make_pages(site, chosen.pages)
        sizes = [path.stat().st_size for path in site.glob("bai-*/index.html")]
        with served(site) as (base, by):
            rows = _measure(Path(place), base, chosen)
    print(f"{len(sizes)} articles of {min(sizes) // 1024}-{max(sizes) // 1024} KB from {by}")  # noqa: T201
    first_ms = 1000 * rows[0][1]["cpu_s"] / rows[0][1]["pages"]
    for name, result in rows:
        each_ms = 1000 * result["cpu_s"] / result["pages"]
        print(  # noqa: T201
            f"{name:<28}{result['pages']:>7} pages{each_ms:>9.2f} ms CPU a page"
            f"{each_ms / first_ms:>8.2f}x{result['memory_mb']:>8.0f} MB at most"
        )
        print(f"  {json.dumps({k: v for k, v in result.items() if k not in {'cpu_s', 'pages'}})}")  # noqa: T201


def _measure(
    place: Path, base: str, chosen: argparse.Namespace
) -> list[tuple[str, dict[str, float]]]:
    number = str(chosen.pages)
    folder = office(place / "office", base)
    rows = []
    if not chosen.memory:
        bare = run(sys.executable, _BARE, base, number, str(PER_LIST))
        rows.append(("bare Scrapy (fetch only)", bare))
    ours = run(sys.executable, _TINBAI, str(folder), "2022-09-30T01:00:00+07:00")
    rows.append(("tinbai, first night", ours))
    if not chosen.memory:
        again = run(sys.executable, _TINBAI, str(folder), "2022-10-01T01:00:00+07:00")
        print(  # noqa: T201
            f"second night, nothing new: {again['pages']} requests, {again['stored']} stored,"
            f" {again['cpu_s']:.1f} s CPU"
        )
    for peer in chosen.peer:
        name, _, python = peer.partition("=")
        program = _PEER.format(read=_PEERS[name])
        rows.append(
            (f"{name}", run(python, program, base, str(min(chosen.peer_pages, chosen.pages))))
        )
    return rows


if __name__ == "__main__":
    main()
