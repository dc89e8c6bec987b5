"""Temporary tables of one connection for pre-collections: a chunk's decisions, from which rows and totals are taken."""

from __future__ import annotations

from peewee import IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField, FlagField
from bo_tui.db.tables.base import Table


class StartDecision(Table):
    """What was decided about one candidate for a Start: `excluded` names a criterion, None for one that is queued."""

    line = IntegerField(primary_key=True)
    account = IntegerField()
    balance = CentsField()
    age = IntegerField()
    excluded = TextField(null=True)

    class Meta:
        temporary = True
        table_name = "scratch_start_decision"


class TaskWithdrawal(Table):
    """A queued line that is to be taken out of the queue, and the criterion that it fails now."""

    task = IntegerField(primary_key=True)
    line = IntegerField()
    because = TextField()

    class Meta:
        temporary = True
        table_name = "scratch_task_withdrawal"


class Starting(Table):
    """A line that starts: its balance, and by which record TSI learns of its account (PL, RI or DB)."""

    line = IntegerField(primary_key=True)
    account = IntegerField()
    amount = CentsField()
    route = TextField()

    class Meta:
        temporary = True
        table_name = "scratch_starting"


class StayNow(Table):
    """A stay as a look at it leaves it; `silent` where nothing of it was told, so that no act stands behind it."""

    stay = IntegerField(primary_key=True)
    told = CentsField()
    watermark = IntegerField()
    insured = FlagField()
    ended = DayField(null=True)
    ended_as = TextField(null=True)
    silent = FlagField()

    class Meta:
        temporary = True
        table_name = "scratch_stay_now"


class AccountNow(Table):
    """What TSI believes of an account after the messages of a look."""

    account = IntegerField(primary_key=True)
    state = TextField()
    told = CentsField()
    suspended_on = DayField(null=True)

    class Meta:
        temporary = True
        table_name = "scratch_account_now"
