"""Where an answer sends us, and whether we go there. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from crawler.urls import joined
from storage.gone import SENT_HOME
from storage.records import CapturePurpose, Disposition

if TYPE_CHECKING:
    from crawler.errands import Errand
    from crawler.site_addresses import SiteAddresses

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEP_THE_FORM = frozenset({307, 308})
"""Only these want the form again (RFC 9110 § 15.4)."""
HOPS = 5


def target_of(url: str, location: str) -> str:
    """Give the absolute address that an answer of ``url`` sends us to."""
    return urldefrag(joined(url, location)).url


def fate_of_redirect(
    target: str, errand: Errand, addresses: SiteAddresses
) -> tuple[Disposition, str]:
    """Give the fate of an answer that sends us on, and its reason; REDIRECTED is followed."""
    hops = (*errand.hops, errand.url)
    if not addresses.is_inside(target):
        return Disposition.OFF_SITE, f"to {target}"
    if target in hops:
        return Disposition.HTTP_ERROR, f"redirect loop: {target}"
    if len(hops) > HOPS:
        return Disposition.HTTP_ERROR, f"more than {HOPS} redirects: {target}"
    if errand.purpose is CapturePurpose.ARTICLE and addresses.is_front(target):
        return Disposition.HTTP_ERROR, f"{SENT_HOME}: {target}"
    if errand.is_probe:
        return Disposition.SUPPORT, f"to {target}"
    return Disposition.REDIRECTED, f"to {target}"
