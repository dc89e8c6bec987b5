"""Who may do what here: adding, changing and removing operators, each an act without a practice (DESIGN section 7)."""

from __future__ import annotations

from typing import Any

from bo_tui.db import access
from bo_tui.db.connection import Store
from bo_tui.db.tables import Operator
from bo_tui.errors import NotAllowed, NotFound, RuleRefusal
from bo_tui.office import NIGHT, Draft, Office
from bo_tui.rules import ledger
from bo_tui.rules.external.lookups import unchanged
from bo_tui.rules.roles import ADMINISTRATOR, ROLES, require


def write_operator(draft: Draft, user: str, role: str) -> int:
    """Make a user an operator within an act that is being written, and return the row's id; one removed earlier comes back."""
    _require_role(role)
    if user == NIGHT:
        raise RuleRefusal(f"{NIGHT} is the night's own name; no operator can have it.", field="user")
    known = Operator.get_or_none(Operator.user == user)
    if known is not None and not known.removed:
        raise RuleRefusal(f"{user} is an operator already, as {known.role}.", field="user")
    if known is None:
        row: int = Operator.insert(user=user, role=role, act=draft.id).execute()
    else:
        row = known.id
        Operator.update(role=role, removed=False, act=draft.id).where(Operator.id == row).execute()
    ledger.change(draft, "operator", row, "user", None, user)
    ledger.change(draft, "operator", row, "role", None, role)
    return row


def add(office: Office, user: str, role: str) -> None:
    """Make a user of the machine an operator; administrators only. That the user exists is the caller's to know."""
    require(office, "operators")
    with office.act("operator_add") as draft:
        write_operator(draft, user, role)
        ledger.seal(draft)


def change_role(office: Office, user: str, role: str, *, seen: int | None = None) -> None:
    """Give an operator another role; administrators only, and never the last administrator's away.

    `seen` is the operator's act; Conflict names who changed it meanwhile.
    """
    require(office, "operators")
    _require_role(role)
    with office.act("operator_role") as draft:
        known = _operator(user, seen)
        if known.role == role:
            raise RuleRefusal(f"{user} is {role} already.", field="role")
        _keep_an_administrator(known)
        Operator.update(role=role, act=draft.id).where(Operator.id == known.id).execute()
        ledger.change(draft, "operator", known.id, "role", known.role, role)
        ledger.seal(draft)


def remove(office: Office, user: str, *, seen: int | None = None) -> None:
    """Take an operator's access away; the row stays as history. Administrators only, and never the last administrator."""
    require(office, "operators")
    with office.act("operator_remove") as draft:
        known = _operator(user, seen)
        _keep_an_administrator(known)
        Operator.update(removed=True, act=draft.id).where(Operator.id == known.id).execute()
        ledger.change(draft, "operator", known.id, "role", known.role, None)
        ledger.seal(draft)


def listed(office: Office) -> list[tuple[str, str]]:
    """(user, role) of everyone who has access now, by user."""
    with office.reading():
        query: Any = Operator.select(Operator.user, Operator.role).where(Operator.removed == False)  # noqa: E712
        return list(query.order_by(Operator.user).tuples())


def role_of(store: Store, user: str) -> str:
    """The role of a user in a store of whatever version (for `upgrade`); NotAllowed for anyone unknown."""
    with store.reading():
        query: Any = Operator.select(Operator.role).where((Operator.user == user) & (Operator.removed == False))  # noqa: E712
        role: str | None = query.scalar()
    if role is None:
        refusal = NotAllowed(
            f"{user} is not an operator of this office; an administrator can add them.", detail="no operator here"
        )
        access.keep_refused(store, user, refusal)
        raise refusal
    return role


def _operator(user: str, seen: int | None) -> Operator:
    known = Operator.get_or_none(Operator.user == user)
    if known is not None:
        unchanged(seen, known.act, user, "is no operator any more" if known.removed else f"is {known.role} now")
    if known is None or known.removed:
        raise NotFound(f"{user} is not an operator of this office.", field="user")
    return known


def _require_role(role: str) -> None:
    if role not in ROLES:
        raise RuleRefusal(f"There is no role {role}; there are: {', '.join(ROLES)}.", field="role")


def _keep_an_administrator(known: Operator) -> None:
    others = Operator.select().where(
        (Operator.role == ADMINISTRATOR) & (Operator.removed == False) & (Operator.id != known.id)  # noqa: E712
    )
    if known.role == ADMINISTRATOR and not others.exists():
        raise RuleRefusal(f"{known.user} is the last administrator; make somebody else one first.", field="user")
