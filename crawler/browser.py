"""Shows one page in the machine's Chromium; the browser itself has no network.

What its scripts ask for is asked by the caller, by the same rules as every other request (hosts,
private addresses, robots.txt, pace, evidence), and handed to the page. A second lock stands behind
that: Chromium is started with a proxy at which nobody answers. (scrapy-playwright would let the
browser go out by itself, past all of them; so Playwright is used without it.)

Each page gets a browser of its own, which ends with it: nothing is carried from page to page.
A list that shows more on a click ("Xem thêm"), or when it is scrolled, is shown state by state.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

from crawler.discovery.words import is_more_word
from storage.folding import tidy
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Mapping

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TIMEOUT_S = 180
"""Seconds for one page, the pauses between its requests included."""
MOST_ASKED = 40
"""Scripts and calls that are asked for one state of a page; what asks for more has no rest."""
MOST_STATES = 100
"""States of one list that are shown; by then a page has some thousand entries."""
QUIET_S = 0.6
"""Seconds without a request after which a click or a scroll has had its effect."""
MOST_BUTTONS = 5
"""Buttons "Xem thêm" of one page that are tried for one state, the lowest first."""
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


class Show(Protocol):
    """Takes what is shown."""

    async def __call__(self, body: bytes, /) -> bool:
        """Take a state of the page, HTML in UTF-8; tell whether it is wanted to show more."""


@dataclass(frozen=True, slots=True)
class End:
    """Why a page has no further state."""

    reason: str
    """Short, in English."""
    is_whole: bool
    """All was shown; else a bound was reached."""


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
    async with _opened(url, first, fetch, named=named, agent=agent, timeout_s=timeout_s) as page:
        return await page.document()


async def render_all(
    url: str,
    first: Given,
    fetch: Fetch,
    show: Show,
    *,
    more: str | None,
    named: str | None,
    agent: str,
    timeout_s: float,
) -> End | None:
    """Show the document state by state, as long as more is wanted and comes.

    As ``render``, but: ``show`` takes each state; ``more`` is CSS of what is clicked for more
    (None: what says "Xem thêm" or the like); ``timeout_s`` are seconds for one state, at most.

    Returns:
        Why there is no further state; None: no more was wanted.

    Raises:
        RenderError: as ``render``; states that were shown before stay shown.
    """
    async with _opened(url, first, fetch, named=named, agent=agent, timeout_s=timeout_s) as page:
        for number in range(1, MOST_STATES + 1):
            if not await show(await page.document()):
                return None
            page.begin_state()
            if not await page.has_more(more):
                return End(f"nothing new is shown after state {number}", is_whole=True)
        return End(f"{MOST_STATES} states of the page", is_whole=False)


@asynccontextmanager
async def _opened(
    url: str, first: Given, fetch: Fetch, *, named: str | None, agent: str, timeout_s: float
) -> AsyncIterator[_Page]:
    """Open the page in a browser of its own, which ends with the block."""
    if missing(named) is not None:
        raise RenderError("not installed")
    async with _room():
        playwright: Any = import_module("playwright.async_api")
        page = _Page(url, first, fetch, timeout_s)
        try:
            async with page.time, playwright.async_playwright() as driver:
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
                await page.open(context)
                yield page
        except TimeoutError as error:
            why = page.lost[0] if page.lost else f"no rest in {timeout_s:.0f} s"
            raise RenderError(why) from error
        except playwright.Error as error:
            raise RenderError(str(error).partition("\n")[0][:120]) from error


_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _room() -> asyncio.Semaphore:
    """Give the turnstile of the loop that runs."""
    return _rooms.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_A_TIME))


# What may be clicked for more: shown, and without an address of its own. As a list of elements.
_BUTTONS = """css => [...document.querySelectorAll(
  css || 'a, button, [role=button], input[type=button]')].filter(element => {
    const to = element.getAttribute('href') || '#';
    return element.getClientRects().length > 0 && !element.disabled
      && getComputedStyle(element).visibility !== 'hidden' && /^\\s*(#|javascript:)/i.test(to);
  }).slice(-500)"""
_WORDS = "all => all.map(one => (one.innerText || one.value || '').slice(0, 100))"
_LINKS = "() => [...document.links].slice(0, 20000).map(one => one.href)"
# Up first: what watches the list's end is told only that it comes into view, not that it stays.
_SCROLL = """async () => {
  const frame = () => new Promise(done => setTimeout(done, 100));
  window.scrollTo(0, 0);
  await frame();
  window.scrollTo(0, document.documentElement.scrollHeight);
  await frame();
}"""


class _Page:
    """One page, and what it asks for."""

    def __init__(self, url: str, first: Given, fetch: Fetch, timeout_s: float) -> None:
        self.url, self.first, self.fetch = url, first, fetch
        self.lost: list[str] = []
        """What belongs to the page and could not be had."""
        self.time = asyncio.timeout(timeout_s)
        self._timeout_s = timeout_s
        self._page: Any = None
        self._is_open = False
        self._asked = 0
        self._under_way = 0
        self._last_s = 0.0
        """When something was last asked or answered, by the loop's clock."""

    async def open(self, context: Any) -> None:  # noqa: ANN401 - Playwright's
        """Open it, and wait until nothing is under way."""
        await context.route("**/*", self._answer)
        await context.route_web_socket("**/*", lambda socket: socket.close())
        self._page = await context.new_page()
        self._page.set_default_timeout(0)  # the time of the whole is bounded
        await self._page.goto(self.url, wait_until="domcontentloaded")
        await self._page.wait_for_load_state("networkidle")

    async def document(self) -> bytes:
        """Give the document as it stands.

        Raises:
            RenderError: something of it could not be had, or it is too large.
        """
        if self.lost:
            raise RenderError(self.lost[0])
        body = str(await self._page.content()).encode("utf-8", "replace")
        if len(body) > MOST_BYTES:
            raise RenderError("too large")
        return body

    def begin_state(self) -> None:
        """Give the next state time and requests of its own."""
        self._asked = 0
        self.time.reschedule(asyncio.get_running_loop().time() + self._timeout_s)

    async def has_more(self, css: str | None) -> bool:
        """Click what offers more, or scroll to the end; tell whether new links came.

        Raises:
            RenderError: what was asked for could not be had.
        """
        before = set(await self._page.evaluate(_LINKS))
        buttons = await self._page.evaluate_handle(_BUTTONS, css)
        words = await buttons.evaluate(_WORDS)
        offered = [
            place for place, text in enumerate(words) if css or is_more_word(tidy(text).lower())
        ]
        for place in offered[: -MOST_BUTTONS - 1 : -1]:
            button = (await buttons.get_property(str(place))).as_element()
            if await self._brings_new(button.evaluate("one => one.click()"), before):
                return True
        return await self._brings_new(self._page.evaluate(_SCROLL), before)

    async def _brings_new(self, act: Awaitable[object], before: set[str]) -> bool:
        await act
        loop = asyncio.get_running_loop()
        self._last_s = loop.time()
        is_quiet = False
        while not is_quiet:
            await asyncio.sleep(QUIET_S / 6)
            is_quiet = not self._under_way and loop.time() - self._last_s >= QUIET_S
        if self.lost:
            raise RenderError(self.lost[0])
        return not before.issuperset(await self._page.evaluate(_LINKS))

    async def _answer(self, route: Any, request: Any) -> None:  # noqa: ANN401 - Playwright's
        """Answer what the page asks for, or refuse it: pictures, styles, frames, other pages."""
        self._under_way += 1
        try:
            await self._answer_to(route, request)
        finally:
            self._under_way -= 1
            self._last_s = asyncio.get_running_loop().time()

    async def _answer_to(self, route: Any, request: Any) -> None:  # noqa: ANN401 - Playwright's
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
