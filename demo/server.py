"""The demo district's hosts behind one loopback port, as a plain HTTP proxy answers for them.

    python -m demo.server --now-file FILE [--port N]

Ask it as a proxy (``GET http://thitran.vankhe.test/ HTTP/1.1``) or with a Host header. FILE holds
the local instant at which the district is seen (``2022-09-25T23:00``), read anew for each request.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from demo.rendering import Answer, answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_LOCAL = dt.timezone(dt.timedelta(hours=7))


@dataclass(frozen=True, slots=True)
class Visit:
    """One request that came in."""

    host: str
    address: str
    """Path and query."""
    status: int | None
    """None: the connection was closed without an answer."""


class Server:
    """A running server; leave it with ``close`` or as a context manager."""

    def __init__(self, now: Callable[[], dt.datetime], port: int = 0) -> None:
        self.visits: list[Visit] = []
        """All requests so far, oldest first."""
        self._http = _Listener(("127.0.0.1", port), _Handler)
        self._http.now = now
        self._http.visits = self.visits
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """Address to give to clients as their proxy."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def close(self) -> None:
        """Stop answering and give the port back."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve(now: Callable[[], dt.datetime], port: int = 0) -> Server:
    """Start to serve the district as it stands at ``now()``; port 0 takes a free one.

    ``now`` gives an aware instant, or a naive one that is read as local time.
    """
    return Server(now, port)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    now: Callable[[], dt.datetime]
    visits: list[Visit]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    # Head and body in one write: in two, the second waits 40 ms for the other side's ACK.
    server: _Listener

    def version_string(self) -> str:
        return "vankhe-demo"

    def date_time_string(self, timestamp: float | None = None) -> str:
        # The Date header, too, tells the demo's time: the same instant gives the same bytes.
        at = _local(self.server.now()).replace(tzinfo=_LOCAL).timestamp()
        return super().date_time_string(at if timestamp is None else timestamp)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        pass

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        host = asked.hostname or self.headers.get("Host", "").partition(":")[0].lower()
        address = asked.path + (f"?{asked.query}" if asked.query else "")
        try:
            found = answer(host, asked.path or "/", asked.query, now=_local(self.server.now()))
        except KeyError:
            found = Answer(502, "text/plain", f"no such host: {host}\n".encode())
        self.server.visits.append(Visit(host, address, found.status if found else None))
        if found is None:
            self.close_connection = True
        else:
            self._send(found)

    do_HEAD = do_GET  # noqa: N815 - the base's name

    def _send(self, found: Answer) -> None:
        body = found.body
        self.send_response(found.status)
        self.send_header("Content-Type", found.content_type)
        if found.compresses and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def _local(instant: dt.datetime) -> dt.datetime:
    """Give an instant as naive local time."""
    return instant if instant.tzinfo is None else instant.astimezone(_LOCAL).replace(tzinfo=None)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--now-file", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    now_file: Path = arguments.now_file

    def now() -> dt.datetime:
        return dt.datetime.fromisoformat(now_file.read_text("utf-8").strip())

    with serve(now, arguments.port) as server:
        print(server.url, flush=True)  # noqa: T201 - the caller reads the address here
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
