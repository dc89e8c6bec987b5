"""`account`, `note`, `plan`, the flags of an account, and `reverse` of a service fee, as scripts see them."""

from __future__ import annotations

import json
from pathlib import Path

from bo_tui.office import Office
from tests import making
from tests.acting import a_line


def test_an_account_is_made_changed_and_shown(bo, office: Office) -> None:
    made = bo(
        "account", "add", "--last", "Smith", "--first", "Ana", "--date-of-birth", "1980-02-29", "--ssn", "123-45-6789"
    )
    assert (made.exit_code, made.stdout) == (0, "Account 1 is made for Smith, Ana.\n")
    again = ("account", "add", "--last", "Smith", "--first", "Ana", "--date-of-birth", "1980-02-29", "--json")
    refused = bo(*again)
    assert refused.exit_code == 65
    assert refused.stderr == "Account 1, Smith, Ana, born 1980-02-29, has the same name and date of birth.\n"
    assert json.loads(bo(*again, "--besides", "1").stdout)["account"] == "2"
    changed = bo("account", "update", "1", "--phone", "715-555-0100", "--first", "")
    assert changed.stdout == "Account 1, Smith: changed first, phone.\n"
    shown = json.loads(bo("account", "show", "1", "--json").stdout)
    assert shown["fields"]["ssn"] == "***-**-6789"
    assert (shown["fields"]["phone"], shown["guarantor"], shown["aging"]["guarantor"]["total"]) == (
        "7155550100",
        "Smith",
        "0.00",
    )
    assert bo("account", "update", "1", "--zip", "x").stderr.startswith("Zip code is not five digits")


def test_show_prints_text_and_a_pdf(bo, office: Office, tmp_path: Path) -> None:
    a_line(office)
    assert "Balance by age" in bo("account", "show", "AL1").stdout
    assert "SVCFE" in bo("account", "show", "AL1", "--activity").stdout
    paper = tmp_path / "a.pdf"
    assert bo("account", "show", "AL1", "--pdf", str(paper)).stdout == f"Saved as {paper}.\n"
    assert paper.read_bytes().startswith(b"%PDF")


def test_notes_plans_and_flags(bo, office: Office) -> None:
    a_line(office)
    assert bo("note", "AL1", "will call back", "--kind", "collection", "--line", "L1").exit_code == 0
    plan = bo("plan", "set", "AL1", "--amount", "200", "--first", "2026-11-30", "--json")
    due = json.loads(plan.stdout)["due"]
    assert [row["amount"] for row in due] == ["200.00", "200.00", "80.00"]
    assert due[1]["date"] == "2026-12-30"
    assert bo("plan", "cancel", "AL1", "--reason", "broken").exit_code == 0
    assert bo("flag", "AL1", "hold_statements", "yes").stdout == "Account AL1 gets no statements.\n"
    assert bo("flag", "AL1", "hold_statements", "yes").exit_code == 65


def test_a_service_fee_is_reversed(bo, office: Office) -> None:
    a_line(office)
    done = json.loads(bo("reverse", "1", "--reason", "wrong patient", "--json").stdout)
    assert (done["code"], done["amount"], done["balance"]) == ("RVFEE", "480.00", "0.00")
    assert not making.verify(office)
