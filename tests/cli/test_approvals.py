"""`bo-tui approve`, and what `post` and `adjust` say when a second person is needed."""

from __future__ import annotations

import json

import pytest

from bo_tui.cli import common
from bo_tui.db.tables import Operator, Placement, Proposal
from bo_tui.rules import ledger
from tests import making
from tests.acting import a_line, assert_sound, placed, practice_setting


@pytest.fixture(autouse=True)
def bay(office):
    agency = making.make_agency(office)
    practice_setting(office, four_eyes_limit=300_00)
    with office.act("operator") as draft:
        Operator.insert(user="bob", role="operator", act=draft.id).execute()
        ledger.change(draft, "operator", 2, "role", None, "operator")
        ledger.change(draft, "operator", 2, "user", None, "bob")
        ledger.seal(draft)
    yield agency
    assert_sound(office)


def said(result) -> str:
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_post_waits_and_another_approves(bo, monkeypatch, office):
    a_line(office, "L1")
    a_line(office, "L2", 100_00)
    said(bo("add", "L1", "L2", "--agency", "First Bay"))
    assert said(bo("approve", "list")) == "Nothing waits for a second person.\n"
    done = json.loads(said(bo("post", "L1", "L2", "--json")))
    assert (done["state"], done["amount"], [row["line"] for row in done["lines"]]) == ("waiting", "100.00", ["L2"])
    number = done["waiting"][0]["proposal"]
    assert done["waiting"] == [{"proposal": number, "subject": "Line L1", "amount": "480.00"}]
    assert said(bo("approve", "list")) == f"{number}: Post line L1 to First Bay, 480.00, by ana on 2026-11-20.\n"
    assert bo("approve", "yes", number).exit_code == 77  # her own
    monkeypatch.setattr(common, "current_user", lambda: "bob")
    assert said(bo("approve", "yes", number)) == f"Proposal {number} is approved and done: 480.00.\n"
    assert Placement.select().count() == 2
    assert bo("approve", "yes", number).exit_code == 65
    assert json.loads(said(bo("approve", "list", "--json")))["proposals"] == []


def test_adjust_waits_and_is_refused(bo, monkeypatch, office, bay):
    placement = str(placed(office, bay))
    asked = ("adjust", placement, "--code", "CHRTY", "--amount", "300.01", "--note", "hardship")
    assert said(bo(*asked)) == (
        f"Placement {placement} of line L1: 300.01 is above the limit of 300.00; "
        "the adjustment waits for a second person as proposal 1.\n"
    )
    assert bo(*asked).exit_code == 65
    monkeypatch.setattr(common, "current_user", lambda: "bob")
    assert bo("approve", "no", "1").exit_code == 64
    assert json.loads(said(bo("approve", "no", "1", "--reason", "not agreed", "--json")))["state"] == "refused"
    assert (Proposal.get().state, Placement.get().balance) == ("refused", 480_00)
    assert json.loads(said(bo(*asked, "--json")))["state"] == "waiting"
    assert said(bo("approve", "no", "2", "--reason", "a slip")) == "Proposal 2 is withdrawn.\n"
