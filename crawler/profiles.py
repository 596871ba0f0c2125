"""Site profiles: what an operator writes about a site in YAML, loaded and checked as a whole.

Facts about a site live here, logic lives in ``crawler.pages``. Every error of every file is
reported at once as ``file:line: field: message``; items of a list are counted from 1.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from importlib import resources
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawler.discovery.counted import CURSOR, OFFSET, PAGE, place_in
from crawler.errors import ProfileError
from crawler.pages.dates import Clock
from crawler.profile_fields import (
    BaseUrl,
    CountedAddress,
    DayFormat,
    FamilyName,
    Host,
    Hours,
    LanguagePrefix,
    Number,
    Positive,
    Posted,
    Regex,
    Selector,
    SiteCode,
    Text,
    Trust,
)
from crawler.urls import belongs
from storage import lined_yaml
from storage.language import t
from storage.records import DateSource, ListOrder

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from storage.lined_yaml import Place


class Discover(StrEnum):
    """How a section's articles are found."""

    LISTING = "listing"
    FEED = "feed"
    SITEMAP = "sitemap"
    REST = "rest"
    """WordPress's own interface: '/wp-json/wp/v2/posts?per_page=50'."""
    JSON = "json"
    """The call that fills a list by script; ``json_fields`` names its parts."""


MACHINE_READ = frozenset({Discover.REST, Discover.JSON})
"""Paged lists in JSON: an answer without items is their end."""


class Tls(StrEnum):
    """What to do when a server's certificate fails the check."""

    VERIFY = "verify"
    """Do not read the site; the failure is named."""
    ACCEPT_BROKEN = "accept_broken"
    """Read it, and say with each capture that the server was not verified."""


class Robots(StrEnum):
    """What to do when robots.txt itself cannot be had: no answer, or a server error.

    RFC 9309 § 2.3.1.4.
    """

    OBEY = "obey"
    """Ask nothing: what is allowed is not known."""
    OBEY_UNLESS_BROKEN = "obey_unless_broken"
    """Read the site: its operator has confirmed that nothing is forbidden."""


class Render(StrEnum):
    """What is read: the page as the server sends it, or as a browser shows it."""

    SERVER = "server"
    BROWSER = "browser"
    """Its scripts are run first, where nothing else gets at a list (``tinbai[browser]``)."""


# --------------------------------------------------------------------------- models


class _Written(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JsonFields(_Written):
    """Where the parts of an item stand in a list's JSON: dotted paths, e.g. 'data.items'."""

    items: Text | None = None
    """The list; None: the answer itself is the list."""
    link: Text
    """The address, or a form of it: '/tin-tuc/{slug}-{id}.html'."""
    title: Text | None = None
    day: Text | None = None
    """A printed day, or an instant as ISO text, as seconds or milliseconds since 1970."""
    script: Text | None = None
    """The id of the page's ``<script>`` that holds the JSON, e.g. '__NEXT_DATA__'; None: the
    answer itself is JSON."""
    next: Text | None = None
    """What names the page after: its address, or the word that goes in the place of ``{cursor}``;
    nothing there: it was the last one."""
    total: Text | None = None
    """How many entries the whole list has. With all of them shown it ends; with fewer at its end
    it was not seen in full."""


class Section(_Written):
    """One list, feed or sitemap (chuyên mục) in which a site announces articles."""

    name: Text
    url: Text
    """Relative to the profile's ``base_url``, or absolute."""
    discover: Discover = Discover.LISTING
    article: Regex | None = None
    """Searched in an item's address; items without a match are no articles. None: all are."""
    pages: CountedAddress | None = None
    """Address of a page where no link leads on: by its number, 'tin?page={page}'; of JSON also by
    the entries before it, 'tin?skip={offset}', or by the word that the answer before gave for it,
    'tin?after={cursor}'."""
    first_page: Number = 1
    """The number of the list's first page."""
    post: Posted | None = None
    """What is sent to ``url`` by POST, for a list in JSON: '{"page": {page}}' or 'page={page}';
    ``{offset}`` and ``{cursor}`` as in ``pages``. None: it is asked by GET."""
    page_size: Positive | None = None
    """Entries of every page but the last, where that is certain: then a shorter one, after a full
    one, is the end. None: the list ends with a page without entries."""
    json_fields: JsonFields | None = None
    extra: bool = False
    """A further channel (RSS, a sitemap) to articles that other sections list as well: it may
    show more of them, but days count as seen in full without it."""
    order: ListOrder | None = None
    """How the list stands, where the operator knows it; None: found out from the days shown.
    ``last_change`` has to be declared, ``unordered`` forbids every early stop."""
    render: Render = Render.SERVER
    """``browser``: the list is empty until a script has filled it."""

    @model_validator(mode="after")
    def _fits_its_channel(self) -> Section:
        if (self.discover is Discover.JSON) != (self.json_fields is not None):
            raise ValueError(
                t(
                    "json_fields đi cùng discover: json, và chỉ cùng với nó",
                    "json_fields goes with discover: json, and only with it",
                )
            )
        if self.render is Render.BROWSER and self.discover is not Discover.LISTING:
            raise ValueError(
                t(
                    "render: browser chỉ dùng với discover: listing",
                    "render: browser is for discover: listing",
                )
            )
        if self.pages and self.discover not in {Discover.LISTING, Discover.JSON}:
            raise ValueError(
                t(
                    "pages chỉ dùng với discover: listing hoặc json",
                    "pages is for discover: listing or json",
                )
            )
        return self

    @model_validator(mode="after")
    def _pages_in_one_way(self) -> Section:
        is_json, place = self.discover is Discover.JSON, self._place
        for problem in (
            t("post, page_size chỉ dùng với discover: json", "post, page_size: discover: json only")
            if not is_json and (self.post is not None or self.page_size)
            else None,
            t("{offset}, {cursor} chỉ dùng với discover: json", "{offset}, {cursor}: json only")
            if not is_json and place not in {None, PAGE}
            else None,
            t("chỉ ghi pages hoặc post", "either pages or post")
            if self.pages and self.post
            else None,
            t("{cursor} đi cùng json_fields.next", "{cursor} goes with json_fields.next")
            if place == CURSOR and not self._is_named_by_answers
            else None,
            t(
                "json_fields.next đi cùng {cursor}, hoặc đi một mình",
                "json_fields.next is for {cursor}",
            )
            if place in {PAGE, OFFSET} and self._is_named_by_answers
            else None,
        ):
            if problem is not None:
                raise ValueError(problem)
        return self

    @property
    def is_paged(self) -> bool:
        """Tell whether the profile says how the page after one is asked for."""
        return self._place is not None or self._is_named_by_answers

    @property
    def is_counted(self) -> bool:
        """Tell whether each page has a number of its own, so that none leads back."""
        return self._place in {PAGE, OFFSET}

    @property
    def may_be_misunderstood(self) -> bool:
        """Tell whether the site may take what is asked for a page as a question for the first one.

        What is sent may have another form than its script's; by number it may start over, and a
        number in an address may be passed over.
        """
        return self.post is not None or self._place is not None

    @property
    def _place(self) -> str | None:
        return place_in(self.post or self.pages or "")

    @property
    def _is_named_by_answers(self) -> bool:
        return self.json_fields is not None and self.json_fields.next is not None


class Noticed(_Written):
    """A page of the site that may list posts, and is no section."""

    name: Text
    url: Text
    """As a section's; it is not asked, and may lie on a host that is not listed."""
    why: str = ""
    """What speaks for and against it."""


class Selectors(_Written):
    """CSS selectors that replace those of the family."""

    item: Selector | None = None
    item_link: Selector | None = None
    item_title: Selector | None = None
    item_date: Selector | None = None
    next: Selector | None = None
    headline: Selector | None = None
    lead: Selector | None = None
    body: Selector | None = None
    date: Selector | None = None


class DateRules(_Written):
    """How the site's days are read."""

    formats: tuple[DayFormat, ...] = ()
    """strptime formats tried before the Vietnamese grammar, e.g. '%m/%d/%Y' for an odd site."""
    trust: Trust = (
        DateSource.STRUCTURED,
        DateSource.META,
        DateSource.TEMPLATE,
        DateSource.LIST,
        DateSource.FEED,
    )
    """Sources that may give the day, the most trusted first."""
    clock: Clock | None = None
    """What times marked as UTC's are. None: not known; of an evening another source must tell."""


class Bounds(_Written):
    """How many there ought to be; None: no bound on that side."""

    min: Number | None = None
    """Fewer: something broke, and the run fails."""
    max: Number | None = None
    """More: worth a look, the run says so."""

    @model_validator(mode="after")
    def _min_first(self) -> Bounds:
        if self.min is not None and self.max is not None and self.max < self.min:
            raise ValueError(t("max nhỏ hơn min", "max is less than min"))
        return self


class Expect(_Written):
    """What a complete run must find: less means that something broke."""

    articles_min: Number = 0
    dated_min: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Share of the articles that have a day."""
    articles_per_30_days: Bounds = Bounds()
    """Articles dated on the thirty days before the run's own, on all lists together."""


class ProfileVersion(_Written):
    """How the site is read until a redesign."""

    until: dt.date | None = None
    """Day of capture from which the next version is in force; None: still in force."""
    family: FamilyName
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    undecided: tuple[Noticed, ...] = ()
    """What may be a list of posts: until somebody makes it a section or says that it is none, no
    day of the site counts as seen in full."""
    not_news: tuple[Noticed, ...] = ()
    """What was looked at, or named by its menu, and is no list of posts."""
    select: Selectors = Selectors()
    dates: DateRules = DateRules()
    max_pages: Positive = 500
    """Pages asked of one section in one run, at most."""
    skip: tuple[Regex, ...] = ()
    """Addresses in which one of these is found are never asked."""
    render: Render = Render.SERVER
    """``browser``: articles as well are empty until a script has filled them."""

    @model_validator(mode="after")
    def _names_differ(self) -> ProfileVersion:
        named: tuple[Section | Noticed, ...] = (*self.sections, *self.undecided)
        names = [one.name for one in named]
        if len(set(names)) < len(names):
            raise ValueError(t("hai chuyên mục trùng tên", "two sections have one name"))
        return self

    @model_validator(mode="after")
    def _something_is_needed(self) -> ProfileVersion:
        if all(section.extra for section in self.sections):
            raise ValueError(
                t(
                    "mọi chuyên mục đều là kênh phụ (extra): cần ít nhất một danh sách chính",
                    "every section is extra: at least one must be a list that has to be seen",
                )
            )
        return self


class _ProfileFile(_Written):
    """A profile as it is written."""

    site: SiteCode
    base_url: BaseUrl
    """With a path, only addresses below it belong to the site. Ends with a slash."""
    hosts: tuple[Host, ...] = ()
    """Further hosts of the same site."""
    language_prefixes: tuple[LanguagePrefix, ...] = ()
    """First folders under which the same articles stand again: '/vi/tin', '/en/tin', '/tin'."""
    contact: str | None = None
    """Overrides the office's contact in the user agent."""
    delay_s: Annotated[float, Field(ge=0)] | None = None
    """Overrides the office's pause between two requests."""
    hours: Hours | None = None
    """When the site may be visited, Vietnam's time, e.g. '22:00-05:00'. None: always."""
    max_requests: Positive | None = None
    """Overrides the office's limit of requests to one host in one night."""
    tls: Tls = Tls.VERIFY
    robots: Robots = Robots.OBEY
    allow_private: bool = False
    """The site may lie on a private or loopback address."""
    versions: Annotated[tuple[ProfileVersion, ...], Field(min_length=1)]
    expect: Expect = Expect()


def is_rendered(version: ProfileVersion, section: Section | None) -> bool:
    """Tell whether a page is read as a browser shows it: a list's, or (None) any other."""
    if section is not None and section.discover is not Discover.LISTING:
        return False
    says = version.render, section.render if section else Render.SERVER
    return Render.BROWSER in says


def needs_browser(version: ProfileVersion) -> bool:
    """Tell whether anything of the site is read as a browser shows it."""
    return any(is_rendered(version, section) for section in (None, *version.sections))


class SiteProfile(_ProfileFile):
    """How to read one site."""

    digest: str
    """SHA-256 of the file, in hex."""

    def version_on(self, day: dt.date) -> ProfileVersion:
        """Give the version that was in force when a page was captured on that day."""
        return min(
            (v for v in self.versions if v.until is None or day < v.until),
            key=lambda version: version.until or dt.date.max,
        )

    def located(self, section: Section) -> Section:
        """Give the section with the address of its pages by number made absolute."""
        if section.pages is None:
            return section
        return section.model_copy(update={"pages": urljoin(self.base_url, section.pages)})

    def address_of(self, section: Section | Noticed) -> str:
        """Give the absolute address of a section, or of what may be one."""
        return urljoin(self.base_url, section.url)


# -------------------------------------------------------------------------- loading


def load_profiles(folder: Path) -> list[SiteProfile]:
    """Load every ``*.yml`` and ``*.yaml`` of a folder, in the order of file names.

    Raises:
        ProfileError: with all problems of all files.
    """
    if not folder.is_dir():
        raise ProfileError(
            t(
                f"Không có thư mục hồ sơ trang {folder}. Chạy: tinbai init",
                f"The folder of site profiles {folder} is missing. Run: tinbai init",
            )
        )
    return _load(sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]))


def load_profile(path: Path) -> SiteProfile:
    """Load one profile.

    Raises:
        ProfileError: with all its problems.
    """
    return _load([path])[0]


def example_profile() -> str:
    """Give the commented example that ``tinbai init`` puts beside the profiles."""
    return resources.files("crawler").joinpath("vi-du.yml.mau").read_text(encoding="utf-8")


def _load(paths: list[Path]) -> list[SiteProfile]:
    profiles: dict[str, SiteProfile] = {}
    problems: list[str] = []
    for path in paths:
        try:
            written = lined_yaml.read(path, _ProfileFile, known_keys=_KEYS)
        except lined_yaml.Problems as found:
            problems += found.problems
            continue
        profile = SiteProfile(**dict(written.value), digest=written.digest)
        misfits = [*_misfits(profile), *_taken(profile, profiles)]
        problems += [written.problem(place, text) for place, text in misfits]
        profiles[profile.site] = profile
    if problems:
        raise ProfileError(
            t("Hồ sơ trang có lỗi:", "The site profiles have errors:"), tuple(problems)
        )
    return list(profiles.values())


_KEYS = tuple(
    name
    for model in (
        *(_ProfileFile, ProfileVersion, Section, Noticed, JsonFields, Selectors),
        *(DateRules, Bounds, Expect),
    )
    for name in model.model_fields
)


def _taken(profile: SiteProfile, earlier: Container[str]) -> Iterator[tuple[Place, str]]:
    if profile.site in earlier:
        vi = f"mã trang “{profile.site}” đã có ở tệp khác"
        yield ("site",), t(vi, f"the site '{profile.site}' is already in another file")


def _misfits(profile: SiteProfile) -> Iterator[tuple[Place, str]]:
    """Give what is wrong between fields that are right one by one."""
    ends = [version.until for version in profile.versions]
    if None not in ends:
        vi = "cần một phiên bản đang dùng (không ghi until)"
        yield ("versions",), t(vi, "one version must be in force (without 'until')")
    for v, version in enumerate(profile.versions):
        if version.until in ends[:v]:
            place: Place = ("versions", v, "until")
            yield place, t("hai phiên bản có cùng until", "two versions have one 'until'")
        for s, section in enumerate(version.sections):
            address = profile.address_of(section)
            if not belongs(address, profile):
                place = ("versions", v, "sections", s, "url")
                vi = f"địa chỉ {address} nằm ngoài trang (base_url và hosts)"
                yield place, t(vi, f"the address {address} leaves the site (base_url and hosts)")
        settled: tuple[Section | Noticed, ...] = (*version.sections, *version.not_news)
        decided = {profile.address_of(one) for one in settled}
        for n, noticed in enumerate(version.undecided):
            if profile.address_of(noticed) in decided:
                place = ("versions", v, "undecided", n, "url")
                vi = f"{noticed.url} đã có ở sections hoặc not_news: bỏ khỏi undecided"
                yield place, t(vi, f"{noticed.url} is in sections or not_news: remove it here")
