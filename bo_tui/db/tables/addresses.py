"""What address services said about accounts: the files that were loaded, and each row with what became of it."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import DayField, FlagField
from bo_tui.db.tables.base import Table, act_column


class AddressFile(Table):
    """One file of results that was loaded for a practice; the same bytes are never loaded twice. Never changed."""

    id = AutoField()
    practice = IntegerField()
    name = TextField()
    sha256 = TextField()
    received = DayField()
    rows = IntegerField()  # data rows of the file, those that say nothing included
    act = act_column()


class AddressCorrection(Table):
    """One row of such a file: a new address, or mail that came back.

    `old_*` is the account's address when the file was loaded, `sent` the one that the service was asked about. A correction
    waits until it has an `outcome`; what cannot be carried out has an `error`, which waits until it is acknowledged or flagged.
    """

    id = AutoField()
    practice = IntegerField()
    file = IntegerField()
    row = IntegerField()  # as a spreadsheet counts: 1 is the header
    account = IntegerField()
    record_id = TextField(null=True)
    old_address1 = TextField(null=True)
    old_address2 = TextField(null=True)
    old_city = TextField(null=True)
    old_state = TextField(null=True)
    old_zip = TextField(null=True)
    new_address1 = TextField(null=True)
    new_address2 = TextField(null=True)
    new_city = TextField(null=True)
    new_state = TextField(null=True)
    new_zip = TextField(null=True)
    sent = TextField(null=True)
    warning = TextField(null=True)
    move_type = TextField(null=True)  # I, F, B: an individual, a family, a business
    moved = DayField(null=True)
    return_code = TextField(null=True)
    undeliverable = TextField(null=True)
    returned = FlagField()
    received = DayField()
    outcome = TextField(null=True)  # approved, denied
    decided = DayField(null=True)
    decided_by = TextField(null=True)
    note = TextField(null=True)
    error = TextField(null=True)
    error_state = TextField(null=True)  # open, acknowledged, flagged
    ended = DayField(null=True)
    ended_by = TextField(null=True)
    act = act_column()
