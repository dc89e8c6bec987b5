"""`bo-tui import-addresses`: what it prints, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from bo_tui.db.tables import AddressCorrection
from tests import making

HEADER = "account,new_address1,new_city,new_state,new_zip,return_code,undeliverable\n"


def test_it_loads_and_counts(bo, office, tmp_path: Path) -> None:
    for number in ("A1", "A2", "A3"):
        making.make_account(office, number)
    path = tmp_path / "acs.csv"
    path.write_text(f"{HEADER}A1,1 Oak St,Madison,WI,53703,A,\nA2,,,,,,V\nA3,,,,,00,\n")
    result = bo("import-addresses", str(path), "--practice", "LAKE")
    assert (result.exit_code, result.stdout.splitlines()) == (
        0,
        [
            "Loaded acs.csv: 3 rows.",
            "1 to be approved or denied on Address Corrections.",
            "1 of mail that came back, to be acknowledged or flagged on Address Corrections.",
            "1 with nothing new.",
        ],
    )
    again = bo("import-addresses", str(path))
    assert (again.exit_code, again.stdout) == (65, "")
    assert "holds the same bytes as acs.csv" in again.stderr

    path.write_text(f"{HEADER}A3,,,,,,K\n")
    document = json.loads(bo("import-addresses", str(path), "--json").stdout)
    assert document["kind"] == "import_addresses"
    assert (document["rows"], document["returned"], document["waiting"]) == (1, 1, 0)


def test_refused_rows_are_listed_and_nothing_is_loaded(bo, office, tmp_path: Path) -> None:
    path = tmp_path / "acs.csv"
    path.write_text(f"{HEADER}A1,,,,,,V\nA2,,,,,7x,\n")
    result = bo("import-addresses", str(path))
    assert (result.exit_code, result.stdout) == (65, "")
    assert result.stderr.splitlines() == [
        "acs.csv row 3, return_code: 7x is none of NCOALink's return codes, such as A, 00 or 02",
        "Nothing was loaded: 1 problem in acs.csv.",
    ]
    assert bo("import-addresses", str(tmp_path / "none.csv")).exit_code == 66
    assert AddressCorrection.select().count() == 0
