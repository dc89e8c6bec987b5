"""What of a partly posted payment was never posted, once all that was goes back to the payer: no money of it comes any more.

Its rows that wait are taken away and the payment counts as posted, so that a bounced check's rest can neither be posted nor
distributed anew (issue 5, reversal). Where the office keeps the money (in suspense, on account) the check was good: the rest stays.
"""

from __future__ import annotations

from typing import Any

from peewee import fn

from bo_tui.db.tables import Distribution, Payment
from bo_tui.money import shown
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.batches import rows, shares
from bo_tui.rules.batches.model import PARTLY, POSTED, REMOVED, UNPOSTED
from bo_tui.text import counted


def foretold(row: Payment) -> str:
    """What a whole reversal does with what of a payment is not posted, in words, or nothing. Within a transaction."""
    if row.state != PARTLY:
        return ""
    cents, waiting = _standing(row)
    return (
        f"{shown(cents)} of it is not posted ({_waiting(waiting)}): where the money goes back to the payer, that is taken away"
        " too; where the office keeps it, that stays to be posted."
    )


def close(draft: Draft, row: Payment) -> str:
    """Take away what of a partly posted payment waits, and call it posted; what was done in words, or nothing."""
    if row.state != PARTLY:
        return ""
    cents, _ = _standing(row)
    mine: Any = (Distribution.payment == row.id) & (Distribution.state == UNPOSTED)
    waiting = list(Distribution.select().where(mine).order_by(Distribution.id))
    Distribution.update(state=REMOVED, act=draft.id).where(mine).execute()
    ledger.change_many(draft, [("distribution", one.id, "distributed", shares.words(one), None) for one in waiting])
    Payment.update(state=POSTED, act=draft.id).where(Payment.id == row.id).execute()
    rows.keep(draft, Payment, row.id, {"state": PARTLY}, {"state": POSTED})
    return f"{shown(cents)} of it was not posted ({_waiting(len(waiting))}) and is taken away."


def _standing(row: Payment) -> tuple[int, int]:
    """The cents of the check that are not posted, and how many rows wait."""
    mine = Distribution.payment == row.id
    posted = Distribution.select(fn.COALESCE(fn.SUM(Distribution.amount), 0)).where(
        mine & (Distribution.state == POSTED)
    )
    return row.amount - posted.scalar(), Distribution.select().where(mine & (Distribution.state == UNPOSTED)).count()


def _waiting(number: int) -> str:
    return f"{counted(number, 'row')} waiting" if number else "no row waiting"
