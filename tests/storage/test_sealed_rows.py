"""Every row of every sealed table: changed, taken out, put in or moved, it is found and named."""

# ruff: noqa: S608, PLR0911 - SQL as somebody writes it who tampers; an answer a kind of column

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import chain, row_chain, tables
from storage.columns import Json, UtcDateTime
from storage.engine import Database, any_bytes
from storage.errors import DatabaseError
from storage.merkle import leaf_hash, root_of
from storage.row_digests import pack, row_line, row_sha256, rows_leaf_content, unpack
from storage.sealed_tables import BY_NAME, HEADS, NOT_SEALED, RUNS, SEALED, WrittenBy
from storage.verify_chain import Chain, verify_chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.engine import Connection
    from storage.problems import EvidenceProblem
    from storage.sealed_tables import SealedTable

AT = dt.datetime(2022, 9, 10, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(days=1)


def value_of(column: sa.Column[Any], n: int) -> object:
    """Give the n-th value for a column: another one for each n, but of yes and no, and choices."""
    match column.type:
        case Json():
            return {"a": n}
        case sa.Enum() as choices:
            kind = choices.enum_class
            assert kind is not None
            members: list[Any] = list(kind)
            return members[n % len(members)]
        case sa.Boolean():
            return n % 2 == 0
        case sa.Float():
            return n / 128
        case sa.Date():
            return dt.date(2022, 1, 1) + dt.timedelta(days=n)
        case UtcDateTime():
            return AT - dt.timedelta(hours=n, microseconds=n)
        case sa.LargeBinary():
            return bytes([n, 0, 255])
        case sa.Integer():  # and whole numbers of any length
            return n
        case _:
            return f"{column.name} số {n}"


def row_of(table: sa.Table, row_id: int) -> dict[str, object]:
    values = {column.name: value_of(column, row_id) for column in table.c}
    return values | {"id": row_id}


def rows_in(sealed: SealedTable) -> list[int]:
    """One for each column, and five more; a number is left free."""
    number = len(sealed.table.c) + 5
    return [one for one in range(1, number + 2) if one != number]


@contextmanager
def without_rules(c: Connection) -> Iterator[None]:
    """Let rows be written that refer to nothing, as somebody could who owns the database."""
    if c.dialect.name == "sqlite":
        c.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        c.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    else:
        c.exec_driver_sql("SET LOCAL session_replication_role = replica")
        checks = c.exec_driver_sql(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE contype = 'c' AND conrelid <> 0"
            " AND connamespace = 'public'::regnamespace"
        ).all()
        for table, name in checks:
            c.exec_driver_sql(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    if c.dialect.name == "sqlite":
        c.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def fill(c: Connection) -> None:
    """Put rows into every sealed table, and the release that the first topics are of."""
    release = {column.name: value_of(column, 1) for column in tables.taxonomy.c}
    topics = [row_of(tables.topic, n) | {"taxonomy": release["release"]} for n in (1, 2, 3)]
    c.execute(sa.insert(tables.taxonomy), release)
    for sealed in SEALED:
        rows = [row_of(sealed.table, n) for n in rows_in(sealed)]
        if sealed.table is tables.topic:
            rows[:3] = topics
        c.execute(sa.insert(sealed.table), rows)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Path:
    """Made once, sealed on two days; each test tampers with a copy."""
    file = tmp_path_factory.mktemp("filled") / "tinbai.db"
    shutil.copyfile(empty_database_file, file)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # one file, that can be copied
    connection.close()
    engine = sa.create_engine(f"sqlite:///{file}")  # without our rules for keys
    with engine.begin() as c, without_rules(c):
        fill(c)
        chain.seal_rows(c, at=AT)
        c.execute(sa.insert(tables.review), [row_of(tables.review, n) for n in (90, 91)])
        chain.seal_rows(c, at=LATER)
    engine.dispose()
    return file


@dataclass
class Tampered:
    """A copy that is changed as by somebody who has the file."""

    file: Path

    def sql(self, *statements: str) -> None:
        """Change rows: no rule of the tables stops it."""
        with sqlite3.connect(self.file) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                connection.execute(statement)
        connection.close()

    def problems(self) -> tuple[list[EvidenceProblem], Chain]:
        """Give all that is found of chain and rows."""
        db, found = Database.open(f"sqlite:///{self.file}"), Chain()
        try:
            with db.read() as c, any_bytes(c):
                return list(verify_chain(c, found)), found
        finally:
            db.close()

    def named(self) -> set[tuple[str, str | None, int | None, int | None]]:
        """Give kind, table, first and last row of all that is found."""
        problems, _ = self.problems()
        assert all(str(one) for one in problems)
        return {(one.kind.value, one.table, one.first_id, one.last_id) for one in problems}


@pytest.fixture
def base(filled: Path, tmp_path: Path) -> Tampered:
    file = tmp_path / "tinbai.db"
    shutil.copyfile(filled, file)
    return Tampered(file)


def test_nothing_is_found_where_nothing_was_done_and_rows_are_counted(base: Tampered) -> None:
    problems, found = base.problems()
    assert problems == []
    assert found.rows == sum(len(rows_in(one)) for one in SEALED) + 2
    assert (found.rows_since, found.unsealed, found.captures) == (AT, [], 0)


def test_every_table_is_sealed_or_has_a_reason_why_not() -> None:
    assert {*BY_NAME} | {*NOT_SEALED} == {*tables.metadata.tables}
    assert not {*BY_NAME} & {*NOT_SEALED}
    assert len(BY_NAME) == len(SEALED) + 2
    assert {*tables.topic.c.keys()} - {"id"} < {*BY_NAME["topic"].names}


def other(column: sa.Column[Any], row_id: int) -> str:
    """Give SQL for a value that differs in one place from the row's."""
    name = column.name
    match column.type:
        case Json():
            return f"replace({name}, ':', ': ')"  # the same value, written otherwise
        case sa.Enum():
            return f"{name} || 'x'"
        case sa.Boolean():
            return f"1 - {name}"
        case sa.Float():
            return f"{name} + 1e-12"
        case sa.Date():
            return f"date({name}, '+400 day')"
        case UtcDateTime():
            return f"substr({name}, 1, 25) || '{9 - row_id % 9}'"
        case sa.LargeBinary():
            return "x'0100FE'"
        case sa.Integer():
            return f"{name} + 1000"
        case _:
            return f"{name} || ' '"


def wreck(sealed: SealedTable) -> tuple[list[str], set[tuple[str, str, int, int]]]:
    """Give SQL that changes each column in another row, deletes a row, swaps two and puts one in.

    With it what must be named.
    """
    name, columns = sealed.name, [one for one in sealed.table.c if one.name != "id"]
    *_, lost, left, right, beyond = rows_in(sealed)
    free = beyond - 1
    keys = ", ".join(column.name for column in columns)
    put_in = ", ".join(other(column, 3) for column in columns)
    statements = [
        *(
            f"UPDATE {name} SET {column.name} = {other(column, n)} WHERE id = {n}"
            for n, column in enumerate(columns, start=1)
        ),
        f"DELETE FROM {name} WHERE id = {lost}",
        f"UPDATE {name} SET id = -1 WHERE id = {left}",
        f"UPDATE {name} SET id = {left} WHERE id = {right}",
        f"UPDATE {name} SET id = {right} WHERE id = -1",
        f"INSERT INTO {name} (id, {keys}) SELECT {free}, {put_in} FROM {name} WHERE id = {beyond}",
    ]
    return statements, {
        ("row_changed", name, 1, len(columns)),
        ("row_missing", name, lost, lost),
        ("reordered", name, left, right),
        ("row_inserted", name, free, free),
    }


def test_in_each_table_every_kind_of_change_of_every_column_is_named(base: Tampered) -> None:
    wrecked = [wreck(sealed) for sealed in SEALED]
    base.sql(*(one for statements, _ in wrecked for one in statements))
    found = base.named()
    expected = set().union(*(named for _, named in wrecked))
    assert found - expected == set()
    assert expected - found == set()


def refit(base: Tampered) -> None:
    """Somebody who knows the form of a list and a leaf makes both fit the row that was changed."""
    base.sql("UPDATE review SET reviewer = 'x' WHERE id = 2")
    db = Database.open(f"sqlite:///{base.file}")
    leaf = tables.sealed_rows
    with db.write() as c:
        row = c.execute(sa.select(leaf).where(leaf.c.table_name == "review").limit(1)).one()
        sealed = BY_NAME["review"]
        rows = {n: row_sha256(sealed.names, one) for n, one in sealed.rows(c, after=None, until=80)}
        packed = pack((n, rows[n]) for n, _ in unpack(row.digests))
        content = rows_leaf_content(
            "review", first_id=row.first_row, last_id=row.last_row, digests=packed
        )
        c.execute(
            sa.update(leaf)
            .where(leaf.c.number == row.number)
            .values(digests=packed, sha256=leaf_hash(content).hex())
        )
    db.close()


REVIEWS = "(SELECT number FROM sealed_rows WHERE table_name = 'review' AND first_row = 1)"
LAST_REVIEW = max(rows_in(BY_NAME["review"]))
TAMPERING: dict[str, tuple[Callable[[Tampered], object], set[tuple[Any, ...]]]] = {
    "a byte that is no UTF-8": (
        lambda b: b.sql("UPDATE review SET reason = CAST(x'FF41' AS TEXT) WHERE id = 2"),
        {("row_changed", "review", 2, 2)}),
    "a number written as bytes": (
        lambda b: b.sql("UPDATE article_version SET number = x'01' WHERE id = 1"),
        {("row_changed", "article_version", 1, 1)}),
    "a value is emptied": (
        lambda b: b.sql("UPDATE article_version SET lead = NULL WHERE id = 3"),
        {("row_changed", "article_version", 3, 3)}),
    "a row is put in before the first": (
        lambda b: b.sql("INSERT INTO review SELECT -5, version_id, taxonomy, topic, level,"
                        " reviewer, 'x', reviewed_at FROM review WHERE id = 1"),
        {("row_inserted", "review", -5, -5)}),
    "a row is put in between two days": (
        lambda b: b.sql("INSERT INTO review SELECT 50, version_id, taxonomy, topic, level,"
                        " reviewer, 'x', reviewed_at FROM review WHERE id = 1"),
        {("row_inserted", "review", 50, 50)}),
    "a row is put in at the end": (
        lambda b: b.sql("INSERT INTO review SELECT 95, version_id, taxonomy, topic, level,"
                        " reviewer, 'x', reviewed_at FROM review WHERE id = 1"),
        {("not_sealed", "review", 95, 95)}),
    "a row is moved to the end": (
        lambda b: b.sql("UPDATE review SET id = 95 WHERE id = 2"),
        {("row_missing", "review", 2, 2), ("not_sealed", "review", 95, 95)}),
    "a row is moved within its leaf": (
        lambda b: b.sql(f"UPDATE review SET id = {LAST_REVIEW - 1} WHERE id = 2"),
        {("row_missing", "review", 2, 2),
         ("reordered", "review", LAST_REVIEW - 1, LAST_REVIEW - 1)}),
    "many rows are deleted": (
        lambda b: b.sql("DELETE FROM sighting"),
        {("row_missing", "sighting", 1, max(rows_in(BY_NAME["sighting"])) - 2),
         ("row_missing", "sighting", *[max(rows_in(BY_NAME["sighting"]))] * 2)}),
    "a release of topics is changed": (
        lambda b: b.sql("UPDATE taxonomy SET digest = 'x'"), {("row_changed", "topic", 1, 3)}),
    "a release of topics is deleted": (
        lambda b: b.sql("DELETE FROM taxonomy"), {("row_changed", "topic", 1, 3)}),
    "a byte of a list is changed": (
        lambda b: b.sql("UPDATE sealed_rows SET digests = CAST(substr(digests, 1, 8) || x'00' ||"
                        f" substr(digests, 10) AS BLOB) WHERE number = {REVIEWS}"),
        {("leaf_changed", "review", 1, LAST_REVIEW), ("row_changed", "review", 1, 1)}),
    "a list is replaced by a text": (
        lambda b: b.sql(f"UPDATE sealed_rows SET digests = 'x' WHERE number = {REVIEWS}"),
        {("leaf_changed", "review", 1, LAST_REVIEW),
         ("row_inserted", "review", 1, LAST_REVIEW - 2),
         ("row_inserted", "review", LAST_REVIEW, LAST_REVIEW)}),
    "a list is cut short": (
        lambda b: b.sql("UPDATE sealed_rows SET digests = substr(digests, 1, length(digests) - 1)"
                        f" WHERE number = {REVIEWS}"),
        {("leaf_changed", "review", 1, LAST_REVIEW),
         ("row_inserted", "review", LAST_REVIEW, LAST_REVIEW)}),
    "a list is emptied": (
        lambda b: b.sql(f"UPDATE sealed_rows SET digests = x'' WHERE number = {REVIEWS}"),
        {("leaf_changed", "review", 1, LAST_REVIEW),
         ("row_inserted", "review", 1, LAST_REVIEW - 2),
         ("row_inserted", "review", LAST_REVIEW, LAST_REVIEW)}),
    "a leaf's rows are renamed": (
        lambda b: b.sql(f"UPDATE sealed_rows SET table_name = 'x' WHERE number = {REVIEWS}"),
        {("leaf_changed", "x", 1, LAST_REVIEW),
         ("row_inserted", "review", 1, LAST_REVIEW - 2),
         ("row_inserted", "review", LAST_REVIEW, LAST_REVIEW)}),
    "a leaf's first row is changed": (
        lambda b: b.sql(f"UPDATE sealed_rows SET first_row = 0 WHERE number = {REVIEWS}"),
        {("leaf_changed", "review", 0, LAST_REVIEW)}),
    "a leaf's hash is changed": (
        lambda b: b.sql(f"UPDATE sealed_rows SET sha256 = 'x' WHERE number = {REVIEWS}"),
        {("leaf_changed", "review", 1, LAST_REVIEW), ("root_changed", None, None, None)}),
    "a row, its list and its leaf are made to fit": (
        refit, {("root_changed", None, None, None)}),
    "a leaf is deleted": (
        lambda b: b.sql(f"DELETE FROM sealed_rows WHERE number = {REVIEWS}"),
        {("leaf_missing", None, None, None), ("root_changed", None, None, None),
         ("row_inserted", "review", 1, LAST_REVIEW - 2),
         ("row_inserted", "review", LAST_REVIEW, LAST_REVIEW)}),
    "two leaves change places": (
        lambda b: b.sql("UPDATE sealed_rows SET number = 99 WHERE number = 0",
                        "UPDATE sealed_rows SET number = 0 WHERE number = 1",
                        "UPDATE sealed_rows SET number = 1 WHERE number = 99"),
        {("root_changed", None, None, None)}),
    "a leaf is put in": (
        lambda b: b.sql("INSERT INTO sealed_rows SELECT 999, table_name, first_row, last_row,"
                        f" sha256, digests FROM sealed_rows WHERE number = {REVIEWS}"),
        {("row_inserted", "review", 1, LAST_REVIEW)}),
    "a head's hashes are made unreadable": (
        lambda b: b.sql("UPDATE tree_head SET peaks = '[' WHERE id = 1"),
        {("row_changed", "tree_head", 1, 1)}),
    "a head's instant is made unreadable": (
        lambda b: b.sql("UPDATE tree_head SET sealed_at = 'x' WHERE id = 1"),
        {("row_changed", "tree_head", 1, 1)}),
    "it is said that a head is of reports only": (
        lambda b: b.sql("UPDATE tree_head SET of_reports = 1 WHERE id = 1"),
        {("row_changed", "tree_head", 1, 1)}),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERING)
def test_what_is_done_to_rows_lists_and_leaves_is_named(base: Tampered, what: str) -> None:
    tamper, expected = TAMPERING[what]
    tamper(base)
    assert base.named() == expected


def test_rows_of_jobs_that_wait_for_a_seal_are_counted_and_are_no_problem(base: Tampered) -> None:
    assert BY_NAME["tagging"].written_by is WrittenBy.A_JOB
    last = max(rows_in(BY_NAME["tagging"]))
    base.sql(
        *(
            f"INSERT INTO tagging SELECT {last + n}, 1000 + {n}, taxonomy, topic, level, verdict,"
            " score, reason, spans FROM tagging WHERE id = 1"
            for n in (1, 2, 3)
        )
    )
    problems, found = base.problems()
    assert problems == []
    (told,) = found.unsealed
    assert (told.table, told.rows, told.first_id, told.last_id) == (
        "tagging",
        3,
        last + 1,
        last + 3,
    )


def test_what_cannot_be_read_keeps_nothing_else_from_being_compared(base: Tampered) -> None:
    base.sql(
        "UPDATE review SET reason = 'x' WHERE id = 2",
        "UPDATE tree_head SET sealed_at = 'x' WHERE id = 2",
        "UPDATE finding_step SET state = 'x' WHERE id = 1",
    )
    assert base.named() >= {
        ("row_changed", "review", 2, 2),
        ("row_changed", "tree_head", 2, 2),
        ("row_changed", "finding_step", 1, 1),
    }


# ---------------------------------------------------------------------------- both databases


class _UndoneError(Exception):
    """Nothing of what a test does to the shared database stays."""


@contextmanager
def undone(db: Database) -> Iterator[Connection]:
    try:
        with db.write() as c:
            yield c
            raise _UndoneError  # noqa: TRY301 - to be undone
    except _UndoneError:
        pass


def kinds_of(kind: sa.types.TypeEngine[Any]) -> st.SearchStrategy[object]:
    """Give any value that both databases take."""
    match kind:
        case Json():
            return st.lists(st.none() | st.integers() | _TEXT, max_size=3)
        case sa.Enum() as choices:
            return st.sampled_from(list(choices.enum_class or []))
        case sa.Boolean():
            return st.booleans()
        case sa.Float():
            return st.floats(0, 1)
        case sa.Date():
            return st.dates()
        case UtcDateTime():
            return st.datetimes(
                dt.datetime(2, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
                dt.datetime(9998, 1, 1),  # noqa: DTZ001
                timezones=st.just(dt.UTC),
            )
        case sa.LargeBinary():
            return st.binary(max_size=40)
        case sa.BigInteger():
            return st.integers(-(2**63), 2**63 - 1)
        case sa.Integer():
            return st.integers(-(2**31), 2**31 - 1)
        case _:
            return _TEXT


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_RICH = [BY_NAME[name] for name in ("article_version", "tagging", "text_sketch", "plan_line", "run")
         if name in BY_NAME]  # fmt: skip


@st.composite
def any_rows(draw: st.DrawFn) -> list[tuple[str, list[dict[str, object]]]]:
    """Rows of the tables with columns of every kind, anything in their places."""
    found = []
    for sealed in _RICH:
        columns = {
            column.name: kinds_of(column.type) | (st.none() if column.nullable else st.nothing())
            for column in sealed.table.c
            if column.name != "id"
        }
        unique = next(iter(columns))
        rows = draw(st.lists(st.fixed_dictionaries(columns), max_size=3))
        ids = sorted(draw(st.sets(st.integers(1, 2**40), min_size=len(rows), max_size=len(rows))))
        found.append(
            (sealed.name, [row | {"id": n, unique: n} for n, row in zip(ids, rows, strict=True)])
        )
    return found


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path, migrated_postgres_url: str
) -> Iterator[tuple[Database, Database]]:
    file = tmp_path_factory.mktemp("both") / "tinbai.db"
    shutil.copyfile(empty_database_file, file)
    pair = Database.open(f"sqlite:///{file}"), Database.open(migrated_postgres_url)
    yield pair
    for one in pair:
        one.close()


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow])
@given(rows=any_rows())
def test_the_same_rows_give_the_same_root_on_both_databases(
    both: tuple[Database, Database], rows: list[tuple[str, list[dict[str, object]]]]
) -> None:
    roots = []
    for db in both:
        with undone(db) as c, without_rules(c):
            for name, values in rows:
                if values:
                    c.execute(sa.insert(tables.metadata.tables[name]), values)
            number = chain.seal_rows(c, at=AT)
            heads = chain.heads(c)
            leaves = chain.leaf_hashes(c, heads[-1].head.size) if heads else []
            assert list(verify_chain(c, Chain())) == []
            assert number == sum(len(values) for _, values in rows)
            assert [one.head.root for one in heads] == [root_of(leaves).hex()] * bool(number)
            roots.append([one.head.root for one in heads])
    assert roots[0] == roots[1]


def test_tampering_is_named_on_both_databases(db: Database) -> None:
    with undone(db) as c, without_rules(c):
        fill(c)
        chain.seal_rows(c, at=AT)
        expected = set()
        for sealed in SEALED:
            table = sealed.table
            text = next((x for x in table.c if type(x.type) is sa.Text), None)
            changed = text
            if changed is None:
                numbers = [x for x in table.c if isinstance(x.type, sa.Integer)]
                changed = next(x for x in numbers if x.name != "id")
            c.execute(
                sa.update(table)
                .where(table.c.id == 1)
                .values({changed.name: 7777 if text is None else "khác"})
            )
            c.execute(sa.delete(table).where(table.c.id == 3))
            expected |= {("row_changed", sealed.name, 1), ("row_missing", sealed.name, 3)}
        found = {(x.kind.value, x.table, x.first_id) for x in verify_chain(c, Chain())}
        assert found == expected


# ------------------------------------------------------------------------ how rows come in


def review(row_id: int) -> dict[str, object]:
    return row_of(tables.review, row_id)


def test_rows_come_in_once_in_pieces_and_what_reports_leave_is_no_fact(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(row_chain, "PER_LEAF", 2)
    with undone(db) as c, without_rules(c):
        c.execute(sa.insert(tables.review), [review(n) for n in (1, 2, 3)])
        assert chain.seal_rows(c, at=AT) == 3
        assert chain.seal_rows(c, at=AT) == 0
        facts = chain.head_as_of(c, AT)
        c.execute(sa.insert(tables.review), [review(4)])
        c.execute(sa.insert(tables.report_line), [row_of(tables.report_line, 1)])
        assert chain.seal_rows(c, at=AT, of_reports=True) == 1
        assert chain.head_as_of(c, AT) == facts
        assert chain.seal_rows(c, at=AT) == 1
        assert facts is not None
        assert facts.holds_rows
        assert [one.head.size for one in chain.heads(c)] == [2, 4, 6]
        assert list(verify_chain(c, Chain())) == []


def test_a_kill_in_the_middle_of_a_seal_loses_nothing_and_doubles_nothing(
    database: Database, tmp_path: Path
) -> None:
    with database.write() as c, without_rules(c):
        c.exec_driver_sql("PRAGMA foreign_keys = OFF")
        c.execute(sa.insert(tables.registry_edition), [row_of(tables.registry_edition, 1)])
    with undone(database) as c:
        chain.seal_rows(c, at=AT)
        expected = chain.head_as_of(c, AT)
    database.close()
    child = os.fork()
    if child == 0:
        killed = Database.open(f"sqlite:///{tmp_path / 'tinbai.db'}")
        chain._add_head = lambda *_, **__: os._exit(9)  # noqa: SLF001
        with killed.write(alone=True) as c:
            chain.seal_rows(c, at=AT)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with database.write(alone=True) as c:
        assert chain.heads(c) == []
        assert chain.leaf_hashes(c, 9) == []
        assert chain.seal_rows(c, at=AT) == 1
        assert chain.head_as_of(c, AT) == expected
        assert list(verify_chain(c, Chain())) == []


def test_nothing_is_sealed_while_another_program_writes(db: Database, url: str) -> None:
    """A row that is numbered and not stored yet would be missing from its place for ever."""
    impatient = Database.open(url, busy_timeout_s=0.2)
    with db.write(), pytest.raises(DatabaseError, match="khóa"), impatient.write(alone=True):
        pass
    impatient.close()


def test_two_programs_write_side_by_side_where_the_database_can(db: Database, url: str) -> None:
    if url.startswith("sqlite"):
        return
    impatient = Database.open(url, busy_timeout_s=0.2)
    with db.write(), impatient.write() as c:
        assert c.scalar(sa.select(sa.literal(1))) == 1
    impatient.close()


# ----------------------------------------------------------------------- bytes for outsiders


def test_a_row_and_a_leaf_are_lines_that_anybody_can_hash() -> None:
    line = row_line(
        ["a", "b", "c", "d", "e", "f", "g"],
        [None, "Xã A\n", dt.date(2022, 9, 1), AT.astimezone(), True, b"\x01\xff", 0.5],
    )
    assert (
        line
        == (
            '{"b":"Xã A\\n","c":"2022-09-01","d":"2022-09-10 00:00:00.000000","e":1,'
            '"f":{"hex":"01ff"},"g":0.5}'
        ).encode()
    )
    packed = pack([(7, b"\x01" * 32), (9, b"\x02" * 32)])
    assert list(unpack(packed + b"rest")) == [(7, b"\x01" * 32), (9, b"\x02" * 32)]
    content = rows_leaf_content("review", first_id=7, last_id=9, digests=packed)
    assert json.loads(content) == {
        "first_id": 7,
        "format": "tinbai-rows/1",
        "last_id": 9,
        "rows": 2,
        "rows_sha256": hashlib.sha256(packed).hexdigest(),
        "table": "review",
    }
    assert b"\n" not in content


def test_the_line_of_a_row_stays_the_same_when_an_empty_column_is_added() -> None:
    assert row_line(["a", "b"], [1, None]) == row_line(["a"], [1])


def test_runs_and_heads_are_told_from_other_tables() -> None:
    assert {RUNS.name, HEADS.name} == {"crawl_run", "tree_head"}
    assert all(one.vi and one.en for one in BY_NAME.values())
