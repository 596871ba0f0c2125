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

from crawler.discovery.counted import CURSOR, OFFSET, PAGE, PageRequest, opening, place_in
from crawler.pages.selectors import select

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.pages.captured import CapturedPage
    from crawler.profiles import Section

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
_PARAMETERS = re.compile(
    r"(?:\b(?:data|params|body)\s*:|^\s*,)\s*"
    r"(?P<packed>JSON\.stringify\(\s*|new URLSearchParams\(\s*)?\{(?P<pairs>[^{}]{1,400})\}"
)
# What sends an object without more words: jQuery as a form, axios and its like as JSON.
_BY_JQUERY = re.compile(r"(?:\$|jQuery)\.|url[\"']?\s*:")
_PAIR = re.compile(r"[\"']?(\w+)[\"']?\s*:\s*((?:\"[^\"]*\"|'[^']*'|[^,])+)")
_SET = re.compile(
    r"([A-Za-z_$][\w$]*)[\"']?\s*[:=]\s*(\"[^\"\\\n]{0,300}\"|'[^'\\\n]{0,300}'|\d{1,9}\b)"
)
_CONCAT = ".concat("
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$.]*")
_PAGE_NAME = re.compile(
    r"(?:current|cur)?_?(?:page|trang|pg)_?(?:index|number|no|num)?|p", _ANY_CASE
)
_SIZE_NAME = re.compile(
    r"(?:page_?)?size|limit|take|rows|per_?page|so_?luong|top|count|length|max_?result_?count",
    _ANY_CASE,
)
_OFFSET_NAME = re.compile(
    r"offset|skip(?:_?count)?|start(?:_?(?:index|row|at))?|from(?:_?index)?|bat_?dau", _ANY_CASE
)
_CURSOR_NAME = re.compile(r"cursor|after|(?:next_?)?page_?token|continuation_?token", _ANY_CASE)
# Words in the path of a call that may change something: such a one is nobody's to try.
_CHANGES_WORDS = (
    "save insert update delete remove edit create add like vote rate comment login register send"
    " submit subscribe upload post luu them sua xoa gui binhluan binhchon dangky dangnhap danhgia"
    " dem counter hit log view"
)
_CHANGES = frozenset(_CHANGES_WORDS.split())
_READS = frozenset(("xem them", "load more"))
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
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
    """Absolute; ``{page}``, ``{offset}`` or ``{cursor}`` stands for what tells the pages apart."""
    first_page: int | None = None
    """As the script sets it; None: it does not say."""
    post: str | None = None
    """What is sent by POST, with the same places; None: it is asked by GET."""
    unknown: tuple[str, ...] = ()
    """Variables whose value the text does not say: it cannot be asked."""

    @property
    def is_paged(self) -> bool:
        """Tell whether there is a place for what tells the pages apart."""
        return self.place is not None

    @property
    def place(self) -> str | None:
        """Give that place."""
        return place_in(self.post or self.url)

    @property
    def speaks_of_news(self) -> bool:
        """Tell whether its path has a word for posts in it."""
        return _NEWS.search(urlsplit(self.url).path) is not None

    @property
    def may_change_something(self) -> bool:
        """Tell whether what it sends may be more than a question, by the words of its path."""
        words = [word.lower() for word in _WORDS.findall(urlsplit(self.url).path)]
        text = " ".join(words)
        for harmless in _READS:
            text = text.replace(harmless, "")
        return self.post is not None and not _CHANGES.isdisjoint(text.split())

    @property
    def rank(self) -> tuple[bool, bool, bool, bool]:
        """Give the likelier lists of news the lower ranks."""
        is_post = self.post is not None
        return bool(self.unknown), not self.speaks_of_news, is_post, not self.is_paged

    def opening(self, section: Section) -> PageRequest:
        """Give what is asked for the first page."""
        return opening(self.at(section.first_page), section)

    def at(self, page: int) -> str:
        """Give the address of the first page, which has this number where pages are numbered."""
        return self.url.replace(PAGE, str(page)).replace(OFFSET, "0").replace(CURSOR, "")


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
        pairs = _pairs(parameters["pairs"]) if parameters else []
        if not _POST.search(before + around[: end - match.start() + 200]):
            yield _call([*pieces, *_query(pieces, pairs)], known, page)
            continue
        packed = (parameters["packed"] or "") if parameters else ""
        is_form = packed.startswith("new") or (not packed and bool(_BY_JQUERY.search(match[0])))
        yield _posted(pieces, pairs, known, page, is_form=is_form)


def _posted(
    pieces: Sequence[str | _Hole],
    pairs: Sequence[tuple[str, str]],
    known: Mapping[str, str],
    page: CapturedPage,
    *,
    is_form: bool,
) -> Call:
    """Give a call that sends its parameters, as a form or as JSON."""
    to = _call(pieces, known, page)
    sent: list[tuple[str, str]] = []
    first_page, unknown = None, list(to.unknown)
    for name, said in pairs:
        value = "".join(one if isinstance(one, str) else f"{{{one.name}}}" for one in _read(said))
        is_text = said[:1] in "\"'`"
        place = next((place for place, kind in _KINDS if kind.fullmatch(name)), None)
        if place is not None and not any(place_in(text) for _, text in sent):
            number = known.get(value.strip("{}"), value)
            first_page = int(number) if place == PAGE and number.isdecimal() else None
            value, is_text = place, place == CURSOR
        elif value.startswith("{"):
            variable = value.strip("{}").rpartition(".")[2]
            fallback = PAGE_SIZE if _SIZE_NAME.fullmatch(name) else None
            found = known.get(variable, fallback)
            if found is None:
                unknown.append(variable)
            else:
                value, is_text = found, not found.isdecimal()
        sent.append((name, json.dumps(value, ensure_ascii=False) if is_text else value))
    if is_form:
        packed = "&".join(f"{quote(n)}={_unquoted(value)}" for n, value in sent)
    else:
        packed = "{" + ", ".join(f"{json.dumps(n)}: {value}" for n, value in sent) + "}"
    return Call(url=to.url, first_page=first_page, post=packed, unknown=tuple(unknown))


_KINDS = ((OFFSET, _OFFSET_NAME), (CURSOR, _CURSOR_NAME), (PAGE, _PAGE_NAME))


def _read(said: str) -> list[str | _Hole]:
    return expression(said, 0)[0] or [said]


def _unquoted(value: str) -> str:
    text = json.loads(value) if value.startswith('"') else value
    return text if place_in(text) else quote(text)


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
        place = _place_named(parameter, name) if place_in(url) is None else None
        is_size = _SIZE_NAME.fullmatch(parameter) or _SIZE_NAME.fullmatch(name)
        text = place or (value if value is not None else PAGE_SIZE if is_size else None)
        if place == PAGE:
            first_page = int(value) if value is not None and value.isdecimal() else None
        if text is not None:
            url += text
        elif url or not _ORIGIN.search(piece.name):  # else an address from its first slash on
            unknown.append(name)
            url += "{" + name + "}"
    if place_in(url) is None:
        url, first_page = _with_page(url)
    try:
        absolute = urljoin(page.base_url, url)
    except ValueError:
        absolute = ""
    return Call(url=absolute, first_page=first_page, unknown=tuple(unknown))


def _place_named(parameter: str, variable: str) -> str | None:
    """Give what a variable stands for: its parameter goes before its own name."""
    for place, kind in _KINDS:
        if kind.fullmatch(parameter):
            return place
    return PAGE if _PAGE_NAME.fullmatch(variable) else None


def _with_page(url: str) -> tuple[str, int | None]:
    """Put a place where the number of a first page stands: '/api/tin?page=1', '?skip=0'."""
    head, mark, query = url.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    for at, (name, value) in enumerate(pairs):
        place = PAGE if _PAGE_NAME.fullmatch(name) else OFFSET
        is_start = place == PAGE or (value == "0" and _OFFSET_NAME.fullmatch(name))
        if is_start and value.isdecimal() and int(value) <= 1:
            written = [f"{quote(n)}={quote(v)}" for n, v in pairs]
            written[at] = f"{quote(name)}={place}"
            return head + mark + "&".join(written), int(value) if place == PAGE else None
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
