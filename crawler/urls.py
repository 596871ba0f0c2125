"""Addresses: one form for each, and whether it belongs to a site. Pure.

A language prefix ('/vi/tin-tuc' beside '/tin-tuc') is left alone: whether both are the same
article cannot be told from the address; the text digest tells it when counting.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    unquote,
    unquote_to_bytes,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

from w3lib.url import canonicalize_url

if TYPE_CHECKING:
    from crawler.profiles import SiteProfile

DEFAULT_PORTS = {"http": 80, "https": 443}

# Parameters that follow the visitor, not the article. Never those that may name it: id, cn, tc,
# ItemID, NewsId, p, page, p_p_id, _101_cur, _101_assetEntryId …
_NOISE = re.compile(
    r"""utm_\w+ | fbclid | gclid | dclid | msclkid | zarsrc | _ga | mc_[ce]id
    | jsessionid | phpsessid | aspsessionid\w* | sessionid | cfid | cftoken
    | p_p_(?:state|mode|lifecycle|auth|col_\w+) | inheritredirect | _\w+_(?:redirect|backurl)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_MAX_ENCODINGS = 4
# What a path in a query may have beside letters and digits (RFC 3986 § 3.4, but '&' and '=').
_IN_QUERY_PATH = "/:@!$'()*+,;?~"
_REMEMBERED = 500  # characters of an address whose form is remembered: bounds the memory


def canonical(url: str, base: str | None = None) -> str:
    """Give the one form of an address, joined to ``base`` when that is given. Idempotent.

    Scheme, host and percent signs in one case, IDNA host, no default port, no fragment, no
    dot segments or doubled slashes, no session or tracking parameters, parameters in order.
    A path in the query ('?category/tin-tuc') stays one: servers that read it know no other form.
    Case of the path, its trailing slash and the scheme stay: they may matter to the server.
    Never raises: what is no web address comes back stripped, and belongs to no site.

    >>> canonical("../A.html;jsessionid=1F?utm_source=zalo&b=2&a=1#x", "http://Xa.Test:80/t/u/")
    'http://xa.test/t/A.html?a=1&b=2'
    """
    stripped = "".join(url.split()) if "\n" in url or "\t" in url else url.strip()
    try:
        form = urljoin(base, stripped) if base else stripped
    except ValueError:
        return stripped
    return _canonical(form) if len(form) <= _REMEMBERED else _canonical.__wrapped__(form)


@lru_cache(maxsize=8192)
def _canonical(stripped: str) -> str:
    """Give the one form of a whole address; remembered, as a walk asks for each several times."""
    form = stripped
    try:
        if urlsplit(form).scheme not in DEFAULT_PORTS:
            return stripped
        for _ in range(_MAX_ENCODINGS):  # one step may lay bare what another then drops
            simpler = _simplified(form)
            if simpler == form:
                break
            form = simpler
    except ValueError:  # wrong port, unclosed bracket, label too long for IDNA …
        return stripped
    return form


def joined(base: str, link: str) -> str:
    """Join a link to the address of its page; what is no address comes back as it is.

    >>> joined("http://xa.test/tin/", "bai-1"), joined("http://xa.test/", "http://[::1")
    ('http://xa.test/tin/bai-1', 'http://[::1')
    """
    try:
        return urljoin(base, link)
    except ValueError:  # one crooked link must not cost the page that it stands on
        return link


def belongs(url: str, profile: SiteProfile) -> bool:
    """Tell whether an absolute address is one of the site's own.

    Its host is the profile's or one of its further hosts (http and https alike), its path
    lies below that of ``base_url``. User names, other ports and paths that climb are refused.
    """
    return _belongs(canonical(url), profile.base_url, profile.hosts)


def _belongs(simple: str, base_url: str, further_hosts: tuple[str, ...]) -> bool:
    place, (base, hosts) = _place(simple), _borders(base_url, further_hosts)
    if place is None or base is None or place.climbs:
        return False
    below = place.path == base.path.rstrip("/") or place.path.startswith(base.path)
    return place.host in hosts and place.port in {None, base.port} and below


def canonical_for(url: str, profile: SiteProfile) -> str:
    """Give the canonical address under which the site's articles are known.

    As ``canonical``; http and https, and the base host with and without 'www.', are one:
    those of ``base_url``. Addresses that do not belong to the site are only made canonical.
    It identifies: a server that is deaf to one scheme has to be asked as linked.
    """
    simple = canonical(url)
    if not _belongs(simple, profile.base_url, profile.hosts):
        return simple
    parts, base = urlsplit(simple), urlsplit(canonical(profile.base_url))
    twins = parts.netloc.removeprefix("www.") == base.netloc.removeprefix("www.")
    return urlunsplit(
        parts._replace(scheme=base.scheme, netloc=base.netloc if twins else parts.netloc)
    )


@lru_cache(maxsize=1024)
def _borders(base_url: str, further_hosts: tuple[str, ...]) -> tuple[_Place | None, frozenset[str]]:
    """Give where a site begins, and all its hosts."""
    base = _place(canonical(base_url))
    own = [] if base is None else [base.host]
    return base, frozenset([*own, *map(_canonical_host, further_hosts)])


class _Place(NamedTuple):
    host: str
    port: int | None
    """None: the scheme's own."""
    path: str
    climbs: bool


def _place(canonical_url: str) -> _Place | None:
    """Give where an address points; None when it is no plain web address."""
    try:
        parts = urlsplit(canonical_url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return _Place(parts.hostname, port, parts.path or "/", _climbs(parts.path))


def _climbs(path: str) -> bool:
    """Tell whether a path has '..' in it, however often it was encoded."""
    for _ in range(_MAX_ENCODINGS):
        if ".." in re.split(r"[/\\]", path):
            return True
        path = unquote(path)
    return "%" in unquote(path) and ".." in path


def _canonical_host(host: str) -> str:
    return urlsplit(canonical(f"http://{host}/")).netloc


def _without_backslashes(url: str) -> str:
    """Read backslashes before the query as slashes, as browsers do."""
    address, mark, query = url.partition("?")
    return address.replace("\\", "/") + mark + query


def _simplified(url: str) -> str:
    """Give the address with everything dropped that does not tell it from others.

    Raises:
        ValueError: it is no web address.
    """
    parts = urlsplit(_without_backslashes(url))
    if not parts.hostname:
        raise ValueError(url)
    path, rest = path_in(parts.query)
    plain = canonicalize_url(parts._replace(query=rest, fragment="").geturl())
    simple = _without_noise(urlsplit(plain))
    return urlunsplit(simple._replace(query="&".join(filter(None, (path, simple.query)))))


def path_in(query: str) -> tuple[str, str]:
    """Give the path that a query begins with, and its parameters; '' when it has none.

    >>> path_in("category/kinh-te/page/2&lang=vi"), path_in("url=/tin")
    (('category/kinh-te/page/2', 'lang=vi'), ('', 'url=/tin'))
    """
    head, _, rest = query.partition("&")
    if "=" in head or b"/" not in (path := unquote_to_bytes(head)):
        return "", query
    return quote(path, safe=_IN_QUERY_PATH), rest


def _without_noise(parts: SplitResult) -> SplitResult:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(key, value) for key, value in pairs if not _is_noise(key, parts.path)]
    query = parts.query if len(kept) == len(pairs) else urlencode(kept)
    return parts._replace(netloc=_netloc(parts), path=_plain_path(parts.path), query=query)


def _is_noise(key: str, path: str) -> bool:
    """Tell it for a parameter; Liferay's article addresses ('/-/') carry the way back."""
    return _NOISE.fullmatch(key) is not None or (key == "redirect" and "/-/" in path)


def _netloc(parts: SplitResult) -> str:
    user, at, _ = parts.netloc.rpartition("@")
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    own = parts.port in {None, DEFAULT_PORTS[parts.scheme]}
    return f"{user}{at}{host}" if own else f"{user}{at}{host}:{parts.port}"


def _plain_path(path: str) -> str:
    """Drop session ids, empty and dot segments; '..' never climbs above the root."""
    segments: list[str] = []
    for segment in _SESSION_IN_PATH.sub("", path).split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in {"", "."}:
            segments.append(segment)
    is_folder = path.endswith(("/", "/.", "/..")) and bool(segments)
    return "/" + "/".join(segments) + ("/" if is_folder else "")
