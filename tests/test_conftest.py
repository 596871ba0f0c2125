from __future__ import annotations

import socket

import pytest

from storage.engine import Database, schema_state


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.gov.vn", 443)])
def test_a_test_cannot_leave_this_machine(address: tuple[str, int]) -> None:
    with socket.socket() as outward:
        outward.settimeout(0.1)
        with pytest.raises(AssertionError, match="leave this machine"):
            outward.connect(address)
        with pytest.raises(AssertionError, match="leave this machine"):
            outward.connect_ex(address)


def test_a_test_can_talk_to_itself() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_database_is_fresh_and_of_this_version(database: Database) -> None:
    current, head = schema_state(str(database.engine.url))
    assert current == head
