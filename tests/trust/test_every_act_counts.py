"""No act and no permission of the program is left out of the machine that does acts in any order: a tour through its rules.

The machine draws its acts; here each of its rules is done once and more, in an order in which it succeeds. What the source can
write as an act, and every action of `rules/roles.py`, must have been done then, or stand below with the reason why not.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import bo_tui
from bo_tui.rules import nightly, roles
from tests.rules import test_state_machine as base
from tests.trust.wholeoffice import WholeOffice

# acts that no machine does, each with the reason why
NO_ACT: dict[str, str] = {}
# actions of the table of roles that leave nothing behind, or of an older store
NO_ACTION = {
    "report": "prints; tests/cli/test_report.py",
    "audit": "reads; tests/views/test_audit.py",
    "upgrade": "takes an older store; tests/cli/test_init.py",
    "another_check": "a second check like the first; tests/rules/batches/test_entering.py",
}


class Tour(WholeOffice):
    """The machine, without chance; what each rule did is looked at in the end."""

    def go(self, rule: str, /, **drawn: Any) -> None:
        """One rule with what hypothesis would have drawn."""
        getattr(self, rule)(**drawn)
        self.wrote = getattr(self, "wrote", set()) | {
            kind for (kind,) in self.book.sql("SELECT DISTINCT kind FROM act")
        }
        self.one_debt_is_fee_less_what_was_paid()
        self.cash_and_commission_are_what_was_paid_and_kept()
        self.people_attachments_and_looks_are_as_the_model_has_them()
        self.the_check_is_silent_now_and_then()


def kinds_of_acts() -> set[str]:
    """Every kind that the rules can give an act: the text, or the module's constant, in `.act(...)` and `.begin(...)`."""
    found = {name for name, _ in nightly.STEPS} - {"files", "updates", "check", "precollect_stop", "precollect_start"}
    for path in sorted((Path(bo_tui.__file__).parent / "rules").rglob("*.py")):
        tree = ast.parse(path.read_text())
        constants = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("act", "begin")
            ):
                continue
            kind = node.args[0] if node.args else None
            if isinstance(kind, ast.Constant):
                found.add(kind.value)
            elif isinstance(kind, ast.Name) and kind.id in constants:
                found.add(constants[kind.id])
    return found


def test_every_act_and_every_action_is_done_by_the_machine(empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base.template = empty_store
    allowed, done = roles.allowed, set[str]()

    def noted(role: str, action: str) -> bool:
        if allowed(role, action):
            done.add(action)
        return allowed(role, action)

    monkeypatch.setattr(roles, "allowed", noted)
    machine = Tour()
    try:
        machine.open_the_office()
        for name, drawn in TOUR:
            machine.go(name, **drawn)
        written = machine.wrote
    finally:
        machine.teardown()
    assert sorted(kinds_of_acts() - written) == sorted(NO_ACT)
    assert set(roles.ACTIONS) - done == set(NO_ACTION)


def act(rule: str, /, *acts: str, **drawn: Any) -> list[tuple[str, dict[str, Any]]]:
    """A rule once for each of these of its `act`s."""
    return [(rule, {**drawn, "act": one}) for one in acts]


TOUR: list[tuple[str, dict[str, Any]]] = [
    *act("people_come_and_go", "add", user="bea", role="viewer"),
    *act("people_come_and_go", "role", "works", "stale", "remove", "works", user="bea", role="operator"),
    *act("practice_changes", "name", "enrol", "addresses", "period", place=5, number="L6"),
    *act(
        "agencies_change",
        "create",
        "update",
        "assign",
        "unassign",
        "unassign plain",
        "assign plain",
        name="Spare",
        place=1,
    ),
    *act("agencies_change", "update", name="Spare", place=2),
    *act("agencies_change", "create", "delete", name="Other", place=1),
    *act("settings_change", "rules", "pre-collections", "assignment", place=1),
    *act("account_desk", "add", "address", "unmask", "look", account="A", place=2),
    ("old_looks_go", {}),
    *[
        ("attach", {"place": 1, "shade": 1, "to": to, "real": real})
        for to in ("line", "entry", "payment")
        for real in (True, False)
    ],
    # what this copy holds comes back in the end
    *act("copies_of_the_store", "backup", place=0),
    # pre-collections: account B, by hand and by the night, whose queue waits
    *act("precollect", "start", "sent", "known", account="B", number="L6", place=0),
    ("adjust_line", {"number": "L6", "code": "SMBAL", "amount": 1}),
    *act("precollect", "stop file", "stop", "suspend", "let in", account="B", number="L6", place=0),
    *act("settings_change", "pre-collections", place=4),
    # the night: returned mail, selection, and for TSI alone what no agency takes for its small balances
    *[("adjust_line", {"number": number, "code": "SMBAL", "amount": 60_00}) for number in ("L5", "L6")],
    ("night", {"days": 11}),
    *act("precollect", "unqueue", account="B", number="L5", place=0),
    ("transfer", {"place": 0, "responsible": "guarantor", "re_age": True}),
    *act("mark", "flag", account="A", number="L1", days=None),
    ("night", {"days": 1}),
    ("deny", {"place": 0, "all_of_them": True}),
    *act("mark", "clear", account="A", number="L1", days=None),
    # a second person
    ("add", {"number": "L6", "agency": "Two"}),
    *[
        ("four_eyes", {"place": 1, "how": how, "number": "L6"})
        for how in ("post", "refuse", "post", "withdraw", "adjust", "approve", "post", "approve")
    ],
    ("transfer", {"place": 0, "responsible": "guarantor", "re_age": True}),
    ("rolls", {"number": "L1", "party": "insurance"}),
    ("rolls", {"number": "L1", "party": "guarantor"}),
    *[("four_eyes", {"place": 0, "how": how, "number": "L1"}) for how in ("line", "approve")],
    # accounts
    *act("mark", "hold", account="A", number="L1", days=None),
    *act("desk_work", "extend", account="A", number="L1", place=3),
    *act("mark", "lift", account="A", number="L1", days=None),
    *act(
        "desk_work",
        "note",
        "plan",
        "cancel plan",
        "statement",
        "send",
        "edit",
        "task",
        "close task",
        account="A",
        number="L1",
        place=3,
    ),
    *act("practice_changes", "addresses", number="L6", place=2),
    *act("addresses", "load", account="A", place=0),
    *act("practice_changes", "addresses", number="L6", place=1),
    *act("settings_change", "rules", place=3),
    *act("addresses", "load", "approve", "load", "deny", "back", "know", account="B", place=0),
    *act("addresses", "back", "flag", account="A", place=0),
    ("imported", {"number": "L1", "amount": 1, "update": False, "spoiled": False}),
    # placements and pending rows
    ("add", {"number": "L5", "agency": "One"}),
    *act("tasks_and_pending", "other agency", number="L5", place=0, agency="Two"),
    ("deny", {"place": 0, "all_of_them": False}),
    *act("tasks_and_pending", "why", "keep", "change", "transfer", number="L5", place=1, agency="One"),
    ("post", {"numbers": ["L5"], "agency": None}),
    ("file", {"agency": "One"}),
    *act("desk_work", "sent", "known", account="A", number="L1", place=0),
    *[("adjust", {"place": place, "code": "INTRS", "amount": 1}) for place in range(4)],
    ("tell", {"agency": "One"}),
    ("take_out", {"place": 0}),
    ("reassign", {"place": 0, "agency": "Plain"}),
    ("agency_pays", {"place": 0, "amount": 1, "commission": 0}),
    ("reverse", {"code": "EPYMT", "place": 0, "amount": 1}),
    ("transfer", {"place": 0, "responsible": "guarantor", "re_age": True}),
    # money in batches, on account, in suspense
    ("remittance", {"amount": 33_33, "place": 0, "stranger": True}),
    ("batch", {"number": "L1", "amount": 33_33, "kept": 0, "where": "on_account"}),
    ("batch", {"number": "L1", "amount": 50_00, "kept": 25, "where": "suspense"}),
    ("take_off", {"place": 0, "to": "payer", "amount": 1}),
    ("apply", {"account": "A", "amount": 1}),
    *[
        ("batch_that_waits", {"number": "L1", "amount": 1, "then": then})
        for then in ("change", "remove", "delete", "wait", "post")
    ],
    *act("guarantors_check", "oldest", "header", "line by line", account="A", amount=3),
    *[
        ("out_of_suspense", {"place": 0, "to": to, "amount": 1, "number": "L2"})
        for to in ("line", "on_account", "misc")
    ],
    *act("held_money", "back from income", "on account to suspense", place=0, amount=1),
    *[
        ("refund", {"account": "A", "amount": 1, "place": place, "source": source})
        for place, source in ((0, "account"), (0, "payment"), (1, "line"))
    ],
    ("gross_agency", {"number": "L1", "amount": 50_00, "kept": 25}),
    *act("held_money", "pay the agency", "undo", "bounced", place=0, amount=1),
    ("pays", {"number": "L2", "amount": 1, "code": "GPYMT"}),
    *[("reverse_fee", {"place": place, "amount": None}) for place in range(6)],
    ("night_and_tsi", {"days": 5}),
    *act("copies_of_the_store", "drill", "restore", place=0),
]
