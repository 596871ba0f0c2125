"""How the crawler behaves towards other people's servers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storage.version import code_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.profiles import SiteProfile
    from storage.workspace import Settings


def user_agent(profile: SiteProfile, settings: Settings) -> str:
    """Say who is reading, and whom an administrator can ask."""
    return f"tinbai/{code_version()} (+contact: {profile.contact or settings.contact})"


def delay_s(profile: SiteProfile, settings: Settings) -> float:
    """Give the pause between two requests to one host, in seconds."""
    return settings.delay_s if profile.delay_s is None else profile.delay_s


def request_limit(profile: SiteProfile, settings: Settings) -> int:
    """Give how often one host may be asked in one night."""
    return settings.max_requests if profile.max_requests is None else profile.max_requests


def may_be_private(profile: SiteProfile, settings: Settings) -> bool:
    """Tell whether the site may lie on a private or loopback address."""
    return settings.allow_private or profile.allow_private


def hosts_of(profile: SiteProfile) -> frozenset[str]:
    """Give the hosts that a walk over the site may ask."""
    own = urlsplit(profile.base_url).hostname or ""
    return frozenset({own.lower(), *profile.hosts})


def lanes(profiles: Iterable[SiteProfile]) -> list[list[SiteProfile]]:
    """Put the sites into lanes: one site after the other within a lane, lanes side by side.

    Sites that share a host share a lane, so that a host never has two visitors of ours.
    """
    found: list[tuple[set[str], list[SiteProfile]]] = []
    for profile in profiles:
        hosts, lane = set(hosts_of(profile)), [profile]
        apart = []
        for other_hosts, other in found:
            if hosts & other_hosts:
                hosts |= other_hosts
                lane = [*other, *lane]
            else:
                apart.append((other_hosts, other))
        found = [*apart, (hosts, lane)]
    return [lane for _, lane in found]
