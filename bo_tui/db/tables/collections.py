"""What collectors are to do about guarantors' accounts."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import DayField
from bo_tui.db.tables.base import Table, act_column


class CollectionTask(Table):
    """Something to do about an account, or one of its lines, from a day on; `assigned_to` is an operator, or nobody yet."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField(null=True)
    note = TextField()
    follow_up = DayField()
    assigned_to = TextField(null=True)
    made_by = TextField()
    made = DayField()
    state = TextField(default="open")  # open, done
    act = act_column()
