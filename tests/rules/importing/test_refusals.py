"""Bad input: one clear problem each, with file, row, column and reason, and nothing half-loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bo_tui.db.tables import Account, Act, Change, Entry, Practice, ServiceLine
from bo_tui.errors import BadInput, NoInput, NotAllowed, Problem, WrongUsage
from bo_tui.office import Actor, Office
from bo_tui.rules.importing import import_folder
from tests.rules.importing.conftest import account, agency, line, payment


def _state(office: Office) -> list[Any]:
    with office.reading():
        tables = (Act, Entry, Change, Account, ServiceLine, Practice)
        return [list(table.select().tuples()) for table in tables]


def _refused(office: Office, where: Path, **options: Any) -> list[Problem]:
    before = _state(office)
    with pytest.raises(BadInput) as refused:
        import_folder(office, where, **options)
    assert _state(office) == before
    assert refused.value.total == len(refused.value.problems)
    return refused.value.problems


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown column": (
        {"accounts": [account(colour="red")]},
        "accounts.csv row 1, colour: is not a column of accounts.csv",
    ),
    "misspelt column": (
        {"accounts": [account(organisation="X")]},
        "accounts.csv row 1, organisation: is not a column of accounts.csv; did you mean organization?",
    ),
    "missing column": (
        {"accounts": "practice,last\nLAKE,Smith\n"},
        "accounts.csv row 1, account: is required and not in the header",
    ),
    "column twice": (
        {"accounts": "practice,account,last,last\nLAKE,1,a,b\n"},
        "accounts.csv row 1, last: stands twice in the header",
    ),
    "empty file": ({"accounts": ""}, "accounts.csv row 1: has no header row"),
    "required cell": ({"accounts": [account(""), account("2")]}, "accounts.csv row 2, account: is required"),
    "no name": (
        {"accounts": [account(last="")]},
        "accounts.csv row 2, last: a person (last) or an organization is required",
    ),
    "cells": (
        {"accounts": "practice,account,last\nLAKE,1,Smith\nLAKE,2\n"},
        "accounts.csv row 3: has 2 cells, the header has 3",
    ),
    "date": (
        {"accounts": [account(date_of_birth="1/2/1980")]},
        "accounts.csv row 2, date_of_birth: 1/2/1980 is not a date such as 2026-11-21",
    ),
    "no such day": (
        {"accounts": [account(date_of_birth="2025-02-29")]},
        "accounts.csv row 2, date_of_birth: 2025-02-29 is not a day of the calendar",
    ),
    "flag": (
        {"accounts": [account(returned_mail="true")]},
        "accounts.csv row 2, returned_mail: true is neither yes nor no",
    ),
    "control character": (
        {"accounts": [account(last="Sm\x1bith")]},
        "accounts.csv row 2, last: holds a control character (U+001B)",
    ),
    "line break": (
        {"accounts": [account(last="Smith\nJones")]},
        "accounts.csv row 2, last: holds a control character (U+000A)",
    ),
    "NUL": (
        {"accounts": b"practice,account,last\nLAKE,1,Sm\x00ith\n"},
        "accounts.csv row 2, last: holds a control character (U+0000)",
    ),
    "not UTF-8": (
        {"accounts": b"practice,account,last\nLAKE,1,Mu\xf1oz\n"},
        "accounts.csv row 2, last: holds bytes that are not UTF-8",
    ),
    "UTF-16": (
        {"accounts": "practice,account,last\n".encode("utf-16")},
        "accounts.csv row 1: the header is not UTF-8 text without control characters",
    ),
    "10 MB field": (
        {"accounts": "practice,account,last,first\nLAKE,1," + "x" * 10_000_000 + ",Ana\n"},
        "accounts.csv row 2, last: holds more than 65,536 characters",
    ),
    "10 MB quoted field": (
        {"accounts": 'practice,account,last\nLAKE,1,"' + "x\n" * 5_000_000 + '"\n'},
        "accounts.csv row 2, last: holds more than 65,536 characters",
    ),
    "open quote": (
        {"accounts": 'practice,account,last\nLAKE,1,"Smith\n'},
        "accounts.csv row 2: begins a quoted cell that does not end before the file does",
    ),
    "stray quote": (
        {"accounts": 'practice,account,last\nLAKE,1,"Smith"x\n'},
        "accounts.csv row 2: is not CSV as RFC 4180 has it: ',' expected after '\"'",
    ),
    "key twice": (
        {"accounts": [account("1"), account("2"), account("1")]},
        "accounts.csv row 4, account: 1 has the same key as row 2",
    ),
    "practice twice": (
        {"practices": [{"practice": "LAKE", "name": "A"}, {"practice": "LAKE", "name": "B"}]},
        "practices.csv row 3, practice: the same key as row 2",
    ),
    "unknown practice": (
        {"accounts": [account(practice="HILL")]},
        "accounts.csv row 2, practice: HILL is no practice here, nor in practices.csv",
    ),
    "practice code": (
        {"practices": [{"practice": "../up", "name": "A"}]},
        "practices.csv row 2, practice: ../up is not a code of letters, digits, - and _, at most 32 characters",
    ),
    "fraction of a cent": (
        {"accounts": [account()], "service_lines": [line(fee="1.005")]},
        "service_lines.csv row 2, fee: 1.005 has fractions of a cent; two decimals at most",
    ),
    "negative fee": (
        {"accounts": [account()], "service_lines": [line(fee="-1.00")]},
        "service_lines.csv row 2, fee: -1.00 is below zero",
    ),
    "unknown account": (
        {"accounts": [account()], "service_lines": [line(account="999")]},
        "service_lines.csv row 2, account: there is no account 999",
    ),
    "no date of responsibility": (
        {"accounts": [account()], "service_lines": [line(responsible_since="")]},
        "service_lines.csv row 2, responsible_since: is required when the guarantor is responsible",
    ),
    "unknown line": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(line="L9")]},
        "transactions.csv row 2, line: there is no service fee line L9",
    ),
    "zero payment": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(amount="0.00")]},
        "transactions.csv row 2, amount: 0.00 is not above zero",
    ),
    "tomorrow's payment": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(posted="2026-11-21")]},
        "transactions.csv row 2, posted: 2026-11-21 is after today, 2026-11-20",
    ),
    "later code": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(code="RVPAY")]},
        "transactions.csv row 2, code: RVPAY cannot be loaded yet, only IPYMT, GPYMT, MADJN, MADJP",
    ),
    "unknown code": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(code="PAY")]},
        "transactions.csv row 2, code: PAY is none of IPYMT, GPYMT, MADJN, MADJP",
    ),
    "adjustment without code": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(code="MADJN")]},
        "transactions.csv row 2, transaction_code: is required for MADJN",
    ),
    "payment with code": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(transaction_code="BADDB")]},
        "transactions.csv row 2, transaction_code: belongs to MADJN and MADJP, not to GPYMT",
    ),
    "wrong direction": (
        {
            "accounts": [account()],
            "service_lines": [line()],
            "transactions": [payment(code="MADJP", transaction_code="BADDB")],
        },
        "transactions.csv row 2, transaction_code: BADDB adjusts down, MADJP does not",
    ),
    "unknown transaction code": (
        {
            "accounts": [account()],
            "service_lines": [line()],
            "transactions": [payment(code="MADJP", transaction_code="XX")],
        },
        "transactions.csv row 2, transaction_code: there is no transaction code XX",
    ),
    "transaction twice": (
        {"accounts": [account()], "service_lines": [line()], "transactions": [payment(), payment(amount="1.00")]},
        "transactions.csv row 3, id: T1 has the same key as row 2",
    ),
    "balance without age": (
        {"agencies": [agency()], "assignments": [{"practice": "LAKE", "agency": "First Bay", "balance_greater_than": "9"}]},
        "assignments.csv row 2, age_greater_than: is required when balance_greater_than is given",
    ),
    "auto without thresholds": (
        {"agencies": [agency()], "assignments": [{"practice": "LAKE", "agency": "First Bay", "auto_approve": "yes"}]},
        "assignments.csv row 2, auto_approve: needs thresholds: balance_greater_than and age_greater_than are not given",
    ),
    "unknown agency": (
        {"assignments": [{"practice": "LAKE", "agency": "First Bay"}]},
        "assignments.csv row 2, agency: there is no agency First Bay",
    ),
    "days alone": (
        {"external_rules": [{"practice": "LAKE", "payment_within_days": "30"}]},
        "external_rules.csv row 2, payment_minimum: payment_minimum or payment_percent above zero is required when days are given",
    ),
    "minimum alone": (
        {"external_rules": [{"practice": "LAKE", "payment_minimum": "5.00"}]},
        "external_rules.csv row 2, payment_within_days: is required when payment_minimum is given",
    ),
    "file type": (
        {"agencies": [agency(file_type="xml")]},
        "agencies.csv row 2, file_type: xml is none of csv, fixed, tsi",
    ),
    "hold's end": (
        {
            "accounts": [account()],
            "holds": [
                {"practice": "LAKE", "account": "100", "kind": "manual", "since": "2026-02-02", "until": "2026-02-01",
                 "reason": "x"}
            ],
        },
        "holds.csv row 2, until: is before since",
    ),
    "hold on another account's line": (
        {
            "accounts": [account(), account("200")],
            "service_lines": [line()],
            "holds": [
                {"practice": "LAKE", "account": "200", "line": "L1", "kind": "manual", "since": "2026-02-02", "reason": "x"}
            ],
        },
        "holds.csv row 2, line: L1 is a line of account 100",
    ),
    "placed too much": (
        {
            "agencies": [agency()],
            "accounts": [account()],
            "service_lines": [line()],
            "transactions": [payment()],
            "placements": [
                {"practice": "LAKE", "line": "L1", "agency": "First Bay", "placed": "2026-10-01", "amount": "400.01"}
            ],
        },
        "placements.csv row 2, amount: 400.01 is more than line L1 has in active AR after all transactions, 400.00",
    ),
    "misspelt file": (
        {"accounts": [account()], "service_line": [line()]},
        "service_line.csv: is not a file that can be loaded; did you mean service_lines.csv?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_wrong_thing_is_one_problem_and_nothing_is_loaded(case: str, office: Office, folder: Any) -> None:
    files, expected = CASES[case]
    assert [str(problem) for problem in _refused(office, folder(**files))] == [expected]


def test_every_wrong_row_is_listed_and_only_what_is_wrong(office: Office, folder: Any) -> None:
    where = folder(
        accounts=[account("1", returned_mail="maybe"), account("2"), account("3", date_of_birth="soon")],
        service_lines=[line("A", account="1"), line("B", account="2", fee="x")],
    )
    assert [(p.file, p.row, p.column) for p in _refused(office, where)] == [
        ("accounts.csv", 2, "returned_mail"),
        ("accounts.csv", 4, "date_of_birth"),
        ("service_lines.csv", 3, "fee"),
    ]


def test_one_run_names_every_row_and_a_refused_account_still_counts_as_there(office: Office, folder: Any) -> None:
    where = folder(
        practices=[{"practice": "LAKE", "name": "Lake"}, {"practice": "BAY", "name": ""}],
        accounts=[account("1", date_of_birth="1981-02-30"), account("2", state="Wisconsin"), account("3")],
        service_lines=[
            line("A", account="1"), line("B", account="2", date_of_service="07/01/2026"), line("C", account="N-9"),
            line("D", account="3", practice="BAY"), line("E", account="3", practice="SEA"),
        ],
        transactions=[payment(line="B"), payment(line="Z", id="T2")],
        transaction_codes=[
            {"practice": "LAKE", "code": "LOCAL", "description": "Local", "direction": "sideways"},
        ],
    )  # fmt: skip
    assert [(p.file, p.row, p.column) for p in _refused(office, where)] == [
        ("practices.csv", 3, "name"),
        ("transaction_codes.csv", 2, "direction"),
        ("accounts.csv", 2, "date_of_birth"),
        ("accounts.csv", 3, "state"),
        ("service_lines.csv", 3, "date_of_service"),
        ("service_lines.csv", 6, "practice"),
        ("service_lines.csv", 4, "account"),
        ("transactions.csv", 3, "line"),
    ]


def test_a_refused_row_without_its_key_may_be_anybodys(office: Office, folder: Any) -> None:
    accounts = "practice,account,last\nLAKE,1\nLAKE,2,Lund\n"
    where = folder(accounts=accounts, service_lines=[line("A", account="1"), line("B", account="2")])
    assert [str(p) for p in _refused(office, where)] == ["accounts.csv row 2: has 2 cells, the header has 3"]


def test_thousands_of_problems_are_counted_and_the_first_thousand_kept(office: Office, folder: Any) -> None:
    where = folder(accounts=[account(str(number), returned_mail="?") for number in range(2500)])
    with pytest.raises(BadInput) as refused:
        import_folder(office, where)
    assert (refused.value.total, len(refused.value.problems)) == (2500, 1000)
    assert refused.value.sentence == "Nothing was loaded: 2,500 problems in accounts.csv."


def test_a_file_that_is_a_folder(office: Office, folder: Any) -> None:
    where = folder(accounts=[account()])
    (where / "holds.csv").mkdir()
    assert [str(p) for p in _refused(office, where)] == ["holds.csv: is a folder, not a file"]
    (where / "holds.csv").rmdir()


def test_no_input_is_another_exit_code(office: Office, folder: Any, tmp_path: Path) -> None:
    for where in (tmp_path / "nowhere", folder(notes="x"), office.store.path):
        with pytest.raises(NoInput) as refused:
            import_folder(office, where)
        assert refused.value.exit_code == 66


def test_only_supervisors_and_administrators_load(office: Office, folder: Any) -> None:
    where = folder(accounts=[account()])
    with pytest.raises(NotAllowed):
        import_folder(office.by(Actor("olga", "operator")), where)
    import_folder(office.by(Actor("sam", "supervisor")), where)


def test_holding_back_payments_is_for_synthea(office: Office, folder: Any) -> None:
    with pytest.raises(WrongUsage):
        import_folder(office, folder(accounts=[account()]), hold_back_payments=True)
