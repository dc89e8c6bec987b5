"""The whole SSN of an account: for supervisors, one at a time, and kept as a look before it is shown (DESIGN section 7)."""

from __future__ import annotations

from typing import Any

from bo_tui.db.tables import Account
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import audit, roles

ACTION = "unmask"


def ssn(office: Office, account: int) -> str:
    """An account's SSN (by its id) as `123-45-6789`, or as an import wrote it where that is no SSN.

    Raises NotAllowed, NotFound, RuleRefusal where none is kept, and Locked: what cannot be kept is not shown.
    """
    roles.require(office, ACTION)
    with office.reading():
        query: Any = Account.select(Account.practice, Account.ssn).where(Account.id == account)
        found = query.tuples().first()
    if found is None:
        raise NotFound(f"There is no account {account}.", field="account")
    practice, kept = found
    if not kept:
        raise RuleRefusal("No SSN is kept for this account.")
    audit.keep(office, "unmask", "account", account, "SSN", practice)
    digits = "".join(sign for sign in kept if sign.isdigit())
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 9 else str(kept)
