"""The calls with which a page's scripts fill its lists: read from their text, never run. Pure.

Understood are an address as it stands, one put together from words and variables
(``'/api/tin?trang=' + trang``, ```/api/${muc}``` ), its parameters as an object, and the addresses
in a page's ``data-`` attributes. A variable counts where the text sets it to a word or number.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

from crawler.discovery.counted import PAGE
from crawler.pages.selectors import select

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.pages.captured import CapturedPage

MOST_CALLS = 60
"""Calls that are looked at of one page and its scripts."""
MOST_TEXT = 1_000_000
"""Characters of scripts that are read for one page: bundles repeat themselves."""
_MOST_MATCHES = 1000
"""Places in a text that look like a call or a link."""
_LONGEST = 400
"""Characters of one expression."""
PAGE_SIZE = "20"
"""Entries asked for at once, where a script has a variable for it."""

_ANY_CASE = re.IGNORECASE
_CALL = re.compile(
    r"\bfetch\s*\(\s*|\baxios(?:\.get)?\s*\(\s*|(?:\$|jQuery)\.(?:get|getJSON|post)\s*\(\s*"
    r"|\.(?:get|post)\s*\(\s*(?=[\"'`](?:/|https?:|[\"'`]\.concat\())|\.open\s*\(\s*[\"'](?:GET|POST)[\"']\s*,\s*"
    r"|(?<![\w.-])[\"']?url[\"']?\s*:\s*",
)
_POST = re.compile(
    r"\b(?:type|method)\s*:\s*[\"']POST|\.post\s*\(|open\s*\(\s*[\"']POST", _ANY_CASE
)
_PARAMETERS = re.compile(r"(?:\b(?:data|params)\s*:|^\s*,)\s*\{([^{}]{1,400})\}")
_PAIR = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*((?:\"[^\"]*\"|'[^']*'|[^,])+)")
_SET = re.compile(
    r"([A-Za-z_$][\w$]*)[\"']?\s*[:=]\s*(\"[^\"\\\n]{0,300}\"|'[^'\\\n]{0,300}'|\d{1,9}\b)"
)
_CONCAT = ".concat("
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$.]*")
_PAGE_NAME = re.compile(
    r"(?:current|cur)?_?(?:page|trang|pg)_?(?:index|number|no|num)?|p", _ANY_CASE
)
_SIZE_NAME = re.compile(r"(?:page_?)?size|limit|take|rows|per_?page|so_?luong|top|count", _ANY_CASE)
_ORIGIN = re.compile(r"location\.origin|\borigin\b|base_?ur[li]|site_?url|\broot\b", _ANY_CASE)
_ATTRIBUTES = ("data-url", "data-api", "data-api-url", "data-source", "data-endpoint", "data-href")
_ADDRESS = re.compile(r"^(?:https?://|/|\.{0,2}/?[\w-]+/)[^\s<>\"'{}|\\^]*$")
_NO_CALL = re.compile(
    r"\.(?:js|css|png|jpe?g|gif|svg|ico|woff2?|html?|pdf|xml)(?:[?#]|$)", _ANY_CASE
)
_NEWS = re.compile(r"tin|news|posts?\b|article|bai|blog|thong-?bao|su-?kien", _ANY_CASE)
_LINK = re.compile(r"href\s*[:=]\s*\\?(?=([\"'`])(?P<after>.{1,200}))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """An address that a script asks."""

    url: str
    """Absolute; ``{page}`` stands for the page's number."""
    first_page: int | None = None
    """As the script sets it; None: it does not say."""
    is_post: bool = False
    unknown: tuple[str, ...] = ()
    """Variables whose value the text does not say: it cannot be asked."""

    @property
    def is_paged(self) -> bool:
        """Tell whether the address has a place for the page's number."""
        return PAGE in self.url

    @property
    def speaks_of_news(self) -> bool:
        """Tell whether its path has a word for posts in it."""
        return _NEWS.search(urlsplit(self.url).path) is not None

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """Give the likelier lists of news the lower ranks."""
        return bool(self.unknown) or self.is_post, not self.speaks_of_news, not self.is_paged

    def at(self, page: int) -> str:
        """Give the address of a page."""
        return self.url.replace(PAGE, str(page))


@dataclass(frozen=True, slots=True)
class _Hole:
    """A variable in an expression."""

    name: str


def inline_scripts(page: CapturedPage) -> list[str]:
    """Give the text of the page's own scripts that are programs."""
    scripts = page.tree.iterdescendants("script")
    return [one.text for one in scripts if one.text and not _is_data(one.get("type"))]


def script_addresses(page: CapturedPage) -> list[str]:
    """Give the addresses of the page's scripts, the last first: the site's own stand below."""
    sources = [one.get("src") for one in page.tree.iterdescendants("script")]
    return [urljoin(page.base_url, source.strip()) for source in reversed(sources) if source]


def _is_data(kind: str | None) -> bool:
    return bool(kind) and "javascript" not in (kind or "") and kind != "module"


def calls(page: CapturedPage, scripts: Sequence[str]) -> list[Call]:
    """Give the calls of a page, the likeliest list of news first, each once."""
    text = "\n".join(scripts)[:MOST_TEXT]
    known = _settings(text)
    found: dict[str, Call] = {}
    for call in (*_of_ghost(page), *_of_attributes(page), *_of_scripts(text, known, page)):
        if len(found) >= MOST_CALLS:
            break
        if urlsplit(call.url).scheme in {"http", "https"} and not _NO_CALL.search(call.url):
            found.setdefault(call.url, call)
    return sorted(found.values(), key=lambda call: call.rank)


def _of_ghost(page: CapturedPage) -> Iterator[Call]:
    """Give Ghost's content interface: its search box carries the key."""
    for script in select(page.tree, "script[data-key]"):
        base = script.get("data-ghost") or script.get("data-api") or page.base_url
        root = base.partition("/ghost/api/")[0].rstrip("/") + "/"
        query = urlencode({"key": script.get("data-key"), "limit": PAGE_SIZE})
        path = f"ghost/api/content/posts/?{query}&fields=title,url,published_at&page={PAGE}"
        yield Call(url=urljoin(page.base_url, urljoin(root, path)), first_page=1)


def _of_attributes(page: CapturedPage) -> Iterator[Call]:
    for name in _ATTRIBUTES:
        for element in select(page.tree, f"[{name}]"):
            value = (element.get(name) or "").strip()
            if _ADDRESS.match(value):
                yield _call([value], {}, page)


def _of_scripts(text: str, known: Mapping[str, str], page: CapturedPage) -> Iterator[Call]:
    for match in islice(_CALL.finditer(text), _MOST_MATCHES):
        pieces, end = expression(text, match.end())
        first = pieces[0] if pieces else None
        if not pieces or (len(pieces) == 1 and isinstance(first, _Hole)):
            continue
        around = text[match.start() : end + _LONGEST]
        before = text[max(0, match.start() - 200) : match.start()].rpartition("(")[2]
        parameters = _PARAMETERS.search(around[end - match.start() :])
        pairs = _pairs(parameters[1]) if parameters else []
        is_post = bool(_POST.search(before + around[: end - match.start() + 200]))
        yield _call([*pieces, *_query(pieces, pairs)], known, page, is_post=is_post)


def _pairs(parameters: str) -> list[tuple[str, str]]:
    return [(match[1], match[2].strip()) for match in _PAIR.finditer(parameters)]


def _query(pieces: Sequence[str | _Hole], pairs: list[tuple[str, str]]) -> Iterator[str | _Hole]:
    """Give parameters that are set apart as pieces of the address."""
    mark = "&" if any("?" in one for one in pieces if isinstance(one, str)) else "?"
    for name, value in pairs:
        yield f"{mark}{name}="
        yield from expression(value, 0)[0] or [value]
        mark = "&"


def expression(text: str, start: int, limit: int | None = None) -> tuple[list[str | _Hole], int]:
    """Read a sum of words and variables as JavaScript writes it; give it and where it ends."""
    pieces: list[str | _Hole] = []
    at, end = start, min(len(text), start + _LONGEST, limit or len(text))
    while at < end:
        if text[at] in "\"'`":
            close = _closing(text, at, end)
            word = text[at + 1 : close].replace("\\/", "/")
            pieces += _filled(word) if text[at] == "`" else [word]
            at = close + 1
        else:
            close = _end_of_hole(text, at, end)
            number = text[at:close].strip()
            name = _IDENTIFIER.search(number.replace("encodeURIComponent", ""))
            if number.isdecimal():
                pieces.append(number)
            elif name is None:
                break
            else:
                pieces.append(_Hole(name[0]))
            at = close
        at = _concatenated(text, at, end, pieces)
        at = _after_space(text, at, end)
        if at >= end or text[at] != "+":
            break
        at = _after_space(text, at + 1, end)
    return pieces, at


def _concatenated(text: str, at: int, end: int, pieces: list[str | _Hole]) -> int:
    """Read what compilers make of templates: ``"".concat(root, "/api/tin?page=").concat(page)``."""
    while text.startswith(_CONCAT, at) and at < end:
        at += len(_CONCAT)
        while at < end and text[at] != ")":
            inner, at = expression(text, at, end)
            pieces += inner
            if not inner or at >= end or text[at] not in ",)":
                return at
            at = _after_space(text, at + (text[at] == ","), end)
        at += 1
    return at


def _after_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _closing(text: str, at: int, end: int) -> int:
    quote_mark, place = text[at], at + 1
    while place < end and text[place] != quote_mark:
        place += 2 if text[place] == "\\" else 1
    return min(place, end)


def _end_of_hole(text: str, at: int, end: int) -> int:
    depth = 0
    for place in range(at, end):
        letter = text[place]
        if letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        if depth < 0 or (depth == 0 and letter in "+,;}\n"):
            return place
    return end


def _filled(template: str) -> list[str | _Hole]:
    """Split a template literal at its variables."""
    pieces: list[str | _Hole] = []
    for number, part in enumerate(re.split(r"\$\{([^{}]{1,100})\}", template)):
        name = _IDENTIFIER.search(part.replace("encodeURIComponent", ""))
        if number % 2 == 0:
            pieces += [part] if part else []
        elif name is not None:
            pieces.append(_Hole(name[0]))
    return pieces


def _settings(text: str) -> dict[str, str]:
    """Give what the text sets names to; the first one counts."""
    known: dict[str, str] = {}
    for match in _SET.finditer(text):
        known.setdefault(match[1], match[2].strip("\"'"))
    return known


def _call(
    pieces: Iterable[str | _Hole],
    known: Mapping[str, str],
    page: CapturedPage,
    *,
    is_post: bool = False,
) -> Call:
    url, first_page = "", None
    unknown: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            url += piece
            continue
        name = piece.name.rpartition(".")[2]
        parameter = re.split(r"[?&/]", url)[-1].partition("=")[0] if url.endswith("=") else ""
        value = known.get(name)
        if PAGE not in url and (_PAGE_NAME.fullmatch(parameter) or _PAGE_NAME.fullmatch(name)):
            url += PAGE
            first_page = int(value) if value is not None and value.isdecimal() else None
        elif value is not None:
            url += value
        elif _SIZE_NAME.fullmatch(parameter) or _SIZE_NAME.fullmatch(name):
            url += PAGE_SIZE
        elif not url and _ORIGIN.search(piece.name):
            continue  # the site's own root: an address from its first slash on
        else:
            unknown.append(name)
            url += "{" + name + "}"
    if PAGE not in url:
        url, first_page = _with_page(url)
    try:
        absolute = urljoin(page.base_url, url)
    except ValueError:
        absolute = ""
    return Call(url=absolute, first_page=first_page, is_post=is_post, unknown=tuple(unknown))


def _with_page(url: str) -> tuple[str, int | None]:
    """Put ``{page}`` in the place of a number that is called one: '/api/tin?page=1'."""
    head, mark, query = url.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    for place, (name, value) in enumerate(pairs):
        if _PAGE_NAME.fullmatch(name) and value.isdecimal() and int(value) <= 1:
            written = [f"{quote(n)}={quote(v)}" for n, v in pairs]
            written[place] = f"{quote(name)}={PAGE}"
            return head + mark + "&".join(written), int(value)
    return url, None


# ---------------------------------------------------------------------- data in the page


def states(page: CapturedPage) -> Iterator[tuple[str, object]]:
    """Give the data that the page carries for its scripts, by the id of its ``<script>``."""
    for script in select(page.tree, "script[id]"):
        if script.text and "json" in (script.get("type") or ""):
            try:
                yield script.get("id") or "", json.loads(script.text)
            except (ValueError, RecursionError):
                continue


def link_forms(scripts: Sequence[str]) -> list[str]:
    r"""Give the forms in which scripts write links: '/tin/{slug}-{id}.html', each once.

    >>> link_forms(["$('<a href=\\"/tin/' + bai.slug + '.html\\">')"])
    ['/tin/{slug}.html']
    """
    text = "\n".join(scripts)[:MOST_TEXT]
    found: dict[str, None] = {}
    for match in islice(_LINK.finditer(text), _MOST_MATCHES):
        inside = _form_inside(match["after"], match[1]) if match["after"] else ""
        form = inside if "{" in inside else _form_of(text, match.end())
        if "{" in form:
            found.setdefault(form)
    return list(found)


def _form_inside(after: str, mark: str) -> str:
    """Read a link within a word that a script puts together."""
    inner = re.sub(r"\$\{\s*(?:encodeURIComponent\()?([\w$.]+)\)?\s*\}", r"{\1}", after)
    inner = re.sub(
        r"([\"'`])\s*\+\s*(?:encodeURIComponent\()?([\w$.]+)\)?\s*\+\s*\1", r"{\2}", inner
    )
    return _plain(re.split(rf"\\?{mark}|[\s<>]", inner, maxsplit=1)[0])


def _form_of(text: str, at: int) -> str:
    pieces, _ = expression(text, at)
    return _plain("".join(p if isinstance(p, str) else "{" + p.name + "}" for p in pieces))


def _plain(form: str) -> str:
    """Name fields without the variable that holds the entry: '{bai.meta.slug}' → '{meta.slug}'."""
    named = re.sub(r"\{[\w$]+\.([\w.]+)\}", r"{\1}", form)
    return named if re.match(r"(?:https?:/)?/|[\w-]+/|[?{]", named) else ""
