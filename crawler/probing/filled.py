"""Lists that a script fills: from the page without items to the section that reads its JSON.

Asks through the ``Visit`` for the site's own scripts and for the calls that stand in them; what
``calls`` and ``json_shape`` cannot decide becomes a question by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.discovery.counted import CURSOR, OFFSET, PAGE, PageRequest, filled, opening
from crawler.discovery.json_list import parsed, read_json
from crawler.errors import UnreadableList
from crawler.pages.captured import ListedPage
from crawler.probing import calls
from crawler.probing.channels import Found
from crawler.probing.clues import Clue
from crawler.probing.fetching import Answer
from crawler.probing.json_shape import FEWEST, naming, shape_of
from crawler.probing.result import Channel, Question
from crawler.profiles import Discover, JsonFields, Section
from crawler.urls import belongs, canonical_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.pages.captured import CapturedPage, ListedItem
    from crawler.probing.calls import Call
    from crawler.probing.fetching import Visit
    from crawler.probing.json_shape import Shape
    from crawler.probing.sections import Look
    from crawler.profiles import SiteProfile

MOST_PAGES = 4
"""Pages without items whose scripts are read."""
MOST_SCRIPTS = 6
"""Files of scripts that are asked for, for all of them together."""
MOST_TRIES = 10
"""Calls that are tried."""
_OK = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class FilledLists:
    """What was found of lists that a script fills."""

    channels: tuple[Channel, ...] = ()
    found: tuple[Found, ...] = ()
    """The same, with their items: sample articles are taken from them."""
    questions: tuple[Question, ...] = ()
    looked: Mapping[str, Clue | None] = field(default_factory=dict)
    """Pages whose list a script fills, by address, with what could not be decided; None: its
    list was found."""

    def before(self, used: Sequence[Channel]) -> list[Channel]:
        """Give the profile's channels: these lists first, feeds and sitemaps beside them."""
        if not self.channels:
            return list(used)
        names = {one.section.name for one in self.channels}
        further = []
        for one in used:
            section = one.section
            is_list = section.discover is Discover.LISTING
            name = section.name if section.name not in names else f"{section.name} (HTML)"
            section = section.model_copy(
                update={"extra": section.extra or not is_list, "name": name}
            )
            further.append(replace(one, section=section))
        return [*self.channels, *further]


def find(
    visit: Visit, looks: Sequence[Look], profile: SiteProfile, *, known: Iterable[ListedItem] = ()
) -> FilledLists:
    """Find the calls that fill the lists of pages without items.

    ``known`` are the items of lists that need no call: one that brings nothing else is left out.
    """
    return _Finder(visit, profile, {canonical_for(item.url, profile) for item in known}).run(looks)


class _Finder:
    def __init__(self, visit: Visit, profile: SiteProfile, known: set[str]) -> None:
        self.visit, self.profile, self.known = visit, profile, known
        self.scripts: dict[str, str] = {}
        self.asked: set[str] = set()
        self.found: list[tuple[Section, Found, Clue]] = []
        self.questions: dict[str, Question] = {}
        self.looked: dict[str, Clue | None] = {}
        self.place = ""
        """The page whose scripts are read."""

    def run(self, looks: Sequence[Look]) -> FilledLists:
        empty = [look for look in looks if len(look.items) < FEWEST and not look.is_article]
        for look in empty[:MOST_PAGES]:
            self.place = look.link.url
            scripts = [*calls.inline_scripts(look.page), *self._own_scripts(look.page)]
            if self._state(look) or self._calls(look, scripts):
                continue
        channels, names = [], set()
        for section, _, clue in self.found:
            numbered = (f"{section.name} ({number})" for number in count(2))
            name = section.name
            while name in names:
                name = next(numbered)
            names.add(name)
            named = section.model_copy(update={"name": name})
            channels.append(Channel(section=named, clues=(clue,)))
        return FilledLists(
            channels=tuple(channels),
            found=tuple(found for _, found, _ in self.found),
            questions=() if channels else tuple(self.questions.values()),
            looked=self.looked,
        )

    def _own_scripts(self, page: CapturedPage) -> Iterator[str]:
        """Give the site's own files of scripts; libraries of others are not asked for."""
        for url in calls.script_addresses(page):
            if not belongs(url, self.profile) or _LIBRARY.search(urlsplit(url).path):
                continue
            if url not in self.scripts:
                if len(self.scripts) >= MOST_SCRIPTS:
                    return
                got = self.visit.get(url)
                is_there = isinstance(got, Answer) and got.page.status == _OK
                self.scripts[url] = got.page.text if isinstance(got, Answer) and is_there else ""
            yield self.scripts[url]

    # ------------------------------------------------------------------ data in the page

    def _state(self, look: Look) -> bool:
        """Take a list that the page carries as data; tell whether there is one."""
        for script, value in calls.states(look.page):
            shape = shape_of(value, look.page)  # type: ignore[arg-type]  # as json.loads gives it
            if shape is None or shape.day is None or shape.link is None:
                continue
            fields = shape.fields(shape.link).model_copy(update={"script": script})
            section = Section(
                name="-",
                url=self._relative(look.link.url),
                discover=Discover.JSON,
                json_fields=fields,
            )
            if self._take(look, look.page, [section], ("dữ liệu trong trang", "data in the page")):
                return True
        return False

    # ---------------------------------------------------------------------------- calls

    def _calls(self, look: Look, scripts: Sequence[str]) -> bool:
        """Try the calls of a page's scripts; tell whether one gives a list of posts."""
        for call in calls.calls(look.page, scripts):
            named = f"{call.url} {call.post or ''}"
            if named in self.asked:
                continue
            self.asked.add(named)
            if self._cannot_be_asked(call):
                continue
            if len(self.asked) > MOST_TRIES:
                return False
            if self._try(look, call, scripts):
                return True
        return False

    def _cannot_be_asked(self, call: Call) -> bool:
        path = urlsplit(call.url).path
        is_ours = belongs(call.url, self.profile)
        is_post = call.post is not None
        if not call.speaks_of_news and (not is_ours or is_post or call.unknown):
            return True  # weather, maps, counters: nothing to ask anybody about
        if not is_ours:
            host = urlsplit(call.url).hostname
            self._ask(
                "hosts",
                f"kịch bản của trang gọi máy chủ {host} ({path}): nếu là của đơn vị thì thêm vào "
                "hosts rồi chạy lại",
                f"a script of the page calls the host {host} ({path}): if it is the unit's, add it "
                "to hosts and run this again",
            )
        elif call.may_change_something:
            self._ask(
                "sections",
                f"kịch bản của trang gọi {path} bằng POST; tên này có thể là ghi dữ liệu nên không "
                "gọi thử: nếu đó là danh sách thì ghi post, hoặc dùng render: browser",
                f"a script of the page calls {path} by POST; by its name it may write something, "
                "so it was not tried: if it is a list, write post, or use render: browser",
            )
        elif call.unknown:
            names = ", ".join(call.unknown)
            self._ask(
                "sections",
                f"kịch bản của trang gọi {path} với {names} chưa rõ giá trị: mở trang bằng trình "
                "duyệt, chép địa chỉ được gọi vào url (discover: json)",
                f"a script of the page calls {path} with an unknown {names}: open the page in a "
                "browser and copy the address that it calls into url (discover: json)",
            )
        else:
            return False
        return True

    def _ask(self, about: str, vi: str, en: str) -> None:
        self.questions.setdefault(en, Question(about, Clue(vi, en)))
        self.looked.setdefault(self.place, Clue(vi, en))

    def _try(self, look: Look, call: Call, scripts: Sequence[str]) -> bool:
        first = 1 if call.first_page is None else call.first_page
        page = self._opened(self._plain(call, _UNKNOWN, first))
        shape = self._shape(page)
        path = urlsplit(call.url).path
        if page is None or shape is None:
            if call.post is not None:
                self._ask(
                    "sections",
                    f"kịch bản của trang gọi {path} bằng POST, gọi thử không ra danh sách JSON: "
                    "dùng render: browser",
                    f"a script of the page calls {path} by POST, which gave no list in JSON: use "
                    "render: browser",
                )
            return False
        if shape.day is None:
            self._ask(
                "json_fields.day",
                f"{path} trả về danh sách “{shape.title}” nhưng không thấy trường ngày đăng",
                f"{path} gives a list of '{shape.title}' without a field for the day",
            )
            return False
        forms = [shape.link] if shape.link else calls.link_forms(scripts)
        for form in forms:
            fields = shape.fields(form)
            if self._leads_to_an_article(fields, page):
                first = self._first_page(call, fields, first)
                page = self._opened(self._plain(call, fields, first)) or page
                return self._take(look, page, self._ways(call, fields, first, page), _BY_CALL)
        self._ask(
            "json_fields.link",
            f"{path} trả về danh sách “{shape.title}” nhưng không rõ địa chỉ bài: mở một bài, ghi "
            f"mẫu địa chỉ bằng các trường {', '.join(list(shape.entries[0])[:8])}",
            f"{path} gives a list of '{shape.title}', but not the articles' addresses: open one "
            f"and write its form with the fields {', '.join(list(shape.entries[0])[:8])}",
        )
        return False

    def _ways(
        self, call: Call, fields: JsonFields, first: int, page: CapturedPage
    ) -> Iterator[Section]:
        """Give the sections by which the list's next page may be asked, then that of one page."""
        if call.place in {PAGE, OFFSET}:
            yield self._paged(call, fields, first)
        for name in naming(parsed(page)):
            named = fields.model_copy(update={"next": name})
            if call.place == CURSOR:
                yield self._paged(call, named, first)
            elif call.place is None and call.post is None:
                yield self._plain(call, named, first)
        yield self._plain(call, fields, first)

    def _plain(self, call: Call, fields: JsonFields, first: int) -> Section:
        """Give the section that asks for the first page alone."""
        value = {PAGE: str(first), OFFSET: "0"}.get(call.place or "", "")
        return Section(
            name="-",
            url=self._relative(call.at(first)),
            discover=Discover.JSON,
            post=filled(call.post, call.place, value) if call.post is not None else None,
            json_fields=fields,
        )

    def _paged(self, call: Call, fields: JsonFields, first: int) -> Section:
        plain = self._plain(call, fields, first)
        first = first if call.place == PAGE else 1
        if call.post is not None:
            return plain.model_copy(update={"post": call.post, "first_page": first})
        pages = self._relative(call.url)
        return plain.model_copy(update={"pages": pages, "first_page": first})

    def _opened(self, section: Section) -> CapturedPage | None:
        """Give the answer to a section's first question."""
        return self._answer(opening(self.profile.address_of(section), section))

    def _answer(self, question: PageRequest) -> CapturedPage | None:
        got = self.visit.get(question.url, question.form)
        is_there = isinstance(got, Answer) and got.page.status == _OK
        return got.page if isinstance(got, Answer) and is_there else None

    def _shape(self, page: CapturedPage | None) -> Shape | None:
        if page is None or page.body[:64].lstrip()[:1] not in {b"{", b"["}:
            return None
        try:
            return shape_of(parsed(page), page)
        except UnreadableList:
            return None

    def _read(self, page: CapturedPage | None, section: Section) -> ListedPage:
        """Give a page of a list, with the items that are the site's; empty when it is none."""
        try:
            listed = read_json(page, self.profile.located(section)) if page else _NOTHING
        except UnreadableList:
            return _NOTHING
        own = tuple(item for item in listed.items if belongs(item.url, self.profile))
        return replace(listed, items=own)

    def _leads_to_an_article(self, fields: JsonFields, page: CapturedPage) -> bool:
        """Open the first entry: its title must stand on the page that comes."""
        section = Section(name="-", url="-", discover=Discover.JSON, json_fields=fields)
        items = self._read(page, section).items
        if len(items) < FEWEST:
            return False
        got = self._answer(PageRequest(items[0].url))
        title = " ".join((items[0].title or "").split())
        return got is not None and (not title or title in " ".join(got.text.split()))

    def _first_page(self, call: Call, fields: JsonFields, first: int) -> int:
        """Find out whether the pages are counted from 0, where the script does not say."""
        if call.place != PAGE or call.first_page is not None:
            return first
        sections = (self._plain(call, fields, number) for number in (0, first))
        before, here = (
            {item.url for item in self._read(self._opened(one), one).items} for one in sections
        )
        return 0 if before and not before & here else first

    def _take(
        self, look: Look, page: CapturedPage, ways: Iterable[Section], where: tuple[str, str]
    ) -> bool:
        """Write the section, by the first way that leads on, if it brings what no other list has.

        ``page`` is its first page; the last way is the one without a next page.
        """
        for section in ways:
            first = self._read(page, section)
            new = {canonical_for(item.url, self.profile) for item in first.items} - self.known
            if len(new) < FEWEST:
                return False
            clue = self._next_page(first, section)
            if clue is not None or not section.is_paged:
                break
        self.known |= new
        clue = clue or Clue("không thấy cách sang trang sau", "no way to its next page is seen")
        dated = sum(item.day is not None for item in first.items)
        said = Clue(
            f"{where[0]}: {len(first.items)} mục, {dated} có ngày; {clue.vi}",
            f"{where[1]}: {len(first.items)} items, {dated} with a day; {clue.en}",
        )
        section = section.model_copy(update={"name": look.link.name})
        found = Found(
            discover=Discover.JSON, url=self.profile.address_of(section), items=first.items
        )
        self.found.append((section, found, said))
        self.looked[look.link.url] = None
        return True

    def _next_page(self, first: ListedPage, section: Section) -> Clue | None:
        """Say how many new items the next page brings; None: there is none, or it brings none."""
        if first.next_url is None or not belongs(first.next_url, self.profile):
            return None
        page = self._answer(PageRequest(first.next_url, first.next_form))
        second = self._read(page, section)
        more = {item.url for item in second.items} - {item.url for item in first.items}
        if not more:
            return None
        return Clue(f"trang sau có {len(more)} mục mới", f"its next page has {len(more)} new")

    def _relative(self, url: str) -> str:
        return url.removeprefix(self.profile.base_url) or "./"


_BY_CALL = ("lời gọi trong kịch bản của trang", "a call in the page's scripts")
_UNKNOWN = JsonFields(link="-")
"""Before an answer was seen."""
_NOTHING = ListedPage(items=(), next_url=None)
_LIBRARY = re.compile(
    r"jquery|bootstrap|popper|swiper|slick|owl|fontawesome|moment|lodash|polyfill|analytics|gtag"
    r"|modernizr|fancybox|recaptcha|wp-includes/|datepicker|select2",
    re.IGNORECASE,
)
