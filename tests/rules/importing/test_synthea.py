"""Synthea's sample claims reconcile with facts that were computed independently."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import fn

from bo_tui import money
from bo_tui.db.tables import Account, Entry, Practice, ServiceLine
from bo_tui.errors import BadInput, NoInput
from bo_tui.office import Office
from bo_tui.rules.importing import import_folder

DATA = Path(__file__).parents[3].parent / "shared" / "data" / "synthea"
sample = pytest.mark.skipif(not DATA.is_dir(), reason=f"Synthea's sample claims are not at {DATA}")


def _total(where: object) -> str:
    return money.plain(Entry.select(fn.SUM(Entry.amount)).where(where).scalar() or 0)


@sample
def test_the_whole_sample(office: Office) -> None:
    import_folder(office, DATA, "synthea")
    with office.reading():
        assert Practice.get(Practice.code == "SYNTHEA").id == 2
        assert (Account.select().count(), ServiceLine.select().count()) == (27, 1545)
        assert ServiceLine.select().where(ServiceLine.fee == 0).count() == 127
        assert _total(Entry.code == "SVCFE") == "1092402.73"
        assert _total(Entry.code == "IPYMT") == "15473.58"
        assert _total((Entry.code == "GPYMT") & (Entry.note == "COPAY")) == "28540.00"
        assert _total((Entry.code == "GPYMT") & (Entry.note != "COPAY")) == "1059490.37"
        credit = ServiceLine.select().where(ServiceLine.ar < 0)
        assert credit.count() == 190
        assert money.plain(sum(row.ar for row in credit)) == "-11101.22"
        assert not ServiceLine.select().where(ServiceLine.ar > 0).exists()


@sample
def test_held_back_payments_leave_something_to_collect_and_come_later(office: Office) -> None:
    import_folder(office, DATA, "synthea", practice="LAKE", hold_back_payments=True)
    with office.reading():
        assert _total(Entry.code == "GPYMT") == "28540.00"
        assert ServiceLine.select().where(ServiceLine.ar > 0).count() > 1000
    rest = import_folder(office, DATA, "synthea", practice="LAKE", update=True)
    assert [(f.loaded, f.skipped) for f in rest.files] == [(0, 27), (0, 1545), (1214, 629)]


CLAIM = "Id,PATIENTID\nC1,P1\n"
PATIENT = "Id,BIRTHDATE,SSN,FIRST,LAST,ADDRESS,CITY,STATE,ZIP\nP1,1980-01-02,,Ana,Smith,1 Bay St,Bay,CA,94000\n"
HEAD = "ID,CLAIMID,CHARGEID,PATIENTID,TYPE,AMOUNT,METHOD,FROMDATE,PROCEDURECODE,NOTES,TRANSFERTYPE,PAYMENTS\n"
ROWS = (
    "b,C1,11,P1,PAYMENT,,CASH,2026-02-03T10:00:00Z,1,Visit,,5.00\n"
    "c,C1,9,P1,TRANSFERIN,10.00,,2026-02-02T10:00:00Z,1,Visit,p,\n"
    "a,C1,2,P1,CHARGE,10.00,,2026-02-01T10:00:00Z,1,Visit,1,\n"
)


def _folder(where: Path, claims: str = CLAIM, patients: str = PATIENT, rows: str = ROWS) -> Path:
    for name, text in (("claims", claims), ("patients", patients), ("claims_transactions", HEAD + rows)):
        (where / f"{name}.csv").write_text(text, encoding="utf-8")
    return where


def test_the_order_is_that_of_chargeid_as_a_number(office: Office, tmp_path: Path) -> None:
    import_folder(office, _folder(tmp_path), "synthea", practice="LAKE")
    with office.reading():
        row = ServiceLine.get()
        assert (row.number, row.case, row.ar, row.responsibility) == ("C1-2", "C1", 500, "guarantor")
        assert row.responsible_since == row.date_of_service + 1
        assert (row.patient_last, row.description, row.procedure) == ("Smith", "Visit", "1")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"claims": "Id,PATIENTID\nC1,P2\n"},
         "claims_transactions.csv row 2, CLAIMID: C1 is no claim of this patient in claims.csv"),
        ({"rows": ROWS.replace("10.00,,2026-02-01", "10.005,,2026-02-01")},
         "claims_transactions.csv row 4, AMOUNT: 10.005 has fractions of a cent; two decimals at most"),
        ({"rows": ROWS.replace("C1,11", "C1,1")},
         "claims_transactions.csv row 2, CHARGEID: PAYMENT comes before any CHARGE of its claim"),
        ({"patients": PATIENT.replace("P1", "P2")}, "claims_transactions.csv row 4, account: there is no account P1"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(office: Office, tmp_path: Path, change: dict[str, str], problem: str) -> None:
    with pytest.raises(BadInput) as refused:
        import_folder(office, _folder(tmp_path, **change), "synthea", practice="LAKE")
    assert problem in [str(each) for each in refused.value.problems]
    with office.reading():
        assert ServiceLine.select().count() == 0


def test_a_missing_file_is_named(office: Office, tmp_path: Path) -> None:
    (_folder(tmp_path) / "patients.csv").unlink()
    with pytest.raises(NoInput, match=r"patients\.csv"):
        import_folder(office, tmp_path, "synthea")
