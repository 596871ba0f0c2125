"""Does a profile still fit its site? What was seen of it, judged against what it says. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from crawler.pages.selectors import select
from crawler.probing.clues import Clue
from crawler.probing.markers import SURE
from crawler.profiles import Discover
from crawler.urls import belongs
from storage.records import Disposition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.pages.captured import CapturedPage, ListedItem, ListedPage
    from crawler.probing.markers import Guess
    from crawler.probing.samples import Read
    from crawler.profiles import ProfileVersion, Section, SiteProfile

DATED_SHARE = 0.5
"""Share of a list's items that must have a day, as when the list was taken into the profile."""


class Kind(Enum):
    """In which way a profile no longer fits."""

    UNREACHABLE = "unreachable"
    """The address of a section does not answer with a page."""
    ROBOTS_DENIED = "robots_denied"
    NOT_CHECKED = "not_checked"
    """No requests were left for it."""
    NO_ITEMS = "no_items"
    """The page answers, but shows no item of the site."""
    PATTERN_MISSES = "pattern_misses"
    """Its items are there, but none fits the profile's 'article'."""
    FEW_DAYS = "few_days"
    """Most items have no day, and the articles have none either."""
    CUT_OFF = "cut_off"
    """The list goes on by a script that cannot be followed."""
    SELECTOR_MISSES = "selector_misses"
    """A selector of the profile matches nothing."""
    ARTICLE_UNREAD = "article_unread"
    """A sample article cannot be read."""
    ARTICLE_UNDATED = "article_undated"
    TITLE_DIFFERS = "title_differs"
    """A sample article's headline is not the title of its list."""
    FAMILY_CHANGED = "family_changed"
    """The site's markers speak for another family."""
    UNDECIDED = "undecided"
    """The profile names what may be a list of posts, and nobody has said whether it is."""
    DAY_ORDER = "day_order"
    """The site's days contradict the order in which the profile reads them."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One way in which a profile no longer fits."""

    kind: Kind
    section: str | None
    """None: the whole site."""
    text: Clue


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionCheck:
    """What was seen of one section."""

    section: Section
    url: str
    fate: Disposition
    """LISTED when it could be read."""
    reason: str | None = None
    page: CapturedPage | None = None
    items: tuple[ListedItem, ...] = ()
    """Those that a crawl would take."""
    others: int = 0
    """Items on the site that do not fit the profile's 'article' or are skipped."""
    next_url: str | None = None
    is_cut_off: bool = False
    """More follows, but only a script knows how to ask for it."""
    further: int = 0
    """Sitemaps that an index names."""

    @property
    def dated(self) -> int:
        """The number of items with a day."""
        return sum(item.day is not None for item in self.items)


def taken_items(
    listed: ListedPage, section: Section, version: ProfileVersion, profile: SiteProfile
) -> tuple[tuple[ListedItem, ...], int]:
    """Give the items that a crawl would take, and how many others of the site there are."""
    own = [item for item in listed.items if belongs(item.url, profile)]
    fitting = tuple(
        item
        for item in own
        if (section.article is None or re.search(section.article, item.url))
        and not any(re.search(pattern, item.url) for pattern in version.skip)
    )
    return fitting, len(own) - len(fitting)


def of_section(check: SectionCheck) -> Iterator[Drift]:
    """Give what is wrong with one section."""
    name = check.section.name
    if check.fate is not Disposition.LISTED:
        kind = _FATES.get(check.fate, Kind.UNREACHABLE)
        text = Clue(f"{check.url}: {check.reason}", f"{check.url}: {check.reason}")
        yield Drift(kind, name, text)
        return
    if check.further:
        return
    if not check.items and check.others:
        vi = f"{check.others} mục nhưng không mục nào khớp article “{check.section.article}”"
        en = f"{check.others} items, but none fits article '{check.section.article}'"
        yield Drift(Kind.PATTERN_MISSES, name, Clue(vi, en))
    elif not check.items:
        yield Drift(Kind.NO_ITEMS, name, Clue("không còn mục nào", "no items any more"))
    elif check.is_cut_off:
        clue = Clue("trang sau chỉ mở bằng script", "its next page opens by script only")
        yield Drift(Kind.CUT_OFF, name, clue)
    elif check.section.discover is Discover.LISTING and (
        check.dated < DATED_SHARE * len(check.items)
    ):
        vi = f"chỉ {check.dated}/{len(check.items)} mục có ngày"
        en = f"only {check.dated} of {len(check.items)} items have a day"
        yield Drift(Kind.FEW_DAYS, name, Clue(vi, en))


_FATES = {
    Disposition.ROBOTS_DENIED: Kind.ROBOTS_DENIED,
    Disposition.INTERRUPTED: Kind.NOT_CHECKED,
}


def of_selectors(
    version: ProfileVersion, lists: Sequence[CapturedPage], articles: Sequence[CapturedPage]
) -> Iterator[Drift]:
    """Give the profile's selectors that match nothing on any page where they should.

    'lead' may be missing on all samples, 'next' on lists of one page: those are no drift.
    """
    for names, pages in ((_LIST_PARTS, lists), (_ARTICLE_PARTS, articles)):
        for part in names:
            css = getattr(version.select, part)
            if css and pages and not any(select(page.tree, css) for page in pages):
                vi = f"select.{part} “{css}” không khớp gì trên {len(pages)} trang"
                en = f"select.{part} '{css}' matches nothing on {len(pages)} pages"
                yield Drift(Kind.SELECTOR_MISSES, None, Clue(vi, en))


_LIST_PARTS = ("item", "item_link", "item_title", "item_date")
_ARTICLE_PARTS = ("headline", "body", "date")


def of_articles(reads: Sequence[Read]) -> Iterator[Drift]:
    """Give what is wrong with the sample articles."""
    for one in reads:
        where, url = one.sample.section, one.sample.page.url
        if one.extraction is None:
            yield Drift(
                Kind.ARTICLE_UNREAD, where, Clue(f"{url}: {one.refusal}", f"{url}: {one.refusal}")
            )
            continue
        if one.extraction.date_published is None and one.sample.item.day is None:
            yield Drift(
                Kind.ARTICLE_UNDATED, where, Clue(f"{url}: không có ngày", f"{url}: no day")
            )
        if one.sample.item.title and not one.has_its_title:
            vi = f"{url}: tiêu đề trên trang bài khác trong danh sách"
            en = f"{url}: its headline is not the title of its list"
            yield Drift(Kind.TITLE_DIFFERS, where, Clue(vi, en))


def of_undecided(profile: SiteProfile, version: ProfileVersion) -> Iterator[Drift]:
    """Name what the profile leaves undecided: the site is not seen in full without an answer."""
    for one in version.undecided:
        said = ": ".join(filter(None, (profile.address_of(one), one.why)))
        vi = f"chưa quyết định ({said}): ghi vào sections (là tin) hoặc not_news (không phải)"
        en = f"not decided ({said}): write it under sections (news) or not_news (none)"
        yield Drift(Kind.UNDECIDED, one.name, Clue(vi, en))


def of_family(version: ProfileVersion, guesses: Sequence[Guess]) -> Iterator[Drift]:
    """Tell when the site's markers speak for another family than the profile's.

    The generic family may read any site: that is the operator's choice.
    """
    if version.family == "generic" or not guesses or guesses[0].weight < SURE:
        return
    if all(guess.family != version.family for guess in guesses):
        best = guesses[0]
        shown = "; ".join(map(str, best.clues))
        vi = f"hồ sơ ghi {version.family}, dấu hiệu trên trang là {best.family} ({shown})"
        en = f"the profile says {version.family}, the site's marks say {best.family} ({shown})"
        yield Drift(Kind.FAMILY_CHANGED, None, Clue(vi, en))
