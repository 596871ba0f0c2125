"""One article, one identity: which addresses of a site are the same article. Pure.

Software shows one article under many addresses: in each section that lists it, in each language
of the menu, to print and to save. An identity is no address: it is what they have in common, and
is never asked. Only what is certain is put together: two articles taken for one would be a loss,
one taken for two is found when texts are compared.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.profiles import SiteProfile

_AMP = re.compile(r"/amp$|(?<=[^/])\.amp(?=\.html?$)", re.IGNORECASE)
# Parameters that change how an article is shown, never which one.
_SHOWN = frozenset({"amp", "print", "replytocom", "noamp", "share"})
# What sticks to a link that was copied out of a text: blanks, quotation marks, punctuation.
_TRAILING = re.compile(r"(?:[,;.)\]'/]|%20|%22|%C2%A0|%E2%80%9[CD])+$")


def identity_of(address: str, profile: SiteProfile) -> str:
    """Give what all addresses of one article have in common.

    AMP and print twins, trailing slashes and junk, the order of parameters, the language
    prefixes that the profile names; and by family the article's number.

    Args:
        address: as ``urls.canonical_for`` gives it.
        profile: of the site that it belongs to.
    """
    try:
        parts = _plain(urlsplit(address), profile.language_prefixes)
    except ValueError:  # no web address: 'http://['
        return address
    for family in sorted({version.family for version in profile.versions}):
        parts = _RULES.get(family, _same)(parts)
    return f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")


def _plain(parts: SplitResult, prefixes: tuple[str, ...]) -> SplitResult:
    """Give an address without what every kind of software may add."""
    path = _AMP.sub("", _TRAILING.sub("", parts.path))
    head, _, rest = path.removeprefix("/").partition("/")
    if head in prefixes:
        path = f"/{rest}"
    return _with_query(parts._replace(path=path), lambda name: name.lower() not in _SHOWN)


def _with_query(parts: SplitResult, keeps: Callable[[str], bool]) -> SplitResult:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return parts._replace(query=urlencode(sorted(pair for pair in pairs if keeps(pair[0]))))


def _same(parts: SplitResult) -> SplitResult:
    return parts


# ------------------------------------------------------------------------------ families

_VIEW_ARTICLE = re.compile(r"/-/view-article/(?:\d+/\d+/)?(\d{6,})$")
_CONTENT_ID = re.compile(r"/content/id/(\d+)(?:/[^/]*)?$")
_VNPT_NUMBER = re.compile(r"/-/chi-tiet/[^/]*-(\d+)-\d+\.html$")
_DNN_ITEM = re.compile(r"/(modid/\d+/itemid/\d+|artmid/\d+/articleid/\d+)(?:/[^/]*)?$")
_DNN_LANGUAGE = re.compile(r"/language/[a-z]{2}-[a-z]{2}(?=/|$)")
_NUKEVIET_TWIN = re.compile(r"/(?:print|savefile)(?=/.*-\d+(?:\.html)?$)")
_CLOCK_NUMBER = re.compile(r"-(\d{14,20})\.htm$")
_PLONE_VIEW = re.compile(r"/(?:view|@@\w+)$")
_INDEX = re.compile(r"/index\.html?$")


def _quangtri(parts: SplitResult) -> SplitResult:
    """The article's number is its own; the category only opens the menu."""
    found = _VIEW_ARTICLE.search(parts.path)
    return parts._replace(path=f"/-/view-article/{found[1]}", query="") if found else parts


def _huecit(parts: SplitResult) -> SplitResult:
    """``tc`` is the article, ``gd`` and ``cn`` the page that shows it."""
    article = dict(parse_qsl(parts.query)).get("tc", "")
    return parts._replace(query=f"tc={article}") if article.strip("0") else parts


def _liferay(parts: SplitResult) -> SplitResult:
    """``/content/id/7`` is one article on whatever page and in whatever portlet."""
    found = _CONTENT_ID.search(parts.path)
    return parts._replace(path=f"/content/id/{found[1]}", query="") if found else parts


def _vnpt(parts: SplitResult) -> SplitResult:
    """'/-/chi-tiet/ten-bai-63133-2.html': the article's number, then its section's."""
    found = _VNPT_NUMBER.search(parts.path)
    return parts._replace(path=f"/-/chi-tiet/{found[1]}", query="") if found else _liferay(parts)


def _microsoft(parts: SplitResult) -> SplitResult:
    """IIS knows no case, neither in folders nor in the names of parameters."""
    pairs = [(name.lower(), value) for name, value in parse_qsl(parts.query, True)]  # noqa: FBT003
    return parts._replace(path=parts.path.lower(), query=urlencode(sorted(pairs)))


def _dnn(parts: SplitResult) -> SplitResult:
    """A module's item is one article in whatever menu."""
    plain = _microsoft(parts)
    plain = plain._replace(path=_DNN_LANGUAGE.sub("", plain.path))
    found = _DNN_ITEM.search(plain.path)
    return plain._replace(path=f"/{found[1]}") if found else plain


def _nukeviet(parts: SplitResult) -> SplitResult:
    """Every article can be printed and saved: '/news/savefile/muc/bai-7.html'."""
    return parts._replace(path=_NUKEVIET_TWIN.sub("", parts.path))


def _joomla(parts: SplitResult) -> SplitResult:
    """The menu that is shown around an article makes no other one of it."""
    return _with_query(parts, lambda name: name not in {"tmpl", "layout", "Itemid"})


def _vccorp(parts: SplitResult) -> SplitResult:
    """The number at the end names the article; a changed title changes what stands before it."""
    found = _CLOCK_NUMBER.search(parts.path)
    return parts._replace(path=f"/{found[1]}.htm") if found else parts


def _plone(parts: SplitResult) -> SplitResult:
    return parts._replace(path=_PLONE_VIEW.sub("", parts.path))


def _static(parts: SplitResult) -> SplitResult:
    return parts._replace(path=_INDEX.sub("", parts.path))


_RULES: dict[str, Callable[[SplitResult], SplitResult]] = {
    "dnn": _dnn,
    "huecit": _huecit,
    "joomla": _joomla,
    "liferay": _liferay,
    "nukeviet": _nukeviet,
    "plone": _plone,
    "quangtri": _quangtri,
    "sharepoint": _microsoft,
    "static": _static,
    "vccorp": _vccorp,
    "vnpt": _vnpt,
}
"""By family; what is not here has no rule of its own."""
