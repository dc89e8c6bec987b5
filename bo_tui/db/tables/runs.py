"""How far each night got. These tables carry wall-clock matters and may differ between two runs that did the same."""

from __future__ import annotations

from peewee import AutoField, CompositeKey, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField
from bo_tui.db.tables.base import Table


class Run(Table):
    """One night of one practice and business date; `control` is the control identity as JSON."""

    id = AutoField()
    practice = IntegerField()
    business_date = DayField()
    status = TextField()  # started, done, failed, superseded
    control = TextField(null=True)
    message = TextField(null=True)
    started_at = TextField()
    finished_at = TextField(null=True)


class VerifiedRun(Table):
    """The last act of a practice that a check covered; the night's check begins after it."""

    practice = IntegerField(primary_key=True)
    act = IntegerField()


class ToldRun(Table):
    """The last entry that was looked at for an agency's update files; what must be told is looked for after it."""

    practice = IntegerField()
    agency = IntegerField()
    entry = IntegerField()

    class Meta:
        primary_key = CompositeKey("practice", "agency")


class RunStep(Table):
    """A step of a night: done or how far (`position`: the last account, line or placement decided), count and cents."""

    run = IntegerField()
    step = TextField()
    done = IntegerField(default=0)
    position = IntegerField(default=0)
    count = IntegerField(default=0)
    amount = CentsField(default=0)
    detail = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("run", "step")


class RunLine(Table):
    """One decision of a night, kept only when the night was asked for its lines."""

    id = AutoField()
    run = IntegerField()
    line = IntegerField()
    outcome = TextField()
    agency = IntegerField(null=True)
    because = TextField()
    balance = CentsField()
    age = IntegerField(null=True)
