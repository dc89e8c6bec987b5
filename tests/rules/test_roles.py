"""Every action in every role, against a table that is written out here."""

from __future__ import annotations

import pytest

from bo_tui.errors import Defect, NotAllowed
from bo_tui.office import Actor, Office
from bo_tui.rules.roles import ACTIONS, ROLES, allowed, require

V, O, S, A, T = "viewer", "operator", "supervisor", "administrator", "service"  # noqa: E741
EXPECTED = {
    "look": {V, O, S, A},
    "report": {V, O, S, A},
    "why": {V, O, S, A},
    "export": {O, S, A},
    "add": {O, S, A},
    "post": {O, S, A},
    "deny": {O, S, A},
    "adjust": {O, S, A},
    "reverse": {O, S, A},
    "reassign": {O, S, A},
    "transfer": {O, S, A},
    "task": {O, S, A},
    "approve": {O, S, A},
    "payment": {O, S, A},
    "roll": {O, S, A},
    "account": {O, S, A},
    "note": {O, S, A},
    "plan": {O, S, A},
    "statement": {O, S, A},
    "hold": {O, S, A},
    "flag": {O, S, A},
    "file": {O, S, A},
    "attach": {O, S, A},
    "withdraw": {S, A},
    "import": {S, A},
    "nightly": {S, A, T},
    "check": {V, O, S, A, T},
    "backup": {S, A, T},
    "restore": {A},
    "upgrade": {A},
    "operators": {A},
    "settings": {A},
    "precollect": {O, S, A},
    "addresses": {O, S, A},
    "another_check": {S, A},
    "audit": {S, A},
    "unmask": {S, A},
    "prune": {A},
}


def test_the_table_is_whole() -> None:
    assert set(ACTIONS) == set(EXPECTED)


@pytest.mark.parametrize("action", sorted(EXPECTED))
@pytest.mark.parametrize("role", ROLES)
def test_every_action_in_every_role(office: Office, action: str, role: str) -> None:
    someone = office.by(Actor("eve", role))
    if role in EXPECTED[action]:
        require(someone, action)
        return
    with pytest.raises(NotAllowed) as refused:
        require(someone, action)
    assert refused.value.exit_code == 77
    assert all(name in refused.value.sentence for name in EXPECTED[action])


def test_an_unknown_role_may_nothing() -> None:
    assert not any(allowed("guest", action) for action in ACTIONS)


def test_an_unknown_action_is_a_defect() -> None:
    with pytest.raises(Defect):
        allowed("administrator", "fly")
