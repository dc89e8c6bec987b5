"""Lines that were with TSI when the office started, from `precollections.csv`: open stays, and what TSI knows of their accounts."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Value, fn

from bo_tui.db.tables import PrecollectAccount, Precollection, ServiceLine
from bo_tui.office import Draft


def take_up(draft: Draft) -> None:
    """Complete the stays that an import's act inserted: each was told its amount, and its account is with TSI for their sum.

    After the act's entries were written: what came with them TSI is told as one CR or DB, the difference to the line's balance.
    """
    stay, known = Precollection, PrecollectAccount
    mine = (stay.act == draft.id) & stay.told.is_null()
    account = ServiceLine.select(ServiceLine.account).where(ServiceLine.id == stay.line)
    new: Any = {stay.account: account, stay.told: stay.amount, stay.watermark: draft.next_entry - 1, stay.act: draft.id}
    made = list(stay.select(stay.id).where(mine).tuples())
    stay.update(new).where(mine).execute()
    if not made:
        return
    these = (stay.act == draft.id) & (stay.id >= made[0][0]) & stay.message.is_null()
    query: Any = stay.select(
        Value(draft.practice), stay.account, Value("with"), fn.MIN(stay.started), fn.SUM(stay.told), SQL("NULL"),
        Value(draft.id),
    )  # fmt: skip
    fields = [known.practice, known.account, known.state, known.began, known.told, known.suspended_on, known.act]
    added = fn.COALESCE(known.told, 0) + SQL("excluded.told")
    known.insert_from(query.where(these).group_by(stay.account).order_by(stay.account), fields).on_conflict(
        conflict_target=[known.account],
        update={known.told: added, known.state: "with", known.suspended_on: None, known.act: draft.id},
    ).execute()
