"""Which network addresses are somebody's own, not the web's? Pure."""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as seen from an IPv6 network (RFC 6052)."""


def is_private(address: str) -> bool:
    """Tell whether a numeric address is not one of the public Internet's.

    Loopback, an office's own network, link-local (cloud metadata), multicast, reserved. IPv4
    addresses in IPv6's clothes count as what they are.

    >>> is_private("10.0.0.8"), is_private("::ffff:127.0.0.1"), is_private("203.162.0.181")
    (True, True, False)

    Raises:
        ValueError: it is no numeric address.
    """
    plain = _plain(ipaddress.ip_address(address.partition("%")[0]))
    return not plain.is_global or plain.is_multicast


def is_private_host(host: str) -> bool:
    """Tell it for the host of an address as written; a name is not private before it is looked up.

    >>> is_private_host("[::1]"), is_private_host("xa.test")
    (True, False)
    """
    try:
        return is_private(host.strip("[]"))
    except ValueError:
        return False


def _plain(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
