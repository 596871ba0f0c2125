"""A website whose every answer a test decides, and the crawler run against it as a program."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import ssl
import struct
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from storage.workspace import lay_out

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

JSON = {"Content-Type": "application/json; charset=utf-8"}
CLOCK = "2022-10-01T01:00+07:00"
"""When the crawls of these tests take place, unless they say otherwise."""


@dataclass
class Website:
    """Answers from ``pages``, keeps a log of what was asked."""

    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    forms: dict[str, Callable[[dict[str, str]], str]] = field(default_factory=dict)
    """Answers to what is sent by POST: fields → page, by path."""
    calls: dict[str, Callable[[str, str], Any]] = field(default_factory=dict)
    """Answers in JSON to what is sent by POST: content type and body → value, by path."""
    log: list[str] = field(default_factory=list)
    """Paths with query, in the order of asking; 'POST /…' for forms."""
    agents: set[str] = field(default_factory=set)
    on_request: Callable[[int], None] = lambda _: None
    """Told the number of each request (1, 2, …) before it is answered."""
    sent: dict[str, int] = field(default_factory=dict)
    """Bytes of body that were sent of large pages, by path."""
    closing: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        """Its address, with a slash at the end."""
        return f"{self.scheme}://127.0.0.1:{self.port}/"

    def page(
        self,
        path: str,
        body: str | bytes = "",
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer a path plainly."""
        content = body.encode() if isinstance(body, str) else body
        sent = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
        sent.setdefault("Content-Length", str(len(content)))

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in sent.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(content)
            if int(sent["Content-Length"]) != len(content):
                handler.close_connection = True

        self.pages[path] = answer

    def answer_what_is_sent(self, path: str, kind: str, sent: str) -> None:
        """Make the answer to what is sent by POST."""
        if path in self.calls:
            self.page(f"POST {path}", json.dumps(self.calls[path](kind, sent)), headers=JSON)
        elif path in self.forms:
            self.page(
                f"POST {path}", self.forms[path](dict(parse_qsl(sent, keep_blank_values=True)))
            )

    def hang(self, path: str) -> None:
        """Take the question and never answer."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            self.closing.wait(60)
            handler.close_connection = True

        self.pages[path] = answer

    def reset(self, path: str) -> None:
        """Cut the connection without a word."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            handler.close_connection = True
            handler.connection.close()

        self.pages[path] = answer

    def raw(self, path: str, *pieces: bytes, again_s: float | None = None) -> None:
        """Send bytes as they are and hang up; the last piece again and again after a while."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            for piece in pieces:
                handler.wfile.write(piece)
            while again_s is not None and not self.closing.wait(again_s):
                handler.wfile.write(pieces[-1])
                self.sent[path] = self.sent.get(path, 0) + len(pieces[-1])

        self.pages[path] = answer

    def flood(self, path: str, megabytes: int, *, announced: bool) -> None:
        """Send a body that is far too long, chunk by chunk."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            if announced:
                handler.send_header("Content-Length", str(megabytes * 2**20))
            handler.end_headers()
            handler.close_connection = True
            for _ in range(megabytes):
                handler.wfile.write(b"x" * 2**20)
                self.sent[path] = self.sent.get(path, 0) + 2**20

        self.pages[path] = answer


def _handler(website: Website) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are written apart

        def do_GET(self) -> None:
            website.log.append(self.path)
            website.agents.add(self.headers.get("User-Agent", ""))
            website.on_request(len(website.log))
            try:
                if self.path in website.pages:
                    website.pages[self.path](self)
                else:
                    self._missing()
            except OSError:  # the crawler hung up, as it should on some of these
                self.close_connection = True

        def do_POST(self) -> None:
            website.log.append(f"POST {self.path}")
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            website.answer_what_is_sent(self.path, self.headers.get("Content-Type", ""), sent)
            answer = website.pages.get(f"POST {self.path}")
            if answer is not None:
                answer(self)
            else:
                self._missing()

        def _missing(self) -> None:
            body = b"" if self.path == "/robots.txt" else b"<h1>404 Not Found</h1>"
            self.send_response(404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def finish(self) -> None:
            try:
                super().finish()
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a closed socket is what some of the pages are for."""


@pytest.fixture(scope="module")
def start_website() -> Iterator[Callable[..., Website]]:
    """Give a function that starts one more website on a port of its own; with TLS or without."""
    running: list[tuple[Website, _Server]] = []

    def start(certificate: Path | None = None) -> Website:
        website = Website(scheme="https" if certificate else "http")
        server = _Server(("127.0.0.1", 0), _handler(website))
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # The handshake is the business of the connection's own thread.
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
        website.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        running.append((website, server))
        return website

    yield start
    for website, server in running:
        website.closing.set()
        server.shutdown()
        server.server_close()


@dataclass(frozen=True)
class Ended:
    """How a program ended."""

    code: int
    answer: Any
    stderr: str

    def site(self, code: str) -> dict[str, Any]:
        """Give the summary of one site."""
        found: dict[str, Any] = next(one for one in self.answer["sites"] if one["site"] == code)
        return found


@dataclass(frozen=True)
class Program:
    """A crawl under way."""

    pid: int
    out: Path
    err: Path


@dataclass(frozen=True)
class Office:
    """A workspace, and the crawler as a program on it."""

    folder: Path
    program: Any
    """Starts and awaits processes (see ``tests/conftest.py``)."""

    def profile(self, text: str) -> None:
        """Write a site profile; its code names the file."""
        site = text.partition("site:")[2].split()[0]
        (self.folder / "sites" / f"{site}.yml").write_text(text, encoding="utf-8")

    def start(
        self,
        *options: str,
        clock: str = CLOCK,
        first: str = "",
        command: tuple[str, ...] = ("crawl",),
    ) -> Program:
        """Start ``tinbai crawl``; ``first`` is Python to run in its process before."""
        number = len(list(self.folder.glob("*.out")))
        out, err = self.folder / f"{number}.out", self.folder / f"{number}.err"
        out.touch()
        err.touch()
        shared = ["--json", "--lang", "en", "--workspace", str(self.folder), "--clock", clock]
        pid = self.program.start(*command, *shared, *options, out=out, err=err, first=first)
        return Program(pid, out, err)

    def crawl(self, *options: str, clock: str = CLOCK, first: str = "") -> Ended:
        """Run it to its end."""
        return self.end(self.start(*options, clock=clock, first=first))

    def run(self, *command: str) -> Ended:
        """Run another command to its end."""
        return self.end(self.start(command=command))

    def end(self, program: Program) -> Ended:
        """Wait for it."""
        code = self.program.wait(program.pid)
        answer = program.out.read_text(encoding="utf-8")
        return Ended(code, json.loads(answer) if answer.strip() else None, program.err.read_text())

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        connection = sqlite3.connect(self.folder / "tinbai.db")
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def fates(self, site: str) -> dict[str, list[tuple[str, str | None]]]:
        """Give the dispositions and reasons of all captures of a site, by path."""
        found: dict[str, list[tuple[str, str | None]]] = {}
        for url, disposition, reason in self.rows(
            "SELECT url, disposition, capture.reason FROM capture JOIN crawl_run r ON r.id = run_id"
            " WHERE site = ? ORDER BY capture.id",
            site,
        ):
            path = "/" + url.split("/", 3)[3]
            found.setdefault(path, []).append((disposition, reason))
        return found

    def coverage(self, site: str) -> dict[str, list[str | None]]:
        """Give state, reason and days of the newest coverage of each section."""
        return {
            section: rest
            for section, *rest in self.rows(
                "SELECT section, state, c.reason, day_from, day_to FROM coverage c"
                " JOIN crawl_run r ON r.id = run_id WHERE site = ? ORDER BY c.id",
                site,
            )
        }

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give all that a crawl found, without keys and instants."""
        return {
            "articles": self.rows("SELECT canonical_url FROM article ORDER BY 1"),
            "versions": self.rows(
                "SELECT canonical_url, number, headline, date_published, content_sha256"
                " FROM article_version JOIN article a ON a.id = article_id ORDER BY 1, 2"
            ),
            "sightings": self.rows(
                "SELECT canonical_url, section, channel, title, date_published"
                " FROM sighting JOIN article a ON a.id = article_id ORDER BY 1, 2, 3"
            ),
        }


@pytest.fixture(scope="module")
def open_office(
    empty_database_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    program: Any,  # noqa: ANN401 - as above
) -> Callable[..., Office]:
    """Give a function that lays out one more workspace."""

    def make(
        *,
        since: dt.date | str = "2022-01-01",
        timeout_s: float = 20,
        busy_s: float = 20,
        allow_private: bool = True,
    ) -> Office:
        folder = tmp_path_factory.mktemp("office")
        lay_out(folder, since=since)  # type: ignore[arg-type]
        shutil.copyfile(empty_database_file, folder / "tinbai.db")
        (folder / "tinbai.toml").write_text(
            f'[office]\nname = "Phòng Nội vụ"\ncontact = "cchc@example.test"\n'
            f"[crawl]\nsince = {since}\ndelay_s = 0\ntimeout_s = {timeout_s}\n"
            f"allow_private = {str(allow_private).lower()}\n"
            f"[database]\nbusy_timeout_s = {busy_s}\n",
            encoding="utf-8",
        )
        return Office(folder, program)

    return make


def article(title: str, day: str, *, body: str = "") -> str:
    """Give an article page as WordPress writes them."""
    text = (
        body or f"Nội dung của bài {title}. " + "Ủy ban nhân dân xã thông báo đến người dân. " * 8
    )
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body>"
        "<nav>" + "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8)) + "</nav>"
        f'<article class="post"><h1 class="entry-title">{title}</h1>'
        f'<div class="entry-meta"><time class="entry-date" datetime="{day}T08:00:00+07:00">'
        f'{day}</time></div><div class="entry-content"><p>{text}</p></div></article></body></html>'
    )


def listing(items: list[tuple[str, str, str]], *, after: str | None = None) -> str:
    """Give a list page of (address, title, day year-month-day) as WordPress writes them."""
    entries = "".join(
        f'<article class="post"><h2 class="entry-title"><a href="{url}">{title}</a></h2>'
        f'<time class="entry-date" datetime="{day}T08:00:00+07:00">'
        f"{'/'.join(reversed(day.split('-')))}</time></article>"
        for url, title, day in items
    )
    further = f'<a class="next page-numbers" href="{after}">Trang sau</a>' if after else ""
    menu = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8))
    return (
        f"<!doctype html><html><head><title>Tin tức</title></head><body><nav>{menu}</nav>"
        f'<main>{entries}</main><div class="pagination">{further}</div></body></html>'
    )


@pytest.fixture(scope="session")
def pages() -> Any:  # noqa: ANN401 - two functions
    """Give ``article`` and ``listing``: test modules cannot import from here."""

    class Pages:
        article = staticmethod(article)
        listing = staticmethod(listing)

    return Pages
