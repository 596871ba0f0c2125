"""The invented district's websites and posts, with the known answer, as the YAML files say."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
TOPICS = ("chung", "the_che", "tthc", "bo_may", "cong_vu", "tai_chinh_cong", "cpdt", "chi_so")


@dataclass(frozen=True, kw_only=True, slots=True)
class Website:
    """One unit's website: a host, or a folder of a host that several units share."""

    site: str
    dialect: str
    host: str
    prefix: str
    """Path below which the site lies, without the last slash; empty for a whole host."""
    name: str
    later_name: str | None
    renamed_on: dt.date | None
    per_page: int
    sections: dict[str, str]
    """Section → heading."""
    down: tuple[dt.date, dt.date] | None
    """First and last day on which the host gives no answer."""

    def name_on(self, day: dt.date) -> str:
        """Give what the head of the page says on that day."""
        if self.later_name and self.renamed_on and day >= self.renamed_on:
            return self.later_name
        return self.name

    def is_down_on(self, day: dt.date) -> bool:
        """Tell whether the host is out of order on that day."""
        return self.down is not None and self.down[0] <= day <= self.down[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One address of one post. Times are local (Vietnam) and naive."""

    key: int
    """Unique in the demo."""
    number: int
    """The number in the address; a second address of a post keeps the first one's."""
    site: str
    section: str
    slug: str
    title: str
    lead: str
    body: tuple[str, ...]
    published_at: dt.datetime
    """As printed."""
    appears_at: dt.datetime
    """From then on it can be seen; later than printed for a backdated post."""
    printed: str | None
    """Stands in place of the day that the dialect would print; '' prints none."""
    author: str | None
    source: str | None
    nfd: bool
    error_page: bool
    """Its page answers 200 with an error text; the lists show it all the same."""
    same_as: int | None
    """The post of which this is the second address."""
    repost_of: int | None
    """The post, of another unit, whose text this is."""
    main: frozenset[str]
    mention: frozenset[str]

    @property
    def text_key(self) -> int:
        """Name the text: the same for a post, its second address and its reposts."""
        return self.same_as or self.repost_of or self.key

    def as_served(self) -> Post:
        """Give it as the server writes it: decomposed where the author's machine did so."""
        if not self.nfd:
            return self
        return replace(
            self,
            title=unicodedata.normalize("NFD", self.title),
            lead=unicodedata.normalize("NFD", self.lead),
            body=tuple(unicodedata.normalize("NFD", paragraph) for paragraph in self.body),
        )


def slug_of(title: str) -> str:
    """Give the address form of a title.

    >>> slug_of("Đổi mới “một cửa”, năm 2022")
    'doi-moi-mot-cua-nam-2022'
    """
    decomposed = unicodedata.normalize("NFD", title.lower().replace("đ", "d"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:80].strip("-")


@cache
def websites() -> dict[str, Website]:
    """Read ``websites.yml``: site → website."""
    rows = yaml.safe_load((FOLDER / "websites.yml").read_text("utf-8"))
    return {row["site"]: _website(row) for row in rows}


@cache
def posts() -> dict[int, Post]:
    """Read ``articles/*.yml``: key → post, in the order of the files.

    Raises:
        ValueError: a post is written wrongly; the message names it.
    """
    raw: dict[int, dict[str, Any]] = {}
    for path in sorted((FOLDER / "articles").glob("*.yml")):
        document = yaml.safe_load(path.read_text("utf-8"))
        for entry in document["posts"]:
            if entry["id"] in raw:
                message = f"{path.name}: id {entry['id']} twice"
                raise ValueError(message)
            raw[entry["id"]] = {"site": document["site"], **entry}
    return {key: _post(entry, raw) for key, entry in raw.items()}


def _website(row: dict[str, Any]) -> Website:
    later = row.get("later") or {}
    down = row.get("down")
    return Website(
        site=row["site"],
        dialect=row["dialect"],
        host=row["host"],
        prefix=row.get("prefix", ""),
        name=row["name"],
        later_name=later.get("name"),
        renamed_on=later.get("from"),
        per_page=row["per_page"],
        sections=row["sections"],
        down=(down["from"], down["to"]) if down else None,
    )


_KNOWN = {"id", "site", "section", "slug", "title", "lead", "body", "published_at", "appears_at"}
_KNOWN |= {"printed", "author", "source", "nfd", "error_page", "same_as", "repost_of"}
_KNOWN |= {"main", "mention"}


def _post(entry: dict[str, Any], raw: dict[int, dict[str, Any]]) -> Post:
    if unknown := entry.keys() - _KNOWN:
        message = f"post {entry['id']}: unknown {sorted(unknown)}"
        raise ValueError(message)
    model = raw[entry.get("same_as") or entry.get("repost_of") or entry["id"]]
    text = {key: model[key] for key in ("title", "lead", "body")}
    main, mention = (frozenset(model.get(level, ())) for level in ("main", "mention"))
    if main & mention or not (main | mention) <= set(TOPICS):
        message = f"post {entry['id']}: labels {sorted(main)} / {sorted(mention)}"
        raise ValueError(message)
    twin = entry.get("same_as")
    return Post(
        key=entry["id"],
        number=twin or entry["id"],
        site=entry["site"],
        section=entry["section"],
        slug=entry.get("slug") or slug_of(text["title"]),
        title=text["title"],
        lead=text["lead"].strip(),
        body=tuple(line.strip() for line in text["body"].splitlines() if line.strip()),
        published_at=dt.datetime.fromisoformat(entry["published_at"]),
        appears_at=dt.datetime.fromisoformat(entry.get("appears_at", entry["published_at"])),
        printed=entry.get("printed"),
        author=entry.get("author"),
        source=entry.get("source"),
        nfd=entry.get("nfd", False),
        error_page=entry.get("error_page", False),
        same_as=twin,
        repost_of=entry.get("repost_of"),
        main=main,
        mention=mention,
    )
