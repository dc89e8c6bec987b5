"""Debt that TSI had before: from `precollections.csv`, and from a store of the first version (CONTRACT, Office CSV)."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from peewee import SqliteDatabase

from bo_tui.office import Office
from tests.making import verify
from tests.support.book import OfficeBook
from tests.support.precollecting import ADDRESS, enrol, started, told


def load(bo, folder: Path, *rows: str) -> None:
    folder.mkdir()
    (folder / "precollections.csv").write_text(
        "practice,line,started,amount,pre_collection_id\n" + "\n".join(rows) + "\n"
    )
    done = bo("import", str(folder), "--from", "office")
    assert done.exit_code == 0, done.stderr


def test_imported_lines_are_open_stays_of_accounts_with_tsi(office: Office, bo, tmp_path: Path) -> None:
    book = enrol(OfficeBook(office))
    book.account("A", **ADDRESS)
    for number, fee in (("L1", 100_00), ("L2", 80_00), ("L3", 60_00)):
        book.line(number, fee, "2026-01-01", account="A")
    book.pay("L2", 30_00, "2026-02-01")
    load(bo, tmp_path / "first", "LAKE,L1,2026-01-15,100.00,P-1", "LAKE,L2,2026-01-15,80.00,")
    assert started(book) == {"L1", "L2"}
    assert book.sql("SELECT state, began, told FROM precollect_account") == [("with", 20468, 180_00)]
    load(bo, tmp_path / "later", "LAKE,L3,2026-02-15,60.00,")
    assert book.sql("SELECT state, began, told FROM precollect_account") == [("with", 20468, 240_00)]
    assert verify(office) == []

    book.any_night("2026-11-20")  # what TSI does not know yet is one credit; then it is told day by day
    assert told(book) == [("A", "CR", "30.00", "210.00")]
    book.pay("L1", 100_00, "2026-11-20")
    book.any_night("2026-11-21")
    assert told(book)[1:] == [("A", "PP", "100.00", "110.00")]
    assert verify(office) == []


def test_an_upgrade_takes_up_lines_that_the_first_version_only_kept(tmp_path: Path) -> None:
    db = SqliteDatabase(str(tmp_path / "old.db"))
    db.execute_sql("PRAGMA foreign_keys = ON")
    modules = [
        importlib.import_module(f"bo_tui.db.migrations.{name}") for name in ("0001_initial", "0002_precollections")
    ]
    with db.atomic():
        modules[0].up(None, db)
        for statement in (
            "INSERT INTO practice (id, code, name, act) VALUES (1, 'LAKE', 'Lake', 1)",
            "INSERT INTO account (id, practice, number, guarantor, act) VALUES (7, 1, 'A', 'A', 1)",
            *(
                "INSERT INTO service_line (id, practice, account, number, date_of_service, fee, responsibility, aging_date,"
                f" posted, ar, act) VALUES ({line}, 1, 7, 'L{line}', 1, 9000, 'guarantor', 1, 1, 9000, 1)"
                for line in (1, 2)
            ),
            "INSERT INTO precollection (practice, line, started, amount, act) VALUES (1, 1, 50, 9000, 1), (1, 2, 40, 8000, 1)",
            "INSERT INTO act VALUES (1, 1, 'ana', 'import', NULL, 60, 0, 0, 1, 'd', 'now')",
        ):
            db.execute_sql(statement)
    with db.atomic():
        modules[1].up(None, db)
    stays = db.execute_sql("SELECT account, line, told, watermark, insured, ended FROM precollection").fetchall()
    assert stays == [(7, 1, 9000, 0, 0, None), (7, 2, 8000, 0, 0, None)]
    accounts = db.execute_sql("SELECT practice, account, state, began, told, act FROM precollect_account").fetchall()
    assert accounts == [(1, 7, "with", 40, 17000, 1)]
    with pytest.raises(Exception, match="never deleted"):
        db.execute_sql("DELETE FROM precollection")
    with pytest.raises(Exception, match="UNIQUE"):
        db.execute_sql("INSERT INTO precollection (practice, line, started, amount, act) VALUES (1, 1, 60, 1, 1)")
    db.close()
