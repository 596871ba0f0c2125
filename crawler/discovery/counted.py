"""Lists whose pages are asked by number: no link leads on, the profile names the address. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from w3lib.url import safe_url_string

if TYPE_CHECKING:
    from crawler.profiles import Section

PAGE = "{page}"
"""What stands for the number in a profile's address."""

_MARK = "0PAGE0"  # keeps its form when an address is encoded


def following(url: str, section: Section) -> str | None:
    """Give the address of the page after the one at ``url``; None where pages are not counted.

    An address that is not of the counted form is that of the first page.
    """
    if section.pages is None:
        return None
    number = _number(url, section.pages)
    after = section.first_page + 1 if number is None else number + 1
    return urljoin(url, section.pages.replace(PAGE, str(after)))


def _number(url: str, template: str) -> int | None:
    """Give the number that an address has in the place that the profile names."""
    wanted = safe_url_string(urljoin(url, template.replace(PAGE, _MARK)))
    form = re.escape(wanted).replace(_MARK, r"(\d{1,7})")
    found = re.fullmatch(form, safe_url_string(url))
    return int(found[1]) if found else None
