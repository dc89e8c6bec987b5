"""What operators keep on an account besides its ledger: notes, held statements, payment plans."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField
from bo_tui.db.tables.base import Table, act_column


class Note(Table):
    """A note on an account, or on one of its lines; `made` is its business date. Never changed, never deleted."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField(null=True)
    kind = TextField()  # account, case, collection, payment, refund, system
    text = TextField()
    author = TextField()
    made = DayField()
    made_at = TextField()
    act = act_column()


class StatementHold(Table):
    """A line that goes on no statement, from `since` until it is lifted; its own state, not the account's `hold_statements`."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField()
    since = DayField()
    lifted = DayField(null=True)
    act = act_column()


class PaymentPlan(Table):
    """What a guarantor agreed to pay, and when; in force until it is cancelled. `hold` is the account's hold that it is."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    hold = IntegerField()
    amount = CentsField()
    every_days = IntegerField(null=True)  # None: every month
    first_due = DayField()
    balance = CentsField()  # the guarantor's, when it was agreed
    note = TextField(null=True)
    made_by = TextField()
    made = DayField()
    cancelled = DayField(null=True)
    cancelled_by = TextField(null=True)
    reason = TextField(null=True)
    act = act_column()
