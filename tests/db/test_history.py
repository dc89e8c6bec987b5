"""The check replays what changes say against what stands: every row that was changed behind the program's back is seen."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bo_tui.db.connection import open_store
from bo_tui.db.integrity import Finding, check, check_since
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, operators, payments
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import adjust, filestates, pending
from bo_tui.rules.settings import agencies, external_rules, practices
from tests import making
from tests.support.book import OfficeBook, day

TODAY = "2026-02-20"
NEXT = "2026-02-21"


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """The store of an office in which everything that changes without money has changed once and more."""
    path = tmp_path_factory.mktemp("worked") / "office.db"
    shutil.copy(empty_store, path)
    store = open_store(path)
    book = OfficeBook(Office(store, Actor(making.USER, "administrator"), making.DAY))
    _history(book)
    assert check(store, checking.MOVES) == []
    store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


def _history(book: OfficeBook) -> None:
    office = book.on(TODAY)
    book.agency("One", balance=99_00, age=45)
    two = agencies.create(office, agencies.AgencyFields("Two", "2 Pier", zip="54007", file_type="csv")).agency
    agencies.update(office, two, agencies.AgencyFields("Second", "2 Pier", zip="54007", file_type="csv"))
    book.agencies["Second"] = two
    book.agency("Second", balance=99_00, age=200)
    external_rules.save(office, 1, external_rules.Rules(re_age_if_denied=True))
    operators.add(office, "bob", "operator")
    operators.change_role(office, "bob", "supervisor")
    operators.add(office, "eve", "viewer")
    operators.remove(office, "eve")
    for number in ("DENIED", "WAITS", "POSTED", "MOVED", "BACK", "ROLLED", "OUT", "BIG"):
        book.line(number, 480_00, "2026-01-01")
    book.night(TODAY)  # queues all of them for One
    pending.withdraw(office, 1, day(TODAY))
    book.add(["DENIED", "WAITS", "POSTED", "MOVED", "BACK"], "One", TODAY)
    pending.change_agency(office, 1, ["WAITS"], "Second")
    book.post(["POSTED", "MOVED", "BACK"], TODAY)
    pending.deny(office, 1, "DENIED", "not now", task=tasks.Wanted("call", day(NEXT)))
    book.file("One", TODAY)
    filestates.mark_sent(office, 1)
    filestates.acknowledge(office, 1, 3, 1440_00)
    book.reassign("MOVED", "Second", TODAY)
    book.transfer("BACK", TODAY)
    payments.roll(office, 1, "ROLLED", "insurance")
    book.hold("A-OUT", TODAY, "2026-05-01")
    book.hold("A-OUT", TODAY, kind="dispute")
    book.hold("A-BIG", TODAY)
    book.lift("A-BIG", NEXT)
    book.flag("A-OUT", True, TODAY)
    kept = practices.PracticeSettings("Lakeside Anesthesia", closed_through=day("2026-01-31"), four_eyes_limit=100_00)
    practices.save(office, 1, kept)
    adjust.adjust(office, book.placement("POSTED").id, "CHRTY", 200_00, "hardship")


LINE = "(SELECT id FROM service_line WHERE number = '{}')"
TAMPERED = [
    ("UPDATE operator SET role = 'administrator' WHERE user = 'bob'", "role stands as administrator; act"),
    ("UPDATE operator SET removed = 0 WHERE user = 'eve'", "role stands as viewer"),
    ("INSERT INTO operator (user, role, act) VALUES ('mal', 'administrator', 1)", "was made by no act"),
    ("UPDATE practice SET four_eyes_limit = NULL", "four_eyes_limit stands as nothing"),
    ("UPDATE practice SET closed_through = closed_through - 30", "last said 2026-01-31"),
    ("UPDATE practice SET tsi_ssn = 'full'", "tsi_ssn holds something that no act put there"),
    ("UPDATE external_rule SET re_age_if_denied = 0", "re_age_if_denied stands as no"),
    ("UPDATE external_rule SET payment_within_days = 5", "payment_within_days holds something"),
    ("UPDATE assignment SET balance_greater_than = 1 WHERE id = 1", "stands as 0.01; act"),
    ("UPDATE assignment SET auto_approve = 1", "auto_approve stands as yes"),
    ("UPDATE assignment SET max_lines = 1", "max_lines holds something"),
    ("UPDATE agency SET ssn = 'full' WHERE name = 'Second'", "ssn stands as full; act"),
    ("UPDATE agency SET name = 'Third' WHERE name = 'Second'", "name stands as Third; act"),
    ("UPDATE hold SET until = until + 1 WHERE kind = 'manual' AND until > since", "until stands as 2026-0"),
    ("UPDATE hold SET until = NULL WHERE until > 20000", "until stands as nothing"),
    ("UPDATE hold SET until = since WHERE kind = 'dispute'", "Table hold, row 2: until"),
    ("UPDATE hold SET kind = 'deceased' WHERE kind = 'dispute'", "kind stands as deceased"),
    ("UPDATE hold SET account = 1 WHERE kind = 'dispute'", "Table hold, row 2: kind"),
    ("DELETE FROM hold WHERE kind = 'dispute'", "Table hold, row 2, is gone"),
    ("UPDATE service_line SET brought_back = 0", "brought_back stands as no"),
    ("UPDATE service_line SET aging_date = aging_date - 9 WHERE number = 'DENIED'", "aging_date stands as 2026-02-11"),
    ("UPDATE service_line SET responsibility = 'guarantor', aging_date = 1 WHERE number = 'ROLLED'", "responsibility stands"),
    ("UPDATE account SET returned_mail = 0", "returned_mail stands as no"),
    ("UPDATE account SET returned_mail_act = 3 WHERE returned_mail = 1", "is not the one that it names"),
    (f"UPDATE pending SET agency = 1 WHERE line = {LINE.format('WAITS')} AND outcome IS NULL", "agency stands as 1"),
    (f"UPDATE pending SET agency = 2 WHERE line = {LINE.format('OUT')}", "was queued for One (threshold)"),
    (f"UPDATE pending SET because = 'dos' WHERE line = {LINE.format('OUT')}", "was queued for One (threshold)"),
    (f"UPDATE pending SET outcome = NULL WHERE line = {LINE.format('DENIED')} AND source = 'add'", "is open; its acts do not"),
    ("UPDATE pending SET outcome = 'denied' WHERE outcome IS NULL", "is denied; its acts do not"),
    ("UPDATE pending SET outcome = 'withdrawn' WHERE outcome = 'denied'", "is withdrawn; its acts do not"),
    (f"UPDATE placement SET agency = 1 WHERE line = {LINE.format('MOVED')} AND closed IS NULL", "agency stands as 1"),
    (f"UPDATE placement SET agency = 2 WHERE line = {LINE.format('POSTED')}", "is posted; its acts do not"),
    ("UPDATE placement SET closed = NULL, closed_on = NULL WHERE closed = 'RVCOL'", "closed by nothing; its entries say RVCOL"),
    ("UPDATE placement SET closed = 'RVCOL' WHERE closed = 'AGTFR'", "closed by RVCOL; its entries say AGTFR"),
    ("UPDATE agency_file SET acknowledged_amount = 1", "acknowledged_amount stands as 1"),
    ("UPDATE agency_file SET state = 'sent'", "state stands as sent"),
    ("UPDATE proposal SET asked = replace(asked, '20000', '1')", "asked is not what the history says"),
    ("UPDATE proposal SET proposed_by = 'bob'", "does not name who proposed"),
    ("UPDATE collection_task SET follow_up = follow_up + 900", "follow_up stands as 2028-08-"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), TAMPERED)
def test_what_was_changed_behind_the_programs_back_is_named(
    worked: Path, tmp_path: Path, statement: str, words: str
) -> None:
    findings = _tampered(worked, tmp_path, statement)
    assert any(words in finding.sentence for finding in findings), [finding.sentence for finding in findings]


def _tampered(worked: Path, folder: Path, *statements: str) -> list[Finding]:
    path = folder / "office.db"
    shutil.copy(worked, path)
    with closing(sqlite3.connect(path)) as db:
        for statement in statements:
            assert db.execute(statement).rowcount > 0
        db.commit()
    store = open_store(path)
    try:
        return check(store, checking.MOVES, outbox=False)
    finally:
        store.close()


def test_a_pending_row_that_is_gone_is_missed(worked: Path, tmp_path: Path) -> None:
    copy = tmp_path / "office.db"
    with closing(sqlite3.connect(worked)) as db:
        (trigger,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'pending_no_delete'").fetchone()
    findings = _tampered_by_script(
        worked, copy, f"DROP TRIGGER pending_no_delete; DELETE FROM pending WHERE outcome IS NULL; {trigger};"
    )
    assert [finding.kind for finding in findings] == ["history"] * len(findings)
    assert any("its pending row is gone" in finding.sentence for finding in findings)


def _tampered_by_script(worked: Path, copy: Path, script: str) -> list[Finding]:
    shutil.copy(worked, copy)
    with closing(sqlite3.connect(copy)) as db:
        db.executescript(script)
    store = open_store(copy)
    try:
        return check(store, checking.MOVES, outbox=False)
    finally:
        store.close()


def test_the_nights_check_looks_at_what_its_acts_changed_alone(worked: Path, tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    shutil.copy(worked, path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE hold SET until = NULL WHERE until > 20000")
        db.execute("UPDATE service_line SET brought_back = 1 WHERE number = 'DENIED'")
        db.commit()
        (last,) = db.execute("SELECT max(id) FROM act").fetchone()
    store = open_store(path)
    book = OfficeBook(Office(store, Actor(making.USER, "administrator"), making.DAY))
    assert check_since(store, last, checking.MOVES, 1) == []
    book.hold("A-DENIED", NEXT)
    assert check_since(store, last, checking.MOVES, 1) == []
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE hold SET until = since WHERE id = (SELECT max(id) FROM hold)")
        db.commit()
    (finding,) = check_since(store, last, checking.MOVES, 1)
    assert (finding.kind, finding.subject) == ("history", "hold 4")
    store.close()


def test_what_an_import_made_is_not_judged_and_what_changed_it_later_is(office: Office) -> None:
    account = making.make_account(office, returned_mail=False)  # as an import writes it: the row alone
    making.make_line(office, account, "L1")
    with closing(sqlite3.connect(office.store.path)) as db:
        db.execute("UPDATE service_line SET brought_back = 1")  # nothing was ever said of it
        db.commit()
    assert making.verify(office) == []
    OfficeBook(office).lift_mark("L1", making.DAY)
    assert making.verify(office) == []
    with closing(sqlite3.connect(office.store.path)) as db:
        db.execute("UPDATE service_line SET brought_back = 1")
        db.commit()
    assert [finding.subject for finding in making.verify(office)] == ["service_line 1"]
