"""The article that this product answers to, on a page of our making: crawled, tagged, explained."""

from __future__ import annotations

import html
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / ".." / "shared" / "domain" / "seed-article.txt"
CLOCK = "2022-10-15T23:00+07:00"

pytestmark = pytest.mark.skipif(
    not SEED.is_file(), reason="the seed article of ../shared/domain is not on this machine"
)

LIST = """<!doctype html><html><head><title>Tin tức</title></head><body><main>
<article class="post"><h2 class="entry-title"><a href="/bai-1">{title}</a></h2>
<time class="entry-date" datetime="2022-10-10T08:00:00+07:00">10/10/2022</time></article>
<article class="post"><h2 class="entry-title"><a href="/bai-2">Lịch cắt điện</a></h2>
<time class="entry-date" datetime="2021-12-30T08:00:00+07:00">30/12/2021</time></article>
</main></body></html>"""
PAGE = """<!doctype html><html><head><title>{title}</title></head><body>
<nav><a href="/">Trang chủ</a> <a href="/cchc">Cải cách hành chính</a></nav>
<article class="post"><h1 class="entry-title">{title}</h1><div class="entry-meta">
<time class="entry-date" datetime="2022-10-10T08:00:00+07:00">10/10/2022</time></div>
<div class="entry-content">{body}</div></article></body></html>"""
PROFILE = """site: huyen
base_url: {base}
versions:
  - family: wordpress
    sections: [{{name: Tin tức, url: tin}}]
"""
SETTINGS = """[office]
name = "Phòng Nội vụ"
contact = "cchc@example.test"
[crawl]
since = 2022-01-01
delay_s = 0
timeout_s = 10
allow_private = true
"""


@pytest.fixture
def base() -> Iterator[str]:
    """Address of a site with a list and the article."""
    _, title, *body = [
        line.strip() for line in SEED.read_text("utf-8").splitlines() if line.strip()
    ]
    paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in body)
    pages = {
        "/tin": LIST.format(title=html.escape(title)),
        "/bai-1": PAGE.format(title=html.escape(title), body=paragraphs),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            content = (page or "không có").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_the_seed_article_is_tagged_cchc_main_and_the_reasons_are_shown(
    base: str, tmp_path: Path, call: Callable[[Sequence[str]], subprocess.CompletedProcess[str]]
) -> None:
    folder = tmp_path / "office"

    def tinbai(*words: str, clock: str = CLOCK) -> Any:  # noqa: ANN401 - each command's own JSON
        ended = call([*words, "-w", str(folder), "--json", "--clock", clock])
        assert ended.stdout, ended.stderr
        return json.loads(ended.stdout)

    tinbai("init", str(folder))
    (folder / "tinbai.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "sites" / "huyen.yml").write_text(PROFILE.format(base=base), encoding="utf-8")
    units = folder / "don-vi.csv"
    units.write_text(
        "Mã đơn vị,Tên đơn vị,Cấp,Từ ngày\nH,Huyện Vĩnh Linh,Huyện,01/01/2020\n", encoding="utf-8"
    )
    tinbai("import", "units", str(units), clock="2022-10-14T08:00+07:00")
    assert tinbai("nightly")["crawl"]["complete"]
    explained = tinbai("explain", f"{base}bai-1", clock="2022-10-16T08:00+07:00")
    mains = [t for t in explained["topics"] if t["tagging"]["level"] == "main"]
    assert mains
    assert {fate["tag"] for fate in explained["fates"] if fate["bucket"] == "not_owned"} >= {"CCHC"}
    for topic in mains:
        assert topic["tagging"]["verdict"] == "assigned"
        assert topic["tagging"]["reason"]
        assert topic["tagging"]["spans"]
    assert any("tuyên truyền" in "".join(topic["contexts"]).lower() for topic in mains)
