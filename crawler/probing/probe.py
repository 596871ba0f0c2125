"""The probe of a site: from its home page to all that a profile has to say, with the evidence.

Asks through a ``Visit`` and judges with the pure modules beside it. What the evidence does not
decide becomes a ``Question``, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler import quality
from crawler.discovery.counted import PAGE
from crawler.pages.selectors import select
from crawler.probing import (
    channels,
    dayorder,
    derive,
    filled,
    links,
    markers,
    remarks,
    samples,
    sections,
    utcclock,
)
from crawler.probing.choosing import FurtherPages, choose, questions
from crawler.probing.clues import Clue
from crawler.probing.dayorder import Printed
from crawler.probing.exploring import Explorer
from crawler.probing.fetching import Answer, Miss, in_words
from crawler.probing.links import Kind, PageLink
from crawler.probing.places import Sample
from crawler.probing.result import Channel, Probe, code_of
from crawler.probing.sections import Verdict
from crawler.profiles import DateRules, Discover, ProfileVersion, Section, Selectors, SiteProfile
from crawler.urls import belongs, canonical_for
from storage.errors import TinbaiError
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.pages.captured import CapturedPage, ListedItem
    from crawler.probing.channels import Found
    from crawler.probing.dayorder import Decision
    from crawler.probing.fetching import Visit
    from crawler.probing.markers import Guess
    from crawler.probing.samples import Fit, Read
    from crawler.probing.sections import Look
    from crawler.probing.utcclock import ClockDecision

SAMPLES = 10
"""Articles that are read to see whether a profile would fit."""
CLOCKED = 2 * utcclock.LEAST
"""Articles whose hours are looked at where days hang on the clock that is meant."""
PER_UNDATED = 2
"""Articles of a list without days that are asked for: they tell whether it is one of news."""
PAGED = 4
"""Lists whose second page is asked for."""
COUNTED = 6
"""Lists without a link to a next page for which addresses with a number are tried."""
FEEDS, SITEMAPS = 4, 3
"""Addresses that are tried for each."""


class HomePageError(TinbaiError):
    """The home page cannot be had or read: there is nothing to begin with."""


def trial_profile(base_url: str, hosts: Sequence[str] = (), site: str = "probe") -> SiteProfile:
    """Give a profile that says no more than where a site lies."""
    version = ProfileVersion(family="generic", sections=(Section(name="-", url="./"),))
    return SiteProfile(
        site=site, base_url=base_url, hosts=tuple(hosts), versions=(version,), digest=""
    )


def with_twin(url: str) -> tuple[str, ...]:
    """Give the same host with or without 'www.', where that makes sense."""
    host = (urlsplit(url).hostname or "").lower()
    if host.count(".") < 1 or re.fullmatch(r"[\d.]+", host) or ":" in host:
        return ()
    return (host.removeprefix("www."),) if host.startswith("www.") else (f"www.{host}",)


def probe(visit: Visit, url: str, *, site: str | None = None) -> Probe:
    """Find out all about the site with this home page.

    Raises:
        HomePageError: the home page cannot be had or is no real page.
    """
    home = _home(visit, url)
    base_url = links.base_of(home)
    hosts = tuple(dict.fromkeys((*with_twin(base_url), *visit.profile.hosts)))
    own = urlsplit(base_url).hostname
    profile = trial_profile(base_url, [host for host in hosts if host != own])
    return _Prober(visit, home, profile).run(site or code_of(base_url))


def _home(visit: Visit, url: str) -> CapturedPage:
    onward: str | None = url
    while onward is not None:
        url, got = onward, visit.get(onward)
        if isinstance(got, Miss):
            raise HomePageError(
                t(
                    f"Không mở được {url}: {in_words(got)}. Kiểm tra địa chỉ, mạng và proxy "
                    "trong tinbai.toml rồi thử lại.",
                    f"Cannot open {url}: {in_words(got)}. Check the address, the network and "
                    "the proxy in tinbai.toml, then try again.",
                )
            )
        verdict = quality.judge(got.page) if links.is_of_a_size(got.page) else quality.REAL
        if verdict.disposition is not None:
            raise HomePageError(
                t(
                    f"{url} không trả về một trang đọc được ({verdict.reason}).",
                    f"{url} does not answer with a page that can be read ({verdict.reason}).",
                )
            )
        page = got.page
        sent_on = links.refreshed_to(page)
        onward = sent_on if sent_on and sent_on not in visit.answers else None
    return page


@dataclass
class _Prober:
    """The steps of one probe, in the order in which ``run`` takes them."""

    visit: Visit
    home: CapturedPage
    profile: SiteProfile
    further: FurtherPages = field(default_factory=FurtherPages)
    posts: set[str] = field(default_factory=set)
    """Canonical addresses of what feeds announce."""
    _read: dict[ProfileVersion, list[Look]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.met = Explorer(self.visit, self.home, self.profile)

    def run(self, site: str) -> Probe:
        guesses = markers.guesses([self.home])
        version = self._version(guesses[0].family if guesses else "generic")
        self.met.explore(version)
        guesses = markers.guesses([self.home, *(page for _, page in self.met.pages.values())])
        version = self._version(self._list_family(guesses))
        found = self._channels(guesses[0].family if guesses else "")
        self.posts = {
            canonical_for(item.url, self.profile)
            for one in found
            if one.discover is not Discover.SITEMAP
            for item in one.items
        }
        judged = self._judged(version)
        scripted = self._filled(version, judged)
        taken = self._samples(judged, [*scripted.found, *found])
        if self._explore_listed(judged, taken, version):
            judged = self._judged(version)
            taken = self._samples(judged, [*scripted.found, *found])
        fit = samples.best_fit(taken, version, markers.worth_trying(version.family, guesses))
        fit = fit or samples.fit_of((), version)
        days = self._day_order(fit)
        clock = self._clock(fit, found, judged)
        if days.formats or clock.clock:
            rules = DateRules(formats=days.formats, clock=clock.clock)
            fit = samples.fit_of(taken, fit.version.model_copy(update={"dates": rules}))
        fit = samples.with_selectors(self._with_titles(fit))
        version, reads = fit.version, fit.reads
        judged = self._judged(version)
        judged = self._settled(judged, reads)
        self._second_pages(judged, version)
        used, others = choose(judged, found, reads, self.further, self.profile)
        used = scripted.before(used)
        chosen = self._used_selectors(version, used)
        undecided, not_news = remarks.remarks(judged, self.met, used, scripted.looked, version)
        clues = [*(guesses[0].clues if guesses else ()), samples.clue_of(reads)]
        trust = samples.trust_of(reads)
        return Probe(
            site=site,
            base_url=self.profile.base_url,
            hosts=self._hosts(),
            probed_at=self.home.captured_at,
            guesses=tuple(guesses),
            family=version.family,
            family_clues=tuple(clues),
            select=chosen,
            channels=tuple(used),
            looked=tuple(judged),
            others=tuple(others),
            undecided=tuple(undecided),
            not_news=tuple(not_news),
            days=days,
            trust=trust,
            clock=clock,
            reads=reads,
            misses=tuple(self.met.misses),
            robots=self.visit.robots_of(self.home.url),
            tls=self.visit.tls,
            requests=self.visit.asked,
            seconds=tuple(self.visit.seconds),
            questions=(
                *questions(used, judged, days, reads),
                *scripted.questions,
                *remarks.questions(undecided),
            ),
        )

    # ------------------------------------------------------------------------- judging

    def _version(self, family: str) -> ProfileVersion:
        return self.profile.versions[0].model_copy(update={"family": family})

    def _list_family(self, guesses: Sequence[Guess]) -> str:
        """Give the likeliest family that finds the most items with days on the lists."""
        families = dict.fromkeys([*(guess.family for guess in guesses[:2]), "generic"])
        return max(families, key=lambda name: self._dated_items(self._version(name)))

    def _dated_items(self, version: ProfileVersion) -> int:
        """Count those on lists: what an article says of others is no list of its section."""
        looks = self._looks(version)
        return sum(len(look.days) for look in looks if not look.is_article)

    def _looks(self, version: ProfileVersion) -> list[Look]:
        """Read all pages as lists; the home page last."""
        if version not in self._read:
            self._read[version] = list(self._look(version))
        return self._read[version]

    def _look(self, version: ProfileVersion) -> Iterator[Look]:
        home = PageLink(
            self.profile.base_url,
            t("Trang chủ", "Home page"),
            Kind.OTHER,
            is_in_menu=True,
            is_titled=False,
        )
        homes = [(home, self.home)] if links.is_of_a_size(self.home) else []
        pairs = [*self.met.pages.values(), *homes]
        looks = [sections.look_at(link, page, version, self.profile) for link, page in pairs]
        lists = {canonical_for(one.link.url, self.profile) for one in looks if one.is_dated_list}
        return (sections.without(one, lists, self.profile) for one in looks)

    def _judged(self, version: ProfileVersion) -> list[sections.Section]:
        """Judge all pages, the home page last: what it lists mostly stands elsewhere, too."""
        return sections.judge(self._looks(version), self.profile, self.posts)

    def _settled(
        self, judged: Sequence[sections.Section], reads: Sequence[Read]
    ) -> list[sections.Section]:
        """Let sample articles decide on the lists without days; any list may have led to them."""
        by_address = {canonical_for(one.sample.item.url, self.profile): one for one in reads}
        settled = []
        for section in judged:
            shown = (canonical_for(item.url, self.profile) for item in section.look.items)
            its_own = [by_address[address] for address in shown if address in by_address]
            settled.append(sections.settled_by_articles(section, its_own))
        return settled

    def _with_titles(self, fit: Fit) -> Fit:
        """Give the fit with the lists' links that show the headlines, where that is better."""
        read = [(one.sample, one.extraction.headline) for one in fit.reads if one.extraction]
        lists = {look.link.url: look.page for look in self._looks(fit.version)}
        path = None if fit.is_perfect else derive.item_link_selector(read, lists)
        if path is None:
            return fit
        chosen = fit.version.select.model_copy(update={"item_link": path})
        version = fit.version.model_copy(update={"select": chosen})
        items = {
            (look.link.url, item.url): item for look in self._looks(version) for item in look.items
        }
        taken = [
            replace(
                one.sample,
                item=items.get((one.sample.section, one.sample.item.url), one.sample.item),
            )
            for one in fit.reads
        ]
        trial = samples.fit_of(taken, version)
        is_whole = self._item_count(version) >= self._item_count(fit.version)
        return trial if is_whole and trial.score > fit.score else fit

    def _used_selectors(self, version: ProfileVersion, used: Sequence[Channel]) -> Selectors:
        """Give the version's selectors, without one for links that no list of the profile needs."""
        css = version.select.item_link
        urls = {self.profile.address_of(one.section) for one in used}
        lists = [look.page for look in self._looks(version) if look.link.url in urls]
        if css is None or any(select(page.tree, css) for page in lists):
            return version.select
        return version.select.model_copy(update={"item_link": None})

    def _hosts(self) -> tuple[str, ...]:
        """Give the further hosts that pages of the site really were found on."""
        seen = {urlsplit(page.url).hostname or "" for _, page in self.met.pages.values()}
        return tuple(sorted(seen & set(self.profile.hosts)))

    def _item_count(self, version: ProfileVersion) -> int:
        return sum(len(look.items) for look in self._looks(version))

    def _day_order(self, fit: Fit) -> Decision:
        rows = [
            [Printed(item.day_raw, look.page.captured_at) for item in look.items if item.day_raw]
            for look in self._looks(fit.version)
        ]
        single = [
            Printed(raw, one.sample.page.captured_at, certain=certain)
            for one in fit.reads
            for certain in [next((one.days[s] for s in samples.CERTAIN if s in one.days), None)]
            for raw in [
                one.extraction.date_published_raw if one.extraction else None,
                one.sample.item.day_raw,
            ]
            if raw
        ]
        return dayorder.decide(rows, single)

    # ------------------------------------------------------- lists of lists, with their days

    def _explore_listed(
        self,
        judged: Sequence[sections.Section],
        taken: Sequence[Sample],
        version: ProfileVersion,
    ) -> bool:
        """Look at the items of a list as sections, where they are lists; tell whether any are.

        Some sites show their sections as they show posts: each with the day of its newest.
        """
        of_lists = {one.section for one in taken if sections.is_list(samples.read(one, version))}
        looks = [one.look for one in judged if one.verdict is Verdict.NEWS]
        nested = [one for one in looks if one.link.url in of_lists and self._nests(one, version)]
        for look in nested:
            self.met.look_at_listed(look)
        if nested:
            self._read.clear()
        return bool(nested)

    def _nests(self, look: Look, version: ProfileVersion) -> bool:
        """Tell whether the first items of a list are all lists of dated links themselves."""
        first = [("", item) for item in look.items[: sections.LEAST_UNDATED]]
        opened = self._opened(first, most=len(first), kept_back=PAGED)
        reads = [samples.read(one, version) for one in opened]
        return len(reads) == sections.LEAST_UNDATED and all(map(sections.is_list, reads))

    # ----------------------------------------------------------------- channels and samples

    def _channels(self, software: str) -> list[Found]:
        """Ask for feeds and sitemaps where they may be."""
        pages = [self.home, *(page for _, page in self.met.pages.values())]
        base = self.profile.base_url
        feeds = channels.feed_addresses(pages, software, base)[:FEEDS]
        named = self.visit.robots_of(self.home.url).sitemaps
        maps = channels.sitemap_addresses(named, software, base)[:SITEMAPS]
        found = [
            *(self._channel(url, Discover.FEED) for url in feeds),
            *(self._channel(url, Discover.SITEMAP) for url in maps),
            *(self._channel(url, Discover.REST) for url in channels.rest_addresses(self.home)),
        ]
        answered = [one for one in found if one is not None]
        return list({canonical_for(one.url, self.profile): one for one in answered}.values())

    def _filled(
        self, version: ProfileVersion, judged: Sequence[sections.Section]
    ) -> filled.FilledLists:
        """Look for the calls of scripts, where pages show no list of their own."""
        news = [one.look for one in judged if one.verdict is Verdict.NEWS]
        known = [item for look in news for item in look.items]
        promising = {Kind.NEWS} if news else {Kind.NEWS, Kind.OTHER}
        looks = [look for look in self._looks(version) if look.link.kind in promising]
        return filled.find(self.visit, looks, self.profile, known=known)

    def _channel(self, url: str, discover: Discover) -> Found | None:
        if not belongs(url, self.profile):
            return None
        got = self.visit.get(url)
        if not isinstance(got, Answer) or got.page.status != _OK:
            return None
        return channels.read_channel(got.page, discover, self.profile)

    def _clock(
        self, fit: Fit, found: Sequence[Found], judged: Sequence[sections.Section]
    ) -> ClockDecision:
        """Decide what marks of UTC mean; where days hang on it, by the hours of more articles."""
        printed = [
            *(raw for one in fit.reads for raw in one.machine_days),
            *(item.day_raw for one in found for item in one.items if item.day_raw),
        ]
        decision = utcclock.decide(printed)
        room = self.visit.requests - self.visit.asked - 2 * PAGED - COUNTED
        is_open = decision.clock is None and samples.needs_clock(fit.reads, fit.version.dates)
        if not is_open or room <= 0:
            return decision
        after = islice(self._pages_after(judged, fit.version), PAGED)
        most = min(CLOCKED, len(fit.reads) + room)
        further = self._samples([*judged, *after], found, most)
        more = (samples.read(one, fit.version) for one in further)
        return utcclock.decide([*printed, *(raw for one in more for raw in one.machine_days)])

    def _pages_after(
        self, judged: Sequence[sections.Section], version: ProfileVersion
    ) -> Iterator[sections.Section]:
        """Give the second pages of the lists of news, as lists of their own."""
        for one in judged:
            after = one.look.next_url if one.verdict is Verdict.NEWS else None
            if after and not one.look.is_form and (page := self.met.page(after)) is not None:
                look = sections.look_at(one.look.link, page, version, self.profile)
                yield replace(one, look=look)

    def _samples(
        self,
        judged: Sequence[sections.Section],
        found: Sequence[Found],
        most: int = SAMPLES,
    ) -> list[Sample]:
        """Take articles of every list without days, to decide on it; then from all in turn."""
        lists = [one.look for one in judged if one.verdict is Verdict.NEWS]
        unsure = [one.look for one in judged if one.verdict is Verdict.UNDATED]
        deciding = [
            (look.link.url, item)
            for place in range(PER_UNDATED)
            for look in unsure
            for item in look.items[place : place + 1]
        ]
        others = [
            *_in_turn([(look.link.url, look.items) for look in lists]),
            *((one.url, item) for one in found for item in one.items[:SAMPLES] if not lists),
        ]
        kept_back = PAGED + SAMPLES // 2
        taken = list(self._opened(deciding, most=len(deciding), kept_back=kept_back))
        asked = {canonical_for(item.url, self.profile) for _, item in deciding}
        fresh = [one for one in others if canonical_for(one[1].url, self.profile) not in asked]
        most = max(most - len(taken), SAMPLES // 2)
        return [*taken, *self._opened(fresh, most=most, kept_back=PAGED)]

    def _opened(
        self, wanted: Sequence[tuple[str, ListedItem]], *, most: int, kept_back: int
    ) -> Iterator[Sample]:
        """Open articles, each once, while more requests are left than are kept back."""
        asked: set[str] = set()
        taken = 0
        for section, item in wanted:
            address = canonical_for(item.url, self.profile)
            if address in asked:
                continue
            if taken >= most or len(asked) >= SAMPLES + most or not self.met.has_room(kept_back):
                return
            asked.add(address)
            page = self.met.page(item.url)
            if page is not None:
                taken += 1
                yield Sample(section=section, item=item, page=page)

    def _second_pages(self, judged: Sequence[sections.Section], version: ProfileVersion) -> None:
        """Ask whether the next page of the longest lists brings new items."""
        looks = [one.look for one in judged if one.verdict is Verdict.NEWS]
        linked = [look for look in looks if look.next_url and not look.is_form]
        for look in sorted(linked, key=lambda one: -len(one.items))[:PAGED]:
            new = self._new_items(look, look.next_url or "", version)
            if new == 0:
                self.further.fruitless.add(look.link.url)
            self.further.said[look.link.url] = (
                Clue("không mở được trang 2", "page 2 cannot be had")
                if new is None
                else Clue(f"trang 2 có {new} mục mới", f"page 2 has {new} new items")
            )
        open_ended = [look for look in looks if sections.may_go_on(look)]
        promising = [look for look in open_ended if sections.promises_more(look)]
        if not linked and not promising:
            promising = open_ended[:1]
        for look in [*promising, *(one for one in open_ended if one not in promising)][:COUNTED]:
            if look in promising or self.further.counted:
                self._count(look, version)

    def _count(self, look: Look, version: ProfileVersion) -> None:
        """Try the usual addresses of a second page, for a list that has no link to one."""
        known = {form for form, _ in self.further.counted.values()}
        forms = channels.page_forms(look.link.url)
        for form in [form for form in forms if form in known] or forms:
            second = forms[form].replace(PAGE, "2")
            if self._new_items(look, second, version):
                self.further.counted[look.link.url] = (form, forms[form] + self._slash(second))
                shown = urlsplit(second).path
                self.further.said[look.link.url] = Clue(
                    f"trang sau không có liên kết đọc được; thử {shown} thấy mục mới",
                    f"no link to its next page that can be read; {shown} was tried and has new "
                    "items",
                )
                return

    def _slash(self, url: str) -> str:
        """Give the slash that an address was sent on to; nothing where it was not."""
        got = self.visit.get(url)
        return "/" if isinstance(got, Answer) and got.page.url == f"{url}/" else ""

    def _new_items(self, look: Look, url: str, version: ProfileVersion) -> int | None:
        """Give how many items of a further page the first one has not; None: it cannot be had."""
        got = self.visit.get(url) if belongs(url, self.profile) else None
        if not isinstance(got, Answer) or quality.judge(got.page).disposition is not None:
            return None
        after = sections.look_at(look.link, got.page, version, self.profile)
        known = {canonical_for(item.url, self.profile) for item in look.items}
        return sum(canonical_for(one.url, self.profile) not in known for one in after.items)


_OK = 200


def _in_turn(
    lists: Sequence[tuple[str, Sequence[ListedItem]]],
) -> Iterator[tuple[str, ListedItem]]:
    """Give the first item of each list, then the last, then the second …."""
    longest = max((len(items) for _, items in lists), default=0)
    for turn in range(longest):
        place = turn // 2 if turn % 2 == 0 else -(turn // 2) - 1
        for section, items in lists:
            if turn < len(items):
                yield section, items[place]
