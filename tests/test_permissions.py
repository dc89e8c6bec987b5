"""Every act in every role, through the commands, the rules and the screens.

Whatever stands in `rules/roles.ACTIONS` must stand in COMMANDS or RULES here, and whatever a page offers in SCREENS: a new
action without a test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bo_tui import cli
from bo_tui.db.tables import Access, Account, Act, Agency, Operator, Placement
from bo_tui.errors import NotAllowed
from bo_tui.office import Actor, Office
from bo_tui.rules import audit, payments
from bo_tui.rules.accounts import statements, unmask
from bo_tui.rules.addresses import decide, load
from bo_tui.rules.batches import batches, distributions, guarantor, held, posting, reversing
from bo_tui.rules.batches import payments as batch_payments
from bo_tui.rules.batches.model import Header, Share
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import adjust, filechoice, files, filestates, pending
from bo_tui.rules.roles import ACTIONS, ROLES
from bo_tui.rules.settings import agencies, assignments, external_rules, practices
from bo_tui.widgets.statusline import KeyLine
from tests import acting, making
from tests.making import DAY, PRACTICE, USER
from tests.screens.piloting import sitting

# action -> the commands that do it; {placement}, {there} (a folder) and {copy} (a backup) are filled in
COMMANDS: dict[str, list[str]] = {
    "look": ["approve list", "account show AL1"],
    "report": ["report aging", "report tasks"],
    "task": ["task done 1 --note x"],
    "why": ["why L1"],
    "add": ["add L2 --agency First-Bay"],
    "post": ["post L1"],
    "deny": ["deny L1 --note no", "deny L1 --note no --task call --follow-up t"],
    "adjust": ["adjust {placement} --code CHRTY --amount 1 --note x"],
    "reverse": ["reverse {placement} --reason x", "reverse 1 --reason x"],
    "reassign": ["reassign {placement} --agency West"],
    "transfer": ["transfer {placement} --responsible guarantor"],
    "approve": ["approve no 1 --reason x", "approve yes 1"],
    "hold": [
        "hold set AL3 --kind manual --reason x",
        "hold extend AL3 --kind manual --no-end --reason x",
        "hold lift AL3 --kind manual --reason x",
    ],
    "account": ["account add --last New", "account update AL3 --city Hudson"],
    "note": ["note AL3 called"],
    "plan": ["plan set AL3 --amount 100 --first t", "plan cancel AL3 --reason x"],
    "flag": ["flag AL1 returned_mail yes", "flag AL1 hold_statements yes", "flag L1 brought_back no"],
    "precollect": ["precollect start", "precollect stop", "precollect cancel L1", "precollect suspend AL1 yes"],
    "addresses": ["import-addresses {there}/practices.csv"],  # refused for its columns where the role may
    "file": ["file First-Bay", "file First-Bay --updates"],
    "attach": ["attach L1 {there}/image.png"],
    "withdraw": ["withdraw --run t"],
    "import": ["import {there} --from office"],
    "nightly": ["nightly"],
    "check": ["check"],
    "backup": ["backup {there}/made.db", "drill {copy}"],
    "restore": ["restore {copy}"],
    "upgrade": ["upgrade"],
    "audit": ["report audit"],
    "prune": ["audit prune --before 2001-01-01"],
    "operators": ["operator add root --role viewer", "operator role bob viewer", "operator remove bob"],
}

# action -> what no command does, or not alone, as calls of the rules
RULES: dict[str, list[Callable[[Office, Path], Any]]] = {
    "export": [
        lambda office, there: filechoice.export(office, 1, str(there / "copy.csv")),
        lambda office, there: filechoice.save(
            office, str(there / "copy.pdf"), "copy.pdf", b"x", audit.Kept("print", "x")
        ),
    ],
    "task": [lambda office, there: tasks.keep(office, PRACTICE, "L1", tasks.Wanted("call", DAY))],
    "payment": [
        lambda office, there: payments.receive(office, PRACTICE, "L3", "GPYMT", 1_00),
        lambda office, there: batches.create(office, PRACTICE, 1),
        lambda office, there: batch_payments.create(office, 2, Header("guarantor", "8", 2_00, DAY, account="AL2")),
        lambda office, there: guarantor.distribute(office, 2, rest_on_account=False),
        lambda office, there: posting.post(office, 2),
        lambda office, there: held.refund(office, PRACTICE, 50, "Ana", account="AL2"),
        lambda office, there: held.apply_on_account(office, PRACTICE, "AL2"),
    ],
    "another_check": [lambda office, there: batch_payments.create(office, 1, replace(CHECK, another_check=True))],
    "reverse": [lambda office, there: reversing.reverse_payment(office, 1, "bounced")],
    "statement": [lambda office, there: statements.hold_statement(office, PRACTICE, "L3", True)],
    "roll": [lambda office, there: payments.roll(office, PRACTICE, "L3", "insurance")],
    "adjust": [lambda office, there: payments.adjust_line(office, PRACTICE, "L3", "CHRTY", 1_00, "x")],
    "file": [
        lambda office, there: filestates.mark_sent(office, 1),
        lambda office, there: filestates.acknowledge(office, 1, 1, 480_00),
    ],
    "prune": [lambda office, there: audit.prune(office, 0)],
    "unmask": [lambda office, there: unmask.ssn(office, Account.update(ssn="123456789").execute() and 1)],
    "addresses": [
        lambda office, there: load.load(office, PRACTICE, _corrections(there)),
        lambda office, there: decide.approve(office, PRACTICE, [4]),
        lambda office, there: decide.deny(office, PRACTICE, [3], "no"),
        lambda office, there: decide.acknowledge(office, PRACTICE, [1]),
        lambda office, there: decide.flag(office, PRACTICE, [2]),
    ],
    "settings": [
        lambda office, there: practices.save(office, PRACTICE, practices.PracticeSettings("Lakeside")),
        lambda office, there: external_rules.save(office, PRACTICE, external_rules.Rules(auto_reassign=True)),
        lambda office, there: assignments.remove(office, 2),
        lambda office, there: agencies.delete(office, 3),
    ],
}

CHECK = Header("guarantor", "7", 1_00, DAY, account="AL2")

# page -> each of its actions, with the action of the roles that it is (None: everybody who may look)
SCREENS: dict[str, dict[str, str | None]] = {
    "home": {"search": None},
    "pending": {
        "search": None, "add": "add", "deny": "deny", "post": "post", "withdraw": "withdraw", "agency": "add", "mark": "look",
        "history": "look", "second": "look", "hold": "hold", "extend": "hold", "lift": "hold", "holds": "look",
        "account": "look",
    },
    "transactions": {
        "search": None, "adjust": "adjust", "reverse": "reverse", "reassign": "reassign", "transfer": "transfer",
        "view": None, "attach": "attach", "history": "look", "zero": None, "hold": "hold", "extend": "hold",
        "lift": "hold", "holds": "look", "second": "look", "unmark": None, "account": "look",
    },
    "files": {
        "search": None, "create": "file", "print": "look", "export": "export", "sent": "file", "acknowledge": "file",
        "updates": "file", "contents": "look",
    },
    "approvals": {
        "search": None, "approve": "approve", "refuse": "approve", "withdraw": "approve", "decided": "look", "history": "look",
    },
    "accounts": {
        "search": None, "open": "look", "create": "account", "edit": "account", "hold": "hold", "flag": "flag", "extend": "hold",
        "lift": "hold", "holds": "look", "all": None,
    },
    "account_general": {
        "edit": "account", "flag": "flag", "statements": "account", "plan": "plan", "hold": "hold", "note": "note",
        "extend": "hold", "lift": "hold", "holds": "look", "stop": "precollect", "suspend": "precollect", "activity": "report",
        "overview": "report", "search": None, "ssn": "unmask",
    },
    "account_ar": {
        "adjust": "adjust", "roll": "roll", "reverse": "reverse", "statement": "statement", "ext": "add", "plan": "plan",
        "stop": "precollect", "suspend": "precollect", "view": "look", "note": "note", "dos": "look", "zero": None,
        "legend": None, "history": "look", "hold": "hold", "extend": "hold", "lift": "hold", "holds": "look",
        "activity": "report", "overview": "report", "search": None,
    },
    "account_external": {"go": "look", "view": "look", "history": "look", "note": "note", "search": None},
    "account_precollections": {"stop": "precollect", "suspend": "precollect", "note": "note", "search": None},
    "account_notes": {
        "note": "note", "type": None, "read": "look", "activity": "report", "overview": "report", "search": None,
    },
    "account_documents": {"view": "look", "attach": "attach", "note": "note", "search": None},
    "start_files": {
        "search": None, "create": "precollect", "print": "look", "export": "export", "sent": "precollect",
        "acknowledge": "precollect", "contents": "look",
    },
    "stop_files": {
        "search": None, "create": "precollect", "print": "look", "export": "export", "sent": "precollect",
        "acknowledge": "precollect", "contents": "look",
    },
    "in_precollections": {
        "search": None, "contents": "look", "stop": "precollect", "suspend": "precollect", "unsuspend": "precollect",
        "account": "look", "ended": "look",
    },
    "precollections_admin": {"search": None, "update": "settings", "practice": "settings", "history": "look"},
    "address_corrections": {
        "search": None, "approve": "addresses", "deny": "addresses", "acknowledge": "addresses", "flag": "addresses",
        "load": "addresses", "errors": "look", "mark": "look", "history": "look", "account": "look",
    },
    "payment_batches": {
        "search": None, "create": "payment", "update": "look", "delete": "payment", "post": "payment", "import": "payment",
        "expects": "payment", "held": None,
    },
    "payment_batch": {
        "insurance": "payment", "guarantor": "payment", "agency": "payment", "update": "look", "remove": "payment",
        "post": "payment", "view": "look", "attach": "attach", "reverse": "reverse", "header": "payment", "expects": "payment",
        "settle": "payment",
    },
    "held": {
        "search": None, "oldest": "payment", "line": "payment", "account": "payment", "suspense": "payment",
        "refund": "payment", "credit": "payment", "misc": "payment", "pay": "payment", "undo": "reverse", "history": "look",
        "open": "look", "view": "look", "zero": None,
    },
    "payment": {
        "add": "payment", "next": "payment", "update": "payment", "remove": "payment", "save": None, "post": "payment",
        "oldest": "payment", "account": "payment", "header": "payment", "view": "look", "attach": "attach", "reverse": "reverse",
    },
    "collections_admin": {
        "search": None, "add": "settings", "update": "settings", "remove": "settings", "rules": "settings",
        "practice": "settings", "history": "look",
    },
    "collections": {
        "search": None, "update": "task", "done": "task", "transfer": "add", "closed": "look", "history": "look",
        "account": "look",
    },
    "agencies": {"create": "settings", "update": "settings", "delete": "settings", "history": "look", "figures": "look"},
    "agency": {"search": None, "made_of": "look"},
    "operators": {"add": "operators", "update": "operators", "remove": "operators", "table": None, "history": "look"},
    "audit": {"search": "audit", "open": "audit", "export": "audit", "all": "audit"},
}  # fmt: skip


@pytest.fixture
def busy(office: Office) -> Office:
    """L1 pending, L2 and L3 in AR, L4 placed and in a file, a payment, a proposal of bob's, agencies First-Bay and West."""
    bay = making.make_agency(office, "First-Bay", balance_greater_than=0, age_greater_than=900)
    making.make_agency(office, "West")
    Agency.insert(name="Unused", act=1).execute()
    Operator.insert(user="bob", role="operator", act=1).execute()
    for number in ("L1", "L2", "L3"):
        acting.a_line(office, number)
    pending.add(office, PRACTICE, ["L1"], "First-Bay")
    placement = acting.placed(office, bay, "L4")
    files.make_files(office, PRACTICE, bay)
    batch = batches.create(office, PRACTICE, 1).batch
    on_account = Share("on_account", 1_00)
    distributions.add(office, batch_payments.create(office, batch, CHECK).payment, [on_account])
    posting.post(office, batch)
    acting.practice_setting(office, four_eyes_limit=100_00)
    adjust.adjust(office.by(Actor("bob", "operator")), placement, "CHRTY", 200_00, "hardship")
    return office


def _corrections(there: Path) -> Path:
    """Two pieces of mail that came back (1, 2) and two new addresses (3, 4)."""
    path = there / "addresses.csv"
    rows = "AL1,,,,,V\nAL2,,,,,V\nAL3,1 Oak St,Madison,WI,53703,\nAL4,1 Oak St,Madison,WI,53703,\n"
    path.write_text(f"account,new_address1,new_city,new_state,new_zip,undeliverable\n{rows}")
    return path


def refusal(action: str, role: str, user: str = USER) -> str:
    """The sentence that says who may, written out here once more."""
    roles, words = ACTIONS[action]
    who = roles[0] if len(roles) == 1 else f"{', '.join(roles[:-1])} or {roles[-1]}"
    return f"{user} is {role} here; to {words} takes the role {who}."


def refused_looks(office: Office) -> list[tuple[str, str, str | None]]:
    """(who, action, why not) of everything that was refused, as the chain of looks has it."""
    with office.reading():
        query = Access.select(Access.actor, Access.subject, Access.detail).where(Access.kind == "refused")
        return list(query.order_by(Access.id).tuples())


def test_every_action_is_tried() -> None:
    assert set(COMMANDS) | set(RULES) == set(ACTIONS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", sorted(COMMANDS))
def test_by_command(bo, busy: Office, tmp_path: Path, action: str, role: str) -> None:
    copy, there = tmp_path / "copy.db", tmp_path / "there"
    there.mkdir()
    (there / "practices.csv").write_text("practice,name\nHILL,Hill\n")
    if action == "restore":
        assert bo("backup", str(copy)).exit_code == 0
    Operator.update(role=role).where(Operator.user == USER).execute()
    acts = Act.select().count()
    placement = Placement.get().id
    for command in COMMANDS[action]:
        result = bo(*command.format(placement=placement, there=there, copy=copy).split())
        if role in ACTIONS[action][0]:
            assert result.exit_code not in (64, 70, 77), (command, result.stderr)
        else:
            assert (result.exit_code, result.stdout) == (77, ""), command
            assert result.stderr == refusal(action, role) + "\n"
            assert Act.select().count() == acts
    refused = role not in ACTIONS[action][0]
    assert refused_looks(busy) == [(USER, action, f"as {role}")] * (len(COMMANDS[action]) if refused else 0)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("action", sorted(RULES))
def test_by_rule(busy: Office, tmp_path: Path, action: str, role: str) -> None:
    office = busy.by(Actor("eve", role))
    acts = Act.select().count()
    for call in RULES[action]:
        if role in ACTIONS[action][0]:
            call(office, tmp_path)
            continue
        with pytest.raises(NotAllowed) as refused:
            call(office, tmp_path)
        assert refused.value.sentence == refusal(action, role, "eve")
        assert (Act.select().count(), list(tmp_path.glob("copy*"))) == (acts, [])
    refused = role not in ACTIONS[action][0]
    assert refused_looks(office) == [("eve", action, f"as {role}")] * (len(RULES[action]) if refused else 0)


def test_the_timers_user_does_not_get_into_the_program(bo, busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "require_terminal", lambda: None)
    Operator.update(role="service").where(Operator.user == USER).execute()
    result = bo()
    assert (result.exit_code, result.stderr) == (77, refusal("look", "service") + "\n")


@pytest.mark.parametrize("role", [role for role in ROLES if role in ACTIONS["look"][0]])
async def test_by_screen(busy: Office, role: str) -> None:
    refused = []
    async with sitting(busy.by(Actor("eve", role)), "transactions", (160, 40)) as one:
        from bo_tui.screens.app import PAGES

        assert set(PAGES) == set(SCREENS)
        one.app.session.account = 1  # whose tabs are shown
        acting.practice_setting(busy, precollections_enrolled=True)
        for name, actions in SCREENS.items():
            one.app.show(name)
            await one.rest()
            if name == "audit" and role not in ACTIONS["audit"][0]:  # the page itself
                refused.append(("eve", "audit", f"as {role}"))
            page = one.screen
            assert {action.id for action in page.actions} == set(actions), name
            off = {key: dimmed for key, _, dimmed in page.query_one(KeyLine).keys}
            for action in page.actions:
                wanted = actions[action.id]
                if wanted is None or role in ACTIONS[wanted][0]:
                    assert "takes the role" not in (action.enabled() or ""), (name, action.id)
                    continue
                assert action.enabled() == refusal(wanted, role, "eve"), (name, action.id)
                if action.fkey:
                    assert off[action.fkey.upper()], (name, action.id)
                await one.press(f"alt+{action.letter.lower()}")
                assert one.screen is page
                assert one.said == refusal(wanted, role, "eve")
                refused.append(("eve", wanted, f"as {role}"))
    assert refused_looks(busy) == refused  # one for each key, none for what is only dimmed
