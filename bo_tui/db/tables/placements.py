"""What waits for an agency, and what is or was with one."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField, FlagField
from bo_tui.db.tables.base import Table, act_column


class Pending(Table):
    """A line queued for external collections. Open while `outcome` is empty; then posted, denied or withdrawn, once."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField()
    agency = IntegerField()
    amount = CentsField()  # the balance when it was queued
    age = IntegerField()  # the line's age when it was queued
    source = TextField()  # night, add, task, active_ar, recall
    because = TextField()  # threshold, dos, returned_mail, operator, recall
    ground = IntegerField(null=True)  # the line that pulled it (DOS siblings)
    pinned = FlagField()  # an operator chose the agency: no night moves the placement on
    queued = DayField()
    queued_act = IntegerField()
    outcome = TextField(null=True)
    resolved = DayField(null=True)
    reason = TextField(null=True)
    act = act_column()


class Placement(Table):
    """An external collection transaction; its id is its EXCOL entry's. Open until AGTFR or RVCOL closes it.

    `guarantor` to `date_of_service` repeat what the grid sorts by, so that a page of a million rows is one index read.
    """

    id = IntegerField(primary_key=True)
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField()
    agency = IntegerField()
    amount = CentsField()
    balance = CentsField()
    placed = DayField()
    came_from = IntegerField(null=True)
    file = IntegerField(null=True)
    pinned = FlagField()
    client_reference = TextField(null=True)
    closed = TextField(null=True)  # AGTFR or RVCOL
    closed_on = DayField(null=True)
    guarantor = TextField()
    account_number = TextField()
    agency_name = TextField()
    description = TextField()
    date_of_service = DayField()
    has_balance = IntegerField()  # generated: balance > 0
    act = act_column()


class Proposal(Table):
    """What waits, or waited, for a second person (four eyes): who asked for what, and who decided. Decided once."""

    id = AutoField()
    practice = IntegerField()
    kind = TextField()  # post, adjust, adjust_line
    subject = IntegerField()  # post: the pending row; adjust: the placement; adjust_line: the line
    asked = TextField()  # what was asked for, as JSON
    amount = CentsField()
    proposed_by = TextField()
    proposed = DayField()
    state = TextField(default="open")  # open, approved, refused, withdrawn
    decided_by = TextField(null=True)
    decided = DayField(null=True)
    reason = TextField(null=True)
    act = act_column()
