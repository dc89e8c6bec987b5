"""The ledger: acts, entries (money) and changes (everything else). Rows are never changed and never deleted; triggers see to it."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField
from bo_tui.db.tables.base import Table


class Act(Table):
    """What one database transaction did in one practice (None: for the whole enterprise), with its place in the digest chain."""

    id = AutoField()
    practice = IntegerField(null=True)
    actor = TextField()
    kind = TextField()
    reason = TextField(null=True)
    business_date = DayField()
    count = IntegerField()
    total = CentsField()
    format = IntegerField()
    digest = TextField()
    made_at = TextField()


class Entry(Table):
    """One amount moved from the `credit` book to the `debit` book; `parent` is the external tree's (DESIGN section 2)."""

    id = AutoField()
    act = IntegerField()
    practice = IntegerField()
    account = IntegerField(null=True)
    line = IntegerField(null=True)
    placement = IntegerField(null=True)
    parent = IntegerField(null=True)
    code = TextField()
    transaction_code = TextField(null=True)
    debit = TextField()
    credit = TextField()
    amount = CentsField()
    posted = DayField()
    accounting_date = DayField(null=True)
    payment = IntegerField(null=True)
    number = TextField(null=True)
    reference = TextField(null=True)
    note = TextField(null=True)


class Change(Table):
    """What an act changed that is not money: subject (a table's name and row), field, before and after as text."""

    id = AutoField()
    act = IntegerField()
    subject = TextField()
    subject_id = IntegerField()
    field = TextField()
    before = TextField(null=True)
    after = TextField(null=True)
