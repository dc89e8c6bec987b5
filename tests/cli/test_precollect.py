"""`bo-tui precollect`, and what why, nightly and report say of pre-collections (CONTRACT)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bo_tui.db.tables import Access
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.precollect import exports
from tests.support.book import OfficeBook
from tests.support.precollecting import ADDRESS, enrol, rules


@pytest.fixture
def tsi(office: Office) -> OfficeBook:
    book = enrol(OfficeBook(office), auto_create_start=False, auto_create_stop=False)
    book.account("A", **ADDRESS)
    for number in ("L1", "L2"):
        book.line(number, 100_00, "2026-01-01", account="A")
    return book


def document(bo, *arguments: str) -> dict:
    done = bo(*arguments, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_a_day_by_command(tsi: OfficeBook, bo, tmp_path: Path) -> None:
    why = document(bo, "why", "L1")["precollections"]
    assert (why["selected"], why["queued"]) == (True, False)
    assert [one["name"] for one in why["criteria"]] == [
        "not_active", "not_guarantor", "no_balance", "on_hold", "statement_hold", "suspended", "already_started",
        "no_thresholds", "below_balance", "too_young", "recent_payment",
    ]  # fmt: skip
    (run,) = document(bo, "nightly")["runs"]
    assert run["steps"][-2] == {"step": "precollect_start", "count": 2, "amount": "200.00"}
    assert [row["line"] for row in document(bo, "report", "precollect_queue")] == ["L1", "L2"]
    started = document(bo, "precollect", "start", "L1")
    assert (started["lines"], started["amount"], started["files"][0]["sequence"]) == (1, "100.00", 1)
    assert (tsi.office.store.folder / started["files"][0]["path"]).exists()
    assert "Start file 1" not in bo("precollect", "cancel", "L2", "--queued", "--reason", "asked").stdout
    assert bo("precollect", "cancel", "L2").exit_code == 65
    assert bo("precollect", "cancel", "L2", "--queued").exit_code == 64
    assert document(bo, "precollect", "cancel", "L1")["messages"] == 1
    stopped = document(bo, "precollect", "stop")["files"]
    assert [(one["kind"], one["count"], one["amount"]) for one in stopped] == [("stop", 1, "100.00")]
    assert bo("precollect", "stop").exit_code == 65
    assert [(one["kind"], one["state"]) for one in document(bo, "precollect", "files")["files"]] == [
        ("start", "created"), ("stop", "created"),
    ]  # fmt: skip
    assert [row["type"] for row in document(bo, "report", "precollect_messages")] == ["PL", "SS"]
    assert document(bo, "precollect", "suspend", "A", "yes")["value"] == "yes"
    assert bo("precollect", "suspend", "A", "yes").exit_code == 65
    failed = [one["name"] for one in document(bo, "why", "L1")["precollections"]["criteria"] if not one["passed"]]
    assert failed == ["suspended"]
    assert bo("check").stdout == ""

    path = exports.export_csv(tsi.office, 1, str(tmp_path), "143005")
    assert path.name == "start_file_export_20261120_143005.csv"
    assert path.read_bytes().startswith(b"CLIENT NUMBER,TRANSMITTAL NUMBER,")
    assert exports.export_bytes(tsi.office, 2, str(tmp_path)).name == "TsiUpdates_20261120000001.txt"
    with pytest.raises(RuleRefusal):
        exports.export_csv(tsi.office, 1, str(tmp_path), "143005")  # nothing is overwritten
    kept = (
        Access.select(Access.kind, Access.subject, Access.subject_id, Access.detail).order_by(Access.id.desc()).limit(2)
    )
    assert list(kept.tuples()) == [
        ("export", "precollect_file", 2, "1 row, as TSI gets it"), ("export", "precollect_file", 1, "1 row, CSV"),
    ]  # fmt: skip


def test_a_restore_continues_the_numbers_of_both_kinds(tsi: OfficeBook, bo, tmp_path: Path) -> None:
    rules(tsi, auto_create_start=True)
    assert bo("backup", str(tmp_path / "copy.db")).exit_code == 0
    (run,) = document(bo, "nightly")["runs"]
    (file,) = run["files"]
    done = bo("restore", str(tmp_path / "copy.db"))
    assert done.exit_code == 0, done.stderr
    assert not (tsi.office.store.folder / file["path"]).exists()
    assert tsi.sql("SELECT kind, floor FROM precollect_floor") == [("start", 1)]
    (again,) = document(bo, "nightly")["runs"]
    assert again["files"][0]["sequence"] == 2
    assert bo("check").stdout == ""
