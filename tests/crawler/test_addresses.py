"""Which network addresses are somebody's own."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import is_private, is_private_host


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *("169.254.169.254", "100.64.0.1", "0.1.2.3", "255.255.255.255", "224.0.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
    ],
)
def test_loopback_local_and_reserved_addresses_are_private(address: str) -> None:
    assert is_private(address)
    assert is_private_host(f"[{address}]" if ":" in address else address)


@pytest.mark.parametrize(
    "address", ["203.162.0.181", "8.8.8.8", "2405:4800::1", "64:ff9b::808:808"]
)
def test_addresses_of_the_internet_are_not(address: str) -> None:
    assert not is_private(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_ipv6_s_clothes_is_what_it_is(address: ipaddress.IPv4Address) -> None:
    assert is_private(f"::ffff:{address}") == is_private(str(address))
    assert is_private(str(ipaddress.IPv6Address(0x64FF9B << 96 | int(address)))) == is_private(
        str(address)
    )


def test_a_name_is_not_private_before_it_is_looked_up() -> None:
    assert not is_private_host("noi-bo.vidu.example")
