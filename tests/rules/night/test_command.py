"""`bo-tui nightly` as timers and scripts see it: the shape of its JSON and its exit codes (CONTRACT)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from bo_tui.db.lock import night_lock
from bo_tui.errors import InputOutput
from bo_tui.office import Office
from bo_tui.rules.night import steps
from tests.support.book import OfficeBook

Bo = Callable[..., Result]
AMOUNT = re.compile(r"-?\d+\.\d\d")
CRITERIA = ["on_hold", "brought_back", "no_assignment", "below_balance", "too_young", "recent_payment"]
STEPS = ["withdraw", "returned_mail", "reassign", "select", "approve", "files", "updates"]
STEPS += ["precollect_stop", "precollect_start", "check"]
WORDS = {
    "queued": {"threshold", "dos", "returned_mail"},
    "excluded": set(CRITERIA),
    "failed": {"failed"},
    "withdrawn": {"no_balance", "not_guarantor", "no_threshold_row", "flag_cleared", *CRITERIA},
    "reassigned": {"threshold"},
}


@pytest.fixture
def full(book: OfficeBook) -> OfficeBook:
    """Something of everything on 2026-11-20, the machine's day in these tests."""
    book.agency("First Bay", balance=99_00, age=45, auto_approve=True, auto_create_file=True)
    book.agency("Bay West", balance=99_00, age=89, auto_approve=True)
    book.rules(auto_reassign=True, roll_returned_mail=True)
    book.line("MOVES", 480_00, "2026-08-22")
    book.line("GOES", 480_00, "2026-08-23")
    book.add(["GOES"], "First Bay", "2026-11-01")
    book.night("2026-11-19")
    book.line("TAKEN", 480_00, "2026-10-01")
    book.line("SMALL", 99_00, "2026-10-01")
    book.line("MAIL", 10_00, "2026-10-01")
    book.flag("A-MAIL", True, "2026-11-20")
    book.line("PAID", 10_00, "2026-10-01")
    book.add(["PAID"], "First Bay", "2026-11-19")
    book.pay("PAID", 10_00, "2026-11-20")
    return book


def is_sum(value: Any) -> bool:
    return (
        set(value) == {"count", "amount"}
        and isinstance(value["count"], int)
        and bool(AMOUNT.fullmatch(value["amount"]))
    )


def assert_contract(run: dict[str, Any], *, lines: bool) -> None:
    """The RUN of CONTRACT."""
    keys = {"practice", "business_date", "dry_run", "status", "steps", "control", "files", "head"}
    assert set(run) - {"message"} == keys | ({"lines"} if lines else set())
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", run["business_date"])
    assert isinstance(run["dry_run"], bool)
    assert run["status"] in ("done", "failed", "unchanged")
    assert [step["step"] for step in run["steps"]] == STEPS
    assert all(is_sum({k: v for k, v in step.items() if k != "step"}) for step in run["steps"])
    control = run["control"]
    assert set(control) == {"candidates", "queued", "excluded", "failed"}
    assert list(control["excluded"]) == CRITERIA
    parts = [control["queued"], control["failed"], *control["excluded"].values()]
    assert all(is_sum(part) for part in [control["candidates"], *parts])
    assert control["candidates"]["count"] == sum(part["count"] for part in parts)
    assert re.fullmatch(r"[0-9a-f]{64}", run["head"])
    for file in run["files"]:
        assert set(file) == {"agency", "kind", "sequence", "path", "count", "amount", "sha256"}
        assert file["kind"] in ("placement", "update")
        assert AMOUNT.fullmatch(file["amount"])
        assert re.fullmatch(r"[0-9a-f]{64}", file["sha256"])
        assert not file["path"].startswith("/")
    for line in run.get("lines", []):
        assert set(line) == {"line", "account", "outcome", "agency", "because", "balance", "age"}
        assert line["because"] in WORDS[line["outcome"]]
        assert AMOUNT.fullmatch(line["balance"])
        assert (line["agency"] is None) == (line["outcome"] in ("excluded", "failed"))
    assert [line["line"] for line in run.get("lines", [])] == sorted(line["line"] for line in run.get("lines", []))


def document(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_json_with_lines_is_the_contracts(full: OfficeBook, bo: Bo) -> None:
    (run,) = document(bo("nightly", "--json", "--lines"))["runs"]

    assert_contract(run, lines=True)
    assert (run["business_date"], run["status"]) == ("2026-11-20", "done")
    assert {(line["line"], line["outcome"], line["because"]) for line in run["lines"]} == {
        ("MOVES", "reassigned", "threshold"),
        ("GOES", "reassigned", "threshold"),
        ("TAKEN", "queued", "threshold"),
        ("SMALL", "excluded", "below_balance"),
        ("MAIL", "queued", "returned_mail"),
        ("PAID", "withdrawn", "no_balance"),
    } - {("GOES", "reassigned", "threshold")}


def test_without_lines_and_again(full: OfficeBook, bo: Bo) -> None:
    (done,) = document(bo("nightly", "--json"))["runs"]
    (again,) = document(bo("nightly", "--json", "--lines"))["runs"]

    assert_contract(done, lines=False)
    assert_contract(again, lines=True)
    assert again["status"] == "unchanged"
    assert {key: again[key] for key in done} == done | {"status": "unchanged"}


def test_dry_run(full: OfficeBook, bo: Bo) -> None:
    (dry,) = document(bo("nightly", "--dry-run", "--json", "--lines"))["runs"]
    assert_contract(dry, lines=True)
    (night,) = document(bo("nightly", "--json", "--lines"))["runs"]

    assert dry == night | {"dry_run": True}


def test_dates_ahead_and_too_late(full: OfficeBook, bo: Bo) -> None:
    ahead = bo("nightly", "--date", "2026-11-21", "--json")
    assert (ahead.exit_code, ahead.stdout) == (65, "")
    assert "after today" in ahead.stderr
    assert bo("nightly", "--date", "2026-11-21", "--ahead").exit_code == 0
    late = bo("nightly", "--json")
    assert late.exit_code == 65
    (run,) = json.loads(late.stdout)["runs"]
    assert run["status"] == "failed"
    assert "2026-11-21" in run["message"]


def test_a_second_one_at_once(full: OfficeBook, bo: Bo, office: Office) -> None:
    with night_lock(office.store, "timer"):
        second = bo("nightly", "--json")
    assert (second.exit_code, second.stdout) == (75, "")
    assert "timer" in second.stderr


def test_the_failing_practices_code_after_the_others(full: OfficeBook, bo: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    hill = full.practice("HILL")
    decide = steps.selection.decide

    def fail(terms: Any, accounts: Any) -> None:
        if terms.practice.id == hill:
            raise InputOutput("The disk failed.")
        decide(terms, accounts)

    full.agency("First Bay", balance=99_00, age=45, to="HILL")
    full.line("H", 480_00, "2026-01-01", to="HILL")
    monkeypatch.setattr(steps.selection, "decide", fail)

    result = bo("nightly", "--json", "--lines")

    assert result.exit_code == 74
    failed, done = json.loads(result.stdout)["runs"]
    assert_contract(failed, lines=True)
    assert (failed["practice"], failed["status"]) == ("HILL", "failed")
    assert failed["control"]["failed"] == {"count": 1, "amount": "480.00"}
    assert (done["practice"], done["status"]) == ("LAKE", "done")


def test_an_unknown_practice(full: OfficeBook, bo: Bo) -> None:
    assert bo("nightly", "--practice", "NOWHERE").exit_code == 65


def test_for_people(full: OfficeBook, bo: Bo) -> None:
    result = bo("nightly", "--lines")

    assert result.exit_code == 0
    for words in ("LAKE", "2026-11-20", "Candidates", "balance not above the threshold", "TAKEN", "First Bay"):
        assert words in result.stdout
