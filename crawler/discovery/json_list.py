"""Lists that a script fills: the JSON that it asks for, by the fields that a profile names. Pure.

Some pages carry it with them, in a ``<script>`` of data (``__NEXT_DATA__``).

WordPress's REST interface is one whose fields are known.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import lxml.html

from crawler.discovery.counted import LONGEST_CURSOR, after
from crawler.errors import UnreadableList
from crawler.pages.captured import Length, ListedItem, ListedPage
from crawler.pages.dates import read_day
from crawler.urls import joined
from storage.folding import clean
from storage.records import vietnam_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.pages.captured import CapturedPage
    from crawler.profiles import JsonFields, Section

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_NAME = re.compile(r"\{([\w.]+)\}")
_LINK = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')
# ASP.NET's way to write an instant: /Date(1656900000000)/, /Date(1656900000000+0700)/
_ASPNET = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/")
# Numbers above this are milliseconds since 1970, below it seconds: 1973 against 5138.
_MILLISECONDS = 10**11


def read_json(page: CapturedPage, section: Section) -> ListedPage:
    """Give the items of an answer in its order; the page after it where the profile says how.

    An answer without items is the end of the list: no page follows it.

    Raises:
        UnreadableList: no JSON, or no list where the profile has it.
    """
    if section.json_fields is None:
        raise UnreadableList("the profile names no fields")
    fields = section.json_fields
    answer = parsed(page) if fields.script is None else _carried(page, fields.script)
    entries = _at(answer, fields.items) if fields.items else answer
    if not isinstance(entries, list):
        raise UnreadableList(f"no list at '{fields.items or 'the top'}'")
    items = [item for entry in entries if (item := _item(entry, fields, page))]
    _refuse_misfits(entries, items)
    named = _named(answer, fields)
    asked = after(page, section, entries=len(entries), named=named) if entries else None
    return ListedPage(
        items=tuple(items),
        next_url=asked.url if asked else None,
        next_form=asked.form if asked else None,
        length=Length(
            entries=len(entries),
            total=_number(_at(answer, fields.total) if fields.total else None),
            is_short=section.page_size is not None and len(entries) < section.page_size,
        ),
    )


def _named(answer: Json, fields: JsonFields) -> str | None:
    """Give what an answer says of the page after it: an address, a word, a number; None: nothing.

    Raises:
        UnreadableList: it is no such thing.
    """
    value = _at(answer, fields.next) if fields.next else None
    if value is None or value is False or value == "":
        return None
    if isinstance(value, str | int) and not isinstance(value, bool):
        word = str(value).strip()
        if len(word) <= LONGEST_CURSOR:
            return word or None
    raise UnreadableList(f"'{fields.next}' does not name a page")


def _number(value: Json) -> int | None:
    """Give a number of entries; text of digits is one as well."""
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value.strip()[:12])
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return int(value) if is_number else None  # type: ignore[arg-type]  # as was just told


def read_rest(page: CapturedPage) -> ListedPage:
    """Give the posts of a page of WordPress's REST interface (``/wp-json/wp/v2/posts``).

    Raises:
        UnreadableList: no JSON, or an error's object instead of a list.
    """
    entries = parsed(page)
    if not isinstance(entries, list):
        message = _at(entries, "code")
        raise UnreadableList(f"no list: {message}" if isinstance(message, str) else "no list")
    items = [item for entry in entries if (item := _post(entry, page))]
    _refuse_misfits(entries, items)
    next_url = _next_posts(page)
    is_cut_off = next_url is None and _is_uncounted(page) and len(entries) >= _page_size(page)
    return ListedPage(items=tuple(items), next_url=next_url, is_cut_off=is_cut_off)


def _refuse_misfits(entries: list[Json], items: Sequence[ListedItem]) -> None:
    """Refuse entries none of which has an address: their form has changed, it is no end."""
    if entries and not items:
        raise UnreadableList(f"{len(entries)} entries, none with an address")


def parsed(page: CapturedPage) -> Json:
    """Give what an answer says.

    Raises:
        UnreadableList: it is no JSON.
    """
    return _json(page.text.lstrip("\ufeff"))


def _carried(page: CapturedPage, script: str) -> Json:
    """Give the data that an HTML page carries in its ``<script id=…>``."""
    found = (one for one in page.tree.iterdescendants("script") if one.get("id") == script)
    text = next((one.text for one in found if one.text), None)
    if text is None:
        raise UnreadableList(f"no data in a <script id='{script}'>")
    return _json(text)


def _json(text: str) -> Json:
    try:
        value: Json = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise UnreadableList("no JSON") from error
    return value


def _at(value: Json, path: str) -> Json:
    """Give what stands at a dotted path; None where it breaks off."""
    for name in path.split("."):
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def _item(entry: Json, fields: JsonFields, page: CapturedPage) -> ListedItem | None:
    link = _link(entry, fields.link)
    if link is None:
        return None
    day, raw = day_of(_at(entry, fields.day) if fields.day else None, page)
    title = _at(entry, fields.title) if fields.title else None
    return ListedItem(
        url=joined(page.url, link),
        title=_plain(title) if isinstance(title, str) else None,
        day=day,
        day_raw=raw,
    )


def _link(entry: Json, form: str) -> str | None:
    """Give an entry's address: a field, or a form such as '/tin/{slug}-{id}.html'."""
    if "{" not in form:
        value = _at(entry, form)
        return value.strip() or None if isinstance(value, str) else None
    values = {name: _at(entry, name) for name in _NAME.findall(form)}
    if any(isinstance(one, dict | list | bool) or one in {None, ""} for one in values.values()):
        return None
    return _NAME.sub(lambda name: quote(str(values[name[1]]), safe="/-._~%"), form)


def _post(entry: Json, page: CapturedPage) -> ListedItem | None:
    """Give a post of WordPress; None for one that has no address."""
    link = _at(entry, "link")
    if not isinstance(link, str) or not link:
        return None
    # 'date' is the site's own clock, which may be UTC's by mistake; 'date_gmt' is always UTC.
    local, utc = _at(entry, "date"), _at(entry, "date_gmt")
    instant = f"{utc}Z" if isinstance(utc, str) and utc else local
    day, _ = day_of(instant, page)
    title = _at(entry, "title.rendered")
    return ListedItem(
        url=joined(page.url, link),
        title=_plain(title) if isinstance(title, str) else None,
        day=day,
        day_raw=local if isinstance(local, str) and local else None,
    )


def _next_posts(page: CapturedPage) -> str | None:
    """Give the next page by the headers; a page beyond the last one is an error there."""
    pages = page.headers.get("x-wp-totalpages", "")
    if pages.isdecimal():
        query = dict(parse_qsl(urlsplit(page.url).query))
        number = int(query["page"]) if query.get("page", "").isdecimal() else 1
        if number >= int(pages):
            return None
        return (
            urlsplit(page.url)._replace(query=urlencode(query | {"page": str(number + 1)})).geturl()
        )
    found = _LINK.search(page.headers.get("link", ""))
    return joined(page.url, found[1]) if found else None


def _is_uncounted(page: CapturedPage) -> bool:
    """Tell whether neither header came: something between the site and us took them away."""
    return page.headers.keys().isdisjoint({"x-wp-totalpages", "link"})


def _page_size(page: CapturedPage) -> int:
    """Give how many posts a full page has: as asked for, else WordPress's 10."""
    asked = dict(parse_qsl(urlsplit(page.url).query)).get("per_page", "")
    return int(asked) if asked.isdecimal() else 10


def _plain(markup: str) -> str | None:
    """Give a title without markup and entities."""
    if "<" in markup or "&" in markup:
        markup = lxml.html.fragment_fromstring(markup, create_parent="div").text_content()
    return clean(markup) or None


def day_of(value: Json, page: CapturedPage) -> tuple[dt.date | None, str | None]:
    """Give the day in Vietnam, and the value as it stood."""
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        return None, None
    raw = str(value)
    stamp = _ASPNET.fullmatch(raw)
    number = int(stamp[1]) if stamp else value
    if isinstance(number, str):
        return read_day(number, captured_at=page.captured_at).day, clean(raw)
    instant = _instant(number if stamp or number > _MILLISECONDS else number * 1000)
    text = vietnam_day(instant).isoformat() if instant else ""
    return read_day(text, captured_at=page.captured_at).day, raw


def _instant(milliseconds: float) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None
