"""The store: its tables as the models say, a ledger that the database itself guards, and transactions that must be sealed."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from peewee import IntegrityError

from bo_tui.db import connection, schema, tables
from bo_tui.db.connection import Store, create_store, open_store, refuse_network
from bo_tui.db.tables import Act, Entry
from bo_tui.db.tables.base import Table
from bo_tui.errors import CannotCreate, Locked, StoreUnavailable
from bo_tui.office import Office
from bo_tui.rules import ledger
from tests import making

MODELS = [
    value
    for value in vars(tables).values()
    if isinstance(value, type) and issubclass(value, Table) and value is not Table
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_model_mirrors_its_table(office: Office, model: type[Table]) -> None:
    db = office.store.use()
    columns = {row[1]: row for row in db.execute_sql(f"PRAGMA table_xinfo({model._meta.table_name})").fetchall()}  # type: ignore[attr-defined]
    fields = {field.column_name: field for field in model._meta.sorted_fields}  # type: ignore[attr-defined]
    assert set(columns) == set(fields)
    for name, field in fields.items():
        if name != "has_balance" and not field.primary_key:
            assert bool(columns[name][3]) != bool(field.null), name


def test_every_table_is_strict_and_every_act_column_deferred(office: Office) -> None:
    made = {name: sql for name, sql in schema.schema_of(office.store).items() if sql.startswith("CREATE TABLE")}
    for name, sql in made.items():
        if name != schema.HISTORY:
            assert sql.endswith("STRICT"), name
        if " act INTEGER" in sql and "run" not in name:
            assert "REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED" in sql, name


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET note = 'x'",
        "DELETE FROM entry",
        "UPDATE act SET actor = 'eve'",
        "DELETE FROM act",
        "UPDATE change SET after = 'x'",
        "DELETE FROM change",
        "INSERT OR REPLACE INTO act SELECT * FROM act WHERE id = 1",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE id = 1",
        "INSERT INTO change (act, subject, subject_id, field) VALUES (1, 'x', 1, 'x')",
        "DELETE FROM agency_file",
        "DELETE FROM placement",
    ],
)
def test_the_database_itself_guards_the_ledger(office: Office, statement: str) -> None:
    agency = making.make_agency(office)
    making.place(office, making.make_line(office, making.make_account(office)), agency)
    making.make_file(office, agency)
    with pytest.raises(IntegrityError, match=r"append-only|sealed|never deleted"):
        office.store.use().execute_sql(statement)
    assert making.verify(office) == []


def test_a_line_has_one_open_placement(office: Office) -> None:
    agency = making.make_agency(office)
    line = making.make_line(office, making.make_account(office))
    making.place(office, line, agency)
    db = office.store.use()
    columns = "practice, account, line, agency, amount, balance, placed, guarantor, account_number, agency_name"
    columns += ", description, date_of_service, act"
    with pytest.raises(IntegrityError, match="UNIQUE"):
        db.execute_sql(f"INSERT INTO placement (id, {columns}) SELECT 1, {columns} FROM placement")
    with pytest.raises(IntegrityError, match="CHECK"):
        db.execute_sql("UPDATE placement SET balance = -1")
    with pytest.raises(IntegrityError, match="CHECK"):
        db.execute_sql("UPDATE placement SET closed = 'RVCOL'")


def _seal_and_fail(office: Office, account: int) -> None:
    with office.act("x", 1) as draft:
        ledger.change(draft, "account", account, "last", "a", "b")
        ledger.seal(draft)
        raise ZeroDivisionError


def test_what_is_not_sealed_is_rolled_back(office: Office) -> None:
    before = Act.select().count(), Entry.select().count()
    account = making.make_account(office)
    with office.act("x", 1) as draft:
        ledger.change(draft, "account", account, "last", "a", "b")
    with pytest.raises(ZeroDivisionError):
        _seal_and_fail(office, account)
    assert (Act.select().count(), Entry.select().count()) == (before[0] + 1, before[1])
    assert making.verify(office) == []


def test_a_reader_sees_one_moment(office: Office) -> None:
    with office.reading() as db:
        before = db.execute_sql("SELECT count(*) FROM account").fetchone()
        worker = threading.Thread(target=lambda: (making.make_account(office), office.close()))
        worker.start()
        worker.join()
        assert db.execute_sql("SELECT count(*) FROM account").fetchone() == before
    assert office.store.use().execute_sql("SELECT count(*) FROM account").fetchone() == (before[0] + 1,)


def test_a_writer_waits_for_its_turn_and_not_for_ever(office: Office) -> None:
    other = Store(office.store.path, patience=0.05)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with Store(office.store.path).act():
            held.set()
            done.wait(5)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    started = time.monotonic()
    with pytest.raises(Locked), other.act():
        pass
    assert 0.04 < time.monotonic() - started < 2
    other.patience = 5
    threading.Timer(0.05, done.set).start()
    with other.act():
        pass
    holder.join()
    other.close()


def test_pragmas_are_as_designed(office: Office) -> None:
    db = office.store.use()
    values = {
        name: db.execute_sql(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    }
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


def test_opening_what_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="bo-tui init"):
        open_store(tmp_path / "none.db")
    with pytest.raises(StoreUnavailable, match="a folder"):
        open_store(tmp_path)
    (tmp_path / "x.db").write_text("x" * 200)
    with pytest.raises(StoreUnavailable, match="not a"):
        open_store(tmp_path / "x.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreUnavailable, match="not a bo_tui store"):
        schema.require_current(open_store(tmp_path / "empty.db"))


def test_network_file_systems_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_network(tmp_path)
    monkeypatch.setattr(connection, "_file_system", lambda folder: "nfs4")
    with pytest.raises(StoreUnavailable, match="network file system"):
        refuse_network(tmp_path)


def test_a_new_store_never_takes_a_name_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "office.db").touch()
    with pytest.raises(CannotCreate):
        create_store(tmp_path / "office.db")
    (tmp_path / "other.db").symlink_to(tmp_path / "nowhere.db")
    with pytest.raises(CannotCreate):
        create_store(tmp_path / "other.db")
    assert not os.path.exists(tmp_path / "nowhere.db")


def test_the_digest_of_the_schema_is_that_of_the_migrations(office: Office) -> None:
    """A migration that is added renews `schema.DIGEST`; a store that has had them all is recognised by it."""
    assert schema.digest_of(schema.expected()) == schema.DIGEST
    assert schema.digest_of(schema.schema_of(office.store)) == schema.DIGEST
    office.store.use().execute_sql("DROP INDEX placement_open")
    assert schema.digest_of(schema.schema_of(office.store)) != schema.DIGEST
