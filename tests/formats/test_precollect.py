"""Start and Stop files as bytes, against golden files written out by hand from docs/formats.md."""

from __future__ import annotations

from dataclasses import replace

from bo_tui import dates
from bo_tui.formats import precollect
from bo_tui.formats.agency.row import PlacementRow
from bo_tui.formats.precollect import StopRecord

ROW = PlacementRow(
    client_number="C-77", placement=1, account="100231", last="Smith", first="Ana", middle="Maria", organization="",
    address1="1 Elm St", address2="Apt 2|B", city="Salem", state="OR", zip="97301", phone="503 555 0100", phone2="",
    email="a@example.org", date_of_birth=dates.parse("1980-02-01"), ssn="123-45-6789", ssn_setting="full",
    patient_last="Smith", patient_first="Jörg", patient_date_of_birth=dates.parse("2012-03-04"), relationship="child",
    date_of_service=dates.parse("2025-12-01"), responsible_since=dates.parse("2026-01-01"), original_amount=100_00,
    payments=0, adjustments=0, balance=100_00, last_payment_date=None, itemization_date=dates.parse("2025-12-01"),
    itemization_amount=100_00,
)  # fmt: skip
START = (
    "CLIENT NUMBER|TRANSMITTAL NUMBER|DEBTOR REFERENCE|DEBTOR NAME|ADDRESS|ADDRESS2|CITY|STATE|ZIP|DEBTOR PHONE|SECONDARY PHONE|"
    "DEBTOR SSN|DEBTOR DATE OF BIRTH|PATIENTTYPE|PATIENTFIRSTNAME|PATIENTLASTNAME|PATIENTPHONE1|PATIENTPHONE2|PATIENTDOB|"
    "PATIENTSSN|PATIENTADDRESS|PATIENTADDRESS2|PATIENTCITY|PATIENTSTATE|PATIENTZIP|PATIENTCOUNTRY|LANGUAGE|DATE OF DEBT|"
    "AMOUNT DUE|DATE OF LAST PAY|SERVICETYPE|SERVICECODE|COMMENTS\r\n"
    "C-77||100231|Smith, Ana M|1 Elm St|Apt 2/B|Salem|OR|97301|503 555 0100||123456789|02011980|2|Jorg|Smith|||03042012|||||||||"
    "01012026|180.50||1|1|\r\n"
)
STOP = (
    "CLIENT NUMBER|TRANSMITTAL/REFERENCE NUMBER|TRANSACTION TYPE|TRANSACTION DATE|TRANSACTION AMOUNT|NEW BALANCE\r\n"
    "C-77|100231|PP|11202026|30.00|150.50\r\n"
    "C-77|100231|PT|11212026|150.50|0.00\r\n"
)


def test_a_start_file_has_33_fields_and_one_record_for_an_account() -> None:
    later = replace(ROW, placement=2, date_of_service=ROW.date_of_service + 9, responsible_since=None, balance=80_50)
    later = replace(later, responsible_since=dates.parse("2026-01-20"))
    made = precollect.render_start([ROW, later])
    assert made == START.encode()
    assert [len(row) for row in precollect.parse(made)] == [33]
    paid = precollect.render_start([replace(ROW, last_payment_date=dates.parse("2026-01-31"), ssn_setting="none")])
    assert precollect.parse(paid)[0][29] == "01312026"
    assert precollect.parse(paid)[0][11] == ""


def test_a_stop_file_has_6_fields() -> None:
    day = dates.parse("2026-11-20")
    rows = [
        StopRecord("C-77", "100231", "PP", day, 30_00, 150_50),
        StopRecord("C-77", "100231", "PT", day + 1, 150_50, 0),
    ]
    assert precollect.render_stop(rows) == STOP.encode()


def test_exports_are_csv_under_the_documented_names() -> None:
    content = STOP.replace("100231", "=1+1").encode()
    assert precollect.as_csv("stop", content).decode() == STOP.replace("100231", "'=1+1").replace("|", ",")
    day = dates.parse("2026-11-20")
    assert precollect.export_name("start", day, "143005") == "start_file_export_20261120_143005.csv"
    assert precollect.export_name("stop", day, "143005") == "stop_file_export_20261120_143005.csv"
    assert precollect.file_name("start", day, 7) == "TsiPlacements_20261120000007.txt"
    assert precollect.file_name("stop", day, 7) == "TsiUpdates_20261120000007.txt"
