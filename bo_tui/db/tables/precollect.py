"""Pre-collections (TSI): what is queued, each line's stay there, what TSI knows of each account, files and messages."""

from __future__ import annotations

from typing import Any

from peewee import AutoField, BlobField, CompositeKey, IntegerField, TextField, fn

from bo_tui.db.fields import CentsField, DayField, FlagField
from bo_tui.db.tables.base import Table, act_column


class PrecollectTask(Table):
    """A line that the night queued for the next Start file. Open while `outcome` is empty; resolved once."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    line = IntegerField()
    amount = CentsField()  # the line's balance when it was queued
    age = IntegerField()
    queued = DayField()
    queued_act = IntegerField()
    outcome = TextField(null=True)  # started, withdrawn, cancelled
    resolved = DayField(null=True)
    reason = TextField(null=True)
    act = act_column()


class Precollection(Table):
    """A line's stay with TSI, from the file or message that told it (`message`; None: known when the office started) on.

    `told` is what TSI was told of the line's balance, looked at up to entry `watermark`; `insured` that the line was the insurer's
    then. Open while `ended` is empty; `ended_as` is paid, stopped (by the office), cancelled (a hold) or external.
    """

    id = AutoField()
    practice = IntegerField()
    account = IntegerField(null=True)
    line = IntegerField()
    started = DayField()
    amount = CentsField()
    pre_collection_id = TextField(null=True)
    told = CentsField(null=True)
    watermark = IntegerField(null=True)
    insured = FlagField()
    message = IntegerField(null=True)
    ended = DayField(null=True)
    ended_as = TextField(null=True)
    act = act_column()


class PrecollectAccount(Table):
    """What TSI believes of an account, counting messages that still wait: with them for `told` cents, suspended, or ended."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField(unique=True)
    state = TextField()  # with, suspended, ended
    began = DayField()
    told = CentsField()
    suspended_on = DayField(null=True)  # of the Stop file with the SS; while it waits, the day it was asked for
    act = act_column()


class PrecollectFile(Table):
    """A Start or Stop file, byte for byte; `content` is zlib-compressed. `count` is its records, `lines` what they speak of."""

    id = AutoField()
    practice = IntegerField()
    kind = TextField()  # start, stop
    sequence = IntegerField()
    path = TextField()  # relative to the store's folder
    business_date = DayField()
    count = IntegerField()
    lines = IntegerField()
    accounts = IntegerField()
    total = CentsField()
    sha256 = TextField()
    content = BlobField()
    made_act = IntegerField()
    state = TextField(default="created")  # created, sent, acknowledged
    sent = DayField(null=True)
    acknowledged = DayField(null=True)
    acknowledged_accounts = IntegerField(null=True)
    acknowledged_amount = CentsField(null=True)
    written_at = TextField(null=True)
    act = act_column()


class PrecollectMessage(Table):
    """One record that TSI was told (`file`) or will be; with `left_out` it never is, and `line` and `reason` say which and why."""

    id = AutoField()
    practice = IntegerField()
    account = IntegerField()
    type = TextField()  # PL, PP, PF, PT, CR, DB, SS, RI, CN
    date = DayField()
    amount = CentsField()
    balance = CentsField()  # what TSI is to collect of the account from then on
    line = IntegerField(null=True)
    reason = TextField(null=True)
    left_out = FlagField()
    file = IntegerField(null=True)
    made_act = IntegerField()
    act = act_column()


class PrecollectFloor(Table):
    """The highest sequence of a practice's Start or Stop files before a restore took later ones out of the store again."""

    practice = IntegerField()
    kind = TextField()
    floor = IntegerField()
    act = act_column()

    class Meta:
        primary_key = CompositeKey("practice", "kind")


def next_precollect_sequence(practice: int, kind: str) -> int:
    """The sequence of a practice's next Start or Stop file: above every file in the store, and above what a restore left behind."""
    highest = 0
    for table, field in ((PrecollectFile, PrecollectFile.sequence), (PrecollectFloor, PrecollectFloor.floor)):
        ours: Any = (table.practice == practice) & (table.kind == kind)
        highest = max(highest, table.select(fn.MAX(field)).where(ours).scalar() or 0)
    return highest + 1
