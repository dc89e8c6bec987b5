"""A made-up practice of any size, written straight through the ledger: so many service fee lines and as many payments."""

from __future__ import annotations

from pathlib import Path

from benchmarks.floor import DAY, peak_mb
from bo_tui.db import schema
from bo_tui.db.connection import Store, create_store
from bo_tui.db.tables import Agency, Assignment, ExternalRule, Practice
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, ledger, operators, setup
from bo_tui.rules.settings import changing

__all__ = ["DAY", "build", "peak_mb"]
RULES = {
    "payment_within_days": 35, "payment_minimum": 2000, "payment_percent": 1000, "account_level": False,
    "roll_returned_mail": True, "auto_reassign": True, "re_age_if_denied": False, "move_all_by_dos": True,
}  # fmt: skip
_CHUNK = 250_000


def build(path: Path, lines: int) -> Store:
    """A store with one practice of so many lines: four lines an account, one payment a line, about a tenth to be selected.

    Amounts, ages, payers, cases and dates follow from the line's number by arithmetic, so that two builds are the same.
    """
    store = create_store(path)
    schema.migrate(store)
    office = Office(store, Actor("bench", "administrator"), DAY)
    with office.act("init") as draft:
        practice = setup.create_practice(draft, "BENCH", "Bench Anesthesia")
        setup.ensure_common_codes(draft)
        operators.write_operator(draft, "bench", "administrator")
        for number, name in enumerate(("First Bay", "Bay West"), start=1):
            where = {"address1": "1 Pier", "zip": "00000", "baa_date": DAY - 999}
            changing.insert(draft, Agency, {"name": name, **where}, keys={"id": number})
        ledger.seal(draft)
    with office.act("settings", practice) as draft:
        for agency, age in ((1, 45), (2, 89)):
            values = {"agency": agency, "balance_greater_than": 9900, "age_greater_than": age, "auto_approve": True}
            changing.insert(draft, Assignment, values | {"auto_create_file": False}, keys={"practice": practice})
        changing.insert(draft, ExternalRule, RULES, keys={"practice": practice})
        ledger.seal(draft)
    first = 1
    while first <= lines:
        last = min(first + _CHUNK - 1, lines)
        _load(office, practice, first, last)
        first = last + 1
    assert not checking.check_new(store, practice)  # as an import does
    store.db.execute_sql("ANALYZE")
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert Practice.select().count() == 1
    return store


def _load(office: Office, practice: int, first: int, last: int) -> None:
    """Lines `first` to `last` with their accounts, SVCFE and one payment each, in one act.

    Seven lines in ten are the guarantor's; ages run from 0 to 57 days.
    """
    with office.act("load", practice) as draft:
        run = office.store.db.execute_sql
        numbers = "WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
        run(
            "INSERT INTO account (id, practice, number, guarantor, last, first, address1, city, state, zip, act) "
            + numbers
            + "SELECT (i + 3) / 4, ?, printf('A%07d', (i + 3) / 4), printf('Name%05d, First', (i * 7919) % 99991), 'N', 'F', "
            "'1 Street', 'Town', 'TX', '75001', ? FROM n WHERE i % 4 = 1",
            (first, last, practice, draft.id),
        )
        fee = "(5000 + (i * 7919) % 45000)"
        age = "((i * 104729) % 58)"
        paid = f"CASE WHEN i % 10 < 2 THEN {fee} ELSE 500 + (i * 31) % 4000 END"
        run(
            "INSERT INTO service_line (id, practice, account, number, case_number, date_of_service, procedure, description, "
            "fee, responsibility, responsible_since, aging_date, posted, ar, act) "
            + numbers
            + f"SELECT i, ?, (i + 3) / 4, printf('L%08d', i), CASE WHEN i % 3 = 0 THEN printf('C%d', i / 4) END, ? - 200, "
            f"'00100', 'Anesthesia', {fee}, CASE WHEN i % 10 < 9 THEN 'guarantor' ELSE 'insurance' END, ? - {age}, "
            f"CASE WHEN i % 10 < 9 THEN ? - {age} END, ? - 200, {fee} - ({paid}), ? FROM n",
            (first, last, practice, DAY, DAY, DAY, DAY, draft.id),
        )
        base = draft.take_entry_ids(2 * (last - first + 1)) - 2 * (first - 1) - 1
        entry = "INSERT INTO entry (id, act, practice, line, parent, code, debit, credit, amount, posted) "
        run(
            entry + numbers + f"SELECT ? + 2 * i - 1, ?, ?, i, NULL, 'SVCFE', 'AR', 'REVENUE', {fee}, ? - 200 FROM n",
            (first, last, base, draft.id, practice, DAY),
        )
        run(
            entry
            + numbers
            + "SELECT ? + 2 * i, ?, ?, i, ? + 2 * i - 1, CASE WHEN i % 2 THEN 'GPYMT' ELSE 'IPYMT' END, 'CASH', 'AR', "
            f"{paid}, ? - (i * 13) % 180 FROM n",
            (first, last, base, draft.id, practice, base, DAY),
        )
        ledger.seal(draft)
