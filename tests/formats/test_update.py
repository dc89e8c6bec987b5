"""Update files in their three layouts: what a row says, and what TSI makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bo_tui import dates
from bo_tui.formats import agency
from bo_tui.formats.agency import UpdateRow, update

RECALL = UpdateRow(
    record_type="recall", date=dates.parse("2026-11-20"), amount=355_00, new_balance=0, client_number="C-77", placement=1204,
    client_reference="FB-9", account="100231", guarantor="Smith, Ana", reason="deceased", account_balance=0,
)  # fmt: skip


def test_csv_names_its_columns_and_defuses_formulas() -> None:
    found = agency.render_updates("csv", [RECALL, replace(RECALL, guarantor="=1+1", reason="", account='a"b')])
    assert found == (
        b"record_type,date,amount,new_balance,client_number,placement,client_reference,account,guarantor,reason\r\n"
        b'recall,2026-11-20,355.00,0.00,C-77,1204,FB-9,100231,"Smith, Ana",deceased\r\n'
        b'recall,2026-11-20,355.00,0.00,C-77,1204,FB-9,"a""b",\'=1+1,\r\n'
    )


def test_fixed_has_the_documented_positions() -> None:
    found = agency.render_updates("fixed", [replace(RECALL, guarantor="Jörg " * 20)])
    record, rest = found.split(b"\r\n")
    assert rest == b""
    assert len(record) == update.RECORD == 224
    assert record[:16] == b"recall          "
    assert record[26:41] == b"         355.00"
    assert record[148:208] == b"Jorg " * 12
    assert agency.parse("fixed", found, "update")[0][8].startswith("Jorg Jorg")


@pytest.mark.parametrize(
    ("record_type", "account_balance", "expected"),
    [
        ("recall", 0, "CN"),
        ("recall", 1, "CR"),  # one of several debts of the account: the others stay
        ("payment", 1, "PP"),
        ("payment", 0, "PF"),
        ("payment_reversed", 355_00, "DB"),
        ("adjustment_up", 355_00, "DB"),
        ("adjustment_down", 355_00, "CR"),
        ("adjustment_down", 0, "CR"),
    ],
)
def test_tsi_types(record_type: str, account_balance: int, expected: str) -> None:
    row = replace(RECALL, record_type=record_type, account_balance=account_balance)
    assert update.tsi_type(row) == expected


def test_every_record_type_has_a_tsi_type() -> None:
    assert {update.tsi_type(replace(RECALL, record_type=name)) for name in update.RECORD_TYPES} == {
        "CN",
        "CR",
        "DB",
        "PF",
    }


def test_tsi_has_six_fields_and_no_pipe_in_them() -> None:
    found = agency.render_updates("tsi", [replace(RECALL, account="1|" + "2" * 30)])
    header, line, rest = found.decode().split("\r\n")
    assert header == (
        "CLIENT NUMBER|TRANSMITTAL/REFERENCE NUMBER|TRANSACTION TYPE|TRANSACTION DATE|TRANSACTION AMOUNT|NEW BALANCE"
    )
    assert line == f"C-77|1/{'2' * 30}|CN|11202026|355.00|0.00"  # never cut: it would name another account
    assert rest == ""
    assert agency.parse("tsi", found, "update") == [line.split("|")]


@pytest.mark.parametrize("file_type", ["csv", "fixed", "tsi"])
def test_what_is_written_can_be_read_again(file_type: str) -> None:
    found = agency.parse(file_type, agency.render_updates(file_type, [RECALL] * 3), "update")
    assert len(found) == 3
    assert all(len(row) == len(agency.columns(file_type, "update")) for row in found)
    assert agency.layout(file_type, "update").amounts <= set(agency.columns(file_type, "update"))
