"""Who may do what: operators come, change and go, but an office never loses its last administrator."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Act, Change
from bo_tui.errors import NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor, Office, known_actor
from bo_tui.rules import operators


def test_an_added_operator_is_known_and_the_act_has_no_practice(office: Office) -> None:
    operators.add(office, "ben", "operator")
    assert known_actor(office.store, "ben") == Actor("ben", "operator")
    act = Act.select().order_by(Act.id.desc()).get()
    assert (act.practice, act.actor, act.kind) == (None, "ana", "operator_add")
    changes = [(row.field, row.before, row.after) for row in Change.select().where(Change.act == act.id)]
    assert changes == [("user", None, "ben"), ("role", None, "operator")]


def test_a_removed_operator_is_unknown_and_can_come_back(office: Office) -> None:
    operators.add(office, "ben", "operator")
    operators.remove(office, "ben")
    with pytest.raises(NotAllowed, match="ben is not an operator"):
        known_actor(office.store, "ben")
    operators.add(office, "ben", "viewer")
    assert operators.listed(office) == [("ana", "administrator"), ("ben", "viewer")]


@pytest.mark.parametrize(
    "taking", [lambda o: operators.remove(o, "ana"), lambda o: operators.change_role(o, "ana", "viewer")]
)
def test_the_last_administrator_stays(office: Office, taking: object) -> None:
    with pytest.raises(RuleRefusal, match="last administrator"):
        taking(office)  # type: ignore[operator]
    operators.add(office, "ben", "administrator")
    taking(office)  # type: ignore[operator]
    assert ("ben", "administrator") in operators.listed(office)


@pytest.mark.parametrize("role", ["viewer", "operator", "supervisor", "service"])
def test_only_administrators_change_operators(office: Office, role: str) -> None:
    with pytest.raises(NotAllowed, match="takes the role administrator"):
        operators.add(office.by(Actor("eve", role)), "ben", "administrator")
    assert operators.listed(office) == [("ana", "administrator")]


@pytest.mark.parametrize(
    ("user", "role", "reason"),
    [("ana", "viewer", "already"), ("night", "viewer", "the night's own name"), ("ben", "king", "no role king")],
)
def test_what_cannot_be_added(office: Office, user: str, role: str, reason: str) -> None:
    with pytest.raises(RuleRefusal, match=reason):
        operators.add(office, user, role)


def test_who_is_unknown_cannot_change_or_go(office: Office) -> None:
    with pytest.raises(NotFound):
        operators.change_role(office, "ben", "viewer")
    with pytest.raises(NotFound):
        operators.remove(office, "ben")
