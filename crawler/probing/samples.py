"""Sample articles: how well a family reads them, where things stand, which days agree. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler import quality
from crawler.errors import LayoutChanged, NotAnArticle
from crawler.pages import dating
from crawler.pages.families import FAMILIES
from crawler.probing import derive
from crawler.probing.clues import Clue
from crawler.probing.places import Sample, css_path, same_title
from storage.records import DateSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.pages.base import ArticlePage
    from crawler.profiles import DateRules, ProfileVersion
    from storage.records import Extraction

CERTAIN = (DateSource.STRUCTURED, DateSource.META)
"""Sources that machines write for machines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A sample as a profile's version reads it."""

    sample: Sample
    extraction: Extraction | None
    refusal: str | None
    """Why it is no article, in English; None exactly when it was read."""
    places: dict[str, str]
    """Where headline, day, lead and body stand: a CSS path each."""
    days: dict[DateSource, dt.date]
    """The first day that each source on the page gives."""
    is_other_page: bool = False
    """It is no article; else, when it was not read, an article whose parts were not found."""

    @property
    def machine_days(self) -> list[str]:
        """What the page gives as its day for machines, as written."""
        candidates = self.extraction.date_candidates if self.extraction else ()
        return [one.raw for one in candidates if one.source in CERTAIN]

    @property
    def has_its_title(self) -> bool:
        """Tell whether the headline is the title that the list showed."""
        title, extraction = self.sample.item.title, self.extraction
        return bool(extraction and title and same_title(extraction.headline, title))

    @property
    def has_its_day(self) -> bool:
        """Tell whether the page gives a day, and not another one than the list."""
        day = self.extraction.date_published if self.extraction else None
        listed = self.sample.item.day
        return day is not None and (listed is None or abs(day - listed) <= _CLOCKS)


_CLOCKS = dt.timedelta(days=1)


def read(sample: Sample, version: ProfileVersion) -> Read:
    """Read a sample; never raises."""
    verdict = quality.judge(sample.page)
    if verdict.disposition is not None:
        return _refused(sample, verdict.reason or verdict.disposition.value)
    page = FAMILIES[version.family].page(sample.page, version)
    try:
        extraction = page.read()
        places, days = _places(page), _days(page, version)
    except NotAnArticle as refusal:
        return replace(_refused(sample, str(refusal)), is_other_page=True)
    except LayoutChanged as refusal:
        return _refused(sample, str(refusal))
    except Exception as fault:  # noqa: BLE001 - a stranger's page must not end the probe
        return _refused(sample, f"fault: {type(fault).__name__}")
    return Read(sample=sample, extraction=extraction, refusal=None, places=places, days=days)


def _refused(sample: Sample, reason: str) -> Read:
    return Read(sample=sample, extraction=None, refusal=reason, places={}, days={})


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """How well a version reads the samples."""

    version: ProfileVersion
    reads: tuple[Read, ...]

    @property
    def is_perfect(self) -> bool:
        """Tell whether every sample has its title and its day, and most a text.

        A post may be a title with pictures or a file.
        """
        titles, days, texts = self.score
        return titles == days == len(self.reads) and 2 * texts >= len(self.reads)

    @property
    def score(self) -> tuple[int, int, int]:
        """Give what counts, the weightiest first: titles, days, texts that are not empty."""
        return _score(self.reads)


def _score(reads: Sequence[Read]) -> tuple[int, int, int]:
    return (
        sum(one.has_its_title for one in reads),
        sum(one.has_its_day for one in reads),
        sum(bool(one.extraction and one.extraction.body) for one in reads),
    )


def clue_of(reads: Sequence[Read]) -> Clue:
    """Say how well the samples were read."""
    if not reads:
        return Clue("không mở được bài nào để đọc thử", "no article could be opened to be read")
    titles, days, _ = _score(reads)
    count, articles = len(reads), sum(one.extraction is not None for one in reads)
    return Clue(
        f"đọc thử {count} bài: {articles} đọc được, {titles} đúng tiêu đề như danh sách, "
        f"{days} có ngày không trái danh sách",
        f"{count} sample articles: {articles} read, {titles} with the list's title, "
        f"{days} with a day that does not contradict it",
    )


def best_fit(
    samples: Sequence[Sample], version: ProfileVersion, families: Iterable[str]
) -> Fit | None:
    """Give the family that reads the samples best, the earlier of equals; None without samples.

    The first that reads all of them right is taken, and no other tried.
    """
    best: Fit | None = None
    for family in dict.fromkeys(families if samples else ()):
        fit = fit_of(samples, version.model_copy(update={"family": family}))
        if best is None or fit.score > best.score:
            best = fit
        if best.is_perfect:
            break
    return best


def fit_of(samples: Sequence[Sample], version: ProfileVersion) -> Fit:
    """Read all samples as a version says."""
    return Fit(version=version, reads=tuple(read(one, version) for one in samples))


def needs_clock(reads: Iterable[Read], rules: DateRules) -> bool:
    """Tell whether the day of any sample hangs on whether times marked as UTC's are meant so."""
    return any(
        dating.is_unsure_of_its_clock(candidate, rules)
        for one in reads
        if one.extraction
        for candidate in one.extraction.date_candidates
    )


def with_selectors(fit: Fit) -> Fit:
    """Give the fit, with selectors where they let more samples be read; else as it was."""
    best, taken = fit, [one.sample for one in fit.reads]
    if best.is_perfect or not taken:
        return best
    for field, path in (
        ("headline", derive.headline_selector(taken)),
        ("date", derive.date_selector(taken, fit.version.dates)),
    ):
        if path is None or best.score[_PLACE[field]] == len(taken):
            continue
        chosen = best.version.select.model_copy(update={field: path})
        trial = fit_of(taken, best.version.model_copy(update={"select": chosen}))
        best = trial if trial.score > best.score else best
    return best


_PLACE = {"headline": 0, "date": 1}


# ---------------------------------------------------------------------- where things stand


def _places(page: ArticlePage) -> dict[str, str]:
    body = page.body_elements()
    dates = page.date_elements
    leads = page.lead_elements(body) if body else []
    found = {
        "headline": page.headline_element,
        "date": dates[0] if dates else None,
        "lead": leads[0] if leads else None,
        "body": body[0] if body else None,
    }
    return {name: css_path(one) for name, one in found.items() if one is not None}


def usual_places(reads: Iterable[Read]) -> dict[str, tuple[str, int]]:
    """Give for each part the path where most samples have it, and in how many."""
    counted: dict[str, Counter[str]] = {}
    for one in reads:
        for part, path in one.places.items():
            counted.setdefault(part, Counter())[path] += 1
    return {part: paths.most_common(1)[0] for part, paths in counted.items()}


# ------------------------------------------------------------------------------- days


def _days(page: ArticlePage, version: ProfileVersion) -> dict[DateSource, dt.date]:
    printed = {
        DateSource.STRUCTURED: page.structured_days(),
        DateSource.META: page.meta_days(),
        DateSource.TEMPLATE: page.template_days(),
        DateSource.URL: dating.days_in_path(page.page.url),
    }
    at, rules = page.page.captured_at, page.date_rules(version)
    days = {
        source: [
            day
            for raw in texts
            if (day := dating.candidate(source, raw, rules, captured_at=at).day) is not None
        ]
        for source, texts in printed.items()
    }
    return {source: found[0] for source, found in days.items() if found}


@dataclass(frozen=True, slots=True)
class Trust:
    """Which sources of days a profile has to trust, and why; no order: the usual one."""

    order: tuple[DateSource, ...]
    clues: tuple[Clue, ...]


def trust_of(reads: Sequence[Read]) -> Trust:
    """Compare what machines are told with what people are shown.

    The printed day is the one that counts. Where a site's metadata say another day (a clock in
    another zone, the day of the last change, the day of a rebuild), they lose their place.
    """
    odd = [
        (source, one)
        for one in reads
        for source in CERTAIN
        if (shown := _shown(one)) is not None
        and (told := one.days.get(source)) is not None
        and told != shown
    ]
    if not odd:
        return Trust((), ())
    source, one = odd[0]
    clue = Clue(
        f"ngày trong {source.value} khác ngày in ở {len(odd)} bài, ví dụ {one.days[source]} "
        f"thay vì {_shown(one)}: tin ngày in trước",
        f"the {source.value} day differs from the printed one in {len(odd)} articles, e.g. "
        f"{one.days[source]} for {_shown(one)}: the printed day goes first",
    )
    return Trust(
        (
            DateSource.TEMPLATE,
            DateSource.LIST,
            DateSource.STRUCTURED,
            DateSource.META,
            DateSource.FEED,
        ),
        (clue,),
    )


def _shown(one: Read) -> dt.date | None:
    """Give the day that people are shown: the page's and the list's, unless they differ."""
    printed, listed = one.days.get(DateSource.TEMPLATE), one.sample.item.day
    if printed is not None and listed is not None and printed != listed:
        return None
    return printed or listed


def without_parts(reads: Sequence[Read]) -> list[str]:
    """Give the names of the parts that most samples lack, as a profile calls them."""
    if not reads:
        return []
    lacking = {
        "headline": [not one.has_its_title for one in reads],
        "body": [not (one.extraction and one.extraction.body) for one in reads],
        "date": [not one.has_its_day and one.sample.item.day is None for one in reads],
    }
    return [part for part, missing in lacking.items() if 2 * sum(missing) > len(missing)]


def day_sources(reads: Iterable[Read]) -> dict[DateSource, int]:
    """Count where the days of the samples come from; the list's where the page has none."""
    counted: Counter[DateSource] = Counter()
    for one in reads:
        if one.extraction is None:
            continue
        own = one.extraction.date_source
        is_listed = own is DateSource.NONE and one.sample.item.day is not None
        counted[DateSource.LIST if is_listed else own] += 1
    return dict(counted.most_common())
