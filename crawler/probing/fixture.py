"""A page stored as a test case: the page, its capture, and what is read from it now."""

from __future__ import annotations

import dataclasses
import gzip
import json
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from crawler.discovery.listing import read_list
from crawler.errors import LayoutChanged, NotAnArticle
from crawler.pages.families import read_article
from crawler.probing.links import slug_name
from crawler.urls import canonical_for
from storage.errors import TinbaiError
from storage.folding import strip_accents
from storage.language import t

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.pages.captured import CapturedPage
    from crawler.profiles import ProfileVersion, SiteProfile

Kind = Literal["list", "article"]
_KINDS: dict[str, Kind] = {"list": "list", "article": "article"}

_HEADERS = ("content-type", "content-language", "last-modified")
"""What a page may be read by; cookies and the like are nobody's test."""
_NOT_OF_A_PAGE = frozenset(
    {"until", "family", "sections", "undecided", "not_news", "max_pages", "skip"}
)
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: a folder's name and its files."""

    family: str
    name: str
    files: dict[str, bytes]
    outcome: str
    """What was read: a headline, a number of items, or the refusal."""


def kind_of(url: str, profile: SiteProfile, version: ProfileVersion) -> Kind:
    """Tell what an address of the site is: a list where the profile names its path."""
    path = canonical_for(url, profile).partition("?")[0]
    lists = {
        canonical_for(profile.address_of(one), profile).partition("?")[0]
        for one in version.sections
    }
    return "list" if path in lists else "article"


def named_kind(name: str | None) -> Kind | None:
    """Give the kind that was asked for by name; None: none was.

    Raises:
        TinbaiError: there is no such kind.
    """
    if name is None:
        return None
    if name in _KINDS:
        return _KINDS[name]
    raise TinbaiError(
        t(f"--read “{name}”: chỉ có list, article.", f"--read '{name}': list or article.")
    )


def case_of(
    page: CapturedPage, version: ProfileVersion, kind: Kind, *, name: str | None = None
) -> Case:
    """Read a page as the crawl would, and give it as a case."""
    expected = _read(page, version, kind)
    capture = {
        "url": page.url,
        "status": page.status,
        "headers": {key: page.headers[key] for key in _HEADERS if key in page.headers},
        "captured_at": page.captured_at.isoformat(),
        "read": kind,
        "profile": version.model_dump(
            mode="json", exclude=set(_NOT_OF_A_PAGE), exclude_defaults=True, exclude_none=True
        ),
    }
    said = "expected_error.json" if "error" in expected else "expected.json"
    return Case(
        family=version.family,
        name=name or _name(page.url, kind),
        files={
            "page.html.gz": gzip.compress(page.body, mtime=0),
            "capture.json": _json(capture),
            said: _json(expected),
        },
        outcome=_outcome(expected),
    )


def store(case: Case, folder: Path) -> Path:
    """Write a case below ``folder`` as ``<family>/<name>/``, and give its folder.

    Raises:
        TinbaiError: there is such a case already.
    """
    target = folder / case.family / case.name
    if target.exists():
        raise TinbaiError(
            t(
                f"Đã có {target}. Đặt tên khác bằng --name.",
                f"{target} exists already. Give another name with --name.",
            )
        )
    target.mkdir(parents=True)
    for name, content in case.files.items():
        (target / name).write_bytes(content)
    return target


def _read(page: CapturedPage, version: ProfileVersion, kind: Kind) -> dict[str, Any]:
    try:
        read = read_list(page, version) if kind == "list" else read_article(page, version)
    except (NotAnArticle, LayoutChanged) as refusal:
        return {"error": type(refusal).__name__, "reason": str(refusal)}
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(read), default=_plain))
    return plain


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else str(value)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _outcome(expected: dict[str, Any]) -> str:
    if "error" in expected:
        return f"{expected['error']}: {expected['reason']}"
    if "items" in expected:
        count = len(expected["items"])
        return t(f"{count} mục", f"{count} items")
    return str(expected["headline"])


def _name(url: str, kind: Kind) -> str:
    words = strip_accents(slug_name(url)) or "front-page"
    plain = "".join(one if one.isalnum() and one.isascii() else "-" for one in words)
    return f"{'-'.join(filter(None, plain.split('-')))[:_LONGEST_NAME].strip('-')}-{kind}"
