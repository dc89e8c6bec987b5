"""Guarantor accounts, what holds them, and their service fee lines."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField, FlagField, SsnField
from bo_tui.db.tables.base import Table, act_column


class Account(Table):
    """A guarantor's account; `guarantor` is the name as lists show and sort it ("Smith, Ana M", or the organization)."""

    id = AutoField()
    practice = IntegerField()
    number = TextField()
    guarantor = TextField()
    last = TextField(null=True)
    first = TextField(null=True)
    middle = TextField(null=True)
    organization = TextField(null=True)
    date_of_birth = DayField(null=True)
    ssn = SsnField(null=True)
    address1 = TextField(null=True)
    address2 = TextField(null=True)
    city = TextField(null=True)
    state = TextField(null=True)
    zip = TextField(null=True)
    phone = TextField(null=True)
    phone2 = TextField(null=True)
    email = TextField(null=True)
    returned_mail = FlagField()
    returned_mail_act = IntegerField(null=True)  # the act that last set the flag
    hold_statements = FlagField()
    suspend_precollection = FlagField()
    act = act_column()


class Hold(Table):
    """What keeps a line, or with no line a whole account, out of collections: in force on D when since <= D < until."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField(null=True)
    kind = TextField()
    since = DayField()
    until = DayField(null=True)
    reason = TextField()
    act = act_column()


class ServiceLine(Table):
    """A service fee line. `ar` is its balance in active AR, kept equal to its entries; `aging_date` is the one age counts from."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    number = TextField()
    case = TextField(null=True, column_name="case_number")
    patient_last = TextField(null=True)
    patient_first = TextField(null=True)
    patient_date_of_birth = DayField(null=True)
    relationship = TextField(null=True)
    date_of_service = DayField()
    procedure = TextField(null=True)
    description = TextField(null=True)
    fee = CentsField()
    responsibility = TextField()
    responsible_since = DayField(null=True)
    aging_date = DayField(null=True)
    brought_back = FlagField()
    posted = DayField()
    accounting_date = DayField(null=True)
    ar = CentsField(default=0)
    act = act_column()
