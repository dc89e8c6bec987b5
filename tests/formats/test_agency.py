"""The three layouts, compared byte for byte with golden files, and what hostile data cannot do to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.errors import Defect
from bo_tui.formats import agency
from bo_tui.formats.agency import PlacementRow, table, tsi
from bo_tui.formats.agency.row import ascii_text, fitted, ssn

GOLDEN = Path(__file__).parent / "golden"
CONTRACT_TEXT = """
client_number, placement, account, guarantor_last, guarantor_first, guarantor_middle, address1, address2, city, state, zip,
phone, phone2, email, date_of_birth, ssn, patient_last, patient_first, relationship, date_of_service, responsible_since,
original_amount, payments, adjustments, balance, last_payment_date, itemization_date, itemization_amount"""
CONTRACT_COLUMNS = [name.strip() for name in CONTRACT_TEXT.split(",")]


def day(text: str) -> int:
    return dates.parse(text)


SMITH = PlacementRow(
    client_number="C-77", placement=1204, account="100231", last="Smith", first="Ana", middle="Maria", organization="",
    address1="12 Shore Road", address2="Apt 4", city="Lakeside", state="CA", zip="92040", phone="619-555-0101",
    phone2="", email="ana@example.org", date_of_birth=day("1980-02-29"), ssn="123-45-6789", ssn_setting="last4",
    patient_last="Smith", patient_first="Ben", patient_date_of_birth=day("2012-07-04"), relationship="child",
    date_of_service=day("2026-06-01"), responsible_since=day("2026-07-02"), original_amount=480_00, payments=100_00,
    adjustments=25_00, balance=355_00, last_payment_date=day("2026-08-15"), itemization_date=day("2026-06-01"),
    itemization_amount=480_00,
)  # fmt: skip
SMITH_AGAIN = replace(
    SMITH, placement=1206, patient_last="", patient_first="", patient_date_of_birth=None, relationship="self",
    date_of_service=day("2026-05-20"), responsible_since=None, original_amount=10_01, payments=0, adjustments=-5_00,
    balance=15_01, last_payment_date=None, itemization_date=day("2026-05-20"), itemization_amount=10_01,
)  # fmt: skip
HOSTILE = replace(
    SMITH, placement=1205, account="=cmd|' /C calc'!A0", last='O"Brien, Jörg|Æ', first="+1\r\nEVIL|ROW", middle="",
    organization="", address1="../../etc/passwd", address2="@home", city="Wałbrzych\n", state="California", zip="",
    phone="", email="-x@example.org", date_of_birth=None, ssn="", patient_last="", patient_first="", relationship="",
    patient_date_of_birth=None, last_payment_date=None, balance=1,
)  # fmt: skip
ROWS = [SMITH, HOSTILE, SMITH_AGAIN]


@pytest.mark.parametrize("file_type", ["csv", "fixed", "tsi"])
def test_the_bytes_are_those_of_the_golden_file(file_type: str) -> None:
    found = agency.render(file_type, ROWS)
    assert found == (GOLDEN / f"placements.{file_type}").read_bytes()
    assert found == agency.render(file_type, iter(ROWS))


def test_csv_and_fixed_have_the_columns_of_the_contract_in_its_order() -> None:
    assert list(agency.columns("csv")) == CONTRACT_COLUMNS
    assert list(agency.columns("fixed")) == CONTRACT_COLUMNS


def test_no_layout_knows_a_procedure_or_a_diagnosis() -> None:
    for file_type in agency.LAYOUTS:
        names = " ".join(agency.columns(file_type)).lower()
        assert not any(word in names for word in ("procedure", "diagnos", "cpt", "icd", "description"))


def test_hostile_text_stays_in_its_csv_cell_and_is_no_formula() -> None:
    row = dict(zip(CONTRACT_COLUMNS, agency.parse("csv", agency.render("csv", ROWS))[1], strict=True))
    assert row["account"] == "'=cmd|' /C calc'!A0"
    assert row["guarantor_last"] == 'O"Brien, Jörg|Æ'
    assert row["guarantor_first"] == "'+1 EVIL|ROW"
    assert row["address2"] == "'@home"
    assert row["email"] == "'-x@example.org"
    assert agency.render("csv", ROWS).count(b"\r\n") == 4
    assert agency.render("csv", ROWS).count(b"\n") == 4


def test_a_negative_amount_is_a_figure_not_a_formula() -> None:
    cells = agency.parse("csv", agency.render("csv", [SMITH_AGAIN]))[0]
    assert cells[CONTRACT_COLUMNS.index("adjustments")] == "-5.00"


def test_fixed_records_have_one_length_in_bytes_whatever_the_data() -> None:
    records = agency.render("fixed", [*ROWS, replace(SMITH, last="x" * 500, address1="é" * 80)]).split(b"\r\n")
    assert records.pop() == b""
    assert {len(record) for record in records} == {table.RECORD}


def test_fixed_cuts_text_but_never_an_amount() -> None:
    assert fitted("abcdef", 4) == "abcd"
    assert fitted("1.00", 6, right=True) == "  1.00"
    with pytest.raises(Defect, match="balance"):
        fitted("1234567.00", 9, right=True, name="balance")


def test_fixed_amounts_stand_right_and_read_back() -> None:
    cells = agency.parse("fixed", agency.render("fixed", ROWS))
    assert [row[CONTRACT_COLUMNS.index("balance")] for row in cells] == ["355.00", "0.01", "15.01"]
    start = sum(column.width for column in table.COLUMNS[: CONTRACT_COLUMNS.index("balance")])
    assert agency.render("fixed", ROWS)[start : start + 15] == b"         355.00"


def test_the_widths_in_the_documents_are_those_of_the_program() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    start = 1
    for column in table.COLUMNS:
        assert f"| {column.name} | {start}-{start + column.width - 1} | {column.width} |" in text
        start += column.width


def test_tsi_has_33_fields_in_every_line_whatever_the_data() -> None:
    lines = agency.render("tsi", ROWS).decode("ascii").split("\r\n")
    assert lines.pop() == ""
    assert [line.count("|") for line in lines] == [32, 32, 32]
    assert lines[0].startswith("CLIENT NUMBER|TRANSMITTAL NUMBER|DEBTOR REFERENCE|DEBTOR NAME|ADDRESS|ADDRESS2|")
    assert "|SECONDARY PHONE|DEBTOR SSN|DEBTOR DATE OF BIRTH|PATIENTTYPE|PATIENTFIRSTNAME|" in lines[0]
    assert lines[0].endswith("|DATE OF DEBT|AMOUNT DUE|DATE OF LAST PAY|SERVICETYPE|SERVICECODE|COMMENTS")


def test_tsi_adds_an_accounts_placements_and_lets_the_oldest_speak() -> None:
    first, hostile = agency.parse("tsi", agency.render("tsi", ROWS))
    row = dict(zip(tsi.NAMES, first, strict=True))
    assert row["AMOUNT DUE"] == "370.01"
    assert row["DATE OF DEBT"] == "05202026"
    assert row["DATE OF LAST PAY"] == "08152026"
    assert row["DEBTOR NAME"] == "Smith, Ana M"
    assert (row["PATIENTTYPE"], row["PATIENTFIRSTNAME"], row["PATIENTDOB"]) == ("0", "Ana", "02291980")
    assert (row["SERVICETYPE"], row["SERVICECODE"]) == ("2", "1")
    row = dict(zip(tsi.NAMES, hostile, strict=True))
    assert row["DATE OF LAST PAY"] == ""
    assert row["DEBTOR NAME"] == 'O"Brien, Jorg/AE, +1 EVIL/ROW'


@pytest.mark.parametrize(
    ("relationship", "code"),
    [("self", "0"), ("Self", "0"), ("", "0"), ("spouse", "1"), ("child", "2"), ("parent", "3"), ("neighbour", "4")],
)
def test_tsi_turns_the_patients_relation_into_the_guarantors(relationship: str, code: str) -> None:
    (cells,) = agency.parse("tsi", agency.render("tsi", [replace(SMITH, relationship=relationship)]))
    assert cells[tsi.NAMES.index("PATIENTTYPE")] == code


def test_tsi_gives_a_patient_of_their_own_no_data_of_the_guarantors() -> None:
    (cells,) = agency.parse("tsi", agency.render("tsi", [replace(SMITH, ssn_setting="full")]))
    row = dict(zip(tsi.NAMES, cells, strict=True))
    assert row["DEBTOR SSN"] == "123456789"
    assert row["PATIENTSSN"] == row["PATIENTPHONE1"] == row["PATIENTADDRESS"] == ""


@pytest.mark.parametrize("setting", ["none", "last4"])
def test_tsi_sends_an_ssn_only_when_the_setting_is_full(setting: str) -> None:
    assert b"6789" not in agency.render("tsi", [replace(SMITH, ssn_setting=setting)])


@pytest.mark.parametrize(
    ("text", "setting", "sent"),
    [
        ("123-45-6789", "none", ""),
        ("123-45-6789", "last4", "6789"),
        ("123456789", "full", "123-45-6789"),
        ("6789", "full", ""),
        ("789", "last4", ""),
        ("", "full", ""),
    ],
)
def test_an_ssn_goes_out_as_the_agencys_setting_says(text: str, setting: str, sent: str) -> None:
    assert ssn(text, setting, dashes=True) == sent


def test_letters_outside_ascii_are_spelled_out_or_marked() -> None:
    assert ascii_text("Jörg Łuków Straße O’Neil") == "Jorg Lukow Strasse O'Neil"
    assert ascii_text("李\tA") == "? A"


def test_an_organization_stands_where_the_last_name_would() -> None:
    row = replace(SMITH, last="", first="", middle="", organization="Bay Trust")
    assert agency.parse("csv", agency.render("csv", [row]))[0][3:6] == ["Bay Trust", "", ""]
    assert agency.parse("tsi", agency.render("tsi", [row]))[0][3] == "Bay Trust"


def test_lacking_says_in_words_what_an_account_misses() -> None:
    assert agency.lacking(SMITH, "csv") == []
    bare = replace(SMITH, address1="", city=" ", zip="", state="California", ssn="12")
    assert agency.lacking(bare, "csv") == [
        "no street address", "no city", "no zip", "no SSN that can be sent", "a state that is not a two-letter code",
    ]  # fmt: skip
    assert agency.lacking(replace(SMITH, client_number="", date_of_birth=None), "tsi") == [
        "no client number at the agency", "no date of birth of the guarantor",
    ]  # fmt: skip
    assert agency.lacking(replace(SMITH, last="", organization=""), "fixed") == ["no name of the guarantor"]


def test_lacking_names_what_a_layout_would_cut_or_cannot_write() -> None:
    long = replace(SMITH, account="9" * 31, last="李")
    assert agency.lacking(long, "csv") == []
    assert agency.lacking(long, "fixed") == [
        "letters that this layout cannot carry (sent as ?)", "account of more than 30 characters (cut)",
    ]  # fmt: skip
    assert agency.lacking(replace(SMITH, account="9" * 20), "tsi") == []
    assert agency.lacking(replace(SMITH, account="9" * 21), "tsi") == [
        "account number longer than the 20 characters of the layout (left out of the file)"
    ]


def test_an_unknown_file_type_is_a_defect() -> None:
    with pytest.raises(Defect, match="xml"):
        agency.render("xml", [])
