"""Giving accounts the addresses of their corrections: one UPDATE for many, before and after in the history.

Placements keep the guarantor's name, never an address, so that nothing else has to follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui.db.tables import Account, AddressCorrection
from bo_tui.formats.addresses.layout import PARTS
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.addresses.rows import Rows
from bo_tui.rules.addresses.verdict import address_of
from bo_tui.rules.external import lookups


def update_addresses(draft: Draft, rows: Rows, accounts: Mapping[int, Any]) -> None:
    """Write the new address of each correction to its account; the corrections are in the store and name an account once."""
    moved = []
    for row in rows:
        before, after = address_of(accounts[row.account]), address_of(row, "new_")
        differing = zip(PARTS, before, after, strict=True)
        moved += [("account", row.account, part, was, now) for part, was, now in differing if was != now]
    ledger.change_many(draft, moved)
    for chunk in lookups.chunks([row.id for row in rows]):
        new: Any = {getattr(Account, part): getattr(AddressCorrection, f"new_{part}") for part in PARTS}
        mine: Any = (AddressCorrection.account == Account.id) & AddressCorrection.id.in_(chunk)
        query: Any = Account.update({**new, Account.act: draft.id})
        query.from_(AddressCorrection).where(mine).execute()
