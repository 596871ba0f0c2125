"""Which software made a site, by what it leaves in pages, headers and addresses. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.pages.families import FAMILIES
from crawler.probing.clues import Clue, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.pages.captured import CapturedPage

READ = 400_000
"""Characters of a page in which markers are looked for."""


@dataclass(frozen=True, slots=True)
class Marker:
    """One sign of a kind of software."""

    weight: int
    """3: only this software writes it; 2: hardly any other does; 1: common, but not alone."""
    pattern: re.Pattern[str]
    sees: str = "source"
    """'source': the page as it came; 'url': its address; 'headers': 'name: value' lines."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind of software, and why."""

    software: str
    """E.g. 'wordpress'; also kinds for which there is no page family."""
    weight: int
    clues: tuple[Clue, ...]

    @property
    def family(self) -> str:
        """The page family that reads it: its own, else the generic one."""
        return self.software if self.software in FAMILIES else "generic"


def _marker(weight: int, pattern: str, sees: str = "source") -> Marker:
    return Marker(weight, re.compile(pattern, re.IGNORECASE), sees)


def _generator(name: str) -> Marker:
    return _marker(
        3,
        rf"<meta\b[^>]{{0,200}}\bgenerator\b[^>]{{0,200}}(?P<shown>\b{name}[^>\"']{{0,40}})"
        rf"|<meta\b[^>]{{0,200}}content=[\"'](?P<first>{name}[^>\"']{{0,40}})[^>]{{0,200}}\bgenerator\b",
    )


MARKERS: dict[str, tuple[Marker, ...]] = {
    "nukeviet": (
        _generator("NukeViet"),
        _marker(3, r"\bnv_(?:base_siteurl|lang_data|module_name|cookie_prefix)\b"),
        _marker(2, r"/themes/[\w-]+/js/main\.js|/assets/js/language/vi\.js"),
        _marker(1, r"/(?:vi/)?news/[\w-]+/[\w-]+-\d+\.html"),
    ),
    "wordpress": (
        _generator("WordPress"),
        _marker(3, r"/wp-(?:content|includes)/[\w/.-]{0,60}"),
        _marker(3, r"https://api\.w\.org/", "source"),
        _marker(3, r"link: [^\n]*api\.w\.org", "headers"),
        _marker(2, r"/wp-json/"),
    ),
    "liferay": (
        _marker(3, r"liferay-portal: [^\n]{0,60}", "headers"),
        _marker(3, r"\bLiferay\.(?:ThemeDisplay|Portlet|AUI|authToken|currentURL)\b"),
        _marker(2, r"\bp_p_id[=_]\w{0,60}|portlet-boundary|/-/asset_publisher/"),
        _marker(1, r"/html/css/main\.css\?browserId|/o/[\w-]+-theme/"),
    ),
    "joomla": (
        _generator("Joomla!?"),
        _marker(2, r"/media/(?:jui|system)/js/|\bcom_content\b"),
        _marker(1, r"\bitem-page\b|\bcategory-list\b"),
    ),
    "drupal": (
        _generator("Drupal"),
        _marker(3, r"x-(?:generator: drupal|drupal-cache)[^\n]{0,40}", "headers"),
        _marker(2, r"/sites/(?:default|all)/(?:files|modules|themes)/|data-drupal-"),
    ),
    "sharepoint": (
        _marker(3, r"microsoftsharepointteamservices: [^\n]{0,40}", "headers"),
        _marker(
            2, r"\b_spPageContextInfo\b|/_layouts/(?:15/|1033/)?[\w/.-]{0,40}|ExternalClass\w*"
        ),
        _generator("Microsoft SharePoint"),
        _marker(1, r"/(?:portal/)?Pages/[\w/.-]+\.aspx"),
    ),
    "dnn": (
        _generator("DotNetNuke"),
        _marker(3, r"\bdnn_ctr\w{0,20}|/DesktopModules/[\w/.-]{0,40}|\bdnnVariable\b"),
        _marker(2, r"/tabid/\d+/"),
    ),
    "aspnet": (
        _marker(2, r"__VIEWSTATE|__doPostBack"),
        _marker(2, r"x-aspnet-version: [^\n]{0,20}|x-powered-by: asp\.net", "headers"),
    ),
    "huecit": (_marker(3, r"[?&](?:gd=\d+&(?:amp;)?cn=\d+|cn=\d+&(?:amp;)?gd=\d+)"),),
    "view-article": (_marker(3, r"/-/view-article/1/\d+/\d+"),),
    "vccorp": (_marker(2, r"\b(?:vcmedia|channelvn|cnnd\.vn|mediacdn\.vn)\b"),),
    "plone": (
        _generator("Plone"),
        _marker(2, r"\+\+plone\+\+\w{0,30}|\bplone-(?:toolbar|footer|content|breadcrumbs)\b"),
        _marker(1, r"[?&]b_start:int="),
    ),
    "ghost": (_generator("Ghost"), _marker(2, r"\bgh-(?:head|main|canvas|card)\b")),
    "wagtail": (_marker(2, r"\bwagtail[\w-]{0,20}"),),
    "hexo": (_generator("Hexo"),),
    "hugo": (_generator("Hugo"),),
    "jekyll": (_generator("Jekyll"),),
}
"""By software; those that are page families go by the family's name."""

SURE = 3
"""Weight from which a guess is taken as it stands."""


def guesses(pages: Iterable[CapturedPage]) -> list[Guess]:
    """Give the kinds of software that the pages speak for, the likeliest first; may be empty.

    Each marker counts once, however often it is seen. Pages contradict each other: a static
    copy still carries the GENERATOR of the software that it was copied from, so it is one
    sign among others.
    """
    looked = [_sights(page) for page in pages]
    found = []
    for software, markers in MARKERS.items():
        hits = [(marker, shown) for marker in markers if (shown := _seen(marker, looked))]
        if hits:
            clues = tuple(Clue(shown, shown) for _, shown in hits)
            found.append(Guess(software, sum(marker.weight for marker, _ in hits), clues))
    return sorted(found, key=lambda guess: (-guess.weight, guess.software == "aspnet"))


def _sights(page: CapturedPage) -> dict[str, str]:
    lines = "\n".join(f"{name}: {value}" for name, value in page.headers.items())
    return {"source": page.text[:READ], "url": page.url, "headers": lines[:READ]}


def _seen(marker: Marker, pages: Sequence[dict[str, str]]) -> str | None:
    """Give what was seen of a marker, the most frequent form of it."""
    hits = Counter(
        _shown(found) for sights in pages if (found := marker.pattern.search(sights[marker.sees]))
    )
    return shortened(hits.most_common(1)[0][0], 80) if hits else None


def _shown(found: re.Match[str]) -> str:
    named = found.groupdict()
    generator = named.get("shown") or named.get("first")
    return f"generator: {generator}" if generator else found[0]
