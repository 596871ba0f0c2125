"""The addresses of a site under walk: whose are they, and which article do they name? Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from crawler.errands import Listed
from crawler.identity import identity_of
from crawler.urls import belongs, canonical_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.pages.captured import Form, ListedItem
    from crawler.profiles import ProfileVersion, SiteProfile
    from crawler.walk import Walker


class SiteAddresses:
    """Tells the addresses of one site apart; an article keeps the address it was first seen by."""

    def __init__(
        self, profile: SiteProfile, version: ProfileVersion, known: Iterable[str] = ()
    ) -> None:
        self.profile = profile
        self._skip = [re.compile(pattern) for pattern in version.skip]
        self._lists = {self.canonical(profile.address_of(one)) for one in version.sections}
        self._front = self.canonical(profile.base_url)
        self._first: dict[str, str] = {}
        """The address of each article by its identity; the one that was seen first."""
        for address in known:
            self._first.setdefault(identity_of(address, profile), address)

    def canonical(self, url: str) -> str:
        """Give the one form of an address."""
        return canonical_for(url, self.profile)

    def is_inside(self, url: str) -> bool:
        """Tell whether an address is the site's, wanted or not."""
        return belongs(url, self.profile)

    def is_ours(self, url: str) -> bool:
        """Tell whether an address is the site's, and none that the profile leaves out."""
        is_skipped = any(pattern.search(url) for pattern in self._skip)
        return not is_skipped and self.is_inside(url)

    def is_front(self, url: str) -> bool:
        """Tell whether an address is that of the front page or of a list."""
        address = self.canonical(url)
        return address in self._lists or address == self._front

    def of_article(self, found_at: str) -> str:
        """Give the address under which an article is known, by whichever it was found."""
        return self._first.setdefault(identity_of(found_at, self.profile), found_at)

    def entries(self, items: Iterable[ListedItem], walker: Walker) -> dict[str, Listed]:
        """Give the articles of a list by the address to ask; the first of two alike."""
        pattern = walker.section.article
        entries: dict[str, Listed] = {}
        taken: set[str] = set()
        for item in items:
            found_at = self.canonical(item.url)
            address = self.of_article(found_at)
            if not self.is_ours(item.url) or found_at in self._lists:
                continue
            if pattern and not re.search(pattern, item.url):
                continue
            if address in taken:
                continue
            taken.add(address)
            entries[urldefrag(item.url).url] = Listed(
                address=address,
                section=walker.section.name,
                channel=walker.channel,
                title=item.title,
                day=item.day,
                day_raw=item.day_raw,
            )
        return entries

    def place_of(self, url: str, form: Form | None, seen: int) -> str:
        """Give what tells a page of a list from those that were asked before.

        A form is sent to one address again and again, and a plain "next" is one click on every
        page: what was seen so far tells the clicks apart, and no new item ends the walk.
        """
        address = self.canonical(url)
        if form is None:
            return address
        place = f"{address}#{form.click[0]}:{form.click[1]}"
        return place if form.names_page else f"{place}:{seen}"
