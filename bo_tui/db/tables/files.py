"""Agency files as they were made, byte for byte, and imported files that must not be loaded twice."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BlobField, CompositeKey, IntegerField, TextField, fn

from bo_tui.db.fields import CentsField, DayField
from bo_tui.db.tables.base import Table, act_column


class AgencyFile(Table):
    """One file for one agency. `content` is zlib-compressed; the copy in `outbox/` is written from it (`written_at`)."""

    id = AutoField()
    practice = IntegerField()
    agency = IntegerField()
    kind = TextField()  # placement, update, earlier
    sequence = IntegerField()
    file_type = TextField()
    path = TextField(null=True)  # relative to the store's folder
    business_date = DayField()
    count = IntegerField()
    accounts = IntegerField()
    total = CentsField()
    sha256 = TextField(null=True)
    content = BlobField(null=True)
    made_act = IntegerField()
    state = TextField(default="created")  # created, sent, acknowledged
    sent = DayField(null=True)
    acknowledged = DayField(null=True)
    acknowledged_accounts = IntegerField(null=True)
    acknowledged_amount = CentsField(null=True)
    written_at = TextField(null=True)
    act = act_column()


class UpdateRow(Table):
    """One thing that an update file told an agency: what an entry did, or that a hold takes the debt back; never changed."""

    id = AutoField()
    file = IntegerField()
    placement = IntegerField()
    entry = IntegerField(null=True)
    hold = IntegerField(null=True)
    record_type = TextField()  # recall, adjustment_down, adjustment_up, payment, payment_reversed
    amount = CentsField()
    balance = CentsField()  # what the agency is to collect from then on
    act = act_column()


class LoadedFile(Table):
    """A transactions.csv without ids that was loaded, by the SHA-256 of its bytes (CONTRACT, Office CSV)."""

    id = AutoField()
    sha256 = TextField(unique=True)
    name = TextField()
    act = act_column()


class SequenceFloor(Table):
    """The highest file sequence an agency had of a practice before a restore took later files out of the store again."""

    practice = IntegerField()
    agency = IntegerField()
    floor = IntegerField()
    act = act_column()

    class Meta:
        primary_key = CompositeKey("practice", "agency")


def next_sequence(practice: int, agency: int) -> int:
    """The sequence of an agency's next file: above every file in the store, and above those that a restore left behind."""
    highest = 0
    for table, field in ((AgencyFile, AgencyFile.sequence), (SequenceFloor, SequenceFloor.floor)):
        ours: Any = (table.practice == practice) & (table.agency == agency)
        highest = max(highest, table.select(fn.MAX(field)).where(ours).scalar() or 0)
    return highest + 1
