"""What a look would find to tell TSI of some accounts and that waits in no row yet, so that a list can count it (DESIGN 4)."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.precollect import gate, looking, telling
from bo_tui.rules.precollect.terms import load_terms

MOST = 1_000  # accounts in one statement, as in a look


def counts(office: Office, practice: int, accounts: Sequence[int]) -> dict[int, int]:
    """How many messages a look now would add to the next Stop file, by account (id); those without one are left out.

    `stops.upcoming` lists the same for the whole practice; what TSI is never told does not count. Writes nothing. Raises
    NotAllowed, NotFound, and RuleRefusal, field `practice`, without enrolment.
    """
    roles.require(office, "look")
    found: dict[int, int] = {}
    with office.reading():
        terms = load_terms(gate.the_practice(practice), office.business_date)
        manner = telling.Manner(terms.day, bool(terms.rules.thank_you), bool(terms.rules.exclude_excol))
        for start in range(0, len(accounts), MOST):
            some = list(accounts[start : start + MOST])
            for it in looking.accounts(practice, lambda column, some=some: column.in_(some), terms.day):  # type: ignore[misc]
                said = telling.tell(it.told, it.stays, it.moves, manner, held=it.held).messages
                found[it.account] = sum(not one.left_out for one in said)
    return {account: count for account, count in found.items() if count}
