"""The office as one object: a role that changed while its operator was at work counts at the next act."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Act
from bo_tui.errors import NotAllowed
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger, operators


def test_a_changed_role_counts_at_once(office: Office) -> None:
    with office.act("operator") as draft:
        operators.write_operator(draft, "ben", "operator")
        ledger.seal(draft)
    ben = office.by(Actor("ben", "operator"))
    acts = Act.select().count()
    operators.change_role(office, "ben", "viewer")
    with pytest.raises(NotAllowed, match="ben is now viewer, no longer operator"), ben.act("adjust", 1):
        pass
    operators.remove(office, "ben")
    with pytest.raises(NotAllowed, match="no longer an operator here"), ben.act("adjust", 1):
        pass
    assert Act.select().count() == acts + 2
