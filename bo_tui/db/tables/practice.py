"""Practices, agencies, what each practice decided about them, transaction codes, and who may do what."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField, FlagField
from bo_tui.db.tables.base import Table, act_column


class Practice(Table):
    """One medical practice; `code` is its key in files and commands."""

    id = AutoField()
    code = TextField(unique=True)
    name = TextField()
    uses_accounting_dates = FlagField()
    closed_through = DayField(null=True)
    four_eyes_limit = CentsField(null=True)
    precollections_enrolled = FlagField()
    tsi_client_number = TextField(null=True)
    tsi_ssn = TextField(default="none")
    automatic_addresses = FlagField()  # corrections are approved or denied as they are loaded
    act = act_column()


class Agency(Table):
    """An external collection agency of the enterprise (external_collections.md section 4, seed 001)."""

    id = AutoField()
    name = TextField(unique=True)
    address1 = TextField(default="")
    address2 = TextField(null=True)
    city = TextField(null=True)
    state = TextField(null=True)
    zip = TextField(default="")
    contact = TextField(null=True)
    phone = TextField(null=True)
    phone_ext = TextField(null=True)
    fax = TextField(null=True)
    fax_ext = TextField(null=True)
    email = TextField(null=True)
    file_type = TextField(default="csv")
    ssn = TextField(default="none")
    remits = TextField(default="net")
    baa_date = DayField(null=True)
    client_number = TextField(null=True)
    act = act_column()


class Assignment(Table):
    """An agency at work for a practice, with its thresholds; the order of ids is the order of age. Removed ones stay as history."""

    id = AutoField()
    practice = IntegerField()
    agency = IntegerField()
    balance_greater_than = CentsField(null=True)
    age_greater_than = IntegerField(null=True)
    auto_approve = FlagField()
    auto_create_file = FlagField()
    max_lines = IntegerField(null=True)
    max_amount = CentsField(null=True)
    client_number = TextField(null=True)
    removed = FlagField()
    act = act_column()


class ExternalRule(Table):
    """Payment exclusions and external collection rules of one practice (seed 001)."""

    practice = IntegerField(primary_key=True)
    payment_within_days = IntegerField(null=True)
    payment_minimum = CentsField(null=True)
    payment_percent = IntegerField(null=True)
    account_level = FlagField()
    roll_returned_mail = FlagField()
    auto_reassign = FlagField()
    re_age_if_denied = FlagField()
    move_all_by_dos = FlagField()
    act = act_column()


class PrecollectionRule(Table):
    """Pre-collection task rules of one practice (seed 002); kept for the pre-collections work."""

    practice = IntegerField(primary_key=True)
    balance_greater_than = CentsField(null=True)
    days_past_due = IntegerField(null=True)
    payment_minimum = CentsField(null=True)
    payment_percent = IntegerField(null=True)
    payment_within_days = IntegerField(null=True)
    thank_you = FlagField()
    exclude_excol = FlagField()
    exclude_statement_hold = FlagField()
    auto_create_start = FlagField()
    auto_create_stop = FlagField()
    act = act_column()


class TransactionCode(Table):
    """A reason for a miscellaneous adjustment; `direction` is `down` (MADJN) or `up` (MADJP). No practice = for all."""

    id = AutoField()
    practice = IntegerField(null=True)
    code = TextField()
    description = TextField()
    direction = TextField()
    active = FlagField()
    act = act_column()


class Operator(Table):
    """A user of the machine and the role that says what they may do (DESIGN section 7)."""

    id = AutoField()
    user = TextField(unique=True)
    role = TextField()
    removed = FlagField()
    act = act_column()
