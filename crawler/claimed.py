"""Addresses that units claim and that no list has shown: which are to be asked for? Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from crawler.due import ASK_AGAIN_AFTER, SETTLED
from crawler.errands import Listed
from storage.gone import tells
from storage.records import Channel, vietnam_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping

    from crawler.site_addresses import SiteAddresses
    from storage.records import AddressTry


def unmet(
    claimed: Mapping[str, AddressTry | None],
    addresses: SiteAddresses,
    *,
    met: Collection[str],
    now: dt.datetime,
) -> Iterator[tuple[str, Listed]]:
    """Give the claimed addresses to ask for, each with the entry that its article would have.

    Never one outside the site, or that its profile leaves out; nor the front page or a list,
    which are no article. An address that does not lead to one is tried again after a week, one
    that could not be asked the next night.

    Args:
        claimed: as claimed, with the newest attempt; None: never asked.
        addresses: of the site.
        met: canonical addresses of the articles that are known, or that this run has asked for.
        now: the instant of asking.
    """
    taken = set(met)
    for typed, last_try in claimed.items():
        url = urldefrag(typed).url
        if not addresses.is_ours(url) or addresses.is_front(url):
            continue
        address = addresses.of_article(addresses.canonical(url))
        if address in taken or not _is_due(last_try, now):
            continue
        taken.add(address)
        yield (
            url,
            Listed(
                address=address,
                section="",
                channel=Channel.CLAIM,
                title=None,
                day=None,
                day_raw=None,
            ),
        )


def _is_due(last_try: AddressTry | None, now: dt.datetime) -> bool:
    if last_try is None:
        return True
    if vietnam_day(now) - vietnam_day(last_try.tried_at) >= ASK_AGAIN_AFTER:
        return True
    is_there = tells(last_try.disposition, status=last_try.status, reason=last_try.reason)
    return not (last_try.disposition in SETTLED or is_there is False)
