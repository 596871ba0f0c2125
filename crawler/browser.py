"""Renders one page in the machine's Chromium; the browser itself has no network.

What its scripts ask for is asked by the caller, by the same rules as every other request (hosts,
private addresses, robots.txt, pace, evidence), and handed to the page. A second lock stands behind
that: Chromium is started with a proxy at which nobody answers. (scrapy-playwright would let the
browser go out by itself, past all of them; so Playwright is used without it.)

Each page gets a browser of its own, which ends with it: nothing is carried from page to page.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT_S = 180
"""Seconds for one page, the pauses between its requests included."""
MOST_ASKED = 40
"""Scripts and calls that are asked for one page; what asks for more never comes to rest."""
MOST_BYTES = 10 * 1024 * 1024
"""Of the rendered page; as much as of any page."""
AT_A_TIME = 2
"""Browsers side by side, for all sites: one takes some 400 MB, and 1.6 s of CPU for a page."""

_FIRST_ERROR = 400
"""HTTP's first status of an error."""
_CALLS = frozenset({"xhr", "fetch"})
_SENT_ON = ("accept", "content-type", "x-requested-with")
"""What a script's request may say of itself; all else is ours to say."""
_NOT_KEPT = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "set-cookie", "connection"}
)
_ARGUMENTS = (
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--renderer-process-limit=1",
    "--js-flags=--max-old-space-size=256",
)


class RenderError(Exception):
    """The page could not be seen as a visitor sees it; its words say why, in English."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a script of the page asks for."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    is_call: bool
    """It asks for data, so without the answer the page is not whole; else it is a script."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What is answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    """Unpacked."""


class Fetch(Protocol):
    """Asks for the page's scripts and calls."""

    async def __call__(self, wanted: Wanted, /) -> Given | None:
        """Give the answer; None: it lies outside the site, and is none of the page's business.

        Raises:
            RenderError: it belongs to the page, and cannot be had.
        """


def program(named: str | None) -> str | None:
    """Give the path of the Chromium to use; None: there is none."""
    if named:
        return named if os.access(named, os.X_OK) and Path(named).is_file() else None
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def missing(named: str | None) -> str | None:
    """Say what has to be installed before pages can be rendered; None: nothing."""
    if find_spec("playwright") is None:
        return t(
            "Có hồ sơ trang ghi render: browser nhưng chưa cài phần đọc bằng trình duyệt. "
            "Chạy: pip install 'tinbai[browser]'",
            "A profile says render: browser, but the part that reads by a browser is not "
            "installed. Run: pip install 'tinbai[browser]'",
        )
    if program(named) is None:
        where = named or ", ".join(PROGRAMS)
        return t(
            f"Có hồ sơ trang ghi render: browser nhưng máy không có Chromium ({where}). Cài bằng: "
            "apt install chromium, hoặc ghi đường dẫn vào [crawl] browser trong tinbai.toml.",
            f"A profile says render: browser, but there is no Chromium ({where}). Install it: "
            "apt install chromium, or name it under [crawl] browser in tinbai.toml.",
        )
    return None


async def render(
    url: str, first: Given, fetch: Fetch, *, named: str | None, agent: str, timeout_s: float
) -> bytes:
    """Give the document as it stands when its scripts have come to rest, as HTML in UTF-8.

    Args:
        url: the page's address.
        first: the page as the server sent it.
        fetch: asks for what its scripts want.
        named: the browser that the settings name.
        agent: what scripts are told that they run in.
        timeout_s: seconds, at most.

    Raises:
        RenderError: no browser, no rest, or something of the page could not be had.
    """
    if missing(named) is not None:
        raise RenderError("not installed")
    async with _room():
        playwright: Any = import_module("playwright.async_api")
        page = _Page(url, first, fetch)
        try:
            async with asyncio.timeout(timeout_s), playwright.async_playwright() as driver:
                browser = await driver.chromium.launch(
                    executable_path=program(named),
                    args=list(_ARGUMENTS),
                    chromium_sandbox=os.geteuid() != 0,  # Chromium refuses it for root
                )
                context = await browser.new_context(
                    user_agent=agent,
                    locale="vi-VN",
                    timezone_id="Asia/Ho_Chi_Minh",
                    service_workers="block",
                    accept_downloads=False,
                )
                return await page.rendered(context)
        except TimeoutError as error:
            why = page.lost[0] if page.lost else f"no rest in {timeout_s:.0f} s"
            raise RenderError(why) from error
        except playwright.Error as error:
            raise RenderError(str(error).partition("\n")[0][:120]) from error


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _room() -> asyncio.Semaphore:
    """Give the turnstile of the loop that runs."""
    return _rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_A_TIME))


@dataclass
class _Page:
    """One page, and what it asks for."""

    url: str
    first: Given
    fetch: Fetch
    lost: list[str] = field(default_factory=list)
    """What belongs to the page and could not be had."""
    _is_open: bool = False
    _asked: int = 0

    async def rendered(self, context: Any) -> bytes:  # noqa: ANN401 - Playwright's
        """Open it, wait until nothing is under way, and give the document."""
        await context.route("**/*", self._answer)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        page = await context.new_page()
        page.set_default_timeout(0)  # the time of the whole is bounded
        await page.goto(self.url, wait_until="domcontentloaded")
        await page.wait_for_load_state("networkidle")
        if self.lost:
            raise RenderError(self.lost[0])
        body = str(await page.content()).encode("utf-8", "replace")
        if len(body) > MOST_BYTES:
            raise RenderError("too large")
        return body

    async def _answer(self, route: Any, request: Any) -> None:  # noqa: ANN401 - Playwright's
        """Answer what the page asks for, or refuse it: pictures, styles, frames, other pages."""
        if not self._is_open and request.is_navigation_request():
            self._is_open = True
            await route.fulfill(**_answer(self.first))
            return
        given = None
        is_call = request.resource_type in _CALLS
        if (is_call or request.resource_type == "script") and request.url.startswith("http"):
            given = await self._got(_wanted(request, is_call=is_call))
        if given is None:
            await route.abort("aborted")  # any other word would put an error page in its place
        else:
            await route.fulfill(**_answer(given))

    async def _got(self, wanted: Wanted) -> Given | None:
        self._asked += 1
        if self._asked > MOST_ASKED:
            self.lost.append(f"asks for more than {MOST_ASKED} scripts and calls")
            return None
        try:
            given = await self.fetch(wanted)
        except RenderError as error:
            self.lost.append(str(error))
            return None
        if given is not None and wanted.is_call and given.status >= _FIRST_ERROR:
            self.lost.append(f"{wanted.url}: status {given.status}")
        return given


def _wanted(request: Any, *, is_call: bool) -> Wanted:  # noqa: ANN401 - Playwright's
    return Wanted(
        url=request.url,
        method=request.method,
        headers={name: request.headers[name] for name in _SENT_ON if name in request.headers},
        body=request.post_data_buffer or b"",
        is_call=is_call,
    )


def _answer(given: Given) -> dict[str, Any]:
    headers = {name: value for name, value in given.headers.items() if name not in _NOT_KEPT}
    return {"status": given.status, "headers": headers, "body": given.body}
