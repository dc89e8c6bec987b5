"""`import-remit` and `batch`: a remittance loaded, looked at and posted by a script."""

from __future__ import annotations

import json
from pathlib import Path

from bo_tui.office import Office
from bo_tui.rules import ledger
from bo_tui.rules.batches import batches
from bo_tui.rules.setup import create_practice
from tests import acting, making


def test_a_remittance_from_file_to_books(bo, office: Office, tmp_path: Path) -> None:
    placement = acting.placed(office, making.make_agency(office))
    path = tmp_path / "june.csv"
    path.write_text(f"placement,date,gross,net\n{placement},2026-11-01,100.00,80.00\n77,2026-11-01,5.00,5.00\n")
    told = json.loads(bo("import-remit", str(path), "--agency", "First Bay", "--json").stdout)
    assert (told["matched"], told["amount"], told["remaining"]) == (1, "85.00", "5.00")
    assert told["exceptions"] == [{"row": 3, "reason": "there is no placement 77"}]
    shown = bo("batch", "show", told["batch"]).stdout
    assert shown.splitlines() == [
        "Batch 1: in balance.",
        "Expected 1, 85.00; entered 1, 85.00; posted 0, 0.00.",
        "Row 3: there is no placement 77.",
    ]
    refused = bo("batch", "post", told["batch"])
    assert (refused.exit_code, refused.stderr) == (65, "Nothing of this batch is ready to be posted.\n")
    assert bo("batch", "delete", told["batch"]).stdout == "Batch 1 is deleted.\n"

    path.write_text(f"placement,date,gross,net\n{placement},2026-11-01,100.00,80.00\n")
    told = json.loads(bo("import-remit", str(path), "--agency", "First Bay", "--number", "7", "--json").stdout)
    dated = bo("batch", "post", told["batch"], "--accounting-date", "2026-11-21")
    assert (dated.exit_code, "does not use accounting dates" in dated.stderr) == (65, True)
    assert bo("batch", "post", told["batch"]).stdout == "Posted 1 payment, 80.00.\n"
    assert making.verify(office) == []


def test_rows_that_cannot_be_read_are_named(bo, office: Office, tmp_path: Path) -> None:
    making.make_agency(office)
    path = tmp_path / "june.csv"
    path.write_text("placement,date,gross\n1,yesterday,x\n")
    result = bo("import-remit", str(path), "--agency", "First Bay")
    assert result.exit_code == 65
    assert "june.csv row 2, gross:" in result.stderr
    assert "june.csv row 2, date:" in result.stderr


def test_a_batch_of_another_practice_is_not_shown(bo, office: Office) -> None:
    batch = batches.create(office, making.PRACTICE, 1, 10_00)
    assert bo("batch", "show", str(batch.batch), "--practice", "LAKE").exit_code == 0
    with office.act("practice") as draft:
        create_practice(draft, "BAY", "Bay")
        ledger.seal(draft)
    refused = bo("batch", "show", str(batch.batch), "--practice", "BAY")
    assert (refused.exit_code, refused.stderr) == (65, f"There is no payment batch {batch.batch}.\n")
