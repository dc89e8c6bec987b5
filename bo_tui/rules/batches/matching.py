"""Which placement each row of a remittance means, and whether it fits: some hundreds of rows to a query.

By the placement's number; by the reference that the agency gave the debt; by the account, where the agency has, or had, a single
debt of it. Rows that fit nothing come back with the reason in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import money
from bo_tui.db.tables import Payment, Placement
from bo_tui.errors import RuleRefusal
from bo_tui.formats.remit import NSF, RemitRow
from bo_tui.rules.batches import takebacks
from bo_tui.rules.external import lookups


@dataclass(frozen=True, slots=True)
class Match:
    """A row with its placement (and, for what bounced, the entry it takes back), or the reason why it has none."""

    row: RemitRow
    placement: int | None = None
    of_entry: int | None = None
    reason: str = ""


class _Known:
    """The placements that the rows may mean, by number, reference and account."""

    def __init__(self, payment: Payment, found: Sequence[RemitRow]) -> None:
        self.agency = payment.agency
        self.numbers: dict[int, Any] = {}
        self.references: defaultdict[str, list[Any]] = defaultdict(list)
        self.accounts: defaultdict[str, list[Any]] = defaultdict(list)
        self.taken: defaultdict[int, int] = defaultdict(int)  # gross so far, by placement
        self.promised = takebacks.Promised()
        mine: Any = Placement.practice == payment.practice
        own = mine & (Placement.agency == payment.agency)
        for chunk in lookups.chunks(sorted({row.placement for row in found if row.placement})):
            self.numbers.update((row.id, row) for row in Placement.select().where(mine & Placement.id.in_(chunk)))
        for some in lookups.chunks(sorted({row.client_reference for row in found if row.client_reference})):
            for row in Placement.select().where(own & Placement.client_reference.in_(some)).order_by(Placement.id):
                self.references[row.client_reference].append(row)
        for some in lookups.chunks(sorted({row.account for row in found if row.account})):
            for row in Placement.select().where(own & Placement.account_number.in_(some)).order_by(Placement.id):
                self.accounts[row.account_number].append(row)

    def meant(self, row: RemitRow) -> Any:
        """The placement that a row means; RuleRefusal says why there is none."""
        if row.placement is not None:
            found = self.numbers.get(row.placement)
            if found is None:
                raise RuleRefusal(f"there is no placement {row.placement}")
            if found.agency != self.agency:
                raise RuleRefusal(f"placement {row.placement} is with {found.agency_name}")
            if row.account is not None and row.account != found.account_number:
                raise RuleRefusal(f"placement {row.placement} is of account {found.account_number}")
            return found
        if row.client_reference is not None:
            return _single(self.references[row.client_reference], f"reference {row.client_reference}")
        return _single(self.accounts[row.account or ""], f"account {row.account}")


def _single(found: Sequence[Any], what: str) -> Any:
    """The only one that is open, or the only one there ever was."""
    if not found:
        raise RuleRefusal(f"the agency has no debt of {what}")
    standing = [row for row in found if row.closed is None]
    some = standing or found
    if len(some) > 1:
        numbers = ", ".join(str(row.id) for row in some[:5])
        raise RuleRefusal(f"{what} has {len(some)} placements ({numbers}); the row does not say which")
    return some[0]


def match(payment: Payment, found: Sequence[RemitRow]) -> list[Match]:
    """Each row with its placement, or with the reason why an operator must look at it; in the file's order."""
    known = _Known(payment, found)
    matched = []
    for row in found:
        try:
            matched.append(_fits(payment, known, row))
        except RuleRefusal as refusal:
            matched.append(Match(row, reason=refusal.sentence.rstrip(".")))
    return matched


def _fits(payment: Payment, known: _Known, row: RemitRow) -> Match:
    gross, net, commission = row.signed
    if gross != net + commission:
        raise RuleRefusal(
            f"gross {money.shown(row.gross)} is not net {money.shown(row.net)} and commission {money.shown(row.commission)}"
        )
    placement = known.meant(row)
    if row.type == NSF:
        entry, _ = takebacks.check(payment, placement, None, gross, net, commission, known.promised)
        return Match(row, placement.id, entry)
    left = placement.balance - known.taken[placement.id]
    if placement.closed is None and gross > left:
        raise RuleRefusal(
            f"gross {money.shown(gross)} is more than the balance of placement {placement.id}, {money.shown(left)}"
        )
    known.taken[placement.id] += gross
    return Match(row, placement.id)
