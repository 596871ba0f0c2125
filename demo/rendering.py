"""What the demo's hosts answer to an address at an instant. Pure but for reading templates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from email.utils import format_datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.content import FOLDER, Post, Website, posts, websites
from demo.dialects import DIALECTS, WEEKDAYS, Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

FORBIDDEN = "/noi-bo/"
"""The folder that every host's robots.txt forbids; each page links into it."""
_ROBOTS = f"User-agent: *\nDisallow: {FORBIDDEN}\n"
_EPOCH = dt.datetime(2020, 1, 1)  # noqa: DTZ001 - local time throughout
_RELATED = 4


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body and its type."""

    status: int
    content_type: str
    body: bytes
    compresses: bool = False


def answer(host: str, path: str, query: str, *, now: dt.datetime) -> Answer | None:
    """Give a host's answer at a local instant; None when the host is out of order.

    Raises:
        KeyError: there is no such host.
    """
    here = [website for website in websites().values() if website.host == host]
    if not here:
        raise KeyError(host)
    if any(website.is_down_on(now.date()) for website in here):
        return None
    if path == "/robots.txt":
        return Answer(200, "text/plain", _ROBOTS.encode())
    for website in here:
        if path == website.prefix or path.startswith(f"{website.prefix}/"):
            return _Visit(website, now).answer(path, query)
    if path == "/":
        return _page(DIALECTS[here[0].dialect], "host_home.html.j2", {"websites": here})
    return _missing(DIALECTS[here[0].dialect])


class _Visit:
    """One website as seen at one instant."""

    def __init__(self, website: Website, now: dt.datetime) -> None:
        self.website = website
        self.dialect = DIALECTS[website.dialect]
        self.now = now
        self.posts = sorted(
            (p for p in posts().values() if p.site == website.site and p.appears_at <= now),
            key=lambda post: (post.published_at, post.key),
            reverse=True,
        )

    def answer(self, path: str, query: str) -> Answer:
        """Give the answer to a path below the website's prefix."""
        below = path.removeprefix(self.website.prefix)
        if below.startswith(FORBIDDEN):
            return self._page("plain.html.j2", heading="Lịch trực nội bộ", text="Chỉ dùng nội bộ.")
        if below in {"", "/"}:
            return self._page(f"{self.dialect.name}_home.html.j2", posts=self.posts[:5])
        if below in {"/gioi-thieu/", "/gioi-thieu"}:
            return self._page(
                "plain.html.j2", heading="Giới thiệu chung", text="Điều kiện tự nhiên, dân số."
            )
        if template := self.dialect.feeds.get(below):
            return self._page(template, posts=self.posts)
        return self._list_or_article(self.dialect.key_of(path, query))

    def _list_or_article(self, address: str) -> Answer:
        for section in self.website.sections:
            for page in range(1, self._pages(section) + 1):
                if address == self.dialect.list_address(self.website, section, page):
                    return self._list(section, page)
        for post in self.posts:
            if address == self.dialect.article_address(self.website, post):
                return self._article(post)
        return _missing(self.dialect)

    def _in_section(self, section: str) -> list[Post]:
        return [post for post in self.posts if post.section == section]

    def _pages(self, section: str) -> int:
        return max(1, -(-len(self._in_section(section)) // self.website.per_page))

    def _list(self, section: str, page: int) -> Answer:
        size = self.website.per_page
        return self._page(
            f"{self.dialect.name}_list.html.j2",
            section=section,
            heading=self.website.sections[section],
            page=page,
            pages=self._pages(section),
            posts=self._in_section(section)[(page - 1) * size : page * size],
        )

    def _article(self, post: Post) -> Answer:
        if post.error_page:
            return _page(self.dialect, "aspnet_error.html.j2", {})
        others = [other for other in self._in_section(post.section) if other is not post]
        newer = [other for other in others if other.published_at > post.published_at]
        older = [other for other in others if other.published_at <= post.published_at]
        return self._page(
            f"{self.dialect.name}_article.html.j2",
            post=post.as_served(),
            heading=self.website.sections[post.section],
            newer=newer[-_RELATED:],
            older=older[:_RELATED],
        )

    def _page(self, template: str, **values: Any) -> Answer:  # noqa: ANN401 - the template's
        shared = {
            "website": self.website,
            "site_name": self.website.name_on(self.now.date()),
            "now": self.now,
            "clock": f"{WEEKDAYS[self.now.weekday()]}, {self.now:%d/%m/%Y %H:%M}",
            "visitors": self._visitors(),
            "popular": sorted(self.posts, key=lambda post: post.key * 7919 % 101)[:3],
            "dialect": self.dialect,
            "address": partial(self.dialect.article_address, self.website),
            "list_address": partial(self.dialect.list_address, self.website),
        }
        return _page(self.dialect, template, {**shared, **values})

    def _visitors(self) -> dict[str, int]:
        days = (self.now - _EPOCH).days
        return {"today": days * 37 % 211 + 12, "total": 48_000 + days * 143}


def _missing(dialect: Dialect) -> Answer:
    return replace(_page(dialect, "missing.html.j2", {}), status=404)


def _page(dialect: Dialect, template: str, values: Mapping[str, Any]) -> Answer:
    text = _environment().get_template(template).render(values)
    is_xml = template.endswith(".xml.j2")
    content_type = "text/xml; charset=UTF-8" if is_xml else dialect.content_type
    return Answer(200, content_type, text.encode(), dialect.compresses)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["utc"] = lambda when: _instant(when).isoformat()
    environment.filters["rfc822"] = lambda when: format_datetime(_instant(when))
    environment.filters["excerpt"] = _excerpt
    return environment


def _instant(local: dt.datetime) -> dt.datetime:
    return (local - dt.timedelta(hours=7)).replace(tzinfo=dt.UTC)


def _excerpt(text: str, words: int = 30) -> str:
    every = text.split()
    return text if len(every) <= words else " ".join(every[:words]) + " […]"
