"""The database: SQLite in the workspace, or PostgreSQL; transactions; the schema's version."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.errors import DatabaseError
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from storage.workspace import Workspace

__all__ = [
    "Connection",
    "Database",
    "add_rows",
    "any_bytes",
    "in_batches",
    "lock_out_writers",
    "open_database",
    "put_rows",
    "schema_state",
    "shown_address",
]

T = TypeVar("T")

_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))
_WRITERS = 0x74696E62  # names, in PostgreSQL, the lock that all who write share
_BATCH = 5000  # both databases take some 32,000 parameters in one statement; a row has up to 18


def in_batches(values: Sequence[T], size: int = _BATCH) -> Iterator[Sequence[T]]:
    """Give the values in pieces that fit into one statement."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def add_rows(c: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert the rows in few statements and give their ids, in the order of the rows."""
    if not rows:
        return []
    statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(c.scalars(statement, rows))


def put_rows(c: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows whose ids nobody asks for: SQLite gives them only one statement a row."""
    if rows:
        c.execute(sa.insert(table), rows)


def lock_out_writers(c: Connection) -> None:
    """Wait until no other program is writing, and let none begin before this transaction ends.

    What writes is numbered by the database; only now is nothing with a lower number still to come.
    SQLite has one writer at a time as it is. Ask for it from the start (``Database.write``): two
    that write already and both want to be alone would wait for each other.
    """
    if c.dialect.name == "postgresql":
        c.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))


@contextmanager
def any_bytes(c: Connection) -> Iterator[None]:
    """Let texts be read that are no UTF-8: who looks for changed bytes must not stop at them.

    SQLite's driver refuses such a text; here it comes with a lone surrogate for each wrong byte.
    """
    if c.dialect.name != "sqlite":
        yield
        return
    connection: Any = c.connection.dbapi_connection
    before = connection.text_factory
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before


class Database:
    """A database and its transactions. Foreign errors leave it as ``DatabaseError``."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str, *, busy_timeout_s: float = 30.0) -> Database:
        """Prepare the database at ``url``; nothing is asked of it yet.

        Args:
            url: ``sqlite:///path`` or ``postgresql://user:password@host/name``.
            busy_timeout_s: how long to wait for another program's lock, in seconds.

        Raises:
            DatabaseError: the address is not one of these two.
        """
        address = _address(url)
        engine = sa.create_engine(address, connect_args=_arguments(address, busy_timeout_s))
        if address.get_backend_name() == "sqlite":
            sa.event.listen(engine, "connect", _prepare_sqlite)
            sa.event.listen(engine, "begin", _begin_sqlite)
        return cls(engine)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees the state of one instant and cannot write."""
        options: dict[str, Any] = {"tinbai_writes": False}
        if self.engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _told_plainly(), self.engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Connection]:
        """Give a connection in one transaction: kept at the end, undone when anything fails.

        Keep it short: SQLite has one writer at a time. It is locked from the start, because a
        lock that is asked for half-way can fail at once instead of waiting.

        Args:
            alone: nobody else writes meanwhile, on PostgreSQL neither: for what is sealed.

        Raises:
            DatabaseError: locked for longer than the time-out, or a rule of the tables broken.
        """
        with _told_plainly(), self.engine.connect() as connection:
            connection.execution_options(tinbai_writes=True)
            with connection.begin():
                if alone:
                    lock_out_writers(connection)
                elif self.engine.dialect.name == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_WRITERS)))
                yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_database(workspace: Workspace) -> Database:
    """Open the workspace's database.

    Raises:
        DatabaseError: it is missing, or its schema is not this program's.
    """
    url = workspace.database_url
    current, head = schema_state(url)
    if current != head:
        raise DatabaseError(_advice_on_schema(url, current, head))
    return Database.open(url, busy_timeout_s=workspace.settings.busy_timeout_s)


def schema_state(url: str) -> tuple[str | None, str]:
    """Give the schema's version in the database (None: empty or missing) and the program's."""
    address = _address(url)
    file = address.database
    head = _migrations()[-1]
    if address.get_backend_name() == "sqlite" and file and not Path(file).exists():
        return None, head
    database = Database.open(url)
    try:
        with database.read() as connection:
            if not sa.inspect(connection).has_table(_VERSION.name):
                return None, head
            return connection.scalar(sa.select(_VERSION.c.version_num)), head
    finally:
        database.close()


def shown_address(url: str) -> str:
    """Give a database's address as it may be shown: without the password."""
    return _address(url).render_as_string(hide_password=True)


def _address(url: str) -> sa.URL:
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise DatabaseError(_advice_on_address()) from error
    if address.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername == "sqlite" and address.database not in {None, "", ":memory:"}:
        return address
    raise DatabaseError(_advice_on_address())


def _advice_on_address() -> str:
    return t(
        "Địa chỉ cơ sở dữ liệu không đúng. Cần sqlite:///đường-dẫn/tệp.db hoặc "
        "postgresql://tên:mật-khẩu@máy/csdl; sửa ở tinbai.toml, mục [database], khóa url.",
        "The database's address is wrong. Give sqlite:///path/file.db or "
        "postgresql://user:password@host/name in tinbai.toml, section [database], key url.",
    )


def _arguments(address: sa.URL, busy_timeout_s: float) -> dict[str, Any]:
    if address.get_backend_name() == "sqlite":
        return {"timeout": busy_timeout_s}
    return {"options": f"-c lock_timeout={round(busy_timeout_s * 1000)}"}


def _prepare_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - the driver's
    del record
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not by guess
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")  # readers and the writer do not wait for each other
    # FULL: in WAL mode NORMAL may lose the last transactions in a power cut, and a number that
    # was printed must be there the next morning. It costs one flush a transaction.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")  # off by default
    # KiB. With SQLite's own 2 MB the paths to a million versions are read again and again:
    # measured, looking up each of 2,000 copies of a text takes twice the CPU.
    cursor.execute("PRAGMA cache_size = -32768")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("tinbai_writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn the database's errors into ones with advice."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        raise DatabaseError(
            t(
                f"Dữ liệu trái quy tắc của cơ sở dữ liệu nên không được ghi: {error.orig}. "
                "Đây là lỗi chương trình: hãy báo cho người phát triển.",
                f"The data break a rule of the database and were not stored: {error.orig}. "
                "This is a fault of the program: please report it.",
            )
        ) from error
    except sa.exc.DBAPIError as error:
        raise DatabaseError(_advice_on(error)) from error


def _advice_on(error: sa.exc.DBAPIError) -> str:
    cause = str(error.orig).strip()
    if "locked" in cause or "lock timeout" in cause:
        return t(
            "Cơ sở dữ liệu đang bị chương trình khác khóa quá lâu; chưa ghi gì. Đợi lệnh tinbai "
            "khác chạy xong (hoặc đóng chương trình đang mở tệp), rồi chạy lại. Nếu hay gặp: "
            "tăng busy_timeout_s trong tinbai.toml hoặc dùng PostgreSQL.",
            "Another program has locked the database for too long; nothing was written. Wait for "
            "the other tinbai command (or close the program that has the file open) and run "
            "again. If it happens often: raise busy_timeout_s in tinbai.toml or use PostgreSQL.",
        )
    return t(
        f"Không dùng được cơ sở dữ liệu: {cause}. Kiểm tra: tinbai db check",
        f"The database cannot be used: {cause}. Check: tinbai db check",
    )


def _migrations() -> list[str]:
    """Give the numbers of all migrations, oldest first, from the names of their files.

    Every command asks for the newest; Alembic, which would load them all to tell, is for upgrading.
    """
    numbers = sorted(file.name[:4] for file in _MIGRATIONS.glob("[0-9]*.py"))
    if not numbers:
        raise DatabaseError(
            t(
                "Bản cài đặt thiếu các bước nâng cấp cơ sở dữ liệu: hãy cài lại tinbai.",
                "The installation lacks the database migrations: install tinbai again.",
            )
        )
    return numbers


def _advice_on_schema(url: str, current: str | None, head: str) -> str:
    shown = shown_address(url)
    if current is None or current in _migrations():
        return t(
            f"Cơ sở dữ liệu {shown} chưa ở phiên bản {head} (đang là: {current or 'trống'}). "
            "Chạy: tinbai db upgrade",
            f"The database {shown} is not at version {head} (it is: {current or 'empty'}). "
            "Run: tinbai db upgrade",
        )
    return t(
        f"Cơ sở dữ liệu {shown} thuộc bản tinbai mới hơn ({current}). Hãy cập nhật tinbai.",
        f"The database {shown} belongs to a newer tinbai ({current}). Update tinbai.",
    )
